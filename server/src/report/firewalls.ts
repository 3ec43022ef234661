// The rules of each firewall, as the file has them and as it lacks them.

import { type RuleUse, usesOf } from '../features/rule-uses.ts';
import { t } from '../l10n.ts';
import { difference, NO_PORTS, union } from '../reach/ports.ts';
import { ECHO, type PortsByProtocol, PROTOCOLS, portsOfRule } from '../reach/rule-ports.ts';
import { ruleLabel } from '../reach/way.ts';
import { lackingRules, servicesOf } from '../rules/firewalls/lacking-rules.ts';
import { policyName } from '../rules/firewalls/policies.ts';
import { listed } from '../rules/words.ts';
import type { Firewall, FirewallRule } from '../topology/model.ts';
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
import { allPortsText, purposesText, type ReportSubject } from './subject.ts';

export function firewallsSection(subject: ReportSubject): PageSection {
  const { topology } = subject;
  const firewalls = [...topology.firewalls.values()];
  return {
    id: 'firewalls',
    title: t('Rules by firewall'),
    blocks:
      firewalls.length === 0
        ? [textBlock(t('The file has no firewalls.'))]
        : [
            textBlock(
              t(
                'The first rule that matches decides; what no rule matches is denied, and answers to what is allowed need no rule.',
              ),
            ),
          ],
    parts: firewalls.map((firewall, index) => ({
      id: `firewall-${index + 1}`,
      title: firewall.name,
      blocks: [textBlock(placeText(firewall)), ...ownRules(firewall, subject), ...lacking(firewall, subject)],
    })),
  };
}

/** Where it is, and what holds for it as a whole. */
function placeText({ zones, between, hosts, outboundDeny, planned }: Firewall): string {
  const values = (list: Firewall['zones']) => list.map(({ value }) => value);
  const sentences = [
    ...(zones.length > 0 ? [t('It joins the zones {0}.', listed(values(zones)))] : []),
    ...(between.length > 0
      ? [t('It joins {0}.', between.map(([a, b]) => t('{0} with {1}', a.value, b.value)).join(', '))]
      : []),
    ...(hosts.length > 0
      ? [
          outboundDeny
            ? t('It runs on {0}; outbound traffic is denied unless a rule allows it.', listed(values(hosts)))
            : t(
                'It runs on {0}; outbound traffic is allowed unless a rule denies it.',
                listed(values(hosts)),
              ),
        ]
      : []),
    ...(planned?.value ? [t('It is planned: its rules are still to be written.')] : []),
  ];
  return sentences.length > 0 ? sentences.join(' ') : t('The file does not say what it joins.');
}

function ownRules(firewall: Firewall, subject: ReportSubject): readonly PageBlock[] {
  const { analysis, topology, context } = subject;
  if (firewall.rules.length === 0) return [textBlock(t('It has no rules.'))];
  const isKnown = analysis.reach().isKnown(firewall);
  const rows = firewall.rules.map((rule, index): readonly PageCell[] => {
    const { action, from, to, name, description, ticket, owner, reviewed, expires } = rule;
    const past = expires !== undefined && context.today !== undefined && expires.value < context.today;
    const title = name ? [{ name: name.value }] : [];
    const said = description ? [title.length > 0 ? `: ${description.value}` : description.value] : [];
    return [
      String(index + 1),
      [...title, ...said],
      action?.value === 'allow'
        ? t('allow')
        : action?.value === 'deny'
          ? { strong: t('deny') }
          : t('not known'),
      names(from.map(({ value }) => value)),
      names(to.map(({ value }) => value)),
      [allPortsText(portsOfRule(rule, topology)), ...groupsText(rule)],
      usesText(rule, usesOf(rule, analysis), isKnown),
      ticket?.value ?? '',
      owner?.value ?? '',
      reviewed ? { word: reviewed.value } : '',
      past ? { strong: t('{0}, which is past', expires.value) } : expires ? { word: expires.value } : '',
    ];
  });
  const silent = (['ticket', 'owner', 'reviewed', 'expires'] as const).every((key) =>
    firewall.rules.every((rule) => rule[key] === undefined),
  );
  return [
    ...(isKnown
      ? []
      : [note(t('One of its rules could not be read, so it is not known what it lets through.'))]),
    ...table(
      [
        t('No.'),
        t('Rule'),
        t('Action'),
        t('From'),
        t('To'),
        t('Ports'),
        t('Needed for'),
        t('Ticket'),
        t('Owner'),
        t('Reviewed'),
        t('Expires'),
      ],
      rows,
    ),
    ...(silent
      ? [textBlock(t('None of its rules has a ticket, an owner, a review date or an expiry date.'))]
      : []),
  ];
}

/** The port groups that a rule names. */
function groupsText({ ports }: FirewallRule): readonly Inline[] {
  return ports.length === 0 ? [] : [' (', ...names(ports.map(({ value }) => value)), ')'];
}

/** What a rule is there for, as far as the file tells. */
function usesText({ action, configmgr }: FirewallRule, uses: readonly RuleUse[], isKnown: boolean): PageCell {
  if (!isKnown) return t('not known');
  if (uses.length > 0) {
    const purpose = purposesText(uses.map(({ flow }) => flow));
    return action?.value === 'deny' ? { strong: t('blocks what is needed: {0}', purpose) } : purpose;
  }
  if (configmgr?.value === false) return t('something other than Configuration Manager');
  return action?.value === 'deny' ? '' : t('nothing known');
}

/** The rules that would let through what is needed and stopped so far. */
function lacking(firewall: Firewall, { context, isComplete }: ReportSubject): readonly PageBlock[] {
  if (!isComplete)
    return [note(t('Which rules it lacks is not worked out: a mistake in the file hides what is needed.'))];
  const { openings, refused } = lackingRules(firewall, context);
  if (openings.length + refused.length === 0)
    return [textBlock(t('No rule is missing: everything that is needed gets through.'))];
  return [
    ...(openings.length === 0 ? [] : [textBlock({ strong: t('Missing rules') })]),
    ...table(
      [t('Action'), t('From'), t('To'), t('Ports'), t('What for')],
      openings.map(({ from, to, tcp = NO_PORTS, udp = NO_PORTS, icmp, description }) => [
        t('allow'),
        names(from),
        names(to),
        allPortsText({ tcp, udp, icmp: icmp ? ECHO : NO_PORTS }),
        description ?? '',
      ]),
    ),
    ...(refused.length === 0
      ? []
      : [
          textBlock({ strong: t('Needed but forbidden') }),
          {
            kind: 'list' as const,
            items: refused.map(({ lack: { fromWord, toWord, ports }, policies: [policy] }) =>
              policy
                ? t(
                    '{0} to {1}: {2}; {3} forbids it, so another solution is needed',
                    fromWord,
                    toWord,
                    allPortsText(ports),
                    policyName(policy, context.topology),
                  )
                : t(
                    '{0} to {1}: {2}; it is not opened to the internet, so another solution is needed',
                    fromWord,
                    toWord,
                    allPortsText(ports),
                  ),
            ),
          },
        ]),
  ];
}

/** The rules that nothing but installation needs, which can be closed after it. */
export function installationRules({ analysis, topology }: ReportSubject): readonly (readonly PageCell[])[] {
  return [...topology.firewalls.values()].flatMap((firewall) =>
    analysis.reach().isKnown(firewall)
      ? firewall.rules.flatMap((rule): readonly (readonly PageCell[])[] => {
          const uses = usesOf(rule, analysis);
          if (rule.action?.value !== 'allow' || rule.configmgr?.value === false || uses.length === 0)
            return [];
          if (uses.some(({ flow }) => flow.phase !== 'installation')) return [];
          return [
            [
              { name: firewall.name },
              ruleLabel(rule, firewall),
              names(rule.from.map(({ value }) => value)),
              names(rule.to.map(({ value }) => value)),
              allPortsText(portsOfRule(rule, topology)),
              servicesOf(uses.map(({ flow }) => flow)).join(', '),
            ],
          ];
        })
      : [],
  );
}

/** The ports of rules that are also used in operation, but which themselves only installation needs. */
export function installationPorts(subject: ReportSubject): readonly (readonly PageCell[])[] {
  const { analysis, topology } = subject;
  return [...topology.firewalls.values()].flatMap((firewall) =>
    firewall.rules.flatMap((rule): readonly (readonly PageCell[])[] => {
      const uses = usesOf(rule, analysis);
      const during = uses.filter(({ flow }) => flow.phase === 'installation');
      if (rule.action?.value !== 'allow' || during.length === 0 || during.length === uses.length) return [];
      const ports = onlyDuring(uses);
      if (PROTOCOLS.every((protocol) => ports[protocol].length === 0)) return [];
      return [
        [
          { name: firewall.name },
          ruleLabel(rule, firewall),
          allPortsText(ports),
          servicesOf(during.map(({ flow }) => flow)).join(', '),
        ],
      ];
    }),
  );
}

function onlyDuring(uses: readonly RuleUse[]): PortsByProtocol {
  const of = (protocol: RuleUse['flow']['protocol'], phase: boolean) =>
    uses
      .filter(({ flow }) => flow.protocol === protocol && (flow.phase === 'installation') === phase)
      .reduce((sum, { ports }) => union(sum, ports), NO_PORTS);
  const only = (protocol: RuleUse['flow']['protocol']) => difference(of(protocol, true), of(protocol, false));
  return { tcp: only('tcp'), udp: only('udp'), icmp: only('icmp') };
}
