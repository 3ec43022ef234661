// The names on the internet behind a flow: what a proxy or a firewall that knows names is asked for.
import { catalogOf } from '../catalog/index.ts';
import type { EndpointName } from '../catalog/types.ts';
import { roleOption, rolesNamed, siteOf, topSite } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import type { Flow } from './flow.ts';
import { GATEWAY_ROLE } from './serving.ts';

/** One name that a machine asks for, on one port. */
export interface FlowEndpoint {
  /** `download.microsoft.com`, `*.akamaiedge.net`, `<name>.cloudapp.net` with the service name of the gateway. */
  readonly name: string;
  /** Its own port, also where the machine asks a proxy: `443`, `10124-10125`. */
  readonly port: string;
  /** What it is for, in English; the cloud of Azure that it belongs to is said. */
  readonly purpose: string;
  /** The id of the document that has it, and the section there. */
  readonly document: string;
  readonly section: string;
}

/**
 * The names behind flows of a topology, in the order of the catalog; none for a flow that stays inside, and none
 * where no document says what a machine asks for.
 */
export function endpointsIn(topology: Topology): (flow: Flow) => readonly FlowEndpoint[] {
  const { edition } = topology;
  if (edition === undefined) return () => [];
  const byConnection = new Map<string, EndpointName[]>();
  for (const endpoint of catalogOf(edition).endpoints)
    for (const id of endpoint.connections) {
      const list = byConnection.get(id);
      if (list) list.push(endpoint);
      else byConnection.set(id, [endpoint]);
    }
  return (flow) =>
    (byConnection.get(flow.connection) ?? [])
      .filter(({ when }) => when !== 'gateway-content' || servesContent(flow, topology))
      .flatMap(({ name, port, purpose, cloud, document, section }) =>
        portsBehindProxy(flow)
          .filter((own) => port === undefined || own === String(port))
          .map((own) => ({
            name,
            port: own,
            purpose: cloud === undefined ? purpose : `${purpose} (${CLOUDS[cloud]})`,
            document,
            section,
          })),
      );
}

const CLOUDS = { public: 'Azure public cloud', 'us-government': 'Azure US Government cloud' } as const;

/** Whether a flow leaves for something outside the file, by a proxy or straight. */
export function goesOutside({ to, entry, service }: Flow): boolean {
  return to.kind === 'cloud' || (entry?.ports.some((row) => row.proxy && row.service === service) ?? false);
}

/** The ports of what a flow is for, also where the machine asks a proxy for it on another port. */
export function portsBehindProxy(flow: Flow): readonly string[] {
  const { to, ports, entry, service, protocol } = flow;
  if (to.kind === 'cloud' || protocol === 'icmp') return ports;
  const rows = entry?.ports.filter((row) => row.service === service && row.proxy) ?? [];
  return rows.flatMap((row) => row[protocol]);
}

/** Whether the gateway of the machine's hierarchy serves content. */
function servesContent({ from, fromRole }: Flow, topology: Topology): boolean {
  if (fromRole?.role === GATEWAY_ROLE) return roleOption(fromRole, 'content') === true;
  const machine = from.server ?? from.clients;
  const site = machine && siteOf(machine, topology);
  const top = site && topSite(site, topology);
  return rolesNamed(GATEWAY_ROLE, topology).some((role) => {
    const own = siteOf(role.server, topology);
    return own !== undefined && topSite(own, topology) === top && roleOption(role, 'content') === true;
  });
}
