// What mistakes about the hierarchy do to its connections: some hide connections that are needed, some add ones
// that are not. Rules about firewalls ask here, so that they do not report such a mistake a second time.
// Invariant: one cause, one finding.

import { PORTS } from '../../catalog/numbers.ts';
import { memo } from '../../collections.ts';
import type { Flow } from '../../flows/flow.ts';
import { GATEWAY_ROLE } from '../../flows/serving.ts';
import type { Span } from '../../text/tree.ts';
import type { Role, Server } from '../../topology/model.ts';
import { memoOfThings } from '../../topology/things.ts';
import { internetFacingHttps } from '../clients/internet-facing-https.ts';
import { siteServerInitiates } from '../clients/site-server-initiates.ts';
import { pullSource } from '../hierarchy/pull-source.ts';
import { roleNeedsSite } from '../hierarchy/role-needs-site.ts';
import { roleOncePerHierarchy } from '../hierarchy/role-once-per-hierarchy.ts';
import { rolePlacement } from '../hierarchy/role-placement.ts';
import { secondarySiteRoles } from '../hierarchy/secondary-site-roles.ts';
import { siteDatabaseMissing } from '../hierarchy/site-database-missing.ts';
import { siteServerDuplicate } from '../hierarchy/site-server-duplicate.ts';
import { siteServerMissing } from '../hierarchy/site-server-missing.ts';
import { siteServerPassive } from '../hierarchy/site-server-passive.ts';
import { softwareUpdatePointMissing } from '../hierarchy/software-update-point-missing.ts';
import { reportsOf } from '../reports.ts';
import { isRangeInDoubt } from '../rpc/rpc-range-os.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { wsusSslChild } from '../wsus/wsus-ssl-child.ts';

/** Their mistakes take connections away from the list of flows. */
const HIDING: readonly Rule[] = [
  siteServerMissing,
  siteDatabaseMissing,
  // Without its content library nobody reaches that.
  siteServerPassive,
  roleNeedsSite,
  softwareUpdatePointMissing,
  pullSource,
  // Clients at a site that cannot have them have no connections.
  rolePlacement,
  // Without SSL a software update point has no HTTPS port.
  wsusSslChild,
  internetFacingHttps,
];

/** Their mistakes are a role, or a client group, that should not be where it is. */
const ADDING: readonly Rule[] = [
  siteServerDuplicate,
  siteServerPassive,
  secondarySiteRoles,
  rolePlacement,
  roleOncePerHierarchy,
];

const PULL = 'distribution-point.distribution-point';

/** The connections to Azure that there are because some server has that role. */
const OF_GATEWAY: ReadonlySet<string> = new Set([
  'client.cloud-distribution-point',
  'client.cloud-management-gateway',
  'site-server.cloud-distribution-point',
]);

/**
 * The places of what these rules find, as offsets. What a comment silences counts as well: silencing one finding
 * must not bring another.
 */
function placesOf(rules: readonly Rule[], context: RuleContext): ReadonlySet<number> {
  const on = rules.filter(({ code }) => context.isOn(code));
  return new Set(on.flatMap((rule) => reportsOf(rule, context).map(({ span }) => span.start)));
}

/** Whether a mistake hides connections, so that nobody can say that a firewall rule is of no use. */
export function hidesFlows(context: RuleContext): boolean {
  return hidingIn(context.reach().lineage)(context.topology, context);
}

const hidingIn = memo((_: object) =>
  memoOfThings((_, context: RuleContext) => HIDING.some((rule) => reportsOf(rule, context).length > 0)),
);

/**
 * Tells the flows that are there only because of a mistake that is reported already: they need no firewall
 * rule, they need the mistake mended.
 */
export function mistakenFlows(context: RuleContext): (flow: Flow) => boolean {
  const added = placesOf(ADDING, context);
  const initiating = placesOf([siteServerInitiates], context);
  const siteless = rolesWithoutSite(context);
  const ranges = new Set(
    [...context.topology.servers.values()].filter((server) => isRangeInDoubt(server, context)),
  );
  if (added.size + initiating.size + siteless.size + ranges.size === 0) return isForUnknownPort;
  const gateways = [...context.topology.servers.values()].flatMap(({ roles }) =>
    roles.filter(({ role }) => role === GATEWAY_ROLE),
  );
  const hasNoGateway = gateways.every(({ key }) => added.has(key.span.start));
  return (flow) => {
    const { from, to, fromRole, toRole, connection } = flow;
    return (
      isForUnknownPort(flow) ||
      isForWrongRange(flow, ranges) ||
      isChosenInDoubt(flow, siteless) ||
      (hasNoGateway && OF_GATEWAY.has(connection)) ||
      [from.clients?.site, to.clients?.site].some((written) => written && added.has(written.span.start)) ||
      [fromRole, toRole].some((role) => role && isAdded(role, added)) ||
      (connection === PULL && isWritten(fromRole?.values.get('pullFrom'), added)) ||
      (toRole?.role === 'site-server' &&
        [from.server?.key, from.server?.siteServerInitiates].some(
          (written) => written && initiating.has(written.span.start),
        ))
    );
  };
}

/** Whether a role should not be where it is, found at its name or at what makes a site server passive. */
function isAdded(role: Role, places: ReadonlySet<number>): boolean {
  return isWritten(role.key, places) || isWritten(role.values.get('passive'), places);
}

function isWritten(written: { readonly span: Span } | undefined, places: ReadonlySet<number>): boolean {
  return written !== undefined && places.has(written.span.start);
}

/** Dynamic ports of a server whose range is that of another generation of Windows, which rpc-range-os reports. */
function isForWrongRange({ dynamicRpc, to }: Flow, servers: ReadonlySet<Server>): boolean {
  return dynamicRpc === true && to.server !== undefined && servers.has(to.server);
}

/** SQL Server Browser is asked only for an instance without a fixed port, which sql-static-port reports. */
function isForUnknownPort({ protocol, ports, toRole }: Flow): boolean {
  return toRole?.role === 'sql-server' && protocol === 'tcp' && ports[0] === String(PORTS.sqlBrowser);
}

/** The roles of servers that should name a site and do not: one more of them may be what a machine uses. */
function rolesWithoutSite(context: RuleContext): ReadonlySet<string> {
  if (!context.isOn(roleNeedsSite.code)) return new Set();
  const places = new Set(reportsOf(roleNeedsSite, context).map(({ span }) => span.start));
  const servers = [...context.topology.servers.values()].filter(({ key }) => places.has(key.span.start));
  return new Set(servers.flatMap(({ roles }) => roles.map(({ role }) => role)));
}

/** Whether a machine would use another one if a server without a site had one. */
function isChosenInDoubt(
  { toRole, fromRole, anyOf, optional }: Flow,
  siteless: ReadonlySet<string>,
): boolean {
  if (siteless.size === 0) return false;
  const isChoice = anyOf !== undefined || optional === true || fromRole?.role === 'distribution-point';
  return (
    (isChoice && toRole !== undefined && siteless.has(toRole.role)) ||
    (fromRole !== undefined && siteless.has(fromRole.role))
  );
}
