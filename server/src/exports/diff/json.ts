// The change request as JSON.
import { jsonForm } from '../../print/json.ts';
import type { Change, Compared, Diff } from './changes.ts';

/** One JSON document with a line break at its end. An added flow has no `old`, a removed one no `new`. */
export function diffJson(diff: Diff): string {
  const count = (kind: Change['change']) => diff.changes.filter(({ change }) => change === kind).length;
  const about = ({ file, edition }: Compared) => ({ file, edition });
  const document = {
    old: about(diff.old),
    new: about(diff.new),
    summary: { added: count('added'), removed: count('removed'), changed: count('changed') },
    changes: diff.changes,
  };
  return jsonForm(document);
}
