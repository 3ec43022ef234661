// The names on the internet that each role needs, as comma-separated values: what a proxy team is asked for.
import { getOrAdd, groupBy } from '../../collections.ts';
import { goesOutside, portsBehindProxy } from '../../flows/endpoints.ts';
import type { Flow } from '../../flows/flow.ts';
import { csvCell } from '../../print/escape.ts';
import type { Exported, ExportReport } from './rules.ts';

const HEADER = ['role', 'server', 'name', 'port', 'purpose'];

/**
 * CSV by RFC 4180: one line for each role, machine, name and port, in the order of the flows and the catalog. A name
 * that serves several purposes has them in one cell, separated by `; `. Where no document names what is behind a
 * connection, the cell of the name says so: a reader is not to take the list for everything.
 */
export function endpointsCsv({ flows, endpoints }: ExportReport): Exported {
  const lines = new Map<string, Line>();
  const add = (cells: Cells, purpose: string) =>
    getOrAdd(lines, JSON.stringify(cells), () => ({ cells, purposes: new Set() })).purposes.add(purpose);
  const connections = groupBy(flows.filter(goesOutside), (flow) =>
    JSON.stringify([roleOf(flow), flow.from.name, flow.connection]),
  );
  for (const own of connections.values()) {
    const isNamed = own.some((flow) => endpoints(flow).length > 0);
    for (const flow of own) {
      const [role, server] = [roleOf(flow), flow.from.name];
      for (const { name, port, purpose } of endpoints(flow)) add([role, server, name, port], purpose);
      if (isNamed) continue;
      const missing = `missing: no document names what is behind ${flow.connection}`;
      for (const port of portsBehindProxy(flow)) add([role, server, missing, port], flow.service);
    }
  }
  const byMachine = groupBy([...lines.values()], ({ cells: [role, server] }) =>
    JSON.stringify([role, server]),
  );
  const rows = [...byMachine.values()]
    .flatMap((own) => [...groupBy(own, ({ cells: [, , name] }) => name).values()])
    .flat()
    .map(({ cells, purposes }) => [...cells, [...purposes].join('; ')]);
  return { text: [HEADER, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join(''), gaps: [] };
}

type Cells = readonly [role: string, server: string, name: string, port: string];

interface Line {
  readonly cells: Cells;
  readonly purposes: Set<string>;
}

/** `client` for the machines of a client group. */
function roleOf({ from, fromRole }: Flow): string {
  return fromRole?.role ?? (from.kind === 'clients' ? 'client' : '');
}
