// `cmtopo format [PATH…]`: the layout that Format Document gives, for files.
import { dirname } from 'node:path';
import { formatText } from '../edits/format-text.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { discover } from '../host/discover.ts';
import { isUnreadable, type UnreadableInput } from '../host/errors.ts';
import { readFoundFile, readTextFile, removeLeftovers, replaceTextFile } from '../host/files.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { parseText } from '../text/parse.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';
import { refuseOther, reportPassedBy } from './load.ts';

/**
 * Formats files in place and names those that changed, or with `--check` those that would. Standard input is formatted
 * to standard output.
 * @returns 0; 1 with `--check` where something would change; 2 where something could not be read or written, and the
 *   rest is formatted all the same
 */
export async function formatCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'format',
    args,
    { check: { type: 'boolean' } },
    { fewest: 0, most: Infinity },
  );
  const isCheck = values.check ?? false;
  const paths = positionals.length > 0 ? positionals : ['.'];
  if (paths.includes('-')) {
    if (paths.length > 1)
      throw usageError(t('- reads standard input and cannot be combined with other paths'));
    return formatInput(await io.stdin(), isCheck, io);
  }
  const { files, problems: unfound, passedBy } = discover(paths, io.cwd);
  const problems: UnreadableInput[] = [...unfound];
  if (!isCheck)
    for (const folder of new Set(files.map(({ absolute }) => dirname(absolute)))) removeLeftovers(folder);
  const changed: string[] = [];
  for (const { absolute, path, named, behind } of files) {
    try {
      const source = named ? readTextFile(absolute, path) : readFoundFile(absolute, path);
      if (named) refuseOther(path, source.text);
      const text = formatted(source.text);
      if (text === source.text) continue;
      if (!isCheck) replaceTextFile(absolute, path, { ...source, text }, behind);
      changed.push(path);
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      problems.push(error);
    }
  }
  for (const path of changed)
    io.out(`${isCheck ? t('{0} is not formatted', visible(path)) : t('{0} formatted', visible(path))}\n`);
  reportPassedBy(passedBy, io);
  for (const { message } of problems) io.err(`cmtopo: ${visible(message)}\n`);
  if (problems.length > 0) return 2;
  return isCheck && changed.length > 0 ? 1 : 0;
}

function formatInput(text: string, isCheck: boolean, io: Io): number {
  const after = formatted(text);
  if (!isCheck) {
    io.out(after);
    return 0;
  }
  if (after === text) return 0;
  io.out(`${t('{0} is not formatted', '<stdin>')}\n`);
  return 1;
}

function formatted(text: string): string {
  return applyEdits(text, formatText(parseText(text)));
}
