// A report of the catalog as aligned columns for a terminal.
import { displayWidth, padEnd } from '../print/width.ts';
import type { ReportList, ReportTable, TableReport } from './catalog-report.ts';

/** Title, lines, tables and lists. Section addresses are left out. */
export function catalogTable({ title, lines, tables, lists }: TableReport): string {
  const parts = [
    ...tables.map(aligned),
    ...lists.filter(({ items }) => items.length > 0).map(definitionList),
  ];
  return `${[title, ...lines].join('\n')}\n${parts.map((part) => `\n${part}`).join('')}`;
}

/** The first columns of a table are on a line of their own above the rows that share them. */
function aligned({ title, heads, header, rows }: ReportTable): string {
  const lines = [header.map((cell) => cell.toUpperCase()), ...rows.map((row) => row.map(({ text }) => text))];
  const widths = header.map((_, index) =>
    lines.reduce((widest, line) => Math.max(widest, displayWidth(line[index] ?? '')), 0),
  );
  const columns = (line: readonly string[]) =>
    line
      .map((cell, index) => padEnd(cell, widths[index] ?? 0))
      .slice(heads)
      .join('  ')
      .trimEnd();
  if (heads === 0) return `${title}\n${lines.map((line) => `  ${columns(line)}\n`).join('')}`;
  const body = lines.map((line, number) => {
    const head = line.slice(0, heads).join('  ');
    const above = lines[number - 1]?.slice(0, heads).join('  ');
    return `${head === above ? '' : `  ${head}\n`}    ${columns(line)}\n`;
  });
  return `${title}\n${body.join('')}`;
}

function definitionList({ title, items }: ReportList): string {
  return `${title}\n${items.map(({ term, text }) => `  ${term}: ${text}\n`).join('')}`;
}
