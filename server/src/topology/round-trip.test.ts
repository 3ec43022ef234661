import assert from 'node:assert/strict';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { KNOWN_VERSIONS } from '../catalog/editions.ts';
import { parseText } from '../text/parse.ts';
import type { Node } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';
import { FORMAT, type Key, type MapShape, OWN_KEY, type SectionKind, type Shape } from './format.ts';
import { topologySchema } from './json-schema.ts';
import type { Topology, Written } from './model.ts';
import { readTopology } from './read.ts';

type Plain = string | number | boolean | null | Plain[] | { [key: string]: Plain };

const isSchemaValid = new Ajv({ strict: false, allErrors: true }).compile(topologySchema());

// --- Drawing a file by the description ---------------------------------------------------------

/** Names of things by kind; they need not be there, since a name that is nowhere is no mistake of the format. */
const NAMES: Readonly<Record<SectionKind, readonly string[]>> = {
  zone: ['hq', 'dmz'],
  site: ['PS1', 'S01'],
  server: ['cm01', 'sql01', 'dp01'],
  clients: ['pcs', 'laptops'],
  'boundary-group': ['Branch', 'HQ'],
  'availability-group': ['AG1'],
  instance: ['CM', 'MSSQLSERVER'],
  firewall: ['edge', 'host'],
  'address-group': ['admins', 'all'],
  'port-group': ['web', 'rdp'],
};
const ADDRESSES = ['10.10.0.1', 'fd00::1'];
const NETWORKS = ['10.0.0.0/8', 'fd00::/64', '192.0.2.1'];
const port = fc.integer({ min: 1, max: 65535 });
const range = fc.tuple(port, port).map(([a, b]): Plain => `${Math.min(a, b)}-${Math.max(a, b)}`);

function drawn(shape: Shape, inGroup = false): fc.Arbitrary<Plain> {
  switch (shape.kind) {
    case 'text':
      return fc.constantFrom<Plain>('a text', '01', 'key: value # no comment', '中文');
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer({ min: shape.minimum, max: shape.maximum ?? 100_000 });
    case 'port':
      return port;
    case 'range':
      return range;
    case 'ports':
      return fc.oneof(
        port,
        range,
        fc.array(fc.oneof(port, range), { maxLength: 3 }),
        ...(shape.any ? [fc.constant<Plain>('any')] : []),
      );
    case 'address':
      return fc.constantFrom(...ADDRESSES);
    case 'network':
      return fc.constantFrom(...NETWORKS);
    case 'date':
      return fc.constantFrom('2026-02-28', '2027-12-31');
    case 'words':
      return fc.constantFrom(...shape.words.map(({ name }) => name));
    case 'edition':
      return fc.constantFrom<Plain>(...shape.words.map(({ name }) => name), ...KNOWN_VERSIONS, 2403);
    case 'exception':
      return fc.constantFrom(...shape.words.map(({ name }) => name), 'tcp/2701', 'udp/9');
    case 'reference':
      return fc.constantFrom(
        // A group in a group could be a circle.
        ...shape.to.filter((kind) => !inGroup || kind !== 'address-group').flatMap((kind) => NAMES[kind]),
        ...(shape.words ?? []).map(({ name }) => name),
        ...(shape.networks ? NETWORKS : []),
        ...(shape.outside ? ['proxy.contoso.com', '203.0.113.9'] : []),
      );
    case 'list': {
      const { minimum = 0, maximum = 3 } = shape;
      const many = fc.array(drawn(shape.of, inGroup), { minLength: minimum, maxLength: maximum });
      return shape.single ? fc.oneof(drawn(shape.of, inGroup), many) : many;
    }
    case 'either':
      return fc.oneof(...shape.of.map((one) => drawn(one)));
    case 'map':
      return drawnMap(shape);
    case 'named':
      return fc.dictionary(
        fc.constantFrom(...NAMES[shape.names]),
        drawn(shape.of, shape.names === 'address-group'),
        { maxKeys: 3 },
      );
    case 'reference-map':
      return fc.dictionary(
        fc.constantFrom(...NAMES['boundary-group']),
        fc.oneof(drawn(shape.of), fc.constant<Plain>(null)),
        { maxKeys: 2 },
      );
  }
}

function drawnMap(shape: MapShape): fc.Arbitrary<Plain> {
  const fields = Object.fromEntries(shape.keys.map((key) => [key.name, drawn(key.shape)]));
  const always = shape.keys.filter(({ required }) => required).map(({ name }) => name);
  return fc.record(fields, { requiredKeys: always }).chain((map) => {
    const missing: Record<string, fc.Arbitrary<Plain>> = {};
    for (const key of shape.keys) {
      for (const other of key.excludes ?? []) if (key.name in map) delete map[other];
    }
    for (const key of shape.keys) {
      if (!(key.name in map) && isWanted(key, map)) missing[key.name] = fields[key.name] ?? fc.constant(null);
    }
    return fc.record(missing).map((more): Plain => ({ ...map, ...more }));
  });
}

function isWanted({ requiredIf, requiredUnless }: Key, map: Readonly<Record<string, Plain>>): boolean {
  if (requiredIf) return map[requiredIf.key] === requiredIf.is;
  return requiredUnless !== undefined && !requiredUnless.some((other) => other in map);
}

const isMap = (value: Plain | undefined): value is { [key: string]: Plain } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What only the whole file can say is put right: one zone is the internet. */
const topologyFile = drawnMap(FORMAT).map((file) => {
  const zones = isMap(file) ? file.zones : undefined;
  if (isMap(zones)) for (const zone of Object.values(zones).slice(1)) if (isMap(zone)) delete zone.internet;
  return file as { [key: string]: Plain };
});

// --- What the model has of it ------------------------------------------------------------------

/** Every value of a model by the node that wrote it. */
function writtenIn(topology: Topology): ReadonlyMap<Node, unknown> {
  const found = new Map<Node, unknown>();
  const seen = new Set<object>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null || seen.has(value)) return;
    seen.add(value);
    if (value instanceof Map) for (const one of value.values()) visit(one);
    else if (Array.isArray(value)) value.forEach(visit);
    else {
      if ('value' in value && 'node' in value && 'span' in value) {
        const { node, value: inner } = value as Written<unknown>;
        if (node.kind === 'scalar') found.set(node, inner);
      }
      for (const [key, inner] of Object.entries(value)) if (!NOT_VALUES.has(key)) visit(inner);
    }
  };
  visit(topology);
  return found;
}
const NOT_VALUES: ReadonlySet<string> = new Set(['tree', 'node', 'key', 'span', 'problems', 'references']);

/** Values that the model has in another form than the file, by the end of their path. */
const OTHERWISE: ReadonlySet<string> = new Set(['description', 'outbound']);

function* leaves(
  node: Node | undefined,
  path: readonly string[] = [],
): Iterable<[readonly string[], Node & { kind: 'scalar' }]> {
  const target = node && resolve(node);
  if (target?.kind === 'scalar') {
    if (target.text !== '' && target.text !== 'null') yield [path, target];
  } else if (target?.kind === 'seq') for (const item of target.items) yield* leaves(item, path);
  else if (target?.kind === 'map')
    for (const { name, value } of entries(target)) yield* leaves(value, [...path, name]);
}

function asText(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { low, high } = value as { low: number; high: number };
  return low === high ? String(low) : `${low}-${high}`;
}

/** The place where a file says what the model does not have; undefined where there is none. */
function firstLost(topology: Topology): string | undefined {
  const known = writtenIn(topology);
  for (const [path, node] of leaves(topology.tree.root)) {
    const [top = ''] = path;
    const last = path.at(-1) ?? '';
    if (
      top.startsWith(OWN_KEY) ||
      (OTHERWISE.has(last) && !(path.includes('rules') && last === 'description'))
    )
      continue;
    // `any` ports are a word of the model's own; Wake On LAN that is on has its port.
    if (node.text === 'any' && (last === 'tcp' || last === 'udp')) continue;
    if (last === 'wakeOnLan' || last === 'wakeUpProxy') {
      if (node.text === 'true' && typeof known.get(node) !== 'number') return path.join('.');
      continue;
    }
    const [low, high] = node.text.split('-');
    const text = low !== undefined && low === high ? low : node.text;
    if (!known.has(node) || asText(known.get(node)) !== text) return `${path.join('.')}: ${node.text}`;
  }
  return undefined;
}

// --- The properties ----------------------------------------------------------------------------

/** The paths of keys of the description that a drawn file has, with `*` for names and items. */
function keysOf(value: Plain, shape: Shape, path = ''): readonly string[] {
  if (shape.kind === 'either') return shape.of.flatMap((one) => keysOf(value, one, path));
  if (Array.isArray(value))
    return shape.kind === 'list' ? value.flatMap((one) => keysOf(one, shape.of, path)) : [];
  if (shape.kind === 'list') return shape.single ? keysOf(value, shape.of, path) : [];
  if (!isMap(value)) return [];
  if (shape.kind === 'named')
    return Object.values(value).flatMap((one) => keysOf(one, shape.of, `${path}.*`));
  if (shape.kind !== 'map') return [];
  return shape.keys.flatMap((key) => {
    const inner = value[key.name];
    return inner === undefined
      ? []
      : [`${path}.${key.name}`, ...keysOf(inner, key.shape, `${path}.${key.name}`)];
  });
}

function allKeys(shape: Shape, path = ''): readonly string[] {
  if (shape.kind === 'either') return shape.of.flatMap((one) => allKeys(one, path));
  if (shape.kind === 'list') return allKeys(shape.of, path);
  if (shape.kind === 'named') return allKeys(shape.of, `${path}.*`);
  if (shape.kind !== 'map') return [];
  return shape.keys.flatMap((key) => [`${path}.${key.name}`, ...allKeys(key.shape, `${path}.${key.name}`)]);
}

describe('a file that has whatever the format has', () => {
  it('reads back as the model says, without a mistake, and fits the JSON schema', () => {
    const met = new Set<string>();
    fc.assert(
      fc.property(topologyFile, (file) => {
        const text = stringify(file);
        const topology = readTopology(parseText(text));
        assert.deepEqual(
          topology.problems.map(({ code, message }) => `${code}: ${message}`),
          [],
          text,
        );
        assert.equal(firstLost(topology), undefined, text);
        assert.ok(isSchemaValid(file), `${JSON.stringify(isSchemaValid.errors)}\n${text}`);
        for (const key of keysOf(file, FORMAT)) met.add(key);
      }),
      { numRuns: 300 },
    );
    assert.deepEqual(
      allKeys(FORMAT).filter((key) => !met.has(key)),
      [],
      'keys that were never drawn',
    );
  });

  it('is reported wherever the JSON schema refuses what was broken in it', () => {
    const broken = fc.constantFrom<Plain>(
      'nonsense',
      70_000,
      -1,
      true,
      null,
      [],
      {},
      [[]],
      '5-',
      { nonsense: 1 },
      ['a'],
    );
    let refused = 0;
    fc.assert(
      fc.property(topologyFile, broken, fc.nat(), fc.boolean(), (file, wrong, seed, isKey) => {
        const places = placesIn(file);
        const place = places[seed % places.length];
        if (place === undefined) return;
        if (isKey && !Array.isArray(place.holder)) place.holder.nonsense = wrong;
        else (place.holder as { [key: string]: Plain })[place.key] = wrong;
        const text = stringify(file, { aliasDuplicateObjects: false });
        if (isSchemaValid(file)) return;
        refused++;
        const topology = readTopology(parseText(text));
        const isReported = topology.problems.length > 0 || topology.edition === undefined;
        assert.ok(isReported, `${JSON.stringify(isSchemaValid.errors)}\n${text}`);
      }),
      { numRuns: 600 },
    );
    assert.ok(refused > 200, `only ${refused} files were refused`);
  });
});

interface PlaceIn {
  readonly holder: { [key: string]: Plain } | Plain[];
  readonly key: string;
}

function placesIn(value: Plain): readonly PlaceIn[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [{ holder: value, key }, ...placesIn(inner)]);
}
