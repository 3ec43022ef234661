// What `from` and `to` of a firewall rule stand for.
import { getOrAdd } from '../collections.ts';
import { looksLikeAddress, type Network, parseNetwork } from '../topology/address.ts';
import { lookup } from '../topology/effective.ts';
import type {
  AddressGroup,
  ClientGroup,
  NamedListener,
  Server,
  Topology,
  Written,
  Zone,
} from '../topology/model.ts';
import { memoOfThings } from '../topology/things.ts';
import { networksOf } from './addresses.ts';

/** An end of a rule that stands for one thing of the file, or for addresses. */
export type SingleEnd =
  | { readonly kind: 'any' }
  | { readonly kind: 'zone'; readonly zone: Zone }
  | { readonly kind: 'server'; readonly server: Server }
  | { readonly kind: 'clients'; readonly clients: ClientGroup }
  | { readonly kind: 'listener'; readonly listener: NamedListener }
  | { readonly kind: 'network'; readonly network: Network };

/** An end of a rule, as the file means it. */
export type RuleEnd =
  | SingleEnd
  /** `groups` are the group and those in it, each once; `members` those of all of them, in the order written. */
  | {
      readonly kind: 'address-group';
      readonly groups: readonly AddressGroup[];
      readonly members: readonly SingleEnd[];
    };

/** One of the two ends of a rule. */
export type Side = 'from' | 'to';

// Thousands of rules name the same few machines, and each rule is asked several times.
const endsByWord = memoOfThings(() => new Map<string, RuleEnd | undefined>());

/** What a word in `from` or `to` means; undefined for a name that the file does not have, also one in a group. */
export function ruleEnd(text: string, topology: Topology): RuleEnd | undefined {
  return getOrAdd(endsByWord(topology), text, () => findEnd(text, topology));
}

function findEnd(text: string, topology: Topology): RuleEnd | undefined {
  const single = singleEnd(text, topology);
  if (single) return single;
  const group = lookup(topology.addressGroups, text);
  return group && findMembers(group, topology);
}

function singleEnd(text: string, topology: Topology): SingleEnd | undefined {
  if (text === 'any') return { kind: 'any' };
  if (looksLikeAddress(text)) {
    const network = parseNetwork(text);
    return network && { kind: 'network', network };
  }
  const zone = lookup(topology.zones, text);
  if (zone) return { kind: 'zone', zone };
  const server = lookup(topology.servers, text);
  if (server) return { kind: 'server', server };
  const clients = lookup(topology.clients, text);
  if (clients) return { kind: 'clients', clients };
  const listener = lookup(topology.listeners, text);
  return listener && { kind: 'listener', listener };
}

/** Goes through the groups in a group. A group that holds itself is reported by a rule of its own. */
function findMembers(start: AddressGroup, topology: Topology): RuleEnd | undefined {
  const found: SingleEnd[] = [];
  const groups = new Set([start]);
  for (const { members } of groups) {
    for (const { value } of members) {
      const single = singleEnd(value, topology);
      const inner = single ? undefined : lookup(topology.addressGroups, value);
      if (single) found.push(single);
      else if (inner) groups.add(inner);
      else return undefined;
    }
  }
  return { kind: 'address-group', groups: [...groups], members: found };
}

/** What some words of `from` or `to` mean, the members of address groups in their place; undefined for an unknown name. */
export function singleEnds(
  words: readonly Pick<Written<string>, 'value'>[],
  topology: Topology,
): readonly SingleEnd[] | undefined {
  const [only] = words;
  const first = only && words.length === 1 ? ruleEnd(only.value, topology) : undefined;
  // Most are one word.
  if (first && first.kind !== 'address-group') return [first];
  const found: SingleEnd[] = [];
  for (const { value } of words) {
    const end = ruleEnd(value, topology);
    if (!end) return undefined;
    if (end.kind === 'address-group') found.push(...end.members);
    else found.push(end);
  }
  return found;
}

/** The addresses by which rules may name a server: its own, and those that stand for it outside. */
export function serverNetworks(server: Server): readonly Network[] {
  const own = networksOf(server.addresses);
  return server.publicAddresses.length === 0 ? own : [...own, ...networksOf(server.publicAddresses)];
}
