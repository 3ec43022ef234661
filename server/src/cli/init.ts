// `cmtopo init`: a commented starter file on standard output, or the hierarchy that exports describe.
import { shownPath } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { draftOf, hierarchyText } from '../inventory/index.ts';
import { type ExportFile, isExportError } from '../inventory/rows.ts';
import { t } from '../l10n.ts';
import { STARTER } from '../topology/starter.ts';
import { parseArguments } from './args.ts';
import { reportGaps } from './gaps.ts';
import { type Io, usageError } from './io.ts';

/**
 * Prints the starter file, or with `--from` the topology of what was exported from Configuration Manager. Nothing is
 * written to the disk: redirect it where it belongs. Throws where a file is none of the known forms.
 */
export async function initCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'init',
    args,
    { from: { type: 'string', many: true }, zones: { type: 'string' } },
    // `--from A B`: what stands behind it are files, too.
    {
      fewest: 0,
      most:
        args.includes('--from') || args.some((arg) => arg.startsWith('--from='))
          ? Number.MAX_SAFE_INTEGER
          : 0,
    },
  );
  if (values.from === undefined) {
    if (values.zones !== undefined)
      throw usageError(t('{0} is for files that {1} names', '--zones', '--from'));
    io.out(STARTER);
    return 0;
  }
  const draft = await readDraft([...values.from, ...positionals], values.zones, io);
  io.out(hierarchyText(draft));
  reportGaps(t('what could not be told stands in comments of the output:'), draft.notes, io);
  return 0;
}

/** What exports say. Throws {@link UnreadableInput} with the name of the file. */
export async function readDraft(paths: readonly string[], zones: string | undefined, io: Io) {
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
