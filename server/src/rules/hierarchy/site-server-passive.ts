import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { roleOption, rolesAt, rolesNamed } from '../../topology/effective.ts';
import type { Role, Site } from '../../topology/model.ts';
import { keyCertainty } from '../certainty.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { isCurrentBranch, knownTypeOf, removeRole } from './hierarchy.ts';

const isPassive = (role: Role) => role.role === 'site-server' && roleOption(role, 'passive') === true;

/** The roles that neither site server of a highly available site may hold. */
const NOT_ON_SITE_SERVERS: ReadonlySet<string> = new Set(['distribution-point', 'service-connection-point']);

function* checkSite(site: Site, context: RuleContext): Iterable<Report> {
  const siteServers = rolesAt(site, 'site-server', context.topology);
  const [passive, ...more] = siteServers.filter(isPassive);
  // Without an active one, that is the mistake, and site-server-missing says so.
  if (passive === undefined || siteServers.every(isPassive)) return;
  const related = [{ message: t('Passive site server of {0}', site.name), span: passive.key.span }];
  for (const role of more) {
    yield {
      span: role.values.get('passive')?.span ?? role.key.span,
      message: t(
        'Site {0} has two passive site servers, {1} and {2}: a site can have one. Remove the role from one of them',
        site.name,
        passive.server.name,
        role.server.name,
      ),
      related,
      fixes: removeRole(context, role),
    };
  }
  for (const { server } of siteServers) {
    for (const role of server.roles) {
      if (!NOT_ON_SITE_SERVERS.has(role.role)) continue;
      yield {
        span: role.key.span,
        message: t(
          '{0} on {1}: no site server of {2} can have this role, because the site has a passive site server. Move it to another server',
          role.role,
          server.name,
          site.name,
        ),
        related,
        fixes: removeRole(context, role),
      };
    }
  }
  if (keyCertainty(context, site, 'contentLibrary', site.contentLibrary) !== 'absent') return;
  const shares = rolesNamed('file-server', context.topology).map(({ server }) => server);
  yield {
    span: passive.values.get('passive')?.span ?? passive.key.span,
    message: t(
      'Site {0} has a passive site server and no contentLibrary: both site servers need the content library on a remote share. Name the server that has it',
      site.name,
    ),
    related: [{ message: t('Site {0}', site.name), span: site.key.span }],
    fixes: shares.slice(0, 3).map((server) => ({
      title: t('Set contentLibrary of {0} to {1}', site.name, server.name),
      safe: false,
      edits: setKey(context.tree, site, 'contentLibrary', server.name),
    })),
  };
}

const file = (site: string, more: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: sql01 }${site} }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
  cm02:
    site: PS1
    roles:
      site-server: { passive: true }
${more}  sql01:
    roles:
      sql-server:
  files:
    roles:
      file-server:
`;

export const siteServerPassive: Rule = {
  code: 'site-server-passive',
  severity: 'error',
  summary: 'A site server in passive mode at a site that is not prepared for one, or a second one.',
  reason: 'Configuration Manager refuses to install a passive site server under these conditions.',
  explanation: `A primary or central administration site can have one site server in passive mode. Before it can be installed, the content library has to be on a remote share (\`contentLibrary\` of the site), and neither site server can have a distribution point or the service connection point: the distribution point does not support a remote content library, and the service connection point would go away with the server that fails.

A passive site server at a secondary site is reported by \`role-placement\`.`,
  source: { document: 'site-server-high-availability', section: 'prerequisites' },
  moreSources: [{ document: 'site-server-high-availability', section: 'limitations' }],
  bad: [
    { title: 'No remote content library', text: file('', '') },
    {
      title: 'Two passive site servers',
      text: file(
        ', contentLibrary: files',
        '  cm03:\n    site: PS1\n    roles:\n      site-server: { passive: true }\n',
      ),
    },
    {
      title: 'A distribution point on the passive site server',
      text: file(', contentLibrary: files', '      distribution-point:\n'),
    },
  ],
  good: [
    {
      title: 'A remote content library, and nothing else on the site servers',
      text: file(', contentLibrary: files', ''),
    },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    if (!isCurrentBranch(topology.edition)) return;
    const reports = [...topology.sites.values()].flatMap((site) => {
      const type = knownTypeOf(site, context);
      // A passive site server at a secondary site is misplaced, which is said by role-placement.
      if (type === undefined || type === 'secondary') return [];
      return [...checkSite(site, context)];
    });
    yield* reports;
  },
};
