import assert from 'node:assert/strict';
import { EDITIONS } from '../catalog/types.ts';
import { documents } from './documents.ts';
import { ruleOf, rules } from './index.ts';
import { erratumText, whyInSettings, whyOf } from './why.ts';

function rule(code: string) {
  const found = ruleOf(code);
  assert.ok(found, code);
  return found;
}

describe('why a finding matters', () => {
  it('is one plain sentence for every rule, which fits a hover and a terminal', () => {
    for (const { code, reason, summary } of rules) {
      assert.match(reason, /^[A-Z].*[^.]\.$/, code);
      assert.doesNotMatch(reason, /[`*_<>[\]\n]|\.\s/, `${code}: one sentence without markup`);
      assert.ok(reason.length <= 160, `${code}: ${reason.length} characters`);
      assert.notEqual(reason, summary, code);
    }
    assert.equal(
      new Set(rules.map(({ reason }) => reason)).size,
      rules.length,
      'two rules give the same reason',
    );
  });

  it('names a document and its section in every edition', () => {
    for (const each of rules)
      for (const edition of [...EDITIONS, undefined]) {
        const { sources } = whyOf(each, edition);
        assert.ok(sources.length > 0, `${each.code} ${edition}`);
        for (const { text, url } of sources) {
          assert.match(text, /, section ./, each.code);
          assert.ok(
            url?.startsWith('http') || url?.startsWith('../topology-format.md#'),
            `${each.code}: ${url}`,
          );
        }
      }
  });

  it('comes from the section that speaks of the file’s own edition', () => {
    const of = (edition: '2017-09' | '2025-12') =>
      whyOf(rule('rpc-range-unset'), edition).sources.map(({ url }) => url);
    assert.deepEqual(of('2017-09'), [`${documents.ports?.url}#BKMY_PortNotes`]);
    assert.deepEqual(of('2025-12'), [`${documents.ports?.url}#bkmk_note6`]);
  });

  it('tells where the documents disagree, what is followed and why, in the editions that do', () => {
    const [erratum] = whyOf(rule('wsus-port-pair'), '2017-09').errata;
    assert.ok(erratum);
    assert.match(erratumText(erratum), /exactly one higher.*Followed: HTTPS is HTTP plus one/s);
    assert.deepEqual(whyOf(rule('wsus-port-pair'), '2007').errata, []);
    assert.deepEqual(whyOf(rule('wsus-port-pair'), undefined).errata, []);
    for (const code of ['sql-browser', 'sql-load-balancer'])
      assert.ok(whyOf(rule(code), '2025-12').errata.length > 0, code);
  });

  it('of a settings file points to its own section of the format', () => {
    assert.equal(whyInSettings(rule('unknown-key')).sources[0]?.url, '../topology-format.md#settings-file');
  });
});
