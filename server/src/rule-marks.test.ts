import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ruleMarks } from './rule-marks.ts';

it('a finding of each rule marks exactly the text that test/golden/rule-marks.txt shows', () => {
  assert.equal(ruleMarks(), readFileSync(join(process.cwd(), 'test', 'golden', 'rule-marks.txt'), 'utf8'));
});
