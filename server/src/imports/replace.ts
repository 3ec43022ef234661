// A topology in which one firewall has the rules of a real one, to judge them before they are installed.
import { distinct } from '../collections.ts';
import { hasAnchor, lineBreak, textEnd } from '../edits/map-edits.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { parseText } from '../text/parse.ts';
import type { MapNode, Node, TextTree } from '../text/tree.ts';
import { keyScalar, ownPair } from '../text/values.ts';
import type { Firewall, Topology } from '../topology/model.ts';
import { type ImportText, importedText } from './entry.ts';
import type { ImportedFirewall, Words } from './model.ts';
import { flat, newObjects } from './objects.ts';

/** The zones that a firewall joins, as written. */
export function zonesOfFirewall({ zones, between }: Firewall): readonly string[] {
  return distinct([...zones, ...between.flat()].map(({ value }) => value));
}

/**
 * The text of the file with the rules of `firewalls` in place of those of one of its own; everything else of its entry
 * stays. Where the device has several lists that traffic has to pass, further entries follow it. The text is for
 * reading, not for people: the entry is on one line.
 * @param words for the topology; see `wordsOf`
 * @returns the text, and what the rules could not say; no text where other places use parts of the entry
 */
export function withRulesOf(
  topology: Topology,
  firewall: Firewall,
  firewalls: readonly ImportedFirewall[],
  words: Words,
  inside?: string,
): Omit<ImportText, 'text'> & { readonly text: string | undefined } {
  const zones = zonesOfFirewall(firewall);
  const place = {
    zones,
    inside,
    name: undefined,
    hosts: firewall.hosts.map(({ value }) => value),
    head: [],
  };
  const { text: entries, ...found } = importedText(firewalls.map(withoutGroups), place, words);
  const { tree } = topology;
  const map = tree.root?.kind === 'map' ? ownPair(tree.root, 'firewalls')?.value : undefined;
  const pair = map?.kind === 'map' ? ownPair(map, firewall.name) : undefined;
  if (map?.kind !== 'map' || pair?.value.kind !== 'map' || hasAnchor(tree, pair.span))
    return { ...found, text: undefined };
  const rest = fieldsOf(tree, pair.value).filter(([name]) => name !== 'rules' && name !== 'outbound');
  const read = parseText(entries);
  const made = read.root?.kind === 'map' ? ownPair(read.root, 'firewalls')?.value : undefined;
  const names = new Set([...topology.firewalls.keys()]);
  const lines = (made?.kind === 'map' ? made.pairs : []).map(({ value }, index) => {
    const own = value.kind === 'map' ? fieldsOf(read, value) : [];
    const rules = own.filter(([name]) => name === 'rules' || name === 'outbound');
    const key = index === 0 ? sliceOf(tree, pair.key) : furtherName(firewall.name, names);
    return `${key}: { ${[...rest, ...rules].map(([name, text]) => `${name}: ${text}`).join(', ')} }`;
  });
  const start = pair.key.span.start;
  const { line } = tree.lines.positionAt(start);
  const indent = tree.text.slice(tree.lines.span(line).start, start).replace(/\S/g, ' ');
  const newText = lines.join(map.flow ? ', ' : `${lineBreak(tree)}${indent}`);
  const end = textEnd(tree, { start, end: Math.max(pair.span.end, pair.value.span.end) });
  return { ...found, text: applyEdits(tree.text, [{ span: { start, end }, newText }]) };
}

/** Rules that name addresses and ports themselves, so that no group has to be written. */
function withoutGroups(firewall: ImportedFirewall): ImportedFirewall {
  const objects = firewall.objects ?? newObjects();
  const { objects: _, ...rest } = firewall;
  return {
    ...rest,
    lists: firewall.lists.map((list) => ({
      ...list,
      steps: list.steps.map((step) => {
        if (step.kind !== 'rule') return step;
        const { from, to, services } = step.traffic;
        return {
          ...step,
          ports: undefined,
          traffic: { from: flat(from, objects), to: flat(to, objects), services },
        };
      }),
    })),
  };
}

function furtherName(name: string, taken: Set<string>): string {
  let number = 2;
  while (taken.has(`${name}-${number}`.toLowerCase())) number++;
  taken.add(`${name}-${number}`.toLowerCase());
  return JSON.stringify(`${name}-${number}`);
}

/** The pairs of a map as they go into flow style. */
function fieldsOf(tree: TextTree, map: MapNode): readonly (readonly [name: string, text: string])[] {
  return map.pairs.map((pair) => [
    keyScalar(pair)?.text ?? sliceOf(tree, pair.key),
    flowText(tree, pair.value),
  ]);
}

/** A value on one line, its scalars as they are written. */
function flowText(tree: TextTree, node: Node): string {
  if (node.kind === 'map') {
    const pairs = node.pairs.map(({ key, value }) => `${sliceOf(tree, key)}: ${flowText(tree, value)}`);
    return `{ ${pairs.join(', ')} }`;
  }
  if (node.kind === 'seq') return `[${node.items.map((item) => flowText(tree, item)).join(', ')}]`;
  return sliceOf(tree, node);
}

/** The text of a scalar. One over several lines, or with signs of flow style in it, is quoted. */
function sliceOf(tree: TextTree, node: Node): string {
  const text = tree.text.slice(node.span.start, node.span.end).trim();
  const isPlain = node.kind === 'scalar' && node.style === 'plain';
  if (node.kind === 'scalar' && (/[\r\n]/.test(text) || (isPlain && /[,[\]{}]/.test(text))))
    return JSON.stringify(node.text);
  return text;
}
