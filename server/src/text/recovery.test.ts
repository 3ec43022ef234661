import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import type { RecoveryResult } from '../../../test/recovery/bench.ts';

describe('broken files', () => {
  it('keep 99.5 % of what their author meant, 86 % of them all of it, in 2.5 times the time of a clean file', function () {
    this.timeout(120_000);
    // In a process of its own, as a language server is: here the garbage of other tests would be timed as well.
    const output = execFileSync(process.execPath, ['scripts/bench-recovery.mjs', '420', '--json'], {
      encoding: 'utf8',
    });
    const result: Pick<RecoveryResult, 'total' | 'kinds' | 'ratio'> & { readonly text: string } =
      JSON.parse(output);
    const report = `\n${result.text}`;
    assert.equal(result.kinds.length, 14, report);
    assert.ok(result.total.pairs >= 0.995, report);
    assert.ok(result.total.whole >= 0.86, report);
    assert.ok(result.ratio <= 2.5, report);
  });
});
