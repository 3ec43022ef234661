// The desktop VS Code, where it can be downloaded and shown.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';
import { cacheFolder, say } from './places.mjs';

/** The oldest version that the manifest allows; another one with CMTOPO_VSCODE_VERSION (`stable`, `1.120.0`). */
const version = process.env.CMTOPO_VSCODE_VERSION ?? '1.100.3';

/** Whether a window can be opened; on Linux that takes a display (`xvfb-run -a npm test` gives one). */
function hasDisplay() {
  return process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);
}

/**
 * The executable of a desktop VS Code, downloaded once.
 * @returns {Promise<string | undefined>} undefined where it cannot be had, after a line that says why
 */
export async function findDesktop() {
  const no = (why) => say(`testing in VS Code's server build: ${why}`);
  if (process.env.CMTOPO_VSCODE === 'server') return no('CMTOPO_VSCODE=server asks for it');
  if (!hasDisplay()) return no('a desktop VS Code needs a display, and there is none');
  try {
    await fetch('https://update.code.visualstudio.com/api/releases/stable', {
      signal: AbortSignal.timeout(10_000),
    });
    const cachePath = join(cacheFolder(), 'desktop');
    mkdirSync(cachePath, { recursive: true });
    say(`desktop VS Code ${version} in ${cachePath}`);
    return await downloadAndUnzipVSCode({ version, cachePath, timeout: 60_000 });
  } catch (error) {
    const cause = error?.cause?.code ?? error?.message ?? String(error);
    return no(`a desktop VS Code cannot be downloaded here (${cause})`);
  }
}
