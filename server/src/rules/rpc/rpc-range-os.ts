import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES } from '../../catalog/numbers.ts';
import { isOwn } from '../../edits/map-edits.ts';
import { setDefault, setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import { defaultRpcRange, effectiveOs, rpcRange } from '../../topology/effective.ts';
import type { PortRange, Server, Topology, Written } from '../../topology/model.ts';
import { knownOs, knownRpcRange } from '../certainty.ts';
import { listenersIn } from '../listeners.ts';
import { fromServers } from '../remembered.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { rpcRangeText, sameRange } from '../words.ts';

const KEY = 'rpcDynamicPorts';
const OLD: PortRange = DYNAMIC_RANGES.older;
const NEW: PortRange = DYNAMIC_RANGES.newer;

/** The range that a system has, where the written one is that of the other family; undefined where all is well. */
export function otherRange(range: PortRange, os: string): PortRange | undefined {
  const own = defaultRpcRange(os);
  if (!own || sameRange(range, own)) return undefined;
  return sameRange(range, OLD) || sameRange(range, NEW) ? own : undefined;
}

/** The range that a server most likely has, where the one in force is that of the other family. */
export function likelierRange(server: Server, topology: Topology): PortRange | undefined {
  const range = rpcRange(server, topology);
  const os = effectiveOs(server, topology);
  return range && os && otherRange(range.value, os.value);
}

/** Whether this rule says that the range of a server is not the one that it has. */
export function isRangeInDoubt(server: Server, context: RuleContext): boolean {
  return (
    likelierRange(server, context.topology) !== undefined &&
    context.isOn(rpcRangeOs.code) &&
    knownOs(server, context) !== undefined &&
    knownRpcRange(server, context) !== undefined
  );
}

/** A server's range is that of `defaults`, and its system's is another. */
interface Heir {
  readonly server: Server;
  readonly os: Written<string>;
  readonly wanted: PortRange;
}

interface Heirs {
  /** Those whom the inherited range does not suit. */
  readonly wrong: readonly Heir[];
  /** Whether it suits others. */
  readonly suits: boolean;
}

const wrongHeirs = fromServers((server, context): readonly Heir[] => {
  const range = context.topology.defaults.rpcDynamicPorts?.value;
  const os = heirOs(server, context);
  const wanted = range && os && otherRange(range, os.value);
  return wanted && isHeirKnown(server, context) ? [{ server, os, wanted }] : [];
});

function heirsOf(context: RuleContext, range: PortRange): Heirs {
  let suits = false;
  // One whom it suits is enough to know.
  for (const server of context.topology.servers.values()) {
    const os = heirOs(server, context);
    suits = os !== undefined && !otherRange(range, os.value) && isHeirKnown(server, context);
    if (suits) break;
  }
  return { wrong: wrongHeirs(context), suits };
}

/** The operating system of a server that takes the range of `defaults`, where that says what range it has. */
function heirOs(server: Server, { topology }: RuleContext): Written<string> | undefined {
  const os = server.rpcDynamicPorts ? undefined : effectiveOs(server, topology);
  return os && defaultRpcRange(os.value) && os;
}

function isHeirKnown(server: Server, context: RuleContext): boolean {
  return knownRpcRange(server, context) !== undefined && knownOs(server, context) !== undefined;
}

const serversWithRange = fromServers((server) => (server.rpcDynamicPorts ? [server] : []));

function describe(range: PortRange): string {
  return sameRange(range, OLD)
    ? t('the range before Windows Vista and Windows Server 2008')
    : t('the range since Windows Vista and Windows Server 2008');
}

/**
 * The one range that suits better in `defaults`: what its `os` wants, or, without one, every server that
 * inherits it. Undefined where single servers are the exception.
 */
function betterDefault(topology: Topology, range: PortRange, heirs: Heirs): PortRange | undefined {
  const { os } = topology.defaults;
  if (os) return otherRange(range, os.value);
  return heirs.suits ? undefined : heirs.wrong[0]?.wanted;
}

function* check(context: RuleContext): Iterable<Report> {
  const { tree, topology } = context;
  const listeners = listenersIn(context);
  // A range that covers a fixed port would bring the next finding.
  const isFree = (server: Server, range: PortRange) => listeners(server, range).length === 0;
  const { defaults } = topology;
  const inherited = defaults.rpcDynamicPorts;
  const heirs = inherited ? heirsOf(context, inherited.value) : undefined;
  const better = inherited && heirs && betterDefault(topology, inherited.value, heirs);
  if (inherited && better) {
    const text = rpcRangeText(better);
    yield {
      span: inherited.span,
      message: defaults.os
        ? t(
            '{0} in defaults is {1}, {2}, but os in defaults is {3}: set {4}',
            KEY,
            rpcRangeText(inherited.value),
            describe(inherited.value),
            defaults.os.value,
            text,
          )
        : t(
            '{0} in defaults is {1}, {2}, but every server that inherits it runs another system: set {3}',
            KEY,
            rpcRangeText(inherited.value),
            describe(inherited.value),
            text,
          ),
      fixes: [
        {
          title: t('Set {0} in defaults to {1}', KEY, text),
          // Servers that inherit it and whom the old range suits would be wrong then.
          safe:
            isOwn(tree, defaults.node, KEY) &&
            !heirs.suits &&
            [...topology.servers.values()].every(
              (server) => server.rpcDynamicPorts || isFree(server, better),
            ),
          edits: setDefault(tree, defaults.node, KEY, text),
        },
      ],
    };
  } else if (inherited && heirs) {
    for (const { server, os, wanted: range } of heirs.wrong) {
      yield {
        span: os.span,
        message: t(
          '{0} runs {1} and takes {2} {3} from defaults, {4}: set {5} on {0}',
          server.name,
          os.value,
          KEY,
          rpcRangeText(inherited.value),
          describe(inherited.value),
          rpcRangeText(range),
        ),
        related: [{ message: t('{0} in defaults', KEY), span: inherited.span }],
        fixes: [
          {
            title: t('Set {0} of {1} to {2}', KEY, server.name, rpcRangeText(range)),
            safe: isOwn(tree, server.node, KEY) && isFree(server, range),
            edits: setKey(tree, server, KEY, rpcRangeText(range)),
          },
        ],
      };
    }
  }
  for (const server of serversWithRange(context)) {
    const own = server.rpcDynamicPorts;
    if (!own) continue;
    const os = knownOs(server, context);
    const range = os && otherRange(own.value, os.value);
    if (!range) continue;
    yield {
      span: own.span,
      message: t(
        '{0} of {1} is {2}, {3}, but its os is {4}: set {5}',
        KEY,
        server.name,
        rpcRangeText(own.value),
        describe(own.value),
        os.value,
        rpcRangeText(range),
      ),
      related: [{ message: t('os {0}', os.value), span: os.span }],
      fixes: [
        {
          title: t('Set {0} of {1} to {2}', KEY, server.name, rpcRangeText(range)),
          safe: isOwn(tree, server.node, KEY) && isFree(server, range),
          edits: setKey(tree, server, KEY, rpcRangeText(range)),
        },
      ],
    };
  }
}

export const rpcRangeOs: Rule = {
  code: 'rpc-range-os',
  severity: 'warning',
  summary: 'The dynamic RPC range is that of another generation of Windows.',
  reason:
    'The range of another generation of Windows opens ports that are not used and blocks those that are used.',
  explanation: `Up to Windows XP and Windows Server 2003, Windows picked dynamic ports from 1024-5000; since Windows Vista and Windows Server 2008 from 49152-65535. A file that gives a server the range of the other generation opens ports that are not used and blocks those that are used. Most of the time it was copied from an old firewall request.

A range that is neither of the two was set on purpose, and is left alone.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note6', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [
    {
      title: 'The old range on Windows Server 2016',
      text: `configmgr: 2017-09
servers:
  cm01:
    os: windows-server-2016
    rpcDynamicPorts: 1024-5000 # from the old request
`,
    },
    {
      title: 'A Windows Server 2003 that inherits the new range',
      text: `configmgr: 2017-09
defaults:
  os: windows-server-2016
  rpcDynamicPorts: 49152-65535
servers:
  dc01:
    os: windows-server-2003
    roles:
      domain-controller:
`,
    },
  ],
  good: [
    {
      title: 'Each system with its own range, and one restricted on purpose',
      text: `configmgr: 2017-09
servers:
  old01: { os: windows-server-2003, rpcDynamicPorts: 1024-5000 }
  cm01: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
  cm02: { os: windows-server-2016, rpcDynamicPorts: 50000-50999 }
`,
    },
  ],
  *check(context) {
    yield* check(context);
  },
};
