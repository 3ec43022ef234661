// The rules for devices and group policy, read by a plain reader of each: they open what the flows need, and nothing else.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { groupBy } from '../../server/src/collections.ts';
import { aerleon } from '../../server/src/exports/firewall/aerleon.ts';
import { fortios } from '../../server/src/exports/firewall/fortios.ts';
import { panOs } from '../../server/src/exports/firewall/pan-os.ts';
import {
  type ExportReport,
  exportReport,
  type RuleMachine,
} from '../../server/src/exports/firewall/rules.ts';
import { windowsGpo } from '../../server/src/exports/firewall/windows-gpo.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import { parseText } from '../../server/src/text/parse.ts';
import { contains, parseNetwork } from '../../server/src/topology/address.ts';
import type { Topology } from '../../server/src/topology/model.ts';
import { readTopology } from '../../server/src/topology/read.ts';
import { topologies } from '../flows/topologies.ts';
import { EXAMPLE, hierarchies } from '../support/hierarchies.ts';
import { addressesOf, areNeeded, type Printed, type PrintedRule, portsOf } from './printed.ts';
import { world } from './world.ts';

/** A rule as a device has it. */
interface Plain {
  readonly name: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
  /** Networks and ranges; `any`. */
  readonly sources: readonly string[];
  readonly targets: readonly string[];
  readonly protocol: string;
  readonly ports: readonly string[];
}

interface Packet {
  readonly fromZone: string;
  readonly source: string;
  readonly toZone: string;
  readonly target: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

function reportOf(base: string): { readonly topology: Topology; readonly report: ExportReport } {
  const topology = readTopology(parseText(base));
  const flows = computeFlows(topology).filter(
    ({ from, to }) => from.zone !== undefined && to.zone !== undefined && from.zone !== to.zone,
  );
  const edition = topology.edition ?? assert.fail('no edition');
  const about = { edition, file: 'a.topology.yaml', server: undefined, firewall: undefined };
  return { topology, report: exportReport(topology, flows, about) };
}

const PORTS = [53, 80, 135, 443, 445, 1433, 3389, 8530, 50_000];
/** Somewhere on the internet. */
const OUTSIDE = ['203.0.113.99', '2001:db8:ffff::1'];

/** Every machine with an address in every zone but its own, and one on the internet. */
function packets({ zones, servers, clients, defaults }: Topology): readonly Packet[] {
  const at = (zone: string | undefined, text: string) => ({
    zone: zones.get(zone?.toLowerCase() ?? '')?.name ?? '',
    address: text.replace(/\/\d+$/, ''),
  });
  const ends = [
    ...[...servers.values()].flatMap(({ addresses, zone }) =>
      addresses.map(({ value }) => at((zone ?? defaults.zone)?.value, value)),
    ),
    ...[...clients.values()].flatMap(({ networks, zones: own }) =>
      networks.map(({ value }) => at(own[0]?.value, value)),
    ),
    ...[...zones.values()].flatMap(({ name, internet }) =>
      internet ? OUTSIDE.map((address) => ({ zone: name, address })) : [],
    ),
  ];
  const isSix = (address: string) => address.includes(':');
  return ends.flatMap((from) =>
    ends.flatMap((to) => {
      if (from.zone === to.zone || isSix(from.address) !== isSix(to.address)) return [];
      const pair = { fromZone: from.zone, source: from.address, toZone: to.zone, target: to.address };
      return [
        { ...pair, protocol: 'icmp' as const, port: 0 },
        ...(['tcp', 'udp'] as const).flatMap((protocol) =>
          PORTS.map((port) => ({ ...pair, protocol, port })),
        ),
      ];
    }),
  );
}

/** Whether an address is in a network, with its length or a mask, or in a range. */
function holds(text: string, address: string): boolean {
  if (text === 'any') return true;
  const own = parseNetwork(address) ?? assert.fail(address);
  const [low = '', high] = text.split('-');
  if (high !== undefined) {
    const [first, last] = [parseNetwork(low), parseNetwork(high)];
    assert.ok(first && last, text);
    return first.family === own.family && first.bits <= own.bits && own.bits <= last.bits;
  }
  const masked = /^(.*)\/(\d+\.\d+\.\d+\.\d+)$/.exec(text);
  const bits = masked?.[2]
    ?.split('.')
    .map((part) => Number(part).toString(2).replaceAll('0', ''))
    .join('').length;
  const network = parseNetwork(bits === undefined ? text : `${masked?.[1]}/${bits}`) ?? assert.fail(text);
  return contains(network, own);
}

const holdsPort = (ports: readonly string[], port: number) =>
  ports.some((text) => {
    const [low = '', high = low] = text.split('-');
    return Number(low) <= port && port <= Number(high);
  });

/** What the flows ask for: between their machines, over their ports. */
function isNeeded({ flows, legs, outside }: ExportReport, packet: Packet): boolean {
  const isAt = ({ addresses, zone }: RuleMachine, at: string, address: string) => {
    if (addresses === 'internet') return (zone === undefined ? outside : [zone]).includes(at);
    return zone === at && addresses.some((network) => contains(network, parseNetwork(address) ?? network));
  };
  return flows.some(
    (flow) =>
      flow.protocol === packet.protocol &&
      (flow.protocol === 'icmp' ||
        holdsPort(
          flow.ports.filter((port) => port !== 'dynamic'),
          packet.port,
        )) &&
      legs(flow).some(
        ({ from, to }) =>
          isAt(from, packet.fromZone, packet.source) && isAt(to, packet.toZone, packet.target),
      ),
  );
}

function isOpen(rules: readonly Plain[], packet: Packet): boolean {
  return rules.some(
    ({ from, to, sources, targets, protocol, ports }) =>
      protocol === packet.protocol &&
      (protocol === 'icmp' || holdsPort(ports, packet.port)) &&
      (from.length === 0 || from.includes(packet.fromZone)) &&
      (to.length === 0 || to.includes(packet.toZone)) &&
      sources.some((text) => holds(text, packet.source)) &&
      targets.some((text) => holds(text, packet.target)),
  );
}

// --- Plain readers ----------------------------------------------------------------------------

const among = <T>(map: ReadonlyMap<string, T>, name: string) => map.get(name) ?? assert.fail(`no ${name}`);

/** `set vsys vsys1 …`: objects first, as the device asks for it, then rules of one key a line. */
function readPan(text: string): readonly Plain[] {
  const addresses = new Map<string, readonly string[]>([['any', ['any']]]);
  const services = new Map<string, readonly [string, readonly string[]]>();
  const rules = new Map<string, Map<string, readonly string[]>>();
  for (const line of text.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const words = [...line.matchAll(/"[^"]*"|\S+/g)].map(([word]) => word);
    const [set, vsys, system, kind = '', ...rest] = words;
    assert.deepEqual([set, vsys, system], ['set', 'vsys', 'vsys1'], line);
    const [name = '', key = '', ...values] = rest;
    const list = values.filter((value) => value !== '[' && value !== ']');
    if (kind === 'address' && key === 'ip-netmask') addresses.set(name, list);
    else if (kind === 'address-group' && key === 'static') {
      const members = list.flatMap((member) => among(addresses, member));
      addresses.set(name, [...(addresses.get(name) ?? []), ...members]);
    } else if (kind === 'service') {
      const [protocol = '', port, ports = ''] = list;
      assert.equal(port, 'port');
      services.set(name, [protocol, ports.split(',')]);
    } else if (kind === 'rulebase') {
      const [security, list, rule = '', part = '', ...values] = rest;
      assert.deepEqual([security, list], ['security', 'rules']);
      const found = rules.get(rule) ?? new Map<string, readonly string[]>();
      found.set(
        part,
        values.filter((value) => value !== '[' && value !== ']'),
      );
      rules.set(rule, found);
    } else assert.ok(kind === 'tag' || key === 'description', line);
  }
  return [...rules].flatMap(([name, rule]) => {
    const part = (key: string) => among(rule, key);
    assert.deepEqual(part('action'), ['allow']);
    const ends = {
      name,
      from: part('from'),
      to: part('to'),
      sources: part('source').flatMap((one) => among(addresses, one)),
      targets: part('destination').flatMap((one) => among(addresses, one)),
    };
    const [application] = part('application');
    if (application === 'any') {
      return part('service').map((service) => {
        const [protocol, ports] = among(services, service);
        return { ...ends, protocol, ports };
      });
    }
    assert.ok(application === 'ping' || application === 'ping6');
    assert.deepEqual(part('service'), ['application-default']);
    return [{ ...ends, protocol: 'icmp', ports: [] }];
  });
}

/** Tables of entries with `set` lines. */
function readForti(text: string): readonly Plain[] {
  const tables = new Map<string, Map<string, Map<string, readonly string[]>>>();
  let table: Map<string, Map<string, readonly string[]>> | undefined;
  let entry: Map<string, readonly string[]> | undefined;
  for (const line of text.split('\n')) {
    const [verb, ...words] = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
    if (verb === undefined || line.startsWith('#')) continue;
    if (verb === 'config') {
      table = tables.get(words.join(' ')) ?? new Map();
      tables.set(words.join(' '), table);
    } else if (verb === 'edit') {
      assert.ok(table && !table.has(words[0] ?? ''), line);
      entry = new Map();
      table.set(words[0] ?? '', entry);
    } else if (verb === 'set') entry?.set(words[0] ?? '', words.slice(1));
    else assert.ok(verb === 'next' || verb === 'end', line);
  }
  const addressesOf = (name: string, six: string): readonly string[] => {
    if (name === 'all') return ['any'];
    const group = tables.get(`firewall addrgrp${six}`)?.get(name);
    if (group) return among(group, 'member').flatMap((one) => addressesOf(one, six));
    const object = tables.get(`firewall address${six}`)?.get(name) ?? assert.fail(`no ${name}`);
    return [object.get('ip6')?.[0] ?? among(object, 'subnet').join('/')];
  };
  return [...(tables.get('firewall policy') ?? new Map<string, Map<string, readonly string[]>>())].map(
    ([, policy]) => {
      const part = (key: string) => among(policy, key);
      assert.deepEqual([part('action'), part('schedule')], [['accept'], ['always']]);
      const six = policy.has('srcaddr6') ? '6' : '';
      const service = among(tables.get('firewall service custom') ?? new Map(), part('service')[0] ?? '');
      const protocol = ['tcp', 'udp'].find((one) => service.has(`${one}-portrange`)) ?? 'icmp';
      if (protocol === 'icmp') assert.deepEqual(service.get('icmptype'), [six ? '128' : '8']);
      return {
        name: part('name')[0] ?? '',
        from: part('srcintf'),
        to: part('dstintf'),
        sources: part(`srcaddr${six}`).flatMap((one) => addressesOf(one, six)),
        targets: part(`dstaddr${six}`).flatMap((one) => addressesOf(one, six)),
        protocol,
        ports: service.get(`${protocol}-portrange`) ?? [],
      };
    },
  );
}

/** Rule strings; inbound rules and outbound rules apart. */
function readGpo(text: string): { readonly in: readonly Plain[]; readonly out: readonly Plain[] } {
  const rules = { in: [] as Plain[], out: [] as Plain[] };
  const names = new Set<string>();
  for (const line of text.split('\r\n')) {
    const [, name = '', string = ''] = /^"([^"\\]+)"="([^"\\]+)"$/.exec(line) ?? [];
    if (name === '') {
      assert.match(line, /^(?:|;.*|\[HKEY_LOCAL_MACHINE\\[\w\\]+\]|Windows Registry Editor Version 5\.00)$/);
      continue;
    }
    // A second value of the same name takes the place of the first.
    assert.ok(!names.has(name), line);
    names.add(name);
    const fields = string
      .split('|')
      .slice(1, -1)
      .map((field) => field.split('='));
    const all = (...keys: readonly string[]) =>
      fields.flatMap(([key = '', value = '']) => (keys.includes(key) ? [value] : []));
    assert.deepEqual([all('Action'), all('Active')], [['Allow'], ['TRUE']]);
    const isIn = all('Dir')[0] === 'In';
    const local = all('LA4', 'LA6');
    const remote = all('RA4', 'RA6');
    assert.ok(local.length > 0, line);
    const [here, there] = [local, remote.length === 0 ? ['any'] : remote];
    rules[isIn ? 'in' : 'out'].push({
      name,
      from: [],
      to: [],
      sources: isIn ? there : here,
      targets: isIn ? here : there,
      protocol: { 6: 'tcp', 17: 'udp', 1: 'icmp', 58: 'icmp' }[all('Protocol')[0] ?? ''] ?? assert.fail(line),
      ports: isIn ? all('LPort', 'LPort2_10') : all('RPort', 'RPort2_10'),
    });
  }
  return rules;
}

/** The lines of the three files as they are written; anything else fails. */
function readAerleon(files: readonly { readonly path: string; readonly text: string }[]): readonly Plain[] {
  const definitions = new Map<string, string[]>();
  const rules: Plain[] = [];
  for (const { path, text } of files.filter((file) => file.path.startsWith('def/'))) {
    let values: string[] | undefined;
    for (const line of text.split('\n')) {
      const [, name] = /^ {2}([A-Z0-9_-]+_[0-9a-f]{16}):$/.exec(line) ?? [];
      const [, address] = /^ {6}- \{ address: "([0-9a-f.:/]+)", comment: "[^"\\]*" \}$/.exec(line) ?? [];
      const [, port] = /^ {4}- \{ protocol: (?:tcp|udp), port: "([\d-]+)" \}$/.exec(line) ?? [];
      if (name !== undefined) {
        values = [];
        definitions.set(name, values);
      } else if (address !== undefined || port !== undefined) values?.push(address ?? port ?? '');
      else assert.match(line, /^(?:|#.*|(?:networks|services):(?: \{\})?| {4}values:)$/, path);
    }
  }
  for (const { path, text } of files.filter((file) => file.path.startsWith('policies/'))) {
    let zones: readonly [string, string] = ['', ''];
    let term = new Map<string, string>();
    const end = () => {
      const name = term.get('name');
      if (name === undefined) return;
      assert.equal(term.get('action'), 'accept');
      const list = (key: string) => {
        const word = term.get(key);
        return word === undefined ? ['any'] : among(definitions, word);
      };
      const protocol = term.get('protocol') ?? '';
      rules.push({
        name,
        from: [zones[0]],
        to: [zones[1]],
        sources: list('source-address'),
        targets: list('destination-address'),
        protocol: protocol.startsWith('icmp') ? 'icmp' : protocol,
        ports: term.has('destination-port') ? list('destination-port') : [],
      });
      term = new Map();
    };
    for (const line of text.split('\n')) {
      const [, from, to] = /^ {8}paloalto: "from-zone (\S+) to-zone (\S+) inet6?"$/.exec(line) ?? [];
      const [, key, value] = /^ {6}(?:- | {2})([a-z-]+): (.+)$/.exec(line) ?? [];
      if (from !== undefined && to !== undefined) {
        end();
        zones = [from, to];
      } else if (key === 'name') {
        end();
        term.set(key, value ?? '');
      } else if (key !== undefined && term.size > 0 && !line.includes('srx:')) term.set(key, value ?? '');
      else {
        assert.match(
          line,
          /^(?:|#.*|filters:(?: \[\])?| {2}- header:| {6}comment: ".*"| {6}targets:| {8}srx: ".*"| {4}terms:)$/,
          path,
        );
        if (line === '  - header:') end();
      }
    }
    end();
  }
  return rules;
}

/** Rules that see the same packets, as the other readers have them. */
function listed(rules: readonly Plain[], listOf: (rule: Plain) => string): Printed {
  const printed = groupBy(rules, listOf);
  return new Map(
    [...printed].map(([name, list]) => [
      name,
      list.map(
        (rule): PrintedRule => ({
          action: 'allow',
          protocol: PROTOCOLS.find((protocol) => protocol === rule.protocol) ?? assert.fail(rule.protocol),
          from: endOf(rule.sources),
          to: endOf(rule.targets),
          ports: rule.protocol === 'icmp' ? undefined : portsOf(rule.ports),
          family: familyOf(rule),
          phase: rule.name.includes('-inst-')
            ? 'installation'
            : rule.name.includes('-win-')
              ? 'windows'
              : 'operation',
          line: JSON.stringify(rule),
        }),
      ),
    ]),
  );
}

const PROTOCOLS = ['tcp', 'udp', 'icmp'] as const;

function endOf(texts: readonly string[]): PrintedRule['from'] {
  if (texts.includes('any')) return undefined;
  // Masks as lengths.
  return addressesOf(
    texts.map((text) => {
      const [, network, mask] = /^(.*)\/(\d+\.\d+\.\d+\.\d+)$/.exec(text) ?? [];
      const bits = mask
        ?.split('.')
        .flatMap((part) => [...Number(part).toString(2)].filter((bit) => bit === '1'));
      return bits === undefined ? text : `${network}/${bits.length}`;
    }),
  );
}

/** Of a rule with an address of one family only. */
function familyOf({ sources, targets }: Plain): PrintedRule['family'] {
  const families = new Set(
    [...sources, ...targets].flatMap((text) =>
      text === 'any' ? [] : ([text.includes(':') ? 6 : 4] as const),
    ),
  );
  return families.size === 1 ? [...families][0] : undefined;
}

// --- Tests ------------------------------------------------------------------------------------

/** Each format's rules as far as they are named, to compare two exports. */
const READERS: Readonly<Record<string, (report: ExportReport) => readonly Plain[]>> = {
  'pan-os': (report) => readPan(panOs(report).text),
  fortios: (report) => readForti(fortios(report).text),
  aerleon: (report) => readAerleon(aerleon(report).files ?? assert.fail('no files')),
  'windows-gpo': (report) => {
    const rules = readGpo(windowsGpo(report).text);
    return [...rules.in, ...rules.out];
  },
};

/** The same by the list in which they are: between two zones, or of the machines with some addresses. */
const LISTS: Readonly<Record<string, (report: ExportReport) => Printed>> = {
  ...Object.fromEntries(
    ['pan-os', 'fortios', 'aerleon'].map((format) => [
      format,
      (report: ExportReport) => listed(READERS[format]?.(report) ?? [], ({ from, to }) => `${from} to ${to}`),
    ]),
  ),
  'windows-gpo': (report) => {
    const rules = readGpo(windowsGpo(report).text);
    return new Map([
      ...listed(rules.in, ({ targets }) => `in ${targets}`),
      ...listed(rules.out, ({ sources }) => `out ${sources}`),
    ]);
  },
};

describe('the rules that are exported for', function () {
  this.timeout('120s');
  for (const format of ['pan-os', 'fortios', 'aerleon'] as const) {
    it(`${format} open what the flows need and nothing else, by a plain reader`, () => {
      fc.assert(
        fc.property(hierarchies, (base) => {
          const { topology, report } = reportOf(base);
          const rules = READERS[format]?.(report) ?? [];
          for (const packet of packets(topology))
            assert.equal(isOpen(rules, packet), isNeeded(report, packet), JSON.stringify(packet));
        }),
        { numRuns: 25, examples: [[EXAMPLE]] },
      );
    });
  }

  it('windows-gpo open what the flows need at both ends and nothing else, by a plain reader', () => {
    fc.assert(
      fc.property(hierarchies, (base) => {
        const { topology, report } = reportOf(base);
        const rules = readGpo(windowsGpo(report).text);
        for (const packet of packets(topology)) {
          // What is outside has no firewall of the file.
          const [isFrom, isTo] = [packet.source, packet.target].map((address) => !OUTSIDE.includes(address));
          const isLet =
            (!isFrom || isOpen(rules.out, packet)) && (!isTo || isOpen(rules.in, packet)) && (isFrom || isTo);
          assert.equal(isLet, isNeeded(report, packet), JSON.stringify(packet));
        }
      }),
      { numRuns: 25, examples: [[EXAMPLE]] },
    );
  });

  it('each format keep their names and all that is behind them when a server is added', () => {
    fc.assert(
      fc.property(hierarchies, (base) => {
        const more = base.replace(
          '\nclients:',
          '\n  fsp01: { site: PS1, zone: dmz, addresses: [10.3.0.251], roles: { fallback-status-point: } }\nclients:',
        );
        for (const [format, read] of Object.entries(READERS)) {
          const [before, after] = [base, more].map((text) => read(reportOf(text).report));
          const known = new Map((after ?? []).map((rule) => [`${rule.name} ${rule.sources}`, rule]));
          for (const rule of before ?? [])
            assert.deepEqual(known.get(`${rule.name} ${rule.sources}`), rule, format);
        }
      }),
      { numRuns: 15 },
    );
  });

  it('a device or a machine are covered by no others of the same zones or machine, and none is there twice', () => {
    const counts = new Map<string, number>();
    fc.assert(
      fc.property(topologies, (raw) => {
        const { report } = reportOf(world(raw).text);
        for (const [format, lists] of Object.entries(LISTS)) {
          for (const [name, rules] of lists(report)) {
            areNeeded(`${format} ${name}`, rules);
            const texts = rules.map(({ line, ...rule }) =>
              JSON.stringify(rule, (_, value) => (typeof value === 'bigint' ? `${value}` : value)),
            );
            assert.equal(new Set(texts).size, texts.length, `${format} ${name}`);
            counts.set(format, (counts.get(format) ?? 0) + rules.length);
          }
        }
      }),
      { numRuns: 24, endOnFailure: true },
    );
    for (const format of Object.keys(LISTS)) assert.ok((counts.get(format) ?? 0) > 100, format);
  });

  it('a device name what it cannot write: machines in no zone, zones that it does not take, no zone of the internet', () => {
    const { report } = reportOf(EXAMPLE.replaceAll('perimeter', 'a-zone-of-which-the-name-is-far-too-long'));
    assert.ok(panOs(report).gaps.some((gap) => /a-zone-of-which.*PAN-OS does not take/.test(gap)));
    const none = EXAMPLE.replace(/internet: true/, 'description: none');
    const flows = computeFlows(readTopology(parseText(none)));
    const topology = readTopology(parseText(none));
    const about = { edition: '2025-12' as const, file: 'a', server: undefined, firewall: undefined };
    const { gaps } = fortios(exportReport(topology, flows, about));
    assert.ok(
      gaps.some((gap) => /is on the internet, and no zone of the file is/.test(gap)),
      gaps.join('\n'),
    );
  });
});
