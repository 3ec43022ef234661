// What a place of the file speaks of: the zone, site, server, … that is defined or named there.
import type { Analysis } from '../analysis.ts';
import type { Span } from '../text/tree.ts';
import { nodePathAt } from '../text/values.ts';
import { SECTIONS } from '../topology/format.ts';
import type { NamedListener, Reference, Role, SqlInstance, Topology } from '../topology/model.ts';
import { touches } from './place.ts';

type SectionMap = Topology[(typeof SECTIONS)[keyof typeof SECTIONS]];

/** Everything that is in a file under a name: the entries of its sections, and what is inside of them. */
export type Thing =
  | (SectionMap extends ReadonlyMap<string, infer Entry> ? Entry : never)
  | NamedListener
  | SqlInstance;

export interface Subject {
  readonly thing: Thing;
  /** The word under the cursor: the key of its definition, or the place that names it. */
  readonly span: Span;
  /** Whether the cursor is on the definition itself. */
  readonly definition: boolean;
}

/** Every named thing of the file, in the order of the file's sections; instances come after their server. */
export function* thingsOf(topology: Topology): Iterable<Thing> {
  for (const section of Object.values(SECTIONS)) {
    for (const thing of topology[section].values()) {
      yield thing;
      if (thing.kind === 'server') yield* thing.instances;
    }
    if (section === 'availabilityGroups') yield* topology.listeners.values();
  }
}

/** The thing that is defined or named at an offset; undefined where there is none. */
export function subjectAt(analysis: Analysis, offset: number): Subject | undefined {
  const { topology } = analysis;
  const reference = referenceAt(analysis, offset);
  if (reference?.target !== undefined) {
    // Of an alias it is the place of the alias that was asked about.
    const span = touches(reference.span, offset)
      ? reference.span
      : nodePathAt(analysis.tree, offset).at(-1)?.span;
    return { thing: reference.target as Thing, span: span ?? reference.span, definition: false };
  }
  for (const thing of thingsOf(topology)) {
    // An instance that nobody wrote has the key of its role.
    if (thing.kind === 'instance' && thing.implicit) continue;
    if (touches(thing.key.span, offset)) return { thing, span: thing.key.span, definition: true };
  }
  return undefined;
}

/** The reference at an offset. On an alias (`*name`) it is the reference of the anchored text. */
export function referenceAt(analysis: Analysis, offset: number): Reference | undefined {
  const direct = analysis.topology.references.find(({ span, implied }) => !implied && touches(span, offset));
  if (direct !== undefined) return direct;
  const innermost = nodePathAt(analysis.tree, offset).at(-1);
  if (innermost === undefined || !('kind' in innermost) || innermost.kind !== 'alias') return undefined;
  const { target } = innermost;
  if (target === undefined) return undefined;
  return analysis.topology.references.find(
    ({ span, implied }) => !implied && span.start === target.span.start,
  );
}

/** The role whose name is at an offset. */
export function roleAt(analysis: Analysis, offset: number): Role | undefined {
  for (const server of analysis.topology.servers.values()) {
    const role = server.roles.find(({ key }) => touches(key.span, offset));
    if (role !== undefined) return role;
  }
  return undefined;
}

/** Every place where someone wrote a thing's name, the definition left out, in file order. */
export function referencesTo(topology: Topology, thing: Thing): readonly Reference[] {
  return topology.references
    .filter(({ target, implied }) => target === thing && !implied)
    .toSorted((a, b) => a.span.start - b.span.start);
}
