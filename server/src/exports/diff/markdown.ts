// The change request as Markdown, for a ticket or a wiki.

import { visible } from '../firewall/text.ts';
import { markdownText } from '../flows-markdown.ts';
import { type Diff, groups, summaryText } from './changes.ts';

const HEADER = ['Change', 'Source', 'Destination', 'Protocol', 'Port', 'Firewall work', 'Purpose', 'Phase'];

/** One table for each pair of zones; every text from the files is escaped. */
export function diffMarkdown(diff: Diff): string {
  const shown = (text: string) => markdownText(visible(text));
  const tables = groups(diff);
  const blocks = [
    `# Changes from ${shown(diff.old.file)} to ${shown(diff.new.file)}`,
    `${summaryText(tables)}; port catalog ${editions(diff)}.`,
    ...tables.flatMap(({ title, rows }) => [
      `## ${shown(title)}`,
      [
        HEADER,
        HEADER.map(() => '---'),
        ...rows.map(({ change, from, to, protocol, ports, work, service, phase }) =>
          [change, from, to, protocol, ports, work, service, phase].map(shown),
        ),
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
