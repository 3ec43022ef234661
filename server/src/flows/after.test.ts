// Flows after an edit of the text, of which only what may have changed is worked out again: the same flows in the same
// order as of a text that is opened afresh, and the same objects wherever they say the same.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { generateBranches } from '../../../test/bench/branches.ts';
import { generateHierarchy } from '../../../test/bench/hierarchy.ts';
import { HIERARCHY } from '../../../test/support/features.ts';
import { share } from '../../../test/support/share.ts';
import { rules } from '../rules/index.ts';
import { parseText } from '../text/parse.ts';
import { reparse, rowChange } from '../text/reparse.ts';
import type { TextTree } from '../text/tree.ts';
import type { Topology } from '../topology/model.ts';
import { readTopology, replaceEntries } from '../topology/read.ts';
import { type FlowChange, type FoundFlows, flowsAfter, foundFlows } from './compute.ts';
import type { Endpoint, Flow } from './flow.ts';
import { hierarchyOf } from './hierarchy.ts';

const RUNS = Number(process.env.FUZZ_RUNS ?? 20);

/** Every kind of reference to a machine, and machines on which others depend. */
const JOINED = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16], domainControllers: [dc2] }
  lab: { networks: [10.2.0.0/16] }
  internet: { internet: true }
sites:
  CAS:
    type: central-administration
    database: { server: db0 }
  PS1:
    type: primary
    parent: CAS
    database: { availabilityGroup: ag1 }
    contentLibrary: files
    wakeOnLan: true
    publishToActiveDirectory: [other.example]
  SS1: { type: secondary, parent: PS1 }
  SS2: { type: secondary, parent: PS1 }
servers:
  db0: { site: CAS, zone: hq, proxy: { server: proxy, port: 3128 }, roles: { site-server: , sms-provider: , sql-server: , service-connection-point: } }
  cm1: { site: PS1, zone: hq, addresses: [10.1.0.1], roles: { site-server: , sms-provider: , management-point: { cloudManagementGateway: true } } }
  cm2: { site: PS1, zone: lab, roles: { site-server: { passive: true }, distribution-point: } }
  db1: { site: PS1, zone: hq, roles: { sql-server: { instances: { MSSQLSERVER: { port: 1433 }, B: { port: 1500 } } } } }
  db2: { site: PS1, zone: lab, roles: { sql-server: { instances: { MSSQLSERVER: } } } }
  dp1: { site: PS1, zone: hq, roles: { distribution-point: { pxe: true } } }
  dp2: { site: PS1, zone: lab, roles: { distribution-point: { pullFrom: [dp1, dp3] }, fallback-status-point: } }
  dp3: { site: SS1, zone: lab, roles: { distribution-point: , management-point: , site-server: } }
  dp4: { site: SS2, zone: lab, roles: { distribution-point: } }
  up1: { site: PS1, zone: hq, roles: { software-update-point: { upstream: up2 }, wsus-server: } }
  up2: { site: CAS, zone: hq, roles: { software-update-point: { ssl: true } } }
  rp1: { site: PS1, zone: hq, roles: { reporting-services-point: { database: { server: db1, instance: B } } } }
  con: { site: PS1, zone: lab, roles: { console: } }
  dc1: { zone: hq, roles: { domain-controller: { globalCatalog: true }, dns-server: , dhcp-server: } }
  dc2: { zone: lab, trusted: true, forest: other.example, roles: { domain-controller: , dns-server: } }
  gw: { site: PS1, zone: lab, roles: { cloud-management-gateway-connection-point: } }
  files: { zone: hq, roles: { file-server: , distribution-point: } }
  proxy: { zone: hq, proxy: { server: gate, port: 8080 } }
clients:
  pcs: { site: PS1, zone: [hq, lab], installation: [client-push, group-policy], source: files }
  labs: { site: SS1, zone: lab, features: [wake-up-proxy, remote-control], proxy: { server: proxy, port: 3128 } }
  out: { site: PS1, zone: internet }
  macs: { site: PS1, zone: hq, kind: mac }
boundaryGroups:
  all: { members: [hq], servers: [dp1, cm1, dp9], fallback: [rest] }
  rest: { members: [lab], servers: [dp2, DP3, files] }
availabilityGroups:
  ag1:
    replicas: [{ server: db1 }, { server: db2 }]
    listener: { name: sql, port: 1433 }
`;

const folder = 'test/hierarchies';
const FILES = [
  ...new Set([
    ...Array(12).fill(JOINED),
    HIERARCHY,
    ...readdirSync(folder)
      .filter((name) => name.endsWith('.topology.yaml'))
      .sort()
      .map((name) => readFileSync(`${folder}/${name}`, 'utf8')),
    ...rules.flatMap(({ bad, good }) => [...bad, ...good].map(({ text }) => text)),
  ]),
].filter((text) => text.length < 40_000);
const LARGE = [generateHierarchy(0.04), generateBranches({ count: 4, clients: 100 })];

const end = ({ name, kind, zone, zones, addresses }: Endpoint) => ({ name, kind, zone, zones, addresses });

function plain(flows: readonly Flow[]): unknown {
  return flows.map(({ from, to, fromRole, toRole, entry, ...flow }) => ({
    ...flow,
    from: end(from),
    to: end(to),
    entry: entry?.id,
    roles: [fromRole, toRole].map((role) => role && [role.role, role.server.name, role.span]),
  }));
}

/** Whether what a flow is about is what the topology has. */
function isOf({ from, to, fromRole, toRole }: Flow, { servers, clients }: Topology): boolean {
  return (
    [from, to].every(
      ({ server, clients: group }) =>
        (!server || servers.get(server.id) === server) && (!group || clients.get(group.id) === group),
    ) && [fromRole, toRole].every((role) => !role || servers.get(role.server.id)?.roles.includes(role))
  );
}

/** What is in the file, and what names what. */
function named({ zones, sites, servers, clients, references, problems }: Topology): unknown {
  return {
    things: [zones, sites, servers, clients].map((section) =>
      [...section].map(([id, { name, span, key }]) => [id, name, span, key.span]),
    ),
    references: references.map(({ name, span, target }) => [name, span, target?.name, target?.span]),
    problems: problems.map(({ code, span }) => [code, span]),
  };
}

/** What pairing and rules ask of a hierarchy, in words. */
function asked(topology: Topology): unknown {
  const { parties, serving, controllers } = hierarchyOf(topology);
  const names = (list: readonly { readonly endpoint: Endpoint }[]) =>
    list.map(({ endpoint }) => endpoint.name);
  const roles = [
    ...new Set([...topology.servers.values()].flatMap((server) => server.roles.map(({ role }) => role))),
  ];
  const places = ['windows', 'mac', 'mobile-device'].flatMap((kind) => parties.places(kind));
  return {
    all: roles.map((role) => names(parties.all(role))),
    siteless: roles.map((role) => names(parties.siteless(role))),
    at: parties.sites.map((site) => roles.map((role) => names(parties.at(site, role)))),
    sites: parties.sites.map((site) => [
      names(parties.databases(site)),
      names(parties.listeners(site)),
      parties.siteServer(site)?.name,
      parties.placesAt(site).map(({ clients, zone }) => [clients.name, zone?.name]),
    ]),
    places: places.map((place) => [
      place.clients.name,
      place.zone?.name,
      serving.services(place, 'distribution-point').map(({ to, why }) => [to.endpoint.name, why.kind]),
      names(controllers.askedBy(place.group, place.zone?.id, place.assigned).plain),
    ]),
  };
}

interface Version {
  readonly tree: TextTree;
  readonly topology: Topology;
  readonly found: FoundFlows;
  readonly change?: FlowChange;
}

function opened(text: string): Version {
  const tree = parseText(text);
  const topology = readTopology(tree);
  return { tree, topology, found: foundFlows(topology) };
}

/** The next version, in which everything is as in a fresh one. */
function edited(before: Version, text: string): Version {
  const earlier = before.found.flows;
  const tree = reparse(text, before.tree);
  const row = tree === before.tree ? undefined : rowChange(tree);
  const topology = (row && replaceEntries(before.topology, tree, row)) ?? readTopology(tree);
  const { found, change } = flowsAfter(before.found, topology);
  const fresh = opened(text);
  assert.deepEqual(named(topology), named(fresh.topology), text);
  assert.deepEqual(plain(found.flows), plain(fresh.found.flows), text);
  assert.deepEqual(asked(topology), asked(fresh.topology), text);
  assert.ok(
    found.flows.every((flow) => isOf(flow, topology)),
    text,
  );
  if (change) {
    const [was, is] = [new Set(earlier), new Set(found.flows)];
    const isAll = (list: readonly Flow[], wanted: readonly Flow[]) =>
      list.length === wanted.length && wanted.every((flow) => list.includes(flow));
    assert.ok(
      isAll(
        change.gone,
        earlier.filter((flow) => !is.has(flow)),
      ),
      text,
    );
    assert.ok(
      isAll(
        change.added,
        found.flows.filter((flow) => !was.has(flow)),
      ),
      text,
    );
  }
  return { tree, topology, found, ...(change && { change }) };
}

const edit = fc.record({
  kind: fc.constantFrom('rename', 'case', 'remove', 'copy', 'move', 'word', 'word', 'word', 'line'),
  at: share,
  from: share,
});

/** Lines of entries and of what is in them, with words taken from elsewhere in the file. */
function applied(text: string, { kind, at, from }: { kind: string; at: number; from: number }): string {
  const lines = text.split('\n');
  const inSections = lines.flatMap((line, index) => {
    const section = lines.slice(0, index + 1).findLast((one) => /^\S/.test(one)) ?? '';
    return /^(?:servers|clients):/.test(section) && line.startsWith('  ') ? [index] : [];
  });
  const starts = inSections.filter((index) => /^ {2}\w[\w-]*:/.test(lines[index] ?? ''));
  const pick = (list: readonly number[], where: number) => list[Math.floor(where * list.length)] ?? 0;
  const start = pick(starts, at);
  const [, name = ''] = /^ {2}([\w-]+):/.exec(lines[start] ?? '') ?? [];
  let stop = start + 1;
  while (stop < lines.length && /^ {3}/.test(lines[stop] ?? '')) stop++;
  const words = [...new Set(text.match(/(?<=[ [{])[A-Za-z][\w-]*/g) ?? [])];
  const word = words[Math.floor(from * words.length)] ?? '';
  const renamed = (line = '', other = '') => line.replace(/^ {2}[\w-]+:/, `  ${other}:`);
  switch (kind) {
    case 'rename':
      lines[start] = renamed(lines[start], from < 0.5 ? `${name}x` : word);
      break;
    case 'case':
      lines[start] = renamed(
        lines[start],
        name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase(),
      );
      break;
    case 'remove':
      lines.splice(start, stop - start);
      break;
    case 'copy':
    case 'move': {
      const taken = lines.slice(start, stop);
      if (kind === 'copy') taken[0] = renamed(taken[0], from < 0.5 ? `${name}-2` : word);
      else lines.splice(start, stop - start);
      lines.splice(pick(starts, from), 0, ...taken);
      break;
    }
    case 'word': {
      const index = pick(inSections, at);
      const line = lines[index] ?? '';
      const places = [...line.matchAll(/(?<=[ [{])[A-Za-z][\w-]*/g)];
      const place = places[Math.floor(((at * 997) % 1) * places.length)];
      if (place) lines[index] = line.slice(0, place.index) + word + line.slice(place.index + place[0].length);
      break;
    }
    default:
      lines.splice(pick(inSections, at), 1);
  }
  return lines.join('\n');
}

/** Edits of files, each often taken back; how many edits there were, and after how many of them flows were kept. */
function holds(files: readonly string[], runs: number, steps: number): { edits: number; kept: number } {
  const count = { edits: 0, kept: 0 };
  fc.assert(
    fc.property(
      fc.constantFrom(...files),
      fc.array(fc.record({ one: edit, undone: fc.boolean() }), { minLength: 1, maxLength: steps }),
      (file, all) => {
        let text = file;
        let version = opened(text);
        for (const { one, undone } of all) {
          const next = applied(text, one);
          for (const each of undone ? [next, text] : [next]) {
            version = edited(version, each);
            count.edits++;
            if (version.change) count.kept++;
          }
          if (!undone) text = next;
        }
      },
    ),
    { numRuns: runs },
  );
  return count;
}

describe('the flows after an edit', () => {
  it('are those of the text opened afresh, in the same order, whichever machine comes, goes or changes', () => {
    const { edits, kept } = holds(FILES, RUNS * 2, 8);
    assert.ok(kept > edits / 2, `${kept} of ${edits}`);
  }).timeout(600_000);

  it('are so where names begin and cease to lead to a machine', () => {
    const { edits, kept } = holds([JOINED], RUNS, 8);
    assert.ok(kept > edits / 3, `${kept} of ${edits}`);
  }).timeout(600_000);

  it('are in the order of machines that change places, and go back', () => {
    const ports: Readonly<Record<string, string>> = {
      wsus01: '',
      wsus02: ' { httpPort: 80, httpsPort: 443 }',
      wsus03: ' { httpPort: 9000, httpsPort: 9001 }',
    };
    const entry = (name: string) => `  ${name}:\n    roles:\n      wsus-server:${ports[name]}\n`;
    const text = (...names: readonly string[]) =>
      `configmgr: 2017-09\nservers:\n${names.map(entry).join('')}`;
    const [first, second, third] = Object.keys(ports) as [string, string, string];
    let version = opened(text(first, second, third));
    for (const names of [
      [second, third, first],
      [first, second, third],
      [third, second, first],
      [first, second, third],
    ])
      version = edited(version, text(...names));
  });

  it('are so where a machine has the name of a proxy, which may be one outside the file', () => {
    const text = (server: string, group: string) =>
      JOINED.replace('  proxy: { zone: hq', `  ${server}: { zone: hq }\n  proxy: { zone: hq`).replace(
        '  macs: ',
        `  ${group}: `,
      );
    let version = opened(text('gate', 'gat1'));
    for (const [server, group] of [
      ['gat2', 'gat1'],
      ['gat2', 'gate'],
      ['gat2', 'gat1'],
      ['gate', 'gat1'],
    ] as const)
      version = edited(version, text(server, group));
  });

  it('are so in large files', () => {
    holds(LARGE, Math.ceil(RUNS / 4), 4);
  }).timeout(600_000);

  const NEW = '  new-1:\n    roles:\n      file-server:\n';
  const withNew = (text: string) => text.replace('\nclients:\n', `\n${NEW}clients:\n`);
  for (const [what, change] of [
    ['a server is named', (text: string) => text.replace('new-1', 'new-12')],
    ['a server comes', (text: string) => text.replace(NEW, `${NEW}${NEW.replace('new-1', 'new-2')}`)],
    ['a server goes', (text: string) => text.replace(NEW, '')],
    [
      'a server gets a role',
      (text: string) => text.replace(NEW, `${NEW}      dhcp-relay:\n`.replace('dhcp-relay', 'wsus-server')),
    ],
    ['a distribution point is named', (text: string) => text.replace(/^ {2}dp-\S+(?=:)/m, '$&x')],
    ['a client group is named', (text: string) => text.replace(/(?<=\nclients:\n {2})\S+(?=:)/, '$&x')],
  ] as const) {
    it(`are the same objects where ${what}, but for those of that machine`, () => {
      const file = withNew(generateHierarchy(0.04));
      const text = change(file);
      assert.notEqual(text, file);
      const before = opened(file);
      const { zones } = before.topology;
      const earlier = new Set(before.found.flows);
      const { found, topology } = edited(before, text);
      const own = found.flows.filter((flow) => !earlier.has(flow));
      const machines = new Set(own.flatMap(({ from, to }) => [from, to].map(({ name }) => name)));
      const [name = ''] = [...machines].filter((one) =>
        own.every(({ from, to }) => [from.name, to.name].includes(one)),
      );
      assert.ok(own.length === 0 || name !== '', `${own.length} flows are new`);
      assert.ok(found.flows.length - own.length > 1_000);
      const endpoints = new Set([...earlier].flatMap(({ from, to }) => [from, to]));
      for (const { from, to } of found.flows)
        for (const one of [from, to]) assert.ok(one.name === name || endpoints.has(one), one.name);
      assert.equal(topology.zones, zones, 'the model was read anew');
    });
  }
});
