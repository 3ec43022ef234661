// What the server knows of the one client that it serves: what the client can, its folders, its documents, and
// when its settings are known.
import type { CancellationToken, ClientCapabilities, InitializeParams } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { dayOf } from '../date.ts';
import { localeOf, setLocale } from '../l10n.ts';
import { SETTINGS_FILE } from '../settings.ts';
import { createWorkspace, type Workspace } from '../workspace.ts';
import { type Check, demand } from './params.ts';
import {
  CodeLensRefreshRequest,
  type Connection,
  DiagnosticRefreshRequest,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  onRequest,
  type Request,
  ResponseError,
  SemanticTokensRefreshRequest,
  tellError,
} from './protocol.ts';
import type { ToldFile } from './requests.ts';
import type { Switch } from './switches.ts';
import type { Disk } from './told-disk.ts';

/** The current day; asked several times for each message, and a day begins with a minute in every time zone. */
const today = (() => {
  let [minute, day] = [-1, ''];
  return (): string => {
    const now = Date.now();
    const current = Math.floor(now / 60_000);
    if (current !== minute) [minute, day] = [current, dayOf(new Date(now))];
    return day;
  };
})();

/** What asks a client to ask again, by the capability that says that it can. */
const REFRESH = {
  codeLens: CodeLensRefreshRequest,
  diagnostics: DiagnosticRefreshRequest,
  inlayHint: InlayHintRefreshRequest,
  semanticTokens: SemanticTokensRefreshRequest,
} as const;

export type Refreshed = keyof typeof REFRESH;

/** A handler; undefined stands for the empty answer of its request. */
export type Handler<P, R> = (params: P, token: CancellationToken) => R | undefined | Promise<R | undefined>;

export interface Session {
  readonly connection: Connection;
  readonly disk: Disk;
  readonly workspace: Workspace;
  /** What the client can; nothing before `initialize`. */
  readonly client: ClientCapabilities;
  /** Commands of the client that lead somewhere; another editor has none. */
  readonly commands: ReadonlySet<string>;
  /** What the editor's settings switch on and off. */
  readonly shown: Record<Switch, boolean>;
  /** Whether the client tells of files that change on the disk. */
  watching: boolean;
  /** Settled once the editor's settings are known, so that nothing flashes up that they turn off. */
  readonly ready: Promise<void>;
  /** Says that they are. */
  configured(): void;
  /** The client's folders, as addresses. */
  folders: readonly string[];
  /** Takes in what `initialize` says. */
  begin(params: InitializeParams): void;
  /** A result id that no earlier run of the server has given. */
  resultId(of: string | number): string;
  log(what: string, error: unknown): void;
  /** Has the client ask again for what it shows, where it can. */
  refresh(what: Refreshed): void;
  /** Lets the messages that have already arrived be read first. */
  turn(): Promise<void>;
  /** Waits while changes of a document are still being read: one turn where there are none. */
  settled(uri: string): Promise<void>;
  /** The analysis of an open topology; undefined for a document that is not open, and for a settings file. */
  topologyAt(uri: string): Analysis | undefined;
  /** The addresses of the topology files of the client's folders. */
  topologyFiles(): readonly string[];
  /** They have to be looked for again. */
  forgetFiles(): void;
  /** Has something done after a document was closed. */
  whenClosed(forget: (uri: string) => void): void;
  /** Forgets what was kept of a document. */
  closed(uri: string): void;
  /**
   * Answers a request. Wrong parameters get the protocol's error; a handler that fails, or that gives nothing, the
   * empty answer: a crash helps nobody who is typing. What a person shall read is thrown as a `ResponseError`.
   * @param request one of the protocol, or the name of one of our own
   */
  answer<P, R>(request: Request<P, R> | string, check: Check, empty: R, handler: Handler<P, R>): void;
}

/**
 * A session over a connection, before `initialize`.
 * @param turn lets the messages that have already arrived be read first
 */
export function createSession(connection: Connection, disk: Disk, turn: () => Promise<void>): Session {
  const run = Date.now().toString(36);
  const workspace = createWorkspace({ ...disk, today });
  const closers: ((uri: string) => void)[] = [];
  let client: ClientCapabilities = {};
  let commands: ReadonlySet<string> = new Set();
  let configured: () => void = () => {};
  const ready = new Promise<void>((resolve) => {
    configured = resolve;
  });
  /** Undefined when they have to be looked for again. */
  let files: readonly string[] | undefined;

  const log = (what: string, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    void tellError(connection, `${what}: ${text}`);
  };

  const session: Session = {
    connection,
    disk,
    workspace,
    get client() {
      return client;
    },
    get commands() {
      return commands;
    },
    shown: { codeLens: true, inlayHints: true },
    watching: false,
    ready,
    configured: () => configured(),
    folders: [],
    begin({ capabilities, initializationOptions, locale, workspaceFolders, rootUri }) {
      client = capabilities;
      commands = wordsOf(member(initializationOptions, 'commands'));
      const pages = member(initializationOptions, 'pages');
      if (typeof pages === 'string') disk.setPages(pages);
      disk.take(toldFiles(initializationOptions));
      // An editor that does not say leaves it to the environment.
      if (locale !== undefined) setLocale(localeOf(locale) ?? 'en', messagesOf(initializationOptions));
      session.folders = workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);
    },
    resultId: (of) => `${run}-${of}`,
    log,
    refresh(what) {
      if (!client.workspace?.[what]?.refreshSupport) return;
      connection.sendRequest(REFRESH[what].method).catch((error: unknown) => log('refresh', error));
    },
    turn,
    async settled(uri) {
      for (;;) {
        const stamp = workspace.document(uri)?.stamp;
        await turn();
        if (workspace.document(uri)?.stamp === stamp) return;
      }
    },
    topologyAt: (uri) => (isSettings(uri) ? undefined : workspace.analysis(uri)),
    topologyFiles() {
      if (!session.watching) files = undefined;
      files ??= disk.topologyFiles(session.folders);
      return files;
    },
    forgetFiles() {
      files = undefined;
    },
    whenClosed: (forget) => void closers.push(forget),
    closed(uri) {
      for (const forget of closers) forget(uri);
    },
    answer<P, R>(request: Request<P, R> | string, check: Check, empty: R, handler: Handler<P, R>) {
      const named = typeof request === 'string' ? { method: request } : request;
      onRequest<P, R>(connection, named, async (params, token) => {
        demand(check, params);
        try {
          return (await handler(params, token)) ?? empty;
        } catch (error) {
          if (error instanceof ResponseError) throw error;
          log(named.method, error);
          return empty;
        }
      });
    },
  };
  return session;
}

/** Ends the work on a request that the client no longer waits for. */
export function throwIfCancelled(token: CancellationToken): void {
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
}

/** Whether a document is a settings file. */
export function isSettings(uri: string): boolean {
  return uri.endsWith(`/${SETTINGS_FILE}`);
}

/** The last part of a document's address, as a person writes it. */
export function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** What a message's `files` says, without what is no file. */
export function toldFiles(params: unknown): readonly ToldFile[] {
  const files = member(params, 'files');
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown): ToldFile[] => {
    const uri = member(file, 'uri');
    const text = member(file, 'text');
    return typeof uri === 'string' && (typeof text === 'string' || text === null) ? [{ uri, text }] : [];
  });
}

/** A member of something that a client sent, whatever that is. */
export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}

function wordsOf(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []);
}

/** The translated messages that a client sends, if it does. */
function messagesOf(options: unknown): Record<string, string> | undefined {
  const messages = member(options, 'messages');
  if (typeof messages !== 'object' || messages === null) return undefined;
  return Object.fromEntries(Object.entries(messages).filter(([, text]) => typeof text === 'string'));
}
