import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const CONTOSO = join('test', 'inventory', 'contoso');
const read = (name: string) => readFileSync(join(CONTOSO, name), 'utf8');

describe('cmtopo diff FILE --from EXPORT', () => {
  let folder = '';
  before(() => {
    folder = folderWith({
      'site.topology.yaml': read('contoso.topology.yaml'),
      'old.topology.yaml': read('contoso.topology.yaml').replace('        pxe: true\n', ''),
      'roles.json': read('roles.json'),
      'sites.json': read('sites.json'),
      'cut.json': '[',
    });
  });
  after(() => removeFolder(folder));
  const run = (...args: readonly string[]) => cmtopo(['diff', ...args], { cwd: folder });

  it('says that both say the same, and ends with 0 also with --exit-code', () => {
    for (const args of [
      ['site.topology.yaml', '--from', 'roles.json', 'sites.json'],
      ['--from', 'roles.json', '--from', 'sites.json', 'site.topology.yaml'],
      ['--from', 'roles.json', 'site.topology.yaml', 'sites.json'],
    ]) {
      const { status, out, err } = run(...args, '--exit-code');
      assert.deepEqual(
        { status, err, out },
        { status: 0, err: '', out: 'The file and the exports say the same.\n' },
      );
    }
  });

  it('prints the differences with their places, and with --exit-code ends with 1', () => {
    const args = ['old.topology.yaml', '--from', 'roles.json', 'sites.json'];
    const { status, out } = run(...args);
    assert.equal(status, 0);
    assert.match(
      out,
      /^Roles\n {2}~ {2}dp01 {2}distribution-point pxe {2}file: false, site: true {2}\(line \d+; roles\.json, entry \d+\)\n\n1 difference: 0 only at the site, 0 only in the file, 1 of values\.\n$/,
    );
    assert.equal(run(...args, '--exit-code').status, 1);
    const csv = run(...args, '--format', 'csv').out.split('\r\n');
    assert.equal(csv.length, 3);
    assert.match(
      csv[1] ?? '',
      /^different,role,dp01,distribution-point,pxe,false,true,\d+,"roles\.json, entry \d+"$/,
    );
    assert.match(
      run(...args, '--format', 'markdown').out,
      /\| `dp01` \| distribution-point pxe \| `false` \| `true` \|/,
    );
    const { differences } = JSON.parse(run(...args, '--format', 'json').out) as {
      differences: { line: number }[];
    };
    const lines = read('contoso.topology.yaml').replace('        pxe: true\n', '').split('\n');
    assert.match(lines[differences[0]?.line ?? 0] ?? '', /distribution-point:/);
  });

  it('names what it cannot read, and is wrong use without a file', () => {
    const { status, err } = run('site.topology.yaml', '--from', 'cut.json');
    assert.equal(status, 2);
    assert.match(err, /^cmtopo: cut\.json: it begins like JSON but is not valid JSON \(line 1, character 2/);
    assert.equal(run('--from', 'roles.json').status, 2);
    assert.equal(run('site.topology.yaml').status, 2);
  });
});
