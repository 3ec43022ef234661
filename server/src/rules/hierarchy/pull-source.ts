import { removeKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { entries, hasKey, resolve } from '../../text/values.ts';
import { lookup } from '../../topology/effective.ts';
import type { Role, Server, Written } from '../../topology/model.ts';
import { blockCertainty, unreadServers } from '../certainty.ts';
import { fromServers } from '../remembered.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';

const pulling = fromServers(({ roles }) =>
  roles.filter(
    ({ role, options }) => role === 'distribution-point' && options && hasKey(options, 'pullFrom'),
  ),
);

const isDistributionPoint = (server: Server) =>
  server.roles.some(({ role }) => role === 'distribution-point');

function* checkRole(role: Role, context: RuleContext, unread: ReadonlySet<Server>): Iterable<Report> {
  const { topology, tree } = context;
  const entry = role.options && entries(role.options).find(({ name }) => name === 'pullFrom');
  if (!entry) return;
  const written = role.values.get('pullFrom');
  const sources = Array.isArray(written?.value) ? (written.value as readonly Written<string>[]) : [];
  const who = t('distribution-point on {0}', role.server.name);
  const remove: readonly Fix[] = [
    {
      title: t('Remove pullFrom'),
      safe: false,
      edits: removeKey(tree, role.options, 'pullFrom'),
    },
  ];
  if (sources.length === 0) {
    const value = resolve(entry.value);
    const isEmpty =
      value?.kind === 'seq' ? value.items.length === 0 : value?.kind === 'scalar' && value.text === '';
    if (!isEmpty || role.server.damaged) return;
    if (blockCertainty(context, { node: role.options }, 'pullFrom') !== 'written') return;
    const { start, end } = entry.value.span;
    yield {
      span: end > start ? entry.value.span : entry.key.span,
      message: t(
        '{0} pulls content and names no source: list the distribution points that it pulls from, or remove pullFrom',
        who,
      ),
      fixes: remove,
    };
    return;
  }
  for (const { value, span } of sources) {
    const source = lookup(topology.servers, value);
    if (!source) continue;
    if (source === role.server) {
      yield {
        span,
        message: t('{0} names itself as its source: name another distribution point', who),
        fixes: sources.length === 1 ? remove : [],
      };
    } else if (!isDistributionPoint(source) && !unread.has(source)) {
      yield {
        span,
        message: t(
          '{0} pulls from {1}, which is not a distribution point: name a server with the role distribution-point, or give {1} that role',
          who,
          source.name,
        ),
        related: [{ message: t('{0} is here', source.name), span: source.key.span }],
        fixes: sources.length === 1 ? remove : [],
      };
    }
  }
}

const file = (pull: string) => `configmgr: 2025-12
defaults:
  os: windows-server-2022
  rpcDynamicPorts: 49152-65535
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
  dp01:
    site: PS1
    roles:
      distribution-point:
  dp02:
    site: PS1
    roles:
      distribution-point: { pullFrom: [${pull}] }
`;

export const pullSource: Rule = {
  code: 'pull-source',
  severity: 'error',
  summary: 'A pull distribution point has no source, or one that is not a distribution point.',
  reason:
    'A pull distribution point gets its content only from the distribution points it is configured with, so without one it stays empty.',
  explanation: `A pull distribution point downloads its content from other distribution points, and only from those that it is configured with. Without a source it gets nothing, and a server that is not a distribution point has no content. A pull distribution point may be the source of another one.`,
  source: { document: 'use-a-pull-distribution-point', section: 'about-source-distribution-points' },
  moreSources: [
    {
      document: 'use-a-pull-distribution-point',
      section: 'use-a-pull-distribution-point-with-configuration-manager',
    },
  ],
  bad: [
    { title: 'The source is the site server, which is not a distribution point', text: file('cm01') },
    { title: 'No source', text: file('') },
    { title: 'Itself', text: file('dp02') },
  ],
  good: [{ title: 'Another distribution point', text: file('dp01') }],
  *check(context): Iterable<Report> {
    const roles = pulling(context);
    if (roles.length === 0) return;
    const unread = unreadServers(context);
    yield* roles.flatMap((role) => [...checkRole(role, context, unread)]);
  },
};
