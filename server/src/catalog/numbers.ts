// The documented ports that other layers ask for by name, read from the newest list: defaults of the format, checks of
// rules, fixes. A test holds that no other file has one of these numbers as a literal.
import { NEWEST_EDITION } from './editions.ts';
import { catalogOf } from './load.ts';
import type { PortRow } from './types.ts';

export { HIGHEST_PORT, LOWEST_PORT } from './port-numbers.ts';

/** A range of ports, both ends included. */
interface Range {
  readonly low: number;
  readonly high: number;
}

const { connections, discovery } = catalogOf(NEWEST_EDITION);

function rowOf(id: string, is: (row: PortRow) => boolean): PortRow {
  const row = connections.find((connection) => connection.id === id)?.ports.find(is);
  if (row === undefined) throw new Error(`catalog: no such row in ${id}`);
  return row;
}

function portRangeOf(port: string | undefined): Range {
  const [low, high = low] = (port ?? '').split('-').map(Number);
  if (low === undefined || high === undefined || !(low <= high))
    throw new Error(`catalog: ${port} is no range`);
  return { low, high };
}

/** The number of a row; of a choice such as `80 or 8530` the last, which WSUS has had since Windows Server 2012. */
function port(id: string, is: (row: PortRow) => boolean): number {
  const { tcp, udp } = rowOf(id, is);
  return portRangeOf([...udp, ...tcp].at(-1)).low;
}

const set = (setting: PortRow['setting']) => (row: PortRow) => row.setting === setting;
const called = (service: string) => (row: PortRow) => row.service === service;

/** Each by what listens there, in every list of current branch. */
export const PORTS = {
  http: port('client.management-point', set('clientPorts.http')),
  https: port('client.management-point', set('clientPorts.https')),
  notification: port('client.management-point', set('clientPorts.notification')),
  wakeOnLan: port('client.client', set('wakeOnLan.port')),
  wakeUpProxy: port('client.client', set('wakeUpProxy.port')),
  wsusHttp: port('client.software-update-point', set('httpPort')),
  wsusHttps: port('client.software-update-point', set('httpsPort')),
  sqlServer: port('site-server.sql-server', set('instances.port')),
  serviceBroker: port('sql-server.sql-server', set('instances.serviceBrokerPort')),
  sqlBrowser: port('sql-server.sql-server', called('SQL Server Browser')),
  tftp: port('client.distribution-point.pxe', called('TFTP')),
  endpointMapper: port('site-server.distribution-point', called('RPC Endpoint Mapper')),
  smb: port('site-server.distribution-point', called('Server Message Block (SMB)')),
} as const;

/** The ports of multicast. */
export const MULTICAST_PORTS: Range = portRangeOf(
  rowOf('client.distribution-point.multicast', set('multicastPorts')).udp[0],
);

const ranges = (discovery?.ports ?? []).flatMap(({ tcp }) => tcp).filter((ports) => ports.includes('-'));

/**
 * The default ranges of dynamic RPC ports: before Windows Vista and Windows Server 2008, and since. Both are under
 * 'Discovery and publishing' of every list of current branch.
 */
export const DYNAMIC_RANGES = { older: portRangeOf(ranges[0]), newer: portRangeOf(ranges[1]) } as const;

/** A range as the lists and a topology file write it: `49152-65535`. */
export function rangeText({ low, high }: Range): string {
  return low === high ? String(low) : `${low}-${high}`;
}
