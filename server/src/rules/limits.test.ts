import assert from 'node:assert/strict';
import fc from 'fast-check';
import { MOST_CHARACTERS, shortened } from './limits.ts';

describe('a message that is too long', () => {
  it('has at most 300 characters whatever is in it, and no half of a character', () => {
    const words = fc.array(fc.oneof(fc.string({ unit: 'grapheme', maxLength: 90 }), fc.constant("'")));
    fc.assert(
      fc.property(words, fc.constantFrom(' ', '', ', '), (parts, joint) => {
        const message = parts.join(joint);
        const short = shortened(message);
        assert.ok(short.length <= MOST_CHARACTERS);
        assert.doesNotMatch(short, /\p{Surrogate}/u);
        if (message.length <= MOST_CHARACTERS) assert.equal(short, message);
      }),
    );
  });

  it('keeps its beginning and its end, where the thing and the way out are, and whole words', () => {
    const names = Array.from({ length: 60 }, (_, index) => `server${index}`).join(', ');
    const short = shortened(`Sites ${names} have no site server: give each a server with that role`);
    assert.match(
      short,
      /^Sites server0, server1, .*server\d+, … server\d+, .*: give each a server with that role$/,
    );
  });

  it('loses the middle of long names before it loses a word round them', () => {
    const name = `${'a'.repeat(200)}.contoso.com`;
    const quoted = 'The beginning of a long text that somebody gave as a name, '.repeat(4);
    assert.equal(
      shortened(`Server ${name} names '${quoted}' as its zone: give it a zone of the file`),
      `Server ${'a'.repeat(27)}….contoso.com names 'The beginning of a long tex… as a name, ' as its zone: give it a zone of the file`,
    );
  });
});
