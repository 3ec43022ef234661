// The answers to the requests of our own, which `requests.ts` declares.
import type { CancellationToken } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { diagramGraph } from '../diagram/graph.ts';
import { zoneMatrix } from '../diagram/zone-matrix.ts';
import { exporters } from '../exports/firewall/index.ts';
import { exportReport } from '../exports/firewall/rules.ts';
import { changes } from '../features/changes.ts';
import { connections, connectionsCsv } from '../features/connections.ts';
import { withoutEdition } from '../features/explain.ts';
import { editorRange } from '../features/place.ts';
import { summary } from '../features/summary.ts';
import { hierarchyText } from '../inventory/index.ts';
import { t, translated } from '../l10n.ts';
import { reportHtml } from '../report/html.ts';
import { reportPage } from '../report/report.ts';
import { lackingIn } from '../write-rules.ts';
import { fields, listCheck, takes, textCheck } from './params.ts';
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
  EXPORT_FORMATS,
  type ExportFormatsResult,
  type ExportParams,
  type ExportResult,
  IMPORT_HIERARCHY,
  type ImportHierarchyParams,
  type ImportHierarchyResult,
  REPORT,
  type ReportResult,
  SUMMARY,
  type SummaryResult,
  WRITE_RULES,
  type WriteRulesResult,
} from './requests.ts';
import { draftOfSent, sentFile } from './sent-files.ts';
import { fileName, type Session, throwIfCancelled } from './session.ts';

const textDocument = fields({ uri: textCheck });

/** Answers them from now on. */
export function answerOwnRequests(session: Session): void {
  const { disk, workspace } = session;

  /** What a view shows of an open topology, and of which version of its document. */
  async function ofVersion<T extends object>(
    uri: string,
    token: CancellationToken,
    show: (analysis: Analysis) => T,
  ): Promise<({ readonly version: number } & T) | null> {
    await session.ready;
    await session.settled(uri);
    throwIfCancelled(token);
    const version = workspace.document(uri)?.version;
    const analysis = session.topologyAt(uri);
    return analysis === undefined || version === undefined ? null : { version, ...show(analysis) };
  }

  session.answer<DocumentParams, ConnectionsResult>(
    CONNECTIONS,
    takes.document,
    null,
    ({ textDocument: { uri } }, token) =>
      ofVersion(uri, token, (analysis) => ({ list: connections(analysis) })),
  );

  session.answer<ConnectionsCsvParams, ConnectionsCsvResult>(
    CONNECTIONS_CSV,
    fields({ textDocument, filter: fields({}) }),
    null,
    async ({ textDocument: { uri }, filter, sort }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      return analysis && connectionsCsv(analysis, fileName(uri), filter, sort);
    },
  );

  session.answer<DocumentParams, SummaryResult>(
    SUMMARY,
    takes.document,
    null,
    async ({ textDocument: { uri } }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      return analysis && summary(analysis);
    },
  );

  session.answer<ExportParams, ExportResult>(
    EXPORT,
    fields({ textDocument, format: textCheck }),
    { problem: t('The export failed; the log of the language server says why.') },
    async ({ textDocument: { uri }, format }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      const exporter = Object.hasOwn(exporters, format) ? exporters[format] : undefined;
      if (analysis === undefined || exporter === undefined)
        return { problem: t('{0} is not an open topology file.', fileName(uri)) };
      const { topology } = analysis;
      const { edition } = topology;
      if (edition === undefined) return { problem: withoutEdition(fileName(uri)) };
      const about = { edition, file: fileName(uri), server: undefined, firewall: undefined };
      const { text, gaps } = exporter.write(exportReport(topology, analysis.flows(), about));
      return { text, gaps: gaps.length };
    },
  );

  session.answer<DocumentParams, WriteRulesResult>(
    WRITE_RULES,
    takes.document,
    { problem: t('The rules could not be worked out; the log of the language server says why.') },
    async ({ textDocument: { uri } }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      const version = workspace.document(uri)?.version;
      if (analysis === undefined || version === undefined)
        return { problem: t('{0} is not an open topology file.', fileName(uri)) };
      const lacks = lackingIn(analysis, workspace.settings(uri));
      if (lacks === undefined)
        return { problem: t('A mistake in {0} hides which rules are needed.', fileName(uri)) };
      const firewalls = lacks.flatMap(({ firewall, rules, edits }) => {
        const own = edits().map(({ span, newText }) => ({ range: editorRange(analysis, span), newText }));
        return own.length === 0 ? [] : [{ name: firewall.name, rules: rules.length, edits: own }];
      });
      return { version, firewalls };
    },
  );

  session.answer<DocumentParams, ReportResult>(
    REPORT,
    takes.document,
    { problem: t('The report failed; the log of the language server says why.') },
    async ({ textDocument: { uri } }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      if (analysis === undefined) return { problem: t('{0} is not an open topology file.', fileName(uri)) };
      const { edition } = analysis.topology;
      if (edition === undefined) return { problem: withoutEdition(fileName(uri)) };
      const settings = workspace.settings(uri);
      return { html: reportHtml(reportPage(analysis, { file: fileName(uri), edition, settings })) };
    },
  );

  session.answer<object, ExportFormatsResult>(EXPORT_FORMATS, fields({}), [], () => {
    const all = Object.entries(exporters).map(([format, { title, detail, language, document }]) => ({
      format,
      title,
      detail: translated(detail),
      language,
      document: document === true,
    }));
    return all.toSorted((a, b) => Number(a.document) - Number(b.document));
  });

  session.answer<ImportHierarchyParams, ImportHierarchyResult>(
    IMPORT_HIERARCHY,
    fields({ files: listCheck(sentFile) }),
    { problem: t('The import failed; the log of the language server says why.') },
    ({ files }) => {
      const draft = draftOfSent(files);
      return 'problem' in draft ? draft : { text: hierarchyText(draft), open: draft.notes.length };
    },
  );

  session.answer<DiagramParams, DiagramResult>(
    DIAGRAM,
    fields({ textDocument, collapse: textCheck, toggled: listCheck(textCheck) }),
    null,
    ({ textDocument: { uri }, collapse, toggled }, token) =>
      ofVersion(uri, token, (analysis) => ({
        graph: diagramGraph(analysis, { collapse, toggled }),
        matrix: zoneMatrix(analysis),
      })),
  );

  session.answer<DocumentParams, ChangesResult>(
    CHANGES_SINCE_COMMIT,
    takes.document,
    { problem: t('The comparison failed; the log of the language server says why.') },
    async ({ textDocument: { uri } }) => {
      await session.ready;
      const analysis = session.topologyAt(uri);
      if (analysis === undefined) return { problem: t('{0} is not an open topology file.', fileName(uri)) };
      const committed = disk.committed(uri);
      if ('problem' in committed) return committed;
      const name = fileName(uri);
      const found = changes(workspace.analyseFile(uri, committed.text), analysis, {
        before: `HEAD:${name}`,
        after: name,
      });
      return 'markdown' in found ? found : { problem: withoutEdition(found.missing) };
    },
  );
}
