// Fortinet FortiOS: what `show full-configuration` prints, or a backup.

import { networkText } from '../exports/firewall/address.ts';
import type { RuleNotes } from '../exports/firewall/notes.ts';
import { t } from '../l10n.ts';
import { type AddressRange, widthOf } from '../reach/addresses.ts';
import { ALL_PORTS, intersection, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { counted } from '../text/count.ts';
import {
  allServices,
  type Device,
  type DeviceRule,
  deviceOf,
  deviceSteps,
  faultsOf,
  otherServices,
  type RuleSide,
  type ServiceList,
  SOURCE_PORTS,
  SOURCE_PORTS_IGNORED,
  sharedServices,
  shownNames,
  sourcePorts,
  translationSteps,
  withoutTranslated,
  withPublic,
} from './device.ts';
import {
  ANYONE,
  type Ends,
  endsOfRanges,
  everyone,
  except,
  namedEnds,
  sharedRanges,
  together,
} from './ends.ts';
import { type ConfigSection, parseForti, tableOf } from './forti-tree.ts';
import { FORTI_SERVICES, GROUPS } from './forti-words.ts';
import { hasLine } from './lines.ts';
import {
  type Action,
  type ImportedFirewall,
  type ImportFormat,
  type ImportOptions,
  type ImportSource,
  importError,
  type Remark,
  type Step,
  severalConfigurations,
  type Words,
} from './model.ts';
import {
  addressSaid,
  lookedUp,
  type NamedAddress,
  type NamedService,
  noAddress,
  noService,
  serviceGroup,
  serviceList,
  serviceSaid,
  servicesTogether,
} from './named.ts';
import { notesIn } from './notes.ts';
import { flat, newObjects, type Objects } from './objects.ts';
import type { Port } from './placing.ts';
import { ALL_SERVICES, NO_SERVICES, type Services } from './traffic.ts';
import { addressesIn, maskedRanges, optionWord, portsIn, shownValue } from './values.ts';

export const fortios: ImportFormat = {
  title: 'Fortinet FortiOS',
  about: 'Fortinet FortiOS: what `show full-configuration` prints, or a backup ([more](#fortinet-fortios))',
  knows: (source) =>
    source.kind === 'text' &&
    (/^#config-version=/m.test(source.text) ||
      hasLine(source.text, /^[ \t]*config (?:firewall|system|router|vdom|global|user|vpn)\b/)),
  read,
};

function read(source: ImportSource, { words }: ImportOptions): readonly ImportedFirewall[] {
  const text = source.kind === 'text' ? source.text : '';
  if ((text.match(/^#config-version=/gm) ?? []).length > 1) throw severalConfigurations();
  const root = parseForti(text);
  const global = root.tables.get('global') ?? root;
  const hostname = first(global.tables.get('system global') ?? root.tables.get('system global'), 'hostname');
  const vdoms = [...tableOf(root, 'vdom')].filter(([, one]) => one.tables.size > 0);
  const parts: readonly (readonly [string | undefined, ConfigSection])[] =
    vdoms.length > 0 ? vdoms : [[undefined, root]];
  const own = parts.filter(([, one]) => [...one.tables.keys()].some((name) => name.startsWith('firewall ')));
  if (own.length === 0) throw importError(t('no firewall policies of FortiOS in it'));
  const objects = newObjects();
  return own.map(([vdom, section]) => {
    const device = deviceOf(portsOf(section, global, vdom), words, objects);
    const isOne = own.length === 1;
    const name =
      vdom === undefined || isOne ? (hostname ?? vdom ?? 'fortigate') : `${hostname ?? 'fortigate'}-${vdom}`;
    const virtuals = virtualsOf(section);
    const look: Look = {
      section,
      words,
      objects,
      scope: isOne ? '' : (vdom ?? ''),
      known: new Map(),
      services: new Map(),
      virtuals,
      outside: endsOfRanges([...virtuals.values()].flatMap(({ outside }) => outside ?? [])).ranges,
    };
    const remarks = remarksOf(section, device, look);
    const steps = policySteps(device, look);
    return {
      name,
      about: `FortiOS ${name}`,
      protects: [],
      objects,
      remarks,
      zones: device.placing.zones,
      unmapped: device.placing.unmapped,
      lists: [
        {
          title: 'Policies in order',
          inside: undefined,
          steps,
          otherwise: { action: 'deny', why: 'the implicit policy' },
        },
      ],
    };
  });
}

function first(section: ConfigSection | undefined, key: string): string | undefined {
  return section?.values.get(key)?.[0];
}

const values = (section: ConfigSection, key: string): readonly string[] => section.values.get(key) ?? [];
const isOn = (section: ConfigSection, key: string): boolean => first(section, key) === 'enable';

// --- Interfaces -------------------------------------------------------------------------------

/** `10.0.1.1/24`, or an address and a mask. */
function networkOf(texts: readonly string[]): AddressRange | undefined {
  const [one = '', two] = texts;
  return addressesIn(two === undefined ? one : `${one}/${two}`);
}

function portsOf(section: ConfigSection, global: ConfigSection, vdom: string | undefined): readonly Port[] {
  const interfaces = new Map([
    ...tableOf(global, 'system interface'),
    ...tableOf(section, 'system interface'),
  ]);
  const networks = new Map<string, AddressRange[]>();
  const defaults = new Set<string>();
  for (const [name, one] of interfaces) {
    const texts = [
      values(one, 'ip'),
      ...[...tableOf(one, 'secondaryip').values()].map((more) => values(more, 'ip')),
      values(one.tables.get('ipv6') ?? one, 'ip6-address'),
    ];
    networks.set(
      name,
      texts.flatMap((text) => {
        const range = networkOf(text);
        return range && !(range.family === 4 && range.low === range.high && range.low === 0n) ? [range] : [];
      }),
    );
  }
  for (const kind of ['router static', 'router static6']) {
    for (const route of tableOf(section, kind).values()) {
      if (first(route, 'status') === 'disable') continue;
      const ports =
        values(route, 'device').length > 0 ? values(route, 'device') : values(route, 'sdwan-zone');
      const written = values(route, 'dst');
      const range = networkOf(written);
      for (const port of ports) {
        // Without `dst` it is the default route.
        if (written.length === 0 || (range && range.low === 0n && range.high === ALL_HIGH[range.family]))
          defaults.add(port);
        else if (range) networks.set(port, [...(networks.get(port) ?? []), range]);
      }
    }
  }
  const zones = new Map<string, string[]>();
  for (const [name, zone] of tableOf(section, 'system zone')) zones.set(name, [...values(zone, 'interface')]);
  const sdwan = section.tables.get('system sdwan') ?? section.tables.get('system virtual-wan-link');
  for (const [name] of tableOf(sdwan, 'zone')) zones.set(name, []);
  for (const member of tableOf(sdwan, 'members').values()) {
    const zone = first(member, 'zone') ?? 'virtual-wan-link';
    zones.set(zone, [...(zones.get(zone) ?? []), ...values(member, 'interface')]);
  }
  const inZones = new Set([...zones.values()].flat());
  const ports: Port[] = [...zones].map(([name, list]) => ({
    name,
    also: list,
    networks: [name, ...list].flatMap((one) => networks.get(one) ?? []),
    isDefault: [name, ...list].some((one) => defaults.has(one)),
  }));
  for (const [name, one] of interfaces) {
    if (inZones.has(name)) continue;
    const home = first(one, 'vdom');
    if (vdom !== undefined && home !== undefined && home !== vdom) continue;
    const alias = first(one, 'alias');
    ports.push({
      name,
      ...(alias === undefined ? {} : { also: [alias] }),
      networks: networks.get(name) ?? [],
      isDefault: defaults.has(name),
    });
  }
  const used = new Set<string>();
  for (const kind of POLICIES) {
    for (const policy of tableOf(section, kind).values()) {
      for (const key of ['srcintf', 'dstintf']) for (const name of values(policy, key)) used.add(name);
    }
  }
  const listed = new Set(ports.map(({ name }) => name));
  for (const name of used) if (name !== 'any' && !listed.has(name)) ports.push({ name, networks: [] });
  // Interfaces that no policy names are no zones of this firewall, unless something may be said of them.
  return ports.filter(({ name, networks: own }) => used.has(name) || own.length > 0);
}

const ALL_HIGH = { 4: (1n << 32n) - 1n, 6: (1n << 128n) - 1n } as const;
const POLICIES = ['firewall policy', 'firewall policy6', 'firewall consolidated policy'];

// --- Addresses --------------------------------------------------------------------------------

interface Look {
  readonly section: ConfigSection;
  readonly words: Words;
  readonly objects: Objects;
  readonly scope: string;
  readonly known: Map<string, NamedAddress>;
  readonly services: Map<string, NamedService>;
  readonly virtuals: ReadonlyMap<string, Virtual>;
  /** What its virtual addresses are reached under. */
  readonly outside: readonly AddressRange[];
}

const nobody: NamedAddress = { ends: namedEnds([]), faults: [] };
const range = (one: AddressRange | undefined, name: string): NamedAddress =>
  one
    ? { ends: endsOfRanges([one]), faults: [] }
    : noAddress(`${shownValue(name)} has an address that cannot be read`);

/** An address or group of IPv4 or of IPv6; the two have tables of their own. */
function addressOf(name: string, family: 4 | 6, look: Look, depth = 0): NamedAddress {
  const nested = { group: `the group ${shownValue(name)}`, depth, none: noAddress };
  return lookedUp(look.known, `${family} ${name}`, nested, () => addressOnce(name, family, look, depth));
}

function addressOnce(name: string, family: 4 | 6, look: Look, depth: number): NamedAddress {
  const { section, objects, words, scope } = look;
  const six = family === 6 ? '6' : '';
  const object = tableOf(section, `firewall address${six}`).get(name);
  if (object) {
    const found = objectOf(name, object, family, words);
    if (found.ends.names.length > 0 || found.ends.ranges.length === 0) return found;
    if (name === 'all' || name === 'none') return found;
    const { ends } = found;
    return { ...found, ends: objects.add({ name, scope: `${scope}${six}`, members: [ends], ends }) };
  }
  const group = tableOf(section, `firewall addrgrp${six}`).get(name);
  if (group) {
    const parts = values(group, 'member').map((one) => addressOf(one, family, look, depth + 1));
    const faults = faultsOf(parts);
    const ends = together(parts.map((part) => flat(part.ends, objects)));
    if (isOn(group, 'exclude')) {
      const out = values(group, 'exclude-member').map((one) => addressOf(one, family, look, depth + 1));
      const outside = together(out.map((part) => flat(part.ends, objects)));
      const outFaults = faultsOf(out);
      if (outFaults.length > 0 || outside.names.length > 0 || ends.names.length > 0) {
        return noAddress(`${shownValue(name)} leaves out what cannot be read`);
      }
      const rest = sharedRanges(ends.ranges, except(outside.ranges, family).ranges);
      return { ends: { ranges: rest, names: [] }, faults };
    }
    if (ends.ranges.length + ends.names.length === 0) return { ends, faults };
    return {
      ends: objects.add({ name, scope: `${scope}${six}`, members: parts.map((part) => part.ends), ends }),
      faults,
    };
  }
  if (name === 'all') return { ends: everyone(family), faults: [] };
  if (name === 'none') return nobody;
  return addressSaid(name, words);
}

function objectOf(name: string, object: ConfigSection, family: 4 | 6, words: Words): NamedAddress {
  const type = first(object, 'type') ?? (family === 6 ? 'ipprefix' : 'ipmask');
  const said = words.ends(name);
  switch (type) {
    case 'ipmask':
    case 'ipprefix': {
      const written = values(object, family === 6 ? 'ip6' : 'subnet');
      if (written.length === 0) return { ends: everyone(family), faults: [] };
      const found = networkOf(written);
      if (!found && said) return { ends: said, faults: [] };
      return range(found, name);
    }
    case 'iprange':
      return range(addressesIn(`${first(object, 'start-ip') ?? ''}-${first(object, 'end-ip') ?? ''}`), name);
  }
  if (said) return { ends: said, faults: [] };
  const [base, mask] = values(object, 'wildcard');
  if (type === 'wildcard' && base !== undefined && mask !== undefined) {
    const ranges = maskedRanges(base, mask);
    if (ranges) return { ends: endsOfRanges(ranges), faults: [] };
  }
  const what =
    first(object, 'fqdn') ??
    first(object, 'wildcard-fqdn') ??
    first(object, 'country') ??
    first(object, 'wildcard');
  const detail = what === undefined ? '' : ` ${shownValue(what)}`;
  return noAddress(
    `${shownValue(name)} is an address of the type ${shownValue(type)}${detail}; say what it stands for with --map ${optionWord(name, 'NAME')}=NAMES`,
  );
}

// --- Virtual addresses ------------------------------------------------------------------------

interface Virtual {
  readonly name: string;
  readonly outside: AddressRange | undefined;
  readonly real: Ends;
  /** Where it forwards ports only: those behind it. */
  readonly services: Services | undefined;
  readonly inexact: string | undefined;
  readonly fault: string | undefined;
  /** The interface from which it is reached; undefined for any. */
  readonly from: string | undefined;
}

function virtualOf(name: string, vip: ConfigSection): Virtual {
  const type = first(vip, 'type') ?? 'static-nat';
  const outside = addressesIn(first(vip, 'extip') ?? '');
  const intf = first(vip, 'extintf');
  const from = intf === undefined || intf === 'any' ? undefined : intf;
  const servers = [...tableOf(vip, 'realservers').values()].flatMap(
    (one) => addressesIn(first(one, 'ip') ?? '') ?? [],
  );
  const mapped = values(vip, 'mappedip').map((text) => addressesIn(text));
  const isBalanced = servers.length > 0;
  const ranges = isBalanced ? servers : mapped.flatMap((one) => one ?? []);
  const real = endsOfRanges(ranges);
  const title = `the virtual address ${shownValue(name)}`;
  let services: Services | undefined;
  let inexact: string | undefined;
  if (isOn(vip, 'portforward') || isBalanced) {
    const protocol = first(vip, 'protocol') ?? 'tcp';
    const text = first(vip, 'mappedport') ?? first(vip, 'extport');
    const listed = [...tableOf(vip, 'realservers').values()].map(
      (one) => portsIn(first(one, 'port') ?? '') ?? NO_PORTS,
    );
    const ports = isBalanced
      ? portSet(listed.flat())
      : text === undefined
        ? ALL_PORTS
        : (portsIn(text) ?? NO_PORTS);
    services = {
      ...NO_SERVICES,
      tcp: protocol === 'udp' || protocol === 'icmp' ? NO_PORTS : ports,
      udp: protocol === 'udp' ? ports : NO_PORTS,
      icmp: protocol === 'icmp',
    };
    inexact = `${title} translates single ports; written for what is behind it`;
  }
  if (values(vip, 'src-filter').length > 0)
    inexact = `${title} is for some sources only; written without that limit`;
  const isRead = ranges.length > 0 && !mapped.includes(undefined);
  return {
    name,
    outside,
    real,
    services,
    inexact,
    fault: isRead ? undefined : `${title} of the type ${shownValue(type)} stands for what cannot be read`,
    from,
  };
}

function virtualsOf(section: ConfigSection): ReadonlyMap<string, Virtual> {
  const found = new Map<string, Virtual>();
  for (const kind of ['firewall vip', 'firewall vip6']) {
    for (const [name, vip] of tableOf(section, kind)) {
      if (first(vip, 'status') !== 'disable') found.set(name, virtualOf(name, vip));
    }
  }
  return found;
}

/**
 * Tables beside the policies that are for the device itself, for proxies, for multicast, between the two families of
 * addresses, or of checks that a packet that passes goes through.
 */
const LEFT_OUT = [
  'firewall DoS-policy',
  'firewall DoS-policy6',
  'firewall interface-policy',
  'firewall interface-policy6',
  'firewall policy46',
  'firewall policy64',
  'firewall local-in-policy',
  'firewall local-in-policy6',
  'firewall proxy-policy',
  'firewall security-policy',
  'firewall multicast-policy',
  'firewall multicast-policy6',
  'firewall ttl-policy',
];

function remarksOf(section: ConfigSection, device: Device, look: Look): readonly Remark[] {
  const remarks: Remark[] = [];
  for (const { name, outside, real, services, inexact, fault } of look.virtuals.values()) {
    if (fault !== undefined || services || inexact !== undefined || !outside || outside.low !== outside.high)
      continue;
    const text = networkText({ family: outside.family, bits: outside.low, prefix: widthOf(outside.family) });
    for (const step of translationSteps(`the virtual address ${shownValue(name)}`, text, real, device)) {
      if (step.kind !== 'rule') remarks.push(step);
    }
  }
  const settings = section.tables.get('system settings');
  if (first(settings, 'ngfw-mode') === 'policy-based') {
    remarks.push({
      kind: 'gap',
      text: 'the security policies of the policy-based mode, which go by applications',
    });
  }
  if (settings && isOn(settings, 'central-nat')) {
    remarks.push({
      kind: 'note',
      text: 'Central NAT is on: policies name the addresses behind virtual addresses.',
    });
  }
  for (const kind of LEFT_OUT) {
    const { size } = tableOf(section, kind);
    if (size > 0)
      remarks.push({ kind: 'note', text: `${counted(size, 'entry', 'entries')} of ${kind}: left out.` });
  }
  for (const kind of ['firewall acl', 'firewall acl6']) {
    const own = [...tableOf(section, kind).values()].filter((one) => first(one, 'status') !== 'disable');
    if (own.length > 0) {
      remarks.push({
        kind: 'gap',
        text: `${counted(own.length, 'entry', 'entries')} of ${kind}, which ${own.length === 1 ? 'drops' : 'drop'} traffic before the policies`,
        lost: 'deny',
      });
    }
  }
  return remarks;
}

// --- Services ---------------------------------------------------------------------------------

/** `80 443:1024-65535 8000-8010`: ports of the target, and behind a colon those of the source. */
function portList(
  texts: readonly string[],
): { readonly ports: PortSet; readonly source: 'any' | 'inexact' | 'gap' } | undefined {
  const sets: PortSet[] = [];
  let source: 'any' | 'inexact' | 'gap' = 'any';
  for (const text of texts.flatMap((one) => one.split(/\s+/))) {
    const [target = '', from] = text.split(':');
    const ports = portsIn(target);
    if (!ports) return undefined;
    if (from !== undefined) {
      const own = portsIn(from);
      const limit = own ? sourcePorts(own) : 'gap';
      if (limit === 'gap') source = 'gap';
      else if (limit === 'inexact' && source === 'any') source = 'inexact';
    }
    sets.push(ports);
  }
  return { ports: portSet(sets.flat()), source };
}

function serviceOf(name: string, look: Look, depth = 0): NamedService {
  const nested = { group: `the service group ${shownValue(name)}`, depth, none: noService };
  return lookedUp(look.services, name, nested, () => serviceOnce(name, look, depth));
}

function serviceOnce(name: string, look: Look, depth: number): NamedService {
  const { section, scope, words } = look;
  const custom = tableOf(section, 'firewall service custom').get(name);
  if (custom) return customOf(name, custom);
  const group = tableOf(section, 'firewall service group').get(name);
  const listed = group ? values(group, 'member') : GROUPS.get(name);
  if (listed) {
    const parts = listed.map((one) => serviceOf(one, look, depth + 1));
    return serviceGroup(name, scope, parts);
  }
  const own = FORTI_SERVICES.get(name) ?? FORTI_SERVICES.get(name.toUpperCase());
  if (own) {
    const set = new Map<string, readonly string[]>();
    if (own.protocol) set.set('protocol', [own.protocol]);
    if (own.number !== undefined) set.set('protocol-number', [own.number]);
    if (own.type !== undefined) set.set('icmptype', [own.type]);
    if (own.tcp !== undefined) set.set('tcp-portrange', [own.tcp]);
    if (own.udp !== undefined) set.set('udp-portrange', [own.udp]);
    return customOf(name, { values: set, entries: new Map(), tables: new Map() });
  }
  return serviceSaid(name, words);
}

function customOf(name: string, custom: ConfigSection): NamedService {
  const done = (services: Services): NamedService => ({ services, faults: [], isInexact: false });
  const protocol = (first(custom, 'protocol') ?? 'TCP/UDP/SCTP').toUpperCase();
  switch (protocol) {
    case 'IP': {
      const number = first(custom, 'protocol-number') ?? '0';
      switch (number) {
        case '0':
          return done(ALL_SERVICES);
        case '1':
        case '58':
          return done({ ...NO_SERVICES, icmp: true });
        case '6':
          return done({ ...NO_SERVICES, tcp: ALL_PORTS });
        case '17':
          return done({ ...NO_SERVICES, udp: ALL_PORTS });
      }
      return done({ ...NO_SERVICES, other: true });
    }
    case 'ICMP':
    case 'ICMP6': {
      const type = first(custom, 'icmptype');
      const isEcho = type === undefined || type === '' || type === (protocol === 'ICMP' ? '8' : '128');
      return done(isEcho ? { ...NO_SERVICES, icmp: true } : { ...NO_SERVICES, other: true });
    }
    case 'ALL':
    case 'TCP/UDP/SCTP':
    case 'TCP/UDP/UDP-LITE/SCTP':
    case 'HTTP':
    case 'FTP':
    case 'CONNECT':
    case 'SOCKS-TCP':
      break;
    default:
      return noService(`the service ${shownValue(name)} has the protocol ${shownValue(protocol)}`);
  }
  let services = NO_SERVICES;
  let isInexact = false;
  for (const kind of ['tcp', 'udp'] as const) {
    const texts = values(custom, `${kind}-portrange`);
    if (texts.length === 0) continue;
    const found = portList(texts);
    if (!found)
      return noService(
        `the service ${shownValue(name)} has ports that cannot be read: ${shownValue(texts.join(' '))}`,
      );
    if (found.source === 'gap') return noService(`the service ${shownValue(name)}: ${SOURCE_PORTS}`);
    if (found.source === 'inexact') isInexact = true;
    services = sharedServices(services, { ...NO_SERVICES, [kind]: found.ports });
  }
  if (values(custom, 'sctp-portrange').length > 0 || values(custom, 'udplite-portrange').length > 0) {
    services = { ...services, other: true };
  }
  const limit = first(custom, 'fqdn') ?? first(custom, 'iprange');
  if (limit !== undefined && limit !== '' && limit !== '0.0.0.0') {
    return noService(`the service ${shownValue(name)} is limited to the addresses ${shownValue(limit)}`);
  }
  return { services, faults: [], isInexact };
}

// --- Policies ---------------------------------------------------------------------------------

interface Policy {
  readonly id: string;
  readonly section: ConfigSection;
  readonly action: Action;
  /** What it is for behind virtual addresses. */
  readonly virtual: readonly Virtual[];
  readonly matchesVirtual: boolean;
}

/** Keys that limit a policy to what a topology does not have. */
const LIMITS: readonly (readonly [string, string])[] = [
  ['groups', 'the user groups'],
  ['users', 'the users'],
  ['fsso-groups', 'the user groups'],
  ['devices', 'the devices'],
  ['src-vendor-mac', 'the makers of devices'],
  ['ztna-ems-tag', 'the tags'],
  ['ztna-geo-tag', 'the tags'],
  ['fsso-agent-for-ntlm', 'the users'],
  ['identity-based', 'the users, of which each has rules of its own:'],
  ['ztna-status', 'access by ZTNA:'],
  ['ztna-device-ownership', 'devices by their owner:'],
  ['reputation-minimum', 'addresses of the reputation'],
  ['reputation-minimum6', 'addresses of the reputation'],
  ['sgt', 'the security group tags'],
  ['vlan-filter', 'the VLANs'],
];

/** Without these the rule would let hardly less than everything through. */
const STRICT_LIMITS: readonly (readonly [string, string])[] = [
  ['url-category', 'the URL categories'],
  ['app-category', 'the application categories'],
  ['application', 'the applications'],
];

/** Values of these keys that limit nothing. */
const NO_LIMIT: ReadonlySet<string> = new Set(['all', '', 'disable', '0']);

function policySteps(device: Device, look: Look): readonly Step[] {
  const { section, virtuals } = look;
  const groups = new Map<string, readonly string[]>();
  for (const kind of ['firewall vipgrp', 'firewall vipgrp6']) {
    for (const [name, group] of tableOf(section, kind)) groups.set(name, values(group, 'member'));
  }
  const steps: Step[] = [];
  let disabled = 0;
  const policies: Policy[] = [];
  for (const kind of POLICIES) {
    for (const [id, one] of tableOf(section, kind)) {
      if (first(one, 'status') === 'disable') {
        disabled++;
        continue;
      }
      const names = [...values(one, 'dstaddr'), ...values(one, 'dstaddr6')].flatMap(
        (name) => groups.get(name) ?? [name],
      );
      const verb = first(one, 'action') ?? 'deny';
      policies.push({
        id,
        section: one,
        action: verb === 'deny' ? 'deny' : 'allow',
        virtual: names.flatMap((name) => virtuals.get(name) ?? []),
        matchesVirtual: isOn(one, 'match-vip'),
      });
    }
  }
  if (disabled > 0) {
    steps.push({ kind: 'note', text: `${counted(disabled, 'policy', 'policies')} disabled: left out.` });
  }
  steps.push(...redirectSteps(device, look));
  const hoisted = new Set<Policy>();
  // The policies for virtual addresses that are still to come.
  const later = policies.filter(({ virtual }) => virtual.length > 0);
  for (const policy of policies) {
    if (later[0] === policy) later.shift();
    const isBlind = policy.action === 'deny' && policy.virtual.length === 0 && !policy.matchesVirtual;
    if (isBlind) {
      const passing = later.filter((one) => !hoisted.has(one) && meets(policy, one, look));
      const isStopped = (one: Policy) =>
        policies
          .slice(policies.indexOf(policy) + 1, policies.indexOf(one))
          .some((other) => other.action === 'deny' && (other.matchesVirtual || other.virtual.length > 0));
      const first = passing.filter((one) => !isStopped(one) && one.action === 'allow');
      if (first.length > 0) {
        steps.push({
          kind: 'note',
          text: `Policy ${policy.id} does not stop traffic to virtual addresses (match-vip is not set); what later policies let through to them comes first.`,
        });
      }
      if (passing.some((one) => one.action === 'allow' && isStopped(one))) {
        steps.push({
          kind: 'inexact',
          text: `policy ${policy.id}: it does not stop traffic to virtual addresses (match-vip is not set), but here it does for those of later policies that others come before`,
        });
      }
      for (const one of first) {
        hoisted.add(one);
        for (const step of ruleSteps(one, 'virtual', device, look)) steps.push(step);
      }
    }
    for (const step of ruleSteps(policy, hoisted.has(policy) ? 'plain' : 'all', device, look))
      steps.push(step);
  }
  for (const [name, zone] of tableOf(section, 'system zone')) {
    const ends = device.placing.ends(name);
    if (first(zone, 'intrazone') !== 'allow' || !ends || ends.names.length + ends.ranges.length < 2) continue;
    const side: RuleSide = { zones: [name], addresses: ANYONE, faults: [] };
    for (const step of deviceSteps(
      {
        title: `intrazone traffic of ${shownValue(name)}`,
        action: 'allow',
        name: undefined,
        from: side,
        to: side,
        services: { direct: ALL_SERVICES, groups: [] },
      },
      device,
    )) {
      steps.push(step);
    }
  }
  return steps;
}

/** Where it depends on a setting and its version whether traffic within one interface needs a policy. */
function redirectSteps(device: Device, { section }: Look): readonly Step[] {
  const zones = tableOf(section, 'system zone');
  return device.placing.ports.flatMap((name): readonly Step[] => {
    if (zones.has(name) || !device.placing.has(name)) return [];
    const ends = device.placing.ends(name);
    if (!ends || ends.names.length < 2) return [];
    return [
      {
        kind: 'inexact',
        text: `traffic among ${ends.names.join(', ')}, which are behind ${shownValue(name)}: with allow-traffic-redirect, on by default in older versions, it passes without a policy; here it needs one`,
      },
    ];
  });
}

/** Whether a policy would stop something of what a later one lets through to a virtual address, were it not virtual. */
function meets(policy: Policy, later: Policy, look: Look): boolean {
  const share = (key: string) => {
    const [a, b] = [values(policy.section, key), values(later.section, key)];
    return a.includes('any') || b.includes('any') || a.some((one) => b.includes(one));
  };
  if (!share('srcintf') || !share('dstintf')) return false;
  const ends = values(policy.section, 'dstaddr').map((name) =>
    flat(addressOf(name, 4, look).ends, look.objects),
  );
  const six = values(policy.section, 'dstaddr6').map((name) =>
    flat(addressOf(name, 6, look).ends, look.objects),
  );
  const { ranges } = together([...ends, ...six]);
  if (isOn(policy.section, 'dstaddr-negate')) return true;
  return later.virtual.some(({ real }) => sharedRanges(ranges, real.ranges).length > 0);
}

/** @param part of a policy with virtual addresses among others: only what is for these, only the rest, or all */
function ruleSteps(
  policy: Policy,
  part: 'all' | 'virtual' | 'plain',
  device: Device,
  look: Look,
): readonly Step[] {
  const { id, section, action, virtual } = policy;
  const name = first(section, 'name');
  const title = name === undefined || name === '' ? `policy ${id}` : `policy ${id} ${shownValue(name)}`;
  const gap = (text: string): Step => ({ kind: 'gap', text: `${action} ${title}: ${text}`, lost: action });
  for (const [key, what] of [
    ['internet-service', 'to internet services'],
    ['internet-service-src', 'from internet services'],
    ['internet-service6', 'to internet services'],
    ['internet-service6-src', 'from internet services'],
  ] as const) {
    if (!isOn(section, key)) continue;
    const names = [
      ...values(section, `${key}-name`),
      ...values(section, `${key}-id`),
      ...values(section, `${key}-group`),
    ];
    return [
      gap(
        `it is for traffic ${what}, of which the device keeps the addresses${names.length > 0 ? `: ${shownNames(names)}` : ''}`,
      ),
    ];
  }
  const limitsOf = (table: typeof LIMITS) =>
    table.flatMap(([key, what]) => {
      const own = values(section, key).filter((one) => !NO_LIMIT.has(one));
      return own.length > 0 ? [`${what} ${shownNames(own)}`] : [];
    });
  const limits = limitsOf(LIMITS);
  const verb = first(section, 'action');
  const tunnels = values(section, 'vpntunnel');
  if (verb === 'ipsec') limits.push(tunnels.length === 0 ? 'a tunnel' : `the tunnel ${shownNames(tunnels)}`);
  else if (action === 'allow' && verb !== 'accept') return [gap(`its action is ${shownValue(verb)}`)];
  const schedule = scheduleOf(section, look);
  if (schedule.limit !== undefined) limits.push(schedule.limit);
  const zones = (key: string): readonly string[] | undefined => {
    const names = values(section, key);
    return names.includes('any') ? undefined : names;
  };
  const isFamily6 = tableOf(look.section, 'firewall policy6').get(id) === section;
  const side = (key: 'src' | 'dst', skip: ReadonlySet<string>): RuleSide => {
    const parts = ([4, 6] as const).map((family): NamedAddress => {
      if (isFamily6 && family === 4) return nobody;
      const word = family === 6 && !isFamily6 ? `${key}addr6` : `${key}addr`;
      const names = values(section, word).filter((one) => !skip.has(one));
      const found = names.map((one) => addressOf(one, family, look));
      const list = { ends: together(found.map((one) => one.ends)), faults: faultsOf(found) };
      if (names.length === 0) return nobody;
      return isOn(section, `${word}-negate`)
        ? allBut(list, family, device)
        : { ...list, ends: withPublic(withoutTranslated(list.ends, look.outside, device), device) };
    });
    return {
      zones: zones(`${key}intf`),
      addresses: together(parts.map((one) => one.ends)),
      faults: faultsOf(parts),
    };
  };
  const services = spoken(section, look);
  const { description, about } = notesIn(first(section, 'comments') ?? first(section, 'comment'));
  const notes: RuleNotes | undefined =
    schedule.expires === undefined ? about : { ...about, expires: about?.expires ?? schedule.expires };
  const base = (to: RuleSide, list: ServiceList, inexact: readonly string[]): DeviceRule => ({
    title,
    action,
    name: name || undefined,
    description,
    about: notes,
    from: side('src', new Set()),
    to,
    services: list,
    serviceFaults: services.faults,
    limits,
    strictLimits: limitsOf(STRICT_LIMITS),
    inexact,
  });
  const steps: Step[] = [];
  if (part !== 'plain') {
    for (const one of virtual) {
      if (one.fault !== undefined) {
        steps.push(gap(one.fault));
        continue;
      }
      const own = one.services;
      const both = (services: Services, limit: Services): Services => ({
        tcp: intersection(services.tcp, limit.tcp),
        udp: intersection(services.udp, limit.udp),
        icmp: services.icmp && limit.icmp,
        other: false,
      });
      const list = own ? { direct: both(allServices(services.list), own), groups: [] } : services.list;
      const to: RuleSide = { zones: zones('dstintf'), addresses: one.real, faults: [] };
      const sources = reaching(zones('srcintf'), one, look);
      if (sources?.length === 0) {
        steps.push({
          kind: 'note',
          text: `${action} ${title}: the virtual address ${shownValue(one.name)} is reached from ${shownValue(one.from)} alone, for which it is not.`,
        });
        continue;
      }
      const inexact = [...services.inexact, ...(one.inexact === undefined ? [] : [one.inexact])];
      const rule = base(to, list, inexact);
      for (const step of deviceSteps({ ...rule, from: { ...rule.from, zones: sources } }, device))
        steps.push(step);
    }
  }
  if (part !== 'virtual') {
    const groups = tableOf(look.section, 'firewall vipgrp');
    const names = values(section, 'dstaddr').concat(values(section, 'dstaddr6'));
    const skip = new Set(names.filter((one) => groups.has(one) || virtual.some((vip) => vip.name === one)));
    if (skip.size < names.length || names.length === 0) {
      for (const step of deviceSteps(base(side('dst', skip), services.list, services.inexact), device))
        steps.push(step);
    }
  }
  return steps;
}

/** The interfaces of a policy from which a virtual address is reached; undefined for any. */
function reaching(
  zones: readonly string[] | undefined,
  { from }: Virtual,
  { section }: Look,
): readonly string[] | undefined {
  if (from === undefined) return zones;
  const homes = [...tableOf(section, 'system zone')]
    .filter(([, zone]) => values(zone, 'interface').includes(from))
    .map(([name]) => name);
  // An interface in a zone is named by that.
  const own = homes.length > 0 ? homes : [from];
  return zones ? zones.filter((one) => one === from || own.includes(one)) : own;
}

/** Every other address of the family; nothing where a part of the list is not known, for it would be let in. */
function allBut({ ends, faults }: NamedAddress, family: 4 | 6, { words, objects }: Device): NamedAddress {
  const { ranges, names } = flat(ends, objects);
  const parts = names.map((name) => words.rangesOf(name));
  const unknown = names.filter((_, index) => parts[index] === undefined);
  const all = [...faults, ...unknown.map((name) => `the addresses of ${shownValue(name)} are not known`)];
  if (all.length > 0)
    return noAddress(
      `is everything but a list, of which a part cannot be read: ${all.slice(0, 3).join(' and ')}`,
    );
  const listed = endsOfRanges([...ranges, ...parts.flatMap((part) => part ?? [])]).ranges;
  return { ends: except(listed, family), faults: [] };
}

function spoken(
  section: ConfigSection,
  look: Look,
): { readonly list: ServiceList; readonly faults: readonly string[]; readonly inexact: readonly string[] } {
  const found = values(section, 'service').map((one) => serviceOf(one, look));
  const faults = faultsOf(found);
  const inexact = found.some((one) => one.isInexact) ? [SOURCE_PORTS_IGNORED] : [];
  if (isOn(section, 'service-negate')) {
    const others = faults.length > 0 ? NO_SERVICES : otherServices(servicesTogether(found));
    return {
      list: { direct: others, groups: [] },
      faults,
      inexact,
    };
  }
  return {
    list: serviceList(found),
    faults,
    inexact,
  };
}

const DAY = 86_400_000;

/** The last day: of `17:00 2026/12/31` that, of `2026-12-31 00:00:00` the one before. */
function dayIn(texts: readonly string[]): string | undefined {
  const text = texts.join(' ');
  const [date, year, month, day] = /(\d{4})[/-](\d{2})[/-](\d{2})/.exec(text) ?? [];
  if (date === undefined) return undefined;
  // At midnight the day before is the last one.
  const time = Date.parse(`${year}-${month}-${day}T00:00:00Z`);
  const isStart = /(?:^|\s)00:00(?::00)?(?:\s|$)/.test(text);
  if (!isStart || Number.isNaN(time)) return `${year}-${month}-${day}`;
  return new Date(time - DAY).toISOString().slice(0, 10);
}

/** A schedule that has an end is the day on which the rule expires; one that comes again is a limit. */
function scheduleOf(
  section: ConfigSection,
  { section: all }: Look,
): { readonly limit?: string; readonly expires?: string } {
  const expiry = isOn(section, 'policy-expiry') ? dayIn(values(section, 'policy-expiry-date')) : undefined;
  const name = first(section, 'schedule');
  if (name === undefined || name === 'always') return expiry === undefined ? {} : { expires: expiry };
  const once = tableOf(all, 'firewall schedule onetime').get(name);
  const end = once && dayIn(values(once, 'end'));
  if (once && end !== undefined && dayIn(values(once, 'start')) === undefined)
    return { expires: expiry ?? end };
  return { limit: `the schedule ${shownValue(name)}`, ...(end === undefined ? {} : { expires: end }) };
}
