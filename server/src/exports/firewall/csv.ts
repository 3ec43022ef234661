// Flows for a change request, as comma-separated values: one line a flow.

import { distinct } from '../../collections.ts';
import type { Flow } from '../../flows/flow.ts';
import { csvCell } from '../../print/escape.ts';
import { isTftp } from '../../rules/clients/tftp-reply-ports.ts';
import { sourceText } from '../flows-report.ts';
import { networkText } from './address.ts';
import {
  addressGap,
  type Exported,
  type ExportReport,
  type FlowLeg,
  internetText,
  listedPorts,
  openPorts,
  portGap,
  type RuleMachine,
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

/** Said of the request, for there is no head to say it in. */
const TFTP =
  'the answers come from another port, to any port that the client chose, so let the firewall follow TFTP';

/** Excel cuts a cell behind 32,767 characters; some are left for quotation marks and an apostrophe. */
const MOST_IN_CELL = 32_000;

/**
 * CSV by RFC 4180. Several values of a cell are separated by `; `. What the file does not give is never an
 * empty cell, which a reader could take for 'any': the cell names the machine and what is missing. A list too long for
 * a cell goes on in a further line. What only an installation needs has no line where others open it for good.
 * @param isWhole whether every flow has its line all the same, for a list of flows and not of what to open
 */
export function firewallCsv(report: ExportReport, isWhole = false): Exported {
  const gaps: string[] = [];
  const listed = isWhole ? openPorts : listedPorts(report);
  const linesOf = (flow: Flow, leg: FlowLeg) => {
    const { from, to } = leg;
    const open = listed(flow, leg);
    if (open === undefined) return [];
    gaps.push(...[portGap(flow, leg), addressGap(from), addressGap(to)].flatMap((gap) => gap ?? []));
    return cellsOf(addresses(from, report)).flatMap((fromAddresses) =>
      cellsOf(addresses(to, report)).flatMap((toAddresses) =>
        cellsOf(portsOf(flow, leg, open)).map((ports) => [
          from.name,
          fromAddresses,
          to.name,
          toAddresses,
          flow.protocol,
          ports,
          direction(flow, report.server),
          isTftp(flow) ? `${report.service(flow)}: ${TFTP}` : report.service(flow),
          flow.phase,
          flow.sources.map(sourceText).join('; '),
        ]),
      ),
    );
  };
  const lines = report.flows.flatMap((flow) => report.legs(flow).flatMap((leg) => linesOf(flow, leg)));
  const rows = [HEADER, ...lines].map((cells) => `${cells.map(csvCell).join(',')}\r\n`);
  // There is no head to say it in.
  for (const name of report.withoutPublic ?? [])
    gaps.push(`${name} has no public addresses, its own are written; set publicAddresses of ${name}`);
  return { text: (isWhole ? rows : distinct(rows)).join(''), gaps: distinct(gaps) };
}

/** The values of a list in cells that Excel takes whole. */
function cellsOf(values: readonly string[]): readonly string[] {
  const cells: string[] = [];
  for (const value of values) {
    const last = cells.at(-1);
    if (last !== undefined && last.length + value.length + 2 <= MOST_IN_CELL)
      cells[cells.length - 1] = `${last}; ${value}`;
    else cells.push(value);
  }
  return cells.length === 0 ? [''] : cells;
}

function addresses(machine: RuleMachine, { inside }: ExportReport): readonly string[] {
  const gap = addressGap(machine);
  if (gap !== undefined) return [`missing: ${gap}`];
  return machine.addresses === 'internet' ? [internetText(inside, '; ')] : machine.addresses.map(networkText);
}

function portsOf(flow: Flow, leg: FlowLeg, open: readonly string[]): readonly string[] {
  const gap = portGap(flow, leg);
  if (flow.protocol === 'icmp' && gap === undefined) return ['echo request'];
  return [...open, ...(gap === undefined ? [] : [`missing: ${gap}`])];
}

/** Who opens the connection; with `--server`, from that machine's point of view. */
function direction(flow: Flow, server: string | undefined): string {
  if (server === undefined) return 'source to destination';
  return flow.from.name.toLowerCase() === server.toLowerCase() ? 'outbound' : 'inbound';
}
