// The formats of `cmtopo rules`.
import type { Formats } from '../../formats.ts';
import { setLocale, translated } from '../../l10n.ts';
import { jsonForm } from '../../print/json.ts';
import { AREAS, rulePage } from '../../rule-pages.ts';
import { rules } from '../../rules/index.ts';
import type { ListedRule, RuleArea } from '../../rules/rule.ts';

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
    write: {
      list: () => jsonForm({ rules: rules.map(described) }),
      page: (rule) => jsonForm(described(rule)),
    },
    about: 'everything, for programs',
  },
};

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
  const areas = (Object.keys(AREAS) as RuleArea[])
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
