// Findings as the editor shows them.
import type { Diagnostic, Location, Range } from 'vscode-languageserver';
import type { Finding } from '../rules/rule.ts';
import type { Lines, Span } from '../text/tree.ts';
import type { PageOf } from './links.ts';

/** What the editor at the other end understands. */
export interface DiagnosticOptions {
  readonly uri: string;
  readonly pageOf: PageOf;
  readonly relatedInformation: boolean;
  readonly codeDescription: boolean;
  readonly tags: boolean;
}

/** The word that every diagnostic bears as its `source`. */
export const SOURCE = 'cmtopo';

const SEVERITIES = { error: 1, warning: 2, information: 3, hint: 4 } as const;
const UNNECESSARY = 1;

/** The findings of one text as diagnostics, in the same order. */
export function diagnosticsOf(
  findings: readonly Finding[],
  lines: Lines,
  options: DiagnosticOptions,
): Diagnostic[] {
  const range = (span: Span): Range => ({
    start: lines.positionAt(span.start),
    end: lines.positionAt(span.end),
  });
  const location = (span: Span): Location => ({ uri: options.uri, range: range(span) });
  return findings.map((finding) => {
    const diagnostic: Diagnostic = {
      range: range(finding.span),
      severity: SEVERITIES[finding.severity],
      source: SOURCE,
      code: finding.code,
      message: finding.message,
    };
    const href = options.codeDescription ? options.pageOf(finding.code) : undefined;
    if (href !== undefined) diagnostic.codeDescription = { href };
    if (options.tags && finding.unnecessary) diagnostic.tags = [UNNECESSARY];
    if (options.relatedInformation && finding.related && finding.related.length > 0) {
      diagnostic.relatedInformation = finding.related.map(({ message, span }) => ({
        message,
        location: location(span),
      }));
    }
    return diagnostic;
  });
}
