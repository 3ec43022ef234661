// What the named objects of a device stand for: addresses and services, which refer to one another.

import { faultsOf, type ServiceList, sharedServices } from './device.ts';
import { type Ends, namedEnds } from './ends.ts';
import type { Words } from './model.ts';
import type { PortObject } from './objects.ts';
import { isSpoken, NO_SERVICES, type Services } from './traffic.ts';
import { optionWord, shownValue } from './values.ts';

/** Groups in groups are looked into so deep. */
export const MOST_NESTED = 30;

/** What an address or a group of them stands for. */
export interface NamedAddress {
  readonly ends: Ends;
  readonly faults: readonly string[];
}

/** What a service or a group of them stands for. */
export interface NamedService {
  readonly services: Services;
  readonly faults: readonly string[];
  readonly isInexact: boolean;
  /** Set where it is a group of the device. */
  readonly object?: PortObject | undefined;
}

/** An address that cannot be told, and why. */
export function noAddress(fault: string): NamedAddress {
  return { ends: namedEnds([]), faults: [fault] };
}

/** A service that cannot be told, and why. */
export function noService(fault: string): NamedService {
  return { services: NO_SERVICES, faults: [fault], isInexact: false };
}

interface Nested<T> {
  /** What a message calls it, should it be a group. */
  readonly group: string;
  readonly depth: number;
  /** Makes what stands for a group that cannot be told, of why. */
  readonly none: (fault: string) => T;
}

/** What a name stands for, looked up once. A group that holds itself, or is nested too deep, is none. */
export function lookedUp<T>(
  known: Map<string, T>,
  key: string,
  { group, depth, none }: Nested<T>,
  look: () => T,
): T {
  const before = known.get(key);
  if (before) return before;
  if (depth > MOST_NESTED) return none(`${group} is nested too deep`);
  known.set(key, none(`${group} holds itself`));
  const found = look();
  known.set(key, found);
  return found;
}

/** A name that no address of the configuration has: what the user said of it, if anything. */
export function addressSaid(name: string, words: Words): NamedAddress {
  const said = words.ends(name);
  if (said) return { ends: said, faults: [] };
  return noAddress(
    `${shownValue(name)} is no address of the configuration; say what it stands for with --map ${optionWord(name, 'WORD')}=NAMES`,
  );
}

/** A name that no service of the configuration has: what the user said of it, if anything. */
export function serviceSaid(name: string, words: Words): NamedService {
  const said = words.ports(name);
  if (said) return { services: { ...NO_SERVICES, tcp: said }, faults: [], isInexact: false };
  return noService(
    `the service ${shownValue(name)} is not in the configuration; say its TCP ports with --map ${optionWord(name, 'SERVICE')}=PORTS`,
  );
}

/** A group of services; it is an object of the topology where that can say all of it. */
export function serviceGroup(name: string, scope: string, parts: readonly NamedService[]): NamedService {
  const services = servicesTogether(parts);
  return {
    services,
    faults: faultsOf(parts),
    isInexact: parts.some((part) => part.isInexact),
    object: isSpoken(services) && !services.other ? { name, scope, services } : undefined,
  };
}

/** What all of them have together. */
export function servicesTogether(parts: readonly NamedService[]): Services {
  return parts.reduce((sum, part) => sharedServices(sum, part.services), NO_SERVICES);
}

/** Groups by their names, and beside them what the other services have together. */
export function serviceList(parts: readonly NamedService[]): ServiceList {
  return {
    direct: servicesTogether(parts.filter((one) => !one.object)),
    groups: parts.flatMap((one) => one.object ?? []),
  };
}
