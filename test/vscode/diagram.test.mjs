// The Diagram panel as a person sees it: the workbench page with the packed extension. Keeps its pictures in
// test/screenshots/.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cursorPlace, webview } from '../../scripts/vscode/served.mjs';
import { served } from './served.mjs';

/** A head office and fifty branches with a distribution point each. */
const large = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: {}
${Array.from({ length: 50 }, (_, index) => `  branch-${index}: {}\n`).join('')}sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , management-point: , sql-server: } }
${Array.from({ length: 50 }, (_, index) => `  dp-${index}: { site: PS1, zone: branch-${index}, roles: { distribution-point: } }\n`).join('')}`;

describe('The Diagram panel, as seen', function () {
  this.timeout('120s');
  const vscode = served({ 'large.topology.yaml': large });
  let page;
  const picture = (name, of = page) => vscode.picture(name, of);
  const diagram = () => webview(page);
  const item = (id) => diagram().locator(`[data-id="${id}"]`);

  before(async () => {
    page = await vscode.open('hierarchy.topology.yaml', { viewport: { width: 1600, height: 900 } });
    await page
      .locator('.view-line', { hasText: 'description: Head office' })
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it('has its tools in one line in a narrow panel, and a table of zones beside the picture of many', async () => {
    const narrow = await vscode.open('large.topology.yaml', { viewport: { width: 700, height: 700 } });
    await narrow.locator('.view-line', { hasText: 'branch-3' }).first().waitFor({ timeout: 60_000 });
    await narrow.keyboard.press('Control+B');
    await narrow.mouse.move(5, 5);
    await narrow.locator('.editor-actions [aria-label^="Show Diagram"]').first().click();
    const inside = webview(narrow);
    await inside.locator('#matrix td.allowed, #matrix td.none').first().waitFor({ timeout: 30_000 });
    for (const width of [1700, 1300, 1200, 1100, 700, 560, 500]) {
      await narrow.setViewportSize({ width, height: 700 });
      await narrow.waitForTimeout(400);
      const tops = await inside
        .locator('.bar button, .bar select')
        .evaluateAll((all) =>
          all.map((one) => one.getBoundingClientRect()).map(({ top, right }) => [Math.round(top), right]),
        );
      const clipped = await inside
        .locator('.bar button')
        .evaluateAll((all) =>
          all
            .filter((one) => one.scrollHeight > one.clientHeight || one.scrollWidth > one.clientWidth)
            .map((one) => one.textContent),
        );
      assert.deepEqual(clipped, [], `at ${width}`);
      const room = await inside.locator('.bar').evaluate((bar) => bar.clientWidth);
      assert.equal(new Set(tops.map(([top]) => top)).size, 1, `in one line at ${room}`);
      if (room >= 225)
        assert.ok(
          tops.every(([, right]) => right <= room),
          `${tops} at ${room}`,
        );
    }
    await inside.locator('#level').selectOption('none');
    await inside.locator('[data-id="server:cm01"]').waitFor();
    const seen = await inside
      .locator('.node')
      .evaluateAll(
        (nodes) =>
          nodes
            .map((node) => node.getBoundingClientRect())
            .filter(
              ({ right, bottom, left, top, height }) =>
                height > 8 && right > 0 && bottom > 40 && left < innerWidth && top < innerHeight,
            ).length,
      );
    assert.ok(seen > 0, 'something that can be read is in sight');
    await picture('diagram-narrow', narrow);
    await narrow.close();
  });

  it('draws the hierarchy, leads from a server to its line, and follows an edit without a jump', async () => {
    await page.mouse.move(5, 5);
    await page.locator('.editor-actions [aria-label^="Show Diagram"]').first().click();
    // Beside the text there is room for zones only; a person may want more.
    await item('zone:hq').waitFor({ timeout: 30_000 });
    await picture('diagram');
    const { height } = await item('zone:hq').locator('.line').first().boundingBox();
    assert.ok(height > 11, `a line of text is ${height} pixels high`);
    await diagram().locator('#level').selectOption('none');
    await item('server:sec01').waitFor();
    assert.equal(await diagram().locator('.arrow.blocked').count(), 0);
    // What the pointer is on stays there.
    const middle = async () => {
      const { x, y, width, height } = await item('server:dc01').boundingBox();
      return [x + width / 2, y + height / 2];
    };
    const pointer = await middle();
    await page.mouse.move(...pointer);
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await page.waitForTimeout(200);
    const zoomed = await middle();
    assert.ok(Math.hypot(zoomed[0] - pointer[0], zoomed[1] - pointer[1]) < 3, `${pointer} is at ${zoomed}`);
    // Pointed at, a server tells what it is; clicked, it leads to its line.
    await item('server:dc01').hover();
    await diagram().locator('.tip', { hasText: 'Domain controller' }).waitFor();
    await picture('diagram-hover');
    await item('server:dc01').click();
    await cursorPlace(page)
      .filter({ hasText: /^Ln 106/ })
      .waitFor();
    // An edit comes through, and nothing jumps.
    const place = () => item('server:dc01').boundingBox();
    const before = await place();
    await page.locator('.monaco-editor.focused').first().waitFor();
    await page.keyboard.press('Control+F');
    const find = page.locator('.find-widget.visible');
    await find.locator('.find-part textarea').first().fill('action: allow, from: sec01, to: sql01');
    await find.locator('.matchesCount', { hasText: '1 of 1' }).waitFor();
    await page.keyboard.press('Escape');
    // What was found is selected.
    await page.keyboard.type('action: deny, from: sec01, to: sql01');
    await diagram().locator('[data-id="server:sec01>server:sql01"].blocked').waitFor({ state: 'attached' });
    const after = await place();
    const jump = Math.hypot(after.x - before.x, after.y - before.y);
    assert.ok(jump < 20, `the picture jumped by ${jump} pixels`);
    await picture('diagram-blocked');
    // One zone as a box.
    await diagram().locator('#fit').click();
    await diagram().locator('[data-toggle="zone:perimeter"]').click();
    await diagram().locator('.node.zone[data-id="zone:perimeter"]').waitFor();
    await item('server:dc01').waitFor();
    await picture('diagram-zone-closed');
  });

  it('shows all of what is chosen, and goes on to when the panel gets wider', async () => {
    const isWhole = () =>
      diagram()
        .locator('#stage')
        .evaluate((stage) => {
          const outer = stage.getBoundingClientRect();
          const boxes = [...stage.querySelectorAll('[data-id]')].map((each) => each.getBoundingClientRect());
          const inside = ({ left, right, top, bottom }) =>
            left >= outer.left - 1 &&
            right <= outer.right + 1 &&
            top >= outer.top - 1 &&
            bottom <= outer.bottom + 1;
          // As large as the stage allows.
          const width =
            Math.max(...boxes.map(({ right }) => right)) - Math.min(...boxes.map(({ left }) => left));
          const height =
            Math.max(...boxes.map(({ bottom }) => bottom)) - Math.min(...boxes.map(({ top }) => top));
          return boxes.every(inside) && (width > outer.width * 0.8 || height > outer.height * 0.8);
        });
    const whole = async (what) => {
      for (let tries = 0; tries < 50 && !(await isWhole()); tries++) await page.waitForTimeout(100);
      await picture(`diagram-${what}`);
      assert.ok(await isWhole(), what);
    };
    for (const [level, shown] of [
      ['none', '.node.server[data-id="server:sec01"]'],
      ['site', '.node.site[data-id="site:hq/ps1"]'],
      ['zone', '.node.zone[data-id="zone:branch"]'],
    ]) {
      // Somewhere else before.
      for (let step = 0; step < 3; step++) await diagram().locator('#zoom-in').click();
      await diagram().locator('#level').selectOption(level);
      await diagram().locator(shown).waitFor();
      await whole(level);
    }
    await page.setViewportSize({ width: 2000, height: 900 });
    await whole('wider');
    await page.setViewportSize({ width: 1600, height: 900 });
    await whole('narrower');
  });

  it('brings a zone that is opened into sight', async () => {
    await diagram().locator('[data-toggle="zone:hq"]').click();
    await diagram().locator('.area[data-id="zone:hq"]').waitFor();
    await picture('diagram-zone-opened');
    const outer = await diagram().locator('#stage').boundingBox();
    const inner = await item('zone:hq').boundingBox();
    assert.ok(inner.x >= outer.x && inner.y >= outer.y, 'its name is in sight');
    for (const site of ['site:hq/cas', 'site:hq/ps1', 'site:hq/ps2']) {
      const { x, y, width, height } = await item(site).boundingBox();
      const isInSight =
        x + width / 2 < outer.x + outer.width && y + height / 2 < outer.y + outer.height && width > 60;
      assert.ok(isInSight, `${site} is at ${x}, ${y}, ${width} pixels wide`);
    }
    await diagram().locator('[data-toggle="zone:hq"]').click();
    await diagram().locator('.node[data-id="zone:hq"]').waitFor();
  });

  it('is exported as a file that has its own colours', async () => {
    await page.locator('.editor-actions [aria-label^="Export Diagram"]').first().click();
    const dialog = page.locator('.quick-input-widget:visible', { hasText: 'Export Diagram as SVG' });
    await dialog.waitFor();
    await picture('diagram-export');
    await dialog.locator('input').press('Enter');
    const file = join(vscode.folder, 'hierarchy.svg');
    for (let tries = 0; tries < 100 && !existsSync(file); tries++) await page.waitForTimeout(100);
    await dialog.waitFor({ state: 'hidden' });
    const svg = readFileSync(file, 'utf8');
    assert.match(svg, /^<svg .*<\/svg>\s*$/s);
    assert.match(svg, />branch</);
    assert.doesNotMatch(svg, /--vscode/);
    await page.locator('.notification-toast', { hasText: 'Saved the diagram to hierarchy.svg.' }).waitFor();
    await page.keyboard.press('Escape');
    // The button in the panel does the same, and takes no for an answer.
    await diagram().locator('#export').click();
    await dialog.locator('input').press('Escape');
    await dialog.waitFor({ state: 'hidden' });
  });

  it('is there again as it was when VS Code starts anew, even before its file is looked at', async () => {
    await diagram().locator('#level').selectOption('site');
    await item('site:hq/ps1').waitFor();
    await page.locator('.tab', { hasText: 'hierarchy.topology.yaml' }).first().click();
    await page.keyboard.press('Control+S');
    await page.locator('.tab.dirty').waitFor({ state: 'detached' });
    await page.locator('.explorer-folders-view .monaco-list-row', { hasText: 'plain.yaml' }).dblclick();
    await page.locator('.view-line', { hasText: 'nginx' }).first().waitFor();
    // In a browser VS Code writes down every five seconds which tabs are open, and nothing when it ends.
    await page.waitForTimeout(8000);
    const address = new URL(page.url());
    // Which asks for the file.
    address.searchParams.delete('payload');
    await page.goto(address.href);
    await page.locator('.view-line', { hasText: 'nginx' }).first().waitFor({ timeout: 60_000 });
    await item('site:hq/ps1').waitFor({ timeout: 60_000 });
    assert.equal(await diagram().locator('#level').inputValue(), 'site');
    await page.locator('.tab', { hasText: 'Diagram of hierarchy.topology.yaml' }).waitFor();
    await picture('diagram-restored');
  });

  it('begins a picture that is too large with what can be read of it', async () => {
    page = await vscode.open('large.topology.yaml', { viewport: { width: 1280, height: 720 } });
    await page.locator('.view-line', { hasText: 'configmgr' }).first().waitFor({ timeout: 60_000 });
    await page.mouse.move(5, 5);
    await page.locator('.editor-actions [aria-label^="Show Diagram"]').first().click();
    await item('zone:hq').waitFor({ timeout: 30_000 });
    await picture('diagram-large');
    const isInSight = async () => {
      const outer = await diagram().locator('#stage').boundingBox();
      const { x, y, width, height } = await item('zone:hq').boundingBox();
      const [right, bottom] = [x + width / 2 - outer.x, y + height / 2 - outer.y];
      return right > 0 && bottom > 0 && right < outer.width && bottom < outer.height;
    };
    assert.ok(await isInSight());
    const { width } = await item('zone:hq').boundingBox();
    assert.ok(width > 50, `the head office is ${width} pixels wide`);
    await diagram().locator('#fit').click();
    assert.ok((await item('zone:hq').boundingBox()).width < width / 2);
  });
});
