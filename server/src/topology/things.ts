// What follows from the things of a file by their names alone is kept while an edit renews some of them in place.
import { isSameList, memo } from '../collections.ts';
import type { Topology } from './model.ts';

/** The sections that say who talks to whom, beside those of the machines. */
export const FRAME = ['zones', 'sites', 'boundaryGroups', 'availabilityGroups'] as const;
const MACHINES = [...FRAME, 'servers', 'clients'] as const;
const OTHERS = ['listeners', 'firewalls', 'addressGroups', 'portGroups'] as const;
const ALL = [...MACHINES, ...OTHERS] as const;

/** What is beside the machines. */
export type Frame = Pick<Topology, 'edition' | 'defaults' | (typeof FRAME)[number]>;

/** Whether everything but servers and client groups is the same objects, and the defaults say the same. */
export function haveSameFrame(a: Frame, b: Frame): boolean {
  // All of them, so that one that is new in the format cannot be forgotten here.
  const defaults = (frame: Frame) =>
    JSON.stringify(
      Object.entries(frame.defaults).map(([key, part]) => [
        key,
        part && 'value' in part ? part.value : undefined,
      ]),
    );
  return (
    a.edition === b.edition &&
    FRAME.every((section) => isSameSection<unknown>(a[section], b[section])) &&
    (a.defaults === b.defaults || defaults(a) === defaults(b))
  );
}

/** Whether a section has the same objects in two versions of a file. */
export function isSameSection<T>(before: ReadonlyMap<string, T>, after: ReadonlyMap<string, T>): boolean {
  return before === after || isSameList([...before.values()], [...after.values()]);
}

type Answers<More extends unknown[], Answer> = (topology: Topology, ...more: More) => Answer;

/**
 * A function that works out its answer once for the things of a topology, and again when a section has others. What it
 * works out must not depend on what `readers.ts` says few look at, nor on the tree, nor on policies.
 * @param work the further arguments have to be the same for the same things
 */
export function memoOfThings<More extends unknown[], Answer>(
  work: Answers<More, Answer>,
): Answers<More, Answer> {
  return memoOf(ALL, work);
}

/** The same for what has nothing to do with firewalls, or with groups of addresses or ports. */
export function memoOfMachines<More extends unknown[], Answer>(
  work: Answers<More, Answer>,
): Answers<More, Answer> {
  return memoOf(MACHINES, work);
}

/** An edit that renews a thing in place leaves the edition, the defaults, and who is in each section. */
function memoOf<More extends unknown[], Answer>(
  sections: readonly (keyof Topology)[],
  work: Answers<More, Answer>,
): Answers<More, Answer> {
  return memoOfParts(
    (topology) => [topology.edition, topology.defaults, ...sections.map((section) => topology[section])],
    work,
  );
}

/**
 * A function that works out its answer for a file once, and again when something is different that it depends on.
 * @param partsOf everything that the answer follows from, beside the sites: objects that are others when they say something
 *   else, numbers, words
 */
export function memoOfParts<More extends unknown[], Answer>(
  partsOf: (topology: Topology) => readonly unknown[],
  work: Answers<More, Answer>,
): Answers<More, Answer> {
  const known = new WeakMap<
    Topology['sites'],
    { readonly parts: readonly unknown[]; readonly answer: Answer }
  >();
  // Most ask about the same file many times.
  return memo((topology: Topology, ...more: More) => {
    const parts = partsOf(topology);
    const before = known.get(topology.sites);
    if (before && isSameList(before.parts, parts)) return before.answer;
    const answer = work(topology, ...more);
    known.set(topology.sites, { parts, answer });
    return answer;
  });
}
