import assert from 'node:assert/strict';
import fc from 'fast-check';
import { linesAfter, linesOf } from './lines.ts';

describe('lines', () => {
  it('ends a line at LF, CRLF and a lone CR, so that editors on every system agree on line numbers', () => {
    const lines = linesOf('a\nbb\r\nccc\rd');
    assert.equal(lines.count, 4);
    assert.deepEqual(
      [0, 1, 2, 3].map((line) => lines.span(line)),
      [
        { start: 0, end: 1 },
        { start: 2, end: 4 },
        { start: 6, end: 9 },
        { start: 10, end: 11 },
      ],
    );
    assert.deepEqual(lines.positionAt(7), { line: 2, character: 1 });
    assert.equal(lines.offsetAt({ line: 1, character: 1 }), 3);
  });

  it('counts UTF-16 units, so that a squiggle under Korean text or an emoji does not slip', () => {
    const lines = linesOf('이름: 😀 x\ny');
    assert.deepEqual(lines.positionAt('이름: 😀 '.length), { line: 0, character: 7 });
    assert.deepEqual(lines.positionAt('이름: 😀 x\n'.length), { line: 1, character: 0 });
  });

  it('clamps what lies outside the text, because an editor may ask about a text that has just become shorter', () => {
    const lines = linesOf('ab\r\nc');
    assert.deepEqual(lines.positionAt(-5), { line: 0, character: 0 });
    assert.deepEqual(lines.positionAt(99), { line: 1, character: 1 });
    assert.equal(lines.offsetAt({ line: 0, character: 99 }), 2);
    assert.equal(lines.offsetAt({ line: 9, character: 0 }), 5);
    assert.equal(lines.offsetAt({ line: -1, character: 3 }), 0);
  });

  it('leads from every offset to a position and back, but inside a CRLF', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '\n', '\r', '한', '😀') }),
        fc.nat(60),
        (text, seed) => {
          const lines = linesOf(text);
          const offset = seed % (text.length + 1);
          const back = lines.offsetAt(lines.positionAt(offset));
          const insideCrLf = text[offset - 1] === '\r' && text[offset] === '\n';
          assert.equal(back, insideCrLf ? offset - 1 : offset);
        },
      ),
    );
  });

  it('finds the same lines after an edit as in a text that is opened', () => {
    const unit = fc.constantFrom('a', '\n', '\r', '\n');
    fc.assert(
      fc.property(
        fc.string({ unit }),
        fc.string({ unit }),
        fc.nat(20),
        fc.nat(20),
        (text, put, from, gone) => {
          const earlier = linesOf(text);
          const wasAsked = gone % 5 > 0;
          if (wasAsked) assert.ok(earlier.count > 0);
          const start = Math.min(from, text.length);
          const end = Math.min(start + gone, text.length);
          const after = text.slice(0, start) + put + text.slice(end);
          const lines = linesAfter(earlier, after, { start, end }, after.length - text.length);
          const fresh = linesOf(after);
          assert.equal(lines.count, fresh.count);
          for (let line = 0; line < fresh.count; line++) assert.deepEqual(lines.span(line), fresh.span(line));
        },
      ),
    );
  });
});
