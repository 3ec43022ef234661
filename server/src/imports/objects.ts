// Named objects and groups of a device, which a topology has as address groups and port groups.
import { type Ends, isWhole, namedEnds, together } from './ends.ts';
import type { Services } from './traffic.ts';

/** A group of addresses that may become one of `addressGroups:`. */
export interface AddressObject {
  /** As the device calls it. */
  readonly name: string;
  /** Where the device has several of that name: which one, for a name that stays when others are added. */
  readonly scope: string;
  /** Its members, each a network or another object; together they are `ends`. */
  readonly members: readonly Ends[];
  /** Everything in it, without names of objects. */
  readonly ends: Ends;
}

/** A group of ports that may become one of `portGroups:`. */
export interface PortObject {
  readonly name: string;
  readonly scope: string;
  readonly services: Services;
}

/** The groups of one file. In {@link Ends}, a group is among the names under a mark that no name can be. */
export interface Objects {
  /** Adds a group, and gives what stands for it. */
  add(object: AddressObject): Ends;
  /** The group that a name stands for; undefined for a name of the topology. */
  at(name: string): AddressObject | undefined;
}

const MARK = '\u0000';

export function newObjects(): Objects {
  const list: AddressObject[] = [];
  return {
    add(object) {
      // What stands for every address says more than its name.
      if (object.ends.ranges.some(isWhole)) return object.ends;
      list.push(object);
      return namedEnds([`${MARK}${list.length - 1}`]);
    },
    at: (name) => (name.startsWith(MARK) ? list[Number(name.slice(1))] : undefined),
  };
}

/** Groups replaced by what is in them. */
export function flat(ends: Ends, objects: Objects): Ends {
  if (!ends.names.some((name) => objects.at(name))) return ends;
  return together([
    { ranges: ends.ranges, names: [] },
    ...ends.names.map((name) => objects.at(name)?.ends ?? namedEnds([name])),
  ]);
}
