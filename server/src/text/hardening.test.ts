import assert from 'node:assert/strict';
import fc from 'fast-check';
import { randomFrom, topologyText } from '../../../test/recovery/broken-files.ts';
import { problemsOf } from '../../../test/support/text.ts';
import { parseText } from './parse.ts';
import type { Node } from './tree.ts';

const yamlish = fc.constantFrom(
  ...[
    'a',
    'key',
    ':',
    ': ',
    ' ',
    '  ',
    '    ',
    '\n',
    '\n  ',
    '\r\n',
    '\r',
    '\t',
    '- ',
    '-',
    '? ',
    '"',
    "'",
    '[',
    ']',
    '{',
    '}',
  ],
  ...[
    ',',
    '#',
    ' #',
    '&a',
    '*a',
    '!t',
    '|',
    '>',
    '|2-',
    '%',
    '@',
    '`',
    '---',
    '...',
    '<<',
    '<<: *a',
    '\\',
    '\\x4',
    '\u0000',
    '\u0085',
  ],
  ...['\uFEFF', '한', '😀', '\ud800', '<<<<<<< a\n', '=======\n', '>>>>>>> b\n'],
);
const soup = fc.array(yamlish, { maxLength: 60 }).map((parts) => parts.join(''));
const anyText = fc.oneof(
  soup,
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 200 }),
);

describe('any text at all', () => {
  it('is read without a throw, with every range in bounds, nested and in order', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(anyText, (text) => assert.deepEqual(problemsOf(parseText(text)), [])),
      { numRuns: 3000 },
    );
  });

  it('loses nothing it does not report: a plain scalar reads as its own source, folded over lines', function () {
    this.timeout(60_000);
    const check = (text: string, node: Node | undefined): void => {
      if (node?.kind === 'scalar' && node.style === 'plain') {
        const source = text.slice(node.span.start, node.span.end);
        if (!/[\r\n]/.test(source)) assert.equal(node.text, source);
      }
      if (node?.kind === 'seq') for (const item of node.items) check(text, item);
      if (node?.kind === 'map')
        for (const { key, value } of node.pairs) {
          check(text, key);
          check(text, value);
        }
    };
    fc.assert(
      fc.property(soup, (text) => {
        const tree = parseText(text);
        if (tree.damage.length === 0) check(text, tree.root);
      }),
      { numRuns: 2000 },
    );
  });

  it('keeps the rest of a topology file wherever a few characters are put into it', function () {
    this.timeout(60_000);
    const text = topologyText(randomFrom(7), 80);
    fc.assert(
      fc.property(fc.nat(text.length), fc.array(yamlish, { minLength: 1, maxLength: 3 }), (at, parts) => {
        const tree = parseText(text.slice(0, at) + parts.join('') + text.slice(at));
        assert.deepEqual(problemsOf(tree), []);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hostile texts', () => {
  const size = 1_000_000;
  const fill = (part: string): string => part.repeat(Math.ceil(size / part.length));
  const random = randomFrom(5);
  const texts: Record<string, () => string> = {
    'only [': () => fill('['),
    'only [ on lines': () => fill('[\n'),
    'only {': () => fill('{'),
    'only "': () => fill('"'),
    'only " on lines': () => fill('"\n'),
    "only '": () => fill("'"),
    'only - on one line': () => fill('- '),
    'only - on lines': () => fill('- - - -\n'),
    'anchors and aliases': () => fill('&a *a '),
    'anchors and aliases on lines': () => fill('&a *a\n'),
    'only ?': () => fill('? '),
    'only ? on lines': () => fill('?\n'),
    'only tabs': () => fill('\t'),
    'tabs before keys': () => fill('\ta: b\n'),
    'only colons': () => fill(': '),
    'colons on lines': () => fill(': : :\n'),
    'two colons a line': () => fill('a: b: c\n'),
    'one key for ever': () => fill('a: b\n'),
    'quotes never closed': () => fill('a: "b\n'),
    'brackets never closed': () => fill('a: [\n'),
    'conflict marks': () => fill('<<<<<<< a\n'),
    'whole conflicts': () => fill('<<<<<<< a\nb: 1\n=======\nc: 1\n>>>>>>> d\n'),
    'document marks': () => fill('---\n'),
    'percent lines': () => fill('%a\n'),
    'byte-order marks': () => fill('\uFEFF\n'),
    tags: () => fill('!a '),
    'ever deeper lines': () =>
      Array.from({ length: 1400 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    zigzag: () =>
      Array.from(
        { length: 50_000 },
        (_, line) => `${' '.repeat((line * 7) % 11)}${line % 3 ? `k${line}:` : '- x'}`,
      ).join('\n'),
    'random printable characters': () =>
      Array.from({ length: size }, () =>
        random.chance(0.02) ? '\n' : String.fromCharCode(32 + random.below(95)),
      ).join(''),
    'random bytes': () => Array.from({ length: size }, () => String.fromCharCode(random.below(256))).join(''),
    'one alias many times': () => `a: &a { x: 1 }\nb:\n${fill('  - *a\n')}`,
    'a billion laughs': () =>
      `a: &a [x, x]\n${Array.from({ length: 60 }, (_, level) => `b${level}: &b${level} [${level ? `*b${level - 1}, *b${level - 1}` : '*a, *a'}]`).join('\n')}`,
  };
  for (const [name, make] of Object.entries(texts))
    it(`are read in bounded time: ${name}`, function () {
      this.timeout(60_000);
      const text = make();
      const start = performance.now();
      const tree = parseText(text);
      const time = performance.now() - start;
      assert.ok(time < 10_000, `${Math.round(time)} ms`);
      assert.deepEqual(problemsOf(tree).slice(0, 3), []);
    });
});
