// A comparison with a site as aligned columns for a terminal.
import { groupBy } from '../../collections.ts';
import { visible } from '../../print/escape.ts';
import { displayWidth, padEnd } from '../../print/width.ts';
import type { Difference } from '../drift.ts';
import { type DriftReport, differencesSummary, HEADINGS, MARK, places, subject } from './words.ts';

/** `+` only at the site, `-` only in the file, `~` another value; and a line that counts them. */
export function driftTable({ differences, lineOf }: DriftReport): string {
  const groups = groupBy(differences, ({ what }) => what);
  const blocks = Object.entries(HEADINGS).flatMap(([what, heading]) => {
    const rows = (groups.get(what as Difference['what']) ?? []).map((one) => cells(one, lineOf));
    if (rows.length === 0) return [];
    const widths = (rows[0] ?? []).map((_, index) =>
      Math.max(...rows.map((row) => displayWidth(row[index] ?? ''))),
    );
    const lines = rows.map((row) =>
      row
        .map((cell, index) => padEnd(cell, widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    );
    return [`${heading}\n${lines.map((line) => `  ${line}\n`).join('')}\n`];
  });
  return `${blocks.join('')}${differencesSummary(differences)}.\n`;
}

function cells(one: Difference, lineOf: (offset: number) => number): readonly string[] {
  const { change, name, inFile, atSite } = one;
  const values =
    change === 'different'
      ? `file: ${inFile ?? 'nothing'}, site: ${atSite ?? 'nothing'}`
      : (inFile ?? atSite ?? '');
  return [MARK[change], name, subject(one), values, `(${places(one, lineOf)})`].map(visible);
}
