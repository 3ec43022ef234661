// VS Code in other languages, as a person sees it: commands, findings and hovers of the packed extension. No
// language pack is installed; the page is told the language that one would bring, so that VS Code's own words stay
// English and ours do not.
import assert from 'node:assert/strict';
import { served } from './served.mjs';

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

describe('VS Code in another language', function () {
  this.timeout('120s');
  const vscode = served({ 'a.topology.yaml': text });
  const { picture } = vscode;
  let page;

  afterEach(() => page?.close());

  for (const [language, words] of Object.entries(LANGUAGES)) {
    it(`speaks ${language} in commands, findings and hovers`, async () => {
      const told = `globalThis._VSCODE_NLS_LANGUAGE = ${JSON.stringify(language)};`;
      page = await vscode.open('a.topology.yaml', { viewport: { width: 1280, height: 800 } }, (window) =>
        window.addInitScript(told),
      );
      await page.locator('.squiggly-error').first().waitFor({ timeout: 60_000 });

      await page.keyboard.press('Control+Shift+M');
      const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'wsus-port-pair' }).first();
      await row.waitFor();
      assert.ok((await row.textContent())?.replaceAll('\u00a0', ' ').includes(words.finding));

      await page.locator('.view-line span span', { hasText: 'wsus-server' }).first().hover();
      const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: words.hover }).first();
      await popup.waitFor();
      await picture(`language-${language}`);
      await page.keyboard.press('Escape');

      await page.keyboard.press('F1');
      await page.locator('.quick-input-widget:visible input').fill('>Restart Language Server');
      await page.locator('.quick-input-list .monaco-list-row', { hasText: words.command }).first().waitFor();
      await picture(`language-${language}-commands`);
    });
  }
});
