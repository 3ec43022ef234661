// Firewall rules as one HTML page that needs nothing beside itself.
import { htmlText } from '../flows-html.ts';
import { type Exported, type ExportReport, headline } from './rules.ts';
import { HEADER, ruleTables } from './tables.ts';
import { visible } from './text.ts';

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .3rem .6rem; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
thead th { position: sticky; top: 0; background: Canvas; }
@media print { body { margin: 0; } thead th { position: static; } }
`;

/** A whole page: one table for each pair of zones, and a list of what is missing. It loads nothing. */
export function firewallHtml(report: ExportReport): Exported {
  const { tables, gaps } = ruleTables(report);
  const [title = '', ...more] = headline(report).map((line) => htmlText(visible(line)));
  const head = HEADER.map((name) => `<th scope="col">${name}</th>`).join('');
  const body = tables.map(
    ({ title, rows }) => `<h2>${htmlText(title)}</h2>
<table>
<thead><tr>${head}</tr></thead>
<tbody>
${rows.map((cells) => `<tr>${cells.map((cell) => `<td>${htmlText(cell)}</td>`).join('')}</tr>\n`).join('')}</tbody>
</table>
`,
  );
  const missing =
    gaps.length === 0
      ? ''
      : `<h2>Missing</h2>\n<ul>\n${gaps.map((gap) => `<li>${htmlText(gap)}</li>\n`).join('')}</ul>\n`;
  const text = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${title.replace(/\.$/, '')}</h1>
<p>${[...more, 'The source opens the connection; answers need no rule.'].join(' ')}</p>
${body.join('')}${missing}</body>
</html>
`;
  return { text, gaps };
}
