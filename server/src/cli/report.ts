// What `cmtopo check` found, before it takes the shape of a format.

import type { Edition } from '../catalog/types.ts';
import type { UnreadableInput } from '../host/errors.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Finding, Severity } from '../rules/rule.ts';
import type { Lines } from '../text/tree.ts';

export interface CheckedFile {
  /** As shown to a person; `/` between its parts. */
  readonly path: string;
  /** Undefined for standard input. */
  readonly absolute: string | undefined;
  readonly text: string;
  readonly lines: Lines;
  /** Undefined where neither the file nor its settings name a known one. */
  readonly edition: Edition | undefined;
  /** A settings file, not a topology. */
  readonly settings?: boolean;
  readonly findings: readonly Finding[];
}

export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** What could not be checked at all. */
  readonly problems: readonly UnreadableInput[];
  /** Links, and what is no regular file, that would have been looked at. */
  readonly passedBy: readonly string[];
  /** The files that `--fix` changed. */
  readonly fixed: readonly FixedFile[];
}

export interface FixedFile {
  readonly path: string;
  /** How many findings there were before. */
  readonly before: number;
  /** How many are left. */
  readonly after: number;
}

export type Counts = Readonly<Record<Severity, number>>;

/** How many findings there are of each severity. */
export function countFindings(files: readonly CheckedFile[]): Counts {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of files) for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** What `--fix` did to a file, for a person. */
export function fixedText({ path, before, after }: FixedFile): string {
  const shown = visible(path);
  if (after === 0)
    return t(
      before === 1 ? '{0}: {1} finding before, none left' : '{0}: {1} findings before, none left',
      shown,
      before,
    );
  return t(
    before === 1 ? '{0}: {1} finding before, {2} left' : '{0}: {1} findings before, {2} left',
    shown,
    before,
    after,
  );
}
