// Findings on their way to the client: pushed after each change, or given when it asks, of documents and of the
// files that no editor holds.
import {
  type Diagnostic,
  type DocumentDiagnosticReport,
  DocumentDiagnosticRequest,
  type ServerCapabilities,
  type WorkspaceDiagnosticReport,
  WorkspaceDiagnosticRequest,
  type WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver';
import { type DiagnosticOptions, diagnosticsOf, SOURCE } from '../features/diagnostics.ts';
import { tooLarge } from '../host/decode.ts';
import { readSettings } from '../settings.ts';
import { takes } from './params.ts';
import { isSettings, type Session, throwIfCancelled } from './session.ts';

export interface Diagnostics {
  capability(): Partial<ServerCapabilities>;
  /** Pushes a document's findings as soon as no further change of it waits to be read. */
  publishSoon(uri: string): void;
  /** After something that changes the findings of files, but of no open document. */
  refreshPulled(): void;
  /** After something that may change every finding. */
  recheck(): void;
  /** Takes the findings of a document away. */
  clear(uri: string): void;
}

/** Answers the requests for findings. */
export function createDiagnostics(session: Session): Diagnostics {
  const { connection, disk, workspace } = session;

  /** Whether the client asks for findings; else they are pushed. */
  const pulls = (): boolean => session.client.textDocument?.diagnostic !== undefined;

  function optionsFor(uri: string): DiagnosticOptions {
    const { diagnostic, publishDiagnostics } = session.client.textDocument ?? {};
    const able = pulls() ? diagnostic : publishDiagnostics;
    return {
      uri,
      pageOf: disk.rulePage,
      relatedInformation: able?.relatedInformation ?? false,
      codeDescription: able?.codeDescriptionSupport ?? false,
      tags: able?.tagSupport !== undefined,
      data: able?.dataSupport ?? false,
    };
  }

  function diagnose(uri: string): Diagnostic[] {
    const document = workspace.document(uri);
    if (document === undefined) return [];
    if (document.tooLarge) return [aboutFile(tooLarge(document.text.length))];
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
    if ('problem' in content) return [aboutFile(content.problem)];
    const analysis = workspace.analyseFile(uri, content.text);
    return diagnosticsOf(analysis.findings(), analysis.tree.lines, optionsFor(uri));
  }

  const waiting = new Set<string>();

  async function publish(uri: string): Promise<void> {
    try {
      await session.ready;
      await session.settled(uri);
      waiting.delete(uri);
      const document = workspace.document(uri);
      if (document === undefined) return;
      const diagnostics = diagnose(uri);
      await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
    } catch (error) {
      waiting.delete(uri);
      session.log(`diagnostics of ${uri}`, error);
    }
  }

  const none: DocumentDiagnosticReport = { kind: 'full', items: [] };
  session.answer(
    DocumentDiagnosticRequest.type,
    takes.document,
    none,
    async ({ textDocument: { uri }, previousResultId }, token): Promise<DocumentDiagnosticReport> => {
      await session.ready;
      await session.settled(uri);
      throwIfCancelled(token);
      const document = workspace.document(uri);
      if (document === undefined) return none;
      const resultId = session.resultId(document.stamp);
      if (previousResultId === resultId) return { kind: 'unchanged', resultId };
      return { kind: 'full', resultId, items: diagnose(uri) };
    },
  );

  /** Findings of files that no editor holds, by address. */
  const closed = new Map<string, { resultId: string; items: Diagnostic[] }>();

  session.answer<{ previousResultIds: readonly { uri: string; value: string }[] }, WorkspaceDiagnosticReport>(
    WorkspaceDiagnosticRequest.method,
    takes.previousResults,
    { items: [] },
    async ({ previousResultIds }, token) => {
      const items: WorkspaceDocumentDiagnosticReport[] = [];
      try {
        await session.ready;
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
          report(uri, version, session.resultId(stamp), () => diagnose(uri));
        }
        for (const uri of session.topologyFiles()) {
          if (token.isCancellationRequested) break;
          if (reported.has(disk.normal(uri))) continue;
          const mark = await disk.mark(uri);
          if (mark === undefined) continue;
          const resultId = session.resultId(`${workspace.settingsStamp()}-${mark}`);
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
        // What was found until then is of use.
        session.log('workspace diagnostics', error);
      }
      return { items };
    },
  );

  const diagnostics: Diagnostics = {
    capability: () =>
      pulls()
        ? {
            diagnosticProvider: {
              identifier: 'cmtopo',
              interFileDependencies: false,
              workspaceDiagnostics: true,
            },
          }
        : {},
    publishSoon(uri) {
      if (pulls() || waiting.has(uri)) return;
      waiting.add(uri);
      void publish(uri);
    },
    refreshPulled() {
      if (pulls()) session.refresh('diagnostics');
    },
    recheck() {
      for (const { uri } of workspace.documents()) diagnostics.publishSoon(uri);
      diagnostics.refreshPulled();
    },
    clear(uri) {
      if (!pulls()) void connection.sendDiagnostics({ uri, diagnostics: [] });
    },
  };
  return diagnostics;
}

/** A finding about a file as a whole. */
function aboutFile(message: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: 1, source: SOURCE, message };
}
