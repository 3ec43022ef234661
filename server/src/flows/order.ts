// The order of flows, and one flow in place of several that differ only in their source.
import { concatenated, countOfFirst, getOrAdd, groupBy, isSameList } from '../collections.ts';
import type { Endpoint, Flow } from './flow.ts';
import { firstNumber } from './ports.ts';

/** Flows in their order, each once. */
export interface OrderedFlows {
  readonly flows: readonly Flow[];
  /** The flows in place of which one is in the list, in the order in which they were found. */
  readonly merged: ReadonlyMap<Flow, readonly Flow[]>;
}

/**
 * Sorts flows by the machines that they join, and those of the same two by what they are for; one in place of several
 * that differ only in their source or zone.
 * @param found in any order, which decides between flows that differ in nothing else. Endpoints are told apart as objects
 */
export function inOrder(found: Iterable<Flow>): OrderedFlows {
  // Dealt out target by target, the flows of each source come to lie in the order of their targets.
  const byTarget = dealtOut(found, ({ to }) => to);
  const bySource = dealtOut(byTarget, ({ from }) => from);
  const flows: Flow[] = [];
  const merged = new Map<Flow, readonly Flow[]>();
  let end = 0;
  for (let first = bySource[0]; first; first = bySource[end]) {
    const start = end++;
    const { from, to } = first;
    for (let next = bySource[end]; next?.from === from && next.to === to; next = bySource[end]) end++;
    if (end === start + 1) flows.push(first);
    else addMerged(bySource.slice(start, end).sort(compareFlows), flows, merged);
  }
  return { flows, merged };
}

/** Flows in the order of the names of one of their ends; those with the same end stay in their order. */
function dealtOut(flows: Iterable<Flow>, endOf: (flow: Flow) => Endpoint): readonly Flow[] {
  const byEnd = groupBy(flows, endOf);
  const result: Flow[] = [];
  for (const end of [...byEnd.keys()].sort(compareNames))
    for (const flow of byEnd.get(end) ?? []) result.push(flow);
  return result;
}

/** Where a flow was found: numbers to compare one after the other. */
export type Place = readonly number[];

/** The flows between two machines: which they are, and where they are in the list of all. */
interface Bucket {
  /** One of them. */
  readonly like: Flow;
  readonly start: number;
  readonly end: number;
  readonly flows: Flow[];
}

/**
 * The order of flows of which some are gone and others are new: the same as if all were sorted anew.
 * @param placesOf where some of the flows that are there now were found, which decides between flows that differ in
 *   nothing else
 * @returns with the flows that are in the list no more, and those that were not; undefined where two machines with the
 *   same name make a part of the list no answer
 */
export function renewOrder(
  { flows, merged }: OrderedFlows,
  gone: ReadonlySet<Flow>,
  added: ReadonlySet<Flow>,
  placesOf: (wanted: ReadonlySet<Flow>) => ReadonlyMap<Flow, Place>,
):
  | { readonly order: OrderedFlows; readonly gone: readonly Flow[]; readonly added: readonly Flow[] }
  | undefined {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (flow: Flow) =>
    getOrAdd(buckets, bucketName(flow), () => {
      const start = firstNotBefore(flows, flow);
      let end = start;
      const own: Flow[] = [];
      for (let other = flows[end]; other && compareEnds(other, flow) === 0; other = flows[++end])
        for (const part of merged.get(other) ?? [other]) if (!gone.has(part)) own.push(part);
      return { like: flow, start, end, flows: own };
    });
  for (const flow of gone) bucketOf(flow);
  for (const flow of added) bucketOf(flow).flows.push(flow);

  const equal = new Set<Flow>();
  for (const { flows: own } of buckets.values()) {
    const [first] = own;
    if (own.some(({ from, to }) => from !== first?.from || to !== first.to)) return undefined;
    own.sort(compareFlows);
    for (const [index, flow] of own.entries()) {
      const before = own[index - 1];
      if (before && compareFlows(before, flow) === 0) equal.add(before).add(flow);
    }
  }
  const places = equal.size > 0 ? placesOf(equal) : new Map<Flow, Place>();

  // In pieces: most is as it was, and is copied at once.
  const pieces: (readonly Flow[])[] = [];
  const mergedNow = new Map(merged);
  const noMore: Flow[] = [];
  const fresh: Flow[] = [];
  let at = 0;
  const inList = [...buckets.values()].sort((a, b) => compareEnds(a.like, b.like));
  for (const { start, end, flows: own } of inList) {
    if (at < start) pieces.push(flows.slice(at, start));
    own.sort((a, b) => compareFlows(a, b) || comparePlaces(places.get(a), places.get(b)));
    const before = flows.slice(start, end);
    const now: Flow[] = [];
    for (const flow of before) mergedNow.delete(flow);
    addMerged(own, now, mergedNow, (parts) =>
      before.find((flow) => isSameList(merged.get(flow) ?? [], parts)),
    );
    const [left, there] = [new Set(before), new Set(now)];
    for (const flow of before) if (!there.has(flow)) noMore.push(flow);
    for (const flow of now) if (!left.has(flow)) fresh.push(flow);
    pieces.push(now);
    at = end;
  }
  pieces.push(flows.slice(at));
  return {
    order: { flows: concatenated(pieces), merged: mergedNow },
    gone: noMore,
    added: fresh,
  };
}

function bucketName({ from, to }: Ends): string {
  return `${from.kind} ${from.name}\n${to.kind} ${to.name}`;
}

type Ends = Pick<Flow, 'from' | 'to'>;

/** The order of flows by the machines that they join. */
export function compareEnds(a: Ends, b: Ends): number {
  return compareNames(a.from, b.from) || compareNames(a.to, b.to);
}

/** Where the first of some things in the order of flows is that joins these machines, or later ones. */
export function firstNotBefore(things: readonly Ends[], wanted: Ends): number {
  return countOfFirst(things, (one) => compareEnds(one, wanted) < 0);
}

function comparePlaces(a: Place = [], b: Place = []): number {
  for (const [index, number] of a.entries()) {
    const order = number - (b[index] ?? 0);
    if (order !== 0) return order;
  }
  return 0;
}

function isSameOrNone(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && isSameList(a, b));
}

/** Whether two flows say the same of the same machines, for the same reasons. */
export function isSameFlow(a: Flow, b: Flow): boolean {
  return (
    a.from === b.from &&
    a.to === b.to &&
    a.protocol === b.protocol &&
    a.service === b.service &&
    a.connection === b.connection &&
    a.phase === b.phase &&
    a.dynamicRpc === b.dynamicRpc &&
    a.optional === b.optional &&
    a.without === b.without &&
    a.anyOf === b.anyOf &&
    a.sources === b.sources &&
    a.entry === b.entry &&
    a.fromRole === b.fromRole &&
    a.toRole === b.toRole &&
    isSameList(a.ports, b.ports) &&
    isSameOrNone(a.zones, b.zones)
  );
}

function compareNames(a: Endpoint, b: Endpoint): number {
  return compareText(a.name, b.name) || compareText(a.kind, b.kind);
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

/**
 * Adds the flows between two machines, one in place of several that differ only in their source or zone.
 * @param knownFor the flow that stands in place of some already
 */
function addMerged(
  flows: readonly Flow[],
  result: Flow[],
  merged: Map<Flow, readonly Flow[]>,
  knownFor?: (parts: readonly Flow[]) => Flow | undefined,
): void {
  let at = 0;
  for (let first = flows[0]; first; first = flows[at]) {
    const start = at++;
    for (let next = flows[at]; next && compareFlows(first, next) === 0; next = flows[at]) at++;
    if (at === start + 1) {
      result.push(first);
      continue;
    }
    const parts = flows.slice(start, at);
    const flow = knownFor?.(parts) ?? parts.reduce(joined);
    merged.set(flow, parts);
    result.push(flow);
  }
}

function joined(a: Flow, b: Flow): Flow {
  return { ...a, sources: mergedSources(a, b), zones: mergedZones(a, b) };
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
