import { groupBy } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { roleOption, rolesNamed, siteOf, topSite } from '../../topology/effective.ts';
import { inEdition, roleInfo } from '../../topology/format.ts';
import type { Role, Site } from '../../topology/model.ts';
import { isAllKnown, isCurrentBranch, knownTypeOf, roleCertainty } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';

const CONNECTION_POINT = 'cloud-management-gateway-connection-point';
const KEY = 'cloudManagementGateway';
/** One connection point serves a gateway with up to four virtual machines (size and scale numbers). */
const MACHINES = 4;

/** A gateway whose traffic no management point of the site takes. */
function* unusedGateways(points: readonly Role[], context: RuleContext): Iterable<Report> {
  const certainty = roleCertainty('management-point', context);
  const taking = takers('management-point', context);
  for (const point of points) {
    const site = siteOf(point.server, context.topology);
    // Anywhere else it is misplaced, which role-placement says.
    if (!site || knownTypeOf(site, context) !== 'primary' || certainty(site) === 'unknown') continue;
    if (taking.some(({ server }) => siteOf(server, context.topology) === site)) continue;
    const candidates = rolesNamed('management-point', context.topology).filter(
      ({ server }) => siteOf(server, context.topology) === site,
    );
    yield {
      span: point.key.span,
      message: t(
        '{0} on {1}: no management point of site {2} takes the traffic of the gateway. Set {3}: true on one',
        CONNECTION_POINT,
        point.server.name,
        site.name,
        KEY,
      ),
      fixes: candidates.slice(0, 3).map((role) => ({
        title: t('Let the management point on {0} take the traffic of the gateway', role.server.name),
        safe: false,
        edits: setKey(context.tree, role, KEY, 'true'),
      })),
    };
  }
}

/** Roles that take the traffic of a gateway that their site has no connection point of. */
function* lostRoles(points: readonly Role[], context: RuleContext): Iterable<Report> {
  const certainty = roleCertainty(CONNECTION_POINT, context);
  const sites = new Set(points.map(({ server }) => siteOf(server, context.topology)));
  const roles = [...takers('management-point', context), ...takers('software-update-point', context)];
  const bySite = groupBy(roles, ({ server }): Site | undefined => siteOf(server, context.topology));
  for (const [site, [first, ...others]] of bySite) {
    const written = first?.values.get(KEY);
    if (!first || !written || sites.has(site) || certainty(site) !== 'absent') continue;
    yield {
      span: written.span,
      message: t(
        '{0} on {1} takes the traffic of a cloud management gateway, and site {2} has no {3}: add the role, or remove {4}',
        first.role,
        first.server.name,
        site.name,
        CONNECTION_POINT,
        KEY,
      ),
      related: others.map((role) => ({
        message: t('{0} on {1}', role.role, role.server.name),
        span: role.values.get(KEY)?.span ?? role.key.span,
      })),
    };
  }
}

function takers(name: string, { topology }: RuleContext): readonly Role[] {
  return rolesNamed(name, topology).filter((role) => roleOption(role, KEY) === true);
}

/** One connection point for a gateway with more machines than it can serve. */
function* overloaded(points: readonly Role[], { topology }: RuleContext): Iterable<Report> {
  const byTop = groupBy(points, ({ server }) => {
    const site = siteOf(server, topology);
    return site && topSite(site, topology);
  });
  for (const [, [point, ...others]] of byTop) {
    const machines = point?.values.get('virtualMachines');
    if (!point || !machines || others.length > 0 || Number(machines.value) <= MACHINES) continue;
    yield {
      span: machines.span,
      message: t(
        'The gateway of {0} has {1} virtual machines, and one connection point serves {2} at most: add a second connection point',
        point.server.name,
        String(machines.value),
        MACHINES,
      ),
    };
  }
}

const file = (point: string, gateway: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: ${point}
${gateway}`;
const gateway = (options: string) => `  cp01:
    site: PS1
    roles:
      cloud-management-gateway-connection-point:${options}
`;

export const gatewayRoles: Rule = {
  code: 'gateway-roles',
  severity: 'warning',
  summary:
    'A cloud management gateway whose traffic no role accepts, or a role set up for a gateway that does not exist.',
  reason: 'What comes through the gateway ends at the connection point unless a management point takes it.',
  explanation: `The connection point passes the requests of clients on to the management and software update points that allow traffic of the cloud management gateway (\`cloudManagementGateway: true\`). Without such a management point clients get no policy over the gateway; without a connection point such a role has nothing to do.

One connection point serves a gateway with up to four virtual machines.`,
  source: { document: 'plan-cloud-management-gateway', section: 'topology-design' },
  moreSources: [{ document: 'size-and-scale-numbers', section: 'cloud-management-gateway-connection-point' }],
  bad: [
    { title: 'A gateway, and no management point for it', text: file('{ protocol: https }', gateway('')) },
    {
      title: 'A management point set up for a gateway that is not there',
      text: file('{ protocol: https, cloudManagementGateway: true }', ''),
    },
    {
      title: 'Eight virtual machines behind one connection point',
      text: file('{ protocol: https, cloudManagementGateway: true }', gateway(' { virtualMachines: 8 }')),
    },
  ],
  good: [{ title: 'Both', text: file('{ protocol: https, cloudManagementGateway: true }', gateway('')) }],
  *check(context) {
    const { topology } = context;
    const info = roleInfo(CONNECTION_POINT);
    if (!info || !topology.edition || !inEdition(info, topology.edition)) return;
    if (!isCurrentBranch(topology.edition) || !isAllKnown(context)) return;
    const points = rolesNamed(CONNECTION_POINT, topology);
    yield* unusedGateways(points, context);
    yield* lostRoles(points, context);
    yield* overloaded(points, context);
  },
};
