import assert from 'node:assert/strict';
import { fixture, HIERARCHY, hierarchyAt, textOf } from '../../../test/support/features.ts';
import { definition } from './definition.ts';
import { foldingRanges } from './folding.ts';
import { documentLinks, settingsLinks } from './links.ts';
import { highlights, references } from './references.ts';
import { selectionRanges } from './selection.ts';
import { documentSymbols, matchingSymbols, namedSymbols } from './symbols.ts';

const URI = 'file:///a.topology.yaml';

/** The line of a text's first occurrence, from 0. */
const lineOf = (text: string) => HIERARCHY.slice(0, HIERARCHY.indexOf(text)).split('\n').length - 1;

describe('definition', () => {
  for (const [before, target] of [
    ['site: PS1', '  PS1:'],
    ['zone: dmz', '  dmz:'],
    ['server: sql01', '  sql01:'],
    ['instance: CM', '          CM:'],
    ['from: cm01', '  cm01:'],
    ['to: dp-dmz', '  dp-dmz:'],
    ['zones: [hq', '  hq:'],
  ] as const) {
    it(`goes from ${before} to where it is`, () => {
      const { analysis, position } = hierarchyAt(before);
      const link = definition(analysis, URI, position)?.[0];
      assert.equal(link?.targetSelectionRange.start.line, lineOf(target));
    });
  }

  it('goes nowhere from a word that names nothing', () => {
    const { analysis, position } = hierarchyAt('type: primary');
    assert.equal(definition(analysis, URI, position), undefined);
  });

  it('follows an alias to what its anchor names', () => {
    const { analysis, position } = fixture(
      'zones:\n  hq: {}\nservers:\n  a: { zone: &z hq }\n  b: { zone: *z‸ }\n',
    );
    assert.equal(definition(analysis, URI, position)?.[0]?.targetSelectionRange.start.line, 1);
  });
});

describe('references', () => {
  it('finds every place that names a site, from its definition and from a use', () => {
    for (const before of ['\n  PS1', 'site: PS1']) {
      const { analysis, position } = hierarchyAt(before);
      assert.equal(references(analysis, URI, position, true).length, 4, before);
      assert.equal(references(analysis, URI, position, false).length, 3, before);
    }
  });

  it('marks exactly the names', () => {
    const { analysis, position } = hierarchyAt('\n  hq');
    const found = highlights(analysis, position);
    assert.deepEqual(
      found.map(({ range }) => textOf(analysis, range)),
      found.map(() => 'hq'),
    );
    assert.equal(found.filter(({ kind }) => kind === 3).length, 1);
  });
});

describe('symbols', () => {
  it('shows sections, things, roles, instances and rules as a tree', () => {
    const { analysis } = hierarchyAt('name');
    const outline = documentSymbols(analysis);
    assert.deepEqual(
      outline.map(({ name }) => name),
      ['zones', 'sites', 'servers', 'clients', 'firewalls'],
    );
    const servers = outline[2]?.children ?? [];
    assert.deepEqual(
      servers.map(({ name }) => name),
      ['cm01', 'sql01', 'dp-dmz'],
    );
    assert.deepEqual(
      servers[0]?.children?.map(({ name }) => name),
      ['site-server', 'management-point', 'software-update-point'],
    );
    assert.deepEqual(
      servers[1]?.children?.[0]?.children?.map(({ name }) => name),
      ['CM'],
    );
    assert.equal(outline[4]?.children?.[0]?.children?.[0]?.detail, 'allow cm01 → dp-dmz');
  });

  it('keeps every name inside its entry, as editors demand', () => {
    const { analysis } = fixture(
      'sites:\n  ? PS1\n  : { type: primary }\n  "": &a\n    type: x\n  S01: *a\n‸',
    );
    const walk = (symbols: ReturnType<typeof documentSymbols>): void => {
      for (const { name, range, selectionRange, children } of symbols) {
        assert.notEqual(name, '');
        assert.ok(range.start.line <= selectionRange.start.line && selectionRange.end.line <= range.end.line);
        walk(children ?? []);
      }
    };
    walk(documentSymbols(analysis));
  });

  it('finds things by a few of their letters', () => {
    const { analysis } = hierarchyAt('name');
    assert.deepEqual(
      matchingSymbols(namedSymbols(analysis, URI), 'sq1').map(({ name }) => name),
      ['sql01'],
    );
  });
});

describe('folding', () => {
  it('folds entries, brackets and comments, and no single lines', () => {
    const { analysis } = fixture(
      '‸# one\n# two\nzones:\n  hq: {\n    networks: [\n      10.0.0.0/8\n      ]\n    }\n  dmz: {}\n',
    );
    assert.deepEqual(foldingRanges(analysis), [
      { startLine: 0, endLine: 1, kind: 'comment' },
      { startLine: 2, endLine: 8 },
      { startLine: 3, endLine: 6 },
      { startLine: 4, endLine: 5 },
    ]);
  });
});

describe('selection ranges', () => {
  it('widen from the word to its entry, its map and the file', () => {
    const { analysis, position } = hierarchyAt('port: 14');
    const texts: string[] = [];
    for (let range = selectionRanges(analysis, [position])[0]; range !== undefined; range = range.parent) {
      texts.push(textOf(analysis, range.range));
    }
    assert.equal(texts[0], '1444');
    assert.equal(texts[1], 'port: 1444');
    assert.equal(texts.at(-1), HIERARCHY);
    for (const [index, text] of texts.entries())
      assert.ok(index === 0 || text.includes(texts[index - 1] ?? ''));
  });
});

describe('links', () => {
  const pageOf = (code: string) => `file:///docs/${code}.md`;

  it('leads from the edition to the port list that it stands for', () => {
    const { analysis } = hierarchyAt('name');
    const [link] = documentLinks(analysis, pageOf);
    assert.ok(link);
    assert.equal(textOf(analysis, link.range), '2017-09');
    assert.match(link.target ?? '', /^https:\/\/learn\.microsoft\.com\/.*ports$/);
  });

  it('leads from the rules that a comment silences to their pages, and nowhere from unknown ones', () => {
    const { analysis } = fixture('# cmtopo-disable sql-browser, no-such -- why\nzones:‸\n');
    assert.deepEqual(
      documentLinks(analysis, pageOf).map(({ range, target }) => [textOf(analysis, range), target]),
      [['sql-browser', 'file:///docs/sql-browser.md']],
    );
  });

  it('leads from the rules of a settings file to their pages', () => {
    const source = 'rules:\n  sql-browser: off\n  nonsense: off\nedition: 2017-09\n';
    const links = settingsLinks(source, pageOf);
    assert.deepEqual(links.slice(0, -1), [
      {
        range: { start: { line: 1, character: 2 }, end: { line: 1, character: 13 } },
        target: 'file:///docs/sql-browser.md',
        tooltip: 'What sql-browser is about',
      },
    ]);
    assert.match(links.at(-1)?.target ?? '', /learn\.microsoft\.com/);
    assert.deepEqual(settingsLinks('rules: [', pageOf), []);
  });
});
