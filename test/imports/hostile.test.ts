// Whatever a file holds, what is imported is YAML that reads without a mistake, or one line that says why not.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../../server/src/analysis.ts';
import { readers } from '../../server/src/imports/index.ts';
import { isImportError } from '../../server/src/imports/model.ts';
import { ATTACKS } from '../exports/hostile.ts';
import { imported, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones: { a: { networks: [10.1.0.0/16] }, b: { networks: [10.2.0.0/16, "2001:db8::/32"] } }
servers: { a1: { zone: a, addresses: 10.1.0.1 } }
`;
const base = topologyOf(BASE);

const ODD: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1e308,
  1.5,
  2 ** 53,
  '',
  ' ',
  '*',
  'any',
  '0',
  '65536',
  '443-80',
  '1-99999999999999999999',
  '10.0.0.0/33',
  '999.1.1.1',
  '10.0.0.9-10.0.0.1',
  '::/0',
  '__proto__',
  'constructor',
  'cmtopo-disable firewall-blocked',
  '# cmtopo-disable-next-line firewall-blocked',
  '"]: &a *a !!binary {',
  [],
  {},
  [[]],
  [null],
  { __proto__: null, value: [1, {}], Count: 2 },
  ...ATTACKS,
];
const odd = fc.oneof(
  fc.constantFrom(...ODD),
  fc.constantFrom(...ATTACKS).map((text) => [text]),
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.jsonValue({ maxDepth: 3 }),
);

/** Rules as they should be, of which any part is then replaced. */
const AZURE = {
  type: 'Microsoft.Network/networkSecurityGroups',
  name: 'nsg-a',
  properties: {
    securityRules: [
      {
        name: 'one',
        properties: {
          description: 'text',
          priority: 100,
          direction: 'Inbound',
          access: 'Allow',
          protocol: 'Tcp',
          sourceAddressPrefix: '*',
          sourcePortRange: '*',
          destinationAddressPrefixes: ['10.1.0.1', '10.1.0.2'],
          destinationPortRanges: ['80', '90-99'],
          destinationApplicationSecurityGroups: [{ id: '/x/y' }],
        },
      },
    ],
  },
};
const WINDOWS = [
  {
    Name: '{1}',
    DisplayName: 'One',
    Description: 'text',
    Direction: 'Inbound',
    Action: 'Allow',
    Enabled: 'True',
    Profile: 'Any',
    Protocol: 'TCP',
    LocalPort: '80',
    RemotePort: 'Any',
    LocalAddress: 'Any',
    RemoteAddress: '10.2.0.1',
    IcmpType: 'Any',
    Program: 'Any',
  },
];
const where = { family: 'inet', table: 'filter' };
const NFT = {
  nftables: [
    { table: { family: 'inet', name: 'filter' } },
    { set: { ...where, name: 'hosts', elem: ['10.1.0.1', { range: ['10.2.0.1', '10.2.0.9'] }] } },
    { chain: { ...where, name: 'sub' } },
    { chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
    {
      rule: {
        ...where,
        chain: 'forward',
        handle: 1,
        comment: 'one',
        expr: [
          { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@hosts' } },
          {
            match: {
              op: '==',
              left: { payload: { protocol: 'tcp', field: 'dport' } },
              right: { set: [80, 443] },
            },
          },
          { jump: { target: 'sub' } },
        ],
      },
    },
    {
      rule: { ...where, chain: 'sub', handle: 2, expr: [{ jump: { target: 'forward' } }, { accept: null }] },
    },
  ],
};

/** The same value with a part of it replaced, somewhere. */
function replaced(value: unknown, part: unknown, place: number): { value: unknown; left: number } {
  if (place === 0) return { value: part, left: -1 };
  let left = place - 1;
  if (typeof value !== 'object' || value === null) return { value, left };
  const entries = Object.entries(value).map(([key, inner]) => {
    if (left < 0) return [key, inner] as const;
    const next = replaced(inner, part, left);
    left = next.left;
    return [key, next.value] as const;
  });
  return {
    value: Array.isArray(value) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries),
    left,
  };
}

function holds(text: string, format?: string): void {
  for (const topology of [undefined, base]) {
    const choices = { zones: ['a', 'b'], topology, ...(format === undefined ? {} : { format }) };
    let found: ReturnType<typeof imported>;
    try {
      found = imported(text, choices);
    } catch (error) {
      assert.ok(isImportError(error), error instanceof Error ? error.stack : String(error));
      assert.doesNotMatch(error.message, /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      continue;
    }
    withImported(BASE, found);
    assert.doesNotMatch(found.text.replaceAll('\n', ''), /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    const codes = analyse(`${BASE}${found.text}`)
      .findings()
      .map(({ code }) => code)
      .filter(
        (code) => !code.startsWith('firewall-') && code !== 'unused-definition' && code !== 'sites-missing',
      );
    assert.deepEqual(codes, [], found.text);
    // A comment of the source never speaks to the checker.
    assert.doesNotMatch(found.text, /^\s*#+[ \t]*cmtopo-/m);
  }
}

describe('a hostile file', () => {
  const sources = { nsg: AZURE, windows: WINDOWS, nftables: NFT };
  for (const [format, source] of Object.entries(sources)) {
    it(`of ${format} gives YAML that reads without a mistake, whatever stands in its places`, function () {
      this.timeout('120s');
      for (const [index, attack] of ODD.entries()) {
        for (let at = index % 6; at < 60; at += 6) {
          holds(JSON.stringify(replaced(source, attack, at).value), format);
        }
      }
      fc.assert(
        fc.property(odd, odd, fc.nat(60), fc.nat(60), (one, other, here, there) => {
          const first = replaced(source, one, here).value;
          holds(JSON.stringify(replaced(first, other, there).value), format);
        }),
        { numRuns: 200 },
      );
    });
  }

  it('of any other shape is refused, or read without a mistake', () => {
    fc.assert(
      fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' }), fc.constantFrom(...ATTACKS)), (text) => {
        for (const format of Object.keys(readers)) {
          holds(text, format);
        }
      }),
    );
  });

  it('that is huge or nested without end is read or refused in bounded time', function () {
    this.timeout('120s');
    const deep = (open: string, close: string) => `${open.repeat(200_000)}1${close.repeat(200_000)}`;
    for (const format of Object.keys(readers)) {
      for (const text of [
        deep('[', ']'),
        deep('{"resources":', '}'),
        deep('{"properties":{"template":', '}}'),
      ]) {
        holds(text, format);
      }
    }
    const expr = `[{"match":{"op":"==","left":${deep('{"concat":[', ']}')},"right":1}},{"accept":null}]`;
    const [, , , chain] = NFT.nftables;
    holds(
      `{"nftables":[${JSON.stringify(chain)},{"rule":{"family":"inet","table":"filter","chain":"forward","expr":${expr}}}]}`,
    );
    const rule = AZURE.properties.securityRules[0];
    const rules = Array.from({ length: 4000 }, (_, index) => ({
      ...rule,
      properties: { ...rule?.properties, priority: index },
    }));
    const start = performance.now();
    imported(JSON.stringify({ ...AZURE, properties: { securityRules: rules } }), {
      zones: ['a', 'b'],
      topology: base,
    });
    assert.ok(performance.now() - start < 20_000);
  });

  it('whose lists are referred to again and again is refused, before it fills the memory', function () {
    this.timeout('120s');
    const long = Array.from({ length: 20_000 }, (_, index) => `10.${index >> 8}.${index & 255}.1`);
    const where = { family: 'inet', table: 'filter' };
    const rules = Array.from({ length: 2000 }, (_, handle) => ({
      rule: {
        ...where,
        chain: 'forward',
        handle,
        expr: [
          { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '@long' } },
          { accept: null },
        ],
      },
    }));
    const nftables = [
      { set: { ...where, name: 'long', elem: long } },
      { chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' } },
      ...rules,
    ];
    const group = { type: AZURE.type, name: 'g', properties: { securityRules: "[variables('rules')]" } };
    const rule = AZURE.properties.securityRules[0];
    const template = {
      $schema: 'x',
      variables: {
        long,
        rules: Array.from({ length: 2000 }, (_, priority) => ({
          name: 'r',
          properties: { ...rule?.properties, priority, destinationAddressPrefixes: "[variables('long')]" },
        })),
      },
      resources: Array.from({ length: 2000 }, () => group),
    };
    for (const source of [{ nftables }, template]) {
      const start = performance.now();
      assert.throws(
        () => imported(JSON.stringify(source), { zones: ['a', 'b'] }),
        (error) => isImportError(error) && /come to too much/.test(error.message),
      );
      assert.ok(performance.now() - start < 60_000);
    }
  });

  it('whose chains multiply is refused', () => {
    const where = { family: 'inet', table: 'filter' };
    const conditional = (port: number) => ({
      match: {
        op: '==',
        left: { payload: { protocol: 'tcp', field: 'dport' } },
        right: { set: [port, port + 1] },
      },
    });
    const chains = Array.from({ length: 12 }, (_, index) => ({ chain: { ...where, name: `c${index}` } }));
    const rules = chains.flatMap((_, index) =>
      Array.from({ length: 8 }, (_, at) => ({
        rule: {
          ...where,
          chain: `c${index}`,
          handle: at,
          expr:
            index === 11
              ? [conditional(at * 3 + 1), { return: null }]
              : [{ jump: { target: `c${index + 1}` } }],
        },
      })),
    );
    const base = {
      chain: { ...where, name: 'forward', type: 'filter', hook: 'forward', prio: 0, policy: 'drop' },
    };
    const start = { rule: { ...where, chain: 'forward', handle: 1, expr: [{ jump: { target: 'c0' } }] } };
    assert.throws(
      () => imported(JSON.stringify({ nftables: [base, ...chains, start, ...rules] }), { zones: ['a', 'b'] }),
      (error) => isImportError(error),
    );
  });
});
