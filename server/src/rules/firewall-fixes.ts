// Fixes that add a rule to a firewall.
import type { Endpoint } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { NO_PORTS, type PortSet, portTexts } from '../reach/ports.ts';
import { ECHO } from '../reach/reach.ts';
import type { Node, Pair, SeqNode, TextTree } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';
import type { Firewall, FirewallRule } from '../topology/model.ts';
import { insertKey, lineBreak } from './edits.ts';
import { clearLines, listText } from './narrow.ts';
import type { RuleContext, TextEdit } from './rule.ts';
import { overtakenBy, type Planned } from './shadowed.ts';

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

/** The rule as one line of a topology file. */
function openingText({ from, to, tcp = [], udp = [], icmp }: Opening): string {
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
 * Adds rules to a firewall, above the first of the rules that deny the traffic so far, or at the end of its list.
 * Rules that would never decide below the new ones go; their comments stay.
 * @param deniers undefined among them stands for no rule
 * @returns no edit where there is no place for it
 */
export function addRules(
  context: RuleContext,
  firewall: Firewall,
  openings: readonly Opening[],
  deniers: Iterable<FirewallRule | undefined>,
): readonly TextEdit[] {
  const { tree } = context;
  const { node, rules } = firewall;
  const pair = node && entries(node).find(({ name }) => name === 'rules')?.pair;
  const texts = openings.map(openingText);
  if (texts.length === 0 || !node) return [];
  const list = pair && resolve(pair.value);
  if (!pair) {
    const value = node.flow ? `[${texts.join(', ')}]` : texts.map((text) => `\n  - ${text}`).join('');
    const edit = insertKey(tree, { map: node }, 'rules', value);
    return edit ? [edit] : [];
  }
  if (list?.kind !== 'seq') return emptyValue(pair, texts);
  if (list.items.length === 0) return [{ span: list.span, newText: `[${texts.join(', ')}]` }];
  const positions = [...deniers].flatMap((rule) => (rule ? [rules.indexOf(rule)] : []));
  const position = Math.min(rules.length, ...positions);
  const gone = overtakenBy(openings.map(planned), firewall, position, context);
  const before = rules[position];
  if (list.flow && before && gone.includes(before)) {
    const edits = gone.flatMap((rule) => (rule === before ? [] : removeRule(tree, firewall, rule)));
    return [{ span: before.node.span, newText: texts.join(', ') }, ...edits];
  }
  return [
    ...intoList(tree, list, texts, before),
    ...gone.flatMap((rule) => (list.flow ? removeRule(tree, firewall, rule) : clearRule(tree, list, rule))),
  ];
}

function planned({ from, to, tcp = NO_PORTS, udp = NO_PORTS, icmp }: Opening): Planned {
  return { from, to, ports: { tcp, udp, icmp: icmp ? ECHO : NO_PORTS } };
}

/** Takes a rule out of a list in block style and leaves its comments. */
function clearRule(tree: TextTree, list: SeqNode, { node }: FirewallRule): readonly TextEdit[] {
  const item = list.items.find((one) => resolve(one) === node);
  // Other places may use the text by its anchor.
  if (!item || item.anchor || hasAnchorIn(tree, item)) return [];
  const { start } = tree.lines.span(tree.lines.positionAt(startOf(item)).line);
  const dash = /^[ \t]*-[ \t]+$/.exec(tree.text.slice(start, startOf(item)))?.[0];
  if (dash === undefined) return [];
  return clearLines(tree, { start: start + dash.indexOf('-'), end: endOf(tree, item) });
}

function hasAnchorIn({ text }: TextTree, { span }: Node): boolean {
  return /(?:^|[\s[{,:])&\S/.test(text.slice(span.start, span.end));
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
  const first = firstLine(tree, line);
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

/** A rule as messages call it: by its name, else by its place in the list. */
export function ruleName(rule: FirewallRule, { rules }: Firewall): string {
  return rule.name ? t("rule '{0}'", rule.name.value) : t('rule {0}', rules.indexOf(rule) + 1);
}

/** At the beginning of a sentence. */
export function capital(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** Takes a rule out of its firewall: in block style its lines with the comments right above, in flow style one comma. */
export function removeRule(tree: TextTree, { node }: Firewall, rule: FirewallRule): readonly TextEdit[] {
  const pair = node && entries(node).find(({ name }) => name === 'rules')?.pair;
  const list = pair && resolve(pair.value);
  if (list?.kind !== 'seq') return [];
  const index = list.items.findIndex((item) => resolve(item) === rule.node);
  const item = list.items[index];
  // Other places may use the text by its anchor.
  if (!item || item.anchor || hasAnchorIn(tree, item)) return [];
  const next = list.items[index + 1];
  const previous = list.items[index - 1];
  if (list.flow) {
    if (next) return [{ span: { start: startOf(item), end: startOf(next) }, newText: '' }];
    return [
      {
        span: { start: previous ? endOf(tree, previous) : startOf(item), end: endOf(tree, item) },
        newText: '',
      },
    ];
  }
  const { lines, text } = tree;
  const first = firstLine(tree, lines.positionAt(startOf(item)).line);
  const last = lines.positionAt(endOf(tree, item)).line;
  const start = lines.span(first).start;
  const dash = text.slice(lines.span(lines.positionAt(startOf(item)).line).start, startOf(item));
  if (!/^[ \t]*-[ \t]+$/.test(dash)) return [];
  if (last + 1 < lines.count) return [{ span: { start, end: lines.span(last + 1).start }, newText: '' }];
  return [{ span: { start: first > 0 ? lines.span(first - 1).end : 0, end: text.length }, newText: '' }];
}

/** The first of the lines that belong to an item of a list: a comment right above it speaks of it. */
function firstLine({ lines, text }: TextTree, line: number): number {
  const span = lines.span(line);
  const indent = /^[ \t]*/.exec(text.slice(span.start, span.end))?.[0].length;
  let first = line;
  while (first > 0) {
    const above = lines.span(first - 1);
    const comment = /^([ \t]*)#/.exec(text.slice(above.start, above.end));
    if (comment?.[1]?.length !== indent) break;
    first--;
  }
  return first;
}
