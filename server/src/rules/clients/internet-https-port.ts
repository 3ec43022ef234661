import { groupBy } from '../../collections.ts';
import { t } from '../../l10n.ts';
import { siteOf } from '../../topology/effective.ts';
import type { ClientGroup, Site } from '../../topology/model.ts';
import { canListen, type ListeningService, servicesByServer } from '../firewalls/listening-services.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { HTTPS_PORT, isOnInternet, requestPortsOf } from './client-groups.ts';

/** Whether the servers of a site can have 443 for a port of it: nothing else of theirs has it. */
function canBeDefault(site: Site, port: number, context: RuleContext): boolean {
  const moved = (one: number) => (one === port ? HTTPS_PORT : one);
  const isOfSite = ({ request }: ListeningService) => request?.site === site;
  return [...servicesByServer(context).values()].every((services) => {
    const own = services.filter(isOfSite).map(({ request, ...service }) => ({
      ...service,
      port: service.scheme === 'https' ? moved(service.port) : service.port,
      ...(request && { request: { ...request, https: request.https.map(moved) } }),
    }));
    return canListen(
      own,
      services.filter((service) => !isOfSite(service)),
    );
  });
}

function* checkSite(site: Site, groups: readonly ClientGroup[], context: RuleContext): Iterable<Report> {
  const ports = requestPortsOf(site, context);
  const written = site.clientPorts?.https[0];
  const internet = groups.filter((group) => isOnInternet(group, context.topology));
  if (!ports || !written || internet.length === 0 || ports.https.includes(HTTPS_PORT)) return;
  // CCMSetup has to go with the site, or its clients would be lost.
  const setups = groups.flatMap(({ ccmsetup }) =>
    ccmsetup?.https?.value === written.value ? [ccmsetup.https] : [],
  );
  const places = new Map([written, ...setups].map(({ span }) => [span.start, span]));
  const fix = (): Fix => ({
    title: t(
      setups.length > 0 ? 'Set the HTTPS port to {0}, in ccmsetup too' : 'Set the HTTPS port to {0}',
      HTTPS_PORT,
    ),
    safe: false,
    edits: canBeDefault(site, written.value, context)
      ? [...places.values()].map((span) => ({ span, newText: String(HTTPS_PORT) }))
      : [],
  });
  yield {
    span: written.span,
    message: t(
      'Site {0} has the HTTPS port {1}, and the clients {2} come from the internet, where firewalls often let no other port through than {3}: use {3}',
      site.name,
      written.value,
      listed(internet.map(({ name }) => name)),
      HTTPS_PORT,
    ),
    related: internet.map(({ name, key }) => ({ message: t('The clients {0}', name), span: key.span })),
    fixes: () => [fix()],
  };
}

const site = (https: number) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: { http: 80, https: ${https} }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https, clients: internet }
clients:
  laptops:
    site: PS1
    internetOnly: true
    ccmsetup: { CCMHTTPSPORT: ${https} }
`;

export const internetHttpsPort: Rule = {
  code: 'internet-https-port',
  severity: 'warning',
  summary: 'Clients on the internet use an HTTPS port other than 443.',
  reason: 'Networks that you do not administer often let out only port 443.',
  explanation: `Between a client on the internet and its site are networks that you do not administer: a hotel, a provider, the company being visited. Their firewalls often let only 443 out, so a client on another port is unreachable exactly where it matters.

Keep 443 for sites with clients on the internet (\`internetOnly\`, or in the zone marked \`internet\`), at least as the alternate port.`,
  source: {
    document: 'client-ports',
    section: 'how-to-configure-client-communication-ports-in-configuration-manager',
  },
  bad: [{ title: 'Laptops that never come home', text: site(8443) }],
  good: [{ title: '443', text: site(443) }],
  *check(context) {
    const { topology } = context;
    const groups = groupBy(topology.clients.values(), (group) => {
      const site = siteOf(group, topology);
      return site && requestPortsOf(site, context)?.site;
    });
    yield* [...groups].flatMap(([site, list]) => [...checkSite(site, list, context)]);
  },
};
