// The change request as JSON.
import { jsonForm } from '../../print/json.ts';
import { type Change, type Compared, type Diff, passingCounts } from './changes.ts';

/** One JSON document with a line break at its end. An added flow has no `old`, a removed one no `new`. */
export function diffJson(diff: Diff): string {
  const count = (kind: Change['change']) => diff.changes.filter(({ change }) => change === kind).length;
  const about = ({ file, edition }: Compared) => ({ file, edition });
  const document = {
    old: about(diff.old),
    new: about(diff.new),
    summary: {
      added: count('added'),
      removed: count('removed'),
      changed: count('changed'),
      ...passingCounts(diff),
      unjudged: diff.passing.unjudged,
    },
    changes: diff.changes,
    passing: diff.passing.all,
    ...(diff.passing.isPartial ? { partial: true } : {}),
  };
  return jsonForm(document);
}
