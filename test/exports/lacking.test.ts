// What 'write all rules that this firewall lacks' and the first fixes promise, on random hierarchies behind closed firewalls.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { applyEdits } from '../../server/src/edits/text-edit.ts';
import { nftables } from '../../server/src/exports/firewall/nftables.ts';
import { exportReport } from '../../server/src/exports/firewall/rules.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { ALL_PORTS, difference, formatPorts, type PortSet, portSet } from '../../server/src/reach/ports.ts';
import { contextOf } from '../../server/src/rules/check.ts';
import { mistakenFlows } from '../../server/src/rules/firewalls/mistaken-flows.ts';
import type { FirewallRule, Server, Topology } from '../../server/src/topology/model.ts';
import { lackingIn } from '../../server/src/write-rules.ts';
import { topologies } from '../flows/topologies.ts';
import { matches, readNftables } from './printed.ts';
import { isIn, type World, world } from './world.ts';

const SETTINGS = { rules: {} };
const NONE_TOO_MANY = /^firewall-(?:broad|unused|shadowed|rpc|internet)/;
const LACKS = /-blocked|^firewall-rpc|^tftp|^wake/;

/** The hierarchy with one firewall between all of its zones, in block style where rules come. */
function behindFirewall({ text }: World): string {
  const { configmgr, ...rest } = JSON.parse(text);
  const zones = Object.keys(rest.zones);
  const parts = Object.entries<object>(rest).map(([key, value]) => {
    const entries = Object.entries(value).map(([name, one]) => `  ${name}: ${JSON.stringify(one)}\n`);
    return entries.length === 0 ? '' : `${key}:\n${entries.join('')}`;
  });
  return `configmgr: ${configmgr}\n${parts.join('')}firewalls:\n  edge:\n    zones: [${zones.join(', ')}]\n    rules:\n`;
}

/**
 * Clients that are only on the internet, and yet have addresses of a network inside, are a contradiction: to let that
 * network through lets the internet through, and not to is a lack.
 */
function withoutInsiders(here: World): World {
  const plain = JSON.parse(here.text);
  for (const group of Object.values<{ zone?: string | string[]; networks?: string[] }>(plain.clients)) {
    const zones = [group.zone ?? []].flat();
    if (zones.length > 0 && zones.every((zone) => plain.zones[zone]?.internet)) delete group.networks;
  }
  return { ...here, text: JSON.stringify(plain) };
}

function written(text: string): string | undefined {
  const lacks = lackingIn(analyse(text), SETTINGS);
  if (lacks === undefined) return undefined;
  return lacks.reduce((current, { edits }) => applyEdits(current, edits()), text);
}

/** What a word of a rule stands for, plainly. */
function hasWord(word: string, address: string, here: World): boolean {
  const { zones, servers, clients, availabilityGroups = {} } = JSON.parse(here.text);
  if (zones[word]?.internet) return !isIn(here.inside, address);
  if (zones[word])
    return isIn(zones[word].networks ?? [], address) || machinesIn(word).some((one) => isIn(one, address));
  if (servers[word]) return isIn(servers[word].addresses, address);
  if (clients[word]) {
    const group = clients[word];
    const zones = [group.zone ?? []].flat();
    if (group.networks && (zones.length < 2 || isIn(group.networks, address)))
      return isIn(group.networks, address);
    // Of a group in several zones, its networks are those in one of them; a server in the zone is no client.
    return zones.some((zone: string) =>
      JSON.parse(here.text).zones[zone]?.internet
        ? hasWord(zone, address, here)
        : isIn(JSON.parse(here.text).zones[zone]?.networks ?? [], address),
    );
  }
  const listener = Object.values<{ listener?: { name?: string; addresses: string[] } }>(availabilityGroups)
    .map((group) => group.listener)
    .find((one) => one?.name === word);
  if (listener) return isIn(listener.addresses, address);
  return isIn([word], address);

  function machinesIn(zone: string): readonly string[][] {
    const { defaults } = JSON.parse(here.text);
    return Object.values<{ zone?: string; addresses: string[] }>(servers)
      .filter((server) => (server.zone ?? defaults.zone) === zone)
      .map(({ addresses }) => addresses);
  }
}

/** The zones that an address may be in. */
function zonesOf(address: string, here: World): readonly string[] {
  return Object.keys(JSON.parse(here.text).zones).filter((zone) => hasWord(zone, address, here));
}

function isOnInternet(address: string, here: World): boolean {
  const { zones, servers } = JSON.parse(here.text);
  return Object.values<{ zone?: string; addresses: string[] }>(servers).some(
    (server) => isIn(server.addresses, address) && zones[server.zone ?? '']?.internet,
  );
}

/** Whether a rule for a group in several zones, which may name one of these zones, is for an address as well. */
function isInScatteredGroup(address: string, here: World): boolean {
  const { clients } = JSON.parse(here.text);
  return Object.entries<{ zone?: string | string[] }>(clients).some(([name, { zone }]) => {
    const zones = [zone ?? []].flat();
    return zones.length > 1 && [name, ...zones].some((word) => hasWord(word, address, here));
  });
}

/** Whether nobody can tell where a listener has an address: an export leaves it out, a rule names the listener. */
function isListenerNowhere(address: string, here: World): boolean {
  const listeners = Object.values<{ listener?: { addresses: string[] } }>(
    JSON.parse(here.text).availabilityGroups ?? {},
  ).flatMap(({ listener }) => listener?.addresses ?? []);
  return isIn(listeners, address) && zonesOf(address, here).length === 0;
}

function portsIn(rules: readonly FirewallRule[], protocol: 'tcp' | 'udp' | 'icmp'): PortSet {
  return portSet(
    rules.flatMap((rule) => {
      if (protocol === 'icmp') return rule.icmp?.value ? [{ low: 0, high: 0 }] : [];
      const ports = rule[protocol];
      return ports === 'any' ? ALL_PORTS : (ports ?? []).map(({ value }) => value);
    }),
  );
}

describe('all rules that a firewall lacks, on random hierarchies', function () {
  this.timeout('240s');

  it('are enough, none too many, and the same that an export has', () => {
    let count = 0;
    fc.assert(
      fc.property(topologies, (raw) => {
        const here = withoutInsiders(world(raw));
        const text = behindFirewall(here);
        const result = written(text);
        if (result === undefined) return;
        const analysis = analyse(result);
        const left = lackingIn(analysis, SETTINGS) ?? [];
        assert.deepEqual(
          left.flatMap(({ rules }) => rules),
          [],
          result,
        );
        const said = analysis
          .findings()
          .filter(({ code }) => NONE_TOO_MANY.test(code) || (left.length === 0 && LACKS.test(code)));
        assert.deepEqual(
          said.map(({ code, message }) => `${code}: ${message}`),
          [],
          result,
        );
        count++;
        const { topology } = analysis;
        const isMistaken = mistakenFlows(contextOf(analysis, SETTINGS));
        const firewall =
          [...topology.firewalls.values()].find(({ name }) => name === 'edge') ?? assert.fail();
        const crosses = ({ from, to, zones }: Flow, where: readonly string[] | undefined = zones) =>
          analysis.reach().crossed(from, to, where).includes(firewall);
        const report = exportReport(
          topology,
          // What a mistake of the hierarchy brings is no reason for a rule.
          analysis.flows().filter((flow) => crosses(flow) && !isMistaken(flow)),
          {
            edition: topology.edition ?? assert.fail('no edition'),
            file: 'a',
            server: undefined,
            firewall: 'edge',
          },
          { crosses },
        );
        const exported = readNftables(nftables(report).text).get('forward') ?? [];
        for (const from of here.addresses)
          for (const to of here.addresses) {
            // Within a zone a firewall between zones decides nothing.
            if (from.includes(':') !== to.includes(':')) continue;
            // A server of one's own that is on the internet may come in by its address, which no fix says.
            if (isOnInternet(from, here)) continue;
            // Nor lets a fix anybody there come to a server that shares an address with one that serves nobody there.
            if (!isIn(here.inside, from) && sharingWith(to, topology).some((one) => !servesInternet(one)))
              continue;
            if (zonesOf(from, here).some((zone) => zonesOf(to, here).includes(zone))) continue;
            const rules = firewall.rules.filter(
              (rule) =>
                rule.from.some(({ value }) => hasWord(value, from, here)) &&
                rule.to.some(({ value }) => hasWord(value, to, here)),
            );
            for (const protocol of ['tcp', 'udp', 'icmp'] as const) {
              const open = portSet(
                exported
                  .filter((rule) => matches({ ...rule, ports: undefined }, { from, to, protocol, port: 0 }))
                  .flatMap(
                    ({ ports }) => ports?.map(([low, high]) => ({ low, high })) ?? [{ low: 0, high: 0 }],
                  ),
              );
              // Answers of TFTP servers come from ports of their own: an export leaves them to the device, and says so.
              const isOfTftp = report.flows.some(
                ({ connection, service, ...flow }) =>
                  service.includes('TFTP') &&
                  [flow.from, flow.to].every((end) => [from, to].some((one) => hasWord(end.name, one, here))),
              );
              if (protocol === 'udp' && isOfTftp) continue;
              const inFile = portsIn(rules, protocol);
              assert.equal(
                formatPorts(difference(open, inFile)),
                '',
                `only exported: ${from} to ${to}, ${protocol}\n${result}\n${nftables(report).text}`,
              );
              // A rule names a group as a whole, an export the zone of it that needs the port.
              if ([from, to].some((end) => isInScatteredGroup(end, here) || isListenerNowhere(end, here)))
                continue;
              assert.equal(
                formatPorts(difference(inFile, open)),
                '',
                `only in the file: ${from} to ${to}, ${protocol}\n${result}\n${nftables(report).text}`,
              );
            }
          }
      }),
      { numRuns: 15, endOnFailure: true },
    );
    assert.ok(count > 6, `${count} hierarchies`);
  });
});

/** Whether a word of a rule lets somebody on the internet in: a server of one's own there counts as well. */
function isFromInternet(word: string, { zones, clients, servers, defaults }: Topology): boolean {
  const id = word.toLowerCase();
  const isOutside = (zone: string | undefined) => zones.get(zone?.toLowerCase() ?? '')?.internet === true;
  const server = servers.get(id);
  return (
    id === 'any' ||
    isOutside(id) ||
    (server !== undefined && isOutside((server.zone ?? defaults.zone)?.value)) ||
    (clients.get(id)?.zones.some(({ value }) => isOutside(value)) ?? false)
  );
}

/** Whether a server is there for clients on the internet. */
function servesInternet({ roles }: Server): boolean {
  return roles.some(
    ({ role, values }) =>
      role === 'enrollment-proxy-point' ||
      /\b(?:internet|both)\b/.test(JSON.stringify(values.get('clients')?.value ?? '')),
  );
}

/** The servers that have an address, and those that share any address with one of them. */
function sharingWith(address: string, { servers }: Topology): readonly Server[] {
  const all = [...servers.values()].map((server) => ({
    server,
    own: server.addresses.map(({ value }) => value),
  }));
  const shared = all.filter(({ own }) => isIn(own, address)).flatMap(({ own }) => own);
  return all.filter(({ own }) => own.some((one) => shared.includes(one))).map(({ server }) => server);
}

/** The servers behind a word of a rule. */
function serversBehind(word: string, { servers, zones, clients, defaults }: Topology): readonly Server[] {
  const id = word.toLowerCase();
  const zoneOf = (server: Server) => (server.zone ?? defaults.zone)?.value.toLowerCase() ?? '';
  const inside = [...servers.values()].filter((server) => !zones.get(zoneOf(server))?.internet);
  const networks = (clients.get(id)?.networks ?? []).map(({ value }) => value);
  return inside.filter(
    (server) =>
      id === 'any' ||
      server.id === id ||
      zoneOf(server) === id ||
      server.addresses.some(({ value }) => isIn(networks, value)),
  );
}

const NEVER = portSet([135, 445, 1433].map((port) => ({ low: port, high: port })));

/** What rules let the internet reach though nobody is served there: `ib1 443`. */
function exposed({ topology }: Analysis): ReadonlySet<string> {
  const found = new Set<string>();
  for (const { rules } of topology.firewalls.values())
    for (const rule of rules) {
      if (rule.action?.value !== 'allow') continue;
      if (!rule.from.some(({ value }) => isFromInternet(value, topology))) continue;
      for (const server of rule.to.flatMap(({ value }) => serversBehind(value, topology))) {
        const serves = servesInternet(server);
        const open = portsIn([rule], 'tcp');
        const never = difference(NEVER, difference(NEVER, open));
        for (const { low, high } of serves ? never : [...open, ...portsIn([rule], 'udp')])
          found.add(`${server.name} ${low}-${high}`);
      }
    }
  return found;
}

function holdsInternetBack(text: string, before: ReadonlySet<string> = new Set()): void {
  const more = [...exposed(analyse(text))].filter((one) => !before.has(one));
  assert.deepEqual(more, [], text);
}

/** Files that say something about the internet, with their rules and without any. */
const FILES: readonly string[] = [
  ...['ibcm', 'cmg', 'deadlock', 'internet-only', 'sup443', 'twosup'].map((name) => `test/cases/${name}`),
  ...['branches', 'hierarchy', 'small'].map((name) => `examples/${name}`),
  ...['internet-clients', 'cloud-management-gateway', 'gateway-alone', 'perimeter', 'mobile-devices'].map(
    (name) => `test/hierarchies/${name}`,
  ),
].flatMap((name) => {
  const text = readFileSync(`${name}.topology.yaml`, 'utf8');
  const rules = /^( +)rules:(?: \[.*\]|\n(?:(?:\1 .*|[ ]*#.*|[ ]*)\n)*)/gm;
  return [text, text.replace(rules, '$1rules: []\n')];
});

describe('first fixes, one after the other', function () {
  this.timeout('240s');

  it('never let the internet reach a server that serves nobody there', () => {
    let applied = 0;
    fc.assert(
      fc.property(topologies, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (raw, numbers) => {
        let text = behindFirewall(world(raw));
        for (const number of numbers) {
          const fixes = analyse(text)
            .findings()
            .filter(({ code }) => /^firewall|^internet|^gateway|blocked$|^tftp|^wake/.test(code))
            .flatMap(({ fixes }) => fixes?.[0] ?? []);
          const fix = fixes[number % fixes.length];
          if (fix === undefined) return;
          text = applyEdits(text, fix.edits);
          applied++;
          holdsInternetBack(text);
        }
      }),
      { numRuns: 15, endOnFailure: true },
    );
    assert.ok(applied > 40, `${applied} fixes`);
  });

  it('open nothing of the intranet in files about the internet, whatever their fixes are for', () => {
    let applied = 0;
    const numbers = fc.array(fc.nat(), { minLength: 12, maxLength: 12 });
    for (const file of FILES)
      fc.assert(
        fc.property(numbers, (chosen) => {
          const before = exposed(analyse(file));
          let text = file;
          for (const number of chosen) {
            const fixes = analyse(text)
              .findings()
              .flatMap(({ fixes }) => fixes?.[0] ?? []);
            const fix = fixes[number % fixes.length];
            if (fix === undefined) return;
            text = applyEdits(text, fix.edits);
            applied++;
            holdsInternetBack(text, before);
          }
        }),
        { numRuns: 4, endOnFailure: true },
      );
    assert.ok(applied > 100, `${applied} fixes`);
  });
});
