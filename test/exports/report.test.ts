// The report of a file whose names and texts are whatever someone may write.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { analyse } from '../../server/src/analysis.ts';
import { visible } from '../../server/src/print/escape.ts';
import { reportFormats } from '../../server/src/report/formats.ts';
import { reportPage } from '../../server/src/report/report.ts';
import { rendered } from '../support/markdown.ts';
import { ATTACKS, hostileFile, hostileTexts, PLAIN, type Texts } from './hostile.ts';

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** The hierarchy with a firewall whose rules have these texts in every place, and comments that silence rules. */
function fileOf(texts: Texts): string {
  const [hq, branch] = texts.zones;
  const { title, description } = texts;
  const file = {
    ...JSON.parse(hostileFile(texts)),
    firewalls: {
      [`${texts.server}-fw`]: {
        zones: [hq, branch],
        description,
        rules: [
          { name: title, action: 'allow', from: texts.server, to: texts.database, tcp: [1433], description },
          { action: 'deny', from: 'any', to: texts.clients, tcp: 'any', ticket: title, owner: description },
        ],
      },
    },
  };
  const reason = visible(description).slice(0, 100);
  return `# cmtopo-disable-next-line firewall-blocked -- ${reason}\n${JSON.stringify(file)}\n`;
}

function written(format: string, texts: Texts): string {
  const analysis = analyse(fileOf(texts));
  const write = reportFormats[format]?.write;
  assert.ok(write);
  const page = reportPage(analysis, {
    file: `${texts.title}.topology.yaml`,
    edition: '2017-09',
    settings: { rules: {}, today: '2026-01-01' },
  });
  return write(page);
}

const everywhere = (attack: string): Texts => ({
  title: attack,
  zones: [attack, `${attack}b`],
  server: `${attack}s`,
  database: `${attack}d`,
  clients: `${attack}c`,
  fqdn: attack,
  description: attack,
  address: attack,
});

interface Shape {
  /** Each kind of element with the names of its attributes. */
  readonly kinds: ReadonlySet<string>;
  readonly links: readonly string[];
  readonly ids: readonly string[];
  readonly texts: string;
}

/** The elements of a page; throws where a tag is not closed, or an attribute written twice. */
function shapeOf(html: string): Shape {
  const kinds = new Set<string>();
  const links: string[] = [];
  const ids: string[] = [];
  let texts = '';
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  for (const strange of ['comment', 'cdata', 'processinginstruction'] as const)
    parser.on(strange, () => assert.fail(`a ${strange} in the page`));
  parser.on('opentag', ({ name, attributes }) => {
    kinds.add(`${name} ${Object.keys(attributes).join(' ')}`);
    if (attributes.href !== undefined) links.push(String(attributes.href));
    if (attributes.id !== undefined) ids.push(String(attributes.id));
  });
  parser.on('text', (part) => {
    texts += part;
  });
  // What HTML closes by itself.
  parser.write(html.replace('<!doctype html>', '').replaceAll(/<(meta [^>]*)>/g, '<$1/>')).close();
  return { kinds, links, ids, texts };
}

/** Elements that only some files have: long names, lists of what is ruled out. */
const known = new Set(['code class', 'strong ', 'ul ', 'li ', 'p class']);

describe('the report of a hostile file', () => {
  it('has in HTML no other elements than that of a plain one, all closed, and nothing hidden', () => {
    const plain = shapeOf(written('html', PLAIN)).kinds;
    const check = (texts: Texts) => {
      const html = written('html', texts);
      assert.doesNotMatch(html.replaceAll('\n', ''), HIDDEN);
      for (const kind of shapeOf(html).kinds) assert.ok(plain.has(kind) || known.has(kind), kind);
    };
    for (const attack of ATTACKS) check(everywhere(attack));
    fc.assert(fc.property(hostileTexts, check), { numRuns: 20 });
  });

  it('leads only to the documents and to places in itself, which are there once', () => {
    const check = (texts: Texts) => {
      const { links, ids } = shapeOf(written('html', texts));
      assert.equal(new Set(ids).size, ids.length);
      assert.ok(links.length > 10);
      for (const link of links)
        assert.ok(
          link.startsWith('#')
            ? ids.includes(link.slice(1))
            : link.startsWith('https://learn.microsoft.com/'),
          link,
        );
    };
    for (const attack of ATTACKS) check(everywhere(attack));
  });

  it('shows the names as text', () => {
    const attack = `<img src=x onerror=alert(1)> "'&amp;`;
    assert.ok(shapeOf(written('html', everywhere(attack))).texts.includes(`${attack}s`));
  });

  it('makes in Markdown whole rows, and no element, link or mention of what the file says', () => {
    const check = (texts: Texts) => {
      // The picture is text of its own, with its own tests.
      const text = written('markdown', texts).replace(/```mermaid\n[\s\S]*?\n```\n/, '');
      assert.doesNotMatch(text.replaceAll('\n', ''), HIDDEN);
      for (const table of text.matchAll(/(?:^\|.*\n)+/gm)) {
        const [header = ''] = table[0].split('\n');
        const shown = rendered(table[0]).elements;
        const count = (name: string) => shown.filter((element) => element === name).length;
        assert.equal(count('td') + count('th'), header.slice(2, -2).split(' | ').length * count('tr'));
      }
      const { elements, links, bare } = rendered(text);
      const plain = [
        'h1',
        'h2',
        'h3',
        'p',
        'table',
        'thead',
        'tbody',
        'tr',
        'th',
        'td',
        'ul',
        'ol',
        'li',
        'a',
        'strong',
        'blockquote',
      ];
      assert.deepEqual(
        elements.filter((element) => !plain.includes(element)),
        [],
      );
      for (const link of links) assert.match(link, /^https:\/\/learn\.microsoft\.com\//);
      assert.doesNotMatch(bare, /[@#]|:\/\/|www\./i);
    };
    for (const attack of ATTACKS) check(everywhere(attack));
    fc.assert(fc.property(hostileTexts, check), { numRuns: 20 });
  });

  it('loads and runs nothing in a browser, which finds nothing in it to complain about', async function () {
    this.timeout('120s');
    const { launchBrowser } = (await import(
      pathToFileURL(join(process.cwd(), 'scripts', 'vscode', 'browser.mjs')).href
    )) as { launchBrowser(): Promise<import('playwright-core').Browser> };
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const noise: string[] = [];
      page.on('dialog', (dialog) => {
        noise.push(dialog.message());
        return dialog.dismiss();
      });
      page.on('request', (request) => {
        noise.push(request.url());
      });
      page.on('console', (message) => {
        noise.push(message.text());
      });
      for (const attack of ATTACKS.filter((one) => /[<&"'(]/.test(one))) {
        await page.setContent(written('html', everywhere(attack)));
        const policy = await page.evaluate<string>(
          `document.querySelector('meta[http-equiv=Content-Security-Policy]').content`,
        );
        assert.match(policy, /^default-src 'none';/);
      }
      assert.deepEqual(noise, []);
    } finally {
      await browser.close();
    }
  });
});
