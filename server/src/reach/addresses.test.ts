import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type AddressRange, commonRanges, joinedRanges, rangeIndex, rangesWithout } from './addresses.ts';

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

describe('two lists of addresses', () => {
  const lists = fc.tuple(fc.array(range, { maxLength: 12 }), fc.array(range, { maxLength: 12 }));
  const has = (list: readonly AddressRange[], family: 4 | 6, at: bigint) =>
    list.some((one) => one.family === family && one.low <= at && at <= one.high);
  const everywhere = ([4, 6] as const).flatMap((family) =>
    Array.from({ length: 60 }, (_, at) => [family, BigInt(at)] as const),
  );

  it('have in common what is in both, and differ in what is in one alone', () => {
    fc.assert(
      fc.property(lists, ([a, b]) => {
        const common = commonRanges(joinedRanges(a), joinedRanges(b));
        const without = rangesWithout(a, joinedRanges(b));
        for (const [family, at] of everywhere) {
          const [here, there] = [has(a, family, at), has(b, family, at)];
          assert.equal(has(common, family, at), here && there);
          assert.equal(has(without, family, at), here && !there);
        }
      }),
    );
  });
});
