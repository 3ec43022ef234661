import assert from 'node:assert/strict';
import fc from 'fast-check';
import { displayWidth, fit, padEnd, wrapped } from './width.ts';

describe('the width of a text', () => {
  it('counts wide characters twice and combining ones not at all', () => {
    assert.equal(displayWidth('abc'), 3);
    assert.equal(displayWidth('사이트'), 6);
    assert.equal(displayWidth('主要站台'), 8);
    assert.equal(displayWidth('e\u0301'), 1);
    // The same syllable, composed and in its parts.
    assert.equal(displayWidth('\ud55c'), 2);
    assert.equal(displayWidth('\u1112\u1161\u11ab'), 2);
    assert.equal(padEnd('사', 4), '사  ');
    assert.equal(fit('사이트', 4), '사…');
    assert.equal(fit('abcdef', 4), 'abc…');
    assert.equal(fit('abcd', 4), 'abcd');
  });

  it('is that of terminals for pictographs, whatever their block', () => {
    assert.equal(displayWidth('✅✅'), 4);
    assert.equal(displayWidth('⚡⛔⭐'), 6);
    assert.equal(displayWidth('\u{1f600}\u{1faf6}'), 4);
    assert.equal(displayWidth('✓→×'), 3);
  });

  it('lets a fitted text never be wider than asked', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 40 }), (text, columns) => {
        assert.ok(displayWidth(fit(text, columns)) <= columns);
      }),
    );
  });
});

describe('texts in lines', () => {
  it('end at a blank, or at any sign of Chinese, and a word that is too long keeps its line', () => {
    assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
    assert.deepEqual(wrapped('one two three', 3, 9), ['one', 'two three']);
    assert.deepEqual(wrapped('a longest-word b', 6), ['a', 'longest-word', 'b']);
    assert.deepEqual(wrapped('站台伺服器，管理點', 10), ['站台伺服', '器，管理點']);
    assert.deepEqual(wrapped('', 6), ['']);
  });

  it('keep the blanks that make columns', () => {
    assert.deepEqual(wrapped('edge   rule 1 of', 11), ['edge   rule', '1 of']);
  });
});
