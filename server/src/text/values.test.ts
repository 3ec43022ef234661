import assert from 'node:assert/strict';
import { parseText } from './parse.ts';
import type { MapNode, Node, TextTree } from './tree.ts';
import { entries, isDamaged, nodePathAt, resolve, scalarValue } from './values.ts';

function mapOf(node: Node | undefined): MapNode {
  const target = node && resolve(node);
  assert.equal(target?.kind, 'map');
  return target as MapNode;
}

function at(tree: TextTree, ...names: string[]): Node {
  let node: Node | undefined = tree.root;
  for (const name of names) node = entries(mapOf(node)).find((entry) => entry.name === name)?.value;
  assert.ok(node, `nothing at ${names.join('/')}`);
  return node;
}

function plain(node: Node): unknown {
  const target = resolve(node);
  if (target?.kind === 'map')
    return Object.fromEntries(entries(target).map((entry) => [entry.name, plain(entry.value)]));
  if (target?.kind === 'seq') return target.items.map(plain);
  return target === undefined ? undefined : scalarValue(target);
}

describe('values of scalars', () => {
  const values: [string, unknown][] = [
    ['', null],
    ['~', null],
    ['null', null],
    ['true', true],
    ['FALSE', false],
    ['yes', 'yes'],
    ['8530', 8530],
    ['+12', 12],
    ['-3', -3],
    ['0o17', 15],
    ['0xff', 255],
    ['1.5e3', 1500],
    ['.5', 0.5],
    ['-.inf', Number.NEGATIVE_INFINITY],
    ['.NaN', Number.NaN],
    ['49152-65535', '49152-65535'],
    ['10.10.0.1', '10.10.0.1'],
    ['2017-09', '2017-09'],
    ['"443"', '443'],
    ["'true'", 'true'],
    ['!!str 443', '443'],
    ['|\n  5\n', '5\n'],
  ];
  for (const [text, value] of values)
    it(`reads ${JSON.stringify(text)} as ${String(value)}, or a port would be taken for text or text for a port`, () => {
      const node = at(parseText(`a: ${text}`), 'a');
      assert.equal(node.kind, 'scalar');
      if (node.kind === 'scalar') assert.deepEqual(scalarValue(node), value);
    });
});

describe('pairs of a map', () => {
  it('takes merged pairs in, own ones first, or a server would lose the settings it inherits by <<', () => {
    const tree = parseText('base: &b { os: x, zone: hq }\ncm01:\n  zone: dmz\n  <<: *b\n');
    const found = entries(mapOf(at(tree, 'cm01')));
    assert.deepEqual(
      found.map(({ name, merged, value }) => [name, merged, plain(value)]),
      [
        ['zone', false, 'dmz'],
        ['os', true, 'x'],
      ],
    );
    const os = found[1];
    assert.equal(os && tree.text.slice(os.pair.span.start, os.pair.span.end), 'os: x');
  });

  it('merges a list of maps, the earlier winning, and through further merges', () => {
    const tree = parseText(
      'a: &a { x: 1 }\nb: &b { x: 2, y: 2, <<: *a }\nc: &c { z: 3, <<: *b }\nd: { <<: [*a, *c] }\n',
    );
    assert.deepEqual(plain(at(tree, 'd')), { x: 1, z: 3, y: 2 });
  });

  it('keeps the first of two pairs with one name, or the later would hide what the finding points at', () => {
    assert.deepEqual(plain(at(parseText('m: { a: 1, a: 2 }'), 'm')), { a: 1 });
  });

  it('takes a quoted << as a name like any other', () => {
    assert.deepEqual(plain(at(parseText('b: &b { x: 1 }\nm: { "<<": *b }'), 'm')), { '<<': { x: 1 } });
  });

  it('ends where a map merges itself', () => {
    const tree = parseText('a: &a\n  x: 1\n  <<: *a\nb: &b { <<: [*a, *b], y: 2 }\n');
    assert.deepEqual(plain(at(tree, 'b')), { y: 2, x: 1 });
  });

  it('stays small where maps merge one another many times over', () => {
    const lines = ['m0: &m0 { a: 1 }'];
    for (let level = 1; level < 60; level++) {
      const list = Array.from({ length: 9 }, () => `*m${level - 1}`).join(', ');
      lines.push(`m${level}: &m${level} { k${level}: 1, <<: [${list}] }`);
    }
    const big = Array.from({ length: 2000 }, (_, index) => `  k${index}: 1`).join('\n');
    const many = Array.from({ length: 5000 }, (_, index) => `s${index}: { <<: *big }`).join('\n');
    const tree = parseText(`${lines.join('\n')}\nbig: &big\n${big}\n${many}\n`);
    let total = 0;
    for (const { value } of entries(mapOf(tree.root))) total += entries(mapOf(value)).length;
    assert.ok(total < 150_000, `${total} entries`);
    assert.equal(entries(mapOf(at(tree, 'm59'))).length, 60);
  });
});

describe('damage', () => {
  const tree = parseText('a: 1\nb: [1, 2\nc: 3\n');
  it('is told from what is whole, or rules would speak about what nobody wrote', () => {
    const damage = tree.damage[0];
    assert.ok(damage);
    assert.equal(isDamaged(tree, damage.span), true);
    assert.equal(isDamaged(tree, at(tree, 'b').span), true);
    assert.equal(isDamaged(tree, { start: 0, end: tree.text.length }), true);
    assert.equal(isDamaged(tree, at(tree, 'a').span), false);
    assert.equal(isDamaged(tree, at(tree, 'c').span), false);
  });
  it('covers an absent value at its edge', () => {
    const broken = parseText('a: 1\nb: ]\nc: 3\n');
    const value = at(broken, 'b');
    assert.equal(isDamaged(broken, value.span), true);
  });
});

describe('the path to a place', () => {
  const text = 'servers:\n  cm01:\n    roles: { a: , b: [x, &k y] }\n  cm02:\n';
  const tree = parseText(text);
  const names = (offset: number): string[] =>
    nodePathAt(tree, offset).map((step) =>
      'kind' in step ? step.kind : `${step.key.kind === 'scalar' ? step.key.text : '?'}:`,
    );

  it('leads from the root to the innermost node, which hover and completion start from', () => {
    assert.deepEqual(names(text.indexOf('y]')), [
      'map',
      'servers:',
      'map',
      'cm01:',
      'map',
      'roles:',
      'map',
      'b:',
      'seq',
      'scalar',
    ]);
    assert.deepEqual(names(text.indexOf('cm01') + 4), ['map', 'servers:', 'map', 'cm01:', 'scalar']);
  });
  it('finds the absent value behind its colon', () => {
    assert.deepEqual(names(text.length - 1), ['map', 'servers:', 'map', 'cm02:', 'scalar']);
    assert.deepEqual(names(text.indexOf('a:') + 2), [
      'map',
      'servers:',
      'map',
      'cm01:',
      'map',
      'roles:',
      'map',
      'a:',
      'scalar',
    ]);
  });
  it('counts the anchor as part of its node', () => {
    assert.equal(names(text.indexOf('&k')).at(-1), 'scalar');
  });
});
