// Firewall rules as one HTML page.
import { markupText } from '../../print/escape.ts';
import { htmlPage, htmlTable } from '../html.ts';
import { type Exported, type ExportReport, heading } from './rules.ts';
import { HEADER, ruleTables } from './tables.ts';

/** Lists of addresses are long. */
const STYLE = 'th, td { overflow-wrap: anywhere; }\n';

/** A whole page: one table for each pair of zones, and a list of what is missing. It loads nothing. */
export function firewallHtml(report: ExportReport): Exported {
  const { tables, gaps } = ruleTables(report, markupText, markupText);
  const [title = '', ...more] = heading(report, 'let the firewall follow TFTP', markupText);
  const said = [...more, 'The source opens the connection; answers need no rule.'].join(' ');
  const parts = tables.map(({ title, rows }) => `<h2>${title}</h2>\n${htmlTable(HEADER, rows)}`);
  const missing =
    gaps.length === 0
      ? ''
      : `<h2>Missing</h2>\n<ul>\n${gaps.map((gap) => `<li>${markupText(gap)}</li>\n`).join('')}</ul>\n`;
  const body = `<p>${said}</p>\n${parts.join('')}${missing}`;
  return { text: htmlPage({ title, heading: title.replace(/\.$/, ''), body, style: STYLE }), gaps };
}
