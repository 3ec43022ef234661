// Semantic tokens: what each word of the file is, where the grammar of the editor can only guess from its look.
import type { Range, SemanticTokensLegend } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { editionOf } from '../catalog/index.ts';
import type { ScalarNode, Span } from '../text/tree.ts';
import { FORMAT, inEdition, type Shape } from '../topology/format.ts';
import { offsetOf } from './place.ts';
import { wordsOf } from './walk.ts';

/** The kinds of word, in the order of the legend. The manifest maps each to the scopes of the grammar. */
export const TOKEN_TYPES = [
  'section',
  'key',
  'role',
  'name',
  'site',
  'reference',
  'word',
  'edition',
  'port',
  'address',
] as const;
export type TokenType = (typeof TOKEN_TYPES)[number];

/** `declaration`: a name where it is defined. `undefined`: a name that nothing has. `deprecated`: not in this edition. */
export const TOKEN_MODIFIERS = ['declaration', 'undefined', 'deprecated'] as const;
export type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

export const LEGEND: SemanticTokensLegend = {
  tokenTypes: [...TOKEN_TYPES],
  tokenModifiers: [...TOKEN_MODIFIERS],
};

export interface Token {
  readonly span: Span;
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** The words of a file, or of a range of it, in the order of the text. */
export function tokensOf(analysis: Analysis, range?: Range): readonly Token[] {
  const { tree, topology, text } = analysis;
  const within = range && { start: offsetOf(analysis, range.start), end: offsetOf(analysis, range.end) };
  const resolved = new Set<number>();
  for (const { target, span, implied } of topology.references)
    if (target !== undefined && !implied) resolved.add(span.start);
  const tokens: Token[] = [];
  const add = (node: ScalarNode, type: TokenType | undefined, ...modifiers: TokenModifier[]): void => {
    if (type === undefined || node.style === 'literal' || node.style === 'folded') return;
    const quoted = node.style !== 'plain' && node.span.end - node.span.start > 2;
    const span = quoted ? { start: node.span.start + 1, end: node.span.end - 1 } : node.span;
    const written = text.slice(span.start, span.end);
    // Protocol and editors think of a token as within one line.
    if (written === '' || /[\r\n]/.test(written)) return;
    if (type !== 'port') {
      tokens.push({ span, type, modifiers });
      return;
    }
    // The dash of a range and the `tcp/` before a port are no numbers.
    for (const { 0: number, index } of written.matchAll(/\d+/g)) {
      const start = span.start + index;
      tokens.push({ span: { start, end: start + number.length }, type, modifiers });
    }
  };
  for (const word of wordsOf(tree, within === undefined ? {} : { within })) {
    const { node } = word;
    if (word.place === 'name') add(node, word.names === 'site' ? 'site' : 'name', 'declaration');
    else if (word.place === 'key') {
      // A key that the format does not have keeps the editor's colour, and its finding.
      if (word.key === undefined) continue;
      const isSection = word.map === FORMAT && word.key.shape.kind !== 'text';
      const type = word.map.what === 'roles' ? 'role' : isSection ? 'section' : 'key';
      const isKnown = inEdition(word.key, topology.edition);
      add(node, type, ...(isKnown ? [] : (['deprecated'] as const)));
    } else {
      const type = typeOf(word.shape, node.text);
      const isLost = type === 'reference' && !resolved.has(node.span.start);
      // A proxy may be a machine outside the file: then its name is text.
      if (isLost && word.shape.kind === 'reference' && word.shape.outside) continue;
      add(node, type, ...(isLost ? (['undefined'] as const) : []));
    }
  }
  return tokens.toSorted((a, b) => a.span.start - b.span.start);
}

/** What a value is; undefined for text and switches, which the editor colours well by itself. */
function typeOf(shape: Shape, text: string): TokenType | undefined {
  switch (shape.kind) {
    case 'reference':
      if (shape.words?.some(({ name }) => name === text)) return 'word';
      if (shape.networks && /^[\d.]+(\/\d+)?$|:/.test(text)) return 'address';
      return 'reference';
    case 'words':
      if (!shape.words.some(({ name }) => name === text)) return undefined;
      return 'word';
    case 'edition':
      return editionOf(text) === undefined ? undefined : 'edition';
    case 'exception':
      return /^(tcp|udp)\//.test(text)
        ? 'port'
        : shape.words.some(({ name }) => name === text)
          ? 'word'
          : undefined;
    case 'ports':
      return text === 'any' ? 'word' : portType(text);
    case 'port':
    case 'range':
      return portType(text);
    case 'address':
    case 'network':
      return 'address';
    default:
      return undefined;
  }
}

function portType(text: string): TokenType | undefined {
  return /^\d{1,5}(\s*-\s*\d{1,5})?$/.test(text) ? 'port' : undefined;
}

/** Tokens as the protocol sends them: five numbers each, relative to the token before. */
export function encode(analysis: Analysis, tokens: readonly Token[]): number[] {
  const { lines } = analysis.tree;
  const data: number[] = [];
  let line = 0;
  let character = 0;
  for (const { span, type, modifiers } of tokens) {
    const at = lines.positionAt(span.start);
    const bits = modifiers.reduce((sum, modifier) => sum | (1 << TOKEN_MODIFIERS.indexOf(modifier)), 0);
    data.push(
      at.line - line,
      at.line === line ? at.character - character : at.character,
      span.end - span.start,
      TOKEN_TYPES.indexOf(type),
      bits,
    );
    line = at.line;
    character = at.character;
  }
  return data;
}

/** The one stretch of numbers by which two answers differ: the beginning and the end of a file mostly stay. */
export function tokenDifference(
  before: readonly number[],
  after: readonly number[],
): { readonly start: number; readonly deleteCount: number; readonly data: number[] }[] {
  let start = 0;
  const shorter = Math.min(before.length, after.length);
  while (start < shorter && before[start] === after[start]) start++;
  if (start === before.length && start === after.length) return [];
  let same = 0;
  while (same < shorter - start && before[before.length - 1 - same] === after[after.length - 1 - same])
    same++;
  return [
    { start, deleteCount: before.length - start - same, data: after.slice(start, after.length - same) },
  ];
}
