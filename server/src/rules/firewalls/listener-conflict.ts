import { PORTS } from '../../catalog/numbers.ts';
import { groupBy } from '../../collections.ts';
import { setKey } from '../../edits/option-edits.ts';
import { t } from '../../l10n.ts';
import type { Span } from '../../text/tree.ts';
import { rolePort } from '../../topology/effective.ts';
import type { Role, Server } from '../../topology/model.ts';
import { nextFreePort } from '../listeners.ts';
import type { Fix, Report, Rule, RuleContext } from '../rule.ts';
import { capital, listedUpTo } from '../words.ts';
import { httpsFor } from '../wsus/wsus-port-pair.ts';
import { canShare, type ListeningService, servicesByServer, takenIn } from './listening-services.ts';

/** How many servers a message names before it counts the rest. */
const SHOWN = 3;

/** One port of one server that cannot be had by all that want it. */
interface Conflict {
  readonly server: Server;
  readonly port: number;
  /** Those that cannot share it with one of the others. */
  readonly services: readonly ListeningService[];
}

/** What another rule says about two services: then one cause has its finding already. */
function isToldElsewhere(a: ListeningService, b: ListeningService): boolean {
  if (a.program === 'sql' && b.program === 'sql') return true;
  return (
    a.request !== undefined &&
    a.request.site === b.request?.site &&
    a.program === 'web' &&
    b.program === 'web'
  );
}

function conflictsOf(
  server: Server,
  all: readonly ListeningService[],
  context: RuleContext,
): readonly Conflict[] {
  if (all.length < 2) return [];
  // The two ports of WSUS are no pair: one of them will be another.
  const isSettled = ({ program, role }: ListeningService) =>
    program !== 'wsus' || !role || !context.isOn('wsus-port-pair') || isPair(role);
  return [...groupBy(all.filter(isSettled), ({ port }) => port)].flatMap(([port, services]) => {
    const conflicting = services.filter((one) =>
      services.some((other) => !canShare(one, other) && !isToldElsewhere(one, other)),
    );
    return conflicting.length > 0 ? [{ server, port, services: conflicting }] : [];
  });
}

function isPair(role: Role): boolean {
  const http = rolePort(role, 'httpPort');
  const https = rolePort(role, 'httpsPort');
  return http !== undefined && https !== undefined && httpsFor(http) === https;
}

/**
 * The place to change: the port that most of the conflicts have in common, of several the last one that somebody
 * wrote; the server where nobody wrote any.
 */
function placeOf({ server, services }: Conflict, uses: ReadonlyMap<string, number>): Span {
  const spans = services.flatMap(({ span }) => span ?? []);
  const count = (span: Span) => uses.get(keyOf(span)) ?? 0;
  return (
    spans.reduce<Span | undefined>((best, span) => {
      if (best === undefined) return span;
      const more = count(span) - count(best) || span.start - best.start;
      return more > 0 ? span : best;
    }, undefined) ?? server.key.span
  );
}

const keyOf = ({ start, end }: Span) => `${start}-${end}`;

function reportOf(span: Span, conflicts: readonly [Conflict, ...Conflict[]], context: RuleContext): Report {
  const [{ port, services }] = conflicts;
  const servers = conflicts.map(({ server }) => server);
  const names = [...new Set(services.map(({ what }) => what()))];
  const others = conflicts
    .flatMap((conflict) => conflict.services)
    .filter((one) => one.span && keyOf(one.span) !== keyOf(span));
  const written = [...groupBy(others, (one) => one.span && keyOf(one.span)).values()].flatMap(([one]) =>
    one?.span ? [{ message: t('{0} is set for {1}', one.port, one.what()), span: one.span }] : [],
  );
  return {
    span,
    message: capital(
      t(
        '{0} on {1} cannot share port {2}: the one that starts second does not get it. Give one of them another port',
        listedUpTo(SHOWN + 1, names),
        listedUpTo(
          SHOWN,
          servers.map(({ name }) => name),
        ),
        port,
      ),
    ),
    related: [...written, ...servers.map(({ name, key }) => ({ message: name, span: key.span }))],
    fixes: fixesOf(span, conflicts, context),
  };
}

/** Another port for SQL Server, whose ports nothing else goes by. */
function fixesOf(
  span: Span,
  [conflict, ...more]: readonly [Conflict, ...Conflict[]],
  context: RuleContext,
): readonly Fix[] {
  const sql = conflict.services.find((one) => one.sql && one.span && keyOf(one.span) === keyOf(span))?.sql;
  if (!sql || more.length > 0) return [];
  const { server } = conflict;
  const { instance } = sql;
  const free = nextFreePort(
    server,
    context,
    takenIn(context)(server),
    sql.key === 'port' ? [] : [PORTS.serviceBroker],
  );
  if (free === undefined) return [];
  return [
    {
      title: t('Set {0} of {1} to {2}', sql.key, instance.name, free),
      safe: false,
      edits: setKey(context.tree, instance, sql.key, String(free)),
    },
  ];
}

const file = (ports: string, sql: string, point: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts: ${ports}
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server: { instances: { MSSQLSERVER: { port: ${sql} } } }
      management-point:
      distribution-point:
      software-update-point: ${point}
      reporting-services-point:
`;

export const listenerConflict: Rule = {
  code: 'listener-conflict',
  severity: 'error',
  summary: 'Two services of one server use the same port.',
  reason: 'Only one of them gets the port, and clients of the other reach a program that does not know them.',
  explanation: `Only one program can listen on a port. If client notification uses the HTTP port of the site, or SQL Server a port of WSUS, the one that starts second fails, and which one that is can change from start to start.

Roles on the same web server do not conflict: management, distribution and state migration points share the site’s website, application catalog and enrollment points the default one, and Reporting Services take their part of a port by name. But one port is bound to HTTP or to HTTPS, not to both, and WSUS has a website of its own, which shares only 80 and 443 with the others. Two instances of SQL Server are reported by [sql-port-conflict](sql-port-conflict.md), the HTTP and HTTPS ports of one site by [client-port-duplicate](client-port-duplicate.md).`,
  source: { document: 'websites-for-site-system-servers', section: 'BKMK_What2Know' },
  moreSources: [{ document: 'plan-for-software-updates', section: 'BKMK_CustomWebSite' }],
  bad: [
    { title: 'Client notification on the HTTP port', text: file('{ http: 10123 }', '1433', '') },
    { title: 'SQL Server on a port of WSUS', text: file('{ http: 80 }', '8530', '') },
    { title: 'The site and WSUS, each with a website of its own', text: file('{ https: 8531 }', '1433', '') },
    { title: 'SQL Server on the port of Reporting Services', text: file('{ http: 8080 }', '80', '') },
  ],
  good: [
    {
      title: 'All websites on 80 and 443',
      text: file('{ http: 80 }', '1433', '{ httpPort: 80, httpsPort: 443 }'),
    },
    { title: 'Each its own', text: file('{ http: 8080, notification: 10124 }', '1433', '') },
  ],
  *check(context) {
    const conflicts = [...servicesByServer(context, true)].flatMap(([server, services]) =>
      conflictsOf(server, services, context),
    );
    const uses = new Map<string, number>();
    for (const { services } of conflicts)
      for (const key of new Set(services.flatMap(({ span }) => (span ? [keyOf(span)] : []))))
        uses.set(key, (uses.get(key) ?? 0) + 1);
    const places = conflicts.map((conflict) => ({ conflict, span: placeOf(conflict, uses) }));
    for (const those of groupBy(places, ({ span }) => keyOf(span)).values()) {
      const [first, ...others] = those;
      if (first)
        yield reportOf(first.span, [first.conflict, ...others.map(({ conflict }) => conflict)], context);
    }
  },
};
