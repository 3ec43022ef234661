// A comparison with a site as comma-separated values: one line a difference.
import { csvCell } from '../../print/escape.ts';
import { factPlaceText } from '../facts.ts';
import type { DriftReport } from './words.ts';

const HEADER = ['change', 'what', 'name', 'role', 'key', 'in file', 'at site', 'line', 'export'];

/** CSV by RFC 4180. Lines count from 1, as an editor shows them. */
export function driftCsv({ differences, lineOf }: DriftReport): string {
  const rows = differences.map(({ change, what, name, role, key, inFile, atSite, span, place }) => [
    change,
    what,
    name,
    role ?? '',
    key ?? '',
    inFile ?? '',
    atSite ?? '',
    span === undefined ? '' : String(lineOf(span.start) + 1),
    place === undefined ? '' : factPlaceText(place),
  ]);
  return [HEADER, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}
