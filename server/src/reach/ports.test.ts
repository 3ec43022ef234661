import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  countPorts,
  covers,
  difference,
  formatPorts,
  intersection,
  isEmpty,
  type PortSet,
  parsePorts,
  portSet,
  union,
} from './ports.ts';

/** Small numbers, so that ranges touch, overlap and hold one another often. */
const range = fc
  .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 12 }))
  .map(([low, length]) => ({ low, high: low + length }));
const ranges = fc.array(range, { maxLength: 8 });

const expand = (set: PortSet) =>
  new Set(set.flatMap(({ low, high }) => Array.from({ length: high - low + 1 }, (_, index) => low + index)));
const numbers = (set: ReadonlySet<number>) => [...set].sort((a, b) => a - b);

describe('port sets', () => {
  it('are what counting port by port gives', () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        const [a, b] = [portSet(one), portSet(other)];
        const [x, y] = [expand(one), expand(other)];
        assert.deepEqual(numbers(expand(a)), numbers(x));
        assert.deepEqual(numbers(expand(union(a, b))), numbers(new Set([...x, ...y])));
        assert.deepEqual(
          numbers(expand(intersection(a, b))),
          numbers(new Set([...x].filter((port) => y.has(port)))),
        );
        const left = [...x].filter((port) => !y.has(port));
        assert.deepEqual(numbers(expand(difference(a, b))), numbers(new Set(left)));
        assert.equal(
          covers(a, b),
          [...y].every((port) => x.has(port)),
        );
        assert.equal(countPorts(a), x.size);
      }),
    );
  });

  it('are written in one way only, so that equal sets are equal', () => {
    fc.assert(
      fc.property(ranges, ranges, (one, other) => {
        const [a, b] = [portSet(one), portSet(other)];
        for (const set of [a, union(a, b), intersection(a, b), difference(a, b)])
          assert.deepEqual(portSet([...expand(set)].map((port) => ({ low: port, high: port }))), set);
      }),
    );
  });

  it('have nothing of a range that is the wrong way round', () => {
    assert.deepEqual(
      portSet([
        { low: 9, high: 3 },
        { low: 5, high: 5 },
      ]),
      [{ low: 5, high: 5 }],
    );
    assert.equal(isEmpty(portSet([{ low: 2, high: 1 }])), true);
    assert.equal(isEmpty(portSet([{ low: 1, high: 1 }])), false);
  });

  it('read and write ports as a topology file has them', () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const set = portSet(list);
        const text = formatPorts(set);
        assert.deepEqual(
          text === '' ? [] : text.split(', ').map((part) => parsePorts(part)),
          set.map(({ low, high }) => ({ low, high })),
        );
      }),
    );
    assert.equal(
      formatPorts(
        portSet([
          { low: 135, high: 135 },
          { low: 49152, high: 65535 },
        ]),
      ),
      '135, 49152-65535',
    );
    for (const text of ['dynamic', '', '443-', '-443', '123456', '1-2-3', 'x443'])
      assert.equal(parsePorts(text), undefined, text);
    assert.deepEqual(parsePorts('443'), { low: 443, high: 443 });
  });
});
