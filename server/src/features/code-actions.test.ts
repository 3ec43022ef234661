import assert from 'node:assert/strict';
import { applyLspEdits, fixture, HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { fixAll } from '../fix-all.ts';
import { CODE_ACTION_KINDS, type CodeActionOptions, codeActions } from './code-actions.ts';
import { editorRange } from './place.ts';

const URI = 'file:///a.topology.yaml';
const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532‸');

function actionsOf(text: string, options: Partial<CodeActionOptions> = {}) {
  const { analysis, position } = fixture(text);
  return codeActions(analysis, { start: position, end: position }, optionsOf(options));
}

function optionsOf(options: Partial<CodeActionOptions>): CodeActionOptions {
  return {
    uri: URI,
    version: 1,
    only: undefined,
    automatic: false,
    diagnostics: [],
    settings: { rules: {} },
    documentChanges: false,
    snippets: false,
    createFiles: false,
    settingsFile: undefined,
    ...options,
  };
}

/** The text after the action of a title. */
function apply(text: string, title: RegExp): string {
  const action = actionsOf(text).find((one) => title.test(one.title));
  assert.ok(action?.edit?.changes, `no action ${title}`);
  return applyLspEdits(fixture(text).analysis.text, action.edit.changes[URI] ?? []);
}

describe('code actions', () => {
  it('offers the safe fix first and as preferred', () => {
    const [first] = actionsOf(WRONG_PAIR);
    assert.equal(first?.isPreferred, true);
    assert.equal(first.kind, 'quickfix');
  });

  it('changes exactly the wrong port', () => {
    assert.equal(apply(WRONG_PAIR, /8531/), HIERARCHY);
  });

  it('keeps the cursor free of the work of fix all, which is left to those who ask for it', () => {
    const titles = (options: Partial<CodeActionOptions>) =>
      actionsOf(WRONG_PAIR, options).flatMap(({ kind, title }) =>
        kind === 'quickfix' || kind?.startsWith('refactor') ? [] : title,
      );
    const fixEverything = ['Fix all problems that can be fixed safely'];
    assert.deepEqual(titles({ automatic: true }), []);
    assert.deepEqual(titles({ automatic: false }), fixEverything);
    assert.deepEqual(titles({ automatic: true, only: ['source.fixAll'] }), fixEverything, 'on save');
  });

  it('works out no refactoring where the cursor rests, and those of a place where somebody asks', () => {
    const text = HIERARCHY.replace('      site-server:', '      site-server‸:');
    const kinds = (options: Partial<CodeActionOptions>) =>
      actionsOf(text, options).filter(({ kind }) => kind?.startsWith('refactor.')).length;
    assert.ok(kinds({ automatic: false }) > 0);
    assert.equal(kinds({ automatic: true }), 0);
    assert.ok(kinds({ automatic: true, only: ['refactor'] }) > 0);
  });

  it('costs no analysis for each finding of a whole file with a broken line', () => {
    const servers = Array.from(
      { length: 60 },
      (_, index) => `  s${index}: { roles: { wsus-server: { httpsPort: 9000 } } }`,
    );
    const text = ['configmgr: 2017-09', 'servers:', ...servers, 'name: "open', ''].join('\n');
    const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
    const timed = (work: () => unknown): number => {
      const begun = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(begun);
      return user + system;
    };
    const analysis = analyse(text);
    assert.ok(analysis.findings().length >= 60);
    const options = optionsOf({ automatic: true });
    codeActions(analysis, whole, options);
    const one = Math.max(...[1, 2, 3].map(() => timed(() => analyse(text).findings())));
    // With an analysis for each finding and comment it was more than a hundred times as much.
    assert.ok(timed(() => codeActions(analysis, whole, options)) < 20 * one + 20_000);
  });

  it('offers ways to mend and none to silence where something is plainly wrong', () => {
    const text = `configmgr: 2403
zones: { hq: { networks: [10.1.0/16] } }
sites: { PS1: { type: primry, database: { server: cmm } } }
servers:
  'c$': { site: PS1 }
  cm01: { site: PS1, zone: hq, roles: { management-point: { protocol: htps }, software-update-point: { httpPort: 70000 } } }
  x01: { site: PS1 }
name: "open
`;
    const analysis = analyse(text);
    const plain = new Set<string>();
    for (const finding of analysis.findings()) {
      const at = editorRange(analysis, finding.span);
      const alone = optionsOf({ only: ['quickfix'] });
      const titles = codeActions(analysis, { start: at.start, end: at.start }, alone)
        .map(({ title }) => title)
        .filter((title) => title.includes(finding.code));
      if (!/^(?:yaml-syntax|invalid-.*|unknown-reference)$/.test(finding.code)) continue;
      plain.add(finding.code);
      assert.deepEqual(titles, [], finding.code);
    }
    assert.deepEqual([...plain].sort(), [
      'invalid-address',
      'invalid-name',
      'invalid-port',
      'invalid-value',
      'unknown-reference',
      'yaml-syntax',
    ]);
  });

  it('offers ways to mend first and ways to silence last', () => {
    const titles = actionsOf(WRONG_PAIR, { only: ['quickfix'] }).map(({ title }) => title);
    const silence = titles.findIndex((title) => /^Disable/.test(title));
    assert.ok(silence > 0, titles.join());
    assert.ok(
      titles.slice(silence).every((title) => /^(?:Disable|Change the severity)/.test(title)),
      titles.join(),
    );
  });

  it('silences a rule for one line, and then for one rule more', () => {
    const once = apply(WRONG_PAIR, /Disable wsus-port-pair for this line/);
    assert.ok(once.includes('      # cmtopo-disable-next-line wsus-port-pair\n      software-update-point'));
    assert.deepEqual(
      analyse(once)
        .findings()
        .filter(({ code }) => code === 'wsus-port-pair'),
      [],
    );
    const two = WRONG_PAIR.replace(
      '      software-update-point',
      '      # cmtopo-disable-next-line sql-browser\n      software-update-point',
    );
    assert.ok(
      apply(two, /Disable wsus-port-pair for this line/).includes(
        'cmtopo-disable-next-line sql-browser, wsus-port-pair\n',
      ),
    );
  });

  it('silences a rule for the file and leaves its first line the first', () => {
    assert.ok(apply(WRONG_PAIR, /for this file/).startsWith('# cmtopo-disable wsus-port-pair\nconfigmgr'));
    const marked = `# configmgr-topology\n${WRONG_PAIR}`;
    const silenced = apply(marked, /for this file/);
    assert.ok(silenced.startsWith('# configmgr-topology\n# cmtopo-disable wsus-port-pair\n'));
    assert.deepEqual(
      analyse(silenced)
        .findings()
        .filter(({ code }) => code === 'wsus-port-pair'),
      [],
    );
  });

  it('gives only the kinds that are asked for', () => {
    const kinds = (only: string[]) => new Set(actionsOf(WRONG_PAIR, { only }).map(({ kind }) => kind));
    assert.deepEqual(kinds(['quickfix']), new Set(['quickfix']));
    assert.deepEqual(kinds(['source.fixAll']), new Set(['source.fixAll.cmtopo']));
    assert.deepEqual(kinds(['source.fixAll.cmtopo']), new Set(['source.fixAll.cmtopo']));
    assert.deepEqual(kinds(['refactor']), new Set(['refactor.rewrite']));
    assert.deepEqual(kinds(['refactor.extract']), new Set());
    assert.ok(CODE_ACTION_KINDS.includes('source.fixAll.cmtopo'));
  });

  it('fixes all like the command line does, comments untouched', () => {
    const text = `${WRONG_PAIR.replace('\n    count', ' # kept\n    count').replace('count: 4000', 'count: 4000 # kept too')}`;
    const fixed = apply(text, /Fix all/);
    assert.equal(fixed, fixAll(fixture(text).analysis.text));
    assert.ok(fixed.includes('# kept too') && fixed.includes('httpsPort: 8531'));
  });

  it('offers no fix all where nothing is safe to fix', () => {
    assert.deepEqual(actionsOf(`${HIERARCHY}‸`, { only: ['source.fixAll'] }), []);
  });

  it('gives snippets with versioned edits to editors that take them, else plain text', () => {
    const text = `configmgr: 2017-09\nclients:\n  desk‸tops: {}\n`;
    const rich = actionsOf(text, { documentChanges: true, snippets: true });
    const plain = actionsOf(text, { documentChanges: true });
    assert.ok(!JSON.stringify(plain).includes('"snippet"') && !/\$\{\d/.test(JSON.stringify(plain)));
    assert.ok(JSON.stringify(rich).includes('"version":1'));
    if (
      analyse(fixture(text).analysis.text)
        .findings()
        .some(({ fixes }) => fixes?.some(({ edits }) => edits.some(({ snippet }) => snippet)))
    ) {
      assert.ok(JSON.stringify(rich).includes('"kind":"snippet"'));
    }
  });

  it('names the one finding that it settles, also where another one begins at the same place', () => {
    const { analysis } = fixture(WRONG_PAIR);
    const [finding] = analysis.findings();
    assert.ok(finding);
    const { span, code, message } = finding;
    const { lines } = analysis.tree;
    const range = { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
    const own = { range, code, message };
    const other = { ...own, message: 'Something else about the same place' };
    const longer = { ...own, range: { ...own.range, end: { line: 99, character: 0 } } };
    assert.deepEqual(actionsOf(WRONG_PAIR, { diagnostics: [other, own, longer] })[0]?.diagnostics, [own]);
  });
});
