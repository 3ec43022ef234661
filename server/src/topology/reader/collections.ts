// Reads maps and lists by their shape. Each node is read once per shape, however many aliases lead to it.
import { memo } from '../../collections.ts';
import { t, translated } from '../../l10n.ts';
import type { MapNode, Node, Pair, ScalarNode, SeqNode, Span } from '../../text/tree.ts';
import { entries, type MapEntry, resolve, scalarValue } from '../../text/values.ts';
import { DEFAULT_INSTANCE } from '../effective.ts';
import {
  alternative,
  FORMAT,
  type Key,
  type ListShape,
  type MapShape,
  type NamedShape,
  OWN_KEY,
  type ReferenceMapShape,
  type Shape,
} from '../format.ts';
import type { Reference, Remedy, Written } from '../model.ts';
import { suggest } from '../spoken.ts';
import { checkName } from './names.ts';
import { hasText, namedWord, shortened } from './phrases.ts';
import { type FileReader, outermost, place, report, reportWrongType, type Where } from './reader.ts';
import {
  readBoolean,
  readPortOrRange,
  readRangeList,
  readReference,
  readScalar,
  unknownWord,
} from './scalars.ts';
import {
  type Field,
  Fields,
  type MapValue,
  type NamedEntry,
  NO_FIELDS,
  type ReferenceEntry,
  scalar,
  textOf,
  type Value,
} from './values.ts';

/** The place of an item of a list. */
function ordinal({ owner, server, inEntry }: Where, what: string, number: number): Where {
  return {
    owner: () => t('{0} {1} of {2}', translated(what), number, owner()),
    key: undefined,
    server,
    inEntry,
  };
}

/** What the items of a list are read as, without those that cannot be read. */
function valuesOf(
  { items }: SeqNode,
  readItem: (item: Node, number: number) => Value | undefined,
): readonly Value[] {
  const [only] = items;
  if (only && items.length === 1) {
    // Most lists, and a literal takes a sixth of the memory of a list that something was added to.
    const value = readItem(only, 1);
    return value ? [value] : [];
  }
  const values: Value[] = [];
  for (const item of items) {
    const value = readItem(item, values.length + 1);
    if (value) values.push(value);
  }
  return values;
}

function readItems(reader: FileReader, node: SeqNode, shape: Shape, where: Where): Value {
  const readItem = (item: Node, number: number) =>
    shape.kind === 'map' ? readMapItem(reader, item, shape, where, number) : read(reader, item, shape, where);
  return { kind: 'list', items: valuesOf(node, readItem), node };
}

const NO_REFERENCES: readonly Reference[] = [];

/** What maps in lists without a mistake were read as, such as the rules of a firewall: as entries are remembered. */
const rememberedItems = new WeakMap<Node, MapValue>();

function readMapItem(
  reader: FileReader,
  item: Node,
  shape: MapShape,
  where: Where,
  number: number,
): Value | undefined {
  const known = reader.done === undefined ? rememberedItems.get(item) : undefined;
  if (known && !reader.isDamaged(item.span)) {
    for (const reference of known.references) reader.references.push(reference);
    return known;
  }
  const problems = reader.problems.length;
  const references = reader.references.length;
  const value = read(reader, item, shape, ordinal(where, shape.what, number));
  if (
    value?.kind === 'map' &&
    reader.done === undefined &&
    reader.problems.length === problems &&
    !reader.isDamaged(item.span)
  ) {
    value.references = reader.references.slice(references);
    rememberedItems.set(item, value);
  }
  return value;
}

function readList(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: ListShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'seq') {
    const ofLists = shape.of.kind === 'list' && !shape.of.single && node.items.length > 0;
    if (ofLists && node.items.every(({ kind }) => kind === 'scalar'))
      return reportWrongType(reader, node, shape, where, asList(reader, node));
    const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = shape;
    const count = node.items.length;
    if (count < minimum || count > maximum) {
      const wanted = count > maximum ? t('at most {0}', maximum) : t('at least {0}', minimum);
      report(reader, {
        code: 'invalid-value',
        span: node.span,
        node,
        message: t(
          count === 1 ? '{0} lists {1} value; it takes {2}' : '{0} lists {1} values; it takes {2}',
          place(where),
          count,
          wanted,
        ),
      });
    }
    return readItems(reader, node, shape.of, where);
  }
  if (node.kind === 'scalar' && scalarValue(node) === null) {
    return shape.minimum === undefined
      ? { kind: 'list', items: [], node }
      : reportWrongType(reader, node, shape, where);
  }
  if (shape.single) {
    const value = read(reader, node, shape.of, where);
    return value && { kind: 'list', items: [value], node };
  }
  return reportWrongType(reader, node, shape, where, asList(reader, node));
}

/** The fix that puts brackets around one value or list; undefined for what goes over several lines. */
function asList(reader: FileReader, node: ScalarNode | MapNode | SeqNode): Remedy | undefined {
  if (node.kind === 'map' || (node.kind === 'seq' && !node.flow)) return undefined;
  if (node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded')) return undefined;
  const source = reader.tree.text.slice(node.span.start, node.span.end);
  return { kind: 'replace', span: node.span, text: `[${source}]`, title: t('Make it a list'), safe: false };
}

function readPorts(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape & { kind: 'ports' },
  where: Where,
): Value | undefined {
  const one = (item: Node): Value | undefined => {
    const target = resolve(item);
    if (target === undefined) return undefined;
    if (target.kind !== 'scalar' || scalarValue(target) === null)
      return reportWrongType(reader, target, shape, where);
    return readPortOrRange(reader, target, shape, where);
  };
  if (node.kind === 'scalar' && shape.any && node.text === 'any') return scalar(node, 'any');
  if (node.kind !== 'seq') {
    const value = one(node);
    return value && { kind: 'list', items: [value], node };
  }
  return { kind: 'list', items: valuesOf(node, one), node };
}

/** The map whose keys are read, as a message begins with it: `'servers'`, `server cm01: 'roles'`, `server cm01`. */
function keysOf(where: Where): string {
  return where.key === undefined || where.inEntry ? place(where) : `'${where.key}'`;
}

/** Keys that are collections, and merge keys that merge no map. */
function checkKeys(reader: FileReader, node: MapNode, where: Where): void {
  for (const { key, value } of node.pairs) {
    if (key.kind === 'scalar' && key.text !== '<<') continue;
    const target = resolve(key);
    if (target !== undefined && target.kind !== 'scalar') {
      report(reader, {
        code: 'wrong-type',
        span: key.span,
        node: key,
        message: t('{0}: a key must be text, not {1}', keysOf(where), hasText(target)),
      });
    } else if (key.kind === 'scalar' && key.style === 'plain' && key.text === '<<') {
      const merged = resolve(value);
      const sources = merged?.kind === 'seq' ? merged.items.map(resolve) : [merged];
      if (sources.some((source) => source !== undefined && source.kind !== 'map')) {
        report(reader, {
          code: 'wrong-type',
          span: value.span,
          node: value,
          message: t("{0}: '<<' merges a map or a list of maps", keysOf(where)),
        });
      }
    }
  }
}

/** Who a problem below a key belongs to. */
function ownerBelow(shape: MapShape, key: string, where: Where): Where {
  const { owner, server, inEntry } = where;
  if (shape.what !== 'roles') return { owner, key, server, inEntry };
  return { owner: () => t('{0} on {1}', key, server ?? owner()), key: undefined, server, inEntry };
}

/** What reading a map of some shape needs, worked out once for each shape of the format. */
interface Plan {
  readonly known: ReadonlyMap<string, Key>;
  readonly required: readonly Key[];
  /** Keys that name an instance, with the key that names its server. */
  readonly references: readonly (readonly [string, string])[];
  /** Keys with those that cannot be beside them. */
  readonly exclusions: readonly (readonly [string, readonly string[]])[];
}

// Reader a large file spends a third of its time on this otherwise.
const planOf = memo(
  (shape: MapShape): Plan => ({
    known: new Map(shape.keys.map((key) => [key.name, key])),
    required: shape.keys.filter((key) => key.required || key.requiredIf || key.requiredUnless !== undefined),
    references: shape.keys.flatMap(({ name, shape: inner }) =>
      inner.kind === 'reference' && inner.serverKey ? [[name, inner.serverKey] as const] : [],
    ),
    exclusions: shape.keys.flatMap(({ name, excludes }) => (excludes ? [[name, excludes] as const] : [])),
  }),
);

function readFields(reader: FileReader, node: MapNode, shape: MapShape, where: Where): Fields {
  checkKeys(reader, node, where);
  const plan = planOf(shape);
  const found: Field[] = [];
  let unknown: MapEntry[] | undefined;
  for (const entry of entries(node)) {
    const { name, key, value, pair } = entry;
    const description = plan.known.get(name);
    if (description === undefined) {
      if (shape !== FORMAT || !name.startsWith(OWN_KEY)) {
        unknown ??= [];
        unknown.push(entry);
      }
      continue;
    }
    const below = ownerBelow(shape, name, where);
    // The name as the format has it: another string than that of the text, and so the same one for every field.
    found.push({
      name: description.name,
      value: read(reader, value, description.shape, below, pair),
      key,
      pair,
    });
  }
  const fields = new Fields(found);
  if (unknown) reportUnknown(reader, node, shape, where, unknown);
  for (const [name, serverKey] of plan.references) recordInstance(reader, fields, name, serverKey);
  if (plan.exclusions.length > 0) checkExcluded(reader, fields, plan, where);
  return fields;
}

/** Keys that the format does not have, each with those that it may have meant. */
function reportUnknown(
  reader: FileReader,
  node: MapNode,
  shape: MapShape,
  where: Where,
  unknown: readonly MapEntry[],
): void {
  const names = shape.keys.map((key) => key.name);
  const taken = new Set(node.pairs.map(({ key }) => (key.kind === 'scalar' ? key.text : undefined)));
  const suggestions = unknown.map(({ name }) => suggest(name, names, taken));
  for (const [index, { name, key, value, merged }] of unknown.entries()) {
    const suggestion = suggestions[index];
    if (suggestion === undefined) continue;
    const [meant] = suggestion.names;
    const said = [where.owner(), shortened(name), meant ?? ''] as const;
    const description = meant === undefined ? undefined : planOf(shape).known.get(meant);
    // A change is safe inside an entry, where one name can be meant, no other key there means it too, and its
    // value is what the name takes. The name of a section changes what other entries mean.
    const safe =
      suggestion.certain &&
      description !== undefined &&
      where.inEntry &&
      !merged &&
      !reader.isDamaged(node.span) &&
      suggestions.every((other, at) => at === index || !other.names.includes(description.name)) &&
      fits(reader, value, description.shape, where);
    report(reader, {
      code: 'unknown-key',
      span: key.span,
      node: key,
      message:
        shape.what === 'roles'
          ? t(
              meant === undefined
                ? "{0}: '{1}' is not a role"
                : "{0}: '{1}' is not a role; did you mean '{2}'?",
              ...said,
            )
          : t(
              meant === undefined ? "{0} has no key '{1}'" : "{0} has no key '{1}'; did you mean '{2}'?",
              ...said,
            ),
      suggestion: { names: suggestion.names, safe },
    });
  }
}

/** Whether a value could be read by a shape without a word of complaint. */
function fits(reader: FileReader, value: Node, shape: Shape, where: Where): boolean {
  const trial: FileReader = { ...reader, problems: [], references: [], done: new Map() };
  read(trial, value, shape, where);
  return trial.problems.length === 0;
}

/** Of keys that say the same in different ways, the later one is reported. */
function checkExcluded(reader: FileReader, fields: Fields, { exclusions }: Plan, where: Where): void {
  const told = new Set<Field>();
  for (const [name, others] of exclusions) {
    const field = fields.get(name);
    if (field === undefined) continue;
    for (const other of others) {
      const second = fields.get(other);
      if (second === undefined) continue;
      const later = field.key.span.start > second.key.span.start ? field : second;
      if (told.has(later)) continue;
      told.add(later);
      report(reader, {
        code: 'invalid-value',
        span: later.key.span,
        node: later.key,
        message: t(
          "{0} has both '{1}' and '{2}'; only one of them can apply",
          where.owner(),
          ...(later === field ? [other, name] : [name, other]),
        ),
      });
    }
  }
}

function recordInstance(reader: FileReader, fields: Fields, key: string, serverKey: string): void {
  const server = textOf(fields.get(serverKey));
  const name = textOf(fields.get(key));
  if (name) {
    reader.references.push({
      to: ['instance'],
      name: name.value,
      span: name.span,
      node: name.node,
      target: undefined,
      ...(server ? { server: server.value } : {}),
    });
  } else if (server && !fields.has(key) && !fields.has('availabilityGroup')) {
    reader.references.push({
      to: ['instance'],
      name: DEFAULT_INSTANCE,
      span: server.span,
      node: server.node,
      target: undefined,
      server: server.value,
      implied: true,
    });
  }
}

interface MapPlace {
  readonly at: Node;
  readonly map: MapNode | undefined;
  readonly holder: Pair | undefined;
}

function requireKeys(
  reader: FileReader,
  fields: Fields,
  shape: MapShape,
  { at, map, holder }: MapPlace,
  where: Where,
): void {
  const { required } = planOf(shape);
  if (required.length === 0 || (shape === FORMAT && reader.editionGiven)) return;
  const span = holder ? holder.key.span : at.span;
  for (const key of required) {
    const { name, example } = key;
    if (fields.has(name) || !isRequired(key, fields)) continue;
    if (reader.isDamaged(map?.span ?? span) || reader.isDamaged(span)) continue;
    reader.problems.push({
      code: 'missing-key',
      span: holder || map === undefined || map.pairs.length === 0 ? span : firstKey(map),
      node: at,
      message: t("{0} has no '{1}'; it is required", where.owner(), name),
      remedy: {
        kind: 'insert',
        key: name,
        example: example ?? name,
        ...(map ? { map } : {}),
        ...(holder ? { holder } : {}),
      },
    });
  }
}

/** A whole map is too much to underline: its first key stands for it. */
function firstKey(map: MapNode): Span {
  return map.pairs[0]?.key.span ?? map.span;
}

/** Whether a map needs a key that maps of its shape may need, given those it has. */
function isRequired({ required, requiredIf, requiredUnless }: Key, fields: Fields): boolean {
  if (requiredIf) return textOf(fields.get(requiredIf.key))?.value === requiredIf.is;
  if (requiredUnless !== undefined) return !requiredUnless.some((other) => fields.has(other));
  return required === true;
}

function readMap(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: MapShape,
  where: Where,
  holder?: Pair,
): Value | undefined {
  const empty = node.kind === 'scalar' && scalarValue(node) === null;
  if (node.kind !== 'map' && !empty) {
    const names =
      node.kind === 'seq' && node.items.length > 0 && node.items.every((item) => item.kind === 'scalar');
    const convert = names && shape.what === 'roles' && node.kind === 'seq';
    return reportWrongType(
      reader,
      node,
      shape,
      where,
      convert ? { kind: 'list-to-map', list: node } : undefined,
    );
  }
  const own = node.kind === 'map' ? node : undefined;
  const { owner, key, server, inEntry } = where;
  const nested = key !== undefined && shape.what !== 'roles';
  const inner: Where = {
    owner: nested ? () => t('{0} of {1}', key, owner()) : owner,
    key: undefined,
    server,
    inEntry,
  };
  const fields = own ? readFields(reader, own, shape, inner) : NO_FIELDS;
  requireKeys(reader, fields, shape, { at: node, map: own, holder }, inner);
  return { kind: 'map', fields, node: own, at: node, references: NO_REFERENCES, rule: undefined };
}

function readNamed(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: NamedShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'scalar' && scalarValue(node) === null) return { kind: 'named', entries: [] };
  if (node.kind !== 'map') return reportWrongType(reader, node, shape, where);
  checkKeys(reader, node, where);
  const found: NamedEntry[] = [];
  const first = new Map<string, NamedEntry>();
  for (const { name, key, value, pair } of entries(node)) {
    const known = recall(reader, pair);
    const problems = reader.problems.length;
    const references = reader.references.length;
    if (known === undefined) checkName(reader, shape.names, name, key);
    const entry = known ?? readEntry(reader, { name, key, value, pair }, shape, where);
    if (known === undefined && reader.problems.length === problems && !entry.damaged) {
      remember(reader, pair, entry, reader.references.slice(references));
    }
    const earlier = first.get(entry.id);
    if (earlier === undefined) {
      first.set(entry.id, entry);
      found.push(entry);
      if (reader.done === undefined) reader.build?.(entry, shape.names);
    } else {
      report(reader, {
        code: 'invalid-name',
        span: key.span,
        node: key,
        message: t(
          "{0} '{1}' and '{2}' differ only in case; names are compared without regard to case",
          namedWord(shape.names),
          name,
          earlier.name,
        ),
        related: [{ message: t("'{0}' is here", earlier.name), span: earlier.key.span }],
      });
    }
  }
  return { kind: 'named', entries: found };
}

function readEntry(
  reader: FileReader,
  { name, key, value, pair }: { name: string; key: ScalarNode; value: Node; pair: Pair },
  shape: NamedShape,
  where: Where,
): NamedEntry {
  const { names } = shape;
  const inside: Where = {
    owner: () =>
      names === 'instance'
        ? t('{0} {1} on {2}', namedWord(names), shortened(name), where.server ?? where.owner())
        : t('{0} {1}', namedWord(names), shortened(name)),
    key: undefined,
    server: names === 'server' ? shortened(name) : undefined,
    inEntry: true,
  };
  const inner = read(reader, value, shape.of, inside, pair);
  const fields = inner?.kind === 'map' ? inner.fields : NO_FIELDS;
  const own = inner?.kind === 'map' ? inner.node : undefined;
  const readable = inner !== undefined && !reader.isDamaged(pair.span);
  return {
    name,
    id: name.toLowerCase(),
    key,
    node: own,
    span: pair.span,
    damaged: !readable,
    fields,
    value: inner,
    thing: undefined,
  };
}

/** A map whose keys name something in the file. */
function readReferenceMap(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: ReferenceMapShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'scalar' && scalarValue(node) === null) return { kind: 'reference-map', items: [], node };
  if (node.kind !== 'map') return reportWrongType(reader, node, shape, where);
  checkKeys(reader, node, where);
  const items: ReferenceEntry[] = [];
  for (const { key, value } of entries(node)) {
    const name = readReference(reader, key, shape.key, where);
    if (name?.kind !== 'scalar' || typeof name.written.value !== 'string') continue;
    items.push({ name: name.written as Written<string>, value: read(reader, value, shape.of, where) });
  }
  return { kind: 'reference-map', items, node };
}

const TRUTHS: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no', 'on', 'off']);

/** A value of several kinds: the alternative that fits what is written. Messages name them all. */
function readEither(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape & { kind: 'either' },
  where: Where,
  holder?: Pair,
): Value | undefined {
  const fitting = (wanted: 'map' | 'list') => {
    const chosen = alternative(shape, wanted);
    return chosen
      ? readNew(reader, node, chosen, where, holder)
      : reportWrongType(reader, node, shape, where);
  };
  if (node.kind === 'seq') return fitting('list');
  if (node.kind === 'map' || scalarValue(node) === null) return fitting('map');
  const word = node.text.trim().toLowerCase();
  const isTruth = typeof scalarValue(node) === 'boolean' || TRUTHS.has(word);
  const words = shape.of.find((one) => one.kind === 'words');
  const hasBoolean = shape.of.some(({ kind }) => kind === 'boolean');
  if (hasBoolean && (isTruth || words === undefined)) {
    const remedy = isTruth || alternative(shape, 'list') === undefined ? undefined : asList(reader, node);
    return isTruth || remedy === undefined
      ? readBoolean(reader, node, shape, where)
      : reportWrongType(reader, node, shape, where, remedy);
  }
  if (words?.kind === 'words') {
    if (words.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
    return unknownWord(reader, node, words.words, where, hasBoolean ? t('true or false') : undefined);
  }
  return fitting('list');
}

/**
 * What entries without a mistake were read as. A text that is read again after a change keeps the nodes of the
 * entries that did not change (`reparse.ts`), and with them what they were read as.
 */
const remembered = new WeakMap<
  Pair,
  { readonly entry: NamedEntry; readonly references: readonly Reference[] }
>();

function remember(reader: FileReader, pair: Pair, entry: NamedEntry, references: readonly Reference[]): void {
  // Behind an alias is text of another entry.
  if (reader.done === undefined) remembered.set(pair, { entry, references });
}

/**
 * Reads an entry of a section again after an edit within it, and remembers it; undefined where it has a mistake now or
 * had one. Its references are added to those of the reader.
 * @param before the entry as it was, `after` as it is
 */
export function readAgain(
  reader: FileReader,
  before: Pair,
  after: Pair,
  shape: NamedShape,
): { readonly entry: NamedEntry; readonly references: readonly Reference[] } | undefined {
  const known = remembered.get(before);
  const entry = known && readAlone(reader, after, shape);
  return entry && { entry, references: known.references };
}

/**
 * Reads an entry of a section and remembers it; undefined where it has a mistake.
 * @param reader one that has read nothing yet: it has the references of the entry afterwards
 */
export function readAlone(reader: FileReader, pair: Pair, shape: NamedShape): NamedEntry | undefined {
  const { key, value } = pair;
  if (key.kind !== 'scalar') return undefined;
  checkName(reader, shape.names, key.text, key);
  const entry = readEntry(reader, { name: key.text, key, value, pair }, shape, NO_PLACE);
  if (reader.problems.length > 0 || entry.damaged) return undefined;
  remember(reader, pair, entry, reader.references);
  return entry;
}

/** What an entry was read as, with its references; undefined where it has a mistake. */
export function readBefore(
  pair: Pair,
): { readonly entry: NamedEntry; readonly references: readonly Reference[] } | undefined {
  return remembered.get(pair);
}

/**
 * Forgets what entries were read as that others have taken the place of: what a young entry of a map holds stays through
 * all quick collections, and here that is a text.
 */
export function forgetEntries(gone: readonly Pair[]): void {
  for (const pair of gone) remembered.delete(pair);
}

/** Messages name the entry, and not what it is in. */
const NO_PLACE = outermost(() => '');

function recall(reader: FileReader, pair: Pair): NamedEntry | undefined {
  const known = reader.done === undefined ? remembered.get(pair) : undefined;
  if (known === undefined || reader.isDamaged(pair.span)) return undefined;
  reader.references.push(...known.references);
  return known.entry;
}

/** Reads a node by a shape, once. `holder` is the pair whose value the node is. */
export function read(
  reader: FileReader,
  node: Node,
  shape: Shape,
  where: Where,
  holder?: Pair,
): Value | undefined {
  const target = resolve(node);
  if (target === undefined) return undefined;
  if (reader.done === undefined) return readNew(reader, target, shape, where, holder);
  let byShape = reader.done.get(target);
  if (byShape?.has(shape)) return byShape.get(shape);
  if (byShape === undefined) {
    byShape = new Map();
    reader.done.set(target, byShape);
  }
  // An alias inside its own anchor finds the place taken and gets nothing.
  byShape.set(shape, undefined);
  const value = readNew(reader, target, shape, where, node === target ? holder : undefined);
  byShape.set(shape, value);
  return value;
}

function readNew(
  reader: FileReader,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape,
  where: Where,
  holder?: Pair,
): Value | undefined {
  switch (shape.kind) {
    case 'list':
      return readList(reader, node, shape, where);
    case 'ports':
      return readPorts(reader, node, shape, where);
    case 'range':
      return node.kind === 'seq'
        ? readRangeList(reader, node, shape, where)
        : node.kind === 'scalar'
          ? readScalar(reader, node, shape, where)
          : reportWrongType(reader, node, shape, where);
    case 'map':
      return readMap(reader, node, shape, where, holder);
    case 'named':
      return readNamed(reader, node, shape, where);
    case 'reference-map':
      return readReferenceMap(reader, node, shape, where);
    case 'either':
      return readEither(reader, node, shape, where, holder);
    default:
      return node.kind === 'scalar'
        ? readScalar(reader, node, shape, where)
        : reportWrongType(reader, node, shape, where);
  }
}
