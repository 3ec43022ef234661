// `cmtopo rules [CODE]`: the rules, or one rule's page.

import { setLocale, t, translated } from '../l10n.ts';
import { AREAS, rulePage } from '../rule-pages.ts';
import { ruleOf, rules } from '../rules/index.ts';
import type { Area, ListedRule } from '../rules/rule.ts';
import { didYouMean, parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

/**
 * Prints the rules by area, or with a code the rule's page.
 * Throws a usage error for a code that no rule has.
 * @returns the exit status
 */
export function rulesCommand(args: readonly string[], io: Io): number {
  const { values, positionals } = parseArguments(
    'rules',
    args,
    { format: { type: 'string', words: ['table', 'json'] } },
    { fewest: 0, most: 1 },
  );
  const [code] = positionals;
  const json = values.format === 'json';
  if (code === undefined) {
    io.out(json ? `${JSON.stringify({ rules: rules.map(described) }, null, 2)}\n` : table());
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
  io.out(json ? `${JSON.stringify(described(rule), null, 2)}\n` : englishPage(rule));
  return 0;
}

/** A rule's page is documentation, which is English throughout: its examples' messages too. */
function englishPage(rule: ListedRule): string {
  setLocale('en');
  return rulePage(rule);
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
