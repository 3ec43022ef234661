// What reading makes of a node, by its shape: values, fields of maps, entries of sections.
import type { MapNode, Node, Pair, ScalarNode } from '../../text/tree.ts';
import type { FirewallRule, Named, PortRange, Ports, Reference, Written } from '../model.ts';

type Scalar = string | number | boolean | PortRange;

/** What a node turned out to be, by its shape. */
export type Value =
  | { readonly kind: 'scalar'; readonly written: Written<Scalar> }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly node: Node }
  | MapValue
  | { readonly kind: 'named'; readonly entries: readonly NamedEntry[] }
  | { readonly kind: 'reference-map'; readonly items: readonly ReferenceEntry[]; readonly node: Node };

export interface MapValue {
  readonly kind: 'map';
  readonly fields: Fields;
  readonly node: MapNode | undefined;
  readonly at: Node;
  /** Of an item of a list that is remembered: what it names. */
  references: readonly Reference[];
  /** The firewall rule that it stands for, once that was built. */
  rule: FirewallRule | undefined;
}

export interface ReferenceEntry {
  readonly name: Written<string>;
  readonly value: Value | undefined;
}

export interface Field {
  readonly name: string;
  readonly value: Value | undefined;
  readonly key: ScalarNode;
  readonly pair: Pair;
}

/** The keys of a map that its shape has. They are few: a list is made in a third of the time that a Map takes. */
export class Fields {
  /** In the order in which they are written. */
  readonly all: readonly Field[];

  constructor(all: readonly Field[]) {
    this.all = all;
  }

  get(name: string): Field | undefined {
    for (const field of this.all) if (field.name === name) return field;
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }
}

export interface NamedEntry extends Named {
  readonly fields: Fields;
  /** What its shape made of it; `fields` are those of a map. */
  readonly value: Value | undefined;
  /** What it stands for in the model, once that was built. */
  thing: Named | undefined;
}

/** What a thing of the model has of its entry. */
export function namedOf({ name, id, key, node, span, damaged }: NamedEntry): Named {
  return { name, id, key, node, span, damaged };
}

/**
 * Forgets what something was read as, once what it stands for has been built: two thirds of what a file is read into.
 */
export function release(read: { readonly fields: Fields; readonly value?: Value | undefined }): void {
  const own = read as { fields: Fields; value?: Value | undefined };
  own.fields = NO_FIELDS;
  if (own.value !== undefined) own.value = undefined;
}

export const NO_FIELDS = new Fields([]);

export const written = <T>(node: Node, value: T): Written<T> => ({ value, span: node.span, node });

export const scalar = (node: Node, value: Scalar): Value => ({
  kind: 'scalar',
  written: written(node, value),
});

export function textOf(field: Field | undefined): Written<string> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'string') return undefined;
  return value.written as Written<string>;
}

export function numberOf(field: Field | undefined): Written<number> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'number') return undefined;
  return value.written as Written<number>;
}

export function booleanOf(field: Field | undefined): Written<boolean> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'boolean') return undefined;
  return value.written as Written<boolean>;
}

export function rangeValue(field: Field | undefined): Written<PortRange> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'object') return undefined;
  return value.written as Written<PortRange>;
}

/** The one empty list of all that has none. */
const NONE: readonly never[] = [];

export function itemsOf(field: Field | undefined): readonly Value[] {
  return field?.value?.kind === 'list' ? field.value.items : NONE;
}

export function listOf<T extends Scalar>(field: Field | undefined): readonly Written<T>[] {
  return scalarsOf<T>(itemsOf(field));
}

export function scalarsOf<T extends Scalar>(items: readonly Value[]): readonly Written<T>[] {
  if (items.length === 0) return NONE;
  const [only] = items;
  if (items.length === 1) return only?.kind === 'scalar' ? [only.written as Written<T>] : NONE;
  const found: Written<T>[] = [];
  for (const item of items) if (item.kind === 'scalar') found.push(item.written as Written<T>);
  // Of the length that it has: there are many, and each is kept.
  return found.slice();
}

export function mapOf(field: Field | undefined): { fields: Fields; node: MapNode } | undefined {
  const value = field?.value;
  return value?.kind === 'map' && value.node ? { fields: value.fields, node: value.node } : undefined;
}

export function writtenPorts(field: Field | undefined): Ports | undefined {
  if (field?.value === undefined) return undefined;
  if (field.value.kind === 'scalar') return 'any';
  return listOf<PortRange>(field);
}

/** Keys are lower-cased names, in file order. */
export function byName<T extends Named>(named: readonly T[]): ReadonlyMap<string, T> {
  const map = new Map<string, T>();
  for (const one of named) map.set(one.id, one);
  return map;
}
