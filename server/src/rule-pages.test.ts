import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lineDiff } from './edits/line-diff.ts';
import { rulePage, rulePages } from './rule-pages.ts';
import { documents, sourceLink } from './rules/documents.ts';
import { rules } from './rules/index.ts';

const DOCS = join(process.cwd(), 'docs');
const SOURCES = join(process.cwd(), '..', 'shared', 'sources');

/** The documents beside the repository that are not planning pages of the same name, by the short names that rules use. */
const FILES: Readonly<Record<string, string>> = {
  ports: 'ports.en.*.md',
  'ports-2007': 'ports-2007.en.txt',
  'windows-firewall': 'windows-firewall.en.*.md',
  'client-ports': 'client-ports.en.newest.md',
  'sql-server-alwayson': 'planning/sql-server-alwayson-for-a-highly-available-site-database.md',
};

const sourcesOf = rules.flatMap((rule) =>
  [rule.source, ...(rule.moreSources ?? [])].map((source) => ({ code: rule.code, source })),
);

/** The anchors that a page has: those it sets itself, and those made from its headings. */
function anchorsOf(markdown: string): ReadonlySet<string> {
  const set = [...markdown.matchAll(/<a name="([^"]+)">/g)].map(([, name = '']) => name);
  const headings = [...markdown.matchAll(/^#+\s+(.*)$/gm)].map(([, title = '']) =>
    title
      .replace(/<[^>]*>/g, '')
      .trim()
      .toLowerCase()
      .replace(/[^a-z0-9 _-]/g, '')
      .replaceAll(' ', '-'),
  );
  return new Set([...set, ...headings]);
}

describe('the pages of the rules', () => {
  it('in docs/rules are those that the rules make; run `node scripts/generate.mjs` where they are not', () => {
    const pages = rulePages();
    assert.deepEqual(readdirSync(join(DOCS, 'rules')).sort(), [...pages.keys()].sort());
    for (const [name, page] of pages)
      assert.equal(readFileSync(join(DOCS, 'rules', name), 'utf8'), page, `docs/rules/${name} is stale`);
  });

  it('tell where two documents disagree, and which one is followed', () => {
    const rule = rules.find(({ code }) => code === 'wsus-port-pair');
    assert.ok(rule);
    assert.match(rulePage(rule), /## Where the documents disagree\n\n.*exactly one higher[\s\S]*Followed: /);
  });

  it('link to a section of the format that is there', () => {
    const anchors = anchorsOf(readFileSync(join(DOCS, 'topology-format.md'), 'utf8'));
    for (const { code, source } of sourcesOf)
      if (source.document === 'format')
        assert.ok(anchors.has(source.section), `${code}: docs/topology-format.md has no #${source.section}`);
  });

  it('name a document that can be linked to', () => {
    for (const { code, source } of sourcesOf) assert.ok(documents[source.document], code);
    assert.match(
      sourceLink({ document: 'ports', section: 'x', editions: ['2017-03', '2017-09'] }),
      /^\[Ports used in Configuration Manager\]\(https:.*#x\), section `x` \(editions 2017-03, 2017-09\)$/,
    );
  });

  it('cite sections that the documents have', function () {
    if (!existsSync(SOURCES)) this.skip();
    for (const { code, source } of sourcesOf) {
      const { document, section, editions } = source;
      if (document === 'format') continue;
      const file = FILES[document] ?? `planning/${document}.md`;
      const names = file.includes('*')
        ? readdirSync(SOURCES).filter((name) => name.startsWith(`${document}.en.`))
        : [file];
      const wanted = names.filter(
        (name) =>
          !file.includes('*') ||
          !editions ||
          editions.some((edition) => name.startsWith(`${document}.en.${edition}`)),
      );
      assert.ok(wanted.length > 0, `${code}: no document`);
      for (const name of wanted) {
        const text = readFileSync(join(SOURCES, name), 'utf8');
        const found = name.endsWith('.txt') ? text.includes(section) : anchorsOf(text).has(section);
        assert.ok(found, `${code}: ${name} has no section ${section}`);
      }
    }
  });
});

describe('a line-by-line comparison', () => {
  it('shows what goes, what comes and one line round it', () => {
    assert.equal(lineDiff('a\nb\nc\nd\n', 'a\nb\nX\nd\n'), ' b\n-c\n+X\n d');
    assert.equal(lineDiff('a\nb\n', 'a\nb\nc\n'), ' b\n+c');
    assert.equal(lineDiff('a\r\nb\r\n', 'b\r\n'), '-a\n b');
    assert.equal(lineDiff('a\n', 'a\n'), '');
  });
});
