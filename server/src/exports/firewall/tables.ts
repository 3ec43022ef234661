// Rules as tables for people: one for each pair of zones, as a firewall's rules are grouped.

import { distinct, groupBy } from '../../collections.ts';
import { networkText } from './address.ts';
import {
  addressGap,
  type ExportReport,
  type ExportRule,
  internetText,
  namedRules,
  portText,
  type RuleMachine,
} from './rules.ts';

export const HEADER: readonly string[] = [
  'Source',
  'Source address',
  'Destination',
  'Destination address',
  'Protocol',
  'Port',
  'Purpose',
  'Phase',
  'Document',
];

export interface RuleTable {
  /** `hq to perimeter`. */
  readonly title: string;
  readonly rows: readonly (readonly string[])[];
}

/**
 * The tables in the order of their first rule, what only an installation needs in tables of its own behind them, and
 * what is missing in them, in plain text.
 * @param shown how a name of the file is written
 * @param plain how any other text of the tables is written
 */
export function ruleTables(
  report: ExportReport,
  shown: (name: string) => string,
  plain: (text: string) => string,
): {
  readonly tables: readonly RuleTable[];
  readonly gaps: readonly string[];
} {
  const rules = namedRules(report);
  const isForInstallation = ({ phase }: ExportRule) => phase === 'installation';
  const tablesOf = (some: readonly ExportRule[], mark: string) =>
    [...groupBy(some, ({ from, to }) => JSON.stringify([zoneText(from), zoneText(to)])).values()].map(
      (own) => ({
        title: `${titleOf(own)}${mark}`,
        rows: own.map((rule) => row(rule, report.inside, shown, plain)),
      }),
    );
  const titleOf = ([first]: readonly ExportRule[]) => {
    const [from, to] = first ? [zoneText(first.from), zoneText(first.to)] : [];
    if (from === undefined || to === undefined) return '';
    return from === to ? `Within ${shown(from)}` : `${shown(from)} to ${shown(to)}`;
  };
  const gaps = rules.flatMap(({ from, to, gaps }) => [
    ...gaps,
    ...[addressGap(from), addressGap(to)].flatMap((gap) => gap ?? []),
  ]);
  return {
    tables: [
      ...tablesOf(
        rules.filter((rule) => !isForInstallation(rule)),
        '',
      ),
      ...tablesOf(rules.filter(isForInstallation), ', only for an installation'),
    ],
    gaps: distinct(gaps),
  };
}

function zoneText({ zone, kind }: RuleMachine): string {
  return zone ?? (kind === 'cloud' ? 'internet' : 'no zone');
}

function row(
  rule: ExportRule,
  inside: ExportReport['inside'],
  shown: (name: string) => string,
  plain: (text: string) => string,
): readonly string[] {
  const { from, to, protocol, purpose, phase, documents } = rule;
  return [
    nameText(from, shown),
    addressesText(from, inside),
    nameText(to, shown),
    addressesText(to, inside),
    protocol,
    portsText(rule),
    plain(purpose.join(', ')),
    phase,
    plain(documents.join(', ')),
  ];
}

function nameText({ name, fqdn }: RuleMachine, shown: (name: string) => string): string {
  return fqdn === undefined ? shown(name) : `${shown(name)} (${shown(fqdn)})`;
}

function addressesText({ addresses }: RuleMachine, inside: ExportReport['inside']): string {
  if (addresses === 'internet') return internetText(inside);
  return addresses.length === 0 ? 'missing' : addresses.map(networkText).join(', ');
}

function portsText({ protocol, ports, gaps, isRuledOut }: ExportRule): string {
  if (protocol === 'icmp') return isRuledOut ? 'missing' : 'echo request';
  return [...ports.map(portText), ...(gaps.length > 0 ? ['missing'] : [])].join(', ');
}
