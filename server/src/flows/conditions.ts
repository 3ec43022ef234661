// When a row of a connection counts between two parties: by its condition, and by its scheme.
import type { Condition, PortRow } from '../catalog/types.ts';
import {
  DEFAULT_INSTANCE,
  instancePort,
  pxeOf,
  roleOption,
  rolesNamed,
  siteOf,
  topSite,
} from '../topology/effective.ts';
import type { Topology, Written } from '../topology/model.ts';
import type { GroupInZone, Party } from './parties.ts';
import { GATEWAY_ROLE } from './serving.ts';

/** When a row's condition holds between two parties. */
const CONDITIONS: Readonly<
  Record<Condition, (from: Party, to: Party, topology: Topology, place?: GroupInZone) => boolean>
> = {
  // Asked for with a named instance whose port clients have to be told: the one that it picks at start.
  browser: (_, { instance }) =>
    instance !== undefined &&
    instance.name.toUpperCase() !== DEFAULT_INSTANCE &&
    instancePort(instance) === undefined,
  'classic-gateway': (from) => option(from, 'gateway') === 'classic',
  'cloud-management-gateway': (from, _, topology) =>
    option(from, 'offline') !== true && hasGateway(from, topology),
  'connected-cache': (from) => option(from, 'connectedCache') === true,
  'endpoint-port': (_, { group }) => group?.endpointPort !== undefined,
  // The pairing rules look at it.
  'gateway-content': () => true,
  'no-smb-source': (from) => from.endpoint.clients?.source === undefined,
  online: (from) => option(from, 'offline') !== true,
  'peer-cache': (from, to) =>
    hasFeature(from, 'windows-pe-peer-cache') && hasFeature(to, 'windows-pe-peer-cache'),
  pptp: (from, to) => from.site?.pptp?.value === true || to.site?.pptp?.value === true,
  'primary-site': ({ site }) => site?.type?.value !== 'secondary',
  'pxe-responder-ipv6': (_, to, topology, place) =>
    to.role !== undefined && pxeOf(to.role) === 'responder' && haveIpv6(to, topology, place),
  'remote-assistance': (_, to) => hasFeature(to, 'remote-assistance'),
  'remote-control': (from, to) => hasFeature(to, 'remote-control') && option(from, 'remoteControl') !== false,
  'sms-provider-https': (_, to) => option(to, 'https') !== false,
  'smb-source': (from) => from.endpoint.clients?.source !== undefined,
  'virtual-machines-many': (from) => virtualMachines(from) > 1,
  'virtual-machines-one': (from) => virtualMachines(from) === 1,
  'wake-on-lan': (_, to) => to.site?.wakeOnLan !== undefined,
  'wake-up-proxy': (from) => hasFeature(from, 'wake-up-proxy'),
  // The pairing rule finds the database or gives no pair.
  'wsus-database': () => true,
};

/** Whether the hierarchy of a party has a cloud management gateway. */
function hasGateway({ site }: Party, topology: Topology): boolean {
  if (site === undefined) return false;
  const top = topSite(site, topology);
  return rolesNamed(GATEWAY_ROLE, topology).some(({ server }) => {
    const own = siteOf(server, topology);
    return own !== undefined && topSite(own, topology) === top;
  });
}

/** Whether a server and the clients of a group have IPv6 addresses. */
function haveIpv6({ endpoint }: Party, { zones }: Topology, place: GroupInZone | undefined): boolean {
  const isIpv6 = ({ value }: Written<string>) => value.includes(':');
  const zone = endpoint.zone === undefined ? undefined : zones.get(endpoint.zone);
  const own = endpoint.server?.addresses ?? [];
  const server = own.length > 0 ? own : (zone?.networks ?? []);
  const networks = place?.clients.networks ?? [];
  const clients = networks.length > 0 ? networks : (place?.zone?.networks ?? []);
  return server.some(isIpv6) && clients.some(isIpv6);
}

/** Whether a condition holds between two parties; none always does. */
export function holds(
  when: Condition | undefined,
  { from, to, place }: { readonly from: Party; readonly to: Party; readonly place?: GroupInZone },
  topology: Topology,
): boolean {
  return when === undefined || CONDITIONS[when](from, to, topology, place);
}

/**
 * Whether the serving role takes part in HTTP or HTTPS: by its `protocol`. WSUS serves HTTP always,
 * since licence texts come over it, and HTTPS with `ssl: true`.
 */
export function serves(scheme: PortRow['scheme'], to: Party): boolean {
  if (scheme === undefined || to.role === undefined) return true;
  if (to.role.role === 'software-update-point' || to.role.role === 'wsus-server') {
    return scheme === 'http' || option(to, 'ssl') === true;
  }
  const protocol = option(to, 'protocol');
  return protocol === undefined || protocol === 'both' || protocol === 'enhanced-http' || protocol === scheme;
}

/** How many virtual machines the gateway of a connection point has. */
export function virtualMachines(party: Party): number {
  const count = option(party, 'virtualMachines');
  return typeof count === 'number' ? count : 1;
}

/** What is written for an option of its role, else the default. */
export function option(party: Party, key: string) {
  return party.role && roleOption(party.role, key);
}

/** Whether a client group has a feature. */
export function hasFeature(party: Party, feature: string): boolean {
  return party.endpoint.clients?.features.some(({ value }) => value === feature) === true;
}
