// Questions about the file that several rules ask.
import type { MapNode, Pair, Span, TextTree } from '../text/tree.ts';
import { entries, isDamaged, nodePathAt } from '../text/values.ts';
import type { Report, RuleContext } from './rule.ts';

/** The pair that a map writes itself under a name; undefined where a merge key brings it or it is absent. */
export function ownPair(map: MapNode | undefined, name: string): Pair | undefined {
  return map && entries(map).find((entry) => entry.name === name && !entry.merged)?.pair;
}

/** Whether a key stands in a map, readable or not, own or merged. */
export function hasKey(map: MapNode | undefined, name: string): boolean {
  return map !== undefined && entries(map).some((entry) => entry.name === name);
}

/**
 * Content that stands in several places through an alias is looked at once for each: of the reports at
 * one place only the first is kept.
 */
export function* oncePerPlace(reports: Iterable<Report>): Iterable<Report> {
  const seen = new Set<string>();
  for (const report of reports) {
    const place = `${report.span.start}-${report.span.end}`;
    if (seen.has(place)) continue;
    seen.add(place);
    yield report;
  }
}

/** Whether a part of the text could not be read, by the text layer or by the format. */
export function isUncertain({ tree, topology }: RuleContext, span: Span): boolean {
  return (
    isDamaged(tree, span) ||
    topology.problems.some((problem) => problem.span.start >= span.start && problem.span.end <= span.end)
  );
}

/**
 * Whether a map's key can be set without changing anything but this map: no merge key brings it, and neither
 * the value nor anything round it has an anchor by which other places use it.
 */
export function isOwn(tree: TextTree, map: MapNode | undefined, name: string): boolean {
  if (!map) return true;
  const entry = entries(map).find((candidate) => candidate.name === name);
  if (entry?.merged || entry?.value.anchor) return false;
  return nodePathAt(tree, entry?.value.span.start ?? map.span.start).every(
    (node) => !('anchor' in node) || node.anchor === undefined,
  );
}
