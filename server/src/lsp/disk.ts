// The disk of this machine: settings files, topology files that no editor holds, and the rules' pages.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { discover, nearestSettings } from '../host/discover.ts';
import { readFoundFile, readStart } from '../host/files.ts';
import { committedText } from '../host/git.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { hasMarker } from '../topology/file-kind.ts';
import { type Disk, toldDisk } from './told-disk.ts';

/**
 * The disk of this machine; for files that are elsewhere, what the editor tells of them.
 * @param root the program's own folder, above `dist/`
 */
export function nodeDisk(root: string): Disk {
  const pages = new Map<string, string | undefined>();
  const elsewhere = toldDisk();
  return {
    take: elsewhere.take,
    // Those of this program are nearer.
    setPages: () => {},
    nearestSettings(uri) {
      const path = pathOf(uri);
      if (path === undefined) return elsewhere.nearestSettings(uri);
      const settings = nearestSettings(path);
      try {
        if (settings === undefined) return undefined;
        return { uri: pathToFileURL(settings).href, text: readFoundFile(settings, settings).text };
      } catch {
        return undefined;
      }
    },
    newSettings(uri) {
      const path = pathOf(uri);
      return path === undefined
        ? elsewhere.newSettings(uri)
        : pathToFileURL(join(dirname(path), SETTINGS_FILE)).href;
    },
    topologyFiles(folders) {
      const paths = folders.map(pathOf).filter((path) => path !== undefined);
      const own = discover(paths, root).files.map(({ absolute }) => pathToFileURL(absolute).href);
      return [...own, ...elsewhere.topologyFiles(folders)];
    },
    async mark(uri) {
      try {
        const path = pathOf(uri);
        if (path === undefined) return elsewhere.mark(uri);
        const { mtimeMs, size } = await stat(path);
        return `${mtimeMs}-${size}`;
      } catch {
        return undefined;
      }
    },
    read(uri) {
      const path = pathOf(uri);
      if (path === undefined) return elsewhere.read(uri);
      try {
        return { text: readFoundFile(path, path).text };
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    },
    isMarked(uri) {
      const path = pathOf(uri);
      return path === undefined ? elsewhere.isMarked(uri) : hasMarker(readStart(path));
    },
    committed(uri) {
      const path = pathOf(uri);
      return path === undefined ? elsewhere.committed(uri) : committedText(path);
    },
    normal(uri) {
      const path = pathOf(uri);
      return path === undefined ? uri : pathToFileURL(path).href;
    },
    rulePage(code) {
      if (!pages.has(code)) {
        const path = join(root, 'docs', 'rules', `${code}.md`);
        pages.set(code, existsSync(path) ? pathToFileURL(path).href : undefined);
      }
      return pages.get(code);
    },
  };
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}
