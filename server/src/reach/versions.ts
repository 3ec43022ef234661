// What is different between two versions of a file, as far as it says what gets through: the machines, what words in
// rules mean, and the firewalls.
import { memo } from '../collections.ts';
import type { Network } from '../topology/address.ts';
import { differenceOf } from '../topology/difference.ts';
import { effectiveZones } from '../topology/effective.ts';
import type { ClientGroup, Firewall, FirewallRule, Server, Topology, Written } from '../topology/model.ts';
import { haveSameFrame, isSameSection } from '../topology/things.ts';
import { addressRange, networksOf, widthOf } from './addresses.ts';
import { groupNetworks } from './matching.ts';

export type Machine = Server | ClientGroup;

/** What is different where each firewall is where it was. */
export interface Changed {
  readonly gone: readonly Machine[];
  readonly added: readonly Machine[];
  readonly servers: readonly Server[];
  /** Firewalls that are other objects in the same places. */
  readonly firewalls: readonly Firewall[];
}

/** Compares two versions of a file; undefined where more is different than a few machines and the rules of firewalls. */
export function changedBetween(before: Topology, after: Topology): Changed | undefined {
  const areSame =
    haveSameFrame(before, after) &&
    isSameSection(before.addressGroups, after.addressGroups) &&
    isSameSection(before.portGroups, after.portGroups);
  if (!areSame || !haveSamePlaces(before, after)) return undefined;
  const servers = differenceOf(before.servers, after.servers);
  const clients = differenceOf(before.clients, after.clients);
  if (!servers || !clients) return undefined;
  return {
    gone: [...servers.gone, ...clients.gone],
    added: [...servers.added, ...clients.added],
    servers: [...servers.gone, ...servers.added],
    firewalls: [...before.firewalls.values()].filter((one) => after.firewalls.get(one.id) !== one),
  };
}

/** Whether the same firewalls, in the same order, are in the same places. */
function haveSamePlaces(before: Topology, after: Topology): boolean {
  if (before.firewalls === after.firewalls) return true;
  const others = [...after.firewalls.values()];
  return (
    before.firewalls.size === others.length &&
    [...before.firewalls.values()].every((one, index) => {
      const other = others[index];
      return one === other || (one.id === other?.id && firewallPlace(one) === firewallPlace(other));
    })
  );
}

function firewallPlace({ zones, between, hosts, outboundDeny }: Firewall): string {
  const words = (list: readonly Written<string>[]) => list.map(({ value }) => value);
  return JSON.stringify([words(zones), between.map(words), words(hosts), outboundDeny]);
}

/** The words in the ends of some rules, in lower case. An edit of rules makes another list of them. */
export const wordsIn = memo(
  (rules: readonly FirewallRule[]): ReadonlySet<string> =>
    new Set(rules.flatMap(({ from, to }) => [...from, ...to].map(({ value }) => value.toLowerCase()))),
);

/** The firewalls that have a rule with one of some words, which are in lower case. */
export function firewallsWith(words: ReadonlySet<string>, { firewalls }: Topology): readonly Firewall[] {
  if (words.size === 0) return [];
  return [...firewalls.values()].filter(({ rules }) => {
    const own = wordsIn(rules);
    const [few, many] = own.size < words.size ? [own, words] : [words, own];
    for (const word of few) if (many.has(word)) return true;
    return false;
  });
}

/** Whether a rule has one of some words, which are in lower case. */
export function hasWord({ from, to }: FirewallRule, words: ReadonlySet<string>): boolean {
  return [from, to].some((side) => side.some(({ value }) => words.has(value.toLowerCase())));
}

/** Some names, in lower case, with those of the address groups that have one of them as a member, also through others. */
export function withGroups(names: ReadonlySet<string>, { addressGroups }: Topology): ReadonlySet<string> {
  if (names.size === 0 || addressGroups.size === 0) return names;
  const all = new Set(names);
  // Grows until a round finds none.
  for (let count = -1; count < all.size; ) {
    count = all.size;
    for (const { id, members } of addressGroups.values())
      if (members.some(({ value }) => all.has(value.toLowerCase()))) all.add(id);
  }
  return all;
}

/** The names, in lower case, of machines that are in one of two versions of a file alone, or elsewhere in the other. */
export function namesMoved(gone: readonly Machine[], added: readonly Machine[]): ReadonlySet<string> {
  const [were, are] = [gone, added].map(
    (machines) => new Map(machines.map((one) => [one.id, placeText(one)])),
  );
  const names = new Set<string>();
  for (const id of [...(were?.keys() ?? []), ...(are?.keys() ?? [])])
    if (were?.get(id) !== are?.get(id)) names.add(id);
  return names;
}

/** Equal for machines that their name means the same of in a rule, where the zones are the same. */
function placeText(machine: Machine): string {
  const networks = machine.kind === 'server' ? machine.addresses : machine.networks;
  const zones = machine.kind === 'server' ? [machine.zone] : machine.zones;
  return JSON.stringify([machine.kind, networks.map(({ value }) => value), zones.map((zone) => zone?.value)]);
}

/** The addresses that a machine has, here and outside. */
function networksOfMachine(machine: Machine, topology: Topology): readonly Network[] {
  return machine.kind === 'server'
    ? networksOf([...machine.addresses, ...machine.publicAddresses])
    : groupNetworks(machine, topology);
}

/** The networks of some machines; `text` is equal where the same ones are those of machines in the same zones. */
export function zonesOfAddresses(
  machines: readonly Machine[],
  topology: Topology,
): { readonly networks: readonly Network[]; readonly text: string } {
  const all = machines.flatMap((machine) => {
    const zones = effectiveZones(machine, topology).map(({ id }) => id);
    return networksOfMachine(machine, topology).map((network) => ({ network, zones }));
  });
  const texts = all.map(
    ({ network: { family, bits, prefix }, zones }) => `${family} ${bits} ${prefix} ${zones.join()}`,
  );
  return { networks: all.map(({ network }) => network), text: texts.sort().join('\n') };
}

/** All networks in which clients of a group may be. */
export function mayBeClients(group: ClientGroup, topology: Topology): readonly Network[] {
  const zones = effectiveZones(group, topology);
  return [...groupNetworks(group, topology), ...zones.flatMap(({ networks }) => networksOf(networks))];
}

/** Answers whether one of some networks has an address in common with one of others, which are looked at once. */
export function meeting(others: readonly Network[]): (some: readonly Network[]) => boolean {
  const ranges = others.map(addressRange);
  const isIn = (family: 4 | 6, from: bigint, to: bigint) =>
    ranges.some((other) => other.family === family && other.low <= to && from <= other.high);
  return (some) =>
    some.some((network) => {
      const { family, bits, prefix } = network;
      // Most are addresses of servers, of which there are thousands.
      if (prefix === widthOf(family)) return isIn(family, bits, bits);
      const { low, high } = addressRange(network);
      return isIn(family, low, high);
    });
}
