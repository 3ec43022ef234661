import { insertKey } from '../../edits/map-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { GroupInZone } from '../../flows/parties.ts';
import type { ServingRole } from '../../flows/serving.ts';
import { t } from '../../l10n.ts';
import { effectiveZone, lookup } from '../../topology/effective.ts';
import type { Server, Zone } from '../../topology/model.ts';
import { isAllKnown, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { sectionMap } from '../sections.ts';
import { hierarchyIn, windowsPlaces } from './serving-clients.ts';

/** The roles by which a group is judged; all management points of a site serve it anyway. */
const ROLES: readonly ServingRole[] = [
  'distribution-point',
  'software-update-point',
  'state-migration-point',
];
const COUNTED: ReadonlySet<string> = new Set([...ROLES, 'management-point']);
const SECTION = 'boundaryGroups';

/** A role that a group is taken to use in other zones, and by how many machines there. */
interface Spread {
  readonly role: ServingRole;
  readonly machines: number;
  readonly zones: number;
  readonly first: Server | undefined;
}

function spreadOf(place: GroupInZone, context: RuleContext): Spread | undefined {
  const { serving } = hierarchyIn(context.topology);
  for (const role of ROLES) {
    const guessed = serving
      .services(place, role)
      .filter(({ why, to }) => why.kind === 'default-boundary-group' && to.endpoint.zone !== undefined);
    const zones = new Set(guessed.map(({ to }) => to.endpoint.zone));
    zones.delete(place.zone?.id);
    if (zones.size >= 2)
      return { role, machines: guessed.length, zones: zones.size, first: guessed[0]?.to.endpoint.server };
  }
  return undefined;
}

/** One line of `boundaryGroups`: a zone, and the servers that its clients are to use. */
function entry(zone: Zone, servers: readonly string[]): string {
  return `{ members: [${zone.name}], servers: [${servers.join(', ')}] }`;
}

/** The edit that adds boundary groups, named like their zones. */
function addGroups(
  { tree, topology }: RuleContext,
  groups: readonly (readonly [Zone, readonly string[]])[],
): readonly TextEdit[] {
  const wanted = groups.filter(([{ name }]) => !lookup(topology.boundaryGroups, name));
  const map = sectionMap(tree, SECTION);
  if (map) {
    // One edit: several at one place would come in any order.
    const [first, ...others] = wanted;
    if (!first || map.flow) return [];
    const edit = insertKey(tree, { map }, first[0].name, entry(...first));
    if (!edit) return [];
    const indent = /^[\r\n]*([ \t]*)/.exec(edit.newText)?.[1] ?? '  ';
    const nl = edit.newText.startsWith('\r') ? '\r\n' : '\n';
    const rest = others.map((one) => `${nl}${indent}${one[0].name}: ${entry(...one)}`).join('');
    return [{ ...edit, newText: edit.newText + rest }];
  }
  const { root } = tree;
  if (root?.kind !== 'map' || root.flow || wanted.length === 0) return [];
  const lines = wanted.map(([zone, servers]) => `\n  ${zone.name}: ${entry(zone, servers)}`).join('');
  const edit = insertKey(tree, { map: root }, SECTION, lines);
  return edit ? [edit] : [];
}

function fixesFor(place: GroupInZone, { first }: Spread, context: RuleContext): readonly Fix[] {
  const { topology } = context;
  const { zone } = place;
  if (!zone || !first) return [];
  const inZone = (one: Zone) =>
    [...topology.servers.values()].filter(
      (server) =>
        effectiveZone(server, topology) === one && server.roles.some(({ role }) => COUNTED.has(role)),
    );
  const members = new Set(
    windowsPlaces(topology).flatMap((each) => (each.internet || !each.zone ? [] : [each.zone])),
  );
  const all = [...members].flatMap((one): (readonly [Zone, readonly string[]])[] => {
    const own = inZone(one).map(({ name }) => name);
    if (own.length > 0) return [[one, own]];
    return one === zone ? [[one, [first.name]]] : [];
  });
  return [
    {
      title: t('Create boundary group {0} with {1}', zone.name, first.name),
      safe: false,
      edits: addGroups(context, [[zone, [...inZone(zone).map(({ name }) => name), first.name]]]),
    },
    {
      title: t('Create a boundary group for each zone with clients'),
      safe: false,
      edits: all.length > 1 ? addGroups(context, all) : [],
    },
  ];
}

const file = (more: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  branch1: { networks: [10.1.0.0/16] }
  branch2: { networks: [10.2.0.0/16] }
  branch3: { networks: [10.3.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
  dp1: { site: PS1, zone: branch1, roles: { distribution-point: } }
  dp2: { site: PS1, zone: branch2, roles: { distribution-point: } }
clients:
  pcs3: { site: PS1, zone: branch3 }
${more}`;

export const clientBoundaryGroup: Rule = {
  code: 'client-boundary-group',
  severity: 'information',
  summary:
    'Clients are taken to use site systems in several other zones, because no boundary group names theirs.',
  reason: 'Without a boundary group the checker has to take every site system of the site for theirs.',
  explanation: `Clients use what their boundary groups name, else what is in their zone. Where there is neither, this checker takes every site system of the site that no boundary group names, in whatever zone it is: then the firewalls between all these zones are judged as if the clients needed each of them.

A boundary group says which site systems they really use. Management points do not count here: without one in their boundary groups, clients use all of their site.`,
  source: { document: 'boundary-groups', section: 'boundary-groups-and-relationships' },
  bad: [{ title: 'A branch without a distribution point, and two that have one', text: file('') }],
  good: [
    {
      title: 'A boundary group that says which one',
      text: file('boundaryGroups:\n  branch3: { members: [branch3], servers: [dp1] }\n'),
    },
  ],
  *check(context): Iterable<Report> {
    if (context.topology.servers.size === 0 || !isAllKnown(context)) return;
    const certainty = new Map(ROLES.map((role) => [role, roleCertainty(role, context)]));
    const seen = new Set<string>();
    for (const place of windowsPlaces(context.topology)) {
      const { clients } = place;
      if (place.internet || seen.has(clients.id)) continue;
      const spread = spreadOf(place, context);
      if (!spread || certainty.get(spread.role)?.(place.assigned) === 'unknown') continue;
      seen.add(clients.id);
      yield {
        span: clients.key.span,
        message: t(
          'No boundary group says which {0} the clients {1} use, so that they are taken to use {2} in {3} other zones: create one',
          spread.role,
          clients.name,
          spread.machines,
          spread.zones,
        ),
        fixes: fixesFor(place, spread, context),
      };
    }
  },
};
