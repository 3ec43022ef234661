import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateTopology } from '../../../test/bench/generate.ts';
import { parseText } from './parse.ts';
import type { Damage, Node, TextTree } from './tree.ts';

/** What a text says, without its places. */
function content(node: Node | undefined): unknown {
  if (node === undefined || node.kind === 'alias') return node?.name;
  if (node.kind === 'scalar') return node.text;
  if (node.kind === 'seq') return node.items.map(content);
  return node.pairs.map(({ key, value }) => [content(key), content(value)]);
}

function mended({ text, damage }: TextTree): string {
  const edits = damage.flatMap(({ mend }) => mend?.edits ?? []);
  return [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((now, { start, end, insert }) => now.slice(0, start) + insert + now.slice(end), text);
}

const kinds = (damage: readonly Damage[]) => damage.map(({ mend }) => mend?.kind);

describe('characters that look like those of YAML', () => {
  const cases: [string, string, string, string[]][] = [
    ['no-break spaces as indentation', 'a:\n\u00a0\u00a0b: 1\n', 'a:\n  b: 1\n', ['space']],
    ['some among plain spaces', 'a:\n \u00a0b: 1\n  c: 2\n', 'a:\n  b: 1\n  c: 2\n', ['space']],
    ['ideographic spaces, which are two wide', 'a:\n\u3000b: 1\n  c: 2\n', 'a:\n  b: 1\n  c: 2\n', ['space']],
    ['one behind a dash', 'a:\n  -\u00a0b\n  - c\n', 'a:\n  - b\n  - c\n', ['space']],
    ['one behind a colon', 'a:\n  b:\u00a01\n', 'a:\n  b: 1\n', ['space']],
    ['one before a comment', 'a:\n  b: 1\n\u00a0 # c\n  d: 2\n', 'a:\n  b: 1\n  # c\n  d: 2\n', ['space']],
    ['the full-width colon', 'a\uff1a\n  b\uff1a 1\n', 'a:\n  b: 1\n', ['colon', 'colon']],
    ['one without a space', 'a\uff1a1\nb: 2\n', 'a: 1\nb: 2\n', ['colon']],
    ['one with a wide space', 'a:\n  b\uff1a\u30001\n', 'a:\n  b: 1\n', ['colon']],
    ['one in a flow map', 'a: { b\uff1a1, c\uff1a [2] }\n', 'a: { b: 1, c: [2] }\n', ['colon']],
    ['one on the first line, behind a mark', '\ufeffa\uff1a 1\n', '\ufeffa: 1\n', ['colon']],
  ];
  for (const [what, wrong, right, expected] of cases)
    it(`are read as what they look like, and the edits write it: ${what}`, () => {
      const tree = parseText(wrong);
      assert.deepEqual(content(tree.root), content(parseText(right).root));
      assert.deepEqual(kinds(tree.damage), expected);
      assert.equal(mended(tree), right);
      for (const { at } of tree.damage)
        assert.match(tree.text.slice(at.start, at.end), /^[\u00a0\u3000\uff1a]/);
    });

  const silent: [string, string][] = [
    ['in values', 'a: x\uff1ay\nb: x\u00a0y\n'],
    ['in further lines of a text', 'a: see\n  note\uff1a y\n  \u00a0b\n'],
    ['in block scalars', 'a: |\n  \u00a0b: c\n  d\uff1a e\nf: >-\n  g\uff1a h\n'],
    ['in quotes', 'a: "x\n  b\uff1a y"\nc: \'d\uff1a e\'\n'],
    ['in comments', '# a\uff1a b\nc: d # e\uff1a f\n'],
    ['in quotes and comments of a flow map', 'a: { b: "{c\uff1a d", e: f } # { g\uff1a h\n'],
  ];
  for (const [where, text] of silent)
    it(`are text ${where}`, () => {
      assert.deepEqual(parseText(text).damage, []);
    });

  it('are found also where something else is wrong, each at its own place', () => {
    const tree = parseText(
      'zones:\n  hq\uff1a\n    networks: [10.0.0.0/8\nservers:\n\u00a0\u00a0cm01:\n    zone: hq\n',
    );
    assert.deepEqual(kinds(tree.damage), ['colon', undefined, 'space']);
    assert.equal(tree.text.slice(tree.damage[1]?.at.start, tree.damage[1]?.at.end), '[10.0.0.0/8');
    assert.deepEqual(content(tree.root), [
      ['zones', [['hq', [['networks', ['10.0.0.0/8']]]]]],
      ['servers', [['cm01', [['zone', 'hq']]]]],
    ]);
  });

  it('lose nothing wherever they are in a long file, and the edits bring its bytes back', () => {
    const right = generateTopology(300);
    const lines = right.split('\n');
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(lines.length - 1), fc.boolean()), { minLength: 1, maxLength: 30 }),
        (places) => {
          const wrong = [...lines];
          for (const [line, isColon] of places) {
            const old = lines[line] ?? '';
            wrong[line] = isColon
              ? old.replace(/^(\s*[\w.-]+):/, '$1\uff1a')
              : old.replace(/^ +(?=[\w.-]+:(?: |$))/, (blanks) => '\u00a0'.repeat(blanks.length));
          }
          const tree = parseText(wrong.join('\n'));
          assert.equal(mended(tree), right);
          assert.deepEqual(content(tree.root), content(parseText(right).root));
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('what is certain to be meant', () => {
  const cases: [string, string, string, string, string][] = [
    [
      'a bracket that is closed further down, a line of it too far left',
      'a:\n  b:\n    c: {\n  d: 1,\n      e: 2 }\n    f: 3\ng: 4\n',
      'a:\n  b:\n    c: {\n      d: 1,\n      e: 2 }\n    f: 3\ng: 4\n',
      'd: 1,',
      'column',
    ],
    [
      'a bracket that is closed at the start of a line',
      'a:\n  b: {\n    c: 1\n}\n  d: {}\n',
      'a:\n  b: {\n    c: 1\n   }\n  d: {}\n',
      '}',
      'column',
    ],
    [
      'a list that goes on at the start of a line',
      'a:\n  b: [1,\n2,\n    3]\n  d: {}\n',
      'a:\n  b: [1,\n    2,\n    3]\n  d: {}\n',
      '2,',
      'column',
    ],
    [
      'an alias as a key',
      'x: &n a\ny:\n  *n:\n    b: 1\n',
      'x: &n a\ny:\n  *n :\n    b: 1\n',
      '*n:',
      'alias',
    ],
  ];
  for (const [what, wrong, right, place, kind] of cases)
    it(`is read, and is one finding: ${what}`, () => {
      const tree = parseText(wrong);
      assert.deepEqual(kinds(tree.damage), [kind], JSON.stringify(tree.damage));
      assert.equal(tree.text.slice(tree.damage[0]?.at.start, tree.damage[0]?.at.end), place);
      assert.equal(mended(tree), right);
      assert.deepEqual(parseText(right).damage, []);
      assert.deepEqual(content(tree.root), content(parseText(right).root));
    });

  it('is not guessed: a bracket that nothing closes takes no entry below into itself', () => {
    const tree = parseText('a:\n  b: { c: 1,\n  d: { e: 2 }\n  f: {}\n');
    assert.deepEqual(kinds(tree.damage), [undefined]);
  });

  it('is not guessed of an alias whose anchor is nowhere', () => {
    const tree = parseText('servers:\n  *cm01:\n    os: other\n  cm02:\n');
    assert.deepEqual(kinds(tree.damage), [undefined]);
    assert.match(tree.damage[0]?.reason ?? '', /no "&cm01"/);
  });
});
