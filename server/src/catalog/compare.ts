// What changes between two editions, as data.
import { catalogOf } from './load.ts';
import { serviceKey } from './names.ts';
import type { Connection, Edition, PortRow } from './types.ts';

/** A row of a table that is in one edition only, or whose ports differ. */
export interface RowChange {
  readonly change: 'added' | 'removed' | 'changed';
  readonly before?: PortRow;
  readonly after?: PortRow;
}

export interface ConnectionChange {
  readonly id: string;
  readonly before: Connection;
  readonly after: Connection;
  readonly direction: boolean;
  readonly icmp: boolean;
  readonly rows: readonly RowChange[];
}

/** A table beside the connections: `client-shares`, `deployment.METHOD`, `supplements.CONNECTION`, … */
export interface TableChange {
  readonly table: string;
  readonly change: 'added' | 'removed' | 'changed';
  readonly icmp: boolean;
  readonly rows: readonly RowChange[];
}

export interface Comparison {
  readonly from: Edition;
  readonly to: Edition;
  readonly added: readonly Connection[];
  readonly removed: readonly Connection[];
  readonly changed: readonly ConnectionChange[];
  readonly tables: readonly TableChange[];
}

/** Rows are told apart by service, phase and, in deployment tables, by their two ends. */
function rowKey(row: PortRow): string {
  return `${serviceKey(row.service)} ${row.phase} ${row.from ?? ''} ${row.to ?? ''}`;
}

function portsKey(row: PortRow): string {
  return JSON.stringify([row.udp, row.tcp, row.choice, row.alternate]);
}

/** Rows of one service are told apart by their place among that service's rows. */
function keyed(rows: readonly PortRow[]): Map<string, PortRow> {
  const result = new Map<string, PortRow>();
  for (const row of rows) {
    let key = rowKey(row);
    while (result.has(key)) key += '+';
    result.set(key, row);
  }
  return result;
}

function compareRows(before: readonly PortRow[], after: readonly PortRow[]): readonly RowChange[] {
  const old = keyed(before);
  const now = keyed(after);
  const changes: RowChange[] = [];
  for (const [key, row] of old) {
    const other = now.get(key);
    if (other === undefined) changes.push({ change: 'removed', before: row });
    else if (portsKey(row) !== portsKey(other))
      changes.push({ change: 'changed', before: row, after: other });
  }
  for (const [key, row] of now) if (!old.has(key)) changes.push({ change: 'added', after: row });
  return changes;
}

interface Table {
  readonly name: string;
  readonly icmp: boolean;
  readonly ports: readonly PortRow[];
}

function tablesOf(edition: Edition): readonly Table[] {
  const catalog = catalogOf(edition);
  const single = (name: string, table: { readonly ports: readonly PortRow[] } | undefined): Table[] =>
    table === undefined ? [] : [{ name, icmp: false, ports: table.ports }];
  return [
    ...catalog.supplements.map(({ id, icmp, ports }) => ({ name: `supplements.${id}`, icmp, ports })),
    ...catalog.deployment.map(({ method, icmp, ports }) => ({ name: `deployment.${method}`, icmp, ports })),
    ...single('client-shares', catalog.clientShares),
    ...single('windows-server', catalog.windowsServer),
    ...single('discovery', catalog.discovery),
    ...single('load-balancer', catalog.loadBalancer),
    ...(catalog.internetClients?.tables ?? []).map(({ roles, ports }) => ({
      name: `internet-clients (${roles.join(', ')})`,
      icmp: false,
      ports,
    })),
  ];
}

function compareTables(from: Edition, to: Edition): readonly TableChange[] {
  const old = new Map(tablesOf(from).map((table) => [table.name, table]));
  const now = new Map(tablesOf(to).map((table) => [table.name, table]));
  const changes: TableChange[] = [];
  for (const [table, before] of old) {
    const after = now.get(table);
    const rows = compareRows(before.ports, after?.ports ?? []);
    const icmp = before.icmp !== (after?.icmp ?? false);
    if (after === undefined) changes.push({ table, change: 'removed', icmp, rows });
    else if (icmp || rows.length > 0) changes.push({ table, change: 'changed', icmp, rows });
  }
  for (const [table, { icmp, ports }] of now) {
    if (!old.has(table)) changes.push({ table, change: 'added', icmp, rows: compareRows([], ports) });
  }
  return changes;
}

/**
 * What changes from one edition to another: connections added and removed, and for those in both the direction,
 * ICMP and rows. A service that the documents merely renamed is no change, nor is a section's place.
 */
export function compareEditions(from: Edition, to: Edition): Comparison {
  const old = new Map(catalogOf(from).connections.map((connection) => [connection.id, connection]));
  const now = new Map(catalogOf(to).connections.map((connection) => [connection.id, connection]));
  const changed: ConnectionChange[] = [];
  for (const [id, before] of old) {
    const after = now.get(id);
    if (after === undefined) continue;
    const direction = before.direction !== after.direction;
    const icmp = before.icmp !== after.icmp;
    const rows = compareRows(before.ports, after.ports);
    if (direction || icmp || rows.length > 0) changed.push({ id, before, after, direction, icmp, rows });
  }
  return {
    from,
    to,
    added: [...now.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !now.has(id)),
    changed,
    tables: compareTables(from, to),
  };
}
