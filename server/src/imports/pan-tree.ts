// A configuration of PAN-OS as one tree, whether it is in XML, in `set` commands or in braces: an element, the
// name of an entry, a member of a list and a value are each a key.
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { importError } from './model.ts';

export interface Tree extends Map<string, Tree> {}

/** Elements in elements are read so deep. */
const MOST_NESTED = 200;
/** Keys of a tree. */
const MOST_KEYS = 5_000_000;

const newTree = (): Tree => new Map();

function child(tree: Tree, key: string): Tree {
  const found = tree.get(key);
  if (found) return found;
  const next = newTree();
  tree.set(key, next);
  return next;
}

/** What is below a path; undefined where there is nothing. */
export function below(tree: Tree | undefined, ...path: readonly string[]): Tree | undefined {
  let at = tree;
  for (const key of path) at = at?.get(key);
  return at;
}

/** The keys below a path, as the members of a list. */
export function members(tree: Tree | undefined, ...path: readonly string[]): readonly string[] {
  return [...(below(tree, ...path)?.keys() ?? [])];
}

/** The one value below a path. */
export function textAt(tree: Tree | undefined, ...path: readonly string[]): string | undefined {
  return members(tree, ...path)[0];
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', apos: "'", gt: '>', lt: '<', quot: '"' };

/** A text with the references that XML has of itself and by number; there are no others without a document type. */
function plain(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w{1,20}));|&/g, (_, decimal, hex, name) => {
    const code = decimal ? Number(decimal) : hex ? Number.parseInt(hex, 16) : undefined;
    if (code !== undefined && code <= 0x10ffff) return String.fromCodePoint(code);
    if (name !== undefined && Object.hasOwn(ENTITIES, name)) return ENTITIES[name] ?? '';
    throw notXml(t('a reference to something outside it'));
  });
}

const notXml = (reason: string) =>
  importError(t('it begins like XML but is not valid XML: {0}', visible(reason)));

/** One piece of XML: a comment, an instruction, a text as it is, a tag, or text. */
const PIECE =
  /<!--[\s\S]*?-->|<\?[\s\S]*?\?>|<!\[CDATA\[([\s\S]*?)\]\]>|<(\/?)([^\s<>/="'!?]+)((?:\s+[^\s<>/="']+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>|([^<]+)/gy;
const NAME = /\sname\s*=\s*(?:"([^"]*)"|'([^']*)')/;

/**
 * Reads XML as PAN-OS writes it. Nothing outside of it is looked up, and a document type, with which that begins, is
 * refused.
 */
export function treeOfXml(text: string): Tree {
  const root = newTree();
  const path: { readonly name: string; readonly at: Tree }[] = [];
  let said = '';
  let keys = 0;
  let end = 0;
  const at = () => path[path.length - 1]?.at ?? root;
  const close = () => {
    const value = said.trim();
    if (value !== '') child(at(), value);
    said = '';
    path.pop();
  };
  for (const [piece, cdata, slash, tag, attributes = '', empty, chars] of text
    .replace(/^\uFEFF/, '')
    .matchAll(PIECE)) {
    end += piece.length;
    if (cdata !== undefined) said += cdata;
    else if (chars !== undefined) said += plain(chars);
    else if (tag === undefined) continue;
    else if (slash === '/') {
      if (path[path.length - 1]?.name !== tag)
        throw notXml(t('{0} is closed and was not the last to be opened', tag));
      close();
    } else {
      keys++;
      if (path.length >= MOST_NESTED || keys > MOST_KEYS) throw notXml(t('it is nested too deeply'));
      if (path.length === 0 && keys > 1 && root.size > 0)
        throw importError(t('it contains several XML documents; import each from a separate file'));
      const [, double, single] = (tag === 'entry' && NAME.exec(attributes)) || [];
      const key = tag === 'entry' ? plain(double ?? single ?? '') : tag === 'member' ? '' : tag;
      path.push({ name: tag, at: key === '' ? at() : child(at(), key) });
      said = '';
      if (empty === '/') close();
    }
  }
  if (/^<!DOCTYPE/i.test(text.slice(end).trimStart())) {
    throw importError(t('its XML declares a document type, which no configuration of PAN-OS does'));
  }
  if (end < text.replace(/^\uFEFF/, '').length)
    throw notXml(t('the text at character {0} is not XML', end + 1));
  if (path.length > 0) throw notXml(t('{0} is never closed', path[path.length - 1]?.name ?? ''));
  return root;
}

/** Reads `set` and `delete` commands; other lines are passed by. */
export function treeOfSets(text: string): Tree {
  const root = newTree();
  for (const tokens of commands(text)) {
    const [verb, ...path] = tokens;
    const start = path[0] === 'config' ? path.slice(1) : path;
    if (verb === 'delete') remove(root, start);
    else if (verb === 'set') put(root, start);
  }
  return root;
}

function put(root: Tree, path: readonly string[]): void {
  const start = startOfFields(path);
  let at = root;
  let list: Tree | undefined;
  for (const token of path.slice(0, start)) {
    if (token === '[') list = at;
    else if (token === ']') list = undefined;
    else if (list) child(list, token);
    else at = child(at, token);
  }
  if (start < path.length) putFields(at, path.slice(start));
}

/** Places that hold others, by how many keys follow before what is in them. */
const SCOPES: Readonly<Record<string, number>> = {
  panorama: 0,
  policy: 0,
  shared: 0,
  'device-group': 1,
  devices: 1,
  vsys: 1,
};
const OBJECTS = new Set([
  'address',
  'address-group',
  'application',
  'application-group',
  'service',
  'service-group',
]);

/** Where the fields of an object or rule begin, of which one command may set several; the end where there are none. */
function startOfFields(path: readonly string[]): number {
  let at = 0;
  while (Object.hasOwn(SCOPES, path[at] ?? '')) at += 1 + (SCOPES[path[at] ?? ''] ?? 0);
  if (OBJECTS.has(path[at] ?? '')) return Math.min(at + 2, path.length);
  const isRule = /^(?:pre-|post-)?rulebase$/.test(path[at] ?? '') && path[at + 2] === 'rules';
  return isRule ? Math.min(at + 4, path.length) : path.length;
}

/** Fields with one value or a list, in rules and objects. */
const FIELDS = new Set(
  'action application category description destination destination-hip disabled dynamic-user-group fqdn from group-tag hip-profiles icmp-unreachable ip-netmask ip-range ip-wildcard log-end log-setting log-start members negate-destination negate-source port rule-type schedule service source source-hip source-port source-user static tag to translated-address translated-port'.split(
    ' ',
  ),
);
/** Those that belong to what is written before them, and not to the rule or object. */
const INNER = new Set(['port', 'source-port', 'translated-address', 'translated-port']);

/** `from any to any source A destination [ B C ] action allow`: each field beside the last, not below its value. */
function putFields(root: Tree, tokens: readonly string[]): void {
  let at = root;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index] ?? '';
    if (!FIELDS.has(token)) {
      at = child(at, token);
      continue;
    }
    if (!INNER.has(token)) at = root;
    const field = child(at, token);
    if (tokens[index + 1] === '[') {
      for (index += 2; index < tokens.length && tokens[index] !== ']'; index++)
        child(field, tokens[index] ?? '');
    } else if (index + 1 < tokens.length) child(field, tokens[++index] ?? '');
  }
}

function remove(root: Tree, path: readonly string[]): void {
  const last = path[path.length - 1];
  const above = below(root, ...path.slice(0, -1));
  if (last !== undefined) above?.delete(last);
}

/**
 * Where words in single quotation marks end. The device writes so what has double ones in it, at the end of a line and
 * with nothing escaped.
 * @returns gives the index of the closing mark for that of an opening one; -1 where the mark is a letter like others
 */
function singleQuotes(text: string): (open: number) => number {
  let lineEnd = -1;
  let last = -1;
  let noneBefore = -1;
  return (open) => {
    if (open > lineEnd) {
      lineEnd = text.indexOf('\n', open);
      if (lineEnd < 0) lineEnd = text.length;
      last = lineEnd - 1;
      while (last > open && /[\s;]/.test(text[last] ?? '')) last--;
      if (text[last] !== "'") last = -1;
    }
    if (last > open) return last;
    if (open < noneBefore) return -1;
    for (let at = text.indexOf("'", open + 1); at >= 0 && at < lineEnd; at = text.indexOf("'", at + 1))
      if (/[\s\];]/.test(text[at + 1] ?? '')) return at;
    noneBefore = lineEnd;
    return -1;
  };
}

/**
 * The matches of a pattern whose group `plain` is a word without quotation marks; where it begins with a single one
 * that is closed, `single` is what is between the marks.
 */
function* tokensOf(
  text: string,
  pattern: RegExp,
): Iterable<{ readonly groups: Readonly<Record<string, string | undefined>>; readonly single?: string }> {
  const closing = singleQuotes(text);
  for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
    const end = match.groups?.plain?.startsWith("'") ? closing(match.index) : -1;
    if (end >= 0) pattern.lastIndex = end + 1;
    yield { groups: match.groups ?? {}, ...(end >= 0 && { single: text.slice(match.index + 1, end) }) };
  }
}

/** What is between double quotation marks, and what a backslash stands before. */
const unescaped = (quoted: string | undefined) => quoted?.replace(/\\([\s\S])/g, '$1');

/** The tokens of each command: blanks part them, quotation marks hold them together, double ones over line breaks too. */
function commands(text: string): readonly (readonly string[])[] {
  const found: string[][] = [];
  let tokens: string[] = [];
  const pattern =
    /"(?<quoted>(?:[^"\\]|\\[\s\S])*)"|(?<bracket>[[\]])(?=[\s\]])|(?<comment>#[^\n]*)|(?<plain>[^\s"\]]+|\])|(?<end>\r?\n)/g;
  let isStart = true;
  for (const { groups, single } of tokensOf(text, pattern)) {
    const { quoted, bracket, comment, plain, end } = groups;
    if (end !== undefined) {
      if (tokens.length > 0) found.push(tokens);
      tokens = [];
      isStart = true;
      continue;
    }
    if (comment !== undefined && isStart) continue;
    tokens.push(unescaped(quoted) ?? single ?? bracket ?? plain ?? comment ?? '');
    isStart = false;
  }
  if (tokens.length > 0) found.push(tokens);
  return found;
}

/** Reads what `show` prints in configuration mode: braces, values that end with a semicolon. */
export function treeOfBraces(text: string): Tree {
  const root = newTree();
  const path: Tree[] = [root];
  let at = root;
  let list: Tree | undefined;
  const pattern =
    /"(?<quoted>(?:[^"\\]|\\[\s\S])*)"|(?<comment>#[^\n]*)|(?<mark>[{}[\];])|(?<plain>[^\s{}[\];"]+)/g;
  let isStart = true;
  for (const { groups, single } of tokensOf(text, pattern)) {
    const { quoted, comment, mark, plain } = groups;
    if (comment !== undefined && isStart) continue;
    switch (mark) {
      case '{':
        if (path.length > MOST_NESTED) throw importError(t('its braces are nested too deeply'));
        path.push(at);
        isStart = true;
        continue;
      case '}':
        if (path.length > 1) path.pop();
        at = path[path.length - 1] ?? root;
        isStart = true;
        continue;
      case ';':
        at = path[path.length - 1] ?? root;
        list = undefined;
        isStart = true;
        continue;
      case '[':
        list = at;
        continue;
      case ']':
        list = undefined;
        continue;
    }
    const token = unescaped(quoted) ?? single ?? plain ?? comment ?? '';
    if (list) child(list, token);
    else at = child(at, token);
    isStart = false;
  }
  return root;
}
