// Which zones of the topology are behind the interfaces and zones of a device.
import { word } from '../print/escape.ts';
import { type AddressRange, addressRange, networksOf } from '../reach/addresses.ts';
import { effectiveZones, lookup } from '../topology/effective.ts';
import { type Ends, namedEnds, sameName } from './ends.ts';
import type { Words } from './model.ts';

/** An interface or zone of the device. */
export interface Port {
  readonly name: string;
  /** Other names of it: an alias, its interfaces. */
  readonly also?: readonly string[];
  /** What is connected to it, and what static routes send there. */
  readonly networks: readonly AddressRange[];
  /** Whether the default route goes there. */
  readonly isDefault?: boolean;
}

export interface Placing {
  /** What is behind it; undefined where nothing says so, which is remembered. */
  ends(name: string): Ends | undefined;
  /** Whether it is known what is behind it. */
  has(name: string): boolean;
  /** The zones of everything that is behind some port, in the order of the ports. */
  readonly zones: readonly string[];
  /** The names of all ports. */
  readonly ports: readonly string[];
  /** What was asked for and is not known. */
  readonly unmapped: readonly string[];
}

/**
 * By what the user says, else by equal names, else by the networks behind it. Without a topology, and without
 * `--between`, a device's own names are the names of zones.
 */
export function placing(ports: readonly Port[], words: Words): Placing {
  const { topology } = words;
  const known = new Map<string, Ends>();
  const own = !topology && words.zones.length === 0;
  const byRoute = topology ? routed(ports, words) : new Map<string, readonly string[]>();
  const zones: string[] = [];
  const addZone = (zone: string) => {
    if (!zones.some((one) => sameName(one, zone))) zones.push(zone);
  };
  const endsOf = (name: string, also: readonly string[] = []): Ends | undefined => {
    const all = [name, ...also];
    for (const one of all) {
      const said = words.ends(one);
      if (said) return said;
    }
    for (const one of all) {
      const zone = topology
        ? lookup(topology.zones, one)?.name
        : words.zones.find((zone) => sameName(zone, one));
      if (zone !== undefined) return namedEnds([zone]);
    }
    const behind = byRoute.get(name);
    if (behind) return namedEnds(behind);
    return own ? namedEnds([word(name, 63)]) : undefined;
  };
  const isZone = (name: string) =>
    topology ? lookup(topology.zones, name) !== undefined : !words.zones.length || hasName(words.zones, name);
  const place = (name: string, also?: readonly string[]): Ends | undefined => {
    const ends = endsOf(name, also);
    if (!ends) return undefined;
    known.set(name, ends);
    for (const one of ends.names) {
      const machine = topology && (lookup(topology.servers, one) ?? lookup(topology.clients, one));
      if (isZone(one)) addZone(one);
      else if (machine) for (const zone of effectiveZones(machine, topology)) addZone(zone.name);
    }
    return ends;
  };
  for (const { name, also } of ports) place(name, also);
  const unmapped: string[] = [];
  return {
    has: (name) => known.has(name),
    ends(name) {
      const found = known.get(name) ?? place(name);
      if (!found && !unmapped.includes(name)) unmapped.push(name);
      return found;
    },
    zones,
    ports: ports.map(({ name }) => name),
    unmapped,
  };
}

function hasName(names: readonly string[], name: string): boolean {
  return names.some((one) => sameName(one, name));
}

/** A zone is behind a port where every one of its networks goes there and nowhere else. */
function routed(ports: readonly Port[], { topology }: Words): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const routes = ports.flatMap(({ name, networks }) => networks.map((range) => ({ name, range })));
  const size = ({ low, high }: AddressRange) => high - low;
  const isIn = (inner: AddressRange, outer: AddressRange) =>
    inner.family === outer.family && outer.low <= inner.low && inner.high <= outer.high;
  for (const { name, networks, internet } of topology?.zones.values() ?? []) {
    const ranges = [...networksOf(networks)].map(addressRange);
    const behind = new Set<string | undefined>();
    for (const range of ranges) {
      let best: (typeof routes)[number] | undefined;
      const inside = new Set<string>();
      for (const route of routes) {
        if (isIn(range, route.range)) {
          if (!best || size(route.range) < size(best.range)) best = route;
        } else if (isIn(route.range, range)) inside.add(route.name);
      }
      if (inside.size === 0) behind.add(best?.name);
      else if (inside.size === 1 && (!best || inside.has(best.name))) behind.add([...inside][0]);
      else behind.add(undefined);
    }
    if (ranges.length === 0 && internet) {
      for (const port of ports) if (port.isDefault) behind.add(port.name);
    }
    const [only] = behind;
    if (behind.size !== 1 || only === undefined) continue;
    const list = found.get(only);
    if (list) list.push(name);
    else found.set(only, [name]);
  }
  return found;
}
