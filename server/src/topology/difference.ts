// What is different between two versions of a section.
import { isSameList } from '../collections.ts';
import type { Named } from './model.ts';

export interface Difference<T> {
  readonly gone: ReadonlySet<T>;
  readonly added: ReadonlySet<T>;
}

/** Of more than so many everything is worked out anew, which then takes less. */
const MOST = 100;

/**
 * The things that are in one of two versions of a section alone; a changed one is another object, and in both.
 * @returns undefined where there are many, or where the others do not come in the same order, or not in that of the text
 */
export function differenceOf<T extends Named>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Difference<T> | undefined {
  if (before === after) return { gone: new Set(), added: new Set() };
  const [were, are] = [[...before.values()], [...after.values()]];
  let start = -1;
  for (const { span } of are) {
    if (span.start <= start) return undefined;
    start = span.start;
  }
  const most = Math.min(were.length, are.length);
  let first = 0;
  while (first < most && were[first] === are[first]) first++;
  let last = 0;
  while (last < most - first && were[were.length - 1 - last] === are[are.length - 1 - last]) last++;
  const [left, come] = [were.slice(first, were.length - last), are.slice(first, are.length - last)];
  if (left.length + come.length > MOST) return undefined;
  const [was, is] = [new Set(left), new Set(come)];
  const isSameOrder = isSameList(
    left.filter((thing) => is.has(thing)),
    come.filter((thing) => was.has(thing)),
  );
  return isSameOrder
    ? {
        gone: new Set(left.filter((thing) => !is.has(thing))),
        added: new Set(come.filter((thing) => !was.has(thing))),
      }
    : undefined;
}
