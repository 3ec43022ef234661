import { groupBy } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import type { Party } from '../../flows/parties.ts';
import { t } from '../../l10n.ts';
import { effectiveZone, lookup, roleOption } from '../../topology/effective.ts';
import type { Role, Topology } from '../../topology/model.ts';

import { keyCertainty, optionCertainty } from '../certainty.ts';
import { isAllKnown, knownTypeOf, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Report, Rule } from '../rule.ts';
import { listedUpTo } from '../words.ts';
import { hierarchyIn, windowsPlaces } from './serving-clients.ts';

const POINT = 'management-point';
/** As many names as a message shows. */
const SHOWN = 3;

const file = (point: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  perimeter: { networks: [192.0.2.0/24] }
  internet: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: perimeter
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: ${point}
clients:
  laptops: { site: PS1, zone: internet }
`;

/** What nobody wants within reach of the internet. */
const CORE: ReadonlySet<string> = new Set(['site-server', 'sms-provider', 'sql-server', 'domain-controller']);

/** How far a site system is from one that is there for the internet: the nearest is offered first. */
function distanceOf({ server }: Role, siteServers: readonly Party[], topology: Topology): number {
  const zone = effectiveZone(server, topology);
  const isCore = server.roles.some(({ role }) => CORE.has(role));
  const isBesideSiteServer = siteServers.some(({ endpoint }) => endpoint.zone === zone?.id);
  return (
    (isCore ? 4 : 0) + (isBesideSiteServer ? 2 : 0) + (server.siteServerInitiates?.value === true ? 0 : 1)
  );
}

export const internetClientsUnserved: Rule = {
  code: 'internet-clients-unserved',
  severity: 'error',
  summary: 'Clients are on the internet, and neither a management point nor a gateway serves them.',
  reason: 'A client without a management point that serves the internet gets no policy there.',
  explanation: `Clients on the internet use management points with \`clients: internet\` or \`both\`, or the cloud management gateway of their hierarchy, and no others. Where there is neither, they get no policy: set \`clients\` of a management point in the perimeter, or describe the gateway by its connection point.

A firewall rule does not help: no rule that the checker proposes ever opens a site system for the intranet to the internet.`,
  source: { document: 'plan-internet-based-client-management', section: 'plan-for-internet-based-clients' },
  moreSources: [{ document: 'plan-cloud-management-gateway', section: 'topology-design' }],
  bad: [{ title: 'A management point for the intranet alone', text: file('{ protocol: https }') }],
  good: [
    {
      title: 'A management point for both',
      text: file('{ protocol: https, clients: both }'),
    },
  ],
  *check(context): Iterable<Report> {
    const { topology, tree } = context;
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
    if (unserved.length > 0 && !isAllKnown(context)) return;
    const isKnown = roleCertainty(POINT, context);
    const hasGateway = roleCertainty('cloud-management-gateway-connection-point', context);
    for (const [site, places] of groupBy(unserved, ({ assigned }) => assigned)) {
      if (knownTypeOf(site, context) !== 'primary') continue;
      if (isKnown(site) === 'unknown' || hasGateway(parties.top(site)) === 'unknown') continue;
      const groups = [...new Set(places.map(({ clients }) => clients))];
      const [first] = groups;
      if (!first) continue;
      const holders = parties.at(site, POINT).flatMap(({ role }) => role ?? []);
      if (holders.some((role) => optionCertainty(context, role, 'clients') === 'unknown')) continue;
      const points = holders
        .filter((role) => roleOption(role, 'protocol') === 'https')
        .map((role) => ({ role, distance: distanceOf(role, parties.at(site, 'site-server'), topology) }))
        .sort((a, b) => a.distance - b.distance)
        .map(({ role }) => role);
      yield {
        span: first.key.span,
        message: t(
          'Clients of site {0} are on the internet ({1}), and no management point with clients: internet or both and no cloud management gateway serves them: set clients of a management point',
          site.name,
          listedUpTo(
            SHOWN,
            groups.map(({ name }) => name),
          ),
        ),
        related: groups
          .slice(1)
          .map(({ name, key }) => ({ message: t('The clients {0}', name), span: key.span })),
        fixes: points.slice(0, SHOWN).map((role) => ({
          title: t('Let the management point on {0} serve clients on the internet too', role.server.name),
          safe: false,
          edits: setKey(tree, role, 'clients', 'both'),
        })),
      };
    }
  },
};
