import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { roleInfo } from '../../topology/format.ts';
import type { Role } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import { fromServers } from '../remembered.ts';
import type { Fix, Report, Rule } from '../rule.ts';
import { listed } from '../words.ts';
import { removeRole } from './hierarchy.ts';

const file = (site: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  dp01:
${site}    roles:
      management-point: { protocol: https }
      distribution-point:
`;

/** The policy module runs beside the network device enrollment service, which is often no site system. */
const POLICY_MODULE = 'network-device-enrollment-service';

const needsSite = ({ role }: Role) => roleInfo(role)?.belongsToSite === true && role !== POLICY_MODULE;

const needingSite = fromServers((server) => (!server.site && server.roles.some(needsSite) ? [server] : []));

export const roleNeedsSite: Rule = {
  code: 'role-needs-site',
  severity: 'error',
  summary: 'A server has Configuration Manager roles and does not say for which site.',
  reason: 'A role serves one site, and without it none of its connections can be worked out.',
  explanation: `A Configuration Manager role serves one site, and its connections go to the site server, the database and the clients of that site. Without \`site\` on its server none of them can be worked out, so the role would look as if it needed no port at all.

Infrastructure such as SQL Server, domain controllers and file servers belongs to no site and needs none.`,
  source: {
    document: 'plan-for-site-system-servers-and-site-system-roles',
    section: 'bkmk_siteservers',
  },
  moreSources: [{ document: 'format', section: 'serversname' }],
  bad: [{ title: 'A server with two roles and no site', text: file('') }],
  good: [{ title: 'The site is given', text: file('    site: PS1\n') }],
  *check(context): Iterable<Report> {
    const { topology, tree } = context;
    for (const server of needingSite(context)) {
      const roles = server.roles.filter(needsSite);
      const [first, ...others] = roles;
      if (!first || keyCertainty(context, server, 'site', server.site) !== 'absent') continue;
      const [only, ...more] = topology.sites.values();
      const fixes: Fix[] = [];
      if (only && more.length === 0) {
        const edits = setKey(tree, server, 'site', only.name);
        fixes.push({ title: t('Set site to {0}', only.name), safe: false, edits });
      }
      if (others.length === 0) fixes.push(...removeRole(context, first));
      yield {
        span: server.key.span,
        message: t(
          roles.length === 1
            ? 'Server {0} has {1} and no site: set site to the code of the site that the role serves'
            : 'Server {0} has {1} and no site: set site to the code of the site that the roles serve',
          server.name,
          listed(roles.map(({ role }) => role)),
        ),
        related: roles.map((role) => ({ message: role.role, span: role.key.span })),
        fixes,
      };
    }
  },
};
