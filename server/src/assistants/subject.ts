// How answers name a topology and places in it.
import {
  EDITION_WORDS,
  type Edition,
  editionOf,
  editionText,
  NEWEST_EDITION,
  NEWEST_VERSION,
} from '../catalog/index.ts';
import { t } from '../l10n.ts';
import { listed, listedUpTo } from '../rules/words.ts';
import type { Span } from '../text/tree.ts';
import type { Topology } from '../topology/model.ts';
import { type LookedAt, shortWord, toolError } from './tool.ts';

/** `contoso.topology.yaml:34:7`: line and column from 1. */
export function columnText({ file, analysis }: LookedAt, { start }: Span): string {
  const { line, character } = analysis.tree.lines.positionAt(start);
  return `${file}:${line + 1}:${character + 1}`;
}

/** `contoso.topology.yaml:34`: the line from 1. */
export function lineText({ file, analysis }: LookedAt, { start }: Span): string {
  return `${file}:${analysis.tree.lines.positionAt(start).line + 1}`;
}

/** `contoso.topology.yaml (2403, port list 2025-12)`. */
export function subjectText({ file, analysis }: LookedAt): string {
  const { edition, configmgrWritten } = analysis.topology;
  if (edition === undefined) return `${file} (no known edition of the port list)`;
  const list = editionText(edition, configmgrWritten);
  return list === edition ? `${file} (port list ${edition})` : `${file} (${list})`;
}

/** The edition of a topology. Throws {@link ToolError} where none is known, so that no connection is. */
export function demandEdition({ file, analysis }: LookedAt): Edition {
  const { edition, editionWritten } = analysis.topology;
  if (edition !== undefined) return edition;
  const known = listed(EDITION_WORDS, 'or');
  throw toolError(
    editionWritten === undefined
      ? t(
          '{0} has no key configmgr to say which port list applies: {1}, or a version such as {2}',
          file,
          known,
          NEWEST_VERSION,
        )
      : t(
          "{0}: '{1}' names no port list; write {2}, or a version such as {3}",
          file,
          shortWord(editionWritten.value),
          known,
          NEWEST_VERSION,
        ),
  );
}

/** Whether one of some ports or ranges, as flows and the catalog write them, is or holds a port. */
export function usesPort(ports: readonly string[], port: number): boolean {
  return ports.some((one) => {
    const [low = Number.NaN, high = low] = one.split('-').map(Number);
    return low <= port && port <= high;
  });
}

/** The edition that a word names. Throws {@link ToolError}. */
export function editionNamed(word: string): Edition {
  const edition = editionOf(word);
  if (edition !== undefined) return edition;
  throw toolError(
    t(
      '{0} is neither an edition nor a version: write one of {1}, or a version such as {2}',
      shortWord(word),
      EDITION_WORDS.join(', '),
      NEWEST_VERSION,
    ),
  );
}

/** The edition that somebody asked for, else that of the file, else the newest. */
export function editionMeant(word: string | undefined, subject: LookedAt | undefined): Edition {
  if (word !== undefined) return editionNamed(word);
  return subject?.analysis.topology.edition ?? NEWEST_EDITION;
}

/** Names of a kind that are listed. */
const MOST_NAMES = 12;

/** What a topology holds, by name, so that the next question can name it. */
export function namesText(topology: Topology): string {
  const sections = [
    ['sites', topology.sites],
    ['servers', topology.servers],
    ['client groups', topology.clients],
    ['zones', topology.zones],
    ['firewalls', topology.firewalls],
  ] as const;
  const parts = sections.flatMap(([title, things]) => {
    const names = [...things.values()].map(({ name }) => name);
    return names.length === 0 ? [] : [`${title} ${listedUpTo(MOST_NAMES, names)}`];
  });
  return parts.length === 0
    ? 'The file has no sites, servers or clients.'
    : `The file has ${parts.join('; ')}.`;
}
