// Over each server and client group: how many connections come in, go out and are blocked.
import type { CodeLens } from 'vscode-languageserver';
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { lookup } from '../topology/effective.ts';
import type { ClientGroup, Server } from '../topology/model.ts';
import { rangeOf } from './place.ts';

/** What a lens carries until it is resolved. */
export interface LensData {
  readonly uri: string;
  readonly machine: string;
}

/** The lenses of a file, without their counts; none where no edition says which connections there are. */
export function codeLenses(analysis: Analysis, uri: string): CodeLens[] {
  const { topology } = analysis;
  if (topology.edition === undefined) return [];
  return [...topology.servers.values(), ...topology.clients.values()].map((machine) => {
    const data: LensData = { uri, machine: machine.name };
    return { range: rangeOf(analysis, machine.key.span), data };
  });
}

/**
 * A lens with its counts.
 * @param command the client's command that shows the connections of a machine; takes the document's address and
 * the machine's name
 */
export function resolveCodeLens(
  analysis: Analysis,
  lens: CodeLens,
  data: LensData,
  command: string,
): CodeLens {
  const { topology } = analysis;
  const machine = lookup(topology.servers, data.machine) ?? lookup(topology.clients, data.machine);
  // The file has changed since: the editor asks for new lenses.
  if (machine === undefined) return { ...lens, command: { title: '', command: '' } };
  return {
    ...lens,
    command: { title: countsText(analysis, machine), command, arguments: [data.uri, machine.name] },
  };
}

/** `12 in · 5 out · 2 blocked`; the last only where some are. */
function countsText(analysis: Analysis, machine: Server | ClientGroup): string {
  const reach = analysis.reach();
  let [incoming, outgoing, blocked] = [0, 0, 0];
  for (const flow of analysis.flows()) {
    const isOut = (flow.from.server ?? flow.from.clients) === machine;
    const isIn = (flow.to.server ?? flow.to.clients) === machine;
    if (!isIn && !isOut) continue;
    if (isIn) incoming++;
    if (isOut) outgoing++;
    if (reach.verdict(flow).kind === 'blocked') blocked++;
  }
  if (incoming + outgoing === 0) return t('no connections');
  return [
    t('{0} in', incoming),
    t('{0} out', outgoing),
    ...(blocked > 0 ? [t('{0} blocked', blocked)] : []),
  ].join(' · ');
}
