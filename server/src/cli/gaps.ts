// What could not be written, on standard error.

import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Io } from './io.ts';

/** So many are named; the output names all. */
const MOST = 5;

/** Says under a headline what is missing; nothing where nothing is. */
export function reportGaps(headline: string, gaps: readonly string[], io: Io): void {
  if (gaps.length === 0) return;
  const lines = gaps.slice(0, MOST).map(visible);
  const more = gaps.length - lines.length;
  if (more > 0) lines.push(t('and {0} more, all named in the output', more));
  io.err(`cmtopo: ${headline}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
