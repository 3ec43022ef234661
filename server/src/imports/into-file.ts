// The rules of a real firewall as edits of a topology file: a new entry, or the rules of one that is there.
import { hasAnchor, insertLines, lineBreak, removePair, replacePair } from '../edits/map-edits.ts';
import type { TextEdit } from '../edits/text-edit.ts';
import { t } from '../l10n.ts';
import { sectionPair } from '../rules/sections.ts';
import type { MapNode, Pair, TextTree } from '../text/tree.ts';
import { keyScalar, ownPair } from '../text/values.ts';
import type { Firewall, Topology } from '../topology/model.ts';
import { type EntryOptions, type ImportedSection, type ImportedSections, importedSections } from './entry.ts';
import type { ImportedFirewall, Words } from './model.ts';
import { zonesOfFirewall } from './replace.ts';

/** What an import does to a file. */
export interface FileImport extends Pick<ImportedSections, 'gaps' | 'rules' | 'unmapped'> {
  readonly edits: readonly TextEdit[];
  /** The entries of `firewalls:` that have the rules. */
  readonly names: readonly string[];
}

/** Why a file has no place for an import, as one sentence. */
export interface NoPlace {
  readonly problem: string;
}

/** Every entry as a new one, and the groups that its rules name. */
export function newEntries(
  topology: Topology,
  firewalls: readonly ImportedFirewall[],
  place: EntryOptions,
  words: Words,
): FileImport | NoPlace {
  const { sections, ...found } = importedSections(firewalls, place, words);
  const edits = sectionEdits(topology.tree, sections);
  return 'problem' in edits ? edits : { ...found, edits };
}

/**
 * The rules in the place of those of a firewall of the file, of which everything else stays; a mark that its rules are
 * still to be written goes.
 */
export function replacedRules(
  topology: Topology,
  firewall: Firewall,
  imported: ImportedFirewall,
  words: Words,
): FileImport | NoPlace {
  const { tree } = topology;
  const place: EntryOptions = {
    zones: zonesOfFirewall(firewall),
    inside: undefined,
    name: undefined,
    hosts: firewall.hosts.map(({ value }) => value),
    head: [],
  };
  const { sections, ...found } = importedSections([imported], place, words);
  const lines = sections.find(({ key }) => key === 'firewalls')?.lines ?? [];
  const from = lines.findIndex((line) => line.startsWith('    rules:'));
  const rules = lines.slice(from).map((line) => line.slice(4));
  const outbound = lines.includes('    outbound: deny');
  const section = sectionPair(tree, 'firewalls')?.value;
  const pair = section?.kind === 'map' ? ownPair(section, firewall.name) : undefined;
  const map = pair?.value;
  if (pair === undefined || map?.kind !== 'map' || hasAnchor(tree, pair.span))
    return {
      problem: t(
        'Other places use parts of the firewall {0}: no other rules can take the place of its own.',
        firewall.name,
      ),
    };
  const groups = sectionEdits(
    tree,
    sections.filter(({ key }) => key !== 'firewalls'),
  );
  if ('problem' in groups) return groups;
  const own =
    section?.kind === 'map' && section.flow
      ? undefined
      : map.flow
        ? [rewritten(tree, pair, map, rules, outbound)]
        : blockEdits(tree, map, rules, outbound);
  if (own === undefined) return flowProblem('firewalls');
  return { ...found, names: [firewall.name], edits: [...groups, ...own] };
}

function blockEdits(
  tree: TextTree,
  map: MapNode,
  rules: readonly string[],
  outbound: boolean,
): readonly TextEdit[] | undefined {
  const old = ownPair(map, 'rules');
  const planned = ownPair(map, 'planned');
  const written = ownPair(map, 'outbound');
  const first = old ? replacePair(tree, old, rules) : insertLines(tree, { map }, rules);
  const gone = planned && removePair(tree, map, planned);
  if (first === undefined) return undefined;
  const edits = [first, ...(gone ? [gone] : [])];
  if (written && !outbound) {
    const edit = removePair(tree, map, written);
    if (edit) edits.push(edit);
  } else if (outbound && written) {
    edits.push(replacePair(tree, written, ['outbound: deny']));
  } else if (outbound) {
    const [start] = map.pairs;
    const edit = start && insertBefore(tree, start, 'outbound: deny');
    if (edit) edits.push(edit);
  }
  return edits;
}

function insertBefore(tree: TextTree, { span: { start } }: Pair, line: string): TextEdit {
  const { start: lineStart } = tree.lines.span(tree.lines.positionAt(start).line);
  const indent = tree.text.slice(lineStart, start).replace(/\S/g, ' ');
  return { span: { start, end: start }, newText: `${line}${lineBreak(tree)}${indent}` };
}

/** An entry in flow style on lines of its own: its other keys as they are, then the rules. */
function rewritten(
  tree: TextTree,
  pair: Pair,
  map: MapNode,
  rules: readonly string[],
  outbound: boolean,
): TextEdit {
  const left = map.pairs.filter((one) => !REPLACED.has(keyScalar(one)?.text ?? ''));
  const texts = left.map(({ key, value, span }) =>
    tree.text
      .slice(span.start, Math.max(span.end, value.span.end, key.span.end))
      .split(/[\r\n]+/)
      .map((line) => line.trim())
      .join(' ')
      .trim(),
  );
  const key = tree.text.slice(pair.key.span.start, pair.key.span.end);
  const own = [...texts, ...(outbound ? ['outbound: deny'] : []), ...rules];
  return replacePair(tree, pair, [`${key}:`, ...own.map((line) => `  ${line}`)]);
}

const REPLACED: ReadonlySet<string> = new Set(['rules', 'outbound', 'planned']);

/** Puts entries behind those that the sections of a file have, and whole sections at its end. */
function sectionEdits(tree: TextTree, sections: readonly ImportedSection[]): readonly TextEdit[] | NoPlace {
  const edits: TextEdit[] = [];
  const whole: string[] = [];
  for (const { key, lines } of sections) {
    const pair = sectionPair(tree, key);
    if (pair === undefined) {
      whole.push(...(isSpaced(tree) ? [''] : []), `${key}:`, ...lines);
      continue;
    }
    const own = lines.map((line) => line.slice(2));
    const { value } = pair;
    const isEmpty = value.kind === 'map' && value.flow && value.pairs.length === 0;
    const edit = isEmpty
      ? replacePair(tree, pair, [`${key}:`, ...lines])
      : insertLines(tree, value.kind === 'map' ? { map: value } : { holder: pair }, own);
    if (edit === undefined) return flowProblem(key);
    edits.push(edit);
  }
  if (whole.length > 0) {
    const { root } = tree;
    const edit = insertLines(tree, root?.kind === 'map' ? { map: root } : {}, whole);
    if (edit === undefined) return flowProblem('firewalls');
    edits.push(edit);
  }
  return edits;
}

/** Whether empty lines are between the sections. */
function isSpaced({ root, text, lines }: TextTree): boolean {
  if (root?.kind !== 'map') return false;
  return root.pairs.slice(1).some(({ span }) => {
    const above = lines.span(Math.max(0, lines.positionAt(span.start).line - 1));
    return text.slice(above.start, above.end).trim() === '';
  });
}

function flowProblem(section: string): NoPlace {
  return {
    problem: t(
      'The section {0} is in braces, which cannot contain comments: first put its entries on separate lines.',
      section,
    ),
  };
}
