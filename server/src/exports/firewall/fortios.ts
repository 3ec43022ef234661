// Fortinet FortiOS: commands for the command line. Every name and text is between quotation marks; a text of the file
// keeps only letters, digits and a few plain marks.
import { cut, tame, word } from '../../print/escape.ts';
import type { Network } from '../../topology/address.ts';
import { addressText, maskText, networkText } from './address.ts';
import {
  type AddressRule,
  type Exported,
  type ExportReport,
  hash,
  heading,
  portText,
  type RuleMachine,
  ruleText,
} from './rules.ts';
import { type ZonedRule, zonedRules } from './zoned.ts';

/** FortiOS takes so many characters in the name of a zone or interface, and in a comment. */
const MOST_ZONE = 35;
const MOST_COMMENT = 255;
/** Numbers of policies: from here up, so that they are not in the way of others. */
const FIRST_POLICY = 1_000_000_000;
const LAST_POLICY = 4_294_967_294;

const isZoneName = (zone: string) => zone.length <= MOST_ZONE && /^[A-Za-z0-9._-]+$/.test(zone);

/** The parts of one entry, each the words behind `set`. */
type Entry = readonly string[];

/**
 * A script for the command line of one VDOM. Entered again it changes nothing: names and the numbers of policies are
 * made from what they stand for.
 */
export function fortios(report: ExportReport): Exported {
  // What is on the internet is any address in its zone here: a rule for it covers all others from there.
  const { sections, gaps } = zonedRules({ ...report, inside: [] }, isZoneName, 'FortiOS');
  const tables = new Map<string, Map<string, Entry>>();
  const add = (table: string, name: string, entry: Entry) => {
    const found = tables.get(table) ?? new Map<string, Entry>();
    found.set(name, entry);
    tables.set(table, found);
    return name;
  };

  const addressOf = (machine: RuleMachine, networks: AddressRule['from'], family: AddressRule['family']) => {
    const suffix = family === 6 ? '6' : '';
    if (networks === 'internet') {
      if (!machine.names) return 'all';
      const members = machine.names.map((host) =>
        add(`firewall address${suffix}`, `cmtopo-fqdn-v${family}-${hash(host)}`, [
          'type fqdn',
          `fqdn "${host}"`,
        ]),
      );
      const name = `cmtopo-names-v${family}-${hash(JSON.stringify(machine.names))}`;
      return add(`firewall addrgrp${suffix}`, name, [`member ${members.map(quoted).join(' ')}`]);
    }
    const [only] = networks;
    const id = hash(JSON.stringify([machine.name.toLowerCase(), networks.map(networkText)]));
    const name = `cmtopo-${word(machine.name, 30)}-v${family}-${id}`;
    const about = `comment ${quoted(machine.name)}`;
    const single = (own: string, network: Network, more: Entry) =>
      add(
        `firewall address${suffix}`,
        own,
        family === 6
          ? [`ip6 ${networkText(network)}${networkText(network).includes('/') ? '' : '/128'}`, ...more]
          : [`subnet ${addressText(network)} ${maskText(network)}`, ...more],
      );
    if (only && networks.length === 1) return single(name, only, [about]);
    const members = networks.map((network) => single(`cmtopo-n-${hash(networkText(network))}`, network, []));
    return add(`firewall addrgrp${suffix}`, name, [`member ${members.map(quoted).join(' ')}`, about]);
  };
  const serviceOf = ({ rule, ports, family }: AddressRule) => {
    if (rule.protocol === 'icmp') {
      return add(
        'firewall service custom',
        `cmtopo-echo-v${family}`,
        family === 6 ? ['protocol ICMP6', 'icmptype 128'] : ['protocol ICMP', 'icmptype 8'],
      );
    }
    const texts = ports.map(portText);
    const own = add('firewall service custom', `cmtopo-${rule.protocol}-${hash(JSON.stringify(texts))}`, [
      'protocol TCP/UDP/SCTP',
      `${rule.protocol}-portrange ${texts.join(' ')}`,
    ]);
    const group = report.portGroup?.(rule.protocol, ports);
    return group === undefined
      ? own
      : add('firewall service group', `cmtopo-${word(group, 30)}-${rule.protocol}-${hash(own)}`, [
          `member ${quoted(own)}`,
        ]);
  };

  const taken = new Set<number>();
  const policyOf = (rule: ZonedRule): readonly string[] => {
    const { from, to } = rule.rule;
    const suffix = rule.family === 6 ? '6' : '';
    return [
      `    edit ${policyNumber(rule.id, taken)}`,
      ...[
        `name ${quoted(rule.name)}`,
        `srcintf ${rule.fromZones.map(quoted).join(' ')}`,
        `dstintf ${rule.toZones.map(quoted).join(' ')}`,
        'action accept',
        `srcaddr${suffix} ${quoted(addressOf(from, rule.from, rule.family))}`,
        `dstaddr${suffix} ${quoted(addressOf(to, rule.to, rule.family))}`,
        'schedule "always"',
        `service ${quoted(serviceOf(rule))}`,
        `comments ${quoted(ruleText(rule.rule, MOST_COMMENT))}`,
      ].map((part) => `        set ${part}`),
      '    next',
    ];
  };
  const policies = sections.flatMap(({ title, rules }) => [
    comment(title),
    'config firewall policy',
    ...rules.flatMap(policyOf),
    'end',
  ]);
  const lines = [
    ...heading(report, 'keep the session helper for TFTP').map(comment),
    comment('Enter these lines in the VDOM of the zones. Entering them again changes nothing.'),
    comment(
      'Zones and interfaces are those of the device, by the same names. New policies come last: move them before one that denies.',
    ),
    ...(report.unnamed
      ? [
          ...report.unnamed.map((one) => comment(`Not by name: ${one}.`)),
          comment(
            'Names with an asterisk need FortiOS 6.2.2 or later, and a FortiGate that sees the DNS answers of the machines.',
          ),
        ]
      : []),
    ...gaps.map((gap) => comment(`Not written: ${gap}.`)),
    ...[...tables].flatMap(([table, entries]) => [
      `config ${table}`,
      ...[...entries].flatMap(([name, entry]) => [
        `    edit ${quoted(name)}`,
        ...entry.map((part) => `        set ${part}`),
        '    next',
      ]),
      'end',
    ]),
    ...policies,
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), gaps };
}

/** A number made from the rule's identity, and the next free one where it is taken. */
function policyNumber(id: string, taken: Set<number>): number {
  const span = LAST_POLICY - FIRST_POLICY + 1;
  let number = FIRST_POLICY + Number(BigInt(`0x${id}`) % BigInt(span));
  while (taken.has(number)) number = number === LAST_POLICY ? FIRST_POLICY : number + 1;
  taken.add(number);
  return number;
}

function quoted(text: string): string {
  return `"${cut(tame(text), MOST_COMMENT)}"`;
}

function comment(text: string): string {
  return `# ${tame(text)}`;
}
