// Files as git has them.
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import system, { basename, dirname, resolve, type win32 } from 'node:path';
import { t } from '../l10n.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { decodeText, tooLarge } from './decode.ts';
import { isUnreadable, unreadableInput } from './errors.ts';

/** The two halves of `GIT-REV:PATH`; undefined for a text of another form. */
export function revisionPath(text: string): { readonly revision: string; readonly path: string } | undefined {
  const [, revision, path] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  // What starts with `-` would be an option of git; no revision does.
  return revision === undefined || path === undefined || revision.startsWith('-')
    ? undefined
    : { revision, path };
}

/** Runs git in a folder. It speaks English, takes no locks and fetches nothing from anywhere. */
function git(args: readonly string[], cwd: string): SpawnSyncReturns<Buffer> {
  const folders = absoluteFolders(process.env.PATH ?? '', system);
  const others = Object.entries(process.env).filter(([name]) => name.toLowerCase() !== 'path');
  return spawnSync(gitIn(folders, system, isProgram), args, {
    cwd,
    maxBuffer: LARGEST_FILE + 1,
    windowsHide: true,
    env: {
      ...Object.fromEntries(others),
      PATH: folders.join(system.delimiter),
      LC_ALL: 'C',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_NO_LAZY_FETCH: '1',
    },
  });
}

/** What a system says about its search path. */
type PathRules = Pick<typeof win32, 'delimiter' | 'join' | 'sep'>;

/**
 * The absolute folders of a search path: what is relative would lead into the folder of the file. On Windows one
 * without a drive would lead to that of the file, and some are in quotes.
 */
export function absoluteFolders(searched: string, { delimiter, sep }: PathRules): readonly string[] {
  const isWhole = sep === '/' ? /^\// : /^(?:[A-Za-z]:[\\/]|[\\/]{2}[^\\/])/;
  return searched
    .split(delimiter)
    .map((folder) => (sep === '/' ? folder : folder.replace(/^"([^"]*)"$/, '$1')))
    .filter((folder) => isWhole.test(folder));
}

/**
 * The program `git` in the first of some folders that has one. Looked up here, because Windows takes one in the
 * current folder first. A path that is not there where there is none, so that running it says so.
 * @param isThere whether a file is there and can be run
 */
export function gitIn(
  folders: readonly string[],
  { join, sep }: PathRules,
  isThere: (file: string) => boolean,
): string {
  const name = sep === '/' ? 'git' : 'git.exe';
  return folders.map((folder) => join(folder, name)).find(isThere) ?? join(NOWHERE, name);
}

const NOWHERE = resolve('/', 'no-folder-of-the-search-path');

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * A file of the disk as the last commit has it.
 * @param path absolute
 * @returns its text, or a sentence that says why there is none; `isNew` where only the file is missing there
 */
export function committedText(
  path: string,
): { readonly text: string } | { readonly problem: string; readonly isNew?: true } {
  const [folder, name] = [dirname(path), basename(path)];
  const inside = git(['rev-parse', '--show-prefix'], folder);
  if (inside.error) {
    const { code } = inside.error as NodeJS.ErrnoException;
    return code === 'ENOENT'
      ? { problem: t('git is not installed, or not where programs are looked for (PATH).') }
      : { problem: t('git cannot be run: {0}', inside.error.message) };
  }
  if (inside.status !== 0) {
    const reason = firstLine(inside.stderr);
    return reason.startsWith('not a git repository')
      ? { problem: t('{0} is in no git repository.', name) }
      : { problem: t('git cannot read the repository of {0}: {1}', name, reason) };
  }
  if (git(['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'], folder).status !== 0) {
    return { problem: t('The git repository of {0} has no commit yet.', name) };
  }
  if (git(['cat-file', '-e', `HEAD:./${name}`], folder).status !== 0) {
    return {
      problem: t('The last commit does not have {0}: all its connections are new.', name),
      isNew: true,
    };
  }
  try {
    return { text: readRevision(`HEAD:${name}`, 'HEAD', `./${name}`, folder) };
  } catch (error) {
    if (isUnreadable(error)) return { problem: error.message };
    throw error;
  }
}

function firstLine(output: Buffer): string {
  const [line = ''] = output.toString('utf8').trim().split('\n');
  return line.replace(/^fatal: /, '');
}

/**
 * A file as a revision has it. As with git itself, the path counts from the top of the repository; where
 * there is none, from the current folder.
 * Throws {@link UnreadableInput} where there is no git, no repository, no such revision or no such file.
 */
export function readRevision(shown: string, revision: string, path: string, cwd: string): string {
  const show = (name: string) => git(['cat-file', 'blob', `${revision}:${name}`], cwd);
  let result = show(path);
  if (result.status !== 0 && !result.error) {
    const near = show(`./${path}`);
    if (near.status === 0 || near.error) result = near;
  }
  const { error, status, stdout, stderr } = result;
  if (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw unreadableInput(shown, t('git is not installed'));
    if (code === 'ENOBUFS') throw unreadableInput(shown, tooLarge(LARGEST_FILE + 1));
    throw unreadableInput(shown, t('git cannot be run: {0}', error.message));
  }
  if (status !== 0) {
    throw unreadableInput(shown, t('git has no such file: {0}', firstLine(stderr)));
  }
  return decodeText(stdout, shown).text;
}
