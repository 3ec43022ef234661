// Fixes that add rules to a firewall or take one out, and how messages call a rule.

import { memo } from '../../collections.ts';
import {
  commentsAbove,
  dashBefore,
  fullStart,
  hasAnchor,
  indentStep,
  insertKey,
  isOwn,
  lineBreak,
  textEnd,
  wholeLines,
} from '../../edits/map-edits.ts';
import { clearLines, yamlList } from '../../edits/take-out.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { Endpoint } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { positionOf } from '../../reach/judge.ts';
import { NO_PORTS, type PortSet, portTexts } from '../../reach/ports.ts';
import { ECHO } from '../../reach/rule-ports.ts';
import type { Node, Pair, SeqNode, TextTree } from '../../text/tree.ts';
import { entries, resolve } from '../../text/values.ts';
import type { Firewall, FirewallRule } from '../../topology/model.ts';
import type { Fix, RuleContext } from '../rule.ts';
import { forbiddenOf } from './forbidden.ts';
import { rulesInBlock } from './rules-in-block.ts';
import { overtakenBy, type Planned } from './shadowed-firewall-rules.ts';

/** Traffic to let through; nothing of a protocol where its ports are empty. */
export interface Opening {
  readonly from: readonly string[];
  readonly to: readonly string[];
  readonly tcp?: PortSet;
  readonly udp?: PortSet;
  readonly icmp?: boolean;
  /** What it is for, in one line. */
  readonly description?: string;
}

/** A machine as a rule names it: what is outside the file by the zone that it is in. */
export function endName({ kind, name, zone }: Endpoint): string {
  return kind === 'cloud' && zone !== undefined ? zone : name;
}

/** The rule as one line of a topology file. */
export function openingText({ from, to, tcp = [], udp = [], icmp, description }: Opening): string {
  const parts = [
    'action: allow',
    `from: ${yamlList(from)}`,
    `to: ${yamlList(to)}`,
    ...(tcp.length > 0 ? [`tcp: ${yamlList(portTexts(tcp))}`] : []),
    ...(udp.length > 0 ? [`udp: ${yamlList(portTexts(udp))}`] : []),
    ...(icmp ? ['icmp: true'] : []),
    ...(description === undefined ? [] : [`description: ${JSON.stringify(description)}`]),
  ];
  return `{ ${parts.join(', ')} }`;
}

/**
 * Adds rules to a firewall, above the first of the rules that deny the traffic so far, or at the end of its list.
 * Rules that would never decide below the new ones go; their comments stay.
 * Invariant: nothing is opened that a policy rules out, nor to the internet what is not there for it.
 * @param deniers undefined among them stands for no rule
 * @param isBlock a list in brackets becomes one with a rule a line
 * @returns no edit where there is no place for it, or where some of it must not be opened
 */
export function addRules(
  context: RuleContext,
  firewall: Firewall,
  openings: readonly Opening[],
  deniers: Iterable<FirewallRule | undefined>,
  { isBlock = false } = {},
): readonly TextEdit[] {
  const { tree } = context;
  const { node, rules } = firewall;
  const pair = rulesPair(firewall);
  const texts = openings.map(openingText);
  if (texts.length === 0 || !node) return [];
  if (openings.some((opening) => forbiddenOf(opening, planned(opening).ports, firewall, context))) return [];
  const list = pair && resolve(pair.value);
  if (!pair) {
    const items = texts.map((text) => `\n  - ${text}`).join('');
    const block = rulesInBlock(tree, node, { texts });
    if (block) return [block];
    const edit = insertKey(tree, { map: node }, 'rules', node.flow ? `[${texts.join(', ')}]` : items);
    return edit ? [edit] : [];
  }
  if (list?.kind !== 'seq' || list.items.length === 0) return emptyList(context, firewall, pair, texts);
  const positions = [...deniers].flatMap((rule) => (rule ? [positionOf(rule, firewall)] : []));
  const position = Math.min(rules.length, ...positions);
  const gone = overtakenBy(openings.map(planned), firewall, position, context);
  const before = rules[position];
  const block =
    isBlock && list.flow
      ? rulesInBlock(tree, node, {
          texts,
          before: before?.node,
          gone: new Set(gone.map((rule) => rule.node)),
        })
      : undefined;
  if (block) return [block];
  if (list.flow && before && gone.includes(before)) {
    const edits = gone.flatMap((rule) => (rule === before ? [] : removeRule(tree, firewall, rule)));
    return [{ span: before.node.span, newText: texts.join(', ') }, ...edits];
  }
  return [
    ...intoList(tree, list, texts, before),
    ...gone.flatMap((rule) => (list.flow ? removeRule(tree, firewall, rule) : clearRule(tree, list, rule))),
  ];
}

function rulesPair({ node }: Firewall): Pair | undefined {
  return node && entries(node).find(({ name }) => name === 'rules')?.pair;
}

/** The item of a list that is a rule; undefined where other places may use its text by an anchor. */
/** The items of a list by what they stand for: of an alias and its anchor the first. */
// By the items: a list that is read again in part has others.
const itemsOf = memo(
  (items: SeqNode['items']) => new Map([...items].reverse().map((one) => [resolve(one), one])),
);

function itemOf(tree: TextTree, list: SeqNode, rule: FirewallRule): Node | undefined {
  const item = itemsOf(list.items).get(rule.node);
  return item && !item.anchor && !hasAnchor(tree, item.span) ? item : undefined;
}

function planned({ from, to, tcp = NO_PORTS, udp = NO_PORTS, icmp }: Opening): Planned {
  return { from, to, ports: { tcp, udp, icmp: icmp ? ECHO : NO_PORTS } };
}

/** Takes a rule out of a list in block style and leaves its comments. */
function clearRule(tree: TextTree, list: SeqNode, rule: FirewallRule): readonly TextEdit[] {
  const item = itemOf(tree, list, rule);
  if (!item || dashBefore(tree, item) === undefined) return [];
  return clearLines(tree, { start: fullStart(item), end: textEnd(tree, item.span) });
}

/** Puts rules where the list has none. */
function emptyList(
  { tree }: RuleContext,
  { node }: Firewall,
  pair: Pair,
  texts: readonly string[],
): readonly TextEdit[] {
  const { value } = pair;
  if (value.anchor || value.tag || (value.kind !== 'seq' && value.kind !== 'scalar')) return [];
  const { span } = value;
  if (!node?.flow) {
    const { start } = pair.key.span;
    const line = tree.lines.span(tree.lines.positionAt(start).line);
    const indent = tree.text.slice(line.start, start);
    const end = span.end > span.start ? span.end : Math.max(span.end, pair.span.end);
    const item = `${lineBreak(tree)}${indent}${indentStep(tree)}- `;
    const isAlone = /^\s*$/.test(indent) && /^[ \t]*(?=[\r\n]|$)/.test(tree.text.slice(end, end + 1000));
    let begin = span.start;
    while (begin > 0 && ' \t'.includes(tree.text.charAt(begin - 1))) begin--;
    if (isAlone && !/[\r\n]/.test(tree.text.slice(start, end)))
      return [{ span: { start: begin, end }, newText: texts.map((text) => `${item}${text}`).join('') }];
  } else {
    const block = rulesInBlock(tree, node, { texts });
    if (block) return [block];
  }
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
      const at = fullStart(next);
      return [{ span: { start: at, end: at }, newText: texts.map((text) => `${text}, `).join('') }];
    }
    const at = textEnd(tree, last.span);
    return [{ span: { start: at, end: at }, newText: texts.map((text) => `, ${text}`).join('') }];
  }
  const { lines } = tree;
  const dash = dashBefore(tree, next ?? last);
  if (dash === undefined) return [];
  const nl = lineBreak(tree);
  const indent = dash.indexOf('-');
  const entries = (join: (entry: string) => string) =>
    texts.map((entry) => join(`${' '.repeat(indent)}- ${entry}`)).join('');
  if (!next) {
    const { end } = lines.span(lines.positionAt(textEnd(tree, last.span)).line);
    return [{ span: { start: end, end }, newText: entries((entry) => `${nl}${entry}`) }];
  }
  const at = lines.span(firstLineOf(tree, next, indent)).start;
  return [{ span: { start: at, end: at }, newText: entries((entry) => `${entry}${nl}`) }];
}

/** The first of the lines that belong to an item of a list: a comment right above it speaks of it. */
function firstLineOf(tree: TextTree, item: Node, indent: number): number {
  return commentsAbove(tree, tree.lines.positionAt(fullStart(item)).line, indent);
}

/** A rule as messages call it: by its name, else by its place in the list. */
export function ruleName(rule: FirewallRule, firewall: Firewall): string {
  return rule.name ? t("rule '{0}'", rule.name.value) : t('rule {0}', positionOf(rule, firewall) + 1);
}

/** Says of a rule that it is there for something else than Configuration Manager; none where other places use its text. */
export function foreignFix(rule: FirewallRule, { tree }: RuleContext): readonly Fix[] {
  if (rule.configmgr || !isOwn(tree, rule.node, 'configmgr')) return [];
  const edit = insertKey(tree, { map: rule.node }, 'configmgr', 'false');
  return edit
    ? [{ title: t('Say that the rule is there for something else'), safe: false, edits: [edit] }]
    : [];
}

/** Takes a rule out of its firewall: in block style its lines with the comments right above, in flow style one comma. */
export function removeRule(tree: TextTree, firewall: Firewall, rule: FirewallRule): readonly TextEdit[] {
  const pair = rulesPair(firewall);
  const list = pair && resolve(pair.value);
  const item = list?.kind === 'seq' ? itemOf(tree, list, rule) : undefined;
  if (list?.kind !== 'seq' || !item) return [];
  const end = textEnd(tree, item.span);
  if (list.flow) {
    const index = list.items.indexOf(item);
    const next = list.items[index + 1];
    const previous = list.items[index - 1];
    const span = next
      ? { start: fullStart(item), end: fullStart(next) }
      : { start: previous ? textEnd(tree, previous.span) : fullStart(item), end };
    return [{ span, newText: '' }];
  }
  const dash = dashBefore(tree, item);
  if (dash === undefined) return [];
  const first = firstLineOf(tree, item, dash.indexOf('-'));
  return [{ span: wholeLines(tree, first, tree.lines.positionAt(end).line), newText: '' }];
}
