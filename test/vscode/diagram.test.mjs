// The Diagram panel as a person sees it: the workbench page with the packed extension. Keeps its pictures in
// test/screenshots/.
import assert from 'node:assert/strict';
import { cursorPlace, webview } from '../../scripts/vscode/served.mjs';
import { served } from './served.mjs';

describe('The Diagram panel, as seen', () => {
  const vscode = served();
  const { picture } = vscode;
  let page;

  before(async () => {
    page = await vscode.open('hierarchy.topology.yaml', { viewport: { width: 1600, height: 900 } });
    await page
      .locator('.view-line', { hasText: 'description: Head office' })
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it('draws the hierarchy, leads from a server to its line, and follows an edit without a jump', async () => {
    await page.mouse.move(5, 5);
    await page.locator('.editor-actions [aria-label^="Show Diagram"]').first().click();
    const diagram = webview(page);
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
