import assert from 'node:assert/strict';
import { applyLspEdits, fixture, textOf } from '../../../test/support/features.ts';
import { definition } from './definition.ts';
import { hover } from './hover.ts';
import { highlights, references } from './references.ts';
import { prepareRename, rename } from './rename.ts';

const URI = 'file:///a.topology.yaml';

const FILE = `configmgr: 2017-09
x-server: &base
  os: windows-server-2022 # the newest here
  zone: &z hq
zones:
  hq: {}
servers:
  a:
    <<: *base
  b: *base
  c: { zone: *z }
`;

/** The file with the cursor behind a text, `within` characters into it. */
function at(text: string, within = text.length) {
  const place = FILE.indexOf(text) + within;
  assert.ok(place >= within, text);
  return fixture(`${FILE.slice(0, place)}‸${FILE.slice(place)}`);
}

const hoverAt = (text: string, within?: number) => {
  const { analysis, position } = at(text, within);
  const answer = hover(analysis, position);
  const value =
    answer && typeof answer.contents === 'object' && 'value' in answer.contents ? answer.contents.value : '';
  return { value, place: answer?.range && textOf(analysis, answer.range) };
};

describe('anchors', () => {
  it('lead from each alias to where they are set, and an alias that is a name also to what is named', () => {
    for (const [text, targets] of [
      ['<<: *ba', ['&base']],
      ['b: *base', ['&base']],
      ['zone: *z', ['hq', '&z']],
      ['&ba', ['&base']],
    ] as const) {
      const { analysis, position } = at(text);
      const links = definition(analysis, URI, position) ?? [];
      assert.deepEqual(
        links.map(({ targetSelectionRange }) => textOf(analysis, targetSelectionRange)),
        targets,
      );
      for (const { originSelectionRange, targetRange, targetSelectionRange } of links) {
        assert.ok(originSelectionRange && originSelectionRange.start.line === position.line, text);
        assert.ok(
          targetRange.start.line < targetSelectionRange.end.line ||
            targetRange.start.character <= targetSelectionRange.start.character,
        );
      }
    }
  });

  it('are found and marked with all that repeats them, from each of these places', () => {
    for (const text of ['&base', '<<: *base', 'b: *b', 'x-server: &']) {
      const { analysis, position } = at(text);
      const found = references(analysis, URI, position, true).map(({ range }) => textOf(analysis, range));
      assert.deepEqual(found, ['&base', '*base', '*base'], text);
      assert.equal(references(analysis, URI, position, false).length, 2);
      assert.deepEqual(
        highlights(analysis, position).map(({ kind }) => kind),
        [3, 2, 2],
      );
    }
  });

  it('show what stands behind them, at the place asked about', () => {
    for (const [text, place] of [
      ['b: *base', '*base'],
      ['<<: *b', '*base'],
      ['    <', '<<'],
    ] as const) {
      const shown = hoverAt(text);
      assert.equal(shown.place, place);
      assert.match(shown.value, /`&base` of line 2\. Repeated in lines 9, 10\./);
      assert.match(shown.value, /\nos: windows-server-2022 # the newest here\nzone: &z hq\n/);
    }
    const name = hoverAt('zone: *z');
    assert.equal(name.place, '*z');
    assert.match(name.value, /`&z` of line 4\. Repeated in line 11\./);
    assert.match(name.value, /network zone/, 'what the name means');
  });

  it('show the beginning of what is long', () => {
    const keys = Array.from({ length: 40 }, (_, index) => `  k${index}: 1\n`).join('');
    const { analysis, position } = fixture(`x-a: &a\n${keys}x-b: *a‸\n`);
    const value = JSON.stringify(hover(analysis, position)?.contents);
    assert.match(value, /k10: 1\\n…/);
    assert.doesNotMatch(value, /k11/);
  });

  it('are renamed with all that repeats them, and nothing else changes', () => {
    for (const text of ['&base', '<<: *base', 'b: *b']) {
      const { analysis, position } = at(text);
      const asked = prepareRename(analysis, position);
      assert.ok(asked && 'range' in asked);
      assert.equal(textOf(analysis, asked.range), 'base');
      assert.equal(asked.placeholder, 'base');
      const edits = rename(analysis, position, 'common');
      assert.ok(Array.isArray(edits));
      assert.equal(applyLspEdits(analysis.text, edits), FILE.replaceAll('base', 'common'));
    }
  });

  it('are not renamed to what is taken, would be captured, or is no name', () => {
    const refused = (file: string, name: string) => {
      const { analysis, position } = fixture(file);
      const answer = rename(analysis, position, name);
      return answer && 'problem' in answer ? answer.problem : JSON.stringify(answer);
    };
    assert.match(refused('x-a: &a‸ 1\nx-b: &b 2\n', 'b'), /'&b' already, in line 2/);
    assert.match(refused('x-a: &a‸ 1\nx-b: *b\n', 'b'), /'\*b' in line 2 has no anchor/);
    for (const name of ['', 'a b', 'a]', '-a', 'a:', '*'])
      assert.match(refused('x-a: &a‸ 1\n', name), /has letters/, name);
    assert.match(refused('x-a: &a‸ 1\nx-b: { c: "*a }\nx-c: 1\n', 'b'), /could not be read/);
    assert.match(refused('x-a: &a‸ 1\nx-b: *a\n', '시버'), /시버/);
  });

  it('that are set twice are two: an alias belongs to the one before it', () => {
    const { analysis, position } = fixture('x-a: &a 1\nx-b: *a\nx-c: &a 2\nx-d: *a‸\n');
    const lines = references(analysis, URI, position, true).map(({ range }) => range.start.line);
    assert.deepEqual(lines, [2, 3]);
  });
});
