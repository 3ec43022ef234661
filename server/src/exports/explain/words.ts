// What the printers of an explanation share: how a decision of a firewall reads.
import type { Flow } from '../../flows/flow.ts';
import { t, translated } from '../../l10n.ts';
import { choiceNeedText } from '../../reach/choices.ts';
import { covers, intersection, isEmpty } from '../../reach/ports.ts';
import { portsOfFlow } from '../../reach/rule-ports.ts';
import { type Gate, portSetText, ruleLabel, type Way } from '../../reach/way.ts';
import type { FirewallRule, Topology } from '../../topology/model.ts';
import {
  type Count,
  countWays,
  type ExplainedDirection,
  type ExplainedFlow,
  type ExplainedMachine,
  flowsOf,
  type Reason,
  type ZoneWay,
} from './explanation.ts';

/** What one firewall does, in words: `edge`, `rule 3 'Web' (line 20) lets it through`. */
export interface GateText {
  readonly firewall: string;
  readonly verdict: 'allowed' | 'blocked';
  readonly text: string;
}

/** `Site server on cm01 to Internet`: in which capacity the two talk. */
export function endsText({ fromRole, toRole }: Reason, { from, to }: ExplainedDirection): string {
  const end = (role: string, { kind, name }: ExplainedMachine) =>
    kind === 'cloud' ? role : t('{0} on {1}', role, name);
  return t('{0} to {1}', end(fromRole, from), end(toRole, to));
}

/** The line of a rule in the file, from 1. */
export function lineOf({ span }: FirewallRule, { tree }: Topology): number {
  return tree.lines.positionAt(span.start).line + 1;
}

/** What each firewall on the way of a flow does with it. */
export function gateTexts({ flow, way }: ExplainedFlow, topology: Topology): readonly GateText[] {
  if (way.kind === 'unchecked') return [];
  return way.gates.map((gate) => ({
    firewall: gate.firewall.name,
    verdict: gate.block ? 'blocked' : 'allowed',
    text: gateText(gate, flow, topology),
  }));
}

function gateText({ firewall, passes, block }: Gate, flow: Flow, topology: Topology): string {
  const { protocol } = flow;
  const wanted = portsOfFlow(flow);
  const name = (rule: FirewallRule) => t('{0} (line {1})', ruleLabel(rule, firewall), lineOf(rule, topology));
  if (block === undefined) {
    // Several rules may share a flow's ports, or the networks of a group.
    const isWhole = passes.every(({ ports }) => covers(ports, wanted));
    const each = passes.map(({ rule, ports }) =>
      isWhole ? name(rule) : t('{0} for {1}', name(rule), portSetText(protocol, ports)),
    );
    return passes.length === 1
      ? t('{0} lets it through', each.join(t(', ')))
      : t('{0} let it through', each.join(t(', ')));
  }
  const { missing, rule } = block;
  const part = protocol === 'icmp' || covers(missing, wanted) ? undefined : portSetText(protocol, missing);
  const stopped = rule
    ? part === undefined
      ? t('{0} denies it', name(rule))
      : t('{0} denies {1}', name(rule), part)
    : part === undefined
      ? t('no rule for it: denied by default')
      : t('no rule for {0}: denied by default', part);
  const partly = passes.map(({ rule, ports }) => {
    const isShared = protocol === 'icmp' || !isEmpty(intersection(ports, missing));
    // Of a group some clients may get through where others do not, of a server some of its addresses.
    return isShared
      ? flow.from.clients || flow.to.clients
        ? t('{0} lets only some of the clients through', name(rule))
        : t('{0} lets only some of the addresses through', name(rule))
      : t('{0} lets {1} through', name(rule), portSetText(protocol, ports));
  });
  return [stopped, ...partly].join('; ');
}

/** `3 connections: 2 allowed, 1 blocked`; `No connections` where there are none. */
export function directionSummary(direction: ExplainedDirection): string {
  const flows = flowsOf(direction);
  if (flows.length === 0) return t('No connections');
  const count = countWays(flows);
  const counted = flows.length === 1 ? t('1 connection') : t('{0} connections', flows.length);
  // Without a firewall there is no verdict to count.
  if (direction.firewalls?.length === 0) return counted;
  const parts = verdictTexts(count, flows.length);
  return `${counted}: ${parts.join(t(', '))}`;
}

/** `2 allowed`, `1 blocked`; `all allowed` where there are several and no other verdict. */
function verdictTexts(count: Count, total: number): readonly string[] {
  const isAll = (number: number) => number === total && total > 1;
  const { allowed, blocked, unchecked, missed } = count;
  const needed =
    missed === blocked
      ? ''
      : ` (${missed === 0 ? t('none of them needed') : t('{0} of them needed', missed)})`;
  return [
    ...(allowed > 0 ? [isAll(allowed) ? t('all allowed') : t('{0} allowed', allowed)] : []),
    ...(blocked > 0 ? [`${isAll(blocked) ? t('all blocked') : t('{0} blocked', blocked)}${needed}`] : []),
    ...(unchecked > 0 ? [isAll(unchecked) ? t('all not checked') : t('{0} not checked', unchecked)] : []),
  ];
}

/** A verdict in words. */
export function stateText(kind: Way['kind']): string {
  return { allowed: t('allowed'), blocked: t('blocked'), unchecked: t('not checked') }[kind];
}

/** The zones and firewalls that traffic passes, or why there is none; of a client group in several zones each way. */
export function wayText({ ways }: ExplainedDirection, topology: Topology): string {
  if (topology.firewalls.size === 0) return t('The file has no firewalls.');
  return [...new Set(ways.map(zoneWayText))].join(' ');
}

function zoneWayText({ from, to, firewalls }: ZoneWay): string {
  const [here, there] = [from ?? t('no zone'), to ?? t('no zone')];
  if (firewalls === undefined) {
    return from === undefined || to === undefined
      ? t('It cannot be determined which firewalls are on the way.')
      : t('It cannot be determined which firewalls are on the way from zone {0} to zone {1}.', here, there);
  }
  if (firewalls.length > 0) {
    const gates = firewalls.map(({ name }) => t('firewall {0}', name)).join(t(', '));
    return t('Zone {0}, {1}, zone {2}.', here, gates, there);
  }
  return here === there
    ? t('No firewall: both are in zone {0}.', here)
    : t('There is no firewall between the zones {0} and {1}.', here, there);
}

/** Machines that are named for a choice before the rest is only counted. */
const MOST_INSTEAD = 3;

/**
 * `one of 3 is enough, also dp2, dp3`; `optional: Clients …`; the zones, where it holds in some of a client group's
 * only. Undefined where there is nothing to say.
 */
export function noteText({ flow, need, instead }: ExplainedFlow): string | undefined {
  const several = [flow.from, flow.to].find(({ zones = [] }) => zones.length > 1)?.zones ?? [];
  const held = flow.zones ?? [];
  const parts = [
    ...(need.kind === 'choice' ? [t('{0}, also {1}', choiceNeedText(need), someNames(instead))] : []),
    ...(need.kind === 'optional'
      ? [need.without === undefined ? t('optional') : t('optional: {0}', translated(need.without))]
      : []),
    ...(held.length > 0 && held.length < several.length
      ? [t('for the clients in zone {0}', held.join(', '))]
      : []),
  ];
  return parts.length === 0 ? undefined : parts.join('; ');
}

function someNames(names: readonly string[]): string {
  const shown = names.slice(0, MOST_INSTEAD).join(', ');
  return names.length > MOST_INSTEAD ? t('{0} and {1} more', shown, names.length - MOST_INSTEAD) : shown;
}

/** `server in zone hq, site PS1`, and its roles. */
export function machineText({ kind, zone, site, roles }: ExplainedMachine): string {
  const what = {
    server: t('server'),
    clients: t('client group'),
    cloud: t('outside the file'),
    listener: t('listener'),
    proxy: t('proxy'),
    zone: t('zone'),
    site: t('site'),
    role: t('role'),
    address: t('address'),
  }[kind];
  const place = [
    zone === undefined ? undefined : t('zone {0}', zone),
    site === undefined ? undefined : t('site {0}', site),
  ]
    .filter((part) => part !== undefined)
    .join(t(', '));
  const head = place === '' ? what : t('{0} in {1}', what, place);
  return roles.length === 0 ? head : `${head}: ${roles.join(t(', '))}`;
}

/** `documented 1433, here by instances.port`; undefined where the ports are the documented ones. */
export function deviationText({ documented, setting }: ExplainedFlow): string | undefined {
  if (documented === undefined) return undefined;
  return setting === undefined
    ? t('documented {0}', documented)
    : t('documented {0}, set by {1}', documented, setting);
}

/** Neighbours that the same decisions are made about, so that these are said once. */
export function decided(
  flows: readonly ExplainedFlow[],
  topology: Topology,
): readonly { readonly flows: readonly ExplainedFlow[]; readonly gates: readonly GateText[] }[] {
  const groups = new Map<string, { flows: ExplainedFlow[]; gates: readonly GateText[] }>();
  for (const flow of flows) {
    const gates = gateTexts(flow, topology);
    const key = JSON.stringify([
      flow.way.kind,
      flow.missed,
      flow.way.kind === 'unchecked' && flow.way.why,
      gates,
    ]);
    const group = groups.get(key);
    if (group) group.flows.push(flow);
    else groups.set(key, { flows: [flow], gates });
  }
  return [...groups.values()];
}
