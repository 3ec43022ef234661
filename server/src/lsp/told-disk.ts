// Files that this process cannot read itself: those of a browser and of virtual workspaces. The editor tells them.
import { t } from '../l10n.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { hasMarker } from '../topology/file-kind.ts';
import type { ToldFile } from './requests.ts';

/** What the language server asks of files: settings files, topology files that no editor holds, the rules' pages. */
export interface Disk {
  /** Takes in what the editor says of files that this process cannot read: how they are now, or that they are gone. */
  take(files: readonly ToldFile[]): void;
  /** @param folder the address of the folder with the rules' pages, for a process that does not know its own */
  setPages(folder: string): void;
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
  /** Whether a file's first line makes it a topology, whatever its name. */
  isMarked(uri: string): boolean;
  /** One spelling of an address, to compare by. */
  normal(uri: string): string;
  /** The address of a rule's page; undefined where there is none. */
  rulePage(code: string): string | undefined;
}

/** A disk that holds what the editor has told, and nothing at first. */
export function toldDisk(): Disk {
  const files = new Map<string, { readonly text: string; readonly mark: string }>();
  let taken = 0;
  let pages: string | undefined;
  return {
    take(told) {
      for (const { uri, text } of told) {
        if (text === null) files.delete(uri);
        else files.set(uri, { text, mark: `told-${++taken}` });
      }
    },
    setPages(folder) {
      pages = folder.replace(/(?<!\/)\/*$/, '/');
    },
    nearestSettings(uri) {
      for (let end = uri.lastIndexOf('/'); end > 0; end = uri.lastIndexOf('/', end - 1)) {
        const settings = `${uri.slice(0, end)}/${SETTINGS_FILE}`;
        const file = files.get(settings);
        if (file) return { uri: settings, text: file.text.replace(/^\uFEFF/, '') };
      }
      return undefined;
    },
    // An unsaved document has no folder: its address has no slash.
    newSettings: (uri) =>
      /^[\w.+-]+:\/\/.*\//.test(uri) ? `${uri.slice(0, uri.lastIndexOf('/'))}/${SETTINGS_FILE}` : undefined,
    topologyFiles: (folders) =>
      [...files.keys()]
        .filter(
          (uri) =>
            !uri.endsWith(`/${SETTINGS_FILE}`) &&
            folders.some((folder) => uri.startsWith(folder.replace(/(?<!\/)\/*$/, '/'))),
        )
        .sort(),
    mark: async (uri) => files.get(uri)?.mark,
    read(uri) {
      const file = files.get(uri);
      return file ? { text: file.text } : { problem: t('{0} is not known here.', uri) };
    },
    isMarked: (uri) => hasMarker(files.get(uri)?.text ?? ''),
    committed: () => ({ problem: t('The file is not saved on this machine, so git does not know it.') }),
    normal: (uri) => uri,
    rulePage: (code) => (pages === undefined ? undefined : `${pages}${code}.md`),
  };
}
