// Firewalls, groups of addresses and ports, and policies in the format.
import { description } from './common.ts';
import {
  boolean,
  type Key,
  type ListShape,
  list,
  map,
  reference,
  type Shape,
  text,
  words,
} from './shapes.ts';

const ruleEnd: Shape = list(
  {
    kind: 'reference',
    to: ['zone', 'server', 'clients', 'address-group'],
    words: [{ name: 'any', doc: 'Every machine.' }],
    networks: true,
  },
  { single: true, minimum: 1 },
);
const rulePorts: Shape = { kind: 'ports', any: true };

const firewallRuleShape = map('firewall rule', [
  {
    name: 'action',
    shape: words(
      ['allow', 'Lets the traffic through, and the replies to it.'],
      ['deny', 'Stops the traffic.'],
    ),
    doc: 'What happens to traffic that the rule matches. The first rule that matches decides.',
    required: true,
    example: 'allow',
  },
  {
    name: 'from',
    shape: ruleEnd,
    doc: 'Who opens the connection: `any`, a zone, a server, a client group, an address group, an address or network, or a list of these.',
    required: true,
    example: 'cm01',
  },
  {
    name: 'to',
    shape: ruleEnd,
    doc: 'Who receives the connection: `any`, a zone, a server, a client group, an address group, an address or network, or a list of these.',
    required: true,
    example: '[sql01, sql02]',
  },
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '[445, 135, 49152-65535]',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '135', unit: 'UDP ports' },
  {
    name: 'icmp',
    shape: boolean,
    doc: 'ICMP echo (ping). A rule with none of `tcp`, `udp`, `icmp` and `ports` matches all traffic.',
    default: false,
    example: 'true',
  },
  {
    name: 'ports',
    shape: list(reference('port-group'), { single: true }),
    doc: 'The port groups that it matches, in addition to or instead of `tcp`, `udp` and `icmp`.',
    example: '[smb-and-rpc]',
  },
  {
    name: 'name',
    shape: text,
    doc: 'The name of the rule, used in messages.',
    example: 'Site server to distribution points',
  },
  description,
  {
    name: 'expires',
    shape: { kind: 'date' },
    doc: 'The last day on which the rule is meant to apply, as YYYY-MM-DD.',
    example: '2027-12-31',
  },
  {
    name: 'configmgr',
    shape: boolean,
    doc: '`false`: the rule is for something other than Configuration Manager. It is not reported as unused or too broad, but the traffic that it allows still counts.',
    default: true,
    example: 'false',
  },
  {
    name: 'ticket',
    shape: text,
    doc: 'The change request for the rule. It has no effect on any check; exports, imports and the report keep it.',
    example: 'CHG0031337',
  },
  {
    name: 'owner',
    shape: text,
    doc: 'Who is responsible for the rule. It has no effect on any check; exports, imports and the report keep it.',
    example: 'Workplace team',
  },
  {
    name: 'reviewed',
    shape: { kind: 'date' },
    doc: 'The day on which the rule was last reviewed, as YYYY-MM-DD. It has no effect on any check.',
    example: '2026-03-31',
  },
]);

export const firewallShape = map('firewall', [
  {
    name: 'zones',
    usual: true,
    shape: list(reference('zone'), { minimum: 2 }),
    doc: 'The zones that it connects, two or more, each with every other. A device that does not connect all of its zones has `between` instead, a firewall on the machines themselves `hosts`.',
    requiredUnless: ['between', 'hosts'],
    requiredText: 'without `between` and `hosts`',
    example: '[hq, dmz]',
  },
  {
    name: 'between',
    shape: list(list(reference('zone'), { minimum: 2, maximum: 2 }), { minimum: 1 }),
    doc: 'The pairs of zones that it connects, for a device that does not connect all of its zones with each other.',
    excludes: ['zones', 'hosts'],
    example: '[[hq, branch-1], [hq, branch-2]]',
  },
  {
    name: 'hosts',
    shape: list(reference('server', 'clients'), { minimum: 1 }),
    doc: 'The servers and client groups on which it runs: Windows Firewall, or a network security group at each interface. Every packet to or from one of them passes it, even within a zone.',
    excludes: ['zones', 'between'],
    example: '[sql01]',
  },
  {
    name: 'outbound',
    shape: words(
      ['allow', 'Outbound traffic that no rule matches is allowed.'],
      ['deny', 'Outbound traffic that no rule matches is denied, too.'],
    ),
    doc: 'For a firewall with `hosts`: what happens to outbound traffic that no rule matches. Inbound traffic that no rule matches is always denied.',
    default: 'allow',
    example: 'deny',
  },
  {
    name: 'planned',
    shape: boolean,
    doc: 'Its rules are not written yet: while this is `true`, missing rules are reported as information, not as errors.',
    default: false,
    example: 'true',
  },
  {
    name: 'rules',
    usual: true,
    shape: list(firewallRuleShape),
    doc: 'The rules in order: the first one that matches decides, and traffic that no rule matches is denied. The firewall is stateful.',
    example: '[{ action: allow, from: hq, to: dmz, tcp: 443 }]',
  },
  description,
]);

export const portGroupShape = map('port group', [
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '[135, 445]',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '135', unit: 'UDP ports' },
  { name: 'icmp', shape: boolean, doc: 'ICMP echo (ping).', default: false, example: 'true' },
]);

export const addressGroupShape: ListShape = list(
  { kind: 'reference', to: ['zone', 'server', 'clients', 'address-group'], networks: true },
  { single: true },
);

const policyEnds: readonly Key[] = [
  {
    name: 'from',
    usual: true,
    shape: ruleEnd,
    doc: 'Who opens the connection, as in a firewall rule.',
    required: true,
    example: 'internet',
  },
  {
    name: 'to',
    usual: true,
    shape: ruleEnd,
    doc: 'Who is reached, as in a firewall rule.',
    required: true,
    example: 'hq',
  },
];

export const policyShape = map('policy', [
  {
    name: 'name',
    usual: true,
    shape: text,
    doc: 'The name of the policy, used in messages.',
    example: 'No SMB from the internet',
  },
  ...policyEnds,
  {
    name: 'tcp',
    usual: true,
    shape: rulePorts,
    doc: 'The TCP ports, or `any`.',
    example: '445',
    unit: 'TCP ports',
  },
  { name: 'udp', shape: rulePorts, doc: 'The UDP ports, or `any`.', example: '137-139', unit: 'UDP ports' },
  {
    name: 'icmp',
    shape: boolean,
    doc: 'ICMP echo (ping). A policy with none of `tcp`, `udp` and `icmp` is about all traffic.',
    default: false,
    example: 'true',
  },
  {
    name: 'except',
    shape: list(map('exception', policyEnds)),
    doc: 'The pairs that are exempt from the policy.',
    example: '[{ from: admins, to: sql01 }]',
  },
]);
