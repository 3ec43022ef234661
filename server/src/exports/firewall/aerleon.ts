// The YAML of Aerleon (a successor of Capirca), which makes the rules of many kinds of firewalls from it: definitions of
// networks and services, and a policy for each phase. Names are made here; a text of the file is between quotation marks,
// and keeps only letters, digits and a few plain marks.
import { cut, tame, word } from '../../print/escape.ts';
import { networksIn } from '../../reach/addresses.ts';
import { outsideOf } from '../../reach/internet.ts';
import type { Network } from '../../topology/address.ts';
import { networkText } from './address.ts';
import {
  type AddressRule,
  type Exported,
  type ExportedFile,
  type ExportReport,
  hash,
  heading,
  portText,
  type RuleMachine,
  ruleText,
} from './rules.ts';
import { type ZonedRule, type ZonedSection, zonedRules } from './zoned.ts';

const MOST_COMMENT = 200;

const isZoneName = (zone: string) => /^[A-Za-z0-9][A-Za-z0-9._-]{0,30}$/.test(zone);

/**
 * The folder in which `aclgen` is called: `def/` and `policies/`. Each filter is for two zones and one family; its
 * targets decide by zones, and others can be added to them.
 */
export function aerleon(report: ExportReport): Exported {
  const { sections, gaps } = zonedRules(report, isZoneName, 'Aerleon');
  const networks = new Map<string, readonly string[]>();
  const services = new Map<string, readonly string[]>();

  const addressOf = (machine: RuleMachine, { family, inside }: AddressRule, list: AddressRule['from']) => {
    if (list !== 'internet') return networkName(word(machine.name, 30), machine.name, list, family);
    if (inside.length === 0) return undefined;
    const outside = outsideOf(inside, family).flatMap(networksIn);
    return networkName('INTERNET', 'All addresses but those of the other zones', outside, family);
  };
  const networkName = (plain: string, about: string, list: readonly Network[], family: 4 | 6) => {
    const id = hash(JSON.stringify([about.toLowerCase(), list.map(networkText)]));
    const name = `CMTOPO_${plain.replaceAll('.', '_').toUpperCase()}_V${family}_${id}`;
    networks.set(name, [
      `  ${name}:`,
      '    values:',
      ...list.map((network) => `      - { address: "${longText(network)}", comment: ${quoted(about)} }`),
    ]);
    return name;
  };
  const serviceOf = ({ rule, ports }: AddressRule) => {
    const texts = ports.map(portText);
    const group = report.portGroup?.(rule.protocol, ports);
    const about = group === undefined ? '' : `${word(group, 30).replaceAll('.', '_').toUpperCase()}_`;
    const name = `CMTOPO_${about}${rule.protocol.toUpperCase()}_${hash(JSON.stringify(texts))}`;
    services.set(name, [
      `  ${name}:`,
      ...texts.map((text) => `    - { protocol: ${rule.protocol}, port: "${text}" }`),
    ]);
    return name;
  };
  const termOf = (zoned: ZonedRule): readonly string[] => {
    const { rule, family } = zoned;
    const [from, to] = [addressOf(rule.from, zoned, zoned.from), addressOf(rule.to, zoned, zoned.to)];
    const match =
      rule.protocol === 'icmp'
        ? [`protocol: ${family === 6 ? 'icmpv6' : 'icmp'}`, 'icmp-type: echo-request']
        : [`protocol: ${rule.protocol}`, `destination-port: ${serviceOf(zoned)}`];
    return [
      `      - name: ${zoned.name}`,
      ...[
        `comment: ${quoted(ruleText(rule, MOST_COMMENT))}`,
        ...(from === undefined ? [] : [`source-address: ${from}`]),
        ...(to === undefined ? [] : [`destination-address: ${to}`]),
        ...match,
        'action: accept',
      ].map((part) => `        ${part}`),
    ];
  };

  const head = heading(report, 'let the device follow TFTP').map(comment);
  const policies = sections.map((section) => ({
    path: `policies/pol/cmtopo-${section.phase}.yaml`,
    text: textOf([
      ...head,
      comment(section.title),
      comment(
        'Each filter accepts what is needed and nothing else. The zones are those of the device, by the same names.',
      ),
      ...gaps.map((gap) => comment(`Not written: ${gap}.`)),
      'filters:',
      ...filtersOf(section, termOf),
    ]),
  }));
  // Without a rule there is a file all the same, which says what is not written.
  const empty = {
    path: 'policies/pol/cmtopo-operation.yaml',
    text: textOf([...head, ...gaps.map((gap) => comment(`Not written: ${gap}.`)), 'filters: []']),
  };
  const files: readonly ExportedFile[] = [
    { path: 'def/cmtopo-networks.yaml', text: textOf([...head, ...section('networks', networks)]) },
    { path: 'def/cmtopo-services.yaml', text: textOf([...head, ...section('services', services)]) },
    ...(policies.length === 0 ? [empty] : policies),
  ];
  const text = files.map((file) => `# file: ${file.path}\n${file.text}`).join('---\n');
  return { text, gaps, files };
}

/** One filter for each two zones and each family, in the order of the rules. */
function filtersOf(
  { phase, rules }: ZonedSection,
  termOf: (rule: ZonedRule) => readonly string[],
): readonly string[] {
  const filters = new Map<string, { readonly head: readonly string[]; readonly terms: string[] }>();
  for (const rule of rules) {
    for (const from of rule.fromZones) {
      for (const to of rule.toZones) {
        const family = rule.family === 6 ? 'inet6' : 'inet';
        const key = `${from} ${to} ${family}`;
        const filter = filters.get(key) ?? {
          head: [
            '  - header:',
            `      comment: ${quoted(`${from} to ${to}, ${phase}`)}`,
            '      targets:',
            `        paloalto: "from-zone ${from} to-zone ${to} ${family}"`,
            `        srx: "from-zone ${from} to-zone ${to} ${family}"`,
            '    terms:',
          ],
          terms: [],
        };
        filter.terms.push(...termOf(rule));
        filters.set(key, filter);
      }
    }
  }
  return [...filters.values()].flatMap(({ head, terms }) => [...head, ...terms]);
}

function section(name: string, entries: ReadonlyMap<string, readonly string[]>): readonly string[] {
  return entries.size === 0 ? [`${name}: {}`] : [`${name}:`, ...[...entries.values()].flat()];
}

/** With its prefix, also of one address. */
function longText(network: Network): string {
  const text = networkText(network);
  return text.includes('/') ? text : `${text}/${network.family === 4 ? 32 : 128}`;
}

function quoted(text: string): string {
  return `"${cut(tame(text), MOST_COMMENT)}"`;
}

function comment(text: string): string {
  return `# ${tame(text)}`;
}

function textOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}
