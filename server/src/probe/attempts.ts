// What one machine can try of its flows: connections over TCP to machines that have an address or a name.
import { getOrAdd } from '../collections.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { addressText, isHost, parseAddress, parseNetwork } from '../topology/address.ts';
import { lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';

/** One connection to try: to a machine, on one port, whatever the flows behind it are for. */
export interface Attempt {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Addresses, or one name to resolve; they are tried in this order until one answers. */
  readonly targets: readonly [string, ...string[]];
  readonly port: number;
  /** What it is for, each once. */
  readonly services: readonly string[];
  /** The flows that ask for it; at least one. */
  readonly flows: readonly Flow[];
}

/** What a connection cannot prove. */
export interface Unproven {
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly protocol: Flow['protocol'];
  readonly ports: readonly string[];
  readonly service: string;
  /** A whole sentence reads on after a colon. */
  readonly why: string;
}

export interface Attempts {
  readonly attempts: readonly Attempt[];
  readonly unproven: readonly Unproven[];
}

/** What can be in a command line or be resolved without doubt. */
const HOST_NAME = /^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/;

/**
 * What can be tried of some flows, and what cannot: UDP and ICMP, groups of machines, names on the internet, ranges of
 * ports, and ports that the file does not tell. In the order of the flows; flows with the same machines and port are
 * one attempt.
 */
export function attemptsOf(flows: readonly Flow[], topology: Topology): Attempts {
  const found = new Map<string, Attempt & { readonly services: string[]; readonly flows: Flow[] }>();
  const unproven: Unproven[] = [];
  for (const flow of flows) {
    const { from, to, protocol, service } = flow;
    const leave = (ports: readonly string[], why: string) =>
      unproven.push({ from, to, protocol, ports, service, why });
    if (protocol !== 'tcp') {
      leave(
        flow.ports,
        protocol === 'udp' ? t('UDP gives no answer that proves it') : t('only TCP is tried'),
      );
      continue;
    }
    const targets = targetsOf(flow, topology);
    if ('why' in targets) {
      leave(flow.ports, targets.why);
      continue;
    }
    for (const text of flow.ports) {
      if (text === 'dynamic') leave([text], t('the file does not give the port'));
      else if (!/^\d+$/.test(text)) leave([text], t('which ports of a range listen is not known'));
      else {
        const port = Number(text);
        const attempt = getOrAdd(found, JSON.stringify([from.name, to.kind, to.name, port]), () => ({
          from,
          to,
          targets: targets.hosts,
          port,
          services: [],
          flows: [],
        }));
        attempt.flows.push(flow);
        if (!attempt.services.includes(service)) attempt.services.push(service);
      }
    }
  }
  return { attempts: [...found.values()], unproven };
}

type Targets = { readonly hosts: readonly [string, ...string[]] } | { readonly why: string };

/** The addresses of the other end; without any the full name of the server, else its name. */
function targetsOf({ from, to }: Flow, topology: Topology): Targets {
  const { kind, name, server } = to;
  if (kind === 'cloud')
    return {
      why: t('{0} is not a machine; cmtopo flows --endpoints lists its host names', name),
    };
  if (kind === 'clients') return { why: t('{0} are many machines', name) };
  const isOnInternet = [from.zone, ...(from.zones ?? [])].some(
    (zone) => zone !== undefined && lookup(topology.zones, zone)?.internet === true,
  );
  const outer = isOnInternet ? (server?.publicAddresses ?? []) : [];
  const written = outer.length > 0 ? outer : (server?.addresses ?? []);
  const texts = server
    ? written.map(({ value }) => value)
    : [...(to.addresses ?? []), ...(kind === 'proxy' ? [name] : [])];
  const addresses = [
    ...new Set(
      texts.flatMap((text) => {
        const address = parseAddress(text) ?? parseNetwork(text);
        return address && isHost(address) ? addressText(address) : [];
      }),
    ),
  ];
  const [first, ...more] = addresses;
  if (first !== undefined) return { hosts: [first, ...more] };
  const named = [server?.fqdn?.value, name].find((text) => text !== undefined && HOST_NAME.test(text));
  if (named === undefined || kind === 'listener') return { why: t('{0} has no address in the file', name) };
  return { hosts: [named] };
}
