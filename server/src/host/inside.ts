// Files of one folder, for a program that names them by itself and may be wrong about where they are.
import { realpathSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { shownPath } from './discover.ts';
import { asUnreadable, unreadableInput } from './errors.ts';

/** A file in a folder. */
export interface InsideFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  /** Where it really is: no link is on the way. */
  readonly absolute: string;
}

/**
 * The file that a path names, below a folder. Links may lead from one place of the folder to another, but not out of
 * it. Throws {@link UnreadableInput} for a path that is outside or cannot be looked at.
 * @param folder absolute path
 * @param path relative to the folder, or absolute
 * @returns undefined where nothing is there
 */
export function fileInside(folder: string, path: string): InsideFile | undefined {
  const shown = visible(path);
  const outside = () => unreadableInput(shown, t('this is outside of the folder that may be read'));
  if (path.includes('\0')) return undefined;
  const absolute = resolve(folder, path);
  if (!isInside(folder, absolute)) throw outside();
  try {
    const real = realpathSync(absolute);
    if (!isInside(realpathSync(folder), real)) throw outside();
    return { path: shownPath(relative(folder, absolute)), absolute: real };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw asUnreadable(error, shown);
  }
}

function isInside(folder: string, absolute: string): boolean {
  const way = relative(folder, absolute);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}
