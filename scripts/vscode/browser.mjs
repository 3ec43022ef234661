// Finds a browser that can show VS Code's workbench, or gets one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import { say } from './places.mjs';

/** Where Chromium, Chrome and Edge live when they are not on the path. */
const usualPlaces = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  ],
  win32: [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].flatMap(
    (folder) =>
      folder
        ? [
            join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
            join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
          ]
        : [],
  ),
};

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** An installed browser, or undefined. */
function installed() {
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter(Boolean)
    .flatMap((folder) => names.map((name) => join(folder, name)));
  const own = chromium.executablePath();
  return [process.env.CMTOPO_BROWSER, ...onPath, ...(usualPlaces[process.platform] ?? []), own].find(
    (path) => path && existsSync(path),
  );
}

/**
 * Runs one step of the set-up with a time limit in seconds.
 * @param {string} command
 * @param {string[]} args
 * @param {number} limit
 * @returns {string | undefined} why it failed, or undefined
 */
function attempt(command, args, limit) {
  const run = spawnSync(command, args, {
    encoding: 'utf8',
    timeout: limit * 1000,
    env: {
      ...process.env,
      DEBIAN_FRONTEND: 'noninteractive',
      PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '10000',
    },
  });
  if (run.status === 0) return undefined;
  const last = `${run.stdout ?? ''}${run.stderr ?? ''}`.trim().split('\n').slice(-3).join(' / ');
  return run.error?.message ?? `status ${run.status ?? run.signal}: ${last}`;
}

/** Whether this is a Debian (or a descendant) where we may install packages. */
function debianAsRoot() {
  try {
    return /debian/i.test(readFileSync('/etc/os-release', 'utf8')) && process.getuid?.() === 0;
  } catch {
    return false;
  }
}

/**
 * The path of a Chromium, Chrome or Edge: an installed one (`CMTOPO_BROWSER` first), else Playwright's own
 * download, else, on Debian as root, the package `chromium`.
 * @returns {string}
 */
function findBrowser() {
  const found = installed();
  if (found) return found;
  const reasons = [];
  say("no Chromium, Chrome or Edge is installed: trying Playwright's download");
  const playwright = join(
    dirname(createRequire(import.meta.url).resolve('playwright-core/package.json')),
    'cli.js',
  );
  const download = attempt(process.execPath, [playwright, 'install', 'chromium'], 180);
  if (download) reasons.push(`Playwright's download: ${download}`);
  else if (installed()) return installed();
  if (debianAsRoot()) {
    say('Playwright cannot download a browser here: installing the package chromium with apt-get');
    const why =
      attempt('apt-get', ['update'], 120) ??
      attempt('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], 300);
    if (why) reasons.push(`apt-get: ${why}`);
    else if (installed()) return installed();
  }
  throw new Error(
    `No browser to show VS Code in. Install Chromium, Chrome or Edge, or set CMTOPO_BROWSER to one.\n${reasons.join('\n')}`,
  );
}

/**
 * Starts a headless browser that calls nobody.
 * @returns {Promise<import('playwright-core').Browser>}
 */
export function launchBrowser() {
  return chromium.launch({
    executablePath: findBrowser(),
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
