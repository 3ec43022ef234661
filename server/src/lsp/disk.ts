// What the language server reads from the disk: settings files, topology files that no editor
// holds, and the rules' pages.
import { existsSync, readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { discover, nearestSettings } from '../cli/discover.ts';
import { readTextFile } from '../cli/files.ts';
import { committedText } from '../cli/git.ts';
import { t } from '../l10n.ts';
import { SETTINGS_FILE } from '../settings.ts';

/** What the server asks of the disk. In a browser another host answers. */
export interface Disk {
  /** The nearest `.cmtopo.yaml` at or above a document; undefined where there is none. */
  nearestSettings(uri: string): { readonly uri: string; readonly text: string } | undefined;
  /** The address of a settings file beside a document; undefined where the document is not on the disk. */
  newSettings(uri: string): string | undefined;
  /** The addresses of all topology files under folders. What cannot be read is left out. */
  topologyFiles(folders: readonly string[]): readonly string[];
  /** A mark that differs when a file's content does; undefined where the file is gone. */
  mark(uri: string): Promise<string | undefined>;
  /** A file's text, or one line that says why it cannot be read. */
  read(uri: string): { readonly text: string } | { readonly problem: string };
  /** A file as the last commit has it, or a sentence that says why there is none. */
  committed(uri: string): { readonly text: string } | { readonly problem: string; readonly isNew?: true };
  /** One spelling of an address, to compare by. */
  normal(uri: string): string;
  /** The address of a rule's page; undefined where there is none. */
  rulePage(code: string): string | undefined;
}

/**
 * The disk of this machine.
 * @param root the program's own folder, above `dist/`
 */
export function nodeDisk(root: string): Disk {
  const pages = new Map<string, string | undefined>();
  return {
    nearestSettings(uri) {
      const path = pathOf(uri);
      const settings = path === undefined ? undefined : nearestSettings(path);
      try {
        if (settings === undefined) return undefined;
        const text = readFileSync(settings, 'utf8').replace(/^\uFEFF/, '');
        return { uri: pathToFileURL(settings).href, text };
      } catch {
        return undefined;
      }
    },
    newSettings(uri) {
      const path = pathOf(uri);
      return path === undefined ? undefined : pathToFileURL(join(dirname(path), SETTINGS_FILE)).href;
    },
    topologyFiles(folders) {
      const paths = folders.map(pathOf).filter((path) => path !== undefined);
      return discover(paths, root).files.map(({ absolute }) => pathToFileURL(absolute).href);
    },
    async mark(uri) {
      try {
        const path = pathOf(uri);
        if (path === undefined) return undefined;
        const { mtimeMs, size } = await stat(path);
        return `${mtimeMs}-${size}`;
      } catch {
        return undefined;
      }
    },
    read(uri) {
      const path = pathOf(uri);
      if (path === undefined) return { problem: `${uri} is no file of this machine` };
      try {
        return { text: readTextFile(path, path).text };
      } catch (error) {
        return { problem: error instanceof Error ? error.message : String(error) };
      }
    },
    committed(uri) {
      const path = pathOf(uri);
      return path === undefined
        ? { problem: t('The file is not saved on this machine, so that git does not know it.') }
        : committedText(path);
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
