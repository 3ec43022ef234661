// Firewall rules as Markdown, for a wiki or a ticket.
import { codeText, markdownText } from '../../print/escape.ts';
import { type Exported, type ExportReport, heading } from './rules.ts';
import { HEADER, ruleTables } from './tables.ts';

/** One table for each pair of zones, and a list of what is missing; every name of the file in a code span. */
export function firewallMarkdown(report: ExportReport): Exported {
  const { tables, gaps } = ruleTables(report, codeText, markdownText);
  const [title = '', ...more] = heading(report, 'let the firewall follow TFTP', codeText);
  const blocks = [
    `# ${title.replace(/\.$/, '')}`,
    [...more, 'The source opens the connection; answers need no rule.'].join(' '),
    ...tables.flatMap(({ title, rows }) => [
      `## ${title}`,
      [HEADER, HEADER.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n'),
    ]),
    ...(gaps.length > 0 ? ['## Missing', gaps.map((gap) => `- ${markdownText(gap)}`).join('\n')] : []),
  ];
  return { text: `${blocks.join('\n\n')}\n`, gaps };
}
