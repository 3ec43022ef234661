// What is exposed to whom: the internet first, then zone by zone.
import { groupBy } from '../collections.ts';
import type { Endpoint } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { networksOf } from '../reach/addresses.ts';
import { singleEnds } from '../reach/ends.ts';
import type { Decision } from '../reach/judge.ts';
import { networksOfEnd } from '../reach/matching.ts';
import { ALL_PORTS, difference, isEmpty, type PortSet } from '../reach/ports.ts';
import { ECHO, type PortsByProtocol, PROTOCOLS, portsOfRule } from '../reach/rule-ports.ts';
import { ruleLabel } from '../reach/way.ts';
import { contains } from '../topology/address.ts';
import type { Firewall, FirewallRule, Topology, Zone } from '../topology/model.ts';
import { connectionTable, decisionsText, portsOfLegs, type ReportedLeg } from './connections.ts';
import {
  type Inline,
  names,
  note,
  type PageBlock,
  type PageCell,
  type PageSection,
  table,
  textBlock,
} from './page.ts';
import {
  allPortsText,
  isInternet,
  machinesIn,
  purposesText,
  type ReportSubject,
  zoneName,
} from './subject.ts';

/** The section; `legs` are all connections of the file. */
export function exposureSection(subject: ReportSubject, legs: readonly ReportedLeg[]): PageSection {
  const { topology } = subject;
  const pairs = zonePairs(legs, topology);
  return {
    id: 'exposure',
    title: t('What is exposed to whom'),
    blocks: [overview(subject, pairs)].flat(),
    parts: [
      { id: 'from-the-internet', title: t('From the internet'), blocks: fromInternet(subject, legs) },
      ...pairs.map(({ id, title, legs }) => ({ id, title, blocks: connectionTable(legs) })),
    ],
  };
}

interface ZonePair {
  readonly id: string;
  readonly title: string;
  readonly from: Inline;
  readonly to: Inline;
  readonly legs: readonly ReportedLeg[];
}

/** The zones between which something is needed: the internet first as source, then as target, else as in the file. */
function zonePairs(legs: readonly ReportedLeg[], topology: Topology): readonly ZonePair[] {
  const place = ({ zone, kind }: Endpoint) => zone ?? (kind === 'cloud' ? undefined : '');
  const groups = groupBy(
    legs.filter(({ from, to }) => place(from) !== place(to)),
    ({ from, to }) => JSON.stringify([place(from) ?? null, place(to) ?? null]),
  );
  const order = [...topology.zones.keys()];
  const outside = ({ zone, kind }: Endpoint) => kind === 'cloud' || isInternet(zone, topology);
  const rank = ({ from, to }: ReportedLeg) => (outside(from) ? 0 : outside(to) ? 1 : 2);
  const at = ({ zone }: Endpoint) => (zone === undefined ? order.length : order.indexOf(zone));
  const label = ({ zone, kind }: Endpoint): string =>
    zoneName(zone, topology) ?? (kind === 'cloud' ? t('outside the file') : t('no zone'));
  return [...groups.values()]
    .flatMap((own) => {
      const [first] = own;
      return first === undefined ? [] : [{ first, own }];
    })
    .sort(
      (a, b) =>
        rank(a.first) - rank(b.first) ||
        at(a.first.from) - at(b.first.from) ||
        at(a.first.to) - at(b.first.to),
    )
    .map(({ first: { from, to }, own }, index) => ({
      id: `zones-${index + 1}`,
      title: t('{0} to {1}', label(from), label(to)),
      from: from.zone === undefined ? label(from) : { name: label(from) },
      to: to.zone === undefined ? label(to) : { name: label(to) },
      legs: own,
    }));
}

/** One line for each two zones. */
function overview({ analysis, topology }: ReportSubject, pairs: readonly ZonePair[]): readonly PageBlock[] {
  const reach = analysis.reach();
  const rows = pairs.map(({ id, from, to, legs }): readonly PageCell[] => {
    const firewalls = new Set(legs.flatMap((leg) => reach.crossed(leg.from, leg.to)));
    const isKnown = legs.every((leg) => reach.between(leg.from, leg.to) !== undefined);
    const count = (kind: ReportedLeg['verdict']['kind']) =>
      legs.filter(({ verdict }) => verdict.kind === kind).length;
    const blocked = count('blocked');
    return [
      from,
      to,
      firewalls.size === 0
        ? isKnown
          ? t('none')
          : t('not known')
        : names([...firewalls].map(({ name }) => name)),
      { text: String(legs.length), to: id },
      blocked === 0 ? '' : { strong: String(blocked) },
      count('unchecked') === 0 ? '' : String(count('unchecked')),
      allPortsText(portsOfLegs(legs)),
    ];
  });
  const open = openPairs(topology, analysis.reach());
  return [
    ...(rows.length === 0
      ? [textBlock(t('No connection of this file leaves its zone.'))]
      : [
          textBlock(
            t('These zones talk to each other. The source opens the connection; answers need no rule.'),
          ),
          ...table(
            [
              t('From zone'),
              t('To zone'),
              t('Firewalls between'),
              t('Connections'),
              t('Blocked'),
              t('Not checked'),
              t('Ports'),
            ],
            rows,
          ),
        ]),
    ...(open.length === 0
      ? []
      : [
          note(
            t(
              'Between these zones the file has no firewall, so everything counts as open: {0}.',
              open.map(([a, b]) => t('{0} and {1}', a, b)).join('; '),
            ),
          ),
        ]),
  ];
}

/** So many zones are held against each other. */
const MOST_ZONES = 200;

/** The zones that no firewall is between. */
function openPairs(
  { zones }: Topology,
  reach: ReturnType<ReportSubject['analysis']['reach']>,
): readonly (readonly [string, string])[] {
  const all = [...zones.values()];
  if (all.length > MOST_ZONES) return [];
  const anyIn = ({ name, id }: Zone): Endpoint => ({ name, kind: 'cloud', zone: id });
  return all.flatMap((one, index) =>
    all
      .slice(index + 1)
      .filter((other) => reach.between(anyIn(one), anyIn(other))?.length === 0)
      .map((other) => [one.name, other.name] as const),
  );
}

/** As a name, what no file can have. */
const ANYBODY = '';

/** What firewalls let in from the internet, whether or not it is needed, and the rules that do. */
function fromInternet(subject: ReportSubject, legs: readonly ReportedLeg[]): readonly PageBlock[] {
  const { topology } = subject;
  const outside = [...topology.zones.values()].filter(({ internet }) => internet);
  if (outside.length === 0)
    return [textBlock(t('No zone of the file is marked internet, so nothing can be said about it.'))];
  const inside = [...topology.zones.values()].filter(({ internet }) => !internet);
  const known = new Map([
    ...groupBy(legs, ({ from, to }) => ends(from, to)),
    // Nobody can tell the machines there from anybody else: what they need is not open for nothing.
    ...groupBy(legs, ({ from, to }) => ends({ ...from, name: ANYBODY }, to)),
  ]);
  const rows: Opening[] = [];
  let isUnknown = false;
  const targets = inside.flatMap((zone) => machinesIn(zone, topology));
  for (const zone of outside) {
    const anybody: Endpoint = { name: ANYBODY, kind: 'cloud', zone: zone.id };
    for (const from of [anybody, ...machinesIn(zone, topology)])
      for (const to of targets) {
        const opening = openingOf(from, to, subject, known);
        if (opening === 'unknown') isUnknown = true;
        else if (opening) rows.push(opening);
      }
  }
  const rules = inboundRules(topology);
  return [
    ...(isUnknown
      ? [note(t('What some machines can be reached on is not known: a part of the file could not be read.'))]
      : []),
    ...(rows.length === 0
      ? [textBlock(t('No firewall lets a machine on the internet reach a whole machine of the other zones.'))]
      : [
          textBlock(
            t(
              'What firewalls let through from the internet, whether or not it is needed. A firewall cannot distinguish clients with unknown addresses from anybody else.',
            ),
          ),
          ...openingTable(rows),
        ]),
    ...(rules.length === 0
      ? []
      : [
          textBlock(t('All rules that allow something from addresses outside the other zones:')),
          ...table(
            [t('Firewall'), t('Rule'), t('From'), t('To'), t('Ports')],
            rules.map(({ firewall, rule }) => [
              { name: firewall.name },
              ruleLabel(rule, firewall),
              names(rule.from.map(({ value }) => value)),
              names(rule.to.map(({ value }) => value)),
              allPortsText(portsOfRule(rule, topology)),
            ]),
          ),
        ]),
  ];
}

interface Opening {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** Undefined where no firewall is between. */
  readonly open: PortsByProtocol | undefined;
  readonly needed: readonly ReportedLeg[];
  readonly beyond: PortsByProtocol | undefined;
  readonly by: readonly Decision[];
}

/** What gets through from one machine to another; nothing where nothing does. */
function openingOf(
  from: Endpoint,
  to: Endpoint,
  { analysis }: ReportSubject,
  legs: ReadonlyMap<string, readonly ReportedLeg[]>,
): Opening | 'unknown' | undefined {
  const reach = analysis.reach();
  const firewalls = reach.between(from, to);
  if (firewalls === undefined || firewalls.some((one) => !reach.isKnown(one))) return 'unknown';
  const needed = legs.get(ends(from, to)) ?? [];
  if (firewalls.length === 0) return { from, to, open: undefined, needed, beyond: undefined, by: [] };
  const by: Decision[] = [];
  const openFor = (protocol: 'tcp' | 'udp' | 'icmp'): PortSet => {
    const ports = protocol === 'icmp' ? ECHO : ALL_PORTS;
    const verdict = reach.judge({ from, to, protocol, ports });
    if (verdict.kind === 'unchecked') return [];
    const missing =
      verdict.kind !== 'blocked'
        ? []
        : verdict.blocks.map((block) => (protocol === 'icmp' ? ECHO : block.missing));
    const open = missing.reduce<PortSet>(difference, ports);
    if (!isEmpty(open)) by.push(...verdict.by);
    return open;
  };
  const open = { tcp: openFor('tcp'), udp: openFor('udp'), icmp: openFor('icmp') };
  if (PROTOCOLS.every((protocol) => isEmpty(open[protocol]))) return undefined;
  const own = portsOfLegs(needed);
  const beyond = {
    tcp: difference(open.tcp, own.tcp),
    udp: difference(open.udp, own.udp),
    icmp: difference(open.icmp, own.icmp),
  };
  return { from, to, open, needed, beyond, by: [...new Set(by)] };
}

function ends(from: Endpoint, to: Endpoint): string {
  return JSON.stringify([from.name, from.zone, to.name, to.zone]);
}

/** Machines on which the same is open to the same callers are one row. */
function openingTable(openings: readonly Opening[]): readonly PageBlock[] {
  const rows = openings.map(({ from, to, open, needed, beyond, by }) => ({
    from: from.kind === 'cloud' ? t('anybody') : from.name,
    isAnybody: from.kind === 'cloud',
    to: to.name,
    open: open === undefined ? t('everything: there is no firewall between them') : allPortsText(open),
    purpose: purposesText(needed.map(({ flow }) => flow)),
    beyond: beyond === undefined ? '' : allPortsText(beyond),
    by: decisionsText(by),
  }));
  const merged = groupBy(rows, ({ to, ...rest }) => JSON.stringify(rest));
  return table(
    [t('From'), t('Reaches'), t('Open'), t('Needed for'), t('Open and not needed'), t('By')],
    [...merged.values()].flatMap((own): readonly (readonly PageCell[])[] => {
      const [first] = own;
      if (first === undefined) return [];
      const { from, isAnybody, open, purpose, beyond, by } = first;
      return [
        [
          isAnybody ? from : { name: from },
          names(own.map(({ to }) => to)),
          open,
          purpose === '' ? t('nothing of this file') : purpose,
          beyond === '' ? '' : { strong: beyond },
          by,
        ],
      ];
    }),
  );
}

/**
 * The allow rules of firewalls at a zone marked internet whose source may be there: everyone, that zone, a machine in
 * it, or addresses that are not within the networks of one other zone.
 */
function inboundRules(topology: Topology): readonly Decision[] {
  const zones = [...topology.zones.values()];
  const isOutside = (zone: string) => isInternet(zone, topology);
  const insideNetworks = zones
    .filter(({ internet }) => !internet)
    .flatMap(({ networks }) => networksOf(networks));
  const mayBeOutside = (rule: FirewallRule) =>
    (singleEnds(rule.from, topology) ?? []).some((end) => {
      if (end.kind === 'any') return true;
      if (end.kind === 'zone') return end.zone.internet;
      if (end.kind === 'server' || end.kind === 'clients') {
        const own = end.kind === 'server' ? end.server : end.clients;
        return zones.some(
          (zone) =>
            zone.internet && machinesIn(zone, topology).some((one) => (one.server ?? one.clients) === own),
        );
      }
      return networksOfEnd(end, topology).some(
        (network) => !insideNetworks.some((around) => contains(around, network)),
      );
    });
  const onlyOutside = (rule: FirewallRule) => {
    const ends = singleEnds(rule.to, topology) ?? [];
    return ends.length > 0 && ends.every((end) => end.kind === 'zone' && end.zone.internet);
  };
  return [...topology.firewalls.values()]
    .filter((firewall) => zonesOfFirewall(firewall).some(isOutside))
    .flatMap((firewall) =>
      firewall.rules
        .filter((rule) => rule.action?.value === 'allow' && mayBeOutside(rule) && !onlyOutside(rule))
        .map((rule) => ({ firewall, rule })),
    );
}

function zonesOfFirewall({ zones, between }: Firewall): readonly string[] {
  return [...zones, ...between.flat()].map(({ value }) => value.toLowerCase());
}
