// The order of flows, and one flow in place of several that differ only in their source.
import type { Endpoint, Flow } from './flow.ts';
import { firstNumber } from './ports.ts';

/** Collects flows by the two machines that they join, which is also the order that they are given in. */
export interface FlowCollection {
  /** The flows between two machines, to add to. */
  between(from: Endpoint, to: Endpoint): Flow[];
  /** Every flow, sorted, each once. */
  inOrder(): readonly Flow[];
}

/** An empty collection. Endpoints are told apart as objects. */
export function collectFlows(): FlowCollection {
  const byTarget = new Map<Endpoint, Map<Endpoint, Flow[]>>();
  return {
    between(from, to) {
      let sources = byTarget.get(to);
      if (sources === undefined) {
        sources = new Map();
        byTarget.set(to, sources);
      }
      let flows = sources.get(from);
      if (flows === undefined) {
        flows = [];
        sources.set(from, flows);
      }
      return flows;
    },
    inOrder() {
      // Dealt out target by target, the flows of each source come to lie in the order of their targets.
      const bySource = new Map<Endpoint, Flow[][]>();
      for (const [, sources] of inOrderOfNames(byTarget)) {
        for (const [from, flows] of sources) {
          const lists = bySource.get(from);
          if (lists === undefined) bySource.set(from, [flows]);
          else lists.push(flows);
        }
      }
      const result: Flow[] = [];
      for (const [, lists] of inOrderOfNames(bySource)) {
        for (const flows of lists) addMerged(flows.sort(compareFlows), result);
      }
      return result;
    },
  };
}

function inOrderOfNames<T>(map: ReadonlyMap<Endpoint, T>): readonly (readonly [Endpoint, T])[] {
  return [...map].sort(([a], [b]) => compareText(a.name, b.name) || compareText(a.kind, b.kind));
}

/** The order of flows between the same two machines; 0 where they differ in their sources and zones alone. */
function compareFlows(a: Flow, b: Flow): number {
  return (
    compareText(a.protocol, b.protocol) ||
    firstNumber(a.ports[0] ?? '0') - firstNumber(b.ports[0] ?? '0') ||
    compareText(a.connection, b.connection) ||
    comparePorts(a.ports, b.ports) ||
    compareText(a.phase, b.phase) ||
    compareText(a.service, b.service) ||
    compareText(a.anyOf ?? '', b.anyOf ?? '') ||
    compareText(a.without ?? '', b.without ?? '') ||
    Number(a.optional ?? false) - Number(b.optional ?? false)
  );
}

/** Adds the flows between two machines, one in place of several that differ only in their source or zone. */
function addMerged(flows: readonly Flow[], result: Flow[]): void {
  let last: Flow | undefined;
  for (const flow of flows) {
    if (last === undefined || compareFlows(last, flow) !== 0) {
      last = flow;
      result.push(flow);
    } else {
      last = { ...last, sources: mergedSources(last, flow), zones: mergedZones(last, flow) };
      result[result.length - 1] = last;
    }
  }
}

function mergedSources({ sources }: Flow, other: Flow): Flow['sources'] {
  const added = other.sources.filter(
    ({ edition, document, anchor }) =>
      !sources.some(
        (known) => known.edition === edition && known.document === document && known.anchor === anchor,
      ),
  );
  return added.length > 0 ? [...sources, ...added] : sources;
}

function mergedZones({ zones }: Flow, other: Flow): Flow['zones'] {
  // A flow without zones holds in all of them.
  if (zones === undefined || other.zones === undefined) return undefined;
  const added = other.zones.filter((zone) => !zones.includes(zone));
  return added.length > 0 ? [...zones, ...added] : zones;
}

function comparePorts(a: readonly string[], b: readonly string[]): number {
  if (a === b) return 0;
  const length = Math.max(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [left, right] = [a[index], b[index]];
    if (left === undefined || right === undefined) return left === undefined ? -1 : 1;
    const order = firstNumber(left) - firstNumber(right) || compareText(left, right);
    if (order !== 0) return order;
  }
  return 0;
}

/** By UTF-16 code units: the same on every machine. */
function compareText(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
