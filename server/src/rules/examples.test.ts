import assert from 'node:assert/strict';
import { showFindings } from '../../../test/support/rules.ts';
import { withComments, withCrlf } from '../../../test/support/variants.ts';
import { analyse } from '../analysis.ts';
import { exampleSettings } from '../rule-pages.ts';
import { rules } from './index.ts';

/** The same file in the layouts that people write. */
function layouts(text: string): (readonly [string, string])[] {
  let number = 0;
  const next = () => (number = (number * 31 + 7) % 101);
  const commented = withComments(text, next);
  return [
    ['', text],
    [', with Windows line endings', withCrlf(text)],
    [', without a last line break', text.trimEnd()],
    [', among comments and blank lines', commented],
    [', among comments and with Windows line endings', withCrlf(commented)],
  ];
}

describe('the examples of every rule', () => {
  for (const rule of rules) {
    for (const example of rule.bad)
      for (const [layout, source] of layouts(example.text))
        it(`${rule.code} is found once, and nothing else: ${example.title}${layout}`, () => {
          const analysis = analyse(source, exampleSettings(example));
          const codes = analysis.findings().map(({ code }) => code);
          assert.deepEqual(codes, [rule.code], `${showFindings(analysis)}\n${source}`);
        });
    for (const example of rule.good)
      for (const [layout, source] of layouts(example.text))
        it(`${rule.code} is quiet, and so is every other rule: ${example.title}${layout}`, () => {
          assert.equal(showFindings(analyse(source, exampleSettings(example))), '', source);
        });
  }
});
