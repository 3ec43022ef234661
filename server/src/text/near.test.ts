import assert from 'node:assert/strict';
import { editDistance, nearestWord, nearWords } from './near.ts';

describe('the word that was meant', () => {
  it('counts inserted, lost, replaced and swapped letters', () => {
    for (const [a, b, edits] of [
      ['', '', 0],
      ['port', 'port', 0],
      ['prt', 'port', 1],
      ['portt', 'port', 1],
      ['pirt', 'port', 1],
      ['prot', 'port', 1],
      ['kitten', 'sitting', 3],
    ] as const) {
      assert.equal(editDistance(a, b), edits, `${a} ${b}`);
      assert.equal(editDistance(b, a), edits, `${b} ${a}`);
    }
  });

  it('stops counting at the limit', () => {
    assert.equal(editDistance('abcdefgh', 'xyz', 2), 3);
    assert.equal(editDistance('abcd', 'wxyz', 2), 3);
  });

  it('gives the nearest first, whatever the case of letters', () => {
    assert.deepEqual(nearWords('HTPPORT', ['httpsPort', 'httpPort', 'site']), ['httpPort', 'httpsPort']);
    assert.deepEqual(nearWords('server-2023', ['server-2003', 'server-2022', 'server-2025']), [
      'server-2022',
      'server-2025',
      'server-2003',
    ]);
    assert.equal(nearestWord('sql-brouser', ['sql-edition', 'sql-browser']), 'sql-browser');
  });

  it('does not guess where nothing is near, nor for a short word of other letters', () => {
    assert.equal(nearestWord('firewall', ['site', 'zone']), undefined);
    assert.deepEqual(nearWords('PS1', ['CAS', 'PS2', 'XS2']), ['PS2']);
  });
});
