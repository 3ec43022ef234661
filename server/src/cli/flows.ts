// `cmtopo flows FILE`: the connections that a topology needs.
import { resolve } from 'node:path';
import { type Analysis, analyse, NO_SETTINGS } from '../analysis.ts';
import { EDITIONS } from '../catalog/types.ts';
import { flowsCsv } from '../exports/flows-csv.ts';
import { flowsHtml } from '../exports/flows-html.ts';
import { flowsJson } from '../exports/flows-json.ts';
import { flowsMarkdown } from '../exports/flows-markdown.ts';
import { type FlowReport, oneLine } from '../exports/flows-report.ts';
import { flowsTable } from '../exports/flows-table.ts';
import type { Flow } from '../flows/flow.ts';
import type { Settings } from '../rules/rule.ts';
import { readSettings } from '../settings.ts';
import { lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { didYouMean, parseArguments } from './args.ts';
import { nearestSettings, shownPath } from './discover.ts';
import { type Io, unreadableInput, usageError } from './io.ts';
import { plural } from './report.ts';

const FORMATS: Readonly<Record<string, (report: FlowReport, io: Io) => string>> = {
  table: (report, io) => flowsTable(report, io.isTerminal ? io.columns : undefined),
  json: flowsJson,
  csv: flowsCsv,
  markdown: flowsMarkdown,
  html: flowsHtml,
};

/**
 * Prints the flows of one file, filtered by machine, port and zone. A file with errors still gives the
 * flows of what could be read, and a line on standard error counts the errors.
 * Throws a usage error for a filter that names nothing, and says so where no edition is known.
 * @returns the exit status: 0, since `cmtopo check` is what judges a file
 */
export async function flowsCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'flows',
    args,
    {
      format: { type: 'string', words: Object.keys(FORMATS) },
      from: { type: 'string' },
      to: { type: 'string' },
      port: { type: 'string' },
      zone: { type: 'string' },
    },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  const file = path === '-' ? '<stdin>' : shownPath(path);
  const { from, to, port, zone } = values;
  const text = path === '-' ? await io.stdin() : await io.readText(path);
  const analysis = analyse(text, await settingsFor(path === '-' ? 'stdin' : path, io));
  const { topology } = analysis;
  const { edition } = topology;
  if (edition === undefined) throw unreadableInput(file, whyNoEdition(text, topology));

  const all = analysis.flows();
  const filters: ((flow: Flow) => boolean)[] = [];
  if (from !== undefined) {
    const name = machineName('--from', from, topology, all);
    filters.push((flow) => flow.from.name.toLowerCase() === name);
  }
  if (to !== undefined) {
    const name = machineName('--to', to, topology, all);
    filters.push((flow) => flow.to.name.toLowerCase() === name);
  }
  if (zone !== undefined) {
    const name = zoneName(zone, topology);
    filters.push((flow) => flow.from.zone === name || flow.to.zone === name);
  }
  if (port !== undefined) filters.push(portFilter(port));

  const flows = all.filter((flow) => filters.every((filter) => filter(flow)));
  const print = FORMATS[values.format ?? 'table'] ?? flowsJson;
  io.out(print({ edition, file, flows }, io));
  reportErrors(path, analysis, io);
  return 0;
}

/** Of the nearest settings file; what is wrong in it, `cmtopo check` says. */
async function settingsFor(file: string, io: Io): Promise<Settings> {
  const path = nearestSettings(resolve(io.cwd, file));
  return path === undefined ? NO_SETTINGS : readSettings(await io.readText(path)).settings;
}

function whyNoEdition(text: string, { editionWritten }: Topology): string {
  if (text.trim() === '') return 'not a topology file: it is empty';
  const known = `${EDITIONS.join(', ')} and current-branch`;
  return editionWritten
    ? `'${editionWritten.value}' is no edition of the port catalog (known are ${known})`
    : `no \`configmgr:\` key says which edition of the port catalog to use (known are ${known})`;
}

function machineName(option: string, name: string, topology: Topology, flows: readonly Flow[]): string {
  const known = [...topology.servers.values(), ...topology.clients.values()].map((machine) => machine.name);
  for (const flow of flows) if (flow.to.kind === 'cloud') known.push(flow.to.name);
  const wanted = name.toLowerCase();
  if (!known.some((each) => each.toLowerCase() === wanted)) {
    throw usageError(
      `${option} ${name}: the file has no server or client group of that name${didYouMean(name, [...new Set(known)])}`,
    );
  }
  return wanted;
}

function zoneName(name: string, { zones }: Topology): string {
  if (lookup(zones, name) === undefined) {
    const known = [...zones.values()].map((zone) => zone.name);
    throw usageError(`--zone ${name}: the file has no zone of that name${didYouMean(name, known)}`);
  }
  return name.toLowerCase();
}

/** A port or range takes the flows that use any port in it; `dynamic` those whose port is unknown. */
function portFilter(text: string): (flow: Flow) => boolean {
  if (text === 'dynamic') return ({ ports }) => ports.includes(text);
  const wanted = rangeOf(text);
  if (wanted === undefined || wanted.low < 1 || wanted.high > 65535 || wanted.low > wanted.high) {
    throw usageError(`--port ${text}: not a port (1 to 65535), a range such as 49152-65535, or dynamic`);
  }
  return ({ ports }) =>
    ports.some((port) => {
      const range = rangeOf(port);
      return range !== undefined && range.low <= wanted.high && range.high >= wanted.low;
    });
}

function rangeOf(text: string): { readonly low: number; readonly high: number } | undefined {
  const match = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text);
  if (!match) return undefined;
  const low = Number(match[1]);
  return { low, high: match[2] === undefined ? low : Number(match[2]) };
}

function reportErrors(path: string, analysis: Analysis, io: Io): void {
  const errors = analysis.findings().filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return;
  const shown = oneLine(path);
  const them = errors === 1 ? 'it' : 'them';
  io.err(`cmtopo: ${shown} has ${plural(errors, 'error')}; cmtopo check ${shown} shows ${them}\n`);
}
