import { hasAnchor, hasComment, isOwn } from '../../edits/map-edits.ts';
import { removeKey } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { TextTree } from '../../text/tree.ts';
import { ownPair } from '../../text/values.ts';
import { parentOf } from '../../topology/effective.ts';
import type { ClientPorts, Site } from '../../topology/model.ts';
import { blockCertainty } from '../certainty.ts';
import { misfitsOf } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { clientPortsPair, requestPortsOf } from './client-groups.ts';
import { secondaryExample } from './secondary-example.ts';

/** Whether what a secondary site writes is what it has from its primary anyway. */
function isSame(own: ClientPorts, site: Site, context: RuleContext): boolean {
  const isKnown = blockCertainty(context, site, 'clientPorts') === 'written';
  const ports = isKnown ? requestPortsOf(site, context) : undefined;
  if (!ports) return false;
  const same = (written: readonly { readonly value: number }[], inForce: readonly number[]) =>
    written.length === 0 ||
    (written.length === inForce.length && written.every(({ value }, index) => value === inForce[index]));
  return (
    same(own.http, ports.http) &&
    same(own.https, ports.https) &&
    (own.notification === undefined || own.notification.value === ports.notification)
  );
}

/** Whether the removed text has nothing that somebody may miss: no comment, no anchor that others use. */
function isBare(tree: TextTree, edits: readonly TextEdit[]): boolean {
  return edits.every(({ span }) => !hasComment(tree, span) && !hasAnchor(tree, span));
}

function* checkSite(site: Site, context: RuleContext): Iterable<Report> {
  const { clientPorts, node } = site;
  const pair = clientPortsPair(site);
  if (!clientPorts || !pair || site.type?.value !== 'secondary') return;
  const { tree, topology } = context;
  // Of another type or below another site it may have ports of its own.
  if (misfitsOf(context).doubtful.has(site)) return;
  const parent = parentOf(site, topology);
  // Without its primary site it may be none, and that is said already.
  if (!parent) return;
  const own = ownPair(node, 'clientPorts');
  const same = isSame(clientPorts, site, context);
  const isTwice = tree.duplicateKeys.some(({ map }) => map === node);
  const edits = own ? removeKey(tree, node, 'clientPorts') : [];
  yield {
    span: own?.key.span ?? pair.key.span,
    message: t(
      same
        ? 'Secondary site {0} has the client request ports of its primary site {1}: remove clientPorts, which says the same'
        : 'Secondary site {0} has the client request ports of its primary site {1}: remove clientPorts and set the ports at the primary site',
      site.name,
      parent.name,
    ),
    ...(parent.clientPorts
      ? { related: [{ message: t('The ports of site {0}', parent.name), span: parent.clientPorts.span }] }
      : {}),
    fixes: [
      {
        title: t('Remove clientPorts from {0}', site.name),
        // Of a key that occurs twice, the other one would remain.
        safe: same && !isTwice && isOwn(tree, node, 'clientPorts') && isBare(tree, edits),
        edits,
      },
    ],
  };
}

export const secondaryClientPorts: Rule = {
  code: 'secondary-client-ports',
  severity: 'error',
  summary: 'A secondary site sets client request ports, but it uses those of its primary site.',
  reason: 'A secondary site uses the ports of its primary site, so ports written here have no effect.',
  explanation: `The Ports tab is a setting of primary sites. Whatever is set there also applies to the secondary sites below, so ports written at a secondary site are either a repetition or a mistake about which ports are in use. The connections are computed with the primary's ports in any case.

Remove them; if the branch really needs other ports, the primary site has to use them too.`,
  source: {
    document: 'client-ports',
    section: 'how-to-configure-client-communication-ports-in-configuration-manager',
  },
  bad: [
    {
      title: 'The same ports once more',
      text: secondaryExample({ secondary: '    clientPorts: { http: 8080, https: 8443 }\n' }),
    },
    {
      title: 'Other ports than the primary site',
      text: secondaryExample({
        secondary: '    clientPorts:\n      http: 8081 # the branch proxy\n      https: 8443\n',
      }),
    },
  ],
  good: [{ title: 'The primary site says it for both', text: secondaryExample({ secondary: '' }) }],
  *check(context) {
    for (const site of context.topology.sites.values()) yield* checkSite(site, context);
  },
};
