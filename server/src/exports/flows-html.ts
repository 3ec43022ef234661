// Flows as one HTML page that needs nothing beside itself.
import { sourceUrl } from '../catalog/index.ts';
import type { Flow } from '../flows/flow.ts';
import { countText, type FlowReport, oneLine, portsText, sourceText } from './flows-report.ts';

const HEADER = ['From', 'To', 'Protocol', 'Ports', 'Service', 'Connection', 'Phase', 'Source'];

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: Canvas; }
@media print { body { margin: 0; } thead th { position: static; } }
`;

/** A whole page. It loads nothing; the links lead to the sections of the port documents. */
export function flowsHtml(report: FlowReport): string {
  const { file, edition, flows } = report;
  const title = `Flows of ${htmlText(file)}`;
  const head = HEADER.map((name) => `<th scope="col">${name}</th>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title}</h1>
<p>${countText(flows)}, port catalog ${edition}.</p>
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${flows.map(row).join('')}</tbody>
</table>
</body>
</html>
`;
}

function row(flow: Flow): string {
  const links = flow.sources.map((source) => {
    const url = sourceUrl(source.edition, source.anchor);
    return `<a href="${htmlText(url)}" rel="noreferrer">${htmlText(sourceText(source))}</a>`;
  });
  const cells = [
    htmlText(flow.from.name),
    htmlText(flow.to.name),
    flow.protocol,
    htmlText(portsText(flow)),
    htmlText(flow.service),
    htmlText(flow.connection),
    flow.phase,
    links.join(', '),
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text that HTML shows as it is, in an element or a quoted attribute. */
export function htmlText(text: string): string {
  return oneLine(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
