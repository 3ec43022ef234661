// From names to what they name.
import type { Node } from '../../text/tree.ts';
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

/** What lists of references leave out. */
const leftOut = new WeakMap<readonly Reference[], readonly Reference[]>();

/** The places that name something, sorted, each with what it names; without those that need not name anything here. */
export function resolvedReferences(topology: Topology, found: Iterable<Reference>): readonly Reference[] {
  const isListed = resolver(topology);
  const references: Reference[] = [];
  const others: Reference[] = [];
  for (const reference of found) (isListed(reference) ? references : others).push(reference);
  references.sort(byPlace);
  leftOut.set(references, others);
  return references;
}

/**
 * The same after an edit, of which every other reference leads where it led.
 * @param topology as it is now
 * @param list what the function gave before
 * @param gone the nodes of the references of what was read again
 * @param fresh the references that it has now, which may be of the same nodes
 * @param changed the names, in lower case, that something else has now, or nothing, or that nothing had before
 */
export function referencesAfter(
  topology: Topology,
  list: readonly Reference[],
  gone: ReadonlySet<Node>,
  fresh: readonly Reference[],
  changed: ReadonlySet<string>,
): readonly Reference[] {
  const isListed = resolver(topology);
  const lengths = new Set([...changed].map((name) => name.length));
  const isChanged = (name: string | undefined) =>
    name !== undefined && lengths.has(name.length) && changed.has(name.toLowerCase());
  const references: Reference[] = [];
  const others: Reference[] = [];
  const late: Reference[] = [];
  for (const reference of list) {
    if (gone.has(reference.node)) continue;
    const isSame = !isChanged(reference.name) && !isChanged(reference.server);
    (isSame || isListed(reference) ? references : others).push(reference);
  }
  const kept = (leftOut.get(list) ?? []).filter(({ node }) => !gone.has(node));
  for (const reference of [...kept, ...fresh]) (isListed(reference) ? late : others).push(reference);
  for (const reference of late) {
    let at = references.length;
    // Of two at one place the one that is left out at times is the later one.
    if (reference.span.start < (references[at - 1]?.span.start ?? 0)) at = firstBehind(references, reference);
    references.splice(at, 0, reference);
  }
  leftOut.set(references, others);
  return references;
}

/** The number of the first of some sorted references that is behind another. */
function firstBehind(references: readonly Reference[], { span: { start } }: Reference): number {
  let low = 0;
  let high = references.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((references[middle] as Reference).span.start <= start) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Says what a reference names, and answers whether it is listed. */
function resolver(topology: Topology): (reference: Reference) => boolean {
  const instances: InstancesByName = new Map();
  return (reference) => {
    const target = findTarget(topology, reference, instances);
    // The default instance that nobody names and that is there is no place to point at.
    if (reference.implied && target) return false;
    if (reference.outside && target === undefined) return false;
    // Of a text that is read again most lead where they led before, and a copy of each would be a lot of memory.
    if (reference.target !== target) (reference as { target: Named | undefined }).target = target;
    return true;
  };
}

/** The order of references. */
function byPlace(a: Reference, b: Reference): number {
  return a.span.start - b.span.start;
}
