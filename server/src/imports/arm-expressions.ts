// The expressions of ARM templates: `[concat(parameters('nsg'), '/Allow')]`. Only what gives the same value wherever
// the template is deployed is worked out.

/** What a parameter or a variable stands for, worked out; undefined where the template does not say. */
type Lookup = (kind: 'parameters' | 'variables', name: string) => unknown;

/** The number of the round of a loop; undefined outside of it. Without a name, of the innermost one. */
type Loop = (name: string | undefined) => number | undefined;

/** Calls in calls are looked into so deep. */
const MOST_NESTED = 20;
/** A text that would become longer is left as it is. */
const MOST_LENGTH = 10_000;
/** So is a longer list. */
const MOST_ITEMS = 10_000;
/** What can be read and depends on more than the template. */
const UNKNOWN = Symbol('unknown');

/**
 * What an expression stands for.
 * @param text with its brackets
 * @returns undefined where it is none, or depends on more than the template
 */
export function armValue(text: string, lookup: Lookup, loop: Loop = () => undefined): unknown {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  const end = text.length - 1;
  let at = 1;
  const found = value(0);
  blanks();
  return at === end && found !== UNKNOWN ? found : undefined;

  function blanks(): void {
    while (at < end && /\s/.test(text.charAt(at))) at++;
  }

  /** A literal, a number or a call, with what is taken from it; undefined for anything else, which ends the reading. */
  function value(depth: number): unknown {
    blanks();
    const mark = text.charAt(at);
    if (mark === "'") return literal();
    if (/[-\d]/.test(mark)) return number();
    let found = call(depth);
    while (found !== undefined) {
      blanks();
      if (text.charAt(at) === '.') {
        at++;
        const start = at;
        while (at < end && /\w/.test(text.charAt(at))) at++;
        found = memberOf(found, text.slice(start, at));
      } else if (text.charAt(at) === '[' && at < end) {
        at++;
        const key = value(depth + 1);
        blanks();
        if (key === undefined || text.charAt(at++) !== ']' || at > end) return undefined;
        found = memberOf(found, key);
      } else break;
    }
    return found;
  }

  function number(): number | undefined {
    const [digits] = /^-?\d{1,15}/.exec(text.slice(at, at + 16)) ?? [];
    if (digits === undefined) return undefined;
    at += digits.length;
    return Number(digits);
  }

  /** A quotation mark inside is doubled. */
  function literal(): string | undefined {
    let result = '';
    for (at++; at < end; at++) {
      if (text.charAt(at) !== "'") result += text.charAt(at);
      else if (text.charAt(at + 1) === "'") result += text.charAt(at++);
      else {
        at++;
        return result;
      }
    }
    return undefined;
  }

  function call(depth: number): unknown {
    const start = at;
    while (at < end && /\w/.test(text.charAt(at))) at++;
    const name = text.slice(start, at).toLowerCase();
    if (name === '' || text.charAt(at) !== '(' || depth === MOST_NESTED) return undefined;
    at++;
    const given: unknown[] = [];
    blanks();
    if (text.charAt(at) === ')') at++;
    else {
      for (;;) {
        const one = value(depth + 1);
        if (one === undefined) return undefined;
        given.push(one);
        blanks();
        const mark = text.charAt(at++);
        if (mark === ')') break;
        if (mark !== ',') return undefined;
      }
    }
    return resultOf(name, given);
  }

  function resultOf(name: string, given: readonly unknown[]): unknown {
    const [first, second, third] = given;
    // The value that is not taken may be one that only a deployment knows.
    if (name === 'if') return first === true ? second : first === false ? third : UNKNOWN;
    if (given.includes(UNKNOWN)) return UNKNOWN;
    if (name === 'parameters' || name === 'variables') {
      return typeof first === 'string' && given.length === 1 ? known(lookup(name, first)) : UNKNOWN;
    }
    if (name === 'copyindex') {
      const index = loop(typeof first === 'string' ? first : undefined);
      const offset = typeof first === 'number' ? first : typeof second === 'number' ? second : 0;
      return index === undefined ? UNKNOWN : index + offset;
    }
    return Object.hasOwn(FUNCTIONS, name) ? known(FUNCTIONS[name]?.(given)) : UNKNOWN;
  }
}

/** A member of an object, an item of a list. */
function memberOf(value: unknown, key: unknown): unknown {
  if (Array.isArray(value)) return typeof key === 'number' ? known(value[key]) : UNKNOWN;
  if (typeof value !== 'object' || value === null || typeof key !== 'string') return UNKNOWN;
  const found = Object.entries(value).find(([name]) => name.toLowerCase() === key.toLowerCase());
  return known(found?.[1]);
}

/** A value that is still an expression, or too long, is none to build on. */
function known(value: unknown): unknown {
  if (value === undefined) return UNKNOWN;
  if (typeof value === 'string') {
    return value.length > MOST_LENGTH || (value.startsWith('[') && !value.startsWith('[[')) ? UNKNOWN : value;
  }
  return Array.isArray(value) && value.length > MOST_ITEMS ? UNKNOWN : value;
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

/** A text or number as the functions for texts take it; undefined for the rest. */
function asText(value: unknown): string | undefined {
  return isText(value) || typeof value === 'number' ? String(value) : undefined;
}

function asTexts(given: readonly unknown[]): readonly string[] | undefined {
  const texts = given.map(asText);
  return texts.includes(undefined) ? undefined : texts.flatMap((one) => one ?? []);
}

/** A part of a text or list. */
function part(value: unknown, start: number, end?: number): unknown {
  return isText(value) || Array.isArray(value) ? value.slice(start, end) : undefined;
}

function isEmpty(value: unknown): boolean | undefined {
  if (value === null || value === '') return true;
  if (isText(value)) return false;
  return typeof value === 'object' ? Object.keys(value).length === 0 : undefined;
}

/** The same text for what is equal to ARM; undefined where it would be too long: parts of a value may be shared. */
function fingerprint(value: unknown): string | undefined {
  let left = MOST_ITEMS;
  try {
    return JSON.stringify(value, (_, one: unknown) => {
      if (left-- < 0) throw new RangeError();
      return one;
    });
  } catch {
    return undefined;
  }
}

function isEqual(a: unknown, b: unknown): boolean | undefined {
  const [one, other] = [fingerprint(a), fingerprint(b)];
  return one === undefined || other === undefined ? undefined : one === other;
}

function numbers(
  [a, b]: readonly unknown[],
  work: (a: number, b: number) => number | boolean,
): number | boolean | undefined {
  return typeof a === 'number' && typeof b === 'number' ? work(a, b) : undefined;
}

/** Where in a text, whatever its case, or in a list something is; -1 where it is not in it. */
function placeOf(
  value: unknown,
  one: unknown,
  look: (list: string | unknown[], item: string) => number,
): number | undefined {
  if (isText(value)) return isText(one) ? look(value.toLowerCase(), one.toLowerCase()) : undefined;
  const text = fingerprint(one);
  const texts = Array.isArray(value) ? value.map(fingerprint) : undefined;
  return text === undefined || !texts || texts.includes(undefined) ? undefined : look(texts, text);
}

/** The least or the greatest of some numbers, which may be in a list. */
function extreme(given: readonly unknown[], pick: (...all: number[]) => number): number | undefined {
  const [first] = given;
  const all: readonly unknown[] = given.length === 1 && Array.isArray(first) ? first : given;
  const found = all.filter((one) => typeof one === 'number');
  return found.length > 0 && found.length === all.length ? found.reduce((a, b) => pick(a, b)) : undefined;
}

/** Functions that depend on nothing but what they are given, by their names in lower case. */
const FUNCTIONS: Readonly<Record<string, (given: readonly unknown[]) => unknown>> = {
  concat: (given) => (given.every(Array.isArray) ? given.flat() : asTexts(given)?.join('')),
  format([pattern, ...values]) {
    const texts = asTexts(values);
    // `{0:N2}` writes a number in another way, and `{{` stands for `{`: neither is in a name.
    if (!isText(pattern) || !texts || /\{\d+[^\d}]|\{\{|\}\}/.test(pattern)) return undefined;
    return pattern.replace(/\{(\d{1,3})\}/g, (all, index) => texts[Number(index)] ?? all);
  },
  string([value]) {
    return typeof value === 'boolean' ? (value ? 'True' : 'False') : asText(value);
  },
  int([value]) {
    return /^-?\d{1,15}$/.test(asText(value) ?? '') ? Number(value) : undefined;
  },
  tolower: ([value]) => (isText(value) ? value.toLowerCase() : undefined),
  toupper: ([value]) => (isText(value) ? value.toUpperCase() : undefined),
  trim: ([value]) => (isText(value) ? value.trim() : undefined),
  replace: ([value, old, next]) =>
    isText(value) && isText(old) && isText(next) && old !== '' ? value.replaceAll(old, next) : undefined,
  substring: ([value, start, length]) =>
    isText(value) &&
    typeof start === 'number' &&
    start >= 0 &&
    (length === undefined || typeof length === 'number')
      ? value.slice(start, length === undefined ? undefined : start + length)
      : undefined,
  split([value, by]) {
    const marks = Array.isArray(by) ? by : [by];
    if (!isText(value) || !marks.every((one) => isText(one) && one !== '')) return undefined;
    return marks.reduce<string[]>((parts, mark) => parts.flatMap((one) => one.split(mark)), [value]);
  },
  join: ([list, by]) => (Array.isArray(list) && isText(by) ? asTexts(list)?.join(by) : undefined),
  startswith: ([value, start]) =>
    isText(value) && isText(start) ? value.toLowerCase().startsWith(start.toLowerCase()) : undefined,
  endswith: ([value, end]) =>
    isText(value) && isText(end) ? value.toLowerCase().endsWith(end.toLowerCase()) : undefined,
  padleft: ([value, width, mark = ' ']) =>
    typeof width === 'number' && width <= MOST_LENGTH && isText(mark)
      ? asText(value)?.padStart(width, mark)
      : undefined,
  length([value]) {
    if (isText(value)) return value.length;
    return typeof value === 'object' && value !== null ? Object.keys(value).length : undefined;
  },
  empty: ([value]) => isEmpty(value),
  first: ([value]) => (isText(value) || Array.isArray(value) ? value[0] : undefined),
  last: ([value]) => (isText(value) || Array.isArray(value) ? value[value.length - 1] : undefined),
  take: ([value, count]) => (typeof count === 'number' ? part(value, 0, Math.max(0, count)) : undefined),
  skip: ([value, count]) => (typeof count === 'number' ? part(value, Math.max(0, count)) : undefined),
  contains([value, one]) {
    if (isText(value)) return isText(one) ? value.includes(one) : undefined;
    if (Array.isArray(value)) {
      const all = value.map((item) => isEqual(item, one));
      return all.includes(true) || (all.includes(undefined) ? undefined : false);
    }
    return typeof value === 'object' && value !== null && isText(one)
      ? Object.keys(value).some((key) => key.toLowerCase() === one.toLowerCase())
      : undefined;
  },
  union(given) {
    if (given.every(Array.isArray)) {
      const seen = new Map<string | undefined, unknown>();
      for (const one of given.flat()) {
        const text = fingerprint(one);
        if (!seen.has(text)) seen.set(text, one);
      }
      return seen.has(undefined) ? undefined : [...seen.values()];
    }
    const isAll = given.every((one) => typeof one === 'object' && one !== null && !Array.isArray(one));
    return isAll ? Object.assign({}, ...given) : undefined;
  },
  intersection([head, ...rest]) {
    if (!Array.isArray(head) || !rest.every(Array.isArray)) return undefined;
    const [own, ...others] = [head, ...rest].map((list) => list.map(fingerprint));
    if (!own || [own, ...others].some((list) => list.includes(undefined))) return undefined;
    const sets = others.map((list) => new Set(list));
    return head.filter(
      (_, index) => own.indexOf(own[index]) === index && sets.every((one) => one.has(own[index])),
    );
  },
  indexof: ([value, one]) => placeOf(value, one, (list, item) => list.indexOf(item)),
  lastindexof: ([value, one]) => placeOf(value, one, (list, item) => list.lastIndexOf(item)),
  min: (given) => extreme(given, Math.min),
  max: (given) => extreme(given, Math.max),
  array: ([value]) => (Array.isArray(value) ? value : [value]),
  flatten: ([list]) => (Array.isArray(list) && list.every(Array.isArray) ? list.flat() : undefined),
  createarray: (given) => given,
  createobject: (given) =>
    given.length % 2 === 0 && given.every((one, index) => index % 2 === 1 || isText(one))
      ? Object.fromEntries(given.flatMap((one, index) => (index % 2 ? [] : [[one, given[index + 1]]])))
      : undefined,
  range: ([start, count]) =>
    typeof start === 'number' && typeof count === 'number' && count >= 0 && count <= MOST_ITEMS
      ? Array.from({ length: count }, (_, index) => start + index)
      : undefined,
  add: (given) => numbers(given, (a, b) => a + b),
  sub: (given) => numbers(given, (a, b) => a - b),
  mul: (given) => numbers(given, (a, b) => a * b),
  div: ([a, b]) => (b === 0 ? undefined : numbers([a, b], (one, other) => Math.trunc(one / other))),
  mod: ([a, b]) => (b === 0 ? undefined : numbers([a, b], (one, other) => one % other)),
  true: () => true,
  false: () => false,
  bool([value]) {
    const word = typeof value === 'boolean' ? value : String(value).toLowerCase();
    return word === true || word === 'true' ? true : word === false || word === 'false' ? false : undefined;
  },
  not: ([value]) => (typeof value === 'boolean' ? !value : undefined),
  and: (given) => (given.every((one) => typeof one === 'boolean') ? given.every(Boolean) : undefined),
  or: (given) => (given.every((one) => typeof one === 'boolean') ? given.some(Boolean) : undefined),
  coalesce: (given) => given.find((one) => one !== null),
  null: () => null,
  equals: ([a, b]) => isEqual(a, b),
  less: (given) => numbers(given, (a, b) => a < b),
  lessorequals: (given) => numbers(given, (a, b) => a <= b),
  greater: (given) => numbers(given, (a, b) => a > b),
  greaterorequals: (given) => numbers(given, (a, b) => a >= b),
  /** The identity within a resource group: `microsoft.network/…/NAME`. */
  resourceid(given) {
    const texts = asTexts(given);
    const at = texts?.findIndex((one) => one.includes('/')) ?? -1;
    const type = texts?.[at];
    if (!texts || type === undefined) return undefined;
    const [provider = '', ...kinds] = type.split('/');
    const names = texts.slice(at + 1);
    if (kinds.length !== names.length) return undefined;
    return `/providers/${[provider, ...kinds.flatMap((kind, index) => [kind, names[index] ?? ''])].join('/')}`;
  },
};
