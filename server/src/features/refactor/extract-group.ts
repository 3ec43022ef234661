// Gives a list of ports or of addresses a name: a group that rules then speak of.

import type { Analysis } from '../../analysis.ts';
import { insertKey, insertLines } from '../../edits/map-edits.ts';
import { removeValue } from '../../edits/take-out.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { MapNode, Node, Span, TextTree } from '../../text/tree.ts';
import { ownPair, resolve } from '../../text/values.ts';
import type { FirewallRule, Ports } from '../../topology/model.ts';
import { ruleAt } from '../hover-firewall.ts';
import { touches } from '../place.ts';
import { thingsOf } from '../subject.ts';
import type { Refactoring } from './refactoring.ts';

/** The extractions at an offset in a firewall rule. */
export function extractRefactorings(analysis: Analysis, offset: number): Refactoring[] {
  const place = ruleAt(analysis, offset);
  if (place === undefined || place.rule.damaged) return [];
  const found = [extractPorts(analysis, place.rule), ...extractEnds(analysis, place.rule, offset)];
  return found.filter((one) => one !== undefined);
}

// --- Ports -----------------------------------------------------------------------------------

function extractPorts(analysis: Analysis, rule: FirewallRule): Refactoring | undefined {
  const { topology, tree } = analysis;
  const { tcp, udp } = rule;
  if ((tcp === undefined && udp === undefined) || tcp === 'any' || udp === 'any') return undefined;
  const wanted = portsKey(tree, rule);
  const rules = [...topology.firewalls.values()]
    .flatMap((firewall) => firewall.rules)
    .filter((one) => !one.damaged && portsKey(tree, one) === wanted && ownsPorts(tree, one));
  if (!rules.includes(rule)) return undefined;
  const numbers = [...new Set([...texts(tree, tcp), ...texts(tree, udp)])];
  const name = freeGroupName(
    analysis,
    numbers.length <= 3 && !numbers.join().includes('-') ? `ports-${numbers.join('-')}` : 'ports',
  );
  const group = [
    `${name}:`,
    ...(tcp === undefined ? [] : [`  tcp: ${listOf(texts(tree, tcp))}`]),
    ...(udp === undefined ? [] : [`  udp: ${listOf(texts(tree, udp))}`]),
  ];
  const section = inSection(tree, 'portGroups', group);
  const own = rules.map((one) => withGroup(tree, one, name));
  if (section === undefined || own.includes(undefined)) return undefined;
  return {
    title:
      rules.length === 1
        ? t('Extract the ports to a port group')
        : t('Extract the ports to a port group, in all {0} rules that have them', rules.length),
    kind: 'refactor.extract',
    edits: [section, ...own.flatMap((edits) => edits ?? [])],
  };
}

function texts(tree: TextTree, ports: Ports | undefined): string[] {
  return ports === undefined || ports === 'any'
    ? []
    : ports.map(({ node: { span } }) => tree.text.slice(span.start, span.end).replace(/["']/g, ''));
}

function portsKey(tree: TextTree, { tcp, udp, icmp, ports }: FirewallRule): string {
  if (tcp === 'any' || udp === 'any') return 'any';
  const groups = ports.map(({ value }) => value.toLowerCase());
  return JSON.stringify([
    texts(tree, tcp).sort(),
    texts(tree, udp).sort(),
    icmp?.value ?? false,
    groups.sort(),
  ]);
}

/** Whether the ports are written in the rule itself: what an anchor shares is several rules' own. */
function ownsPorts(tree: TextTree, { node, tcp, udp }: FirewallRule): boolean {
  const isOwn = (name: string) => {
    const pair = ownPair(node, name);
    return (
      pair !== undefined &&
      pair.value.kind !== 'alias' &&
      !/[&*]/.test(tree.text.slice(pair.span.start, pair.span.end))
    );
  };
  return (tcp === undefined || isOwn('tcp')) && (udp === undefined || isOwn('udp'));
}

/** A rule without its own ports that speaks of a group. */
function withGroup(
  tree: TextTree,
  { node, tcp, udp, ports }: FirewallRule,
  name: string,
): readonly TextEdit[] | undefined {
  const names = [...(tcp === undefined ? [] : ['tcp']), ...(udp === undefined ? [] : ['udp'])];
  const known = ownPair(node, 'ports');
  if (ports.length > 0 !== (known !== undefined) || known?.value.kind === 'alias') return undefined;
  // The first of the keys becomes `ports`, where there is none yet; the others go.
  const [first] = names.flatMap((one) => ownPair(node, one) ?? []);
  if (first === undefined) return undefined;
  const gone = (known === undefined ? names.slice(1) : names).map((one) => removeValue(tree, node, one));
  const named =
    known === undefined
      ? { span: { start: first.key.span.start, end: valueEnd(tree, first.value) }, newText: `ports: ${name}` }
      : listWith(tree, known.value, name);
  if (named === undefined || gone.includes(undefined)) return undefined;
  return [named, ...gone.flatMap((edits) => edits ?? [])];
}

function valueEnd({ text }: TextTree, { span }: Node): number {
  let { end } = span;
  while (end > span.start && /\s/.test(text[end - 1] ?? '')) end--;
  return end;
}

/** A value or list with one name more. */
function listWith(tree: TextTree, value: Node, name: string): TextEdit | undefined {
  const text = tree.text.slice(value.span.start, value.span.end);
  if (value.kind === 'scalar') return { span: value.span, newText: `[${text}, ${name}]` };
  if (value.kind !== 'seq' || !value.flow) return undefined;
  const last = value.items.at(-1);
  const at = last?.span.end ?? value.span.start + 1;
  return { span: { start: at, end: at }, newText: last === undefined ? name : `, ${name}` };
}

// --- Ends ------------------------------------------------------------------------------------

function extractEnds(analysis: Analysis, rule: FirewallRule, offset: number): (Refactoring | undefined)[] {
  const { tree, topology } = analysis;
  return (['from', 'to'] as const).map((end) => {
    const value = ownPair(rule.node, end)?.value;
    if (value?.kind !== 'seq' || value.items.length < 2 || !touches(value.span, offset)) return undefined;
    if (value.items.some((item) => item.kind !== 'scalar' || item.text === 'any' || item.anchor))
      return undefined;
    const wanted = itemsKey(value);
    const lists = [...topology.firewalls.values()]
      .flatMap((firewall) => firewall.rules)
      .flatMap(({ node }) => ['from', 'to'].flatMap((key) => ownPair(node, key)?.value ?? []))
      .filter(
        (one) =>
          one.kind === 'seq' && itemsKey(one) === wanted && !one.anchor && !hasCommentIn(tree, one.span),
      );
    if (!lists.includes(value)) return undefined;
    const items = value.items.map(({ span }) => tree.text.slice(span.start, span.end));
    const name = freeGroupName(analysis, end === 'from' ? 'sources' : 'destinations');
    const section = inSection(tree, 'addressGroups', [`${name}: [${items.join(', ')}]`]);
    if (section === undefined) return undefined;
    return {
      title:
        lists.length === 1
          ? t('Extract the list to an address group')
          : t('Extract the list to an address group, in all {0} places that have it', lists.length),
      kind: 'refactor.extract' as const,
      edits: [section, ...lists.map((list) => inPlaceOf(tree, list, name))],
    };
  });
}

function hasCommentIn({ comments }: TextTree, { start, end }: Span): boolean {
  return comments.some(({ span }) => span.start >= start && span.start < end);
}

function itemsKey(node: Node): string {
  if (node.kind !== 'seq') return '';
  return JSON.stringify(
    node.items.map((item) => (item.kind === 'scalar' ? item.text.toLowerCase() : item.kind)).sort(),
  );
}

function inPlaceOf(tree: TextTree, list: Node, name: string): TextEdit {
  let { start } = list.span;
  const isFlow = list.kind === 'seq' && list.flow;
  if (!isFlow) while (/\s/.test(tree.text[start - 1] ?? '')) start--;
  return { span: { start, end: valueEnd(tree, list) }, newText: isFlow ? name : ` ${name}` };
}

// --- Sections --------------------------------------------------------------------------------

/** An entry in a section, which is made where there is none; undefined where it has no lines of its own. */
function inSection(tree: TextTree, section: string, lines: readonly string[]): TextEdit | undefined {
  const root = tree.root && resolve(tree.root);
  if (root?.kind !== 'map' || root.flow) return undefined;
  const pair = ownPair(root, section);
  if (pair === undefined) {
    const below = lines.map((line) => `  ${line}`);
    return insertLines(tree, { map: root }, [`${section}:`, ...below]);
  }
  const map = resolve(pair.value);
  if (pair.value.kind === 'alias') return undefined;
  if (map?.kind !== 'map') return insertLines(tree, { holder: pair }, lines);
  if (!map.flow) return insertLines(tree, { map }, lines);
  return flowEntry(tree, map, lines);
}

function flowEntry(
  tree: TextTree,
  map: MapNode,
  [first = '', ...others]: readonly string[],
): TextEdit | undefined {
  const colon = first.indexOf(':');
  const value =
    others.length > 0 ? `{ ${others.map((line) => line.trim()).join(', ')} }` : first.slice(colon + 2);
  return insertKey(tree, { map }, first.slice(0, colon), value);
}

function listOf(items: readonly string[]): string {
  return items.length === 1 ? (items[0] ?? '') : `[${items.join(', ')}]`;
}

/** A name that nothing of the file has. */
export function freeGroupName({ topology }: Analysis, wanted: string): string {
  const taken = new Set([...thingsOf(topology)].map(({ name }) => name.toLowerCase()));
  const isFree = (name: string) => !taken.has(name.toLowerCase());
  for (let number = 1; ; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`;
    if (isFree(name)) return name;
  }
}
