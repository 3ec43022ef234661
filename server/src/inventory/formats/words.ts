// What the formats of a comparison with a site say alike.
import { counted } from '../../text/count.ts';
import type { Difference, Drift } from '../drift.ts';
import { factPlaceText } from '../facts.ts';

/** A comparison, and where in the file its differences are. */
export interface DriftReport extends Drift {
  /** The line of an offset in the file, from 0. */
  lineOf(offset: number): number;
}

/** The mark of a change: what is at the site alone would be added to the file. */
export const MARK = { 'only-at-site': '+', 'only-in-file': '-', different: '~' } as const;

/** The headings in their order. */
export const HEADINGS = {
  site: 'Sites',
  server: 'Servers',
  role: 'Roles',
  'boundary-group': 'Boundary groups',
} as const;

/** `management-point clients`, `database`, `only at the site`. */
export function subject({ change, role, key }: Difference): string {
  const words = [role, key].filter((word) => word !== undefined);
  if (change === 'different') return words.join(' ');
  const where = change === 'only-at-site' ? 'only at the site' : 'only in the file';
  return [...words, where].join(' ');
}

/** `line 12 of the file; roles.json, entry 3` */
export function places({ span, place }: Difference, lineOf: (offset: number) => number): string {
  const here = span === undefined ? [] : [`line ${lineOf(span.start) + 1}`];
  return [...here, ...(place === undefined ? [] : [factPlaceText(place)])].join('; ');
}

/** How many of each kind there are. */
export function summaryOf(differences: readonly Difference[]) {
  const count = (change: Difference['change']) => differences.filter((one) => one.change === change).length;
  return {
    onlyAtSite: count('only-at-site'),
    onlyInFile: count('only-in-file'),
    different: count('different'),
  };
}

/** `1 only at the site, 2 only in the file, 3 different`. */
export function differencesSummary(differences: readonly Difference[]): string {
  if (differences.length === 0) return 'The file and the exports say the same';
  const { onlyAtSite, onlyInFile, different } = summaryOf(differences);
  return `${counted(differences.length, 'difference')}: ${onlyAtSite} only at the site, ${onlyInFile} only in the file, ${different} of values`;
}
