// NOTICE.md names every document that the facts are from.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { catalogOf, EDITIONS } from '../../server/src/catalog/index.ts';
import { documents as ofRules } from '../../server/src/rules/documents.ts';

describe('NOTICE.md', () => {
  const lines = readFileSync('NOTICE.md', 'utf8').split('\n');

  it('has each document of the catalog, with its date', () => {
    const dated = EDITIONS.flatMap((edition) => [...catalogOf(edition).documents.values()]);
    assert.ok(dated.length > 20);
    for (const { url, date } of dated)
      assert.ok(
        lines.some((line) => line.includes(`(${url})`) && (line.includes(date) || date === '2007')),
        `${url} of ${date}`,
      );
  });

  it('has each document that a rule follows', () => {
    const urls = Object.values(ofRules).flatMap(({ url }) => (url.startsWith('http') ? [url] : []));
    assert.ok(urls.length > 10);
    const missing = urls.filter((url) => !lines.some((line) => line.includes(`(${url})`)));
    assert.deepEqual(missing, []);
  });
});
