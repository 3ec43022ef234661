// Clients on the internet that nothing serves, for the rules that may say so.
import { groupBy, memo } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import type { Party } from '../../flows/parties.ts';
import { t } from '../../l10n.ts';
import { effectiveZone, lookup, roleOption } from '../../topology/effective.ts';
import type { ClientGroup, Role, Site, Topology } from '../../topology/model.ts';
import { keyCertainty, optionCertainty } from '../certainty.ts';
import { isAllKnown, knownTypeOf, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { hierarchyIn, windowsPlaces } from './serving-clients.ts';

const POINT = 'management-point';

/** The clients of a primary site that are on the internet where nothing serves them. */
export interface Unserved {
  readonly site: Site;
  /** At least one. */
  readonly groups: readonly ClientGroup[];
  /** The management points with HTTPS alone, which could serve them, the one that is nearest to it first. */
  readonly points: readonly Role[];
}

/** What nobody wants within reach of the internet. */
const CORE: ReadonlySet<string> = new Set(['site-server', 'sms-provider', 'sql-server', 'domain-controller']);

/** How far a site system is from one that is there for the internet. */
function distanceOf({ server }: Role, siteServers: readonly Party[], topology: Topology): number {
  const zone = effectiveZone(server, topology);
  const isCore = server.roles.some(({ role }) => CORE.has(role));
  const isBesideSiteServer = siteServers.some(({ endpoint }) => endpoint.zone === zone?.id);
  return (
    (isCore ? 4 : 0) + (isBesideSiteServer ? 2 : 0) + (server.siteServerInitiates?.value === true ? 0 : 1)
  );
}

/** The sites whose clients on the internet have neither a management point nor a gateway; none where that is not sure. */
export const unservedOnInternet: (context: RuleContext) => readonly Unserved[] = memo(find, (context) =>
  context.reach(),
);

function find(context: RuleContext): readonly Unserved[] {
  const { topology } = context;
  const { parties, serving } = hierarchyIn(topology);
  const unserved = windowsPlaces(topology).filter((place) => {
    if (
      !place.internet ||
      keyCertainty(context, place.clients, 'kind', place.clients.clientKind) === 'unknown'
    )
      return false;
    // A zone that is not in the file may be anything.
    if (place.clients.zones.some(({ value }) => !lookup(topology.zones, value))) return false;
    return !serving.usesGateway(place) && serving.services(place, POINT).length === 0;
  });
  // A line too far left may give one group the words of another.
  if (unserved.length === 0 || !isAllKnown(context)) return [];
  const isKnown = roleCertainty(POINT, context);
  const hasGateway = roleCertainty('cloud-management-gateway-connection-point', context);
  return [...groupBy(unserved, ({ assigned }) => assigned)].flatMap(([site, places]): readonly Unserved[] => {
    if (knownTypeOf(site, context) !== 'primary') return [];
    if (isKnown(site) === 'unknown' || hasGateway(parties.top(site)) === 'unknown') return [];
    const groups = [...new Set(places.map(({ clients }) => clients))];
    const holders = parties.at(site, POINT).flatMap(({ role }) => role ?? []);
    if (holders.some((role) => optionCertainty(context, role, 'clients') === 'unknown')) return [];
    const points = holders
      .filter((role) => roleOption(role, 'protocol') === 'https')
      .map((role) => ({ role, distance: distanceOf(role, parties.at(site, 'site-server'), topology) }))
      .sort((a, b) => a.distance - b.distance)
      .map(({ role }) => role);
    return [{ site, groups, points }];
  });
}

/** The fix that lets one of the management points serve them. */
export function servingFix(role: Role, { tree }: RuleContext): Fix {
  return {
    title: t('Let the management point on {0} serve clients on the internet too', role.server.name),
    safe: false,
    edits: setKey(tree, role, 'clients', 'both'),
  };
}
