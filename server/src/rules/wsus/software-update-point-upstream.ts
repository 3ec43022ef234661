import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { lookup, rolesAt, siteOf } from '../../topology/effective.ts';
import type { Role, Topology } from '../../topology/model.ts';
import type { Report, Rule } from '../rule.ts';

const ROLE = 'software-update-point';

/** Whether a software update point has an upstream outside its site; an unknown name is another rule's matter. */
function isOutside(role: Role, topology: Topology): boolean {
  const upstream = role.values.get('upstream')?.value;
  if (typeof upstream !== 'string' || upstream === 'none') return false;
  if (upstream === 'microsoft-update') return true;
  const server = lookup(topology.servers, upstream);
  if (!server) return false;
  const isPoint = server.roles.some(({ role: name }) => name === ROLE);
  return !isPoint || siteOf(server, topology) !== siteOf(role.server, topology);
}

const file = (second: string) => `configmgr: 2025-12
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
  sup01:
    site: PS1
    roles:
      software-update-point: { upstream: microsoft-update }
  sup02:
    site: PS1
    roles:
      software-update-point:${second}
`;

export const softwareUpdatePointUpstream: Rule = {
  code: 'software-update-point-upstream',
  severity: 'warning',
  summary: 'Two software update points of one site have an upstream outside it.',
  reason:
    'A site has one software update point that synchronises with the outside; the others get their updates from it.',
  explanation: `The first software update point of a site synchronises with the source that the site is given: Microsoft Update, another WSUS server, or the software update point of the parent site. The further ones synchronise with that first one. An \`upstream\` outside the site at a second one is not what Configuration Manager does; its connections are taken to go to the first.`,
  source: { document: 'plan-for-software-updates', section: 'BKMK_SyncSource' },
  bad: [{ title: 'Both with Microsoft Update', text: file(' { upstream: microsoft-update }') }],
  good: [{ title: 'The second one without an upstream', text: file('') }],
  *check(context): Iterable<Report> {
    const { topology, tree } = context;
    for (const site of topology.sites.values()) {
      const outside = rolesAt(site, ROLE, topology).filter((role) => isOutside(role, topology));
      const [first, ...others] = outside;
      for (const role of others) {
        const written = role.values.get('upstream');
        if (!first || !written) continue;
        yield {
          span: written.span,
          message: t(
            'software-update-point on {0}: site {1} already has one with an upstream outside the site, on {2}, and this one synchronises with it. Remove upstream',
            role.server.name,
            site.name,
            first.server.name,
          ),
          related: [
            {
              message: t('The one with an upstream outside the site: {0}', first.server.name),
              span: first.values.get('upstream')?.span ?? first.key.span,
            },
          ],
          fixes: [
            {
              title: t('Remove upstream'),
              safe: false,
              edits: removeKey(tree, role.options, 'upstream'),
            },
          ],
        };
      }
    }
  },
};
