// `cmtopo init`: a commented starter file on standard output, or the hierarchy that exports describe.
import { hierarchyText } from '../inventory/index.ts';
import { t } from '../l10n.ts';
import { STARTER } from '../topology/starter.ts';
import { hasOption, parseArguments } from './args.ts';
import { readDraft } from './draft.ts';
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
    // `--from A B`: what follows it are files, too.
    { fewest: 0, most: hasOption(args, 'from') ? Number.MAX_SAFE_INTEGER : 0 },
  );
  if (values.from === undefined) {
    if (values.zones !== undefined)
      throw usageError(t('{0} is for files that {1} names', '--zones', '--from'));
    io.out(STARTER);
    return 0;
  }
  const draft = await readDraft([...values.from, ...positionals], values.zones, io);
  io.out(hierarchyText(draft));
  reportGaps(t('what could not be determined is in comments of the output:'), draft.notes, io);
  return 0;
}
