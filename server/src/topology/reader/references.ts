// From names to what they name.
import { countOfFirst, getOrAdd, without } from '../../collections.ts';
import type { Node, Span } from '../../text/tree.ts';
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

/** What is known of a list of references. */
interface Listing {
  /** Those that it leaves out. */
  readonly others: readonly Reference[];
  /** Those in it that lead nowhere. */
  readonly unknown: ReadonlySet<Reference>;
  /** Made at the first edit, and from then on brought up to date: the list after an edit takes it over. */
  byName?: ByName | undefined;
}

/** The references of a list by the names that are in them, in lower case. */
type ByName = Map<string, Reference[]>;

const listings = new WeakMap<readonly Reference[], Listing>();

const NONE: readonly Reference[] = [];

/** The references of a file that name nothing in it, in their order. */
export function unknownReferences({ references }: Topology): readonly Reference[] {
  if (listings.get(references)?.unknown.size === 0) return NONE;
  return references.filter(({ target }) => target === undefined);
}

/** Whether a reference is one of a sorted list. */
export function isAmong(reference: Reference, references: readonly Reference[]): boolean {
  const { start } = reference.span;
  for (let at = firstFrom(references, start); references[at]?.span.start === start; at++)
    if (references[at] === reference) return true;
  return false;
}

/** The places that name something, sorted, each with what it names; without those that need not name anything here. */
export function resolvedReferences(topology: Topology, found: Iterable<Reference>): readonly Reference[] {
  const isListed = resolver(topology);
  const references: Reference[] = [];
  const others: Reference[] = [];
  for (const reference of found) (isListed(reference) ? references : others).push(reference);
  references.sort(byPlace);
  const unknown = new Set(references.filter(({ target }) => target === undefined));
  listings.set(references, { others, unknown });
  return references;
}

/**
 * The same after an edit, of which every other reference leads where it led.
 * @param topology as it is now
 * @param list what the function gave before
 * @param place from where the first of what was read again begins, also before the edit, to where the last one ends now
 * @param gone the nodes of the references of what was read again
 * @param fresh the references that it has now, which may be of the same nodes
 * @param changed the names, in lower case, that something else has now, or nothing, or that nothing had before
 */
export function referencesAfter(
  topology: Topology,
  list: readonly Reference[],
  { start, end }: Span,
  gone: ReadonlySet<Node>,
  fresh: readonly Reference[],
  changed: ReadonlySet<string>,
): readonly Reference[] {
  const isListed = resolver(topology);
  const before = listings.get(list);
  const { others: left = [], byName = indexed(new Map(), list) } = before ?? {};
  if (before) before.byName = undefined;
  const unknown = new Set(before?.unknown ?? list.filter(({ target }) => target === undefined));
  // What is gone is where it was before the edit, and behind it is nothing that is before the end now.
  const first = firstFrom(list, start);
  const stay: Reference[] = [];
  const leave = new Set<Reference>();
  let last = first;
  for (let one = list[last]; one; one = list[++last]) {
    if (gone.has(one.node)) {
      unknown.delete(one);
      leave.add(one);
      continue;
    }
    if (one.span.start >= end) break;
    stay.push(one);
  }
  takeOut(byName, leave);
  let references = list.toSpliced(first, last - first, ...stay);
  const others: Reference[] = [];
  const late: Reference[] = [];
  const note = (reference: Reference, stays: boolean) => {
    if (stays && reference.target === undefined) unknown.add(reference);
    else unknown.delete(reference);
  };
  for (const one of new Set([...changed].flatMap((name) => byName.get(name) ?? []))) {
    const stays = isListed(one);
    if (!stays) others.push(one);
    note(one, stays);
  }
  if (others.length > 0) {
    const out = new Set(others);
    takeOut(byName, out);
    references = references.filter((one) => !out.has(one));
  }
  const kept = left.filter(({ node }) => !gone.has(node));
  for (const reference of [...kept, ...fresh]) (isListed(reference) ? late : others).push(reference);
  for (const reference of late) note(reference, true);
  late.sort(byPlace);
  for (let next = 0, count = 0; next < late.length; next += count) {
    // Of two at one place the one that is left out at times is the later one.
    const at = firstFrom(references, startOf(late[next]) + 1);
    for (count = 1; next + count < late.length; count++)
      if (startOf(late[next + count]) >= startOf(references[at])) break;
    references.splice(at, 0, ...late.slice(next, next + count));
  }
  listings.set(references, { others, unknown, byName: indexed(byName, late) });
  return references;
}

function startOf(reference: Reference | undefined): number {
  return reference?.span.start ?? Number.POSITIVE_INFINITY;
}

function namesIn({ name, server }: Reference): readonly string[] {
  return server === undefined ? [name.toLowerCase()] : [name.toLowerCase(), server.toLowerCase()];
}

/** Puts references into an index, and gives it back. */
function indexed(byName: ByName, references: readonly Reference[]): ByName {
  for (const one of references) for (const name of namesIn(one)) getOrAdd(byName, name, () => []).push(one);
  return byName;
}

function takeOut(byName: ByName, references: ReadonlySet<Reference>): void {
  for (const name of new Set([...references].flatMap(namesIn))) {
    without(byName, name, (one) => references.has(one));
    if (byName.get(name)?.length === 0) byName.delete(name);
  }
}

/** The number of the first of some sorted references that begins at a place or behind it. */
function firstFrom(references: readonly Reference[], place: number): number {
  return countOfFirst(references, ({ span }) => span.start < place);
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
