// What the format's description says about a key or a word, as Markdown for hovers and completion.
import type { Key, Shape, Word } from '../topology/format.ts';
import type { OptionValue } from '../topology/model.ts';

/** A key's documentation: what it is for, what may stand behind it, its default, an example. */
export function keyDoc(key: Key): string {
  const facts = [
    `Value: ${shapeText(key.shape)}${key.unit === undefined ? '' : ` (${key.unit})`}.`,
    key.required || key.requiredText
      ? `Required${key.requiredText === undefined ? '' : ` ${key.requiredText}`}.`
      : undefined,
    defaultOf(key),
    key.editions === undefined ? undefined : `Editions: ${key.editions.join(', ')}.`,
  ].filter((fact) => fact !== undefined);
  const parts = [key.doc, facts.join(' ')];
  if (key.example !== undefined) parts.push(`\`\`\`yaml\n${key.name}: ${key.example}\n\`\`\``);
  return parts.filter((part) => part !== '').join('\n\n');
}

/** A word's documentation. */
export function wordDoc(word: Word): string {
  return word.editions === undefined ? word.doc : `${word.doc} Editions: ${word.editions.join(', ')}.`;
}

/** What may stand in a place, in a few words: `a port`, `one of http, https, both`. */
export function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return 'text';
    case 'boolean':
      return '`true` or `false`';
    case 'integer':
      return `an integer, at least ${shape.minimum}`;
    case 'port':
      return 'a port, 1 to 65535';
    case 'range':
      return 'a range of ports such as 49152-65535';
    case 'ports':
      return `a port, a range or a list of them${shape.any ? ', or `any`' : ''}`;
    case 'address':
      return 'an IPv4 or IPv6 address';
    case 'network':
      return 'a network such as 10.10.0.0/16';
    case 'date':
      return 'a date, YYYY-MM-DD';
    case 'words':
      return shape.words.length > 8
        ? 'one of the words below'
        : orList(shape.words.map(({ name }) => `\`${name}\``));
    case 'exception':
      return `${shape.words.map(({ name }) => `\`${name}\``).join(', ')}, \`tcp/PORT\` or \`udp/PORT\``;
    case 'reference': {
      const kinds = shape.to.map((kind) => REFERENCE_TEXT[kind]);
      const words = (shape.words ?? []).map(({ name }) => `\`${name}\``);
      return orList([...kinds, ...(shape.networks ? ['an address or network'] : []), ...words]);
    }
    case 'list':
      return shape.single ? `${shapeText(shape.of)}, or a list` : `a list; each item ${shapeText(shape.of)}`;
    case 'either':
      return orList(shape.of.map(shapeText));
    case 'map':
      return shape.keys.length === 0 ? 'nothing' : `a map with ${keyList(shape.keys)}`;
    case 'named':
      return `a map from a name to a ${shape.of.what}`;
  }
}

const REFERENCE_TEXT = {
  zone: 'a zone',
  site: 'a site code',
  server: 'a server',
  clients: 'a client group',
  'availability-group': 'an availability group',
  instance: 'a SQL Server instance',
} as const;

function keyList(keys: readonly Key[]): string {
  const names = keys.slice(0, 8).map(({ name }) => `\`${name}\``);
  return keys.length > 8 ? `${names.join(', ')}, …` : names.join(', ');
}

function defaultOf(key: Key): string | undefined {
  if (key.defaultText !== undefined) return `Default: ${key.defaultText}.`;
  return key.default === undefined ? undefined : `Default: \`${optionText(key.default)}\`.`;
}

function optionText(value: OptionValue): string {
  if (typeof value !== 'object') return String(value);
  if ('low' in value) return `${value.low}-${value.high}`;
  return value.map((one) => one.value).join(', ');
}

function orList(words: readonly string[]): string {
  if (words.length < 2) return words.join('');
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
