import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { entries, resolve } from '../../text/values.ts';
import { rolesNamed, siteOf } from '../../topology/effective.ts';
import type { FormatProblem, Role, Site, Topology } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { clientPortsPair } from './client-groups.ts';

const ROLE = 'fallback-status-point';

/** A mistake that the format finds without knowing what it means: this rule says it instead. */
interface Mistake {
  readonly role: Role;
  readonly problems: readonly FormatProblem[];
  /** The site without HTTP; undefined where the role itself is given HTTPS. */
  readonly site?: Site;
}

/** Whether an option of the role asks for HTTPS. */
function asksForHttps(role: Role, { code, node }: FormatProblem): boolean {
  if (code !== 'unknown-key' || node.kind !== 'scalar' || !role.options) return false;
  const entry = entries(role.options).find(({ key }) => key === node);
  const value = entry && resolve(entry.value);
  if (entry?.name === 'httpsPort') return true;
  return entry?.name === 'protocol' && value?.kind === 'scalar' && /^(?:https|both)$/.test(value.text);
}

/** Whether a site's list of HTTP ports is empty. */
function isWithoutHttp(site: Site, { code, node }: FormatProblem): boolean {
  if (code !== 'invalid-value' || node.kind !== 'seq' || node.items.length > 0) return false;
  const pair = clientPortsPair(site);
  const map = pair && resolve(pair.value);
  if (map?.kind !== 'map') return false;
  const http = entries(map).find(({ name }) => name === 'http');
  return http !== undefined && resolve(http.value) === node;
}

function mistakesOf(topology: Topology): readonly Mistake[] {
  const { problems } = topology;
  if (problems.length === 0) return [];
  const sites = new Set<Site>();
  return rolesNamed(ROLE, topology).flatMap((role) => {
    const https = problems.filter((problem) => asksForHttps(role, problem));
    const found: Mistake[] = https.length > 0 ? [{ role, problems: https }] : [];
    const site = siteOf(role.server, topology);
    const http = site && !sites.has(site) ? problems.filter((problem) => isWithoutHttp(site, problem)) : [];
    if (site && http.length > 0) {
      sites.add(site);
      found.push({ role, problems: http, site });
    }
    return found;
  });
}

/** The format's problems that this rule reports in their place. */
export function fallbackStatusProblems(topology: Topology): ReadonlySet<FormatProblem> {
  return new Set(mistakesOf(topology).flatMap(({ problems }) => problems));
}

function report({ role, problems, site }: Mistake, { tree }: RuleContext): readonly Report[] {
  const [problem] = problems;
  if (!problem) return [];
  const who = t('{0} on {1}', ROLE, role.server.name);
  if (site)
    return [
      {
        span: problem.span,
        message: t(
          'Site {0} has no HTTP port, and {1} takes its messages over HTTP only: give clientPorts an HTTP port, or remove the role',
          site.name,
          who,
        ),
        related: [{ message: who, span: role.key.span }],
      },
    ];
  const keys = problems.flatMap(({ node }) => (node.kind === 'scalar' ? [node.text] : []));
  return [
    {
      span: problem.span,
      message: t(
        '{0} receives its messages over HTTP only, from clients that may have no certificate: remove {1}',
        who,
        listed(keys),
      ),
      fixes: [
        {
          title: t('Remove {0}', listed(keys)),
          safe: false,
          edits: keys.length === 1 ? removeKey(tree, role.options, keys[0] ?? '') : [],
        },
      ],
    },
  ];
}

const site = (options: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
  fsp01:
    site: PS1
    roles:
      fallback-status-point:${options}
`;

export const fallbackStatusHttp: Rule = {
  code: 'fallback-status-http',
  severity: 'error',
  summary: 'A fallback status point without an HTTP port.',
  reason:
    'Clients use a fallback status point when their certificate does not work, so it accepts messages over HTTP only.',
  explanation: `A fallback status point receives messages from clients that cannot reach their management point, often because something is wrong with their certificate. That is why it accepts messages over HTTP only, on the site's HTTP request port, also in a site whose other roles use HTTPS only.

Give it no protocol and no HTTPS port, and leave the site an HTTP port.`,
  source: { document: 'ports', section: 'BKMK_PortsClient-FSP' },
  moreSources: [
    { document: 'windows-firewall', section: 'ports-that-are-used-for-all-installation-methods' },
  ],
  bad: [{ title: 'HTTPS like the other roles', text: site(' { protocol: https }') }],
  good: [{ title: 'HTTP, beside a management point with HTTPS', text: site('') }],
  check: (context) => mistakesOf(context.topology).flatMap((mistake) => report(mistake, context)),
};
