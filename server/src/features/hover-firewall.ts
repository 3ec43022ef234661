// What firewalls have to say in hovers: about a rule, about what a rule names, about a zone, and in tables of
// connections about what is stopped.
import type { Analysis } from '../analysis.ts';
import { roleName } from '../catalog/index.ts';
import { getOrAdd } from '../collections.ts';
import { type Endpoint, type Flow, zonesHeld } from '../flows/flow.ts';
import { language, t } from '../l10n.ts';
import { chainsOf } from '../reach/chains.ts';
import { missedAmong } from '../reach/choices.ts';
import { type PortSet, portTexts } from '../reach/ports.ts';
import { blocksOf, blockText, legsOf, portSetText, ruleLabel, trafficOf, wayOf } from '../reach/way.ts';
import { spareOf } from '../rules/firewalls/firewall-rule-use.ts';
import { shadowedRules } from '../rules/firewalls/shadowed-firewall-rules.ts';
import { capital } from '../rules/words.ts';
import { nodePathAt } from '../text/values.ts';
import type { ClientGroup, Firewall, FirewallRule, Server, Written, Zone } from '../topology/model.ts';
import { endMatcher } from './members.ts';
import { touches } from './place.ts';
import { type ProseBlock, paragraph, withBold } from './prose.ts';
import { type RuleUse, usesOf } from './rule-uses.ts';

/** Rows of a table; what is more is counted. */
const MOST_ROWS = 10;
/** Rules, machines and ranges that are named in one place. */
const MOST_NAMES = 3;
const MOST_RANGES = 6;

// --- What is stopped -------------------------------------------------------------------------

/** What stops a flow: `edge (no rule)`; empty where it gets through, or nobody can tell. */
export function stoppedBy(flow: Flow, analysis: Analysis): string {
  if (analysis.topology.firewalls.size === 0) return '';
  return blocksOf(wayOf(flow, analysis.reach(), analysis.topology))
    .map(blockText)
    .join(', ');
}

/** How many of some flows are stopped, by what, and how many of these are needed; nothing where none is. */
export function stoppedBlocks(flows: readonly Flow[], analysis: Analysis): ProseBlock[] {
  const stopped = flows.flatMap((flow) => {
    const by = stoppedBy(flow, analysis);
    return by === '' ? [] : [{ flow, by }];
  });
  if (stopped.length === 0) return [];
  const by = someText([...new Set(stopped.map((one) => one.by))]);
  const isMissed = missedAmong(analysis.flows(), analysis.reach());
  const needed = stopped.filter(({ flow }) => isMissed(flow)).length;
  const all =
    flows.length === 1
      ? t('Its connection is blocked by {0}.', by)
      : t('{0} of {1} connections are blocked by {2}.', stopped.length, flows.length, by);
  if (needed === stopped.length) return [paragraph({ bold: all })];
  if (needed === 0)
    return [
      paragraph(
        all,
        ' ',
        t('None of them is needed: each is optional, or one of its alternatives gets through.'),
      ),
    ];
  return [paragraph({ bold: all }, ' ', t('{0} of these are needed.', needed))];
}

// --- Rules -----------------------------------------------------------------------------------

/** A place in a rule of a firewall. */
export interface RulePlace {
  readonly firewall: Firewall;
  readonly rule: FirewallRule;
  /** The key that the place is on, or in the value of. */
  readonly key: string | undefined;
  /** Whether it is the key itself. */
  readonly onKey: boolean;
  /** The word of `from` or `to` there. */
  readonly end: { readonly side: 'from' | 'to'; readonly written: Written<string> } | undefined;
}

/** The rule of a firewall at an offset; undefined elsewhere. */
export function ruleAt(analysis: Analysis, offset: number): RulePlace | undefined {
  for (const firewall of analysis.topology.firewalls.values()) {
    if (!touches(firewall.span, offset)) continue;
    const rule = firewall.rules.find(({ span }) => touches(span, offset));
    if (rule === undefined) continue;
    const pairs = nodePathAt(analysis.tree, offset).flatMap((one) => ('kind' in one ? [] : one));
    const pair = pairs.find((one) => rule.node.pairs.includes(one));
    const key = pair?.key.kind === 'scalar' ? pair.key.text : undefined;
    const end = (['from', 'to'] as const).flatMap((side) =>
      rule[side].filter(({ span }) => touches(span, offset)).map((written) => ({ side, written })),
    )[0];
    return {
      firewall,
      rule,
      key,
      onKey: pair !== undefined && touches(pair.key.span, offset),
      end,
    };
  }
  return undefined;
}

/** What a rule does for the connections of the file: which ones use it, what it opens beyond need, whether it ever decides. */
export function ruleBlocks(analysis: Analysis, { firewall, rule }: RulePlace): ProseBlock[] {
  const label = capital(ruleLabel(rule, firewall));
  const head = paragraph(
    ...withBold(
      rule.action === undefined
        ? t('{0} of firewall {1}', label, firewall.name)
        : t('{0} of firewall {1}: {2}', label, firewall.name, rule.action.value),
      label,
    ),
  );
  if (!analysis.reach().isKnown(firewall)) {
    return [
      head,
      paragraph(t('A rule of this firewall has a mistake, so the effect of the firewall is not known.')),
    ];
  }
  const shadows = shadowedRules(firewall, analysis).get(rule);
  if (shadows !== undefined) {
    const names = someText(shadows.map((other) => ruleLabel(other, firewall)));
    return [head, paragraph(t('It has no effect: {0} above match everything that it matches.', names))];
  }
  const uses = usesOf(rule, analysis);
  if (uses.length === 0) {
    return [
      head,
      paragraph(
        rule.action?.value === 'deny'
          ? t('It blocks no connection of this file.')
          : t('No connection of this file goes through it.'),
      ),
    ];
  }
  const spare = rule.action?.value === 'allow' && isRead(analysis) ? spareOf(rule, analysis) : undefined;
  return [
    head,
    paragraph(countText(uses, rule)),
    ...usesTable(uses),
    ...(spare !== undefined && spare.length > 0
      ? [paragraph({ bold: t('Beyond need') }, `: ${spare.map(spareText).join(' · ')}`)]
      : []),
  ];
}

/** Whether the whole file was read: what is lost may need what a rule opens. */
function isRead({ tree, topology }: Analysis): boolean {
  return (
    tree.damage.length === 0 &&
    topology.problems.length === 0 &&
    topology.references.every(({ target, implied }) => target !== undefined || implied === true)
  );
}

function countText(uses: readonly RuleUse[], rule: FirewallRule): string {
  const pairs = new Set(uses.map(({ flow }) => `${flow.from.name}\n${flow.to.name}`)).size;
  const count = uses.length;
  if (rule.action?.value === 'deny') {
    if (count === 1) return t('It blocks 1 needed connection.');
    return pairs === 1
      ? t('It blocks {0} needed connections.', count)
      : t('It blocks {0} needed connections between {1} pairs of machines.', count, pairs);
  }
  if (count === 1) return t('It lets 1 connection through.');
  return pairs === 1
    ? t('It lets {0} connections through.', count)
    : t('It lets {0} connections through, between {1} pairs of machines.', count, pairs);
}

function spareText({ protocol, ports }: { protocol: Flow['protocol']; ports: PortSet }): string {
  const shown = portSetText(protocol, ports.slice(0, MOST_RANGES));
  const more = ports.length - MOST_RANGES;
  return more > 0 ? t('{0} and {1} more ranges', shown, more) : shown;
}

/** Connections through a rule, one row for each pair of machines. */
function usesTable(uses: readonly RuleUse[]): ProseBlock[] {
  const pairs = new Map<string, { from: string; to: string; traffic: Pick<Flow, 'protocol' | 'ports'>[] }>();
  for (const { flow, ports } of uses) {
    const [from, to] = [endpointName(flow.from), endpointName(flow.to)];
    const key = `${from}\n${to}`;
    const pair = pairs.get(key) ?? { from, to, traffic: [] };
    pair.traffic.push({ protocol: flow.protocol, ports: flow.protocol === 'icmp' ? [] : portTexts(ports) });
    pairs.set(key, pair);
  }
  const rows = [...pairs.values()].map(({ from, to, traffic }) => [from, to, trafficOf(traffic)]);
  return table([t('From'), t('To'), t('Ports')], rows);
}

/** So many rows, and how many there are more. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): ProseBlock[] {
  const more = rows.length - MOST_ROWS;
  return [
    { kind: 'table', head, rows: rows.slice(0, MOST_ROWS) },
    ...(more > 0 ? [paragraph(t('and {0} more', more))] : []),
  ];
}

/** A machine's name; of what is outside the file, what it is. */
export function endpointName({ kind, name }: Endpoint): string {
  return kind === 'cloud' ? capital(roleName(name, language())) : name;
}

/** So many names, and how many there are more. */
export function someText(names: readonly string[], most = MOST_NAMES): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? t('{0} and {1} more', shown, names.length - most) : shown;
}

// --- What a rule names -----------------------------------------------------------------------

/** What a word of `from` or `to` does in its rule: the connections from it, or to it, through the rule. */
export function endBlocks(analysis: Analysis, { firewall, rule, end }: RulePlace): ProseBlock[] {
  if (end === undefined || !analysis.reach().isKnown(firewall)) return [];
  const { side, written } = end;
  const matches = endMatcher(written.value, analysis.topology);
  const uses = usesOf(rule, analysis).filter(({ flow }) => matches(flow[side]));
  const label = ruleLabel(rule, firewall);
  const head =
    side === 'from'
      ? t('As source of {0} of firewall {1}', label, firewall.name)
      : t('As destination of {0} of firewall {1}', label, firewall.name);
  if (uses.length === 0) return [paragraph(t('{0}: no connection of this file.', head))];
  return [paragraph(`${head}. ${countText(uses, rule)}`), ...usesTable(uses)];
}

/** The machines that an address or network of a rule stands for. */
export function networkBlocks(analysis: Analysis, { end }: RulePlace): ProseBlock[] {
  if (end === undefined) return [];
  const { topology } = analysis;
  const matches = endMatcher(end.written.value, topology);
  const machines = [...topology.servers.values(), ...topology.clients.values()].filter((machine) =>
    matches(
      machine.kind === 'server'
        ? { name: machine.name, kind: 'server', server: machine, zone: undefined }
        : { name: machine.name, kind: 'clients', clients: machine, zone: undefined },
    ),
  );
  const names = someText(machines.map(({ name }) => name));
  const { value } = end.written;
  return [
    paragraph(
      ...withBold(names === '' ? t('{0}: no machine of this file', value) : `${value}: ${names}`, value),
    ),
  ];
}

// --- Zones -----------------------------------------------------------------------------------

/**
 * Which firewalls are between a zone and the others, and what becomes of the connections there. Empty where the
 * file has no firewalls.
 * @param machine only its connections
 */
export function zoneVerdictBlocks(
  analysis: Analysis,
  zone: Zone,
  machine?: Server | ClientGroup,
): ProseBlock[] {
  const { topology } = analysis;
  if (topology.firewalls.size === 0) return [];
  const own = zone.id;
  const flows = { out: new Map<string, Leg[]>(), in: new Map<string, Leg[]>() };
  const isMissed = missedAmong(analysis.flows(), analysis.reach());
  for (const flow of analysis.flows()) {
    if (machine && [flow.from, flow.to].every((end) => (end.server ?? end.clients) !== machine)) continue;
    if (![flow.from, flow.to].some((end) => zonesHeld(end, flow.zones).includes(own))) continue;
    // Of a client group in several zones what holds in this one.
    for (const leg of legsOf(flow, analysis.reach())) {
      const [from, to] = [leg.from.zone, leg.to.zone];
      if (from === to) continue;
      const [way, other] = from === own ? (['out', to] as const) : to === own ? (['in', from] as const) : [];
      if (way === undefined || other === undefined) continue;
      const list = getOrAdd(flows[way], other, (): Leg[] => []);
      const group = [leg.from, leg.to].find((end, side) => end !== [flow.from, flow.to][side]);
      list.push({ flow: leg, missed: isMissed(flow, group?.zone) });
    }
  }
  const chains = chainsOf(topology);
  const rows = [...topology.zones].flatMap(([name, other]) => {
    if (name === own) return [];
    const firewalls = chains.between(own, name).map((firewall) => firewall.name);
    const [out, back] = [flows.out.get(name) ?? [], flows.in.get(name) ?? []];
    const between = firewalls.join(', ') || t('none');
    const row = (arrow: string, list: readonly Leg[]) => ({
      cells: [arrow, other.name, between, verdictText(list, analysis)],
      weight: list.some(({ flow }) => stoppedBy(flow, analysis) !== '') ? 2 : 1,
    });
    const found = [...(out.length > 0 ? [row('→', out)] : []), ...(back.length > 0 ? [row('←', back)] : [])];
    if (found.length > 0) return found;
    return machine || firewalls.length === 0
      ? []
      : [{ cells: ['↔', other.name, between, t('no connections')], weight: 0 }];
  });
  if (rows.length === 0) return [];
  // What a table that is cut must not lose: what is stopped.
  const shown = rows.length > MOST_ROWS ? rows.toSorted((a, b) => b.weight - a.weight) : rows;
  return table(
    ['', t('Zone'), t('Firewalls'), machine ? t('Connections of {0}', machine.name) : t('Connections')],
    shown.map(({ cells }) => cells),
  );
}

/** A flow between two zones, and whether it is blocked and missed. */
interface Leg {
  readonly flow: Flow;
  readonly missed: boolean;
}

/** `12 allowed, 2 blocked by edge (no rule), 1 of them needed`. */
function verdictText(legs: readonly Leg[], analysis: Analysis): string {
  const count = { allowed: 0, blocked: 0, unchecked: 0 };
  const by = new Set<string>();
  for (const { flow } of legs) {
    const way = wayOf(flow, analysis.reach(), analysis.topology);
    count[way.kind]++;
    for (const block of blocksOf(way)) by.add(blockText(block));
  }
  const missed = legs.filter((leg) => leg.missed).length;
  const needed =
    missed === count.blocked
      ? []
      : [missed === 0 ? t('none of them needed') : t('{0} of them needed', missed)];
  return [
    ...(count.allowed > 0 ? [t('{0} allowed', count.allowed)] : []),
    ...(count.blocked > 0 ? [t('{0} blocked by {1}', count.blocked, someText([...by])), ...needed] : []),
    ...(count.unchecked > 0 ? [t('{0} not checked', count.unchecked)] : []),
  ].join(', ');
}
