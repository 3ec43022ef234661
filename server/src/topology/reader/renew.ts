// What an edit of one entry changes in the model: the properties that say something else than before.
import type { RowChange } from '../../text/reparse.ts';
import type { Node, Pair, Span, TextTree } from '../../text/tree.ts';
import { replaced } from '../difference.ts';
import { FORMAT, keyOf } from '../format.ts';
import type { Firewall, Named, Reference, Server, Topology } from '../model.ts';
import { BUILDERS, type Reading, readingOf, rebuilt, thingOf } from './build.ts';
import { forgetEntries, readAgain, readAlone, readBefore } from './collections.ts';
import { damageCheck, type FileReader } from './reader.ts';
import { referencesAfter, resolvedReferences } from './references.ts';
import type { NamedEntry } from './values.ts';

type Build = (entry: NamedEntry, reading: Reading) => Named;

/** Where a thing is written; what it says is in its other properties. */
const PLACES: ReadonlySet<string> = new Set(['key', 'node', 'span']);

type Parts = Record<string, unknown>;

/** What an edit of one entry changed. */
export interface Renewal {
  /** The properties that say something else, by their paths; `references` where the entry names something else. */
  readonly properties: ReadonlySet<string>;
  readonly topology: Topology;
  /** The section of the thing that was renewed, the thing, and what it said before; nothing where all is as it was. */
  readonly renewed?: { readonly section: string; readonly thing: Named; readonly before: object };
}

/**
 * Renews the thing that an entry stands for in place, where only some of its properties say something else: who holds
 * the thing need not look for it again.
 * @param topology the one of before the edit, without a problem
 * @param before the entry of the earlier tree, `after` that of the new one, with its nodes wherever they say the same
 * @param isAllowed whether a property, such as `clients.count` or `firewalls.rules.ticket`, may change in place
 * @returns undefined where nothing was renewed and the file is to be read anew
 */
export function renewEntry(
  topology: Topology,
  tree: TextTree,
  section: string,
  { before, after }: { readonly before: Pair; readonly after: Pair },
  isAllowed: (property: string) => boolean,
): Renewal | undefined {
  const build = (BUILDERS as Readonly<Record<string, Build | undefined>>)[section];
  const shape = keyOf(FORMAT, section)?.shape;
  // Behind an alias is text of another entry.
  if (build === undefined || shape?.kind !== 'named' || tree.text.includes('*')) return undefined;
  const reader = readerOf(tree);
  const again = readAgain(reader, before, after, shape);
  if (again === undefined) return undefined;
  const { entry } = again;
  const thing = (topology[section as keyof Topology] as ReadonlyMap<string, Named>).get(entry.id);
  if (thing === undefined) return undefined;
  const changes: Change[] = [];
  compare(partsOf(thing), partsOf(build(entry, readingOf(reader))), section, changes, isAllowed);
  const properties = new Set(changes.flatMap(({ property }) => property ?? []));
  const named = changedReferences(topology, after.span, again.references, reader.references);
  if (named) properties.add('references');
  if (named === 'unknown' || ![...properties].every(isAllowed)) return undefined;
  const earlier = { ...partsOf(thing) };
  for (const { of, key, value } of changes) of[key] = value;
  rebuilt(entry, thing);
  if (before !== after) forgetEntries([before]);
  return {
    properties,
    topology: { ...topology, tree, references: named ?? topology.references },
    renewed: { section, thing, before: earlier },
  };
}

/** Reads entries of a file without a mistake and without an alias. */
function readerOf(tree: TextTree): FileReader {
  return {
    tree,
    problems: [],
    references: [],
    done: undefined,
    isDamaged: () => false,
    editionGiven: false,
  };
}

/**
 * The references of a file in which an entry names something else; undefined where it names what it named, `unknown`
 * where something that it names or named is not there.
 */
function changedReferences(
  topology: Topology,
  place: Span,
  before: readonly Reference[],
  after: readonly Reference[],
): readonly Reference[] | 'unknown' | undefined {
  if (before.length === after.length && before.every(({ node }, index) => node === after[index]?.node))
    return undefined;
  const nodes = new Set(before.map(({ node }) => node));
  const fresh = resolvedReferences(topology, after);
  const isIn = ({ node }: Reference) => nodes.has(node);
  if ([...topology.references.filter(isIn), ...fresh].some(({ target }) => target === undefined))
    return 'unknown';
  return referencesAfter(topology, topology.references, place, nodes, after, NO_NAMES);
}

const NO_NAMES: ReadonlySet<string> = new Set();

type Markable = { -readonly [Key in keyof Pick<Named, 'damaged'>]: Named[Key] };

/**
 * Marks what an entry was read as, and its parts, where a key that is being typed is no YAML yet: everything else is as it
 * was read without that line.
 * @param topology the one of the text without the line, without a problem
 * @param entry of the section, with the nodes that it was read from
 * @returns takes the marks off again; undefined where the file is to be read anew
 */
export function markDamaged(
  topology: Topology,
  tree: TextTree,
  section: string,
  { key, span }: Pair,
): (() => void) | undefined {
  // What an alias brings to other places is damaged there, too.
  if (!(section in BUILDERS) || key.kind !== 'scalar' || tree.text.includes('*')) return undefined;
  const things = topology[section as keyof Topology] as ReadonlyMap<string, Named>;
  const thing = things.get(key.text.toLowerCase());
  if (thing?.key !== key) return undefined;
  const isDamaged = damageCheck(tree);
  const parts: Markable[] = [];
  if (isDamaged(span)) {
    parts.push(thing);
    for (const listener of topology.listeners.values()) if (listener.group === thing) parts.push(listener);
  }
  if (section === 'servers')
    for (const instance of (thing as Server).instances)
      if (isDamaged(instance.implicit ? span : instance.span)) parts.push(instance);
  if (section === 'firewalls')
    parts.push(...(thing as Firewall).rules.filter((rule) => isDamaged(rule.span)));
  const marked = parts.filter(({ damaged }) => !damaged);
  for (const part of marked) part.damaged = true;
  return () => {
    for (const part of marked) part.damaged = false;
  };
}

/** The sections whose entries can come and go one by one: of what is in others more follows. */
const MACHINES = ['servers', 'clients'] as const;

/**
 * The topology after an edit of servers or of client groups in a row, in which all others are the same objects.
 * @param topology the one of before the edit, without a problem
 * @returns undefined where the file is to be read anew
 */
export function replaceEntries(
  topology: Topology,
  tree: TextTree,
  { section: name, before, after, isWhole }: RowChange,
): Topology | undefined {
  const section = MACHINES.find((one) => one === name);
  const shape = keyOf(FORMAT, name)?.shape;
  if (section === undefined || shape?.kind !== 'named' || !isWhole || topology.problems.length > 0)
    return undefined;
  if (tree.text.includes('*')) return undefined;
  // The order of machines decides where several would do.
  const stays = after.filter((pair) => before.includes(pair));
  if (before.filter((pair) => after.includes(pair)).some((pair, index) => pair !== stays[index]))
    return undefined;
  const ids = new Set<string>();
  const nodes = new Set<Node>();
  for (const pair of before) {
    if (after.includes(pair)) continue;
    const known = readBefore(pair);
    if (known === undefined) return undefined;
    ids.add(known.entry.id);
    for (const { node } of known.references) nodes.add(node);
  }
  const fresh: Named[] = [];
  const references: Reference[] = [];
  for (const pair of after) {
    if (before.includes(pair)) continue;
    const reader = readerOf(tree);
    const entry = readAlone(reader, pair, shape);
    if (entry === undefined || fresh.some(({ id }) => id === entry.id)) return undefined;
    if (!ids.has(entry.id) && isTaken(entry.id, topology)) return undefined;
    const build = BUILDERS[section] as Build;
    fresh.push(thingOf(reader, entry, (one) => build(one, readingOf(reader))));
    references.push(...reader.references);
  }
  const things = replaced<Named>(topology[section], ids, fresh);
  if (things === undefined) return undefined;
  const changed: Topology = { ...topology, tree, [section]: things };
  for (const { id } of fresh) ids.add(id);
  forgetEntries(before.filter((pair) => !after.includes(pair)));
  const place: Span = {
    start: Math.min(...[...before, ...after].map(({ span }) => span.start)),
    end: Math.max(...after.map(({ span }) => span.end)),
  };
  return {
    ...changed,
    references: referencesAfter(changed, topology.references, place, nodes, references, ids),
  };
}

/** Whether something has a name that machines may not have, too. */
function isTaken(id: string, topology: Topology): boolean {
  return (['zones', 'servers', 'clients', 'addressGroups', 'listeners'] as const).some((section) =>
    topology[section].has(id),
  );
}

const partsOf = (thing: object) => thing as Parts;

/** A part of a thing that is to have another value; without a property it is a place. */
interface Change {
  readonly of: Parts;
  readonly key: string;
  readonly value: unknown;
  readonly property?: string;
}

function compare(
  before: Parts,
  after: Parts,
  path: string,
  changes: Change[],
  isAllowed: (property: string) => boolean,
): void {
  if (before === after) return;
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [a, b] = [before[key], after[key]];
    if (isSame(a, b, before, after)) continue;
    if (PLACES.has(key)) {
      changes.push({ of: before, key, value: b });
      continue;
    }
    const property = `${path}.${key}`;
    if (key === 'rules' && Array.isArray(a) && Array.isArray(b) && a.length === b.length) {
      // A rule of which others need not know stays the same object.
      const inner: Change[] = [];
      for (const [index, rule] of a.entries()) compare(rule, b[index], property, inner, isAllowed);
      if (inner.every((one) => one.property === undefined || isAllowed(one.property))) {
        changes.push(...inner);
        continue;
      }
    }
    changes.push({ of: before, key, value: b, property });
  }
}

/** Whether two parts say the same at the same nodes; `before` and `after` are the things that they are of. */
function isSame(a: unknown, b: unknown, before: object, after: object): boolean {
  if (a === b || (a === before && b === after)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const areSame = (one: readonly unknown[], other: readonly unknown[]) =>
    one.length === other.length && one.every((each, index) => isSame(each, other[index], before, after));
  if (Array.isArray(a)) return Array.isArray(b) && areSame(a, b);
  if (a instanceof Map) return b instanceof Map && areSame([...a].flat(), [...b].flat());
  const [one, other] = [a as Parts, b as Parts];
  // A node that was not kept is none of the tree any more, though it says the same.
  if (isPlace(one) || isPlace(other)) return false;
  // Whatever was read of a node that was kept is the same.
  if (one.node !== undefined || other.node !== undefined) return one.node === other.node;
  const keys = Object.keys(one);
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(one[key], other[key], before, after))
  );
}

const NODES: ReadonlySet<unknown> = new Set(['scalar', 'map', 'seq', 'alias']);

/** Whether something is a node, or a stretch of the text. */
function isPlace(part: Parts): boolean {
  return NODES.has(part.kind) || typeof part.start === 'number';
}
