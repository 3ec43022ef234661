// What groups are, in hovers: boundary groups, address groups, port groups, availability groups and their listeners.

import type { Analysis } from '../analysis.ts';
import { roleName } from '../catalog/index.ts';
import { rangeText } from '../catalog/numbers.ts';
import { isServingRole, SERVING_ROLES } from '../flows/serving.ts';
import { language, t } from '../l10n.ts';
import { capital } from '../rules/words.ts';
import { DEFAULT_SQL_PORT, effectiveZones, listenerName, lookup } from '../topology/effective.ts';
import type {
  AddressGroup,
  AvailabilityGroup,
  BoundaryFallback,
  BoundaryGroup,
  Firewall,
  FirewallRule,
  NamedListener,
  Policy,
  PortGroup,
  Ports,
  Topology,
  Written,
} from '../topology/model.ts';
import { zonesInGroup } from './members.ts';
import { factBlock, manyText, type ProseBlock, paragraph, withBold } from './prose.ts';
import { referencesTo } from './subject.ts';

const namesText = (names: readonly Written<string>[]) => manyText(names.map(({ value }) => value));

/** The roles that clients of a boundary group may use of its neighbors. */
const FALLBACK_ROLES = SERVING_ROLES.filter(
  (role) => role !== 'state-migration-point' && role !== 'fallback-status-point',
);

/** Who is in a boundary group, which site systems they use for each role, and to whom they fall back. */
export function boundaryGroupBlocks({ topology }: Analysis, group: BoundaryGroup): readonly ProseBlock[] {
  const servers = group.servers.flatMap(({ value }) => lookup(topology.servers, value) ?? []);
  const counted = SERVING_ROLES.filter((role) => role !== 'fallback-status-point');
  const byRole = counted.map((role) => {
    const names = servers.filter(({ roles }) => roles.some((one) => one.role === role));
    return [capital(roleName(role, language())), manyText(names.map(({ name }) => name))] as const;
  });
  const others = servers.filter(
    ({ roles }) => !roles.some(({ role }) => isServingRole(role) && role !== 'fallback-status-point'),
  );
  const usedBy = [...topology.boundaryGroups.values()].flatMap(({ name, fallback }) =>
    fallback
      .filter(({ group: one }) => one.value.toLowerCase() === group.id)
      .map((one) => t('{0} ({1})', name, rolesText(one))),
  );
  return [
    paragraph(...withBold(t('{0}: boundary group', group.name), group.name)),
    ...factBlock([
      [t('Members'), namesText(group.members)],
      [t('Client groups'), manyText(clientsText(topology, group)) || t('none')],
      ...byRole,
      [t('Servers without such a role'), manyText(others.map(({ name }) => name))],
      [t('Cloud management gateway'), group.cloudManagementGateway?.value ? t('yes') : undefined],
      [
        t('Falls back to'),
        manyText(group.fallback.map((one) => t('{0} ({1})', one.group.value, rolesText(one)))),
      ],
      [t('Falls back to this one'), manyText(usedBy)],
      [t('Site'), group.site?.value],
    ]),
  ];
}

/** The client groups that a boundary group holds, with the number of their clients. */
function clientsText(topology: Topology, group: BoundaryGroup): readonly string[] {
  return [...zonesInGroup(group, topology)].map(([clients, held]) => {
    const { name, count } = clients;
    const zones = effectiveZones(clients, topology);
    const here = zones.filter(({ id }) => held.has(id)).map((zone) => zone.name);
    const label = zones.length > here.length ? t('{0}, in zone {1}', name, here.join(', ')) : name;
    return count === undefined ? label : t('{0} ({1} clients)', label, count.value);
  });
}

/** The roles that fall back to a neighbor. */
function rolesText({ roles }: BoundaryFallback): string {
  const words = roles?.map(({ value }) => value) ?? FALLBACK_ROLES;
  return words.map((role) => roleName(role, language())).join(t(', '));
}

/** What an address group stands for, and which rules name it. */
export function addressGroupBlocks({ topology }: Analysis, group: AddressGroup): readonly ProseBlock[] {
  return [
    paragraph(...withBold(t('{0}: address group', group.name), group.name)),
    ...factBlock([[t('Members'), namesText(group.members)], ...usedIn(topology, group)]),
  ];
}

/** The ports of a port group, and which rules name it. */
export function portGroupBlocks({ topology }: Analysis, group: PortGroup): readonly ProseBlock[] {
  return [
    paragraph(...withBold(t('{0}: port group', group.name), group.name)),
    ...factBlock([
      ['TCP', portsText(group.tcp)],
      ['UDP', portsText(group.udp)],
      ['ICMP', group.icmp?.value ? t('echo') : undefined],
      ...usedIn(topology, group),
    ]),
  ];
}

function portsText(ports: Ports | undefined): string | undefined {
  return ports === 'any' ? 'any' : ports?.map(({ value }) => rangeText(value)).join(', ');
}

/** The firewalls whose rules name a group, how many rules each, and the address groups that hold it. */
function usedIn(topology: Topology, group: AddressGroup | PortGroup): readonly (readonly [string, string])[] {
  const places = referencesTo(topology, group);
  const names = (rule: FirewallRule | Policy) =>
    places.some(({ span }) => span.start >= rule.span.start && span.end <= rule.span.end);
  const rules = (firewall: Firewall) => firewall.rules.filter(names).length;
  const firewalls = [...topology.firewalls.values()].flatMap((firewall) => {
    const count = rules(firewall);
    if (count === 0) return [];
    return [count === 1 ? t('1 rule of {0}', firewall.name) : t('{0} rules of {1}', count, firewall.name)];
  });
  const holders = [...topology.addressGroups.values()].filter(({ members }) =>
    group.kind === 'address-group' ? members.some(({ value }) => value.toLowerCase() === group.id) : false,
  );
  const policies = topology.policies.filter(names).length;
  const guards = policies === 0 ? [] : [policies === 1 ? t('1 policy') : t('{0} policies', policies)];
  return [
    [
      t('Used by'),
      manyText([...firewalls, ...guards, ...holders.map(({ name }) => t('address group {0}', name))]),
    ],
  ];
}

/** The replicas of an availability group, its listener, and whose database it is. */
export function availabilityGroupBlocks(
  { topology }: Analysis,
  group: AvailabilityGroup,
): readonly ProseBlock[] {
  const { listener } = group;
  return [
    paragraph(...withBold(t('{0}: SQL Server availability group', group.name), group.name)),
    ...factBlock([
      [
        t('Replicas'),
        group.replicas
          .map(
            ({ server, instance }) =>
              `${server?.value ?? '?'}${instance === undefined ? '' : `\\${instance.value}`}`,
          )
          .join(', '),
      ],
      [t('Listener'), listener && [listenerName(group), ...placeTexts(listener)].join(' · ')],
      [t('Endpoint port'), group.endpointPort?.value],
      [t('Load balancer'), group.loadBalancer?.value],
      [t('Load-balanced ports'), group.loadBalancerPorts.map(({ value }) => rangeText(value)).join(', ')],
      [t('Database of'), sitesText(topology, group)],
    ]),
  ];
}

function placeTexts({ addresses, port }: NamedListener['listener']): readonly string[] {
  return [...addresses.map(({ value }) => value), t('TCP port {0}', port?.value ?? DEFAULT_SQL_PORT)];
}

function sitesText(topology: Topology, group: AvailabilityGroup): string {
  return [...topology.sites.values()]
    .filter(({ database }) => database?.availabilityGroup?.value.toLowerCase() === group.id)
    .map(({ name }) => name)
    .join(', ');
}

/** Where a listener is reached, and whose it is. */
export function listenerBlocks({ topology }: Analysis, thing: NamedListener): readonly ProseBlock[] {
  const { group, listener } = thing;
  return [
    paragraph(...withBold(t('{0}: listener of availability group {1}', thing.name, group.name), thing.name)),
    ...factBlock([
      [t('Addresses'), listener.addresses.map(({ value }) => value).join(', ')],
      [t('TCP port'), listener.port?.value ?? t('{0} (the default)', DEFAULT_SQL_PORT)],
      [t('Replicas'), group.replicas.map(({ server }) => server?.value ?? '?').join(', ')],
      [t('Database of'), sitesText(topology, group)],
    ]),
  ];
}
