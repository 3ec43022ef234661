import assert from 'node:assert/strict';
import { cmtopo } from './cli.ts';

const EXAMPLE = 'examples/branches.topology.yaml';

function rows(...args: readonly string[]): readonly string[] {
  const { status, out } = cmtopo(['export', EXAMPLE, '--format', 'csv', ...args]);
  assert.equal(status, 0);
  return out.trimEnd().split('\r\n').slice(1);
}

describe('cmtopo export', () => {
  it('leaves out what --without names, and nothing else', () => {
    const all = rows();
    const isInstallation = (row: string) => row.includes(',installation,');
    const isWindows = (row: string) => row.includes(',windows,');
    assert.ok(all.some(isInstallation) && all.some(isWindows));
    assert.deepEqual(
      rows('--without', 'installation,windows'),
      all.filter((row) => !isInstallation(row) && !isWindows(row)),
    );
    assert.deepEqual(
      rows('--without', 'installation', '--without', 'windows'),
      rows('--without', 'windows,installation'),
    );
    const needed = rows('--without', 'optional');
    assert.ok(needed.length < all.length && needed.every((row) => all.includes(row)));
  });

  it('says in the head of the output what was left out', () => {
    const { out } = cmtopo(['export', EXAMPLE, '--format', 'nftables', '--without', 'optional']);
    assert.match(out, /^# Without optional:/m);
  });

  it('refuses a word that --without does not know, and says which there are', () => {
    const { status, out, err } = cmtopo(['export', EXAMPLE, '--format', 'csv', '--without', 'windows,dns']);
    assert.equal(status, 2);
    assert.equal(out, '');
    assert.match(err, /--without dns: not one of optional, installation, windows/);
  });
});
