import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';

describe('the generated files', () => {
  it('say what the program says: schemas, key tables and rule pages are up to date', function () {
    this.timeout(60_000);
    const run = spawnSync(process.execPath, ['scripts/generate.mjs', '--check'], { encoding: 'utf8' });
    assert.equal(run.status, 0, `${run.stdout}${run.stderr}`);
  });
});
