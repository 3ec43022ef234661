// Call hierarchy: connections. Incoming calls are the machines that connect to one, outgoing those that it connects to.
import type {
  CallHierarchyIncomingCall,
  CallHierarchyItem,
  CallHierarchyOutgoingCall,
  Position,
} from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { roleName } from '../catalog/index.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { language, t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { internetZone } from '../reach/chains.ts';
import { blocksOf, blockText, trafficOf, wayOf } from '../reach/way.ts';
import type { Span } from '../text/tree.ts';
import { lookup, writtenZones } from '../topology/effective.ts';
import type { ClientGroup, Role, Server, Topology } from '../topology/model.ts';
import { offsetOf, rangeOf, touches } from './place.ts';
import { roleAt, subjectAt } from './subject.ts';
import { KINDS, OUTSIDE, ROLE } from './symbols.ts';

/** What an item stands for; editors give it back with the next question, perhaps after an edit. */
type Caller =
  | { readonly kind: Endpoint['kind']; readonly name: string }
  | { readonly kind: 'role'; readonly name: string; readonly role: string };

/** A caller as the present text has it. */
interface Known {
  readonly caller: Caller;
  readonly machine: Server | ClientGroup | undefined;
  readonly role: Role | undefined;
}

/**
 * The machine or role at a position: under the cursor, named there, or the one in whose entry the cursor is.
 * Undefined elsewhere.
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
  if (thing?.kind === 'server' || thing?.kind === 'clients') return knownMachine(thing);
  // A site, zone or firewall that is named there is no machine, though the entry round it may be one's.
  if (thing !== undefined && thing.kind !== 'instance') return undefined;
  const { servers, clients } = analysis.topology;
  const around = [...servers.values(), ...clients.values()].find(({ span }) => touches(span, offset));
  if (around === undefined) return undefined;
  const inside =
    around.kind === 'server' ? around.roles.find(({ span }) => touches(span, offset)) : undefined;
  return inside ? knownRole(inside) : knownMachine(around);
}

function knownMachine(machine: Server | ClientGroup): Known {
  return { caller: { kind: machine.kind, name: machine.name }, machine, role: undefined };
}

function knownRole(role: Role): Known {
  const { server } = role;
  return { caller: { kind: 'role', name: server.name, role: role.role }, machine: server, role };
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
  for (const flow of analysis.flows()) {
    const [own, other, role] =
      way === 'in' ? [flow.to, flow.from, flow.toRole] : [flow.from, flow.to, flow.fromRole];
    const isOwn = known.machine
      ? (own.server ?? own.clients) === known.machine
      : own.name === known.caller.name;
    if (!isOwn || (known.role !== undefined && role !== known.role)) continue;
    const group = groups.get(other);
    if (group) group.push(flow);
    else groups.set(other, [flow]);
  }
  return [...groups].map(([other, flows]) => ({ other, flows }));
}

/** The caller in what an editor gave back; undefined for what is none. */
function callerOf(data: unknown): Caller | undefined {
  if (typeof data !== 'object' || data === null) return undefined;
  const [kind, name, role]: readonly unknown[] = ['kind', 'name', 'role'].map((key) =>
    Reflect.get(data, key),
  );
  if (typeof name !== 'string') return undefined;
  const known = (['server', 'clients', 'cloud', 'listener', 'proxy'] as const).find((one) => one === kind);
  if (known) return { kind: known, name };
  return kind === 'role' && typeof role === 'string' ? { kind, name, role } : undefined;
}

function find(caller: Caller, topology: Topology): Known | undefined {
  if (caller.kind === 'cloud' || caller.kind === 'listener' || caller.kind === 'proxy')
    return { caller, machine: undefined, role: undefined };
  const machine = lookup<Server | ClientGroup>(
    caller.kind === 'clients' ? topology.clients : topology.servers,
    caller.name,
  );
  if (machine === undefined) return undefined;
  if (caller.kind !== 'role') return { caller, machine, role: undefined };
  const role = machine.kind === 'server' ? machine.roles.find((one) => one.role === caller.role) : undefined;
  return role && { caller, machine, role };
}

// --- Items -----------------------------------------------------------------------------------

function itemOf(analysis: Analysis, uri: string, { caller, machine, role }: Known): CallHierarchyItem {
  const { topology } = analysis;
  if (role !== undefined) {
    return {
      name: visible(t('{0} on {1}', role.role, role.server.name)),
      kind: ROLE,
      detail: placeText(role.server),
      ...placed(analysis, uri, role),
      data: caller,
    };
  }
  if (machine !== undefined) {
    return {
      name: visible(machine.name),
      kind: KINDS[machine.kind],
      detail: placeText(machine),
      ...placed(analysis, uri, machine),
      data: caller,
    };
  }
  // What is outside the file is where the file has the internet, else at its beginning.
  const zone = internetZone(topology);
  const start = { start: 0, end: 0 };
  return {
    name: roleName(caller.name, language()),
    kind: OUTSIDE,
    ...placed(analysis, uri, zone ?? { span: start, key: { span: start } }),
    data: caller,
  };
}

function placeText(machine: Server | ClientGroup): string {
  const zones = writtenZones(machine).map(({ value }) => value);
  return visible([machine.site?.value, ...zones].filter((part) => part !== undefined).join(' · '));
}

function placed(
  analysis: Analysis,
  uri: string,
  { span, key }: { readonly span: Span; readonly key: { readonly span: Span } },
): Pick<CallHierarchyItem, 'uri' | 'range' | 'selectionRange'> {
  // A key that came by an alias is elsewhere; editors want the selection within the range.
  const isInside = key.span.start >= span.start && key.span.end <= span.end;
  return {
    uri,
    range: rangeOf(analysis, span),
    selectionRange: rangeOf(analysis, isInside ? key.span : span),
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
    machine: server ?? clients,
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
  return [...starts.values()].sort((a, b) => a.start - b.start).map((span) => rangeOf(analysis, span));
}
