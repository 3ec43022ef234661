// Palo Alto Networks PAN-OS: set commands. Names are made here; a text of the file is between quotation marks, and keeps
// only letters, digits and a few plain marks.
import { cut, tame, word } from '../../print/escape.ts';
import { networkText } from './address.ts';
import {
  type AddressRule,
  type Exported,
  type ExportReport,
  hash,
  heading,
  parts,
  portText,
  type RuleMachine,
  ruleText,
} from './rules.ts';
import { type ZonedRule, zonedRules } from './zoned.ts';

const DEFAULT_SYSTEM = 'vsys1';
/** PAN-OS takes so many characters in the name of a zone, and of a description. */
const MOST_ZONE = 31;
const MOST_DESCRIPTION = 255;
/** Members of a list in one command, so that no line is too long to paste. */
const MOST_IN_LINE = 20;
/** Characters of the ports of a service. */
const MOST_PORTS = 1000;

const isZoneName = (zone: string) =>
  zone.length <= MOST_ZONE && /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]*[A-Za-z0-9._-])?$/.test(zone);

/**
 * Commands for configuration mode. Entered again they change nothing: names are made from what they stand for, and a
 * member that is there already is not added twice.
 */
export function panOs(report: ExportReport): Exported {
  // What is on the internet is any address in its zone here: a rule for it covers all others from there.
  const { sections, gaps } = zonedRules({ ...report, inside: [] }, isZoneName, 'PAN-OS');
  const set = `set vsys ${report.system ?? DEFAULT_SYSTEM}`;
  const objects = new Map<string, readonly string[]>();

  const addressOf = (machine: RuleMachine, networks: AddressRule['from'], family: AddressRule['family']) => {
    if (networks === 'internet') return 'any';
    const about = `description ${quoted(machine.name)}`;
    const id = hash(JSON.stringify([machine.name.toLowerCase(), networks.map(networkText)]));
    const name = `cmtopo-${word(machine.name, 30)}-v${family}-${id}`;
    const [only] = networks;
    if (only && networks.length === 1) {
      objects.set(name, [
        `${set} address ${name} ip-netmask ${networkText(only)}`,
        `${set} address ${name} ${about}`,
      ]);
      return name;
    }
    const members = networks.map((network) => {
      const text = networkText(network);
      const own = `cmtopo-n-${hash(text)}`;
      objects.set(own, [`${set} address ${own} ip-netmask ${text}`]);
      return own;
    });
    objects.set(name, [
      ...parts(members, MOST_IN_LINE).map((some) => `${set} address-group ${name} static ${list(some)}`),
      `${set} address-group ${name} ${about}`,
    ]);
    return name;
  };
  /** A list of names for the destination: PAN-OS takes `*` in these, and not in an address. */
  const categoryOf = ({ names }: RuleMachine): readonly string[] => {
    if (!names) return [];
    const name = `cmtopo-${hash(JSON.stringify(names))}`;
    const category = `${set} profiles custom-url-category ${name}`;
    objects.set(`category ${name}`, [
      `${category} type "URL List"`,
      // The last slash keeps the name from being the beginning of a longer one.
      ...parts(names, MOST_IN_LINE).map((some) => `${category} list ${list(some.map((host) => `${host}/`))}`),
    ]);
    return [`category ${name}`];
  };
  const servicesOf = ({ rule, ports }: AddressRule): readonly string[] => {
    const names = portLists(ports.map(portText)).map((text) => {
      const name = `cmtopo-${rule.protocol}-${hash(text)}`;
      objects.set(name, [`${set} service ${name} protocol ${rule.protocol} port ${text}`]);
      return name;
    });
    const group = report.portGroup?.(rule.protocol, ports);
    if (group === undefined) return names;
    const name = `cmtopo-${word(group, 20)}-${rule.protocol}-${hash(names.join())}`;
    objects.set(name, [`${set} service-group ${name} members ${list(names)}`]);
    return [name];
  };

  const lines = (rule: ZonedRule, tag: string): readonly string[] => {
    const { from, to, protocol } = rule.rule;
    const isIcmp = protocol === 'icmp';
    const application = !isIcmp ? 'any' : rule.family === 6 ? 'ping6' : 'ping';
    return [
      `from ${list(rule.fromZones.map(zoneText))}`,
      `to ${list(rule.toZones.map(zoneText))}`,
      `source ${addressOf(from, rule.from, rule.family)}`,
      `destination ${addressOf(to, rule.to, rule.family)}`,
      `application ${application}`,
      ...categoryOf(to),
      `service ${isIcmp ? 'application-default' : list(servicesOf(rule))}`,
      'action allow',
      `tag ${tag}`,
      `description ${quoted(ruleText(rule.rule, MOST_DESCRIPTION))}`,
    ].map((part) => `${set} rulebase security rules ${rule.name} ${part}`);
  };
  const rules = sections.flatMap(({ phase, title, rules }) => {
    const tag = `cmtopo-${phase}`;
    return [
      '',
      comment(title),
      `${set} tag ${tag} comments ${quoted(`${title}, by cmtopo`)}`,
      ...rules.flatMap((rule) => lines(rule, tag)),
    ];
  });
  const text = [
    ...heading(report, 'let the firewall follow TFTP').map(comment),
    comment('Enter these lines in configuration mode, and commit. Entering them again changes nothing.'),
    comment(
      'The zones are those of the device, by the same names. New rules come last: move them before a rule that denies.',
    ),
    ...(report.unnamed ?? []).map((one) => comment(`Not by name: ${one}.`)),
    ...gaps.map((gap) => comment(`Not written: ${gap}.`)),
    ...[...objects.values()].flat(),
    ...rules,
  ];
  return { text: text.map((line) => `${line}\n`).join(''), gaps };
}

/** A list of ports in texts that PAN-OS takes as one field. */
function portLists(ports: readonly string[]): readonly string[] {
  const found: string[] = [];
  for (const port of ports) {
    const last = found.at(-1);
    if (last !== undefined && last.length + port.length < MOST_PORTS)
      found[found.length - 1] = `${last},${port}`;
    else found.push(port);
  }
  return found;
}

/** One member alone, several in brackets. */
function list(members: readonly string[]): string {
  const [first = ''] = members;
  return members.length === 1 ? first : `[ ${members.join(' ')} ]`;
}

function zoneText(zone: string): string {
  return zone.includes(' ') ? `"${zone}"` : zone;
}

function quoted(text: string): string {
  return `"${cut(tame(text), MOST_DESCRIPTION)}"`;
}

function comment(text: string): string {
  return `# ${tame(text)}`;
}
