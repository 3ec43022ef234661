// How many connections that somebody needs are blocked, at each of some things.
import { getOrAdd } from '../collections.ts';
import type { Flow } from '../flows/flow.ts';
import { missedAmong, needsAmong } from '../reach/choices.ts';
import type { Reach } from '../reach/reach.ts';

/**
 * Counts the blocked connections of each thing. What is optional never counts, and a choice of which nothing is
 * reached counts as what the alternative lacks that lacks the least.
 * @param flows all flows of the file
 * @param thingsOf the things at which a connection counts; one that is named twice counts once
 * @param among those of them that may count at one of the things
 * @returns nothing for a thing at which none is blocked
 */
export function blockedAt<T>(
  flows: readonly Flow[],
  reach: Reach,
  thingsOf: (flow: Flow) => Iterable<T>,
  among: readonly Flow[] = flows,
): ReadonlyMap<T, number> {
  const needOf = needsAmong(flows);
  const isMissed = missedAmong(flows, reach);
  const counts = new Map<T, number>();
  const add = (thing: T, number: number): void => void counts.set(thing, (counts.get(thing) ?? 0) + number);
  /** By thing and choice, how many connections each alternative lacks. */
  const choices = new Map<T, Map<string, Map<string, number>>>();
  for (const flow of among) {
    if (!isMissed(flow)) continue;
    const need = needOf(flow);
    for (const thing of new Set(thingsOf(flow))) {
      if (need.kind !== 'choice') {
        add(thing, 1);
        continue;
      }
      const choice = JSON.stringify([need.name, flow.zones]);
      const ends = [flow.from, flow.to].map(({ kind, name }) => `${kind} ${name}`).sort();
      const own = getOrAdd(choices, thing, () => new Map<string, Map<string, number>>());
      const lacking = getOrAdd(own, choice, () => new Map<string, number>());
      const alternative = JSON.stringify(ends);
      lacking.set(alternative, (lacking.get(alternative) ?? 0) + 1);
    }
  }
  for (const [thing, own] of choices)
    for (const lacking of own.values()) add(thing, Math.min(...lacking.values()));
  return counts;
}
