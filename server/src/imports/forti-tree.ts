// A configuration of FortiOS as tables: `config`, `edit`, `set`, `next`, `end`.

/** What is between `config` or `edit` and its end. */
export interface ConfigSection {
  /** The words of each `set`, the last one of a name; `append` adds to them. */
  readonly values: Map<string, readonly string[]>;
  /** Entries of `edit` in order. */
  entries: Map<string, ConfigSection>;
  /** By the words after `config`. */
  readonly tables: Map<string, ConfigSection>;
}

const newSection = (): ConfigSection => ({ values: new Map(), entries: new Map(), tables: new Map() });

/** The section below some tables; undefined where one is missing. */
export function tableOf(
  section: ConfigSection | undefined,
  name: string,
): ReadonlyMap<string, ConfigSection> {
  return section?.tables.get(name)?.entries ?? new Map();
}

/** Sections in sections are read so deep. */
const MOST_NESTED = 50;

/** Entries that are looked through for names that changed, in all. */
const MOST_LOOKS = 2_000_000;

/** Reads a whole configuration. What belongs to nothing is passed by. */
export function parseForti(text: string): ConfigSection {
  const root = newSection();
  const path: {
    readonly section: ConfigSection;
    readonly kind: 'config' | 'edit';
    readonly name: string;
    readonly saved: number;
  }[] = [];
  /** How to take back what is not saved yet, in order: `abort` does so. Commands for a table are done at once. */
  const unsaved: (() => void)[] = [];
  let deep = 0;
  const work = { left: MOST_LOOKS };
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
        path.push({ section, kind: 'config', name, saved: unsaved.length });
        break;
      }
      case 'edit': {
        const key = first === '0' ? unused(at.entries) : first;
        const saved = unsaved.length;
        const section = at.entries.get(key) ?? newSection();
        if (!at.entries.has(key)) {
          at.entries.set(key, section);
          unsaved.push(() => at.entries.delete(key));
        }
        path.push({ section, kind: 'edit', name: first, saved });
        break;
      }
      case 'next':
        if (path[path.length - 1]?.kind === 'edit') path.pop();
        save();
        break;
      case 'abort':
        for (const take of unsaved.splice(path[path.length - 1]?.saved ?? 0).reverse()) take();
        leave();
        break;
      case 'end':
        leave();
        save();
        break;
      case 'set':
        put(at.values, first, rest.slice(1));
        break;
      case 'append':
        put(at.values, first, [...(at.values.get(first) ?? []), ...rest.slice(1)]);
        break;
      case 'unselect':
        put(
          at.values,
          first,
          (at.values.get(first) ?? []).filter((one) => !rest.slice(1).includes(one)),
        );
        break;
      case 'unset':
        put(at.values, first, undefined);
        break;
      case 'delete':
        at.entries.delete(first);
        break;
      case 'purge':
        at.entries.clear();
        break;
      case 'rename': {
        const entry = at.entries.get(first);
        if (entry && second === 'to' && !at.entries.has(third)) {
          at.entries = new Map([...at.entries].map(([name, one]) => [name === first ? third : name, one]));
          renamed(root, path[path.length - 1]?.name ?? '', first, third, work);
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

  function leave(): void {
    if (path[path.length - 1]?.kind === 'edit') path.pop();
    path.pop();
  }

  /** What is within an entry is saved with it. */
  function save(): void {
    if (!path.some(({ kind }) => kind === 'edit')) unsaved.length = 0;
  }

  function put(values: ConfigSection['values'], name: string, words: readonly string[] | undefined): void {
    const before = values.get(name);
    unsaved.push(() => write(values, name, before));
    write(values, name, words);
  }
}

function write(values: ConfigSection['values'], name: string, words: readonly string[] | undefined): void {
  if (words) values.set(name, words);
  else values.delete(name);
}

/**
 * A key for `edit 0`, which always begins a new entry. The number that the device gives it depends on what the device
 * has already, so that none is taken that the text may name as well.
 */
function unused(entries: ReadonlyMap<string, ConfigSection>): string {
  let number = entries.size + 1;
  while (number > 1 && entries.has(`0 (${number})`)) number++;
  return number === 1 ? '0' : `0 (${number})`;
}

/** By the tables of what is renamed: keys that name it, and tables of groups that have it as member. */
const REFERENCES: readonly {
  readonly of: RegExp;
  readonly keys: readonly string[];
  readonly groups: RegExp;
}[] = [
  {
    of: /^firewall (?:address|addrgrp|vip|vipgrp)6?$/,
    keys: ['srcaddr', 'dstaddr', 'srcaddr6', 'dstaddr6'],
    groups: /^firewall (?:addrgrp|vipgrp)6?$/,
  },
  { of: /^firewall service /, keys: ['service'], groups: /^firewall service group$/ },
  { of: /^firewall schedule /, keys: ['schedule'], groups: /^firewall schedule group$/ },
  { of: /^system (?:zone|interface)$/, keys: ['srcintf', 'dstintf', 'interface'], groups: /^$/ },
];

/** What names an entry follows its new name. */
function renamed(root: ConfigSection, kind: string, old: string, next: string, work: { left: number }): void {
  const found = REFERENCES.find(({ of }) => of.test(kind));
  if (found) visit(root, '');

  function visit(section: ConfigSection, name: string): void {
    if (!found || work.left-- < 0) return;
    const keys = found.groups.test(name) ? ['member', 'exclude-member', ...found.keys] : found.keys;
    for (const key of keys) {
      const words = section.values.get(key);
      if (!words?.includes(old)) continue;
      section.values.set(
        key,
        words.map((one) => (one === old ? next : one)),
      );
    }
    for (const entry of section.entries.values()) visit(entry, name);
    for (const [inner, one] of section.tables) visit(one, inner);
  }
}

/** `move 5 before 1`. */
function moved(
  entries: Map<string, ConfigSection>,
  name: string,
  where: string,
  other: string,
): Map<string, ConfigSection> {
  const entry = entries.get(name);
  if (!entry || !entries.has(other) || name === other) return entries;
  const next = new Map<string, ConfigSection>();
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
