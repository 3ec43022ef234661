// Flows as one HTML page.

import { sourceUrl } from '../catalog/index.ts';
import type { Flow } from '../flows/flow.ts';
import { markupText } from '../print/escape.ts';
import {
  countText,
  endpointNames,
  type FlowReport,
  needText,
  portListText,
  portsText,
  sourceText,
} from './flows-report.ts';
import { htmlPage, htmlTable } from './html.ts';

const HEADER = ['From', 'To', 'Protocol', 'Ports', 'Service', 'Connection', 'Phase', 'Need', 'Source'];

/** A whole page. It loads nothing; the links lead to the sections of the port documents. */
export function flowsHtml(report: FlowReport): string {
  const { file, flows, endpoints } = report;
  const title = `Flows of ${markupText(file)}`;
  const summary = `<p>${countText(flows)}, ${markupText(portListText(report))}.</p>\n`;
  const header = endpoints ? [...HEADER, 'Names'] : HEADER;
  const cells = (flow: Flow) =>
    endpoints ? [...row(flow), markupText(endpointNames(endpoints(flow)).join(', '))] : row(flow);
  return htmlPage({ title, heading: title, body: `${summary}${htmlTable(header, flows.map(cells))}` });
}

function row(flow: Flow): readonly string[] {
  const links = flow.sources.map((source) => {
    const url = sourceUrl(source.edition, source.anchor, source.document);
    return `<a href="${markupText(url)}" rel="noreferrer">${markupText(sourceText(source))}</a>`;
  });
  return [
    markupText(flow.from.name),
    markupText(flow.to.name),
    flow.protocol,
    markupText(portsText(flow)),
    markupText(flow.service),
    markupText(flow.connection),
    flow.phase,
    markupText(needText(flow)),
    links.join(', '),
  ];
}
