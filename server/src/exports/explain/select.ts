// What a person means by a word such as `cm01`, `branch`, `PS1`, `software-update-point` or `10.1.2.0/24`: some of the
// ends of flows.
import { memo } from '../../collections.ts';
import { type Endpoint, type Flow, zonesHeld } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { contains, looksLikeAddress, type Network, parseNetwork } from '../../topology/address.ts';
import { effectiveZones, lookup } from '../../topology/effective.ts';
import { roleInfo } from '../../topology/format.ts';
import type { ClientGroup, Server, Topology } from '../../topology/model.ts';
import {
  type ExplainedMachine,
  type ExplainInput,
  type Explanation,
  explain,
  explainAll,
  machineNamed,
} from './explanation.ts';

export interface Selection {
  /** One machine as the file has it; of several, the word that means them all. */
  readonly machine: ExplainedMachine;
  /** It may mean several machines. */
  readonly many: boolean;
  /** Whether an end of a flow is meant; of a role, where that end has it in this flow. */
  has(flow: Flow, end: 'from' | 'to'): boolean;
}

/**
 * Why what two words mean talks, in both directions.
 * @returns a text that says why there is nothing to tell where a word means nothing in the file
 */
export function explanationOf(
  input: ExplainInput,
  from: string,
  to: string,
): Explanation | { readonly unknown: string } {
  const { topology, flows } = input;
  const here = select(from, topology, flows);
  if ('unknown' in here) return here;
  const there = select(to, topology, flows);
  if ('unknown' in there) return there;
  if (!here.many && !there.many) return explain(input, here.machine, there.machine);
  return explainAll(input, here.machine, there.machine, (flow, first) =>
    first === 'from'
      ? here.has(flow, 'from') && there.has(flow, 'to')
      : here.has(flow, 'to') && there.has(flow, 'from'),
  );
}

/**
 * The ends that a word means: those of a machine, client group or what flows call something outside the file; of all
 * machines of a zone or a site; those that talk as a role; or those with an address in a network. A name that is
 * several of these means the first.
 * @returns them, or a text that says why there are none
 */
export function select(
  word: string,
  topology: Topology,
  flows: readonly Flow[],
): Selection | { readonly unknown: string } {
  const machine = machineNamed(word, topology, flows);
  if (!('unknown' in machine)) {
    const { name, kind } = machine;
    return selection(machine, false, (flow, end) => flow[end].name === name && flow[end].kind === kind);
  }
  const zone = lookup(topology.zones, word);
  if (zone) {
    // Of a client group in several zones, what holds in this one.
    return selection(group('zone', zone.name), true, (flow, end) =>
      zonesHeld(flow[end], flow.zones).includes(zone.id),
    );
  }
  const site = lookup(topology.sites, word);
  if (site) {
    const ofSite = ({ server, clients }: Endpoint) =>
      (server ?? clients)?.site?.value.toLowerCase() === site.id;
    return selection(group('site', site.name), true, (flow, end) => ofSite(flow[end]));
  }
  const role = roleInfo(word.toLowerCase());
  if (role) {
    const { name } = role;
    return selection(group('role', name), true, (flow, end) => {
      const own = end === 'from' ? flow.fromRole : flow.toRole;
      return own?.role === name;
    });
  }
  const network = looksLikeAddress(word) ? parseNetwork(word) : undefined;
  if (network === undefined) return machine;
  const machineIsIn = memo((one: Server | ClientGroup) => overlaps(addressesOf(one, topology), network));
  const isIn = ({ server, clients, addresses = [] }: Endpoint): boolean => {
    const one = server ?? clients;
    return one ? machineIsIn(one) : overlaps(addresses, network);
  };
  const machines = [...topology.servers.values(), ...topology.clients.values()];
  const isThere =
    machines.some((one) => machineIsIn(one)) || flows.some(({ from, to }) => isIn(from) || isIn(to));
  return isThere
    ? selection(group('address', word), true, (flow, end) => isIn(flow[end]))
    : { unknown: t('no machine of the file has an address in {0}', word) };
}

function selection(machine: ExplainedMachine, many: boolean, has: Selection['has']): Selection {
  return { machine, many, has };
}

function group(kind: 'zone' | 'site' | 'role' | 'address', name: string): ExplainedMachine {
  return {
    name,
    kind,
    zone: undefined,
    site: undefined,
    roles: [],
    addresses: [],
    server: undefined,
    clients: undefined,
  };
}

/** The addresses and networks of a machine; of a client group without any, those of its zones. */
function addressesOf(machine: Server | ClientGroup, topology: Topology): readonly string[] {
  const own =
    machine.kind === 'server' ? [...machine.addresses, ...machine.publicAddresses] : machine.networks;
  const written =
    machine.kind === 'server' || own.length > 0
      ? own
      : effectiveZones(machine, topology).flatMap(({ networks }) => networks);
  return written.map(({ value }) => value);
}

function overlaps(texts: readonly string[], network: Network): boolean {
  return texts.some((text) => {
    const own = parseNetwork(text);
    return own !== undefined && (contains(network, own) || contains(own, network));
  });
}
