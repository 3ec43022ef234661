// Which site codes Setup takes.
import { t } from '../l10n.ts';
import { nearWords } from '../text/near.ts';
import type { Reference, Site } from './model.ts';

/** Names that folders and shares cannot have, and the product's own. */
const RESERVED_CODES: ReadonlySet<string> = new Set(['AUX', 'CON', 'NUL', 'PRN', 'SMS']);

/** What is wrong with a site code, as a sentence without its end; undefined for a good one. */
export function siteCodeProblem(code: string): string | undefined {
  if (RESERVED_CODES.has(code.toUpperCase())) return t("Site code '{0}' is reserved", code);
  if (/^[A-Za-z0-9]{3}$/.test(code)) return undefined;
  return code.length === 3
    ? t("Site code '{0}' has a character that is neither a letter nor a digit", code)
    : t("Site code '{0}' has {1} characters", code, code.length);
}

/**
 * Whether a place that names no site of the file likely names this one, whose own code Setup refuses: the two are
 * one edit apart, and the code that is named there is a good one. The mistake is then the definition's.
 */
export function referenceMeans({ name, target, to }: Reference, site: Site): boolean {
  return (
    target === undefined &&
    to.includes('site') &&
    siteCodeProblem(site.name) !== undefined &&
    siteCodeProblem(name) === undefined &&
    nearWords(site.name, [name], 1).length > 0
  );
}
