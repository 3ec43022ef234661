// A report of the catalog as Markdown tables, each row linked to its section.
import { markdownText } from '../print/escape.ts';
import type { CatalogCell, ReportList, ReportTable, TableReport } from './catalog-report.ts';

/** A heading, its lines, and its tables and its lists. */
export function catalogMarkdown({ title, lines, tables, lists }: TableReport): string {
  const head = `# ${markdownText(title)}\n\n${lines.map(markdownText).join('\\\n')}\n`;
  const parts = [
    ...tables.map(section),
    ...lists.filter(({ items }) => items.length > 0).map(definitionList),
  ];
  return `${head}${parts.map((part) => `\n${part}`).join('')}`;
}

function section({ title, header, rows }: ReportTable): string {
  const lines = [header.map(markdownText), header.map(() => '---'), ...rows.map((row) => row.map(cellText))];
  return `## ${markdownText(title)}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('')}`;
}

function definitionList({ title, items }: ReportList): string {
  const lines = items.map(({ term, text }) => `- **${markdownText(term)}**: ${markdownText(text)}\n`);
  return `## ${markdownText(title)}\n\n${lines.join('')}`;
}

function cellText({ text, link }: CatalogCell): string {
  return link === undefined ? markdownText(text) : `[${markdownText(text)}](<${link}>)`;
}
