// The languages as their readers meet them: in the terminal, and over a language server's connection.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { type CodeAction, CodeActionRequest, HoverRequest } from 'vscode-languageserver-protocol/node';
import { helpOverview } from '../../server/src/cli/help.ts';
import { LOCALES, type Locale } from '../../server/src/l10n.ts';
import { rules } from '../../server/src/rules/index.ts';
import { cmtopo, jsonReport, ONE_ERROR } from '../cli/cli.ts';
import { start } from '../lsp/client.ts';

/** The finding, the fix and the hover's title of {@link ONE_ERROR}. */
const WORDS = {
  en: {
    message: 'software-update-point on cm01: HTTPS port 8532 must be 8531 (HTTP port 8530 + 1)',
    fix: 'Set httpsPort to 8531',
    other: 'HTTP port 8530',
    role: /^\*\*Software update point\*\* on cm01/m,
    why: /WSUS is configured with one port/,
    summary: /1 error in 1 file\./,
  },
  ko: {
    message: 'cm01의 software-update-point: HTTPS 포트 8532는 8531이어야 합니다(HTTP 포트 8530 + 1)',
    fix: 'httpsPort를 8531로 설정',
    other: 'HTTP 포트 8530',
    role: /^cm01의 \*\*소프트웨어 업데이트 지점\*\*/m,
    why: /WSUS에는 한 포트만 지정/,
    summary: /파일 1개: 오류 1개\./,
  },
  'zh-tw': {
    message: 'cm01 上的 software-update-point：HTTPS 連接埠 8532 必須為 8531 (HTTP 連接埠 8530 + 1)',
    fix: '將 httpsPort 設為 8531',
    other: 'HTTP 連接埠 8530',
    role: /^cm01 上的\*\*軟體更新點\*\*/m,
    why: /WSUS 只被告知一個連接埠/,
    summary: /1 個檔案：1 個錯誤。/,
  },
} as const satisfies Record<Locale, unknown>;

/** The keys of a JSON report whose values are texts for a reader. */
const TEXTS: ReadonlySet<string> = new Set(['message', 'title', 'why']);

const LINES = ONE_ERROR.split('\n');
const line = LINES.findIndex((text) => text.includes('software-update-point'));

describe('A language server in another language', function () {
  this.timeout(30_000);

  for (const [locale, words] of Object.entries(WORDS)) {
    it(`speaks ${locale} in findings, fixes and hovers when the editor does`, async () => {
      const client = await start({ locale });
      try {
        const uri = 'untitled:one.topology.yaml';
        client.open(uri, ONE_ERROR);
        const [finding, ...others] = await client.pull(uri);
        assert.deepEqual(others, []);
        assert.equal(finding?.message, words.message);
        assert.equal(finding.code, 'wsus-port-pair', 'codes are the same in every language');
        assert.equal(finding.relatedInformation?.[0]?.message, words.other);

        const actions = (await client.connection.sendRequest(CodeActionRequest.type, {
          textDocument: { uri },
          range: finding.range,
          context: { diagnostics: [finding], only: ['quickfix'] },
        })) as CodeAction[];
        assert.equal(actions.find(({ isPreferred }) => isPreferred)?.title, words.fix);

        const hoverAt = async (text: string): Promise<string> => {
          const position = { line, character: LINES[line]?.indexOf(text) ?? -1 };
          const hover = await client.connection.sendRequest(HoverRequest.type, {
            textDocument: { uri },
            position,
          });
          assert.ok(hover && typeof hover.contents === 'object' && 'kind' in hover.contents);
          return hover.contents.value;
        };
        assert.match(await hoverAt('software-update-point'), words.role);
        assert.match(await hoverAt('8532'), words.why);
      } finally {
        await client.stop();
      }
    });
  }

  it('speaks English to an editor whose language it does not know', async () => {
    const client = await start({ locale: 'de' });
    try {
      client.open('untitled:one.topology.yaml', ONE_ERROR);
      const [finding] = await client.pull('untitled:one.topology.yaml');
      assert.equal(finding?.message, WORDS.en.message);
    } finally {
      await client.stop();
    }
  });
});

describe('cmtopo in another language', function () {
  this.timeout(30_000);
  const check = ['check', '--stdin-filename', 'one.topology.yaml', '-'];
  const inEnglish = cmtopo(check, { input: ONE_ERROR });

  it('takes --locale before and after the command, and it wins over the environment', () => {
    for (const args of [
      ['--locale', 'ko', ...check],
      ['check', '--locale=ko-KR', ...check.slice(1)],
    ]) {
      const { out, status } = cmtopo(args, { input: ONE_ERROR, env: { LC_ALL: 'zh_TW.UTF-8' } });
      assert.equal(status, inEnglish.status);
      assert.ok(out.includes(WORDS.ko.message), out);
      assert.match(out, WORDS.ko.summary);
    }
  });

  it('names every language in its help and on the pages', () => {
    const pages = ['docs/cli.md', 'docs/languages.md'].map((page) => readFileSync(page, 'utf8'));
    assert.ok(helpOverview().includes(`(${LOCALES.join(', ')})`));
    for (const locale of LOCALES)
      for (const page of pages) assert.match(page, new RegExp(`\`(?:--locale )?${locale}\``), locale);
  });

  it('takes the language of the environment', () => {
    const { out } = cmtopo(check, { input: ONE_ERROR, env: { LANG: 'zh_TW.UTF-8' } });
    assert.ok(out.includes(WORDS['zh-tw'].message), out);
    assert.match(out, WORDS['zh-tw'].summary);
    const plain = cmtopo(check, { input: ONE_ERROR, env: { LANG: 'C.UTF-8' } });
    assert.equal(plain.out, inEnglish.out);
  });

  it('keeps lines of Chinese and Korean within the terminal', () => {
    for (const locale of ['ko', 'zh-tw']) {
      const { out } = cmtopo([...check, '--locale', locale], { input: ONE_ERROR });
      const wide = /[\u1100-\u11ff\u2e80-\ud7ff\uf900-\ufaff\ufe30-\uff60]/g;
      const reason = out.split('\n').filter((text) => /^ {2}(이유|原因)|^ {7}\S/.test(text));
      assert.ok(reason.length > 2, out);
      for (const text of reason) assert.ok(text.length + (text.match(wide)?.length ?? 0) <= 120, text);
    }
  });

  it('says in Korean how many values a list takes', () => {
    const input = ONE_ERROR.replace(/^zones:\n/m, 'firewalls:\n  edge: { zones: [hq], rules: [] }\n$&');
    const { out } = cmtopo([...check, '--locale', 'ko'], { input });
    assert.match(out, /'zones'에 값이 1개 있습니다\. 2개 이상을 쓰십시오/);
  });

  it('says in Korean what happens without an optional connection', () => {
    const rule = rules.find(({ code }) => code === 'firewall-blocked-optional');
    const { out } = cmtopo([...check, '--locale', 'ko'], { input: rule?.bad[0]?.text ?? '' });
    assert.match(out, /클라이언트 알림이 HTTP 및 HTTPS로 대체됩니다\./);
  });

  it('leaves what programs read as it is: keys, codes, severities, edits', () => {
    const bare = (locale: string) => {
      const report = jsonReport(
        cmtopo([...check, '--format', 'json', '--locale', locale], { input: ONE_ERROR }),
      );
      const [finding] = report.files.flatMap(({ diagnostics }) => diagnostics);
      assert.equal(finding?.message, WORDS[locale as keyof typeof WORDS].message);
      return JSON.stringify(report, (key, value) => (TEXTS.has(key) ? '' : value));
    };
    assert.equal(bare('ko'), bare('en'));
    assert.equal(bare('zh-tw'), bare('en'));
  });

  it('prints the page of a rule, which is documentation, in English', () => {
    const english = cmtopo(['rules', 'wsus-port-pair']).out;
    assert.equal(cmtopo(['rules', 'wsus-port-pair', '--locale', 'ko']).out, english);
    assert.match(
      cmtopo(['rules', '--locale', 'ko']).out,
      /WSUS의 HTTP 포트와 HTTPS 포트가 짝이 맞지 않습니다/,
    );
  });

  it('says what is wrong with a command line in the language that it names', () => {
    const { err, status } = cmtopo(['chekc', '--locale', 'ko']);
    assert.equal(status, 2);
    assert.equal(err, 'cmtopo: 알 수 없는 명령 chekc(cmtopo --help 참조). check을(를) 의미합니까?\n');
  });
});
