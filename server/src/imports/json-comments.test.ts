import assert from 'node:assert/strict';
import fc from 'fast-check';
import { strictJson, withoutComments } from './json-comments.ts';

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

describe('JSON with texts over several lines and a comma after the last', () => {
  it('is read as without them', () => {
    const lines = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\t', ',', ']', '"', '\\', ' ', '/') });
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 4 },
        lines,
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(lines, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(values, fc.constantFrom('', ',', ' , \n'), (value, comma) => {
        const write = (one: unknown): string => {
          if (typeof one === 'string')
            return JSON.stringify(one).replaceAll('\\n', '\n').replaceAll('\\t', '\t');
          if (Array.isArray(one)) return `[${one.map(write).join(', ')}${one.length > 0 ? comma : ''}]`;
          if (one === null) return 'null';
          const pairs = Object.entries(one as object).map(([key, inner]) => `${write(key)}: ${write(inner)}`);
          return `{${pairs.join(', ')}${pairs.length > 0 ? comma : ''}\n}`;
        };
        // A backslash before an n is no line break.
        fc.pre(!JSON.stringify(value).includes('\\\\'));
        assert.deepEqual(JSON.parse(strictJson(write(value))), JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
