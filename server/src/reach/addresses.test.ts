import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseNetwork } from '../topology/address.ts';
import {
  type AddressRange,
  addressRange,
  commonRanges,
  joinedRanges,
  networkIndex,
  networksIn,
  networksOf,
  pieces,
  rangeIndex,
  rangesWithout,
  widthOf,
} from './addresses.ts';

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
        for (const { low, high } of [...common, ...without]) assert.ok(low <= high, 'no range is empty');
        for (const [family, at] of everywhere) {
          const [here, there] = [has(a, family, at), has(b, family, at)];
          assert.equal(has(common, family, at), here && there);
          assert.equal(has(without, family, at), here && !there);
        }
      }),
    );
  });

  it('are joined in one way: sorted, IPv4 first, none touching the next', () => {
    fc.assert(
      fc.property(lists, ([list]) => {
        const joined = joinedRanges(list);
        for (const [family, at] of everywhere) assert.equal(has(joined, family, at), has(list, family, at));
        for (const [index, next] of joined.entries()) {
          const last = joined[index - 1];
          if (last) assert.ok(last.family < next.family || last.high + 1n < next.low);
        }
      }),
    );
  });

  it('are cut where others begin and end, and nowhere else', () => {
    fc.assert(
      fc.property(lists, ([ranges, cuts]) => {
        const found = pieces(ranges, cuts);
        const inside = (family: 4 | 6, at: bigint) =>
          cuts.map((cut) => cut.family === family && cut.low <= at && at <= cut.high);
        const borders = (family: 4 | 6, at: bigint) =>
          cuts.some((cut) => cut.family === family && (cut.low === at || cut.high + 1n === at));
        for (const [family, at] of everywhere) {
          const holding = found.filter((one) => has([one], family, at));
          assert.equal(holding.length, has(ranges, family, at) ? 1 : 0);
          const [piece] = holding;
          if (!piece) continue;
          assert.deepEqual(inside(family, piece.low), inside(family, at));
          if (at === piece.low && has(ranges, family, at - 1n)) assert.ok(borders(family, at));
        }
      }),
    );
  });

  it('are written as the fewest networks', () => {
    fc.assert(
      fc.property(range, (one) => {
        const networks = networksIn(one);
        assert.deepEqual(joinedRanges(networks.map(addressRange)), [one]);
        let total = 0n;
        for (const network of networks) {
          const { low, high } = addressRange(network);
          assert.equal(low, network.bits);
          total += high - low + 1n;
        }
        assert.equal(total, one.high - one.low + 1n, 'none twice');
        // The fewest, by trying every first network that fits.
        const fewest = (low: bigint): number => {
          if (low > one.high) return 0;
          let best = Number.POSITIVE_INFINITY;
          for (let size = 1n; low % size === 0n && low + size - 1n <= one.high; size *= 2n) {
            best = Math.min(best, 1 + fewest(low + size));
          }
          return best;
        };
        if (one.high - one.low < 12n) assert.equal(networks.length, fewest(one.low));
      }),
    );
    for (const text of ['0.0.0.0/0', '::/0', '10.1.2.3/32', '10.0.0.0/8']) {
      const network = parseNetwork(text);
      assert.ok(network);
      assert.deepEqual(networksIn(addressRange(network)), [network]);
    }
  });
});

describe('networks', () => {
  it('have the addresses of their prefix; bits behind it do not count', () => {
    const whole = addressRange({ family: 4, bits: 0x0a010203n, prefix: 16 });
    assert.deepEqual(whole, { family: 4, low: 0x0a010000n, high: 0x0a01ffffn });
    assert.deepEqual(addressRange({ family: 6, bits: 5n, prefix: 126 }), { family: 6, low: 4n, high: 7n });
  });

  it('are read from texts; what is none is left out, and a list is read once', () => {
    const texts = [{ value: '10.0.0.0/8' }, { value: 'web01' }, { value: '2001:db8::1' }];
    const read = networksOf(texts);
    assert.deepEqual(
      read.map(({ family, prefix }) => [family, prefix]),
      [
        [4, 8],
        [6, 128],
      ],
    );
    assert.equal(networksOf(texts), read);
  });

  const network = fc
    .tuple(fc.constantFrom(4 as const, 6 as const), fc.nat({ max: 63 }), fc.nat({ max: 7 }))
    .map(([family, bits, host]) => ({ family, bits: BigInt(bits), prefix: widthOf(family) - host }));

  it('are found by an address of theirs, and by a range that meets them', () => {
    fc.assert(
      fc.property(
        fc.array(network, { maxLength: 12 }),
        fc.array(range, { maxLength: 6 }),
        (networks, asked) => {
          const index = networkIndex<number>();
          for (const [number, one] of networks.entries()) index.add(one, number);
          const own = networks.map(addressRange);
          for (const { family, low, high } of asked) {
            const holding = [...own.entries()].filter(
              ([, one]) => one.family === family && one.low <= low && low <= one.high,
            );
            assert.deepEqual(index.at(family, low).flat().sort(), holding.map(([number]) => number).sort());
            const texts = (list: readonly AddressRange[]) =>
              [...new Set(list.map((one) => `${one.family} ${one.low}-${one.high}`))].sort();
            const met = own.filter((one) => one.family === family && one.low <= high && low <= one.high);
            const found = index.overlapping({ family, low, high });
            assert.deepEqual(texts(found), texts(met));
            assert.equal(found.length, texts(found).length, 'each once');
          }
        },
      ),
    );
  });
});
