// What a tried connection says about the file, and about the firewalls on its way.
import type { Flow } from '../flows/flow.ts';
import type { Blockage } from '../reach/judge.ts';
import type { Reach } from '../reach/reach.ts';
import { type Gate, type Way, wayOf } from '../reach/way.ts';
import type { Firewall, Topology } from '../topology/model.ts';
import type { Attempt, Attempts } from './attempts.ts';

export const OUTCOMES = ['open', 'refused', 'silent', 'untried'] as const;

/**
 * - `open`: connected
 * - `refused`: a machine answered that nothing listens there, or a firewall said so in its place
 * - `silent`: no answer in time, or that the machine cannot be reached
 * - `untried`: nothing was sent, for example since the name could not be resolved
 */
export type Outcome = (typeof OUTCOMES)[number];

/** What came of an attempt; `detail` says why in the words of the system. */
export interface Tried {
  readonly outcome: Outcome;
  readonly detail?: string | undefined;
}

/**
 * - `expected`: open where the file allows it, or silent where a firewall stops it
 * - `not-open`: the file says that it gets through, and nothing answered
 * - `not-blocked`: it got through although a firewall of the file stops it
 * - `unproven`: the outcome says nothing about the firewalls
 * - `unchecked`: the file does not say what to expect
 */
export type Judgement = 'expected' | 'not-open' | 'not-blocked' | 'unproven' | 'unchecked';

export interface Expectation {
  readonly attempt: Attempt;
  readonly way: Way;
  /** The documents name another way that works without it: true of every flow behind it. */
  readonly optional: boolean;
  /** The choices that its flows belong to, each with one alternative that has to be reached. */
  readonly anyOf: readonly string[];
}

export interface Judged extends Expectation {
  readonly tried: Tried;
  readonly judgement: Judgement;
  /** It has to work, and nothing that may stand for it was reached. */
  readonly isFailure: boolean;
}

/** What the file expects of each attempt, in their order. */
export function expectations(
  { attempts }: Pick<Attempts, 'attempts'>,
  reach: Reach,
  topology: Topology,
): readonly Expectation[] {
  return attempts.map((attempt) => {
    const [first, ...others] = attempt.flows;
    if (first === undefined) throw new Error('an attempt without flows');
    const zones = [first, ...others].flatMap((flow) => flow.zones ?? []);
    const everywhere = [first, ...others].some((flow) => flow.zones === undefined);
    const flow: Flow = { ...first, ports: [String(attempt.port)] };
    // Flows of a client group may hold in different zones of it.
    const { zones: _, ...rest } = flow;
    const way = wayOf(everywhere ? rest : { ...rest, zones: [...new Set(zones)] }, reach, topology);
    return {
      attempt,
      way,
      optional: attempt.flows.every((one) => one.optional === true),
      anyOf: attempt.flows.every((one) => one.anyOf !== undefined || one.optional === true)
        ? [...new Set(attempt.flows.flatMap((one) => one.anyOf ?? []))]
        : [],
    };
  });
}

/** The attempts with what came of them, judged. */
export function judge(
  expected: readonly Expectation[],
  tried: (attempt: Attempt) => Tried,
): readonly Judged[] {
  const all = expected.map((one) => {
    const result = tried(one.attempt);
    return { ...one, tried: result, judgement: judgementOf(result.outcome, one.way) };
  });
  const reached = new Set(all.flatMap(({ tried, anyOf }) => (tried.outcome === 'open' ? anyOf : [])));
  return all.map((one) => ({
    ...one,
    isFailure:
      one.judgement === 'not-open' &&
      !one.optional &&
      (one.anyOf.length === 0 || one.anyOf.some((choice) => !reached.has(choice))),
  }));
}

function judgementOf(outcome: Outcome, way: Way): Judgement {
  if (outcome === 'untried') return 'unproven';
  if (way.kind === 'unchecked') return 'unchecked';
  // An answer that nothing listens says neither that a firewall lets through what is needed nor that it does not.
  if (outcome === 'refused') return 'unproven';
  if (way.kind === 'allowed') return outcome === 'open' ? 'expected' : 'not-open';
  return outcome === 'open' ? 'not-blocked' : 'expected';
}

/** The firewalls that would be to blame for a judgement: those on the way, or those that should have stopped it. */
export function suspects({ judgement, way }: Pick<Judged, 'judgement' | 'way'>): readonly Firewall[] {
  if (way.kind === 'unchecked') return [];
  if (judgement === 'not-open') return way.gates.map(({ firewall }) => firewall);
  return judgement === 'not-blocked' ? blocks(way.gates).map(({ firewall }) => firewall) : [];
}

function blocks(gates: readonly Gate[]): readonly Blockage[] {
  return gates.flatMap(({ block }) => block ?? []);
}
