import assert from 'node:assert/strict';
import fc from 'fast-check';
import { fillChinese, fillKorean } from './l10n-fill.ts';

describe('A Korean message', () => {
  it('takes the particle that follows the sound of its argument', () => {
    const all = (word: string) => fillKorean("{0}은(는) '{0}'이(가) {0}을(를) {0}과(와) {0}(으)로", [word]);
    assert.equal(all('서버'), "서버는 '서버'가 서버를 서버와 서버로");
    assert.equal(all('목록'), "목록은 '목록'이 목록을 목록과 목록으로");
    assert.equal(all('규칙 8'), "규칙 8은 '규칙 8'이 규칙 8을 규칙 8과 규칙 8로");
    assert.equal(all('2017-09'), "2017-09는 '2017-09'가 2017-09를 2017-09와 2017-09로");
    assert.equal(all('교실'), "교실은 '교실'이 교실을 교실과 교실로");
  });

  it('keeps both forms behind letters that may be spoken either way', () => {
    assert.equal(fillKorean('{0}을(를) {1}(으)로', ['sql01x', '']), 'sql01x을(를) (으)로');
  });

  it('does not touch what is in an argument', () => {
    assert.equal(fillKorean('{0} {1}', ['을(를) {1}', 'b']), '을(를) {1} b');
  });
});

describe('A Chinese message', () => {
  it('has a blank where it meets another script, and none between its own signs', () => {
    assert.equal(fillChinese('{0} 沒有索引鍵', ['檔案']), '檔案沒有索引鍵');
    assert.equal(fillChinese('{0} 或 {1}', ['伺服器', '用戶端群組']), '伺服器或用戶端群組');
    assert.equal(fillChinese('{0} 或 {1}', ["'a'", "'b'"]), "'a' 或 'b'");
    assert.equal(
      fillChinese('執行個體 {0} 的{1}', ['CM', 'Service Broker 連接埠']),
      '執行個體 CM 的 Service Broker 連接埠',
    );
    assert.equal(fillChinese('；{0} 為預設值', ['8530']), '；8530 為預設值');
    assert.equal(fillChinese(' (預設{0})', ['']), ' (預設)');
  });

  it('does not touch what is in an argument', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, unit: fc.constantFrom('台', '北', ' ', 'A', '1', '{0}') }),
        (name) => {
          assert.ok(fillChinese('({0})', [name]).includes(name));
        },
      ),
    );
  });
});
