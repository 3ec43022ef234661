// What of a file can be relied on when traffic is judged: unknown is not blocked.
import type { MapNode, Span } from '../text/tree.ts';
import { entries } from '../text/values.ts';
import type { Topology } from '../topology/model.ts';

/** A part of the file: its text, and for an alias the text that it stands for. */
export interface Part {
  readonly key: object;
  readonly span: Span;
  readonly node: MapNode | undefined;
  readonly damaged: boolean;
}

export interface KnownParts {
  /** Nothing of the zones, firewalls and groups can have been lost. */
  readonly sections: boolean;
  /** Whether a part of the file was read in full. */
  isRead(part: Pick<Part, 'span' | 'node' | 'damaged'>): boolean;
}

/** The sections in which what is lost may change every judgement. */
const SECTIONS = ['zones', 'firewalls', 'addressGroups', 'portGroups'];

/** Looks once at everything in a file that could not be read. */
export function knownParts({ tree, problems }: Topology): KnownParts {
  const starts = problems.map(({ span }) => span.start).sort((a, b) => a - b);
  const hasProblem = ({ start, end }: Span) => {
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((starts[middle] ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    const first = starts[low];
    return first !== undefined && first <= end;
  };
  const sections = SECTIONS.flatMap((name) => sectionSpan(name, tree) ?? []);
  return {
    sections: tree.damage.every(
      ({ at, span }) =>
        tree.lines.positionAt(at.start).character > 0 &&
        sections.every(({ start, end }) => span.end < start || span.start > end),
    ),
    isRead: ({ span, node, damaged }) => !damaged && !hasProblem(span) && !(node && hasProblem(node.span)),
  };
}

/** From a top-level key to the next one. */
function sectionSpan(name: string, { root, text }: Topology['tree']): Span | undefined {
  if (root?.kind !== 'map') return undefined;
  const pair = entries(root).find((entry) => entry.name === name)?.pair;
  if (!pair) return undefined;
  const next = root.pairs[root.pairs.indexOf(pair) + 1];
  return { start: pair.span.start, end: next?.span.start ?? text.length };
}
