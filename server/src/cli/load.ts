// One topology file for the commands that print what follows from it.

import { resolve } from 'node:path';
import { type Analysis, analyse, NO_SETTINGS } from '../analysis.ts';
import { EDITION_WORDS, type Edition, NEWEST_VERSION } from '../catalog/editions.ts';
import { dayOf } from '../date.ts';
import { nearestSettings, shownPath } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { readFoundFile } from '../host/files.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Settings } from '../rules/rule.ts';
import { listed } from '../rules/words.ts';
import { readSettings } from '../settings.ts';
import { hasMarker, hasTopologyName } from '../topology/file-kind.ts';
import type { Topology } from '../topology/model.ts';
import type { Io } from './io.ts';

/** So many files are named in one line. */
const MOST_NAMED = 5;

export interface LoadedTopology {
  /** The file as the user named it. */
  readonly file: string;
  readonly edition: Edition;
  readonly analysis: Analysis;
  /** Those in force for the file. */
  readonly settings: Settings;
}

/**
 * Reads and analyses one file with the settings that are in force for it.
 * Throws where it cannot be read, and where nothing says which edition to use.
 * @param path `-` reads standard input
 * @param today the day that counts as the current one, as YYYY-MM-DD; that of the machine where it is not said
 */
export async function loadTopology(path: string, io: Io, today?: string): Promise<LoadedTopology> {
  const text = path === '-' ? await io.stdin() : await io.readText(path);
  const file = path === '-' ? '<stdin>' : shownPath(path);
  return analyseTopology(text, file, path === '-' ? 'stdin' : path, io, today);
}

/**
 * The same for a text that is read already.
 * @param file its name, for messages
 * @param place the path whose settings file counts
 */
export async function analyseTopology(
  text: string,
  file: string,
  place: string,
  io: Io,
  today?: string,
): Promise<LoadedTopology> {
  const settings = await settingsFor(place, io, today);
  const analysis = analyse(text, settings);
  const { edition } = analysis.topology;
  if (edition === undefined) throw unreadableInput(file, whyNoEdition(text, analysis.topology));
  return { file, edition, analysis, settings };
}

/** Of the nearest settings file; what is wrong in it, `cmtopo check` says. */
async function settingsFor(file: string, io: Io, today = dayOf(new Date())): Promise<Settings> {
  const path = nearestSettings(resolve(io.cwd, file), (other) => reportPassedBy([shownPath(other)], io));
  const settings = path === undefined ? NO_SETTINGS : readSettings(readFoundFile(path, path).text).settings;
  return { ...settings, today };
}

function whyNoEdition(text: string, { editionWritten }: Topology): string {
  if (text.trim() === '') return t('not a topology file: it is empty');
  const known = listed(EDITION_WORDS);
  return editionWritten
    ? t(
        "'{0}' is neither an edition of the port catalog nor a version such as {1} (editions are {2})",
        editionWritten.value,
        NEWEST_VERSION,
        known,
      )
    : t('no `configmgr:` key says which edition of the port catalog to use (known are {0})', known);
}

/** Throws for a text that was named and is something else: a file with another purpose, or nothing at all. */
export function refuseOther(path: string, text: string): void {
  if (hasTopologyName(path) || hasMarker(text)) return;
  if (text.trim() === '') throw unreadableInput(path, t('not a topology file: it is empty'));
  if (!/(^|[{,])[ \t]*["']?(configmgr|sites)["']?[ \t]*[:\uff1a]/m.test(text)) {
    throw unreadableInput(
      path,
      t('not a topology file: it has no configmgr key (cmtopo init prints a starter file)'),
    );
  }
}

/** Says on standard error what was not looked at, since it is a link or no regular file. */
export function reportPassedBy(paths: readonly string[], io: Io): void {
  const [first, ...others] = [...new Set(paths)].map(visible);
  if (first === undefined) return;
  const shown = [first, ...others].slice(0, MOST_NAMED);
  const more = others.length + 1 - shown.length;
  const message =
    others.length === 0
      ? t('{0} is skipped: it is a link, or not a regular file', first)
      : t(
          '{0} links or files that are not regular are skipped: {1}',
          others.length + 1,
          [...shown, ...(more > 0 ? [t('and {0} more', more)] : [])].join(', '),
        );
  io.err(`cmtopo: ${message}\n`);
}

/** Says on standard error how many errors `cmtopo check` will show. */
export function reportErrors(path: string, analysis: Analysis, io: Io): void {
  const errors = analysis.findings().filter(({ severity }) => severity === 'error').length;
  if (errors === 0) return;
  const shown = visible(path);
  const message =
    errors === 1
      ? t('{0} has {1} error; {2} shows it', shown, errors, `cmtopo check ${shown}`)
      : t('{0} has {1} errors; {2} shows them', shown, errors, `cmtopo check ${shown}`);
  io.err(`cmtopo: ${message}\n`);
}
