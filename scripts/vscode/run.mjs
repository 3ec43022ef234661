// Installs the packed extension into a VS Code of its own and runs the Mocha suite in its extension host.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { resolveCliArgsFromVSCodeExecutablePath, runTests } from '@vscode/test-electron';
import { packagePath } from '../packing/vsix.mjs';
import { findDesktop } from './desktop.mjs';
import { root } from './places.mjs';

/** A workspace that the tests may change: the examples and a few files of other kinds. */
export function makeWorkspace(folder) {
  cpSync(join(root, 'examples'), folder, { recursive: true });
  mkdirSync(join(folder, '.vscode'), { recursive: true });
  const settings = {
    'editor.codeActionsOnSave': { 'source.fixAll.cmtopo': 'explicit' },
    'editor.minimap.enabled': false,
    // It would lie over the lines that the tests click.
    'editor.stickyScroll.enabled': false,
    'files.autoSave': 'off',
    'git.enabled': false,
    'security.workspace.trust.enabled': false,
    'workbench.startupEditor': 'none',
    'workbench.tips.enabled': false,
  };
  writeFileSync(join(folder, '.vscode', 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
  writeFileSync(join(folder, 'plain.yaml'), 'servers:\n  web: { image: nginx }\n');
}

/**
 * Runs the suite of out/test/vscode/suite against a packed extension.
 * @param {string} vsix
 * @returns {Promise<boolean>} whether all tests passed
 */
async function runSuite(vsix) {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-vscode-'));
  try {
    const folder = join(temporary, 'workspace');
    mkdirSync(folder);
    makeWorkspace(folder);
    const folders = [
      `--user-data-dir=${join(temporary, 'data')}`,
      `--extensions-dir=${join(temporary, 'extensions')}`,
    ];
    const desktop = await findDesktop();
    const executable = desktop ?? join(root, 'scripts', 'vscode', 'code.mjs');
    const [cli = '', ...cliArgs] = desktop ? resolveCliArgsFromVSCodeExecutablePath(desktop) : [executable];
    const install = [...cliArgs.filter((arg) => !/^--(user-data|extensions)-dir/.test(arg)), ...folders];
    const installed = spawnSync(cli, [...install, '--install-extension', vsix], {
      stdio: 'inherit',
      shell: process.platform === 'win32',
    });
    if (installed.status !== 0) throw new Error(`VS Code did not install ${vsix}.`);
    await runTests({
      vscodeExecutablePath: executable,
      extensionDevelopmentPath: join(root, 'test', 'vscode', 'runner'),
      extensionTestsPath: join(root, 'out', 'test', 'vscode', 'suite', 'index.js'),
      launchArgs: [folder, ...folders],
    });
    return true;
  } catch (error) {
    console.error(error instanceof Error ? error.message : String(error));
    return false;
  } finally {
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  process.exitCode = (await runSuite(packagePath())) ? 0 : 1;
}
