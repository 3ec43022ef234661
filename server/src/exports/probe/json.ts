// Tried connections as JSON.
import { jsonForm } from '../../print/json.ts';
import { suspects } from '../../probe/judge.ts';
import { blocksOf } from '../../reach/way.ts';
import { countsOf, isJudged, type ProbeReport } from './report.ts';

/** One JSON document with a line break at its end. A dry run has no outcomes. */
export function probeJson(report: ProbeReport): string {
  const { edition, file, from, attempts, unproven } = report;
  return jsonForm({
    edition,
    file,
    from,
    attempts: attempts.map((one) => {
      const { attempt, way, optional, anyOf } = one;
      return {
        from: attempt.from.name,
        to: attempt.to.name,
        targets: attempt.targets,
        port: attempt.port,
        services: attempt.services,
        connections: [...new Set(attempt.flows.map(({ connection }) => connection))],
        optional,
        anyOf,
        expected: way.kind,
        ...(way.kind === 'unchecked' ? { why: way.why } : {}),
        firewalls: way.kind === 'unchecked' ? null : way.gates.map(({ firewall }) => firewall.name),
        blockedBy: blocksOf(way).map(({ firewall, rule }) => ({
          firewall: firewall.name,
          rule: rule ? firewall.rules.indexOf(rule) + 1 : null,
          name: rule?.name?.value,
        })),
        ...(isJudged(one)
          ? {
              outcome: one.tried.outcome,
              detail: one.tried.detail,
              judgement: one.judgement,
              failure: one.isFailure,
              suspects: suspects(one).map(({ name }) => name),
            }
          : {}),
      };
    }),
    unproven: unproven.map(({ from: source, to, protocol, ports, service, why }) => ({
      from: source.name,
      to: to.name,
      protocol,
      ports,
      service,
      why,
    })),
    summary: countsOf(report),
  });
}
