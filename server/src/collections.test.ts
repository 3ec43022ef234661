import assert from 'node:assert/strict';
import fc from 'fast-check';
import { getOrAdd, groupBy, memo } from './collections.ts';

describe('grouping', () => {
  it('keeps every thing that has a key, once, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ max: 4 }), fc.string())), (pairs) => {
        const groups = groupBy(pairs, ([key]) => (key < 0 ? undefined : key));
        const kept = pairs.filter(([key]) => key >= 0);
        assert.deepEqual([...groups.keys()], [...new Set(kept.map(([key]) => key))]);
        for (const [key, group] of groups)
          assert.deepEqual(
            group,
            kept.filter((pair) => pair[0] === key),
          );
      }),
    );
  });
});

describe('what is worked out once', () => {
  it('is worked out at the first question for each thing, undefined too', () => {
    const asked: string[] = [];
    const answer = memo((thing: { readonly name: string }, suffix: string): string | undefined => {
      asked.push(thing.name);
      return thing.name === '' ? undefined : thing.name + suffix;
    });
    const a = { name: 'a' };
    const nothing = { name: '' };
    assert.deepEqual(
      [answer(a, '!'), answer(a, '!'), answer(nothing, '!'), answer(nothing, '!')],
      ['a!', 'a!', undefined, undefined],
    );
    assert.deepEqual(asked, ['a', '']);
  });

  it('is worked out once for all questions whose answers belong to one thing', () => {
    let times = 0;
    const reach = {};
    const count = memo(
      (_: { readonly of: object }) => ++times,
      ({ of }) => of,
    );
    assert.deepEqual([count({ of: reach }), count({ of: reach }), count({ of: {} })], [1, 1, 2]);
  });

  it('stays what it was where a map has it already', () => {
    const map = new Map<string, string[]>();
    getOrAdd(map, 'a', () => []).push('1');
    getOrAdd(map, 'a', () => []).push('2');
    assert.deepEqual([...map], [['a', ['1', '2']]]);
  });
});
