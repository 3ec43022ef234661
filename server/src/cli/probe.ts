// `cmtopo probe FILE`: tries the connections that start at this machine, and judges what came of them.
import type { Analysis } from '../analysis.ts';
import { probeFormats } from '../exports/probe/index.ts';
import type { ProbeReport } from '../exports/probe/report.ts';
import type { Flow } from '../flows/flow.ts';
import { writerOf } from '../formats.ts';
import { thisComputer, tryConnection } from '../host/connect.ts';
import { unreadableInput } from '../host/errors.ts';
import { readCsv } from '../imports/csv.ts';
import { t } from '../l10n.ts';
import { attemptsOf } from '../probe/attempts.ts';
import { expectations, type Judged, judge } from '../probe/judge.ts';
import { machinesOf } from '../probe/place.ts';
import { RESULT_COLUMNS, type Results, readResults, scriptName } from '../probe/results.ts';
import { longest, type Pace, runAttempts } from '../probe/run.ts';
import { listed } from '../rules/words.ts';
import { lookup } from '../topology/effective.ts';
import type { ClientGroup, Server, Topology } from '../topology/model.ts';
import { noMachine, parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

/** So many connections are opened at once, so many a second, and so many seconds are waited for an answer. */
const AT_ONCE = 10;
const RATE = 20;
const SECONDS = 3;
const MOST = { atOnce: 100, rate: 1000, seconds: 60 };

/**
 * Tries each TCP flow that starts at this machine, or judges the results of the script that
 * `cmtopo export --format test-netconnection` writes.
 * Throws a usage error where it is not known which machine of the file this is.
 * @returns the exit status: 1 where something that is needed is allowed by the file and did not open, else 0
 */
export async function probeCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'probe',
    args,
    {
      from: { type: 'string' },
      'dry-run': { type: 'boolean' },
      read: { type: 'string' },
      format: { type: 'string', words: Object.keys(probeFormats) },
      'at-once': { type: 'string' },
      rate: { type: 'string' },
      timeout: { type: 'string' },
    },
    { fewest: 1, most: 1 },
  );
  if (values.read !== undefined && values['dry-run'])
    throw usageError(t('{0} and {1} cannot be used together', '--read', '--dry-run'));
  const [path = '-'] = positionals;
  if (path === '-' && values.read === '-')
    throw usageError(t('only one of FILE and RESULT.csv can be standard input'));
  const pace = {
    atOnce: numberOf('--at-once', values['at-once'], AT_ONCE, MOST.atOnce),
    rate: numberOf('--rate', values.rate, RATE, MOST.rate),
  };
  const seconds = numberOf('--timeout', values.timeout, SECONDS, MOST.seconds);
  const print = writerOf(probeFormats, values.format);
  const { file, edition, analysis } = await loadTopology(path, io);
  const { topology } = analysis;
  const results = values.read === undefined ? undefined : await readResultFile(values.read, io);
  const machines =
    values.from === undefined
      ? results
        ? machinesIn(results, topology, values.read ?? '')
        : [machineHere(topology)]
      : [machineNamed(values.from, topology)];
  const { attempts, unproven } = attemptsOf(flowsFrom(machines, analysis), topology);
  const expected = expectations({ attempts }, analysis.reach(), topology);
  const report = { edition, file, from: machines.map(({ name }) => name), unproven };
  if (values['dry-run']) {
    io.out(print({ ...report, attempts: expected }));
    io.err(
      `cmtopo: ${t('at most {0} seconds: {1} connections at once, {2} a second, {3} seconds for an answer', longest(attempts, pace, seconds), pace.atOnce, pace.rate, seconds)}\n`,
    );
    return end(path, analysis, [], io);
  }
  const judged = results
    ? judge(
        expected,
        (attempt) => results.of(attempt) ?? { outcome: 'untried', detail: t('not in the results') },
      )
    : judge(expected, await tryAll(attempts, pace, seconds, io));
  io.out(print({ ...report, attempts: judged } satisfies ProbeReport));
  if (results) {
    const asked = values.from === undefined ? undefined : machines.map(({ name }) => name);
    reportRows(results.unread, results.others(attempts, asked), values.read ?? '', io);
  }
  return end(path, analysis, judged, io);
}

function end(path: string, analysis: Analysis, judged: readonly Judged[], io: Io): number {
  reportErrors(path, analysis, io);
  return judged.some(({ isFailure }) => isFailure) ? 1 : 0;
}

/** The flows that start at some machines. */
function flowsFrom(machines: readonly (Server | ClientGroup)[], analysis: Analysis): readonly Flow[] {
  return analysis
    .flows()
    .filter(({ from: { server, clients } }) => machines.some((machine) => machine === (server ?? clients)));
}

async function tryAll(
  attempts: ReturnType<typeof attemptsOf>['attempts'],
  pace: Pace,
  seconds: number,
  io: Io,
) {
  const bar = progressBar(attempts.length, io);
  const world = {
    connect: (host: string, port: number) => tryConnection(host, port, seconds * 1000),
    now: () => performance.now(),
    sleep: (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds)),
  };
  bar.show(0);
  const found = await runAttempts(attempts, pace, world, bar.show);
  bar.clear();
  return (attempt: (typeof attempts)[number]) => found.get(attempt) ?? { outcome: 'untried' as const };
}

const BAR = 24;

/** On standard error, and only where that is a terminal. */
function progressBar(
  all: number,
  io: Io,
): { readonly show: (done: number) => void; readonly clear: () => void } {
  if (!io.isErrorTerminal || all === 0) return { show: () => undefined, clear: () => undefined };
  return {
    show: (done) => {
      const full = Math.round((BAR * done) / all);
      io.err(`\r[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] ${done}/${all}`);
    },
    clear: () => io.err('\r\x1b[K'),
  };
}

/** The machine of the file that this computer is. */
function machineHere(topology: Topology): Server | ClientGroup {
  const computer = thisComputer();
  const { machines } = machinesOf(computer, topology);
  const [only, ...others] = machines;
  if (only === undefined)
    throw usageError(
      t(
        'no machine of the file has the name {0} or an address of this computer; {1} says which one it is',
        computer.name,
        '--from SERVER',
      ),
    );
  if (others.length > 0)
    throw usageError(
      t(
        'this computer may be {0}; {1} says which one it is',
        listed(machines.map(({ name }) => name)),
        '--from SERVER',
      ),
    );
  return only;
}

function machineNamed(name: string, { servers, clients }: Topology): Server | ClientGroup {
  const found = lookup(servers, name) ?? lookup(clients, name);
  if (found) return found;
  const known = [...servers.values(), ...clients.values()].map((machine) => machine.name);
  throw usageError(noMachine('--from', name, known));
}

/** The machines that results are from; those that the file does not have are told with their rows. */
function machinesIn(
  { from }: Results,
  { servers, clients }: Topology,
  file: string,
): readonly (Server | ClientGroup)[] {
  const wanted = new Set(from.map(scriptName));
  const found = [...servers.values(), ...clients.values()].filter(({ name }) => wanted.has(scriptName(name)));
  if (found.length === 0) throw unreadableInput(file, t('no machine of the file is in these results'));
  return found;
}

async function readResultFile(path: string, io: Io): Promise<Results> {
  const text = path === '-' ? await io.stdin() : await io.readText(path);
  const results = readResults(readCsv(text));
  if (results === undefined)
    throw unreadableInput(
      path === '-' ? '<stdin>' : path,
      t(
        'no results of {0}: the columns are {1}',
        'cmtopo export --format test-netconnection',
        listed(RESULT_COLUMNS),
      ),
    );
  return results;
}

/** Says how many rows were of no use. */
function reportRows(unread: number, others: number, path: string, io: Io): void {
  const say = (text: string): void => io.err(`cmtopo: ${text}\n`);
  if (unread > 0)
    say(t(unread === 1 ? '{0}: {1} row could not be read' : '{0}: {1} rows could not be read', path, unread));
  if (others > 0)
    say(
      t(
        others === 1
          ? '{0}: {1} row is for a connection that the file does not have'
          : '{0}: {1} rows are for connections that the file does not have',
        path,
        others,
      ),
    );
}

function numberOf(option: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const number = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (number < 1 || number > most)
    throw usageError(t('{0} {1}: not a number from 1 to {2}', option, text, most));
  return number;
}
