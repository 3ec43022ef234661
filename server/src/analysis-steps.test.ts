// An analysis in parts: an editor's next request waits for one part, and not for all of them.
import assert from 'node:assert/strict';
import { generateHierarchy } from '../../test/bench/hierarchy.ts';
import { analyse } from './analysis.ts';

/** Milliseconds of the processor for which nothing else is answered, at most. */
const LONGEST = 50;
/** A machine with other work, or a part that was not compiled yet: it is done anew so many times at most. */
const TRIES = 12;

describe('an analysis in parts', () => {
  for (const kind of ['allowed', 'mistakes', 'blocked'] as const) {
    const text = generateHierarchy(0.1, kind);

    it(`finds what it finds at once, where firewalls are ${kind}`, () => {
      const inParts = analyse(text);
      let parts = 1;
      while (!inParts.advance()) parts++;
      assert.ok(parts > 50, `${parts} parts`);
      assert.deepEqual(
        inParts.findings().map(({ code, span, message }) => [code, span, message]),
        analyse(text)
          .findings()
          .map(({ code, span, message }) => [code, span, message]),
      );
      // Left in the middle, and asked for all.
      const half = analyse(text);
      for (let part = 0; part < parts / 2; part++) half.advance();
      assert.equal(half.findings().length, inParts.findings().length);
      assert.ok(half.advance());
    });

    it(`has no part longer than ${LONGEST} ms in 2,000 lines, where firewalls are ${kind}`, () => {
      assert.ok(text.split('\n').length > 2000);
      const longest = [];
      do {
        const analysis = analyse(`${text}${'\n'.repeat(longest.length)}`);
        let most = 0;
        for (let isWhole = false; !isWhole; ) {
          const before = process.cpuUsage();
          isWhole = analysis.advance();
          const { user, system } = process.cpuUsage(before);
          most = Math.max(most, (user + system) / 1000);
        }
        longest.push(most);
      } while (Math.min(...longest) > LONGEST && longest.length < TRIES);
      assert.ok(Math.min(...longest) <= LONGEST, longest.map((part) => part.toFixed(0)).join(', '));
    }).timeout(120_000);
  }
});
