#!/usr/bin/env node
// Takes VS Code's own flags and runs them in VS Code's server build with a headless browser, so that
// @vscode/test-electron's runTests({ vscodeExecutablePath }) works where no desktop VS Code can be had.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { format } from 'node:util';
import { runTestsInPage } from './in-page.mjs';
import { installExtension, startServer } from './server.mjs';

const usage = `Usage: code.mjs [--user-data-dir=DIR] [--extensions-dir=DIR] --install-extension FILE.vsix
       code.mjs [--user-data-dir=DIR] [--extensions-dir=DIR] --extensionDevelopmentPath=DIR
                --extensionTestsPath=FILE.js [FOLDER]`;

/**
 * Reads `--name=value`, `--name value` for the names that want one, and bare words.
 * @param {string[]} args
 */
function readArguments(args) {
  const wantValue = ['user-data-dir', 'extensions-dir', 'install-extension', 'extensionDevelopmentPath'];
  wantValue.push('extensionTestsPath');
  const flags = new Map();
  const words = [];
  for (let i = 0; i < args.length; i++) {
    const arg = args[i] ?? '';
    const [, name, value] = /^--([^=]+)(?:=(.*))?$/s.exec(arg) ?? [];
    if (name === undefined) words.push(arg);
    else if (!wantValue.includes(name)) flags.set(name, value ?? '');
    else if (flags.has(name)) throw new Error(`--${name} is given twice; this launcher takes one.`);
    else flags.set(name, value ?? args[++i] ?? '');
  }
  return { flags, words };
}

/**
 * What the server build says in every run and what means nothing for the tests: native modules and programs
 * that come with no npm package, the marketplace, which is not asked, and its own connections.
 */
const harmless = [
  /Could not locate the bindings file|native-watchdog|ripgrep/,
  /Service Worker|open-vsx\.org/,
  /^(Resolving|Resolved) connection token|^Creating a socket/,
  /^Updating additional builtin extensions cache|^ChatSessionStore:|^No search provider registered/,
];

/**
 * Runs an extension's tests.
 * @param {Map<string, string>} flags
 * @param {string} folder
 * @param {string} dataFolder
 * @returns {Promise<number>} the tests' exit status
 */
async function runTests(flags, folder, dataFolder) {
  const server = await startServer({ dataFolder, extensionsFolder: flags.get('extensions-dir') });
  try {
    return await runTestsInPage({
      server,
      folder: resolve(folder),
      extension: resolve(flags.get('extensionDevelopmentPath') ?? '.'),
      tests: resolve(flags.get('extensionTestsPath') ?? '.'),
      limit: Number(process.env.CMTOPO_VSCODE_LIMIT ?? 300),
      log(type, args) {
        const line = `${format(...(Array.isArray(args) ? args : [args]))}\n`;
        if (!process.env.CMTOPO_VERBOSE && harmless.some((pattern) => pattern.test(line))) return;
        (type === 'error' ? process.stderr : process.stdout).write(line);
      },
    });
  } finally {
    await server.stop();
  }
}

// A signal ends this process in the usual way, which also ends the server.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const { flags, words } = readArguments(process.argv.slice(2));
const temporary = flags.has('user-data-dir') ? undefined : mkdtempSync(join(tmpdir(), 'cmtopo-code-'));
const dataFolder = resolve(flags.get('user-data-dir') ?? temporary);
let status = 2;
try {
  if (flags.has('install-extension')) {
    const vsix = resolve(flags.get('install-extension'));
    installExtension({ dataFolder, extensionsFolder: flags.get('extensions-dir'), vsix });
    console.log(`Installed ${vsix}.`);
    status = 0;
  } else if (flags.has('extensionTestsPath')) {
    status = await runTests(flags, words[0] ?? '.', dataFolder);
  } else console.error(usage);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  status = 1;
} finally {
  if (temporary) rmSync(temporary, { recursive: true, force: true, maxRetries: 3 });
}
process.exit(status);
