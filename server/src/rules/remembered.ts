// What follows from one server, or from one flow, kept from one version of a file to the next.

import { isSameList } from '../collections.ts';
import { flowChange } from '../flows/compute.ts';
import type { Flow } from '../flows/flow.ts';
import { differenceOf } from '../topology/difference.ts';
import type { Server, Site, Topology } from '../topology/model.ts';
import { type Frame, haveSameFrame } from '../topology/things.ts';
import { areMistakesOwn, isWhole } from './certainty.ts';
import type { RuleContext } from './rule.ts';
import { sectionPair } from './sections.ts';

/** Everything that a server may be judged by beside other machines: one object for as long as an edit leaves it. */
interface Kept {
  frame: Frame;
}

/** By the first site: a file that is read anew has the same ones, in another map. */
const kept = new WeakMap<Site | Topology['sites'], Kept>();

const keyOf = ({ sites }: Topology): Site | Topology['sites'] => sites.values().next().value ?? sites;

/** One object for all versions of a file in which nothing but machines is different; none where something cannot be read. */
function keptFor(context: RuleContext): Kept | undefined {
  if (!areMistakesOwn(context)) return undefined;
  const { topology } = context;
  const known = keptBefore(topology);
  if (known) return known;
  const made = { frame: frameOf(topology) };
  kept.set(keyOf(topology), made);
  return made;
}

/**
 * That of the text without the line of a key that is being typed in a server. The model is the one of that text, with the
 * server marked as damaged: of a text that was read anew none is known.
 */
function keptWithoutLine({ tree, topology }: RuleContext): Kept | undefined {
  const { damage, root } = tree;
  const [typed] = damage;
  // Of a text that is whole each rule asks this at every keystroke.
  if (typed === undefined || damage.length > 1 || root?.kind !== 'map') return undefined;
  const servers = sectionPair(tree, 'servers');
  if (servers === undefined) return undefined;
  if (!isWhole({ tree: { ...tree, damage: [] }, topology })) return undefined;
  const next = root.pairs[root.pairs.indexOf(servers) + 1]?.key.span.start ?? tree.text.length;
  const isIn = servers.span.start < typed.span.start && typed.span.end < next;
  return isIn ? keptBefore(topology) : undefined;
}

function keptBefore(topology: Topology): Kept | undefined {
  const known = kept.get(keyOf(topology));
  if (!known || !haveSameFrame(known.frame, topology)) return undefined;
  if (!haveSameNodes(known.frame.defaults, topology.defaults)) return undefined;
  // Compared with itself at the next question.
  known.frame = frameOf(topology);
  return known;
}

/** Whether what the defaults say is where it was: answers may have its places. */
function haveSameNodes(before: Frame['defaults'], after: Frame['defaults']): boolean {
  const nodesOf = (defaults: Frame['defaults']) =>
    Object.values(defaults).map((part) => part && 'node' in part && part.node);
  return before === after || isSameList(nodesOf(before), nodesOf(after));
}

const frameOf = ({
  edition,
  defaults,
  zones,
  sites,
  boundaryGroups,
  availabilityGroups,
}: Topology): Frame => ({ edition, defaults, zones, sites, boundaryGroups, availabilityGroups });

/** What some servers of a version gave. */
interface FromServers<Item> {
  readonly servers: Topology['servers'];
  /** Without the servers that gave nothing. */
  readonly byServer: ReadonlyMap<Server, readonly Item[]>;
  readonly items: readonly Item[];
}

/**
 * A function that gives what follows from each server by itself, in the order of the file. After an edit of some servers
 * only these are asked, and the list is the same object for as long as its items are.
 * @param work it looks at no other machine, at nothing that `readers.ts` lists, at no settings, and at no words of a
 *   language; for most servers it should give nothing
 */
export function fromServers<Item>(
  work: (server: Server, context: RuleContext) => readonly Item[],
): (context: RuleContext) => readonly Item[] {
  // By what is beside the machines, or, of a file that could not all be read, by the one version.
  const known = new WeakMap<Kept | Topology, FromServers<Item>>();
  return (context) => {
    const { servers } = context.topology;
    const without = keptWithoutLine(context);
    const whole = without && known.get(without);
    if (whole?.servers === servers) return withDamaged(whole, (server) => work(server, context));
    const key = keptFor(context) ?? context.topology;
    const before = known.get(key);
    if (before?.servers === servers) return before.items;
    const difference = before && differenceOf(before.servers, servers);
    const byServer = new Map(difference && before.byServer);
    let isSame = difference !== undefined;
    for (const server of difference?.gone ?? []) if (byServer.delete(server)) isSame = false;
    for (const server of difference?.added ?? servers.values()) {
      const items = work(server, context);
      if (items.length === 0) continue;
      byServer.set(server, items);
      isSame = false;
    }
    const found = [...byServer];
    // Where there is a difference, servers come in the order of the text.
    if (difference && !isSame) found.sort(([a], [b]) => a.span.start - b.span.start);
    const items = isSame && before ? before.items : found.flatMap(([, own]) => own);
    known.set(key, { servers, byServer, items });
    return items;
  };
}

/** What the servers give where one of them is damaged by now; it is not kept, because without the damage all gives what it gave. */
function withDamaged<Item>(
  { servers, byServer, items }: FromServers<Item>,
  work: (server: Server) => readonly Item[],
): readonly Item[] {
  const damaged = [...servers.values()].filter((server) => server.damaged);
  const now = new Map(damaged.map((server) => [server, work(server)]));
  if (damaged.every((server) => !byServer.has(server) && now.get(server)?.length === 0)) return items;
  const all = new Map([...byServer, ...now]);
  return [...all].sort(([a], [b]) => a.span.start - b.span.start).flatMap(([, own]) => own);
}

/**
 * A function that gives the flows of a file for which something holds, in their order. After an edit only flows that are
 * gone or new are asked, unless there is one among them.
 * @param is it looks at the flow alone, and at its two machines
 */
export function flowsThat(is: (flow: Flow) => boolean): (context: RuleContext) => readonly Flow[] {
  const known = new WeakMap<Kept, { readonly flows: readonly Flow[]; readonly those: readonly Flow[] }>();
  return (context) => {
    const flows = context.flows();
    const key = keptFor(context);
    const before = key && known.get(key);
    const change = before && flowChange(before.flows, flows);
    const isSame = change !== undefined && ![...change.gone, ...change.added].some(is);
    const those = before && isSame ? before.those : flows.filter(is);
    if (key) known.set(key, { flows, those });
    return those;
  };
}
