// Every kind of thing that has a name is known to every feature that asks for one: a table of kinds and features.
import assert from 'node:assert/strict';
import { applyLspEdits, CURSOR, fixture, textOf } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './call-hierarchy.ts';
import { completion } from './completion.ts';
import { definition } from './definition.ts';
import { hover } from './hover.ts';
import { highlights, references } from './references.ts';
import { prepareRename, rename } from './rename.ts';
import { documentSymbols, matchingSymbols, namedSymbols } from './symbols.ts';

/** Two branches and a head office with an availability group; every kind of name is defined and used. */
export const NAMED = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  east: { networks: [10.1.0.0/16] }
  west: { networks: [10.2.0.0/16] }
sites:
  PS1: { type: primary, database: { availabilityGroup: AG1 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.0.0.10]
    roles:
      site-server:
      sms-provider:
  mp01: { site: PS1, zone: hq, addresses: [10.0.0.12], roles: { management-point: { protocol: https } } }
  sql01: { zone: hq, addresses: [10.0.0.21], roles: { sql-server: } }
  sql02: { zone: hq, addresses: [10.0.0.22], roles: { sql-server: } }
  dp-east: { site: PS1, zone: east, addresses: [10.1.0.10], roles: { distribution-point: { protocol: https } } }
  dp-west: { site: PS1, zone: west, addresses: [10.2.0.10], roles: { distribution-point: { protocol: https } } }
clients:
  east-pcs: { site: PS1, zone: east, count: 600, networks: [10.1.64.0/18] }
  west-pcs: { site: PS1, zone: west, count: 700, networks: [10.2.64.0/18] }
boundaryGroups:
  bg-east: { members: [east], servers: [dp-east, mp01], fallback: [bg-west] }
  bg-west: { members: [west-pcs], servers: [dp-west, mp01], fallback: { bg-east: [distribution-point] } }
availabilityGroups:
  AG1:
    replicas: [{ server: sql01 }, { server: sql02 }]
    listener: { name: cm-db, addresses: [10.0.0.50], port: 1500 }
addressGroups:
  branch-servers: [dp-east, dp-west]
  all-branches: [branch-servers, west]
portGroups:
  web: { tcp: [443, 10123] }
policies:
  - { name: Database, from: any, to: cm-db, tcp: 1500, except: [{ from: hq, to: cm-db }] }
firewalls:
  wan:
    zones: [hq, east, west]
    rules:
      - { action: allow, from: [east-pcs, west-pcs], to: mp01, ports: web }
      - { action: allow, from: cm01, to: branch-servers, tcp: [135, 445, 49152-65535], udp: 135 }
      - { action: deny, from: all-branches, to: cm-db }
`;

interface Kind {
  readonly kind: string;
  readonly name: string;
  /** What is before its name where it is defined. */
  readonly defined: string;
  /** What is before its name where it is used, and what its completion lists beside nothing else. */
  readonly used: string;
  /** How often it is used. */
  readonly uses: number;
  /** What its hover says. */
  readonly hover: readonly RegExp[];
  /** Of machines that are reached through it, or that it stands for: who connects to them. */
  readonly incoming?: readonly string[];
  readonly outgoing?: readonly string[];
}

const KINDS: readonly Kind[] = [
  {
    kind: 'zone',
    name: 'west',
    defined: '\n  ',
    used: 'branch-servers, ',
    uses: 4,
    hover: [/network zone/, /dp-west/, /west-pcs/],
    incoming: ['cm01', 'east-pcs'],
    outgoing: ['mp01', 'dp-east'],
  },
  {
    kind: 'boundary group',
    name: 'bg-east',
    defined: '\n  ',
    used: 'fallback: { ',
    uses: 1,
    hover: [
      /boundary group/,
      /Members \| east/,
      /Client groups \| east-pcs \(600 clients\)/,
      /Distribution point \| dp-east/,
      /Management point \| mp01/,
      /Falls back to \| bg-west \(Management point, Distribution point, Software update point\)/,
      /Falls back to this one \| bg-west \(Distribution point\)/,
    ],
    outgoing: ['dp-east', 'dp-west', 'mp01'],
  },
  {
    kind: 'boundary group',
    name: 'bg-west',
    defined: '\n  ',
    used: 'fallback: [',
    uses: 1,
    hover: [/boundary group/, /west-pcs/, /dp-west/],
    outgoing: ['dp-east', 'dp-west', 'mp01'],
  },
  {
    kind: 'address group',
    name: 'branch-servers',
    defined: '\n  ',
    used: 'cm01, to: ',
    uses: 2,
    hover: [/address group/, /dp-east, dp-west/],
    incoming: ['cm01', 'east-pcs', 'west-pcs'],
    outgoing: ['mp01'],
  },
  {
    kind: 'port group',
    name: 'web',
    defined: '\n  ',
    used: 'ports: ',
    uses: 1,
    hover: [/port group/, /443, 10123/],
  },
  {
    kind: 'listener',
    name: 'cm-db',
    defined: '{ name: ',
    used: 'all-branches, to: ',
    uses: 3,
    hover: [/cm-db/, /listener/i, /10\.0\.0\.50/, /1500/, /AG1/],
    incoming: ['cm01', 'mp01'],
  },
  {
    kind: 'availability group',
    name: 'AG1',
    defined: '\n  ',
    used: 'availabilityGroup: ',
    uses: 1,
    hover: [/availability group/, /sql01/, /cm-db/, /PS1/],
    incoming: ['cm01', 'mp01'],
  },
];

const URI = 'file:///a.topology.yaml';

/** The text with the cursor in a name, behind what is before it. */
function cursorAt(before: string, name: string): ReturnType<typeof fixture> {
  const at = NAMED.indexOf(before + name);
  assert.notEqual(at, -1, `${before}${name}`);
  const offset = at + before.length + 1;
  return fixture(NAMED.slice(0, offset) + CURSOR + NAMED.slice(offset));
}

/** Every place of a name as a whole word. */
function wordsOf(name: string): number {
  return NAMED.match(new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`, 'g'))?.length ?? 0;
}

describe('every kind of name', () => {
  it('is in a hierarchy without findings but those about rules', () => {
    const codes = analyse(NAMED)
      .findings()
      .map(({ code }) => code);
    assert.deepEqual(
      codes.filter((code) => !code.startsWith('firewall-')),
      [],
    );
  });

  for (const { kind, name, defined, used, uses, hover: says, incoming = [], outgoing = [] } of KINDS) {
    describe(`${kind} ${name}`, () => {
      it('leads from where it is used to where it is defined', () => {
        const { analysis, position } = cursorAt(used, name);
        const [link] = definition(analysis, URI, position) ?? [];
        assert.ok(link, 'no definition');
        const start = analysis.tree.lines.offsetAt(link.targetSelectionRange.start);
        assert.equal(textOf(analysis, link.targetSelectionRange), name);
        assert.equal(start, NAMED.indexOf(defined + name) + defined.length);
      });

      it('has its references and highlights, from both ends', () => {
        assert.equal(wordsOf(name), uses + 1, 'the fixture counts wrong');
        for (const before of [defined, used]) {
          const { analysis, position } = cursorAt(before, name);
          const found = references(analysis, URI, position, false);
          assert.equal(found.length, uses);
          for (const { range } of found) assert.equal(textOf(analysis, range), name);
          const marked = highlights(analysis, position);
          assert.equal(marked.length, uses + 1);
          assert.equal(marked.filter(({ kind }) => kind === 3).length, 1);
        }
      });

      it('is renamed everywhere, from both ends', () => {
        for (const before of [defined, used]) {
          const { analysis, position } = cursorAt(before, name);
          const prepared = prepareRename(analysis, position);
          assert.ok(prepared && 'range' in prepared, JSON.stringify(prepared));
          assert.equal(prepared.placeholder, name);
          assert.equal(textOf(analysis, prepared.range), name);
          const edits = rename(analysis, position, 'other');
          assert.ok(edits && !('problem' in edits), JSON.stringify(edits));
          assert.equal(
            applyLspEdits(NAMED, edits),
            NAMED.replace(new RegExp(`(?<![\\w.-])${name}(?![\\w.-])`, 'g'), 'other'),
          );
        }
      });

      it('is in the outline and in the search of the workspace', () => {
        const analysis = analyse(NAMED);
        const all = documentSymbols(analysis).flatMap((section) => [
          section,
          ...(section.children ?? []).flatMap((one) => [one, ...(one.children ?? [])]),
        ]);
        const symbol = all.find((one) => one.name === name);
        assert.ok(symbol, `not in the outline: ${all.map((one) => one.name).join(', ')}`);
        assert.ok(symbol.detail, 'without a detail');
        const found = matchingSymbols(namedSymbols(analysis, URI), name);
        assert.deepEqual(
          found.filter((one) => one.name === name).map(({ location }) => textOf(analysis, location.range)),
          [name],
        );
      });

      it('is told at the pointer, where it is defined and where it is used', () => {
        for (const before of [defined, used]) {
          const { analysis, position } = cursorAt(before, name);
          const shown = hover(analysis, position);
          assert.ok(shown && typeof shown.contents === 'object' && 'value' in shown.contents, 'no hover');
          for (const pattern of says) assert.match(shown.contents.value, pattern);
          assert.ok(shown.range);
          assert.equal(textOf(analysis, shown.range), name);
        }
      });

      it('is offered where it may be named', () => {
        const at = NAMED.indexOf(used + name) + used.length;
        const text = NAMED.slice(0, at) + CURSOR + NAMED.slice(at + name.length);
        const { analysis, position } = fixture(text);
        const offers = completion(analysis, position, { snippets: true, asIs: true, trigger: undefined });
        const offer = offers.find(({ label }) => label === name);
        assert.ok(offer, `not offered: ${offers.map(({ label }) => label).join(', ')}`);
        assert.ok(offer.detail, 'without a detail');
      });

      it('has its connections in the call hierarchy, from both ends', () => {
        if (kind === 'port group') return;
        for (const before of [defined, used]) {
          const { analysis, position } = cursorAt(before, name);
          const [item] = prepareCallHierarchy(analysis, URI, position) ?? [];
          assert.ok(item, 'no item');
          assert.equal(item.name, name);
          assert.deepEqual(
            incomingCalls(analysis, item).map(({ from }) => from.name),
            incoming,
          );
          assert.deepEqual(
            outgoingCalls(analysis, item).map(({ to }) => to.name),
            outgoing,
          );
        }
      });
    });
  }
});
