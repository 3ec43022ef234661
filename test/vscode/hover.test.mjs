// A hover as a person sees it: what is folded under 'More' can be read. Keeps its picture in test/screenshots/.
import assert from 'node:assert/strict';
import { served } from './served.mjs';

const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      service-connection-point:
      endpoint-protection-point:
`;

describe('A hover, as seen', function () {
  this.timeout('120s');
  const vscode = served({ 'a.topology.yaml': text });
  let page;

  const hover = () => page.locator('.monaco-hover:not(.hidden)', { hasText: 'cm01' }).first();
  const more = () => hover().locator('a', { hasText: 'More' });
  /** The hover of a role, where the pointer rests. VS Code shows none where the pointer came while one was closing. */
  const rest = async (role) => {
    const words = new RegExp(role.replaceAll('-', ' '), 'i');
    const own = hover().filter({ hasText: words }).locator('a', { hasText: 'More' });
    for (let left = 9; ; left--) {
      await page.mouse.move(700, 5);
      await page.keyboard.press('Escape');
      await hover().waitFor({ state: 'hidden' });
      await page.locator('.view-line span span', { hasText: role }).first().hover();
      try {
        await own.waitFor({ timeout: 4000 });
        return;
      } catch (error) {
        if (left === 0) throw error;
      }
    }
  };
  /** The heights of what it has and of what it shows, and how far it is scrolled. */
  const heights = () =>
    hover()
      .locator('.monaco-hover-content')
      .evaluate(({ scrollHeight, clientHeight, scrollTop }) => ({ scrollHeight, clientHeight, scrollTop }));

  before(async () => {
    page = await vscode.open('a.topology.yaml', { viewport: { width: 1000, height: 700 } });
    await page.locator('.codelens-decoration', { hasText: /out/ }).first().waitFor({ timeout: 60_000 });
  });

  it('shows under More what it folds, all of it within reach', async () => {
    await rest('service-connection-point');
    assert.equal(await hover().locator('details').count(), 0, 'VS Code would not make room for it');
    await more().click();
    await hover().locator('a', { hasText: 'names on the internet' }).waitFor();
    const { scrollHeight, clientHeight } = await heights();
    assert.ok(scrollHeight > clientHeight, `${scrollHeight} is more than a hover shows`);
    await hover().hover();
    // Each turn of the wheel goes a few lines.
    for (let turn = 0; turn < 20; turn++) await page.mouse.wheel(0, 100);
    await page.waitForTimeout(500);
    await vscode.picture('hover-more');
    const { scrollTop } = await heights();
    assert.ok(Math.abs(scrollTop - (scrollHeight - clientHeight)) < 2, `scrolled to ${scrollTop}`);
  });

  it('is folded again the next time', async () => {
    await rest('endpoint-protection-point');
    await rest('service-connection-point');
    assert.equal(await hover().locator('a', { hasText: 'names on the internet' }).count(), 0);
  });
});
