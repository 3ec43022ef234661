// What tools for assistants may see of this machine: the topology files of one folder, and nothing else.
import { join } from 'node:path';
import { analyse, NO_SETTINGS } from '../analysis.ts';
import { type Candidate, chooseFile, demandOne, demandSize, TEXT_NAME } from '../assistants/choose.ts';
import { type LookedAt, type ToolWorld, toolError } from '../assistants/tool.ts';
import { dayOf } from '../date.ts';
import { discover, nearestSettings } from '../host/discover.ts';
import { isUnreadable } from '../host/errors.ts';
import { readFoundFile } from '../host/files.ts';
import { fileInside, type InsideFile } from '../host/inside.ts';
import { t } from '../l10n.ts';
import type { Settings } from '../rules/rule.ts';
import { readSettings } from '../settings.ts';
import { hasMarker, hasTopologyName } from '../topology/file-kind.ts';

interface Found extends Candidate, InsideFile {}

/**
 * The world of a folder.
 * @param folder absolute path; settings files above it do not count
 */
export function folderWorld(folder: string): ToolWorld {
  return {
    topology({ file, text }) {
      demandOne(file, text);
      try {
        if (text !== undefined) return subject(TEXT_NAME, text, join(folder, 'draft.topology.yaml'), folder);
        return fileSubject(file, folder);
      } catch (error) {
        if (isUnreadable(error)) throw toolError(error.message);
        throw error;
      }
    },
  };
}

function fileSubject(file: string | undefined, folder: string): LookedAt {
  const { path, absolute } =
    (file === undefined ? undefined : fileInside(folder, file)) ?? chooseFile(file, found(folder));
  const { text } = readFoundFile(absolute, path);
  if (!hasTopologyName(path) && !hasMarker(text))
    throw toolError(
      t(
        "{0} is not a topology file: its name does not end in .topology.yaml, and it does not begin with '# configmgr-topology'",
        path,
      ),
    );
  return subject(path, text, absolute, folder);
}

function found(folder: string): readonly Found[] {
  return discover([folder], folder).files.flatMap(({ absolute }) => {
    const file = fileInside(folder, absolute);
    return file === undefined ? [] : [{ ...file, name: file.path, others: [file.absolute] }];
  });
}

function subject(file: string, text: string, place: string, folder: string): LookedAt {
  demandSize(file, text);
  const settings = settingsOf(place, folder);
  return { file, analysis: analyse(text, settings), settings };
}

function settingsOf(place: string, folder: string): Settings {
  const today = dayOf(new Date());
  const path = nearestSettings(place, undefined, folder);
  const settings = path === undefined ? NO_SETTINGS : readSettings(readFoundFile(path, path).text).settings;
  return { ...settings, today };
}
