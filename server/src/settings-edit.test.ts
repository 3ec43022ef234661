import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyEdits } from './edits/text-edit.ts';
import { LEVELS, readSettings } from './settings.ts';
import { newSettings, severityEdit } from './settings-edit.ts';

function set(text: string, code = 'sql-browser', level: (typeof LEVELS)[number] = 'off'): string {
  const edit = severityEdit(text, code, level);
  assert.ok(edit, `no edit for:\n${text}`);
  return applyEdits(text, [edit]);
}

describe('changing a severity in the settings file', () => {
  for (const [what, before, after] of [
    [
      'replaces the one that is there',
      'rules:\n  sql-browser: hint # why\n',
      'rules:\n  sql-browser: off # why\n',
    ],
    ['replaces a quoted one', 'rules: { sql-browser: "hint" }\n', 'rules: { sql-browser: off }\n'],
    ['fills in a missing one', 'rules:\n  sql-browser:\n', 'rules:\n  sql-browser: off\n'],
    [
      'adds a line below the others, behind their comments',
      'rules: # ours\n    a: off # one\n    sql-edition: off # two\n# the end\n',
      'rules: # ours\n    a: off # one\n    sql-edition: off # two\n    sql-browser: off\n# the end\n',
    ],
    [
      'adds to braces',
      'rules: { sql-edition: off } # x',
      'rules: { sql-edition: off, sql-browser: off } # x',
    ],
    ['fills empty braces', 'rules: {}\n', 'rules: { sql-browser: off }\n'],
    [
      'fills an empty map',
      'rules: # none yet\nedition: 2007\n',
      'rules: # none yet\n  sql-browser: off\nedition: 2007\n',
    ],
    ['replaces a null', 'rules: ~\n', 'rules: { sql-browser: off }\n'],
    ['adds the map', 'edition: 2007 # x\n', 'edition: 2007 # x\nrules:\n  sql-browser: off\n'],
    ['adds the map without a last line break', 'edition: 2007', 'edition: 2007\nrules:\n  sql-browser: off'],
    ['adds the map in braces', '{ edition: 2007 }', '{ edition: 2007, rules: { sql-browser: off } }'],
    ['keeps what is only comment', '# ours', '# ours\nrules:\n  sql-browser: off\n'],
    ['fills an empty file', '', 'rules:\n  sql-browser: off\n'],
    [
      'keeps Windows line endings',
      'edition: 2007\r\n# x\r\n',
      'edition: 2007\r\nrules:\r\n  sql-browser: off\r\n# x\r\n',
    ],
    [
      'writes its own line before a merged one',
      'base: &b { sql-browser: hint }\nrules:\n  <<: *b\n',
      'base: &b { sql-browser: hint }\nrules:\n  <<: *b\n  sql-browser: off\n',
    ],
  ] as const)
    it(what, () => assert.equal(set(before), after));

  it('offers nothing where the file cannot take it', () => {
    for (const text of ['- a\n', 'rules: [a]\n', 'rules: off\n', 'just text\n', 'a: {{{\n"\n'])
      assert.equal(severityEdit(text, 'sql-browser', 'off'), undefined, text);
  });

  it('makes a new file that says just this', () => {
    assert.deepEqual(readSettings(newSettings('sql-browser', 'hint')).settings.rules, {
      'sql-browser': 'hint',
    });
  });

  it('in any file changes this severity alone, keeps the comments, and a second time changes nothing', () => {
    const codes = ['sql-browser', 'sql-edition', 'wsus-port-pair', 'unknown-key'];
    const code = fc.constantFrom(...codes);
    const level = fc.constantFrom(...LEVELS);
    const comment = fc.constantFrom('', '', ' # note', '   # off: error');
    const block = fc
      .array(fc.tuple(code, level, comment), { maxLength: 4 })
      .map((all) => [...new Map(all.map((one) => [one[0], one])).values()])
      .chain((all) =>
        fc
          .boolean()
          .map((flow) =>
            flow
              ? `rules: { ${all.map(([name, word]) => `${name}: ${word}`).join(', ')} }\n`
              : `rules:\n${all.map(([name, word, note]) => `  ${name}: ${word}${note}\n`).join('')}`,
          ),
      );
    const file = fc
      .tuple(
        fc.constantFrom('', '# head\n', 'edition: 2017-09\n'),
        fc.option(block, { nil: '' }),
        fc.constantFrom('', '# tail\n', '\n\n'),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
      )
      .map(([head, rules, tail, lineBreak, cut]) => {
        const text = `${head}${rules}${tail}`.replaceAll('\n', lineBreak);
        return cut ? text.trimEnd() : text;
      });
    fc.assert(
      fc.property(file, code, level, (text, changed, to) => {
        const after = set(text, changed, to);
        const { rules } = readSettings(text).settings;
        assert.deepEqual(readSettings(after).settings.rules, { ...rules, [changed]: to });
        assert.deepEqual(
          readSettings(after).tree.comments.map((note) => note.text),
          readSettings(text).tree.comments.map((note) => note.text),
        );
        assert.equal(set(after, changed, to), after);
        if (text.includes('\r\n')) assert.doesNotMatch(after, /[^\r]\n/);
      }),
      { numRuns: 500 },
    );
  });
});
