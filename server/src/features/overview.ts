// What a file holds as a tree: sites with their servers and roles, client groups, boundary groups, firewalls; at each
// what was found and how many connections are blocked.
import type { Range } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { editionText } from '../catalog/editions.ts';
import { roleName } from '../catalog/names.ts';
import { groupBy } from '../collections.ts';
import type { Flow } from '../flows/flow.ts';
import { language, t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Finding } from '../rules/rule.ts';
import type { Span } from '../text/tree.ts';
import { lookup, parentOf, siteOf } from '../topology/effective.ts';
import type { Role, Server, Site, SiteType, Topology } from '../topology/model.ts';
import { blockedAt } from './blocked.ts';
import { membership } from './members.ts';
import { editorRange } from './place.ts';
import { detailOf } from './symbols.ts';

/** What a node stands for; `sites`, `other-servers`, `client-groups`, … hold others and are nothing themselves. */
export const OVERVIEW_KINDS = [
  'site',
  'server',
  'role',
  'client-group',
  'boundary-group',
  'firewall',
  'sites',
  'other-servers',
  'client-groups',
  'boundary-groups',
  'firewalls',
] as const;
export type OverviewKind = (typeof OVERVIEW_KINDS)[number];

/** What is wrong at a thing and below it. */
export interface OverviewCounts {
  readonly errors: number;
  readonly warnings: number;
  /** Connections that somebody needs and that a firewall stops. */
  readonly blocked: number;
}

export interface OverviewNode extends OverviewCounts {
  readonly kind: OverviewKind;
  /** The same as long as the thing has its name. */
  readonly id: string;
  /** For people; a role as the documents call it. */
  readonly label: string;
  /** How many connections are blocked and what it is, in a few words. */
  readonly description: string;
  /** Everything that is known here, in lines. */
  readonly details: readonly string[];
  /** By which `explain` and the Connections view know it; undefined for what only holds others. */
  readonly name: string | undefined;
  /** Where it is defined. */
  readonly range: Range | undefined;
  readonly children: readonly OverviewNode[];
}

export interface Overview extends OverviewCounts {
  /** `2403, port list 2025-12`; undefined where the file names no known edition. */
  readonly edition: string | undefined;
  readonly nodes: readonly OverviewNode[];
}

/** A node before what is below it was counted. */
interface Sketch {
  readonly kind: OverviewKind;
  readonly id: string;
  readonly label: string;
  readonly detail: string;
  readonly name?: string;
  /** The whole entry: findings in it count here. */
  readonly span?: Span;
  readonly key?: Span;
  /** Under what blocked connections of it are counted; without it, none are. */
  readonly counted?: unknown;
  readonly children?: readonly Sketch[];
}

/** The tree of a file. Its cost is that of judging all connections, which the findings need too. */
export function overview(analysis: Analysis): Overview {
  const { topology } = analysis;
  const sketches = sketch(topology);
  const found = findingsBy(
    spansOf(sketches),
    analysis.findings().filter(({ severity }) => severity === 'error' || severity === 'warning'),
  );
  const blocked = blockedCounts(analysis);
  const nodes = sketches.map((one) => nodeOf(one, analysis, found, blocked));
  const { edition, configmgrWritten } = topology;
  return {
    edition: edition && editionText(edition, configmgrWritten),
    ...severities(analysis.findings()),
    blocked: blocked.get(topology) ?? 0,
    nodes,
  };
}

function nodeOf(
  { kind, id, label, detail, name, span, key, counted, children: below = [] }: Sketch,
  analysis: Analysis,
  found: ReadonlyMap<Span, readonly Finding[]>,
  blocked: ReadonlyMap<unknown, number>,
): OverviewNode {
  const children = below.map((child) => nodeOf(child, analysis, found, blocked));
  const own = severities((span && found.get(span)) ?? []);
  const sum = (of: 'errors' | 'warnings') => children.reduce((all, child) => all + child[of], own[of]);
  const counts = { errors: sum('errors'), warnings: sum('warnings'), blocked: blocked.get(counted) ?? 0 };
  // What is wrong comes first: a narrow view cuts the end off. A mere number is short enough.
  const wrong = counts.blocked > 0 ? [t('{0} blocked', counts.blocked)] : [];
  const description = name === undefined ? [detail, ...wrong] : [...wrong, detail];
  return {
    kind,
    id,
    label: visible(label) || t('(no name)'),
    description: visible(description.filter((part) => part !== '').join(' · ')),
    details: detailLines(detail, counts).map(visible),
    name,
    range: key && editorRange(analysis, key),
    ...counts,
    children,
  };
}

function detailLines(detail: string, { errors, warnings, blocked }: OverviewCounts): readonly string[] {
  return [
    ...(detail === '' ? [] : [detail]),
    ...(errors > 0 ? [errors === 1 ? t('1 error') : t('{0} errors', errors)] : []),
    ...(warnings > 0 ? [warnings === 1 ? t('1 warning') : t('{0} warnings', warnings)] : []),
    ...(blocked > 0
      ? [
          blocked === 1
            ? t('1 needed connection is blocked by a firewall')
            : t('{0} needed connections are blocked by firewalls', blocked),
        ]
      : []),
  ];
}

function severities(findings: readonly Finding[]): Pick<OverviewCounts, 'errors' | 'warnings'> {
  const count = (severity: Finding['severity']) => findings.filter((one) => one.severity === severity).length;
  return { errors: count('error'), warnings: count('warning') };
}

// --- What is there ----------------------------------------------------------------------------

function sketch(topology: Topology): readonly Sketch[] {
  const { sites, servers, clients, boundaryGroups, firewalls } = topology;
  const placeOf = siteOfServer(topology);
  const bySite = groupBy(servers.values(), (server) => placeOf(server) ?? null);
  const above = (site: Site): Site | undefined => {
    const parent = parentOf(site, topology);
    // Sites above each other in a circle have no top: each stands for itself.
    return parent && !isInCircle(site, topology) ? parent : undefined;
  };
  const below = groupBy(sites.values(), (site) => above(site) ?? null);
  const siteSketch = (site: Site): Sketch => {
    const own = bySite.get(site) ?? [];
    const under = below.get(site) ?? [];
    return {
      kind: 'site',
      id: `site ${site.id}`,
      label: site.name,
      detail: [typeText(site.type?.value), serversText(own.length)].filter(Boolean).join(' · '),
      name: site.name,
      span: site.span,
      key: site.key.span,
      counted: site,
      children: [...own.map(serverSketch), ...under.map(siteSketch)],
    };
  };
  const others = bySite.get(null) ?? [];
  return [
    ...section('sites', t('Sites'), sites.size, (below.get(null) ?? []).map(siteSketch)),
    ...section('other-servers', t('Servers Without a Site'), others.length, others.map(serverSketch)),
    ...section(
      'client-groups',
      t('Client Groups'),
      clients.size,
      [...clients.values()].map((group) => thingSketch('client-group', group)),
    ),
    ...section(
      'boundary-groups',
      t('Boundary Groups'),
      boundaryGroups.size,
      [...boundaryGroups.values()].map((group) => thingSketch('boundary-group', group)),
    ),
    ...section(
      'firewalls',
      t('Firewalls'),
      firewalls.size,
      [...firewalls.values()].map((firewall) => {
        const { rules, planned } = firewall;
        const number = rules.length === 1 ? t('1 rule') : t('{0} rules', rules.length);
        const text = planned?.value === true && rules.length === 0 ? t('planned') : number;
        const detail = [detailOf(firewall), text].filter((part) => part !== '').join(' · ');
        return { ...thingSketch('firewall', firewall), detail };
      }),
    ),
  ];
}

/** Nothing for what a file does not have. */
function section(
  kind: OverviewKind,
  label: string,
  count: number,
  children: readonly Sketch[],
): readonly Sketch[] {
  return count === 0 ? [] : [{ kind, id: kind, label, detail: String(count), counted: kind, children }];
}

function thingSketch(
  kind: 'client-group' | 'boundary-group' | 'firewall',
  thing: Parameters<typeof detailOf>[0],
): Sketch {
  return {
    kind,
    id: `${kind} ${thing.id}`,
    label: thing.name,
    detail: detailOf(thing),
    name: thing.name,
    span: thing.span,
    key: thing.key.span,
    counted: thing,
  };
}

function serverSketch(server: Server): Sketch {
  return {
    kind: 'server',
    id: `server ${server.id}`,
    label: server.name,
    detail: server.zone?.value ?? '',
    name: server.name,
    span: server.span,
    key: server.key.span,
    counted: server,
    children: server.roles.map((role) => roleSketch(role, server)),
  };
}

function roleSketch(role: Role, server: Server): Sketch {
  return {
    kind: 'role',
    id: `role ${server.id} ${role.role}`,
    label: roleName(role.role, language()),
    detail: '',
    name: role.role,
    span: role.span,
    key: role.key.span,
    counted: role,
  };
}

function typeText(type: SiteType | undefined): string {
  switch (type) {
    case 'central-administration':
      return t('central administration');
    case 'primary':
      return t('primary');
    case 'secondary':
      return t('secondary');
    case undefined:
      return '';
  }
}

function serversText(count: number): string {
  if (count === 0) return '';
  return count === 1 ? t('1 server') : t('{0} servers', count);
}

function isInCircle(site: Site, topology: Topology): boolean {
  const seen = new Set<Site>();
  for (let next = parentOf(site, topology); next && !seen.has(next); next = parentOf(next, topology)) {
    if (next === site) return true;
    seen.add(next);
  }
  return false;
}

/** The site that a server names; of one that names none, the site whose database it holds. */
function siteOfServer(topology: Topology): (server: Server) => Site | undefined {
  const holds = new Map<string, Site>();
  for (const site of topology.sites.values()) {
    const { database } = site;
    const group =
      database?.availabilityGroup && lookup(topology.availabilityGroups, database.availabilityGroup.value);
    const names = [database?.server, ...(group?.replicas.map(({ server }) => server) ?? [])];
    for (const name of names) {
      const id = name?.value.toLowerCase();
      if (id !== undefined && !holds.has(id)) holds.set(id, site);
    }
  }
  return (server) => siteOf(server, topology) ?? (server.site ? undefined : holds.get(server.id));
}

// --- What is wrong ----------------------------------------------------------------------------

/** The spans of all entries, those that are in others behind them. */
function spansOf(sketches: readonly Sketch[]): readonly Span[] {
  const all: Span[] = [];
  const add = (some: readonly Sketch[]): void => {
    for (const { span, children = [] } of some) {
      if (span) all.push(span);
      add(children);
    }
  };
  add(sketches);
  return all.toSorted((a, b) => a.start - b.start || b.end - a.end);
}

/** The findings of each entry: each is at the innermost that holds where it begins. */
function findingsBy(
  spans: readonly Span[],
  findings: readonly Finding[],
): ReadonlyMap<Span, readonly Finding[]> {
  const found = new Map<Span, Finding[]>();
  const open: Span[] = [];
  let next = 0;
  for (const finding of findings) {
    const at = finding.span.start;
    for (let span = spans[next]; span !== undefined && span.start <= at; span = spans[++next])
      open.push(span);
    while ((open.at(-1)?.end ?? at) < at) open.pop();
    const holder = open.at(-1);
    if (holder === undefined) continue;
    const own = found.get(holder);
    if (own) own.push(finding);
    else found.set(holder, [finding]);
  }
  return found;
}

/** How many connections are blocked at each thing of the file, at each kind of them, and at all (the topology). */
function blockedCounts(analysis: Analysis): ReadonlyMap<unknown, number> {
  const { topology } = analysis;
  const reach = analysis.reach();
  const placeOf = siteOfServer(topology);
  const groups = [...topology.boundaryGroups.values()].map((group) => ({
    group,
    isMember: membership(group, topology),
  }));
  const firewalls = (flow: Flow) => {
    const verdict = reach.verdict(flow);
    return verdict.kind === 'blocked' ? verdict.blocks.map(({ firewall }) => firewall) : [];
  };
  function* thingsOf(flow: Flow): Iterable<unknown> {
    yield topology;
    for (const side of ['from', 'to'] as const) {
      const { server, clients } = flow[side];
      const role = side === 'from' ? flow.fromRole : flow.toRole;
      if (role) yield role;
      if (clients) yield* [clients, 'client-groups'];
      if (server) {
        yield server;
        const place = placeOf(server);
        yield place ? 'sites' : 'other-servers';
        const seen = new Set<Site>();
        for (let site = place; site && !seen.has(site); site = parentOf(site, topology)) {
          seen.add(site);
          yield site;
        }
      }
      for (const { group, isMember } of groups) if (isMember(flow, side)) yield* [group, 'boundary-groups'];
    }
    for (const firewall of firewalls(flow)) yield* [firewall, 'firewalls'];
  }
  return blockedAt(analysis.flows(), reach, thingsOf);
}
