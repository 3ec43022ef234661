// `cmtopo flows FILE`: the connections that a topology needs.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { PHASES } from '../catalog/types.ts';
import { type Selection, select } from '../exports/explain/select.ts';
import { flowsFormats } from '../exports/flows-formats.ts';
import { endpointsIn } from '../flows/endpoints.ts';
import type { Endpoint, Flow } from '../flows/flow.ts';
import { writerOf } from '../formats.ts';
import { t } from '../l10n.ts';
import { lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { parseArguments, suggestion } from './args.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

/**
 * Prints the flows of one file, filtered by their ends, port and phase. A file with errors still gives the
 * flows of what could be read, and a line on standard error counts the errors.
 * Throws a usage error for a filter that names nothing, and says so where no edition is known.
 * @returns the exit status: 0, since `cmtopo check` is what judges a file
 */
export async function flowsCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'flows',
    args,
    {
      format: { type: 'string', words: Object.keys(flowsFormats) },
      from: { type: 'string' },
      to: { type: 'string' },
      port: { type: 'string' },
      phase: { type: 'string', words: PHASES },
      zone: { type: 'string' },
      endpoints: { type: 'boolean' },
    },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  const { from, to, port, phase, zone } = values;
  const { file, edition, analysis } = await loadTopology(path, io);
  const { topology } = analysis;
  const all = analysis.flows();
  const filters: ((flow: Flow) => boolean)[] = [];
  if (from !== undefined) {
    const meant = selected('--from', from, topology, all);
    filters.push((flow) => meant.has(flow, 'from'));
  }
  if (to !== undefined) {
    const meant = selected('--to', to, topology, all);
    filters.push((flow) => meant.has(flow, 'to'));
  }
  if (zone !== undefined) {
    const name = zoneName(zone, topology);
    const isIn = ({ zone, zones }: Endpoint) => (zones ?? [zone]).includes(name);
    filters.push(({ from, to }) => isIn(from) || isIn(to));
  }
  if (port !== undefined) filters.push(portFilter(port));
  if (phase !== undefined) filters.push((flow) => flow.phase === phase);

  const flows = all.filter((flow) => filters.every((filter) => filter(flow)));
  const print = writerOf(flowsFormats, values.format);
  io.out(
    print(
      {
        edition,
        configmgr: topology.configmgrWritten,
        file,
        flows,
        ...(values.endpoints && { endpoints: endpointsIn(topology) }),
      },
      io.isTerminal ? io.columns : undefined,
    ),
  );
  reportErrors(path, analysis, io);
  return 0;
}

/** What a word means; what a flow calls something outside the file is a name, too. */
function selected(option: string, word: string, topology: Topology, flows: readonly Flow[]): Selection {
  const found = select(word, topology, flows);
  if ('unknown' in found) throw usageError(`${option} ${word}: ${found.unknown}`);
  return found;
}

function zoneName(name: string, { zones }: Topology): string {
  if (lookup(zones, name) === undefined) {
    const known = [...zones.values()].map((zone) => zone.name);
    const near = suggestion(name, known);
    throw usageError(
      near === undefined
        ? t('{0} {1}: the file has no zone of that name', '--zone', name)
        : t('{0} {1}: the file has no zone of that name; did you mean {2}?', '--zone', name, near),
    );
  }
  return name.toLowerCase();
}

/** A port or range takes the flows that use any port in it; `dynamic` those whose port is unknown. */
function portFilter(text: string): (flow: Flow) => boolean {
  if (text === 'dynamic') return ({ ports }) => ports.includes(text);
  const wanted = parsedRange(text);
  if (
    wanted === undefined ||
    wanted.low < LOWEST_PORT ||
    wanted.high > HIGHEST_PORT ||
    wanted.low > wanted.high
  ) {
    throw usageError(
      t('{0} {1}: not a port (1 to 65535), a range such as 49152-65535, or dynamic', '--port', text),
    );
  }
  return ({ ports }) =>
    ports.some((port) => {
      const range = parsedRange(port);
      return range !== undefined && range.low <= wanted.high && range.high >= wanted.low;
    });
}

function parsedRange(text: string): { readonly low: number; readonly high: number } | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const low = Number(match[1]);
  return { low, high: match[2] === undefined ? low : Number(match[2]) };
}
