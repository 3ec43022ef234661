import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AddressRange, rangeIndex } from './addresses.ts';

const range = fc
  .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat({ max: 40 }), fc.nat({ max: 12 }))
  .map(([family, low, more]): AddressRange => ({ family, low: BigInt(low), high: BigInt(low + more) }));

describe('machines by their addresses', () => {
  it('are found by every range that meets theirs, each once and as they are in the file', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(range, fc.nat({ max: 6 })), { maxLength: 30 }),
        fc.array(range, { minLength: 1, maxLength: 8 }),
        (all, asked) => {
          const index = rangeIndex(all);
          for (const { family, low, high } of asked) {
            const met = all.filter(([own]) => own.family === family && own.low <= high && low <= own.high);
            assert.deepEqual(index({ family, low, high }), [...new Set(met.map(([, thing]) => thing))]);
          }
        },
      ),
    );
  });
});
