// Runs the packed extension in the extension host of a browser (a web worker, as in vscode.dev) and the suites of
// test/vscode/web in it.
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../package.mjs';
import { launchBrowser } from './browser.mjs';
import { root } from './places.mjs';
import { makeWorkspace } from './run.mjs';
import { installExtension, startServer } from './server.mjs';

/** With what a line of the suite begins, see test/vscode/web/index.ts. */
const MARK = 'cmtopo-test ';
/** So long the suites may take, in milliseconds. */
const LIMIT = Number(process.env.CMTOPO_VSCODE_LIMIT ?? 240) * 1000;

/**
 * @param {string} vsix
 * @returns {Promise<{ passed: number, failed: number, pending: number }>}
 */
async function runWebSuite(vsix) {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-web-'));
  let server;
  let browser;
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
    browser = await launchBrowser();
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    let counts;
    const ended = new Promise((done, fail) => {
      const clock = setTimeout(() => fail(new Error(`No result within ${LIMIT / 1000} s.`)), LIMIT);
      page.on('console', (message) => {
        const text = message.text();
        if (process.env.CMTOPO_VERBOSE) console.log(text);
        const at = text.indexOf(MARK);
        if (at === -1) return;
        const { title, error, ...rest } = JSON.parse(text.slice(at + MARK.length));
        if (title === undefined) counts = rest;
        else console.log(error === undefined ? `  ✔ ${title}` : `  ✗ ${title}\n${error}`);
      });
      page.exposeFunction('codeAutomationLog', () => {});
      page.exposeFunction('codeAutomationExit', (status) => {
        clearTimeout(clock);
        done(Number(status));
      });
      page.on('pageerror', (e) => console.log('PAGEERROR', e.stack));
      page.on('worker', (w) => {
        w.on?.('console', (m) => console.log('WCONSOLE', m.text().slice(0, 500)));
        console.log('WORKER', w.url().slice(0, 200));
      });
      page.on('frameattached', (f) => console.log('FRAME', f.url().slice(0, 200)));
      page.on('requestfailed', (r) => console.log('REQFAIL', r.url().slice(0, 200), r.failure()?.errorText));
      page.on('response', (r) => {
        if (r.status() >= 400) console.log('HTTP', r.status(), r.url().slice(0, 250));
      });
      setTimeout(() => page.screenshot({ path: '/tmp/trial3/web.png' }), 14000);
      page.on('crash', () => fail(new Error('The browser page crashed.')));
    });
    const payload = [
      ['extensionDevelopmentPath', server.uri(extension)],
      ['extensionTestsPath', server.uri(join(extension, 'test', 'index.js'))],
      ['skipWelcome', 'true'],
    ];
    await page.goto(server.address(folder, payload));
    const status = await ended;
    if (counts === undefined) throw new Error(`The tests ended with status ${status} and no counts.`);
    return counts;
  } finally {
    await browser?.close();
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
