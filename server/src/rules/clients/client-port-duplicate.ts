import { t } from '../../l10n.ts';
import { resolve } from '../../text/values.ts';
import type { Site, Written } from '../../topology/model.ts';
import { blockCertainty } from '../certainty.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { clientPortsPair, HTTP_PORT, HTTPS_PORT } from './client-groups.ts';

interface Port {
  readonly value: number;
  /** `HTTP port`, `alternate HTTPS port`. */
  readonly what: string;
  readonly span?: Written<number>['span'];
}

function portsOf(
  scheme: 'HTTP' | 'HTTPS',
  written: readonly Written<number>[],
  otherwise: number,
): readonly Port[] {
  if (written.length === 0) return [{ value: otherwise, what: t('{0} port', scheme) }];
  return written.map(({ value, span }, index) => ({
    value,
    what: index === 0 ? t('{0} port', scheme) : t('alternate {0} port', scheme),
    span,
  }));
}

function* checkSite(site: Site, context: RuleContext): Iterable<Report> {
  const { clientPorts } = site;
  const pair = clientPortsPair(site);
  // A secondary site has the ports of its primary; what it writes itself is another rule's matter.
  if (!clientPorts || !pair || site.damaged || site.type?.value === 'secondary') return;
  const map = resolve(pair.value);
  if (map?.kind !== 'map') return;
  if (['http', 'https'].some((key) => blockCertainty(context, { node: map }, key) === 'unknown')) return;
  const ports = [
    ...portsOf('HTTP', clientPorts.http, HTTP_PORT),
    ...portsOf('HTTPS', clientPorts.https, HTTPS_PORT),
  ];
  // What nobody wrote comes first, so that the finding is at a port that somebody did write.
  const inOrder = [...ports.filter(({ span }) => !span), ...ports.filter(({ span }) => span)];
  const first = new Map<number, Port>();
  for (const port of inOrder) {
    const other = first.get(port.value);
    if (!other || !port.span) {
      first.set(port.value, port);
      continue;
    }
    yield {
      span: port.span,
      message: t(
        other.span
          ? 'clientPorts of site {0}: the {1} {2} is also the {3}: give each a port of its own'
          : 'clientPorts of site {0}: the {1} {2} is also the {3} (by default): give each a port of its own',
        site.name,
        port.what,
        port.value,
        other.what,
      ),
      ...(other.span ? { related: [{ message: t('The {0}', other.what), span: other.span }] } : {}),
    };
  }
}

const site = (ports: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: ${ports}
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
`;

export const clientPortDuplicate: Rule = {
  code: 'client-port-duplicate',
  severity: 'error',
  summary: 'Two of a site’s client request ports are the same.',
  reason: 'A second port that equals the first adds nothing, and one port cannot serve both HTTP and HTTPS.',
  explanation: `A client tries the default port and, if that fails, the alternate one; an alternate port that equals the default port has no effect. HTTP and HTTPS cannot share a port either, because IIS binds a port to one of them.

Give each its own number, or leave the alternate out. A port that is not written has its default, HTTP 80 and HTTPS 443.`,
  source: {
    document: 'client-ports',
    section: 'how-to-configure-client-communication-ports-in-configuration-manager',
  },
  bad: [
    { title: 'The alternate port is the default one', text: site('{ http: [8080, 8080], https: 8443 }') },
    { title: 'HTTPS on the port that HTTP has by default', text: site('{ https: 80 } # behind a proxy') },
  ],
  good: [{ title: 'Four ports', text: site('{ http: [80, 8080], https: [443, 8443] }') }],
  *check(context) {
    const sites = [...context.topology.sites.values()];
    yield* sites.flatMap((site) => [...checkSite(site, context)]);
  },
};
