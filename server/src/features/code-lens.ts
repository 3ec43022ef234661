// Over each server, client group and boundary group: how many connections come in, go out, are optional and are
// blocked.
import type { CodeLens } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { getOrAdd, memo } from '../collections.ts';
import type { Flow } from '../flows/flow.ts';
import { t } from '../l10n.ts';
import { needsAmong } from '../reach/choices.ts';
import { lookup } from '../topology/effective.ts';
import type { BoundaryGroup, ClientGroup, Server } from '../topology/model.ts';
import { blockedAt } from './blocked.ts';
import type { ConnectionFilter } from './connections-query.ts';
import { membership } from './members.ts';
import { editorRange } from './place.ts';

/** What a lens carries until it is resolved. */
export interface LensData {
  readonly uri: string;
  /** A server or client group; of a boundary group its name, where `kind` says so. */
  readonly machine: string;
  readonly kind?: 'boundary-group';
}

/** The lenses of a file, without their counts; none where no edition says which connections there are. */
export function codeLenses(analysis: Analysis, uri: string): CodeLens[] {
  const { topology } = analysis;
  if (topology.edition === undefined) return [];
  const machines = [...topology.servers.values(), ...topology.clients.values()].map((machine) => {
    const data: LensData = { uri, machine: machine.name };
    return { range: editorRange(analysis, machine.key.span), data };
  });
  const groups = [...topology.boundaryGroups.values()].map((group) => {
    const data: LensData = { uri, machine: group.name, kind: group.kind };
    return { range: editorRange(analysis, group.key.span), data };
  });
  return [...machines, ...groups];
}

/**
 * A lens with its counts.
 * @param command the client's command that shows connections; takes the document's address, and the name of a machine
 * or the filter of the view
 */
export function resolveCodeLens(
  analysis: Analysis,
  lens: CodeLens,
  data: LensData,
  command: string,
): CodeLens {
  const { topology } = analysis;
  const thing =
    data.kind === 'boundary-group'
      ? lookup(topology.boundaryGroups, data.machine)
      : (lookup(topology.servers, data.machine) ?? lookup(topology.clients, data.machine));
  // The file has changed since: the editor asks for new lenses.
  if (thing === undefined) return { ...lens, command: { title: '', command: '' } };
  const filter: ConnectionFilter = { boundaryGroup: thing.name };
  const shown = thing.kind === 'boundary-group' ? filter : thing.name;
  return {
    ...lens,
    command: { title: countsText(analysis, thing), command, arguments: [data.uri, shown] },
  };
}

/**
 * `12 in · 5 out · 2 of them optional · 2 blocked`; the last two only where some are. Of a choice the connections of
 * one alternative count, and it is blocked where none is reached.
 */
function countsText(analysis: Analysis, thing: Server | ClientGroup | BoundaryGroup): string {
  const flows = analysis.flows();
  const needOf = needsAmong(flows);
  const isAt =
    thing.kind === 'boundary-group'
      ? membership(thing, analysis.topology)
      : (flow: Flow, side: Side) => (flow[side].server ?? flow[side].clients) === thing;
  const sum = { in: 0, out: 0, optional: 0 };
  /** By choice and direction the alternatives, each with how many connections it has. */
  const choices = new Map<string, { side: Side; alternatives: Map<string, number> }>();
  const own = thing.kind === 'boundary-group' ? flows : (flowsByMachine(flows).get(thing) ?? []);
  for (const flow of own) {
    for (const side of SIDES) {
      if (!isAt(flow, side)) continue;
      const need = needOf(flow);
      if (need.kind === 'choice') {
        const key = JSON.stringify([side, need.name, flow.zones]);
        const { alternatives } = getOrAdd(choices, key, () => ({
          side,
          alternatives: new Map<string, number>(),
        }));
        const other = flow[side === 'to' ? 'from' : 'to'];
        const alternative = `${other.kind} ${other.name}`;
        alternatives.set(alternative, (alternatives.get(alternative) ?? 0) + 1);
        continue;
      }
      sum[WAY[side]]++;
      if (need.kind === 'optional') sum.optional++;
    }
  }
  for (const { side, alternatives } of choices.values()) sum[WAY[side]] += Math.max(...alternatives.values());
  const things = (flow: Flow) => (SIDES.some((side) => isAt(flow, side)) ? [thing] : []);
  const at = blockedAt(flows, analysis.reach(), things, own);
  const blocked = at.get(thing) ?? 0;
  if (sum.in + sum.out === 0) return t('no connections');
  return [
    t('{0} in', sum.in),
    t('{0} out', sum.out),
    ...(sum.optional > 0 ? [t('{0} of them optional', sum.optional)] : []),
    ...(blocked > 0 ? [t('{0} blocked', blocked)] : []),
  ].join(' · ');
}

/** The flows from and to each machine, in order: an editor asks for the lenses of a whole page. */
const flowsByMachine = memo((flows: readonly Flow[]) => {
  const byMachine = new Map<Server | ClientGroup, Flow[]>();
  for (const flow of flows) {
    const { from, to } = flow;
    const [source, target] = [from.server ?? from.clients, to.server ?? to.clients];
    if (source) getOrAdd(byMachine, source, () => []).push(flow);
    if (target && target !== source) getOrAdd(byMachine, target, () => []).push(flow);
  }
  return byMachine;
});

type Side = 'from' | 'to';
const SIDES: readonly Side[] = ['to', 'from'];
const WAY = { to: 'in', from: 'out' } as const;
