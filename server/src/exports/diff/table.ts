// The change request as aligned columns for a terminal.
import { visible } from '../firewall/text.ts';
import { displayWidth, padEnd } from '../width.ts';
import {
  type Change,
  type Diff,
  groups,
  machineChange,
  portChange,
  summaryText,
  workText,
} from './changes.ts';
import { editions } from './markdown.ts';

const MARK = { added: '+', removed: '-', changed: '~' } as const;

/** The changes by pair of zones, `+` added, `-` removed, `~` changed, and a line that counts them. */
export function diffTable(diff: Diff): string {
  const blocks = groups(diff.changes).map(({ title, changes }) => {
    // Several sections of the port documents may ask for a flow; it is shown once.
    const rows = [...new Map(changes.map(cells).map((row) => [JSON.stringify(row), row])).values()];
    const widths = (rows[0] ?? []).map((_, index) =>
      Math.max(...rows.map((row) => displayWidth(row[index] ?? ''))),
    );
    const lines = rows.map((row) =>
      row
        .map((cell, index) => padEnd(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return `${visible(title)}\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
  });
  return `${blocks.join('')}${summaryText(diff)}, port catalog ${editions(diff)}\n`;
}

function cells(change: Change): readonly string[] {
  return [
    MARK[change.change],
    machineChange(change, 'from'),
    machineChange(change, 'to'),
    change.protocol,
    portChange(change),
    workText(change) === 'nothing' ? 'firewalls: nothing to do' : workText(change),
    `${change.service}${change.phase === 'installation' ? ' (installation)' : ''}`,
  ].map(visible);
}
