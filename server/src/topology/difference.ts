// What is different between two versions of a section.
import { countOfFirst, isSameList, stepsOf } from '../collections.ts';
import type { Named } from './model.ts';

export interface Difference<T> {
  readonly gone: ReadonlySet<T>;
  readonly added: ReadonlySet<T>;
}

/** Of more than so many everything is worked out anew, which then takes less. */
const MOST = 100;

/** Many ask, and all of them mean the version before. */
const known = stepsOf<ReadonlyMap<string, Named>, Difference<Named> | undefined>();

/**
 * The things that are in one of two versions of a section alone; a changed one is another object, and in both.
 * @returns undefined where there are many, or where the others do not come in the same order, or not in that of the text
 */
export function differenceOf<T extends Named>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Difference<T> | undefined {
  if (before === after) return { gone: new Set(), added: new Set() };
  const told = known.get(before, after);
  if (told) return told.step as Difference<T> | undefined;
  const difference = findDifference(before, after);
  known.set(before, after, difference);
  return difference;
}

/** Versions of which it is known that the things come in the order of the text. */
const inOrder = new WeakSet<ReadonlyMap<string, Named>>();

function areInOrder(things: ReadonlyMap<string, Named>): boolean {
  if (inOrder.has(things)) return true;
  let last = -1;
  for (const { span } of things.values()) {
    if (span.start <= last) return false;
    last = span.start;
  }
  inOrder.add(things);
  return true;
}

/**
 * A section without some of its things, and with others at their places in the text.
 * @param names of those that are gone, in lower case
 * @param fresh other objects, in the order of the text
 * @returns undefined where the things do not come in the order of the text
 */
export function replaced<T extends Named>(
  things: ReadonlyMap<string, T>,
  names: ReadonlySet<string>,
  fresh: readonly T[],
): ReadonlyMap<string, T> | undefined {
  if (!areInOrder(things)) return undefined;
  const ids: string[] = [];
  const stay: T[] = [];
  const gone = new Set<T>();
  for (const [id, thing] of things) {
    if (names.has(id)) {
      gone.add(thing);
      continue;
    }
    ids.push(id);
    stay.push(thing);
  }
  const result = new Map<string, T>();
  let next = 0;
  // Where each comes is searched for: to look at all of them takes longer than the rest.
  for (const one of fresh) {
    putUntil(placeOf(one, stay));
    result.set(one.id, one);
  }
  putUntil(stay.length);
  inOrder.add(result);
  const isFew = gone.size + fresh.length <= MOST;
  known.set(things, result, isFew ? { gone, added: new Set(fresh) } : undefined);
  return result;

  function putUntil(place: number): void {
    for (; next < place; next++) result.set(ids[next] as string, stay[next] as T);
  }
}

/** Before how many of some things, which come in the order of the text, another one is not. */
function placeOf(thing: Named, things: readonly Named[]): number {
  return countOfFirst(things, ({ span }) => span.start < thing.span.start);
}

function findDifference<T extends Named>(
  before: ReadonlyMap<string, T>,
  after: ReadonlyMap<string, T>,
): Difference<T> | undefined {
  if (!areInOrder(after)) return undefined;
  const [were, are] = [[...before.values()], [...after.values()]];
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
