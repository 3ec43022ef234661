// `cmtopo diff OLD NEW`: the flows that differ between two topologies, as a firewall change request, and what changed
// firewalls newly stop or let through; `cmtopo diff FILE --firewall NAME=CONFIG` judges a rule base before it is installed.
// `cmtopo diff --edition E FILE`: what the newest port list changes for one topology.
// `cmtopo diff FILE --from EXPORT…`: what a topology and its site do not say alike.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { EDITION_WORDS, editionOf } from '../catalog/editions.ts';
import { distinct } from '../collections.ts';
import { diffFlows, type Version } from '../exports/diff/changes.ts';
import { diffToNewest } from '../exports/diff/editions.ts';
import { diffFormats } from '../exports/diff/index.ts';
import { writerOf } from '../formats.ts';
import { shownPath } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { readRevision, revisionPath } from '../host/git.ts';
import { PROFILES } from '../imports/model.ts';
import { withRulesOf, zonesOfFirewall } from '../imports/replace.ts';
import { wordMaker } from '../imports/words.ts';
import { driftOf } from '../inventory/drift.ts';
import { driftFormats } from '../inventory/formats/index.ts';
import { t } from '../l10n.ts';
import { lookup } from '../topology/effective.ts';
import { hasOption, noFirewall, notOneOf, parseArguments } from './args.ts';
import { readDraft } from './draft.ts';
import { reportGaps } from './gaps.ts';
import { knownName, mapping, readFirewalls, reportUnmapped, withFileName } from './import.ts';
import { type Io, usageError } from './io.ts';
import { analyseTopology, type LoadedTopology, loadTopology, reportErrors } from './load.ts';

/**
 * Prints what changes for the network, or where a file and its site differ. OLD and NEW are files, `GIT-REV:PATH`, or
 * one of them `-`. A file with errors still gives the flows of what could be read, and a line on standard error counts
 * the errors. With an edition, one file is compared with itself: as that edition has it, and as the newest one does.
 * @returns the exit status: 0, and with `--exit-code` 1 where something differs
 */
export async function diffCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'diff',
    args,
    {
      format: { type: 'string', words: Object.keys(diffFormats) },
      from: { type: 'string', many: true },
      edition: { type: 'string' },
      firewall: { type: 'string' },
      map: { type: 'string', many: true },
      inside: { type: 'string' },
      profile: { type: 'string', words: PROFILES },
      'exit-code': { type: 'boolean' },
    },
    hasOption(args, 'from')
      ? { fewest: 1, most: Number.MAX_SAFE_INTEGER }
      : hasOption(args, 'edition')
        ? { fewest: 1, most: 1 }
        : { fewest: 1, most: 2 },
  );
  if (values.from !== undefined && values.edition !== undefined)
    throw usageError(t('{0} and {1} cannot be used together', '--from', '--edition'));
  if (values.firewall !== undefined && values.edition !== undefined)
    throw usageError(t('{0} and {1} cannot be used together', '--firewall', '--edition'));
  const [before = '', after] = positionals;
  const { firewall } = values;
  if (firewall === undefined) {
    for (const option of ['map', 'inside', 'profile'] as const) {
      if (values[option] !== undefined)
        throw usageError(t('{0} goes with {1}', `--${option}`, '--firewall NAME=CONFIG'));
    }
  } else if (after !== undefined || values.from !== undefined) {
    throw usageError(
      t('one file goes with {0}: {1}', '--firewall', 'cmtopo diff FILE --firewall NAME=CONFIG'),
    );
  }
  if (values.from !== undefined) {
    const differs = await drift(positionals, values.from, values.format, io);
    return values['exit-code'] && differs ? 1 : 0;
  }
  if (values.edition !== undefined) {
    const print = writerOf(diffFormats, values.format);
    const edition = editionOf(values.edition);
    if (edition === undefined) throw usageError(notOneOf('--edition', values.edition, EDITION_WORDS));
    const loaded = await load(before, io);
    const diff = diffToNewest(version(loaded), edition, values.edition);
    io.out(print(diff));
    reportErrors(before, loaded.analysis, io);
    return values['exit-code'] && diff.changes.length > 0 ? 1 : 0;
  }
  if (firewall === undefined && after === undefined)
    throw usageError(t('an argument is missing: {0}', 'cmtopo diff OLD NEW'));
  if (before === '-' && after === '-') throw usageError(t('only one of OLD and NEW can be standard input'));
  const print = writerOf(diffFormats, values.format);
  const old = await load(before, io);
  const fresh =
    after === undefined
      ? await withFirewall(old, before, { ...values, firewall }, io)
      : await load(after, io);
  const diff = diffFlows(version(old), version(fresh));
  io.out(print(diff));
  reportErrors(before, old.analysis, io);
  if (after !== undefined) reportErrors(after, fresh.analysis, io);
  const { all } = diff.passing;
  return values['exit-code'] && diff.changes.length + all.length > 0 ? 1 : 0;
}

interface NewRules {
  readonly firewall: string | undefined;
  readonly map?: readonly string[] | undefined;
  readonly inside?: string | undefined;
  readonly profile?: string | undefined;
}

/** The same file with the rules of a real firewall for one of its own; what these cannot say is on standard error. */
async function withFirewall(
  loaded: LoadedTopology,
  path: string,
  values: NewRules,
  io: Io,
): Promise<LoadedTopology> {
  const { topology } = loaded.analysis;
  const { firewall: text = '' } = values;
  const at = text.indexOf('=');
  const [name, config] = [text.slice(0, at).trim(), text.slice(at + 1)];
  if (at < 1 || config === '')
    throw usageError(t('{0} {1}: write NAME=CONFIG, such as {2}', '--firewall', text, 'edge=new-config.txt'));
  if (path === '-' && config === '-')
    throw usageError(t('only one of FILE and the configuration can be standard input'));
  const firewall = lookup(topology.firewalls, name);
  if (!firewall) {
    const known = [...topology.firewalls.values()].map((one) => one.name);
    throw usageError(noFirewall(name, known));
  }
  const zones = zonesOfFirewall(firewall);
  const inside = values.inside === undefined ? undefined : knownName('--inside', values.inside, topology);
  const [host] = firewall.hosts;
  const said = new Map((values.map ?? []).map((one) => mapping(one, topology)));
  const words = wordMaker(said, topology, zones, inside ?? host?.value ?? zones[0] ?? '');
  const file = config === '-' ? '<stdin>' : shownPath(config);
  const source = config === '-' ? await io.stdin() : await io.readText(config);
  const { firewalls } = readFirewalls(source, file, undefined, {
    profile: PROFILES.find((one) => one === values.profile) ?? 'domain',
    host: firewall.hosts.length > 0,
    words,
  });
  const found = withFileName(file, () => withRulesOf(topology, firewall, firewalls, words, inside));
  if (found.text === undefined) {
    throw unreadableInput(
      loaded.file,
      t('other places use parts of the firewall {0}, and no other rules can take its place', firewall.name),
    );
  }
  const isPlain = firewalls.some((one) => one.zones === undefined && one.lists.some(({ inside }) => inside));
  if (isPlain && inside === undefined && host === undefined && zones[0] !== undefined) {
    io.err(
      `cmtopo: ${t('{0} is taken to be what the rules protect; {1} says otherwise', zones[0], '--inside NAME')}\n`,
    );
  }
  reportGaps(
    t('the new rules are evaluated without what a topology cannot express:'),
    found.gaps,
    io,
    'cmtopo import',
  );
  reportUnmapped(found.unmapped, io);
  const fresh = await analyseTopology(
    found.text,
    t('{0} with {1} as {2}', loaded.file, file, firewall.name),
    path,
    io,
  );
  const before = new Set(violations(loaded));
  reportGaps(
    t('the new rules let through what a policy forbids:'),
    violations(fresh).filter((text) => !before.has(text)),
    io,
    'cmtopo import, cmtopo check',
  );
  return fresh;
}

/** What rules let through against the policies, each once. */
function violations({ analysis }: LoadedTopology): readonly string[] {
  return distinct(
    analysis.findings().flatMap(({ code, message }) => (code === 'policy-violation' ? [message] : [])),
  );
}

/** Compares a file with exports of its site; whether they differ. */
async function drift(
  positionals: readonly string[],
  from: readonly string[],
  format: string | undefined,
  io: Io,
): Promise<boolean> {
  // `--from A B`: what follows it are exports, too, so the topology is the one that is called so.
  const called = positionals.filter((name) => /\.topology\.ya?ml$/i.test(name));
  const [file = '-'] = called.length === 1 ? called : positionals;
  const exports = [...from, ...positionals.filter((name) => name !== file)];
  if (file === '-' && exports.includes('-'))
    throw usageError(t('only one of the files can be standard input'));
  const print = driftFormats[format ?? 'table'] ?? driftFormats.table;
  const { analysis } = await load(file, io);
  const draft = await readDraft(exports, undefined, io);
  const differences = driftOf(analysis.topology, draft);
  const lineOf = (offset: number) => analysis.tree.lines.positionAt(offset).line;
  io.out(print?.({ file, exports: draft.files, differences, lineOf }) ?? '');
  reportGaps(t('what of the exports could not be compared:'), draft.notes, io);
  reportErrors(file, analysis, io);
  return differences.length > 0;
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
