import assert from 'node:assert/strict';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { type Analysis, analyse } from './analysis.ts';

const FILE = `configmgr: 2017-09
sites:
  PS1: { type: primary, database: { server: sql01 } }
zones:
  hq: { networks: [10.0.0.0/16] }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server:, management-point: } }
  sql01:
    zone: hq
    description: x
    roles: { sql-server: }
`;

/** Has the engine collect what was made lately and is not in use, as it does every few keystrokes. */
function quickCollection(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('globalThis.gc') as (options: { type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect({ type: 'minor' });
}

describe('What is typed over', () => {
  it('goes with the next quick collection, in a description', () => {
    const collect = quickCollection();
    const place = FILE.indexOf('description: x') + 'description: x'.length;
    const EDITS = 40;
    const BYTES = 2 ** 20;
    let analysis: Analysis | undefined;
    collect();
    const before = process.memoryUsage().arrayBuffers;
    for (let edit = 0; edit < EDITS; edit++) {
      const text = FILE.slice(0, place) + 'y'.repeat(edit) + FILE.slice(place);
      analysis = analyse(text, undefined, analysis);
      analysis.findings();
      // A buffer is counted for as long as the tree is held that it is tied to.
      Object.defineProperty(analysis.tree, 'buffer', { value: new ArrayBuffer(BYTES) });
    }
    collect();
    collect();
    const held = (process.memoryUsage().arrayBuffers - before) / BYTES;
    assert.ok(held < EDITS / 2, `${held.toFixed(0)} of ${EDITS} versions are held`);
  });
});
