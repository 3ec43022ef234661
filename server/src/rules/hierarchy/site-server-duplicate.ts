import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { roleOption, rolesAt } from '../../topology/effective.ts';
import { optionCertainty } from '../certainty.ts';
import type { Fix, Report, Rule } from '../rule.ts';
import { isCurrentBranch, removeRole, typeOf } from './hierarchy.ts';

const file = (options: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: sql01 }, contentLibrary: files }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
  cm02:
    site: PS1
    roles:
      site-server:${options}
      sms-provider:
  sql01:
    roles:
      sql-server:
  files:
    roles:
      file-server:
`;

export const siteServerDuplicate: Rule = {
  code: 'site-server-duplicate',
  severity: 'error',
  summary: 'A site has two active site servers.',
  reason: 'A site has one active site server; any other has to be in passive mode.',
  explanation: `A site has one active site server. A second one at a primary or central administration site is in passive mode (\`passive: true\`): it uses the same database and takes over when someone promotes it.

If the second server is a site server of another site, correct its \`site\`.`,
  source: {
    document: 'site-server-high-availability',
    section: 'site-server-high-availability-in-configuration-manager',
  },
  moreSources: [
    {
      document: 'plan-for-site-system-servers-and-site-system-roles',
      section: 'configuration-manager-site-server',
    },
  ],
  bad: [{ title: 'Two active site servers', text: file('') }],
  good: [{ title: 'The second one in passive mode', text: file(' { passive: true }') }],
  *check(context): Iterable<Report> {
    const { topology, tree } = context;
    const reports: Report[] = [];
    for (const site of topology.sites.values()) {
      const active = rolesAt(site, 'site-server', topology).filter(
        (role) =>
          roleOption(role, 'passive') !== true && optionCertainty(context, role, 'passive') !== 'unknown',
      );
      const [first, ...others] = active;
      for (const role of others) {
        if (!first) continue;
        const canBePassive = isCurrentBranch(topology.edition) && typeOf(site, tree) !== 'secondary';
        const passive: Fix[] = canBePassive
          ? [
              {
                title: t('Put {0} in passive mode', role.server.name),
                safe: false,
                edits: setKey(tree, role, 'passive', 'true'),
              },
            ]
          : [];
        reports.push({
          span: role.key.span,
          message: t(
            canBePassive
              ? 'Site {0} has two active site servers, {1} and {2}: remove the role from one of them, or set passive: true'
              : 'Site {0} has two active site servers, {1} and {2}: remove the role from one of them',
            site.name,
            first.server.name,
            role.server.name,
          ),
          related: [
            { message: t('Site server of {0}: {1}', site.name, first.server.name), span: first.key.span },
          ],
          fixes: [...passive, ...removeRole(context, role)],
        });
      }
    }
    yield* reports;
  },
};
