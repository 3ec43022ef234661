// What a rule can rely on: whether something of the file is written, absent, or unknown because a part of the text
// that may hold it could not be read.
// Invariant: a rule is silent where what it builds on is unknown; the mistake in the text has a finding of its own.
import { memo } from '../collections.ts';
import { nearWords } from '../text/near.ts';
import type { MapNode, Span, TextTree } from '../text/tree.ts';
import { entries, hasKey, isDamaged, resolve } from '../text/values.ts';
import { effectiveOs, rpcRange } from '../topology/effective.ts';
import { SECTIONS } from '../topology/format.ts';
import type { PortRange, ReferenceKind, Role, Server, Written } from '../topology/model.ts';
import type { CheckInput } from './rule.ts';
import { sectionPair } from './sections.ts';

/** What is known about a thing that a file may write. Only `absent` allows a rule to say that it is missing. */
export type Certainty = 'written' | 'absent' | 'unknown';

/** Where a file's text is, and what of it could not be read. */
type Read = Pick<CheckInput, 'tree' | 'topology'>;

/** Something whose keys are asked for: a server, a site, an instance, the options of a role, a `database`. */
export interface Owner {
  /** Undefined for `NAME:` with nothing after it. */
  readonly node: MapNode | undefined;
  /** A part of it could not be read, so that any key may have been there. */
  readonly damaged?: boolean;
}

/**
 * Whether a key is written: `unknown` where its value could not be read, where it is misspelt, or where a part of
 * its owner is lost.
 * @param value what the model has of it; undefined where it has nothing
 */
export function keyCertainty(read: Read, owner: Owner, name: string, value: unknown): Certainty {
  if (value !== undefined) return 'written';
  return owner.damaged || mayHave(read, owner.node, name) ? 'unknown' : 'absent';
}

/** Whether an option of a role is written. */
export function optionCertainty(read: Read, role: Role, name: string): Certainty {
  const owner = { node: role.options, damaged: role.server.damaged };
  return keyCertainty(read, owner, name, role.values.get(name));
}

/** Whether a key is written, own or merged, and everything below it was read: for maps and lists. */
export function blockCertainty(read: Read, owner: Owner, name: string): Certainty {
  const pair = owner.node && entries(owner.node).find((entry) => entry.name === name)?.pair;
  if (pair) return isReadSpan(read, pair.span) ? 'written' : 'unknown';
  return keyCertainty(read, owner, name, undefined);
}

/** Whether an entry of the file was read in full: its text, and for an alias the text that it stands for. */
export function isRead(read: Read, { span, node, damaged }: Owner & { readonly span: Span }): boolean {
  return !damaged && isReadSpan(read, span) && (!node || isReadSpan(read, node.span));
}

function isReadSpan({ tree, topology }: Read, span: Span): boolean {
  return (
    !isDamaged(tree, span) &&
    !topology.problems.some((problem) => problem.span.start >= span.start && problem.span.end <= span.end)
  );
}

/** Sections that few files have: damage that does not look like one of them says nothing about it. */
const SELDOM: ReadonlySet<ReferenceKind> = new Set(['address-group', 'port-group', 'boundary-group']);

/** Whether some word of a stretch of text is the name of a section, or near it. */
function mayNameSection({ text }: TextTree, { start, end }: Span, section: string): boolean {
  const words = text.slice(start, end).match(/[A-Za-z_-]+/g) ?? [];
  return nearWords(section, words).length > 0;
}

/**
 * Whether the names of a section are known: `written` where the section was read, `absent` where nothing looks
 * like it.
 */
export function sectionCertainty(
  kind: Exclude<ReferenceKind, 'instance'>,
  { tree, topology }: Read,
): Certainty {
  const section = SECTIONS[kind];
  const pair = sectionPair(tree, section);
  if (pair) {
    const value = resolve(pair.value);
    const isMap = value?.kind === 'map' || (value?.kind === 'scalar' && value.text === '');
    return isMap ? 'written' : 'unknown';
  }
  // Its line may be the damaged one. `server:` in place of `servers:` is reported as a key that the format does not have.
  const isLost = tree.damage.some(({ span }) => !SELDOM.has(kind) || mayNameSection(tree, span, section));
  if (isLost) return 'unknown';
  const isMisspelt = topology.problems.some(
    ({ code, node }) =>
      code === 'unknown-key' && node.kind === 'scalar' && nearWords(node.text, [section]).length > 0,
  );
  return isMisspelt ? 'unknown' : 'absent';
}

/** The operating system of a server; undefined also where its own could not be read. */
export function knownOs(server: Server, read: Read): Written<string> | undefined {
  return keyCertainty(read, server, 'os', server.os) === 'unknown'
    ? undefined
    : effectiveOs(server, read.topology);
}

/** The dynamic RPC range of a server; undefined also where its own could not be read. */
export function knownRpcRange(server: Server, read: Read): Written<PortRange> | undefined {
  return keyCertainty(read, server, 'rpcDynamicPorts', server.rpcDynamicPorts) === 'unknown'
    ? undefined
    : rpcRange(server, read.topology);
}

/** Answers whether one of some spans is within another, without going through all of them. */
function spanIndex(spans: readonly Span[]): (around: Span) => boolean {
  const sorted = [...spans].sort((a, b) => a.start - b.start);
  return ({ start, end }) => {
    let low = 0;
    let high = sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sorted[middle]?.start ?? 0) < start) low = middle + 1;
      else high = middle;
    }
    for (let at = low; at < sorted.length; at++) {
      const span = sorted[at];
      if (span === undefined || span.start > end) return false;
      if (span.end <= end) return true;
    }
    return false;
  };
}

/** Whether all of the file was read, without a mistake in it. */
export function isWhole({ tree, topology }: Read): boolean {
  return isWholeText(tree) && topology.problems.length === 0;
}

/** Whether all of the text is in the tree, once. */
function isWholeText({ damage, duplicateKeys, unknownAliases, extraDocuments }: TextTree): boolean {
  return [damage, duplicateKeys, unknownAliases, extraDocuments].every(({ length }) => length === 0);
}

/** The sections in which a mistake says nothing about what is in others. */
const OWN_MISTAKES = ['servers', 'clients', 'firewalls'] as const;

/**
 * Whether every mistake of a file is in a server, a client group or a firewall, and says nothing about what is not in it.
 * What has a mistake in it is another object in each version.
 */
export function areMistakesOwn(read: Read): boolean {
  return isWholeText(read.tree) && (read.topology.problems.length === 0 || areProblemsOwn(read));
}

const areProblemsOwn = memo(
  ({ tree, topology }: Read): boolean => {
    const sections = OWN_MISTAKES.flatMap((name) => sectionPair(tree, name) ?? []);
    const names = Object.values(SECTIONS);
    return topology.problems.every(
      ({ code, node, span: { start, end } }) =>
        sections.some(({ key, span }) => key.span.end <= start && end <= span.end) &&
        // It may be a section that is not where it belongs.
        !(code === 'unknown-key' && node.kind === 'scalar' && nearWords(node.text, names).length > 0),
    );
  },
  ({ topology }) => topology,
);

const NO_SERVERS: ReadonlySet<Server> = new Set();

/** The servers whose roles and instances could not all be read. */
export const unreadServers: (read: Read) => ReadonlySet<Server> = memo(
  (read) => {
    if (isWhole(read)) return NO_SERVERS;
    const { topology } = read;
    const problems = topology.problems.filter(
      ({ code }) => code === 'unknown-key' || code === 'wrong-type' || code === 'invalid-name',
    );
    const hasProblem = spanIndex(problems.map(({ span }) => span));
    return new Set(
      [...topology.servers.values()].filter(
        ({ damaged, span, node }) =>
          damaged || hasProblem(span) || (node !== undefined && hasProblem(node.span)),
      ),
    );
  },
  ({ topology }) => topology,
);

/**
 * Whether a word that nothing which was read defines is `absent`, or in a part of the text that was not read:
 * damaged, a duplicate key, a further document, a key that the format does not have. A word of a damaged line may be
 * the beginning of it.
 * @returns a question about one word after another; the text is looked at once
 */
export function nameCertainty({ tree, topology }: Read): (name: string) => Exclude<Certainty, 'written'> {
  const damaged = wordsOf(
    tree,
    // The whole lines: what is left of a damaged line is not to be trusted either.
    tree.damage.map(({ span }) => ({
      start: tree.lines.span(tree.lines.positionAt(span.start).line).start,
      end: tree.lines.span(tree.lines.positionAt(span.end).line).end,
    })),
  );
  const others = wordsOf(tree, [
    ...tree.duplicateKeys.map(({ later }) => later.span),
    ...tree.extraDocuments.slice(0, 1).map(({ start }) => ({ start, end: tree.text.length })),
    ...topology.problems.filter(({ code }) => code === 'unknown-key').map(({ span }) => span),
  ]);
  return (name) => {
    const word = name.toLowerCase();
    if (others.has(word)) return 'unknown';
    for (let length = word.length; length > 0; length--)
      if (damaged.has(word.slice(0, length))) return 'unknown';
    return 'absent';
  };
}

function wordsOf(tree: TextTree, spans: readonly Span[]): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { start, end } of spans) {
    for (const [word] of tree.text.slice(start, end).matchAll(/[A-Za-z0-9._-]+/g))
      words.add(word.toLowerCase());
  }
  return words;
}

/** Whether a key is in a map, readable or not, own or merged, or misspelt: then nobody can say that it is absent. */
function mayHave({ topology }: Read, map: MapNode | undefined, name: string): boolean {
  if (!map) return false;
  if (hasKey(map, name)) return true;
  // Looking for similar names is expensive, and there is seldom an unknown key.
  if (topology.problems.length === 0) return false;
  const unknown = topology.problems.filter(({ code }) => code === 'unknown-key');
  return (
    unknown.length > 0 &&
    entries(map).some((entry) => unknown.some(({ node }) => node === entry.key) && isNearly(entry.name, name))
  );
}

/** Misspelt, half typed, or with its value behind it: `{ ssl true }` and `{ port:1433 }` are keys as a whole. */
function isNearly(written: string, name: string): boolean {
  const word = written.split(/[ :]/, 1)[0] ?? '';
  return nearWords(word, [name]).length > 0 || (word !== '' && name.startsWith(word));
}
