// From names to what they name.
import { type NamedKind, SECTIONS } from '../format.ts';
import type { Named, Reference, Server, SqlInstance, Topology } from '../model.ts';
import { byName } from './values.ts';

/** The instances of each server by lower-cased name, made when a reference first asks for them. */
type InstancesByName = Map<Server, ReadonlyMap<string, SqlInstance>>;

function findTarget(topology: Topology, reference: Reference, instances: InstancesByName): Named | undefined {
  const name = reference.name.toLowerCase();
  for (const kind of reference.to) {
    if (kind !== 'instance') {
      // A listener shares the name space of servers where traffic can be from or to it.
      const listener =
        kind === 'server' && reference.to.includes('zone') ? topology.listeners.get(name) : undefined;
      const target = mapOfKind(topology, kind).get(name) ?? listener;
      if (target) return target;
      continue;
    }
    const server = topology.servers.get(reference.server?.toLowerCase() ?? '');
    if (server === undefined) continue;
    let ofServer = instances.get(server);
    if (ofServer === undefined) {
      ofServer = byName(server.instances);
      instances.set(server, ofServer);
    }
    const target = ofServer.get(name);
    if (target) return target;
  }
  return undefined;
}

/** The entries of one kind by lower-cased name. */
export function mapOfKind(
  topology: Topology,
  kind: Exclude<NamedKind, 'instance'>,
): ReadonlyMap<string, Named> {
  return kind === 'listener' ? topology.listeners : topology[SECTIONS[kind]];
}

/** The places that name something, sorted, each with what it names; without those that need not name anything here. */
export function resolvedReferences(topology: Topology, found: Iterable<Reference>): readonly Reference[] {
  const instances: InstancesByName = new Map();
  const references: Reference[] = [];
  for (const reference of found) {
    const target = findTarget(topology, reference, instances);
    // The default instance that nobody names and that is there is no place to point at.
    if (reference.implied && target) continue;
    if (reference.outside && target === undefined) continue;
    // Of a text that is read again most lead where they led before, and a copy of each would be a lot of memory.
    if (reference.target !== target) (reference as { target: Named | undefined }).target = target;
    references.push(reference);
  }
  return references.sort(byPlace);
}

/** The order of references. */
export function byPlace(a: Reference, b: Reference): number {
  return a.span.start - b.span.start;
}
