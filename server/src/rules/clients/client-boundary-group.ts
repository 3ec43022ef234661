import type { ServingRole } from '../../flows/serving.ts';
import { t } from '../../l10n.ts';
import { isAllKnown, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Report, Rule } from '../rule.ts';
import { boundaryGroupFixes, guessedServices, JUDGED_ROLES, zonesBeside } from './boundary-group-fixes.ts';
import { memoOfPlace, windowsPlaces } from './serving-clients.ts';

/** A role that a group is taken to use in other zones, and by how many machines there. */
interface Spread {
  readonly role: ServingRole;
  readonly machines: number;
  readonly zones: number;
}

const spreadOf = memoOfPlace(JUDGED_ROLES, (place, topology): Spread | undefined => {
  for (const role of JUDGED_ROLES) {
    const guessed = guessedServices(place, role, topology);
    const zones = zonesBeside(place, guessed);
    if (zones >= 2) return { role, machines: guessed.length, zones };
  }
  return undefined;
});

/**
 * So many findings offer a boundary group for every zone. The edit grows with the zones, and so do the findings: with all
 * of them a report of hundreds of zones would be megabytes of the same text.
 */
const MOST_WITH_ALL = 10;

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
    'Clients are assumed to use site systems in several other zones, because no boundary group names theirs.',
  reason: 'Without a boundary group the checker has to assume that they use every site system of the site.',
  explanation: `Clients use what their boundary groups name, otherwise what is in their zone. If there is neither, the checker assumes that they use every site system of the site that no boundary group names, whatever its zone; then the firewalls between all these zones are judged as if the clients needed each of them.

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
    const certainty = new Map(JUDGED_ROLES.map((role) => [role, roleCertainty(role, context)]));
    const seen = new Set<string>();
    for (const place of windowsPlaces(context.topology)) {
      const { clients } = place;
      if (place.internet || seen.has(clients.id)) continue;
      const spread = spreadOf(place, context.topology);
      if (!spread || certainty.get(spread.role)?.(place.assigned) === 'unknown') continue;
      seen.add(clients.id);
      const hasAll = seen.size <= MOST_WITH_ALL;
      yield {
        span: clients.key.span,
        message: t(
          'No boundary group says which {0} the clients {1} use, so they are assumed to use {2} in {3} other zones: create one',
          spread.role,
          clients.name,
          spread.machines,
          spread.zones,
        ),
        fixes: () => boundaryGroupFixes(place, context, { hasAll }),
      };
    }
  },
};
