// Firewall rules as Markdown, for a wiki or a ticket.
import { markdownText } from '../flows-markdown.ts';
import { type Exported, type ExportReport, headline } from './rules.ts';
import { HEADER, ruleTables } from './tables.ts';
import { visible } from './text.ts';

/** One table for each pair of zones, and a list of what is missing; every text from the file is escaped. */
export function firewallMarkdown(report: ExportReport): Exported {
  const { tables, gaps } = ruleTables(report);
  const [title = '', ...more] = headline(report).map((line) => markdownText(visible(line)));
  const blocks = [
    `# ${title.replace(/\.$/, '')}`,
    [...more, 'The source opens the connection; answers need no rule.'].join(' '),
    ...tables.flatMap(({ title, rows }) => [
      `## ${markdownText(title)}`,
      [HEADER, HEADER.map(() => '---'), ...rows.map((cells) => cells.map(markdownText))]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n'),
    ]),
    ...(gaps.length > 0 ? ['## Missing', gaps.map((gap) => `- ${markdownText(gap)}`).join('\n')] : []),
  ];
  return { text: `${blocks.join('\n\n')}\n`, gaps };
}
