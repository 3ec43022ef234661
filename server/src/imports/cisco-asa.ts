// Cisco ASA: what `show running-config` prints, from version 8.3 on, in which access lists name the real addresses.

import { HIGHEST_PORT } from '../catalog/numbers.ts';
import { getOrAdd, memo, ownEntry } from '../collections.ts';
import { networkText } from '../exports/firewall/address.ts';
import { t } from '../l10n.ts';
import { type AddressRange, widthOf } from '../reach/addresses.ts';
import { ALL_PORTS, difference, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { counted } from '../text/count.ts';
import { OTHER_PROTOCOLS, TCP_PORTS, UDP_PORTS } from './asa-words.ts';
import {
  type Device,
  type DeviceRule,
  deviceOf,
  deviceSteps,
  faultsOf,
  type RuleSide,
  type ServiceList,
  SOURCE_PORTS,
  SOURCE_PORTS_IGNORED,
  sharedServices,
  shownNames,
  sourcePorts,
  translationSteps,
  withoutTranslated,
} from './device.ts';
import {
  ANYONE,
  type Ends,
  endsOfRanges,
  everyone,
  isNobody,
  namedEnds,
  sameName,
  together,
} from './ends.ts';
import { hasLine } from './lines.ts';
import {
  type Action,
  type ImportedFirewall,
  type ImportFormat,
  type ImportOptions,
  type ImportSource,
  importError,
  type Remark,
  type RuleList,
  type Step,
  severalConfigurations,
  type Words,
} from './model.ts';
import { notesIn } from './notes.ts';
import { newObjects, type Objects, type PortObject } from './objects.ts';
import type { Port } from './placing.ts';
import { ALL_SERVICES, isSpoken, NO_SERVICES, type Services } from './traffic.ts';
import { addressesIn, maskedRanges, optionWord, shownValue } from './values.ts';

export const ciscoAsa: ImportFormat = {
  title: 'Cisco ASA',
  about: 'a Cisco ASA: what `show running-config` prints ([more](#cisco-asa))',
  knows: (source) =>
    source.kind === 'text' &&
    (hasLine(source.text, /^[ \t]*(?:[:!][ \t]*)?ASA Version \d/) ||
      hasLine(source.text, /^access-list \S+ (?:line \d+ )?(?:extended|remark) /) ||
      hasLine(source.text, /^access-group \S+ (?:in |out |global)/) ||
      (/^ nameif \S/m.test(source.text) && /^interface \S/m.test(source.text))),
  read,
};

// --- The configuration ------------------------------------------------------------------------

type Tokens = readonly string[];

interface Interface {
  name: string | undefined;
  level: number | undefined;
  readonly networks: string[];
  isDefault: boolean;
  /** Nothing passes through it: it is shut down, or for the management of the device only. */
  closed: string | undefined;
  /** Only an access list names it: its security level and networks are not known. */
  readonly isListAlone?: boolean;
  /** Whether its level is written, as the device always does. */
  isLevelSaid?: boolean;
}

interface Block {
  readonly kind: string;
  readonly lines: Tokens[];
}

interface Entry {
  readonly tokens: Tokens;
  readonly remark: string | undefined;
  readonly line: number;
}

interface Config {
  hostname: string | undefined;
  version: number | undefined;
  readonly interfaces: Interface[];
  interTraffic: boolean;
  intraTraffic: boolean;
  readonly names: Map<string, string>;
  readonly networks: Map<string, Block>;
  readonly services: Map<string, Block>;
  readonly groups: Map<string, Block>;
  readonly lists: Map<string, Entry[]>;
  readonly times: Map<string, Block>;
  readonly bound: { readonly list: string; readonly way: 'in' | 'out'; readonly name: string }[];
  global: string | undefined;
  readonly translations: { readonly tokens: Tokens; readonly object: string | undefined }[];
  readonly unread: string[];
}

function parse(text: string): Config {
  const config: Config = {
    hostname: undefined,
    version: undefined,
    interfaces: [],
    interTraffic: false,
    intraTraffic: false,
    names: new Map(),
    networks: new Map(),
    services: new Map(),
    groups: new Map(),
    lists: new Map(),
    times: new Map(),
    bound: [],
    global: undefined,
    translations: [],
    unread: [],
  };
  let current: { kind: 'interface'; of: Interface } | { kind: 'block'; of: Block; name: string } | undefined;
  const remarks = new Map<string, string[]>();
  const routes: Tokens[] = [];
  let number = 0;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    number++;
    const line = raw.trim();
    if (line === '' || line.startsWith('!')) continue;
    const [, version] = /ASA Version (\d+\.\d+)/.exec(line) ?? [];
    if (version !== undefined) config.version = Number(version);
    if (line.startsWith(':')) continue;
    const tokens = line.split(/\s+/);
    const [first = '', second = '', third = '', fourth = ''] = tokens;
    const isInner = /^\s/.test(raw) && current !== undefined;
    if (isInner && current) {
      if (current.kind === 'interface') interfaceLine(current.of, tokens);
      else if (first === 'nat') config.translations.push({ tokens, object: current.name });
      else current.of.lines.push(tokens);
      continue;
    }
    current = undefined;
    switch (first) {
      case 'hostname':
        if (config.hostname !== undefined && config.hostname !== second) throw severalConfigurations();
        config.hostname = second;
        break;
      case 'name':
        if (third) config.names.set(third, second);
        break;
      case 'interface': {
        const of: Interface = {
          name: undefined,
          level: undefined,
          networks: [],
          isDefault: false,
          closed: undefined,
        };
        config.interfaces.push(of);
        current = { kind: 'interface', of };
        break;
      }
      case 'same-security-traffic':
        if (third === 'inter-interface') config.interTraffic = true;
        if (third === 'intra-interface') config.intraTraffic = true;
        break;
      case 'object':
        if (second === 'network' || second === 'service') {
          const map = second === 'network' ? config.networks : config.services;
          // An object occurs twice in a configuration: what it is, and its translation.
          const of = map.get(third) ?? { kind: second, lines: [] };
          map.set(third, of);
          current = { kind: 'block', of, name: third };
        }
        break;
      case 'time-range': {
        const of = { kind: first, lines: [] };
        config.times.set(second, of);
        current = { kind: 'block', of, name: second };
        break;
      }
      case 'object-group': {
        const rest = second === 'group' && GROUPS.has(third) ? tokens.slice(2) : tokens.slice(1);
        const [kind = '', name = '', protocol = ''] = rest;
        const of = { kind: protocol && kind === 'service' ? `service ${protocol}` : kind, lines: [] };
        config.groups.set(name, of);
        current = { kind: 'block', of, name };
        break;
      }
      case 'access-list': {
        const at = third === 'line' && /^\d+$/.test(fourth) ? 4 : 2;
        const type = tokens[at];
        if (type === 'remark') {
          const words = line
            .split(/\sremark\s?/)
            .slice(1)
            .join(' remark ');
          const list = remarks.get(second);
          if (list) list.push(words);
          else remarks.set(second, [words]);
        } else {
          const entries = config.lists.get(second) ?? [];
          config.lists.set(second, entries);
          const remark = remarks.get(second)?.join('\n');
          remarks.delete(second);
          entries.push({ tokens: tokens.slice(at), remark, line: number });
        }
        break;
      }
      case 'access-group':
        if (third === 'global') config.global = second;
        else if (tokens.includes('control-plane')) {
          config.unread.push(`the access list ${shownValue(second)} filters what is for the device itself`);
        } else if ((third === 'in' || third === 'out') && fourth === 'interface') {
          config.bound.push({ list: second, way: third, name: tokens[4] ?? '' });
        }
        break;
      case 'nat':
      case 'static':
        config.translations.push({ tokens, object: undefined });
        break;
      case 'route':
      case 'ipv6':
        routes.push(tokens);
        break;
    }
  }
  for (const tokens of routes) routeLine(config, tokens);
  // An interface may have a list of these beside the one that counts here.
  const others = new Set(
    [...config.lists]
      .filter(([, entries]) => entries.every(({ tokens: [type] }) => type === 'ethertype'))
      .map(([name]) => name),
  );
  const unread = config.bound
    .filter(({ list }) => others.has(list))
    .map(
      ({ list, name }) =>
        `the access list ${shownValue(list)} on the interface ${shownValue(name)} is for other packets than those of IP`,
    );
  return {
    ...config,
    bound: config.bound.filter(({ list }) => !others.has(list)),
    unread: [...config.unread, ...unread],
  };
}

const GROUPS = new Set(['network', 'service', 'protocol', 'icmp-type']);

function interfaceLine(of: Interface, [first = '', second = '', third = '', fourth = '']: Tokens): void {
  if (first === 'nameif') {
    of.name = second;
    of.level ??= second.toLowerCase() === 'inside' ? 100 : 0;
  } else if (first === 'security-level') {
    of.level = Number(second);
    of.isLevelSaid = true;
  } else if (first === 'shutdown') of.closed = 'it is shut down';
  else if (first === 'management-only') of.closed ??= 'it is for management only';
  else if (first === 'ip' && second === 'address') of.networks.push(`${third}/${fourth}`);
  else if (first === 'ipv6' && second === 'address' && third.includes('/')) of.networks.push(third);
}

/** `route inside 10.1.0.0 255.255.0.0 10.0.0.2`, `ipv6 route inside 2001:db8::/32 2001:db8::1`. */
function routeLine({ interfaces }: Config, tokens: Tokens): void {
  const isSix = tokens[0] === 'ipv6';
  if (isSix && tokens[1] !== 'route') return;
  const [name = '', network = '', mask = ''] = tokens.slice(isSix ? 2 : 1);
  const to = interfaces.find((one) => one.name !== undefined && sameName(one.name, name));
  if (!to) return;
  const text = isSix
    ? network
    : `${network === '0' ? '0.0.0.0' : network}/${mask === '0' ? '0.0.0.0' : mask}`;
  if (text === '0.0.0.0/0.0.0.0' || text === '::/0') to.isDefault = true;
  else to.networks.push(text);
}

// --- Objects ----------------------------------------------------------------------------------

interface Found {
  readonly ends: Ends;
  readonly faults: readonly string[];
}

interface Look {
  readonly config: Config;
  readonly words: Words;
  readonly objects: Objects;
  readonly known: Map<string, Found>;
  readonly services: Map<string, ServiceFound>;
  /** What its static translations make of addresses, where access lists name the real ones. */
  outside: readonly AddressRange[];
}

interface ServiceFound {
  readonly list: ServiceList;
  readonly faults: readonly string[];
  readonly inexact: readonly string[];
}

const NOBODY: Found = { ends: namedEnds([]), faults: [] };
const fault = (text: string): Found => ({ ends: namedEnds([]), faults: [text] });

function address(text: string, { names }: Config): string {
  return names.get(text) ?? text;
}

/** `host A`, `A MASK`, `A/LENGTH`, with what is left of the tokens. */
function literal(tokens: Tokens, config: Config): { readonly found: Found; readonly rest: Tokens } {
  const [first = '', second = ''] = tokens;
  const read = (text: string, used: number) => {
    const range = addressesIn(text);
    const [network = '', mask = ''] = text.split('/');
    // A mask need not be a length.
    const ranges = range ? [range] : maskedRanges(network, mask);
    const found = ranges
      ? { ends: endsOfRanges(ranges), faults: [] }
      : fault(`${shownValue(text)} cannot be read`);
    return { found, rest: tokens.slice(used) };
  };
  if (first === 'host') return read(address(second, config), 2);
  if (first.includes('/')) return read(first, 1);
  return read(`${address(first, config)}/${second}`, 2);
}

/** An object or group of networks, read once. */
function networkObject(name: string, look: Look, depth = 0): Found {
  const known = look.known.get(name);
  if (known) return known;
  if (depth > MOST_NESTED) return fault(`the group ${shownValue(name)} is nested too deep`);
  const { config } = look;
  look.known.set(name, fault(`the group ${shownValue(name)} holds itself`));
  const said = look.words.ends(name);
  const object = config.networks.get(name);
  const group = config.groups.get(name);
  let found: Found;
  if (object) {
    found = object.lines.reduce((sum, tokens) => joinedFound(sum, objectLine(tokens, look)), NOBODY);
    if (found.ends.names.length === 0 && found.ends.ranges.length > 0) {
      found = {
        ends: look.objects.add({ name, scope: '', members: [found.ends], ends: found.ends }),
        faults: found.faults,
      };
    }
  } else if (group?.kind === 'network') {
    const parts = group.lines.map((tokens) => memberLine(tokens, look, depth));
    const faults = faultsOf(parts);
    const ends = together(parts.map((part) => flatFound(part.ends, look.objects)));
    found =
      ends.ranges.length + ends.names.length === 0
        ? { ends, faults }
        : {
            ends: look.objects.add({ name, scope: '', members: parts.map((part) => part.ends), ends }),
            faults,
          };
  } else if (said) found = { ends: said, faults: [] };
  else found = fault(`${shownValue(name)} is not in the configuration`);
  look.known.set(name, found);
  return found;
}

const MOST_NESTED = 30;

function flatFound(ends: Ends, objects: Objects): Ends {
  return together([
    { ranges: ends.ranges, names: [] },
    ...ends.names.map((name) => objects.at(name)?.ends ?? namedEnds([name])),
  ]);
}

function joinedFound(a: Found, b: Found): Found {
  return { ends: together([a.ends, b.ends]), faults: [...a.faults, ...b.faults] };
}

/** A line of `object network`. */
function objectLine(tokens: Tokens, { config, words }: Look): Found {
  const [first = '', second = '', third = ''] = tokens;
  switch (first) {
    case 'host':
      return literal(tokens, config).found;
    case 'subnet':
      return literal(tokens.slice(1), config).found;
    case 'range': {
      const range = addressesIn(`${address(second, config)}-${address(third, config)}`);
      return range
        ? { ends: endsOfRanges([range]), faults: [] }
        : fault(`the range ${shownValue(second)} cannot be read`);
    }
    case 'fqdn': {
      const name = third || second;
      const said = words.ends(name);
      return said ? { ends: said, faults: [] } : fault(nameFault(name));
    }
    case 'description':
      return NOBODY;
  }
  return fault(`${shownValue(tokens.join(' '))} cannot be read`);
}

function nameFault(name: string): string {
  return `${shownValue(name)} is a name that the device looks up; say what it stands for with --map ${optionWord(name, 'NAME')}=NAMES`;
}

/** A line of `object-group network`. */
function memberLine(tokens: Tokens, look: Look, depth: number): Found {
  const [first = '', second = '', third = ''] = tokens;
  if (first === 'description') return NOBODY;
  if (first === 'group-object') return networkObject(second, look, depth + 1);
  if (first !== 'network-object') return fault(`${shownValue(tokens.join(' '))} cannot be read`);
  if (second === 'object') return networkObject(third, look, depth + 1);
  return literal(tokens.slice(1), look.config).found;
}

// --- Ports ------------------------------------------------------------------------------------

/** `eq 443`, `range 80 90`, `neq`, `lt`, `gt`; undefined where there is no operator. */
function operator(
  tokens: Tokens,
  protocol: string,
): { readonly ports: PortSet | undefined; readonly text: string; readonly rest: Tokens } | undefined {
  const [first = '', second = '', third = ''] = tokens;
  const port = (text: string): number | undefined => {
    if (/^\d{1,5}$/.test(text)) return Number(text);
    const word = text.toLowerCase();
    const words = protocol === 'udp' ? UDP_PORTS : TCP_PORTS;
    if (Object.hasOwn(words, word)) return words[word];
    return protocol === 'tcp-udp' && Object.hasOwn(UDP_PORTS, word) ? UDP_PORTS[word] : undefined;
  };
  const one = port(second);
  const done = (ports: PortSet | undefined, used: number) => ({
    ports:
      ports &&
      portSet(ports.map(({ low, high }) => ({ low: Math.max(low, 1), high: Math.min(high, HIGHEST_PORT) }))),
    text: tokens.slice(1, used).join(' '),
    rest: tokens.slice(used),
  });
  switch (first) {
    case 'eq':
      return done(one === undefined ? undefined : [{ low: one, high: one }], 2);
    case 'neq':
      return done(one === undefined ? undefined : difference(ALL_PORTS, [{ low: one, high: one }]), 2);
    case 'lt':
      return done(one === undefined ? undefined : [{ low: 1, high: one - 1 }], 2);
    case 'gt':
      return done(one === undefined ? undefined : [{ low: one + 1, high: HIGHEST_PORT }], 2);
    case 'range': {
      const two = port(third);
      return done(one === undefined || two === undefined ? undefined : [{ low: one, high: two }], 3);
    }
  }
  return undefined;
}

const ECHO: Readonly<Record<string, ReadonlySet<string>>> = {
  icmp: new Set(['echo', '8']),
  icmp6: new Set(['echo', 'echo-request', '128']),
};

const nothing: ServiceFound = { list: { direct: NO_SERVICES, groups: [] }, faults: [], inexact: [] };
const direct = (services: Services): ServiceFound => ({ ...nothing, list: { direct: services, groups: [] } });
const noService = (text: string): ServiceFound => ({ ...nothing, faults: [text] });

function portsOf(protocol: string, ports: PortSet): Services {
  return {
    ...NO_SERVICES,
    tcp: protocol === 'udp' ? NO_PORTS : ports,
    udp: protocol === 'tcp' ? NO_PORTS : ports,
  };
}

/** What a protocol's name matches; undefined for one that is none. */
function protocolOf(word: string): Services | undefined {
  switch (word.toLowerCase()) {
    case 'ip':
    case '0':
      return ALL_SERVICES;
    case 'tcp':
    case '6':
      return portsOf('tcp', ALL_PORTS);
    case 'udp':
    case '17':
      return portsOf('udp', ALL_PORTS);
    case 'tcp-udp':
      return portsOf('tcp-udp', ALL_PORTS);
    case 'icmp':
    case 'icmp6':
    case '1':
    case '58':
      return { ...NO_SERVICES, icmp: true };
  }
  return /^\d{1,3}$/.test(word) || OTHER_PROTOCOLS.has(word.toLowerCase())
    ? { ...NO_SERVICES, other: true }
    : undefined;
}

/** `tcp destination eq 443`, `udp source eq 53 destination eq 53`, `icmp echo`. */
function serviceLine(tokens: Tokens): ServiceFound {
  const [protocol = '', ...rest] = tokens;
  const base = protocolOf(protocol);
  if (!base) return noService(`the protocol ${shownValue(protocol)} cannot be read`);
  const echo = ownEntry(ECHO, protocol);
  if (echo) {
    const [type] = rest;
    return direct(type === undefined || echo.has(type) ? base : { ...NO_SERVICES, other: true });
  }
  let left: Tokens = rest;
  const inexact: string[] = [];
  let services = base;
  while (left.length > 0) {
    const isSource = left[0] === 'source';
    const found = operator(
      left[0] === 'source' || left[0] === 'destination' ? left.slice(1) : left,
      protocol,
    );
    if (!found) break;
    if (!found.ports) return noService(`the port ${shownValue(found.text)} cannot be read`);
    if (isSource) {
      const limit = sourcePorts(found.ports);
      if (limit === 'gap') return noService(`the service ${shownValue(tokens.join(' '))}: ${SOURCE_PORTS}`);
      if (limit === 'inexact') inexact.push(SOURCE_PORTS_IGNORED);
    } else services = portsOf(protocol, found.ports);
    left = found.rest;
  }
  return { ...direct(services), inexact };
}

/** An object or group of services. `protocol` is that of the entry, for groups that have none of their own. */
function serviceObject(name: string, look: Look, depth = 0): ServiceFound {
  const known = look.services.get(name);
  if (known) return known;
  if (depth > MOST_NESTED) return noService(`the group ${shownValue(name)} is nested too deep`);
  look.services.set(name, noService(`the group ${shownValue(name)} holds itself`));
  const object = look.config.services.get(name);
  const group = look.config.groups.get(name);
  let found: ServiceFound;
  if (object) {
    const line = object.lines.find(([first]) => first === 'service');
    found = line ? serviceLine(line.slice(1)) : noService(`the service ${shownValue(name)} is empty`);
  } else if (group && group.kind !== 'network') {
    const own = group.kind.startsWith('service ') ? group.kind.slice('service '.length) : 'tcp-udp';
    const parts = group.lines.map((tokens) => groupLine(tokens, group.kind, own, look, depth));
    const services = parts.reduce((sum, { list }) => sharedServices(sum, list.direct), NO_SERVICES);
    found = {
      list: { direct: services, groups: [] },
      faults: faultsOf(parts),
      inexact: [...new Set(parts.flatMap((part) => part.inexact))],
    };
  } else if (protocolOf(name)) found = direct(protocolOf(name) ?? NO_SERVICES);
  else found = noService(`the service ${shownValue(name)} is not in the configuration`);
  look.services.set(name, found);
  return found;
}

function groupLine(tokens: Tokens, kind: string, own: string, look: Look, depth: number): ServiceFound {
  const [first = '', second = '', third = ''] = tokens;
  switch (first) {
    case 'description':
      return nothing;
    case 'group-object':
      return serviceObject(second, look, depth + 1);
    case 'port-object': {
      const found = operator(tokens.slice(1), own);
      return found?.ports
        ? direct(portsOf(own, found.ports))
        : noService(`the port ${shownValue(found?.text)} cannot be read`);
    }
    case 'service-object':
      return second === 'object' ? serviceObject(third, look, depth + 1) : serviceLine(tokens.slice(1));
    case 'protocol-object': {
      const services = protocolOf(second);
      return services ? direct(services) : noService(`the protocol ${shownValue(second)} cannot be read`);
    }
    case 'icmp-object':
      return direct(
        ECHO.icmp?.has(second) ? { ...NO_SERVICES, icmp: true } : { ...NO_SERVICES, other: true },
      );
  }
  return noService(`${shownValue(tokens.join(' '))} of a group ${kind} cannot be read`);
}

// --- Entries of access lists ------------------------------------------------------------------

/** A list of ports or services as a group by its name; what else restricts them takes the name away. */
function asGroup(name: string, found: ServiceFound, look: Look): ServiceFound {
  const object = portObject(name, found.list.direct, look);
  return object ? { ...found, list: { direct: NO_SERVICES, groups: [object] } } : found;
}

const portObjects = memo((_: Config) => new Map<string, PortObject>());

function portObject(name: string, services: Services, { config }: Look): PortObject | undefined {
  if (services.other || !isSpoken(services)) return undefined;
  const key = `${name}\n${services.tcp.length > 0}\n${services.udp.length > 0}`;
  return getOrAdd(portObjects(config), key, () => ({ name, scope: key, services }));
}

interface Parsed {
  readonly action: Action;
  readonly isInactive: boolean;
  readonly from: Found;
  readonly to: Found;
  readonly services: ServiceFound;
  readonly limits: readonly string[];
  /** The last day on which it is in force. */
  readonly expires: string | undefined;
}

/** `extended permit tcp object-group A host B eq 443 log inactive`; a text says why it cannot be read. */
function entryOf(tokens: Tokens, look: Look): Parsed | string {
  const { config } = look;
  const [type = '', verb = '', ...after] = tokens;
  if (type !== 'extended')
    return `an entry ${shownValue(tokens.slice(0, 3).join(' '))} of the kind ${shownValue(type)}`;
  if (verb !== 'permit' && verb !== 'deny') return `its action is ${shownValue(verb)}`;
  const limits: string[] = [];
  let rest: Tokens = after;
  let protocol = rest[0] ?? '';
  let services: ServiceFound;
  let byGroup = false;
  if (protocol === 'object-group' || protocol === 'object') {
    const name = rest[1] ?? '';
    services = serviceObject(name, look);
    if (protocol === 'object-group' && config.groups.get(name)?.kind !== 'protocol') {
      services = asGroup(name, services, look);
    }
    const { tcp, udp } = services.list.direct;
    byGroup = true;
    protocol = tcp.length > 0 && udp.length > 0 ? 'tcp-udp' : udp.length > 0 ? 'udp' : 'tcp';
    rest = rest.slice(2);
  } else {
    const own = protocolOf(protocol);
    if (!own) return `its protocol is ${shownValue(protocol)}`;
    services = direct(own);
    rest = rest.slice(1);
  }
  const side = (): Found => {
    for (;;) {
      const [first = '', second = ''] = rest;
      if (/^(?:user|user-group|object-group-user|security-group|object-group-security)$/.test(first)) {
        const used = first === 'security-group' ? 3 : 2;
        limits.push(
          `${first.startsWith('object-group') ? first.slice(13) : first} ${shownValue(rest.slice(1, used).join(' '))}`,
        );
        rest = rest.slice(used);
        continue;
      }
      switch (first) {
        case 'any':
          rest = rest.slice(1);
          return { ends: ANYONE, faults: [] };
        case 'any4':
        case 'any6':
          rest = rest.slice(1);
          return { ends: everyone(first === 'any4' ? 4 : 6), faults: [] };
        case 'object':
        case 'object-group':
          rest = rest.slice(2);
          return networkObject(second, look);
        case 'interface':
          rest = rest.slice(2);
          return fault(`is the address of the device's own interface ${shownValue(second)}`);
        default: {
          const { found, rest: left } = literal(rest, config);
          rest = left;
          return found;
        }
      }
    }
  };
  const ports = (): { set: PortSet; name?: string } | string | undefined => {
    const [first = '', second = ''] = rest;
    if (first === 'object-group' && config.groups.get(second)?.kind.startsWith('service')) {
      rest = rest.slice(2);
      const found = serviceObject(second, look);
      if (found.faults.length > 0) return found.faults[0] ?? '';
      const { tcp, udp } = found.list.direct;
      return { set: protocol === 'udp' ? udp : tcp, name: second };
    }
    const found = operator(rest, protocol);
    if (!found) return undefined;
    rest = found.rest;
    return found.ports ? { set: found.ports } : `the port ${shownValue(found.text)} cannot be read`;
  };
  const faults: string[] = [];
  const inexact: string[] = [];
  const from = side();
  const source = ports();
  if (typeof source === 'string') faults.push(source);
  else if (source) {
    const limit = sourcePorts(source.set);
    if (limit === 'gap') return SOURCE_PORTS;
    if (limit === 'inexact') inexact.push(SOURCE_PORTS_IGNORED);
  }
  const to = side();
  const isPings = protocol === 'icmp' || protocol === 'icmp6';
  if (isPings && !byGroup) {
    const [first, second = ''] = rest;
    if (first === 'object-group') {
      services = serviceObject(second, look);
      rest = rest.slice(2);
    } else if (first !== undefined && !AFTER.has(first)) {
      services = direct(
        ownEntry(ECHO, protocol)?.has(first)
          ? { ...NO_SERVICES, icmp: true }
          : { ...NO_SERVICES, other: true },
      );
      rest = rest.slice(1);
      if (/^\d+$/.test(rest[0] ?? '')) rest = rest.slice(1);
    }
  } else {
    const target = ports();
    if (typeof target === 'string') return target;
    if (target) {
      const found = direct(portsOf(protocol, target.set));
      services = target.name === undefined ? found : asGroup(target.name, found, look);
    }
  }
  let isInactive = false;
  let expires: string | undefined;
  for (let at = 0; at < rest.length; at++) {
    if (rest[at] === 'inactive') isInactive = true;
    else if (rest[at] === 'time-range') {
      const name = rest[++at] ?? '';
      expires = endOf(config.times.get(name)?.lines);
      if (expires === undefined) limits.push(`the time range ${shownValue(name)}`);
    } else if (rest[at] === 'log') {
      while (at + 1 < rest.length && !AFTER.has(rest[at + 1] ?? '')) at++;
    } else return `${shownValue(rest.slice(at).join(' '))} in it cannot be read`;
  }
  return {
    action: verb === 'permit' ? 'allow' : 'deny',
    isInactive,
    from: isPings && !byGroup ? ofFamily(from, protocol) : from,
    to: isPings && !byGroup ? ofFamily(to, protocol) : to,
    services: {
      list: services.list,
      faults: [...services.faults, ...faults],
      inexact: [...services.inexact, ...inexact],
    },
    limits,
    expires,
  };
}

const MONTHS = 'january february march april may june july august september october november december'.split(
  ' ',
);

/** The last day of a time range that only ends (`absolute end 17:00 31 December 2026`); undefined for any other. */
function endOf(lines: readonly Tokens[] = []): string | undefined {
  const [only, ...more] = lines.filter(([first]) => first === 'absolute' || first === 'periodic');
  const [, , time = '', day = '', month = '', year = ''] = only?.[1] === 'end' ? only : [];
  const number = MONTHS.indexOf(month.toLowerCase());
  if (more.length > 0 || only?.length !== 6 || number < 0 || !/^\d{1,2}$/.test(day) || !/^\d{4}$/.test(year))
    return undefined;
  // At midnight the day before is the last one.
  const last = new Date(Date.UTC(Number(year), number, Number(day) - (time === '00:00' ? 1 : 0)));
  return last.toISOString().slice(0, 10);
}

const AFTER = new Set(['log', 'inactive', 'time-range']);

/** ICMP is that of IPv4, ICMP6 that of IPv6. */
function ofFamily(found: Found, protocol: string): Found {
  return found.ends === ANYONE ? { ...found, ends: everyone(protocol === 'icmp6' ? 6 : 4) } : found;
}

/** From this version on access lists name the addresses before translation. */
const REAL_ADDRESSES = 8.3;

// --- The device -------------------------------------------------------------------------------

function read(source: ImportSource, { words }: ImportOptions): readonly ImportedFirewall[] {
  const config = parse(source.kind === 'text' ? source.text : '');
  const interfaces = namedInterfaces(config);
  if (config.lists.size === 0 && interfaces.length === 0) {
    throw importError(t('no interface and no access list of a Cisco ASA in it'));
  }
  const ports: Port[] = interfaces.map(({ name = '', networks, isDefault }) => ({
    name,
    networks: networks.flatMap((text) => addressesIn(text) ?? []),
    isDefault,
  }));
  const objects = newObjects();
  const device = deviceOf(ports, words, objects);
  const look: Look = { config, words, objects, known: new Map(), services: new Map(), outside: [] };
  if (config.version === undefined || config.version >= REAL_ADDRESSES) look.outside = translatedTo(look);
  const name = config.hostname ?? 'asa';
  const about = `Cisco ASA ${name}`;
  const remarks: Remark[] = config.unread.map((text) => ({ kind: 'note', text: `${text}.` }));
  if (config.version !== undefined && config.version < REAL_ADDRESSES) {
    remarks.push({
      kind: 'inexact',
      text: `version ${config.version}: before 8.3 access lists name the translated addresses, and they are taken as the real ones`,
    });
  }
  const used = new Set([...config.bound.map(({ list }) => list), ...(config.global ? [config.global] : [])]);
  const unused = [...config.lists.keys()].filter((list) => !used.has(list));
  if (unused.length > 0) {
    remarks.push({
      kind: 'note',
      text: `${counted(unused.length, 'access list')} on no interface: ${shownNames(unused)}.`,
    });
  }
  const inbound = inboundLists(interfaces, device, look);
  const firewall = {
    name,
    about,
    protects: [],
    objects,
    remarks: [...remarks, ...translations(device, look)],
    lists: inbound,
    get zones() {
      return device.placing.zones;
    },
    get unmapped() {
      return device.placing.unmapped;
    },
  };
  const outbound = outboundLists(interfaces, device, look);
  if (outbound.length === 0) return [firewall];
  return [
    firewall,
    {
      name: `${name}-out`,
      about: `${about}, on the way out of its interfaces`,
      protects: [],
      objects,
      remarks: [],
      lists: outbound,
      get zones() {
        return device.placing.zones;
      },
    },
  ];
}

/** With those that only access lists name: a part of a configuration, as people paste it, has no interfaces. */
function namedInterfaces({ interfaces, bound }: Config): readonly Interface[] {
  const named = interfaces.filter(({ name }) => name !== undefined);
  for (const { name } of bound) {
    if (named.some((one) => one.name !== undefined && sameName(one.name, name))) continue;
    named.push({
      name,
      level: undefined,
      networks: [],
      isDefault: false,
      closed: undefined,
      isListAlone: true,
    });
  }
  return named;
}

function listSteps(
  list: string,
  at: 'from' | 'to',
  port: string | undefined,
  device: Device,
  look: Look,
): Step[] {
  const entries = look.config.lists.get(list);
  if (!entries)
    return [{ kind: 'gap', text: `the access list ${shownValue(list)} is not in the configuration` }];
  const steps: Step[] = [];
  let inactive = 0;
  for (const { tokens, remark, line } of entries) {
    const title = `entry of ${list} (line ${line})`;
    const parsed = entryOf(tokens, look);
    if (typeof parsed === 'string') {
      const lost: Action = tokens[1] === 'deny' ? 'deny' : 'allow';
      steps.push({ kind: 'gap', text: `${lost} ${title}: ${parsed}`, lost });
      continue;
    }
    if (parsed.isInactive) {
      inactive++;
      continue;
    }
    const zones = port === undefined ? undefined : [port];
    const side = (found: Found, end: 'from' | 'to'): RuleSide => ({
      zones: end === at ? zones : undefined,
      addresses: withoutTranslated(found.ends, look.outside, device),
      faults: found.faults,
    });
    const { description, about } = notesIn(remark);
    const [from, to] = [side(parsed.from, 'from'), side(parsed.to, 'to')];
    if (
      (isNobody(from.addresses) && !isNobody(parsed.from.ends)) ||
      (isNobody(to.addresses) && !isNobody(parsed.to.ends))
    ) {
      steps.push({
        kind: 'note',
        text: `${parsed.action} ${title}: it names an address into which the device translates; access lists see the one before, so that it is for nothing.`,
      });
      continue;
    }
    const rule: DeviceRule = {
      title,
      action: parsed.action,
      name: undefined,
      description: description?.replaceAll('\n', ' '),
      about: parsed.expires === undefined ? about : { ...about, expires: about?.expires ?? parsed.expires },
      from,
      to,
      services: parsed.services.list,
      serviceFaults: parsed.services.faults,
      limits: parsed.limits,
      inexact: parsed.services.inexact,
    };
    for (const step of deviceSteps(rule, device)) steps.push(step);
  }
  if (inactive > 0) {
    steps.push({
      kind: 'note',
      text: `${counted(inactive, 'entry', 'entries')} of ${list} inactive: left out.`,
    });
  }
  return steps;
}

/** What ends an access list, without what the last rule before it does already: people write `deny ip any any` there. */
function withoutRepeated(end: readonly Step[], before: readonly Step[]): readonly Step[] {
  const last = before.findLast((step) => step.kind === 'rule');
  const textOf = (traffic: object) =>
    JSON.stringify(traffic, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return end.filter(
    (step) =>
      step.kind !== 'rule' || step.action !== last?.action || textOf(step.traffic) !== textOf(last.traffic),
  );
}

/** All traffic between what is behind two lists of interfaces. */
function wholeSteps(
  action: Action,
  from: readonly string[] | undefined,
  to: readonly string[] | undefined,
  title: string,
  device: Device,
): readonly Step[] {
  const side = (zones: readonly string[] | undefined): RuleSide => ({ zones, addresses: ANYONE, faults: [] });
  return deviceSteps(
    {
      title,
      action,
      name: undefined,
      from: side(from),
      to: side(to),
      services: { direct: ALL_SERVICES, groups: [] },
    },
    device,
  );
}

function inboundLists(interfaces: readonly Interface[], device: Device, look: Look): readonly RuleList[] {
  const { config } = look;
  const lists: RuleList[] = [];
  const bound = (name: string) =>
    config.bound.find((one) => one.way === 'in' && sameName(one.name, name))?.list;
  const steps: Step[] = [];
  const names = interfaces.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (!config.intraTraffic) {
    for (const name of names) {
      const ends = device.placing.ends(name);
      if (!ends || ends.names.length + ends.ranges.length < 2) continue;
      steps.push({
        kind: 'note',
        text: `Traffic among ${ends.names.join(', ')}, which are behind one interface (${name}), does not pass the device.`,
      });
      for (const step of wholeSteps('allow', [name], [name], `traffic behind ${name}`, device))
        steps.push(step);
    }
  }
  for (const { name = '', closed } of interfaces) {
    if (closed === undefined) continue;
    steps.push({ kind: 'note', text: `Nothing passes the interface ${name}: ${closed}.` });
    if (!device.placing.has(name)) continue;
    for (const [from, to] of [[[name], undefined] as const, [undefined, [name]] as const]) {
      for (const step of wholeSteps('deny', from, to, `interface ${name}`, device)) steps.push(step);
    }
  }
  for (const { name = '', level = 0, closed, isListAlone, isLevelSaid } of interfaces) {
    if (closed !== undefined) continue;
    const list = bound(name);
    if (isListAlone)
      steps.push(
        list === undefined
          ? {
              kind: 'gap',
              text: `what comes into the interface ${shownValue(name)}: the configuration does not have it, nor its security level`,
              lost: 'allow',
            }
          : {
              kind: 'note',
              text: `The configuration has no interface ${shownValue(name)}, on which an access list is; only --map tells what is behind it.`,
            },
      );
    if (isListAlone && list === undefined) continue;
    const equal = interfaces.flatMap((other) => {
      if (other.name === undefined || other.name === name || other.closed !== undefined) return [];
      const isEqual = other.isLevelSaid && isLevelSaid && other.level === level;
      return isEqual && device.placing.has(other.name) ? [other.name] : [];
    });
    // Whatever lists say; where there are none, nothing lets it pass.
    const isApart = !config.interTraffic && (list ?? config.global) !== undefined;
    if (isApart && equal.length > 0 && device.placing.has(name)) {
      steps.push({
        kind: 'note',
        text: `From the interface ${name} to ${equal.join(', ')}, of the same security level, nothing passes without same-security-traffic permit inter-interface.`,
      });
      for (const step of wholeSteps('deny', [name], equal, `equal levels of ${name}`, device))
        steps.push(step);
    }
    if (list !== undefined) {
      steps.push({ kind: 'note', text: `Into the interface ${name}: access list ${list}.` });
      for (const step of listSteps(list, 'from', name, device, look)) steps.push(step);
      if (config.global === undefined && device.placing.ends(name)) {
        const end = wholeSteps('deny', [name], undefined, `end of the list on ${name}`, device);
        for (const step of withoutRepeated(end, steps)) steps.push(step);
      }
      continue;
    }
    if (config.global !== undefined) continue;
    const lower = interfaces.filter(
      (other) =>
        other.name !== undefined &&
        other.name !== name &&
        other.closed === undefined &&
        !other.isListAlone &&
        ((other.level ?? 0) < level || ((other.level ?? 0) === level && config.interTraffic)),
    );
    const targets = lower.flatMap((one) => (one.name === undefined ? [] : [one.name]));
    const own = config.intraTraffic ? [...targets, name] : targets;
    steps.push({
      kind: 'note',
      text: `Into the interface ${name}: no access list; by its security level ${level} ${own.length === 0 ? 'to no other' : `to ${own.join(', ')}`}.`,
    });
    if (own.length > 0) {
      for (const step of wholeSteps('allow', [name], own, `traffic into ${name} by its level`, device))
        steps.push(step);
    }
  }
  if (config.global !== undefined) {
    steps.push({ kind: 'note', text: `Into every interface: the global access list ${config.global}.` });
    for (const step of listSteps(config.global, 'from', undefined, device, look)) steps.push(step);
  }
  lists.push({
    title: 'Into the interfaces',
    inside: undefined,
    steps,
    otherwise: { action: 'deny', why: 'the end of an access list, or interfaces of equal or lower level' },
  });
  return lists;
}

function outboundLists(interfaces: readonly Interface[], device: Device, look: Look): readonly RuleList[] {
  const steps: Step[] = [];
  for (const { name = '' } of interfaces) {
    const list = look.config.bound.find((one) => one.way === 'out' && sameName(one.name, name))?.list;
    if (list === undefined) continue;
    steps.push({ kind: 'note', text: `Out of the interface ${name}: access list ${list}.` });
    for (const step of listSteps(list, 'to', name, device, look)) steps.push(step);
    if (!device.placing.ends(name)) continue;
    const end = wholeSteps('deny', undefined, [name], `end of the list on ${name}`, device);
    for (const step of withoutRepeated(end, steps)) steps.push(step);
  }
  if (steps.length === 0) return [];
  return [
    {
      title: 'Out of the interfaces',
      inside: undefined,
      steps,
      otherwise: { action: 'allow', why: 'out of other interfaces nothing more is filtered' },
    },
  ];
}

// --- Translation ------------------------------------------------------------------------------

/** A static translation, as it is written: the object or address before it and after it, and whether it is of a part. */
interface Static {
  readonly title: string;
  readonly real: string;
  readonly mapped: string;
  readonly isPart: boolean;
}

function staticsOf({ interfaces, translations }: Config): readonly Static[] {
  return translations.flatMap(({ tokens, object }): readonly Static[] => {
    if (!tokens.includes('static') || tokens.includes('inactive') || tokens[0] === 'static') return [];
    const at = tokens.indexOf('static');
    const [real, mapped] =
      object === undefined ? [tokens[at + 1] ?? '', tokens[at + 2] ?? ''] : [object, tokens[at + 1] ?? ''];
    if (real === 'any' || real === mapped) return [];
    const isPart = tokens.includes('service') || (object === undefined && tokens.includes('destination'));
    // The address of the interface out of which it goes.
    const [, way] = /,([^,)]+)\)/.exec(tokens.join(' ')) ?? [];
    const own = interfaces.find(({ name }) => name !== undefined && way !== undefined && sameName(name, way));
    const outside = mapped === 'interface' ? (own?.networks[0]?.split('/')[0] ?? mapped) : mapped;
    return [{ title: `the translation ${shownValue(tokens.join(' '))}`, real, mapped: outside, isPart }];
  });
}

function translatedTo(look: Look): readonly AddressRange[] {
  const found = staticsOf(look.config).map(({ mapped }) => addressOf(mapped, look)?.ends ?? namedEnds([]));
  return together(found).ranges;
}

/** What static translations mean for the topology; others change only where a connection seems to come from. */
function translations(device: Device, look: Look): readonly Step[] & readonly Remark[] {
  const found: Remark[] = [];
  for (const { title, real, mapped, isPart } of staticsOf(look.config)) {
    const machine = addressOf(real, look);
    const outside = addressOf(mapped, look);
    if (isPart) {
      found.push({
        kind: 'inexact',
        text: `${title}: it is for single ports or for some connections only, and is not followed`,
      });
      continue;
    }
    if (!machine || !outside) {
      found.push({
        kind: 'inexact',
        text: `${title}: it is not of one address that is in the file, and is not followed`,
      });
      continue;
    }
    for (const step of translationSteps(title, outside.text, machine.ends, device)) {
      if (step.kind !== 'rule') found.push(step);
    }
  }
  return found;
}

/** The one address of an object, or of a text. */
function addressOf(text: string, look: Look): { readonly ends: Ends; readonly text: string } | undefined {
  const { ends } = look.config.networks.has(text)
    ? { ends: flatFound(networkObject(text, look).ends, look.objects) }
    : { ends: endsOfRanges([addressesIn(address(text, look.config))].flatMap((range) => range ?? [])) };
  const [range] = ends.ranges;
  if (!range || ends.ranges.length > 1 || ends.names.length > 0 || range.low !== range.high) return undefined;
  return {
    ends,
    text: networkText({ family: range.family, bits: range.low, prefix: widthOf(range.family) }),
  };
}
