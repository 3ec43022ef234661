import assert from 'node:assert/strict';
import { applyFix, expectFindings, readFixture } from './rules.ts';

describe('fixtures with wanted findings', () => {
  it('take the comments out and keep the line numbers of what is left', () => {
    const { text, wanted } = readFixture(
      'a: 1 # want one "with \\"quotes\\"" <1>\n# want two\n# want three "x" four <b: 2>\nb: 2\n',
    );
    assert.equal(text, 'a: 1\nb: 2\n');
    assert.deepEqual(wanted, [
      { line: 0, code: 'one', part: 'with "quotes"', marked: '1' },
      { line: 1, code: 'two', part: '' },
      { line: 1, code: 'three', part: 'x' },
      { line: 1, code: 'four', part: '', marked: 'b: 2' },
    ]);
  });

  const bad = 'configmgr: 2017-09\nservers:\n  a: { roles: { wsus-server: { httpsPort: 1 } } }';

  it('fail where a wanted finding is missing, on another line, or another one is there', () => {
    assert.throws(() => expectFindings(bad), /Found and not wanted:\n3: wsus-port-pair/);
    assert.throws(
      () => expectFindings('configmgr: 2017-09 # want sql-edition\n'),
      /Wanted and not found:\n1: sql-edition/,
    );
    assert.throws(() => expectFindings(`# want wsus-port-pair\n${bad}`), /Wanted and not found/);
    assert.throws(() => expectFindings(`${bad} # want wsus-port-pair "nonsense"`), /Wanted and not found/);
    expectFindings(`${bad} # want wsus-port-pair`);
  });

  it('fail where a finding marks more or less than is wanted', () => {
    expectFindings(`${bad} # want wsus-port-pair <1>`);
    for (const marked of ['httpsPort: 1', ''])
      assert.throws(
        () => expectFindings(`${bad} # want wsus-port-pair "8531" <${marked}>`),
        new RegExp(`Wanted and not found:\\n3: wsus-port-pair "8531" <${marked}>`),
      );
  });

  it('say which fixes there are where the wanted one is missing', () => {
    assert.throws(() => applyFix(bad, 'wsus-port-pair', 'nonsense'), /only: Set httpsPort to 8531/);
    assert.throws(() => applyFix(bad, 'sql-edition'), /No sql-edition/);
  });
});
