// What people have of a hierarchy as a topology: exports of Configuration Manager, and tables.
import type { Draft } from './draft.ts';
import { gather } from './gather.ts';
import { readExports } from './read.ts';
import type { ExportFile } from './rows.ts';
import { withReasons } from './untold.ts';
import { draftText } from './write.ts';
import { readZones } from './zones.ts';

/**
 * What some files say of a hierarchy. Throws {@link ExportError} for a file that cannot be used.
 * @param zones `zone,network` as CSV
 */
export function draftOf(files: readonly ExportFile[], zones?: ExportFile): Draft {
  const names = files.map(({ name }) => name);
  return gather(readExports(files), names, zones === undefined ? [] : readZones(zones));
}

/** A topology of it, without findings that come of what no export says. */
export function hierarchyText(draft: Draft): string {
  return withReasons(draftText(draft), draft);
}
