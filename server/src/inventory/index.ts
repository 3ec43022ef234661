// What people have of a hierarchy as a topology: exports of Configuration Manager, and tables.
import { t } from '../l10n.ts';
import type { Draft } from './draft.ts';
import { gather } from './gather.ts';
import { readExports } from './read.ts';
import { type ExportFile, exportError } from './rows.ts';
import { withReasons } from './untold.ts';
import { draftText } from './write.ts';
import { isZones, joinedZones, readZones } from './zones.ts';

/**
 * What some files say of a hierarchy. Throws {@link ExportError} for a file that cannot be used.
 * @param zones `zone,network` as CSV; such a table may also be among the files
 */
export function draftOf(files: readonly ExportFile[], zones?: ExportFile): Draft {
  const tables = [...files.filter(isZones), ...(zones === undefined ? [] : [zones])];
  const exports = files.filter((file) => !isZones(file));
  const [first] = files;
  if (exports.length === 0 && first !== undefined)
    throw exportError(
      first.name,
      t('it has only zones; add an export of Configuration Manager, see {0}', 'docs/init.md'),
    );
  const names = files.map(({ name }) => name);
  return gather(readExports(exports), names, joinedZones(tables.flatMap(readZones)));
}

/** A topology of it, without findings that come of what no export says. */
export function hierarchyText(draft: Draft): string {
  return withReasons(draftText(draft), draft);
}
