// A report as one HTML page: it loads nothing, runs nothing, and follows the reader's light or dark.
import { htmlPage, htmlTable } from '../exports/html.ts';
import { language, t } from '../l10n.ts';
import { markupText } from '../print/escape.ts';
import type { Inline, Page, PageBlock, PageCell, PageSection } from './page.ts';

/** So long may a name be that stays on one line. */
const UNBROKEN = 24;

/** For the screen a column of text; on paper across, with small type and the heads of tables on every page. */
const STYLE = `
body { max-width: 100rem; margin: 0 auto; padding: 1.5rem 2rem 4rem; }
h1 { font-size: 1.8rem; margin: 0 0 .5rem; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 .6rem; padding-top: .8rem; border-top: 2px solid color-mix(in srgb, currentColor 30%, transparent); }
h3 { font-size: 1.1rem; margin: 1.8rem 0 .5rem; }
p, ul, ol { max-width: 52rem; }
code { font: .95em ui-monospace, 'Cascadia Mono', Consolas, monospace; white-space: nowrap; }
code.long { overflow-wrap: anywhere; white-space: normal; }
.word { white-space: nowrap; }
td { overflow-wrap: break-word; }
body > table { width: auto; min-width: 24rem; }
table { margin: .6rem 0 1.2rem; }
thead th { border-bottom-width: 2px; vertical-align: bottom; }
tbody tr:hover { background: color-mix(in srgb, currentColor 6%, transparent); }
nav ol { margin: .3rem 0; padding-left: 1.5rem; }
nav li { margin: .15rem 0; }
.note { border-left: 4px solid #b45309; padding: .5rem .8rem; background: color-mix(in srgb, #f59e0b 14%, transparent); }
.picture { overflow-x: auto; }
@page { size: A4 landscape; margin: 12mm; }
@media print {
  :root { color-scheme: light; font-size: 10px; }
  body { max-width: none; padding: 0; }
  h2 { margin-top: 1.6rem; }
  h2, h3 { break-after: avoid; }
  tr, li, .note, .picture { break-inside: avoid; }
  .picture { overflow: visible; }
  .picture svg { max-width: 100%; max-height: 165mm; height: auto; }
  th, td { padding: .2rem .4rem; }
  a { color: inherit; }
}
`;

/** The whole page; well-formed, whatever the file says. */
export function reportHtml(page: Page): string {
  const title = markupText(page.title);
  const body = [...page.lead.map(block), contents(page.sections), ...page.sections.map(section)].join('');
  return htmlPage({ title, heading: title, body, style: STYLE, language: language() });
}

function contents(sections: readonly PageSection[]): string {
  const items = (list: readonly PageSection[]): string =>
    `<ol>\n${list.map(({ id, title, parts = [] }) => `<li><a href="#${id}">${markupText(title)}</a>${parts.length > 0 ? `\n${items(parts)}` : ''}</li>\n`).join('')}</ol>\n`;
  return `<nav aria-labelledby="contents">\n<h2 id="contents">${markupText(t('Contents'))}</h2>\n${items(sections)}</nav>\n`;
}

function section({ id, title, blocks, parts = [] }: PageSection): string {
  const inner = parts.map(
    (part) => `<h3 id="${part.id}">${markupText(part.title)}</h3>\n${part.blocks.map(block).join('')}`,
  );
  return `<section aria-labelledby="${id}">\n<h2 id="${id}">${markupText(title)}</h2>\n${blocks.map(block).join('')}${inner.join('')}</section>\n`;
}

function block(one: PageBlock): string {
  switch (one.kind) {
    case 'text':
      return `<p>${cell(one.text)}</p>\n`;
    case 'note':
      return `<p class="note">${cell(one.text)}</p>\n`;
    case 'list':
      return `<ul>\n${one.items.map((item) => `<li>${cell(item)}</li>\n`).join('')}</ul>\n`;
    case 'table':
      return htmlTable(
        one.header.map(markupText),
        one.rows.map((row) => row.map(cell)),
      );
    case 'picture':
      return `<div class="picture">\n${one.svg}</div>\n`;
  }
}

function cell(content: PageCell): string {
  return isList(content) ? content.map(inline).join('') : inline(content);
}

function isList(content: PageCell): content is readonly Inline[] {
  return Array.isArray(content);
}

function inline(piece: Inline): string {
  if (typeof piece === 'string') return markupText(piece);
  if ('name' in piece) return code(piece.name);
  if ('word' in piece) return `<span class="word">${markupText(piece.word)}</span>`;
  if ('strong' in piece) return `<strong>${markupText(piece.strong)}</strong>`;
  if ('to' in piece) return `<a href="#${piece.to}">${markupText(piece.text)}</a>`;
  return `<a href="${markupText(piece.url)}" rel="noreferrer">${markupText(piece.text)}</a>`;
}

/** Short names are never broken between lines; long ones anywhere, so that no table is wider than its page. */
function code(name: string): string {
  return `<code${name.length > UNBROKEN ? ' class="long"' : ''}>${markupText(name)}</code>`;
}
