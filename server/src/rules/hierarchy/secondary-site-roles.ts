import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import type { Span } from '../../text/tree.ts';
import { roleOption, rolesAt, siteOf } from '../../topology/effective.ts';
import type { Role, Server, Site } from '../../topology/model.ts';
import { unreadServers } from '../certainty.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { isCurrentBranch, knownTypeOf, removeRole } from './hierarchy.ts';

const holds = (server: Server, name: string) => server.roles.find(({ role }) => role === name);

/** The site servers whose distribution point pulls its content. */
const pullingSiteServers = fromServers((server) =>
  holds(server, 'distribution-point')?.values.has('pullFrom') && holds(server, 'site-server') ? [server] : [],
);

function* managementPoints(site: Site, context: RuleContext, unread: ReadonlySet<Server>): Iterable<Report> {
  const { topology } = context;
  const siteServer = rolesAt(site, 'site-server', topology).find(
    (role) => roleOption(role, 'passive') !== true,
  )?.server;
  const points = rolesAt(site, 'management-point', topology);
  const kept = points.find(({ server }) => server === siteServer) ?? points[0];
  const report = (role: Role, message: string, name: string, span: Span): Report => ({
    span: role.key.span,
    message,
    related: [{ message: t('{0} is here', name), span }],
    fixes: removeRole(context, role),
  });
  for (const role of points) {
    if (role !== kept && kept !== undefined) {
      yield report(
        role,
        t(
          'Secondary site {0} has a second management point, on {1}: it supports one, on its site server {2}. Remove this one',
          site.name,
          role.server.name,
          siteServer?.name ?? kept.server.name,
        ),
        kept.server.name,
        kept.key.span,
      );
    } else if (siteServer !== undefined && role.server !== siteServer && !unread.has(role.server)) {
      yield report(
        role,
        t(
          'The management point of secondary site {0} is on {1}: it can only be on the site server {2}. Move it there',
          site.name,
          role.server.name,
          siteServer.name,
        ),
        siteServer.name,
        siteServer.key.span,
      );
    }
  }
}

function* pulling(server: Server, context: RuleContext): Iterable<Report> {
  const site = siteOf(server, context.topology);
  const role = holds(server, 'distribution-point');
  const pull = role?.values.get('pullFrom');
  if (!site || !role || !pull || knownTypeOf(site, context) === undefined) return;
  yield {
    span: pull.span,
    message: t(
      'distribution-point on {0}: the site server of {1} cannot be a pull distribution point. Remove pullFrom',
      server.name,
      site.name,
    ),
    fixes: [
      { title: t('Remove pullFrom'), safe: false, edits: removeKey(context.tree, role.options, 'pullFrom') },
    ],
  };
}

const file = (secondary: string, other: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
  S01: { type: secondary, parent: PS1, database: { server: sec01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  sec01:
    site: S01
    roles:
      site-server:
      sql-server:
${secondary}  dp01:
    site: S01
    roles:
      distribution-point:
${other}`;

export const secondarySiteRoles: Rule = {
  code: 'secondary-site-roles',
  severity: 'error',
  summary:
    "A secondary site's management point on another server or twice, or a site server that pulls its content.",
  reason: 'Configuration Manager cannot install the role there.',
  explanation: `A secondary site has a single management point, on its site server. And the distribution point on a site server gets its content from the site itself: it cannot be a pull distribution point.`,
  source: { document: 'size-and-scale-numbers', section: 'management-point' },
  moreSources: [
    { document: 'plan-for-site-system-servers-and-site-system-roles', section: 'management-point' },
    { document: 'use-a-pull-distribution-point', section: 'limitations' },
  ],
  bad: [
    { title: 'The management point on another server', text: file('', '      management-point:\n') },
    {
      title: 'A second management point',
      text: file('      management-point:\n', '      management-point:\n'),
    },
    {
      title: 'A site server that pulls',
      text: file('      distribution-point: { pullFrom: [dp01] }\n', ''),
    },
  ],
  good: [
    {
      title: 'One management point, on the site server',
      text: file('      management-point:\n      distribution-point:\n', ''),
    },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const unread = unreadServers(context);
    for (const site of topology.sites.values())
      if (knownTypeOf(site, context) === 'secondary') yield* managementPoints(site, context, unread);
    for (const server of pullingSiteServers(context)) yield* pulling(server, context);
  },
};
