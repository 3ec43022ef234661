import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IMPORT_HIERARCHY, type ImportHierarchyResult } from '../../server/src/lsp/requests.ts';
import { eachWithSession, type Session } from './session.ts';

const FOLDER = join('test', 'inventory', 'contoso');

describe('a hierarchy imported in an editor', function () {
  this.timeout(60_000);
  let session: Session;
  eachWithSession((made) => {
    session = made;
  });
  const importHierarchy = async (files: Readonly<Record<string, Buffer>>): Promise<ImportHierarchyResult> => {
    const { connection } = await session.connect();
    return connection.sendRequest<ImportHierarchyResult>(IMPORT_HIERARCHY, {
      files: Object.entries(files).map(([name, bytes]) => ({ name, content: bytes.toString('base64') })),
    });
  };

  it('is that of the command line: exports in UTF-8 and UTF-16, and a table of zones among them', async () => {
    const read = (name: string) => readFileSync(join(FOLDER, name));
    const utf16 = (bytes: Buffer) => Buffer.from(`\uFEFF${bytes.toString('utf8')}`, 'utf16le');
    const result = await importHierarchy({
      'roles.json': utf16(read('roles.json')),
      'sites.json': read('sites.json'),
      'boundaries.csv': read('boundaries.csv'),
      'zones.csv': read('zones.csv'),
    });
    assert.ok('text' in result);
    assert.equal(result.open, 1);
    assert.match(
      result.text,
      /^# Made by cmtopo init from roles\.json, sites\.json, boundaries\.csv, zones\.csv\.$/m,
    );
    assert.match(result.text, /^# - 8 boundaries without a boundary group/m);
    assert.match(result.text, /^ {2}mp01:\n {4}site: PS1\n/m);
  });

  it('is a sentence that names the file where one cannot be read', async () => {
    const cases: readonly (readonly [string, Buffer, RegExp])[] = [
      [
        'cut.json',
        Buffer.from('[{'),
        /^cut\.json: it begins like JSON but is not valid JSON \(line 1, character 3/,
      ],
      ['empty.csv', Buffer.from(''), /^empty\.csv: it is empty/],
      ['picture.png', Buffer.from([0x89, 0x50, 0, 0xff]), /^picture\.png: not a text file/],
    ];
    for (const [name, bytes, message] of cases) {
      const result = await importHierarchy({ [name]: bytes });
      assert.ok('problem' in result);
      assert.match(result.problem, message);
    }
  });
});
