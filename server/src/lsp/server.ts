// The wiring of the language server: the protocol's requests to the features' functions.
import {
  type CancellationToken,
  type ClientCapabilities,
  CodeActionTriggerKind,
  CodeLensRefreshRequest,
  type Connection,
  type Diagnostic,
  DiagnosticRefreshRequest,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type DocumentDiagnosticReport,
  type InitializeParams,
  type InitializeResult,
  InlayHintRefreshRequest,
  LSPErrorCodes,
  Message,
  ResponseError,
  type ResponseMessage,
  type SemanticTokens,
  type SemanticTokensDelta,
  type SemanticTokensDeltaParams,
  SemanticTokensRefreshRequest,
  type SymbolInformation,
  type TextDocumentIdentifier,
  TextDocumentSyncKind,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { version } from '../../../package.json';
import type { Analysis } from '../analysis.ts';
import { dayOf } from '../date.ts';
import { diagramGraph } from '../diagram/graph.ts';
import { exporters } from '../exports/firewall/index.ts';
import { exportReport } from '../exports/firewall/rules.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../features/call-hierarchy.ts';
import { changes } from '../features/changes.ts';
import {
  CODE_ACTION_KINDS,
  codeActions,
  type SettingsFile,
  settingsActions,
} from '../features/code-actions.ts';
import { codeLenses, type LensData, resolveCodeLens } from '../features/code-lens.ts';
import { completion, TRIGGER_CHARACTERS } from '../features/completion.ts';
import { connections, connectionsCsv } from '../features/connections.ts';
import { definition } from '../features/definition.ts';
import { type DiagnosticOptions, diagnosticsOf, SOURCE } from '../features/diagnostics.ts';
import { foldingRanges } from '../features/folding.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { documentLinks, settingsLinks } from '../features/links.ts';
import { highlights, references } from '../features/references.ts';
import { prepareRename, type Refusal, rename } from '../features/rename.ts';
import { selectionRanges } from '../features/selection.ts';
import { difference, encode, LEGEND, tokensOf } from '../features/semantic-tokens.ts';
import { settingsCompletion, settingsHover } from '../features/settings-file.ts';
import { summary } from '../features/summary.ts';
import { documentSymbols, matchingSymbols, namedSymbols } from '../features/symbols.ts';
import { localeOf, setLocale, t } from '../l10n.ts';
import { editorRules, readSettings, SETTINGS_FILE } from '../settings.ts';
import { createWorkspace } from '../workspace.ts';
import {
  CHANGES_SINCE_COMMIT,
  type ChangesResult,
  CONNECTIONS,
  CONNECTIONS_CSV,
  type ConnectionsCsvParams,
  type ConnectionsCsvResult,
  type ConnectionsResult,
  DIAGRAM,
  type DiagramParams,
  type DiagramResult,
  type DocumentParams,
  EXPORT,
  type ExportParams,
  type ExportResult,
  FILES,
  SHOW_CONNECTIONS,
  SUMMARY,
  type SummaryResult,
  type ToldFile,
} from './requests.ts';
import type { Disk } from './told-disk.ts';

/** The section of the editor's settings that is ours. */
const SECTION = 'configmgrTopology';

/** What asks a client to ask again, by the capability that says that it can. */
const REFRESH = {
  codeLens: CodeLensRefreshRequest.type,
  diagnostics: DiagnosticRefreshRequest.type,
  inlayHint: InlayHintRefreshRequest.type,
  semanticTokens: SemanticTokensRefreshRequest.type,
} as const;

/** Answers a cancelled request that still waits in the queue, so that no work is done for it. */
export function cancelQueued(message: Message): ResponseMessage {
  return {
    jsonrpc: '2.0',
    id: Message.isRequest(message) ? message.id : null,
    error: { code: LSPErrorCodes.RequestCancelled, message: 'Cancelled before it was started.' },
  };
}

/**
 * Connects the features to a client. Returns at once; the connection lives on its events.
 * @param turn lets the messages that have already arrived be read first
 */
export function serve(connection: Connection, disk: Disk, turn: () => Promise<void>): void {
  const workspace = createWorkspace({ ...disk, today: () => dayOf(new Date()) });
  const texts = new Map<string, TextDocument>();
  /** Result ids of an earlier run of the server never equal ours. */
  const run = Date.now().toString(36);
  let client: ClientCapabilities = {};
  /** Commands of the client that lead somewhere; another editor has none. */
  let commands: ReadonlySet<string> = new Set();
  let showsLenses = true;
  let showsHints = true;
  let folders: readonly string[] = [];
  let watching = false;
  let configured: () => void = () => {};
  /** Settled once the editor's settings are known, so that no finding flashes up that they turn off. */
  const ready = new Promise<void>((resolve) => {
    configured = resolve;
  });

  const log = (what: string, error: unknown): void => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    connection.console.error(`${what}: ${text}`);
  };

  /** A handler that answers `empty` rather than failing: a crash helps nobody who is typing. */
  function guarded<P, R>(
    what: string,
    empty: R,
    handler: (params: P, token: CancellationToken) => R | Promise<R>,
  ): (params: P, token: CancellationToken) => Promise<R> {
    return async (params, token) => {
      try {
        return await handler(params, token);
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        log(what, error);
        return empty;
      }
    };
  }

  /** The analysis of an open topology; undefined for a document that is not open, and for a settings file. */
  function topologyAt(uri: string): Analysis | undefined {
    return isSettings(uri) ? undefined : workspace.analysis(uri);
  }

  /** A handler for one analysed document; `empty` for a document that is not open or no topology. */
  function feature<P extends { textDocument: TextDocumentIdentifier }, R>(
    what: string,
    empty: R,
    handler: (analysis: Analysis, params: P) => R,
  ): (params: P, token: CancellationToken) => Promise<R> {
    return guarded(what, empty, (params, token) => {
      const analysis = token.isCancellationRequested ? undefined : topologyAt(params.textDocument.uri);
      return analysis === undefined ? empty : handler(analysis, params);
    });
  }

  // --- start and end -------------------------------------------------------------------------

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client = params.capabilities;
    commands = wordsOf(member(params.initializationOptions, 'commands'));
    const pages = member(params.initializationOptions, 'pages');
    if (typeof pages === 'string') disk.setPages(pages);
    disk.take(toldFiles(params.initializationOptions));
    // An editor that does not say leaves it to the environment.
    if (params.locale !== undefined) {
      setLocale(localeOf(params.locale) ?? 'en', messagesOf(params.initializationOptions));
    }
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    return {
      serverInfo: { name: 'cmtopo', version },
      capabilities: {
        textDocumentSync: {
          openClose: true,
          change: TextDocumentSyncKind.Incremental,
          save: { includeText: false },
        },
        ...(pulls()
          ? {
              diagnosticProvider: {
                identifier: 'cmtopo',
                interFileDependencies: false,
                workspaceDiagnostics: true,
              },
            }
          : {}),
        hoverProvider: true,
        completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS] },
        codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS] },
        definitionProvider: true,
        referencesProvider: true,
        callHierarchyProvider: true,
        documentHighlightProvider: true,
        documentSymbolProvider: true,
        workspaceSymbolProvider: true,
        foldingRangeProvider: true,
        ...(commands.has(SHOW_CONNECTIONS) ? { codeLensProvider: { resolveProvider: true } } : {}),
        selectionRangeProvider: true,
        documentLinkProvider: {},
        inlayHintProvider: true,
        semanticTokensProvider: { legend: LEGEND, full: { delta: true }, range: true },
        renameProvider: client.textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
    };
  });

  connection.onInitialized(async () => {
    try {
      if (client.workspace?.workspaceFolders) {
        connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
          const gone = new Set(removed.map(({ uri }) => uri));
          folders = [...folders.filter((uri) => !gone.has(uri)), ...added.map(({ uri }) => uri)];
          files = undefined;
          refreshPulled();
        });
      }
      if (client.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
      }
      if (client.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
        await connection.client.register(DidChangeWatchedFilesNotification.type, {
          watchers: [
            { globPattern: `**/${SETTINGS_FILE}` },
            { globPattern: '**/*.topology.yaml' },
            { globPattern: '**/*.topology.yml' },
          ],
        });
        watching = true;
      }
      if (client.workspace?.configuration) await readConfiguration();
    } catch (error) {
      log('initialized', error);
    } finally {
      configured();
    }
  });

  // --- documents -----------------------------------------------------------------------------

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    texts.set(uri, TextDocument.create(uri, languageId, version, text));
    const before = isSettings(uri) ? workspace.settingsFile(uri)?.text : undefined;
    workspace.set(uri, version, text);
    if (isSettings(uri)) settingsEdited(before, text);
    publishSoon(uri);
  });

  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    const old = texts.get(uri);
    if (old === undefined) return;
    const before = isSettings(uri) ? old.getText() : undefined;
    const document = TextDocument.update(old, contentChanges, version);
    texts.set(uri, document);
    workspace.set(uri, version, document.getText());
    if (isSettings(uri)) settingsEdited(before, document.getText());
    publishSoon(uri);
  });

  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    const before = isSettings(uri) ? texts.get(uri)?.getText() : undefined;
    texts.delete(uri);
    sentTokens.delete(uri);
    workspace.close(uri);
    if (isSettings(uri)) settingsEdited(before, workspace.settingsFile(uri)?.text);
    files = undefined;
    if (!pulls()) void connection.sendDiagnostics({ uri, diagnostics: [] });
  });

  connection.onDidSaveTextDocument(({ textDocument: { uri } }) => {
    // A client that watches no files says nothing when a settings file changes elsewhere.
    if (isSettings(uri) || !watching) settingsChanged();
  });

  // --- settings ------------------------------------------------------------------------------

  async function readConfiguration(): Promise<void> {
    const section: unknown = await connection.workspace.getConfiguration(SECTION);
    takeSettings(section);
  }

  function takeSettings(section: unknown): void {
    workspace.setEditorRules(editorRules(member(section, 'rules')));
    const lenses = member(member(section, 'codeLens'), 'enabled') !== false;
    const hints = member(member(section, 'inlayHints'), 'enabled') !== false;
    const [lensesChange, hintsChange] = [lenses !== showsLenses, hints !== showsHints];
    [showsLenses, showsHints] = [lenses, hints];
    if (lensesChange) refresh('codeLens');
    if (hintsChange) refresh('inlayHint');
  }

  /** Has the client ask again for what it shows, where it can. */
  function refresh(what: keyof typeof REFRESH): void {
    if (!client.workspace?.[what]?.refreshSupport) return;
    connection.sendRequest(REFRESH[what]).catch((error: unknown) => log('refresh', error));
  }

  connection.onDidChangeConfiguration(async ({ settings }) => {
    try {
      await ready;
      if (client.workspace?.configuration) await readConfiguration();
      else takeSettings(member(settings, SECTION));
      recheck();
    } catch (error) {
      log('settings', error);
    }
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    files = undefined;
    if (changes.some(({ uri }) => isSettings(uri))) settingsChanged();
    else if (changes.some(({ uri }) => workspace.document(uri) === undefined)) refreshPulled();
  });

  connection.onNotification(FILES, (params: unknown) => {
    const told = toldFiles(params);
    disk.take(told);
    files = undefined;
    if (told.some(({ uri }) => isSettings(uri))) settingsChanged();
    else refreshPulled();
  });

  /** After a settings file was opened, typed in or closed: only another severity or edition changes findings. */
  function settingsEdited(before: string | undefined, after: string | undefined): void {
    const meaning = (text: string | undefined) => JSON.stringify(readSettings(text ?? '').settings);
    if (before === after || meaning(before) === meaning(after)) return;
    settingsChanged();
  }

  function settingsChanged(): void {
    workspace.forgetSettings();
    recheck();
    // Another edition has other connections, ports and words.
    refresh('codeLens');
    refresh('inlayHint');
    refresh('semanticTokens');
  }

  function recheck(): void {
    for (const { uri } of workspace.documents()) publishSoon(uri);
    refreshPulled();
  }

  // --- diagnostics ---------------------------------------------------------------------------

  function pulls(): boolean {
    return client.textDocument?.diagnostic !== undefined;
  }

  function refreshPulled(): void {
    if (pulls()) refresh('diagnostics');
  }

  function optionsFor(uri: string): DiagnosticOptions {
    const able = pulls() ? client.textDocument?.diagnostic : client.textDocument?.publishDiagnostics;
    return {
      uri,
      pageOf: disk.rulePage,
      relatedInformation: able?.relatedInformation ?? false,
      codeDescription: able?.codeDescriptionSupport ?? false,
      tags: able?.tagSupport !== undefined,
    };
  }

  function diagnose(uri: string): Diagnostic[] {
    const document = workspace.document(uri);
    if (document === undefined) return [];
    if (isSettings(uri)) {
      const { findings, tree } = readSettings(document.text);
      return diagnosticsOf(findings, tree.lines, optionsFor(uri));
    }
    const analysis = workspace.analysis(uri);
    return analysis === undefined
      ? []
      : diagnosticsOf(analysis.findings(), analysis.tree.lines, optionsFor(uri));
  }

  function diagnoseClosed(uri: string): Diagnostic[] {
    const content = disk.read(uri);
    if ('problem' in content) {
      const start = { line: 0, character: 0 };
      return [{ range: { start, end: start }, severity: 1, source: SOURCE, message: content.problem }];
    }
    const analysis = workspace.analyseFile(uri, content.text);
    return diagnosticsOf(analysis.findings(), analysis.tree.lines, optionsFor(uri));
  }

  const waiting = new Set<string>();

  /** Pushes a document's findings as soon as no further change of it waits to be read. */
  function publishSoon(uri: string): void {
    if (pulls() || waiting.has(uri)) return;
    waiting.add(uri);
    void publish(uri);
  }

  async function publish(uri: string): Promise<void> {
    try {
      await ready;
      await settled(uri);
      waiting.delete(uri);
      const document = workspace.document(uri);
      if (document === undefined) return;
      const diagnostics = diagnose(uri);
      await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
    } catch (error) {
      waiting.delete(uri);
      log(`diagnostics of ${uri}`, error);
    }
  }

  /** Waits while changes of a document are still being read: one turn where there are none. */
  async function settled(uri: string): Promise<void> {
    for (;;) {
      const stamp = workspace.document(uri)?.stamp;
      await turn();
      if (workspace.document(uri)?.stamp === stamp) return;
    }
  }

  connection.languages.diagnostics.on(
    guarded<
      Parameters<Parameters<typeof connection.languages.diagnostics.on>[0]>[0],
      DocumentDiagnosticReport
    >(
      'diagnostics',
      { kind: 'full', items: [] },
      async ({ textDocument: { uri }, previousResultId }, token) => {
        await ready;
        await settled(uri);
        if (token.isCancellationRequested)
          throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
        const document = workspace.document(uri);
        if (document === undefined) return { kind: 'full', items: [] };
        const resultId = `${run}-${document.stamp}`;
        if (previousResultId === resultId) return { kind: 'unchanged', resultId };
        return { kind: 'full', resultId, items: diagnose(uri) };
      },
    ),
  );

  /** Topology files of the workspace; undefined when they have to be looked for again. */
  let files: readonly string[] | undefined;

  function topologyFiles(): readonly string[] {
    if (!watching) files = undefined;
    files ??= disk.topologyFiles(folders);
    return files;
  }

  /** Findings of files that no editor holds, by address. */
  const closed = new Map<string, { resultId: string; items: Diagnostic[] }>();

  connection.languages.diagnostics.onWorkspace(async ({ previousResultIds }, token) => {
    const items: WorkspaceDocumentDiagnosticReport[] = [];
    try {
      await ready;
      const previous = new Map(previousResultIds.map(({ uri, value }) => [disk.normal(uri), value]));
      const reported = new Set<string>();
      const report = (
        uri: string,
        version: number | null,
        resultId: string,
        diagnostics: () => Diagnostic[],
      ): void => {
        const known = previous.get(disk.normal(uri)) === resultId;
        reported.add(disk.normal(uri));
        items.push(
          known
            ? { kind: 'unchanged', uri, version, resultId }
            : { kind: 'full', uri, version, resultId, items: diagnostics() },
        );
      };
      for (const { uri, version, stamp } of workspace.documents()) {
        report(uri, version, `${run}-${stamp}`, () => diagnose(uri));
      }
      for (const uri of topologyFiles()) {
        if (token.isCancellationRequested) break;
        if (reported.has(disk.normal(uri))) continue;
        const mark = await disk.mark(uri);
        if (mark === undefined) continue;
        const resultId = `${run}-${workspace.settingsStamp()}-${mark}`;
        if (closed.get(uri)?.resultId !== resultId) {
          closed.set(uri, { resultId, items: diagnoseClosed(uri) });
        }
        report(uri, null, resultId, () => closed.get(uri)?.items ?? []);
      }
      // What was reported and is gone no longer has findings.
      for (const { uri } of previousResultIds) {
        if (reported.has(disk.normal(uri)) || token.isCancellationRequested) continue;
        items.push({ kind: 'full', uri, version: null, items: [] });
      }
    } catch (error) {
      log('workspace diagnostics', error);
    }
    return { items };
  });

  // --- features ------------------------------------------------------------------------------

  connection.onHover(
    guarded('hover', null, ({ textDocument: { uri }, position }, token) => {
      const document = workspace.document(uri);
      if (document === undefined || token.isCancellationRequested) return null;
      const formats = client.textDocument?.hover?.contentFormat;
      const markdown = formats === undefined || formats.includes('markdown');
      if (isSettings(uri)) return settingsHover(document.text, position, markdown, disk.rulePage) ?? null;
      const analysis = workspace.analysis(uri);
      return (analysis && hover(analysis, position, markdown, disk.rulePage)) ?? null;
    }),
  );

  connection.onCompletion(
    guarded('completion', null, ({ textDocument: { uri }, position, context }, token) => {
      const document = workspace.document(uri);
      if (document === undefined || token.isCancellationRequested) return null;
      const able = client.textDocument?.completion?.completionItem;
      const asIs = able?.insertTextModeSupport?.valueSet.includes(1) ?? false;
      if (isSettings(uri)) return settingsCompletion(document.text, position, { asIs });
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return null;
      const snippets = able?.snippetSupport ?? false;
      return completion(analysis, position, { snippets, asIs, trigger: context?.triggerCharacter });
    }),
  );

  connection.onCodeAction(
    guarded('code actions', null, ({ textDocument: { uri }, range, context }, token) => {
      const document = workspace.document(uri);
      if (document === undefined || token.isCancellationRequested) return null;
      const { only, diagnostics, triggerKind } = context;
      const able = client.workspace?.workspaceEdit;
      const asked = {
        uri,
        version: document.version,
        only,
        diagnostics,
        documentChanges: able?.documentChanges ?? false,
      };
      if (isSettings(uri)) return settingsActions(document.text, range, asked);
      const analysis = workspace.analysis(uri);
      if (analysis === undefined) return null;
      return codeActions(analysis, range, {
        ...asked,
        automatic: triggerKind === CodeActionTriggerKind.Automatic,
        settings: workspace.settings(uri),
        snippets: able?.snippetEditSupport ?? false,
        createFiles: able?.resourceOperations?.includes('create') ?? false,
        settingsFile: settingsFileFor(uri),
      });
    }),
  );

  /** Where the severities of a document's rules are changed. */
  function settingsFileFor(uri: string): SettingsFile | undefined {
    const file = workspace.settingsFile(uri);
    if (file !== undefined)
      return { uri: file.uri, text: file.text, version: workspace.document(file.uri)?.version };
    const beside = disk.newSettings(uri);
    return beside === undefined ? undefined : { uri: beside, text: undefined, version: undefined };
  }

  connection.onDefinition(
    feature('definition', null, (analysis, { textDocument: { uri }, position }) => {
      const links = definition(analysis, uri, position);
      if (links === undefined) return null;
      if (client.textDocument?.definition?.linkSupport) return links;
      return links.map(({ targetUri, targetSelectionRange }) => ({
        uri: targetUri,
        range: targetSelectionRange,
      }));
    }),
  );

  connection.onReferences(
    feature('references', null, (analysis, { textDocument: { uri }, position, context }) =>
      references(analysis, uri, position, context.includeDeclaration),
    ),
  );

  connection.languages.callHierarchy.onPrepare(
    feature('call hierarchy', null, (analysis, { textDocument: { uri }, position }) =>
      prepareCallHierarchy(analysis, uri, position),
    ),
  );

  connection.languages.callHierarchy.onIncomingCalls(
    guarded('incoming calls', null, ({ item }, token) => {
      const analysis = token.isCancellationRequested ? undefined : topologyAt(item.uri);
      return analysis === undefined ? null : incomingCalls(analysis, item);
    }),
  );

  connection.languages.callHierarchy.onOutgoingCalls(
    guarded('outgoing calls', null, ({ item }, token) => {
      const analysis = token.isCancellationRequested ? undefined : topologyAt(item.uri);
      return analysis === undefined ? null : outgoingCalls(analysis, item);
    }),
  );

  connection.onDocumentHighlight(
    feature('highlights', null, (analysis, { position }) => highlights(analysis, position)),
  );

  connection.onDocumentSymbol(feature('symbols', null, (analysis) => documentSymbols(analysis)));

  /** The named things of files that no editor holds, by address. */
  const closedSymbols = new Map<string, { mark: string; symbols: SymbolInformation[] }>();

  async function symbolsOfClosed(uri: string): Promise<readonly SymbolInformation[]> {
    const mark = await disk.mark(uri);
    if (mark === undefined) return [];
    const known = closedSymbols.get(uri);
    if (known?.mark === mark) return known.symbols;
    const content = disk.read(uri);
    const symbols = 'problem' in content ? [] : namedSymbols(workspace.analyseFile(uri, content.text), uri);
    closedSymbols.set(uri, { mark, symbols });
    return symbols;
  }

  connection.onWorkspaceSymbol(
    guarded('workspace symbols', null, async ({ query }, token) => {
      const found: SymbolInformation[] = [];
      const open = new Set<string>();
      for (const { uri } of workspace.documents()) {
        open.add(disk.normal(uri));
        const analysis = topologyAt(uri);
        if (analysis !== undefined) found.push(...matchingSymbols(namedSymbols(analysis, uri), query));
      }
      for (const uri of topologyFiles()) {
        if (token.isCancellationRequested) break;
        if (!open.has(disk.normal(uri))) found.push(...matchingSymbols(await symbolsOfClosed(uri), query));
      }
      return found;
    }),
  );

  connection.onDocumentLinks(
    guarded('links', null, ({ textDocument: { uri } }) => {
      const document = workspace.document(uri);
      if (document === undefined) return null;
      if (isSettings(uri)) return settingsLinks(document.text, disk.rulePage);
      const analysis = workspace.analysis(uri);
      return analysis === undefined ? null : documentLinks(analysis, disk.rulePage);
    }),
  );

  connection.languages.inlayHint.on(
    guarded('inlay hints', null, async ({ textDocument: { uri }, range }, token) => {
      // So that nothing flashes up that the settings turn off.
      await ready;
      const analysis = showsHints && !token.isCancellationRequested ? topologyAt(uri) : undefined;
      return analysis === undefined ? null : inlayHints(analysis, uri, range);
    }),
  );

  /** The tokens that the client has of a document, which the next answer is told as a difference to. */
  const sentTokens = new Map<string, { readonly resultId: string; readonly data: readonly number[] }>();
  const NO_TOKENS: SemanticTokens = { data: [] };

  function keepTokens(
    uri: string,
    analysis: Analysis,
  ): { readonly resultId: string; readonly data: number[] } {
    const data = encode(analysis, tokensOf(analysis));
    const tokens = { resultId: `${run}-${++tokenAnswers}`, data };
    sentTokens.set(uri, tokens);
    return tokens;
  }
  let tokenAnswers = 0;

  connection.languages.semanticTokens.on(
    feature('tokens', NO_TOKENS, (analysis, { textDocument: { uri } }) => keepTokens(uri, analysis)),
  );

  connection.languages.semanticTokens.onDelta(
    feature<SemanticTokensDeltaParams, SemanticTokens | SemanticTokensDelta>(
      'tokens',
      NO_TOKENS,
      (analysis, { textDocument: { uri }, previousResultId }) => {
        const before = sentTokens.get(uri);
        const after = keepTokens(uri, analysis);
        if (before?.resultId !== previousResultId) return after;
        return { resultId: after.resultId, edits: difference(before.data, after.data) };
      },
    ),
  );

  connection.languages.semanticTokens.onRange(
    feature('tokens', NO_TOKENS, (analysis, { range }) => ({
      data: encode(analysis, tokensOf(analysis, range)),
    })),
  );

  connection.onPrepareRename(
    feature('rename', null, (analysis, { position }) => allowed(prepareRename(analysis, position)) ?? null),
  );

  connection.onRenameRequest(
    feature('rename', null, (analysis, { textDocument: { uri }, position, newName }) => {
      const edits = allowed(rename(analysis, position, newName));
      if (edits === undefined) return null;
      if (!client.workspace?.workspaceEdit?.documentChanges) return { changes: { [uri]: [...edits] } };
      const version = workspace.document(uri)?.version ?? null;
      return { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] };
    }),
  );

  connection.onFoldingRanges(feature('folding', null, (analysis) => foldingRanges(analysis)));

  connection.onSelectionRanges(
    feature('selection ranges', null, (analysis, { positions }) => selectionRanges(analysis, positions)),
  );

  connection.onCodeLens(
    guarded('code lenses', null, async ({ textDocument: { uri } }, token) => {
      await ready;
      const analysis = showsLenses && !token.isCancellationRequested ? topologyAt(uri) : undefined;
      return analysis === undefined ? null : codeLenses(analysis, uri);
    }),
  );

  connection.onCodeLensResolve((lens) => {
    const data = lensData(lens.data);
    const analysis = data && topologyAt(data.uri);
    return data && analysis ? resolveCodeLens(analysis, lens, data, SHOW_CONNECTIONS) : lens;
  });

  // --- requests of our own -------------------------------------------------------------------

  /** What a view shows of an open topology, and of which version of its document. */
  async function ofVersion<T extends object>(
    uri: string,
    token: CancellationToken,
    show: (analysis: Analysis) => T,
  ): Promise<({ readonly version: number } & T) | null> {
    await ready;
    await settled(uri);
    if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled.');
    const version = workspace.document(uri)?.version;
    const analysis = topologyAt(uri);
    return analysis === undefined || version === undefined ? null : { version, ...show(analysis) };
  }

  connection.onRequest(
    CONNECTIONS,
    guarded<DocumentParams, ConnectionsResult>('connections', null, ({ textDocument: { uri } }, token) =>
      ofVersion(uri, token, (analysis) => ({ list: connections(analysis) })),
    ),
  );

  connection.onRequest(
    CONNECTIONS_CSV,
    guarded<ConnectionsCsvParams, ConnectionsCsvResult>('connections as CSV', null, async (params) => {
      const { uri } = params.textDocument;
      await ready;
      const analysis = topologyAt(uri);
      const csv = analysis && connectionsCsv(analysis, fileName(uri), params.filter, params.sort);
      return csv ?? null;
    }),
  );

  connection.onRequest(
    SUMMARY,
    guarded<DocumentParams, SummaryResult>('summary', null, async ({ textDocument: { uri } }) => {
      await ready;
      const analysis = topologyAt(uri);
      return analysis === undefined ? null : summary(analysis);
    }),
  );

  connection.onRequest<ExportResult, void>(
    EXPORT,
    guarded<ExportParams, ExportResult>(
      'export',
      { problem: t('The export failed; the log of the language server says why.') },
      async ({ textDocument: { uri }, format }) => {
        await ready;
        const analysis = topologyAt(uri);
        const write = Object.hasOwn(exporters, format) ? exporters[format] : undefined;
        if (analysis === undefined || write === undefined)
          return { problem: t('{0} is no open topology file.', fileName(uri)) };
        const { topology } = analysis;
        const { edition } = topology;
        if (edition === undefined) {
          return {
            problem: t(
              '{0} names no known edition of the port catalog, so its connections are not known.',
              fileName(uri),
            ),
          };
        }
        const about = { edition, file: fileName(uri), server: undefined, firewall: undefined };
        const { text, gaps } = write(exportReport(topology, analysis.flows(), about));
        return { text, gaps: gaps.length };
      },
    ),
  );

  connection.onRequest(
    DIAGRAM,
    guarded<DiagramParams, DiagramResult>(
      'diagram',
      null,
      ({ textDocument: { uri }, collapse, toggled }, token) =>
        ofVersion(uri, token, (analysis) => ({ graph: diagramGraph(analysis, { collapse, toggled }) })),
    ),
  );

  connection.onRequest<ChangesResult, void>(
    CHANGES_SINCE_COMMIT,
    guarded<DocumentParams, ChangesResult>(
      'changes since the last commit',
      { problem: t('The comparison failed; the log of the language server says why.') },
      async ({ textDocument: { uri } }) => {
        await ready;
        const analysis = topologyAt(uri);
        if (analysis === undefined) return { problem: t('{0} is no open topology file.', fileName(uri)) };
        const committed = disk.committed(uri);
        if ('problem' in committed) return committed;
        const name = fileName(uri);
        const found = changes(workspace.analyseFile(uri, committed.text), analysis, {
          before: `HEAD:${name}`,
          after: name,
        });
        if ('markdown' in found) return found;
        return {
          problem: t(
            '{0} names no known edition of the port catalog, so its connections are not known.',
            found.missing,
          ),
        };
      },
    ),
  );

  connection.listen();
}

/** The last part of a document's address, as a person writes it. */
function fileName(uri: string): string {
  const name = uri.slice(uri.lastIndexOf('/') + 1);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function lensData(data: unknown): LensData | undefined {
  const [uri, machine] = [member(data, 'uri'), member(data, 'machine')];
  return typeof uri === 'string' && typeof machine === 'string' ? { uri, machine } : undefined;
}

function wordsOf(value: unknown): ReadonlySet<string> {
  return new Set(Array.isArray(value) ? value.filter((word) => typeof word === 'string') : []);
}

/** What was asked for; a refusal is thrown, so that the editor shows its reason. */
function allowed<T extends object>(answer: T | Refusal | undefined): T | undefined {
  if (answer !== undefined && 'problem' in answer) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, answer.problem);
  }
  return answer;
}

function isSettings(uri: string): boolean {
  return uri.endsWith(`/${SETTINGS_FILE}`);
}

/** The translated messages that a client sends, if it does. */
function messagesOf(options: unknown): Record<string, string> | undefined {
  const messages = member(options, 'messages');
  if (typeof messages !== 'object' || messages === null) return undefined;
  return Object.fromEntries(Object.entries(messages).filter(([, text]) => typeof text === 'string'));
}

/** What a message's `files` says, without what is no file. */
function toldFiles(params: unknown): readonly ToldFile[] {
  const files = member(params, 'files');
  if (!Array.isArray(files)) return [];
  return files.flatMap((file: unknown): ToldFile[] => {
    const uri = member(file, 'uri');
    const text = member(file, 'text');
    return typeof uri === 'string' && (typeof text === 'string' || text === null) ? [{ uri, text }] : [];
  });
}

function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
}
