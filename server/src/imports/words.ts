// What the user says that words of the source stand for.
import type { AddressRange } from '../reach/addresses.ts';
import { portSet } from '../reach/ports.ts';
import { lookup, rpcRange } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { ANYONE, type Ends, endsOfRanges, type KnownNames, namedEnds, sameName, together } from './ends.ts';
import type { Words } from './model.ts';
import { namesIn } from './names.ts';
import type { Objects } from './objects.ts';
import { addressesIn, portsIn } from './values.ts';

/**
 * @param said by the word in lower case: names of the topology, addresses, networks, or ports
 * @param zones names of which it is known that they are zones
 * @param inside the protected machine: its dynamic RPC ports are what `RPC` stands for
 * @param given those of the zones that the user named
 */
export function wordMaker(
  said: ReadonlyMap<string, readonly string[]>,
  topology: Topology | undefined,
  zones: readonly string[],
  inside: string,
  given: readonly string[] = zones,
): Words {
  return {
    topology,
    zones: given,
    ...(topology ? namesIn(topology) : namesOfZones(zones)),
    ends(word) {
      const texts = said.get(word.toLowerCase());
      if (!texts) return undefined;
      const parts = texts.map((text): Ends => {
        if (text.toLowerCase() === 'any') return ANYONE;
        const range = addressesIn(text);
        return range ? endsOfRanges([range]) : namedEnds([text]);
      });
      return together(parts);
    },
    saidOfOthers: (words) =>
      [...said].flatMap(([word, texts]) => (words.some((one) => sameName(one, word)) ? [] : texts)),
    ports(word) {
      const texts = said.get(word.toLowerCase());
      if (texts) {
        const sets = texts.map(portsIn);
        return sets.includes(undefined) ? undefined : portSet(sets.flatMap((set) => set ?? []));
      }
      if (word.toLowerCase() !== 'rpc' || !topology) return undefined;
      const server = lookup(topology.servers, inside);
      const range = server ? rpcRange(server, topology) : undefined;
      return range && portSet([range.value]);
    },
  };
}

/** Without a topology only this is known: different zones have no machine in common. */
function namesOfZones(zones: readonly string[]): KnownNames {
  const isZone = (name: string) => zones.some((zone) => sameName(zone, name));
  return {
    rangesOf: () => undefined,
    isPart: (name, other) =>
      sameName(name, other) ? true : isZone(name) && isZone(other) ? false : undefined,
  };
}

/** The words with the groups as names of which the addresses are known. */
export function wordsWith(words: Words, objects: Objects): Words {
  const rangesOf = (name: string): readonly AddressRange[] | undefined => {
    const object = objects.at(name);
    if (!object) return words.rangesOf(name);
    if (object.ends.names.length === 0) return object.ends.ranges;
    const parts = object.ends.names.map((one) => words.rangesOf(one));
    if (parts.includes(undefined)) return undefined;
    return together([object.ends, ...parts.map((ranges) => ({ ranges: ranges ?? [], names: [] }))]).ranges;
  };
  return {
    ...words,
    rangesOf,
    isPart: (name, other) =>
      objects.at(name) || objects.at(other) ? name === other || undefined : words.isPart(name, other),
  };
}
