// Findings on their way to the client: pushed after each change, or given when it asks, of documents and of the
// files that no editor holds.
import type {
  Diagnostic,
  DocumentDiagnosticReport,
  ServerCapabilities,
  WorkspaceDiagnosticReport,
  WorkspaceDocumentDiagnosticReport,
} from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { type DiagnosticOptions, diagnosticsOf, SOURCE } from '../features/diagnostics.ts';
import { tooLarge } from '../host/decode.ts';
import { readSettings } from '../settings.ts';
import type { OpenDocument } from '../workspace.ts';
import { takes } from './params.ts';
import {
  DocumentDiagnosticRequest,
  PublishDiagnosticsNotification,
  tell,
  WorkspaceDiagnosticRequest,
} from './protocol.ts';
import { isSettings, type Session, throwIfCancelled } from './session.ts';

/** Milliseconds of work after which what has arrived is answered. */
const SLICE = 10;

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
    // Up to revision 3.17 a client says of pushed findings alone what it can, though it asks for them.
    const able = pulls() ? { ...publishDiagnostics, ...diagnostic } : publishDiagnostics;
    return {
      uri,
      pageOf: disk.rulePage,
      relatedInformation: able?.relatedInformation ?? false,
      codeDescription: able?.codeDescriptionSupport ?? false,
      tags: able?.tagSupport !== undefined,
      data: able?.dataSupport ?? false,
    };
  }

  /**
   * Works the findings of an analysis out, a slice at a time, so that what arrives meanwhile is answered.
   * @param isLeft whether nobody waits for them any longer, or they are of an old text
   * @returns whether it came to the end
   */
  async function workOut(analysis: Analysis, isLeft: () => boolean): Promise<boolean> {
    let begun = performance.now();
    while (!analysis.advance()) {
      if (performance.now() - begun < SLICE) continue;
      await session.turn();
      if (isLeft()) return false;
      begun = performance.now();
    }
    return true;
  }

  /** The findings of an open document as it is now; undefined where it changes before they are known, or nobody waits. */
  async function diagnose(document: OpenDocument, isLeft: () => boolean): Promise<Diagnostic[] | undefined> {
    const { uri, stamp, text } = document;
    if (document.tooLarge) return [aboutFile(tooLarge(text.length))];
    if (isSettings(uri)) {
      const { findings, tree } = readSettings(text);
      return diagnosticsOf(findings, tree.lines, optionsFor(uri));
    }
    const analysis = workspace.analysis(uri);
    if (analysis === undefined) return [];
    const isOver = () => isLeft() || workspace.document(uri)?.stamp !== stamp;
    if (!(await workOut(analysis, isOver))) return undefined;
    return diagnosticsOf(analysis.findings(), analysis.tree.lines, optionsFor(uri));
  }

  /** The findings of a file that no editor holds; undefined where nobody waits for them any longer. */
  async function diagnoseClosed(uri: string, isLeft: () => boolean): Promise<Diagnostic[] | undefined> {
    const content = disk.read(uri);
    if ('problem' in content) return [aboutFile(content.problem)];
    const analysis = workspace.analyseFile(uri, content.text);
    if (!(await workOut(analysis, isLeft))) return undefined;
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
      const items = await diagnose(document, () => false);
      // Another text, or another day: a change has begun another push, midnight has not.
      if (items === undefined) diagnostics.publishSoon(uri);
      else
        await tell(connection, PublishDiagnosticsNotification, {
          uri,
          version: document.version,
          diagnostics: items,
        });
    } catch (error) {
      waiting.delete(uri);
      session.log(`diagnostics of ${uri}`, error);
    }
  }

  const none: DocumentDiagnosticReport = { kind: 'full', items: [] };
  session.answer(
    DocumentDiagnosticRequest,
    takes.document,
    none,
    async ({ textDocument: { uri }, previousResultId }, token): Promise<DocumentDiagnosticReport> => {
      await session.ready;
      for (;;) {
        await session.settled(uri);
        throwIfCancelled(token);
        const document = workspace.document(uri);
        if (document === undefined) return none;
        const resultId = session.resultId(document.stamp);
        if (previousResultId === resultId) return { kind: 'unchanged', resultId };
        const items = await diagnose(document, () => token.isCancellationRequested);
        if (items) return { kind: 'full', resultId, items };
      }
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
        const isLeft = () => token.isCancellationRequested;
        const report = async (
          uri: string,
          version: number | null,
          resultId: string,
          diagnostics: () => Promise<Diagnostic[] | undefined>,
        ): Promise<void> => {
          reported.add(disk.normal(uri));
          if (previous.get(disk.normal(uri)) === resultId) {
            items.push({ kind: 'unchanged', uri, version, resultId });
            return;
          }
          const found = await diagnostics();
          // Of a document that changes meanwhile the editor asks again.
          if (found) items.push({ kind: 'full', uri, version, resultId, items: found });
        };
        for (const document of workspace.documents()) {
          if (isLeft()) break;
          const { uri, version, stamp } = document;
          await report(uri, version, session.resultId(stamp), () => diagnose(document, isLeft));
        }
        for (const uri of session.topologyFiles()) {
          if (isLeft()) break;
          if (reported.has(disk.normal(uri))) continue;
          const mark = await disk.mark(uri);
          if (mark === undefined) continue;
          const resultId = session.resultId(`${workspace.settingsStamp()}-${mark}`);
          await report(uri, null, resultId, async () => {
            const before = closed.get(uri);
            if (before?.resultId === resultId) return before.items;
            const found = await diagnoseClosed(uri, isLeft);
            if (found) closed.set(uri, { resultId, items: found });
            return found;
          });
        }
        // What was reported and is gone no longer has findings.
        for (const { uri } of previousResultIds) {
          if (reported.has(disk.normal(uri)) || isLeft()) continue;
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
      if (!pulls()) void tell(connection, PublishDiagnosticsNotification, { uri, diagnostics: [] });
    },
  };
  return diagnostics;
}

/** A finding about a file as a whole. */
function aboutFile(message: string): Diagnostic {
  const start = { line: 0, character: 0 };
  return { range: { start, end: start }, severity: 1, source: SOURCE, message };
}
