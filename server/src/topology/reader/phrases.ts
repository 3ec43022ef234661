// How messages speak of the kinds of things, of what a shape wants and of what is written.
import { marked, t, translated } from '../../l10n.ts';
import type { Node } from '../../text/tree.ts';
import type { NamedKind, Shape } from '../format.ts';

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
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}

export function listing(names: readonly string[]): string {
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

export function hasText(node: Node): string {
  if (node.kind === 'map') return t('a map');
  if (node.kind === 'seq') return t('a list');
  if (node.kind === 'alias') return `*${node.name}`;
  return `'${shortened(node.text)}'`;
}
