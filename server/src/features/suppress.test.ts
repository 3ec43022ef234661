import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HIERARCHY } from '../../../test/support/features.ts';
import { anyFile } from '../../../test/support/files.ts';
import { type Analysis, analyse } from '../analysis.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { exampleSettings } from '../rule-pages.ts';
import { rules } from '../rules/index.ts';
import type { Settings } from '../rules/rule.ts';
import { fileSuppression, lineSuppression } from './suppress.ts';

const SETTINGS = { rules: {} };
const ABOUT_COMMENTS: readonly string[] = ['unknown-suppression', 'unused-suppression'];
const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532');

function forLine(text: string, code: string): string {
  const analysis = analyse(text);
  const finding = analysis.findings().find((one) => one.code === code);
  assert.ok(finding, `no ${code} in:\n${text}`);
  const edit = lineSuppression(analysis, finding);
  assert.ok(edit, 'no comment can stand there');
  return applyEdits(text, [edit]);
}

const forFile = (text: string, code: string) => applyEdits(text, [fileSuppression(analyse(text), code)]);
const codesOf = (text: string, settings: Settings = SETTINGS) =>
  analyse(text, settings)
    .findings()
    .map(({ code }) => code);

describe('the comment that silences a rule', function () {
  this.timeout(60_000);
  const below = (comment: string) =>
    WRONG_PAIR.replace(/^( +)(software-update-point)/m, `$1${comment}\n$1$2`);

  it('joins the one above the line, before its reason', () => {
    assert.equal(
      forLine(below('# cmtopo-disable-next-line sql-browser -- why'), 'wsus-port-pair'),
      below('# cmtopo-disable-next-line sql-browser, wsus-port-pair -- why'),
    );
  });

  it('joins one that is above other comments', () => {
    const text = below('# cmtopo-disable-next-line sql-browser\n      # the scan');
    assert.ok(forLine(text, 'wsus-port-pair').includes('sql-browser, wsus-port-pair\n      # the scan'));
  });

  it('joins one at the end of the line', () => {
    const text = WRONG_PAIR.replace(
      'microsoft-update }',
      'microsoft-update } # cmtopo-disable-line sql-browser',
    );
    assert.equal(forLine(text, 'wsus-port-pair'), text.replace('sql-browser', 'sql-browser, wsus-port-pair'));
  });

  it('does not join one that says nothing about this line', () => {
    const text = WRONG_PAIR.replace(
      'name: Contoso\n',
      '# cmtopo-disable-next-line sql-browser\nname: Contoso\n',
    );
    assert.ok(forLine(text, 'wsus-port-pair').includes('      # cmtopo-disable-next-line wsus-port-pair\n'));
  });

  it('is inside braces over several lines, as deep as its line', () => {
    const text = 'configmgr: 2017-09\nzones: {\n    hq: {},\n    hq: {} }\n';
    assert.equal(
      forLine(text, 'duplicate-key'),
      text.replace('    hq: {} }', '    # cmtopo-disable-next-line duplicate-key\n    hq: {} }'),
    );
  });

  it('for the file joins the one at its head, but not one that an enable ends', () => {
    const head = `# Contoso\n# cmtopo-disable sql-browser -- why\n${WRONG_PAIR}`;
    assert.equal(forFile(head, 'wsus-port-pair'), head.replace('sql-browser', 'sql-browser, wsus-port-pair'));
    const ended = `# cmtopo-disable sql-browser\n${WRONG_PAIR}# cmtopo-enable\n`;
    assert.ok(
      forFile(ended, 'wsus-port-pair').startsWith('# cmtopo-disable wsus-port-pair\n# cmtopo-disable'),
    );
  });

  it('for the file is below a first line that makes it a topology file, and behind a byte-order mark', () => {
    assert.ok(
      forFile(`#  configmgr-topology\n${WRONG_PAIR}`, 'wsus-port-pair').startsWith(
        '#  configmgr-topology\n# cmtopo-disable wsus-port-pair\n',
      ),
    );
    assert.equal(forFile('# configmgr-topology', 'x'), '# configmgr-topology\n# cmtopo-disable x');
    assert.ok(forFile(`\uFEFF${WRONG_PAIR}`, 'wsus-port-pair').startsWith('\uFEFF# cmtopo-disable'));
  });

  it('beside text that is no YAML is offered only where it works', () => {
    const text = 'configmgr: 2017-09\nname: "open\nsites:\n  PS1: {\n';
    const analysis = analyse(text);
    for (const finding of analysis.findings()) {
      const edit = lineSuppression(analysis, finding);
      if (edit === undefined) continue;
      const after = codesOf(applyEdits(text, [edit]));
      assert.ok(
        after.filter((code) => code === finding.code).length <
          codesOf(text).filter((code) => code === finding.code).length,
      );
    }
  });

  it('silences what it says in any file, adds nothing, and keeps every line', () => {
    fc.assert(
      fc.property(anyFile, (text) => {
        const before = analyse(text);
        const own = (analysis: Analysis, code: string, line?: number) =>
          analysis
            .findings()
            .filter(
              (finding) =>
                finding.code === code &&
                (line === undefined || analysis.tree.lines.positionAt(finding.span.start).line === line),
            ).length;
        for (const finding of before.findings().slice(0, 20)) {
          const { code } = finding;
          if (ABOUT_COMMENTS.includes(code)) continue;
          const { line } = before.tree.lines.positionAt(finding.span.start);
          const edit = lineSuppression(before, finding);
          assert.ok(
            edit || before.tree.damage.length > 0,
            `no comment for ${code}, line ${line + 1}:\n${text}`,
          );
          if (before.tree.damage.length > 0) {
            const here = (analysis: Analysis) =>
              analysis.findings().filter((one) => one.code === code && one.message === finding.message)
                .length;
            if (edit && code !== 'yaml-syntax') {
              const after = analyse(applyEdits(text, [edit]));
              assert.ok(here(after) < here(before), `${code}, line ${line + 1}:\n${after.text}`);
            }
            continue;
          }
          for (const [one, gone] of [
            [edit, own(before, code, line)],
            [fileSuppression(before, code), own(before, code)],
          ] as const) {
            if (one === undefined) continue;
            const after = analyse(applyEdits(text, [one]));
            const what = `${code}, line ${line + 1}:\n${after.text}`;
            assert.equal(own(after, code), own(before, code) - gone, what);
            const others = (analysis: Analysis) =>
              analysis
                .findings()
                .filter((other) => other.code !== code && !ABOUT_COMMENTS.includes(other.code)).length;
            assert.equal(others(after), others(before), what);
            assert.equal(after.tree.damage.length, 0, what);
          }
        }
      }),
      { numRuns: Number(process.env.CMTOPO_FIX_RUNS ?? 200) },
    );
  });

  // What is about such comments is not silenced by one.
  const silenced = rules.filter(({ code }) => !ABOUT_COMMENTS.includes(code));
  for (const rule of silenced)
    for (const example of rule.bad)
      for (const [ending, source] of [
        ['LF', example.text],
        ['CRLF', example.text.replaceAll('\n', '\r\n')],
        ['no last line break', example.text.trimEnd()],
      ] as const)
        it(`silences ${rule.code} and nothing else, on its line and in its file: ${example.title} (${ending})`, () => {
          const settings = exampleSettings(example);
          const analysis = analyse(source, settings);
          const [finding] = analysis.findings();
          assert.ok(finding);
          const line = lineSuppression(analysis, finding);
          const edits = [...(line ? [line] : []), fileSuppression(analysis, rule.code)];
          assert.ok(line || rule.code === 'yaml-syntax', 'no comment for the line');
          for (const edit of edits) {
            const after = applyEdits(source, [edit]);
            assert.deepEqual(codesOf(after, settings), [], after);
            if (ending === 'CRLF') assert.doesNotMatch(after, /[^\r]\n/);
          }
        });
});
