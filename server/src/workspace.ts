// The open documents and what is known about each: its settings and its analysis.
// Files are read by the host that is passed in; nothing here does input or output.
import { type Analysis, analyse } from './analysis.ts';
import type { Settings } from './rules/rule.ts';
import { mergeSettings, readSettings } from './settings.ts';
import { LARGEST_FILE } from './text/limits.ts';

/** What the workspace asks of the outside. */
export interface WorkspaceHost {
  /** The nearest `.cmtopo.yaml` at or above a document; undefined where there is none. */
  nearestSettings(uri: string): { readonly uri: string; readonly text: string } | undefined;
  /** One spelling of an address, to compare by. */
  normal(uri: string): string;
  /** The current day as YYYY-MM-DD. */
  today(): string;
}

export interface OpenDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  /** Grows with every change of the text and of the settings in force: two equal stamps, equal findings. */
  readonly stamp: number;
  /** It is larger than any file that is read: nothing is said of what it holds. */
  readonly tooLarge: boolean;
}

export interface Workspace {
  /** Puts a document's text in place, at opening and at every change. */
  set(uri: string, version: number, text: string): void;
  close(uri: string): void;
  document(uri: string): OpenDocument | undefined;
  documents(): readonly OpenDocument[];
  /** The analysis of an open document, made once for each text and settings; undefined for a document that is not open or too large. */
  analysis(uri: string): Analysis | undefined;
  /** Analyses a text that no editor holds. */
  analyseFile(uri: string, text: string): Analysis;
  /** The settings in force for a document. */
  settings(uri: string): Settings;
  /** The nearest settings file of a document, as the editor has it where it is open. */
  settingsFile(uri: string): { readonly uri: string; readonly text: string } | undefined;
  /**
   * The severities of the editor's own settings. A code that `.cmtopo.yaml` names keeps the file's severity.
   * @returns whether they are others than before
   */
  setEditorRules(rules: Settings['rules']): boolean;
  /** Forgets what was read from settings files and every finding that depended on it. */
  forgetSettings(): void;
  /** Grows whenever settings may have changed. */
  settingsStamp(): number;
}

interface Entry extends OpenDocument {
  analysis: Analysis | undefined;
  /** That of an earlier version, which the next one uses up. */
  earlier: Analysis | undefined;
}

/** A workspace without documents. */
export function createWorkspace(host: WorkspaceHost): Workspace {
  const entries = new Map<string, Entry>();
  const fileSettings = new Map<string, Settings>();
  let editorRules: Settings['rules'] = {};
  let stamp = 0;
  let settingsStamp = 0;
  let today = host.today();

  /** A firewall rule may expire at midnight, while the file stays open. */
  function lookAtDay(): void {
    const now = host.today();
    if (now === today) return;
    today = now;
    forgetSettings();
  }

  function settingsFile(uri: string): { readonly uri: string; readonly text: string } | undefined {
    const file = host.nearestSettings(uri);
    if (file === undefined) return undefined;
    // What is in an editor counts before it is saved, as with every other file.
    const name = host.normal(file.uri);
    const open = [...entries.values()].find((entry) => host.normal(entry.uri) === name);
    return open?.tooLarge ? undefined : (open ?? file);
  }

  function settingsFor(uri: string): Settings {
    lookAtDay();
    const folder = uri.slice(0, uri.lastIndexOf('/') + 1);
    let settings = fileSettings.get(folder);
    if (settings === undefined) {
      const text = settingsFile(uri)?.text;
      // The file comes last, so that the editor and the command line judge alike.
      settings = mergeSettings(
        { rules: editorRules, today },
        ...(text === undefined ? [] : [readSettings(text).settings]),
      );
      fileSettings.set(folder, settings);
    }
    return settings;
  }

  function forgetSettings(): void {
    fileSettings.clear();
    settingsStamp++;
    for (const [uri, entry] of entries) {
      const earlier = entry.analysis ?? entry.earlier;
      entries.set(uri, { ...entry, stamp: ++stamp, analysis: undefined, earlier });
    }
  }

  return {
    set(uri, version, text) {
      const before = entries.get(uri);
      const earlier = before?.analysis ?? before?.earlier;
      const tooLarge = text.length > LARGEST_FILE;
      entries.set(uri, { uri, version, text, stamp: ++stamp, tooLarge, analysis: undefined, earlier });
    },
    close: (uri) => void entries.delete(uri),
    document(uri) {
      lookAtDay();
      return entries.get(uri);
    },
    documents: () => [...entries.values()],
    analysis(uri) {
      lookAtDay();
      const entry = entries.get(uri);
      if (entry === undefined || entry.tooLarge) return undefined;
      if (entry.analysis === undefined) {
        entry.analysis = analyse(entry.text, settingsFor(uri), entry.earlier);
        entry.earlier = undefined;
      }
      return entry.analysis;
    },
    analyseFile: (uri, text) => analyse(text, settingsFor(uri)),
    settings: settingsFor,
    settingsFile,
    setEditorRules(rules) {
      const codes = Object.keys(rules);
      const isSame =
        codes.length === Object.keys(editorRules).length &&
        codes.every((code) => rules[code] === editorRules[code]);
      if (isSame) return false;
      editorRules = rules;
      forgetSettings();
      return true;
    },
    forgetSettings,
    settingsStamp() {
      lookAtDay();
      return settingsStamp;
    },
  };
}
