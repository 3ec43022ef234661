// `cmtopo explain FILE FROM TO`: why machines talk, and what the firewalls between them say to it.
import { isBlocked } from '../exports/explain/explanation.ts';
import { explainFormats } from '../exports/explain/index.ts';
import { explanationOf } from '../exports/explain/select.ts';
import { writerOf } from '../formats.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';
import { COLOR_OPTION, painter, useColor } from './style.ts';

/** Where standard output is no terminal. */
const PIPE_COLUMNS = 100;
const NARROWEST = 40;

/**
 * Prints every flow between two machines, or all those that two words mean, in both directions. A file with errors still gives those of what could
 * be read, and a line on standard error counts the errors.
 * Throws a usage error for a machine that is not there.
 * @returns the exit status: 0, and with `--exit-code` 1 where something that is needed is blocked
 */
export async function explainCommand(args: readonly string[], io: Io): Promise<number> {
  const words = Object.keys(explainFormats);
  const { values, positionals } = parseArguments(
    'explain',
    args,
    { format: { type: 'string', words }, 'exit-code': { type: 'boolean' }, color: COLOR_OPTION },
    { fewest: 3, most: 3 },
  );
  const [path = '-', from = '', to = ''] = positionals;
  const { file, edition, analysis } = await loadTopology(path, io);
  const { topology } = analysis;
  const flows = analysis.flows();
  const input = { edition, file, topology, flows, reach: analysis.reach() };
  const explanation = explanationOf(input, from, to);
  if ('unknown' in explanation) throw usageError(explanation.unknown);
  const columns = Math.max(NARROWEST, io.isTerminal ? io.columns : PIPE_COLUMNS);
  const print = writerOf(explainFormats, values.format);
  io.out(print(explanation, { paint: painter(useColor(values.color, io)), columns }));
  reportErrors(path, analysis, io);
  return values['exit-code'] && isBlocked(explanation) ? 1 : 0;
}
