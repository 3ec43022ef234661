import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { encode, TOKEN_MODIFIERS, TOKEN_TYPES, tokenDifference, tokensOf } from './semantic-tokens.ts';

/** The words of a text with what they are: `hq reference`. */
function kinds(text: string): string[] {
  return tokensOf(analyse(text)).map(({ span, type, modifiers }) =>
    [text.slice(span.start, span.end), type, ...modifiers].join(' '),
  );
}

describe('semantic tokens', () => {
  it('tell keys from the names that someone chose, and roles from both', () => {
    assert.deepEqual(
      kinds(
        'configmgr: 2017-09\nsites:\n  PS1: { type: primary }\nservers:\n  zone:\n    site: PS1\n    roles:\n      console:\n',
      ),
      [
        'configmgr section',
        '2017-09 edition',
        'sites section',
        'PS1 site declaration',
        'type key',
        'primary word',
        'servers section',
        'zone name declaration',
        'site key',
        'PS1 reference',
        'roles key',
        'console role',
      ],
    );
  });

  it('take a proxy outside the file for text, and one that is a server for that server', () => {
    const found = kinds(
      'servers: { px: , a: { proxy: { server: px, port: 1 } }, b: { proxy: { server: far.com, port: 1 } } }\n',
    );
    assert.ok(found.includes('px reference'));
    assert.ok(!found.some((one) => one.startsWith('far.com')));
  });

  it('tell a name that nothing has from one that stands for something', () => {
    const found = kinds(HIERARCHY.replace('zone: dmz', 'zone: lab'));
    assert.ok(found.includes('lab reference undefined'));
    assert.ok(found.includes('hq reference') && !found.includes('hq reference undefined'));
    assert.ok(found.includes('microsoft-update word'));
  });

  it('mark ports and addresses wherever they may be', () => {
    const found = kinds(HIERARCHY);
    for (const word of [
      '443 port',
      '8080 port',
      '49152 port',
      '65535 port',
      '10.10.0.0/16 address',
      '10.10.0.10 address',
    ])
      assert.ok(found.includes(word), word);
    assert.ok(!found.includes('4000 port'), 'a number of clients is no port');
    const rule = kinds(
      'firewalls:\n  f:\n    rules:\n      - { from: [10.0.0.1, any], to: any, tcp: any }\n',
    );
    assert.ok(rule.includes('10.0.0.1 address') && rule.filter((word) => word === 'any word').length === 3);
    assert.ok(
      kinds('clients: { a: { windowsFirewall: { inbound: [wmi, tcp/2701] } } }').includes('2701 port'),
    );
  });

  it('mark roles that the edition does not have', () => {
    const text = 'configmgr: 2025-12\nservers:\n  a: { roles: { reporting-point: , site-server: } }\n';
    assert.ok(kinds(text).includes('reporting-point role deprecated'));
    assert.ok(kinds(text).includes('site-server role'));
  });

  it('leave unknown keys, texts and comments to the editor', () => {
    assert.deepEqual(kinds('servrs: { a: }\nname: hq # zones\ndescription: |\n  zones\n'), [
      'name key',
      'description key',
    ]);
  });

  it('are inside quotes and on one line', () => {
    assert.deepEqual(kinds('"zones": { \'hq\': }\nservers: { a: { zone: "hq" } }\n'), [
      'zones section',
      'hq name declaration',
      'servers section',
      'a name declaration',
      'zone key',
      'hq reference',
    ]);
  });

  it('are the same for a range as for the whole file', () => {
    const text = readFileSync('examples/hierarchy.topology.yaml', 'utf8');
    const analysis = analyse(text);
    const all = tokensOf(analysis);
    const count = text.split('\n').length;
    fc.assert(
      fc.property(fc.nat(count), fc.nat(40), (line, length) => {
        const range = { start: { line, character: 0 }, end: { line: line + length, character: 0 } };
        const { lines } = analysis.tree;
        const [start, end] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
        const within = (tokens: typeof all) =>
          tokens.filter(({ span }) => span.start >= start && span.end <= end);
        assert.deepEqual(within(tokensOf(analysis, range)), within(all));
      }),
      { numRuns: 60 },
    );
  });

  it('are sent as five numbers each, in order, and a change as what differs', () => {
    const analysis = analyse(HIERARCHY);
    const tokens = tokensOf(analysis);
    const data = encode(analysis, tokens);
    let line = 0;
    let character = 0;
    for (const [index, { span, type, modifiers }] of tokens.entries()) {
      const [down = 0, right = 0, length = 0, kind = -1, bits = 0] = data.slice(index * 5, index * 5 + 5);
      assert.ok(down > 0 || right > 0 || index === 0);
      character = down === 0 ? character + right : right;
      line += down;
      assert.equal(analysis.tree.lines.offsetAt({ line, character }), span.start);
      assert.equal(length, span.end - span.start);
      assert.equal(TOKEN_TYPES[kind], type);
      assert.deepEqual(
        TOKEN_MODIFIERS.filter((_, bit) => bits & (1 << bit)),
        modifiers,
      );
    }
    const numbers = fc.array(fc.nat(3), { maxLength: 12 });
    fc.assert(
      fc.property(numbers, numbers, (before, after) => {
        const result = [...before];
        for (const { start, deleteCount, data: added } of tokenDifference(before, after))
          result.splice(start, deleteCount, ...added);
        assert.deepEqual(result, after);
      }),
    );
    assert.deepEqual(tokenDifference(data, data), []);
  });
});
