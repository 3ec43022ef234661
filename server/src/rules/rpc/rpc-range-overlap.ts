import { editionsBetween } from '../../catalog/editions.ts';
import { DYNAMIC_RANGES } from '../../catalog/numbers.ts';
import { t } from '../../l10n.ts';
import { defaultRpcRange, rpcRange } from '../../topology/effective.ts';
import type { Server } from '../../topology/model.ts';
import { knownOs, knownRpcRange } from '../certainty.ts';
import { type ListeningPort, listenersIn, mayListenInRange } from '../listeners.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { listed, rpcRangeText, sameRange } from '../words.ts';
import { otherRange } from './rpc-range-os.ts';

function* checkServer(
  server: Server,
  context: RuleContext,
  listeners: ReturnType<typeof listenersIn>,
): Iterable<Report> {
  const range = knownRpcRange(server, context);
  if (!range) return;
  const os = knownOs(server, context)?.value;
  const usual = os === undefined ? undefined : defaultRpcRange(os);
  // The range of another generation of Windows will be replaced as it is.
  if (os !== undefined && otherRange(range.value, os)) return;
  // 1024-5000 on a system that has it covers the documented ports of SQL Server and of domain controllers,
  // and nobody can change that; a port that somebody chose can be changed.
  const isOld =
    usual !== undefined && sameRange(usual, DYNAMIC_RANGES.older) && sameRange(usual, range.value);
  const inside = listeners(server, range.value).filter(({ span }) => !isOld || span !== undefined);
  if (inside.length === 0) return;
  const text = rpcRangeText(range.value);
  const names = (few: readonly ListeningPort[]) => listed(few.map(({ port, what }) => `${port} (${what})`));
  if (server.rpcDynamicPorts) {
    yield {
      span: range.span,
      message: t(
        inside.length > 1
          ? 'rpcDynamicPorts {0} of {1} covers {2}, where {1} listens: choose a range without them, or other ports'
          : 'rpcDynamicPorts {0} of {1} covers {2}, where {1} listens: choose a range without it, or another port',
        text,
        server.name,
        names(inside),
      ),
      related: inside.flatMap(({ port, what, span }) =>
        span ? [{ message: t('{0} is set for {1}', port, what), span }] : [],
      ),
    };
    return;
  }
  const related = [{ message: t('rpcDynamicPorts in defaults'), span: range.span }];
  for (const listener of inside) {
    if (!listener.span) continue;
    yield {
      span: listener.span,
      message: t(
        '{0} listens on {1}, inside its dynamic RPC range {2}, which it takes from defaults: choose a port outside, or give {0} a range without it',
        server.name,
        names([listener]),
        text,
      ),
      related,
    };
  }
  const unset = inside.filter(({ span }) => !span);
  if (unset.length > 0)
    yield {
      span: server.key.span,
      message: t(
        unset.length > 1
          ? '{0} listens on {1}, inside its dynamic RPC range {2}, which it takes from defaults: give {0} a range without them'
          : '{0} listens on {1}, inside its dynamic RPC range {2}, which it takes from defaults: give {0} a range without it',
        server.name,
        names(unset),
        text,
      ),
      related,
    };
}

const file = (port: number) => `configmgr: 2017-09
servers:
  sql01:
    os: windows-server-2016
    rpcDynamicPorts: 49152-65535
    roles:
      sql-server:
        instances:
          CM: { port: ${port} }
`;

export const rpcRangeOverlap: Rule = {
  code: 'rpc-range-overlap',
  severity: 'warning',
  summary: 'The dynamic RPC range covers a fixed port on which the same server listens.',
  reason:
    'Sooner or later an RPC service takes the fixed port first, and the program that needs it does not start.',
  explanation: `Windows gives dynamic ports to whichever program asks first. If a fixed port lies inside the range, sooner or later an RPC service is using it when SQL Server or the website starts, which then fails: after a restart, months later.

Move the fixed port out of the range, or the range away from the port. A finding is at the server's own range; where the range comes from \`defaults\`, at the port. On a system before Windows Vista, whose range 1024-5000 covers the documented ports 1433, 3268 and 4022, only ports that the file sets are reported.`,
  source: { document: 'ports', section: 'BKMY_PortNotes', editions: editionsBetween('2017-03', '2017-09') },
  moreSources: [
    { document: 'ports', section: 'bkmk_note6', editions: editionsBetween('2018-09', undefined) },
  ],
  bad: [{ title: 'A SQL Server port inside the range', text: file(50001) }],
  good: [{ title: 'A SQL Server port outside the range', text: file(1435) }],
  *check(context) {
    const { topology } = context;
    const listeners = listenersIn(context);
    for (const server of mayListenInRange(context)) {
      const range = rpcRange(server, topology)?.value;
      if (range && listeners(server, range).length > 0) yield* checkServer(server, context, listeners);
    }
  },
};
