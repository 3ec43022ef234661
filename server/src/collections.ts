// Two small helpers for what is grouped, and for what is worked out once.

/**
 * Things by a key: the groups in the order of their first thing, each in the order of the things.
 * @param keyOf undefined leaves the thing out
 */
export function groupBy<T, K>(things: Iterable<T>, keyOf: (thing: T) => K | undefined): Map<K, T[]> {
  const groups = new Map<K, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return groups;
}

/**
 * A function that works out its answer once for each first argument and keeps it for as long as that lives.
 * The other arguments are only what the work needs: they must follow from the first one.
 */
export function memo<K extends WeakKey, Others extends readonly unknown[], Answer>(
  work: (key: K, ...others: Others) => Answer,
): (key: K, ...others: Others) => Answer {
  const answers = new WeakMap<K, { readonly answer: Answer }>();
  return (key, ...others) => {
    let known = answers.get(key);
    if (!known) {
      known = { answer: work(key, ...others) };
      answers.set(key, known);
    }
    return known.answer;
  };
}

/** What a map has under a key; where it has nothing yet, a new value is made and put there. */
export function getOrAdd<K, V>(
  map: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  make: () => V,
): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}
