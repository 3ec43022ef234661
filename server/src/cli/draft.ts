// The files that `--from` names, read: for `cmtopo init` and `cmtopo diff`.
import { shownPath } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import type { Draft } from '../inventory/draft.ts';
import { draftOf } from '../inventory/index.ts';
import { type ExportFile, isExportError } from '../inventory/rows.ts';
import { t } from '../l10n.ts';
import { type Io, usageError } from './io.ts';

/** What exports say. Throws {@link UnreadableInput} with the name of the file. */
export async function readDraft(paths: readonly string[], zones: string | undefined, io: Io): Promise<Draft> {
  if ([...paths, ...(zones === undefined ? [] : [zones])].filter((path) => path === '-').length > 1)
    throw usageError(t('only one of the files can be standard input'));
  const read = async (path: string): Promise<ExportFile> => ({
    name: path === '-' ? '<stdin>' : shownPath(path),
    text: path === '-' ? await io.stdin() : await io.readText(path),
  });
  const files: ExportFile[] = [];
  for (const path of paths) files.push(await read(path));
  const table = zones === undefined ? undefined : await read(zones);
  try {
    return draftOf(files, table);
  } catch (error) {
    throw isExportError(error) ? unreadableInput(error.file, error.message) : error;
  }
}
