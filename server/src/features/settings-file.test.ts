import assert from 'node:assert/strict';
import { applyLspEdits, CURSOR } from '../../../test/support/features.ts';
import { EDITION_WORDS } from '../catalog/editions.ts';
import { rules } from '../rules/index.ts';
import { LEVELS, readSettings } from '../settings.ts';
import { settingsCompletion, settingsHover } from './settings-file.ts';

function at(text: string) {
  const offset = text.indexOf(CURSOR);
  const source = text.replace(CURSOR, '');
  return { source, position: readSettings(source).tree.lines.positionAt(offset) };
}

function offered(text: string) {
  const { source, position } = at(text);
  return settingsCompletion(source, position, { asIs: true });
}

const labels = (text: string) => offered(text).map(({ label }) => label);

function chosen(text: string, label: string): string {
  const item = offered(text).find((one) => one.label === label);
  assert.ok(item?.textEdit && 'range' in item.textEdit, `${label} is not offered`);
  return applyLspEdits(at(text).source, [item.textEdit]);
}

const codes = rules.map(({ code }) => code);

describe('completion in the settings file', () => {
  for (const [what, text, wanted] of [
    ['the keys', '‸', ['rules', 'edition', 'policies']],
    ['the key that is missing', 'edition: 2007\n‸', ['rules', 'policies']],
    ['the keys in braces', '{ ‸ }', ['rules', 'edition', 'policies']],
    ['the codes', 'rules:\n  ‸\n', codes],
    ['the codes in braces', 'rules: { ‸ }\n', codes],
    [
      'the codes that are not there yet',
      'rules:\n  sql-browser: off\n  sq‸\n',
      codes.filter((code) => code !== 'sql-browser'),
    ],
    ['the severities', 'rules:\n  sql-browser: ‸\n', [...LEVELS]],
    ['the severities in braces', 'rules: { sql-browser: of‸ }\n', [...LEVELS]],
    ['the editions', 'edition: ‸', EDITION_WORDS.toReversed()],
    ['nothing in a comment', 'rules: # ‸', []],
    ['nothing below another key', 'other:\n  ‸\n', []],
  ] as const)
    it(`offers ${what}`, () => assert.deepEqual(labels(text), wanted));

  it('writes what it offers as YAML that means it', () => {
    assert.equal(chosen('rules:\n  sql-b‸\n', 'sql-browser'), 'rules:\n  sql-browser: \n');
    assert.equal(chosen('rules:\n  sql‸: off\n', 'sql-browser'), 'rules:\n  sql-browser: off\n');
    assert.equal(chosen('rules:\n  sql-browser:‸\n', 'off'), 'rules:\n  sql-browser: off\n');
    assert.equal(chosen('‸', 'rules'), 'rules:\n  ');
    assert.equal(chosen('edition: 20‸', '2017-09'), 'edition: 2017-09');
  });

  it('says what a rule is about, why, and how loud it is without the line', () => {
    const item = offered('rules:\n  ‸\n').find(({ label }) => label === 'wsus-port-pair');
    assert.equal(item?.detail, 'error');
    assert.match(JSON.stringify(item?.documentation), /WSUS is configured with one port/);
    const level = offered('rules:\n  wsus-port-pair: ‸\n').find(({ label }) => label === 'error');
    assert.equal(level?.detail, 'as it is without this line');
  });
});

describe('hover in the settings file', () => {
  function shown(text: string, markdown = true): string | undefined {
    const { source, position } = at(text);
    const found = settingsHover(source, position, markdown, (code) => `file:///docs/rules/${code}.md`);
    return found && typeof found.contents === 'object' && 'value' in found.contents
      ? found.contents.value
      : undefined;
  }

  it('tells what a rule reports and why, with its page', () => {
    const text = shown('rules:\n  wsus-port‸-pair: off\n');
    assert.match(
      text ?? '',
      /\(error unless it is set here\).*WSUS is configured with one port.*\(file:.*wsus-port-pair\.md\)/s,
    );
    assert.doesNotMatch(shown('rules: { wsus-port‸-pair: off }', false) ?? '', /\*\*/);
  });

  it('tells what a severity and a key mean', () => {
    assert.match(shown('rules:\n  wsus-port-pair: o‸ff\n') ?? '', /The rule does not run/);
    assert.match(shown('edi‸tion: 2007\n') ?? '', /edition of the port catalog/);
  });

  it('is silent about what it does not know', () => {
    for (const text of ['rules:\n  nonsense‸: off\n', '# com‸ment\n', 'oth‸er: 1\n', '‸'])
      assert.equal(shown(text), undefined, text);
  });
});
