import assert from 'node:assert/strict';
import { formatRecovery, runRecoveryBench } from '../../../test/recovery/bench.ts';

describe('broken files', () => {
  it('keep 99.5 % of what their author meant, 86 % of them all of it, in 2.5 times the time of a clean file', function () {
    this.timeout(120_000);
    const result = runRecoveryBench({ files: 420 });
    const report = `\n${formatRecovery(result)}`;
    assert.equal(result.kinds.length, 14, report);
    assert.ok(result.total.pairs >= 0.995, report);
    assert.ok(result.total.whole >= 0.86, report);
    assert.ok(result.ratio <= 2.5, report);
  });
});
