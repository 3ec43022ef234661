// Import and judgement take time in proportion to the rules: a rule base four times as long takes about four times as
// long.
import assert from 'node:assert/strict';
import { analyse } from '../../server/src/analysis.ts';
import { HIERARCHY, RULE_BASES, type RuleBase } from '../bench/rule-bases.ts';
import { imported, topologyOf } from './imported.ts';

const base = topologyOf(HIERARCHY);
const SIZES = [1_000, 4_000];
const TIMES = 4;
/** Twice of what is in proportion, and milliseconds for whatever else the machine does. */
const SLACK = 2.5;
const REST = 150;

const read = (text: string, { format, isPlain }: RuleBase) =>
  imported(text, { zones: isPlain ? ['a', 'b'] : [], topology: base, format, direction: 'inbound' });

/** The best of some runs, in milliseconds. */
function best(work: () => void): number {
  const times = [1, 2, 3].map(() => {
    const start = performance.now();
    work();
    return performance.now() - start;
  });
  return Math.min(...times);
}

function inProportion(what: string, [short = 0, long = 0]: readonly number[]): void {
  if (process.env.CMTOPO_VERBOSE) console.log(what, Math.round(short), Math.round(long));
  assert.ok(
    long < short * TIMES * SLACK + REST,
    `${what}: ${short} ms for ${SIZES[0]} rules, ${long} ms for ${SIZES[1]}`,
  );
}

describe('a long rule base', function () {
  this.timeout('120s');
  for (const [kind, form] of Object.entries(RULE_BASES)) {
    it(`of ${kind} is imported in proportion to its rules`, () => {
      const times = SIZES.map((rules) => {
        const text = form.write(rules);
        return best(() => {
          const found = read(text, form);
          assert.ok(found.rules >= rules, `${found.rules} of ${rules}`);
          assert.deepEqual(
            found.gaps.filter((gap) => /^(?:allow|deny) /.test(gap)),
            [],
          );
        });
      });
      inProportion(kind, times);
    });
  }

  it('is judged in proportion to its rules', () => {
    const form = RULE_BASES['Cisco ASA'] ?? assert.fail();
    const times = SIZES.map((rules) => {
      const text = `${HIERARCHY}${read(form.write(rules), form).text}`;
      return best(() => {
        const analysis = analyse(text);
        assert.deepEqual(analysis.topology.problems, []);
        assert.ok(analysis.findings().length > 0);
      });
    });
    inProportion('judged', times);
  });
});
