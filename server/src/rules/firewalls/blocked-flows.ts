// The flows that a firewall stops, and which rule of the checker speaks about each: what one of the particular
// rules explains, the general one leaves out.
// Invariant: one cause, one finding.

import { PORTS } from '../../catalog/numbers.ts';
import { getOrAdd, groupBy, memo } from '../../collections.ts';

import type { Endpoint, Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { type Alternative, choicesAmong } from '../../reach/choices.ts';
import { type Blockage, positionOf } from '../../reach/judge.ts';
import { portsAgainstFlow } from '../../reach/policies.ts';
import {
  countPorts,
  covers,
  difference,
  formatPorts,
  NO_PORTS,
  type PortSet,
  portSet,
  union,
} from '../../reach/ports.ts';
import type { Reach } from '../../reach/reach.ts';
import { portsOfFlow } from '../../reach/rule-ports.ts';
import { effectiveForest, rolePort } from '../../topology/effective.ts';
import type { Firewall, FirewallRule, Topology } from '../../topology/model.ts';
import { isAllKnown } from '../hierarchy/hierarchy.ts';
import type { RuleContext } from '../rule.ts';
import { listed } from '../words.ts';
import { mistakenFlows } from './mistaken-flows.ts';

/**
 * What traffic is needed for: `optional` is also what another alternative of its choice stands in for, whatever it is
 * for itself.
 */
export type TrafficPurpose = 'operation' | 'installation' | 'optional' | 'windows';

/** In the order in which a port that several need is told under the first. */
const NEEDS: readonly TrafficPurpose[] = ['operation', 'installation', 'optional', 'windows'];

/** A flow, or a part of it, that one firewall stops. */
export interface Stopped {
  readonly flow: Flow;
  readonly block: Blockage;
  readonly need: TrafficPurpose;
  /** Where none of a choice is reached: the other machines, each of which would do as well. */
  readonly instead?: readonly Endpoint[];
}

export interface StoppedFlows {
  /** Licence texts and content of an SSL software update point: HTTP stopped where HTTPS is not. */
  readonly wsusHttp: readonly (Stopped & { readonly https: Flow })[];
  /** Client push from a site server. */
  readonly clientPush: readonly Stopped[];
  /** Dynamic RPC ports stopped where the endpoint mapper is not, with the rule that lets it through. */
  readonly rpc: readonly (Stopped & { readonly mapper: FirewallRule })[];
  /**
   * Everything else, without the ports that the ones above name for the same machines and firewall, and each port
   * under one need.
   */
  readonly others: readonly Stopped[];
  /** All that is stopped, with every alternative of a choice; by what it is for itself. */
  readonly all: readonly Stopped[];
}

const UPDATE_ROLES: ReadonlySet<string> = new Set(['software-update-point', 'wsus-server']);
const ENDPOINT_MAPPER = portSet([{ low: PORTS.endpointMapper, high: PORTS.endpointMapper }]);

/** Every flow that is stopped somewhere, gone through once for a file; none while something in it is not read. */
export const stoppedFlows: (context: RuleContext) => StoppedFlows = memo(sorted, (context) =>
  context.reach(),
);

/** Whether a firewall lets a flow through, whatever others do. */
function passes(flow: Flow, firewall: Firewall, reach: Reach): boolean {
  const verdict = reach.verdict(flow);
  if (verdict.kind === 'unchecked') return false;
  return verdict.kind === 'allowed' || verdict.blocks.every((block) => block.firewall !== firewall);
}

const NOTHING: StoppedFlows = { wsusHttp: [], clientPush: [], rpc: [], others: [], all: [] };

function sorted(context: RuleContext): StoppedFlows {
  if (context.topology.firewalls.size === 0 || !isAllKnown(context)) return NOTHING;
  const flows = context.flows();
  const reach = context.reach();
  const blocked = reach.crossings(flows).flatMap((crossing) => crossing.blocked);
  if (blocked.length === 0) return NOTHING;
  const isMistaken = mistakenFlows(context);
  const all = blocked.flatMap((flow): readonly Stopped[] => {
    const verdict = reach.verdict(flow);
    if (verdict.kind !== 'blocked' || isMistaken(flow)) return [];
    return verdict.blocks.map((block) => ({ flow, block, need: phaseNeed(flow) }));
  });
  if (all.length === 0) return NOTHING;
  const told = all.filter(({ flow }) => flow.anyOf === undefined);
  const reported = [...told, ...stoppedChoices(flows, all, isMistaken, context)]
    .filter(({ block }) => block.firewall.planned?.value !== true)
    .flatMap((stopped) => withoutRuledOut(stopped, context));
  const order = new Map(blocked.map((flow, index) => [flow, index]));
  const place = ({ flow }: Stopped) => order.get(flow) ?? 0;
  reported.sort((a, b) => place(a) - place(b));
  const callers = new Set(reported.map(({ flow }) => flow.from));
  const updates = updateFlows(
    flows.filter(({ from }) => callers.has(from)),
    isMistaken,
  );

  const wsusHttp: (Stopped & { readonly https: Flow })[] = [];
  const clientPush: Stopped[] = [];
  const rpc: StoppedFlows['rpc'][number][] = [];
  const rest: Stopped[] = [];
  const claimed = new Map<string, PortSet>();
  const keyOf = ({ flow, block }: Stopped) =>
    `${flow.from.name}\n${flow.to.name}\n${block.firewall.name}\n${flow.protocol}`;
  const claim = (stopped: Stopped) => {
    const key = keyOf(stopped);
    // ICMP has no ports: a claim of its own stands for it.
    const ports = stopped.flow.protocol === 'icmp' ? portsOfFlow(stopped.flow) : stopped.block.missing;
    claimed.set(key, union(claimed.get(key) ?? NO_PORTS, ports));
  };

  for (const stopped of reported) {
    const { flow, block, need } = stopped;
    if (need === 'optional' || need === 'windows') {
      rest.push(stopped);
      continue;
    }
    const https = httpsBeside(flow, updates.get(flow.from) ?? []);
    const mapper = flow.dynamicRpc && mapperRule(flow, block.firewall, reach);
    if (flow.connection === 'deployment.client-push' && flow.to.clients) {
      clientPush.push(stopped);
      claim(stopped);
    } else if (https && passes(https, block.firewall, reach)) {
      wsusHttp.push({ ...stopped, https });
      claim(stopped);
    } else if (mapper) {
      rpc.push({ ...stopped, mapper });
      claim(stopped);
    } else {
      rest.push(stopped);
    }
  }
  const others = NEEDS.flatMap((need) => {
    const own = rest.filter((stopped) => stopped.need === need).flatMap(unclaimed);
    for (const stopped of own) claim(stopped);
    return own;
  });
  return { wsusHttp, clientPush, rpc, others, all };

  function unclaimed(stopped: Stopped): readonly Stopped[] {
    const ports = claimed.get(keyOf(stopped));
    if (!ports) return [stopped];
    if (stopped.flow.protocol === 'icmp') return [];
    const { block } = stopped;
    if (covers(ports, block.missing)) return [];
    return [{ ...stopped, block: { ...block, missing: difference(block.missing, ports) } }];
  }
}

/**
 * A firewall is right to stop what a policy rules out: where it is needed, policy-conflict says so. What is left is told
 * as ever.
 */
function withoutRuledOut(stopped: Stopped, context: RuleContext): readonly Stopped[] {
  const { flow, block, need } = stopped;
  if (context.topology.policies.length === 0) return [stopped];
  if (need !== 'optional' && !context.isOn('policy-conflict')) return [stopped];
  const ports = portsAgainstFlow(flow, context.topology, context.reach());
  if (ports.length === 0) return [stopped];
  const missing = difference(block.missing, ports);
  return missing.length === 0 ? [] : [{ ...stopped, block: { ...block, missing } }];
}

function phaseNeed({ optional, phase }: Flow): TrafficPurpose {
  return optional ? 'optional' : phase;
}

/**
 * What is stopped of choices. Where another alternative is reached nobody needs it; where none is, the one that lacks
 * the least stands for the choice, and of several one of the machine's own forest. Nothing is said of a choice of which nobody can tell.
 */
function stoppedChoices(
  flows: readonly Flow[],
  blocked: readonly Stopped[],
  isMistaken: (flow: Flow) => boolean,
  context: RuleContext,
): readonly Stopped[] {
  const reach = context.reach();
  const found: Stopped[] = [];
  // Of other choices nothing is stopped.
  const names = new Set(blocked.map(({ flow }) => flow.anyOf));
  const chosen = flows.filter(
    (flow) => flow.anyOf !== undefined && names.has(flow.anyOf) && !isMistaken(flow),
  );
  for (const { zone, alternatives, reached } of choicesAmong(chosen, reach)) {
    if (reached === undefined) continue;
    const stoppedOf = ({ flows: own }: Alternative): readonly Omit<Stopped, 'need'>[] =>
      own.flatMap((flow) => {
        const verdict = zone === undefined ? reach.verdict(flow) : reach.verdictIn(flow, zone);
        return verdict.kind === 'blocked' ? verdict.blocks.map((block) => ({ flow, block })) : [];
      });
    if (reached) {
      const stopped = alternatives.filter((one) => one.reached === false).flatMap(stoppedOf);
      for (const { flow, block } of stopped) found.push({ flow, block, need: 'optional' });
      continue;
    }
    // One that no policy rules out is the one to open.
    const free = alternatives.filter(({ flows: own }) =>
      own.every((flow) => portsAgainstFlow(flow, context.topology, reach).length === 0),
    );
    const open = free.length > 0 ? free : alternatives;
    const lacking = open.map((alternative) => ({ alternative, stopped: stoppedOf(alternative) }));
    const isForeign = ({ alternative: { from, to } }: (typeof lacking)[number]) =>
      forestOf(from, context.topology) !== forestOf(to, context.topology);
    const least = lacking.reduce((a, b) => {
      const more = lackOf(b.stopped) - lackOf(a.stopped);
      return more < 0 || (more === 0 && isForeign(a) && !isForeign(b)) ? b : a;
    });
    const instead = open
      .filter((one) => one !== least.alternative)
      .map(({ from, to }) => (from === least.alternative.from ? to : from))
      .filter((end) => end !== least.alternative.to && end !== least.alternative.from);
    for (const stopped of least.stopped)
      found.push({
        ...stopped,
        need: phaseNeed(stopped.flow),
        ...(instead.length > 0 ? { instead } : {}),
      });
  }
  return found;
}

/** The forest of a machine in lower case; empty for one that names none, or has none. */
function forestOf({ server, clients }: Endpoint, topology: Topology): string {
  const machine = server ?? clients;
  return (machine && effectiveForest(machine, topology)?.value.toLowerCase()) ?? '';
}

function lackOf(stopped: readonly Omit<Stopped, 'need'>[]): number {
  return stopped.reduce((sum, { block }) => sum + countPorts(block.missing), 0);
}

/** The flows to software update points and WSUS, by the machine that they come from. */
function updateFlows(
  flows: readonly Flow[],
  isMistaken: (flow: Flow) => boolean,
): ReadonlyMap<Endpoint, readonly Flow[]> {
  return groupBy(flows, (flow) =>
    flow.toRole && UPDATE_ROLES.has(flow.toRole.role) && !isMistaken(flow) ? flow.from : undefined,
  );
}

/**
 * For the HTTP flow of a software update point or WSUS with SSL: its HTTPS flow.
 * @param siblings flows from the same machine
 */
function httpsBeside(flow: Flow, siblings: readonly Flow[]): Flow | undefined {
  const { toRole: role } = flow;
  if (flow.protocol !== 'tcp' || !role || !UPDATE_ROLES.has(role.role)) return undefined;
  const is = (candidate: Flow, key: 'httpPort' | 'httpsPort') =>
    candidate.protocol === 'tcp' &&
    candidate.ports.length === 1 &&
    candidate.ports[0] === String(rolePort(role, key));
  if (!is(flow, 'httpPort')) return undefined;
  return siblings.find(
    (candidate) => candidate.toRole === role && candidate.to === flow.to && is(candidate, 'httpsPort'),
  );
}

/** The rule by which the endpoint mapper of a target can be asked through a firewall. */
function mapperRule({ from, to }: Flow, firewall: Firewall, reach: Reach): FirewallRule | undefined {
  const verdict = reach.judge({ from, to, protocol: 'tcp', ports: ENDPOINT_MAPPER });
  if (verdict.kind === 'unchecked') return undefined;
  if (verdict.kind === 'blocked' && verdict.blocks.some((block) => block.firewall === firewall))
    return undefined;
  return verdict.by.find((decision) => decision.firewall === firewall)?.rule;
}

/** Things by what they have in common, in the order in which that comes first. */
export function grouped<T>(
  things: Iterable<T>,
  ...keys: readonly ((thing: T) => unknown)[]
): readonly (readonly T[])[] {
  const ids = new Map<unknown, number>();
  const id = (value: unknown) => getOrAdd(ids, value, () => ids.size);
  return [...groupBy(things, (thing) => keys.map((of) => id(of(thing))).join(',')).values()];
}

/** Equal for traffic that one rule would let through and the same rules stop: firewalls, ports, and who denies them. */
export function stopKey(stopped: readonly Pick<Stopped, 'flow' | 'block'>[]): string {
  const keys = stopped.map(({ flow, block }) => {
    const { firewall, rule, missing } = block;
    return [firewall.id, flow.protocol, formatPorts(missing), rule ? positionOf(rule, firewall) : -1].join(
      ' ',
    );
  });
  return [...new Set(keys)].sort().join('; ');
}

/** What is missing of some flows between the same machines at the same firewall, by protocol. */
export function missingOf(stopped: readonly Pick<Stopped, 'flow' | 'block'>[]): {
  readonly tcp: PortSet;
  readonly udp: PortSet;
  readonly icmp: boolean;
} {
  const of = (protocol: Flow['protocol']) =>
    stopped
      .filter(({ flow }) => flow.protocol === protocol)
      .reduce<PortSet>((set, { block }) => union(set, block.missing), NO_PORTS);
  return { tcp: of('tcp'), udp: of('udp'), icmp: stopped.some(({ flow }) => flow.protocol === 'icmp') };
}

/** `firewall edge has no rule for it`, `rule 'old' of firewall edge denies it`. */
export function deniedBy({ firewall, rule }: Blockage): string {
  if (!rule) return t('firewall {0} has no rule for it', firewall.name);
  return rule.name
    ? t("rule '{0}' of firewall {1} denies it", rule.name.value, firewall.name)
    : t('a rule of firewall {0} denies it', firewall.name);
}

/** `TCP 135, 445, UDP 135 and ICMP echo`. */
export function missingText({ tcp, udp, icmp }: ReturnType<typeof missingOf>): string {
  return listed([
    ...(tcp.length > 0 ? [t('TCP {0}', formatPorts(tcp))] : []),
    ...(udp.length > 0 ? [t('UDP {0}', formatPorts(udp))] : []),
    ...(icmp ? [t('ICMP echo')] : []),
  ]);
}
