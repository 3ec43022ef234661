// Findings as the editor shows them.
import type { Diagnostic, Location, Range } from 'vscode-languageserver-protocol';
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
  /** The editor gives `data` back with its requests for code actions. */
  readonly data?: boolean;
}

/** What a diagnostic's `data` says: the finding that it shows, wherever the editor has moved it since. */
export interface DiagnosticData {
  readonly finding: string;
}

/** A name of each finding of a text: its code, which of those with this message it is, and the message. */
export function findingNames(findings: readonly Finding[]): ReadonlyMap<Finding, string> {
  const counts = new Map<string, number>();
  return new Map(
    findings.map((finding) => {
      const base = `${finding.code} ${finding.message}`;
      const count = (counts.get(base) ?? 0) + 1;
      counts.set(base, count);
      return [finding, `${finding.code} ${count} ${hashOf(finding.message)}`];
    }),
  );
}

/** 32 bits of a text, as FNV-1a makes them. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
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
  const names = options.data ? findingNames(findings) : undefined;
  return findings.map((finding) => {
    const diagnostic: Diagnostic = {
      range: range(finding.span),
      severity: SEVERITIES[finding.severity],
      source: SOURCE,
      code: finding.code,
      message: finding.message,
    };
    const name = names?.get(finding);
    if (name !== undefined) diagnostic.data = { finding: name } satisfies DiagnosticData;
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
