// `--format sarif`: the Static Analysis Results Interchange Format, version 2.1.0.

import { isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Log, Region, Result } from 'sarif';
import { plainText } from '../../edits/text-edit.ts';
import { jsonText } from '../../print/escape.ts';
import { documents } from '../../rules/documents.ts';
import type { ListedRule, Severity } from '../../rules/rule.ts';
import { whyOf } from '../../rules/why.ts';
import type { Lines, Span } from '../../text/tree.ts';
import type { CheckedFile, CheckReport } from '../checked.ts';

const LEVELS: Record<Severity, 'error' | 'warning' | 'note'> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
  hint: 'note',
};

export interface SarifTool {
  readonly version: string;
  /** The page of the product. */
  readonly informationUri: string;
  readonly rules: readonly ListedRule[];
}

/** The report as a SARIF log with one run. */
export function formatSarif(report: CheckReport, tool: SarifTool, exitCode: number): string {
  const ruleIndex = new Map(tool.rules.map(({ code }, index) => [code, index]));
  const results: Result[] = report.files.flatMap((file) =>
    file.findings.map(({ code, severity, message, span, related = [], fixes = [] }) => ({
      ruleId: code,
      ruleIndex: ruleIndex.get(code),
      level: LEVELS[severity],
      message: { text: message },
      locations: [{ physicalLocation: place(file, span) }],
      relatedLocations: related.map((other, id) => ({
        id,
        message: { text: other.message },
        physicalLocation: place(file, other.span),
      })),
      fixes: fixes.map(({ title, edits }) => ({
        description: { text: title },
        artifactChanges: [
          {
            artifactLocation: { uri: uriOf(file) },
            replacements: edits.map((edit) => ({
              deletedRegion: region(file.lines, edit.span),
              insertedContent: { text: plainText(edit) },
            })),
          },
        ],
      })),
    })),
  );
  const log: Log = {
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'cmtopo',
            fullName: 'ConfigMgr Topology',
            informationUri: tool.informationUri,
            version: tool.version,
            semanticVersion: tool.version,
            rules: tool.rules.map((rule) => ({
              id: rule.code,
              shortDescription: { text: rule.summary },
              fullDescription: { text: rule.reason },
              helpUri: helpUri(rule),
              help: help(rule),
              defaultConfiguration: { level: LEVELS[rule.severity] },
              properties: { tags: [rule.area] },
            })),
          },
        },
        columnKind: 'utf16CodeUnits',
        invocations: [
          {
            executionSuccessful: report.problems.length === 0,
            exitCode,
            toolExecutionNotifications: report.problems.map(({ message }) => ({
              level: 'error',
              message: { text: message },
            })),
          },
        ],
        artifacts: report.files.map((file) => ({ location: { uri: uriOf(file) }, encoding: 'UTF-8' })),
        results,
      },
    ],
  };
  return jsonText(log);
}

/** Why the rule speaks, its explanation, and all sections that it follows. */
function help(rule: ListedRule) {
  const { sources } = whyOf(rule, undefined);
  const text = sources.map((source) => `- ${source.text}`);
  const markdown = sources.map((source) =>
    source.url?.startsWith('http') ? `- [${source.text}](${source.url})` : `- ${source.text}`,
  );
  const page = (list: readonly string[]) =>
    `${rule.reason}\n\n${rule.explanation}\n\nSources:\n\n${list.join('\n')}`;
  return { text: page(text), markdown: page(markdown) };
}

/** The document that a rule follows; none where that is the file format, which is explained in `help`. */
function helpUri({ source }: ListedRule): string | undefined {
  const document = documents[source.document];
  if (!document?.url.startsWith('http')) return undefined;
  return document.anchors ? `${document.url}#${source.section}` : document.url;
}

function place(file: CheckedFile, span: Span) {
  return { artifactLocation: { uri: uriOf(file) }, region: region(file.lines, span) };
}

/** Lines and columns from 1, the end column exclusive; start and end alike where text is inserted. */
function region(lines: Lines, span: Span): Region {
  const start = lines.positionAt(span.start);
  const end = lines.positionAt(span.end);
  return {
    startLine: start.line + 1,
    startColumn: start.character + 1,
    endLine: end.line + 1,
    endColumn: end.character + 1,
  };
}

function uriOf({ path }: CheckedFile): string {
  return isAbsolute(path) ? pathToFileURL(path).href : path.split('/').map(encodeURIComponent).join('/');
}
