// The change request as Markdown, for a ticket or a wiki.

import { visible } from '../firewall/text.ts';
import { markdownText } from '../flows-markdown.ts';
import {
  type Change,
  type Diff,
  groups,
  machineChange,
  portChange,
  summaryText,
  workText,
} from './changes.ts';

const HEADER = ['Change', 'Source', 'Destination', 'Protocol', 'Port', 'Firewall work', 'Purpose', 'Phase'];

/** One table for each pair of zones; every text from the files is escaped. */
export function diffMarkdown(diff: Diff): string {
  const shown = (text: string) => markdownText(visible(text));
  const blocks = [
    `# Changes from ${shown(diff.old.file)} to ${shown(diff.new.file)}`,
    `${summaryText(diff)}; port catalog ${editions(diff)}.`,
    ...groups(diff.changes).flatMap(({ title, changes }) => [
      `## ${shown(title)}`,
      [HEADER, HEADER.map(() => '---'), ...rows(changes).map((cells) => cells.map(shown))]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n'),
    ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** One row for changes that read the same: several sections of the port documents may ask for a flow. */
function rows(changes: readonly Change[]): readonly (readonly string[])[] {
  const found = changes.map((change) => [
    change.change,
    machineChange(change, 'from'),
    machineChange(change, 'to'),
    change.protocol,
    portChange(change),
    workText(change),
    change.service,
    change.phase,
  ]);
  return [...new Map(found.map((cells) => [JSON.stringify(cells), cells])).values()];
}

/** `2017-09 to 2025-12`, or the one of both. */
export function editions({ old, new: fresh }: Diff): string {
  return old.edition === fresh.edition ? fresh.edition : `${old.edition} to ${fresh.edition}`;
}
