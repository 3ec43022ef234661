// The Diagram panel as a person sees it: the workbench page with the packed extension. Keeps its pictures in
// test/screenshots/.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../scripts/package.mjs';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { root } from '../../scripts/vscode/places.mjs';
import { makeWorkspace } from '../../scripts/vscode/run.mjs';
import { installExtension, startServer } from '../../scripts/vscode/server.mjs';

describe('The Diagram panel, as seen', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-diagram-'));
  const pictures = join(root, 'test', 'screenshots');
  let server;
  let browser;
  let page;

  const picture = (name) => page.screenshot({ path: join(pictures, `${name}.png`) });

  before(async function () {
    this.timeout('240s');
    mkdirSync(pictures, { recursive: true });
    const folder = join(temporary, 'workspace');
    mkdirSync(folder);
    makeWorkspace(folder);
    const dataFolder = join(temporary, 'data');
    installExtension({ dataFolder, vsix: packagePath() });
    server = await startServer({ dataFolder });
    browser = await launchBrowser();
    page = await browser.newPage({ viewport: { width: 1600, height: 900 } });
    const file = join(folder, 'hierarchy.topology.yaml');
    await page.goto(server.address(folder, [['openFile', server.uri(file)]]));
    await page
      .locator('.view-line', { hasText: 'description: Head office' })
      .first()
      .waitFor({ timeout: 60_000 });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  it('draws the hierarchy, leads from a server to its line, and follows an edit without a jump', async () => {
    await page.mouse.move(5, 5);
    await page.locator('.editor-actions [aria-label^="Show Diagram"]').first().click();
    const diagram = page.frameLocator('iframe.webview').frameLocator('iframe');
    const item = (id) => diagram.locator(`[data-id="${id}"]`);
    // Beside the text there is room for zones only; a person may want more.
    await item('zone:hq').waitFor({ timeout: 30_000 });
    await picture('diagram');
    await diagram.locator('#level').selectOption('none');
    await item('server:sec01').waitFor();
    assert.equal(await diagram.locator('.arrow.blocked').count(), 0);
    for (let step = 0; step < 2; step++) await diagram.locator('#zoom-in').click();
    // Pointed at, a server tells what it is; clicked, it leads to its line.
    await item('server:dc01').hover();
    await diagram.locator('.tip', { hasText: 'Domain controller' }).waitFor();
    await picture('diagram-hover');
    await item('server:dc01').click();
    await page.locator('[id="status.editor.selection"]', { hasText: /^Ln 106/ }).waitFor();
    // An edit comes through, and nothing jumps.
    const place = () => item('server:dc01').boundingBox();
    const before = await place();
    await page.keyboard.press('Control+F');
    await page.keyboard.type('action: allow, from: sec01, to: sql01');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Escape');
    // What was found is selected.
    await page.keyboard.type('action: deny, from: sec01, to: sql01');
    await diagram.locator('[data-id="server:sec01>server:sql01"].blocked').waitFor({ state: 'attached' });
    const after = await place();
    const jump = Math.hypot(after.x - before.x, after.y - before.y);
    assert.ok(jump < 20, `the picture jumped by ${jump} pixels`);
    await picture('diagram-blocked');
    // One zone as a box.
    await diagram.locator('#fit').click();
    await diagram.locator('[data-toggle="zone:perimeter"]').click();
    await diagram.locator('.node.zone[data-id="zone:perimeter"]').waitFor();
    await item('server:dc01').waitFor();
    await picture('diagram-zone-closed');
  });
});
