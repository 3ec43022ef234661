// The change request as Markdown, for a ticket or a wiki.

import { codeText, markdownText } from '../../print/escape.ts';
import { type Diff, groups, summaryText } from './changes.ts';

const HEADER = ['Change', 'Source', 'Destination', 'Protocol', 'Port', 'Firewall work', 'Purpose', 'Phase'];

/** One table for each pair of zones; every name of the files in a code span. */
export function diffMarkdown(diff: Diff): string {
  const tables = groups(diff, codeText);
  const blocks = [
    `# Changes from ${codeText(diff.old.file)} to ${codeText(diff.new.file)}`,
    `${summaryText(tables)}; port catalog ${editions(diff)}.`,
    ...tables.flatMap(({ title, rows }) => [
      `## ${title}`,
      [
        HEADER,
        HEADER.map(() => '---'),
        ...rows.map(({ change, from, to, protocol, ports, work, service, phase }) => [
          change,
          from,
          to,
          protocol,
          ports.replace('->', '\\->'),
          work,
          markdownText(service),
          phase,
        ]),
      ]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n'),
    ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** `2017-09 to 2025-12`, or the one of both. */
export function editions({ old, new: fresh }: Diff): string {
  return old.edition === fresh.edition ? fresh.edition : `${old.edition} to ${fresh.edition}`;
}
