import { editionsBetween } from '../../catalog/editions.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { effectiveZone, siteOf } from '../../topology/effective.ts';
import { roleInfo } from '../../topology/format.ts';
import type { Server } from '../../topology/model.ts';
import { isRead, keyCertainty } from '../certainty.ts';
import { internetZones } from '../firewalls/forbidden.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { isUntrusted, knownForest, siteServerOf } from './client-groups.ts';

const KEY = 'siteServerInitiates';

/** Roles with a `site` that make a machine no site system, or one for which there is no such choice. */
const NO_SITE_SYSTEM: ReadonlySet<string> = new Set([
  'site-server',
  'sms-provider',
  'console',
  'exchange-server-connector',
  'network-device-enrollment-service',
]);

/** The site systems that may open connections to their site server from another forest or from the internet. */
const strangers = fromServers((server, context) => {
  const { topology } = context;
  if (!server.forest && !topology.defaults.forest && internetZones(topology).size === 0) return [];
  if (!effectiveZone(server, topology)?.internet && !knownForest(server, context)) return [];
  const systems = server.roles.filter(
    ({ role }) => !NO_SITE_SYSTEM.has(role) && roleInfo(role)?.belongsToSite === true,
  );
  const isSiteServer = server.roles.some(({ role }) => role === 'site-server');
  if (systems.length === 0 || isSiteServer || server[KEY]?.value === true) return [];
  const isKnown = isRead(context, server) && keyCertainty(context, server, KEY, server[KEY]) !== 'unknown';
  return isKnown ? [server] : [];
});

function* checkServer(server: Server, context: RuleContext): Iterable<Report> {
  const { topology, tree } = context;
  const site = siteOf(server, topology);
  const siteServer = site && siteServerOf(site, topology);
  if (!siteServer) return;

  const zone = effectiveZone(server, topology);
  const inInternet = zone?.internet === true && effectiveZone(siteServer, topology) !== zone;
  const forest = knownForest(server, context);
  const isTrustKnown = keyCertainty(context, server, 'trusted', server.trusted) !== 'unknown';
  const untrusted = isTrustKnown && isUntrusted(server, siteServer, context);
  if (!untrusted && !inInternet) return;
  const place = untrusted ? forest : server.zone;
  yield {
    span: server[KEY]?.span ?? server.key.span,
    message: untrusted
      ? t(
          'Site system {0} is in the forest {1}, which is not that of site server {2}, and may open connections to it: set {3}: true, or trusted: true if there is a trust',
          server.name,
          forest?.value ?? '',
          siteServer.name,
          KEY,
        )
      : t(
          'Site system {0} is in zone {1}, which is the internet, and may open connections to site server {2}: set {3}: true',
          server.name,
          zone?.name ?? '',
          siteServer.name,
          KEY,
        ),
    ...(place
      ? { related: [{ message: untrusted ? t('Its forest') : t('Its zone'), span: place.span }] }
      : {}),
    fixes: [{ title: t('Set {0}: true', KEY), safe: false, edits: setKey(tree, server, KEY, 'true') }],
  };
}

const site = (server: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    fqdn: cm01.corp.contoso.com
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
  pub01:
    site: PS1
${server}    roles:
      management-point: { protocol: https }
`;

export const siteServerInitiates: Rule = {
  code: 'site-server-initiates',
  severity: 'warning',
  summary: 'A site system in an untrusted forest or on the internet may open connections to its site server.',
  reason: 'An attacker who takes over such a machine would have open access to the site server.',
  explanation: `Most site systems connect to their site server to report status. From a machine in a forest without a trust, or in a network that is open to the internet, that should not be possible: an attacker who takes over the machine would have an open door to the site server.

Select 'Require the site server to initiate connections to this site system', and write \`siteServerInitiates: true\`; the connections back are then not in the list of flows, and need no firewall rules. A machine whose \`forest\` is not its site server's counts as untrusted unless it has \`trusted: true\`. A site server without a forest is in the one that its \`fqdn\` ends in.`,
  source: { document: 'communications-between-endpoints', section: 'bkmk_span' },
  moreSources: [
    { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
    { document: 'ports', section: 'bkmk_note5', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [
    {
      title: 'A management point in the forest of the perimeter network',
      text: site('    forest: perimeter.contoso.com\n'),
    },
  ],
  good: [
    {
      title: 'The site server opens the connections',
      text: site('    forest: perimeter.contoso.com\n    siteServerInitiates: true\n'),
    },
    {
      title: 'A forest with a trust, and the site server’s own',
      text: `${site('    forest: partner.example\n    trusted: true\n')}  dp01:
    site: PS1
    forest: corp.contoso.com
    roles:
      distribution-point:
`,
    },
  ],
  *check(context) {
    for (const server of strangers(context)) yield* checkServer(server, context);
  },
};
