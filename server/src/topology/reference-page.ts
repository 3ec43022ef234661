// The key tables of docs/topology-format.md, made from the format's description.
import {
  FORMAT,
  type Key,
  type ListShape,
  type MapShape,
  ROLES,
  type RoleInfo,
  type SectionKind,
  type Shape,
  type Word,
} from './format.ts';
import { valueText } from './json-schema.ts';
import type { ReferenceKind } from './model.ts';

const HEADINGS: Readonly<Record<SectionKind, string>> = {
  zone: 'zones.NAME',
  site: 'sites.CODE',
  server: 'servers.NAME',
  clients: 'clients.NAME',
  'availability-group': 'availabilityGroups.NAME',
  instance: 'instances.NAME',
  'boundary-group': 'boundaryGroups.NAME',
  'address-group': 'addressGroups.NAME',
  'port-group': 'portGroups.NAME',
  firewall: 'firewalls.NAME',
};

const REFERENCE: Readonly<Record<ReferenceKind, string>> = {
  zone: 'zone',
  site: 'site code',
  server: 'server',
  clients: 'client group',
  'availability-group': 'availability group',
  instance: 'instance',
  'boundary-group': 'boundary group',
  'address-group': 'address group',
  'port-group': 'port group',
};

/** A shape in the words of the page. */
function typeText(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
    case 'boolean':
    case 'integer':
    case 'port':
    case 'range':
    case 'address':
    case 'network':
    case 'date':
      return shape.kind;
    case 'ports':
      return shape.any ? 'ports or `any`' : 'ports';
    case 'words':
      return shape.words.length > 9
        ? 'word (below)'
        : shape.words.map(({ name }) => `\`${name}\``).join(', ');
    case 'edition':
      return 'edition (below) or version';
    case 'exception':
      return 'exception (below)';
    case 'reference': {
      const others = [
        ...(shape.words ?? []).map(({ name }) => `\`${name}\``),
        ...(shape.networks ? ['address', 'network'] : []),
        ...(shape.outside ? ['name or address outside the file'] : []),
      ];
      return [...shape.to.map((kind) => REFERENCE[kind]), ...others].join(', ');
    }
    case 'list':
      return `${shape.single ? `${typeText(shape.of)}, or ` : ''}list of ${typeText(shape.of)}`;
    case 'either':
      return shape.of.map(typeText).join(' or ');
    case 'map':
      return shape.what === 'roles'
        ? 'map from a role to its options'
        : `{ ${shape.keys.map(({ name }) => name).join(', ')} }`;
    case 'reference-map':
      return `map from ${typeText(shape.key)} to ${typeText(shape.of)}`;
    case 'named':
      return `map of [${HEADINGS[shape.names]}](#${anchor(HEADINGS[shape.names])})`;
  }
}

function anchor(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^a-z0-9 _-]/g, '')
    .replaceAll(' ', '-');
}

function defaultCell(key: Key): string {
  if (key.required || key.requiredText) return `required${key.requiredText ? ` ${key.requiredText}` : ''}`;
  if (key.defaultText) return key.defaultText;
  return key.default === undefined ? '' : `\`${valueText(key.default)}\``;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function row(key: Key): string {
  const unit = key.unit ? ` (${key.unit})` : '';
  const editions = key.editions ? ` Editions: ${key.editions.join(', ')}.` : '';
  const example = key.example ? `\`${key.example}\`` : '';
  const cells = [
    `\`${key.name}\``,
    typeText(key.shape) + unit,
    defaultCell(key),
    key.doc + editions,
    example,
  ];
  return `| ${cells.map(cell).join(' | ')} |`;
}

function table(keys: readonly Key[]): string {
  return ['| key | value | default | meaning | example |', '|---|---|---|---|---|', ...keys.map(row)].join(
    '\n',
  );
}

/** The maps below a map that have no name of their own: `database`, `clientPorts`, `windowsFirewall`. */
function innerMaps(shape: Shape): readonly MapShape[] {
  switch (shape.kind) {
    case 'map':
      return shape.what === 'roles' ? [] : [shape];
    case 'list':
      return innerMaps(shape.of);
    case 'either':
      return shape.of.flatMap(innerMaps);
    default:
      return [];
  }
}

function wordTable(words: readonly Word[]): string {
  return [
    '| word | meaning |',
    '|---|---|',
    ...words.map(({ name, doc }) => `| \`${name}\` | ${cell(doc)} |`),
  ].join('\n');
}

/** The words of a shape that are worth a table of their own. */
function wordsOf(shape: Shape): readonly Word[] {
  if (shape.kind === 'words' || shape.kind === 'exception' || shape.kind === 'edition') return shape.words;
  if (shape.kind === 'reference') return shape.words ?? [];
  if (shape.kind === 'either') return shape.of.flatMap(wordsOf);
  return shape.kind === 'list' || shape.kind === 'reference-map' ? wordsOf(shape.of) : [];
}

function section(heading: string, shape: MapShape | ListShape, level: string): string {
  if (shape.kind === 'list') return [`${level} ${heading}`, `Value: ${typeText(shape)}.`].join('\n\n');
  const parts = [`${level} ${heading}`, table(shape.keys)];
  for (const key of shape.keys) {
    const words = wordsOf(key.shape);
    if (words.length > 0) parts.push(`Words of \`${key.name}\`:`, wordTable(words));
    for (const inner of innerMaps(key.shape))
      parts.push(section(`${heading}.${key.name}`, inner, `${level}#`));
  }
  return parts.join('\n\n');
}

function roleSection(role: RoleInfo): string {
  const editions = role.editions ? ` Editions: ${role.editions.join(', ')}.` : '';
  const place = role.belongsToSite ? 'Belongs to a site.' : 'Infrastructure: needs no site.';
  const parts = [`#### ${role.name}`, `${role.doc} ${place}${editions}`];
  if (role.shape.keys.length === 0) return [...parts, 'No options.'].join('\n\n');
  parts.push(table(role.shape.keys));
  for (const key of role.shape.keys) {
    const words = wordsOf(key.shape);
    if (words.length > 0) parts.push(`Words of \`${key.name}\`:`, wordTable(words));
    if (key.shape.kind === 'named') {
      parts.push(section(HEADINGS[key.shape.names], key.shape.of, '#####'));
    }
  }
  return parts.join('\n\n');
}

/** The generated part of the reference page, as Markdown without a line break at its end. */
export function keyReference(): string {
  const top = FORMAT.keys.filter(({ shape }) => shape.kind !== 'map');
  const defaults = FORMAT.keys.filter(({ shape }) => shape.kind === 'map');
  const parts = ['### Top level', table(FORMAT.keys)];
  for (const key of top) {
    const words = wordsOf(key.shape);
    if (words.length > 0) parts.push(`Words of \`${key.name}\`:`, wordTable(words));
  }
  for (const key of defaults) {
    for (const inner of innerMaps(key.shape)) parts.push(section(key.name, inner, '###'));
  }
  for (const { shape } of FORMAT.keys) {
    if (shape.kind !== 'named') continue;
    parts.push(section(HEADINGS[shape.names], shape.of, '###'));
    if (shape.names === 'server') {
      parts.push('### Roles and their options', ...ROLES.map(roleSection));
    }
  }
  return parts.join('\n\n');
}
