import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { rules } from './index.ts';
import { showFindings } from './testing.ts';

describe('the examples of every rule', () => {
  for (const rule of rules) {
    for (const { title, text } of rule.bad) {
      it(`${rule.code} is found once, and nothing else: ${title}`, () => {
        const analysis = analyse(text);
        const codes = analysis.findings().map(({ code }) => code);
        assert.deepEqual(codes, [rule.code], showFindings(analysis));
      });
    }
    for (const { title, text } of rule.good) {
      it(`${rule.code} is quiet, and so is every other rule: ${title}`, () => {
        assert.equal(showFindings(analyse(text)), '');
      });
    }
  }
});
