// Flows for a change request, as comma-separated values: one line a flow.

import type { Flow } from '../../flows/flow.ts';
import { csvCell } from '../../print/escape.ts';
import { sourceText } from '../flows-report.ts';
import { networkText } from './address.ts';
import { distinct } from './distinct.ts';
import {
  addressGap,
  type Exported,
  type ExportReport,
  type Leg,
  type Machine,
  openPorts,
  portGap,
} from './rules.ts';

const HEADER = [
  'source',
  'source address',
  'destination',
  'destination address',
  'protocol',
  'port',
  'direction',
  'purpose',
  'phase',
  'document',
];

/**
 * CSV by RFC 4180. Several values of a cell are separated by `; `. What the file does not give is never an
 * empty cell, which a reader could take for 'any': the cell names the machine and what is missing.
 */
export function firewallCsv(report: ExportReport): Exported {
  const gaps: string[] = [];
  const line = (flow: Flow, leg: Leg) => {
    const { from, to } = leg;
    gaps.push(...[portGap(flow, leg), addressGap(from), addressGap(to)].flatMap((gap) => gap ?? []));
    return [
      from.name,
      addresses(from),
      to.name,
      addresses(to),
      flow.protocol,
      portsOf(flow, leg),
      direction(flow, report.server),
      flow.service,
      flow.phase,
      flow.sources.map(sourceText).join('; '),
    ];
  };
  const lines = report.flows.flatMap((flow) => report.legs(flow).map((leg) => line(flow, leg)));
  const text = [HEADER, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
  return { text, gaps: distinct(gaps) };
}

function addresses(machine: Machine): string {
  const gap = addressGap(machine);
  if (gap !== undefined) return `missing: ${gap}`;
  return machine.addresses === 'internet' ? 'any' : machine.addresses.map(networkText).join('; ');
}

function portsOf(flow: Flow, leg: Leg): string {
  if (flow.protocol === 'icmp') return 'echo request';
  const gap = portGap(flow, leg);
  return [...openPorts(flow, leg), ...(gap === undefined ? [] : [`missing: ${gap}`])].join('; ');
}

/** Who opens the connection; with `--server`, from that machine's point of view. */
function direction(flow: Flow, server: string | undefined): string {
  if (server === undefined) return 'source to destination';
  return flow.from.name.toLowerCase() === server.toLowerCase() ? 'outbound' : 'inbound';
}
