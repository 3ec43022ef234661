// What every fix of every rule promises, on files made from the rules' own examples.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { anyFile } from '../../../test/support/files.ts';
import { showFindings } from '../../../test/support/rules.ts';
import { withComments, withCrlf } from '../../../test/support/variants.ts';
import { type Analysis, analyse } from '../analysis.ts';
import { applyEdits, plainText } from '../edits/text-edit.ts';
import { fixAll, safeEdits } from '../fix-all.ts';
import { rules } from './index.ts';
import type { Finding, Fix } from './rule.ts';

/** Files for each property; more to look for rare faults. */
const RUNS = Number(process.env.CMTOPO_FIX_RUNS ?? 400);

/** Rules whose fix makes something readable that was not: other rules may then have something to say about it. */
const REVEALING: ReadonlyMap<string, string> = new Map([
  ['unknown-key', 'a key that nothing read is read'],
  ['wrong-type', 'a value that could not be read is read'],
  ['invalid-port', 'a range that was left out counts'],
  ['invalid-value', 'a word that had no effect has one'],
  ['yaml-syntax', 'a line is read of which nobody knew what it says'],
]);

/** Rules about comments: their fix is to remove one. */
const ABOUT_COMMENTS: ReadonlySet<string> = new Set(['unknown-suppression', 'unused-suppression']);

// --- What is promised ------------------------------------------------------------------------

/** Findings by rule: a message that counts ports or names a server changes with what is mended beside it. */
function counts(findings: readonly Finding[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { code } of findings) result.set(code, (result.get(code) ?? 0) + 1);
  return result;
}

const commentsOf = ({ tree }: Analysis) => tree.comments.map((comment) => comment.text.trimEnd());

/** Where an offset of the text before is in the text after; undefined where it was replaced or removed. */
function movedTo(offset: number, fix: Fix): number | undefined {
  let by = 0;
  for (const edit of fix.edits) {
    const { span } = edit;
    if (span.start <= offset && offset < span.end) {
      // The word itself was replaced: its place begins where it began.
      if (span.start < offset || plainText(edit) === '') return undefined;
    } else if (span.end <= offset) by += plainText(edit).length - (span.end - span.start);
  }
  return offset + by;
}

/** Every line that no edit touches is in the text after, in the same order. */
function keepsOtherLines(before: Analysis, after: string, fix: Fix): void {
  const { lines } = before.tree;
  const touched = new Set(
    fix.edits.flatMap(({ span }) => {
      const first = lines.positionAt(span.start).line;
      const last = lines.positionAt(span.end).line;
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    }),
  );
  const left = after.split('\n');
  let from = 0;
  for (const [index, line] of before.text.split('\n').entries()) {
    if (touched.has(index)) continue;
    const at = left.indexOf(line, from);
    assert.ok(at >= 0, `${fix.title} lost or moved the line ${JSON.stringify(line)}`);
    from = at + 1;
  }
}

function holdsSafe(before: Analysis, finding: Finding, fix: Fix): void {
  const { code, message } = finding;
  const after = analyse(applyEdits(before.text, fix.edits));
  const what = `${code}: ${message}\n${fix.title}\n--- before\n${before.text}\n--- after\n${after.text}\n${showFindings(after)}`;
  const then = counts(before.findings());
  const now = counts(after.findings());
  assert.deepEqual(leftAt(finding, fix, after), [], `leaves its finding: ${what}`);
  // A mended line is YAML, whatever it says.
  if (!REVEALING.has(code) || code === 'yaml-syntax')
    assert.equal(
      now.get(code) ?? 0,
      (then.get(code) ?? 0) - 1,
      `does not remove exactly its finding: ${what}`,
    );
  if (!REVEALING.has(code)) {
    for (const [other, count] of now) assert.ok(count <= (then.get(other) ?? 0), `adds ${other}: ${what}`);
  }
  if (!ABOUT_COMMENTS.has(code)) assert.deepEqual(commentsOf(after), commentsOf(before), `comments: ${what}`);
  keepsOtherLines(before, after.text, fix);
  if (before.text.includes('\r\n') && !/[^\r]\n/.test(before.text))
    assert.doesNotMatch(after.text, /[^\r]\n/, `line endings: ${what}`);
}

/** Whether a finding is still where it was, word for word. */
function leftAt({ code, message, span }: Finding, fix: Fix, after: Analysis): readonly Finding[] {
  const at = movedTo(span.start, fix);
  return after
    .findings()
    .filter((other) => other.code === code && other.message === message && other.span.start === at);
}

function holdsUnsafe(before: Analysis, finding: Finding, fix: Fix): void {
  const { code, message } = finding;
  const after = analyse(applyEdits(before.text, fix.edits));
  const what = `${code}: ${message}\n${fix.title}\n--- before\n${before.text}\n--- after\n${after.text}\n${showFindings(after)}`;
  // How much of a file with bad YAML can be read changes with every edit.
  if (before.tree.damage.length > 0) return;
  assert.equal(after.tree.damage.length, 0, `is no YAML any more: ${what}`);
  assert.ok(after.tree.duplicateKeys.length <= before.tree.duplicateKeys.length, `repeats a key: ${what}`);
  if (!ABOUT_COMMENTS.has(code) && !fix.title.startsWith('Remove'))
    assert.deepEqual(commentsOf(after), commentsOf(before), `comments: ${what}`);
  keepsOtherLines(before, after.text, fix);
  // Of a key that is there twice the later one counts once the first is gone.
  if (before.tree.duplicateKeys.length > 0) return;
  assert.deepEqual(leftAt(finding, fix, after), [], `leaves its finding: ${what}`);
}

describe('the fixes of every rule', function () {
  this.timeout(120_000);

  for (const rule of rules)
    for (const { title, text } of rule.bad)
      it(`hold for the example: ${rule.code}, ${title}`, () => {
        let next = 0;
        for (const source of [text, withCrlf(text), text.trimEnd(), withComments(text, () => (next += 5))]) {
          const before = analyse(source);
          for (const finding of before.findings())
            for (const fix of finding.fixes ?? [])
              if (fix.safe) holdsSafe(before, finding, fix);
              else holdsUnsafe(before, finding, fix);
        }
      });

  it('that are safe remove their finding, add none, and keep comments and layout in any file', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const before = analyse(text);
        for (const finding of before.findings())
          for (const fix of finding.fixes ?? []) if (fix.safe) holdsSafe(before, finding, fix);
      }),
      { numRuns: RUNS },
    );
  });

  it('that are safe converge together, and a second time change nothing', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const once = fixAll(text);
        assert.equal(fixAll(once), once);
        const after = analyse(once);
        assert.deepEqual(safeEdits(after.findings()), [], showFindings(after));
        const before = analyse(text);
        const about = (analysis: Analysis) =>
          commentsOf(analysis).filter((comment) => !comment.includes('cmtopo-'));
        assert.deepEqual(about(after), about(before));
        assert.ok(after.tree.damage.length <= before.tree.damage.length);
      }),
      { numRuns: RUNS },
    );
  });

  it('that are not safe do what their title says, and leave a file that can be read', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const before = analyse(text);
        for (const finding of before.findings().slice(0, 60))
          for (const fix of (finding.fixes ?? []).slice(0, 6))
            if (!fix.safe) holdsUnsafe(before, finding, fix);
      }),
      { numRuns: RUNS },
    );
  });

  it('of every rule that has safe ones take part', () => {
    const withSafe = (text: string) =>
      analyse(text)
        .findings()
        .filter(({ fixes }) => fixes?.some(({ safe }) => safe))
        .map(({ code }) => code);
    const inExamples = new Set(rules.flatMap((rule) => rule.bad).flatMap(({ text }) => withSafe(text)));
    const inFiles = new Set(fc.sample(anyFile, { numRuns: 2500, seed: 7 }).flatMap(withSafe));
    for (const code of inExamples) assert.ok(inFiles.has(code), `no file with a safe fix of ${code}`);
  });
});
