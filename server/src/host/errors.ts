// What goes wrong with a file, as something that a person can mend.
import { t } from '../l10n.ts';

/** A file cannot be read or written; the message names the file and the reason. */
export interface UnreadableInput extends Error {
  readonly kind: 'unreadable';
  readonly path: string;
  /** Without the file's name. */
  readonly reason: string;
}

/** @param reason one line that reads on after the path and a colon */
export function unreadableInput(path: string, reason: string): UnreadableInput {
  return Object.assign(new Error(`${path}: ${reason}`), { kind: 'unreadable' as const, path, reason });
}

/** Whether something caught is {@link UnreadableInput}. */
export function isUnreadable(error: unknown): error is UnreadableInput {
  return error instanceof Error && 'kind' in error && error.kind === 'unreadable';
}

/** What a file system call threw, as a message for a person. */
export function asUnreadable(error: unknown, shown: string, verb = t('cannot be read')): UnreadableInput {
  if (isUnreadable(error)) return error;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return unreadableInput(shown, t('no such file or folder'));
    case 'EACCES':
    case 'EPERM':
      return unreadableInput(shown, t('{0}: permission denied', verb));
    case 'EISDIR':
      return unreadableInput(shown, t('this is a folder'));
    case 'ELOOP':
      return unreadableInput(shown, t('{0}: the symbolic links form a circle', verb));
    case 'ENAMETOOLONG':
      return unreadableInput(shown.slice(0, 80), t('the path is too long'));
    default:
      return unreadableInput(shown, `${verb}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
