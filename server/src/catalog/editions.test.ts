import assert from 'node:assert/strict';
import {
  CURRENT_BRANCH,
  EDITION_TABLE,
  EDITION_WORDS,
  EDITIONS,
  editionOf,
  editionsBetween,
  editionText,
  KNOWN_VERSIONS,
  NEWEST_EDITION,
  NEWEST_VERSION,
} from './editions.ts';
import { catalogOf } from './load.ts';

/** The contract's table, written once more. */
const VERSIONS: Readonly<Record<string, string>> = {
  1511: '2017-03',
  1602: '2017-03',
  1606: '2017-03',
  1610: '2017-03',
  1702: '2017-03',
  1706: '2017-09',
  1710: '2017-09',
  1802: '2017-09',
  1806: '2018-09',
  1810: '2018-09',
  1902: '2018-09',
  1906: '2019-11',
  1910: '2019-11',
  2002: '2020-06',
  2006: '2020-06',
  2010: '2020-06',
  2103: '2020-06',
};

describe('the table of editions', () => {
  it('gives every version the list of its time, and no other number one', () => {
    for (let year = 0; year <= 99; year++) {
      for (let month = 0; month <= 99; month++) {
        const word = `${String(year).padStart(2, '0')}${String(month).padStart(2, '0')}`;
        const isLate = Number(word) >= 2107 && month >= 1 && month <= 12;
        const expected = VERSIONS[Number(word)] ?? (isLate ? '2025-12' : undefined);
        if (word !== '2007') assert.equal(editionOf(word), expected, word);
      }
    }
    assert.deepEqual(
      KNOWN_VERSIONS.filter((version) => version !== '2107'),
      Object.keys(VERSIONS),
    );
  });

  it('takes 2007 for Configuration Manager 2007 and never for a version', () => {
    assert.equal(editionOf('2007'), '2007');
    assert.ok(!KNOWN_VERSIONS.includes('2007'));
  });

  it('knows editions, versions and current-branch, and nothing else', () => {
    for (const edition of EDITIONS) assert.equal(editionOf(edition), edition);
    assert.equal(editionOf(CURRENT_BRANCH), NEWEST_EDITION);
    assert.equal(editionOf('2403'), '2025-12');
    for (const word of [
      '',
      '1709',
      '2004',
      '2413',
      '2400',
      '24',
      '24030',
      ' 2403',
      '2403 ',
      '2018',
      'current',
    ])
      assert.equal(editionOf(word), undefined, word);
  });

  it('names a version together with its list, and an edition alone', () => {
    assert.equal(editionText('2025-12', '2403'), '2403, port list 2025-12');
    assert.equal(editionText('2018-09', '1902'), '1902, port list 2018-09');
    for (const written of ['2025-12', 'current-branch', undefined])
      assert.equal(editionText('2025-12', written), '2025-12');
    assert.equal(editionText('2007', '2007'), '2007');
  });

  it('is in order of time, and the newest edition has the versions to come', () => {
    const dates = EDITION_TABLE.map(({ date }) => date);
    assert.deepEqual([...dates].sort(), dates);
    assert.deepEqual(
      EDITION_TABLE.filter(({ versionsSince }) => versionsSince !== undefined).map(({ id }) => id),
      [NEWEST_EDITION],
    );
    assert.equal(EDITION_TABLE.at(-1)?.id, NEWEST_EDITION);
    assert.equal(editionOf(NEWEST_VERSION), NEWEST_EDITION);
    assert.deepEqual(EDITION_WORDS, [...EDITIONS, 'current-branch']);
    assert.deepEqual(editionsBetween('2018-09', '2019-11'), ['2018-09', '2019-11']);
  });

  it('names every document that a source of the edition can name', () => {
    for (const { id, documents } of EDITION_TABLE) {
      const catalog = catalogOf(id);
      for (const { document } of [...catalog.connections, ...catalog.supplements])
        assert.ok(catalog.documents.has(document), `${id}: ${document}`);
      assert.deepEqual(catalog.document, documents.ports);
      assert.equal(catalog.clientDocument === undefined, id === '2007');
      assert.equal(catalog.requestPortDocument === undefined, id === '2007');
    }
  });
});
