// Completion: the keys, roles, words and names that can be at the cursor.

import type { CompletionItem, CompletionItemKind, Position } from 'vscode-languageserver-protocol';
import fileTemplates from '../../../syntaxes/snippets.json';
import type { Analysis } from '../analysis.ts';
import { marked, t, translated } from '../l10n.ts';
import { snippetChoice, snippetText, visible } from '../print/escape.ts';
import { SITE_TYPE } from '../rules/hierarchy/hierarchy.ts';
import { rules } from '../rules/index.ts';
import { DIRECTIVES } from '../rules/suppressions.ts';
import type { Span } from '../text/tree.ts';
import { keyScalar, resolve } from '../text/values.ts';
import { DEFAULT_INSTANCE, instanceOf, instancePort, lookup } from '../topology/effective.ts';
import {
  alternative,
  FORMAT,
  type Key,
  type ListShape,
  type MapShape,
  type NamedShape,
  type PathStep,
  type ReferenceShape,
  type Shape,
  shapeAt,
  type Word,
} from '../topology/format.ts';
import type { OptionValue, ReferenceKind, Server, Site } from '../topology/model.ts';
import { namedWord } from '../topology/read.ts';
import { siteCodeProblem } from '../topology/site-code.ts';
import { spokenFor } from '../topology/spoken.ts';
import { anchorsOf, sketchOf } from './anchors.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { keyDoc, optionText, whatText, wordDoc } from './describe.ts';
import { byUse, canBeParent, canHaveClients, type FreePort, portsFor, roleFit, standing } from './fitting.ts';
import { editorRange, offsetOf } from './place.ts';
import { type Thing, thingsOf } from './subject.ts';

/** Characters that open the list of completions while typing. */
export const TRIGGER_CHARACTERS: readonly string[] = [' ', '-', '[', '{', ',', '"', "'", '*'];

export interface CompletionOptions {
  /** The editor expands `${1:port}`. */
  readonly snippets: boolean;
  /** The editor inserts text as it is; others add the line's indentation to every line of it. */
  readonly asIs: boolean;
  /** The character that was typed, where the list opens by itself. */
  readonly trigger: string | undefined;
}

const KIND = {
  key: 10,
  role: 7,
  word: 12,
  value: 12,
  reference: 18,
  snippet: 15,
  rule: 20,
} as const satisfies Record<string, CompletionItemKind>;
const SNIPPET = 2;
const AS_IS = 1;
const DEPRECATED = 1;

/** One thing to offer. `text` may hold tab stops; `\n` in it is followed by absolute blanks. */
interface Offer {
  readonly label: string;
  readonly kind: CompletionItemKind;
  readonly text: string;
  readonly detail?: string;
  readonly doc?: string;
  /** Offers of lower rank come first; equal ones in the order given. */
  readonly rank?: number;
  readonly deprecated?: boolean;
  /** A whole entry to be filled in, by its English label: of no use to an editor without tab stops. */
  readonly whole?: string;
  /** Text before the word that goes when this is chosen. */
  readonly remove?: Span;
  /** What the typed text is held against, where that is not the label. */
  readonly filter?: string;
}

const SPEAKABLE: ReadonlySet<CompletionItemKind> = new Set([KIND.key, KIND.role, KIND.word]);

/** What can be written at a position; empty where nothing is known. */
export function completion(
  analysis: Analysis,
  position: Position,
  options: CompletionOptions,
): CompletionItem[] {
  const offset = offsetOf(analysis, position);
  const comment = commentOffers(analysis, offset);
  if (comment !== undefined) return render(analysis, comment.word, comment.offers, 0, options);
  const quoted = quotedAt(analysis.text, offset);
  // In quotes the question is the same as without them.
  const text = quoted === undefined ? analysis.text : unquotedText(analysis.text, quoted);
  const cursor = cursorAt(text, quoted === undefined ? offset : offset - 1);
  if (cursor === undefined) return [];
  // A blank of the indentation is no question.
  if (options.trigger === ' ' && cursor.at === 'entry' && cursor.flow === undefined) return [];
  const anchors = anchorOffers(analysis, offset, cursor);
  if (anchors !== undefined) return render(analysis, cursor.word, anchors, cursor.indent, options);
  if (options.trigger === '*') return [];
  const place = shapeAt(cursor.path);
  if (place === undefined || isBesideText(text, cursor) || isOutOfLine(analysis, cursor)) return [];
  const context: Context = {
    analysis,
    text,
    cursor,
    whole: false,
    fixed: {},
    snippets: options.snippets,
    counter: { stops: 0 },
  };
  const { before, after } = surroundings(text, cursor);
  // Where the value is on the lines below, only what joins it there makes sense.
  const hasValue = columnBelow(text, cursor) !== undefined;
  const offers = [...offersFor(context, place.shape), ...nextRoleOffers(context)]
    .filter((offer) => !hasValue || offer.text.startsWith('\n'))
    .map((offer) => ({
      ...offer,
      text: `${offer.text.startsWith('\n') ? '' : before}${offer.text}${after}`,
    }));
  if (quoted === undefined) return render(analysis, cursor.word, offers, cursor.indent, options);
  const inQuotes = offers.map((offer) => withQuotes(offer, quoted));
  return render(analysis, quoted.span, inQuotes, cursor.indent, options);
}

// --- Quotes and anchors ----------------------------------------------------------------------

/** A word in quotes under the cursor. */
interface Quoted {
  readonly mark: string;
  /** With its quotes; where the second one is missing, up to the end of the word under the cursor. */
  readonly span: Span;
  readonly isClosed: boolean;
}

/** The quotes round an offset, as far as they are on its line. */
function quotedAt(text: string, offset: number): Quoted | undefined {
  const start = Math.max(text.lastIndexOf('\n', offset - 1), text.lastIndexOf('\r', offset - 1)) + 1;
  const end = offset + restOfLine(text, offset).length;
  if (end - start > 2000) return undefined;
  let before = '';
  for (let at = start; at < offset; at++) {
    const char = text[at] ?? '';
    if (char === '#' && /^$|\s/.test(text[at - 1] ?? '') && at > start) return undefined;
    if ((char === '"' || char === "'") && /[[{,:?-]|^$/.test(before)) {
      const marks = text.slice(at, end).split(char).length - 1;
      const close = text.indexOf(char, at + 1);
      if (close === -1 || close >= end || (close >= offset && marks % 2 === 1)) {
        const word = /^[\w.-]*/.exec(text.slice(offset, end))?.[0].length ?? 0;
        return { mark: char, span: { start: at, end: offset + word }, isClosed: false };
      }
      if (close >= offset) return { mark: char, span: { start: at, end: close + 1 }, isClosed: true };
      at = close;
    }
    if (!/\s/.test(char)) before = char;
  }
  return undefined;
}

/** The text of the same length without these quotes: what was in them begins where they began. */
function unquotedText(text: string, { span, isClosed }: Quoted): string {
  const inner = text.slice(span.start + 1, isClosed ? span.end - 1 : span.end);
  return text.slice(0, span.start) + inner.padEnd(span.end - span.start) + text.slice(span.end);
}

/** An offer for the place of a quoted word: a name keeps the quotes; what is more, or no text, goes without them. */
function withQuotes(offer: Offer, { mark, span }: Quoted): Offer {
  const isText =
    (offer.kind === KIND.word || offer.kind === KIND.reference) && /^\s*[\w.-]+$/.test(offer.text);
  const isNumber = /^\s*(?:\d+(?:-\d+)?|true|false)$/.test(offer.text);
  const text = isText && !isNumber ? offer.text.replace(/[\w.-]+/, `${mark}$&${mark}`) : offer.text;
  const remove = offer.remove && { ...offer.remove, end: span.start };
  return { ...offer, text, filter: mark + filterOf(offer), ...(remove === undefined ? {} : { remove }) };
}

/** The anchors that can be behind a `*`; undefined where there is none. */
function anchorOffers(analysis: Analysis, offset: number, cursor: Cursor): Offer[] | undefined {
  const { text, tree } = analysis;
  const line = text.slice(Math.max(0, cursor.word.start - 500), offset);
  if (!/(?:^|[\r\n,:?[{-])[ \t]*\*[^\s,[\]{}]*$/.test(line) || cursor.at === 'entry') return undefined;
  const wanted = kindsAt(cursor);
  const found = new Map<string, Offer>();
  for (const node of anchorsOf(tree.root).keys()) {
    const { anchor, span, kind } = node;
    if (anchor.span.start >= offset || !wanted.has(kind)) continue;
    if ((span.start <= offset && offset <= span.end) || holdsPlace(text, anchor.span.start, offset)) continue;
    const name = `*${anchor.name}`;
    found.delete(name);
    found.set(name, { label: name, kind: KIND.reference, text: name, detail: sketchOf(text, node) });
  }
  return [...found.values()].reverse();
}

/** Whether an offset is below an anchor's line and deeper, in what the anchor stands for. */
function holdsPlace(text: string, anchor: number, offset: number): boolean {
  const start = text.lastIndexOf('\n', anchor) + 1;
  const [, ...below] = text.slice(start, offset).split('\n');
  const indent = (line: string) => /^ */.exec(line)?.[0].length ?? 0;
  const own = indent(text.slice(start, anchor));
  return below.length > 0 && below.every((line) => line.trim() === '' || indent(line) > own);
}

/** What an alias can stand for at a place. */
function kindsAt({ path }: Cursor): ReadonlySet<'scalar' | 'map' | 'seq'> {
  const keys = path.filter((step) => typeof step === 'string');
  if (keys.at(-1) === '<<') return new Set(['map']);
  const shape = shapeAt(path)?.shape;
  if (shape === undefined) return new Set(['scalar', 'map', 'seq']);
  const shapes = shape.kind === 'either' ? shape.of : [shape];
  return new Set(
    shapes.flatMap((one): ('scalar' | 'map' | 'seq')[] => {
      if (one.kind === 'map' || one.kind === 'named') return ['map'];
      if (one.kind === 'list') return one.single ? ['seq', 'scalar'] : ['seq'];
      return one.kind === 'ports' ? ['scalar', 'seq'] : ['scalar'];
    }),
  );
}

// --- The place of the word -------------------------------------------------------------------

/** Whether other text is beside the word on its line that would run together with what is chosen. */
function isBesideText(text: string, { flow, at, word }: Cursor): boolean {
  const line =
    text
      .slice(Math.max(0, word.start - 2000), word.start)
      .split(/[\r\n]/)
      .at(-1) ?? '';
  // Before it are marks, an anchor or tag, and the quote of the word itself.
  if (!/(?:^\uFEFF?|[,:?{[-])[ \t]*(?:[&!][^\s,[\]{}]*[ \t]+)*["']?$/.test(line)) return true;
  const rest = restOfLine(text, word.end);
  if (/^[ \t]*$|^[ \t]+#/.test(rest)) return false;
  if (flow === undefined) return !/^["']?[ \t]*:(?:\s|$)/.test(rest);
  return at === 'value' && !/^["']?[ \t]*[,}\]]/.test(rest);
}

/** Of a key in block style whose value is on the lines below it: the column at which that begins. */
function columnBelow(text: string, { flow, at, column, word }: Cursor): number | undefined {
  return flow === undefined && at === 'value' ? nestedBelow(text, word, column)?.column : undefined;
}

/** Of a key that is to be written in block style: what the lines below would be to it, where they are deeper. */
function valueBelow({ text, cursor }: Context): 'map' | 'list' | undefined {
  const { flow, at, column, word } = cursor;
  if (flow !== undefined || at !== 'entry') return undefined;
  return nestedBelow(text, word, column)?.kind;
}

/** What is nested in a key at a column, by the next line that is neither empty nor a comment. */
function nestedBelow(
  text: string,
  word: Span,
  column: number,
): { readonly column: number; readonly kind: 'map' | 'list' } | undefined {
  const next = /^[^\r\n]*(?:\r\n|\n|\r)(?:[ \t]*(?:#[^\r\n]*)?(?:\r\n|\n|\r))*( *)(\S?)/.exec(
    text.slice(word.end),
  );
  const [, indent = '', first = ''] = next ?? [];
  const isInside = indent.length > column || (indent.length === column && first === '-');
  if (next === null || first === '' || !isInside) return undefined;
  return { column: indent.length, kind: first === '-' ? 'list' : 'map' };
}

/** Whether a line begins at another column than its neighbours in the same map or list. */
function isOutOfLine({ tree }: Analysis, { flow, at, path, column }: Cursor): boolean {
  if (flow !== undefined || at !== 'entry') return false;
  let node = tree.root && resolve(tree.root);
  for (const step of path) {
    if (node?.kind !== 'map' || typeof step !== 'string') return false;
    const pair = node.pairs.find((one) => keyScalar(one)?.text === step);
    node = pair && resolve(pair.value);
  }
  if ((node?.kind !== 'map' && node?.kind !== 'seq') || node.flow) return false;
  const start = node.kind === 'map' ? node.pairs[0]?.key.span.start : node.items[0]?.span.start;
  if (start === undefined) return false;
  const { line, character } = tree.lines.positionAt(start);
  if (node.kind === 'map') return character !== column;
  // An item's column is that of its dash.
  const { start: lineStart } = tree.lines.span(line);
  const dash = /^ *-/.exec(tree.text.slice(lineStart, start))?.[0].length;
  return dash !== undefined && dash - 1 !== column;
}

/** What has to be between an offer and its neighbours: a blank behind a mark, a comma before a further entry. */
function surroundings(text: string, { flow, at, word, bareDash }: Cursor): { before: string; after: string } {
  const isTight = /[:,]/.test(text[word.start - 1] ?? '') || bareDash;
  const rest = restOfLine(text, word.end);
  const runsOn = flow !== undefined && at !== 'value' && !/^["']?[ \t]*(?:[,}\]:]|$)|^[ \t]+#/.test(rest);
  return { before: isTight ? ' ' : '', after: runsOn ? (/^[ \t]/.test(rest) ? ',' : ', ') : '' };
}

function restOfLine(text: string, offset: number): string {
  return /^[^\r\n]*/.exec(text.slice(offset, offset + 400))?.[0] ?? '';
}

interface Context {
  readonly analysis: Analysis;
  /** Of the file, a quoted word under the cursor without its quotes. */
  readonly text: string;
  readonly cursor: Cursor;
  readonly snippets: boolean;
  /** A whole new entry is being made: with the usual keys beside the required ones. */
  readonly whole: boolean;
  /** The words of keys that the new entry is to have. */
  readonly fixed: Readonly<Record<string, string>>;
  /** Tab stops used so far in the offer that is being made. */
  readonly counter: { stops: number };
}

function offersFor(context: Context, shape: Shape): Offer[] {
  const { cursor } = context;
  const map = alternative(shape, 'map');
  const offers: Offer[] = [];
  if (map?.kind === 'map') {
    if (cursor.at === 'entry' || (cursor.at === 'item' && cursor.flow === undefined)) {
      return keyOffers(context, map);
    }
    offers.push(...nestedOffers(context, map));
  } else if (map?.kind === 'named') {
    if (cursor.at === 'entry') return nameOffers(context, map);
    offers.push(...nestedOffers(context, map));
  }
  const list = alternative(shape, 'list');
  if (list?.kind === 'list' && cursor.at === 'entry') {
    return offersFor({ ...context, cursor: { ...cursor, at: 'item' } }, list.of).map((offer) => ({
      ...offer,
      text: `- ${offer.text}`,
    }));
  }
  return [...offers, ...valueOffers(context, shape)];
}

// --- Keys ------------------------------------------------------------------------------------

function keyOffers(context: Context, map: MapShape): Offer[] {
  const { analysis, cursor } = context;
  const { topology } = analysis;
  const { edition } = topology;
  const { present } = cursor;
  const roles = isRole(cursor);
  const server = roles ? serverOf(analysis, cursor.path) : undefined;
  const named = hasColon(context);
  const below = named ? undefined : valueBelow(context);
  const offers = map.keys.flatMap((key): Offer[] => {
    const state = standing(key, edition);
    const fit = roles ? roleFit(topology, server, key.name) : 'fits';
    if (present.has(key.name) || state === 'not-yet' || fit === 'misfit') return [];
    if (isParentOfNone(context, key)) return [];
    if (below !== undefined && alternative(key.shape, below) === undefined) return [];
    const known = state === 'there';
    context.counter.stops = 0;
    const value = fit === 'passive' ? ' { passive: true }' : valueText(context, key, cursor.column);
    return [
      {
        label: key.name,
        kind: roles ? KIND.role : KIND.key,
        text: named ? key.name : below ? `${key.name}:` : `${key.name}:${value}`,
        detail: !known
          ? t('not in {0}', edition ?? '')
          : fit === 'passive'
            ? t('passive: the site has an active one')
            : detailOf(key),
        doc: keyDoc(key),
        rank: known ? keyRank(key, present) : 3,
        deprecated: !known,
      },
    ];
  });
  if (named || present.size > 0) return offers;
  return [...fileOffers(context, map), ...(cursor.at === 'item' ? itemOffers(context, map) : []), ...offers];
}

/** Below a role that has nothing yet: the next role beside it, for its options may all be left out. */
function nextRoleOffers(context: Context): Offer[] {
  const { analysis, cursor } = context;
  const { path, at, flow, present, word, indent } = cursor;
  const role = path.at(-1);
  if (at !== 'entry' || flow !== undefined || present.size > 0 || path.length !== 4) return [];
  if (path[0] !== 'servers' || path[2] !== 'roles' || typeof role !== 'string') return [];
  const { roles } = serverOf(analysis, path) ?? {};
  const own = roles?.find((one) => one.role === role);
  const place = own && analysis.tree.lines.positionAt(own.key.span.start);
  const column = place?.character ?? Number.NaN;
  const outer = shapeAt(path.slice(0, -1))?.shape;
  const map = outer && alternative(outer, 'map');
  if (map?.kind !== 'map' || roles === undefined || !(column < indent)) return [];
  const others = new Map(roles.map((one) => [one.role, '']));
  const beside: Cursor = { ...cursor, path: path.slice(0, -1), present: others, column };
  const remove = { start: word.start - (indent - column), end: word.start };
  return keyOffers({ ...context, cursor: beside }, map).map((offer) => ({
    ...offer,
    rank: 4 + (offer.rank ?? 0),
    remove,
  }));
}

/** Whether the key is the parent of a site that need not have one, and none of the file can be. */
function isParentOfNone({ analysis: { topology }, cursor: { path, present } }: Context, key: Key): boolean {
  const [section, name] = path;
  if (section !== 'sites' || path.length !== 2 || key.name !== 'parent') return false;
  if (keyRank(key, present) === 0) return false;
  const own = typeof name === 'string' ? lookup(topology.sites, name) : undefined;
  const type = present.get('type');
  return ![...topology.sites.values()].some((site) => site !== own && canBeParent(topology, type, site));
}

const NEW_FILE = marked('New topology');

/** A whole file to be filled in, where there are only comments yet. */
function fileOffers({ text, cursor }: Context, map: MapShape): Offer[] {
  if (map !== FORMAT || cursor.column > 0) return [];
  const others = text.slice(0, cursor.word.start) + text.slice(cursor.word.end);
  if (others.replace(/#.*/g, '').trim() !== '') return [];
  const [marker = '', ...lines] = fileTemplates['Topology file'].body;
  return [
    {
      label: translated(NEW_FILE),
      kind: KIND.snippet,
      text: (others.includes(marker) ? lines : [marker, ...lines]).join('\n'),
      detail: t('a hierarchy of one primary site'),
      rank: 0,
      whole: NEW_FILE,
    },
  ];
}

/** Whether the colon of the key under the cursor is there already: then only its name is replaced. */
function hasColon({ text, cursor }: Context): boolean {
  return cursor.at !== 'value' && /^["']?[ \t]*:(?:\s|$)/.test(restOfLine(text, cursor.word.end));
}

/** Required keys first, then those that some entries require. */
function keyRank(
  { required, requiredIf, requiredUnless, requiredText }: Key,
  present: Cursor['present'],
): number {
  if (requiredIf !== undefined && present.get(requiredIf.key) === requiredIf.is) return 0;
  if (required || (requiredUnless !== undefined && !requiredUnless.some((other) => present.has(other))))
    return 0;
  return requiredText === undefined ? 2 : 1;
}

const NEW_ITEM: Readonly<Record<string, string>> = {
  'firewall rule': marked('New firewall rule'),
  replica: marked('New replica'),
  policy: marked('New policy'),
};

/** A whole item of a list of maps, on one line. */
function itemOffers(context: Context, map: MapShape): Offer[] {
  const label = NEW_ITEM[map.what];
  if (label === undefined) return [];
  context.counter.stops = 0;
  const text = `{ ${flowKeys({ ...context, whole: true }, map)} }`;
  return [
    {
      label: translated(label),
      kind: KIND.snippet,
      text,
      detail: t('a {0}', translated(map.what)),
      rank: 1,
      whole: label,
    },
  ];
}

function isRole({ path }: Cursor): boolean {
  return path.at(-1) === 'roles' && path[0] === 'servers';
}

function detailOf(key: Key): string {
  if (key.required) return t('required');
  if (key.requiredText !== undefined)
    return t('required {0}', translated(key.requiredText).replaceAll('`', ''));
  if (key.default !== undefined) return t('default {0}', optionText(key.default));
  return key.defaultText === undefined
    ? ''
    : t('default: {0}', translated(key.defaultText).replaceAll('`', ''));
}

/**
 * What follows `key:`, with tab stops.
 * @param column of the key: what is nested is indented by two more
 */
function valueText(context: Context, key: Key, column: number): string {
  const { cursor } = context;
  const { shape } = key;
  const map = alternative(shape, 'map');
  if (shape.kind === 'either' && map !== undefined)
    return ` ${stop(context, key.default === true ? 'false' : 'true')}`;
  if (cursor.flow !== undefined) {
    if (map?.kind === 'map') {
      if (map.what.startsWith('options of ') && !map.keys.some(({ required }) => required)) return '';
      return ` { ${flowKeys(context, map)} }`;
    }
    if (map?.kind === 'named')
      return ` { ${stop(context, 'name')}: ${map.of.kind === 'list' ? '[' : '{ '}${stop(context)}${map.of.kind === 'list' ? ']' : ' }'} }`;
    if (shape.kind === 'list') return ` ${listText(context, shape, key)}`;
    return ` ${scalarText(context, shape, key)}`;
  }
  const below = `\n${' '.repeat(column + 2)}`;
  if (map?.kind === 'map') {
    if (context.whole && keysFor(context, map).length > 0) return ` { ${flowKeys(context, map)} }`;
    // A role or block whose keys may all be left out is whole with nothing behind it.
    if (map.what.startsWith('options of ')) return '';
    return below + blockKeys(context, map, column + 2);
  }
  if (map?.kind === 'named') {
    const [site] = NEW_SITES;
    const isSite = map.names === 'site' && site !== undefined;
    const name = stop(context, isSite ? site.name : 'name');
    const inner = isSite ? { ...context, whole: context.snippets, fixed: site.fixed ?? {} } : context;
    if (map.of.kind === 'list') return `${below}${name}: [${stop(context)}]`;
    return `${below}${name}:\n${' '.repeat(column + 4)}${blockKeys(inner, map.of, column + 4)}`;
  }
  if (shape.kind === 'list') {
    const item = alternative(shape.of, 'map');
    if (item?.kind === 'map')
      return context.whole
        ? `${below}- { ${flowKeys(context, item)} }`
        : `${below}- ${blockKeys(context, item, column + 4)}`;
    return ` ${listText(context, shape, key)}`;
  }
  return ` ${scalarText(context, shape, key)}`;
}

/** The keys that are written out where a map is begun: the required ones, in a whole new entry the usual ones too. */
function keysFor(context: Context, map: MapShape): readonly Key[] {
  const { whole, fixed } = context;
  return map.keys.filter(({ name, required, requiredIf, requiredText, usual, shape }) => {
    if (required || (whole && usual)) return true;
    if (requiredIf === undefined || fixed[requiredIf.key] === undefined) return false;
    // Required of other entries under a condition: where there is something to name, the condition is met.
    const isMet =
      requiredText !== undefined &&
      shape.kind === 'reference' &&
      referenceOffers(context, shape, name).length > 0;
    return fixed[requiredIf.key] === requiredIf.is || isMet;
  });
}

/** The keys of a new map, or a tab stop where it begins with none. */
function blockKeys(context: Context, map: MapShape, column: number): string {
  const keys = keysFor(context, map);
  if (keys.length === 0) return stop(context);
  return keys.map((key) => `${key.name}:${valueText(context, key, column)}`).join(`\n${' '.repeat(column)}`);
}

function flowKeys(context: Context, map: MapShape): string {
  const keys = keysFor(context, map);
  if (keys.length === 0) return stop(context);
  const inner: Context = { ...context, cursor: { ...context.cursor, flow: '{' } };
  return keys.map((key) => `${key.name}:${valueText(inner, key, 0)}`).join(', ');
}

function listText(context: Context, { of, single, minimum = 1 }: ListShape, key: Key): string {
  const item = alternative(of, 'map');
  if (item?.kind === 'map')
    return context.whole ? `[{ ${flowKeys(context, item)} }]` : `[{ ${stop(context)} }]`;
  if (single && key.defaultText !== undefined && of.kind === 'port') return stop(context, key.defaultText);
  // One name needs no list.
  const ofNames = of.kind === 'reference';
  if (single && ofNames) return scalarText(context, of, key);
  const one = (skipped: number) => scalarText(context, of, ofNames ? key : undefined, skipped);
  const first = one(0);
  // Where there is nothing to choose from, a comma would have nothing beside it.
  const more = context.snippets && first.includes('|') ? minimum - 1 : 0;
  return `[${[first, ...Array.from({ length: more }, (_, index) => one(index + 1))].join(', ')}]`;
}

/**
 * A scalar to be typed or chosen.
 * @param skipped how many names the items before it in its list have taken, which come last here
 */
function scalarText(context: Context, shape: Shape, key: Key | undefined, skipped = 0): string {
  switch (shape.kind) {
    case 'boolean':
      return choice(context, key?.default === true ? ['false', 'true'] : ['true', 'false']);
    case 'words': {
      const fixed = key && context.fixed[key.name];
      if (fixed !== undefined) return fixed;
      return choice(
        context,
        sorted(shape.words, context.cursor.path).map(({ name }) => name),
      );
    }
    case 'reference': {
      const names = referenceOffers(context, shape, key?.name).map(({ label }) => label);
      return choice(context, [...names.slice(skipped), ...names.slice(0, skipped)]);
    }
    case 'port': {
      const [first] = key === undefined ? [] : (portChoice(context, key, context.cursor.path) ?? []);
      if (first !== undefined) return stop(context, String(first.port));
      return stop(context, key?.default === undefined ? (key?.example ?? '') : optionText(key.default));
    }
    case 'integer':
    case 'range':
    case 'ports':
      return stop(context, key?.default === undefined ? (key?.example ?? '') : optionText(key.default));
    default:
      return stop(context);
  }
}

function stop({ counter }: Context, text = ''): string {
  counter.stops++;
  return text === '' ? `$${counter.stops}` : `\${${counter.stops}:${snippetText(text)}}`;
}

function choice(context: Context, words: readonly string[]): string {
  if (words.length === 0 || words.length > 40) return stop(context);
  const { counter } = context;
  counter.stops++;
  return `\${${counter.stops}|${words.map(snippetChoice).join(',')}|}`;
}

// --- Names of new things ---------------------------------------------------------------------

interface NewEntry {
  readonly label: string;
  readonly name: string;
  readonly fixed?: Readonly<Record<string, string>>;
}

const NEW: Readonly<Record<Exclude<NamedShape['names'], 'site'>, string>> = {
  zone: marked('New zone'),
  server: marked('New server'),
  clients: marked('New client group'),
  instance: marked('New instance'),
  'availability-group': marked('New availability group'),
  firewall: marked('New firewall'),
  'boundary-group': marked('New boundary group'),
  'address-group': marked('New address group'),
  'port-group': marked('New port group'),
};

/** The types of site differ in what they need. */
const NEW_SITES: readonly NewEntry[] = [
  { label: marked('New primary site'), name: 'PS1', fixed: { type: 'primary' } },
  { label: marked('New secondary site'), name: 'S01', fixed: { type: 'secondary' } },
  {
    label: marked('New central administration site'),
    name: 'CAS',
    fixed: { type: 'central-administration' },
  },
];

function newEntries({ topology }: Analysis, names: NamedShape['names']): readonly NewEntry[] {
  if (names !== 'site') return [{ label: NEW[names], name: 'name' }];
  const sites = [...topology.sites.values()];
  // A secondary site needs one above it.
  return NEW_SITES.filter(
    ({ fixed: { type } = {} }) =>
      type !== 'secondary' || sites.some((site) => canBeParent(topology, type, site)),
  );
}

/** Names that the file speaks of and does not define, and an empty entry. */
function nameOffers(context: Context, map: NamedShape): Offer[] {
  const { analysis, cursor } = context;
  const inFlow = cursor.flow !== undefined;
  const named = hasColon(context);
  const below = named ? undefined : valueBelow(context);
  if (below !== undefined && (below === 'list') !== (map.of.kind === 'list')) return [];
  const entry = (name: (inner: Context) => string, fixed: Context['fixed'] = {}): string => {
    context.counter.stops = 0;
    const whole: Context = { ...context, whole: context.snippets, fixed };
    const written = name(whole);
    if (named) return written;
    if (below) return `${written}:`;
    if (map.of.kind === 'list') return `${written}: [${stop(whole)}]`;
    const path = [...cursor.path, written];
    if (inFlow) return `${written}: { ${flowKeys({ ...whole, cursor: { ...cursor, path } }, map.of)} }`;
    const column = cursor.column + 2;
    return `${written}:\n${' '.repeat(column)}${blockKeys({ ...whole, cursor: { ...cursor, path } }, map.of, column)}`;
  };
  const server = map.names === 'instance' ? serverOf(analysis, cursor.path) : undefined;
  const missing = new Set(
    analysis.topology.references
      .filter(
        (reference) =>
          reference.target === undefined &&
          map.names !== 'firewall' &&
          reference.to.includes(map.names) &&
          // A word of several meanings is offered where it most likely belongs.
          reference.to[0] === map.names &&
          (map.names !== 'instance' || reference.server?.toLowerCase() === server?.id),
      )
      .map(({ name }) => name)
      .filter((name) => /^[\w.-]+$/.test(name)),
  );
  if (map.names === 'instance') missing.add(DEFAULT_INSTANCE);
  const present = new Set([...cursor.present.keys()].map((name) => name.toLowerCase()));
  return [
    ...[...missing]
      .filter((name) => !present.has(name.toLowerCase()))
      .map((name) => ({
        label: name,
        kind: KIND.reference,
        text: entry(() => name),
        detail:
          name === DEFAULT_INSTANCE
            ? t('the default instance')
            : t('{0} named elsewhere in this file', namedWord(map.names)),
        rank: 0,
      })),
    ...(named ? [] : newEntries(analysis, map.names)).map(({ label, name, fixed }) => ({
      label: translated(label),
      kind: KIND.snippet,
      text: entry((inner) => stop(inner, name), fixed),
      whole: label,
      detail: t('a {0}', namedWord(map.names)),
      rank: 1,
    })),
  ];
}

// --- Values ----------------------------------------------------------------------------------

/** A map where the cursor is behind `key:`: nested lines in block style, braces in flow style. */
function nestedOffers(context: Context, map: MapShape | NamedShape): Offer[] {
  const { cursor } = context;
  if (cursor.flow !== undefined) {
    context.counter.stops = 0;
    const empty = { label: '{ }', kind: KIND.snippet, text: `{ ${stop(context)} }`, detail: mapWhat(map) };
    return [...(cursor.at === 'item' && map.kind === 'map' ? itemOffers(context, map) : []), empty];
  }
  const column = columnBelow(context.text, cursor) ?? cursor.column + 2;
  const inner: Context = { ...context, cursor: { ...cursor, at: 'entry', column, present: new Map() } };
  const offers = map.kind === 'map' ? keyOffers(inner, map) : nameOffers(inner, map);
  const remove =
    cursor.colonEnd !== undefined && cursor.colonEnd < cursor.word.start
      ? { start: cursor.colonEnd, end: cursor.word.start }
      : undefined;
  return offers.map((offer) => ({
    ...offer,
    text: `\n${' '.repeat(column)}${offer.text}`,
    ...(remove === undefined ? {} : { remove }),
  }));
}

function mapWhat(map: MapShape | NamedShape): string {
  return map.kind === 'map' ? whatText(map.what) : t('a map of {0}s', namedWord(map.names));
}

function valueOffers(context: Context, shape: Shape): Offer[] {
  const { cursor } = context;
  const key = shapeAt(cursor.path)?.key;
  switch (shape.kind) {
    case 'boolean':
      return ['true', 'false'].map((word) => ({
        label: word,
        kind: KIND.value,
        text: word,
        ...(String(key?.default) === word ? { detail: t('default') } : {}),
      }));
    case 'words':
    case 'edition':
      return wordOffers(context, shape.words, key?.default);
    case 'exception':
      return [
        ...wordOffers(context, shape.words, undefined),
        {
          label: 'tcp/',
          kind: KIND.value,
          text: 'tcp/$1',
          detail: t('a TCP port'),
        },
        {
          label: 'udp/',
          kind: KIND.value,
          text: 'udp/$1',
          detail: t('a UDP port'),
        },
      ];
    case 'reference': {
      // The items of a list have the key that the list is behind.
      const step = cursor.path.findLast((one) => typeof one === 'string');
      return referenceOffers(context, shape, typeof step === 'string' ? step : undefined);
    }
    case 'port':
      return portOffers(context, key);
    case 'range':
    case 'integer':
      return numberOffers(key);
    case 'ports':
      return [
        ...(shape.any ? [{ label: 'any', kind: KIND.word, text: 'any', detail: t('every port') }] : []),
        ...numberOffers(key),
      ];
    case 'list': {
      if (cursor.at !== 'value') return offersFor(context, shape.of);
      const items = alternative(shape.of, 'map') === undefined ? valueOffers(context, shape.of) : [];
      if (shape.single) return items;
      return items.length > 0
        ? items.map((item) => ({ ...item, text: `[${item.text}]` }))
        : [{ label: '[ ]', kind: KIND.snippet, text: '[$1]', detail: t('a list') }];
    }
    case 'either':
      return shape.of.flatMap((one) =>
        alternative(one, 'map') === undefined ? valueOffers(context, one) : [],
      );
    default:
      return [];
  }
}

function wordOffers(
  { analysis, cursor }: Context,
  words: readonly Word[],
  standard: OptionValue | undefined,
): Offer[] {
  return sorted(words, cursor.path).flatMap((word): Offer[] => {
    const state = standing(word, analysis.topology.edition);
    if (cursor.items.includes(word.name) || state === 'not-yet') return [];
    const known = state === 'there';
    return [
      {
        label: word.name,
        kind: KIND.word,
        text: word.name,
        doc: wordDoc(word),
        ...(word.name === standard ? { detail: t('default') } : {}),
        rank: known ? 0 : 1,
        deprecated: !known,
      },
    ];
  });
}

/** Words in the order in which they are needed at a place. */
function sorted(words: readonly Word[], path: readonly PathStep[]): readonly Word[] {
  const order = byUse(
    words.map(({ name }) => name),
    path[0] === 'clients',
  );
  return words.toSorted((a, b) => order.indexOf(a.name) - order.indexOf(b.name));
}

/** The ports to choose from for an option of a role or instance; undefined elsewhere. */
function portChoice(
  { analysis, cursor }: Context,
  key: Key,
  path: readonly PathStep[],
): readonly FreePort[] | undefined {
  const [section, , roles, role, instances, instance] = path;
  const isSql = role === 'sql-server' && instances === 'instances' && typeof instance === 'string';
  if (section !== 'servers' || roles !== 'roles' || typeof role !== 'string') return undefined;
  if (!isSql && key.name !== 'httpPort' && key.name !== 'httpsPort') return undefined;
  const other = cursor.present.get(key.name === 'httpPort' ? 'httpsPort' : 'httpPort') ?? '';
  const partner = !isSql && /^\d{1,5}$/.test(other) ? Number(other) : undefined;
  const standard = typeof key.default === 'number' ? key.default : undefined;
  const server = serverOf(analysis, path);
  const place = { server, role, key: key.name, ...(isSql ? { instance } : {}) };
  return portsFor(analysis.topology, place, standard, partner);
}

function portOffers(context: Context, key: Key | undefined): Offer[] {
  const { analysis, cursor } = context;
  const ports = key && portChoice(context, key, cursor.path.slice(0, -1));
  if (ports === undefined) return numberOffers(key);
  const server = serverOf(analysis, cursor.path)?.name ?? '';
  return ports.map(({ port, why }) => ({
    label: String(port),
    kind: KIND.value,
    text: String(port),
    detail:
      why === 'default'
        ? t('default')
        : why === 'pair'
          ? t('goes with the other port')
          : t('free on {0}', server),
  }));
}

function numberOffers(key: Key | undefined): Offer[] {
  const standard = key?.default === undefined ? key?.defaultText : optionText(key.default);
  const words = [...new Set([standard, key?.example])].filter(
    (word): word is string => word !== undefined && /^\d+(-\d+)?$/.test(word),
  );
  return words.map((word) => ({
    label: word,
    kind: KIND.value,
    text: word,
    detail: word === standard ? t('default') : t('example'),
  }));
}

/** Roles that make a server fit for a key; servers with one come first. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  upstream: ['wsus-server', 'software-update-point'],
  pullFrom: ['distribution-point'],
  to: ['exchange-server'],
  source: ['file-server'],
  server: ['sql-server'],
  contentLibrary: ['file-server'],
  domainControllers: ['domain-controller'],
  // Of boundary groups.
  servers: ['distribution-point', 'management-point', 'software-update-point', 'state-migration-point'],
};

function referenceOffers(context: Context, shape: ReferenceShape, key: string | undefined): Offer[] {
  const { analysis, cursor } = context;
  const { topology } = analysis;
  const wanted: ReadonlySet<ReferenceKind> = new Set(shape.to);
  const words = wordOffers(context, shape.words ?? [], undefined).map((offer) => ({ ...offer, rank: 1 }));
  if (wanted.has('instance')) {
    const name = shape.serverKey === undefined ? undefined : cursor.present.get(shape.serverKey);
    const server = name === undefined ? undefined : lookup(topology.servers, name);
    const names = server?.instances.map((instance) => instance.name) ?? [];
    // A server that lists its instances has no other; of any other nobody knows.
    return (names.length > 0 ? names : [DEFAULT_INSTANCE]).map((one) => {
      const found = server && instanceOf(server, one);
      const port = found && instancePort(found);
      const where =
        one === DEFAULT_INSTANCE ? t('the default instance') : t('instance on {0}', server?.name ?? '');
      return {
        label: one,
        kind: KIND.reference,
        text: one,
        detail: [where, ...(port === undefined ? [] : [t('port {0}', port)])].join(' · '),
      };
    });
  }
  // A thing does not name itself: a site is not its own parent.
  const self = typeof cursor.path[1] === 'string' ? cursor.path[1].toLowerCase() : undefined;
  // The ends of firewall rules have the keys of references that want a certain role.
  const fitting = key === undefined || wanted.has('zone') ? undefined : FITTING[key];
  const offers: Offer[] = [];
  for (const thing of thingsOf(topology)) {
    if (thing.kind === 'instance' || thing.kind === 'firewall' || !isWanted(thing, wanted)) continue;
    if (thing.kind === 'site' && !siteFits(context, thing, key)) continue;
    if (thing.kind === 'server' && NOT_ITSELF.has(key ?? '') && thing.name.toLowerCase() === self) continue;
    if (cursor.items.includes(thing.name)) continue;
    const fits =
      fitting === undefined ||
      (thing.kind === 'server' && thing.roles.some(({ role }) => fitting.includes(role)));
    offers.push({
      label: thing.name,
      kind: KIND.reference,
      text: thing.name,
      detail: thingDetail(thing),
      rank: fits ? 0 : 2,
    });
  }
  return [...offers, ...words];
}

/** A listener is named like a server where traffic can be from or to it. */
function isWanted(thing: Thing, wanted: ReadonlySet<ReferenceKind>): boolean {
  if (thing.kind === 'listener') return wanted.has('server') && wanted.has('zone');
  return thing.kind !== 'firewall' && wanted.has(thing.kind);
}

/** Options that never name the server on which they are. */
const NOT_ITSELF: ReadonlySet<string> = new Set(['pullFrom', 'upstream']);

/** Whether a site can be named where the cursor is: as a parent, or as the site of clients. */
function siteFits({ analysis, cursor, fixed }: Context, site: Site, key: string | undefined): boolean {
  const { topology } = analysis;
  const [section, name] = cursor.path;
  if (siteCodeProblem(site.name) !== undefined) return false;
  if (key === 'parent') {
    const child = typeof name === 'string' ? lookup(topology.sites, name) : undefined;
    return child !== site && canBeParent(topology, fixed.type ?? child?.type?.value, site);
  }
  return section !== 'clients' || canHaveClients(topology, site);
}

function thingDetail(thing: Thing): string {
  switch (thing.kind) {
    case 'site':
      return thing.type === undefined ? t('site') : translated(SITE_TYPE[thing.type.value]);
    case 'server':
      return [
        t('server'),
        thing.site?.value,
        thing.zone?.value,
        ...thing.roles.slice(0, 3).map(({ role }) => role),
      ]
        .filter(Boolean)
        .join(' · ');
    case 'clients':
      return [t('client group'), thing.site?.value, ...thing.zones.map(({ value }) => value)]
        .filter(Boolean)
        .join(' · ');
    case 'zone':
      return [t('zone'), ...thing.networks.slice(0, 2).map(({ value }) => value)].join(' · ');
    case 'address-group':
      return [t('address group'), ...thing.members.slice(0, 3).map(({ value }) => value)].join(' · ');
    default:
      return namedWord(thing.kind);
  }
}

function serverOf(analysis: Analysis, path: readonly PathStep[]): Server | undefined {
  const name = path[0] === 'servers' ? path[1] : undefined;
  return typeof name === 'string' ? lookup(analysis.topology.servers, name) : undefined;
}

// --- Comments --------------------------------------------------------------------------------

/** Rule codes in a comment that speaks to the checker, and the words that begin one. */
function commentOffers(
  { text, tree }: Analysis,
  offset: number,
): { readonly offers: Offer[]; readonly word: Span } | undefined {
  const { line } = tree.lines.positionAt(offset);
  const span = tree.lines.span(line);
  // Inside quotes a `#` begins no comment; on a line that is not YAML nobody can tell.
  const isComment = tree.comments.some(({ span: one }) => one.start < offset && offset <= one.end);
  const isLost = tree.damage.some(({ span: lost }) => lost.start <= span.end && span.start <= lost.end);
  if (!isComment && !isLost) return undefined;
  const before = text.slice(Math.max(span.start, offset - 2000), offset);
  const match = /(?:^|\s)#+[ \t]*(cmtopo-[\w-]*)((?:[ \t]+[^#]*)?)$/.exec(before);
  const begun = /(?:^|\s)#+[ \t]*(c?m?t?o?p?o?)$/.exec(before);
  if (match === null) {
    if (begun === null) return undefined;
    return { offers: directiveOffers(), word: { start: offset - (begun[1] ?? '').length, end: offset } };
  }
  const [, word = '', rest = ''] = match;
  if (rest === '') return { offers: directiveOffers(), word: { start: offset - word.length, end: offset } };
  if (/\s--(\s|$)/.test(rest)) return { offers: [], word: { start: offset, end: offset } };
  const typed = /(?<![\w-])[\w-]*$/.exec(rest)?.[0] ?? '';
  // Codes behind the cursor count too, up to the reason.
  const [after = ''] = text
    .slice(offset, span.end)
    .replace(/^[\w-]*/, '')
    .split(/(?:^|\s)--(?:\s|$)/);
  const present = new Set(`${rest.slice(0, rest.length - typed.length)} ${after}`.split(/[\s,]+/));
  return {
    offers: rules
      .filter(({ code }) => !present.has(code))
      .map((rule) => ({
        label: rule.code,
        kind: KIND.rule,
        text: rule.code,
        detail: rule.severity,
        doc: translated(rule.summary),
      })),
    word: { start: offset - typed.length, end: offset },
  };
}

const DIRECTIVE_DOC: Readonly<Record<(typeof DIRECTIVES)[number], string>> = {
  'disable-next-line': marked('Silences rules on the next line.'),
  'disable-line': marked('Silences rules on this line.'),
  disable: marked('Silences rules from here on, until `cmtopo-enable`.'),
  enable: marked('Ends the effect of `cmtopo-disable`.'),
};

function directiveOffers(): Offer[] {
  return DIRECTIVES.map((word) => ({
    label: `cmtopo-${word}`,
    kind: KIND.word,
    text: `cmtopo-${word} `,
    doc: translated(DIRECTIVE_DOC[word]),
  }));
}

// --- To the protocol -------------------------------------------------------------------------

function render(
  analysis: Analysis,
  word: Span,
  offers: readonly Offer[],
  indent: number,
  options: CompletionOptions,
): CompletionItem[] {
  const range = editorRange(analysis, word);
  const newline = analysis.text.includes('\r\n') ? '\r\n' : '\n';
  const useful = options.snippets ? offers : offers.filter(({ whole }) => whole === undefined);
  return useful.map((offer, index) => {
    const withStops = hasStops(offer.text);
    const snippet = options.snippets && withStops;
    let text = snippet || !withStops ? offer.text : plain(offer.text);
    const lines = text.split('\n');
    text = lines
      .map((line, number) =>
        number === 0 || options.asIs ? line : line.replace(new RegExp(`^ {0,${indent}}`), ''),
      )
      .join(newline);
    const item: CompletionItem = {
      label: visible(offer.label),
      kind: offer.kind,
      sortText: `${offer.rank ?? 0}${String(index).padStart(4, '0')}`,
      textEdit: { range, newText: text },
    };
    const filter = offer.filter ?? filterOf(offer);
    if (filter !== item.label) item.filterText = filter;
    if (offer.detail) item.detail = visible(offer.detail);
    if (offer.doc) item.documentation = { kind: 'markdown', value: offer.doc };
    if (snippet) item.insertTextFormat = SNIPPET;
    if (lines.length > 1 && options.asIs) item.insertTextMode = AS_IS;
    if (offer.deprecated) item.tags = [DEPRECATED];
    if (offer.remove)
      item.additionalTextEdits = [{ range: editorRange(analysis, offer.remove), newText: '' }];
    return item;
  });
}

/** The length of an abbreviation. */
const SHORT = 4;

/** What the typed text is held against. */
function filterOf({ label, whole, kind }: Offer): string {
  // Who writes YAML types English, whatever language the list is in.
  if (whole !== undefined && whole !== label) return `${label} ${whole}`;
  // Who says 'sup' finds the software update point.
  if (!SPEAKABLE.has(kind)) return label;
  const spoken = spokenFor(label);
  // VS Code scores what begins a text highest: an abbreviation has to be there to come before names with its letters.
  const isShort = (word: string) => word.length <= SHORT;
  return [...spoken.filter(isShort), label, ...spoken.filter((word) => !isShort(word))].join(' ');
}

function hasStops(text: string): boolean {
  return /\$\d|\$\{\d/.test(text);
}

/** A snippet without its tab stops: a default is kept, a choice is left open. */
function plain(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|(?:\\.|[^|\\])*\|\}/g, '')
    .replace(/\$\{\d+:((?:\\.|[^$}\\])*)\}/g, (_, inner: string) => inner)
    .replace(/\$\d+/g, '')
    .replace(/\\([$}\\,|])/g, '$1');
}
