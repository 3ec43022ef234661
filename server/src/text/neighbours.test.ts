import assert from 'node:assert/strict';
import { parseText } from './parse.ts';
import { resolve } from './values.ts';

/** The keys below a top-level key, as they were read. */
function keysOf(text: string, section: string): string[] {
  const { root } = parseText(text);
  if (root?.kind !== 'map') return [];
  const value = root.pairs.find(({ key }) => key.kind === 'scalar' && key.text === section)?.value;
  const map = value === undefined ? undefined : resolve(value);
  return map?.kind === 'map' ? map.pairs.map(({ key }) => (key.kind === 'scalar' ? key.text : '?')) : [];
}

/** Where damage is reported, lines from 1. */
function damagedLines(text: string): number[] {
  const { damage, lines } = parseText(text);
  return damage.map(({ at }) => lines.positionAt(at.start).line + 1);
}

const file = (fqdn: string, protocol: string) => `configmgr: 2017-09
servers:
  one:
    site: PS1
  two:
    site: PS1
    fqdn: ${fqdn}
    roles:
      management-point: ${protocol}
  three:
    roles:
      domain-controller: { globalCatalog: true }
clients:
  desktops: { site: PS1 }
`;

describe('two mistakes close together', () => {
  for (const [what, fqdn, protocol] of [
    ['an open quote and an open brace', '"two.contoso.com', '{ protocol: https'],
    ['two open quotes', '"two.contoso.com', '"https'],
    ['two different open quotes', "'two.contoso.com", '"https'],
    ['an open bracket and an open brace', '[two.contoso.com', '{ protocol: https'],
  ] as const) {
    it(`cost only their own values: ${what}`, () => {
      const text = file(fqdn, protocol);
      assert.deepEqual(keysOf(text, 'servers'), ['one', 'two', 'three']);
      assert.deepEqual(keysOf(text, 'clients'), ['desktops']);
      assert.deepEqual(damagedLines(text), [7, 9]);
    });
  }
});
