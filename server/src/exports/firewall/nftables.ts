// An nftables ruleset. Comments of rules cannot hold quotation marks, so texts of the file keep only letters,
// digits and a few plain marks.
import { PORTS } from '../../catalog/numbers.ts';
import { tame } from '../../print/escape.ts';
import { type AddressRange, networksIn } from '../../reach/addresses.ts';
import { isTftp } from '../../rules/clients/tftp-reply-ports.ts';
import type { Network } from '../../topology/address.ts';
import { networkText } from './address.ts';
import {
  type AddressRule,
  addressRules,
  type Exported,
  type ExportReport,
  heading,
  portText,
  ruleText,
  withoutCovered,
} from './rules.ts';

/** The kernel keeps so many bytes of a rule's comment, the end of the text included. */
const MOST_COMMENT = 120;

/** TFTP requests that a rule accepts are followed, so that what they lead to is `related`. */
const HELPER = `  ct helper cmtopo-tftp {
    type "tftp" protocol udp;
  }

`;

/**
 * A file for `nft -f`: one table, which replaces the one of an earlier export in one step. For a firewall
 * between networks it filters what is forwarded; for `--server` it lists what that machine takes and opens.
 */
export function nftables(report: ExportReport): Exported {
  const { rules, gaps } = addressRules(report);
  const notes = [
    ...heading(report, 'the helper below follows them, with the kernel module nf_conntrack_tftp'),
    ...notesFor(report),
    ...gaps.map((gap) => `Not written: ${gap}.`),
  ];
  const text = `${notes.map(comment).join('')}table inet cmtopo
delete table inet cmtopo
table inet cmtopo {
${report.flows.some(isTftp) ? HELPER : ''}${chains(report, rules).join('\n')}}
`;
  return { text, gaps };
}

function notesFor({ server }: ExportReport): readonly string[] {
  return server === undefined
    ? [
        'What this host forwards and no rule allows is dropped: traffic that is not of Configuration Manager too.',
      ]
    : [
        'The chains accept what no rule decides. Add what you manage this machine with, then set their policy to drop.',
      ];
}

function chains({ server, flows }: ExportReport, rules: readonly AddressRule[]): readonly string[] {
  const isFollowed = flows.some(isTftp);
  const chain = (hook: string, policy: string, own: readonly AddressRule[]) =>
    chainText(hook, policy, isFollowed, own);
  if (server === undefined) return [chain('forward', 'drop', rules)];
  const own = server.toLowerCase();
  return [
    chain(
      'input',
      'accept',
      rules.filter(({ rule }) => rule.to.name.toLowerCase() === own),
    ),
    chain(
      'output',
      'accept',
      rules.filter(({ rule }) => rule.from.name.toLowerCase() === own),
    ),
  ];
}

function chainText(hook: string, policy: string, isFollowed: boolean, rules: readonly AddressRule[]): string {
  return `  chain ${hook} {
    type filter hook ${hook} priority filter; policy ${policy};
    ct state established,related accept
${isFollowed ? `    udp dport ${PORTS.tftp} ct helper set "cmtopo-tftp"\n` : ''}${withoutCovered(rules).map(statement).join('')}  }
`;
}

function statement({ rule, family, from, to, inside, ports }: AddressRule): string {
  const ip = family === 4 ? 'ip' : 'ip6';
  const matches = [
    ...address(`${ip} saddr`, from, inside),
    ...address(`${ip} daddr`, to, inside),
    rule.protocol === 'icmp'
      ? `${family === 4 ? 'icmp' : 'icmpv6'} type echo-request`
      : `${rule.protocol} dport ${set(ports.map(portText))}`,
  ];
  const about = tame(ruleText(rule, MOST_COMMENT));
  return `    ${matches.join(' ')} accept comment "${about}"\n`;
}

/** An end on the internet is every address but those inside; the other end says of which family the rule is. */
function address(
  field: string,
  networks: readonly Network[] | 'internet',
  inside: readonly AddressRange[],
): readonly string[] {
  if (networks !== 'internet') return [`${field} ${set(networks.map(networkText))}`];
  return inside.length === 0 ? [] : [`${field} != ${set(inside.flatMap(networksIn).map(networkText))}`];
}

/** One element is alone, several in a set. */
function set(elements: readonly string[]): string {
  const [first = ''] = elements;
  return elements.length === 1 ? first : `{ ${elements.join(', ')} }`;
}

function comment(text: string): string {
  return `# ${tame(text)}\n`;
}
