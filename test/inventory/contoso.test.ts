// A hierarchy of four sites as its exports, in every form, and the file that comes of them. After a wanted change:
//   npm run build -- --tests && CMTOPO_UPDATE_GOLDEN=1 npx mocha out/test/inventory/contoso.test.js
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { analyse } from '../../server/src/analysis.ts';
import { draftOf, hierarchyText } from '../../server/src/inventory/index.ts';
import type { ExportFile } from '../../server/src/inventory/rows.ts';
import { showFindings } from '../support/rules.ts';

const FOLDER = join('test', 'inventory', 'contoso');
const GOLDEN = join(FOLDER, 'contoso.topology.yaml');

const read = (name: string): ExportFile => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') });
const NAMES = readdirSync(FOLDER)
  .filter((name) => name !== 'zones.csv' && !name.endsWith('.yaml'))
  .toSorted();

describe('the exports of Contoso', () => {
  const text = hierarchyText(draftOf(NAMES.map(read), read('zones.csv')));

  it('become the file that is written down', () => {
    if (process.env.CMTOPO_UPDATE_GOLDEN) writeFileSync(GOLDEN, text);
    assert.equal(text, readFileSync(GOLDEN, 'utf8'));
  });

  it('give no finding that they do not deserve, together and each alone', () => {
    const quiet = (made: string) => assert.equal(showFindings(analyse(made)), '', made);
    quiet(text);
    quiet(hierarchyText(draftOf(NAMES.map(read))));
    for (const name of NAMES) quiet(hierarchyText(draftOf([read(name)])));
    quiet(hierarchyText(draftOf(['roles.json', 'boundary-groups.json'].map(read))));
  });

  it('keep the suppressions that say something, and no other', () => {
    // A comment that silences nothing is a finding itself; without them all, only what no export says is found.
    const bare = text.replaceAll(/^ *# cmtopo-disable-next-line.*\n/gm, '');
    assert.deepEqual(
      [
        ...new Set(
          analyse(bare)
            .findings()
            .map(({ code }) => code),
        ),
      ].toSorted(),
      ['rpc-range-unset', 'site-server-passive', 'sql-static-port'],
    );
  });

  it('say the same in whatever order they come', () => {
    const made = hierarchyText(draftOf(NAMES.toReversed().map(read), read('zones.csv')));
    assert.equal(made.replace(/^# Made by.*$/m, ''), text.replace(/^# Made by.*$/m, ''));
  });
});
