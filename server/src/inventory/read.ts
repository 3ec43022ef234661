// Exports of Configuration Manager, told apart by their content.
import { t } from '../l10n.ts';
import { isBoundaryRow, readBoundaryRow } from './boundary-rows.ts';
import { type Facts, factPlaceText, newFacts } from './facts.ts';
import { isTableRow, readTableRow, TABLE_COLUMNS } from './plain-table.ts';
import { type ExportFile, type ExportRow, exportError, isFirstPage, rowsOf } from './rows.ts';
import { isSetupFile, readSetupFile } from './setup-file.ts';
import { isComponent, isSite, readComponent, readSiteRow } from './site-rows.ts';
import { isListedSystem, readListedSystem } from './system-list.ts';
import {
  isDistributionPoint,
  isSystemRole,
  lostProperties,
  readDistributionPoint,
  readSystemRole,
} from './system-roles.ts';

/** What a row may be. */
interface Form {
  knows(row: ExportRow): boolean;
  read(row: ExportRow, facts: Facts): void;
}

/** A row is of the first form that knows it; of two that say something else of one thing, the earlier form counts. */
const FORMS: readonly Form[] = [
  { knows: isSystemRole, read: readSystemRole },
  // The definition of a site is an item with properties, too, as a component is.
  { knows: isSite, read: readSiteRow },
  { knows: isComponent, read: readComponent },
  { knows: isBoundaryRow, read: readBoundaryRow },
  { knows: isDistributionPoint, read: readDistributionPoint },
  { knows: isListedSystem, read: readListedSystem },
  { knows: isTableRow, read: readTableRow },
  { knows: isSetupFile, read: readSetupFile },
];

/**
 * Everything that some files say. The order of the files makes no difference where they do not contradict each other.
 * Throws {@link ExportError} for a file that is empty, unreadable, or none of the known forms.
 */
export function readExports(files: readonly ExportFile[]): Facts {
  const facts = newFacts();
  const known: { readonly form: number; readonly row: ExportRow }[] = [];
  for (const file of files) {
    const rows = rowsOf(file);
    let unknown = 0;
    for (const row of rows) {
      const form = FORMS.findIndex(({ knows }) => knows(row));
      if (form < 0) unknown++;
      else known.push({ form, row });
    }
    if (unknown === rows.length) {
      const [first] = rows;
      const members = [...(first?.members.keys() ?? [])].slice(0, 4).join(', ');
      throw exportError(
        file.name,
        t(
          'nothing in it is an export of Configuration Manager ({0}) nor a table with the columns {1}; see {2}',
          members === '' ? t('no member with a name') : t('it has {0}', members),
          TABLE_COLUMNS.join(', '),
          'docs/init.md',
        ),
      );
    }
    if (unknown > 0) facts.left.push(`${file.name}: ${unknown} of ${rows.length} rows are of no known form.`);
    if (isFirstPage(file))
      facts.left.push(`${file.name} is one page of several: the next one is at the @odata.nextLink in it.`);
    const lost = rows
      .filter(isSystemRole)
      .map(lostProperties)
      .find((place) => place !== undefined);
    if (lost)
      facts.left.push(
        `The properties of roles are lost in ${factPlaceText(lost)}: export with Get-CMSiteRole -AllSite | ConvertTo-Json -Depth 5.`,
      );
  }
  for (const [form, { read }] of FORMS.entries())
    for (const one of known) if (one.form === form) read(one.row, facts);
  return facts;
}
