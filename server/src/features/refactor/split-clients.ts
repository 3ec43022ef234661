// A client group with several zones as one group for each zone.
import type { Analysis } from '../../analysis.ts';
import { hasAnchor, lineBreak, textEnd } from '../../edits/map-edits.ts';
import { applyEdits, type TextEdit } from '../../edits/text-edit.ts';
import { t } from '../../l10n.ts';
import type { Node, TextTree } from '../../text/tree.ts';
import { nodePathAt, ownPair } from '../../text/values.ts';
import { contains, parseNetwork } from '../../topology/address.ts';
import { lookup } from '../../topology/effective.ts';
import type { ClientGroup } from '../../topology/model.ts';
import { touches } from '../place.ts';
import { referencesTo, subjectAt } from '../subject.ts';
import { freeGroupName } from './extract-group.ts';
import { columnOf, isPair, type Refactoring } from './refactoring.ts';

/** Splits the client group whose name, or list of zones, is at an offset. */
export function splitRefactorings(analysis: Analysis, offset: number): Refactoring[] {
  const { topology } = analysis;
  const subject = subjectAt(analysis, offset);
  const group =
    subject?.definition && subject.thing.kind === 'clients'
      ? subject.thing
      : [...topology.clients.values()].find(({ zones }) => zones.some(({ span }) => touches(span, offset)));
  const edits = group && splitByZone(analysis, group);
  if (!edits) return [];
  const title = t(
    'Split {0} into one client group for each of its {1} zones',
    group.name,
    group.zones.length,
  );
  return [{ title, kind: 'refactor.rewrite', edits }];
}

/** The edits that write a group once for each of its zones, and name all of them where it was named. */
function splitByZone(analysis: Analysis, group: ClientGroup): readonly TextEdit[] | undefined {
  const { tree, topology } = analysis;
  const { zones, key, node, count } = group;
  if (zones.length < 2 || node === undefined) return undefined;
  const pair = nodePathAt(tree, key.span.start).findLast(isPair);
  const list = ownPair(node, 'zone')?.value;
  if (pair?.key !== key || list?.kind !== 'seq' || hasAnchor(tree, pair.span)) return undefined;
  if (list.items.some(({ kind }) => kind !== 'scalar') || list.items.length !== zones.length)
    return undefined;
  const networks = ownPair(node, 'networks');
  const byZone = networksByZone(analysis, group);
  if (byZone === undefined) return undefined;
  const end = textEnd(tree, pair.span);
  const source = tree.text.slice(key.span.start, end);
  const names: string[] = [];
  const copies = zones.map(({ value }, index) => {
    let name = freeGroupName(analysis, `${group.name}-${value}`);
    while (names.includes(name)) name += '-2';
    names.push(name);
    const edits: TextEdit[] = [
      { span: key.span, newText: name },
      inPlaceOf(tree, list, list.items[index] as Node),
    ];
    const number = count && ownPair(node, 'count')?.value;
    if (count && number?.kind === 'scalar') {
      const share = Math.floor(count.value / zones.length) + (index < count.value % zones.length ? 1 : 0);
      edits.push({ span: number.span, newText: String(share) });
    }
    if (networks) edits.push(...ownNetworks(tree, networks.value, byZone[index] ?? []));
    return applyEdits(
      source,
      edits.map((edit) => ({
        ...edit,
        span: { start: edit.span.start - key.span.start, end: edit.span.end - key.span.start },
      })),
    );
  });
  const line = tree.lines.span(tree.lines.positionAt(key.span.start).line);
  const isOwnLine = tree.text.slice(line.start, key.span.start).replace('\uFEFF', '').trim() === '';
  const joint = isOwnLine ? `${lineBreak(tree)}${' '.repeat(columnOf(tree, key.span.start))}` : ', ';
  const edits: TextEdit[] = [{ span: { start: key.span.start, end }, newText: copies.join(joint) }];
  for (const { node: named } of referencesTo(topology, group)) {
    const edit = withNames(tree, named, names);
    if (edit === undefined) return undefined;
    edits.push(edit);
  }
  return edits;
}

function inPlaceOf({ text }: TextTree, list: Node, item: Node): TextEdit {
  const isFlow = list.kind === 'seq' && list.flow;
  let { start, end } = list.span;
  if (!isFlow) while (/\s/.test(text[start - 1] ?? '')) start--;
  while (/\s/.test(text[end - 1] ?? '')) end--;
  const name = text.slice(item.span.start, item.span.end);
  return { span: { start, end }, newText: isFlow ? name : ` ${name}` };
}

/** The group's networks by zone, each in the zone that holds it; undefined where one is in none or several. */
function networksByZone(
  { topology }: Analysis,
  { zones, networks }: ClientGroup,
): (readonly string[])[] | undefined {
  const found: string[][] = zones.map(() => []);
  for (const { value } of networks) {
    const own = networkOf(value);
    if (own === undefined) return undefined;
    const homes = zones.flatMap((zone, index) => {
      const around = lookup(topology.zones, zone.value)?.networks ?? [];
      const holds = around.some((one) => {
        const network = networkOf(one.value);
        return network !== undefined && contains(network, own);
      });
      return holds ? [index] : [];
    });
    const [home, other] = homes;
    if (home === undefined || other !== undefined) return undefined;
    found[home]?.push(value);
  }
  return found;
}

function networkOf(text: string) {
  return parseNetwork(text);
}

function ownNetworks(tree: TextTree, value: Node, networks: readonly string[]): TextEdit[] {
  let { start, end } = value.span;
  while (/\s/.test(tree.text[end - 1] ?? '')) end--;
  if (value.kind === 'seq' && !value.flow) while (/\s/.test(tree.text[start - 1] ?? '')) start--;
  return [
    {
      span: { start, end },
      newText: ` [${networks.join(', ')}]`.slice(tree.text[start - 1] === ' ' ? 1 : 0),
    },
  ];
}

/** Several names in the place of one: in its list, or as a list of their own. */
function withNames(tree: TextTree, node: Node, names: readonly string[]): TextEdit | undefined {
  const parent = nodePathAt(tree, node.span.start).at(-2);
  if (parent === undefined || node.kind !== 'scalar' || node.anchor) return undefined;
  if (isPair(parent))
    return parent.value === node ? { span: node.span, newText: `[${names.join(', ')}]` } : undefined;
  if (parent.kind !== 'seq') return undefined;
  const column = columnOf(tree, node.span.start);
  const line = tree.lines.span(tree.lines.positionAt(node.span.start).line);
  const dash = tree.text.slice(line.start, node.span.start);
  const joint = parent.flow ? ', ' : `${lineBreak(tree)}${dash.padEnd(column)}`;
  return { span: node.span, newText: names.join(joint) };
}
