// Palo Alto Networks PAN-OS and Panorama: the configuration as XML, as `set` commands or as `show` prints it.

import { networkText } from '../exports/firewall/address.ts';
import { t } from '../l10n.ts';
import { type AddressRange, widthOf } from '../reach/addresses.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { counted } from '../text/count.ts';
import {
  allServices,
  type Device,
  type DeviceRule,
  deviceOf,
  deviceSteps,
  dynamicPorts,
  faultsOf,
  machineOfEnds,
  type RuleSide,
  type ServiceList,
  SOURCE_PORTS,
  SOURCE_PORTS_IGNORED,
  sharedServices,
  shownNames,
  sourcePorts,
  translationSteps,
  withPublic,
} from './device.ts';
import { ANYONE, type Ends, endsOfRanges, isAnyone, sharedRanges, together } from './ends.ts';
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
  type Words,
} from './model.ts';
import {
  addressSaid,
  lookedUp,
  MOST_NESTED,
  type NamedAddress,
  type NamedService,
  noAddress,
  noService,
  serviceGroup,
  serviceList,
  serviceSaid,
} from './named.ts';
import { notesIn } from './notes.ts';
import { flat, newObjects, type Objects } from './objects.ts';
import { below, members, type Tree, textAt, treeOfBraces, treeOfSets, treeOfXml } from './pan-tree.ts';
import { APPS, PAN_SERVICES } from './pan-words.ts';
import type { Port } from './placing.ts';
import { ALL_SERVICES, isSpoken, NO_SERVICES, type Services } from './traffic.ts';
import { addressesIn, optionWord, portsIn, shownValue } from './values.ts';

export const panOs: ImportFormat = {
  title: 'Palo Alto Networks PAN-OS',
  about:
    'Palo Alto Networks PAN-OS and Panorama: the configuration as XML, or as `set` commands ([more](#palo-alto-networks-pan-os))',
  knows: (source) => source.kind === 'text' && formOf(source.text) !== undefined,
  read,
};

function formOf(text: string): ((text: string) => Tree) | undefined {
  if (/^\s*<(?:\?xml|config|response|!--|entry|rulebase|security|policy)/.test(text)) return treeOfXml;
  if (
    hasLine(
      text,
      /^[ \t]*set (?:config |deviceconfig |network |shared |rulebase |vsys |device-group |zone |address |policy panorama|template )/,
    )
  ) {
    return treeOfSets;
  }
  return hasLine(text, /^[ \t]*(?:config|devices|policy|rulebase|vsys) \{/) ? treeOfBraces : undefined;
}

// --- Where things are -------------------------------------------------------------------------

/** Rules in order, and where objects that they name are looked up, the nearest first. */
interface Base {
  readonly name: string;
  readonly about: string;
  readonly scopes: readonly Tree[];
  readonly rules: readonly (readonly [title: string, rules: Tree])[];
  /** The rule books in which default rules are changed, the strongest first. */
  readonly books: readonly Tree[];
  readonly translations: readonly Tree[];
  readonly zones: readonly Tree[];
}

function entriesOf(tree: Tree | undefined): readonly (readonly [string, Tree])[] {
  return [...(tree ?? [])];
}

/** The parts of a configuration at which devices, virtual systems and device groups are. */
function rootsOf(tree: Tree): readonly Tree[] {
  const tops = [
    tree,
    below(tree, 'config'),
    below(tree, 'response', 'result', 'config'),
    below(tree, 'response', 'result'),
  ];
  return tops.flatMap((top) => {
    if (!top) return [];
    return [top, ...entriesOf(below(top, 'devices')).map(([, device]) => device)];
  });
}

const isTree = (tree: Tree | undefined): tree is Tree => tree !== undefined;

function basesOf(tree: Tree): {
  readonly bases: readonly Base[];
  readonly networks: readonly Tree[];
  readonly hostname: string | undefined;
} {
  const roots = rootsOf(tree);
  const templates = roots.flatMap((root) =>
    ['template', 'template-stack'].flatMap((kind) =>
      entriesOf(below(root, kind)).flatMap(([, one]) => rootsOf(one)),
    ),
  );
  const all = [...roots, ...templates];
  const shared = roots.map((root) => below(root, 'shared')).filter(isTree);
  const pushed = roots.map((root) => below(root, 'policy', 'panorama')).filter(isTree);
  const systems = all.flatMap((root) => entriesOf(below(root, 'vsys')));
  // A device with one virtual system may leave it out.
  const plain = roots.filter((root) => ['rulebase', 'zone', 'address'].some((key) => root.has(key)));
  const vsys = new Map<string, Tree[]>();
  for (const [name, one] of [...plain.map((root) => ['vsys1', root] as const), ...systems]) {
    const list = vsys.get(name);
    if (list) list.push(one);
    else vsys.set(name, [one]);
  }
  const zones = [...systems.map(([, one]) => one), ...plain].flatMap((one) => below(one, 'zone') ?? []);
  const groups = new Map(roots.flatMap((root) => entriesOf(below(root, 'device-group'))));
  const parents = new Map<string, string>();
  for (const root of [...roots, ...roots.flatMap((root) => rootsOf(below(root, 'readonly') ?? new Map()))]) {
    for (const [name, one] of entriesOf(below(root, 'device-group'))) {
      const parent = textAt(one, 'parent-dg');
      if (parent !== undefined) parents.set(name, parent);
    }
  }
  const rulesOf = (one: Tree, book: string, title: string): readonly (readonly [string, Tree])[] => {
    const rules = below(one, book, 'security', 'rules');
    return rules && rules.size > 0 ? [[title, rules]] : [];
  };
  const booksOf = (one: Tree, ...names: readonly string[]) =>
    names.map((name) => below(one, name)).filter(isTree);
  const hostname = all.map((root) => textAt(root, 'deviceconfig', 'system', 'hostname')).find((name) => name);
  const bases: Base[] = [];
  const sharedPre = shared.flatMap((one) => rulesOf(one, 'pre-rulebase', 'Shared rules before others'));
  const sharedPost = shared.flatMap((one) => rulesOf(one, 'post-rulebase', 'Shared rules after others'));
  for (const [name, parts] of vsys) {
    const rules = [
      ...sharedPre,
      ...pushed.flatMap((one) => rulesOf(one, 'pre-rulebase', 'Rules of Panorama before others')),
      ...parts.flatMap((one) => rulesOf(one, 'pre-rulebase', 'Rules before others')),
      ...parts.flatMap((one) => rulesOf(one, 'rulebase', 'Rules of the device')),
      ...shared.flatMap((one) => rulesOf(one, 'rulebase', 'Shared rules')),
      ...parts.flatMap((one) => rulesOf(one, 'post-rulebase', 'Rules after others')),
      ...pushed.flatMap((one) => rulesOf(one, 'post-rulebase', 'Rules of Panorama after others')),
      ...sharedPost,
    ];
    // A template has zones, and Panorama the rules.
    if (groups.size > 0 && !parts.some((one) => one.has('rulebase'))) continue;
    const isOnly = vsys.size === 1;
    bases.push({
      name: isOnly ? (hostname ?? name) : `${hostname ?? 'pan-os'}-${name}`,
      about: `PAN-OS${hostname === undefined ? '' : ` ${hostname}`}, virtual system ${name}`,
      scopes: [...parts, ...pushed, ...shared],
      rules,
      books: [
        ...parts.flatMap((one) => booksOf(one, 'rulebase')),
        ...pushed.flatMap((one) => booksOf(one, 'post-rulebase', 'pre-rulebase')),
        ...shared.flatMap((one) => booksOf(one, 'post-rulebase', 'pre-rulebase', 'rulebase')),
      ],
      translations: [
        ...pushed.flatMap((one) => below(one, 'pre-rulebase', 'nat', 'rules') ?? []),
        ...parts.flatMap((one) => below(one, 'rulebase', 'nat', 'rules') ?? []),
        ...pushed.flatMap((one) => below(one, 'post-rulebase', 'nat', 'rules') ?? []),
      ],
      zones: parts.flatMap((one) => below(one, 'zone') ?? []),
    });
  }
  for (const [name, group] of groups) {
    const line: Tree[] = [group];
    let at = name;
    for (let depth = 0; depth < MOST_NESTED; depth++) {
      const parent = parents.get(at);
      const next = parent === undefined ? undefined : groups.get(parent);
      if (!next || line.includes(next)) break;
      line.push(next);
      at = parent ?? '';
    }
    const title = (one: Tree) => [...groups].find(([, tree]) => tree === one)?.[0] ?? name;
    bases.push({
      name,
      about: `Panorama, device group ${name}`,
      scopes: [...line, ...shared],
      rules: [
        ...sharedPre,
        ...[...line]
          .reverse()
          .flatMap((one) => rulesOf(one, 'pre-rulebase', `Rules of ${title(one)} before others`)),
        ...line.flatMap((one) => rulesOf(one, 'post-rulebase', `Rules of ${title(one)} after others`)),
        ...sharedPost,
      ],
      books: [...line, ...shared].flatMap((one) => booksOf(one, 'post-rulebase', 'pre-rulebase')),
      translations: [
        ...[...line].reverse().flatMap((one) => below(one, 'pre-rulebase', 'nat', 'rules') ?? []),
        ...line.flatMap((one) => below(one, 'post-rulebase', 'nat', 'rules') ?? []),
      ],
      zones,
    });
  }
  if (bases.length === 0 && sharedPre.length + sharedPost.length > 0) {
    bases.push({
      name: hostname ?? 'panorama',
      about: 'Panorama, shared rules',
      scopes: shared,
      rules: [...sharedPre, ...sharedPost],
      books: shared.flatMap((one) => booksOf(one, 'post-rulebase', 'pre-rulebase')),
      translations: [],
      zones,
    });
  }
  return { bases, networks: all.map((root) => below(root, 'network')).filter(isTree), hostname };
}

/** The zones with what is connected to their interfaces, and what static routes send there. */
function portsOfZones({ zones, rules }: Base, networks: readonly Tree[]): readonly Port[] {
  const addresses = new Map<string, string[]>();
  const add = (name: string, texts: readonly string[]) => {
    const list = addresses.get(name);
    if (list) list.push(...texts);
    else addresses.set(name, [...texts]);
  };
  const defaults = new Set<string>();
  for (const network of networks) {
    const visit = (name: string, one: Tree): void => {
      const layer = below(one, 'layer3') ?? one;
      add(name, members(layer, 'ip'));
      add(name, members(layer, 'ipv6', 'address'));
      for (const units of [below(layer, 'units'), below(one, 'units')]) {
        if (units) for (const [unit, inner] of units) visit(unit, inner);
      }
    };
    for (const [, kind] of network.get('interface') ?? []) {
      for (const [name, one] of kind) visit(name, one);
      // `loopback`, `tunnel` and `vlan` hold their units alone.
      visit('', kind);
    }
    for (const kind of ['virtual-router', 'logical-router']) {
      for (const [, router] of network.get(kind) ?? []) {
        const vrfs = [router, ...entriesOf(below(router, 'vrf')).map(([, vrf]) => vrf)];
        for (const family of vrfs.flatMap((vrf) => [
          below(vrf, 'routing-table', 'ip', 'static-route'),
          below(vrf, 'routing-table', 'ipv6', 'static-route'),
        ])) {
          for (const [, route] of family ?? []) {
            const to = textAt(route, 'destination');
            const port = textAt(route, 'interface');
            if (to === undefined || port === undefined) continue;
            if (to === '0.0.0.0/0' || to === '::/0') defaults.add(port);
            else add(port, [to]);
          }
        }
      }
    }
  }
  const known = new Map<string, Port>();
  for (const tree of zones) {
    for (const [name, zone] of tree) {
      const interfaces = [...(below(zone, 'network') ?? [])].flatMap(([, list]) => [...list.keys()]);
      known.set(name, {
        name,
        networks: interfaces.flatMap((one) =>
          (addresses.get(one) ?? []).flatMap((text) => addressesIn(text) ?? []),
        ),
        isDefault: interfaces.some((one) => defaults.has(one)),
      });
    }
  }
  // Panorama may know zones by its rules only.
  for (const [, list] of rules) {
    for (const [, rule] of list) {
      for (const name of [...members(rule, 'from'), ...members(rule, 'to')]) {
        if (name !== 'any' && !known.has(name)) known.set(name, { name, networks: [] });
      }
    }
  }
  return [...known.values()];
}

// --- Addresses --------------------------------------------------------------------------------

interface Look {
  readonly scopes: readonly Tree[];
  readonly words: Words;
  readonly objects: Objects;
  readonly scope: string;
  readonly known: Map<string, NamedAddress>;
  readonly services: Map<string, NamedService>;
  readonly apps: Map<string, AppFound>;
}

function find(kind: string, name: string, { scopes }: Look): Tree | undefined {
  for (const scope of scopes) {
    const found = below(scope, kind, name);
    if (found) return found;
  }
  return undefined;
}

function addressOf(name: string, look: Look, depth = 0): NamedAddress {
  const nested = { group: `the group ${shownValue(name)}`, depth, none: noAddress };
  return lookedUp(look.known, name, nested, () => addressOnce(name, look, depth));
}

function addressOnce(name: string, look: Look, depth: number): NamedAddress {
  const said = look.words.ends(name);
  if (name === 'any') return { ends: ANYONE, faults: [] };
  const object = find('address', name, look);
  if (object) {
    const found = objectOf(name, object, look);
    if (found.ends.names.length > 0 || found.ends.ranges.length === 0) return found;
    return {
      ...found,
      ends: look.objects.add({ name, scope: look.scope, members: [found.ends], ends: found.ends }),
    };
  }
  const group = find('address-group', name, look);
  if (group) {
    const list = below(group, 'static') ?? (group.has('dynamic') ? undefined : group);
    if (!list) {
      return said
        ? { ends: said, faults: [] }
        : noAddress(
            `${shownValue(name)} is a dynamic group; say what is in it with --map ${optionWord(name, 'GROUP')}=NAMES`,
          );
    }
    const names = [...list.keys()].filter((one) => list !== group || !['description', 'tag'].includes(one));
    const parts = names.map((one) => addressOf(one, look, depth + 1));
    const ends = together(parts.map((part) => flat(part.ends, look.objects)));
    const faults = faultsOf(parts);
    if (ends.ranges.length + ends.names.length === 0) return { ends, faults };
    return {
      ends: look.objects.add({ name, scope: look.scope, members: parts.map((part) => part.ends), ends }),
      faults,
    };
  }
  const range = addressesIn(name);
  if (range) return { ends: endsOfRanges([range]), faults: [] };
  return addressSaid(name, look.words);
}

function objectOf(name: string, object: Tree, { words }: Look): NamedAddress {
  const read = (text: string | undefined): NamedAddress => {
    const range = text === undefined ? undefined : addressesIn(text);
    return range
      ? { ends: endsOfRanges([range]), faults: [] }
      : noAddress(`${shownValue(name)} is ${shownValue(text)}, which cannot be read`);
  };
  if (object.has('ip-netmask')) return read(textAt(object, 'ip-netmask'));
  if (object.has('ip-range')) return read(textAt(object, 'ip-range'));
  const said = words.ends(name);
  if (said) return { ends: said, faults: [] };
  const fqdn = textAt(object, 'fqdn');
  const hint = `say what it stands for with --map ${optionWord(name, 'NAME')}=NAMES`;
  if (fqdn !== undefined)
    return noAddress(
      `${shownValue(name)} is the name ${shownValue(fqdn)}, which the device looks up; ${hint}`,
    );
  const wildcard = textAt(object, 'ip-wildcard');
  if (wildcard !== undefined)
    return noAddress(`${shownValue(name)} is the wildcard ${shownValue(wildcard)}; ${hint}`);
  return noAddress(`${shownValue(name)} has no address; ${hint}`);
}

// --- Services and applications ----------------------------------------------------------------

function portList(text: string): PortSet | undefined {
  const sets = text.split(',').map((one) => portsIn(one));
  return sets.includes(undefined) ? undefined : portSet(sets.flatMap((set) => set ?? []));
}

function serviceOf(name: string, look: Look, depth = 0): NamedService {
  const nested = { group: `the service group ${shownValue(name)}`, depth, none: noService };
  return lookedUp(look.services, name, nested, () => serviceOnce(name, look, depth));
}

function serviceOnce(name: string, look: Look, depth: number): NamedService {
  const object = find('service', name, look);
  if (object) {
    let services = NO_SERVICES;
    let isInexact = false;
    for (const [protocol, one] of below(object, 'protocol') ?? []) {
      const text = textAt(one, 'port');
      const source = textAt(one, 'source-port');
      const ports = text === undefined ? ALL_PORTS : portList(members(one, 'port').join(','));
      if (!ports)
        return noService(
          `the service ${shownValue(name)} has the port ${shownValue(text)}, which cannot be read`,
        );
      if (source !== undefined) {
        const limit = sourcePorts(portList(members(one, 'source-port').join(',')) ?? NO_PORTS);
        if (limit === 'gap') return noService(`the service ${shownValue(name)}: ${SOURCE_PORTS}`);
        if (limit === 'inexact') isInexact = true;
      }
      if (protocol === 'tcp' || protocol === 'udp')
        services = sharedServices(services, { ...NO_SERVICES, [protocol]: ports });
      else services = { ...services, other: true };
    }
    return { services, faults: [], isInexact };
  }
  const group = find('service-group', name, look);
  if (group) {
    const list = below(group, 'members') ?? group;
    const parts = [...list.keys()]
      .filter((one) => list !== group || one !== 'tag')
      .map((one) => serviceOf(one, look, depth + 1));
    return serviceGroup(name, look.scope, parts);
  }
  const own = PAN_SERVICES.get(name);
  if (own) return { services: own, faults: [], isInexact: false };
  return serviceSaid(name, look.words);
}

interface AppFound {
  readonly services: Services;
  readonly isDynamic: boolean;
  readonly faults: readonly string[];
}

const noApp = (text: string): AppFound => ({ services: NO_SERVICES, isDynamic: false, faults: [text] });

function appOf(name: string, look: Look, depth = 0): AppFound {
  const nested = { group: `the application group ${shownValue(name)}`, depth, none: noApp };
  return lookedUp(look.apps, name, nested, () => appOnce(name, look, depth));
}

function appOnce(name: string, look: Look, depth: number): AppFound {
  const own = find('application', name, look);
  const hint = `say its TCP ports with --map ${optionWord(name, 'APP')}=PORTS`;
  const said = look.words.ports(name);
  if (own) {
    let services = NO_SERVICES;
    let isDynamic = false;
    for (const text of members(own, 'default', 'port')) {
      for (const [protocol = '', list = ''] of [text.split('/')]) {
        const parts = list.split(',').filter((one) => one !== 'dynamic');
        if (parts.length < list.split(',').length) isDynamic = true;
        const ports = portList(parts.join(','));
        if (protocol === 'tcp' || protocol === 'udp') {
          if (ports) services = sharedServices(services, { ...NO_SERVICES, [protocol]: ports });
        } else services = { ...services, other: true };
      }
    }
    for (const [key, echo] of [
      ['ident-by-icmp-type', '8'],
      ['ident-by-icmp6-type', '128'],
    ] as const) {
      const types = below(own, 'default', key);
      if (!types) continue;
      const type = textAt(types, 'type') ?? textAt(types);
      services = { ...services, ...(type === undefined || type === echo ? { icmp: true } : { other: true }) };
    }
    if (below(own, 'default', 'ident-by-ip-protocol')) services = { ...services, other: true };
    if (isSpoken(services) || services.other || isDynamic) return { services, isDynamic, faults: [] };
    if (said) return { services: { ...NO_SERVICES, tcp: said }, isDynamic: false, faults: [] };
    return noApp(`the application ${shownValue(name)} has no default ports; ${hint}`);
  }
  const group = find('application-group', name, look);
  if (group) {
    const list = below(group, 'members') ?? group;
    const parts = [...list.keys()].map((one) => appOf(one, look, depth + 1));
    return {
      services: parts.reduce((sum, part) => sharedServices(sum, part.services), NO_SERVICES),
      isDynamic: parts.some((part) => part.isDynamic),
      faults: faultsOf(parts),
    };
  }
  if (said) return { services: { ...NO_SERVICES, tcp: said }, isDynamic: false, faults: [] };
  const app = APPS.get(name);
  if (app) return { services: app.services, isDynamic: app.isDynamic === true, faults: [] };
  if (find('application-filter', name, look))
    return noApp(`the application filter ${shownValue(name)} has no ports; ${hint}`);
  return noApp(`import does not know the ports of the App-ID ${shownValue(name)}; ${hint}`);
}

interface Spoken {
  readonly list: ServiceList;
  readonly faults: readonly string[];
  readonly inexact: readonly string[];
}

/** What a rule's applications and services come to. */
function spoken(rule: Tree, target: Ends, device: Device, look: Look): Spoken {
  const apps = members(rule, 'application').filter((one) => one !== 'any');
  const isAnyApp = apps.length === 0;
  const services = members(rule, 'service');
  const isDefault = services.includes('application-default');
  const isAny = services.length === 0 || services.includes('any');
  const inexact: string[] = [];
  if (isAnyApp || (!isAny && !isDefault)) {
    if (isAny || isDefault) {
      if (isDefault)
        inexact.push('it is for every application on the default ports of that; written as all traffic');
      return { list: { direct: ALL_SERVICES, groups: [] }, faults: [], inexact };
    }
    if (!isAnyApp)
      inexact.push(`it is limited to the applications ${shownNames(apps)}; the ports of its services count`);
    const found = services.map((one) => serviceOf(one, look));
    if (found.some((one) => one.isInexact)) inexact.push(SOURCE_PORTS_IGNORED);
    return {
      list: serviceList(found),
      faults: faultsOf(found),
      inexact,
    };
  }
  const found = apps.map((one) => appOf(one, look));
  let direct = found.reduce((sum, one) => sharedServices(sum, one.services), NO_SERVICES);
  if (found.some((one) => one.isDynamic)) {
    direct = sharedServices(direct, { ...NO_SERVICES, tcp: dynamicPorts(target, device) });
    inexact.push(
      'it is for RPC, of which the device opens dynamic ports as the endpoint mapper names them; all of them are written',
    );
  }
  if (isAny && !isDefault) {
    inexact.push(
      `it is for the applications ${shownNames(apps)} on any port; their documented ports are written`,
    );
  }
  return { list: { direct, groups: [] }, faults: faultsOf(found), inexact };
}

// --- Rules ------------------------------------------------------------------------------------

function read(source: ImportSource, { words }: ImportOptions): readonly ImportedFirewall[] {
  const text = source.kind === 'text' ? source.text : '';
  const tree = (formOf(text) ?? treeOfSets)(text);
  const { bases, networks } = basesOf(tree);
  if (bases.length === 0) throw importError(t('no security rules of PAN-OS in it'));
  const objects = newObjects();
  return bases.map((base, index) => {
    const device = deviceOf(portsOfZones(base, networks), words, objects);
    const look: Look = {
      scopes: base.scopes,
      words,
      objects,
      scope: bases.length > 1 ? `${index} ${base.name}` : '',
      known: new Map(),
      services: new Map(),
      apps: new Map(),
    };
    const translated = translationsOf(base, device, look);
    const steps: Step[] = [];
    for (const [title, rules] of base.rules) {
      steps.push({ kind: 'note', text: `${title}.` });
      let disabled = 0;
      for (const [name, rule] of rules) {
        if (textAt(rule, 'disabled') === 'yes') disabled++;
        else for (const step of ruleSteps(name, rule, device, look, translated.map)) steps.push(step);
      }
      if (disabled > 0)
        steps.push({ kind: 'note', text: `${counted(disabled, 'rule')} disabled: left out.` });
    }
    const intrazone = defaultAction(base, 'intrazone-default') ?? 'allow';
    const interzone = defaultAction(base, 'interzone-default') ?? 'deny';
    for (const step of defaultSteps(intrazone, device)) steps.push(step);
    const remarks: Remark[] = [...translated.remarks, ...otherRules(base)];
    return {
      name: base.name,
      about: base.about,
      protects: [],
      objects,
      remarks,
      zones: device.placing.zones,
      unmapped: device.placing.unmapped,
      lists: [
        {
          title: 'Rules in order',
          inside: undefined,
          steps,
          otherwise: {
            action: interzone,
            why: `the default rule interzone-default${interzone === 'allow' ? ' is changed to allow' : ''}`,
          },
        },
      ],
    };
  });
}

/** Rules of other rule books that drop what the security rules let through. */
const DROPPING: readonly (readonly [book: string, action: string, title: string])[] = [
  ['dos', 'deny', 'for DoS protection'],
  ['pbf', 'discard', 'for forwarding by policy'],
];

function otherRules({ scopes }: Base): readonly Remark[] {
  return DROPPING.flatMap(([book, action, title]): readonly Remark[] => {
    const names = scopes.flatMap((scope) =>
      ['pre-rulebase', 'rulebase', 'post-rulebase'].flatMap((kind) =>
        entriesOf(below(scope, kind, book, 'rules')).flatMap(([name, rule]) => {
          const isOff = textAt(rule, 'disabled') === 'yes';
          return below(rule, 'action', action) && !isOff ? [name] : [];
        }),
      ),
    );
    if (names.length === 0) return [];
    return [
      { kind: 'gap', text: `the rules ${title} that drop traffic: ${shownNames(names)}`, lost: 'deny' },
    ];
  });
}

function defaultAction({ books }: Base, name: string): Action | undefined {
  for (const book of books) {
    const action = textAt(book, 'default-security-rules', 'rules', name, 'action');
    if (action !== undefined) return action === 'allow' ? 'allow' : 'deny';
  }
  return undefined;
}

/** Zones of the topology that are in one zone of the device. */
function defaultSteps(action: Action, device: Device): readonly Step[] {
  return device.placing.ports.flatMap((name) => {
    const ends = device.placing.ends(name);
    if (!ends || ends.names.length + ends.ranges.length < 2) return [];
    const side: RuleSide = { zones: [name], addresses: ANYONE, faults: [] };
    return deviceSteps(
      {
        title: `default rule intrazone-default in ${shownValue(name)}`,
        action,
        name: 'intrazone-default',
        from: side,
        to: side,
        services: { direct: ALL_SERVICES, groups: [] },
      },
      device,
    );
  });
}

const ACTIONS: Readonly<Record<string, Action>> = {
  allow: 'allow',
  deny: 'deny',
  drop: 'deny',
  'reset-client': 'deny',
  'reset-server': 'deny',
  'reset-both': 'deny',
};

/** Keys that limit a rule to what a topology does not have, and the words that are no limit. */
const LIMITS: readonly (readonly [readonly string[], string])[] = [
  [['source-user'], 'the users'],
  [['hip-profiles'], 'the HIP profiles'],
  [['source-hip'], 'the HIP profiles'],
  [['destination-hip'], 'the HIP profiles'],
  [['source-imsi'], 'the subscribers'],
  [['source-device'], 'the devices'],
  [['destination-device'], 'the devices'],
  [['saas-user-list'], 'the users of services'],
  [['saas-tenant-list'], 'the tenants of services'],
  [['schedule'], 'the schedule'],
  [['target', 'devices'], 'the devices'],
  [['target', 'tags'], 'the devices with the tags'],
];

function ruleSteps(
  name: string,
  rule: Tree,
  device: Device,
  look: Look,
  translate: (ends: Ends) => Ends,
): readonly Step[] {
  const title = `rule ${shownValue(name)}`;
  const verb = textAt(rule, 'action');
  if (verb === undefined) return [{ kind: 'gap', text: `${title}: it has no action` }];
  const action = Object.hasOwn(ACTIONS, verb) ? ACTIONS[verb] : undefined;
  if (!action) return [{ kind: 'gap', text: `${title}: its action is ${shownValue(verb)}` }];
  const limits = LIMITS.flatMap(([path, what]) => {
    const values = members(rule, ...path).filter((one) => one !== 'any');
    return values.length > 0 ? [`${what} ${shownNames(values)}`] : [];
  });
  const categories = members(rule, 'category').filter((one) => one !== 'any');
  const side = (end: 'from' | 'to', addresses: string, negate: string): RuleSide => {
    const zones = members(rule, end);
    const texts = members(rule, addresses);
    const parts = (texts.length === 0 ? ['any'] : texts).map((one) => addressOf(one, look));
    const ends = together(parts.map((part) => part.ends));
    const isAll = parts.some((part) => isAnyone(part.ends));
    const real = isAll
      ? ANYONE
      : end === 'to'
        ? withPublic(translate(ends), device)
        : withPublic(ends, device);
    return {
      zones: zones.length === 0 || zones.includes('any') ? undefined : zones,
      addresses: real,
      isNegated: textAt(rule, negate) === 'yes',
      faults: faultsOf(parts),
    };
  };
  const from = side('from', 'source', 'negate-source');
  const to = side('to', 'destination', 'negate-destination');
  const services = spoken(rule, to.addresses, device, look);
  const kind = textAt(rule, 'rule-type');
  const { description, about } = notesIn(textAt(rule, 'description'));
  const written: DeviceRule = {
    title,
    action,
    name,
    description,
    about,
    from,
    to,
    within: kind === 'intrazone' || kind === 'interzone' ? kind : undefined,
    services: services.list,
    serviceFaults: services.faults,
    limits,
    strictLimits: categories.length > 0 ? [`the URL categories ${shownNames(categories)}`] : [],
    inexact: isSpoken(allServices(services.list)) ? services.inexact : [],
  };
  return deviceSteps(written, device);
}

// --- Translation ------------------------------------------------------------------------------

interface Translations {
  readonly remarks: readonly Remark[];
  /** Rules name the address before translation; what is behind it afterwards takes its place. */
  readonly map: (ends: Ends) => Ends;
}

function translationsOf({ translations }: Base, device: Device, look: Look): Translations {
  const remarks: Remark[] = [];
  const found: { readonly outside: AddressRange; readonly real: AddressRange }[] = [];
  const whole = (texts: readonly string[]): AddressRange | undefined => {
    const [text] = texts;
    if (texts.length !== 1 || text === undefined || text === 'any') return undefined;
    const { ends } = addressOf(text, look);
    const { ranges, names } = flat(ends, look.objects);
    return ranges.length === 1 && names.length === 0 ? ranges[0] : undefined;
  };
  for (const list of translations) {
    for (const [name, rule] of list) {
      if (textAt(rule, 'disabled') === 'yes') continue;
      const title = `the translation ${shownValue(name)}`;
      const target = below(rule, 'destination-translation') ?? below(rule, 'dynamic-destination-translation');
      const fixed = below(rule, 'source-translation', 'static-ip');
      let outside: AddressRange | undefined;
      let real: AddressRange | undefined;
      let isPart = false;
      const isAnyOf = (...path: readonly string[]) => {
        const values = members(rule, ...path);
        return values.length === 0 || values.includes('any');
      };
      if (target) {
        outside = whole(members(rule, 'destination'));
        real = whole(members(target, 'translated-address'));
        isPart = target.has('translated-port') || !isAnyOf('source') || !isAnyOf('service');
        if (!outside || !real) {
          remarks.push({
            kind: 'inexact',
            text: `${title}: its addresses cannot be told one by one, and it is not followed`,
          });
          continue;
        }
      } else if (fixed && textAt(fixed, 'bi-directional') === 'yes') {
        real = whole(members(rule, 'source'));
        outside = whole(members(fixed, 'translated-address'));
        isPart = !isAnyOf('destination');
      }
      if (!outside || !real || outside.family !== real.family) continue;
      if (outside.high - outside.low !== real.high - real.low) {
        remarks.push({
          kind: 'inexact',
          text: `${title}: it is between networks of different size, and is not followed`,
        });
        continue;
      }
      found.push({ outside, real });
      if (isPart) {
        remarks.push({
          kind: 'inexact',
          text: `${title}: it is for single ports or for some sources only; rules for the translated address are written for what is behind it`,
        });
      } else if (outside.low === outside.high && machineOfEnds(endsOfRanges([real]), device)) {
        const text = networkText({
          family: outside.family,
          bits: outside.low,
          prefix: widthOf(outside.family),
        });
        for (const step of translationSteps(title, text, endsOfRanges([real]), device)) {
          if (step.kind !== 'rule') remarks.push(step);
        }
      }
    }
  }
  const outsides = endsOfRanges(found.map(({ outside }) => outside)).ranges;
  return {
    remarks,
    map(ends) {
      if (found.length === 0) return ends;
      const { ranges } = flat(ends, look.objects);
      if (sharedRanges(ranges, outsides).length === 0) return ends;
      const more = found.flatMap(({ outside, real }) =>
        sharedRanges(ranges, [outside]).map(({ family, low, high }) => ({
          family,
          low: real.low + (low - outside.low),
          high: real.low + (high - outside.low),
        })),
      );
      return together([ends, endsOfRanges(more)]);
    },
  };
}
