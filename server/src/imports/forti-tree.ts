// A configuration of FortiOS as tables: `config`, `edit`, `set`, `next`, `end`.

/** What is between `config` or `edit` and its end. */
export interface Section {
  /** The words of each `set`, the last one of a name; `append` adds to them. */
  readonly values: Map<string, readonly string[]>;
  /** Entries of `edit` in order. */
  entries: Map<string, Section>;
  /** By the words after `config`. */
  readonly tables: Map<string, Section>;
}

const newSection = (): Section => ({ values: new Map(), entries: new Map(), tables: new Map() });

/** The section below some tables; undefined where one is missing. */
export function table(section: Section | undefined, name: string): ReadonlyMap<string, Section> {
  return section?.tables.get(name)?.entries ?? new Map();
}

/** Sections in sections are read so deep. */
const MOST_NESTED = 50;

/** Reads a whole configuration. What belongs to nothing is passed by. */
export function parseForti(text: string): Section {
  const root = newSection();
  const path: { readonly section: Section; readonly kind: 'config' | 'edit' }[] = [];
  let deep = 0;
  for (const [verb = '', ...rest] of lines(text)) {
    const at = path[path.length - 1]?.section ?? root;
    const [first = '', second = '', third = ''] = rest;
    if (deep > 0) {
      if (verb === 'config') deep++;
      else if (verb === 'end') deep--;
      continue;
    }
    switch (verb) {
      case 'config': {
        if (path.length > MOST_NESTED) {
          deep = 1;
          break;
        }
        const name = rest.join(' ');
        const section = at.tables.get(name) ?? newSection();
        at.tables.set(name, section);
        path.push({ section, kind: 'config' });
        break;
      }
      case 'edit': {
        const section = at.entries.get(first) ?? newSection();
        // `edit 0` takes the next free number.
        at.entries.set(first === '0' ? free(at.entries) : first, section);
        path.push({ section, kind: 'edit' });
        break;
      }
      case 'next':
        if (path[path.length - 1]?.kind === 'edit') path.pop();
        break;
      case 'end':
      case 'abort': {
        if (path[path.length - 1]?.kind === 'edit') path.pop();
        path.pop();
        break;
      }
      case 'set':
        at.values.set(first, rest.slice(1));
        break;
      case 'append':
        at.values.set(first, [...(at.values.get(first) ?? []), ...rest.slice(1)]);
        break;
      case 'unselect':
        at.values.set(
          first,
          (at.values.get(first) ?? []).filter((one) => !rest.slice(1).includes(one)),
        );
        break;
      case 'unset':
        at.values.delete(first);
        break;
      case 'delete':
        at.entries.delete(first);
        break;
      case 'purge':
        at.entries.clear();
        break;
      case 'rename': {
        const entry = at.entries.get(first);
        if (entry && second === 'to') {
          at.entries = new Map([...at.entries].map(([name, one]) => [name === first ? third : name, one]));
        }
        break;
      }
      case 'clone': {
        const entry = at.entries.get(first);
        if (entry && second === 'to') {
          at.entries.set(third, {
            values: new Map(entry.values),
            entries: new Map(entry.entries),
            tables: new Map(entry.tables),
          });
        }
        break;
      }
      case 'move':
        at.entries = moved(at.entries, first, second, third);
        break;
    }
  }
  return root;
}

function free(entries: ReadonlyMap<string, Section>): string {
  let number = entries.size + 1;
  while (entries.has(String(number))) number++;
  return String(number);
}

/** `move 5 before 1`. */
function moved(
  entries: Map<string, Section>,
  name: string,
  where: string,
  other: string,
): Map<string, Section> {
  const entry = entries.get(name);
  if (!entry || !entries.has(other) || name === other) return entries;
  const next = new Map<string, Section>();
  for (const [key, one] of entries) {
    if (key === name) continue;
    if (key === other && where === 'before') next.set(name, entry);
    next.set(key, one);
    if (key === other && where === 'after') next.set(name, entry);
  }
  return next;
}

/** The words of each line; quotation marks hold them together, also over line breaks. */
function* lines(text: string): Iterable<readonly string[]> {
  const pattern = /((?:"(?:[^"\\]|\\[\s\S])*(?:"|$)|'[^'\n]*'|\\[^\n]|[^\s"'\\])+)|(\n)/g;
  let words: string[] = [];
  let isComment = false;
  for (const [, word, end] of text.matchAll(pattern)) {
    if (end !== undefined) {
      if (words.length > 0) yield words;
      words = [];
      isComment = false;
      continue;
    }
    if (words.length === 0 && word?.startsWith('#')) isComment = true;
    if (!isComment && word !== undefined) words.push(plain(word));
  }
  if (words.length > 0) yield words;
}

function plain(word: string): string {
  return word.replace(
    /"((?:[^"\\]|\\[\s\S])*)(?:"|$)|'([^'\n]*)'|\\([\s\S])/g,
    (_, double?: string, single?: string, one?: string) =>
      double !== undefined ? double.replace(/\\([\s\S])/g, '$1') : (single ?? one ?? ''),
  );
}
