import { groupBy } from '../../collections.ts';
import type { Endpoint, Flow } from '../../flows/flow.ts';
import { t } from '../../l10n.ts';
import { choicesAmong } from '../../reach/choices.ts';
import { policiesAgainstFlow } from '../../reach/policies.ts';
import { NO_PORTS, type PortSet, union } from '../../reach/ports.ts';
import type { Policy } from '../../topology/model.ts';
import { isAllKnown } from '../hierarchy/hierarchy.ts';
import type { Report, Rule, RuleContext } from '../rule.ts';
import { capital, listedUpTo } from '../words.ts';
import { missingText } from './blocked-flows.ts';
import { servicesOf } from './lacking-rules.ts';
import { mistakenFlows } from './mistaken-flows.ts';
import { policyName, policyPlace } from './policies.ts';

/** Machines and services to name before the rest is only counted. */
const SHOWN = 3;

/** A needed flow, or a part of its ports, that a policy rules out. */
interface Conflict {
  readonly flow: Flow;
  readonly policy: Policy;
  readonly ports: PortSet;
}

/** What is needed and ruled out. Of a choice, where all alternatives are: the first stands for it. */
function conflictsIn(context: RuleContext): readonly Conflict[] {
  const { topology } = context;
  const reach = context.reach();
  const isMistaken = mistakenFlows(context);
  const flows = context.flows().filter((flow) => !isMistaken(flow));
  const against = (flow: Flow) => policiesAgainstFlow(flow, topology, reach);
  const conflicts = (flow: Flow) => against(flow).map((one): Conflict => ({ flow, ...one }));
  const chosen = flows.filter(({ anyOf }) => anyOf !== undefined);
  return [
    ...flows.filter(({ anyOf, optional }) => anyOf === undefined && optional !== true).flatMap(conflicts),
    ...choicesAmong(chosen, reach).flatMap(({ alternatives }) => {
      const isOut = alternatives.every((one) => one.flows.some((flow) => against(flow).length > 0));
      return isOut ? alternatives[0].flows.flatMap(conflicts) : [];
    }),
  ];
}

/** Who needs a flow: the role that opens the connection, else the clients, else the role that is asked. */
function needing({ from, fromRole, toRole }: Flow): {
  readonly role: string | undefined;
  readonly key: { readonly span: Report['span'] } | undefined;
} {
  if (fromRole) return { role: fromRole.role, key: fromRole.key };
  if (from.clients) return { role: undefined, key: from.clients.key };
  return { role: undefined, key: toRole?.key ?? from.server?.key };
}

function reportOf(conflicts: readonly [Conflict, ...Conflict[]], context: RuleContext): Report {
  const { topology } = context;
  const [{ flow, policy }] = conflicts;
  const { role, key } = needing(flow);
  const flows = conflicts.map((one) => one.flow);
  const names = (ends: readonly Endpoint[]) => listedUpTo(SHOWN, [...new Set(ends.map(({ name }) => name))]);
  const of = (protocol: Flow['protocol']) =>
    conflicts
      .filter((one) => one.flow.protocol === protocol)
      .reduce<PortSet>((set, { ports }) => union(set, ports), NO_PORTS);
  const traffic = missingText({ tcp: of('tcp'), udp: of('udp'), icmp: of('icmp').length > 0 });
  const sources = names(flows.map(({ from }) => from));
  const ends = new Map(
    flows
      .flatMap(({ from, to }) => [from, to])
      .flatMap((end) => {
        const span = (end.server ?? end.clients)?.key.span;
        return span && span.start !== key?.span.start
          ? [[span.start, { message: end.name, span }] as const]
          : [];
      }),
  );
  return {
    span: key?.span ?? policy.span,
    message: capital(
      t(
        '{0} from {1} to {2} is needed ({3}), but {4} forbids it: write the two ends under except of the policy, or do without it',
        traffic === '' ? t('traffic on dynamic ports') : traffic,
        role === undefined ? sources : t('{0} on {1}', role, sources),
        names(flows.map(({ to }) => to)),
        listedUpTo(SHOWN, servicesOf(flows)),
        policyName(policy, topology),
      ),
    ),
    related: [...policyPlace(policy, topology), ...ends.values()],
  };
}

const file = (policy: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  dmz: { networks: [192.0.2.0/24] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01:
    site: PS1
    zone: dmz
    roles:
      site-server:
      sms-provider:
  sql01:
    zone: hq
    addresses: [10.10.0.11]
    roles:
      sql-server:
policies:
  - ${policy}
`;

export const policyConflict: Rule = {
  code: 'policy-conflict',
  severity: 'error',
  summary: 'A policy forbids a connection that is needed.',
  reason: 'Either the hierarchy does not work, or the policy is violated.',
  explanation: `\`policies\` says what must never pass, but roles of the hierarchy need such connections. Both cannot be true. The finding is at the role that opens the connection, or at the client group, once for all machines with that role, and says which traffic it is.

If one of several machines is enough (domain controllers, distribution points), there is a finding only if none is left. Connections that the documents call optional are not reported. No finding says that a firewall blocks what a policy forbids, no fix allows it, and no export writes a rule for it. If the connection is wanted, write its two ends under \`except\` of the policy; otherwise move one of the machines, or do without the role.`,
  source: { document: 'format', section: 'groups-and-policies' },
  bad: [
    {
      title: 'A site server without its database',
      text: file('{ name: Nothing into the office, from: dmz, to: hq, tcp: 1433 }'),
    },
  ],
  good: [
    {
      title: 'An exception for the site server',
      text: file('{ name: Nothing into the office, from: dmz, to: hq, except: [{ from: cm01, to: sql01 }] }'),
    },
  ],
  check(context) {
    if (context.topology.policies.length === 0 || !isAllKnown(context)) return [];
    const { policies } = context.topology;
    const byMachine = groupBy(conflictsIn(context), ({ flow, policy }) =>
      JSON.stringify([policies.indexOf(policy), flow.from.kind, flow.from.name]),
    );
    // One machine needs it for several roles, and many machines for one role: one exception would do for all.
    const alike = groupBy(byMachine.values(), ([first]) => {
      if (!first) return undefined;
      const { role, key } = needing(first.flow);
      const who = role ?? (first.flow.from.clients ? '' : key?.span.start);
      return JSON.stringify([policies.indexOf(first.policy), who]);
    });
    return [...alike.values()].flatMap((machines) => {
      const [first, ...more] = machines.flat();
      return first ? [reportOf([first, ...more], context)] : [];
    });
  },
  severalAtOnePlace: true,
};
