// The groups of a device as `addressGroups:` and `portGroups:`, with names that a topology takes.
import { hash } from '../exports/firewall/rules.ts';
import { type AddressRange, addressRange, joinedRanges, networksOf } from '../reach/addresses.ts';
import { ALL_PORTS, type PortSet, portSet } from '../reach/ports.ts';
import { looksLikeAddress } from '../topology/address.ts';
import type { PortGroup, Topology } from '../topology/model.ts';
import { type Ends, sameName } from './ends.ts';
import { type Naming, namedIn, naming } from './names.ts';
import type { AddressObject, Objects, PortObject } from './objects.ts';
import type { Services } from './traffic.ts';

/** Names for groups, and which of them were used. */
export interface GroupNaming {
  /** Who some ends are, groups among them. */
  readonly say: Naming;
  readonly port: (group: PortObject) => string;
  /** The groups that were named so far, in the order in which they were, those of others among them. */
  readonly addresses: () => readonly {
    readonly name: string;
    readonly own: string;
    readonly members: Ends[];
  }[];
  readonly ports: () => readonly {
    readonly name: string;
    readonly own: string;
    readonly services: Services;
  }[];
}

const NAME = /^[A-Za-z0-9._-]{1,63}$/;
/** Words that stand for something else where an address group may be. */
const WORDS = new Set(['any', 'internet', 'true', 'false', 'yes', 'no', 'null']);

/**
 * A group whose addresses are those of a machine, group or zone of the topology gets that name, one of ports that of a
 * port group with the same. Any other keeps its own where it can; else it gets a suffix made of that name, which stays when other groups come or go.
 */
export function groupNaming(topology: Topology | undefined, objects: Objects | undefined): GroupNaming {
  const speak = naming(topology);
  const known = new Map<string, string>();
  const taken = new Set<string>();
  if (topology) {
    for (const { name, ranges } of [...namedIn(topology), ...groupsIn(topology)]) {
      const key = keyOf(ranges);
      if (!known.has(key)) known.set(key, name);
    }
    const { zones, servers, clients, addressGroups, availabilityGroups } = topology;
    for (const map of [zones, servers, clients, addressGroups]) {
      for (const id of map.keys()) taken.add(id.toLowerCase());
    }
    for (const { listener } of availabilityGroups.values()) {
      if (listener?.name) taken.add(listener.name.value.toLowerCase());
    }
  }
  /** The zone of the internet, where a group is all of it and nothing inside. */
  const internet = (ranges: readonly AddressRange[]): string | undefined => {
    const texts = speak({ ranges, names: [] });
    const zone = texts.length === 1 ? topology?.zones.get(texts[0]?.toLowerCase() ?? '') : undefined;
    return zone?.internet ? zone.name : undefined;
  };
  const addressNames = new Map<AddressObject, string>();
  const used: AddressObject[] = [];
  const addressName = (object: AddressObject): string => {
    const found = addressNames.get(object);
    if (found !== undefined) return found;
    const same =
      object.ends.names.length === 0
        ? (known.get(keyOf(object.ends.ranges)) ?? internet(object.ends.ranges))
        : undefined;
    const name = same ?? free(object, taken);
    addressNames.set(object, name);
    if (same === undefined) {
      used.push(object);
      for (const { names } of object.members) {
        for (const one of names) {
          const inner = objects?.at(one);
          if (inner) addressName(inner);
        }
      }
    }
    return name;
  };

  const portsTaken = new Set([...(topology?.portGroups.keys() ?? [])].map((id) => id.toLowerCase()));
  const portNames = new Map<PortObject, string>();
  const portsUsed: PortObject[] = [];
  return {
    say({ ranges, names }) {
      const plain: string[] = [];
      const groups: string[] = [];
      for (const name of names) {
        const object = objects?.at(name);
        if (object) groups.push(addressName(object));
        else plain.push(name);
      }
      const texts = speak({ ranges, names: plain });
      return groups.length === 0 ? texts : [...new Set([...groups, ...texts])];
    },
    port(group) {
      const found = portNames.get(group);
      if (found !== undefined) return found;
      const alike = [...(topology?.portGroups.values() ?? [])].filter((one) =>
        isSamePorts(one, group.services),
      );
      const same = alike.find((one) => sameName(one.name, group.name)) ?? alike[0];
      const name = same?.name ?? free(group, portsTaken);
      portNames.set(group, name);
      if (!same) portsUsed.push(group);
      return name;
    },
    addresses: () =>
      used.map((object) => ({
        name: addressName(object),
        own: object.name,
        members: [...object.members],
      })),
    ports: () =>
      portsUsed.map((group) => ({
        name: portNames.get(group) ?? group.name,
        own: group.name,
        services: group.services,
      })),
  };
}

function free(
  { name, scope }: { readonly name: string; readonly scope: string },
  taken: Set<string>,
): string {
  const isPlain = NAME.test(name) && !looksLikeAddress(name) && !WORDS.has(name.toLowerCase());
  let found = name;
  for (let salt = 0; found !== name || !isPlain || taken.has(found.toLowerCase()); salt++) {
    const plain = name
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .slice(0, 50)
      .replace(/^[^A-Za-z]+/, '')
      .replace(/[^A-Za-z0-9]{1,50}$/, '');
    const suffix = hash(JSON.stringify(salt === 0 ? [name, scope] : [name, scope, salt])).slice(0, 6);
    found = `${plain || 'group'}-${suffix}`;
    if (!taken.has(found.toLowerCase())) break;
  }
  taken.add(found.toLowerCase());
  return found;
}

const keyOf = (ranges: readonly AddressRange[]): string =>
  ranges.map(({ family, low, high }) => `${family}:${low.toString(16)}-${high.toString(16)}`).join(',');

/** Address groups of the topology that hold addresses and named machines alone. */
function groupsIn(
  topology: Topology,
): readonly { readonly name: string; readonly ranges: readonly AddressRange[] }[] {
  if (topology.addressGroups.size === 0) return [];
  const own = new Map(namedIn(topology).map(({ name, ranges }) => [name.toLowerCase(), ranges]));
  const rangesOf = (id: string, depth: number): readonly AddressRange[] | undefined => {
    const found = own.get(id);
    if (found) return found;
    const group = topology.addressGroups.get(id);
    if (!group || depth > 20) return undefined;
    const parts = group.members.map((member) => {
      const networks = networksOf([member]);
      return networks.length > 0
        ? networks.map(addressRange)
        : rangesOf(member.value.toLowerCase(), depth + 1);
    });
    if (parts.includes(undefined)) return undefined;
    const ranges = joinedRanges(parts.flatMap((part) => part ?? []));
    own.set(id, ranges);
    return ranges;
  };
  return [...topology.addressGroups.values()].flatMap(({ name, id }) => {
    const ranges = rangesOf(id, 0);
    return ranges && ranges.length > 0 ? [{ name, ranges }] : [];
  });
}

function isSamePorts(group: PortGroup, { tcp, udp, icmp }: Services): boolean {
  const is = (a: PortSet | undefined, b: PortSet) => JSON.stringify(a ?? []) === JSON.stringify(b);
  const plain = (ports: PortGroup['tcp']): PortSet | undefined =>
    ports === 'any' ? ALL_PORTS : ports && portSet(ports.map(({ value }) => value));
  return is(plain(group.tcp), tcp) && is(plain(group.udp), udp) && (group.icmp?.value ?? false) === icmp;
}
