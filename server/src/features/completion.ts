// Completion: the keys, roles, words and names that can stand at the cursor.
import type { CompletionItem, CompletionItemKind, Position } from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { marked, t, translated } from '../l10n.ts';
import { SITE_TYPE } from '../rules/hierarchy.ts';
import { rules } from '../rules/index.ts';
import { DIRECTIVES } from '../rules/suppressions.ts';
import type { Span } from '../text/tree.ts';
import { DEFAULT_INSTANCE, lookup } from '../topology/effective.ts';
import {
  alternative,
  inEdition,
  type Key,
  type MapShape,
  type NamedShape,
  type PathStep,
  type ReferenceShape,
  type Shape,
  shapeAt,
  type Word,
} from '../topology/format.ts';
import type { OptionValue, ReferenceKind, Server } from '../topology/model.ts';
import { type Cursor, cursorAt } from './cursor.ts';
import { keyDoc, whatText, wordDoc } from './describe.ts';
import { offsetOf, rangeOf } from './place.ts';
import { type Thing, thingsOf } from './subject.ts';

/** Characters that open the list of completions while typing. */
export const TRIGGER_CHARACTERS: readonly string[] = [' ', '-', '[', '{', ','];

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
  /** Offers of lower rank stand first; equal ones in the order given. */
  readonly rank?: number;
  readonly deprecated?: boolean;
  /** Text before the word that goes when this is chosen. */
  readonly remove?: Span;
}

/** What can be written at a position; empty where nothing is known. */
export function completion(
  analysis: Analysis,
  position: Position,
  options: CompletionOptions,
): CompletionItem[] {
  const offset = offsetOf(analysis, position);
  const comment = commentOffers(analysis, offset);
  if (comment !== undefined) return render(analysis, comment.word, comment.offers, 0, options);
  const cursor = cursorAt(analysis.text, offset);
  if (cursor === undefined) return [];
  // A blank of the indentation is no question.
  if (options.trigger === ' ' && cursor.at === 'entry' && cursor.flow === undefined) return [];
  const place = shapeAt(cursor.path);
  if (place === undefined) return [];
  const context: Context = { analysis, cursor, stops: 0 };
  const offers = cursor.bareDash
    ? offersFor(context, place.shape).map((offer) => ({ ...offer, text: ` ${offer.text}` }))
    : offersFor(context, place.shape);
  return render(analysis, cursor.word, offers, cursor.indent, options);
}

interface Context {
  readonly analysis: Analysis;
  readonly cursor: Cursor;
  /** Tab stops used so far in the offer that is being made. */
  stops: number;
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
  const { edition } = analysis.topology;
  const present = new Set(cursor.present.keys());
  // A key whose colon stands already: only its name is replaced.
  const named = /^["']?[ \t]*:/.test(analysis.text.slice(cursor.word.end, cursor.word.end + 40));
  return map.keys
    .filter(({ name }) => !present.has(name))
    .map((key) => {
      const known = inEdition(key, edition);
      context.stops = 0;
      return {
        label: key.name,
        kind: isRole(cursor) ? KIND.role : KIND.key,
        text: named ? key.name : `${key.name}:${valueText(context, key, cursor.column)}`,
        detail: known ? detailOf(key) : t('not in {0}', edition ?? ''),
        doc: keyDoc(key),
        rank: known ? (key.required ? 0 : key.requiredText === undefined ? 2 : 1) : 3,
        deprecated: !known,
      };
    });
}

function isRole({ path }: Cursor): boolean {
  return path.at(-1) === 'roles' && path[0] === 'servers';
}

function detailOf(key: Key): string {
  if (key.required) return t('required');
  if (key.requiredText !== undefined)
    return t('required {0}', translated(key.requiredText).replaceAll('`', ''));
  if (key.default !== undefined) return t('default {0}', plainOption(key.default));
  return key.defaultText === undefined
    ? ''
    : t('default: {0}', translated(key.defaultText).replaceAll('`', ''));
}

/**
 * What follows `key:`, with tab stops.
 * @param column of the key: what is nested stands two further in
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
    if (map?.kind === 'named') return ` { ${stop(context, 'name')}: { ${stop(context)} } }`;
    if (shape.kind === 'list') return ` ${listText(context, shape.of, shape.single, key)}`;
    return ` ${scalarText(context, shape, key)}`;
  }
  const below = `\n${' '.repeat(column + 2)}`;
  if (map?.kind === 'map') {
    // A role or block whose keys may all be left out is whole with nothing behind it.
    if (map.what.startsWith('options of ')) return '';
    return below + blockKeys(context, map, column + 2);
  }
  if (map?.kind === 'named') {
    const name = stop(context, map.names === 'site' ? 'PS1' : 'name');
    return `${below}${name}:\n${' '.repeat(column + 4)}${blockKeys(context, map.of, column + 4)}`;
  }
  if (shape.kind === 'list') {
    const item = alternative(shape.of, 'map');
    if (item?.kind === 'map') return `${below}- ${blockKeys(context, item, column + 4)}`;
    return ` ${listText(context, shape.of, shape.single, key)}`;
  }
  return ` ${scalarText(context, shape, key)}`;
}

/** The required keys of a map, or a tab stop where it has none. */
function blockKeys(context: Context, map: MapShape, column: number): string {
  const required = map.keys.filter((key) => key.required);
  if (required.length === 0) return stop(context);
  return required
    .map((key) => `${key.name}:${valueText(context, key, column)}`)
    .join(`\n${' '.repeat(column)}`);
}

function flowKeys(context: Context, map: MapShape): string {
  const required = map.keys.filter((key) => key.required);
  if (required.length === 0) return stop(context);
  return required.map((key) => `${key.name}:${valueText(context, key, 0)}`).join(', ');
}

function listText(context: Context, of: Shape, single: boolean, key: Key): string {
  if (alternative(of, 'map')?.kind === 'map') return `[{ ${stop(context)} }]`;
  if (single && key.defaultText !== undefined && of.kind === 'port') return stop(context, key.defaultText);
  return `[${scalarText(context, of, undefined)}]`;
}

/** A scalar to be typed or chosen. */
function scalarText(context: Context, shape: Shape, key: Key | undefined): string {
  switch (shape.kind) {
    case 'boolean':
      return choice(context, key?.default === true ? ['false', 'true'] : ['true', 'false']);
    case 'words':
      return choice(
        context,
        shape.words.map(({ name }) => name),
      );
    case 'reference': {
      const offers = referenceOffers(context, shape, key?.name);
      return choice(
        context,
        offers.map(({ label }) => label),
      );
    }
    case 'port':
    case 'integer':
    case 'range':
    case 'ports':
      return stop(context, key?.default === undefined ? (key?.example ?? '') : plainOption(key.default));
    default:
      return stop(context);
  }
}

function stop(context: Context, text = ''): string {
  context.stops++;
  return text === '' ? `$${context.stops}` : `\${${context.stops}:${text.replace(/[$}\\]/g, '\\$&')}}`;
}

function choice(context: Context, words: readonly string[]): string {
  if (words.length === 0 || words.length > 40) return stop(context);
  context.stops++;
  return `\${${context.stops}|${words.map((word) => word.replace(/[$}\\,|]/g, '\\$&')).join(',')}|}`;
}

// --- Names of new things ---------------------------------------------------------------------

const NEW: Readonly<Record<NamedShape['names'], string>> = {
  zone: marked('New zone'),
  site: marked('New site'),
  server: marked('New server'),
  clients: marked('New client group'),
  instance: marked('New instance'),
  'availability-group': marked('New availability group'),
  firewall: marked('New firewall'),
};

/** Names that the file speaks of and does not define, and an empty entry. */
function nameOffers(context: Context, map: NamedShape): Offer[] {
  const { analysis, cursor } = context;
  const inFlow = cursor.flow !== undefined;
  const entry = (name: () => string): string => {
    context.stops = 0;
    const written = name();
    if (inFlow) return `${written}: { ${flowKeys(context, map.of)} }`;
    const column = cursor.column + 2;
    return `${written}:\n${' '.repeat(column)}${blockKeys(context, map.of, column)}`;
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
          (map.names !== 'instance' || reference.server?.toLowerCase() === server?.name.toLowerCase()),
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
            : t('{0} named elsewhere in this file', translated(map.of.what)),
        rank: 0,
      })),
    {
      label: translated(NEW[map.names]),
      kind: KIND.snippet,
      text: entry(() => stop(context, map.names === 'site' ? 'PS1' : 'name')),
      detail: t('a {0}', translated(map.of.what)),
      rank: 1,
    },
  ];
}

// --- Values ----------------------------------------------------------------------------------

/** A map where the cursor stands behind `key:`: nested lines in block style, braces in flow style. */
function nestedOffers(context: Context, map: MapShape | NamedShape): Offer[] {
  const { cursor } = context;
  if (cursor.flow !== undefined) {
    context.stops = 0;
    return [{ label: '{ }', kind: KIND.snippet, text: `{ ${stop(context)} }`, detail: mapWhat(map) }];
  }
  const column = cursor.column + 2;
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
  return map.kind === 'map' ? whatText(map.what) : t('a map of {0}s', translated(map.of.what));
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
      return wordOffers(context, shape.words, key?.default);
    case 'exception':
      return [
        ...wordOffers(context, shape.words, undefined),
        {
          label: 'tcp/',
          kind: KIND.value,
          text: `tcp/${stop({ ...context, stops: 0 })}`,
          detail: t('a TCP port'),
        },
        {
          label: 'udp/',
          kind: KIND.value,
          text: `udp/${stop({ ...context, stops: 0 })}`,
          detail: t('a UDP port'),
        },
      ];
    case 'reference':
      return referenceOffers(context, shape, key?.name);
    case 'port':
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
  return words
    .filter(({ name }) => !cursor.items.includes(name))
    .map((word) => {
      const known = inEdition(word, analysis.topology.edition);
      return {
        label: word.name,
        kind: KIND.word,
        text: word.name,
        doc: wordDoc(word),
        ...(word.name === standard ? { detail: t('default') } : {}),
        rank: known ? 0 : 1,
        deprecated: !known,
      };
    });
}

function numberOffers(key: Key | undefined): Offer[] {
  const standard = key?.default === undefined ? key?.defaultText : plainOption(key.default);
  const words = [...new Set([standard, key?.example])].filter(
    (word): word is string => word !== undefined && /^\d+(-\d+)?$/.test(word),
  );
  return words.map((word) => ({
    label: word,
    kind: KIND.value,
    text: word,
    detail: word === standard ? 'default' : 'example',
  }));
}

/** Roles that make a server fit for a key; servers with one stand first. */
const FITTING: Readonly<Record<string, readonly string[]>> = {
  upstream: ['wsus-server', 'software-update-point'],
  pullFrom: ['distribution-point'],
  to: ['exchange-server'],
  source: ['file-server'],
  server: ['sql-server'],
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
    const all = names.some((one) => one.toUpperCase() === DEFAULT_INSTANCE)
      ? names
      : [...names, DEFAULT_INSTANCE];
    return all.map((one) => ({
      label: one,
      kind: KIND.reference,
      text: one,
      detail: one === DEFAULT_INSTANCE ? t('the default instance') : t('instance on {0}', server?.name ?? ''),
    }));
  }
  // A thing does not name itself: a site is not its own parent.
  const self = typeof cursor.path[1] === 'string' ? cursor.path[1].toLowerCase() : undefined;
  const fitting = key === undefined ? undefined : FITTING[key];
  const offers: Offer[] = [];
  for (const thing of thingsOf(topology)) {
    if (thing.kind === 'instance' || thing.kind === 'firewall' || !wanted.has(thing.kind)) continue;
    if (key === 'parent' && thing.name.toLowerCase() === self) continue;
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
      return [t('client group'), thing.site?.value, thing.zone?.value].filter(Boolean).join(' · ');
    case 'zone':
      return [t('zone'), ...thing.networks.slice(0, 2).map(({ value }) => value)].join(' · ');
    case 'availability-group':
      return t('availability group');
    default:
      return thing.kind;
  }
}

function serverOf(analysis: Analysis, path: readonly PathStep[]): Server | undefined {
  const name = path[0] === 'servers' ? path[1] : undefined;
  return typeof name === 'string' ? lookup(analysis.topology.servers, name) : undefined;
}

function plainOption(value: OptionValue): string {
  if (typeof value !== 'object') return String(value);
  return 'low' in value ? `${value.low}-${value.high}` : value.map((one) => one.value).join(', ');
}

// --- Comments --------------------------------------------------------------------------------

/** Rule codes in a comment that speaks to the checker, and the words that begin one. */
function commentOffers(
  { text, tree }: Analysis,
  offset: number,
): { readonly offers: Offer[]; readonly word: Span } | undefined {
  const { line } = tree.lines.positionAt(offset);
  const span = tree.lines.span(line);
  const before = text.slice(span.start, offset);
  const match = /(?:^|\s)#+[ \t]*(cmtopo-[\w-]*)((?:[ \t]+[^#]*)?)$/.exec(before);
  const begun = /(?:^|\s)#+[ \t]*(c?m?t?o?p?o?)$/.exec(before);
  if (match === null) {
    if (begun === null) return undefined;
    return { offers: directiveOffers(), word: { start: offset - (begun[1] ?? '').length, end: offset } };
  }
  const [, word = '', rest = ''] = match;
  if (rest === '') return { offers: directiveOffers(), word: { start: offset - word.length, end: offset } };
  if (/\s--(\s|$)/.test(rest)) return { offers: [], word: { start: offset, end: offset } };
  const typed = /[\w-]*$/.exec(rest)?.[0] ?? '';
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
  enable: marked('Ends what `cmtopo-disable` began.'),
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
  const range = rangeOf(analysis, word);
  const newline = analysis.text.includes('\r\n') ? '\r\n' : '\n';
  return offers.map((offer, index) => {
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
      label: offer.label,
      kind: offer.kind,
      sortText: `${offer.rank ?? 0}${String(index).padStart(4, '0')}`,
      textEdit: { range, newText: text },
    };
    if (offer.detail) item.detail = offer.detail;
    if (offer.doc) item.documentation = { kind: 'markdown', value: offer.doc };
    if (snippet) item.insertTextFormat = SNIPPET;
    if (lines.length > 1 && options.asIs) item.insertTextMode = AS_IS;
    if (offer.deprecated) item.tags = [DEPRECATED];
    if (offer.remove) item.additionalTextEdits = [{ range: rangeOf(analysis, offer.remove), newText: '' }];
    return item;
  });
}

function hasStops(text: string): boolean {
  return /\$\d|\$\{\d/.test(text);
}

/** A snippet without its tab stops; of several words the first; a default is kept. */
function plain(snippet: string): string {
  return snippet
    .replace(/\$\{\d+\|(?:\\.|[^|\\])*\|\}/g, '')
    .replace(/\$\{\d+:((?:\\.|[^}\\])*)\}/g, (_, inner: string) => inner)
    .replace(/\$\d+/g, '')
    .replace(/\\([$}\\,|])/g, '$1');
}
