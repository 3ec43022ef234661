// `--format json`: the shape is a contract, see docs/cli.md.
import { plainText } from '../../edits/text-edit.ts';
import { jsonText } from '../../print/escape.ts';
import type { Span } from '../../text/tree.ts';
import { type CheckReport, countFindings } from '../report.ts';

/** The report as JSON: lines and characters from 0, characters in UTF-16 units. */
export function formatJson(report: CheckReport): string {
  const files = report.files.map(({ path, lines, findings }) => {
    const range = (span: Span) => ({ start: lines.positionAt(span.start), end: lines.positionAt(span.end) });
    return {
      path,
      diagnostics: findings.map(({ code, severity, message, span, related = [], fixes = [] }) => ({
        code,
        severity,
        message,
        range: range(span),
        related: related.map((place) => ({ message: place.message, range: range(place.span) })),
        fixes: fixes.map(({ title, safe, edits }) => ({
          title,
          safe,
          edits: edits.map((edit) => ({ range: range(edit.span), newText: plainText(edit) })),
        })),
      })),
    };
  });
  const counts = countFindings(report.files);
  const summary = {
    errors: counts.error,
    warnings: counts.warning,
    information: counts.information,
    hints: counts.hint,
  };
  return jsonText({ files, summary });
}
