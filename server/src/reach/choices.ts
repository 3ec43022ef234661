// Choices among flows: one alternative that is reached is enough.
import type { Endpoint, Flow } from '../flows/flow.ts';
import { zonesOf } from './matching.ts';
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
    if (flow.anyOf === undefined) continue;
    for (const zone of zonesOfFlow(flow)) {
      const key = JSON.stringify([flow.anyOf, zone]);
      const choice = choices.get(key) ?? {
        name: flow.anyOf,
        zone,
        flows: new Map<string, [Flow, ...Flow[]]>(),
      };
      choices.set(key, choice);
      const alternative = alternativeOf(flow);
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
  const ends = [from, to].map(({ kind, name }) => `${kind} ${name.toLowerCase()}`).sort();
  // Two ways to one machine, as a classic cloud management gateway has them: the better one is optional.
  return JSON.stringify([...ends, optional === true]);
}

/** The zones of a client group that a flow holds for, in lower case; `undefined` alone where no group is in several. */
function zonesOfFlow({ from, to, zones }: Flow): readonly (string | undefined)[] {
  const several = [from, to].map(zonesOf).find((own) => own.length > 1);
  if (!several) return [undefined];
  const wanted = zones?.map((zone) => zone.toLowerCase()).filter((zone) => several.includes(zone)) ?? [];
  return wanted.length > 0 ? wanted : several;
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
