// Fixes that add a rule to a firewall.
import type { Endpoint } from '../flows/flow.ts';
import { type PortSet, portTexts } from '../reach/ports.ts';
import type { Node, Pair, SeqNode, TextTree } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';
import type { Firewall, FirewallRule } from '../topology/model.ts';
import { insertKey, lineBreak } from './edits.ts';
import type { TextEdit } from './rule.ts';

/** Traffic to let through; nothing of a protocol where its ports are empty. */
export interface Opening {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp?: PortSet;
  readonly udp?: PortSet;
  readonly icmp?: boolean;
}

/** A machine as a rule names it: what is outside the file by the zone that it is in. */
export function endName({ kind, name, zone }: Endpoint): string {
  return kind === 'cloud' && zone !== undefined ? zone : name;
}

function listText(items: readonly string[]): string {
  return items.length === 1 ? (items[0] ?? '') : `[${items.join(', ')}]`;
}

/** The rule as one line of a topology file. */
export function openingText({ from, to, tcp = [], udp = [], icmp }: Opening): string {
  const parts = [
    'action: allow',
    `from: ${listText(from)}`,
    `to: ${listText(to)}`,
    ...(tcp.length > 0 ? [`tcp: ${listText(portTexts(tcp))}`] : []),
    ...(udp.length > 0 ? [`udp: ${listText(portTexts(udp))}`] : []),
    ...(icmp ? ['icmp: true'] : []),
  ];
  return `{ ${parts.join(', ')} }`;
}

/**
 * Adds rules to a firewall, above the rule that denies the traffic so far or at the end of its list.
 * @returns no edit where there is no place for it
 */
export function addRules(
  tree: TextTree,
  firewall: Firewall,
  openings: readonly Opening[],
  before?: FirewallRule,
): readonly TextEdit[] {
  const { node } = firewall;
  const pair = node && entries(node).find(({ name }) => name === 'rules')?.pair;
  const texts = openings.map(openingText);
  if (texts.length === 0 || !node) return [];
  const list = pair && resolve(pair.value);
  if (!pair) {
    const value = node.flow ? `[${texts.join(', ')}]` : texts.map((text) => `\n  - ${text}`).join('');
    const edit = insertKey(tree, { map: node }, 'rules', value);
    return edit ? [edit] : [];
  }
  if (list?.kind === 'seq' && list.items.length > 0) return intoList(tree, list, texts, before);
  if (list?.kind === 'seq') return [{ span: list.span, newText: `[${texts.join(', ')}]` }];
  return emptyValue(pair, texts);
}

function emptyValue({ value }: Pair, texts: readonly string[]): readonly TextEdit[] {
  if (value.kind !== 'scalar' || value.anchor || value.tag) return [];
  const { span } = value;
  const list = `[${texts.join(', ')}]`;
  return [{ span, newText: span.end > span.start ? list : ` ${list}` }];
}

function intoList(
  tree: TextTree,
  list: SeqNode,
  texts: readonly string[],
  before: FirewallRule | undefined,
): readonly TextEdit[] {
  const next = before && list.items.find((item) => resolve(item) === before.node);
  const last = list.items.at(-1);
  if (!last) return [];
  if (list.flow) {
    if (next) {
      const at = startOf(next);
      return [{ span: { start: at, end: at }, newText: texts.map((text) => `${text}, `).join('') }];
    }
    const at = endOf(tree, last);
    return [{ span: { start: at, end: at }, newText: texts.map((text) => `, ${text}`).join('') }];
  }
  const { lines, text } = tree;
  const place = next ?? last;
  const line = lines.positionAt(startOf(place)).line;
  const { start } = lines.span(line);
  const dash = /^(?:\uFEFF)?([ \t]*-[ \t]+)/.exec(text.slice(start, startOf(place)))?.[1];
  if (dash === undefined) return [];
  const nl = lineBreak(tree);
  const indent = dash.indexOf('-');
  const entries = (join: (entry: string) => string) =>
    texts.map((entry) => join(`${' '.repeat(indent)}- ${entry}`)).join('');
  if (!next) {
    const { end } = lines.span(lines.positionAt(endOf(tree, last)).line);
    return [{ span: { start: end, end }, newText: entries((entry) => `${nl}${entry}`) }];
  }
  // A comment right above a rule speaks of that rule.
  let first = line;
  while (first > 0) {
    const above = lines.span(first - 1);
    const comment = /^([ \t]*)#/.exec(text.slice(above.start, above.end));
    if (comment?.[1]?.length !== indent) break;
    first--;
  }
  const at = lines.span(first).start;
  return [{ span: { start: at, end: at }, newText: entries((entry) => `${entry}${nl}`) }];
}

function startOf(node: Node): number {
  return Math.min(
    node.span.start,
    node.anchor?.span.start ?? node.span.start,
    node.tag?.span.start ?? node.span.start,
  );
}

/** Where a node's text ends: a block map may reach over the line breaks behind it. */
function endOf({ text }: TextTree, { span }: Node): number {
  let { end } = span;
  while (end > span.start && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}
