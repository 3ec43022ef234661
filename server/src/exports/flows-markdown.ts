// Flows as a Markdown table, for a change request or a wiki.
import { sourceUrl } from '../catalog/index.ts';
import type { Flow } from '../flows/flow.ts';
import { countText, type FlowReport, oneLine, portsText, sourceText } from './flows-report.ts';

const HEADER = ['From', 'To', 'Protocol', 'Ports', 'Service', 'Phase', 'Source'];

/** A heading, a line that counts, and one table row a flow; every text from the file is escaped. */
export function flowsMarkdown(report: FlowReport): string {
  const { file, edition, flows } = report;
  const head = `# Flows of ${markdownText(file)}\n\n${countText(flows)}, port catalog ${edition}.\n`;
  if (flows.length === 0) return head;
  const rows = flows.map((flow) => [
    markdownText(flow.from.name),
    markdownText(flow.to.name),
    flow.protocol,
    markdownText(portsText(flow)),
    markdownText(flow.service),
    flow.phase,
    links(flow),
  ]);
  const table = [HEADER, HEADER.map(() => '---'), ...rows];
  return `${head}\n${table.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

function links(flow: Flow): string {
  return flow.sources
    .map((source) => `[${markdownText(sourceText(source))}](<${sourceUrl(source.edition, source.anchor)}>)`)
    .join(', ');
}

/** A text that Markdown shows as it is: on one line, every mark of Markdown and HTML escaped. */
export function markdownText(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]()<>#+!|~&$]/g, (mark) => `\\${mark}`);
}
