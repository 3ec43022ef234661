import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES, HIGHEST_PORT } from '../../catalog/numbers.ts';
import { t } from '../../l10n.ts';
import type { PortRange, Written } from '../../topology/model.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed, rangeText, sameRange } from '../words.ts';

/** Fewer ports than this run out: Windows services beside Configuration Manager take from the same range. */
const FEWEST = 100;
/** Below this, other programs have their fixed ports. */
const LOWEST = 5001;
/** Windows' own range before Windows Vista: nobody restricted anything. */
const BEFORE_VISTA: PortRange = DYNAMIC_RANGES.older;

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
    const faults = [
      ...(count < FEWEST
        ? [
            t(
              count === 1 ? 'has {0} port, and {1} is the least' : 'has {0} ports, and {1} is the least',
              count,
              FEWEST,
            ),
          ]
        : []),
      ...(value.low < LOWEST ? [t('begins at {0}, below {1}', value.low, LOWEST)] : []),
    ];
    if (faults.length === 0) continue;
    const low = Math.min(Math.max(value.low, LOWEST), HIGHEST_PORT - FEWEST + 1);
    const better = { low, high: Math.max(value.high, low + FEWEST - 1) };
    yield {
      span,
      message: t(
        'rpcDynamicPorts {0} of {1} {2}: take a range such as {3}',
        rangeText(value),
        who,
        listed(faults),
        rangeText(better),
      ),
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
  explanation: `The range can be restricted, and a firewall administrator will ask for that. But every RPC service of the server takes its ports from it, Windows' own included. With fewer than 100 the ports run out, and what fails then is whichever service starts last. Ports below 5001 belong to programs with fixed ports, SQL Server among them.

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
