// Small helpers for what is grouped, and for what is worked out once or late.

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

/** What a table has for a word; undefined for a word that every object knows, such as `constructor`. */
export function ownEntry<T>(table: Readonly<Record<string, T>>, word: string): T | undefined {
  return Object.hasOwn(table, word) ? table[word] : undefined;
}

/**
 * A function that works out its answer once for each key and keeps it for as long as that lives.
 * @param keyOf the object that an answer belongs to, from which all of it must follow; the first argument unless given
 */
export function memo<Args extends [WeakKey, ...unknown[]], Answer>(
  work: (...args: Args) => Answer,
  keyOf: (...args: Args) => WeakKey = (...[first]) => first,
): (...args: Args) => Answer {
  const answers = new WeakMap<WeakKey, Answer>();
  return (...args) => {
    const key = keyOf(...args);
    const known = answers.get(key);
    if (known !== undefined || answers.has(key)) return known as Answer;
    const made = work(...args);
    answers.set(key, made);
    return made;
  };
}

/** What works the late properties of an object out. */
const LATE = Symbol('late');

interface Late {
  readonly [LATE]: Readonly<Record<string, () => unknown>>;
}

/** One getter for all objects with a late property of a name. */
const getters = new Map<string, PropertyDescriptor>();

/**
 * Gives an object properties that are worked out each time they are read. A getter in an object literal would do, but V8
 * makes a hidden class of its own for each such object, and that keeps whatever the getter refers to until the next full
 * collection: every version of a file that is typed at.
 * @param thing the object, which is changed
 * @param late what works each property out, by its name
 * @returns the object
 */
export function withLate<T extends object, Own extends Record<string, () => unknown>>(
  thing: T,
  late: Own,
): T & { readonly [Key in keyof Own]: ReturnType<Own[Key]> } {
  Object.defineProperty(thing, LATE, { value: late });
  for (const name of Object.keys(late)) {
    const getter = getOrAdd(getters, name, () => ({
      get(this: Late) {
        return this[LATE][name]?.();
      },
      enumerable: true,
      configurable: true,
    }));
    Object.defineProperty(thing, name, getter);
  }
  return thing as T & { readonly [Key in keyof Own]: ReturnType<Own[Key]> };
}

/** What a map has under a key; where it has nothing yet, a new value is made and put there. */
export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Each thing once, in the order in which they first come. */
export function distinct<T>(things: Iterable<T>): readonly T[] {
  return [...new Set(things)];
}

/** An object like another but for some properties; what the other has else is looked up there, also later. */
export function likeBut<T extends object>(thing: T, own: Partial<T>): T {
  return Object.assign(Object.create(thing), own);
}

/** Takes some things out of a list, which becomes another one. */
export function without<K, V>(map: Map<K, readonly V[]>, key: K, isGone: (value: V) => boolean): void {
  const list = map.get(key);
  if (list?.some(isGone))
    map.set(
      key,
      list.filter((value) => !isGone(value)),
    );
}

/** Puts a thing into a list, which becomes another one, behind those that are written before it. */
export function insert<K, V>(
  map: Map<K, readonly V[]>,
  key: K,
  value: V,
  startOf: (value: V) => number,
): void {
  const list = map.get(key) ?? [];
  const start = startOf(value);
  const at = list.findIndex((other) => startOf(other) > start);
  map.set(key, list.toSpliced(at < 0 ? list.length : at, 0, value));
}

/** How many of some things come first, of which all those come first for which something holds; found in a few steps. */
export function countOfFirst<T>(things: readonly T[], isFirst: (thing: T) => boolean): number {
  let low = 0;
  let high = things.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isFirst(things[middle] as T)) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Whether two lists have the same objects in them. */
export function isSameList<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((each, index) => each === b[index]));
}

/** One list of several. The engine copies each at once, as long as there are not too many for the arguments of a call. */
export function concatenated<T>(lists: readonly (readonly T[])[]): readonly T[] {
  if (lists.length < 1000) return ([] as readonly T[]).concat(...lists);
  const all: T[] = [];
  for (const list of lists) for (const thing of list) all.push(thing);
  return all;
}

/** What is known of the way from one version of something to the next. */
export interface Steps<Version extends WeakKey, Step> {
  set(before: Version, after: Version, step: Step): void;
  /** Undefined where it was not said, or has been said of another one before `after` since. */
  get(before: Version, after: Version): { readonly step: Step } | undefined;
}

/** Keeps neither of two versions in memory. */
export function stepsOf<Version extends WeakKey, Step>(): Steps<Version, Step> {
  const steps = new WeakMap<Version, { readonly before: WeakRef<Version>; readonly step: Step }>();
  return {
    set: (before, after, step) => steps.set(after, { before: new WeakRef(before), step }),
    get(before, after) {
      const known = steps.get(after);
      return known?.before.deref() === before ? known : undefined;
    },
  };
}
