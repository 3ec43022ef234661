// The change request as aligned columns for a terminal.
import { visible } from '../../print/escape.ts';
import { displayWidth, padEnd } from '../../print/width.ts';
import { type ChangeRow, type Diff, groups, summaryText } from './changes.ts';
import { editions } from './markdown.ts';

const MARK = { added: '+', removed: '-', changed: '~' } as const;

/** The changes by pair of zones, `+` added, `-` removed, `~` changed, and a line that counts them. */
export function diffTable(diff: Diff): string {
  const shown = groups(diff);
  const blocks = shown.map(({ title, rows }) => {
    const table = rows.map(cells);
    const widths = (table[0] ?? []).map((_, index) =>
      Math.max(...table.map((row) => displayWidth(row[index] ?? ''))),
    );
    const lines = table.map((row) =>
      row
        .map((cell, index) => padEnd(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return `${visible(title)}\n${lines.map((line) => `  ${line}\n`).join('')}\n`;
  });
  return `${blocks.join('')}${summaryText(shown)}, ${editions(diff)}\n`;
}

function cells({
  change,
  from,
  to,
  protocol,
  ports,
  work,
  service,
  phase,
  need,
}: ChangeRow): readonly string[] {
  return [
    MARK[change],
    from,
    to,
    protocol,
    ports,
    work === 'nothing' ? 'firewalls: nothing to do' : work,
    [service, phase === 'installation' ? ' (installation)' : '', need === '' ? '' : ` (${need})`].join(''),
  ].map(visible);
}
