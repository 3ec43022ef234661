import assert from 'node:assert/strict';
import { parseText } from './parse.ts';
import type { Node, Span, TextTree } from './tree.ts';
import { entries, resolve } from './values.ts';

function sliced(tree: TextTree, span: Span): string {
  return tree.text.slice(span.start, span.end);
}

/** The tree as nested arrays of source text, which shows structure and ranges at once. */
function outline(tree: TextTree, node: Node | undefined = tree.root): unknown {
  if (node === undefined) return undefined;
  if (node.kind === 'map')
    return node.pairs.map((pair) => [outline(tree, pair.key), outline(tree, pair.value)]);
  if (node.kind === 'seq') return node.items.map((item) => outline(tree, item));
  return sliced(tree, node.span);
}

function names(tree: TextTree, ...path: string[]): string[] {
  let node = tree.root;
  for (const name of path) {
    const map = node && resolve(node);
    node = map?.kind === 'map' ? entries(map).find((entry) => entry.name === name)?.value : undefined;
  }
  const map = node && resolve(node);
  return map?.kind === 'map' ? entries(map).map((entry) => entry.name) : [];
}

describe('ranges', () => {
  it('cover each key and value exactly, or hover and fixes would touch the neighbour', () => {
    const tree = parseText(
      'name: "a \\" b"  # c\nlist:\n  - x\n  - \'it\'\'s\'\nempty:\nlast: { a: 1, b, "c":2 }\n',
    );
    assert.deepEqual(outline(tree), [
      ['name', '"a \\" b"'],
      ['list', ['x', "'it''s'"]],
      ['empty', ''],
      [
        'last',
        [
          ['a', '1'],
          ['b', ''],
          ['"c"', '2'],
        ],
      ],
    ]);
    const root = tree.root;
    assert.ok(root?.kind === 'map');
    const [, list, empty, last] = root.pairs;
    assert.ok(list && empty && last);
    assert.equal(sliced(tree, list.value.span), "- x\n  - 'it''s'");
    assert.equal(empty.value.span.start, tree.text.indexOf('empty:') + 6);
    assert.equal(sliced(tree, last.value.span), '{ a: 1, b, "c":2 }');
    assert.equal(sliced(tree, root.span), tree.text.trimEnd());
    assert.equal(sliced(tree, list.span), "list:\n  - x\n  - 'it''s'");
  });

  it('put absent keys, values and items behind their ?, : and -', () => {
    const text = '? \n: 1\n? a\n? b\n:\nc:\n  -\n  - # note\n  - x\n';
    const tree = parseText(text);
    assert.ok(tree.root?.kind === 'map');
    const spans = tree.root.pairs.map(({ key, value }) => [
      key.span.start,
      key.span.end,
      value.span.start,
      value.span.end,
    ]);
    assert.deepEqual(spans[0], [1, 1, 5, 6]);
    assert.deepEqual(spans[1], [9, 10, 10, 10]);
    assert.deepEqual(spans[2], [13, 14, 16, 16]);
    const items = tree.root.pairs[3]?.value;
    assert.ok(items?.kind === 'seq');
    assert.deepEqual(
      items.items.map((item) => item.span.start),
      [text.indexOf('-') + 1, text.indexOf('- #') + 1, text.indexOf('x')],
    );
  });

  it('take no part of the next key for the `:` of a key without a value', () => {
    const tree = parseText('? a\n:: b\n');
    assert.ok(tree.root?.kind === 'map');
    const [first, second] = tree.root.pairs;
    assert.deepEqual(first?.value.span, { start: 3, end: 3 });
    assert.deepEqual(second?.key.span, { start: 4, end: 5 });
  });

  it('know flow collections inside one another, and pairs without braces', () => {
    const tree = parseText('[a: b, {c: d}: [e], [f], ? g, : h, {}]');
    assert.deepEqual(outline(tree), [
      [['a', 'b']],
      [[[['c', 'd']], ['e']]],
      ['f'],
      [['g', '']],
      [['', 'h']],
      [],
    ]);
    assert.ok(tree.root?.kind === 'seq');
    assert.deepEqual(
      tree.root.items.map((item) => sliced(tree, item.span)),
      ['a: b', '{c: d}: [e]', '[f]', 'g', ': h', '{}'],
    );
  });

  it('take a block scalar from its header to its last line', () => {
    const tree = parseText('a: |2- # c | d\n    x\n   y # no comment\n\n\nb: >\n  folded\n  text\n');
    assert.deepEqual(outline(tree), [
      ['a', '|2- # c | d\n    x\n   y # no comment'],
      ['b', '>\n  folded\n  text'],
    ]);
    assert.deepEqual(
      tree.comments.map((comment) => comment.text),
      ['# c | d'],
    );
    assert.ok(tree.root?.kind === 'map');
    const values = tree.root.pairs.map((pair) =>
      pair.value.kind === 'scalar' ? [pair.value.style, pair.value.text] : [],
    );
    assert.deepEqual(values, [
      ['literal', '  x\n y # no comment'],
      ['folded', 'folded text\n'],
    ]);
  });

  it('count UTF-16 units in Korean text, emoji, CRLF, lone CR, a byte-order mark and tabs', () => {
    const text = '\uFEFF# 머리말\r\n이름:\t"서버 😀 1"\t# 끝\r\n"키 🗝": 값\rz: 1';
    const tree = parseText(text);
    assert.deepEqual(tree.damage, []);
    assert.deepEqual(outline(tree), [
      ['이름', '"서버 😀 1"'],
      ['"키 🗝"', '값'],
      ['z', '1'],
    ]);
    assert.deepEqual(
      tree.comments.map((comment) => sliced(tree, comment.span)),
      ['# 머리말', '# 끝'],
    );
    assert.deepEqual(tree.lines.positionAt(text.indexOf('값')), { line: 2, character: 8 });
  });
});

describe('what is beside the values', () => {
  it('finds every comment and no # in a value, or a suppression would be missed or made up', () => {
    const tree = parseText('# one\na: b#c # two\nd: "# no" #three\ne: [1, # four\n 2] # five\n#six');
    assert.deepEqual(
      tree.comments.map((comment) => comment.text),
      ['# one', '# two', '#three', '# four', '# five', '#six'],
    );
  });

  it('reports each key that is there twice, with both places', () => {
    const tree = parseText('a: 1\nb: { x: 1, "x": 2, x: 3 }\na: 2\n');
    assert.deepEqual(
      tree.duplicateKeys.map(({ first, later }) => [sliced(tree, first.span), sliced(tree, later.span)]),
      [
        ['x: 1', '"x": 2'],
        ['x: 1', 'x: 3'],
        ['a: 1', 'a: 2'],
      ],
    );
  });

  it('follows an alias to its latest anchor and reports one that has none', () => {
    const tree = parseText('a: &x 1\nb: *x\nc: &x 2\nd: *x\ne: *gone\n*x : f\n');
    assert.ok(tree.root?.kind === 'map');
    const targets = tree.root.pairs.map(({ value }) =>
      value.kind === 'alias' && value.target?.kind === 'scalar' ? value.target.text : '',
    );
    assert.deepEqual(targets, ['', '1', '', '2', '', '']);
    assert.deepEqual(
      tree.unknownAliases.map((alias) => sliced(tree, alias.span)),
      ['*gone'],
    );
    assert.deepEqual(tree.root.pairs[0]?.value.anchor, { name: 'x', span: { start: 3, end: 5 } });
  });

  it('keeps anchor and tag out of the value, in either order', () => {
    const tree = parseText('a: &x !!str 1\nb: !t &y { c: 1 }\nc: &z\n');
    assert.deepEqual(outline(tree), [
      ['a', '1'],
      ['b', [['c', '1']]],
      ['c', ''],
    ]);
    assert.ok(tree.root?.kind === 'map');
    const [a, b, c] = tree.root.pairs;
    assert.equal(a?.value.tag?.name, '!!str');
    assert.equal(b?.value.anchor?.name, 'y');
    assert.equal(c?.value.span.start, tree.text.indexOf('&z') + 2);
  });

  it('lets an alias stand for the collection it is in without going round for ever', () => {
    const tree = parseText('&a [*a, { b: *a }]');
    assert.ok(tree.root?.kind === 'seq');
    const first = tree.root.items[0];
    assert.ok(first?.kind === 'alias');
    assert.equal(first.target, tree.root);
  });

  it('takes the first document and names the place of each further one', () => {
    const tree = parseText('---\na: 1\n--- # second\nb: 2\n...\n%YAML 1.2\n---\nc: *none\n');
    assert.deepEqual(outline(tree), [['a', '1']]);
    assert.deepEqual(
      tree.extraDocuments.map((span) => [span.start, sliced(tree, span)]),
      [
        [9, '---'],
        [tree.text.lastIndexOf('---'), '---'],
      ],
    );
    assert.deepEqual(tree.unknownAliases, []);
    assert.deepEqual(
      tree.comments.map((comment) => comment.text),
      ['# second'],
    );
  });

  it('has no root for an empty text, a comment or blanks', () => {
    for (const text of ['', '# only this', '\n\n', '\uFEFF', '---\n'])
      assert.equal(parseText(text).root, undefined);
  });
});

describe('a damaged text', () => {
  const file = (roles: string): string =>
    `configmgr: 2017-09\nservers:\n  cm01:\n    site: PS1\n    roles:\n${roles}  sql01:\n    zone: hq\nclients:\n  desk:\n    site: PS1\n`;

  const cases: [string, string, string, RegExp][] = [
    ['a half-typed key', '      manag\n      site-server:\n', 'manag', /needs a ":"/],
    ['a quote that is not closed', '      site-server: "x\n      sms-provider:\n', '"x', /never closed/],
    [
      'a bracket that is not closed',
      '      site-server: [1, 2\n      sms-provider:\n',
      '[1, 2',
      /"\[" .*never closed/,
    ],
    ['a bracket too many', '      site-server: {}}\n      sms-provider:\n', '}', /closes nothing/],
    ['a tab', '\tsite-server:\n      sms-provider:\n', '\t', /tab/],
    [
      'a wrong column',
      '      site-server:\n      sms-provider: {}\n     console:\n',
      'console',
      /indented by 5 spaces/,
    ],
    [
      'a missing blank',
      '      site-server:\n      console:{ }\n      sms-provider:\n',
      ':',
      /space is missing/,
    ],
    [
      'a control character',
      '      site-server: a\u0000b\n      sms-provider:\n',
      '\u0000',
      /control character/,
    ],
  ];
  for (const [what, roles, place, reason] of cases)
    it(`is read round ${what}: one finding at its place, all else as if nothing had happened`, () => {
      const tree = parseText(file(roles));
      assert.deepEqual(names(tree), ['configmgr', 'servers', 'clients']);
      assert.deepEqual(names(tree, 'servers'), ['cm01', 'sql01']);
      assert.deepEqual(names(tree, 'servers', 'cm01'), ['site', 'roles']);
      assert.deepEqual(names(tree, 'clients', 'desk'), ['site']);
      assert.equal(tree.damage.length, 1, JSON.stringify(tree.damage));
      const damage = tree.damage[0];
      assert.ok(damage);
      assert.equal(sliced(tree, damage.at), place);
      assert.match(damage.reason, reason);
      assert.ok(damage.span.start <= damage.at.start && damage.at.end <= damage.span.end);
    });

  it('keeps both sides of a merge conflict and reports the conflict once, not its double keys', () => {
    const tree = parseText(
      file(
        '<<<<<<< HEAD\n      site-server:\n      console:\n=======\n      site-server:\n      sms-provider:\n>>>>>>> branch\n',
      ),
    );
    assert.deepEqual(names(tree, 'servers', 'cm01', 'roles'), ['site-server', 'console', 'sms-provider']);
    assert.deepEqual(names(tree, 'servers'), ['cm01', 'sql01']);
    assert.equal(tree.damage.length, 1);
    assert.match(tree.damage[0]?.reason ?? '', /merge conflict/);
    assert.equal(tree.damage[0] && sliced(tree, tree.damage[0].at), '<<<<<<< HEAD');
    assert.deepEqual(tree.duplicateKeys, []);
  });

  it('leaves the common ancestor of a three-way conflict out', () => {
    const tree = parseText('a: 0\n<<<<<<< x\nb: 1\n||||||| base\nold: 1\n=======\nc: 1\n>>>>>>> y\nd: 1\n');
    assert.deepEqual(names(tree), ['a', 'b', 'c', 'd']);
  });

  it('keeps the name of a server that lost its colon, and what it holds', () => {
    const tree = parseText('servers:\n  cm01\n    site: PS1\n  cm02:\n    site: PS2\n');
    assert.deepEqual(names(tree, 'servers'), ['cm01', 'cm02']);
    assert.deepEqual(names(tree, 'servers', 'cm01'), ['site']);
    assert.ok(tree.root?.kind === 'map');
    const servers = tree.root.pairs[0]?.value;
    assert.ok(servers?.kind === 'map');
    assert.equal(servers.pairs[0] && sliced(tree, servers.pairs[0].key.span), 'cm01');
    assert.equal(servers.pairs[0] && sliced(tree, servers.pairs[0].value.span), 'site: PS1');
  });

  it('finds three separate mistakes in one go', () => {
    const tree = parseText(
      'zones:\n  hq: { networks: [10.0.0.0/8 }\nsites:\n  PS1:\n    type: "primary\nservers:\n  cm01:\n    site PS1\n    zone: hq\n',
    );
    assert.equal(tree.damage.length, 3, JSON.stringify(tree.damage));
    assert.deepEqual(names(tree), ['zones', 'sites', 'servers']);
    assert.deepEqual(names(tree, 'servers', 'cm01'), ['site', 'zone']);
  });

  it('keeps Windows line ends and a byte-order mark straight while it mends', () => {
    const text = '\uFEFFservers:\r\n  cm01:\r\n    site: "PS1\r\n    zone: hq\r\n';
    const tree = parseText(text);
    assert.deepEqual(names(tree, 'servers', 'cm01'), ['site', 'zone']);
    assert.equal(tree.damage[0] && sliced(tree, tree.damage[0].at), '"PS1');
  });

  it('says that a binary file is one', () => {
    const tree = parseText(
      Array.from({ length: 4000 }, (_, index) => String.fromCharCode((index * 7919) % 256)).join(''),
    );
    assert.equal(tree.damage.length, 1);
    assert.match(tree.damage[0]?.reason ?? '', /not text/);
    assert.equal(tree.root, undefined);
  });

  it('reads on after a value nested too deep', () => {
    const tree = parseText(`a: 1\nb: ${'['.repeat(150)}${']'.repeat(150)}\nc: 2\n`);
    assert.deepEqual(
      names(tree).filter((name) => name !== 'b'),
      ['a', 'c'],
    );
    assert.match(tree.damage[0]?.reason ?? '', /100 levels/);
  });
});
