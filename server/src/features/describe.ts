// What the format's description says about a key or a word, as Markdown for hovers and completion.

import { marked, t, translated } from '../l10n.ts';
import { listed, rpcRangeText } from '../rules/words.ts';
import type { Key, Shape, Word } from '../topology/format.ts';
import type { OptionValue } from '../topology/model.ts';
import { namedWord } from '../topology/read.ts';

/** A key's documentation: what it is for, what may be behind it, its default, an example. */
export function keyDoc(key: Key): string {
  const facts = [
    key.unit === undefined
      ? t('Value: {0}.', shapeText(key.shape))
      : t('Value: {0} ({1}).', shapeText(key.shape), translated(key.unit)),
    key.required || key.requiredText
      ? key.requiredText === undefined
        ? t('Required.')
        : t('Required {0}.', translated(key.requiredText))
      : undefined,
    defaultOf(key),
    key.editions === undefined ? undefined : t('Editions: {0}.', key.editions.join(t(', '))),
  ].filter((fact) => fact !== undefined);
  const parts = [key.doc === '' ? '' : translated(key.doc), facts.join(' ')];
  if (key.example !== undefined) parts.push(`\`\`\`yaml\n${key.name}: ${key.example}\n\`\`\``);
  return parts.filter((part) => part !== '').join('\n\n');
}

/** What a map of the format is: `server`, `options of sql-server`. */
export function whatText(what: string): string {
  const [, role] = /^options of (.+)$/.exec(what) ?? [];
  return role === undefined ? translated(what) : t('options of {0}', role);
}

/** A word's documentation. */
export function wordDoc(word: Word): string {
  const doc = translated(word.doc);
  return word.editions === undefined ? doc : t('{0} Editions: {1}.', doc, word.editions.join(t(', ')));
}

/** What may be in a place, in a few words: `a port`, `one of http, https, both`. */
function shapeText(shape: Shape): string {
  switch (shape.kind) {
    case 'text':
      return t('text');
    case 'boolean':
      return orList(['`true`', '`false`']);
    case 'integer':
      return shape.maximum === undefined
        ? t('an integer, at least {0}', shape.minimum)
        : t('an integer, {0} to {1}', shape.minimum, shape.maximum);
    case 'port':
      return t('a port, 1 to 65535');
    case 'range':
      return t('a range of ports such as 49152-65535');
    case 'ports':
      return shape.any
        ? t('a port, a range or a list of them, or `any`')
        : t('a port, a range or a list of them');
    case 'address':
      return t('an IPv4 or IPv6 address');
    case 'network':
      return t('a network such as 10.10.0.0/16');
    case 'date':
      return t('a date, YYYY-MM-DD');
    case 'words':
      return shape.words.length > 8
        ? t('one of the words below')
        : orList(shape.words.map(({ name }) => `\`${name}\``));
    case 'edition':
      return t('one of the words below, or a version such as 2403');
    case 'exception':
      return orList([...shape.words.map(({ name }) => `\`${name}\``), '`tcp/PORT`', '`udp/PORT`']);
    case 'reference': {
      const kinds = shape.to.map((kind) => translated(REFERENCE_TEXT[kind]));
      const words = (shape.words ?? []).map(({ name }) => `\`${name}\``);
      return orList([
        ...kinds,
        ...(shape.networks ? [t('an address or network')] : []),
        ...(shape.outside ? [t('a name or address outside the file')] : []),
        ...words,
      ]);
    }
    case 'list':
      return t(shape.single ? '{0}, or a list' : 'a list; each item {0}', shapeText(shape.of));
    case 'either':
      return orList(shape.of.map(shapeText));
    case 'map':
      return shape.keys.length === 0 ? t('nothing') : t('a map with {0}', keyList(shape.keys));
    case 'named':
      return t('a map from a name to a {0}', namedWord(shape.names));
    case 'reference-map':
      return t('a map from {0}, each to {1}', shapeText(shape.key), shapeText(shape.of));
  }
}

const REFERENCE_TEXT = {
  zone: marked('a zone'),
  site: marked('a site code'),
  server: marked('a server'),
  clients: marked('a client group'),
  'availability-group': marked('an availability group'),
  instance: marked('a SQL Server instance'),
  'boundary-group': marked('a boundary group'),
  'address-group': marked('an address group'),
  'port-group': marked('a port group'),
} as const;

function keyList(keys: readonly Key[]): string {
  const names = keys.slice(0, 8).map(({ name }) => `\`${name}\``);
  return keys.length > 8 ? `${names.join(t(', '))}, …` : names.join(t(', '));
}

function defaultOf(key: Key): string | undefined {
  if (key.defaultText !== undefined) return t('Default: {0}.', translated(key.defaultText));
  return key.default === undefined ? undefined : t('Default: {0}.', `\`${optionText(key.default)}\``);
}

/** An option's value as a file writes it. */
export function optionText(value: OptionValue): string {
  if (typeof value !== 'object') return String(value);
  if ('low' in value) return rpcRangeText(value);
  return value.map((one) => one.value).join(', ');
}

function orList(words: readonly string[]): string {
  return listed(words, 'or');
}
