// Runs the packed extension in the extension host of a browser (a web worker, as in vscode.dev) and the suites of
// test/vscode/web in it.
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../packing/vsix.mjs';
import { runTestsInPage } from './in-page.mjs';
import { root } from './places.mjs';
import { makeWorkspace } from './run.mjs';
import { installExtension, startServer } from './server.mjs';

/** So long the suites may take, in seconds. */
const LIMIT = Number(process.env.CMTOPO_VSCODE_LIMIT ?? 240);

/** What the tests have left so far, see test/vscode/web/index.ts. */
function results(file) {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line) => (line ? [JSON.parse(line)] : []));
}

function show(file) {
  for (const { title, error } of results(file)) {
    if (title !== undefined) console.log(error === undefined ? `  ✔ ${title}` : `  ✗ ${title}\n${error}`);
  }
}

/**
 * @param {string} vsix
 * @returns {Promise<{ passed: number, failed: number, pending: number }>}
 */
async function runWebSuite(vsix) {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-web-'));
  let server;
  try {
    const folder = join(temporary, 'workspace');
    mkdirSync(folder);
    makeWorkspace(folder);
    // Unpacked by VS Code itself. Here it would run in Node, for which it has another entry: without that one, as
    // vscode.dev sees it, it runs in the browser.
    const unpacked = join(temporary, 'unpacked');
    installExtension({ dataFolder: join(temporary, 'aside'), extensionsFolder: unpacked, vsix });
    const name = readdirSync(unpacked).find((file) => file.startsWith('configmgr-topology.'));
    if (name === undefined) throw new Error(`${vsix} was not unpacked.`);
    const extension = join(unpacked, name);
    const manifest = join(extension, 'package.json');
    const { main, ...rest } = JSON.parse(readFileSync(manifest, 'utf8'));
    if (!main || !rest.browser) throw new Error('The manifest has no entries for Node and for a browser.');
    writeFileSync(manifest, JSON.stringify(rest));
    mkdirSync(join(extension, 'test'));
    copyFileSync(join(root, 'out', 'test', 'vscode', 'web', 'index.js'), join(extension, 'test', 'index.js'));

    server = await startServer({ dataFolder: join(temporary, 'data') });
    const status = await runTestsInPage({
      server,
      folder,
      extension,
      tests: join(extension, 'test', 'index.js'),
      limit: LIMIT,
      // What counts is in the results.
      log() {},
    }).finally(() => show(join(folder, 'results.jsonl')));
    const counts = results(join(folder, 'results.jsonl')).at(-1);
    if (counts?.passed === undefined) throw new Error(`The tests ended with status ${status} and no counts.`);
    return counts;
  } finally {
    await server?.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

let counts = { passed: 0, failed: 1, pending: 0 };
try {
  counts = await runWebSuite(packagePath());
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
}
console.log(`  ${counts.passed} passing, ${counts.failed} failing`);
if (process.env.CMTOPO_COUNTS) writeFileSync(process.env.CMTOPO_COUNTS, JSON.stringify(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;
