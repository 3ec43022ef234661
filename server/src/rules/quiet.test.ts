import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../analysis.ts';
import { rules } from './index.ts';

const EXAMPLES = join(process.cwd(), 'examples');
const about = new Map(rules.map(({ code, area }) => [code, area]));

/** Every line as someone half-way through typing it leaves it, with a letter lost, wrongly indented, without its colon. */
function* damaged(text: string): Iterable<{ readonly text: string; readonly line: string }> {
  const lines = text.split('\n');
  for (const [index, line] of lines.entries()) {
    const first = line.search(/\S/);
    if (first < 0) continue;
    const variants = [`\t${line}`, `  ${line}`, line.replace(': ', ' ')];
    for (let end = first + 1; end < line.length; end += 5) variants.push(line.slice(0, end));
    for (let at = first; at < line.length; at += 7) variants.push(line.slice(0, at) + line.slice(at + 1));
    for (const variant of variants)
      yield {
        text: [...lines.slice(0, index), variant, ...lines.slice(index + 1)].join('\n'),
        line: variant,
      };
  }
}

describe('the examples without mistakes', function () {
  this.timeout(240_000);
  for (const name of readdirSync(EXAMPLES).filter((file) => !file.startsWith('mistakes'))) {
    if (!/\.topology\.ya?ml$/.test(name)) continue;
    const text = readFileSync(join(EXAMPLES, name), 'utf8');

    it(`${name} has no finding`, () => {
      assert.deepEqual(
        analyse(text)
          .findings()
          .map(({ code, message }) => `${code}: ${message}`),
        [],
      );
    });

    it(`${name} while it is typed: where the file itself has a mistake, nothing is said beside it`, () => {
      for (const { text: typed, line } of damaged(text)) {
        const findings = analyse(typed).findings();
        const areas = findings.map(({ code }) => about.get(code));
        if (!areas.includes('file')) continue;
        const others = findings.filter(({ code }) => about.get(code) !== 'file');
        assert.deepEqual(
          others.map(({ code, message }) => `${code}: ${message}`),
          [],
          line,
        );
      }
    });
  }
});
