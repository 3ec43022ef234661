// Which of the topology files at hand is meant.
import { t } from '../l10n.ts';
import { listedUpTo } from '../rules/words.ts';
import { nearWords } from '../text/near.ts';
import { LONGEST_TEXT, shortWord, toolError } from './tool.ts';

/** What an answer calls a text that is in no file. */
export const TEXT_NAME = '<text>';
/** Files that a message names. */
const MOST_FILES = 20;

/** A file at hand. */
export interface Candidate {
  /** Relative to its folder, with `/`, as answers name it. */
  readonly name: string;
  /** Other ways to write it: its absolute path. */
  readonly others?: readonly string[];
}

/**
 * The file that a path means: by its name, by its absolute path, or by the end of either where only one has it.
 * Without a path the only one. Throws {@link ToolError}, which lists the files, where none or several are meant.
 */
export function chooseFile<C extends Candidate>(path: string | undefined, files: readonly C[]): C {
  const [only, ...rest] = files;
  if (only === undefined)
    throw toolError(t('there is no topology file (*.topology.yaml) in the folder; pass the text instead'));
  const names = files.map(({ name }) => name);
  if (path === undefined) {
    if (rest.length === 0) return only;
    throw toolError(
      t('there are {0} topology files; name one of them: {1}', files.length, listedUpTo(MOST_FILES, names)),
    );
  }
  const same = files.find((file) => [file.name, ...(file.others ?? [])].includes(path));
  if (same) return same;
  const wanted = plain(path);
  const forms = (file: Candidate) => [file.name, ...(file.others ?? [])].map(plain);
  const exact = files.find((file) => forms(file).includes(wanted));
  if (exact) return exact;
  const ending = files.filter((file) => forms(file).some((form) => form.endsWith(`/${wanted}`)));
  const [found, ...more] = ending;
  if (found && more.length === 0) return found;
  if (found)
    throw toolError(
      t(
        '{0} could be {1}: give more of its path',
        shortWord(path),
        listedUpTo(
          MOST_FILES,
          ending.map(({ name }) => name),
        ),
      ),
    );
  const near = nearWords(wanted, names);
  throw toolError(
    t(
      'there is no topology file {0} here, only {1}',
      shortWord(path),
      listedUpTo(MOST_FILES, near.length > 0 ? near : names),
    ),
  );
}

/** One spelling of a path, to compare by. */
function plain(path: string): string {
  return path
    .replace(/^file:\/\//, '')
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '')
    .toLowerCase();
}

/** Throws {@link ToolError} for a text that is larger than what tools look at. */
export function demandSize(file: string, text: string): void {
  if (text.length > LONGEST_TEXT)
    throw toolError(
      t(
        '{0} is too large for an assistant: {1} characters; the limit is {2}',
        file,
        text.length,
        LONGEST_TEXT,
      ),
    );
}

/** Throws {@link ToolError} where a file and a text are given. */
export function demandOne(file: string | undefined, text: string | undefined): void {
  if (file !== undefined && text !== undefined) throw toolError(t('give a file or a text, not both'));
}
