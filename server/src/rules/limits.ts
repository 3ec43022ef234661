// What one finding may say, and how much.
// Invariant: the engine keeps every finding to it, so that no rule can forget.
import { withLate } from '../collections.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Finding, Fix, Report, Severity } from './rule.ts';

/** The most characters of a message. */
export const MOST_CHARACTERS = 300;
/** The most related places of a finding. */
const MOST_RELATED = 50;

/** The most of a name, or of other text from the file, in a message that would be too long with all of it. */
const MOST_OF_NAME = 40;

/** A stretch of text without half of a character at an end. */
function piece(text: string, start: number, end?: number): string {
  return text
    .slice(start, end)
    .replace(/^[\uDC00-\uDFFF]/, '')
    .replace(/[\uD800-\uDBFF]$/, '');
}

/** Takes the middle out, between two words where there are any: the beginning and the end say the most. */
function withoutMiddle(text: string, most: number, head: number): string {
  const begin = piece(text, 0, head);
  const end = piece(text, text.length - (most - head - 3));
  return `${begin.replace(/(?<=.{20})\s\S*$/s, '')} … ${end.replace(/^\S*\s(?=.{20})/s, '')}`;
}

/** A name, its beginning and its end. */
function shortName(name: string): string {
  return `${piece(name, 0, MOST_OF_NAME - 13)}…${piece(name, name.length - 12)}`;
}

/**
 * A message of at most 300 characters, in which nothing is hidden. What is quoted from the file is cut first: the
 * thing, the place and the way out are in the words round it.
 */
function shortened(message: string): string {
  const shown = visible(message);
  if (shown.length <= MOST_CHARACTERS) return shown;
  const short = shown
    .replace(/'([^'\r\n]+)'/g, (quoted, inner: string) =>
      inner.length > MOST_OF_NAME ? `'${shortName(inner)}'` : quoted,
    )
    .replace(/[!-~]{41,}/g, (word) => (word.includes('…') ? word : shortName(word)));
  return short.length <= MOST_CHARACTERS ? short : withoutMiddle(short, MOST_CHARACTERS, 180);
}

/** A report as a finding, with short messages and at most 50 related places, the last of which says how many more there are. */
export function confined(report: Report, code: string, severity: Severity): Finding {
  const { message, related, fixes, span, unnecessary } = report;
  const more = (related?.length ?? 0) - MOST_RELATED;
  let known: readonly Fix[] | undefined;
  const finding = {
    code,
    severity,
    // The place of a node moves with it when the text is read again.
    span: { ...span },
    message: shortened(message),
    ...(related && {
      related: related.slice(0, MOST_RELATED).map((place, index) => ({
        ...place,
        span: { ...place.span },
        message: shortened(
          more > 0 && index === MOST_RELATED - 1
            ? t('{0}, and {1} more places', place.message, more)
            : place.message,
        ),
      })),
    }),
    ...(unnecessary !== undefined && { unnecessary }),
  };
  return withLate(finding, {
    fixes: () => {
      known ??= fixes && confinedFixes(typeof fixes === 'function' ? fixes() : fixes);
      return known;
    },
  });
}

/** A fix that found no place for its edit is none. */
function confinedFixes(fixes: readonly Fix[]): readonly Fix[] {
  return fixes
    .filter(({ edits }) => edits.length > 0)
    .map((fix) => ({ ...fix, title: shortened(fix.title) }));
}
