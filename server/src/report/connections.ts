// Connections as a reader looks for them: by the two zones, those of the same kind as one row.
import { getOrAdd, groupBy } from '../collections.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import type { Decision, Verdict } from '../reach/judge.ts';
import { NO_PORTS, union } from '../reach/ports.ts';
import { portsOfFlow } from '../reach/rule-ports.ts';
import { blockText, ruleLabel } from '../reach/way.ts';
import type { PageBlock } from './page.ts';
import { names, type PageCell, table } from './page.ts';
import { allPortsText, purposesText, type ReportSubject } from './subject.ts';

/** A connection between two machines, each in one zone. */
export interface ReportedLeg {
  readonly flow: Flow;
  readonly from: Endpoint;
  readonly to: Endpoint;
  readonly verdict: Verdict;
}

/** Every connection once for each two zones of its machines, with what the firewalls there say to it. */
export function reportedLegs({ analysis }: ReportSubject): readonly ReportedLeg[] {
  const reach = analysis.reach();
  return analysis.flows().flatMap((flow): readonly ReportedLeg[] => {
    const pairs = reach.pairs(flow.from, flow.to, flow.zones);
    if (pairs.length < 2) {
      const [[from, to] = [flow.from, flow.to]] = pairs;
      return [{ flow, from, to, verdict: reach.verdict(flow) }];
    }
    const { zones: _, ...everywhere } = flow;
    return pairs.map(([from, to]) => {
      const own = { ...everywhere, from, to };
      return { flow: own, from, to, verdict: reach.verdict(own) };
    });
  });
}

/** Legs as rows: those between the same machines with the same fate are one, and so are those to several machines. */
export function connectionTable(legs: readonly ReportedLeg[]): readonly PageBlock[] {
  const pairs = groupBy(legs, ({ from, to, verdict }) =>
    JSON.stringify([from.name, to.name, stateText(verdict)]),
  );
  const rows = [...pairs.values()].flatMap((own) => {
    const [first] = own;
    if (first === undefined) return [];
    const ports = allPortsText(portsOfLegs(own));
    const unknown = own.some(({ flow }) => flow.ports.includes('dynamic'));
    return [
      {
        from: first.from.name,
        to: first.to.name,
        ports: unknown
          ? [ports, t('ports that the file does not give')].filter((one) => one !== '').join(' · ')
          : ports,
        purpose: purposesText(own.map(({ flow }) => flow)),
        state: stateText(first.verdict),
        isBlocked: first.verdict.kind === 'blocked',
      },
    ];
  });
  // First all that one machine opens in the same way, then all machines that open the same.
  const byTarget = [...groupBy(rows, ({ from, ...rest }) => JSON.stringify(rest)).values()].map((own) => ({
    ...own[0],
    from: own.map(({ from }) => from),
  }));
  const merged = groupBy(byTarget, ({ to, ...rest }) => JSON.stringify(rest));
  return table(
    [t('From'), t('To'), t('Ports'), t('What for'), t('State')],
    [...merged.values()].flatMap((own): readonly (readonly PageCell[])[] => {
      const [first] = own;
      if (first?.ports === undefined) return [];
      const { from, ports, purpose = '', state = '', isBlocked } = first;
      const to = own.flatMap((one) => one.to ?? []);
      return [[names(from), names(to), ports, purpose, isBlocked ? { strong: state } : state]];
    }),
  );
}

/** All ports of some connections that are known. */
export function portsOfLegs(legs: readonly Pick<ReportedLeg, 'flow'>[]) {
  const found = { tcp: NO_PORTS, udp: NO_PORTS, icmp: NO_PORTS };
  for (const { flow } of legs) found[flow.protocol] = union(found[flow.protocol], portsOfFlow(flow));
  return found;
}

/** `allowed by edge (rule 3 'Database up')`, `blocked at edge (no rule)`, `no firewall`, `not checked`. */
function stateText(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'unchecked':
      return t('not checked');
    case 'allowed':
      return verdict.by.length === 0 ? t('no firewall') : t('allowed: {0}', decisionsText(verdict.by));
    case 'blocked':
      return t('blocked: {0}', [...new Set(verdict.blocks.map(blockText))].join(', '));
  }
}

/** The rules that let something through, by their firewalls: `edge (rule 3 'Database up', rule 5)`. */
export function decisionsText(decisions: readonly Decision[]): string {
  const rules = new Map<string, Set<string>>();
  for (const { firewall, rule } of decisions)
    getOrAdd(rules, firewall.name, () => new Set<string>()).add(ruleLabel(rule, firewall));
  return [...rules].map(([name, labels]) => `${name} (${[...labels].join(', ')})`).join(', ');
}
