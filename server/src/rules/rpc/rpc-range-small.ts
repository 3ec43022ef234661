import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES, HIGHEST_PORT } from '../../catalog/numbers.ts';
import { t } from '../../l10n.ts';
import type { PortRange, Written } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { rpcRangeText, sameRange } from '../words.ts';

/** Fewer ports than this run out: Windows services beside Configuration Manager take from the same range. */
const FEWEST = 100;
/** Below this, other programs have their fixed ports. */
const LOWEST = 5001;
/** Windows' own range before Windows Vista: nobody restricted anything. */
const BEFORE_VISTA: PortRange = DYNAMIC_RANGES.older;

interface Fault {
  readonly range: string;
  /** The server, or `defaults`. */
  readonly who: string;
  readonly count: number;
  readonly low: number;
  readonly isSmall: boolean;
  readonly isLow: boolean;
  readonly better: string;
}

function messageFor({ range, who, count, low, isSmall, isLow, better }: Fault): string {
  if (!isSmall)
    return t(
      'rpcDynamicPorts {0} of {1} begins at {2}, below {3}: use a range such as {4}',
      range,
      who,
      low,
      LOWEST,
      better,
    );
  if (isLow)
    return t(
      count === 1
        ? 'rpcDynamicPorts {0} of {1} has {2} port, but at least {3} are needed, and begins at {4}, below {5}: use a range such as {6}'
        : 'rpcDynamicPorts {0} of {1} has {2} ports, but at least {3} are needed, and begins at {4}, below {5}: use a range such as {6}',
      range,
      who,
      count,
      FEWEST,
      low,
      LOWEST,
      better,
    );
  return t(
    count === 1
      ? 'rpcDynamicPorts {0} of {1} has {2} port, but at least {3} are needed: use a range such as {4}'
      : 'rpcDynamicPorts {0} of {1} has {2} ports, but at least {3} are needed: use a range such as {4}',
    range,
    who,
    count,
    FEWEST,
    better,
  );
}

function* check({ topology }: RuleContext): Iterable<Report> {
  const ranges: { readonly who: string; readonly range: Written<PortRange> }[] = [];
  const { rpcDynamicPorts } = topology.defaults;
  if (rpcDynamicPorts) ranges.push({ who: 'defaults', range: rpcDynamicPorts });
  for (const server of topology.servers.values())
    if (server.rpcDynamicPorts) ranges.push({ who: server.name, range: server.rpcDynamicPorts });
  for (const { who, range } of ranges) {
    const { value, span } = range;
    if (sameRange(value, BEFORE_VISTA)) continue;
    const count = value.high - value.low + 1;
    const isSmall = count < FEWEST;
    const isLow = value.low < LOWEST;
    if (!isSmall && !isLow) continue;
    const low = Math.min(Math.max(value.low, LOWEST), HIGHEST_PORT - FEWEST + 1);
    const better = { low, high: Math.max(value.high, low + FEWEST - 1) };
    yield {
      span,
      message: messageFor({
        range: rpcRangeText(value),
        who,
        count,
        isSmall,
        isLow,
        low: value.low,
        better: rpcRangeText(better),
      }),
    };
  }
}

const file = (range: string) => `configmgr: 2017-09
servers:
  cm01:
    os: windows-server-2016
    rpcDynamicPorts: ${range}
`;

export const rpcRangeSmall: Rule = {
  code: 'rpc-range-small',
  severity: 'warning',
  summary: 'The dynamic RPC range was restricted to fewer than 100 ports, or reaches below 5001.',
  reason:
    'Every RPC service of the server takes its ports from this range, and what starts last fails once none is left.',
  explanation: `The range can be restricted, and firewall administrators often request that. But every RPC service of the server takes its ports from it, including Windows' own. With fewer than 100 the ports run out, and whichever service starts last fails. Ports below 5001 belong to programs with fixed ports, SQL Server among them.

The range that Windows had before Windows Vista, 1024-5000, is no restriction and not reported here.`,
  source: { document: 'ports', section: 'BKMK_IBCMports', editions: editionsBetween('2017-03', '2020-06') },
  moreSources: [
    {
      document: 'ports-2007',
      section: 'About RPC connections and Configuration Manager',
      editions: ['2007'],
    },
  ],
  bad: [
    { title: 'Twenty ports', text: file('50000-50019') },
    { title: 'Ports that others use', text: file('4000-6000') },
  ],
  good: [{ title: 'A thousand ports', text: file('50000-50999') }],
  *check(context) {
    yield* check(context);
  },
};
