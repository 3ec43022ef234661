// Flows as a Markdown table, for a change request or a wiki.

import { sourceUrl } from '../catalog/index.ts';
import type { Flow } from '../flows/flow.ts';
import { codeText, markdownText } from '../print/escape.ts';
import {
  countText,
  endpointNames,
  type FlowReport,
  needText,
  portListText,
  portsText,
  sourceText,
} from './flows-report.ts';

const HEADER = ['From', 'To', 'Protocol', 'Ports', 'Service', 'Phase', 'Need', 'Source'];

/** A heading, a line that counts, and one table row a flow; every name of the file in a code span. */
export function flowsMarkdown(report: FlowReport): string {
  const { file, flows, endpoints } = report;
  const head = `# Flows of ${codeText(file)}\n\n${countText(flows)}, ${portListText(report)}.\n`;
  if (flows.length === 0) return head;
  const rows = flows.map((flow) => [
    codeText(flow.from.name),
    codeText(flow.to.name),
    flow.protocol,
    markdownText(portsText(flow)),
    markdownText(flow.service),
    flow.phase,
    markdownText(needText(flow)),
    links(flow),
    ...(endpoints ? [endpointNames(endpoints(flow)).map(codeText).join(', ')] : []),
  ]);
  const header = endpoints ? [...HEADER, 'Names'] : HEADER;
  const table = [header, header.map(() => '---'), ...rows];
  return `${head}\n${table.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

function links(flow: Flow): string {
  return flow.sources
    .map(
      (source) =>
        `[${markdownText(sourceText(source))}](<${sourceUrl(source.edition, source.anchor, source.document)}>)`,
    )
    .join(', ');
}
