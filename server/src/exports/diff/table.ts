// The change request as aligned columns for a terminal.
import { visible } from '../../print/escape.ts';
import { displayWidth, padEnd } from '../../print/width.ts';
import {
  type ChangeRow,
  changesSummary,
  type Diff,
  groups,
  type PassingRow,
  passingRows,
  passingText,
} from './changes.ts';
import { editions } from './markdown.ts';

const MARK = { added: '+', removed: '-', changed: '~' } as const;

/** The changes by pair of zones, `+` added, `-` removed, `~` changed, and a line that counts them. */
export function diffTable(diff: Diff): string {
  const shown = groups(diff);
  const block = (title: string, table: readonly (readonly string[])[]) => {
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
  };
  const passed = passingText(diff);
  const rows = passingRows(diff);
  const blocks = [
    ...shown.map(({ title, rows }) => block(title, rows.map(cells))),
    ...(rows.length > 0 ? [block('At the firewalls', rows.map(passingCells))] : []),
  ];
  return `${blocks.join('')}${changesSummary(shown)}, ${editions(diff)}\n${passed === undefined ? '' : `${passed}\n`}`;
}

function passingCells(row: PassingRow): readonly string[] {
  const { effect, from, to, protocol, ports, firewalls, service, phase } = row;
  const purpose = `${service}${phase === 'installation' ? ' (installation)' : ''}`;
  return [effect, from, to, protocol, ports, firewalls, purpose].map(visible);
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
