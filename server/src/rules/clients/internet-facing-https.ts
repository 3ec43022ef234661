import { setKey } from '../../edits/option-edits.ts';
import { t, translated } from '../../l10n.ts';
import { roleOption, siteOf } from '../../topology/effective.ts';
import type { Role } from '../../topology/model.ts';
import { optionCertainty } from '../certainty.ts';
import { knownTypeOf, SITE_TYPE } from '../hierarchy/hierarchy.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { isForInternetClients } from './serving-clients.ts';

/** The roles with `clients`, and the option that makes each speak HTTPS; a fallback status point stays on HTTP. */
const ROLES: Readonly<Record<string, readonly [string, string] | undefined>> = {
  'management-point': ['protocol', 'https'],
  'distribution-point': ['protocol', 'https'],
  'software-update-point': ['ssl', 'true'],
  'fallback-status-point': undefined,
};

const forInternet = fromServers(({ roles }) =>
  roles.filter(
    (role) => Object.hasOwn(ROLES, role.role) && role.values.has('clients') && isForInternetClients(role),
  ),
);

function* checkRole(role: Role, context: RuleContext): Iterable<Report> {
  const written = role.values.get('clients');
  if (!written) return;
  const https = ROLES[role.role];
  const who = t('{0} on {1}', role.role, role.server.name);
  if (https) {
    const [key, value] = https;
    const own = roleOption(role, key);
    if (String(own) !== value && optionCertainty(context, role, key) !== 'unknown') {
      yield {
        span: written.span,
        message: t(
          '{0} serves clients on the internet but does not use HTTPS only: set {1} to {2}, or clients to intranet',
          who,
          key,
          value,
        ),
        fixes: [
          {
            title: t('Set {0} to {1}', key, value),
            safe: false,
            edits: setKey(context.tree, role, key, value),
          },
        ],
      };
      return;
    }
  }
  const site = siteOf(role.server, context.topology);
  const type = site && knownTypeOf(site, context);
  if (!site || !type || type === 'primary') return;
  yield {
    span: written.span,
    message: t(
      '{0} serves clients on the internet, but {1} is a {2}: only primary sites serve such clients',
      who,
      site.name,
      translated(SITE_TYPE[type]),
    ),
    related: [{ message: t('{0} is here', site.name), span: site.key.span }],
    fixes: [
      {
        title: t('Set {0} to {1}', 'clients', 'intranet'),
        safe: false,
        edits: setKey(context.tree, role, 'clients', 'intranet'),
      },
    ],
  };
}

const file = (point: string) => `configmgr: 2025-12
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
  out01:
    site: PS1
    roles:
      management-point: ${point}
`;

export const internetFacingHttps: Rule = {
  code: 'internet-facing-https',
  severity: 'error',
  summary: 'A site system for clients on the internet uses HTTP, or is not at a primary site.',
  reason: 'Clients on the internet use HTTPS only, and only with site systems of their primary site.',
  explanation: `Clients on the internet authenticate with certificates and use HTTPS only. A management or distribution point with \`clients: internet\` or \`both\` needs \`protocol: https\`, a software update point \`ssl: true\`; a fallback status point stays on HTTP. And only primary sites serve clients on the internet.`,
  source: { document: 'plan-internet-based-client-management', section: 'prerequisites' },
  bad: [
    { title: 'HTTP and HTTPS', text: file('{ clients: internet }') },
    { title: 'Enhanced HTTP', text: file('{ clients: both, protocol: enhanced-http }') },
  ],
  good: [{ title: 'HTTPS', text: file('{ clients: internet, protocol: https }') }],
  *check(context) {
    for (const role of forInternet(context)) yield* checkRole(role, context);
  },
};
