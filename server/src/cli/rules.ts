// `cmtopo rules [CODE]`: the rules, or one rule's page.

import { type Formats, writerOf } from '../formats.ts';
import { setLocale, t, translated } from '../l10n.ts';
import { AREAS, rulePage } from '../rule-pages.ts';
import { ruleOf, rules } from '../rules/index.ts';
import type { Area, ListedRule } from '../rules/rule.ts';
import { didYouMean, parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

/** How the list of rules is written, and how one rule is. */
interface RulesWriters {
  readonly list: () => string;
  readonly page: (rule: ListedRule) => string;
}

/** By the word of `--format`. */
export const rulesFormats: Formats<RulesWriters> = {
  table: {
    write: { list: table, page: englishPage },
    about: 'the rules by area; with a code the page in Markdown',
  },
  json: {
    write: { list: () => json({ rules: rules.map(described) }), page: (rule) => json(described(rule)) },
    about: 'everything, for programs',
  },
};

/**
 * Prints the rules by area, or with a code the rule's page.
 * Throws a usage error for a code that no rule has.
 * @returns the exit status
 */
export function rulesCommand(args: readonly string[], io: Io): number {
  const { values, positionals } = parseArguments(
    'rules',
    args,
    { format: { type: 'string', words: Object.keys(rulesFormats) } },
    { fewest: 0, most: 1 },
  );
  const [code] = positionals;
  const print = writerOf(rulesFormats, values.format);
  if (code === undefined) {
    io.out(print.list());
    return 0;
  }
  const rule = ruleOf(code);
  if (!rule) {
    throw usageError(
      t(
        'there is no rule {0}{1}; {2} lists them',
        code,
        didYouMean(
          code,
          rules.map((known) => known.code),
        ),
        'cmtopo rules',
      ),
    );
  }
  io.out(print.page(rule));
  return 0;
}

/** A rule's page is documentation, which is English throughout: its examples' messages too. */
function englishPage(rule: ListedRule): string {
  setLocale('en');
  return rulePage(rule);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function described(rule: ListedRule) {
  const { code, area, severity, summary, reason, explanation, source, moreSources = [], bad, good } = rule;
  return { code, area, severity, summary, reason, explanation, sources: [source, ...moreSources], bad, good };
}

function table(): string {
  const width = Math.max(...rules.map(({ code }) => code.length));
  const severityWidth = 'information'.length;
  const areas = (Object.keys(AREAS) as Area[])
    .map((area) => ({ area, own: rules.filter((rule) => rule.area === area) }))
    .filter(({ own }) => own.length > 0)
    .map(({ area, own }) => {
      const rows = own.map(
        ({ code, severity, summary }) =>
          `  ${code.padEnd(width)}  ${severity.padEnd(severityWidth)}  ${translated(summary)}\n`,
      );
      return `${translated(AREAS[area])}\n${rows.join('')}`;
    });
  return areas.join('\n');
}
