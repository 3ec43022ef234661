// Where downloads are kept, and the one-line progress messages about them.
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The root of the checkout, without a slash at its end. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/**
 * The folder for what is downloaded once and used by every checkout: `CMTOPO_CACHE` where it is set, else
 * the user's cache folder, else (no home, or one that cannot be written) `.vscode-test` in the checkout.
 * @returns {string} an existing folder that can be written
 */
export function cacheFolder() {
  const home = homedir();
  const user =
    process.platform === 'win32'
      ? process.env.LOCALAPPDATA
      : process.platform === 'darwin'
        ? join(home, 'Library', 'Caches')
        : process.env.XDG_CACHE_HOME || join(home, '.cache');
  const wanted = [
    process.env.CMTOPO_CACHE,
    user && join(user, 'configmgr-topology'),
    join(root, '.vscode-test'),
  ];
  for (const folder of wanted) {
    if (!folder) continue;
    try {
      mkdirSync(folder, { recursive: true });
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // Not ours to write: the next one.
    }
  }
  throw new Error(`No folder can be written for downloads. Set CMTOPO_CACHE to one.`);
}

/**
 * Prints one line of progress.
 * @param {string} line
 */
export function say(line) {
  console.log(`[setup] ${line}`);
}
