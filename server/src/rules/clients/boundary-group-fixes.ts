// The fixes of client-boundary-group: boundary groups for client groups whose site systems have to be guessed.
import { distinct, groupBy, memo } from '../../collections.ts';
import { indentStep, insertKey, isOwn } from '../../edits/map-edits.ts';
import { addToList } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { GroupInZone } from '../../flows/parties.ts';
import type { Service, ServingRole } from '../../flows/serving.ts';
import { t } from '../../l10n.ts';
import { yamlScalar } from '../../print/yaml.ts';
import type { BoundaryGroup, Server, Topology } from '../../topology/model.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { sectionMap, sectionPair } from '../sections.ts';
import { hierarchyIn, windowsPlaces } from './serving-clients.ts';

/** The roles by which a group is judged; all management points of a site serve it anyway. */
export const JUDGED_ROLES: readonly ServingRole[] = [
  'distribution-point',
  'software-update-point',
  'state-migration-point',
];
const NAMED_ROLES: readonly ServingRole[] = [...JUDGED_ROLES, 'management-point'];
const SECTION = 'boundaryGroups';

/** The site systems that a group is taken to use only because no boundary group says otherwise. */
export function guessedServices(
  place: GroupInZone,
  role: ServingRole,
  topology: Topology,
): readonly Service[] {
  return hierarchyIn(topology)
    .serving.services(place, role)
    .filter(
      ({ why, to, optional }) =>
        why.kind === 'default-boundary-group' && !optional && to.endpoint.zone !== undefined,
    );
}

/** In how many zones other than a group's own some site systems are. */
export function zonesBeside({ zone }: GroupInZone, services: readonly Service[]): number {
  const zones = new Set(services.map(({ to }) => to.endpoint.zone));
  zones.delete(zone?.id);
  return zones.size;
}

/** What is to be written about the clients of a zone, or of a client group without one. */
type Change =
  | {
      readonly kind: 'create';
      readonly name: string;
      readonly members: readonly string[];
      /** Those that were guessed. */
      readonly guessed: readonly string[];
      readonly servers: readonly string[];
    }
  | { readonly kind: 'extend'; readonly group: BoundaryGroup; readonly servers: readonly Server[] };

/** By the place that they settle. */
type Plan = ReadonlyMap<GroupInZone, Change>;

/** One change for all places that it settles; what a boundary group holds already is left as it is. */
const planOf: (context: RuleContext) => Plan = memo(makePlan, (context) => context.reach());

function makePlan(context: RuleContext): Plan {
  const { topology } = context;
  const { serving } = hierarchyIn(topology);
  const remoteness = remotenessIn(context);
  const places = windowsPlaces(topology).filter(({ internet }) => !internet);
  const plan = new Map<GroupInZone, Change>();
  const taken = new Set(topology.boundaryGroups.keys());
  for (const group of topology.boundaryGroups.values()) {
    const held = places.filter((place) => serving.boundaryGroups(place)[0] === group);
    const servers = distinct(held.flatMap((place) => guessed(place, topology, remoteness)));
    for (const place of held) if (servers.length > 0) plan.set(place, { kind: 'extend', group, servers });
  }
  const isHeld = (place: GroupInZone) => serving.boundaryGroups(place).length > 0;
  for (const place of places) {
    if (plan.has(place) || isHeld(place)) continue;
    const inZone = place.zone ? places.filter(({ zone }) => zone === place.zone) : [place];
    const settled = inZone.filter((one) => !isHeld(one));
    // A zone stands for all groups in it, those too that a boundary group names already.
    const isWhole = place.zone !== undefined && settled.length === inZone.length;
    const members = isWhole ? [place.zone.name] : distinct(settled.map(({ clients }) => clients.name));
    const own = settled.flatMap((one) => ownServers(one, topology));
    const found = distinct(settled.flatMap((one) => guessed(one, topology, remoteness)));
    const name = freeName((place.zone ?? place.clients).name, taken);
    const change: Change = {
      kind: 'create',
      name,
      members,
      guessed: found.map((server) => server.name),
      servers: distinct([...own, ...found]).map((server) => server.name),
    };
    for (const one of settled) plan.set(one, change);
  }
  return plan;

  function freeName(wanted: string, names: Set<string>): string {
    let name = wanted;
    for (let number = 2; names.has(name.toLowerCase()); number++) name = `${wanted}-${number}`;
    names.add(name.toLowerCase());
    return name;
  }
}

/** How little the firewalls say that a group uses a server: they let it through, nothing is between, they stop it. */
type Remoteness = (place: GroupInZone, server: Server | undefined) => number;

function remotenessIn(context: RuleContext): Remoteness {
  const { topology } = context;
  if (topology.firewalls.size === 0) return () => 0;
  const reach = context.reach();
  const flows = groupBy(context.flows(), ({ from }) => from.clients);
  return (place, server) => {
    const verdicts = (flows.get(place.clients) ?? [])
      .filter(({ to, phase }) => to.server === server && phase === 'operation')
      .map((flow) => reach.verdict(flow));
    if (verdicts.some(({ kind }) => kind === 'blocked')) return 2;
    return verdicts.some((verdict) => verdict.kind === 'allowed' && verdict.by.length > 0) ? 0 : 1;
  };
}

/** The site systems in a group's own zone that it uses. */
function ownServers(place: GroupInZone, topology: Topology): readonly Server[] {
  const { serving } = hierarchyIn(topology);
  return NAMED_ROLES.flatMap((role) => serving.services(place, role)).flatMap(({ to, optional }) =>
    !optional && place.zone && to.endpoint.zone === place.zone.id ? (to.endpoint.server ?? []) : [],
  );
}

/**
 * What a group is to be told for each role that is guessed: where it is spread the one that firewalls let it reach, else
 * all that it uses.
 */
function guessed(place: GroupInZone, topology: Topology, remoteness: Remoteness): readonly Server[] {
  return JUDGED_ROLES.flatMap((role) => {
    const services = guessedServices(place, role, topology);
    const servers = services.flatMap(({ to }) => to.endpoint.server ?? []);
    if (zonesBeside(place, services) < 2) return servers;
    return servers
      .map((server) => ({ server, far: remoteness(place, server) }))
      .sort((a, b) => a.far - b.far)
      .slice(0, 1)
      .map(({ server }) => server);
  });
}

/**
 * The fixes for a group whose site systems are guessed: what its zone needs, and the same for all zones with clients.
 * After the second no group is left of which it has to be guessed.
 * @param hasAll whether the second is given; its edits are as long as there are zones
 */
export function boundaryGroupFixes(
  place: GroupInZone,
  context: RuleContext,
  { hasAll = true } = {},
): readonly Fix[] {
  const plan = planOf(context);
  const own = plan.get(place);
  if (!own) return [];
  const all = distinct([...plan.values()]);
  return [
    { title: titleOf(own), safe: false, edits: editsOf([own], context) },
    {
      title: t('Create a boundary group for each zone with clients'),
      safe: false,
      edits: hasAll && all.length > 1 ? editsOf(all, context) : [],
    },
  ];
}

function titleOf(change: Change): string {
  return change.kind === 'create'
    ? t('Create boundary group {0} with {1}', change.name, change.guessed.join(', '))
    : t(
        'Add {0} to boundary group {1}',
        change.servers.map(({ name }) => name).join(', '),
        change.group.name,
      );
}

/** The edits of some changes; none where one of them has no place in the text. */
function editsOf(changes: readonly Change[], context: RuleContext): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  for (const change of changes) {
    if (change.kind !== 'extend') continue;
    const { group, servers } = change;
    const written = group.servers.length > 0;
    // A list that other boundary groups share through an anchor is not this one's to change.
    if (written && !isOwn(context.tree, group.node, 'servers')) return [];
    const names = servers.map(({ name }) => nameText(name));
    const own = addToList(context.tree, group, 'servers', names);
    if (own.length === 0) return [];
    edits.push(...own);
  }
  const created = changes.flatMap((change): (readonly [string, string])[] =>
    change.kind === 'create'
      ? [
          [
            nameText(change.name),
            `{ members: ${listOf(change.members)}, servers: ${listOf(change.servers)} }`,
          ],
        ]
      : [],
  );
  if (created.length === 0) return edits;
  const section = newGroups(created, context);
  return section ? [...edits, section] : [];
}

/** One edit that adds boundary groups: several at one place would come in any order. */
function newGroups(
  groups: readonly (readonly [name: string, value: string])[],
  { tree }: RuleContext,
): TextEdit | undefined {
  const [first, ...others] = groups;
  if (!first) return undefined;
  const [name, value] = first;
  const map = sectionMap(tree, SECTION);
  const holder = sectionPair(tree, SECTION);
  const joined = (separator: string) => [value, ...others.map((one) => one.join(': '))].join(separator);
  if (map) return insertKey(tree, { map }, name, joined(map.flow ? ', ' : '\n'));
  if (holder)
    return insertKey(tree, { holder }, name, joined('\n')) ?? insertKey(tree, { holder }, name, joined(', '));
  const { root } = tree;
  if (root?.kind !== 'map') return undefined;
  const all = groups.map((one) => one.join(': '));
  const entries = root.flow
    ? `{ ${all.join(', ')} }`
    : all.map((one) => `\n${indentStep(tree)}${one}`).join('');
  return insertKey(tree, { map: root }, SECTION, entries);
}

function listOf(names: readonly string[]): string {
  return `[${names.map(nameText).join(', ')}]`;
}

/** A name as YAML has it; names have 63 characters at most. */
function nameText(name: string): string {
  return yamlScalar(name, 63);
}
