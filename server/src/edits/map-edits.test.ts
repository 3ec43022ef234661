import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseText } from '../text/parse.ts';
import type { MapNode, Pair, TextTree } from '../text/tree.ts';
import { resolve, scalarValue } from '../text/values.ts';
import { insertKey, listToMap, removePair } from './map-edits.ts';
import { applyEdits } from './text-edit.ts';

/** A small YAML value: enough shapes to meet every style at every depth. */
type Value = string | Value[] | { [key: string]: Value };

const scalarText = fc.constantFrom('1', 'a', '"b c"', "'d'", '');
const value = fc.letrec<{ node: Value; map: Value; list: Value }>((tie) => ({
  node: fc.oneof({ maxDepth: 3 }, scalarText, tie('map'), tie('list')),
  map: fc.dictionary(fc.constantFrom('k1', 'k2', 'k3', 'k4'), tie('node'), { minKeys: 1, maxKeys: 4 }),
  list: fc.array(tie('node'), { minLength: 1, maxLength: 3 }),
}));

/** Writes a value in block or flow style, with comments, as `choose` decides. */
function write(of: Value, indent: string, choose: () => number, flow: boolean): string {
  if (typeof of === 'string') return of;
  const inFlow = flow || choose() % 3 === 0;
  if (inFlow) {
    const parts = Array.isArray(of)
      ? of.map((item) => write(item, indent, choose, true) || '~')
      : Object.entries(of).map(([key, item]) => `${key}: ${write(item, indent, choose, true)}`.trimEnd());
    const [open, close] = Array.isArray(of) ? ['[', ']'] : ['{', '}'];
    if (choose() % 4 === 0) {
      const inner = `${indent}    `;
      return `${open} # c${choose() % 10}\n${parts.map((part) => `${inner}${part},\n`).join('')}${indent}  ${close}`;
    }
    return `${open} ${parts.join(', ')} ${close}`;
  }
  const below = `${indent}  `;
  const comment = () => (choose() % 3 === 0 ? ` # c${choose() % 10}` : '');
  const above = () => (choose() % 4 === 0 ? `${below}# above ${choose() % 10}\n` : '');
  const lines = Array.isArray(of)
    ? of.map((item) => {
        const text = write(item, below, choose, typeof item !== 'string');
        return `${above()}${below}- ${text || '~'}${text.includes('\n') ? '' : comment()}\n`;
      })
    : Object.entries(of).map(([key, item]) => {
        const text = write(item, below, choose, false);
        const nested = text.startsWith('\n');
        return `${above()}${below}${key}:${nested ? '' : ' '}${text}${text.includes('\n') ? '' : comment()}${text.endsWith('\n') ? '' : '\n'}`;
      });
  return `\n${lines.join('')}`;
}

const document = fc
  .tuple(
    fc.dictionary(fc.constantFrom('r1', 'r2', 'r3'), value.node, { minKeys: 1 }),
    fc.infiniteStream(fc.nat(1000)),
    fc.constantFrom('\n', '\r\n'),
  )
  .map(([root, stream, nl]) => {
    const choices = stream[Symbol.iterator]();
    const text = Object.entries(root)
      .map(([key, item]) => {
        const written = write(item, '', () => Number(choices.next().value), false);
        return `${key}:${written.startsWith('\n') ? '' : ' '}${written}${written.endsWith('\n') ? '' : '\n'}`;
      })
      .join('');
    return text.replaceAll('\n', nl);
  });

/** What a tree means, for comparing before and after. */
function meaning(tree: TextTree): unknown {
  const visit = (node: Parameters<typeof resolve>[0] | undefined): unknown => {
    const target = node && resolve(node);
    if (target === undefined) return null;
    if (target.kind === 'scalar') return scalarValue(target);
    if (target.kind === 'seq') return target.items.map(visit);
    return Object.fromEntries(target.pairs.map(({ key, value }) => [visit(key), visit(value)]));
  };
  return visit(tree.root);
}

interface Found {
  readonly map: MapNode;
  readonly path: readonly (string | number)[];
}

function maps(tree: TextTree): Found[] {
  const found: Found[] = [];
  const visit = (
    node: Parameters<typeof resolve>[0] | undefined,
    path: readonly (string | number)[],
  ): void => {
    if (node?.kind === 'map') {
      found.push({ map: node, path });
      for (const { key, value } of node.pairs)
        visit(value, [...path, key.kind === 'scalar' ? key.text : '?']);
    } else if (node?.kind === 'seq') {
      for (const [index, item] of node.items.entries()) visit(item, [...path, index]);
    }
  };
  visit(tree.root, []);
  return found;
}

function at(root: unknown, path: readonly (string | number)[]): Record<string, unknown> {
  let value = root;
  for (const step of path) value = (value as Record<string | number, unknown>)[step];
  return value as Record<string, unknown>;
}

const pairs = (tree: TextTree) =>
  maps(tree).flatMap(({ map, path }) =>
    map.pairs.map((pair): Found & { pair: Pair } => ({ map, path, pair })),
  );

/** The lines that an edit took away and put in; the rest is the same by construction. */
const parsed = (text: string) => {
  const tree = parseText(text);
  assert.deepEqual(tree.damage, [], JSON.stringify(text));
  return tree;
};

describe('edits of the tree', () => {
  it('insert a key into any map of any file and change nothing else', () => {
    fc.assert(
      fc.property(
        document,
        fc.nat(),
        fc.boolean(),
        fc.constantFrom('v', '', '[x, y]'),
        (text, pick, first, content) => {
          const tree = parsed(text);
          const all = maps(tree);
          const found = all[pick % all.length];
          assert.ok(found);
          const edit = insertKey(tree, { map: found.map }, 'fresh', content, { first });
          assert.ok(edit, text);
          const result = applyEdits(text, [edit]);
          const after = meaning(parsed(result));
          const wanted = meaning(tree);
          at(wanted, found.path).fresh = content === '' ? null : content === 'v' ? 'v' : ['x', 'y'];
          assert.deepEqual(after, wanted, `${text}\n->\n${result}`);
          assert.equal(result.replaceAll('\r\n', '').includes('\r'), false);
          if (text.includes('\r\n')) assert.equal(/(?<!\r)\n/.test(result), false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('insert a key below any empty value', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, pick) => {
        const tree = parsed(text);
        const all = pairs(tree).filter(({ pair }) => pair.value.kind === 'scalar' && pair.value.text === '');
        fc.pre(all.length > 0);
        const found = all[pick % all.length];
        assert.ok(found?.pair.key.kind === 'scalar');
        const edit = insertKey(tree, { holder: found.pair }, 'fresh', 'v');
        assert.ok(edit, text);
        const wanted = meaning(tree);
        at(wanted, found.path)[found.pair.key.text] = { fresh: 'v' };
        const result = applyEdits(text, [edit]);
        assert.deepEqual(meaning(parsed(result)), wanted, `${text}\n->\n${result}`);
      }),
      { numRuns: 300 },
    );
  });

  it('remove any pair and leave every other one', () => {
    fc.assert(
      fc.property(document, fc.nat(), (text, pick) => {
        const tree = parsed(text);
        const all = pairs(tree);
        const found = all[pick % all.length];
        assert.ok(found?.pair.key.kind === 'scalar');
        const edit = removePair(tree, found.map, found.pair);
        assert.ok(edit, text);
        const result = applyEdits(text, [edit]);
        const wanted = meaning(tree);
        delete at(wanted, found.path)[found.pair.key.text];
        // A block map without pairs is nothing at all.
        const emptied = found.map.pairs.length === 1 && !found.map.flow;
        const after = meaning(parsed(result));
        if (!emptied) assert.deepEqual(after, wanted, `${text}\n->\n${result}`);
        else if (found.path.length > 0) {
          const holder = at(wanted, found.path.slice(0, -1));
          const last = found.path.at(-1) ?? '';
          const left = at(after, found.path.slice(0, -1))[last];
          holder[last] = left;
          assert.ok(left === null || Object.keys(left as object).length === 0);
          assert.deepEqual(after, wanted, `${text}\n->\n${result}`);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('make a map of a list of names, comments and columns kept', () => {
    const cases = [
      ['roles: [a, "b"] # c\n', 'roles: {a, "b"} # c\n'],
      ['roles:\n  # x\n  - a # y\n  - b\n', 'roles:\n  # x\n    a: # y\n    b:\n'],
      ['roles:\r\n- a\r\n-   b\r\n', 'roles:\r\n  a:\r\n  b:\r\n'],
      [
        'roles:\n  - a\n  - b: { c: 1 }\n  - d:\n      e: 1\n',
        'roles:\n    a:\n    b: { c: 1 }\n    d:\n      e: 1\n',
      ],
    ] as const;
    for (const [before, wanted] of cases) {
      const tree = parseText(before);
      const list = tree.root?.kind === 'map' ? tree.root.pairs[0]?.value : undefined;
      assert.ok(list?.kind === 'seq');
      const edits = listToMap(tree, list);
      assert.ok(edits, before);
      assert.equal(applyEdits(before, edits), wanted);
      assert.deepEqual(parseText(wanted).damage, []);
    }
    for (const bad of ['roles: [a, a]\n', 'roles: [[a]]\n', 'roles: []\n', 'roles: [{ a: 1 }]\n']) {
      const tree = parseText(bad);
      const list = tree.root?.kind === 'map' ? tree.root.pairs[0]?.value : undefined;
      assert.ok(list?.kind === 'seq');
      assert.equal(listToMap(tree, list), undefined, bad);
    }
  });
});
