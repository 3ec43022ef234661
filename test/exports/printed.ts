// Exported rules read back from their text by plain means, to decide packet by packet. Nothing of the exporters is used.
import assert from 'node:assert/strict';
import { parse as parseCsv } from 'csv-parse/sync';
import { addressText, parseAddress, parseNetwork } from '../../server/src/topology/address.ts';

/** Addresses of one family, both ends inclusive. */
interface Range {
  readonly family: 4 | 6;
  readonly low: bigint;
  readonly high: bigint;
}

/** What matches an address: one of the ranges, or none of them. */
interface Addresses {
  readonly ranges: readonly Range[];
  readonly isNot: boolean;
}

export interface PrintedRule {
  readonly action: 'allow' | 'deny';
  readonly protocol: 'tcp' | 'udp' | 'icmp' | 'any';
  /** Undefined for every address. */
  readonly from: Addresses | undefined;
  readonly to: Addresses | undefined;
  /** Undefined for every port. */
  readonly ports: readonly (readonly [number, number])[] | undefined;
  /** Of the addresses between which it decides; undefined for both. */
  readonly family: 4 | 6 | undefined;
  readonly phase: 'operation' | 'installation' | 'windows';
  readonly line: string;
}

export interface Packet {
  readonly from: string;
  readonly to: string;
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  readonly port: number;
}

/** Rules by the list in which they are: the first that matches decides, and what none matches is denied. */
export type Printed = ReadonlyMap<string, readonly PrintedRule[]>;

/** Ranges of networks, ranges with `-` and plain addresses. */
export function addressesOf(texts: readonly string[], isNot = false): Addresses {
  return { ranges: texts.map(rangeOf), isNot };
}

function rangeOf(text: string): Range {
  if (text.includes('-')) {
    const [low, high] = text.split('-').map((end) => parseAddress(end) ?? assert.fail(text));
    assert.ok(low && high && low.family === high.family && low.bits <= high.bits, text);
    return { family: low.family, low: low.bits, high: high.bits };
  }
  const { family, bits, prefix } = parseNetwork(text) ?? assert.fail(text);
  const size = 1n << BigInt((family === 4 ? 32 : 128) - prefix);
  return { family, low: bits - (bits % size), high: bits - (bits % size) + size - 1n };
}

export function portsOf(texts: readonly string[]): PrintedRule['ports'] {
  return texts.map((text) => {
    const [low, high = low] = text.split('-').map(Number);
    return [low ?? assert.fail(text), high ?? assert.fail(text)] as const;
  });
}

function phaseOf(text: string): PrintedRule['phase'] {
  if (/ \(installation\)/.test(text)) return 'installation';
  return / \(Windows\)/.test(text) ? 'windows' : 'operation';
}

/** Whether a rule is about a packet. */
export function matches(rule: PrintedRule, { from, to, protocol, port }: Packet): boolean {
  if (rule.protocol !== 'any' && rule.protocol !== protocol) return false;
  if (protocol !== 'icmp' && rule.ports?.every(([low, high]) => port < low || high < port)) return false;
  return has(rule.from, from, rule.family) && has(rule.to, to, rule.family);
}

function has(addresses: Addresses | undefined, text: string, wanted: 4 | 6 | undefined): boolean {
  const { family, bits } = parseAddress(text) ?? assert.fail(text);
  if (wanted !== undefined && family !== wanted) return false;
  if (addresses === undefined) return true;
  const isIn = addresses.ranges.some(
    (range) => range.family === family && range.low <= bits && bits <= range.high,
  );
  return isIn !== addresses.isNot;
}

/** Whether a list lets a packet through. */
export function lets(rules: readonly PrintedRule[], packet: Packet): boolean {
  return rules.find((rule) => matches(rule, packet))?.action === 'allow';
}

/** Whether the ends of a rule have an address of one family; without one it is about no packet. */
export function isAboutPackets({ from, to, family }: PrintedRule): boolean {
  const has = (end: Addresses | undefined, one: 4 | 6) =>
    end === undefined || end.isNot || end.ranges.some((range) => range.family === one);
  return ([4, 6] as const).some(
    (one) => (family === undefined || family === one) && has(from, one) && has(to, one),
  );
}

/** Fails where others of a list let all of one port of a rule through, for as long as the rule is there. */
export function areNeeded(name: string, rules: readonly PrintedRule[], judged = rules): void {
  const cuts = { 4: new Set([0n]), 6: new Set([0n]) };
  const ports = new Set<number>();
  for (const rule of rules) {
    for (const { ranges } of [rule.from, rule.to].flatMap((end) => end ?? []))
      for (const { family, low, high } of ranges) {
        cuts[family].add(low);
        if (high + 1n < 1n << BigInt(family === 4 ? 32 : 128)) cuts[family].add(high + 1n);
      }
    for (const [low, high] of rule.ports ?? []) {
      ports.add(low);
      if (high < 65535) ports.add(high + 1);
    }
  }
  const points = ([4, 6] as const).map((family) =>
    [...cuts[family]].map((bits) => addressText({ family, bits })),
  );
  for (const rule of judged) {
    if (rule.action === 'deny' || rule.protocol === 'any') continue;
    const { protocol } = rule;
    const others = rules.filter(
      (other) =>
        other !== rule &&
        other.action === 'allow' &&
        other.protocol === protocol &&
        (rule.phase === 'installation' || other.phase !== 'installation'),
    );
    const inside = points.map((all) => ({
      froms: all.filter((from) =>
        matches({ ...rule, to: undefined, ports: undefined }, { from, to: from, protocol, port: 0 }),
      ),
      tos: all.filter((to) =>
        matches({ ...rule, from: undefined, ports: undefined }, { from: to, to, protocol, port: 0 }),
      ),
    }));
    for (const [low, high] of rule.ports ?? [[0, 0]]) {
      const within = [...ports].filter((port) => low <= port && port <= high);
      const isAlone = inside.some(({ froms, tos }) =>
        froms.some((from) =>
          tos.some((to) => [low, ...within].some((port) => !lets(others, { from, to, protocol, port }))),
        ),
      );
      assert.ok(
        isAlone,
        `${name}: ${low}-${high} of ${rule.line}\n${rules.map(({ line }) => line).join('\n')}`,
      );
    }
  }
}

// --- Lists for people --------------------------------------------------------------------------

/** One list of all lines whose ends and ports are known; without those of which both ends are just outside. */
export function readCsv(text: string): readonly PrintedRule[] {
  const rows: Record<string, string>[] = parseCsv(text, { columns: true });
  return rows.flatMap((row): readonly PrintedRule[] => {
    const cell = (name: string) => row[name] ?? assert.fail(`no ${name}`);
    const [from, to, ports] = [cell('source address'), cell('destination address'), cell('port')];
    if (
      [from, to].every((end) => end.startsWith('any')) ||
      [from, to, ports].some((one) => /missing:/.test(one))
    )
      return [];
    const end = (written: string) => {
      const [, not = '', list = ''] = /^(any(?: but )?)?(.*)$/.exec(written) ?? [];
      return not === 'any' ? undefined : addressesOf(list.split('; '), not !== '');
    };
    const { protocol, phase } = row;
    assert.ok(protocol === 'tcp' || protocol === 'udp' || protocol === 'icmp');
    assert.ok(phase === 'operation' || phase === 'windows' || phase === 'installation');
    return [
      {
        action: 'allow',
        protocol,
        from: end(from),
        to: end(to),
        ports: ports === 'echo request' ? undefined : portsOf(ports.split('; ')),
        family: undefined,
        phase,
        line: Object.values(row).join(),
      },
    ];
  });
}

// --- nftables --------------------------------------------------------------------------------

export function readNftables(text: string): Printed {
  const lists = new Map<string, PrintedRule[]>();
  let chain = '';
  for (const line of text.split('\n')) {
    chain = /^ {2}chain (\w+) \{$/.exec(line)?.[1] ?? chain;
    const rule = /^ {4}(ip6? .*?) accept comment "(.*)"$/.exec(line);
    if (!rule) continue;
    const [, match = '', about = ''] = rule;
    const side = (field: string) => {
      const [, not, set = ''] =
        new RegExp(`ip6? ${field} (!= )?(\\{[^}]*\\}|\\S+)`).exec(match) ?? ([] as string[]);
      return set === '' ? undefined : addressesOf(set.replace(/[{} ]/g, '').split(','), not !== undefined);
    };
    const [, protocol, ports = ''] = /(tcp|udp) dport (\{[^}]*\}|\S+)/.exec(match) ?? ([] as string[]);
    const list = lists.get(chain) ?? [];
    lists.set(chain, list);
    list.push({
      action: 'allow',
      protocol: protocol === 'tcp' || protocol === 'udp' ? protocol : 'icmp',
      from: side('saddr'),
      to: side('daddr'),
      ports: ports === '' ? undefined : portsOf(ports.replace(/[{} ]/g, '').split(',')),
      family: /\bip6 /.test(match) ? 6 : 4,
      phase: phaseOf(about),
      line,
    });
  }
  return lists;
}

// --- Cisco ASA -------------------------------------------------------------------------------

export function readAsa(text: string): Printed {
  const networks = new Map<string, string[]>();
  const services = new Map<string, string[]>();
  const lists = new Map<string, PrintedRule[]>();
  let group: string[] = [];
  let about = '';
  for (const line of text.split('\n')) {
    const words = line.trim().split(' ');
    if (line.startsWith('!')) about = line;
    if (line.startsWith('object-group ')) {
      group = [];
      (words[1] === 'network' ? networks : services).set(words[2] ?? '', group);
    }
    if (words[0] === 'network-object') {
      if (words[1] === 'host') group.push(words[2] ?? '');
      else if (words[1]?.includes('/')) group.push(words[1]);
      else group.push(`${words[1]}/${ones(words[2] ?? '')}`);
    }
    if (words[0] === 'port-object') group.push(words.slice(2).join('-'));
    if (!line.startsWith('access-list ')) continue;
    const [, name = '', , action, protocol = '', ...rest] = words;
    assert.equal(action, 'permit');
    let family: 4 | 6 | undefined;
    const end = (): Addresses | undefined => {
      const word = rest.shift() ?? '';
      if (word === 'any4' || word === 'any6') {
        family = word === 'any4' ? 4 : 6;
        return undefined;
      }
      assert.equal(word, 'object-group');
      return addressesOf(networks.get(rest.shift() ?? '') ?? assert.fail(line));
    };
    const [from, to] = [end(), end()];
    const isEcho = protocol.startsWith('icmp');
    if (isEcho) assert.deepEqual(rest, ['echo']);
    else assert.equal(rest.shift(), 'object-group');
    const list = lists.get(name) ?? [];
    lists.set(name, list);
    list.push({
      action: 'allow',
      protocol: isEcho ? 'icmp' : protocol === 'tcp' ? 'tcp' : 'udp',
      from,
      to,
      ports: isEcho ? undefined : portsOf(services.get(rest[0] ?? '') ?? assert.fail(line)),
      family,
      phase: phaseOf(about),
      line: `${about}\n${line}`,
    });
  }
  return lists;
}

function ones(mask: string): number {
  return mask.split('.').reduce((sum, part) => sum + Number(part).toString(2).replaceAll('0', '').length, 0);
}

// --- ARM templates ---------------------------------------------------------------------------

/** @param internet what the service tag stands for: all networks that are not connected */
export function readArm(text: string, internet: { readonly not: readonly string[] }): Printed {
  const lists = new Map<string, PrintedRule[]>();
  for (const { name, properties } of JSON.parse(text).resources) {
    const rules = [...properties.securityRules].sort((a, b) => a.properties.priority - b.properties.priority);
    for (const { properties: rule } of rules) {
      const end = (side: string) => {
        const texts: string[] = rule[`${side}AddressPrefixes`] ?? [rule[`${side}AddressPrefix`]];
        if (texts[0] === '*') return undefined;
        return texts[0] === 'Internet' ? addressesOf(internet.not, true) : addressesOf(texts);
      };
      const ports: string[] = rule.destinationPortRanges ?? [rule.destinationPortRange];
      const key = `${name} ${rule.direction}`;
      const list = lists.get(key) ?? [];
      lists.set(key, list);
      list.push({
        action: rule.access === 'Allow' ? 'allow' : 'deny',
        protocol: rule.protocol === '*' ? 'any' : rule.protocol.toLowerCase(),
        from: end('source'),
        to: end('destination'),
        ports: ports[0] === '*' ? undefined : portsOf(ports),
        family: undefined,
        phase: phaseOf(rule.description),
        line: JSON.stringify(rule),
      });
    }
  }
  return lists;
}

// --- PowerShell ------------------------------------------------------------------------------

/** Of each machine what it lets in (`to` is any address) and out (`from` is any). */
export function readPowershell(text: string): Printed {
  const lists = new Map<string, PrintedRule[]>();
  let machine = '';
  for (const line of text.split('\n')) {
    machine = /^ {2}'((?:[^']|'')+)' \{$/.exec(line)?.[1] ?? machine;
    const command = /^ {6}New-NetFirewallRule (.*) \| Out-Null$/.exec(line)?.[1];
    if (command === undefined) continue;
    const value = (name: string) =>
      new RegExp(` -${name} ((?:'[^']*'|\\w+)(?:, (?:'[^']*'|\\w+))*)`).exec(command)?.[1];
    const list = (name: string) => value(name)?.replaceAll("'", '').split(', ');
    const remote = list('RemoteAddress') ?? assert.fail(line);
    const other = remote[0] === 'Any' ? undefined : addressesOf(remote);
    const isIn = value('Direction') === 'Inbound';
    const protocol = value('Protocol') ?? assert.fail(line);
    const key = `${machine} ${isIn ? 'in' : 'out'}`;
    const rules = lists.get(key) ?? [];
    lists.set(key, rules);
    rules.push({
      action: 'allow',
      protocol: protocol === 'TCP' ? 'tcp' : protocol === 'UDP' ? 'udp' : 'icmp',
      from: isIn ? other : undefined,
      to: isIn ? undefined : other,
      ports: protocol.startsWith('ICMP') ? undefined : portsOf(list(isIn ? 'LocalPort' : 'RemotePort') ?? []),
      family: protocol === 'ICMPv4' ? 4 : protocol === 'ICMPv6' ? 6 : undefined,
      phase: phaseOf(value('Description') ?? ''),
      line,
    });
  }
  return lists;
}
