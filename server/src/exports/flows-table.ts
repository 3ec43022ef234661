// Flows as aligned columns for a terminal.

import type { Flow } from '../flows/flow.ts';
import { visible } from '../print/escape.ts';
import { displayWidth, fit, padEnd } from '../print/width.ts';
import {
  countText,
  endpointNames,
  type FlowReport,
  needText,
  portListText,
  portsText,
} from './flows-report.ts';

interface Column {
  readonly head: string;
  readonly cell: (flow: Flow) => string;
  /** How narrow it may become where the terminal is too narrow; not at all where absent. */
  readonly least?: number;
}

const CONNECTION: Column = { head: 'CONNECTION', cell: ({ connection }) => connection, least: 24 };
const SERVICE: Column = { head: 'SERVICE', cell: ({ service }) => service, least: 20 };
const FROM: Column = { head: 'FROM', cell: ({ from }) => from.name };
const TO: Column = { head: 'TO', cell: ({ to }) => to.name };
const PROTOCOL: Column = { head: 'PROTO', cell: ({ protocol }) => protocol };
const PORTS: Column = { head: 'PORTS', cell: portsText };
const PHASE: Column = { head: 'PHASE', cell: ({ phase }) => phase };
const NEED: Column = { head: 'NEED', cell: needText, least: 8 };

/** From the widest to the narrowest, without NEED where everything is needed of its own; the first one that fits is taken, the last one in any case. */
const LAYOUTS: readonly (readonly Column[])[] = [
  [FROM, TO, PROTOCOL, PORTS, SERVICE, CONNECTION, PHASE, NEED],
  [FROM, TO, PROTOCOL, PORTS, SERVICE, PHASE, NEED],
  [{ ...FROM, least: 8 }, { ...TO, least: 8 }, PROTOCOL, PORTS, { ...SERVICE, least: 10 }, PHASE, NEED],
  [{ ...FROM, least: 8 }, { ...TO, least: 8 }, PROTOCOL, PORTS, { ...SERVICE, least: 10 }, PHASE],
];
/** Columns give up width in this order. */
const SHRINK = [CONNECTION.head, NEED.head, SERVICE.head, FROM.head, TO.head];
const GAP = '  ';

/**
 * A table of all flows and a line that counts them. A narrow terminal gets no connection column, and
 * long cells are shortened with `…`.
 * @param columns width of the terminal; without it, everything is in full
 */
export function flowsTable(report: FlowReport, columns = Infinity): string {
  const { flows, endpoints } = report;
  const end = `${countText(flows)}, ${portListText(report)}\n`;
  if (flows.length === 0) return end;
  let text = '';
  const isChoice = flows.some((flow) => needText(flow) !== '');
  for (const columnsOfLayout of LAYOUTS) {
    const layout = columnsOfLayout.filter((column) => isChoice || column !== NEED);
    const lines = [
      layout.map(({ head }) => head),
      ...flows.map((flow) => layout.map(({ cell }) => visible(cell(flow)))),
    ];
    const { widths, fits } = widthsOf(layout, lines, columns);
    // The names are on a line each below their flow: no column could hold them.
    text = lines
      .map((line, index) => {
        const flow = flows[index - 1];
        const names = flow && endpoints ? endpointNames(endpoints(flow)) : [];
        return `${lineText(line, widths)}${names.map((name) => `    ${name}\n`).join('')}`;
      })
      .join('');
    if (fits) break;
  }
  return `${text}\n${end}`;
}

/** The width of each column, as narrow as the terminal asks and the layout allows. */
function widthsOf(
  layout: readonly Column[],
  lines: readonly (readonly string[])[],
  columns: number,
): { readonly widths: readonly number[]; readonly fits: boolean } {
  const widths = layout.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? '')), 0),
  );
  let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - columns;
  for (const head of SHRINK) {
    const index = layout.findIndex((column) => column.head === head);
    const [width, least] = [widths[index], layout[index]?.least];
    if (excess <= 0 || width === undefined || least === undefined) continue;
    const taken = Math.max(0, Math.min(excess, width - least));
    widths[index] = width - taken;
    excess -= taken;
  }
  return { widths, fits: excess <= 0 };
}

function lineText(cells: readonly string[], widths: readonly number[]): string {
  const line = cells.map((cell, index) => padEnd(fit(cell, widths[index] ?? 0), widths[index] ?? 0));
  return `${line.join(GAP).trimEnd()}\n`;
}
