// `cmtopo diagram FILE`: the picture of a topology.
import { diagramFormats } from '../diagram/formats.ts';
import { COLLAPSES, diagramGraph } from '../diagram/graph.ts';
import { ARROW_DIRECTIONS } from '../diagram/layout.ts';
import { writerOf } from '../formats.ts';
import { parseArguments } from './args.ts';
import type { Io } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

/**
 * Prints the picture of one file: zones, sites, machines, and the connections between them. A file with errors
 * still gives the picture of what could be read, and a line on standard error counts the errors.
 * @returns the exit status: 0, since `cmtopo check` is what judges a file
 */
export async function diagramCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'diagram',
    args,
    {
      format: { type: 'string', words: Object.keys(diagramFormats) },
      collapse: { type: 'string', words: COLLAPSES },
      direction: { type: 'string', words: ARROW_DIRECTIONS },
    },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  const collapse = COLLAPSES.find((word) => word === values.collapse) ?? 'auto';
  const direction = ARROW_DIRECTIONS.find((word) => word === values.direction);
  const { analysis } = await loadTopology(path, io);
  io.out(writerOf(diagramFormats, values.format)(diagramGraph(analysis, { collapse }), direction));
  reportErrors(path, analysis, io);
  return 0;
}
