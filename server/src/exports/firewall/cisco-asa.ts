// Cisco ASA configuration: object groups and one access list for each zone in which traffic starts. Its only
// quoting is to have nothing to quote, so texts of the file keep only letters, digits and a few plain marks.
import { groupBy } from '../../collections.ts';
import { cut, tame, word } from '../../print/escape.ts';
import { networksIn } from '../../reach/addresses.ts';
import { outsideOf } from '../../reach/internet.ts';
import type { Network } from '../../topology/address.ts';
import { addressText, isHost, maskText, networkText } from './address.ts';
import { withGroups } from './group-rules.ts';
import {
  type AddressRule,
  addressRules,
  type Exported,
  type ExportReport,
  hash,
  heading,
  portText,
  purposeText,
  type RuleMachine,
  ruleText,
  withoutCovered,
} from './rules.ts';

/** An object group's description may have so many characters. */
const MOST_DESCRIPTION = 200;
/** And a remark. */
const MOST_REMARK = 100;

/**
 * Lines to paste in configuration mode. The names are made from what they stand for, so that the same lines
 * entered again change nothing: the ASA ignores members and entries that are there already.
 */
export function ciscoAsa(report: ExportReport): Exported {
  const { rules, gaps } = addressRules(report);
  const groups = new Map<string, readonly string[]>();
  const lists = new Map<string, { zone: string; lines: readonly string[] }>();

  const addressesOf = (machine: RuleMachine, ends: AddressRule['from'], { family, inside }: AddressRule) => {
    if (ends === 'internet' && inside.length === 0) return `any${family}`;
    const networks = ends === 'internet' ? outsideOf(inside, family).flatMap(networksIn) : ends;
    if (ends === 'internet') return internetGroup(networks, family);
    const id = hash(JSON.stringify([machine.name.toLowerCase(), networks.map(networkText)]));
    const name = `cmtopo-${word(machine.name, 30)}-v${family}-${id}`;
    groups.set(name, [
      `object-group network ${name}`,
      ` description ${description(machine.name)}`,
      ...networks.map((network) => ` network-object ${networkObject(network)}`),
    ]);
    return `object-group ${name}`;
  };
  const internetGroup = (networks: readonly Network[], family: AddressRule['family']) => {
    const name = `cmtopo-internet-v${family}-${hash(networks.map(networkText).join())}`;
    groups.set(name, [
      `object-group network ${name}`,
      ' description All addresses but those of the other zones',
      ...networks.map((network) => ` network-object ${networkObject(network)}`),
    ]);
    return `object-group ${name}`;
  };
  const serviceOf = ({ rule, ports }: AddressRule) => {
    const group = report.portGroup?.(rule.protocol, ports);
    const about = group === undefined ? '' : `${word(group, 30)}-`;
    const name = `cmtopo-${about}${rule.protocol}-${hash(JSON.stringify(ports.map(portText)))}`;
    groups.set(name, [
      `object-group service ${name} ${rule.protocol}`,
      ...ports.map(({ low, high }) => ` port-object ${low === high ? `eq ${low}` : `range ${low} ${high}`}`),
    ]);
    return `object-group ${name}`;
  };

  for (const [zone, own] of groupBy(rules, ({ rule }) => rule.from.zone ?? 'no zone')) {
    const list = listName(zone);
    const lines = withGroups(withoutCovered(own), report.groups ?? []).flatMap((entry) => {
      const { rule, from, to, family } = entry;
      const source = addressesOf(rule.from, from, entry);
      const target = addressesOf(rule.to, to, entry);
      const icmp = family === 6 ? 'icmp6' : 'icmp';
      return [
        rule.known
          ? `access-list ${list} remark ${tame(ruleText(rule, MOST_REMARK))}`
          : `! ${tame(`${rule.from.name} to ${rule.to.name}: ${purposeText(rule)}`)}`,
        rule.protocol === 'icmp'
          ? `access-list ${list} extended permit ${icmp} ${source} ${target} echo`
          : `access-list ${list} extended permit ${rule.protocol} ${source} ${target} ${serviceOf(entry)}`,
      ];
    });
    lists.set(list, { zone, lines });
  }

  const lines = [
    ...heading(report, 'keep TFTP under inspection (inspect tftp)').map(comment),
    comment(
      `Enter these lines in configuration mode. Entering them again changes nothing${rules.some(({ rule }) => rule.known) ? ' but adds the remarks once more' : ''}.`,
    ),
    comment('Put each access list on the interface of its zone, and the answers to echo requests'),
    comment('under inspection (inspect icmp), which is not the default.'),
    ...gaps.map((gap) => comment(`Not written: ${gap}.`)),
    ...[...groups.values()].flatMap((group) => ['!', ...group]),
    ...[...lists].flatMap(([name, list]) => [
      '!',
      comment(`From the zone ${list.zone}: access-group ${name} in interface NAME`),
      ...list.lines,
    ]),
  ];
  return { text: lines.map((line) => `${line}\n`).join(''), gaps };
}

/** The name keeps a hash where the plain word does not tell it apart from others. */
function listName(zone: string): string {
  const plain = word(zone, 50);
  return `cmtopo-${plain}${plain === zone ? '' : `-${hash(zone.toLowerCase())}`}-in`;
}

function networkObject(network: Network): string {
  if (isHost(network)) return `host ${addressText(network)}`;
  return network.family === 4 ? `${addressText(network)} ${maskText(network)}` : networkText(network);
}

function description(text: string): string {
  return cut(tame(text), MOST_DESCRIPTION);
}

function comment(text: string): string {
  return `! ${tame(text)}`;
}
