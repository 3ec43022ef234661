// `cmtopo diff OLD NEW`: the flows that differ between two topologies, as a firewall change request.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { diffFlows, type Version } from '../exports/diff/changes.ts';
import { diffFormats } from '../exports/diff/index.ts';
import { writerOf } from '../formats.ts';
import { readRevision, revisionPath } from '../host/git.ts';
import { t } from '../l10n.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';
import { analyseTopology, type LoadedTopology, loadTopology, reportErrors } from './load.ts';

/**
 * Prints what changes for the network. OLD and NEW are files, `GIT-REV:PATH`, or one of them `-`. A file with
 * errors still gives the flows of what could be read, and a line on standard error counts the errors.
 * @returns the exit status: 0, and with `--exit-code` 1 where something differs
 */
export async function diffCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'diff',
    args,
    { format: { type: 'string', words: Object.keys(diffFormats) }, 'exit-code': { type: 'boolean' } },
    { fewest: 2, most: 2 },
  );
  const [before = '', after = ''] = positionals;
  if (before === '-' && after === '-') throw usageError(t('only one of OLD and NEW can be standard input'));
  const print = writerOf(diffFormats, values.format);
  const old = await load(before, io);
  const fresh = await load(after, io);
  const diff = diffFlows(version(old), version(fresh));
  io.out(print(diff));
  reportErrors(before, old.analysis, io);
  reportErrors(after, fresh.analysis, io);
  return values['exit-code'] && diff.changes.length > 0 ? 1 : 0;
}

/** A file of that very name comes first: on Windows, paths have a colon too. */
async function load(name: string, io: Io): Promise<LoadedTopology> {
  const object = name === '-' || existsSync(resolve(io.cwd, name)) ? undefined : revisionPath(name);
  if (object === undefined) return loadTopology(name, io);
  const { revision, path } = object;
  return analyseTopology(readRevision(name, revision, path, io.cwd), name, path, io);
}

function version({ file, edition, analysis }: LoadedTopology): Version {
  return { file, edition, topology: analysis.topology, flows: analysis.flows() };
}
