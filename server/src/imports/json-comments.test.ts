import assert from 'node:assert/strict';
import fc from 'fast-check';
import { withoutComments } from './json-comments.ts';

/** Random JSON, once as it is and once with comments between its tokens. */
const commented = fc.json().chain((json) => {
  const tokens = JSON.stringify(JSON.parse(json)).match(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^[\]{},:"]+/g) ?? [];
  const comment = fc.constantFrom('', ' ', '/* "a" // */', '// { "b": /* \n', '/**/', '//\r\n');
  return fc
    .array(comment, { minLength: tokens.length, maxLength: tokens.length })
    .map((comments) => ({ json, text: tokens.map((token, index) => `${comments[index]}${token}`).join('') }));
});

describe('JSON with comments', () => {
  it('is read as without them', () => {
    fc.assert(
      fc.property(commented, ({ json, text }) => {
        assert.deepEqual(JSON.parse(withoutComments(text)), JSON.parse(JSON.stringify(JSON.parse(json))));
      }),
    );
  });

  it('keeps every line and every place where it was', () => {
    fc.assert(
      fc.property(commented, ({ text }) => {
        const plain = withoutComments(text);
        assert.equal(plain.length, text.length);
        assert.equal(plain.split('\n').length, text.split('\n').length);
      }),
    );
  });

  it('ends a comment and a string that nobody ends with the text', () => {
    assert.equal(withoutComments('{} /* open'), '{}        ');
    assert.equal(withoutComments('"open // no'), '"open // no');
  });
});
