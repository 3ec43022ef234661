// Flows as one HTML page.
import { sourceUrl } from '../catalog/index.ts';
import type { Flow } from '../flows/flow.ts';
import { countText, type FlowReport, portsText, sourceText } from './flows-report.ts';
import { htmlPage, htmlTable, htmlText } from './html.ts';

const HEADER = ['From', 'To', 'Protocol', 'Ports', 'Service', 'Connection', 'Phase', 'Source'];

/** A whole page. It loads nothing; the links lead to the sections of the port documents. */
export function flowsHtml({ file, edition, flows }: FlowReport): string {
  const title = `Flows of ${htmlText(file)}`;
  const summary = `<p>${countText(flows)}, port catalog ${edition}.</p>\n`;
  return htmlPage({ title, heading: title, body: `${summary}${htmlTable(HEADER, flows.map(row))}` });
}

function row(flow: Flow): readonly string[] {
  const links = flow.sources.map((source) => {
    const url = sourceUrl(source.edition, source.anchor);
    return `<a href="${htmlText(url)}" rel="noreferrer">${htmlText(sourceText(source))}</a>`;
  });
  return [
    htmlText(flow.from.name),
    htmlText(flow.to.name),
    flow.protocol,
    htmlText(portsText(flow)),
    htmlText(flow.service),
    htmlText(flow.connection),
    flow.phase,
    links.join(', '),
  ];
}
