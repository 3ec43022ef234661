// The findings about blocked traffic: one for what one rule would mend, in the words of each of the four codes.
import { groupBy, memo } from '../../collections.ts';
import type { TextEdit } from '../../edits/text-edit.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { t, translated } from '../../l10n.ts';
import { positionOf } from '../../reach/judge.ts';
import { ALL_PORTS, NO_PORTS, type PortSet, union } from '../../reach/ports.ts';
import { portsOfFlow } from '../../reach/rule-ports.ts';
import type { Firewall, FirewallRule, Topology, Written } from '../../topology/model.ts';
import { answersTo, blockAt, isTftp } from '../clients/tftp-reply-ports.ts';
import type { Report, RuleContext } from '../rule.ts';
import { listed, listedUpTo, roleInSentence } from '../words.ts';
import {
  deniedBy,
  missingOf,
  missingText,
  type Stopped,
  stoppedFlows,
  type TrafficPurpose,
} from './blocked-flows.ts';
import { addRules, type Opening } from './firewall-fixes.ts';
import { isForbidden, type Lack, lacksOf, openingFor, portsKey, servicesOf } from './lacking-rules.ts';
import { type Bundle, bundled } from './openings.ts';

/** Machines, roles and services to name before the rest is only counted. */
const SHOWN = 3;

/** The findings of one code. */
export function blockedReports(need: TrafficPurpose, context: RuleContext): readonly Report[] {
  const stopped = stoppedFlows(context).others.filter((one) => one.need === need);
  const byFirewall = groupBy(stopped, ({ block }) => block.firewall);
  return [...byFirewall].flatMap(([firewall, own]) => {
    const lacks = lacksOf(own, context);
    const alike = groupBy(lacks, (lack) => {
      const deciders = [...new Set(lack.stopped.map(({ block }) => block.rule))].map((rule) =>
        rule ? positionOf(rule, firewall) : -1,
      );
      return JSON.stringify([
        portsKey(lack),
        deciders.sort((a, b) => a - b),
        lack.stopped.some(({ instead }) => instead),
        isForbidden(lack, firewall, context),
      ]);
    });
    return [...alike.values()]
      .flatMap((same) => bundled(same, firewall, context.reach()))
      .map((bundle) => reportOf(bundle, firewall, need, context));
  });
}

function reportOf(
  bundle: Bundle<Lack>,
  firewall: Firewall,
  need: TrafficPurpose,
  context: RuleContext,
): Report {
  const { pairs } = bundle;
  const stopped = pairs.flatMap((pair) => pair.stopped);
  const blocks = stopped.map(({ block }) => block);
  const [lack] = pairs;
  const [first] = lack.stopped;
  const block = blocks.find(({ rule }) => rule) ?? blocks[0];
  const isOneSource = new Set(stopped.map(({ flow }) => flow.from)).size === 1;
  const isOneTarget = new Set(stopped.map(({ flow }) => flow.to)).size === 1;
  const ofTarget = isOneTarget && !isOneSource;
  const flow = first?.flow;
  const role = ofTarget ? (flow?.toRole ?? flow?.fromRole) : (flow?.fromRole ?? flow?.toRole);
  const machine = ofTarget ? keyOf(flow?.to) : keyOf(flow?.from);
  const key = role?.key ?? machine ?? keyOf(flow?.to) ?? firewall.key;
  const opening = openingFor(bundle, lack);
  const deniers = blocks.map(({ rule }) => rule);
  const isHopeless = pairs.some((pair) => isForbidden(pair, firewall, context));
  const rules = [...new Set(deniers)].flatMap((rule) => (rule ? [rule] : []));
  const sides = sidesOf(pairs);
  const ports = missingText({ tcp: lack.ports.tcp, udp: lack.ports.udp, icmp: opening.icmp === true });
  return {
    span: key.span,
    message: messageOf(
      { from: sourcesOf(bundle), to: bundle.to },
      sides,
      stopped,
      block && deniedBy(block),
      firewall,
      need,
      context.topology,
    ),
    related: [
      ...(rules.length > 0
        ? rules.map((rule) => ({ message: t('The rule that denies it'), span: rule.span }))
        : [{ message: t('Firewall {0}', firewall.name), span: firewall.key.span }]),
      ...machinesOf(pairs, key),
    ],
    fixes: () => [
      {
        title: sides
          ? t(
              'Add a rule for {0} to firewall {3}, from {1} to {2} and back',
              ports,
              ...sides.map((side) => listedUpTo(SHOWN, side)),
              firewall.name,
            )
          : t(
              'Add a rule for {0} from {1} to {2} to firewall {3}',
              ports,
              listedUpTo(SHOWN, bundle.from),
              listedUpTo(SHOWN, bundle.to),
              firewall.name,
            ),
        safe: false,
        edits: isHopeless ? [] : rulesFor(bundle, opening, deniers, firewall, context),
      },
    ],
  };
}

/**
 * The edits that add a rule, and one for the answers to TFTP requests among the flows: to let these through alone would be
 * of no use. Both go above whatever denies some of either.
 */
function rulesFor(
  { from, to, pairs }: Bundle<Lack>,
  opening: Opening,
  deniers: readonly (FirewallRule | undefined)[],
  firewall: Firewall,
  context: RuleContext,
): readonly TextEdit[] {
  const requests = pairs.flatMap(({ stopped }) => stopped.filter(({ flow }) => isTftp(flow)));
  const blocksOf = (direction: 'answers' | 'further') =>
    requests.flatMap(
      ({ flow }) => blockAt(answersTo(flow, context.topology)[direction], firewall, context) ?? [],
    );
  const answers = blocksOf('answers');
  return addRules(
    context,
    firewall,
    answers.length > 0 ? [opening, { from: to, to: from, udp: ALL_PORTS }] : [opening],
    [...deniers, ...[...answers, ...blocksOf('further')].map(({ rule }) => rule)],
  );
}

/** Two groups of machines of which each lacks the same towards the other, the smaller first; undefined for one way. */
function sidesOf(pairs: readonly Lack[]): readonly [readonly string[], readonly string[]] | undefined {
  const targets = groupBy(pairs, ({ fromWord }) => fromWord);
  const [first] = targets.keys();
  if (first === undefined || !pairs.some(({ toWord }) => toWord === first)) return undefined;
  const far = (targets.get(first) ?? []).map(({ toWord }) => toWord);
  const near = (targets.get(far[0] ?? '') ?? []).map(({ toWord }) => toWord);
  const sides = near.length <= far.length ? ([near, far] as const) : ([far, near] as const);
  const isAcross = ({ fromWord, toWord }: Lack) =>
    (near.includes(fromWord) && far.includes(toWord)) || (far.includes(fromWord) && near.includes(toWord));
  return near.length > 0 && pairs.length === 2 * near.length * far.length && pairs.every(isAcross)
    ? sides
    : undefined;
}

/** The sources by their own names: for clients in several zones a rule may have to name the zone. */
function sourcesOf({ from, pairs }: Bundle<Lack>): readonly string[] {
  const names = from.flatMap((word) => {
    const groups = pairs
      .filter((pair) => pair.fromWord === word && pair.from.clients && pair.from.name !== word)
      .flatMap(({ stopped }) => stopped.map(({ flow }) => flow.from.name));
    return groups.length > 0 ? groups : [word];
  });
  return [...new Set(names)];
}

function keyOf(end: Endpoint | undefined): Written<string>['node'] | undefined {
  return end?.server?.key ?? end?.clients?.key;
}

/** The machines of a finding about several, to look at; not the place of the finding itself. */
function machinesOf(
  pairs: readonly Lack[],
  place: { readonly span: object },
): NonNullable<Report['related']> {
  const ends = new Set(pairs.flatMap(({ from, to }) => [from, to]));
  if (ends.size < 3) return [];
  return [...ends].flatMap((end) => {
    const key = keyOf(end);
    return key && key.span !== place.span ? [{ message: end.name, span: key.span }] : [];
  });
}

function messageOf(
  { from, to }: Pick<Bundle<Lack>, 'from' | 'to'>,
  sides: ReturnType<typeof sidesOf>,
  stopped: readonly Stopped[],
  denied: string | undefined,
  firewall: Firewall,
  need: TrafficPurpose,
  topology: Topology,
): string {
  const flows = stopped.map(({ flow }) => flow);
  const roles = portsByRole(stopped);
  const only = roles.size === 1 ? [...roles.keys()][0] : undefined;
  const sourceRole = commonRole(flows.map(({ fromRole }) => fromRole?.role));
  const targetRole = commonRole(flows.map(({ toRole }) => toRole?.role));
  const sources = withRole(listedUpTo(SHOWN, from), from.length === 1 ? sourceRole : undefined);
  const instead = [...new Set(stopped.flatMap((one) => one.instead?.map(({ name }) => name) ?? []))];
  // Beside what is chosen something of the same machine may be needed anyway.
  const isAllChosen = instead.length > 0 && stopped.every((one) => one.instead !== undefined);
  const targets = withRole(
    isAllChosen ? listedUpToOr(SHOWN + 1, [...new Set([...to, ...instead])]) : listedUpTo(SHOWN, to),
    to.length === 1 && instead.length === 0 ? targetRole : undefined,
  );
  const missing = missingText(missingOf(stopped));
  const services = listedUpTo(SHOWN, servicesOf(flows));
  const why = [denied ?? '', joinedZones(firewall, stopped, topology)]
    .filter((text) => text !== '')
    .join('; ');
  const what =
    only !== undefined || roles.size === 0 || roles.size > SHOWN + 1
      ? t('{0} must get through firewall {1} for {2} ({3})', missing, firewall.name, services, why)
      : t('{0} must get through firewall {1} ({2})', rolesText(roles), firewall.name, why);
  switch (need) {
    case 'operation':
      if (sides && instead.length === 0)
        return t(
          '{0} cannot reach {1}, nor the other way round: {2}',
          ...sides.map((side) => listedUpTo(SHOWN, side)),
          what,
        );
      if (isAllChosen)
        return t('{0} can reach none of {1}, one of which is enough: {2}', sources, targets, what);
      return instead.length > 0
        ? t(
            '{0} cannot reach {1} ({2} would do as {3}): {4}',
            sources,
            targets,
            listedUpToOr(SHOWN, instead),
            chosenRoles(stopped),
            what,
          )
        : t('{0} cannot reach {1}: {2}', sources, targets, what);
    case 'installation':
      return t('{0} cannot reach {1} while {2} is installed: {3}', sources, targets, installed(flows), what);
    case 'windows':
      return t('{0} cannot reach {1} for what Windows itself needs: {2}', sources, targets, what);
    case 'optional': {
      const without = flows.find((flow) => flow.without)?.without;
      const consequence =
        without === undefined
          ? t('It is not needed: one of the alternatives is reachable.')
          : translated(without);
      return t('{0} cannot reach {1}: {2}. {3}', sources, targets, what, consequence);
    }
  }
}

/** The roles that another machine would do as. */
function chosenRoles(stopped: readonly Stopped[]): string {
  const roles = stopped.flatMap(({ flow, instead }) =>
    instead === undefined ? [] : (flow.toRole?.role ?? []),
  );
  return listedUpTo(SHOWN, [...new Set(roles)].map(roleInSentence));
}

/** `a, b or c`. */
function listedUpToOr(most: number, words: readonly string[]): string {
  const more = words.length - most;
  return listed(more > 0 ? [...words.slice(0, most), t('{0} more', more)] : words, 'or');
}

function commonRole(roles: readonly (string | undefined)[]): string | undefined {
  const [first] = roles;
  return roles.every((role) => role === first) ? first : undefined;
}

function withRole(names: string, role: string | undefined): string {
  return role === undefined ? names : t('{0} on {1}', role, names);
}

/** What is installed: the client, or the role that the flows are of. */
function installed(flows: readonly Flow[]): string {
  const isClient = flows.some(({ connection }) => /^(?:deployment|client)/.test(connection));
  if (isClient) return t('the client');
  const roles = [...new Set(flows.flatMap(({ toRole, fromRole }) => (toRole ?? fromRole)?.role ?? []))];
  return roles.length === 0 ? t('it') : listedUpTo(SHOWN, roles.map(roleInSentence));
}

/** What is missing by the role that needs it: the target's, else the source's. */
function portsByRole(stopped: readonly Stopped[]): ReadonlyMap<string, Record<Flow['protocol'], PortSet>> {
  const found = new Map<string, Record<Flow['protocol'], PortSet>>();
  for (const { flow, block } of stopped) {
    const role = (flow.toRole ?? flow.fromRole)?.role ?? '';
    const ports = found.get(role) ?? { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS };
    found.set(role, {
      ...ports,
      [flow.protocol]: union(
        ports[flow.protocol],
        flow.protocol === 'icmp' ? portsOfFlow(flow) : block.missing,
      ),
    });
  }
  return found;
}

/** `management point TCP 80, 443 and 10123; software update point TCP 8530`. Roles with the same ports are together. */
function rolesText(roles: ReturnType<typeof portsByRole>): string {
  const byPorts = groupBy([...roles], ([, { tcp, udp, icmp }]) =>
    missingText({ tcp, udp, icmp: icmp.length > 0 }),
  );
  return [...byPorts]
    .map(([ports, own]) => {
      const names = own.map(([role]) => (role === '' ? t('no role') : roleInSentence(role)));
      return `${listed(names)} ${ports}`;
    })
    .join('; ');
}

/** The zones that each firewall joins, each with each, in lower case; one that is between several pairs has several. */
const joins = memo(({ firewalls }: Topology) =>
  [...firewalls.values()].flatMap((firewall) =>
    [firewall.zones, ...firewall.between].map((zones) => ({
      firewall,
      zones: new Set(zones.map(({ value }) => value.toLowerCase())),
    })),
  ),
);

/**
 * Where a firewall joins three zones or more and another one joins these two as well: which zones it joins, because it
 * may not lie between these at all.
 */
function joinedZones(firewall: Firewall, stopped: readonly Stopped[], topology: Topology): string {
  if (firewall.zones.length < 3) return '';
  const isJoinedElsewhere = stopped.some(({ flow: { from, to } }) =>
    joins(topology).some(
      (other) =>
        other.firewall !== firewall &&
        from.zone !== undefined &&
        to.zone !== undefined &&
        other.zones.has(from.zone) &&
        other.zones.has(to.zone),
    ),
  );
  if (!isJoinedElsewhere) return '';
  return t(
    '{0} connects {1}; use between if it does not connect them all',
    firewall.name,
    listed(firewall.zones.map(({ value }) => value)),
  );
}
