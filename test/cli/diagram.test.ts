import assert from 'node:assert/strict';
import { join } from 'node:path';
import { generateTopology } from '../bench/generate.ts';
import { cmtopo, folderWith, GOOD, ONE_ERROR, removeFolder } from './cli.ts';

const HIERARCHY = join('examples', 'hierarchy.topology.yaml');

describe('cmtopo diagram', () => {
  it('prints an SVG file, the same bytes every time', () => {
    const first = cmtopo(['diagram', HIERARCHY]);
    assert.equal(first.status, 0);
    assert.equal(first.err, '');
    assert.match(first.out, /^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg"[^>]*role="img">/);
    assert.match(first.out, /<\/svg>\n$/);
    for (const name of ['cm01', 'branch-desktops', 'S01, secondary site', 'edge'])
      assert.ok(first.out.includes(`>${name}</text>`), name);
    assert.equal(cmtopo(['diagram', '--format', 'svg', '--collapse', 'none', HIERARCHY]).out, first.out);
  });

  it('prints a Mermaid flowchart', () => {
    const { status, out } = cmtopo(['diagram', HIERARCHY, '--format', 'mermaid', '--collapse', 'zone']);
    assert.equal(status, 0);
    assert.match(out, /^flowchart LR\n/);
    assert.match(out, /n1\[\["hq<br\/>sites CAS, PS1, PS2<br\/>8 servers, 1 client group"\]\]/);
    assert.match(out, /n2 -->\|"tcp [^"]*<br\/>through branch-line"\| n1/);
  });

  it('goes down where a page is high', () => {
    const sizeOf = (...args: string[]) => {
      const { status, out } = cmtopo(['diagram', HIERARCHY, '--collapse', 'zone', ...args]);
      assert.equal(status, 0);
      const [, width = '', height = ''] = /width="(\d+)" height="(\d+)"/.exec(out) ?? [];
      return [Number(width), Number(height)] as const;
    };
    const [wide, low] = sizeOf('--direction', 'right');
    const [narrow, high] = sizeOf('--direction', 'down');
    assert.deepEqual(sizeOf(), [wide, low]);
    assert.ok(wide > 2 * low && wide / low > 2 * (narrow / high), `${[wide, low]}, ${[narrow, high]}`);
    const { out } = cmtopo(['diagram', HIERARCHY, '--format', 'mermaid', '--direction', 'down']);
    assert.match(out, /^flowchart TB\n/);
  });

  it('lists what is in a box as its reader lists things', () => {
    const { out } = cmtopo(['diagram', HIERARCHY, '--collapse', 'zone', '--locale', 'zh-tw']);
    assert.ok(out.includes('>8 部伺服器、1 個用戶端群組</text>'));
  });

  it('draws 300 servers in seconds, as boxes', function () {
    this.timeout(30_000);
    const folder = folderWith({ 'large.topology.yaml': generateTopology(3000) });
    try {
      const begun = Date.now();
      const { status, out } = cmtopo(['diagram', 'large.topology.yaml'], { cwd: folder });
      const seconds = (Date.now() - begun) / 1000;
      assert.equal(status, 0);
      assert.ok(seconds < 10, `took ${seconds} s`);
      const boxes = out.match(/<g class="node /g)?.length ?? 0;
      assert.ok(boxes > 10 && boxes < 80, `${boxes} boxes`);
    } finally {
      removeFolder(folder);
    }
  });

  it('draws what it can of a file with errors, and says that there are some', () => {
    const { status, out, err } = cmtopo(['diagram', '-'], { input: ONE_ERROR });
    assert.equal(status, 0);
    assert.match(out, />cm01<\/text>/);
    assert.match(err, /^cmtopo: - has 1 error; /);
  });

  it('says what is wrong with the command line', () => {
    assert.deepEqual(cmtopo(['diagram', '-', '--collapse', 'sites'], { input: GOOD }), {
      status: 2,
      out: '',
      err: 'cmtopo: --collapse sites: not one of auto, none, site, zone; did you mean site?\n',
    });
    assert.equal(cmtopo(['diagram']).status, 2);
  });
});
