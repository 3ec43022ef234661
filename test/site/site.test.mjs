// The built site: its links, and what a person does in it. Run by `npm run docs`, which builds it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';

const site = fileURLToPath(new URL('../../site', import.meta.url));
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };

/** The file of an address of the site; undefined where there is none. */
function fileOf(address) {
  const path = join(site, decodeURIComponent(address).replace(/\/$/, '/index.html'));
  const file = [path, `${path}.html`].find((one) => existsSync(one) && statSync(one).isFile());
  return file;
}

const pages = readdirSync(site, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.html'));

describe('The site', function () {
  this.timeout(60_000);

  it('has no link that leads nowhere, and loads nothing from elsewhere', () => {
    const ids = new Map();
    const idsOf = (file) => {
      if (!ids.has(file))
        ids.set(
          file,
          new Set([...readFileSync(file, 'utf8').matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
        );
      return ids.get(file);
    };
    const dead = [];
    let found = 0;
    for (const page of pages) {
      const text = readFileSync(join(site, page), 'utf8');
      assert.doesNotMatch(text, /<(script|link|img)[^>]* (src|href)="https?:/, page);
      for (const [, target] of text.matchAll(/ (?:href|src)="([^"]+)"/g)) {
        if (/^(https?:|mailto:|data:)/.test(target)) continue;
        found++;
        const { pathname, hash } = new URL(target.replaceAll('&amp;', '&'), `http://site/${page}`);
        const file = fileOf(pathname);
        if (file === undefined) dead.push(`${page}: ${target}`);
        else if (hash !== '' && file.endsWith('.html') && !idsOf(file).has(decodeURIComponent(hash.slice(1))))
          dead.push(`${page}: ${target}`);
      }
    }
    assert.deepEqual([...new Set(dead)], []);
    assert.ok(pages.length > 80 && found > 1000);
  });

  it('is found through by search and by its list of pages', async () => {
    const server = createServer((request, response) => {
      const file = fileOf(new URL(request.url, 'http://site').pathname);
      response.writeHead(file ? 200 : 404, { 'content-type': TYPES[extname(file ?? '')] ?? 'text/plain' });
      response.end(file ? readFileSync(file) : '');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
      const problems = [];
      page.on('pageerror', (error) => problems.push(error.message));
      page.on('requestfailed', (request) => problems.push(request.url()));
      await page.goto(`http://127.0.0.1:${server.address().port}/start.html`);
      await page.locator('h1', { hasText: 'Start in ten minutes' }).waitFor();
      const parts = await page.locator('.VPSidebarItem.level-0 > .item').allInnerTexts();
      assert.deepEqual(
        parts.map((part) => part.trim()),
        ['Start', 'Concepts', 'Recipes', 'Reference', 'Rules', 'Catalog', 'Integrate', 'Contribute'],
      );
      await page.keyboard.press('Control+k');
      await page.locator('.VPLocalSearchBox input').fill('client push blocked');
      await page.locator('.VPLocalSearchBox .result', { hasText: 'client-push-blocked' }).first().click();
      await page.waitForURL(/rules\/client-push-blocked/);
      await page.locator('h1', { hasText: 'client-push-blocked' }).waitFor();
      await page.locator('.VPSidebar a', { hasText: 'Recipes' }).first().click();
      await page.locator('h1', { hasText: /recipes/i }).waitFor();
      assert.deepEqual(problems, []);
      await page.screenshot({ path: fileURLToPath(new URL('../screenshots/site.png', import.meta.url)) });
    } finally {
      await browser.close();
      server.close();
    }
  });
});
