// The ports of a flow: the target's own setting where the row allows one, the
// documented number otherwise.

import { rangeText } from '../catalog/numbers.ts';
import type { PortRow, PortSetting } from '../catalog/types.ts';
import { memo } from '../collections.ts';
import {
  clientPortsOf,
  clientRpcRange,
  instancePort,
  roleOption,
  rolePort,
  rpcRange,
  serviceBrokerPort,
} from '../topology/effective.ts';
import type { PortRange, Topology } from '../topology/model.ts';
import type { Party } from './parties.ts';

/** The catalog's word for the dynamic RPC ports of the target. */
const DYNAMIC = 'dynamic';

/** Any valid port comes before `"dynamic"`. */
const AFTER_EVERY_PORT = 65536;
const ZERO = '0'.charCodeAt(0);

/** The first number of a port or range, for sorting; `"dynamic"` comes after every number. */
export function firstNumber(port: string): number {
  // Sorting asks this of every flow, again and again: a loop takes a fraction of the time of parseInt.
  let number = 0;
  for (let index = 0; index < port.length; index++) {
    const digit = port.charCodeAt(index) - ZERO;
    if (digit < 0 || digit > 9) return index === 0 ? AFTER_EVERY_PORT : number;
    number = 10 * number + digit;
  }
  return number;
}

/**
 * The ports on which a party is reached for a row, sorted by number, each once.
 * @param documented the row's ports of one protocol, as the catalog lists them
 */
export function portsOf(
  row: PortRow,
  documented: readonly string[],
  to: Party,
  topology: Topology,
): readonly string[] {
  const own = row.setting && settingOf(row.setting, to, topology);
  if (own !== undefined) return inOrder(own);
  if (isDynamic(documented)) {
    return inOrder(documented.map((port) => (port === DYNAMIC ? rpcPorts(to, topology) : port)));
  }
  // The same for every target: they share one list.
  return sorted(documented);
}

const sorted = memo(inOrder);

function inOrder(ports: readonly string[]): readonly string[] {
  if (ports.length < 2) return ports;
  return [...new Set(ports)].sort((a, b) => firstNumber(a) - firstNumber(b));
}

/** Whether a row asks for dynamic RPC ports. */
export function isDynamic(documented: readonly string[]): boolean {
  return documented.includes(DYNAMIC);
}

/** Of a server its own range or the file's default; of a client group its own or that of its operating system. */
function rpcPorts({ endpoint: { server, clients } }: Party, topology: Topology): string {
  const range = server ? rpcRange(server, topology)?.value : clients && clientRpcRange(clients);
  return range ? rangeText(range) : DYNAMIC;
}

function settingOf(setting: PortSetting, to: Party, topology: Topology): readonly string[] | undefined {
  const { site, role, instance } = to;
  switch (setting) {
    case 'clientPorts.http':
    case 'clientPorts.https': {
      if (site === undefined) return undefined;
      const ports = clientPortsOf(site, topology);
      return (setting === 'clientPorts.http' ? ports.http : ports.https).map(String);
    }
    case 'clientPorts.notification':
      return site && [String(clientPortsOf(site, topology).notification)];
    case 'wakeOnLan.port':
      return numberText(site?.wakeOnLan?.value);
    case 'wakeUpProxy.port':
      return numberText(site?.wakeUpProxy?.value);
    case 'httpPort':
    case 'httpsPort':
      return role && numberText(rolePort(role, setting));
    case 'multicastPorts': {
      const range = role && roleOption(role, setting);
      return isRange(range) ? [rangeText(range)] : undefined;
    }
    case 'instances.port':
      // An instance that picks its port at start listens on one that nobody can know beforehand.
      return (
        instance && [
          (instance.dynamicPorts?.value ? undefined : numberText(instancePort(instance))?.[0]) ?? DYNAMIC,
        ]
      );
    case 'instances.serviceBrokerPort':
      return instance && [String(serviceBrokerPort(instance))];
    case 'listener.port':
      return numberText(to.group?.listener?.port?.value);
    case 'endpointPort':
      return numberText(to.group?.endpointPort?.value);
  }
}

/**
 * The first so many ports of a documented range, one for each virtual machine of a gateway: 10124-10139 and two
 * machines give 10124-10125.
 */
export function firstPorts(documented: readonly string[], count: number): readonly string[] {
  return documented.map((port) => {
    const [low, high] = port.split('-').map(Number);
    if (low === undefined || high === undefined) return port;
    return rangeText({ low, high: Math.min(high, low + Math.max(count, 1) - 1) });
  });
}

function numberText(value: number | undefined): readonly string[] | undefined {
  return value === undefined ? undefined : [String(value)];
}

function isRange(value: unknown): value is PortRange {
  return typeof value === 'object' && value !== null && 'low' in value && 'high' in value;
}
