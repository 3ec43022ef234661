// Files as git has them.
import { spawnSync } from 'node:child_process';
import { decodeText, LARGEST_FILE, tooLarge, unreadableInput } from './io.ts';

/** The two halves of `GIT-REV:PATH`; undefined for a text of another form. */
export function revisionPath(text: string): { readonly revision: string; readonly path: string } | undefined {
  const [, revision, path] = /^([^:]+):(.+)$/s.exec(text) ?? [];
  // What starts with `-` would be an option of git; no revision does.
  return revision === undefined || path === undefined || revision.startsWith('-')
    ? undefined
    : { revision, path };
}

/**
 * A file as a revision has it. As with git itself, the path counts from the top of the repository; where
 * there is none, from the current folder.
 * Throws {@link UnreadableInput} where there is no git, no repository, no such revision or no such file.
 */
export function readRevision(shown: string, revision: string, path: string, cwd: string): string {
  const show = (name: string) =>
    spawnSync('git', ['cat-file', 'blob', `${revision}:${name}`], {
      cwd,
      maxBuffer: LARGEST_FILE + 1,
      windowsHide: true,
      env: { ...process.env, LC_ALL: 'C', GIT_OPTIONAL_LOCKS: '0' },
    });
  let result = show(path);
  if (result.status !== 0 && !result.error) {
    const near = show(`./${path}`);
    if (near.status === 0 || near.error) result = near;
  }
  const { error, status, stdout, stderr } = result;
  if (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw unreadableInput(shown, 'git is not installed');
    if (code === 'ENOBUFS') throw unreadableInput(shown, tooLarge(LARGEST_FILE + 1));
    throw unreadableInput(shown, `git cannot be run: ${error.message}`);
  }
  if (status !== 0) {
    const [reason = ''] = stderr.toString('utf8').trim().split('\n');
    throw unreadableInput(shown, `git has no such file: ${reason.replace(/^fatal: /, '')}`);
  }
  return decodeText(stdout, shown).text;
}
