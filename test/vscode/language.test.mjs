// VS Code in other languages, as a person sees it: commands, findings and hovers of the packed extension. No
// language pack is installed; the page is told the language that one would bring, so that VS Code's own words stay
// English and ours do not.
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packagePath } from '../../scripts/package.mjs';
import { launchBrowser } from '../../scripts/vscode/browser.mjs';
import { root } from '../../scripts/vscode/places.mjs';
import { makeWorkspace } from '../../scripts/vscode/run.mjs';
import { installExtension, startServer } from '../../scripts/vscode/server.mjs';

const text = `configmgr: 2017-09
servers:
  wsus01:
    rpcDynamicPorts: 49152-65535
    roles:
      wsus-server: { httpPort: 8530, httpsPort: 8532 }
`;

const LANGUAGES = {
  ko: {
    command: '언어 서버 다시 시작',
    finding: 'wsus01의 wsus-server: HTTPS 포트 8532는 8531이어야 합니다',
    hover: 'wsus01의 업스트림 WSUS 서버',
  },
  'zh-tw': {
    command: '重新啟動語言伺服器',
    finding: 'wsus01 上的 wsus-server：HTTPS 連接埠 8532 必須為 8531',
    hover: 'wsus01 上的上游 WSUS 伺服器',
  },
};

describe('VS Code in another language', () => {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-language-'));
  const pictures = join(root, 'test', 'screenshots');
  const folder = join(temporary, 'workspace');
  const file = join(folder, 'a.topology.yaml');
  let server;
  let browser;

  before(async function () {
    this.timeout('240s');
    mkdirSync(pictures, { recursive: true });
    mkdirSync(folder);
    makeWorkspace(folder);
    writeFileSync(file, text);
    const dataFolder = join(temporary, 'data');
    installExtension({ dataFolder, vsix: packagePath() });
    server = await startServer({ dataFolder });
    browser = await launchBrowser();
  });

  after(async () => {
    await browser?.close();
    await server?.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  });

  for (const [language, words] of Object.entries(LANGUAGES)) {
    it(`speaks ${language} in commands, findings and hovers`, async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      try {
        await page.addInitScript(`globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`);
        await page.goto(server.address(folder, [['openFile', server.uri(file)]]));
        await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });

        await page.keyboard.press('Control+Shift+M');
        const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'wsus-port-pair' }).first();
        await row.waitFor();
        assert.ok((await row.textContent())?.replaceAll('\u00a0', ' ').includes(words.finding));

        await page.locator('.view-line span span', { hasText: 'wsus-server' }).first().hover();
        const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: words.hover }).first();
        await popup.waitFor();
        await page.screenshot({ path: join(pictures, `language-${language}.png`) });
        await page.keyboard.press('Escape');

        await page.keyboard.press('F1');
        await page.keyboard.type('ConfigMgr Topology');
        await page
          .locator('.quick-input-list .monaco-list-row', { hasText: words.command })
          .first()
          .waitFor();
        await page.screenshot({ path: join(pictures, `language-${language}-commands.png`) });
      } catch (error) {
        await page.screenshot({ path: join(pictures, `failed-language-${language}.png`) });
        throw error;
      } finally {
        await page.close();
      }
    });
  }
});
