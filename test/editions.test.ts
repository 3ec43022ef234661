// Editions and versions are words that people write. Each place that offers, lists or explains them takes them from
// the one table; a new edition that one of them forgot would be refused here or unknown there.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../server/src/analysis.ts';
import {
  catalogOf,
  EDITION_TABLE,
  EDITION_WORDS,
  EDITIONS,
  KNOWN_VERSIONS,
  NEWEST_VERSION,
} from '../server/src/catalog/index.ts';
import { commandHelp } from '../server/src/cli/help.ts';
import { completion } from '../server/src/features/completion.ts';
import { readSettings } from '../server/src/settings.ts';
import { grammar } from './exports/grammars.ts';
import { CURSOR, fixture } from './support/features.ts';

const read = (file: string) => readFileSync(file, 'utf8');
const has = (text: string, word: string) => new RegExp(`(?<![\\w-])${word}(?![\\w-])`).test(text);

describe('every edition', () => {
  it('is offered where one can be written', () => {
    const { analysis, position } = fixture(`configmgr: ${CURSOR}\n`);
    const offered = completion(analysis, position, { snippets: true, asIs: true, trigger: undefined }).map(
      ({ label }) => label,
    );
    for (const word of EDITION_WORDS) assert.ok(offered.includes(word), word);
  });

  it('is in help, messages and both schemas', () => {
    const message = analyse('configmgr: 2018\n').findings()[0]?.message ?? '';
    for (const word of EDITION_WORDS) {
      for (const [where, text] of [
        ['help', commandHelp('catalog')],
        ['message', message],
        ['schema', read('schemas/topology.schema.json')],
        ['settings schema', read('schemas/settings.schema.json')],
      ] as const)
        assert.ok(has(text, word), `${where}: ${word}`);
    }
  });

  it('has its page, and its line in the documents with the number of its connections', () => {
    const table = read('docs/catalog.md').split('\n');
    const format = read('docs/topology-format.md');
    for (const { id, versions, versionsSince } of EDITION_TABLE) {
      assert.ok(read(`docs/catalog/${id}.md`).startsWith(`# Port catalog, edition ${id}\n`), id);
      assert.ok(format.includes(`| \`${id}\` |`), id);
      const line = table.find((one) => one.startsWith(`| [${id}](catalog/${id}.md) |`)) ?? '';
      const [, , , connections, of = ''] = line.split('|').map((cell) => cell.trim());
      assert.equal(connections, String(catalogOf(id).connections.length), line);
      for (const version of [versions[0], versions.at(-1), versionsSince])
        if (version !== undefined) assert.ok(has(of, version), `${id}: ${version}`);
    }
  });

  it('and every version is understood in a file and in the settings', () => {
    for (const word of [...EDITION_WORDS, ...KNOWN_VERSIONS, NEWEST_VERSION]) {
      assert.notEqual(analyse(`configmgr: ${word}\n`).topology.edition, undefined, word);
      assert.deepEqual(
        readSettings(`edition: ${word}\n`).findings.map(({ message }) => message),
        [],
        word,
      );
    }
  });

  it('is in no list but the table: no source has an array of editions', async () => {
    const parse = await grammar('typescript');
    const found: string[] = [];
    for (const folder of ['server/src', 'client/src']) {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts') || /\.(?:test|d)\.ts$/.test(name)) continue;
        const file = join(folder, name);
        for (const array of parse(read(file)).descendantsOfType('array')) {
          const words = (array?.children ?? [])
            .filter((child) => child?.type === 'string')
            .map((child) => child?.text.slice(1, -1));
          // 2007 is a product of its own, so a thing can be of that one alone.
          const editions = words.filter((word) => EDITIONS.some((edition) => edition === word));
          if (editions.some((edition) => edition !== '2007')) found.push(`${file}: ${array?.text}`);
        }
      }
    }
    assert.deepEqual(found, []);
  });
});
