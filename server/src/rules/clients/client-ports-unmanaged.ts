import { groupBy } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import { ownPair } from '../../text/values.ts';
import type { ClientGroup, Site, Written } from '../../topology/model.ts';
import { isRead, keyCertainty } from '../certainty.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import {
  HTTP_PORT,
  HTTPS_PORT,
  isOnInternet,
  otherForestOf,
  type RequestPorts,
  requestPortsOf,
  windowsGroups,
} from './client-groups.ts';

interface Missing {
  readonly property: 'CCMHTTPPORT' | 'CCMHTTPSPORT';
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly port: number;
}

/** Why Active Directory does not tell clients the ports of their site. */
type Why =
  | { readonly kind: 'workgroup' | 'internet' }
  | { readonly kind: 'forest'; readonly forest: string }
  | { readonly kind: 'unpublished'; readonly site: string };

/** A group that cannot learn its site's ports from Active Directory and is not told them by CCMSetup. */
interface Unmanaged {
  readonly group: ClientGroup;
  readonly site: Site;
  readonly why: Why;
  /** The site does not publish itself; nothing about the group is in the way. */
  readonly unpublished: Written<boolean> | undefined;
  readonly ports: RequestPorts;
  readonly missing: readonly Missing[];
}

function missingOf(group: ClientGroup, ports: RequestPorts, context: RuleContext): readonly Missing[] {
  const missing: Missing[] = [];
  const has = (key: string, value: unknown) =>
    keyCertainty(context, { node: group.ccmsetup?.node }, key, value) !== 'absent';
  const [http = HTTP_PORT] = ports.http;
  const [https = HTTPS_PORT] = ports.https;
  if (!ports.http.includes(HTTP_PORT) && !has('CCMHTTPPORT', group.ccmsetup?.http))
    missing.push({ property: 'CCMHTTPPORT', scheme: 'HTTP', port: http });
  // On the internet the site should have 443: another rule says so, and then nothing is missing here.
  if (
    !ports.https.includes(HTTPS_PORT) &&
    !has('CCMHTTPSPORT', group.ccmsetup?.https) &&
    !isOnInternet(group, context.topology)
  )
    missing.push({ property: 'CCMHTTPSPORT', scheme: 'HTTPS', port: https });
  return missing;
}

function whyOf(group: ClientGroup, site: Site, context: RuleContext): Why | undefined {
  if (group.workgroup?.value === true) return { kind: 'workgroup' };
  if (group.internetOnly?.value === true) return { kind: 'internet' };
  const forest = otherForestOf(group, site, context);
  return forest === undefined ? undefined : { kind: 'forest', forest };
}

function* unmanagedGroups(context: RuleContext): Iterable<Unmanaged> {
  for (const { group, site } of windowsGroups(context)) {
    if (!isRead(context, group)) continue;
    const ports = requestPortsOf(site, context);
    const missing = ports ? missingOf(group, ports, context) : [];
    // Most lack nothing, so that nobody has to know who could tell them.
    if (!ports || missing.length === 0) continue;
    const own = whyOf(group, site, context);
    const unpublished = site.publishToActiveDirectory || own ? undefined : site.publishWritten;
    const why: Why | undefined = own ?? (unpublished ? { kind: 'unpublished', site: site.name } : undefined);
    if (why !== undefined) yield { group, site, why, unpublished, ports, missing };
  }
}

function insertionOf({ group, ports, missing }: Unmanaged, { tree }: RuleContext): readonly TextEdit[] {
  const { ccmsetup } = group;
  const { http, https } = ports;
  if (ccmsetup && ccmsetup.node.pairs.length > 0) {
    const pair = ownPair(group.node, 'ccmsetup');
    const key = pair?.key.kind === 'scalar' ? pair.key : undefined;
    if (!key) return [];
    return missing.flatMap(({ property, port }) =>
      setKey(tree, { key, node: ccmsetup.node }, property, String(port)),
    );
  }
  const value = `{ CCMHTTPPORT: ${http[0]}, CCMHTTPSPORT: ${https[0]} }`;
  return setKey(tree, group, 'ccmsetup', value);
}

function fixOf(groups: readonly Unmanaged[], context: RuleContext): Fix {
  const properties = [...new Set(groups.flatMap(({ missing }) => missing.map(({ property }) => property)))];
  const whole = groups.every(({ group }) => !group.ccmsetup || group.ccmsetup.node.pairs.length === 0);
  const what = whole ? ['CCMHTTPPORT', 'CCMHTTPSPORT'] : properties;
  return {
    title: t(
      'Set {0} of {1} to the ports of the site',
      listed(what),
      listed(groups.map(({ group }) => group.name)),
    ),
    safe: false,
    edits: groups.flatMap((group) => insertionOf(group, context)),
  };
}

function portsText({ missing }: Unmanaged): string {
  return listed(missing.map(({ scheme, port }) => `${scheme} ${port}`));
}

function propertiesText({ missing }: Unmanaged): string {
  return listed(missing.map(({ property, port }) => `${property}: ${port}`));
}

function messageOf(why: Why, site: string, ports: string, clients: string, properties: string): string {
  switch (why.kind) {
    case 'workgroup':
      return t(
        'Site {0} uses {1}, and the clients {2} are in a workgroup, so they cannot learn them from Active Directory: set {3} in ccmsetup',
        site,
        ports,
        clients,
        properties,
      );
    case 'internet':
      return t(
        'Site {0} uses {1}, and the clients {2} are on the internet only, so they cannot learn them from Active Directory: set {3} in ccmsetup',
        site,
        ports,
        clients,
        properties,
      );
    case 'forest':
      return t(
        'Site {0} uses {1}, and the clients {2} are in the forest {3}, so they cannot learn them from Active Directory: set {4} in ccmsetup',
        site,
        ports,
        clients,
        why.forest,
        properties,
      );
    case 'unpublished':
      return t(
        'Site {0} uses {1}, and the clients {2} cannot read them: site {3} is not published: set {4} in ccmsetup',
        site,
        ports,
        clients,
        why.site,
        properties,
      );
  }
}

function ofGroup(unmanaged: Unmanaged, context: RuleContext): Report {
  const { group, ports, why } = unmanaged;
  const setup = group.ccmsetup && ownPair(group.node, 'ccmsetup');
  return {
    span: setup?.key.span ?? group.key.span,
    message: messageOf(why, ports.site.name, portsText(unmanaged), group.name, propertiesText(unmanaged)),
    ...(ports.site.clientPorts
      ? {
          related: [
            { message: t('The ports of site {0}', ports.site.name), span: ports.site.clientPorts.span },
          ],
        }
      : {}),
    fixes: [fixOf([unmanaged], context)],
  };
}

function ofSite(groups: readonly Unmanaged[], span: Report['span'], context: RuleContext): readonly Report[] {
  const [first] = groups;
  if (!first) return [];
  if (groups.length === 1) return [ofGroup(first, context)];
  return [
    {
      span,
      message: t(
        'Site {0} uses {1} and is not published to Active Directory, and nothing else tells the clients {2}: publish the site, or set CCMHTTPPORT and CCMHTTPSPORT in the ccmsetup of these groups',
        first.site.name,
        portsText(first),
        listed(groups.map(({ group }) => group.name)),
      ),
      related: groups.map(({ group }) => ({
        message: t('The clients {0}', group.name),
        span: group.key.span,
      })),
      fixes: [fixOf(groups, context)],
    },
  ];
}

const site = (clients: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: { http: 8080, https: 8443 }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
${clients}`;

export const clientPortsUnmanaged: Rule = {
  code: 'client-ports-unmanaged',
  severity: 'warning',
  summary: 'Clients cannot learn the site’s custom request ports from Active Directory or in another way.',
  reason: "Clients that do not learn the site's ports keep using 80 and 443, and stay unmanaged.",
  explanation: `Clients learn a site's request ports from Active Directory, when they are installed and whenever the ports change. Computers in a workgroup, in another forest or on the internet, and all clients of a site that is not published, cannot: they keep using 80 and 443 and are unmanaged. Client push passes the ports on once, but a later change does not reach such a client either.

Give CCMSetup the properties \`CCMHTTPPORT\` and \`CCMHTTPSPORT\`. A group counts as being in another forest if all domain controllers of its zone are. Clients on the internet are asked for \`CCMHTTPPORT\` only, because there HTTPS should stay on 443 ([internet-https-port](internet-https-port.md)).`,
  source: { document: 'client-ports', section: 'how-clients-get-the-port-configuration' },
  moreSources: [{ document: 'communications-between-endpoints', section: 'bkmk_workgroup' }],
  bad: [
    {
      title: 'Workgroup computers',
      text: site(`  kiosks:
    site: PS1
    workgroup: true # in the lobby
    installation: [manual]
`),
    },
    {
      title: 'One of the two ports',
      text: site(`  kiosks:
    site: PS1
    workgroup: true
    ccmsetup: { CCMHTTPPORT: 8080 }
`),
    },
  ],
  good: [
    {
      title: 'CCMSetup tells the ones, Active Directory the others',
      text: site(`  kiosks:
    site: PS1
    workgroup: true
    ccmsetup: { CCMHTTPPORT: 8080, CCMHTTPSPORT: 8443 }
  desktops: { site: PS1 }
`),
    },
  ],
  *check(context) {
    const all = [...unmanagedGroups(context)];
    for (const unmanaged of all) if (!unmanaged.unpublished) yield ofGroup(unmanaged, context);
    const bySite = groupBy(all, ({ site, unpublished }) => unpublished && site);
    for (const [{ publishWritten, key }, groups] of bySite)
      yield* ofSite(groups, publishWritten?.span ?? key.span, context);
  },
};
