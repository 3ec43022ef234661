// Choices among flows: one alternative that is reached is enough.
import { getOrAdd, groupBy, memo } from '../collections.ts';
import { type Endpoint, type Flow, zonesHeld } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import type { Reach } from './reach.ts';

/** Whether something is reached; undefined where nobody can tell. */
export type Reached = boolean | undefined;

/** One machine of a choice, or one of two ways to the same machine. */
export interface Alternative {
  readonly from: Endpoint;
  readonly to: Endpoint;
  /** All of them have to get through, from or to the zone of the choice. */
  readonly flows: readonly [Flow, ...Flow[]];
  readonly reached: Reached;
}

/** The alternatives of a choice, as a machine has them in one of its zones. */
export interface Choice {
  /** The `anyOf` of its flows. */
  readonly name: string;
  /** In lower case; undefined but for a client group in several zones. */
  readonly zone: string | undefined;
  /** In the order of the flows. */
  readonly alternatives: readonly [Alternative, ...Alternative[]];
  /** Whether one alternative is. */
  readonly reached: Reached;
}

/**
 * The choices among some flows, in their order. A client group in several zones has each choice once for each zone
 * in which it holds, because its clients in one zone do not help those in another.
 * @param flows all flows of the file: what is left out counts as not needed
 */
export function choicesAmong(flows: readonly Flow[], reach: Reach): readonly Choice[] {
  const choices = new Map<
    string,
    { name: string; zone: string | undefined; flows: Map<string, [Flow, ...Flow[]]> }
  >();
  for (const flow of flows) {
    const { anyOf: name } = flow;
    if (name === undefined) continue;
    const alternative = alternativeOf(flow);
    for (const zone of zonesOfFlow(flow)) {
      const choice = getOrAdd(choices, choiceKey(name, zone), () => ({ name, zone, flows: new Map() }));
      const own = choice.flows.get(alternative);
      if (own) own.push(flow);
      else choice.flows.set(alternative, [flow]);
    }
  }
  return [...choices.values()].flatMap(({ name, zone, flows }) => {
    const [first, ...more] = [...flows.values()].map((own): Alternative => {
      const [{ from, to }] = own;
      return { from, to, flows: own, reached: all(own.map((flow) => isThrough(flow, zone, reach))) };
    });
    return first ? [{ name, zone, alternatives: [first, ...more], reached: any([first, ...more]) }] : [];
  });
}

/** A choice is made by the machine that all its flows have in common, so that the two ends tell the alternative. */
function alternativeOf({ from, to, optional }: Flow): string {
  const [a, b] = [endText(from), endText(to)];
  // Two ways to one machine, as a classic cloud management gateway has them: the better one is optional.
  return `${a < b ? a + b : b + a}${optional === true}`;
}

const endText = memo(({ kind, name }: Endpoint) => JSON.stringify([kind, name.toLowerCase()]));

/** The zones of a client group that a flow holds for, in lower case; `undefined` alone where no group is in several. */
function zonesOfFlow({ from, to, zones }: Flow): readonly (string | undefined)[] {
  const several = isInSeveral(from) ? from : isInSeveral(to) ? to : undefined;
  return several ? zonesHeld(several, zones) : NO_ZONE;
}

const NO_ZONE = [undefined];

function isInSeveral({ zones }: Endpoint): boolean {
  return zones !== undefined && zones.length > 1;
}

/** The same, or of them one zone alone. */
function zonesAmong(flow: Flow, only: string | undefined): readonly (string | undefined)[] {
  const zones = zonesOfFlow(flow);
  return only !== undefined && zones.includes(only) ? [only] : zones;
}

function isThrough(flow: Flow, zone: string | undefined, reach: Reach): Reached {
  const { kind } = zone === undefined ? reach.verdict(flow) : reach.verdictIn(flow, zone);
  return kind === 'unchecked' ? undefined : kind === 'allowed';
}

function all(reached: readonly Reached[]): Reached {
  if (reached.includes(false)) return false;
  return reached.includes(undefined) ? undefined : true;
}

function any(alternatives: readonly Alternative[]): Reached {
  if (alternatives.some(({ reached }) => reached === true)) return true;
  return alternatives.some(({ reached }) => reached === undefined) ? undefined : false;
}

/** The flows of each choice by its name, in their order: of most choices nobody asks. */
const byChoice = memo((flows: readonly Flow[]) => groupBy(flows, ({ anyOf }) => anyOf));

/** How much a flow is needed, beside the other flows of its file. */
export type ChoiceNeed =
  | { readonly kind: 'needed' }
  /** One of several alternatives; one that is reached is enough. */
  | { readonly kind: 'choice'; readonly name: string; readonly alternatives: number }
  | { readonly kind: 'optional'; readonly without: string | undefined };

/**
 * Answers how much each flow is needed. A choice with one alternative leaves nothing to choose: it is needed. The
 * second argument is one zone, in lower case, of a client group in several, where only that one is asked about.
 * @param flows all flows of the file
 */
export const needsAmong: (flows: readonly Flow[]) => (flow: Flow, zone?: string) => ChoiceNeed = memo(
  (flows) => {
    const known = new Map<string, ReadonlyMap<string, ReadonlySet<string>>>();
    const alternativesOf = (name: string) =>
      getOrAdd(known, name, () => {
        const alternatives = new Map<string, Set<string>>();
        for (const flow of byChoice(flows).get(name) ?? [])
          for (const zone of zonesOfFlow(flow))
            getOrAdd(alternatives, choiceKey(name, zone), () => new Set<string>()).add(alternativeOf(flow));
        return alternatives;
      });
    return (flow, only) => {
      const { anyOf: name, optional, without } = flow;
      if (name !== undefined) {
        const alternatives = alternativesOf(name);
        const sizes = zonesAmong(flow, only).map(
          (zone) => alternatives.get(choiceKey(name, zone))?.size ?? 0,
        );
        const size = Math.max(...sizes);
        // In a zone where there is but one it has to be reached.
        if (Math.min(...sizes) > 1) return { kind: 'choice', name, alternatives: size };
      }
      return optional ? { kind: 'optional', without } : { kind: 'needed' };
    };
  },
);

/** `one of 3 is enough`, `optional`; nothing for what is needed of its own. */
export function choiceNeedText(need: ChoiceNeed): string {
  switch (need.kind) {
    case 'needed':
      return '';
    case 'choice':
      return t('one of {0} is enough', need.alternatives);
    case 'optional':
      return t('optional');
  }
}

/**
 * Answers whether a flow that is blocked is missed: it is neither optional, nor of a choice of which something else is
 * reached. What gets through, or cannot be judged, is not missed. The second argument is one zone, in lower case, of a
 * client group in several, where only that one is asked about.
 * @param flows all flows of the file
 */
export function missedAmong(flows: readonly Flow[], reach: Reach): (flow: Flow, zone?: string) => boolean {
  return missedBy(reach)(flows);
}

/** By both: the flows of a file stay the same while its firewalls change. */
const missedBy = memo((reach: Reach) =>
  memo((flows: readonly Flow[]) => {
    const known = new Map<string, ReadonlySet<string>>();
    const unreachedOf = (choice: string) =>
      getOrAdd(known, choice, () => {
        const unreached = new Set<string>();
        for (const { name, zone, reached } of choicesAmong(byChoice(flows).get(choice) ?? [], reach))
          if (reached === false) unreached.add(choiceKey(name, zone));
        return unreached;
      });
    return (flow: Flow, only?: string) => {
      const { anyOf: name, optional } = flow;
      return zonesAmong(flow, only).some(
        (zone) =>
          isThrough(flow, zone, reach) === false &&
          (name === undefined ? optional !== true : unreachedOf(name).has(choiceKey(name, zone))),
      );
    };
  }),
);

/** No name of a choice begins with a bracket: first comes what is chosen from. */
function choiceKey(name: string, zone: string | undefined): string {
  return zone === undefined ? name : JSON.stringify([name, zone]);
}
