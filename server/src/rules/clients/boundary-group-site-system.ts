import { groupBy } from '../../collections.ts';
import { rewriteList } from '../../edits/take-out.ts';
import { t } from '../../l10n.ts';
import { lookup, roleOption } from '../../topology/effective.ts';
import type { BoundaryGroup } from '../../topology/model.ts';
import { unreadServers } from '../certainty.ts';
import { knownTypeOf, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo } from '../words.ts';
import { hierarchyIn, windowsPlaces } from './serving-clients.ts';

/** The roles that count in a boundary group. */
const ROLES = ['distribution-point', 'management-point', 'software-update-point', 'state-migration-point'];
/** As many names as a message shows. */
const SHOWN = 3;

function* idleServers(group: BoundaryGroup, context: RuleContext): Iterable<Report> {
  const { topology, tree } = context;
  const unread = unreadServers(context);
  for (const { value, span } of group.servers) {
    const server = lookup(topology.servers, value);
    if (!server || unread.has(server) || server.roles.some(({ role }) => ROLES.includes(role))) continue;
    const becomes = group.servers.map((one) => (one.value === value ? [] : [one.value]));
    const edits = group.node && rewriteList(tree, group.node, 'servers', becomes);
    yield {
      span,
      message: t(
        'Boundary group {0} names {1}, which is not a distribution, management, software update or state migration point: clients get nothing from it. Remove it',
        group.name,
        server.name,
      ),
      related: [{ message: t('{0} is here', server.name), span: server.key.span }],
      fixes: edits ? [{ title: t('Take {0} out', server.name), safe: false, edits }] : [],
    };
  }
}

/** Windows clients in a boundary group that get content from nowhere. */
function* withoutContent(context: RuleContext): Iterable<Report> {
  const { topology } = context;
  const { parties, serving } = hierarchyIn(topology);
  const certainty = roleCertainty('distribution-point', context);
  const content = new Set(
    parties
      .all('cloud-management-gateway-connection-point')
      .flatMap(({ role, site }) =>
        role && site && roleOption(role, 'content') !== false ? [parties.top(site)] : [],
      ),
  );
  const lacking = windowsPlaces(topology).filter(
    (place) =>
      !place.internet &&
      serving.boundaryGroups(place).length > 0 &&
      serving.services(place, 'distribution-point').length === 0 &&
      !(serving.usesGateway(place) && content.has(parties.top(place.assigned))) &&
      knownTypeOf(place.assigned, context) === 'primary' &&
      certainty(place.assigned) !== 'unknown',
  );
  for (const [group, places] of groupBy(lacking, (place) => serving.boundaryGroups(place)[0])) {
    const names = [...new Set(places.map(({ clients }) => clients))];
    yield {
      span: group.key.span,
      message: t(
        'The clients {0} in boundary group {1} find no distribution point: name one in servers',
        listedUpTo(
          SHOWN,
          names.map(({ name }) => name),
        ),
        group.name,
      ),
      related: names.map(({ name, key }) => ({ message: t('The clients {0}', name), span: key.span })),
    };
  }
}

function* otherSite(group: BoundaryGroup, context: RuleContext): Iterable<Report> {
  const { topology } = context;
  const { serving } = hierarchyIn(topology);
  const site = group.site && lookup(topology.sites, group.site.value);
  if (!group.site || !site) return;
  const others = windowsPlaces(topology).filter(
    (place) => place.assigned !== site && serving.boundaryGroups(place).includes(group),
  );
  const [first] = others;
  if (!first) return;
  const names = [...new Set(others.map(({ clients }) => clients))];
  yield {
    span: group.site.span,
    message: t(
      'Boundary group {0} assigns its clients to site {1}, and {2} of it belong to {3}: correct one of them',
      group.name,
      site.name,
      listedUpTo(
        SHOWN,
        names.map(({ name }) => name),
      ),
      first.assigned.name,
    ),
    related: names.map(({ name, key }) => ({ message: t('The clients {0}', name), span: key.span })),
  };
}

const file = (servers: string, more = '') => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  branch: { networks: [10.1.0.0/16] }
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
  dp01:
    site: PS1
    zone: hq
    roles:
      distribution-point:
clients:
  pcs: { site: PS1, zone: branch }
boundaryGroups:
  branch: { members: [branch], servers: [${servers}]${more} }
`;
const other = file('dp01', ', site: PS2')
  .replace(
    'servers:\n',
    '  PS2: { type: primary, parent: CAS, database: { server: cm02 } }\n  CAS: { type: central-administration, database: { server: cas01 } }\nservers:\n  cm02: { site: PS2, zone: hq, roles: { site-server: , sms-provider: , sql-server: } }\n  cas01: { site: CAS, zone: hq, roles: { site-server: , sms-provider: , sql-server: } }\n',
  )
  .replace('PS1: { type: primary,', 'PS1: { type: primary, parent: CAS,');

export const boundaryGroupSiteSystem: Rule = {
  code: 'boundary-group-site-system',
  severity: 'warning',
  summary:
    'A boundary group names a server that serves no clients, leaves clients without content, or names another site.',
  reason: 'Clients use what their boundary groups name, so a mistake there sends them elsewhere or nowhere.',
  explanation: `A boundary group associates its members with site systems: distribution, management, software update and state migration points. A server without one of these roles does nothing in it. Where neither the boundary groups of a client group name a distribution point, nor one is in its zone, nor one is left that no boundary group names, its clients find no content. And \`site\` assigns the members: clients that belong to another site contradict it.`,
  source: { document: 'boundary-groups', section: 'boundary-groups-and-relationships' },
  moreSources: [{ document: 'boundary-groups', section: 'site-assignment' }],
  bad: [
    {
      title: 'A server that serves no clients',
      text: file('dp01, dc01').replace(
        'clients:\n',
        '  dc01: { zone: hq, roles: { domain-controller: } }\nclients:\n',
      ),
    },
    { title: 'Clients of another site', text: other },
  ],
  good: [{ title: 'A distribution point for the branch', text: file('dp01', ', site: PS1') }],
  *check(context) {
    for (const group of context.topology.boundaryGroups.values()) {
      if (group.damaged) continue;
      yield* idleServers(group, context);
      yield* otherSite(group, context);
    }
    yield* withoutContent(context);
  },
};
