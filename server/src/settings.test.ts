import assert from 'node:assert/strict';
import { analyse } from './analysis.ts';
import { editorRules, mergeSettings, readSettings } from './settings.ts';

/** `line:character code message` for each finding, from 1. */
function shown(text: string): string[] {
  const { findings, tree } = readSettings(text);
  return findings.map(({ span, code, message }) => {
    const { line, character } = tree.lines.positionAt(span.start);
    return `${line + 1}:${character + 1} ${code} ${message}`;
  });
}

describe('the settings file', () => {
  it('gives the severities and the edition', () => {
    const { settings, findings } = readSettings(
      'rules:\n  sql-browser: off\n  wsus-port-pair: "warning"\nedition: current-branch\n',
    );
    assert.deepEqual(settings, {
      rules: { 'sql-browser': 'off', 'wsus-port-pair': 'warning' },
      edition: '2025-12',
      configmgr: 'current-branch',
    });
    assert.deepEqual(findings, []);
  });

  it('takes the edition 2007, which reads as a number', () => {
    assert.deepEqual(readSettings('edition: 2007').settings, {
      rules: {},
      edition: '2007',
      configmgr: '2007',
    });
  });

  it('keeps the version that gives the edition, for those who read it', () => {
    const { settings } = readSettings('edition: 2403');
    const told = analyse('name: x', mergeSettings({ rules: {} }, settings)).topology;
    assert.deepEqual([told.edition, told.configmgrWritten], ['2025-12', '2403']);
    const own = analyse('configmgr: 1806', settings).topology;
    assert.deepEqual([own.edition, own.configmgrWritten], ['2018-09', '1806']);
  });

  it('gives policies, which are in force beside those of a file, as far as it has their names', () => {
    const { settings, findings } = readSettings(
      'policies:\n  - { name: Remote, from: [branch, elsewhere], to: any, tcp: [3389, 5900-5910] }\n  - { from: lab, to: any }\n',
    );
    assert.deepEqual(findings, []);
    const file = `configmgr: current-branch
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
firewalls:
  edge:
    zones: [hq, branch]
    rules:
      - { name: Wide, action: allow, from: branch, to: hq, tcp: 5000-6000, configmgr: false }
      - { name: Web, action: allow, from: branch, to: hq, tcp: 80, configmgr: false }
policies:
  - { name: Web, from: branch, to: hq, tcp: 80 }
`;
    const found = analyse(file, settings)
      .findings()
      .filter(({ code }) => code.startsWith('policy'));
    assert.deepEqual(
      found.map(({ message }) => /lets (\S+ \d+) .* which (policy '\w+')/.exec(message)?.slice(1)),
      [
        ['TCP 5900', "policy 'Remote'"],
        ['TCP 80', "policy 'Web'"],
      ],
    );
    // The place of a shared policy is in another text.
    assert.deepEqual(
      found.map(({ related }) => related?.length),
      [0, 1],
    );
    assert.equal(analyse(file, mergeSettings({ rules: {} }, settings)).topology.policies.length, 3);
  });

  it('reports what is wrong in a policy, and judges nothing by it', () => {
    const text = 'policies:\n  - { from: branch, to: hq, tpc: 3389 }\n  - { from: branch, tcp: 70000 }\n';
    assert.deepEqual(
      shown(text).map((line) => line.split(' ').slice(0, 2).join(' ')),
      ['2:29 unknown-key', '3:7 missing-key', '3:26 invalid-port'],
    );
    const file = `configmgr: current-branch
zones: { hq: {}, branch: {} }
firewalls:
  edge: { zones: [hq, branch], rules: [{ action: allow, from: any, to: any, configmgr: false }] }
`;
    const { settings } = readSettings(text);
    assert.deepEqual(
      analyse(file, settings)
        .findings()
        .filter(({ code }) => code.startsWith('policy')),
      [],
    );
    // Two readings of one text are the same settings, wherever a policy stands in it.
    assert.equal(JSON.stringify(readSettings(`# above\n${text}`).settings), JSON.stringify(settings));
    assert.deepEqual(
      shown('policies: 3\n').map((line) => line.split(' ')[1]),
      ['wrong-type'],
    );
  });

  for (const empty of ['policies:\n', '', '# nothing yet\n', 'rules:\n', 'rules: {}\n', '---\n'])
    it(`is content with ${JSON.stringify(empty)}`, () => {
      assert.deepEqual(shown(empty), []);
      assert.deepEqual(readSettings(empty).settings, { rules: {} });
    });

  it('reports what is wrong at its place and keeps the rest', () => {
    const text = `rules:
  sql-brouser: off
  wsus-port-pair: waring
  rpc-range-os: false
  rpc-range-small:
  sql-edition: [error]
  sql-static-port: error
edtion: 2017-09
edition: 2016
`;
    assert.deepEqual(shown(text), [
      '2:3 unknown-key sql-brouser is not one of the rules (`cmtopo rules` lists them): did you mean sql-browser?',
      '3:19 invalid-value waring is not a severity: write off, hint, information, warning or error. Did you mean warning?',
      '4:17 invalid-value false is not a severity: write off, hint, information, warning or error. Did you mean off?',
      '5:3 invalid-value rpc-range-small has no severity: write off, hint, information, warning or error.',
      '6:16 invalid-value The severity of sql-edition: write off, hint, information, warning or error.',
      '8:1 unknown-key edtion is not one of the settings file: did you mean edition?',
      '9:10 unknown-edition 2016 is not an edition: write 2007, 2017-03, 2017-09, 2018-09, 2019-11, 2020-06, 2025-12 or current-branch.',
    ]);
    assert.deepEqual(readSettings(text).settings, { rules: { 'sql-static-port': 'error' } });
  });

  it('reports a file of another kind once', () => {
    assert.equal(shown('- a\n- b\n').length, 1);
    assert.equal(shown('rules: [sql-browser]\n').length, 1);
    assert.equal(shown('rules: off\n').length, 1);
  });

  it('reports text that is no YAML, a key that occurs twice and a second document', () => {
    assert.deepEqual(
      readSettings('rules:\n  sql-browser: off\n  sql-browser: error\n').findings.map(({ code }) => code),
      ['duplicate-key'],
    );
    assert.ok(shown('rules: {sql-browser: off\n').some((line) => line.includes('yaml-syntax')));
    assert.ok(shown('rules: {}\n---\na: 1\n').some((line) => line.includes('multiple-documents')));
  });
});

describe('settings from several places', () => {
  it('keep everything that a settings file says', () => {
    const { settings, findings } = readSettings(
      'edition: 2007\nrules: { sql-browser: off }\npolicies: [{ name: none, from: any, to: any }]\n',
    );
    assert.deepEqual(findings, []);
    assert.equal(Object.keys(settings).length, 4);
    assert.deepEqual(mergeSettings({ rules: {} }, settings), settings);
    assert.deepEqual(mergeSettings({ rules: {}, today: '2026-05-01' }, settings), {
      ...settings,
      today: '2026-05-01',
    });
  });

  it('takes from an editor only what is a severity', () => {
    assert.deepEqual(editorRules({ 'sql-browser': 'off', a: 'loud', b: 3, c: null }), {
      'sql-browser': 'off',
    });
    for (const odd of [undefined, null, 'off', 3, []]) assert.deepEqual(editorRules(odd), {});
  });

  it('lets the settings file win over the editor, code by code', () => {
    assert.deepEqual(
      mergeSettings({ rules: { a: 'hint', b: 'hint' }, edition: '2007' }, { rules: { b: 'error' } }),
      { rules: { a: 'hint', b: 'error' }, edition: '2007' },
    );
  });
});
