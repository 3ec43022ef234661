// What changes how files are judged while the server runs: the editor's settings, `.cmtopo.yaml` files, files and
// folders that come and go.

import { editorRules, readSettings, SETTINGS_FILE } from '../settings.ts';
import { hasTopologyName } from '../topology/file-kind.ts';
import type { Diagnostics } from './diagnostics.ts';
import { demand, takes } from './params.ts';
import {
  ask,
  ConfigurationRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  DidChangeWorkspaceFoldersNotification,
  InitializedNotification,
  onNotification,
  RegistrationRequest,
} from './protocol.ts';
import { FILES } from './requests.ts';
import { fileName, isSettings, member, type Refreshed, type Session, toldFiles } from './session.ts';
import { SWITCHES, type Switch } from './switches.ts';

/** The section of the editor's settings that is ours. */
const SECTION = 'configmgrTopology';

export interface SettingsEvents {
  /** After a settings file was opened, typed in or closed: only another severity or edition changes findings. */
  edited(before: string | undefined, after: string | undefined): void;
  /** After a settings file changed on the disk. */
  changed(): void;
}

/** Listens to changes of settings and files. */
export function followSettings(session: Session, diagnostics: Diagnostics): SettingsEvents {
  const { connection, disk, workspace, shown } = session;

  /** Gives whether findings may be others now. */
  async function readConfiguration(): Promise<boolean> {
    const sections = await ask(connection, ConfigurationRequest, { items: [{ section: SECTION }] });
    return takeSettings(Array.isArray(sections) ? sections[0] : undefined);
  }

  /** Has the client tell of something from now on. */
  function register({ method }: { readonly method: string }, registerOptions: object): Promise<void> {
    return ask(connection, RegistrationRequest, { registrations: [{ id: method, method, registerOptions }] });
  }

  function takeSettings(section: unknown): boolean {
    const findingsChange = workspace.setEditorRules(editorRules(member(section, 'rules')));
    for (const name of Object.keys(SWITCHES) as readonly Switch[]) {
      const again: Refreshed | undefined = SWITCHES[name];
      const isOn = member(member(section, name), 'enabled') !== false;
      if (isOn === shown[name]) continue;
      shown[name] = isOn;
      if (again !== undefined) session.refresh(again);
    }
    return findingsChange;
  }

  const events: SettingsEvents = {
    edited(before, after) {
      const meaning = (text: string | undefined) => JSON.stringify(readSettings(text ?? '').settings);
      if (before === after || meaning(before) === meaning(after)) return;
      events.changed();
    },
    changed() {
      workspace.forgetSettings();
      diagnostics.recheck();
      // Another edition has other connections, ports and words.
      session.refresh('codeLens');
      session.refresh('inlayHint');
      session.refresh('semanticTokens');
    },
  };

  onNotification(connection, InitializedNotification, async () => {
    const { workspace: able } = session.client;
    try {
      if (able?.workspaceFolders) {
        onNotification(connection, DidChangeWorkspaceFoldersNotification, (params) => {
          demand(takes.folders, params);
          const { added, removed } = params.event;
          const gone = new Set(removed.map(({ uri }) => uri));
          const left = session.folders.filter((uri) => !gone.has(uri));
          session.folders = [...left, ...added.map(({ uri }) => uri)];
          session.forgetFiles();
          diagnostics.refreshPulled();
        });
      }
      if (able?.didChangeConfiguration?.dynamicRegistration) {
        await register(DidChangeConfigurationNotification, { section: SECTION });
      }
      if (able?.didChangeWatchedFiles?.dynamicRegistration) {
        await register(DidChangeWatchedFilesNotification, {
          watchers: [
            { globPattern: `**/${SETTINGS_FILE}` },
            // Any YAML file is a topology whose first line says so.
            { globPattern: '**/*.{yaml,yml}' },
          ],
        });
        session.watching = true;
      }
      if (able?.configuration) await readConfiguration();
    } catch (error) {
      session.log('initialized', error);
    } finally {
      session.configured();
    }
  });

  onNotification(connection, DidChangeConfigurationNotification, async (params) => {
    try {
      await session.ready;
      const isChanged = session.client.workspace?.configuration
        ? await readConfiguration()
        : takeSettings(member(params.settings, SECTION));
      if (isChanged) diagnostics.recheck();
    } catch (error) {
      session.log('settings', error);
    }
  });

  onNotification(connection, DidChangeWatchedFilesNotification, (params) => {
    demand(takes.watched, params);
    const changes = params.changes.filter(({ uri }) => concernsUs(uri));
    if (changes.length === 0) return;
    session.forgetFiles();
    if (changes.some(({ uri }) => isSettings(uri))) events.changed();
    else if (changes.some(({ uri }) => workspace.document(uri) === undefined)) diagnostics.refreshPulled();
  });

  /** Whether a file is, was or has become a topology or settings file, and not YAML of another kind. */
  function concernsUs(uri: string): boolean {
    if (isSettings(uri) || hasTopologyName(fileName(uri))) return true;
    const name = disk.normal(uri);
    return session.topologyFiles().some((one) => disk.normal(one) === name) || disk.isMarked(uri);
  }

  connection.onNotification(FILES, (params: unknown) => {
    const told = toldFiles(params);
    disk.take(told);
    session.forgetFiles();
    if (told.some(({ uri }) => isSettings(uri))) events.changed();
    else diagnostics.refreshPulled();
  });

  return events;
}
