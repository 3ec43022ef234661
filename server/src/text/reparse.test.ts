import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateTopology } from '../../../test/bench/generate.ts';
import { parseText } from './parse.ts';
import { entryChange, reparse } from './reparse.ts';
import type { TextTree } from './tree.ts';

const FILE = generateTopology(400);
/** Lists of several shapes: items in braces and over several lines, at the end of an entry and in its middle. */
const LISTS = `configmgr: 2025-12
firewalls:
  wan:
    zones: [hq, branch]
    rules:
      # The first.
      - { action: allow, from: cm01, to: cm02, tcp: [135, 445] } # RPC
      - action: deny
        from: any
        to:
          - hq
          - 10.2.0.0/16

      - { action: allow, from: branch,
          to: hq }
      -
      - x: 1
    planned: true
  edge:
    rules:
    - { action: deny }
    - { action: allow }
clients:
  desktops:
    features:
      - remote-control
      - wake-up-proxy
`;

/** A tree as plain data, without its table of lines. */
const plain = ({ lines: _, ...tree }: TextTree): unknown => JSON.parse(JSON.stringify(tree));

const edit = fc.record({
  at: fc.nat({ max: FILE.length - 1 }),
  remove: fc.nat({ max: 12 }),
  insert: fc.oneof(
    fc.constantFrom(
      'x',
      ' ',
      '\n',
      ': ',
      '# note\n',
      '    os: windows-11\n',
      '  new:\n',
      '"',
      '{',
      ']',
      '- ',
      'é한',
      '\u00a0',
      '\uff1a ',
      '\r\n',
      '&a ',
      '*a',
      '\t',
      '---\n',
    ),
    fc.string({ maxLength: 5 }),
    fc.constant(''),
  ),
});

describe('reading a text again after a change', () => {
  for (const [what, file] of [
    ['a large file', FILE],
    ['lists', LISTS],
  ] as const) {
    const runs = Number(process.env.FUZZ_RUNS ?? 60) * (file === LISTS ? 2 : 1);

    it(`gives the tree that reading it whole gives, change after change, of ${what}`, () => {
      fc.assert(
        fc.property(fc.array(edit, { minLength: 1, maxLength: 12 }), (edits) => {
          let text = file;
          let tree = parseText(text);
          for (const { at, remove, insert } of edits) {
            const place = at % text.length;
            text = text.slice(0, place) + insert + text.slice(place + remove);
            tree = reparse(text, tree);
            assert.deepEqual(plain(tree), plain(parseText(text)));
          }
        }),
        { numRuns: runs },
      );
    }).timeout(600_000);

    it(`does so while lines come and go, of ${what}`, () => {
      const line = fc.record({
        at: fc.nat({ max: 100_000 }),
        remove: fc.nat({ max: 5 }),
        from: fc.nat({ max: 100_000 }),
        count: fc.nat({ max: 5 }),
      });
      fc.assert(
        fc.property(fc.array(line, { minLength: 1, maxLength: 12 }), (edits) => {
          let lines: readonly string[] = file.split('\n');
          let tree = parseText(file);
          for (const { at, remove, from, count } of edits) {
            const source = from % lines.length;
            const copied = lines
              .slice(source, source + count)
              .map((one, index) => (index % 2 ? one : one.replace(/^( +)(\w)/, `$1${'xyz'[at % 3]}$2`)));
            lines = lines.toSpliced(at % lines.length, remove, ...copied);
            const text = lines.join('\n');
            tree = reparse(text, tree);
            assert.deepEqual(plain(tree), plain(parseText(text)));
          }
        }),
        { numRuns: runs },
      );
    }).timeout(600_000);
  }

  it('gives the same tree while a line is typed', () => {
    const at = FILE.indexOf('    zone: hq\n', FILE.length / 2) + '    zone: hq\n'.length;
    let text = FILE;
    let tree = parseText(text);
    let typed = '';
    for (const letter of '    description: "Rack {12}, second floor" # new\n') {
      typed += letter;
      text = FILE.slice(0, at) + typed + FILE.slice(at);
      tree = reparse(text, tree);
      assert.deepEqual(plain(tree), plain(parseText(text)), typed);
    }
  });

  it('gives the same tree while a key is typed on any line', () => {
    const words = fc.constantFrom('d', 'zone', 'description', 'x-1', 'true', 'null', 'roles');
    fc.assert(
      fc.property(
        fc.constantFrom(FILE, LISTS),
        fc.nat(),
        // In the column of the line before it, of the next one, or further out or in.
        fc.constantFrom([0, 0], [0, 0], [1, 0], [1, 0], [0, -2], [0, -4], [1, 2]),
        words,
        fc.boolean(),
        (file, place, [next = 0, further = 0], word, twice) => {
          const lines = file.split('\n');
          const number = place % (lines.length - 1);
          const column = (/^[ -]*/.exec(lines[number + next] ?? '')?.[0].length ?? 0) + further;
          const indent = ' '.repeat(Math.max(0, column));
          let tree = parseText(file);
          const typed = twice ? [word.slice(0, 1), word] : [word];
          for (const state of [...typed, `${word}:`, word, `${word}: 1`]) {
            const text = lines.toSpliced(number + 1, 0, indent + state).join('\n');
            tree = reparse(text, tree);
            assert.deepEqual(plain(tree), plain(parseText(text)), indent + state);
          }
        },
      ),
      { numRuns: Number(process.env.FUZZ_RUNS ?? 60) * 3 },
    );
  }).timeout(600_000);

  it('gives the same tree where a key that was being typed becomes part of something else', () => {
    const file = (lines: string) => `servers:\n  cm01:\n    os: windows-11\n${lines}    roles:\n`;
    const typed = '    zone: hq\n    desc\n';
    for (let length = 1; length < 24; length++) {
      const text = file(`    zone: ${'abcdefghijklmnopqrstuvwxyz'.slice(0, length)}\n`);
      const tree = reparse(text, parseText(file(typed)));
      assert.deepEqual(plain(tree), plain(parseText(text)), text);
    }
    for (const lines of [
      '    zone: hq\n    desc\n      x: 1\n',
      '    zone: "hq\n    desc\n',
      '    zone:\n      desc\n',
    ]) {
      const text = file(lines);
      assert.deepEqual(plain(reparse(text, parseText(file(typed)))), plain(parseText(text)), text);
      const back = reparse(file(typed), parseText(text));
      assert.deepEqual(plain(back), plain(parseText(file(typed))), text);
    }
  });

  it('says that a text is whole but for a key that is being typed, and not of another mistake', () => {
    const file = (line: string) => `servers:\n  cm01:\n    zone: hq\n    ${line}\n    os: windows-11\n`;
    const isWhole = (before: string, after: string) =>
      entryChange(reparse(file(after), parseText(file(before))))?.isWhole;
    assert.equal(isWhole('', 'd'), true);
    assert.equal(isWhole('d', 'de'), true);
    assert.equal(isWhole('de', 'de: 1'), true);
    for (const mistake of ['"d', 'd e', 'zone: 1']) {
      assert.equal(isWhole(mistake, 'd'), false, mistake);
      assert.equal(isWhole(mistake, ''), false, mistake);
    }
  });

  it('gives the same tree while the last line break of a list goes and comes back', () => {
    const whole = LISTS.slice(0, LISTS.indexOf('clients:'));
    for (const file of [whole, LISTS]) {
      let tree = parseText(file);
      for (const text of [file.trimEnd(), file, `${file.trimEnd()} `, file, file.trimEnd(), `${file}\n`]) {
        tree = reparse(text, tree);
        assert.deepEqual(plain(tree), plain(parseText(text)));
      }
    }
  });

  it('finds a key that is there twice, also one that an edit brought, and none that an edit took away', () => {
    const file = (...names: readonly string[]) =>
      `servers:\n${names.map((name) => `  ${name}: { zone: hq }\n`).join('')}`;
    let tree = parseText(file('a', 'b', 'c'));
    for (const names of [
      ['a', 'x', 'c'],
      ['a', 'x', 'c', 'd'],
      ['a', 'x', 'c', 'x'],
      ['a', 'x', 'c', 'd'],
      ['a', 'b', 'c', 'd'],
      ['x', 'b', 'c', 'd'],
      ['x', 'd', 'c', 'd'],
      ['x', 'y', 'c', 'd'],
      ['x', 'c', 'd'],
      ['x', 'c', 'y', 'd'],
    ]) {
      const text = file(...names);
      tree = reparse(text, tree);
      assert.deepEqual(plain(tree), plain(parseText(text)), names.join());
    }
  });

  it('keeps the nodes of entries that did not change', () => {
    const before = parseText(FILE);
    const nodes = (tree: TextTree) =>
      tree.root?.kind === 'map'
        ? tree.root.pairs.flatMap(({ value }) => (value.kind === 'map' ? value.pairs : []))
        : [];
    const known = new Set(nodes(before));
    const after = reparse(FILE.replace('count: 4000', 'count: 40001'), before);
    assert.equal(nodes(after).filter((pair) => !known.has(pair)).length, 1);
  });

  it('keeps the nodes of an entry that say the same', () => {
    const before = parseText(LISTS);
    const rules = (tree: TextTree): readonly unknown[] => {
      const walls = tree.root?.kind === 'map' ? tree.root.pairs[1]?.value : undefined;
      const wan = walls?.kind === 'map' ? walls.pairs[0]?.value : undefined;
      const list = wan?.kind === 'map' ? wan.pairs[1]?.value : undefined;
      return list?.kind === 'seq' ? list.items : [];
    };
    const known = rules(before).slice();
    const after = rules(reparse(LISTS.replace('135', '136'), before));
    assert.deepEqual(
      after.map((rule, index) => rule === known[index]),
      [false, true, true, true, true],
    );
  });
});
