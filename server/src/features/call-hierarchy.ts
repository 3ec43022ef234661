// Call hierarchy: connections. Incoming calls are the machines that connect to one, outgoing those that it connects to.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Position,
} from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { roleName } from '../catalog/index.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { language, t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { internetZone } from '../reach/chains.ts';
import { blocksOf, blockText, trafficOf, wayOf } from '../reach/way.ts';
import type { Span } from '../text/tree.ts';
import { listenerName, lookup } from '../topology/effective.ts';
import type { ClientGroup, Role, Server, Topology } from '../topology/model.ts';
import { type Collective, membership } from './members.ts';
import { editorRange, offsetOf, touches } from './place.ts';
import { roleAt, subjectAt, type Thing } from './subject.ts';
import { detailOf, KINDS, OUTSIDE, ROLE } from './symbols.ts';

/** What an item stands for; editors give it back with the next question, perhaps after an edit. */
type Caller =
  | { readonly kind: Endpoint['kind'] | Collective['kind']; readonly name: string }
  | { readonly kind: 'role'; readonly name: string; readonly role: string };

type Side = 'from' | 'to';

/** A caller as the present text has it. */
interface Known {
  readonly caller: Caller;
  /** Undefined for what is outside the file. */
  readonly thing: Server | ClientGroup | Collective | undefined;
  readonly role: Role | undefined;
}

/**
 * The machine, role or group of machines at a position: under the cursor, named there, or the machine in whose entry
 * the cursor is. Undefined elsewhere.
 */
export function prepareCallHierarchy(
  analysis: Analysis,
  uri: string,
  position: Position,
): CallHierarchyItem[] | undefined {
  const known = callerAt(analysis, offsetOf(analysis, position));
  return known && [itemOf(analysis, uri, known)];
}

function callerAt(analysis: Analysis, offset: number): Known | undefined {
  const role = roleAt(analysis, offset);
  if (role !== undefined) return knownRole(role);
  const thing = subjectAt(analysis, offset)?.thing;
  if (thing && (thing.kind === 'server' || thing.kind === 'clients' || isCollective(thing)))
    return knownThing(thing);
  // A site or firewall that is named there is no machine, though the entry round it may be one's.
  if (thing !== undefined && thing.kind !== 'instance') return undefined;
  const { servers, clients } = analysis.topology;
  const around = [...servers.values(), ...clients.values()].find(({ span }) => touches(span, offset));
  if (around === undefined) return undefined;
  const inside =
    around.kind === 'server' ? around.roles.find(({ span }) => touches(span, offset)) : undefined;
  return inside ? knownRole(inside) : knownThing(around);
}

function isCollective(thing: Thing): thing is Collective {
  return COLLECTIVES.some((kind) => kind === thing.kind);
}

const COLLECTIVES: readonly Collective['kind'][] = [
  'zone',
  'boundary-group',
  'address-group',
  'availability-group',
  'listener',
];

function knownThing(thing: Server | ClientGroup | Collective): Known {
  return { caller: { kind: thing.kind, name: thing.name }, thing, role: undefined };
}

function knownRole(role: Role): Known {
  const { server } = role;
  return { caller: { kind: 'role', name: server.name, role: role.role }, thing: server, role };
}

/** Who connects to an item's machine or role, each machine once; nothing where it is no longer there. */
export function incomingCalls(analysis: Analysis, item: CallHierarchyItem): CallHierarchyIncomingCall[] {
  return calls(analysis, item, 'in').map(({ other, flows }) => ({
    from: endpointItem(analysis, item.uri, other, flows),
    fromRanges: causes(analysis, flows),
  }));
}

/** Whom an item's machine or role connects to, each machine once; nothing where it is no longer there. */
export function outgoingCalls(analysis: Analysis, item: CallHierarchyItem): CallHierarchyOutgoingCall[] {
  return calls(analysis, item, 'out').map(({ other, flows }) => ({
    to: endpointItem(analysis, item.uri, other, flows),
    fromRanges: causes(analysis, flows),
  }));
}

interface Call {
  readonly other: Endpoint;
  readonly flows: readonly Flow[];
}

function calls(analysis: Analysis, { data }: CallHierarchyItem, way: 'in' | 'out'): readonly Call[] {
  const caller = callerOf(data);
  const known = caller && find(caller, analysis.topology);
  if (known === undefined) return [];
  const groups = new Map<Endpoint, Flow[]>();
  const isAt = atCaller(known, analysis.topology);
  const [own, far] = way === 'in' ? (['to', 'from'] as const) : (['from', 'to'] as const);
  for (const flow of analysis.flows()) {
    // What stays within a group is neither incoming nor outgoing.
    if (!isAt(flow, own) || (isGroup(known) && isAt(flow, far))) continue;
    const group = groups.get(flow[far]);
    if (group) group.push(flow);
    else groups.set(flow[far], [flow]);
  }
  return [...groups].map(([other, flows]) => ({ other, flows }));
}

function isGroup({ thing }: Known): boolean {
  return thing !== undefined && thing.kind !== 'server' && thing.kind !== 'clients';
}

function atCaller({ caller, thing, role }: Known, topology: Topology): (flow: Flow, side: Side) => boolean {
  if (thing === undefined)
    return (flow, side) => flow[side].kind === caller.kind && flow[side].name === caller.name;
  if (thing.kind !== 'server' && thing.kind !== 'clients') return membership(thing, topology);
  return (flow, side) =>
    (flow[side].server ?? flow[side].clients) === thing &&
    (role === undefined || (side === 'from' ? flow.fromRole : flow.toRole) === role);
}

/** The caller in what an editor gave back; undefined for what is none. */
function callerOf(data: unknown): Caller | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const [kind, name, role]: readonly unknown[] = ['kind', 'name', 'role'].map((key) =>
    Reflect.get(data, key),
  );
  if (typeof name !== 'string') return undefined;
  const known = KNOWN_KINDS.find((one) => one === kind);
  if (known) return { kind: known, name };
  return kind === 'role' && typeof role === 'string' ? { kind, name, role } : undefined;
}

const KNOWN_KINDS = ['server', 'clients', 'cloud', 'proxy', ...COLLECTIVES] as const;

function find(caller: Caller, topology: Topology): Known | undefined {
  const role = (server: Server | undefined, name: string): Known | undefined => {
    const found = server?.roles.find((one) => one.role === name);
    return found && knownRole(found);
  };
  const thing = <T extends Server | ClientGroup | Collective>(map: ReadonlyMap<string, T>) => {
    const found = lookup(map, caller.name);
    return found && { caller, thing: found, role: undefined };
  };
  switch (caller.kind) {
    case 'role':
      return role(lookup(topology.servers, caller.name), caller.role);
    case 'server':
      return thing(topology.servers);
    case 'clients':
      return thing(topology.clients);
    case 'zone':
      return thing(topology.zones);
    case 'boundary-group':
      return thing(topology.boundaryGroups);
    case 'address-group':
      return thing(topology.addressGroups);
    case 'availability-group':
      return thing(topology.availabilityGroups);
    case 'listener':
      // One without a name of its own has that of its group.
      return thing(topology.listeners) ?? { caller, thing: undefined, role: undefined };
    case 'cloud':
    case 'proxy':
      return { caller, thing: undefined, role: undefined };
  }
}

// --- Items -----------------------------------------------------------------------------------

function itemOf(analysis: Analysis, uri: string, { caller, thing, role }: Known): CallHierarchyItem {
  const { topology } = analysis;
  if (role !== undefined) {
    return {
      name: visible(t('{0} on {1}', role.role, role.server.name)),
      kind: ROLE,
      detail: visible(detailOf(role.server)),
      ...placed(analysis, uri, role),
      data: caller,
    };
  }
  if (thing !== undefined) {
    return {
      name: visible(thing.name),
      kind: KINDS[thing.kind],
      detail: visible(detailOf(thing)),
      ...placed(analysis, uri, thing),
      data: caller,
    };
  }
  return {
    name: caller.kind === 'cloud' ? roleName(caller.name, language()) : visible(caller.name),
    kind: OUTSIDE,
    ...placed(analysis, uri, cause(caller, topology)),
    data: caller,
  };
}

interface Placed {
  readonly span: Span;
  readonly key: { readonly span: Span };
}

/** Where the file speaks of what has no entry: a listener at its group, a proxy at the first machine that uses it. */
function cause({ kind, name }: Caller, topology: Topology): Placed {
  const all = [...topology.servers.values(), ...topology.clients.values()];
  const found: Placed | undefined =
    kind === 'listener'
      ? [...topology.availabilityGroups.values()].find((group) => listenerName(group) === name)
      : kind === 'proxy'
        ? all.flatMap(({ proxy }) =>
            proxy?.server?.value === name ? [{ span: proxy.span, key: proxy.server }] : [],
          )[0]
        : // What is outside the file is where the file has the internet, else at its beginning.
          internetZone(topology);
  const start = { start: 0, end: 0 };
  return found ?? { span: start, key: { span: start } };
}

function placed(
  analysis: Analysis,
  uri: string,
  { span, key }: Placed,
): Pick<CallHierarchyItem, 'uri' | 'range' | 'selectionRange'> {
  // A key that came by an alias is elsewhere; editors want the selection within the range.
  const isInside = key.span.start >= span.start && key.span.end <= span.end;
  return {
    uri,
    range: editorRange(analysis, span),
    selectionRange: editorRange(analysis, isInside ? key.span : span),
  };
}

/** The machine at the other end, its connections as detail. */
function endpointItem(
  analysis: Analysis,
  uri: string,
  { name, kind, server, clients }: Endpoint,
  flows: readonly Flow[],
): CallHierarchyItem {
  const item = itemOf(analysis, uri, {
    caller: { kind, name },
    thing: server ?? clients ?? (kind === 'listener' ? lookup(analysis.topology.listeners, name) : undefined),
    role: undefined,
  });
  return {
    ...item,
    detail: visible([trafficOf(flows), blockedText(analysis, flows)].filter(Boolean).join(' · ')),
  };
}

/** `2 blocked by edge (no rule)`; nothing where everything gets through. */
function blockedText(analysis: Analysis, flows: readonly Flow[]): string {
  if (analysis.topology.firewalls.size === 0) return '';
  const blocks = flows
    .map((flow) => blocksOf(wayOf(flow, analysis.reach(), analysis.topology)))
    .filter((found) => found.length > 0);
  if (blocks.length === 0) return '';
  const by = [...new Set(blocks.flat().map((block) => blockText(block)))];
  return blocks.length === flows.length
    ? t('all blocked by {0}', by.join(', '))
    : t('{0} blocked by {1}', blocks.length, by.join(', '));
}

/** The roles that open the connections, or the group that does: the places that cause them. */
function causes(analysis: Analysis, flows: readonly Flow[]): CallHierarchyIncomingCall['fromRanges'] {
  const spans = flows.flatMap(
    ({ from, fromRole }) => (fromRole ?? from.server ?? from.clients)?.key.span ?? [],
  );
  const starts = new Map(spans.map((span) => [span.start, span]));
  return [...starts.values()].sort((a, b) => a.start - b.start).map((span) => editorRange(analysis, span));
}
