// `cmtopo report FILE`: one page for whoever reviews the security of a hierarchy.
import { writerOf } from '../formats.ts';
import { reportFormats } from '../report/formats.ts';
import { reportPage } from '../report/report.ts';
import { parseArguments, readToday } from './args.ts';
import type { Io } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

/**
 * Prints the report of one file. A file with errors still gives one of what could be read, which says so, and a line
 * on standard error counts the errors.
 * @returns the exit status: 0, since `cmtopo check` is what judges a file
 */
export async function reportCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'report',
    args,
    { format: { type: 'string', words: Object.keys(reportFormats) }, today: { type: 'string' } },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  const { file, edition, analysis, settings } = await loadTopology(path, io, readToday(values.today));
  io.out(writerOf(reportFormats, values.format)(reportPage(analysis, { file, edition, settings })));
  reportErrors(path, analysis, io);
  return 0;
}
