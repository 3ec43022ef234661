// Random files through the built program: it says what is wrong and ends, whatever a file holds.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { readers } from '../../server/src/imports/index.ts';
import { cmtopo, folderWith, removeFolder } from '../cli/cli.ts';
import { anyBytes, edit, edited, endsWell, TIMES, topology } from './draw.ts';

/** The files of a folder and their bytes. */
function bytesOf(folder: string): Map<string, string> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name), 'latin1')]));
}

/** Files that an import reads: what the tests keep of each format. */
const SOURCES = [
  ...filesIn('test/golden/imports'),
  ...['child.json', 'comment.json', 'portal.json', 'ov.csv', 'neg.json', 'fw.reg'].map(
    (name) => `test/cases/${name}`,
  ),
].map((path) => readFileSync(path, 'utf8'));

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe('random files through the program', () => {
  let folder: string;
  afterEach(() => removeFolder(folder));

  it('are checked, fixed and formatted: no crash, a second time changes nothing, what cannot be read stays', () => {
    fc.assert(
      fc.property(fc.array(anyBytes, { minLength: 20, maxLength: 30 }), (all) => {
        folder = folderWith(Object.fromEntries(all.map((bytes, index) => [`${index}.topology.yaml`, bytes])));
        const run = (...args: string[]) => {
          const outcome = cmtopo(args, { cwd: folder });
          endsWell(outcome, args.join(' '));
          return outcome;
        };
        const { out } = run('check', '--format', 'json');
        assert.ok(JSON.parse(out).files.length > 0);
        for (const change of [
          ['check', '--fix'],
          ['format', '.'],
        ]) {
          run(...change);
          const once = bytesOf(folder);
          assert.equal(once.size, all.length, 'no file is lost or left behind');
          run(...change);
          assert.deepEqual(bytesOf(folder), once, `${change.join(' ')}, twice`);
        }
        removeFolder(folder);
      }),
      { numRuns: TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);

  it('are exported, drawn, explained and reported, or refused in a line', () => {
    const formats = Object.keys(exporters);
    fc.assert(
      fc.property(
        anyBytes,
        topology,
        fc.constantFrom(...formats),
        fc.nat(),
        (bytes, other, format, which) => {
          folder = folderWith({ 'a.topology.yaml': bytes, 'b.topology.yaml': other });
          const commands = [
            ['export', '--format', format, 'a.topology.yaml'],
            ['export', '--format', format, 'b.topology.yaml'],
            ['flows', 'a.topology.yaml'],
            ['diagram', 'b.topology.yaml'],
            ['report', 'b.topology.yaml'],
            ['diff', 'a.topology.yaml', 'b.topology.yaml'],
            ['explain', 'b.topology.yaml', 'cm01', 'any'],
          ];
          const args = commands[which % commands.length] ?? [];
          endsWell(cmtopo(args, { cwd: folder }), args.join(' '));
          removeFolder(folder);
        },
      ),
      { numRuns: 16 * TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);

  it('are imported, damaged configurations of firewalls among them, or refused in a line', () => {
    const damaged = fc
      .tuple(fc.constantFrom(...SOURCES), fc.array(edit, { maxLength: 6 }))
      .map(([text, edits]) => edits.reduce(edited, text));
    const format = fc.constantFrom(undefined, undefined, ...Object.keys(readers));
    fc.assert(
      fc.property(fc.oneof(damaged, damaged, damaged, anyBytes), format, (source, word) => {
        folder = folderWith({ source });
        const asked = ['import', 'source', '--direction', 'in', ...(word ? ['--format', word] : [])];
        endsWell(cmtopo(asked, { cwd: folder }), asked.join(' '));
        removeFolder(folder);
      }),
      { numRuns: 16 * TIMES, endOnFailure: true },
    );
  }).timeout(60_000 * TIMES);
});
