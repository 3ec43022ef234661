// What to do with a text that is not YAML.
import { type Built, buildTree } from './build-tree.ts';
import type { Damage } from './tree.ts';
import { type Problem, tryEvents } from './yaml-events.ts';

export type Recovered = Built & { readonly damage: readonly Damage[] };

/** Keeps what can be read up to the first problem. */
export function recover(text: string, problem: Problem): Recovered {
  let cut = Math.min(problem.at, text.length);
  for (let attempt = 0; attempt < 20 && cut > 0; attempt++) {
    cut = Math.max(text.lastIndexOf('\n', cut - 1), 0);
    const head = text.slice(0, cut);
    const result = tryEvents(head);
    if (result.events === undefined) {
      cut = Math.min(cut, result.at);
      continue;
    }
    const span = { start: cut, end: text.length };
    return { damage: [{ span, at: span, reason: problem.reason }], ...buildTree(head, result.events) };
  }
  const span = { start: 0, end: text.length };
  return { damage: [{ span, at: span, reason: problem.reason }], ...buildTree('', []) };
}
