// From what was read to the model: zones, sites, servers, firewalls.

import { PORTS } from '../../catalog/numbers.ts';
import { getOrAdd } from '../../collections.ts';
import type { MapNode } from '../../text/tree.ts';
import { DEFAULT_INSTANCE } from '../effective.ts';
import type { SECTIONS } from '../format.ts';
import type {
  AddressGroup,
  AvailabilityGroup,
  BoundaryFallback,
  BoundaryGroup,
  ClientGroup,
  ClientPorts,
  Firewall,
  FirewallRule,
  Listener,
  Named,
  NamedListener,
  OptionValue,
  Policy,
  PortGroup,
  PortRange,
  Replica,
  Role,
  RoleDatabase,
  RoleDatabaseKey,
  Server,
  Site,
  SiteDatabase,
  SiteType,
  SqlInstance,
  WebProxy,
  Written,
  Zone,
} from '../model.ts';
import type { FileReader } from './reader.ts';
import {
  booleanOf,
  type Field,
  type Fields,
  itemsOf,
  listOf,
  mapOf,
  type NamedEntry,
  NO_FIELDS,
  namedOf,
  numberOf,
  rangeValue,
  release,
  scalarsOf,
  textOf,
  type Value,
  written,
  writtenPorts,
} from './values.ts';

/** More repeated SQL Server instances than this come from aliases that multiply; the rest is left out. */
const MAX_REPEATED_INSTANCES = 20_000;

/** What the entries of a file that are read together share. */
export interface Reading {
  readonly reader: FileReader;
  readonly budget: Budget;
  readonly optionsOf: OptionsOf;
  readonly shared: Shared;
}

/** How the entries of each section become things of the model. */
export const BUILDERS = {
  zones: readZone,
  sites: readSite,
  servers: readServer,
  clients: readClients,
  boundaryGroups: readBoundaryGroup,
  availabilityGroups: readGroup,
  firewalls: readFirewall,
  addressGroups: readAddressGroup,
  portGroups: readPortGroup,
} as const satisfies Readonly<
  Record<(typeof SECTIONS)[keyof typeof SECTIONS], (entry: NamedEntry, reading: Reading) => Named>
>;

/** The things of the model that a section has. */
export type ThingOf<S extends keyof typeof BUILDERS> = ReturnType<(typeof BUILDERS)[S]>;

/** What is read anew, with nothing shared yet. */
export function readingOf(reader: FileReader): Reading {
  const options = new Map<Fields, RoleOptions>();
  return {
    reader,
    budget: { seen: new Set(), left: MAX_REPEATED_INSTANCES },
    optionsOf:
      reader.done === undefined
        ? readOptions
        : (fields) => getOrAdd(options, fields, () => readOptions(fields)),
    shared: sharing(),
  };
}

/** What an entry of a section stands for in the model, once for each entry. */
export function thingOf<T extends Named>(
  reader: FileReader,
  entry: NamedEntry,
  build: (entry: NamedEntry) => T,
): T {
  if (reader.done !== undefined) return build(entry);
  // An entry is in one section, and each section has one way to build.
  if (entry.thing !== undefined) return entry.thing as T;
  const thing = build(entry);
  rebuilt(entry, thing);
  return thing;
}

/** Says what an entry stands for: one that was read again, for a thing that was there before. */
export function rebuilt(entry: NamedEntry, thing: Named): void {
  entry.thing = thing;
  release(entry);
}

function readZone(entry: NamedEntry): Zone {
  const { fields } = entry;
  const internet = booleanOf(fields.get('internet'));
  return {
    ...namedOf(entry),
    kind: 'zone',
    networks: listOf<string>(fields.get('networks')),
    internet: internet?.value ?? false,
    internetWritten: internet,
    domainControllers: listOf<string>(fields.get('domainControllers')),
  };
}

/** `true`, `{ port }`, or nothing after the colon, which is the block with its default. */
function switchedPort(field: Field | undefined, otherwise: number): Written<number> | undefined {
  const value = field?.value;
  if (value?.kind === 'scalar') {
    return value.written.value === true ? { ...value.written, value: otherwise } : undefined;
  }
  if (value?.kind !== 'map') return undefined;
  return numberOf(value.fields.get('port')) ?? written(value.at, otherwise);
}

function readSite(entry: NamedEntry): Site {
  const { fields } = entry;
  const database = mapOf(fields.get('database'));
  const ports = mapOf(fields.get('clientPorts'));
  const publishing = fields.get('publishToActiveDirectory');
  const publish = booleanOf(publishing);
  const publishForests = publishing?.value?.kind === 'list' ? listOf<string>(publishing) : undefined;
  const siteDatabase: SiteDatabase | undefined = database && {
    server: textOf(database.fields.get('server')),
    instance: textOf(database.fields.get('instance')),
    availabilityGroup: textOf(database.fields.get('availabilityGroup')),
    span: database.node.span,
    node: database.node,
  };
  const clientPorts: ClientPorts | undefined = ports && {
    http: listOf<number>(ports.fields.get('http')),
    https: listOf<number>(ports.fields.get('https')),
    notification: numberOf(ports.fields.get('notification')),
    span: ports.node.span,
  };
  return {
    ...namedOf(entry),
    kind: 'site',
    type: textOf(fields.get('type')) as Written<SiteType> | undefined,
    parent: textOf(fields.get('parent')),
    database: siteDatabase,
    clientPorts,
    website: textOf(fields.get('website')),
    wakeOnLan: switchedPort(fields.get('wakeOnLan'), PORTS.wakeOnLan),
    wakeUpProxy: switchedPort(fields.get('wakeUpProxy'), PORTS.wakeUpProxy),
    publishToActiveDirectory: publishForests ? publishForests.length > 0 : (publish?.value ?? true),
    publishWritten: publish,
    ...(publishForests ? { publishForests } : {}),
    pptp: booleanOf(fields.get('pptp')),
    contentLibrary: textOf(fields.get('contentLibrary')),
  };
}

function optionOf(field: Field): Written<OptionValue> | undefined {
  const { value } = field;
  if (value?.kind === 'scalar') return value.written;
  // Lists of options name servers; a named map (`instances`) is read on its own.
  if (value?.kind === 'list')
    return { value: listOf<string>(field), span: value.node.span, node: value.node };
  return undefined;
}

type RoleOptions = Pick<Role, 'values' | 'databases'>;

/** The ones of all roles that have none. */
const NO_VALUES: Role['values'] = new Map();
const NO_DATABASES: Role['databases'] = new Map();

function readOptions(fields: Fields): RoleOptions {
  let values: Map<string, Written<OptionValue>> | undefined;
  let databases: Map<RoleDatabaseKey, RoleDatabase> | undefined;
  for (const field of fields.all) {
    const { name } = field;
    const value = optionOf(field);
    if (value) {
      values ??= new Map();
      values.set(name, value);
    }
    const database = name === 'database' || name === 'databaseReplica' ? mapOf(field) : undefined;
    if (database) {
      databases ??= new Map();
      databases.set(name as RoleDatabaseKey, databaseOf(database));
    }
  }
  return { values: values ?? NO_VALUES, databases: databases ?? NO_DATABASES };
}

function databaseOf({ fields, node }: { fields: Fields; node: MapNode }): RoleDatabase {
  return {
    server: textOf(fields.get('server')),
    instance: textOf(fields.get('instance')),
    span: node.span,
    node,
  };
}

function proxyOf(field: Field | undefined): WebProxy | undefined {
  const map = mapOf(field);
  return (
    map && {
      server: textOf(map.fields.get('server')),
      port: numberOf(map.fields.get('port')),
      span: map.node.span,
      node: map.node,
    }
  );
}

interface Budget {
  /** The lists of instances that some server has already. */
  readonly seen: Set<Value>;
  /** How many instances may yet be on a further server by an alias. */
  left: number;
}

function readInstances(server: Server, field: Field | undefined, budget: Budget): SqlInstance[] {
  if (field?.value?.kind !== 'map') return [];
  const within = field.value.fields.get('instances');
  const named = within?.value?.kind === 'named' ? within.value.entries : [];
  if (within === undefined) {
    const { key, pair } = field;
    const named = { name: DEFAULT_INSTANCE, id: DEFAULT_INSTANCE.toLowerCase(), key, node: undefined };
    return [{ ...named, span: pair.span, damaged: server.damaged, kind: 'instance', server, implicit: true }];
  }
  const { value } = within;
  if (value === undefined) return [];
  const repeated = budget.seen.has(value);
  budget.seen.add(value);
  const taken = repeated ? named.slice(0, budget.left) : named;
  if (repeated) budget.left -= taken.length;
  return taken.map((entry) => ({
    ...namedOf(entry),
    kind: 'instance',
    server,
    port: numberOf(entry.fields.get('port')),
    serviceBrokerPort: numberOf(entry.fields.get('serviceBrokerPort')),
    edition: textOf(entry.fields.get('edition')),
    dynamicPorts: booleanOf(entry.fields.get('dynamicPorts')),
  }));
}

/** Options of one role block, shared by every server that an alias gives the same block. */
type OptionsOf = (fields: Fields) => RoleOptions;

/** Written out in one piece, as roles are: put together by spreading, thousands of them take eight times as long. */
function readServer(entry: NamedEntry, { budget, optionsOf }: Reading): Server {
  const { fields, name, id, key, node, span, damaged } = entry;
  const roles: Role[] = [];
  const instances: SqlInstance[] = [];
  const server: Server = {
    name,
    id,
    key,
    node,
    span,
    damaged,
    kind: 'server',
    site: textOf(fields.get('site')),
    zone: textOf(fields.get('zone')),
    fqdn: textOf(fields.get('fqdn')),
    addresses: listOf<string>(fields.get('addresses')),
    publicAddresses: listOf<string>(fields.get('publicAddresses')),
    os: textOf(fields.get('os')),
    rpcDynamicPorts: rangeValue(fields.get('rpcDynamicPorts')),
    forest: textOf(fields.get('forest')),
    trusted: booleanOf(fields.get('trusted')),
    siteServerInitiates: booleanOf(fields.get('siteServerInitiates')),
    proxy: proxyOf(fields.get('proxy')),
    roles,
    instances,
  };
  const written = fields.get('roles')?.value;
  if (written?.kind !== 'map') return server;
  for (const { name: role, key, pair, value } of written.fields.all) {
    const options = value?.kind === 'map' ? value : undefined;
    const { values, databases } = optionsOf(options?.fields ?? NO_FIELDS);
    roles.push({ role, key, server, options: options?.node, span: pair.span, values, databases });
  }
  for (const instance of readInstances(server, written.fields.get('sql-server'), budget))
    instances.push(instance);
  return server;
}

function readClients(entry: NamedEntry): ClientGroup {
  const { fields } = entry;
  const firewall = mapOf(fields.get('windowsFirewall'));
  const setup = mapOf(fields.get('ccmsetup'));
  return {
    ...namedOf(entry),
    kind: 'clients',
    site: textOf(fields.get('site')),
    zones: listOf<string>(fields.get('zone')),
    forest: textOf(fields.get('forest')),
    rpcDynamicPorts: rangeValue(fields.get('rpcDynamicPorts')),
    os: textOf(fields.get('os')),
    proxy: proxyOf(fields.get('proxy')),
    clientKind: textOf(fields.get('kind')),
    networks: listOf<string>(fields.get('networks')),
    count: numberOf(fields.get('count')),
    internetOnly: booleanOf(fields.get('internetOnly')),
    workgroup: booleanOf(fields.get('workgroup')),
    installation: listOf<string>(fields.get('installation')),
    source: textOf(fields.get('source')),
    features: listOf<string>(fields.get('features')),
    windowsFirewall: firewall && {
      inbound: listOf<string>(firewall.fields.get('inbound')),
      outbound: listOf<string>(firewall.fields.get('outbound')),
      span: firewall.node.span,
      node: firewall.node,
    },
    ccmsetup: setup && {
      http: numberOf(setup.fields.get('CCMHTTPPORT')),
      https: numberOf(setup.fields.get('CCMHTTPSPORT')),
      span: setup.node.span,
      node: setup.node,
    },
  };
}

function readBoundaryGroup(entry: NamedEntry): BoundaryGroup {
  const { fields } = entry;
  return {
    ...namedOf(entry),
    kind: 'boundary-group',
    members: listOf<string>(fields.get('members')),
    servers: listOf<string>(fields.get('servers')),
    cloudManagementGateway: booleanOf(fields.get('cloudManagementGateway')),
    fallback: fallbackOf(fields.get('fallback')),
    site: textOf(fields.get('site')),
  };
}

function fallbackOf(field: Field | undefined): readonly BoundaryFallback[] {
  const value = field?.value;
  if (value?.kind === 'reference-map')
    return value.items.map(({ name, value: roles }) =>
      roles?.kind === 'list' && roles.node.kind !== 'scalar'
        ? { group: name, roles: scalarsOf<string>(roles.items) }
        : roles?.kind === 'list' && roles.items.length > 0
          ? { group: name, roles: scalarsOf<string>(roles.items) }
          : { group: name },
    );
  return listOf<string>(field).map((group) => ({ group }));
}

function readReplicas(field: Field | undefined): readonly Replica[] {
  return itemsOf(field).flatMap((item) =>
    item.kind === 'map'
      ? [
          {
            server: textOf(item.fields.get('server')),
            instance: textOf(item.fields.get('instance')),
            span: item.at.span,
          },
        ]
      : [],
  );
}

function listenerOf(field: Field | undefined): Listener | undefined {
  const map = mapOf(field);
  return (
    map && {
      name: textOf(map.fields.get('name')),
      addresses: listOf<string>(map.fields.get('addresses')),
      port: numberOf(map.fields.get('port')),
      span: map.node.span,
      node: map.node,
    }
  );
}

/** The listeners that have a name, as things that others can name. */
export function namedListeners(groups: Iterable<AvailabilityGroup>): readonly NamedListener[] {
  const found: NamedListener[] = [];
  for (const group of groups) {
    const { listener } = group;
    const name = listener?.name;
    if (listener === undefined || name?.node.kind !== 'scalar') continue;
    found.push({
      kind: 'listener',
      name: name.value,
      id: name.value.toLowerCase(),
      key: name.node,
      node: listener.node,
      span: listener.span,
      damaged: group.damaged,
      group,
      listener,
    });
  }
  return found;
}

function readGroup(entry: NamedEntry, { shared }: Reading): AvailabilityGroup {
  const { fields } = entry;
  const ports = fields.get('loadBalancerPorts')?.value;
  return {
    ...namedOf(entry),
    kind: 'availability-group',
    replicas: shared(fields.get('replicas'), readReplicas),
    listener: listenerOf(fields.get('listener')),
    endpointPort: numberOf(fields.get('endpointPort')),
    loadBalancer: textOf(fields.get('loadBalancer')),
    loadBalancerPorts: listOf<PortRange>(fields.get('loadBalancerPorts')),
    loadBalancerPortsSpan: ports?.kind === 'list' ? ports.node.span : undefined,
  };
}

/** What an item of `rules` stands for, once for each item that is read; an alias may bring it to several firewalls. */
function ruleOf({ done, isDamaged }: FileReader, item: Value): FirewallRule | undefined {
  if (item.kind !== 'map' || item.node === undefined) return undefined;
  const { fields, node } = item;
  if (item.rule !== undefined) return item.rule;
  const rule = readRule(isDamaged, { fields, node });
  if (done === undefined && !isDamaged(node.span)) {
    item.rule = rule;
    release(item);
  }
  return rule;
}

function readRule(
  isDamaged: FileReader['isDamaged'],
  { fields, node }: { fields: Fields; node: MapNode },
): FirewallRule {
  return {
    span: node.span,
    node,
    action: textOf(fields.get('action')) as Written<'allow' | 'deny'> | undefined,
    from: listOf<string>(fields.get('from')),
    to: listOf<string>(fields.get('to')),
    tcp: writtenPorts(fields.get('tcp')),
    udp: writtenPorts(fields.get('udp')),
    icmp: booleanOf(fields.get('icmp')),
    ports: listOf<string>(fields.get('ports')),
    name: textOf(fields.get('name')),
    description: textOf(fields.get('description')),
    expires: textOf(fields.get('expires')),
    configmgr: booleanOf(fields.get('configmgr')),
    ticket: textOf(fields.get('ticket')),
    owner: textOf(fields.get('owner')),
    reviewed: textOf(fields.get('reviewed')),
    damaged: isDamaged(node.span) || isIncomplete(fields),
  };
}

/** Whether some value could not be read. */
function isIncomplete(fields: Fields): boolean {
  for (const { value } of fields.all) if (value === undefined) return true;
  return false;
}

/** Builds what a field's value stands for once, however many entries share it by an alias. */
type Shared = <T>(
  field: Field | undefined,
  build: (field: Field | undefined) => readonly T[],
) => readonly T[];

function sharing(): Shared {
  const built = new Map<Value, readonly unknown[]>();
  return <T>(field: Field | undefined, build: (field: Field | undefined) => readonly T[]) =>
    field?.value === undefined ? [] : (getOrAdd(built, field.value, () => build(field)) as readonly T[]);
}

function readFirewall(entry: NamedEntry, { reader, shared }: Reading): Firewall {
  const { fields } = entry;
  const rules = (field: Field | undefined) =>
    itemsOf(field)
      .map((item) => ruleOf(reader, item))
      .filter((rule) => rule !== undefined);
  return {
    ...namedOf(entry),
    kind: 'firewall',
    zones: listOf<string>(fields.get('zones')),
    between: itemsOf(fields.get('between')).flatMap((item) => {
      const [one, other] = item.kind === 'list' ? scalarsOf<string>(item.items) : [];
      return one && other ? [[one, other] as const] : [];
    }),
    hosts: listOf<string>(fields.get('hosts')),
    outboundDeny: textOf(fields.get('outbound'))?.value === 'deny',
    planned: booleanOf(fields.get('planned')),
    rules: shared(fields.get('rules'), rules),
  };
}

function readAddressGroup(entry: NamedEntry): AddressGroup {
  const { value } = entry;
  return {
    ...namedOf(entry),
    kind: 'address-group',
    members: value?.kind === 'list' ? scalarsOf<string>(value.items) : [],
  };
}

function readPortGroup(entry: NamedEntry): PortGroup {
  const { fields } = entry;
  return {
    ...namedOf(entry),
    kind: 'port-group',
    tcp: writtenPorts(fields.get('tcp')),
    udp: writtenPorts(fields.get('udp')),
    icmp: booleanOf(fields.get('icmp')),
  };
}

/** @param value what the list of policies was read as */
export function readPolicies(reader: FileReader, value: Value | undefined): readonly Policy[] {
  const items = value?.kind === 'list' ? value.items : [];
  return items.flatMap((item) => {
    if (item.kind !== 'map' || item.node === undefined) return [];
    const { fields, node } = item;
    const except = itemsOf(fields.get('except')).flatMap((pair) =>
      pair.kind === 'map' && pair.node
        ? [
            {
              from: listOf<string>(pair.fields.get('from')),
              to: listOf<string>(pair.fields.get('to')),
              span: pair.node.span,
              node: pair.node,
            },
          ]
        : [],
    );
    return [
      {
        name: textOf(fields.get('name')),
        from: listOf<string>(fields.get('from')),
        to: listOf<string>(fields.get('to')),
        tcp: writtenPorts(fields.get('tcp')),
        udp: writtenPorts(fields.get('udp')),
        icmp: booleanOf(fields.get('icmp')),
        except,
        span: node.span,
        node,
        damaged: reader.isDamaged(node.span) || isIncomplete(fields),
      },
    ];
  });
}
