// Flows as aligned columns for a terminal.
import { countText, type FlowReport, oneLine, portsText } from './flows-report.ts';
import { displayWidth, fit, padEnd } from './width.ts';

const HEADER = ['FROM', 'TO', 'PROTO', 'PORTS', 'SERVICE', 'CONNECTION', 'PHASE'];
const GAP = '  ';
/** Columns that give up width where the terminal is too narrow, the first one first, each down to its least. */
const SHRINK: readonly (readonly [index: number, least: number])[] = [
  [5, 12],
  [4, 10],
  [0, 8],
  [1, 8],
];

/**
 * @param columns width of the terminal; without it, no cell is shortened
 */
export function flowsTable(report: FlowReport, columns?: number): string {
  const { flows } = report;
  const rows = flows.map((flow) =>
    [
      flow.from.name,
      flow.to.name,
      flow.protocol,
      portsText(flow),
      flow.service,
      flow.connection,
      flow.phase,
    ].map(oneLine),
  );
  const lines = [HEADER, ...rows];
  const widths = HEADER.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? '')), 0),
  );
  if (columns !== undefined) {
    let excess = widths.reduce((sum, width) => sum + width + GAP.length, -GAP.length) - columns;
    for (const [index, least] of SHRINK) {
      if (excess <= 0) break;
      const width = widths[index] ?? 0;
      const taken = Math.max(0, Math.min(excess, width - least));
      widths[index] = width - taken;
      excess -= taken;
    }
  }
  const text = lines.map((line) =>
    line
      .map((cell, index) => padEnd(fit(cell, widths[index] ?? 0), widths[index] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
  const end = `${countText(flows)}, port catalog ${report.edition}`;
  return `${flows.length > 0 ? `${text.join('\n')}\n\n` : ''}${end}\n`;
}
