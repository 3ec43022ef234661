// A topology as a picture's content: zones and sites as areas, machines as nodes, the flows of each pair as one
// arrow. Plain values only, so that the graph can travel from the language server to the panel that draws it.
import type { Analysis } from '../analysis.ts';
import { roleName, serviceName } from '../catalog/names.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { language, t } from '../l10n.ts';
import { type ChoiceNeed, choiceNeedText, missedAmong, needsAmong } from '../reach/choices.ts';
import type { Verdict } from '../reach/judge.ts';
import { parsePorts, portSet, portTexts } from '../reach/ports.ts';
import { legsOf } from '../reach/way.ts';
import { hierarchyIn, windowsPlaces } from '../rules/clients/serving-clients.ts';
import { deniedBy } from '../rules/firewalls/blocked-flows.ts';
import type { Position, Span } from '../text/tree.ts';
import { databasesOf, effectiveZones, listenerName, lookup, siteOf } from '../topology/effective.ts';
import type { ClientGroup, Firewall, Server, Site, Topology, Zone } from '../topology/model.ts';

/** What is drawn as one box: nothing, each site of a zone, or each zone. */
export type Collapse = 'none' | 'site' | 'zone';
export const COLLAPSES: readonly (Collapse | 'auto')[] = ['auto', 'none', 'site', 'zone'];

/** Where something is in the file. */
export interface FileRange {
  readonly start: Position;
  readonly end: Position;
}

interface Item {
  /** Stays the same while the name does, so that a picture can be followed through edits. */
  readonly id: string;
  readonly title: string;
  /** What a person who points at it is told, a line each. */
  readonly detail: readonly string[];
  readonly place?: FileRange;
}

/** A zone, or a site's part of a zone, with everything in it drawn. */
export interface DrawnArea extends Item {
  readonly kind: 'zone' | 'site';
  readonly internet: boolean;
  /** The area around it. */
  readonly parent?: string;
}

/** A machine, a client group, a party outside the file, a collapsed area, or a role that many machines hold. */
export interface DiagramNode extends Item {
  readonly kind: 'server' | 'clients' | 'cloud' | 'site' | 'zone' | 'role';
  /** Roles, or what a collapsed area holds. */
  readonly lines: readonly string[];
  readonly internet: boolean;
  readonly parent?: string;
  /** A collapsed area with something in it. */
  readonly canOpen?: true;
}

/** Every flow from one node to another. */
export interface Arrow extends Item {
  readonly from: string;
  readonly to: string;
  /**
   * `blocked` where a firewall stops any of it that is missed; `spare` where what it stops is all there is, and none of
   * it is missed; `unchecked` where nothing of it could be judged.
   */
  readonly state: 'allowed' | 'blocked' | 'spare' | 'unchecked';
  /** `needed` where any of it is needed of its own. */
  readonly need: 'needed' | 'choice' | 'optional';
  /** `one of 3`, `optional`; empty where it is needed. */
  readonly needLabel: string;
  /** What gets through (or was not judged), one text a protocol: `tcp 443, 8530`. */
  readonly ports: readonly string[];
  /** What does not, and is missed. */
  readonly blocked: readonly string[];
  /** What does not, and is not missed: it is optional, or another one of its choice gets through. */
  readonly spare: readonly string[];
  /** The firewalls on the way in their order, and whether each stops some of it. */
  readonly crossings: readonly { readonly firewall: string; readonly blocks: boolean }[];
}

/** A firewall and the areas or collapsed zones on whose border it is. */
export interface Barrier extends Item {
  readonly zones: readonly string[];
}

export interface DiagramGraph {
  readonly title: string;
  /** What it shows, in one sentence. */
  readonly description: string;
  /** What the kinds of arrow mean, and the mark of a firewall. Rare kinds are told only where there are some. */
  readonly legend: Readonly<
    Record<'allowed' | 'blocked' | 'unchecked' | 'firewall', string> & {
      readonly [kind in 'spare' | 'optional']?: string;
    }
  >;
  /** What `auto` chose, where it was asked to. */
  readonly collapse: Collapse;
  /** An area comes before those in it. */
  readonly areas: readonly DrawnArea[];
  readonly nodes: readonly DiagramNode[];
  readonly arrows: readonly Arrow[];
  readonly firewalls: readonly Barrier[];
}

export interface GraphOptions {
  readonly collapse: Collapse | 'auto';
  /** Areas that are the other way round than `collapse` says: the ids of areas and of collapsed nodes. */
  readonly toggled?: readonly string[];
}

/** More machines or arrows than these, and `auto` collapses. */
const MOST_NODES = 26;
const MOST_ARROWS = 80;
/** So many machines without a site are in their zone as they are; more are an area of their own. */
const MOST_LOOSE = 3;
/**
 * A machine whose zone has no domain controller may ask any. From so many on, one box stands for all of them:
 * else the arrows to them are most of a large picture.
 */
const MANY_CONTROLLERS = 3;
const CONTROLLERS = 'role:domain-controller';
/** So many lines of flows a tooltip has. */
const MOST_DETAILS = 14;
/** So many roles a box shows. */
const MOST_ROLES = 8;

/** A machine and the areas in which it is; a client group in several zones once for each. */
interface Member {
  readonly endpoint: { readonly name: string; readonly kind: Endpoint['kind'] };
  readonly thing: Server | ClientGroup | undefined;
  readonly zone: Zone | undefined;
  readonly site: Site | undefined;
  /** What its box says beside its name, where it is no server or client group of the file. */
  readonly lines?: readonly string[];
  /** Where the file speaks of it. */
  readonly span?: Span;
}

/** A flow between two zones, how much it is needed, and whether it is blocked and missed. */
interface Leg {
  readonly flow: Flow;
  readonly need: ChoiceNeed;
  readonly missed: boolean;
}

/** The graph of one file. Names are as the file writes them, never escaped: that is for who writes a language. */
export function diagramGraph(analysis: Analysis, { collapse, toggled = [] }: GraphOptions): DiagramGraph {
  const members = membersOf(analysis);
  const legs = connectionsIn(analysis);
  const marked = new Set(toggled);
  if (collapse !== 'auto') return build(analysis, members, legs, collapse, marked);
  const levels: readonly Collapse[] = ['none', 'site'];
  for (const level of levels) {
    const graph = build(analysis, members, legs, level, marked);
    if (graph.nodes.length <= MOST_NODES && graph.arrows.length <= MOST_ARROWS) return graph;
  }
  return build(analysis, members, legs, 'zone', marked);
}

function build(
  analysis: Analysis,
  members: ReadonlyMap<string, Member>,
  legs: readonly Leg[],
  collapse: Collapse,
  toggled: ReadonlySet<string>,
): DiagramGraph {
  const { topology, tree } = analysis;
  const placeOf = (span: Span | undefined): FileRange | undefined =>
    span && { start: tree.lines.positionAt(span.start), end: tree.lines.positionAt(span.end) };
  const areas = areasOf(members, topology, collapse, toggled, placeOf);
  const controllers = manyControllers(legs, areas.nodeOf);
  const arrows = arrowsOf(
    analysis,
    legs,
    areas.nodeOf,
    (flow) => (controllers.asking.has(flow.from) && isAsked(flow) ? CONTROLLERS : areas.nodeOf(flow.to)),
    placeOf,
  );
  const firewalls = [...topology.firewalls.values()].map(
    (firewall): Barrier => ({
      id: firewallId(firewall),
      title: firewall.name,
      detail: [
        t('Firewall {0}', firewall.name),
        placeText(firewall),
        firewall.rules.length === 1 ? t('1 rule') : t('{0} rules', firewall.rules.length),
      ],
      place: placeOf(firewall.key.span),
      zones: [
        ...new Set(
          [...firewall.zones, ...firewall.between.flat()].flatMap(({ value }) => {
            const zone = lookup(topology.zones, value);
            return zone && areas.drawn.has(zoneId(zone)) ? [zoneId(zone)] : [];
          }),
        ),
      ],
    }),
  );
  const nodes = controllers.node ? [...areas.nodes, controllers.node] : areas.nodes;
  const blocked = arrows.filter(({ state }) => state === 'blocked').length;
  return {
    title: topology.name?.value.trim() || t('Configuration Manager hierarchy'),
    description: t('{0} boxes, {1} connections, {2} of them blocked.', nodes.length, arrows.length, blocked),
    legend: {
      allowed: t('gets through'),
      blocked: t('blocked by a firewall'),
      unchecked: t('not checked'),
      firewall: t('firewall'),
      ...(arrows.some(({ state, spare }) => state === 'spare' || spare.length > 0)
        ? { spare: t('blocked but not needed') }
        : {}),
      ...(arrows.some(({ need }) => need !== 'needed') ? { optional: t('optional, or one of several') } : {}),
    },
    collapse,
    areas: areas.areas,
    nodes,
    arrows,
    firewalls,
  };
}

// --- machines and areas ------------------------------------------------------------------------

const zoneId = (zone: Zone | undefined): string => `zone:${zone?.id ?? ''}`;
const siteId = (zone: Zone | undefined, site: Site | undefined): string =>
  `site:${zone?.id ?? ''}/${site?.id ?? ''}`;
const firewallId = (firewall: Firewall): string => `firewall:${firewall.id}`;
const memberId = ({ kind, name }: { readonly kind: string; readonly name: string }): string =>
  `${kind}:${name.toLowerCase()}`;

/** Of the client group, listener or proxy that is drawn in several zones, in one of them. */
const inZone = (id: string, zone: string | undefined): string => `${id}@${zone ?? ''}`;

/** What a firewall is between, or on. */
function placeText({ zones, between, hosts }: Firewall): string {
  if (hosts.length > 0)
    return t(
      'on {0}',
      few(
        hosts.map(({ value }) => value),
        6,
      ),
    );
  const pairs = between.map((pair) => pair.map(({ value }) => value).join(' | '));
  return t('between {0}', pairs.length > 0 ? few(pairs, 6) : zones.map(({ value }) => value).join(', '));
}

function connectionsIn(analysis: Analysis): readonly Leg[] {
  const flows = analysis.flows();
  const reach = analysis.reach();
  const needOf = needsAmong(flows);
  const isMissed = missedAmong(flows, reach);
  return flows.flatMap((flow) =>
    legsOf(flow, reach).map((leg) => {
      const group = leg.from === flow.from ? (leg.to === flow.to ? undefined : leg.to) : leg.from;
      return { flow: leg, need: needOf(flow, group?.zone), missed: isMissed(flow, group?.zone) };
    }),
  );
}

/** Every machine and client group of the file, and everything else that a flow names, by id. */
function membersOf(analysis: Analysis): ReadonlyMap<string, Member> {
  const { topology } = analysis;
  const members = new Map<string, Member>();
  const hosts = databaseHosts(topology);
  for (const thing of [...topology.servers.values(), ...topology.clients.values()]) {
    const endpoint = { name: thing.name, kind: thing.kind };
    const site =
      siteOf(thing, topology) ??
      (thing.kind === 'server' && thing.site === undefined ? hosts.get(thing) : undefined);
    const id = memberId(endpoint);
    const [first, ...more] = effectiveZones(thing, topology);
    if (more.length === 0) members.set(id, { endpoint, thing, zone: first, site });
    else
      for (const zone of [first, ...more]) members.set(inZone(id, zone?.id), { endpoint, thing, zone, site });
  }
  for (const { from, to } of analysis.flows()) {
    for (const endpoint of [from, to]) {
      const { kind, zone: name } = endpoint;
      if (kind === 'server' || kind === 'clients') continue;
      const id = kind === 'cloud' ? memberId(endpoint) : inZone(memberId(endpoint), name);
      if (members.has(id)) continue;
      const zone = name === undefined ? undefined : topology.zones.get(name);
      members.set(id, { endpoint, thing: undefined, zone, ...besideServers(endpoint, topology) });
    }
  }
  return members;
}

/** Whose a listener is; what a proxy is. */
function besideServers(
  { name, kind, addresses = [] }: Endpoint,
  topology: Topology,
): Pick<Member, 'site' | 'lines' | 'span'> {
  if (kind === 'proxy') {
    const machines = [...topology.servers.values(), ...topology.clients.values()];
    const using = machines.find(({ proxy }) => proxy?.server?.value.toLowerCase() === name.toLowerCase());
    return { site: undefined, lines: [t('web proxy')], span: using?.proxy?.span };
  }
  if (kind !== 'listener') return { site: undefined };
  const group = [...topology.availabilityGroups.values()].find((one) => listenerName(one) === name);
  const site = [...topology.sites.values()].filter(
    ({ database }) => database?.availabilityGroup?.value.toLowerCase() === group?.id,
  );
  return {
    site: site.length === 1 ? site[0] : undefined,
    lines: [group ? t('listener of {0}', group.name) : t('listener'), ...addresses],
    span: group?.listener?.span,
  };
}

/** A server that names no site and holds the database of exactly one, or a replica of it, is drawn with that site. */
function databaseHosts(topology: Topology): ReadonlyMap<Server, Site | undefined> {
  const hosts = new Map<Server, Site | undefined>();
  for (const site of topology.sites.values()) {
    for (const { server } of databasesOf(site, topology))
      hosts.set(server, hosts.has(server) ? undefined : site);
  }
  return hosts;
}

function siteTitle(site: Site): string {
  switch (site.type?.value) {
    case 'central-administration':
      return t('{0}, central administration site', site.name);
    case 'primary':
      return t('{0}, primary site', site.name);
    case 'secondary':
      return t('{0}, secondary site', site.name);
    default:
      return site.name;
  }
}

function areasOf(
  members: ReadonlyMap<string, Member>,
  topology: Topology,
  collapse: Collapse,
  toggled: ReadonlySet<string>,
  placeOf: (span: Span | undefined) => FileRange | undefined,
) {
  const areas: DrawnArea[] = [];
  const nodes: DiagramNode[] = [];
  const drawn = new Set<string>();
  const nodeIds = new Map<string, string>();
  const hasZones = topology.zones.size > 0;
  const isCollapsed = (id: string, byDefault: boolean): boolean => byDefault !== toggled.has(id);

  const byZone = new Map<Zone | undefined, [string, Member][]>();
  for (const zone of topology.zones.values()) byZone.set(zone, []);
  for (const entry of members) {
    const list = byZone.get(entry[1].zone);
    if (list) list.push(entry);
    // What is outside the file and in no zone is by itself.
    else if (entry[1].endpoint.kind === 'cloud') addMember(entry, undefined);
    else byZone.set(entry[1].zone, [entry]);
  }

  for (const [zone, inZone] of byZone) {
    if (!hasZones) {
      addSites(zone, inZone, undefined);
      continue;
    }
    const id = zoneId(zone);
    const title = zone?.name ?? t('No zone');
    const internet = zone?.internet ?? false;
    const place = placeOf(zone?.key.span);
    const detail = [
      zone
        ? internet
          ? t('Zone {0} (internet)', zone.name)
          : t('Zone {0}', zone.name)
        : t('Machines without a zone: no firewall is checked here'),
      ...(zone && zone.networks.length > 0 ? [zone.networks.map(({ value }) => value).join(', ')] : []),
      contents(inZone),
    ];
    drawn.add(id);
    if (inZone.length === 0 || isCollapsed(id, collapse === 'zone')) {
      const lines = inZone.length === 0 ? [t('no machines')] : summary(inZone, true);
      const canOpen = inZone.length > 0 ? true : undefined;
      nodes.push({ id, kind: 'zone', title, detail, place, lines, internet, canOpen });
      for (const [member] of inZone) nodeIds.set(member, id);
      continue;
    }
    areas.push({ id, kind: 'zone', title, detail, place, internet });
    addSites(zone, inZone, id);
  }

  function addSites(
    zone: Zone | undefined,
    inZone: readonly [string, Member][],
    parent: string | undefined,
  ): void {
    const bySite = new Map<Site | undefined, [string, Member][]>();
    for (const site of topology.sites.values()) bySite.set(site, []);
    for (const entry of inZone) {
      const list = bySite.get(entry[1].site);
      if (list) list.push(entry);
      else bySite.set(entry[1].site, [entry]);
    }
    const isInside = ([, { endpoint }]: [string, Member]) => endpoint.kind !== 'cloud';
    const sites = [...bySite].filter(([site, all]) => site && all.some(isInside));
    // One step at a time: a zone that is opened shows its sites, and the machines where there is but one.
    const areBoxes = collapse === 'site' || (collapse === 'zone' && (!hasZones || sites.length > 1));
    for (const [site, all] of bySite) {
      // What is outside the file belongs to nobody's site.
      const inSite = all.filter(isInside);
      for (const entry of all) if (!inSite.includes(entry)) addMember(entry, parent);
      if (inSite.length === 0) continue;
      if (site === undefined && inSite.length <= MOST_LOOSE) {
        for (const entry of inSite) addMember(entry, parent);
        continue;
      }
      const id = siteId(zone, site);
      const title = site ? siteTitle(site) : t('Outside any site');
      const place = placeOf(site?.key.span);
      const parentSite = site?.parent?.value;
      const detail = [
        site ? t('Site {0}', title) : t('Machines that belong to no site'),
        ...(parentSite ? [t('below {0}', parentSite)] : []),
        contents(inSite),
      ];
      if (isCollapsed(id, areBoxes)) {
        const lines = summary(inSite, false);
        nodes.push({ id, kind: 'site', title, detail, place, lines, internet: false, parent, canOpen: true });
        for (const [member] of inSite) nodeIds.set(member, id);
        continue;
      }
      areas.push({ id, kind: 'site', title, detail, place, internet: false, parent });
      for (const entry of inSite) addMember(entry, id);
    }
  }

  function addMember([id, member]: readonly [string, Member], parent: string | undefined): void {
    const { endpoint, thing, zone, span } = member;
    nodeIds.set(id, id);
    const base = { id, title: endpoint.name, parent, place: placeOf(thing?.key.span ?? span) };
    if (endpoint.kind === 'cloud') {
      const name = partyName(endpoint.name);
      nodes.push({ ...base, kind: 'cloud', title: name, lines: [], internet: true, detail: [name] });
    } else if (thing === undefined) {
      const lines = member.lines ?? [];
      nodes.push({ ...base, kind: 'server', lines, internet: false, detail: [endpoint.name, ...lines] });
    } else if (thing.kind === 'server') {
      const roles = [...new Set(thing.roles.map(({ role }) => roleTitle(role)))];
      const shown = roles.length > MOST_ROLES ? roles.slice(0, MOST_ROLES - 1) : roles;
      const lines =
        shown.length < roles.length
          ? [...shown, t('and {0} more roles', roles.length - shown.length)]
          : shown;
      const detail = [
        t('Server {0}', thing.fqdn?.value ?? thing.name),
        ...(thing.addresses.length > 0 ? [thing.addresses.map(({ value }) => value).join(', ')] : []),
        ...roles,
        ...namingGroups(topology, thing),
      ];
      nodes.push({ ...base, kind: 'server', lines, internet: false, detail });
    } else {
      const elsewhere = effectiveZones(thing, topology).filter((other) => other !== zone);
      const groups = boundaryGroupsIn(topology, thing, zone);
      const lines = [
        clientsLine(thing),
        ...(elsewhere.length > 0
          ? [
              t(
                'also in {0}',
                few(
                  elsewhere.map(({ name }) => name),
                  3,
                ),
              ),
            ]
          : []),
        ...(groups.length > 0 ? [boundaryLine(groups)] : []),
      ];
      const networks = thing.networks.map(({ value }) => value).join(', ');
      const detail = [t('Client group {0}', thing.name), ...lines, ...(networks === '' ? [] : [networks])];
      nodes.push({ ...base, kind: 'clients', lines, internet: false, detail });
    }
  }

  const nodeOf = (endpoint: Endpoint) => {
    const id = memberId(endpoint);
    return nodeIds.get(inZone(id, endpoint.zone)) ?? nodeIds.get(id);
  };
  return { areas, nodes, drawn, nodeOf };
}

/** The boundary groups that name a server. */
function namingGroups({ boundaryGroups }: Topology, { id }: Server): readonly string[] {
  const names = [...boundaryGroups.values()]
    .filter(({ servers }) => servers.some(({ value }) => value.toLowerCase() === id))
    .map(({ name }) => name);
  return names.length > 0 ? [boundaryLine(names)] : [];
}

/** The boundary groups that hold the clients of a group in a zone. */
function boundaryGroupsIn(topology: Topology, group: ClientGroup, zone: Zone | undefined): readonly string[] {
  const { serving } = hierarchyIn(topology);
  return windowsPlaces(topology)
    .filter((place) => place.clients === group && place.zone === zone)
    .flatMap((place) => serving.boundaryGroups(place).map(({ name }) => name));
}

function boundaryLine(names: readonly string[]): string {
  return names.length === 1 ? t('boundary group {0}', names.join()) : t('boundary groups {0}', few(names, 3));
}

/** The documents' name; the policy module's is a sentence, so its host's is enough. */
function roleTitle(role: string): string {
  return role === 'network-device-enrollment-service' ? t('NDES policy module') : partyName(role);
}

function partyName(word: string): string {
  return roleName(word, language());
}

function clientsLine({ clientKind, count }: ClientGroup): string {
  const number = count?.value;
  switch (clientKind?.value) {
    case 'mac':
      return number === undefined ? t('Mac computers') : t('{0} Mac computers', number);
    case 'mobile-device':
      return number === undefined ? t('mobile devices') : t('{0} mobile devices', number);
    default:
      return number === undefined ? t('clients') : t('{0} clients', number);
  }
}

/** `12 servers, 2 client groups`. */
function contents(members: readonly (readonly [string, Member])[]): string {
  const of = (kind: Endpoint['kind']) =>
    members.filter(([, { endpoint }]) => endpoint.kind === kind).map(([, { endpoint }]) => endpoint.name);
  const servers = of('server').length;
  const clients = of('clients').length;
  const parts = [
    ...(servers > 0 ? [servers === 1 ? t('1 server') : t('{0} servers', servers)] : []),
    ...(clients > 0 ? [clients === 1 ? t('1 client group') : t('{0} client groups', clients)] : []),
    ...of('listener').map((name) => t('listener {0}', name)),
    ...of('proxy').map((name) => t('web proxy {0}', name)),
    ...of('cloud').map(partyName),
  ];
  return parts.length === 0 ? t('no machines') : parts.join(t(', '));
}

/** What a collapsed box says: its sites, how much it holds, and the names of the machines where they are few. */
function summary(members: readonly (readonly [string, Member])[], sites: boolean): readonly string[] {
  const codes = sites ? [...new Set(members.flatMap(([, { site }]) => site?.name ?? []))] : [];
  // What is outside the file is named with the numbers already.
  const names = members.flatMap(([, { endpoint, thing }]) => (thing ? endpoint.name : []));
  return [
    ...(codes.length > 0
      ? [codes.length === 1 ? t('site {0}', codes.join()) : t('sites {0}', few(codes, 6))]
      : []),
    contents(members),
    ...(names.length > 0 && names.length <= 3 ? [names.join(', ')] : []),
  ];
}

function few(texts: readonly string[], most: number): string {
  if (texts.length <= most) return texts.join(', ');
  return t('{0} and {1} more', texts.slice(0, most - 1).join(', '), texts.length - most + 1);
}

// --- arrows ------------------------------------------------------------------------------------

function isAsked(flow: Flow): boolean {
  return flow.toRole?.role === 'domain-controller';
}

/** Who asks many domain controllers, and the box that stands for these. */
function manyControllers(legs: readonly Leg[], nodeOf: (endpoint: Endpoint) => string | undefined) {
  const asked = new Map<Endpoint, Map<string, Set<string>>>();
  for (const { flow } of legs) {
    if (!isAsked(flow)) continue;
    const node = nodeOf(flow.to);
    if (node === undefined || node === nodeOf(flow.from)) continue;
    const nodes = asked.get(flow.from) ?? new Map<string, Set<string>>();
    asked.set(flow.from, nodes);
    const names = nodes.get(node) ?? new Set();
    nodes.set(node, names.add(flow.to.name));
  }
  const asking = new Set<Endpoint>();
  const names = new Set<string>();
  for (const [endpoint, nodes] of asked) {
    if (nodes.size < MANY_CONTROLLERS) continue;
    asking.add(endpoint);
    for (const own of nodes.values()) for (const name of own) names.add(name);
  }
  const node: DiagramNode | undefined =
    asking.size === 0
      ? undefined
      : {
          id: CONTROLLERS,
          kind: 'role',
          title: t('Domain controllers'),
          lines: [t('any of {0}, for zones without one', names.size)],
          internet: false,
          detail: [t('Machines whose zone has no domain controller may ask any of'), few([...names], 20)],
        };
  return { asking, node };
}

function arrowsOf(
  analysis: Analysis,
  legs: readonly Leg[],
  nodeOf: (endpoint: Endpoint) => string | undefined,
  targetOf: (flow: Flow) => string | undefined,
  placeOf: (span: Span | undefined) => FileRange | undefined,
): readonly Arrow[] {
  const pairs = new Map<string, { from: string; to: string; legs: Leg[] }>();
  for (const leg of legs) {
    const { flow } = leg;
    const from = nodeOf(flow.from);
    const to = targetOf(flow);
    if (from === undefined || nodeOf(flow.to) === from || to === undefined || from === to) continue;
    const id = `${from}>${to}`;
    const pair = pairs.get(id);
    if (pair) pair.legs.push(leg);
    else pairs.set(id, { from, to, legs: [leg] });
  }
  const reach = analysis.reach();
  return [...pairs].map(([id, { from, to, legs: own }]): Arrow => {
    const judged = own.map((leg): Judged => ({ ...leg, verdict: reach.verdict(leg.flow) }));
    const flows = own.map(({ flow }) => flow);
    const blocked = judged.filter(({ verdict }) => verdict.kind === 'blocked');
    const missed = blocked.filter((one) => one.missed);
    const [first] = missed;
    const stops = new Set(
      missed.flatMap(({ verdict }) =>
        verdict.kind === 'blocked' ? verdict.blocks.map(({ firewall }) => firewall) : [],
      ),
    );
    const onTheWay = new Set<Firewall>();
    const seen = new Set<string>();
    for (const { flow } of judged) {
      const way = `${memberId(flow.from)} ${memberId(flow.to)} ${flow.from.zone} ${flow.to.zone}`;
      if (seen.has(way)) continue;
      seen.add(way);
      for (const firewall of reach.between(flow.from, flow.to) ?? []) onTheWay.add(firewall);
    }
    return {
      id,
      title: t('{0} to {1}', endTitle(flows, 'from'), endTitle(flows, 'to')),
      from,
      to,
      state: first
        ? 'blocked'
        : judged.some(({ verdict }) => verdict.kind === 'allowed')
          ? 'allowed'
          : blocked.length > 0
            ? 'spare'
            : 'unchecked',
      ...needOfAll(own),
      ports: portsText(judged.filter(({ verdict }) => verdict.kind !== 'blocked').map(({ flow }) => flow)),
      blocked: portsText(missed.map(({ flow }) => flow)),
      spare: portsText(blocked.filter((one) => !one.missed).map(({ flow }) => flow)),
      crossings: [...onTheWay].map((firewall) => ({
        firewall: firewallId(firewall),
        blocks: stops.has(firewall),
      })),
      detail: details(judged),
      place: placeOf(first ? blockedSpan(first.verdict) : causeOf(judged[0]?.flow)),
    };
  });
}

/** How much an arrow is needed: as much as what is needed most of it. */
function needOfAll(legs: readonly Leg[]): Pick<Arrow, 'need' | 'needLabel'> {
  if (legs.some(({ need }) => need.kind === 'needed')) return { need: 'needed', needLabel: '' };
  const choices = legs.flatMap(({ need }) => (need.kind === 'choice' ? [need.alternatives] : []));
  if (choices.length === 0) return { need: 'optional', needLabel: t('optional') };
  const [of] = choices;
  return {
    need: 'choice',
    needLabel: choices.every((count) => count === of) ? t('one of {0}', of ?? 0) : t('one of several'),
  };
}

function endTitle(flows: readonly Flow[], end: 'from' | 'to'): string {
  return few([...new Set(flows.map((flow) => flow[end].name))], 3);
}

/** One text a protocol, the ports joined where they touch. */
function portsText(flows: readonly Flow[]): readonly string[] {
  return (['tcp', 'udp', 'icmp'] as const).flatMap((protocol) => {
    const own = flows.filter((flow) => flow.protocol === protocol);
    if (own.length === 0) return [];
    if (protocol === 'icmp') return ['icmp echo'];
    const words = own.flatMap(({ ports }) => ports);
    const numbers = portTexts(portSet(words.flatMap((port) => parsePorts(port) ?? [])));
    const others = [...new Set(words.filter((port) => parsePorts(port) === undefined))];
    return [`${protocol} ${[...numbers, ...others].join(', ')}`];
  });
}

interface Judged extends Leg {
  readonly verdict: Verdict;
}

/** The same service between several machines of two boxes takes one line; what is blocked and missed comes first. */
function details(judged: readonly Judged[]): readonly string[] {
  const lines = new Map<string, number>();
  const weight = ({ verdict, missed }: Judged) => (missed ? 0 : verdict.kind === 'blocked' ? 1 : 2);
  const sorted = judged.toSorted((a, b) => weight(a) - weight(b));
  for (const { flow, need, verdict } of sorted) {
    const ports = flow.protocol === 'icmp' ? 'icmp echo' : `${flow.protocol} ${flow.ports.join(', ')}`;
    const service = serviceName(flow.service, language());
    const what = need.kind === 'needed' ? service : t('{0} ({1})', service, choiceNeedText(need));
    const line =
      flow.phase === 'installation'
        ? t('{0}: {1}, during installation; {2}', ports, what, verdictText(verdict))
        : t('{0}: {1}; {2}', ports, what, verdictText(verdict));
    lines.set(line, (lines.get(line) ?? 0) + 1);
  }
  const texts = [...lines].map(([line, count]) => (count === 1 ? line : t('{0} ({1} pairs)', line, count)));
  if (texts.length <= MOST_DETAILS) return texts;
  return [...texts.slice(0, MOST_DETAILS - 1), t('and {0} more', texts.length - MOST_DETAILS + 1)];
}

function verdictText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'unchecked':
      return t('not checked');
    case 'allowed': {
      const names = [
        ...new Set(
          verdict.by.map(({ firewall, rule }) =>
            rule.name
              ? t("rule '{0}' of {1}", rule.name.value, firewall.name)
              : t('a rule of {0}', firewall.name),
          ),
        ),
      ];
      return names.length === 0 ? t('no firewall between') : t('allowed by {0}', few(names, 2));
    }
    case 'blocked':
      return t('blocked: {0}', deniedBy(verdict.blocks[0]));
  }
}

/** The rule that denies it, else the firewall that has none. */
function blockedSpan(verdict: Verdict): Span | undefined {
  if (verdict.kind !== 'blocked') return undefined;
  const [{ firewall, rule }] = verdict.blocks;
  return rule?.span ?? firewall.key.span;
}

/** The role that makes the two talk, else the machine. */
function causeOf(flow: Flow | undefined): Span | undefined {
  if (flow === undefined) return undefined;
  const thing = flow.from.server ?? flow.from.clients ?? flow.to.server ?? flow.to.clients;
  return (flow.fromRole ?? flow.toRole ?? thing)?.key.span;
}
