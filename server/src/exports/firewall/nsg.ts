// Azure network security groups: the model from which Bicep, ARM templates and Terraform are written.
// One group for each zone, or for the machine of `--server`; a flow is outbound where it starts, inbound where it ends.

import { distinct } from '../../collections.ts';
import { ascii, word } from '../../print/escape.ts';
import { networksIn } from '../../reach/addresses.ts';
import { publicInside } from '../../reach/internet.ts';
import { counted } from '../../text/count.ts';
import { networkText } from './address.ts';
import {
  type AddressRule,
  addressRules,
  type ExportReport,
  hash,
  parts,
  portText,
  type RuleMachine,
  ruleText,
  withoutCovered,
} from './rules.ts';

/** Priorities of custom rules, both ends inclusive; each is free once in each direction. */
const FIRST_PRIORITY = 100;
/** 4096 is left for the rule that denies the rest. */
const LAST_PRIORITY = 4095;
/** What Azure allows a group without a request for more: rules, and addresses and ports in all rules together. */
const MOST_RULES = 1000;
const MOST_PREFIXES = 4000;
const MOST_NAME = 80;
/** Azure takes 140; one is kept for the mark that an ARM template puts before a text that starts with `[`. */
const MOST_DESCRIPTION = 139;
/** Addresses and ports in one rule: kept well below what a group may hold. */
const MOST_IN_RULE = 500;

export interface NsgRule {
  readonly name: string;
  readonly description: string;
  readonly priority: number;
  readonly direction: 'Inbound' | 'Outbound';
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | 'Icmp' | '*';
  /** `Internet` alone is the service tag, `*` alone every address. */
  readonly sources: readonly string[];
  readonly destinations: readonly string[];
  /** `*` alone for ICMP, and for all traffic. */
  readonly ports: readonly string[];
}

export interface Nsg {
  readonly name: string;
  /** A word for identifiers of the target language: letters, digits and `_`, unique in the export. */
  readonly symbol: string;
  /** What it is for, in words. */
  readonly about: string;
  readonly rules: readonly NsgRule[];
}

/** The groups in the order of their names, and what could not be written. */
export function securityGroups(report: ExportReport): {
  readonly groups: readonly Nsg[];
  readonly gaps: readonly string[];
} {
  const { rules, gaps } = addressRules(report);
  const all = [...gaps];
  const groups = new Map<string, { place: GroupNames; Outbound: AddressRule[]; Inbound: AddressRule[] }>();
  const add = (machine: RuleMachine, rule: AddressRule, direction: NsgRule['direction']) => {
    const place = placeOf(machine, report);
    if (place === undefined) return;
    let group = groups.get(place.key);
    if (group === undefined) {
      group = { place, Outbound: [], Inbound: [] };
      groups.set(place.key, group);
    }
    group[direction].push(rule);
  };
  for (const rule of rules) {
    if (rule.rule.protocol === 'icmp' && rule.family === 6) {
      const { from, to } = rule.rule;
      all.push(`${from.name} to ${to.name}, icmp: network security groups know no ICMP over IPv6`);
      continue;
    }
    add(rule.rule.from, rule, 'Outbound');
    add(rule.rule.to, rule, 'Inbound');
  }
  const sorted = [...groups.values()].sort((a, b) => (a.place.key < b.place.key ? -1 : 1));
  const result = sorted.map(({ place, ...lists }) => {
    const drafts = (['Outbound', 'Inbound'] as const).flatMap((direction) =>
      withoutCovered(lists[direction]).flatMap((rule) => draftsOf(rule, direction)),
    );
    const kept = numbered(drafts);
    const left = drafts.length - kept.length;
    const entries = kept.reduce(
      (sum, { sources, destinations, ports }) => sum + sources.length + destinations.length + ports.length,
      0,
    );
    if (left > 0) {
      all.push(
        `${place.about}: ${counted(left, 'rule')} more than the priorities 100 to 4095 can number; use --server or more zones`,
      );
    }
    if (kept.length > MOST_RULES || entries > MOST_PREFIXES) {
      all.push(
        `${place.about}: ${kept.length} rules with ${entries} addresses and ports are written, Azure allows ${MOST_RULES} and ${MOST_PREFIXES}; use --server or more zones`,
      );
    }
    const { name, symbol, about } = place;
    return { name, symbol, about, rules: [...kept, ...(report.denyRest ? DENY_REST : [])] };
  });
  return { groups: result, gaps: distinct(all) };
}

interface GroupNames {
  readonly key: string;
  readonly name: string;
  readonly symbol: string;
  readonly about: string;
}

/** The group in which a machine's rules are; undefined for what is outside the network. */
function placeOf(machine: RuleMachine, { server }: ExportReport): GroupNames | undefined {
  if (machine.kind === 'cloud') return undefined;
  if (server !== undefined) {
    if (machine.name.toLowerCase() !== server.toLowerCase()) return undefined;
    return place(`server ${machine.name.toLowerCase()}`, machine.name, `The machine ${machine.name}`);
  }
  if (machine.addresses === 'internet') return undefined;
  if (machine.zone === undefined) return place('no zone', 'no zone', 'Machines without a zone');
  return place(`zone ${machine.zone.toLowerCase()}`, machine.zone, `The zone ${machine.zone}`);
}

/**
 * The names follow from this group alone, so that they stay whatever else the file gets. They keep a hash where the
 * plain word does not tell it apart from others.
 */
function place(key: string, text: string, about: string): GroupNames {
  const plain = word(text, 50);
  const suffix = plain === text ? '' : `-${hash(key)}`;
  const letters = plain.replace(/[^A-Za-z0-9]/g, '_');
  const symbol = `nsg_${letters}${letters === text ? '' : `_${hash(key)}`}`;
  return { key, name: `nsg-${plain}${suffix}`, symbol, about };
}

type Draft = Omit<NsgRule, 'priority'>;

function draftsOf(entry: AddressRule, direction: NsgRule['direction']): readonly Draft[] {
  const { rule, from, to, ports, id } = entry;
  const texts = (list: AddressRule['from']) =>
    list === 'internet' ? [['Internet']] : parts(list.map(networkText), MOST_IN_RULE);
  const portLists = rule.protocol === 'icmp' ? [['*']] : parts(ports.map(portText), MOST_IN_RULE);
  const all = texts(from).flatMap((sources) =>
    texts(to).flatMap((destinations) => portLists.map((list) => ({ sources, destinations, ports: list }))),
  );
  // Traffic inside a group is allowed in both directions, and Azure wants names that differ.
  const way = direction === 'Inbound' ? 'in' : 'out';
  const name = `${word(rule.from.name, 22)}-to-${word(rule.to.name, 22)}-${rule.protocol}-${way}-${id}`;
  return all.map((match, index) => ({
    name: (all.length > 1 ? `${name}-${index + 1}` : name).slice(0, MOST_NAME),
    description: ruleText(rule, MOST_DESCRIPTION, ascii),
    direction,
    access: 'Allow',
    protocol: PROTOCOLS[rule.protocol],
    ...match,
  }));
}

/** All that no rule above lets through, in both directions, platform services of Azure among it. */
const DENY_REST: readonly NsgRule[] = (['Inbound', 'Outbound'] as const).map((direction) => ({
  name: `cmtopo-deny-rest-${direction === 'Inbound' ? 'in' : 'out'}`,
  description: 'What no rule above allows',
  priority: LAST_PRIORITY + 1,
  direction,
  access: 'Deny',
  protocol: '*',
  sources: ['*'],
  destinations: ['*'],
  ports: ['*'],
}));

const PROTOCOLS = { tcp: 'Tcp', udp: 'Udp', icmp: 'Icmp' } as const;

/**
 * Gives every rule a priority that follows from its name, the next free one where it is taken: an edit
 * elsewhere in the file moves no other rule. All rules allow, so their order means nothing.
 */
function numbered(drafts: readonly Draft[]): readonly NsgRule[] {
  const count = LAST_PRIORITY - FIRST_PRIORITY + 1;
  const taken = { Inbound: new Set<number>(), Outbound: new Set<number>() };
  const rules: NsgRule[] = [];
  for (const draft of [...drafts].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) {
    const used = taken[draft.direction];
    if (used.size === count) continue;
    let slot = Number(BigInt(`0x${hash(draft.name)}`) % BigInt(count));
    while (used.has(slot)) slot = (slot + 1) % count;
    used.add(slot);
    rules.push({ ...draft, priority: FIRST_PRIORITY + slot });
  }
  return rules.sort((a, b) =>
    a.direction < b.direction ? -1 : a.direction > b.direction ? 1 : a.priority - b.priority,
  );
}

/** What to do for TFTP, in the words of `heading`. */
export const NSG_TFTP =
  'network security groups do not follow them, so let clients boot from a server in their own zone';

/** So many networks are named in a comment before the rest is only counted. */
const MOST_NAMED = 5;

/** The comment lines that every form of the groups begins with. */
export function nsgNotes({ denyRest, inside }: ExportReport, groups: readonly Nsg[]): readonly string[] {
  const rest = denyRest
    ? [
        'The last rules of each group (priority 4096) deny what no other rule allows: traffic that is not of',
        'Configuration Manager too, such as that of load balancers and monitoring. Add what else the machines need.',
      ]
    : [
        'These rules allow; what they leave out, the default rules of a network security group decide: they let',
        'everything inside the virtual network through. --deny-rest closes the groups once they are complete.',
      ];
  const networks = publicInside(inside).flatMap(networksIn).map(networkText);
  const isTagged = groups.some(({ rules }) =>
    rules.some(({ sources, destinations }) => [sources, destinations].some(([one]) => one === 'Internet')),
  );
  if (!isTagged || networks.length === 0) return rest;
  const more = networks.length - MOST_NAMED;
  const named = [...networks.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(', ');
  return [
    ...rest,
    'The service tag Internet is every public address outside the virtual network. The file has such addresses inside,',
    `and the tag leaves them out only where they belong to the virtual network: ${named}.`,
  ];
}
