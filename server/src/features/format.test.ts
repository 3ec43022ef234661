import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { formatting, onTypeFormatting, rangeFormatting } from './format.ts';

const TEXT = 'configmgr: 2025-12  \nsites:\n    PS1:\n        type: primary\n\n\n';

describe('formatting in the editor', () => {
  const file = analyse(TEXT);

  it('edits what is not formatted, line by line', () => {
    assert.deepEqual(formatting(file), [
      { range: { start: { line: 0, character: 18 }, end: { line: 0, character: 20 } }, newText: '' },
      { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, newText: '\n' },
      { range: { start: { line: 2, character: 0 }, end: { line: 2, character: 4 } }, newText: '  ' },
      { range: { start: { line: 3, character: 0 }, end: { line: 3, character: 8 } }, newText: '    ' },
      { range: { start: { line: 4, character: 0 }, end: { line: 5, character: 0 } }, newText: '' },
      { range: { start: { line: 5, character: 0 }, end: { line: 6, character: 0 } }, newText: '' },
    ]);
    assert.deepEqual(formatting(analyse('configmgr: 2025-12\n')), []);
  });

  it('of a range leaves the lines around it', () => {
    const range = { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } };
    assert.deepEqual(
      rangeFormatting(file, range).map(({ range }) => range.start),
      [{ line: 0, character: 18 }],
    );
  });

  it('after Enter takes the blanks at the end of the line above, and neither moves nor removes lines', () => {
    assert.deepEqual(onTypeFormatting(file, { line: 1, character: 0 }), [
      { range: { start: { line: 0, character: 18 }, end: { line: 0, character: 20 } }, newText: '' },
    ]);
    for (const line of [0, 2, 3, 4, 5, 6])
      assert.deepEqual(onTypeFormatting(file, { line, character: 0 }), []);
  });
});
