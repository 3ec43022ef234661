// Reads a tree into a topology by the format's description. It takes any tree: what does not fit
// is reported as a problem and left out, and what the text layer could not read is passed over in
// silence. Each node is read once per shape, however many aliases lead to it.
import { editionOf } from '../catalog/index.ts';
import type { Edition } from '../catalog/types.ts';
import { isDate } from '../date.ts';
import { marked, t, translated } from '../l10n.ts';
import { nearWords } from '../text/near.ts';
import type { MapNode, Node, Pair, ScalarNode, SeqNode, Span, TextTree } from '../text/tree.ts';
import { entries, resolve, scalarValue } from '../text/values.ts';
import { looksLikeAddress, parseAddress, parseNetwork } from './address.ts';
import { DEFAULT_INSTANCE } from './effective.ts';
import {
  alternative,
  FORMAT,
  type Key,
  keyOf,
  type ListShape,
  type MapShape,
  type NamedKind,
  type NamedShape,
  OWN_KEY,
  type ReferenceMapShape,
  type ReferenceShape,
  type Shape,
  type Word,
} from './format.ts';
import type {
  AddressGroup,
  AvailabilityGroup,
  BoundaryFallback,
  BoundaryGroup,
  ClientGroup,
  ClientPorts,
  Firewall,
  FirewallRule,
  FormatProblem,
  Listener,
  Named,
  NamedListener,
  OptionValue,
  Policy,
  PortGroup,
  PortRange,
  Ports,
  Reference,
  Remedy,
  Replica,
  Role,
  RoleDatabase,
  RoleDatabaseKey,
  Server,
  Site,
  SiteDatabase,
  SiteType,
  SqlInstance,
  Topology,
  WebProxy,
  Written,
  Zone,
} from './model.ts';

type Scalar = string | number | boolean | PortRange;

/** What a node turned out to be, by its shape. */
type Value =
  | { readonly kind: 'scalar'; readonly written: Written<Scalar> }
  | { readonly kind: 'list'; readonly items: readonly Value[]; readonly node: Node }
  | { readonly kind: 'map'; readonly fields: Fields; readonly node: MapNode | undefined; readonly at: Node }
  | { readonly kind: 'named'; readonly entries: readonly Entry[] }
  | { readonly kind: 'reference-map'; readonly items: readonly ReferenceEntry[]; readonly node: Node };

interface ReferenceEntry {
  readonly name: Written<string>;
  readonly value: Value | undefined;
}

interface Field {
  readonly value: Value | undefined;
  readonly key: ScalarNode;
  readonly pair: Pair;
}
type Fields = ReadonlyMap<string, Field>;

interface Entry extends Named {
  readonly fields: Fields;
  /** What its shape made of it; `fields` are those of a map. */
  readonly value: Value | undefined;
}

interface Reading {
  readonly tree: TextTree;
  readonly problems: FormatProblem[];
  readonly references: Reference[];
  /** What was read of each node; undefined where the text has no aliases, so that nothing is met twice. */
  readonly done: Map<Node, Map<Shape, Value | undefined>> | undefined;
  readonly isDamaged: (span: Span) => boolean;
  readonly editionGiven: boolean;
}

/** More repeated SQL Server instances than this come from aliases that multiply; the rest is left out. */
const MAX_REPEATED_INSTANCES = 20_000;
const NO_FIELDS: Fields = new Map();
const NAME = /^[A-Za-z0-9._-]+$/;
const MAX_NAME = 63;
const RANGE = /^(\d{1,9})-(\d{1,9})$/;
const MAX_PORT = 65535;

// --- Words for messages ----------------------------------------------------------------------

const NAMED_WORDS: Readonly<Record<NamedKind, string>> = {
  zone: marked('zone'),
  site: marked('site'),
  server: marked('server'),
  clients: marked('client group'),
  'availability-group': marked('availability group'),
  instance: marked('instance'),
  firewall: marked('firewall'),
  listener: marked('listener'),
  'boundary-group': marked('boundary group'),
  'address-group': marked('address group'),
  'port-group': marked('port group'),
};

/** What a thing of a kind is called in messages. */
export const namedWord = (kind: NamedKind): string => translated(NAMED_WORDS[kind]);

/** Values can be long; a message shows their beginning. */
function shown(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

function listing(names: readonly string[]): string {
  const quoted = names.map((name) => `'${name}'`);
  const last = quoted.pop();
  if (last === undefined || quoted.length === 0) return last ?? '';
  return t('{0} or {1}', quoted.join(t(', ')), last);
}

/** What a shape wants, after 'needs'. */
export function wants(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return t('text');
    case 'boolean':
      return t('true or false');
    case 'integer':
      return shape.maximum === undefined
        ? t('a whole number from {0}', shape.minimum)
        : t('a whole number from {0} to {1}', shape.minimum, shape.maximum);
    case 'port':
      return t('a port number from 1 to 65535');
    case 'range':
      return t('a range of ports such as 49152-65535');
    case 'ports':
      return shape.any
        ? t("a port, a range of ports, or a list of them, or 'any'")
        : t('a port, a range of ports, or a list of them');
    case 'address':
      return t('an IPv4 or IPv6 address');
    case 'network':
      return t('a network such as 10.10.0.0/16');
    case 'date':
      return t('a date as YYYY-MM-DD');
    case 'words':
      return shape.words.length > 6 ? t('one of its words') : listing(shape.words.map(({ name }) => name));
    case 'edition':
      return t('an edition of the port catalog or a version such as 2403');
    case 'exception':
      return t('a program, a predefined group, tcp/PORT or udp/PORT');
    case 'reference': {
      const kinds = shape.to.map((kind) =>
        t(/^[aeiou]/.test(kind) ? 'the name of an {0}' : 'the name of a {0}', namedWord(kind)),
      );
      const others = [
        ...(shape.words ?? []).map(({ name }) => `'${name}'`),
        ...(shape.networks ? [t('an address')] : []),
      ];
      return alternatives([...kinds, ...others]);
    }
    case 'list':
      return t(shape.single ? '{0}, or a list of these' : 'a list, each item {0}', wants(shape.of));
    case 'either':
      return alternatives(shape.of.map(wants));
    case 'map':
      return shape.what === 'roles'
        ? t('a map from roles to their options')
        : t('a map with {0}', listing(shape.keys.slice(0, 3).map(({ name }) => name)));
    case 'named':
      return t('a map from names to {0}s', namedWord(shape.names));
    case 'reference-map':
      return t('a map from {0}s to the roles that fall back to them', namedWord('boundary-group'));
  }
}

function alternatives(texts: readonly string[]): string {
  return texts.slice(1).reduce((before, text) => t('{0} or {1}', before, text), texts[0] ?? '');
}

function isWritten(node: Node): string {
  if (node.kind === 'map') return t('a map');
  if (node.kind === 'seq') return t('a list');
  if (node.kind === 'alias') return `*${node.name}`;
  return `'${shown(node.text)}'`;
}

// --- Problems --------------------------------------------------------------------------------

interface Where {
  /** `server cm01`, `management-point on cm01`. */
  readonly owner: string;
  /** The key whose value is read, where there is one. */
  readonly key: string | undefined;
  /** The bare name of the server that it is on. */
  readonly server?: string;
}

const place = (where: Where) =>
  where.key === undefined ? where.owner : t("{0}: '{1}'", where.owner, where.key);

function report(reading: Reading, problem: FormatProblem): void {
  if (!reading.isDamaged(problem.span)) reading.problems.push(problem);
}

function wrongType(reading: Reading, node: Node, shape: Shape, where: Where, remedy?: Remedy): undefined {
  const empty = node.kind === 'scalar' && node.text === '' && node.style === 'plain';
  report(reading, {
    code: 'wrong-type',
    span: node.span,
    node,
    message: empty
      ? t('{0} has no value; it needs {1}', place(where), wants(shape))
      : t('{0} needs {1}, not {2}', place(where), wants(shape), isWritten(node)),
    ...(remedy ? { remedy } : {}),
  });
  return undefined;
}

function replacement(node: Node, text: string, safe: boolean): Remedy {
  return { kind: 'replace', span: node.span, text, title: t('Replace with {0}', text), safe };
}

// --- Scalars ---------------------------------------------------------------------------------

const written = <T>(node: Node, value: T): Written<T> => ({ value, span: node.span, node });
const scalar = (node: Node, value: Scalar): Value => ({ kind: 'scalar', written: written(node, value) });
const isQuoted = (node: ScalarNode) => node.style !== 'plain';

/** A whole number in plain digits. */
const DIGITS = /^[0-9]{1,15}$/;

function readBoolean(reading: Reading, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'boolean') return scalar(node, value);
  const word = node.text.trim().toLowerCase();
  if (isQuoted(node) && (word === 'true' || word === 'false')) {
    return wrongType(reading, node, shape, where, replacement(node, word, true));
  }
  const meant = { yes: 'true', on: 'true', no: 'false', off: 'false' }[word];
  return wrongType(reading, node, shape, where, meant ? replacement(node, meant, false) : undefined);
}

function notNumber(reading: Reading, node: ScalarNode, shape: Shape, where: Where): undefined {
  const digits = isQuoted(node) && DIGITS.test(node.text);
  return wrongType(reading, node, shape, where, digits ? replacement(node, node.text, true) : undefined);
}

function readInteger(
  reading: Reading,
  node: ScalarNode,
  shape: Shape & { kind: 'integer' },
  where: Where,
): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const { minimum, maximum } = shape;
    if (value >= minimum && (maximum === undefined || value <= maximum)) return scalar(node, value);
    report(reading, {
      code: 'invalid-value',
      span: node.span,
      node,
      message:
        maximum === undefined
          ? t('{0} is {1}; it must be {2} or more', place(where), value, minimum)
          : t('{0} is {1}; it must be from {2} to {3}', place(where), value, minimum, maximum),
    });
    return undefined;
  }
  return notNumber(reading, node, shape, where);
}

function badPort(reading: Reading, node: Node, what: string, where: Where, remedy?: Remedy): undefined {
  report(reading, {
    code: 'invalid-port',
    span: node.span,
    node,
    message: t('{0}: {1}', place(where), what),
    ...(remedy ? { remedy } : {}),
  });
  return undefined;
}

function readPort(reading: Reading, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (value >= 1 && value <= MAX_PORT) return scalar(node, value);
    return badPort(
      reading,
      node,
      t('{0} is no port; ports go from 1 to {1}', shown(node.text), MAX_PORT),
      where,
    );
  }
  return notNumber(reading, node, shape, where);
}

function readRange(reading: Reading, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const match = RANGE.exec(node.text);
  if (!match) return wrongType(reading, node, shape, where);
  const low = Number(match[1]);
  const high = Number(match[2]);
  if (low < 1 || high < 1 || low > MAX_PORT || high > MAX_PORT) {
    return badPort(
      reading,
      node,
      t('{0} leaves the ports; they go from 1 to {1}', node.text, MAX_PORT),
      where,
    );
  }
  if (low > high) {
    const swapped = `${high}-${low}`;
    return badPort(
      reading,
      node,
      t('the range {0} has its high end first; write {1}', node.text, swapped),
      where,
      {
        kind: 'replace',
        // Quotes stay where there are some.
        span: isQuoted(node) ? { start: node.span.start + 1, end: node.span.end - 1 } : node.span,
        text: swapped,
        title: t('Write {0}', swapped),
        safe: node.style !== 'literal' && node.style !== 'folded',
      },
    );
  }
  return scalar(node, { low, high });
}

function readPortOrRange(reading: Reading, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  if (RANGE.test(node.text)) return readRange(reading, node, shape, where);
  const value = readPort(reading, node, shape, where);
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'number') return undefined;
  return scalar(node, { low: value.written.value, high: value.written.value });
}

function unknownWord(
  reading: Reading,
  node: ScalarNode,
  allowed: readonly Word[],
  where: Where,
  also?: string,
): undefined {
  const names = allowed.map(({ name }) => name);
  const tail =
    names.length > 8
      ? ''
      : also === undefined
        ? t('; write {0}', listing(names))
        : t('; write {0}, {1}', listing(names), also);
  report(reading, {
    code: 'invalid-value',
    span: node.span,
    node,
    message: t("{0} has no word '{1}'{2}", place(where), shown(node.text), tail),
    expected: names,
  });
  return undefined;
}

const EXCEPTION_PORT = /^(tcp|udp)\/(\d{1,9})$/;

function readException(
  reading: Reading,
  node: ScalarNode,
  shape: Shape & { kind: 'exception' },
  where: Where,
): Value | undefined {
  const match = EXCEPTION_PORT.exec(node.text);
  if (match) {
    const number = Number(match[2]);
    if (number >= 1 && number <= MAX_PORT) return scalar(node, `${match[1]}/${number}`);
    return badPort(reading, node, t('{0} is no port; ports go from 1 to {1}', node.text, MAX_PORT), where);
  }
  if (shape.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
  return unknownWord(reading, node, shape.words, where, t('tcp/PORT or udp/PORT'));
}

function readAddress(
  reading: Reading,
  node: ScalarNode,
  withPrefix: boolean,
  where: Where,
): Value | undefined {
  if ((withPrefix ? parseNetwork(node.text) : parseAddress(node.text)) !== undefined)
    return scalar(node, node.text);
  const network = !withPrefix && parseNetwork(node.text) !== undefined;
  report(reading, {
    code: 'invalid-address',
    span: node.span,
    node,
    message: network
      ? t('{0}: {1} is a network; write one address without a prefix length', place(where), node.text)
      : t(
          withPrefix
            ? "{0}: '{1}' is no address or network such as 10.10.0.0/16"
            : "{0}: '{1}' is no IPv4 or IPv6 address",
          place(where),
          shown(node.text),
        ),
  });
  return undefined;
}

function readReference(
  reading: Reading,
  node: ScalarNode,
  shape: ReferenceShape,
  where: Where,
): Value | undefined {
  const name = node.text;
  if (shape.words?.some((word) => word.name === name)) return scalar(node, name);
  if (shape.networks && looksLikeAddress(name)) return readAddress(reading, node, true, where);
  // An instance is recorded with its server, where its map is read.
  if (!shape.to.includes('instance')) {
    const outside = shape.outside ? { outside: true } : {};
    reading.references.push({ to: shape.to, name, span: node.span, node, ...outside });
  }
  return scalar(node, name);
}

function readScalar(reading: Reading, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const empty = scalarValue(node) === null || (node.text === '' && shape.kind !== 'text');
  if (empty) return shape.kind === 'text' ? undefined : wrongType(reading, node, shape, where);
  switch (shape.kind) {
    case 'text':
      return scalar(node, node.text);
    case 'boolean':
      return readBoolean(reading, node, shape, where);
    case 'integer':
      return readInteger(reading, node, shape, where);
    case 'port':
      return readPort(reading, node, shape, where);
    case 'range':
      return readRange(reading, node, shape, where);
    case 'address':
      return readAddress(reading, node, false, where);
    case 'network':
      return readAddress(reading, node, true, where);
    case 'date':
      if (isDate(node.text)) return scalar(node, node.text);
      report(reading, {
        code: 'invalid-value',
        span: node.span,
        node,
        message: t("{0}: '{1}' is no date; write it as YYYY-MM-DD", place(where), shown(node.text)),
      });
      return undefined;
    case 'edition':
      // The rule `unknown-edition` judges it.
      return scalar(node, node.text);
    case 'words':
      if (shape.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
      return unknownWord(reading, node, shape.words, where);
    case 'exception':
      return readException(reading, node, shape, where);
    case 'reference':
      return readReference(reading, node, shape, where);
    default:
      return wrongType(reading, node, shape, where);
  }
}

// --- Collections -----------------------------------------------------------------------------

function readItems(reading: Reading, node: SeqNode, shape: Shape, where: Where): Value {
  const items: Value[] = [];
  for (const item of node.items) {
    const ordinal =
      shape.kind === 'map'
        ? {
            ...where,
            owner: t('{0} {1} of {2}', translated(shape.what), items.length + 1, where.owner),
            key: undefined,
          }
        : where;
    const value = read(reading, item, shape, ordinal);
    if (value) items.push(value);
  }
  return { kind: 'list', items, node };
}

function readList(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: ListShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'seq') {
    const { minimum = 0, maximum = Number.POSITIVE_INFINITY } = shape;
    const count = node.items.length;
    if (count < minimum || count > maximum) {
      const wanted = count > maximum ? t('at most {0}', maximum) : t('at least {0}', minimum);
      report(reading, {
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
    return readItems(reading, node, shape.of, where);
  }
  if (node.kind === 'scalar' && scalarValue(node) === null) {
    return shape.minimum === undefined
      ? { kind: 'list', items: [], node }
      : wrongType(reading, node, shape, where);
  }
  if (shape.single) {
    const value = read(reading, node, shape.of, where);
    return value && { kind: 'list', items: [value], node };
  }
  return wrongType(reading, node, shape, where, asList(reading, node));
}

function readPorts(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape & { kind: 'ports' },
  where: Where,
): Value | undefined {
  const one = (item: Node): Value | undefined => {
    const target = resolve(item);
    if (target === undefined) return undefined;
    if (target.kind !== 'scalar' || scalarValue(target) === null)
      return wrongType(reading, target, shape, where);
    return readPortOrRange(reading, target, shape, where);
  };
  if (node.kind === 'scalar' && shape.any && node.text === 'any') return scalar(node, 'any');
  if (node.kind !== 'seq') {
    const value = one(node);
    return value && { kind: 'list', items: [value], node };
  }
  return { kind: 'list', items: node.items.map(one).filter((value) => value !== undefined), node };
}

/** Keys that are collections, and merge keys that merge no map. */
function checkKeys(reading: Reading, node: MapNode, where: Where): void {
  for (const { key, value } of node.pairs) {
    const target = resolve(key);
    if (target !== undefined && target.kind !== 'scalar') {
      report(reading, {
        code: 'wrong-type',
        span: key.span,
        node: key,
        message: t('{0}: a key must be text, not {1}', where.owner, isWritten(target)),
      });
    } else if (key.kind === 'scalar' && key.style === 'plain' && key.text === '<<') {
      const merged = resolve(value);
      const sources = merged?.kind === 'seq' ? merged.items.map(resolve) : [merged];
      if (sources.some((source) => source !== undefined && source.kind !== 'map')) {
        report(reading, {
          code: 'wrong-type',
          span: value.span,
          node: value,
          message: t("{0}: '<<' merges a map or a list of maps", where.owner),
        });
      }
    }
  }
}

/** Who a problem below a key belongs to. */
function ownerBelow(shape: MapShape, key: string, where: Where): Where {
  if (shape.what !== 'roles') return { ...where, key };
  return { ...where, owner: t('{0} on {1}', key, where.server ?? where.owner), key: undefined };
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

// Reading a large file spends a third of its time on this otherwise.
const plans = new WeakMap<MapShape, Plan>();

function planOf(shape: MapShape): Plan {
  const made = plans.get(shape);
  if (made !== undefined) return made;
  const plan: Plan = {
    known: new Map(shape.keys.map((key) => [key.name, key])),
    required: shape.keys.filter((key) => key.required || key.requiredIf || key.requiredUnless !== undefined),
    references: shape.keys.flatMap(({ name, shape: inner }) =>
      inner.kind === 'reference' && inner.serverKey ? [[name, inner.serverKey] as const] : [],
    ),
    exclusions: shape.keys.flatMap(({ name, excludes }) => (excludes ? [[name, excludes] as const] : [])),
  };
  plans.set(shape, plan);
  return plan;
}

/** The keys that a misspelt one may have meant: none where the nearest stands in the map already. */
function freeNames(shape: MapShape, name: string, taken: ReadonlySet<string | undefined>): readonly string[] {
  const names = shape.keys.map((key) => key.name);
  const nearest = nearWords(name, names)[0];
  return nearest !== undefined && taken.has(nearest) ? [] : names.filter((one) => !taken.has(one));
}

function readFields(reading: Reading, node: MapNode, shape: MapShape, where: Where): Fields {
  checkKeys(reading, node, where);
  const { known, references } = planOf(shape);
  let taken: ReadonlySet<string | undefined> | undefined;
  const fields = new Map<string, Field>();
  for (const { name, key, value, pair } of entries(node)) {
    const description = known.get(name);
    if (description === undefined && shape === FORMAT && name.startsWith(OWN_KEY)) continue;
    if (description === undefined) {
      taken ??= new Set(node.pairs.map(({ key }) => (key.kind === 'scalar' ? key.text : undefined)));
      report(reading, {
        code: 'unknown-key',
        span: key.span,
        node: key,
        message:
          shape.what === 'roles'
            ? t("{0}: '{1}' is no role", where.owner, shown(name))
            : t("{0} has no key '{1}'", where.owner, shown(name)),
        expected: freeNames(shape, name, taken),
      });
      continue;
    }
    const below = ownerBelow(shape, name, where);
    fields.set(name, { value: read(reading, value, description.shape, below, pair), key, pair });
  }
  for (const [name, serverKey] of references) recordInstance(reading, fields, name, serverKey);
  checkExcluded(reading, fields, shape, where);
  return fields;
}

/** Of keys that say the same in different ways, the later one is reported. */
function checkExcluded(reading: Reading, fields: Fields, shape: MapShape, where: Where): void {
  const told = new Set<Field>();
  for (const [name, others] of planOf(shape).exclusions) {
    const field = fields.get(name);
    for (const other of others) {
      const second = fields.get(other);
      if (field === undefined || second === undefined) continue;
      const later = field.key.span.start > second.key.span.start ? field : second;
      if (told.has(later)) continue;
      told.add(later);
      report(reading, {
        code: 'invalid-value',
        span: later.key.span,
        node: later.key,
        message: t(
          "{0} has both '{1}' and '{2}'; only one of them can be in force",
          where.owner,
          ...(later === field ? [other, name] : [name, other]),
        ),
      });
    }
  }
}

function recordInstance(reading: Reading, fields: Fields, key: string, serverKey: string): void {
  const server = textOf(fields.get(serverKey));
  const name = textOf(fields.get(key));
  if (name) {
    reading.references.push({
      to: ['instance'],
      name: name.value,
      span: name.span,
      node: name.node,
      ...(server ? { server: server.value } : {}),
    });
  } else if (server && !fields.has(key) && !fields.has('availabilityGroup')) {
    reading.references.push({
      to: ['instance'],
      name: DEFAULT_INSTANCE,
      span: server.span,
      node: server.node,
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
  reading: Reading,
  fields: Fields,
  shape: MapShape,
  { at, map, holder }: MapPlace,
  where: Where,
): void {
  const span = holder ? holder.key.span : at.span;
  for (const name of requiredOf(reading, shape, fields)) {
    if (fields.has(name) || reading.isDamaged(map?.span ?? span) || reading.isDamaged(span)) continue;
    reading.problems.push({
      code: 'missing-key',
      span: holder || map === undefined || map.pairs.length === 0 ? span : firstKey(map),
      node: at,
      message: t("{0} has no '{1}'; it is required", where.owner, name),
      remedy: {
        kind: 'insert',
        key: name,
        example: keyOf(shape, name)?.example ?? name,
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

/** The keys that a map needs, given those it has. */
function requiredOf(reading: Reading, shape: MapShape, fields: Fields): readonly string[] {
  if (shape === FORMAT && reading.editionGiven) return [];
  return planOf(shape)
    .required.filter(({ required, requiredIf, requiredUnless }) => {
      if (requiredIf) return textOf(fields.get(requiredIf.key))?.value === requiredIf.is;
      if (requiredUnless !== undefined) return !requiredUnless.some((other) => fields.has(other));
      return required;
    })
    .map(({ name }) => name);
}

function readMap(
  reading: Reading,
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
    return wrongType(reading, node, shape, where, convert ? { kind: 'list-to-map', list: node } : undefined);
  }
  const own = node.kind === 'map' ? node : undefined;
  const nested = where.key !== undefined && shape.what !== 'roles';
  const owner = nested ? t('{0} of {1}', where.key ?? '', where.owner) : where.owner;
  const inner: Where = { ...where, owner, key: undefined };
  const fields = own ? readFields(reading, own, shape, inner) : NO_FIELDS;
  requireKeys(reading, fields, shape, { at: node, map: own, holder }, inner);
  return { kind: 'map', fields, node: own, at: node };
}

function checkName(reading: Reading, kind: NamedKind, name: string, key: ScalarNode): void {
  const message = nameProblem(kind, name);
  if (message !== undefined) report(reading, { code: 'invalid-name', span: key.span, node: key, message });
}

/** What is wrong with a name for a kind of thing, in one sentence; undefined for a good one. Other names are not looked at. */
export function nameProblem(kind: NamedKind, name: string): string | undefined {
  const what = namedWord(kind);
  if (name === '') return t('a {0} needs a name', what);
  if (kind === 'instance') return undefined;
  if (name.length > MAX_NAME)
    return t(
      "the name of {0} '{1}' has {2} characters; {3} are allowed",
      what,
      shown(name),
      name.length,
      MAX_NAME,
    );
  if (!NAME.test(name))
    return t("{0} '{1}': a name has letters, digits, '-', '_' and '.' only", what, shown(name));
  if (SHARED.has(kind) && RESERVED.has(name.toLowerCase()))
    return t("{0} '{1}': '{1}' is a word of the format; choose another name", what, name);
  if (SHARED.has(kind) && parseAddress(name))
    return t("{0} '{1}' reads as an address; choose another name", what, name);
  return undefined;
}

/** The kinds that share one name space, because a firewall rule may name any of them. */
export const SHARED: ReadonlySet<NamedKind> = new Set<NamedKind>([
  'zone',
  'server',
  'clients',
  'address-group',
  'listener',
]);
const RESERVED: ReadonlySet<string> = new Set(['any', 'microsoft-update', 'exchange-online']);

function readNamed(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: NamedShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'scalar' && scalarValue(node) === null) return { kind: 'named', entries: [] };
  if (node.kind !== 'map') return wrongType(reading, node, shape, where);
  checkKeys(reading, node, where);
  const found: Entry[] = [];
  const first = new Map<string, Entry>();
  for (const { name, key, value, pair } of entries(node)) {
    const known = recall(reading, pair);
    const problems = reading.problems.length;
    const references = reading.references.length;
    if (known === undefined) checkName(reading, shape.names, name, key);
    const entry = known ?? readEntry(reading, { name, key, value, pair }, shape, where);
    if (known === undefined && reading.problems.length === problems && !entry.damaged) {
      remember(reading, pair, entry, reading.references.slice(references));
    }
    const earlier = first.get(entry.id);
    if (earlier === undefined) {
      first.set(entry.id, entry);
      found.push(entry);
    } else {
      report(reading, {
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
  reading: Reading,
  { name, key, value, pair }: { name: string; key: ScalarNode; value: Node; pair: Pair },
  shape: NamedShape,
  where: Where,
): Entry {
  const word = namedWord(shape.names);
  const owner: Where = {
    owner:
      shape.names === 'instance'
        ? t('{0} {1} on {2}', word, shown(name), where.server ?? where.owner)
        : t('{0} {1}', word, shown(name)),
    key: undefined,
    ...(shape.names === 'server' ? { server: shown(name) } : {}),
  };
  const inner = read(reading, value, shape.of, owner, pair);
  const fields = inner?.kind === 'map' ? inner.fields : NO_FIELDS;
  const own = inner?.kind === 'map' ? inner.node : undefined;
  const readable = inner !== undefined && !reading.isDamaged(pair.span);
  return {
    name,
    id: name.toLowerCase(),
    key,
    node: own,
    span: pair.span,
    damaged: !readable,
    fields,
    value: inner,
  };
}

/** A map whose keys name something in the file. */
function readReferenceMap(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: ReferenceMapShape,
  where: Where,
): Value | undefined {
  if (node.kind === 'scalar' && scalarValue(node) === null) return { kind: 'reference-map', items: [], node };
  if (node.kind !== 'map') return wrongType(reading, node, shape, where);
  checkKeys(reading, node, where);
  const items: ReferenceEntry[] = [];
  for (const { key, value } of entries(node)) {
    const name = readReference(reading, key, shape.key, where);
    if (name?.kind !== 'scalar' || typeof name.written.value !== 'string') continue;
    items.push({ name: name.written as Written<string>, value: read(reading, value, shape.of, where) });
  }
  return { kind: 'reference-map', items, node };
}

/** A value of several kinds: the alternative that fits what is written. Messages name them all. */
function readEither(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape & { kind: 'either' },
  where: Where,
  holder?: Pair,
): Value | undefined {
  const fitting = (wanted: 'map' | 'list') => {
    const chosen = alternative(shape, wanted);
    return chosen ? readNew(reading, node, chosen, where, holder) : wrongType(reading, node, shape, where);
  };
  if (node.kind === 'seq') return fitting('list');
  if (node.kind === 'map' || scalarValue(node) === null) return fitting('map');
  const word = node.text.trim().toLowerCase();
  const isTruth = typeof scalarValue(node) === 'boolean' || TRUTHS.has(word);
  const words = shape.of.find((one) => one.kind === 'words');
  const hasBoolean = shape.of.some(({ kind }) => kind === 'boolean');
  if (hasBoolean && (isTruth || words === undefined)) {
    const remedy = isTruth || alternative(shape, 'list') === undefined ? undefined : asList(reading, node);
    return isTruth || remedy === undefined
      ? readBoolean(reading, node, shape, where)
      : wrongType(reading, node, shape, where, remedy);
  }
  if (words?.kind === 'words') {
    if (words.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
    return unknownWord(reading, node, words.words, where, hasBoolean ? t('true or false') : undefined);
  }
  return fitting('list');
}

const TRUTHS: ReadonlySet<string> = new Set(['true', 'false', 'yes', 'no', 'on', 'off']);

/** The fix that puts brackets around one value; undefined for text in a block. */
function asList(reading: Reading, node: ScalarNode | MapNode): Remedy | undefined {
  if (node.kind !== 'scalar' || node.style === 'literal' || node.style === 'folded') return undefined;
  const source = reading.tree.text.slice(node.span.start, node.span.end);
  return { kind: 'replace', span: node.span, text: `[${source}]`, title: t('Make it a list'), safe: false };
}

/**
 * What entries without a mistake were read as. A text that is read again after a change keeps the nodes of the
 * entries that did not change (`reparse.ts`), and with them what they were read as.
 */
const remembered = new WeakMap<Pair, { readonly entry: Entry; readonly references: readonly Reference[] }>();

function remember(reading: Reading, pair: Pair, entry: Entry, references: readonly Reference[]): void {
  // Behind an alias stands text of another entry.
  if (reading.done === undefined) remembered.set(pair, { entry, references });
}

function recall(reading: Reading, pair: Pair): Entry | undefined {
  const known = reading.done === undefined ? remembered.get(pair) : undefined;
  if (known === undefined || reading.isDamaged(pair.span)) return undefined;
  reading.references.push(...known.references);
  return known.entry;
}

const built = new WeakMap<Entry, Named>();

/** What an entry stands for in the model, once for each entry. */
function thingOf<T extends Named>(reading: Reading, entry: Entry, build: (entry: Entry) => T): T {
  if (reading.done !== undefined) return build(entry);
  const known = built.get(entry);
  // An entry stands in one section, and each section has one way to build.
  if (known !== undefined) return known as T;
  const thing = build(entry);
  built.set(entry, thing);
  return thing;
}

/** Reads a node by a shape, once. `holder` is the pair whose value the node is. */
function read(reading: Reading, node: Node, shape: Shape, where: Where, holder?: Pair): Value | undefined {
  const target = resolve(node);
  if (target === undefined) return undefined;
  if (reading.done === undefined) return readNew(reading, target, shape, where, holder);
  let byShape = reading.done.get(target);
  if (byShape?.has(shape)) return byShape.get(shape);
  if (byShape === undefined) {
    byShape = new Map();
    reading.done.set(target, byShape);
  }
  // An alias inside its own anchor finds the place taken and gets nothing.
  byShape.set(shape, undefined);
  const value = readNew(reading, target, shape, where, node === target ? holder : undefined);
  byShape.set(shape, value);
  return value;
}

function readNew(
  reading: Reading,
  node: ScalarNode | MapNode | SeqNode,
  shape: Shape,
  where: Where,
  holder?: Pair,
): Value | undefined {
  switch (shape.kind) {
    case 'list':
      return readList(reading, node, shape, where);
    case 'ports':
      return readPorts(reading, node, shape, where);
    case 'map':
      return readMap(reading, node, shape, where, holder);
    case 'named':
      return readNamed(reading, node, shape, where);
    case 'reference-map':
      return readReferenceMap(reading, node, shape, where);
    case 'either':
      return readEither(reading, node, shape, where, holder);
    default:
      return node.kind === 'scalar'
        ? readScalar(reading, node, shape, where)
        : wrongType(reading, node, shape, where);
  }
}

// --- From values to the model ----------------------------------------------------------------

function textOf(field: Field | undefined): Written<string> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'string') return undefined;
  return value.written as Written<string>;
}
function numberOf(field: Field | undefined): Written<number> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'number') return undefined;
  return value.written as Written<number>;
}
function booleanOf(field: Field | undefined): Written<boolean> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'boolean') return undefined;
  return value.written as Written<boolean>;
}
function rangeOf(field: Field | undefined): Written<PortRange> | undefined {
  const value = field?.value;
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'object') return undefined;
  return value.written as Written<PortRange>;
}
function itemsOf(field: Field | undefined): readonly Value[] {
  return field?.value?.kind === 'list' ? field.value.items : [];
}
function listOf<T extends Scalar>(field: Field | undefined): readonly Written<T>[] {
  return scalarsOf<T>(itemsOf(field));
}
function scalarsOf<T extends Scalar>(items: readonly Value[]): readonly Written<T>[] {
  return items.flatMap((item) => (item.kind === 'scalar' ? [item.written as Written<T>] : []));
}
function mapOf(field: Field | undefined): { fields: Fields; node: MapNode } | undefined {
  const value = field?.value;
  return value?.kind === 'map' && value.node ? { fields: value.fields, node: value.node } : undefined;
}
function portsOf(field: Field | undefined): Ports | undefined {
  if (field?.value === undefined) return undefined;
  if (field.value.kind === 'scalar') return 'any';
  return listOf<PortRange>(field);
}

function readZone(entry: Entry): Zone {
  const { fields, value: _, ...named } = entry;
  const internet = booleanOf(fields.get('internet'));
  return {
    ...named,
    kind: 'zone',
    networks: listOf<string>(fields.get('networks')),
    internet: internet?.value ?? false,
    internetWritten: internet,
    domainControllers: listOf<string>(fields.get('domainControllers')),
  };
}

/** `true`, `{ port }`, or nothing after the colon, which is the block with its default. */
function switchedPort(field: Field | undefined, otherwise: number): Written<number> | undefined {
  const value = field?.value;
  if (value?.kind === 'scalar') {
    return value.written.value === true ? { ...value.written, value: otherwise } : undefined;
  }
  if (value?.kind !== 'map') return undefined;
  return numberOf(value.fields.get('port')) ?? written(value.at, otherwise);
}

function readSite(entry: Entry): Site {
  const { fields, value: _, ...named } = entry;
  const database = mapOf(fields.get('database'));
  const ports = mapOf(fields.get('clientPorts'));
  const publishing = fields.get('publishToActiveDirectory');
  const publish = booleanOf(publishing);
  const publishForests = publishing?.value?.kind === 'list' ? listOf<string>(publishing) : undefined;
  const siteDatabase: SiteDatabase | undefined = database && {
    server: textOf(database.fields.get('server')),
    instance: textOf(database.fields.get('instance')),
    availabilityGroup: textOf(database.fields.get('availabilityGroup')),
    span: database.node.span,
    node: database.node,
  };
  const clientPorts: ClientPorts | undefined = ports && {
    http: listOf<number>(ports.fields.get('http')),
    https: listOf<number>(ports.fields.get('https')),
    notification: numberOf(ports.fields.get('notification')),
    span: ports.node.span,
  };
  return {
    ...named,
    kind: 'site',
    type: textOf(fields.get('type')) as Written<SiteType> | undefined,
    parent: textOf(fields.get('parent')),
    database: siteDatabase,
    clientPorts,
    website: textOf(fields.get('website')),
    wakeOnLan: switchedPort(fields.get('wakeOnLan'), 9),
    wakeUpProxy: switchedPort(fields.get('wakeUpProxy'), 25536),
    publishToActiveDirectory: publishForests ? publishForests.length > 0 : (publish?.value ?? true),
    publishWritten: publish,
    ...(publishForests ? { publishForests } : {}),
    pptp: booleanOf(fields.get('pptp')),
    contentLibrary: textOf(fields.get('contentLibrary')),
  };
}

function optionOf(field: Field): Written<OptionValue> | undefined {
  const { value } = field;
  if (value?.kind === 'scalar') return value.written;
  // Lists of options name servers; a named map (`instances`) is read on its own.
  if (value?.kind === 'list')
    return { value: listOf<string>(field), span: value.node.span, node: value.node };
  return undefined;
}

type Options = Pick<Role, 'values' | 'databases'>;

function readOptions(fields: Fields): Options {
  const values = new Map<string, Written<OptionValue>>();
  const databases = new Map<RoleDatabaseKey, RoleDatabase>();
  for (const [name, field] of fields) {
    const value = optionOf(field);
    if (value) values.set(name, value);
    const database = name === 'database' || name === 'databaseReplica' ? mapOf(field) : undefined;
    if (database) databases.set(name as RoleDatabaseKey, databaseOf(database));
  }
  return { values, databases };
}

function databaseOf({ fields, node }: { fields: Fields; node: MapNode }): RoleDatabase {
  return {
    server: textOf(fields.get('server')),
    instance: textOf(fields.get('instance')),
    span: node.span,
    node,
  };
}

function proxyOf(field: Field | undefined): WebProxy | undefined {
  const map = mapOf(field);
  return (
    map && {
      server: textOf(map.fields.get('server')),
      port: numberOf(map.fields.get('port')),
      span: map.node.span,
      node: map.node,
    }
  );
}

interface Budget {
  /** The lists of instances that some server has already. */
  readonly seen: Set<Value>;
  /** How many instances may yet stand on a further server by an alias. */
  left: number;
}

function readInstances(server: Server, field: Field | undefined, budget: Budget): SqlInstance[] {
  if (field?.value?.kind !== 'map') return [];
  const within = field.value.fields.get('instances');
  const named = within?.value?.kind === 'named' ? within.value.entries : [];
  if (within === undefined) {
    const { key, pair } = field;
    const named = { name: DEFAULT_INSTANCE, id: DEFAULT_INSTANCE.toLowerCase(), key, node: undefined };
    return [{ ...named, span: pair.span, damaged: server.damaged, kind: 'instance', server, implicit: true }];
  }
  const { value } = within;
  if (value === undefined) return [];
  const repeated = budget.seen.has(value);
  budget.seen.add(value);
  const taken = repeated ? named.slice(0, budget.left) : named;
  if (repeated) budget.left -= taken.length;
  return taken.map(({ fields, value: _, ...named }) => ({
    ...named,
    kind: 'instance',
    server,
    port: numberOf(fields.get('port')),
    serviceBrokerPort: numberOf(fields.get('serviceBrokerPort')),
    edition: textOf(fields.get('edition')),
    dynamicPorts: booleanOf(fields.get('dynamicPorts')),
  }));
}

/** Options of one role block, shared by every server that an alias gives the same block. */
type OptionsOf = (fields: Fields) => Options;

function readServer(entry: Entry, budget: Budget, optionsOf: OptionsOf): Server {
  const { fields, value: _, ...named } = entry;
  const roles: Role[] = [];
  const instances: SqlInstance[] = [];
  const server: Server = {
    ...named,
    kind: 'server',
    site: textOf(fields.get('site')),
    zone: textOf(fields.get('zone')),
    fqdn: textOf(fields.get('fqdn')),
    addresses: listOf<string>(fields.get('addresses')),
    publicAddresses: listOf<string>(fields.get('publicAddresses')),
    os: textOf(fields.get('os')),
    rpcDynamicPorts: rangeOf(fields.get('rpcDynamicPorts')),
    forest: textOf(fields.get('forest')),
    trusted: booleanOf(fields.get('trusted')),
    siteServerInitiates: booleanOf(fields.get('siteServerInitiates')),
    proxy: proxyOf(fields.get('proxy')),
    roles,
    instances,
  };
  const written = fields.get('roles')?.value;
  if (written?.kind !== 'map') return server;
  for (const [role, { key, pair, value }] of written.fields) {
    const options = value?.kind === 'map' ? value : undefined;
    roles.push({
      role,
      key,
      server,
      options: options?.node,
      span: pair.span,
      ...optionsOf(options?.fields ?? NO_FIELDS),
    });
  }
  for (const instance of readInstances(server, written.fields.get('sql-server'), budget))
    instances.push(instance);
  return server;
}

function readClients(entry: Entry): ClientGroup {
  const { fields, value: _, ...named } = entry;
  const firewall = mapOf(fields.get('windowsFirewall'));
  const setup = mapOf(fields.get('ccmsetup'));
  return {
    ...named,
    kind: 'clients',
    site: textOf(fields.get('site')),
    zones: listOf<string>(fields.get('zone')),
    forest: textOf(fields.get('forest')),
    rpcDynamicPorts: rangeOf(fields.get('rpcDynamicPorts')),
    os: textOf(fields.get('os')),
    proxy: proxyOf(fields.get('proxy')),
    clientKind: textOf(fields.get('kind')),
    networks: listOf<string>(fields.get('networks')),
    count: numberOf(fields.get('count')),
    internetOnly: booleanOf(fields.get('internetOnly')),
    workgroup: booleanOf(fields.get('workgroup')),
    installation: listOf<string>(fields.get('installation')),
    source: textOf(fields.get('source')),
    features: listOf<string>(fields.get('features')),
    windowsFirewall: firewall && {
      inbound: listOf<string>(firewall.fields.get('inbound')),
      outbound: listOf<string>(firewall.fields.get('outbound')),
      span: firewall.node.span,
      node: firewall.node,
    },
    ccmsetup: setup && {
      http: numberOf(setup.fields.get('CCMHTTPPORT')),
      https: numberOf(setup.fields.get('CCMHTTPSPORT')),
      span: setup.node.span,
      node: setup.node,
    },
  };
}

function readBoundaryGroup(entry: Entry): BoundaryGroup {
  const { fields, value: _, ...named } = entry;
  return {
    ...named,
    kind: 'boundary-group',
    members: listOf<string>(fields.get('members')),
    servers: listOf<string>(fields.get('servers')),
    cloudManagementGateway: booleanOf(fields.get('cloudManagementGateway')),
    fallback: fallbackOf(fields.get('fallback')),
    site: textOf(fields.get('site')),
  };
}

function fallbackOf(field: Field | undefined): readonly BoundaryFallback[] {
  const value = field?.value;
  if (value?.kind === 'reference-map')
    return value.items.map(({ name, value: roles }) =>
      roles?.kind === 'list' && roles.node.kind !== 'scalar'
        ? { group: name, roles: scalarsOf<string>(roles.items) }
        : roles?.kind === 'list' && roles.items.length > 0
          ? { group: name, roles: scalarsOf<string>(roles.items) }
          : { group: name },
    );
  return listOf<string>(field).map((group) => ({ group }));
}

function readReplicas(field: Field | undefined): readonly Replica[] {
  return itemsOf(field).flatMap((item) =>
    item.kind === 'map'
      ? [
          {
            server: textOf(item.fields.get('server')),
            instance: textOf(item.fields.get('instance')),
            span: item.at.span,
          },
        ]
      : [],
  );
}

function listenerOf(field: Field | undefined): Listener | undefined {
  const map = mapOf(field);
  return (
    map && {
      name: textOf(map.fields.get('name')),
      addresses: listOf<string>(map.fields.get('addresses')),
      port: numberOf(map.fields.get('port')),
      span: map.node.span,
      node: map.node,
    }
  );
}

/** The listeners that have a name, as things that others can name. */
function namedListeners(groups: Iterable<AvailabilityGroup>): readonly NamedListener[] {
  const found: NamedListener[] = [];
  for (const group of groups) {
    const { listener } = group;
    const name = listener?.name;
    if (listener === undefined || name?.node.kind !== 'scalar') continue;
    found.push({
      kind: 'listener',
      name: name.value,
      id: name.value.toLowerCase(),
      key: name.node,
      node: listener.node,
      span: listener.span,
      damaged: group.damaged,
      group,
      listener,
    });
  }
  return found;
}

function readGroup(entry: Entry, shared: Shared): AvailabilityGroup {
  const { fields, value: _, ...named } = entry;
  const ports = fields.get('loadBalancerPorts')?.value;
  return {
    ...named,
    kind: 'availability-group',
    replicas: shared(fields.get('replicas'), readReplicas),
    listener: listenerOf(fields.get('listener')),
    endpointPort: numberOf(fields.get('endpointPort')),
    loadBalancer: textOf(fields.get('loadBalancer')),
    loadBalancerPorts: listOf<PortRange>(fields.get('loadBalancerPorts')),
    loadBalancerPortsSpan: ports?.kind === 'list' ? ports.node.span : undefined,
  };
}

function readRule(
  isDamaged: Reading['isDamaged'],
  { fields, node }: { fields: Fields; node: MapNode },
): FirewallRule {
  return {
    span: node.span,
    node,
    action: textOf(fields.get('action')) as Written<'allow' | 'deny'> | undefined,
    from: listOf<string>(fields.get('from')),
    to: listOf<string>(fields.get('to')),
    tcp: portsOf(fields.get('tcp')),
    udp: portsOf(fields.get('udp')),
    icmp: booleanOf(fields.get('icmp')),
    ports: listOf<string>(fields.get('ports')),
    name: textOf(fields.get('name')),
    description: textOf(fields.get('description')),
    expires: textOf(fields.get('expires')),
    configmgr: booleanOf(fields.get('configmgr')),
    ticket: textOf(fields.get('ticket')),
    owner: textOf(fields.get('owner')),
    reviewed: textOf(fields.get('reviewed')),
    damaged: isDamaged(node.span) || [...fields.values()].some(({ value }) => value === undefined),
  };
}

/** Builds what a field's value stands for once, however many entries share it by an alias. */
type Shared = <T>(
  field: Field | undefined,
  build: (field: Field | undefined) => readonly T[],
) => readonly T[];

function sharing(): Shared {
  const built = new Map<Value, readonly unknown[]>();
  return <T>(field: Field | undefined, build: (field: Field | undefined) => readonly T[]) => {
    if (field?.value === undefined) return [];
    const earlier = built.get(field.value);
    if (earlier !== undefined) return earlier as readonly T[];
    const fresh = build(field);
    built.set(field.value, fresh);
    return fresh;
  };
}

function readFirewall(entry: Entry, reading: Reading, shared: Shared): Firewall {
  const { fields, value: _, ...named } = entry;
  const rules = (field: Field | undefined) =>
    itemsOf(field).flatMap((item) =>
      item.kind === 'map' && item.node
        ? [readRule(reading.isDamaged, { fields: item.fields, node: item.node })]
        : [],
    );
  return {
    ...named,
    kind: 'firewall',
    zones: listOf<string>(fields.get('zones')),
    between: itemsOf(fields.get('between')).flatMap((item) => {
      const [one, other] = item.kind === 'list' ? scalarsOf<string>(item.items) : [];
      return one && other ? [[one, other] as const] : [];
    }),
    hosts: listOf<string>(fields.get('hosts')),
    outboundDeny: textOf(fields.get('outbound'))?.value === 'deny',
    planned: booleanOf(fields.get('planned')),
    rules: shared(fields.get('rules'), rules),
  };
}

function readAddressGroup(entry: Entry): AddressGroup {
  const { fields: _, value, ...named } = entry;
  return {
    ...named,
    kind: 'address-group',
    members: value?.kind === 'list' ? scalarsOf<string>(value.items) : [],
  };
}

function readPortGroup(entry: Entry): PortGroup {
  const { fields, value: _, ...named } = entry;
  return {
    ...named,
    kind: 'port-group',
    tcp: portsOf(fields.get('tcp')),
    udp: portsOf(fields.get('udp')),
    icmp: booleanOf(fields.get('icmp')),
  };
}

function readPolicies(reading: Reading, field: Field | undefined): readonly Policy[] {
  return itemsOf(field).flatMap((item) => {
    if (item.kind !== 'map' || item.node === undefined) return [];
    const { fields, node } = item;
    const except = itemsOf(fields.get('except')).flatMap((pair) =>
      pair.kind === 'map' && pair.node
        ? [
            {
              from: listOf<string>(pair.fields.get('from')),
              to: listOf<string>(pair.fields.get('to')),
              span: pair.node.span,
              node: pair.node,
            },
          ]
        : [],
    );
    return [
      {
        name: textOf(fields.get('name')),
        from: listOf<string>(fields.get('from')),
        to: listOf<string>(fields.get('to')),
        tcp: portsOf(fields.get('tcp')),
        udp: portsOf(fields.get('udp')),
        icmp: booleanOf(fields.get('icmp')),
        except,
        span: node.span,
        node,
        damaged:
          reading.isDamaged(node.span) || [...fields.values()].some(({ value }) => value === undefined),
      },
    ];
  });
}

/** Reports the member that closes a circle of address groups. */
function checkGroupCycles(reading: Reading, groups: ReadonlyMap<string, AddressGroup>): void {
  const done = new Set<AddressGroup>();
  const told = new Set<Node>();
  const visit = (group: AddressGroup, way: readonly AddressGroup[]): void => {
    if (done.has(group)) return;
    const path = [...way, group];
    for (const { value, span, node } of group.members) {
      const next = groups.get(value.toLowerCase());
      if (next === undefined) continue;
      const start = path.indexOf(next);
      if (start < 0) {
        visit(next, path);
      } else if (!told.has(node)) {
        told.add(node);
        const circle = [...path.slice(start), next].map(({ name }) => name);
        report(reading, {
          code: 'invalid-value',
          span,
          node,
          message: t(
            "address group {0} contains itself ({1}); take '{2}' out here",
            next.name,
            shown(circle.join(' > ')),
            value,
          ),
        });
      }
    }
    done.add(group);
  };
  for (const group of groups.values()) visit(group, []);
}

/** What shares the name space of zones, servers and client groups. */
interface SharedNames {
  readonly zones: ReadonlyMap<string, Named>;
  readonly servers: ReadonlyMap<string, Named>;
  readonly clients: ReadonlyMap<string, Named>;
  readonly addressGroups: ReadonlyMap<string, Named>;
  readonly listeners: readonly NamedListener[];
}

/** Zones, servers, client groups, address groups and listeners share one name space; the later of two is reported. */
function checkSharedNames(
  reading: Reading,
  { zones, servers, clients, addressGroups, listeners }: SharedNames,
): void {
  // There are many servers and few of the others.
  const few = [...zones.keys(), ...clients.keys(), ...addressGroups.keys(), ...listeners.map(({ id }) => id)];
  if (new Set(few).size === few.length && !few.some((id) => servers.has(id))) return;
  const named = (word: string, of: Iterable<Named>) => [...of].map((entry) => ({ word, entry }));
  const all = [
    ...named(namedWord('zone'), zones.values()),
    ...named(namedWord('server'), servers.values()),
    ...named(namedWord('clients'), clients.values()),
    ...named(namedWord('address-group'), addressGroups.values()),
    ...named(namedWord('listener'), listeners),
  ];
  all.sort((a, b) => a.entry.key.span.start - b.entry.key.span.start);
  const first = new Map<string, (typeof all)[number]>();
  for (const one of all) {
    const earlier = first.get(one.entry.id);
    if (earlier === undefined) {
      first.set(one.entry.id, one);
    } else if (earlier.entry !== one.entry) {
      report(reading, {
        code: 'invalid-name',
        span: one.entry.key.span,
        node: one.entry.key,
        message: t(
          "{0} '{1}' has the name of a {2}; zones, servers and client groups share their names",
          one.word,
          one.entry.name,
          earlier.word,
        ),
        related: [
          { message: t("{0} '{1}' is here", earlier.word, earlier.entry.name), span: earlier.entry.key.span },
        ],
      });
    }
  }
}

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
  switch (kind) {
    case 'zone':
      return topology.zones;
    case 'site':
      return topology.sites;
    case 'server':
      return topology.servers;
    case 'clients':
      return topology.clients;
    case 'availability-group':
      return topology.availabilityGroups;
    case 'firewall':
      return topology.firewalls;
    case 'listener':
      return topology.listeners;
    case 'boundary-group':
      return topology.boundaryGroups;
    case 'address-group':
      return topology.addressGroups;
    case 'port-group':
      return topology.portGroups;
  }
}

/** Whether damage touches a span's lines, or follows it with nothing but space between. */
function damageCheck(tree: TextTree): (span: Span) => boolean {
  const damage = [...tree.damage].sort((a, b) => a.span.start - b.span.start);
  if (damage.length === 0) return () => false;
  // The furthest end of any damage up to each one, so that one search answers.
  let furthest = -1;
  const ends = damage.map(({ span }) => {
    furthest = Math.max(furthest, span.end);
    return furthest;
  });
  return (span) => {
    const lines = tree.lines;
    const from = lines.span(lines.positionAt(span.start).line).start;
    const to = lines.span(lines.positionAt(span.end).line).end;
    let low = 0;
    let high = damage.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((damage[middle]?.span.start ?? 0) <= to) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && (ends[low - 1] ?? -1) >= from) return true;
    const next = damage[low];
    return (
      next !== undefined && next.span.start - to < 1000 && tree.text.slice(to, next.span.start).trim() === ''
    );
  };
}

/** Keys are lower-cased names, in file order. */
function byName<T extends Named>(named: readonly T[]): ReadonlyMap<string, T> {
  return new Map(named.map((one) => [one.id, one]));
}

// Of a text that is read again, most references lead where they led before.
const resolved = new WeakMap<Reference, Reference>();

function resolvedTo(reference: Reference, target: Named): Reference {
  const known = resolved.get(reference);
  if (known?.target === target) return known;
  const fresh = { ...reference, target };
  resolved.set(reference, fresh);
  return fresh;
}

/**
 * Reads a tree into a topology. Never throws: what is wrong stands in `problems`, what could not be
 * read is absent.
 * @param options.edition in force where the file gives none
 * @param options.configmgr the words in which the settings file gives it
 */
export function readTopology(
  tree: TextTree,
  options: { readonly edition?: Edition; readonly configmgr?: string } = {},
): Topology {
  const reading: Reading = {
    tree,
    problems: [],
    references: [],
    done: tree.text.includes('*') ? new Map() : undefined,
    isDamaged: damageCheck(tree),
    editionGiven: options.edition !== undefined,
  };
  const empty: ScalarNode = { kind: 'scalar', style: 'plain', text: '', span: { start: 0, end: 0 } };
  const value = read(reading, tree.root ?? empty, FORMAT, { owner: t('the file'), key: undefined });
  const fields = value?.kind === 'map' ? value.fields : NO_FIELDS;
  const section = (name: string): readonly Entry[] => {
    const field = fields.get(name)?.value;
    return field?.kind === 'named' ? field.entries : [];
  };

  const budget: Budget = { seen: new Set(), left: MAX_REPEATED_INSTANCES };
  const optionsByFields = new Map<Fields, Options>();
  const optionsOf: OptionsOf = (of) => {
    const earlier = optionsByFields.get(of);
    if (earlier !== undefined) return earlier;
    const fresh = readOptions(of);
    optionsByFields.set(of, fresh);
    return fresh;
  };
  const shared = sharing();
  const things = <T extends Named>(name: string, build: (entry: Entry) => T): readonly T[] =>
    section(name).map((entry) => thingOf(reading, entry, build));
  const zones = byName(things('zones', readZone));
  const servers = byName(things('servers', (entry) => readServer(entry, budget, optionsOf)));
  const clients = byName(things('clients', readClients));
  const addressGroups = byName(things('addressGroups', readAddressGroup));
  const availabilityGroups = byName(things('availabilityGroups', (entry) => readGroup(entry, shared)));
  const listeners = namedListeners(availabilityGroups.values());
  checkSharedNames(reading, { zones, servers, clients, addressGroups, listeners });
  checkGroupCycles(reading, addressGroups);

  const internet = [...zones.values()].filter((zone) => zone.internet);
  for (const { name, internetWritten } of internet.slice(1)) {
    if (internetWritten === undefined || internet[0]?.internetWritten?.node === internetWritten.node)
      continue;
    report(reading, {
      code: 'invalid-value',
      span: internetWritten.span,
      node: internetWritten.node,
      message: t(
        "zone {0} and zone {1} both have 'internet: true'; only one zone is the internet",
        name,
        internet[0]?.name ?? '',
      ),
      related: internet[0]
        ? [{ message: t('zone {0} is here', internet[0].name), span: internet[0].key.span }]
        : [],
    });
  }

  const editionWritten = textOf(fields.get('configmgr'));
  const defaults = mapOf(fields.get('defaults'));
  const topology: Topology = {
    tree,
    edition: editionWritten ? editionOf(editionWritten.value) : options.edition,
    editionWritten,
    configmgrWritten: editionWritten?.value ?? options.configmgr ?? options.edition,
    name: textOf(fields.get('name')),
    defaults: {
      os: textOf(defaults?.fields.get('os')),
      rpcDynamicPorts: rangeOf(defaults?.fields.get('rpcDynamicPorts')),
      zone: textOf(defaults?.fields.get('zone')),
      forest: textOf(defaults?.fields.get('forest')),
      span: defaults?.node.span,
      node: defaults?.node,
    },
    zones,
    sites: byName(things('sites', readSite)),
    servers,
    clients,
    boundaryGroups: byName(things('boundaryGroups', readBoundaryGroup)),
    availabilityGroups,
    listeners: byName(listeners),
    firewalls: byName(things('firewalls', (entry) => readFirewall(entry, reading, shared))),
    addressGroups,
    portGroups: byName(things('portGroups', readPortGroup)),
    policies: readPolicies(reading, fields.get('policies')),
    problems: reading.problems.sort((a, b) => a.span.start - b.span.start),
    references: [],
  };
  const instances: InstancesByName = new Map();
  const references: Reference[] = [];
  for (const reference of reading.references) {
    const target = findTarget(topology, reference, instances);
    // The default instance that nobody names and that is there is no place to point at.
    if (reference.implied && target) continue;
    if (reference.outside && target === undefined) continue;
    references.push(target ? resolvedTo(reference, target) : reference);
  }
  return { ...topology, references: references.sort((a, b) => a.span.start - b.span.start) };
}
