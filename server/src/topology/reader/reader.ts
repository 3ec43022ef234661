// What one reading of a file knows and has found so far, and how it reports what is wrong.
import { t } from '../../l10n.ts';
import type { Node, Span, TextTree } from '../../text/tree.ts';
import type { SectionKind, Shape } from '../format.ts';
import type { FormatProblem, Reference, Remedy } from '../model.ts';
import { hasText, wants } from './phrases.ts';
import type { NamedEntry, Value } from './values.ts';

/** One reading of one file: every function of this folder is given it, and adds to what it found. */
export interface FileReader {
  readonly tree: TextTree;
  readonly problems: FormatProblem[];
  readonly references: Reference[];
  /** What was read of each node; undefined where the text has no aliases, so that nothing is met twice. */
  readonly done: Map<Node, Map<Shape, Value | undefined>> | undefined;
  readonly isDamaged: (span: Span) => boolean;
  readonly editionGiven: boolean;
  /** Makes a thing of an entry as soon as it was read, so that what it was read as can be forgotten at once. */
  readonly build?: (entry: NamedEntry, kind: SectionKind) => void;
}

/**
 * How messages name the place that is being read. There is one for each value of a file, and seldom a message: no
 * text is made, and all of them have the same keys, which is made several times as fast.
 */
export interface Where {
  /** `server cm01`, `management-point on cm01`. */
  readonly owner: () => string;
  /** The key whose value is read, where there is one. */
  readonly key: string | undefined;
  /** The bare name of the server that it is on. */
  readonly server: string | undefined;
  /** It is in an entry of a section, such as a server or a firewall. */
  readonly inEntry: boolean;
}

/** The place at which reading begins. */
export const outermost = (owner: () => string, key?: string): Where => ({
  owner,
  key,
  server: undefined,
  inEntry: false,
});

/** A place as a message begins with it: `server cm01: 'zone'`. */
export const place = (where: Where) =>
  where.key === undefined ? where.owner() : t("{0}: '{1}'", where.owner(), where.key);

/** Adds a problem, unless it is at a place that could not be read. */
export function report(reader: FileReader, problem: FormatProblem): void {
  if (!reader.isDamaged(problem.span)) reader.problems.push(problem);
}

/** Reports a value that its shape does not take; gives undefined, which is what was read. */
export function reportWrongType(
  reader: FileReader,
  node: Node,
  shape: Shape,
  where: Where,
  remedy?: Remedy,
): undefined {
  const empty = node.kind === 'scalar' && node.text === '' && node.style === 'plain';
  report(reader, {
    code: 'wrong-type',
    span: node.span,
    node,
    message: empty
      ? t('{0} has no value; it needs {1}', place(where), wants(shape))
      : t('{0} needs {1}, not {2}', place(where), wants(shape), hasText(node)),
    ...(remedy ? { remedy } : {}),
  });
  return undefined;
}

/** The fix that writes another text in place of a node. */
export function replacement(node: Node, text: string, safe: boolean): Remedy {
  return { kind: 'replace', span: node.span, text, title: t('Replace with {0}', text), safe };
}

/** Whether damage touches a span's lines, or follows it with nothing but space between. */
export function damageCheck(tree: TextTree): (span: Span) => boolean {
  const damage = [...tree.damage].sort((a, b) => a.span.start - b.span.start);
  if (damage.length === 0) return () => false;
  // The furthest end of any damage up to each one, so that one search answers.
  let furthest = -1;
  const ends = damage.map(({ span }) => {
    furthest = Math.max(furthest, span.end);
    return furthest;
  });
  return (span) => {
    const lines = tree.lines;
    const from = lines.span(lines.positionAt(span.start).line).start;
    const to = lines.span(lines.positionAt(span.end).line).end;
    let low = 0;
    let high = damage.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((damage[middle]?.span.start ?? 0) <= to) low = middle + 1;
      else high = middle;
    }
    if (low > 0 && (ends[low - 1] ?? -1) >= from) return true;
    const next = damage[low];
    return (
      next !== undefined && next.span.start - to < 1000 && tree.text.slice(to, next.span.start).trim() === ''
    );
  };
}
