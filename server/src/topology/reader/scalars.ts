// Reader single values: booleans, numbers, ports, ranges, words, addresses and names.
import { HIGHEST_PORT } from '../../catalog/numbers.ts';
import { isDate } from '../../date.ts';
import { t } from '../../l10n.ts';
import type { Node, ScalarNode, SeqNode } from '../../text/tree.ts';
import { scalarValue } from '../../text/values.ts';
import { looksLikeAddress, parseAddress, parseNetwork } from '../address.ts';
import type { ReferenceShape, Shape, Word } from '../format.ts';
import type { PortRange, Remedy } from '../model.ts';
import { suggest } from '../spoken.ts';
import { listing, shortened } from './phrases.ts';
import { type FileReader, place, replacement, report, reportWrongType, type Where } from './reader.ts';
import { scalar, type Value } from './values.ts';

const RANGE = /^(\d{1,9})-(\d{1,9})$/;

const isQuoted = (node: ScalarNode) => node.style !== 'plain';

/** A whole number in plain digits. */
const DIGITS = /^[0-9]{1,15}$/;

export function readBoolean(
  reader: FileReader,
  node: ScalarNode,
  shape: Shape,
  where: Where,
): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'boolean') return scalar(node, value);
  const word = node.text.trim().toLowerCase();
  if (isQuoted(node) && (word === 'true' || word === 'false')) {
    return reportWrongType(reader, node, shape, where, replacement(node, word, true));
  }
  const meant = { yes: 'true', on: 'true', no: 'false', off: 'false' }[word];
  return reportWrongType(reader, node, shape, where, meant ? replacement(node, meant, false) : undefined);
}

function notNumber(reader: FileReader, node: ScalarNode, shape: Shape, where: Where): undefined {
  const digits = isQuoted(node) && DIGITS.test(node.text);
  return reportWrongType(reader, node, shape, where, digits ? replacement(node, node.text, true) : undefined);
}

function readInteger(
  reader: FileReader,
  node: ScalarNode,
  shape: Shape & { kind: 'integer' },
  where: Where,
): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'number' && Number.isSafeInteger(value)) {
    const { minimum, maximum } = shape;
    if (value >= minimum && (maximum === undefined || value <= maximum)) return scalar(node, value);
    report(reader, {
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
  return notNumber(reader, node, shape, where);
}

function badPort(reader: FileReader, node: Node, what: string, where: Where, remedy?: Remedy): undefined {
  report(reader, {
    code: 'invalid-port',
    span: node.span,
    node,
    message: t('{0}: {1}', place(where), what),
    ...(remedy ? { remedy } : {}),
  });
  return undefined;
}

function readPort(reader: FileReader, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const value = scalarValue(node);
  if (typeof value === 'number' && Number.isInteger(value)) {
    if (value >= 1 && value <= HIGHEST_PORT) return scalar(node, value);
    return badPort(
      reader,
      node,
      t('{0} is not a port; ports go from 1 to {1}', shortened(node.text), HIGHEST_PORT),
      where,
    );
  }
  const digits = halfWidth(node.text).trim();
  if (digits !== node.text && DIGITS.test(digits) && Number(digits) >= 1 && Number(digits) <= HIGHEST_PORT) {
    const port = String(Number(digits));
    return badPort(
      reader,
      node,
      t('{0} is not a port as the file has them; write {1}', shortened(node.text), port),
      where,
      { ...writeInstead(reader, node, port), ...(isQuoted(node) ? { span: node.span } : {}) },
    );
  }
  return notNumber(reader, node, shape, where);
}

/** Digits and marks of East Asian keyboards as those of others. */
function halfWidth(text: string): string {
  return text.replace(/[\uFF01-\uFF5E]/g, (one) => String.fromCharCode(one.charCodeAt(0) - 0xfee0));
}

/** How people write a range: with another dash, dots, a colon or a word between its ends, with blanks round it. */
const TYPED_RANGE = /^\s*(\d{1,9})\s*(?:[-:~\u2010-\u2015\u2212\u301C]|\.{2,3}|\u2026|to)\s*(\d{1,9})\s*$/i;

/** The ends of a range, written as the format has it or as people do; undefined for any other text. */
function rangeEnds(text: string): PortRange | undefined {
  const match = TYPED_RANGE.exec(halfWidth(text));
  return match ? { low: Number(match[1]), high: Number(match[2]) } : undefined;
}

function readRange(reader: FileReader, node: ScalarNode, shape: Shape, where: Where): Value | undefined {
  const ends = rangeEnds(node.text);
  if (!ends) return reportWrongType(reader, node, shape, where);
  return rangeOfEnds(reader, node, ends, where, RANGE.test(node.text));
}

/** A range with its ends: reported where they are no ports or the wrong way round, or where it is typed otherwise. */
function rangeOfEnds(
  reader: FileReader,
  node: ScalarNode | SeqNode,
  { low, high }: PortRange,
  where: Where,
  isTyped: boolean,
): Value | undefined {
  const source = shortened(reader.tree.text.slice(node.span.start, node.span.end));
  if (low < 1 || high < 1 || low > HIGHEST_PORT || high > HIGHEST_PORT) {
    const range = node.kind === 'scalar' ? shortened(node.text) : source;
    return badPort(
      reader,
      node,
      t('{0} goes beyond the ports, which are 1 to {1}', range, HIGHEST_PORT),
      where,
    );
  }
  if (isTyped && low <= high) return scalar(node, { low, high });
  const right = low > high ? `${high}-${low}` : `${low}-${high}`;
  const message =
    isTyped && node.kind === 'scalar'
      ? t('the higher end of the range {0} comes first; write {1}', node.text, right)
      : t('{0} is not a range as the file has them; write {1}', source, right);
  return badPort(reader, node, message, where, writeInstead(reader, node, right));
}

/** The fix that writes a port or range in place of what is there. Quotes stay where there are some. */
function writeInstead(reader: FileReader, node: ScalarNode | SeqNode, text: string): Remedy {
  const inQuotes = node.kind === 'scalar' && isQuoted(node);
  const isBlock = node.kind === 'scalar' && (node.style === 'literal' || node.style === 'folded');
  const { start, end } = node.span;
  return {
    kind: 'replace',
    span: inQuotes ? { start: start + 1, end: end - 1 } : node.span,
    text,
    title: t('Write {0}', text),
    safe: !isBlock && !reader.tree.text.slice(start, end).includes('#'),
  };
}

/** A list where one range belongs: its two ends, or a range in brackets. */
export function readRangeList(
  reader: FileReader,
  node: SeqNode,
  shape: Shape,
  where: Where,
): Value | undefined {
  const texts = node.items.map((item) => (item.kind === 'scalar' ? halfWidth(item.text) : ''));
  const [first = '', second = ''] = texts;
  const ends =
    texts.length === 1
      ? rangeEnds(first)
      : texts.length === 2 && DIGITS.test(first) && DIGITS.test(second)
        ? { low: Number(first), high: Number(second) }
        : undefined;
  return ends ? rangeOfEnds(reader, node, ends, where, false) : reportWrongType(reader, node, shape, where);
}

export function readPortOrRange(
  reader: FileReader,
  node: ScalarNode,
  shape: Shape,
  where: Where,
): Value | undefined {
  // Most are plain numbers, and no range is one.
  if (typeof scalarValue(node) !== 'number' && rangeEnds(node.text))
    return readRange(reader, node, shape, where);
  const value = readPort(reader, node, shape, where);
  if (value?.kind !== 'scalar' || typeof value.written.value !== 'number') return undefined;
  return scalar(node, { low: value.written.value, high: value.written.value });
}

export function unknownWord(
  reader: FileReader,
  node: ScalarNode,
  allowed: readonly Word[],
  where: Where,
  also?: string,
): undefined {
  const names = allowed.map(({ name }) => name);
  const near = suggest(node.text, names).names;
  const [meant] = near;
  const said = [place(where), shortened(node.text)] as const;
  report(reader, {
    code: 'invalid-value',
    span: node.span,
    node,
    message:
      names.length > 8
        ? t(
            meant === undefined ? "{0} cannot be '{1}'" : "{0} cannot be '{1}'; did you mean '{2}'?",
            ...said,
            meant ?? '',
          )
        : also === undefined
          ? t(
              meant === undefined
                ? "{0} cannot be '{1}'; write {2}"
                : "{0} cannot be '{1}'; write {2}; did you mean '{3}'?",
              ...said,
              listing(names),
              meant ?? '',
            )
          : t(
              meant === undefined
                ? "{0} cannot be '{1}'; write {2}, {3}"
                : "{0} cannot be '{1}'; write {2}, {3}; did you mean '{4}'?",
              ...said,
              listing(names),
              also,
              meant ?? '',
            ),
    // A wrong word may have been meant otherwise, however near another is.
    suggestion: { names: near, safe: false },
  });
  return undefined;
}

const EXCEPTION_PORT = /^(tcp|udp)\/(\d{1,9})$/;

function readException(
  reader: FileReader,
  node: ScalarNode,
  shape: Shape & { kind: 'exception' },
  where: Where,
): Value | undefined {
  const match = EXCEPTION_PORT.exec(node.text);
  if (match) {
    const number = Number(match[2]);
    if (number >= 1 && number <= HIGHEST_PORT) return scalar(node, `${match[1]}/${number}`);
    return badPort(
      reader,
      node,
      t('{0} is not a port; ports go from 1 to {1}', node.text, HIGHEST_PORT),
      where,
    );
  }
  if (shape.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
  return unknownWord(reader, node, shape.words, where, t('tcp/PORT or udp/PORT'));
}

function readAddress(
  reader: FileReader,
  node: ScalarNode,
  withPrefix: boolean,
  where: Where,
): Value | undefined {
  if ((withPrefix ? parseNetwork(node.text) : parseAddress(node.text)) !== undefined)
    return scalar(node, node.text);
  const network = !withPrefix && parseNetwork(node.text) !== undefined;
  report(reader, {
    code: 'invalid-address',
    span: node.span,
    node,
    message: network
      ? t('{0}: {1} is a network; write one address without a prefix length', place(where), node.text)
      : t(
          withPrefix
            ? "{0}: '{1}' is not an address or a network such as 10.10.0.0/16"
            : "{0}: '{1}' is not an IPv4 or IPv6 address",
          place(where),
          shortened(node.text),
        ),
  });
  return undefined;
}

export function readReference(
  reader: FileReader,
  node: ScalarNode,
  shape: ReferenceShape,
  where: Where,
): Value | undefined {
  const name = node.text;
  if (shape.words?.some((word) => word.name === name)) return scalar(node, name);
  if (shape.networks && looksLikeAddress(name)) return readAddress(reader, node, true, where);
  // An instance is recorded with its server, where its map is read.
  if (!shape.to.includes('instance')) {
    const { to, outside } = shape;
    const { span } = node;
    // With a place for the target, which would need an object of its own later.
    reader.references.push(
      outside
        ? { to, name, span, node, target: undefined, outside: true }
        : { to, name, span, node, target: undefined },
    );
  }
  return scalar(node, name);
}

export function readScalar(
  reader: FileReader,
  node: ScalarNode,
  shape: Shape,
  where: Where,
): Value | undefined {
  const empty = scalarValue(node) === null || (node.text === '' && shape.kind !== 'text');
  if (empty) return shape.kind === 'text' ? undefined : reportWrongType(reader, node, shape, where);
  switch (shape.kind) {
    case 'text':
      return scalar(node, node.text);
    case 'boolean':
      return readBoolean(reader, node, shape, where);
    case 'integer':
      return readInteger(reader, node, shape, where);
    case 'port':
      return readPort(reader, node, shape, where);
    case 'range':
      return readRange(reader, node, shape, where);
    case 'address':
      return readAddress(reader, node, false, where);
    case 'network':
      return readAddress(reader, node, true, where);
    case 'date':
      if (isDate(node.text)) return scalar(node, node.text);
      report(reader, {
        code: 'invalid-value',
        span: node.span,
        node,
        message: t("{0}: '{1}' is not a date; write it as YYYY-MM-DD", place(where), shortened(node.text)),
      });
      return undefined;
    case 'edition':
      // The rule `unknown-edition` judges it.
      return scalar(node, node.text);
    case 'words':
      if (shape.words.some(({ name }) => name === node.text)) return scalar(node, node.text);
      return unknownWord(reader, node, shape.words, where);
    case 'exception':
      return readException(reader, node, shape, where);
    case 'reference':
      return readReference(reader, node, shape, where);
    default:
      return reportWrongType(reader, node, shape, where);
  }
}
