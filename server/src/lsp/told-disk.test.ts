import assert from 'node:assert/strict';
import { toldDisk } from './told-disk.ts';

const web = 'vscode-vfs://github/contoso/hierarchy';

describe('files that the editor tells of', () => {
  it('finds the nearest settings file, and forgets it when it is gone', () => {
    const disk = toldDisk();
    disk.take([
      { uri: `${web}/.cmtopo.yaml`, text: '\uFEFFrules: {}\n' },
      { uri: `${web}/eu/.cmtopo.yaml`, text: 'edition: 2017-09\n' },
    ]);
    assert.deepEqual(disk.nearestSettings(`${web}/eu/de/a.topology.yaml`), {
      uri: `${web}/eu/.cmtopo.yaml`,
      text: 'edition: 2017-09\n',
    });
    assert.equal(disk.nearestSettings(`${web}/us/a.topology.yaml`)?.text, 'rules: {}\n');
    disk.take([{ uri: `${web}/eu/.cmtopo.yaml`, text: null }]);
    assert.equal(disk.nearestSettings(`${web}/eu/de/a.topology.yaml`)?.uri, `${web}/.cmtopo.yaml`);
    assert.equal(disk.nearestSettings('untitled:Untitled-1'), undefined);
    assert.equal(disk.nearestSettings('vscode-vfs://github/contoso/other/a.topology.yaml'), undefined);
  });

  it('lists the topology files of the folders that are open and of no others', () => {
    const disk = toldDisk();
    disk.take([
      { uri: `${web}/b.topology.yaml`, text: '' },
      { uri: `${web}/a.topology.yaml`, text: '' },
      { uri: `${web}/.cmtopo.yaml`, text: '' },
      { uri: `${web}-old/c.topology.yaml`, text: '' },
    ]);
    assert.deepEqual(disk.topologyFiles([web]), [`${web}/a.topology.yaml`, `${web}/b.topology.yaml`]);
  });

  it('marks a changed file, so that its findings are made again', async () => {
    const disk = toldDisk();
    const uri = `${web}/a.topology.yaml`;
    assert.equal(await disk.mark(uri), undefined);
    disk.take([{ uri, text: 'a' }]);
    const before = await disk.mark(uri);
    disk.take([{ uri, text: 'b' }]);
    assert.notEqual(await disk.mark(uri), before);
    assert.deepEqual(disk.read(uri), { text: 'b' });
    assert.ok('problem' in disk.read(`${web}/none.topology.yaml`));
  });

  it('puts new settings beside the document, and nowhere for an unsaved one', () => {
    const disk = toldDisk();
    assert.equal(disk.newSettings(`${web}/a.topology.yaml`), `${web}/.cmtopo.yaml`);
    assert.equal(disk.newSettings('untitled:Untitled-1'), undefined);
  });

  it('leads to the rules’ pages once it knows where they are', () => {
    const disk = toldDisk();
    assert.equal(disk.rulePage('wsus-port-pair'), undefined);
    disk.setPages('https://host/extension/docs/rules');
    assert.equal(disk.rulePage('wsus-port-pair'), 'https://host/extension/docs/rules/wsus-port-pair.md');
  });
});
