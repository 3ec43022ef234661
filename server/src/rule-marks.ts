// What the finding of each bad example marks in the text, from the first character to the last: a list for reviewers
// and tests, where a page of a rule shows no more than where a finding begins.
import { analyse } from './analysis.ts';
import { exampleSettings } from './rule-pages.ts';
import { rules } from './rules/index.ts';

/** One line for each bad example of every rule: its code, its title, and the marked text as a JSON string. */
export function ruleMarks(): string {
  const lines = rules.flatMap(({ code, bad }) =>
    bad.flatMap((example) =>
      analyse(example.text, exampleSettings(example))
        .findings()
        .filter((finding) => finding.code === code)
        .map(
          ({ span }) =>
            `${code}: ${example.title}: ${JSON.stringify(example.text.slice(span.start, span.end))}\n`,
        ),
    ),
  );
  return lines.join('');
}
