import assert from 'node:assert/strict';
import fc from 'fast-check';
import { rendered, shownOf } from '../../../test/support/markdown.ts';
import { codeText, csvCell, cut, jsonText, markdownText, markupText, visible, word } from './escape.ts';

/** Texts full of what means something in one of the languages, and of what nobody thinks of. */
const texts = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      ...'ab1 |`\\<>&[]()*_#@:/.-=+!~$;"\',',
      'www.',
      '://',
      '\u200e',
      '\u202e',
      '\ufe0f',
      '\u3164',
      '\u0007',
      '\n',
      '한',
      '✅',
    ),
    maxLength: 24,
  }),
  fc.string({ unit: 'binary', maxLength: 30 }),
);

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const squeezed = (text: string) => text.replace(/ +/g, ' ').trim();

describe('a text on its way out', () => {
  it('hides nothing, and is cut without breaking a character', () => {
    assert.equal(visible('a\u202eb\u200fc\nd\ud800'), 'a\\u202eb\\u200fc\\u000ad\\ud800');
    assert.equal(
      visible('cm\u200e01 cm\u200b01 cm\ufe0f01 cm\u316401'),
      'cm\\u200e01 cm\\u200b01 cm\\ufe0f01 cm\\u316401',
    );
    assert.equal(visible('서버 ✅ \u{1f600} e\u0301'), '서버 ✅ \u{1f600} e\u0301');
    fc.assert(fc.property(texts, (text) => assert.doesNotMatch(visible(text), HIDDEN)));
    assert.equal(cut('\u{1f600}'.repeat(10), 10), `${'\u{1f600}'.repeat(3)}...`);
    assert.equal(word('-a b/c-', 40), 'a-b-c');
    assert.equal(word('\u00e4', 40), 'x');
  });

  it('comes back from JSON as it was, though nothing is hidden in the document', () => {
    fc.assert(
      fc.property(fc.dictionary(texts, fc.oneof(texts, fc.array(texts))), (value) => {
        const document = jsonText(value);
        assert.doesNotMatch(document.replaceAll('\n', ''), HIDDEN);
        assert.equal(JSON.stringify(JSON.parse(document)), JSON.stringify(value));
      }),
    );
    assert.equal(jsonText({ a: 'cm\u200e01' }), '{\n  "a": "cm\\u200e01"\n}\n');
  });

  it('comes back from CSV as it is shown, and starts no formula, whatever separates cells', () => {
    const formula = /^[=+\-@＝＋－＠\t\r]/;
    fc.assert(
      fc.property(texts, (text) => {
        const cell = csvCell(text);
        const read = cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell;
        assert.equal(read.replace(/(^\s*|;\s*)'/g, '$1'), visible(text).replace(/(^\s*|;\s*)'/g, '$1'));
        for (const part of read.split(/[;\t]/)) assert.doesNotMatch(part.trimStart(), formula);
        if (!cell.startsWith('"')) assert.doesNotMatch(cell, /[",\r\n]/);
      }),
    );
    for (const start of ['=1+1', '+1', '-1', '@a', '＝1']) assert.equal(csvCell(start), `'${start}`);
    assert.equal(csvCell("a;=cmd|'/c calc'!A1"), "a;'=cmd|'/c calc'!A1");
    assert.equal(csvCell('a; @b'), "a; '@b");
    assert.equal(csvCell(' @b'), " '@b");
  });

  it('is text in HTML and XML', () => {
    fc.assert(
      fc.property(texts, (text) => {
        assert.doesNotMatch(markupText(text), /[<>"']/);
        const { text: shown, elements } = shownOf(`<p title="${markupText(text)}">${markupText(text)}</p>`);
        assert.equal(shown, visible(text));
        assert.deepEqual(elements, ['p']);
      }),
    );
  });

  it('is text in Markdown: no element but code, no link, no mention, in a heading and in a cell', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const heading = rendered(`# ${markdownText(text)}`);
        const {
          text: cell,
          bare,
          elements,
        } = rendered(`| a | b |\n| --- | --- |\n| ${markdownText(text)} | z |`);
        assert.equal(squeezed(heading.text), squeezed(visible(text)));
        assert.equal(squeezed(cell.replace(/\n/g, ' ')), squeezed(`a b ${visible(text)} z`));
        assert.doesNotMatch(bare, /[@#]|:\/\/|www\./i);
        assert.deepEqual(elements, ['table', 'thead', 'tr', 'th', 'th', 'tbody', 'tr', 'td', 'td']);
        assert.deepEqual(heading.elements, ['h1']);
      }),
    );
    for (const [text, wanted] of [
      ['@team', '`@`team'],
      ['www.example.com', '`www.`example.com'],
      ['see https://example.com', 'see https`://`example.com'],
      ['fixes #12', 'fixes `#`12'],
      ['10.10.0.11', '10.10.0.11'],
      ['1. a', '1\\. a'],
      ['- a', '\\- a'],
    ] as const)
      assert.equal(markdownText(text), wanted);
  });

  it('begins no list and no ruler of Markdown', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { elements } = rendered(`a\n\n${markdownText(text.trim())}\n\nz`);
        assert.deepEqual(
          elements.filter((name) => name !== 'p'),
          [],
        );
      }),
    );
  });

  it('is one code span of Markdown where it is a name, apart only at the bars of a table', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const {
          text: shown,
          bare,
          elements,
        } = rendered(`| a | b |\n| --- | --- |\n| ${codeText(text)} | z |`);
        assert.equal(squeezed(shown.replace(/\n/g, ' ')), squeezed(`a b ${visible(text)} z`));
        assert.match(bare.replace(/\s/g, ''), /^ab\|*z$/);
        assert.equal(elements.length, 9);
      }),
    );
    assert.equal(codeText('@team'), '`@team`');
    assert.equal(codeText('a`b'), '``a`b``');
    assert.equal(codeText('a|b'), '`a`\\|`b`');
  });
});
