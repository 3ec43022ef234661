// Run by VS Code as if it were the tests of an extension: how long the extension takes to be active, its code read from
// the disk and registered, beside starts of Node with an empty script on the same machine at the same time. Writes both,
// in milliseconds, as JSON into the file that CMTOPO_BENCH names.
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import * as vscode from 'vscode';

/** How many starts of Node there are, of which the median counts. */
const STARTS = 5;
/** So long VS Code goes on starting, in milliseconds. */
const PAUSE = 5000;

function timeOf(work: () => void): number {
  const begun = performance.now();
  work();
  return performance.now() - begun;
}

/** Called by VS Code. */
export async function run(): Promise<void> {
  const { CMTOPO_BENCH: file = '', CMTOPO_BENCH_EMPTY: empty = '' } = process.env;
  const extension = vscode.extensions.getExtension('configmgr-topology.configmgr-topology');
  if (extension === undefined || extension.isActive)
    throw new Error('The extension is missing, or active already.');
  await new Promise((resolve) => setTimeout(resolve, PAUSE));
  const nodes = Array.from({ length: STARTS }, () => timeOf(() => spawnSync('node', [empty])));
  const begun = performance.now();
  await extension.activate();
  const activation = performance.now() - begun;
  const node = nodes.toSorted((a, b) => a - b)[STARTS >> 1];
  writeFileSync(file, JSON.stringify({ activation, node }));
}
