// Where the code of a tool's thread is. A program of one file has another answer; scripts/packing/single.mjs gives it.
import { join } from 'node:path';

/** What `new Worker` takes: a file, or with `eval` the code itself. */
export function toolThread(): { readonly code: string | URL; readonly eval: boolean } {
  return { code: join(__dirname, 'tool-worker.js'), eval: false };
}
