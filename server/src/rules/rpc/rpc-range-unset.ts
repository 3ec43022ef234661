import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES } from '../../catalog/numbers.ts';
import { groupBy } from '../../collections.ts';
import { setDefault, setKey } from '../../edits/option-edits.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import type { Damage } from '../../text/tree.ts';
import { isDamaged, ownPair } from '../../text/values.ts';
import { clientRpcRange, defaultRpcRange } from '../../topology/effective.ts';
import type { ClientGroup, PortRange, Server } from '../../topology/model.ts';
import { keyCertainty, knownOs } from '../certainty.ts';
import { flowsThat } from '../remembered.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { listedUpTo, rpcRangeText, sameRange } from '../words.ts';

/** The range of Windows Vista, Windows Server 2008 and later. */
const MODERN = DYNAMIC_RANGES.newer;
const KEY = 'rpcDynamicPorts';

/** Servers to name before the rest is only counted. */
const SHOWN = 3;
/** What a fix takes clients for: the newest system, with 2007 the newest that it knows. */
const CLIENT_OS = { newest: 'windows-11', of2007: 'windows-7' } as const;

/** The range of a server's system. */
function rangeFor(server: Server, context: RuleContext): PortRange {
  const os = knownOs(server, context)?.value;
  return (os === undefined ? undefined : defaultRpcRange(os)) ?? MODERN;
}

function fixesFor(server: Server, context: RuleContext): Fix[] {
  const { tree, topology } = context;
  const { defaults } = topology;
  const os = knownOs(server, context)?.value;
  const known = os === undefined ? undefined : defaultRpcRange(os);
  const range = known ?? MODERN;
  const text = rpcRangeText(range);
  const why =
    known && os !== undefined
      ? t('the range of {0}', os)
      : t('the range since Windows Server 2008; its os is not known');
  const fixes: Fix[] = [
    {
      title: t('Set {0} of {1} to {2} ({3})', KEY, server.name, text, why),
      safe: false,
      edits: setKey(tree, server, KEY, text),
    },
  ];
  // In defaults only what suits the system that most servers have.
  const usual = (defaults.os && defaultRpcRange(defaults.os.value)) ?? range;
  if (sameRange(usual, range))
    fixes.push({
      title: t('Set {0} to {1} in defaults, for every server that sets none', KEY, text),
      safe: false,
      edits: setDefault(tree, defaults.node, KEY, text),
    });
  return fixes;
}

/** Sets a key of several groups; what an alias repeats is set once. */
function setOfAll(
  groups: readonly ClientGroup[],
  key: string,
  value: string,
  { tree }: RuleContext,
): TextEdit[] {
  const edits = groups.flatMap((group) => setKey(tree, group, key, value));
  const places = new Map(edits.map((edit) => [`${edit.span.start}-${edit.span.end}`, edit]));
  return [...places.values()];
}

function fixesForClients(groups: readonly ClientGroup[], context: RuleContext): readonly Fix[] {
  const os = context.topology.edition === '2007' ? CLIENT_OS.of2007 : CLIENT_OS.newest;
  const text = rpcRangeText(MODERN);
  const [only] = groups;
  if (!only) return [];
  const one = groups.length === 1;
  return [
    ...(groups.some((group) => group.os)
      ? []
      : [
          {
            title: one
              ? t('Set os of {0} to {1}', only.name, os)
              : t('Set os of all {0} groups to {1}', groups.length, os),
            safe: false,
            edits: setOfAll(groups, 'os', os, context),
          },
        ]),
    {
      title: one
        ? t('Set {0} of {1} to {2}', KEY, only.name, text)
        : t('Set {0} of all {1} groups to {2}', KEY, groups.length, text),
      safe: false,
      edits: setOfAll(groups, KEY, text, context),
    },
  ];
}

const toUnknownClients = flowsThat(
  ({ dynamicRpc, to: { clients } }) =>
    dynamicRpc === true && clients !== undefined && !clientRpcRange(clients),
);

/** The client groups that are called over dynamic RPC on ports that nobody knows: `defaults` says nothing about them. */
function* clientsUnset(context: RuleContext): Iterable<Report> {
  const callers = new Map<ClientGroup, Flow>();
  for (const flow of toUnknownClients(context)) {
    const group = flow.to.clients;
    if (!group || callers.has(group)) continue;
    const isUnread =
      keyCertainty(context, group, 'os', group.os) === 'unknown' ||
      keyCertainty(context, group, KEY, group.rpcDynamicPorts) === 'unknown';
    if (!isUnread) callers.set(group, flow);
  }
  // A group whose system has no known range needs another edit than one without a system.
  const byEdit = groupBy(callers.keys(), ({ os }) => os !== undefined);
  for (const [hasOs, groups] of byEdit) {
    const inOrder = [...groups].sort((a, b) => a.key.span.start - b.key.span.start);
    const [first] = inOrder;
    if (!first) continue;
    const names = listedUpTo(
      SHOWN,
      inOrder.map(({ name }) => name),
    );
    const caller = callers.get(first)?.from.name ?? '';
    yield {
      span: first.key.span,
      message: hasOs
        ? t(
            'Clients of {0} are reached over dynamic RPC (for example by {1}), and their os does not say on which ports: set {2}',
            names,
            caller,
            KEY,
          )
        : t(
            'Clients of {0} are reached over dynamic RPC (for example by {1}), and nothing says on which ports; defaults are for servers only: set os or {2}',
            names,
            caller,
            KEY,
          ),
      related: inOrder.slice(1).map(({ name, key }) => ({ message: name, span: key.span })),
      fixes: fixesForClients(inOrder, context),
    };
  }
}

const toServers = flowsThat(({ dynamicRpc, to: { server } }) => dynamicRpc === true && server !== undefined);

/** Whether the default range may be in a place that could not be read. */
function areDefaultsUnread(context: RuleContext): boolean {
  const { tree, topology } = context;
  const { root } = tree;
  if (root?.kind !== 'map') return true;
  const pair = ownPair(root, 'defaults');
  if (!pair) {
    // A key at the left edge that is lost or misspelt may be that one.
    const isAtEdge = ({ at }: Damage) => tree.lines.positionAt(at.start).character === 0;
    return (
      keyCertainty(context, { node: root }, 'defaults', undefined) === 'unknown' || tree.damage.some(isAtEdge)
    );
  }
  const isOther = !topology.defaults.node && pair.value.span.end > pair.value.span.start;
  const next = root.pairs[root.pairs.indexOf(pair) + 1];
  const block = { start: pair.span.start, end: next?.span.start ?? tree.text.length };
  return isOther || isDamaged(tree, block);
}

const file = (defaults: string, server: string) => `configmgr: 2017-09
${defaults}sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    rpcDynamicPorts: 49152-65535
    roles:
      site-server:
      sms-provider:
      sql-server:
  dp01:
    site: PS1
${server}    roles:
      distribution-point:
`;

const clients = (keys: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 50000-50255 }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point:
clients:
  desktops: { site: PS1, ${keys} }
`;

export const rpcRangeUnset: Rule = {
  code: 'rpc-range-unset',
  severity: 'error',
  summary: 'A server or client is reached over dynamic RPC, and the file does not say on which ports.',
  reason:
    'The port documents leave the dynamic ports to the operating system, so without the range it is not known which ports a firewall has to let through.',
  explanation: `A dynamic RPC connection starts at the endpoint mapper on port 135 and continues on a port that Windows picks at random from a range. The port documents write \`DYNAMIC\` and leave the range to the operating system: 49152-65535 since Windows Vista and Windows Server 2008, 1024-5000 before. Without the range it is not known which ports a firewall has to let through.

Write the range at the server where it was restricted there, or once in \`defaults\` where all servers have the range of their system. \`netsh int ipv4 show dynamicport tcp\` shows the range of the system; a range restricted for RPC alone is in the registry, under \`HKLM\\SOFTWARE\\Microsoft\\Rpc\\Internet\`.

Clients are reached over RPC as well, by client push. \`defaults\` says nothing about them, since a range that is restricted on servers seldom is on clients: write the \`os\` of the group, or its \`rpcDynamicPorts\`.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note6', editions: editionsBetween('2018-09', undefined) },
    {
      document: 'ports-2007',
      section: 'About RPC connections and Configuration Manager',
      editions: ['2007'],
    },
  ],
  bad: [
    {
      title: 'A distribution point without a range',
      text: file('', '    os: windows-server-2016\n'),
    },
    {
      title: 'Clients whose operating system is not known',
      text: clients('installation: [client-push]'),
    },
  ],
  good: [
    { title: 'The system of the clients', text: clients('os: windows-11, installation: [client-push]') },
    { title: 'On the server', text: file('', '    rpcDynamicPorts: 50000-50999 # restricted by policy\n') },
    { title: 'In defaults', text: file('defaults:\n  rpcDynamicPorts: 49152-65535\n', '') },
  ],
  *check(context): Iterable<Report> {
    const { topology } = context;
    yield* clientsUnset(context);
    // A range that is written and could not be read is another rule's matter.
    const { defaults } = topology;
    if (keyCertainty(context, { node: defaults.node }, KEY, defaults.rpcDynamicPorts) !== 'absent') return;
    if (areDefaultsUnread(context)) return;
    const callers = new Map<Server, Flow>();
    for (const flow of toServers(context))
      if (flow.to.server && !callers.has(flow.to.server)) callers.set(flow.to.server, flow);
    const unset = [...callers]
      .filter(([server]) => keyCertainty(context, server, KEY, server.rpcDynamicPorts) === 'absent')
      .sort(([one], [other]) => one.key.span.start - other.key.span.start);
    // What one line in defaults mends is one finding; a server of another system has its own.
    const byRange = groupBy(unset, ([server]) =>
      fixesFor(server, context).length > 1 ? rpcRangeText(rangeFor(server, context)) : server.id,
    );
    for (const own of byRange.values()) {
      const [first] = own;
      if (!first) continue;
      const [server, flow] = first;
      yield {
        span: server.key.span,
        message:
          own.length === 1
            ? flow.from.name === server.name
              ? t(
                  '{0} is reached over dynamic RPC, and neither it nor defaults says which ports it uses: set {1}',
                  server.name,
                  KEY,
                )
              : t(
                  '{0} is reached over dynamic RPC (for example by {1}), and neither it nor defaults says which ports it uses: set {2}',
                  server.name,
                  flow.from.name,
                  KEY,
                )
            : t(
                '{0} are reached over dynamic RPC, and neither they nor defaults say which ports they use: set {1} in defaults, or for each of them',
                listedUpTo(
                  SHOWN,
                  own.map(([{ name }]) => name),
                ),
                KEY,
              ),
        ...(own.length > 1
          ? {
              related: own
                .slice(1)
                .map(([{ name, key }]) => ({ message: t('Server {0}', name), span: key.span })),
            }
          : {}),
        fixes: own.length === 1 ? fixesFor(server, context) : fixesFor(server, context).slice(1),
      };
    }
  },
};
