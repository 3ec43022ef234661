import assert from 'node:assert/strict';
import { expectFindings } from '../../../test/support/rules.ts';
import { analyse } from '../analysis.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { fixAll } from '../fix-all.ts';

const wsus = (line: string) => `configmgr: 2017-09
servers:
  wsus01:
    roles:
${line}
`;
const BAD = '      wsus-server: { httpPort: 8530, httpsPort: 8532 }';

describe('comments that silence a rule', () => {
  it('silences the line below, and says nothing itself', () => {
    expectFindings(wsus(`      # cmtopo-disable-next-line wsus-port-pair -- until March\n${BAD}`));
  });

  it('passes over further comments on the way to the next line', () => {
    expectFindings(wsus(`      # cmtopo-disable-next-line wsus-port-pair\n      # see ticket 12\n${BAD}`));
  });

  it('silences its own line from the end of it', () => {
    expectFindings(wsus(`${BAD} # cmtopo-disable-line wsus-port-pair`));
  });

  it('silences a region and only that', () => {
    expectFindings(`configmgr: 2017-09
servers:
  # cmtopo-disable wsus-port-pair
  one: { roles: { wsus-server: { httpsPort: 1 } } }
  # cmtopo-enable wsus-port-pair
  # want wsus-port-pair
  two: { roles: { wsus-server: { httpsPort: 2 } } }
`);
  });

  it('silences the rest of the file where nothing ends the region', () => {
    expectFindings(`configmgr: 2017-09
# cmtopo-disable wsus-port-pair, rpc-range-small
servers:
  one: { rpcDynamicPorts: 6000-6001, roles: { wsus-server: { httpsPort: 1 } } }
`);
  });

  it('ends every region with a bare cmtopo-enable', () => {
    expectFindings(`configmgr: 2017-09
# cmtopo-disable wsus-port-pair
# cmtopo-disable rpc-range-small
servers:
  one: { rpcDynamicPorts: 6000-6001, roles: { wsus-server: { httpsPort: 1 } } }
  # cmtopo-enable
  # want wsus-port-pair rpc-range-small
  two: { rpcDynamicPorts: 6000-6001, roles: { wsus-server: { httpsPort: 1 } } }
`);
  });

  it('takes text inside a string for text', () => {
    expectFindings(`configmgr: 2017-09
name: "# cmtopo-disable wsus-port-pair"
description: |
  # cmtopo-disable-next-line nothing
servers:
  # want wsus-port-pair
  one: { roles: { wsus-server: { httpsPort: 1 } } }
`);
  });

  it('does not silence another rule on the same line', () => {
    expectFindings(`configmgr: 2017-09
servers:
  # cmtopo-disable-next-line rpc-range-small
  # want wsus-port-pair
  one: { rpcDynamicPorts: 6000-6001, roles: { wsus-server: { httpsPort: 1 } } }
`);
  });
});

describe('comments that name no rule, or silence nothing', () => {
  it('reports each unknown code of a comment, with the one that was meant', () => {
    expectFindings(`configmgr: 2017-09
# want unknown-suppression "did you mean sql-browser?" unknown-suppression "no rule nonsense"
# cmtopo-disable-line sql-brouser, nonsense
`);
  });

  it('reports a misspelt comment', () => {
    expectFindings(`configmgr: 2017-09
# want unknown-suppression "did you mean cmtopo-disable-next-line?"
# cmtopo-disable-nextline sql-browser
`);
  });

  it('counts a finding for each of two comments that silence it', () => {
    expectFindings(
      wsus(`      # cmtopo-disable-next-line wsus-port-pair\n${BAD} # cmtopo-disable-line wsus-port-pair`),
    );
  });

  it('says nothing about a comment for a rule that is turned off', () => {
    const text = wsus(`      # cmtopo-disable-next-line wsus-port-pair\n${BAD}`);
    expectFindings(text, { settings: { rules: { 'wsus-port-pair': 'off' } } });
  });

  it('keeps a comment whose line cannot be read, and removes none by itself while the file has errors', () => {
    const text = wsus(
      '      # cmtopo-disable-next-line wsus-port-pair\n      wsus-server: { httpPort: 8530, httpsPort: eight }',
    );
    expectFindings(text.replace('eight }', 'eight } # want wrong-type'));
    const other = text
      .replace('eight', '8531')
      .replace('    roles:', '    fqnd: a.b # cmtopo-disable-line sql-browser\n    roles:');
    assert.deepEqual(
      analyse(other)
        .findings()
        .map(({ code, fixes = [] }) => `${code} ${fixes.map(({ safe }) => safe)}`),
      ['unknown-key true', 'unused-suppression false'],
    );
    // The key is mended first; then nothing speaks for the comments any more.
    assert.ok(!fixAll(other).includes('cmtopo'));
  });

  it('can be silenced itself', () => {
    expectFindings(`configmgr: 2017-09
# cmtopo-disable unused-suppression
# cmtopo-disable-line sql-browser
`);
  });

  it('removes one code and keeps the others with the reason', () => {
    const text = wsus(
      `      # cmtopo-disable-next-line sql-browser, wsus-port-pair, rpc-range-os -- until March\n${BAD}`,
    );
    assert.equal(
      fixAll(text),
      wsus(`      # cmtopo-disable-next-line wsus-port-pair -- until March\n${BAD}`),
    );
  });

  it('removes a comment that is alone with its line, one at the end of a line without it, in CRLF too', () => {
    const text =
      'configmgr: 2017-09\r\n# cmtopo-disable-line sql-browser\r\nname: A # cmtopo-disable-line sql-browser\r\n';
    assert.equal(fixAll(text), 'configmgr: 2017-09\r\nname: A\r\n');
    assert.equal(fixAll('configmgr: 2017-09\n# cmtopo-enable sql-browser'), 'configmgr: 2017-09');
  });

  it('removes exactly what the fix of one finding says', () => {
    const text = 'configmgr: 2017-09\n# cmtopo-disable-line nonsense, rubbish\n';
    const [first, second] = analyse(text).findings();
    assert.equal(
      applyEdits(text, first?.fixes?.[0]?.edits ?? []),
      'configmgr: 2017-09\n# cmtopo-disable-line rubbish\n',
    );
    assert.equal(
      applyEdits(text, second?.fixes?.[0]?.edits ?? []),
      'configmgr: 2017-09\n# cmtopo-disable-line nonsense\n',
    );
  });
});
