import { insertKey, isOwn } from '../../edits/map-edits.ts';
import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { ownPair, resolve } from '../../text/values.ts';
import { roleOption, rolesAt } from '../../topology/effective.ts';
import type { Server } from '../../topology/model.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { populationOf, roleCertainty } from './hierarchy.ts';

const siteServersOf = (server: Server) => server.roles.filter(({ role }) => role === 'site-server');

/** Gives the role to the only server of the site, or takes its only site server out of passive mode. */
function fixesFor(servers: readonly Server[], { tree }: RuleContext): readonly Fix[] {
  const passive = servers.flatMap(siteServersOf);
  const [role] = passive;
  if (role) {
    if (passive.length > 1) return [];
    const edits = removeKey(tree, role.options, 'passive');
    return [{ title: t('Make {0} the active site server', role.server.name), safe: false, edits }];
  }
  const [only, ...others] = servers;
  const roles = resolveRoles(only);
  if (!only || !roles || others.length > 0 || !isOwn(tree, only.node, 'roles')) return [];
  const edit = insertKey(tree, { map: roles }, 'site-server', '', { first: true });
  return edit ? [{ title: t('Make {0} the site server', only.name), safe: false, edits: [edit] }] : [];
}

function resolveRoles(server: Server | undefined) {
  const pair = ownPair(server?.node, 'roles');
  const value = pair && resolve(pair.value);
  return value?.kind === 'map' ? value : undefined;
}

const file = (roles: string, passive: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: sql01 }, contentLibrary: files }
servers:
  cm01:
    site: PS1
    roles:
${roles}      sms-provider:
${passive}  sql01:
    roles:
      sql-server:
  files:
    roles:
      file-server:
`;
const passive = `  cm02:
    site: PS1
    roles:
      site-server: { passive: true }
`;

export const siteServerMissing: Rule = {
  code: 'site-server-missing',
  severity: 'error',
  summary: 'A site has no active site server.',
  reason: 'A site is installed on its site server, so without one there is no site.',
  explanation: `Setup installs a site on its site server; without one there is no site. A site server in passive mode takes over when someone promotes it, until then it runs nothing, so it does not count.

Give the role \`site-server\` to one server with this \`site\`. The connections between the site and everything else start or end there.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'configuration-manager-site-server',
  },
  moreSources: [
    {
      document: 'site-server-high-availability',
      section: 'site-server-high-availability-in-configuration-manager',
    },
  ],
  bad: [
    { title: 'No site server', text: file('', '') },
    { title: 'Only one in passive mode', text: file('', passive) },
  ],
  good: [
    { title: 'A site server', text: file('      site-server:\n', '') },
    { title: 'An active and a passive one', text: file('      site-server:\n', passive) },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    const population = populationOf(topology);
    let certainty: ReturnType<typeof roleCertainty> | undefined;
    for (const site of topology.sites.values()) {
      if (site.damaged || !site.type) continue;
      const siteServers = rolesAt(site, 'site-server', topology);
      const isActive = (role: (typeof siteServers)[number]) => roleOption(role, 'passive') !== true;
      if (siteServers.some(isActive)) continue;
      certainty ??= roleCertainty('site-server', context);
      if (certainty(site) === 'unknown') continue;
      const names = siteServers.map(({ server }) => server.name);
      yield {
        span: site.key.span,
        message:
          names.length > 0
            ? t(
                'Site {0} has no active site server, only {1} in passive mode: give one of its servers the role site-server',
                site.name,
                listed(names),
              )
            : t(
                'Site {0} has no site server: give the role site-server to a server with site: {0}',
                site.name,
              ),
        related: siteServers.map((role) => ({
          message: t('Site server in passive mode: {0}', role.server.name),
          span: role.key.span,
        })),
        fixes: fixesFor(population.servers(site), context),
      };
    }
  },
};
