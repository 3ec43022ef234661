// What a reader found, as entries of `firewalls:` in YAML. Every text of the source is quoted or is in a comment.
import { distinct } from '../collections.ts';
import { cut, visible, word } from '../print/escape.ts';
import { yamlQuoted, yamlScalar } from '../print/yaml.ts';
import { type PortSet, portTexts } from '../reach/ports.ts';
import { lookup } from '../topology/effective.ts';
import { ANYONE, both, type Ends, hasAll, isAnyone, isNobody, namedEnds, sameName } from './ends.ts';
import { type GroupNaming, groupNaming } from './groups.ts';
import {
  type Action,
  budget,
  type ImportedFirewall,
  type ImportedRule,
  type RuleList,
  type Step,
  type Words,
} from './model.ts';
import type { Naming } from './names.ts';
import type { PortObject } from './objects.ts';
import {
  ALL_SERVICES,
  ALL_TRAFFIC,
  type ImportedTraffic,
  isAllTraffic,
  isEverything,
  isNothing,
  isSpoken,
  type Services,
} from './traffic.ts';
import { isAllPorts, optionWord } from './values.ts';

/** Where the firewalls are. */
export interface EntryOptions {
  readonly zones: readonly string[];
  /** The zone, server or client group that is protected; undefined where the user did not say. */
  readonly inside: string | undefined;
  /** The name of the entry; undefined for the one that the source gives. */
  readonly name: string | undefined;
  /** The machines on each of which the firewall runs; none where it is between zones. */
  readonly hosts?: readonly string[];
  /** Lines for the head of the text. */
  readonly head: readonly string[];
}

export interface ImportText {
  readonly text: string;
  /** What could not be written; each is in a comment at its place too. */
  readonly gaps: readonly string[];
  /** How many rules were written. */
  readonly rules: number;
  /** Interfaces and zones of a device that stand for nothing in the topology. */
  readonly unmapped: readonly string[];
}

/** A rule's line is broken up where it is longer. */
const WIDTH = 120;
const MOST_NAME = 63;
const MOST_TEXT = 200;
const MOST_COMMENT = 400;
/** Of a comment, what says what is not written. */
const MOST_GAP = 350;

/** Addresses and names in all rules: lists that rules share are written with each of them. */
const MOST_ENDS = 2_000_000;

/** Entries of one section of a topology file: their lines with the comments about them, indented by two. */
export interface ImportedSection {
  readonly key: 'addressGroups' | 'portGroups' | 'firewalls';
  readonly lines: readonly string[];
}

export interface ImportedSections extends Omit<ImportText, 'text'> {
  readonly sections: readonly ImportedSection[];
  /** The names of the entries of `firewalls:`. */
  readonly names: readonly string[];
}

/** Entries for a topology file, with a comment for everything that is no rule. */
export function importedText(
  firewalls: readonly ImportedFirewall[],
  place: EntryOptions,
  words: Words,
): ImportText {
  const { sections, gaps, rules, unmapped } = importedSections(firewalls, place, words);
  const lines = sections.flatMap(({ key, lines }) => [`${key}:`, ...lines]);
  const head = place.head.map((line) => comment(0, line));
  return { text: `${[...head, ...lines].join('\n')}\n`, gaps, rules, unmapped };
}

/** The same by section, to be put into those that a file has. */
export function importedSections(
  firewalls: readonly ImportedFirewall[],
  place: EntryOptions,
  words: Words,
): ImportedSections {
  const taken = new Set(
    [...(words.topology?.firewalls.values() ?? [])].map(({ name }) => name.toLowerCase()),
  );
  const groups = groupNaming(words.topology, firewalls.find(({ objects }) => objects)?.objects);
  const spend = budget(MOST_ENDS);
  const say: Naming = (ends) => {
    const texts = groups.say(ends);
    spend(texts.length);
    return texts;
  };
  const gaps: string[] = [];
  let rules = 0;
  const lines: string[] = [];
  const names: string[] = [];
  for (const firewall of firewalls) {
    const hosts = firewall.zones ? [] : (place.hosts ?? []);
    const { steps, zones, isOutboundDenied } = placed(firewall, place, words, firewalls.length > 1);
    const name = unique(place.name ?? firewall.name, taken);
    names.push(name);
    lines.push(
      comment(2, firewall.about),
      `  ${scalar(name)}:`,
      ...(hosts.length > 0
        ? [
            `    hosts: [${hosts.map(scalar).join(', ')}]`,
            ...(isOutboundDenied ? ['    outbound: deny'] : []),
          ]
        : [`    zones: [${zones.map(scalar).join(', ')}]`]),
      steps.some(({ kind }) => kind === 'rule') ? '    rules:' : '    rules: []',
    );
    for (const step of steps) {
      if (step.kind === 'rule') {
        rules++;
        for (const line of ruleLines(step, say, groups.port)) lines.push(line);
      } else if (step.kind === 'gap') {
        gaps.push(step.text);
        const without = step.lost && `; without it ${step.lost === 'allow' ? 'less' : 'more'} passes here`;
        lines.push(comment(6, `Not written: ${cut(visible(step.text), MOST_GAP)}${without ?? ''}.`));
      } else if (step.kind === 'inexact') {
        gaps.push(step.text);
        lines.push(comment(6, `Not exact: ${step.text}.`));
      } else {
        lines.push(comment(6, `Note: ${step.text}`));
      }
    }
  }
  return {
    sections: [...groupSections(groups, say), { key: 'firewalls', lines }],
    names,
    gaps: distinct(gaps),
    rules,
    unmapped: distinct(firewalls.flatMap(({ unmapped }) => unmapped ?? [])),
  };
}

/** What the rules name; a device's own name is in a comment where it is another. */
function groupSections(groups: GroupNaming, say: Naming): readonly ImportedSection[] {
  const entry = (name: string, own: string, short: string, long: readonly string[]): readonly string[] => [
    ...(name === own ? [] : [comment(2, `'${own}' of the device`)]),
    ...(short.length <= WIDTH ? [short] : [`  ${scalar(name)}:`, ...long]),
  ];
  const addresses = groups.addresses().flatMap(({ name, own, members }) => {
    const texts = distinct(members.flatMap((member) => say(member))).map(scalar);
    const short = `  ${scalar(name)}: [${texts.join(', ')}]`;
    return entry(
      name,
      own,
      short,
      texts.map((text) => `    - ${text}`),
    );
  });
  const ports = groups.ports().flatMap(({ name, own, services }) => {
    const fields = serviceFields(services).map(([key, value]) => `${key}: ${value}`);
    const short = `  ${scalar(name)}: { ${fields.join(', ')} }`;
    return entry(
      name,
      own,
      short,
      fields.map((field) => `    ${field}`),
    );
  });
  const sections: readonly ImportedSection[] = [
    { key: 'addressGroups', lines: addresses },
    { key: 'portGroups', lines: ports },
  ];
  return sections.filter(({ lines }) => lines.length > 0);
}

/** All rules of a firewall in one list, each at the end of the protected side that it is about. */
function placed(
  firewall: ImportedFirewall,
  place: EntryOptions,
  words: Words,
  isOneOfMany: boolean,
): {
  readonly steps: readonly Step[];
  readonly zones: readonly string[];
  readonly isOutboundDenied: boolean;
} {
  const steps: Step[] = [...firewall.remarks];
  if (firewall.zones) {
    const zones = zonesOf(firewall.zones, place, words);
    if (zones.length > firewall.zones.length) {
      steps.push({
        kind: 'inexact',
        text: `of the zones that it joins only ${firewall.zones.length} are known, and ${zones.join(', ')} are taken; --map tells what is behind its interfaces`,
      });
    }
    return { ...onDevice(firewall, steps), zones, isOutboundDenied: false };
  }
  const hosts = place.hosts ?? [];
  let isOutboundDenied = false;
  const { ends: inside, source } = insideOf(firewall, place, words);
  const [what] = isOneOfMany ? firewall.protects : [];
  const option = what === undefined ? '--inside NAME' : `--map ${optionWord(what, 'GROUP')}=ZONE`;
  const isUnknown = source === 'guess' && what !== undefined;
  if (isUnknown) {
    steps.push({
      kind: 'inexact',
      text: `what ${what} protects is not known, and ${inside.names.join(', ')} is taken; say it with ${option}`,
    });
  }
  const directions = new Set<RuleList['inside']>();
  let isNarrowed = true;
  let elsewhere = 0;
  /** That what comes to a machine is denied, which has to be written only where rules for what it sends follow. */
  let pending: ImportedRule | undefined;
  let hasRulesOfBoth = hosts.length === 0;
  for (const list of firewall.lists) {
    directions.add(list.inside);
    steps.push({ kind: 'note', text: `${list.title}.` });
    const { kept, passing } = hosts.length > 0 ? withoutPassing(list) : { kept: list.steps, passing: 0 };
    if (passing > 0) {
      steps.push({
        kind: 'note',
        text: `${passing === 1 ? '1 rule lets' : `${passing} rules let`} through what a machine sends, which passes without ${passing === 1 ? 'it' : 'them'} too.`,
      });
    }
    for (const step of kept) {
      if (pending && step.kind === 'rule') {
        steps.push(pending);
        pending = undefined;
        hasRulesOfBoth = true;
      }
      if (step.kind !== 'rule' || list.inside === undefined) {
        steps.push(step);
        continue;
      }
      const end = both(step.traffic[list.inside], inside, words);
      if (!end) isNarrowed = false;
      else if (isNobody(end)) elsewhere++;
      const traffic = { ...step.traffic, [list.inside]: end ?? step.traffic[list.inside] };
      const name = step.name === undefined ? '' : ` '${cut(visible(step.name), 60)}'`;
      if (isNothing(traffic)) {
        steps.push({
          kind: 'note',
          text: `${step.action} rule${name} is about none of the protected addresses.`,
        });
      } else {
        steps.push({ ...step, traffic });
      }
    }
    const { action, why } = list.otherwise;
    if (hosts.length > 0 && list.inside === 'from' && action === 'deny') isOutboundDenied = true;
    if (list.inside === undefined && action === 'deny') {
      steps.push({ kind: 'note', text: `What no rule matches is denied: ${why}.` });
    } else if (isDefaultOfHost(list, hosts)) {
      steps.push({ kind: 'note', text: `Default: ${why}.` });
      if (list.inside === 'to') pending = rest(action, 'to', inside);
    } else if (list.steps.some((step) => step.kind === 'rule' && isAllTraffic(step.traffic))) {
      steps.push({
        kind: 'note',
        text: `The default rules decide nothing here, a rule above is for all traffic.`,
      });
    } else {
      steps.push({ kind: 'note', text: `Default: ${why}.` }, rest(action, list.inside, inside));
    }
  }
  if (elsewhere > 0 && source !== 'user' && !isUnknown) {
    steps.unshift({
      kind: 'inexact',
      text: `${inside.names.join(', ')} is taken to be what is protected, and ${elsewhere === 1 ? '1 rule is' : `${elsewhere} rules are`} about none of its addresses; where something else is protected, say so with ${option}`,
    });
  }
  if (!isNarrowed) {
    steps.unshift({
      kind: 'inexact',
      text: 'which addresses are on the protected side is not known, so rules for single addresses may match traffic in the other direction too; --topology with networks of the zone tells it',
    });
  }
  const zones = [...place.zones];
  const isZone = (name: string) =>
    zones.some((zone) => sameName(zone, name)) ||
    (words.topology && lookup(words.topology.zones, name)) !== undefined;
  for (const name of inside.names) {
    if (isZone(name) && !zones.some((zone) => sameName(zone, name))) zones.unshift(name);
  }
  if (directions.has(undefined)) return { steps, zones, isOutboundDenied };
  if (inside.names.length > 1 && hasRulesOfBoth) {
    steps.unshift({
      kind: 'inexact',
      text: `traffic among ${inside.names.join(', ')} has to pass inbound and outbound rules; here the first rule that matches decides`,
    });
  }
  if (hosts.length > 0) return { steps, zones, isOutboundDenied };
  const [only] = inside.names;
  const isBetweenTwo = zones.length === 2 && inside.names.length === 1 && only !== undefined && isZone(only);
  if (!isBetweenTwo || directions.size < 2) {
    steps.push(
      { kind: 'note', text: 'Traffic that is none of its business passes.' },
      { ...rest('allow', undefined, inside), configmgr: false },
    );
  }
  return { steps, zones, isOutboundDenied };
}

/** Whether what no rule of a list matches is treated as at every firewall of a machine: denied in, allowed out. */
function isDefaultOfHost({ inside, otherwise: { action } }: RuleList, hosts: readonly string[]): boolean {
  return hosts.length > 0 && (inside === 'to' ? action === 'deny' : inside === 'from' && action === 'allow');
}

/**
 * The rules of a firewall on a machine without those that let through what the machine sends and nothing denies: it
 * passes anyway, and to another machine of the entry they would open what that one does not take.
 * @returns the steps that are left, and how many rules are not among them
 */
function withoutPassing(list: RuleList): { readonly kept: readonly Step[]; readonly passing: number } {
  const { inside, steps, otherwise } = list;
  if (inside !== 'from' || otherwise.action !== 'allow') return { kept: steps, passing: 0 };
  const after = steps.findLastIndex((step) => step.kind === 'rule' && step.action === 'deny');
  const kept = steps.filter((step, index) => {
    if (index < after) return true;
    if (step.kind === 'gap') return step.lost !== 'allow';
    return step.kind === 'note' || (step.kind === 'rule' && step.action === 'deny');
  });
  const passing = steps.filter(
    (step, index) => index > after && step.kind === 'rule' && step.action === 'allow',
  ).length;
  return { kept, passing };
}

/** Two zones at least: those of the device, else those of the user, else all of the topology. */
function zonesOf(own: readonly string[], place: EntryOptions, { topology }: Words): readonly string[] {
  const all = topology ? [...topology.zones.values()].map(({ name }) => name) : ['inside', 'outside'];
  const zones = [...own];
  for (const zone of place.zones.length > 0 ? place.zones : all) {
    if (own.length >= 2) break;
    if (!zones.some((one) => sameName(one, zone))) zones.push(zone);
  }
  return zones;
}

/** The rules of a device that says itself between which zones each rule is. */
function onDevice({ lists }: ImportedFirewall, steps: Step[]): { readonly steps: readonly Step[] } {
  for (const list of lists) {
    steps.push({ kind: 'note', text: `${list.title}.` });
    for (const step of list.steps) steps.push(step);
    const { action, why } = list.otherwise;
    if (action === 'deny') steps.push({ kind: 'note', text: `What no rule matches is denied: ${why}.` });
    else {
      steps.push(
        { kind: 'note', text: `Default: ${why}.` },
        { kind: 'rule', action, traffic: ALL_TRAFFIC, name: undefined },
      );
    }
  }
  return { steps };
}

/** What the user says of this firewall, then of all; else the zone that it is named after, else the first. */
function insideOf(
  { protects }: ImportedFirewall,
  { inside, zones, hosts = [] }: EntryOptions,
  { ends, topology }: Words,
): { readonly ends: Ends; readonly source: 'user' | 'name' | 'guess' } {
  if (hosts.length > 0) return { ends: namedEnds(hosts), source: 'user' };
  for (const word of protects) {
    const said = ends(word);
    if (said) return { ends: said, source: 'user' };
  }
  if (inside !== undefined) return { ends: namedEnds([inside]), source: 'user' };
  for (const word of protects) {
    const zone = zones.find((one) => sameName(one, word)) ?? (topology && lookup(topology.zones, word)?.name);
    if (zone !== undefined) return { ends: namedEnds([zone]), source: 'name' };
  }
  return { ends: namedEnds(zones.slice(0, 1)), source: 'guess' };
}

function rest(action: Action, side: 'from' | 'to' | undefined, inside: Ends): ImportedRule {
  const traffic: ImportedTraffic = {
    from: side === 'from' ? inside : ANYONE,
    to: side === 'to' ? inside : ANYONE,
    services: ALL_SERVICES,
  };
  return { kind: 'rule', action, traffic, name: undefined };
}

// --- YAML -------------------------------------------------------------------------------------

function ruleLines(
  { action, traffic, name, description, ports, about, configmgr }: ImportedRule,
  say: Naming,
  portName: (group: PortObject) => string,
): readonly string[] {
  // A rule that names no service would match all traffic.
  if (!isSpoken(traffic.services)) return [comment(6, 'Not written: a rule for other protocols.')];
  const fields: [string, string][] = [
    ['action', action],
    ['from', list(endTexts(traffic.from, traffic.to, say).map(scalar))],
    ['to', list(endTexts(traffic.to, traffic.from, say).map(scalar))],
  ];
  if (!isEverything(traffic.services)) {
    const groups = ports?.groups.filter(({ services }) => isSpoken(services)) ?? [];
    if (groups.length > 0) fields.push(['ports', `[${groups.map(portName).map(scalar).join(', ')}]`]);
    fields.push(...serviceFields(ports?.direct ?? traffic.services));
  }
  if (name) fields.push(['name', quoted(name)]);
  if (description) fields.push(['description', quoted(description)]);
  if (configmgr === false) fields.push(['configmgr', 'false']);
  if (about?.ticket) fields.push(['ticket', quoted(about.ticket)]);
  if (about?.owner) fields.push(['owner', quoted(about.owner)]);
  if (about?.reviewed) fields.push(['reviewed', about.reviewed]);
  if (about?.expires) fields.push(['expires', about.expires]);
  const short = `      - { ${fields.map(([key, value]) => `${key}: ${value}`).join(', ')} }`;
  if (short.length <= WIDTH) return [short];
  return fields.map(([key, value], index) => `      ${index === 0 ? '-' : ' '} ${key}: ${value}`);
}

function serviceFields({ tcp, udp, icmp }: Services): [string, string][] {
  const fields: [string, string][] = [];
  if (tcp.length > 0) fields.push(['tcp', isAllPorts(tcp) ? 'any' : list(portList(tcp))]);
  if (udp.length > 0) fields.push(['udp', isAllPorts(udp) ? 'any' : list(portList(udp))]);
  if (icmp) fields.push(['icmp', 'true']);
  return fields;
}

/** `any` where it says the same: the other end tells the family. */
function endTexts(ends: Ends, other: Ends, say: Naming): readonly string[] {
  if (isAnyone(ends)) return ['any'];
  for (const family of [4, 6] as const) {
    if (!hasAll(ends, family) || hasAll(other, family) || other.names.length > 0) continue;
    if (other.ranges.every((range) => range.family === family)) return ['any'];
  }
  return say(ends);
}

/** Two neighbours are apart, as people write them. */
function portList(set: PortSet): readonly string[] {
  return portTexts(
    set.flatMap(({ low, high }) =>
      high === low + 1 ? [low, high].map((port) => ({ low: port, high: port })) : { low, high },
    ),
  );
}

function list(texts: readonly string[]): string {
  const [first = ''] = texts;
  return texts.length === 1 ? first : `[${texts.join(', ')}]`;
}

/** A name or address; quoted where YAML would take it for something else. */
function scalar(text: string): string {
  return yamlScalar(text, MOST_TEXT);
}

/** A double-quoted text. What is not visible is written so that it is. */
function quoted(text: string): string {
  return yamlQuoted(text, MOST_TEXT);
}

/** One line, which says nothing to the checker since it never starts with a word of the source. */
function comment(indent: number, text: string): string {
  return `${' '.repeat(indent)}# ${cut(visible(text), MOST_COMMENT)}`;
}

/** A name that a firewall may have and that none has yet. */
function unique(name: string, taken: Set<string>): string {
  const base = word(name, MOST_NAME - 6);
  let found = base;
  for (let number = 2; taken.has(found.toLowerCase()); number++) found = `${base}-${number}`;
  taken.add(found.toLowerCase());
  return found;
}
