import { isOwn } from '../../edits/map-edits.ts';
import { t } from '../../l10n.ts';
import type { ClientGroup, Written } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { type RequestPorts, requestPortsOf, windowsGroups } from './client-groups.ts';

function* checkPort(
  group: ClientGroup,
  property: 'CCMHTTPPORT' | 'CCMHTTPSPORT',
  written: Written<number> | undefined,
  { site, http, https }: RequestPorts,
  context: RuleContext,
): Iterable<Report> {
  const scheme = property === 'CCMHTTPPORT' ? 'HTTP' : 'HTTPS';
  const inForce = property === 'CCMHTTPPORT' ? http : https;
  const [wanted] = inForce;
  if (!written || !group.ccmsetup || wanted === undefined || inForce.includes(written.value)) return;
  const place = scheme === 'HTTP' ? site.clientPorts?.http[0] : site.clientPorts?.https[0];
  yield {
    span: written.span,
    message: t(
      'ccmsetup of {0}: {1} {2} is no {3} port of site {4}: set it to {5}',
      group.name,
      property,
      written.value,
      scheme,
      site.name,
      listed(inForce, 'or'),
    ),
    ...(place
      ? { related: [{ message: t('The {0} port of site {1}', scheme, site.name), span: place.span }] }
      : {}),
    fixes: [
      {
        title: t('Set {0} to {1}', property, wanted),
        safe:
          isOwn(context.tree, group.ccmsetup.node, property) &&
          written.node.kind === 'scalar' &&
          isOwn(context.tree, group.node, 'ccmsetup'),
        edits: [{ span: written.span, newText: String(wanted) }],
      },
    ],
  };
}

const site = (setup: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: { http: [8080, 8081], https: 8443 }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
  kiosks:
    site: PS1
    workgroup: true
    ccmsetup: ${setup}
`;

export const ccmsetupPort: Rule = {
  code: 'ccmsetup-port',
  severity: 'error',
  summary: 'CCMSetup gives clients a port that their site does not have.',
  reason: 'With a port that the site does not have, the client is installed but never reaches its site.',
  explanation: `\`CCMHTTPPORT\` and \`CCMHTTPSPORT\` tell a client on which ports it reaches the site systems of its site. With a number other than the site's own the client is installed but never reaches its site.

Use the site's default port; the alternate one works too. A secondary site has the ports of its primary.`,
  source: { document: 'client-ports', section: 'how-clients-get-the-port-configuration' },
  bad: [
    {
      title: 'The HTTPS port of a former setting',
      text: site('{ CCMHTTPPORT: 8080, CCMHTTPSPORT: 8444 } # from the old image'),
    },
  ],
  good: [{ title: 'The ports of the site', text: site('{ CCMHTTPPORT: 8081, CCMHTTPSPORT: 8443 }') }],
  *check(context) {
    const reports = windowsGroups(context).flatMap(({ group, site }) => {
      const ports = group.ccmsetup && requestPortsOf(site, context);
      if (!ports) return [];
      return [
        ...checkPort(group, 'CCMHTTPPORT', group.ccmsetup?.http, ports, context),
        ...checkPort(group, 'CCMHTTPSPORT', group.ccmsetup?.https, ports, context),
      ];
    });
    yield* reports;
  },
};
