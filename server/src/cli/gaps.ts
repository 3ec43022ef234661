// What could not be written, on standard error.

import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Io } from './io.ts';

/** So many are named. */
const MOST = 5;

/**
 * Says under a headline what is missing; nothing where nothing is.
 * @param all what names all of it, where the output does not: a command
 */
export function reportGaps(headline: string, gaps: readonly string[], io: Io, all?: string): void {
  if (gaps.length === 0) return;
  const lines = gaps.slice(0, MOST).map(visible);
  const more = gaps.length - lines.length;
  if (more > 0) {
    lines.push(
      all === undefined
        ? t('and {0} more, all named in the output', more)
        : t('and {0} more; {1} names all of them', more, all),
    );
  }
  io.err(`cmtopo: ${headline}\n${lines.map((line) => `  ${line}\n`).join('')}`);
}
