// `--format json`: the shape is a contract, see docs/cli.md.

import type { Edition } from '../../catalog/editions.ts';
import { plainText } from '../../edits/text-edit.ts';
import { jsonForm } from '../../print/json.ts';
import { ruleOf } from '../../rules/index.ts';
import { whyInSettings, whyOf } from '../../rules/why.ts';
import type { Span } from '../../text/tree.ts';
import { type CheckReport, countFindings } from '../checked.ts';

/** The report as JSON: lines and characters from 0, characters in UTF-16 units. */
export function formatJson(report: CheckReport): string {
  const files = report.files.map(({ path, lines, edition, settings, findings: all }) => {
    const findings = report.summaryOnly ? [] : all;
    const range = (span: Span) => ({ start: lines.positionAt(span.start), end: lines.positionAt(span.end) });
    return {
      path,
      diagnostics: findings.map(({ code, severity, message, span, related = [], fixes = [] }) => ({
        code,
        severity,
        message,
        ...reasonOf(code, edition, settings === true),
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
  return jsonForm({ files, summary });
}

/** Why a rule speaks, and where that is written: the section that it follows first. */
function reasonOf(code: string, edition: Edition | undefined, inSettings: boolean) {
  const rule = ruleOf(code);
  if (rule === undefined) return {};
  const { reason, sources } = inSettings ? whyInSettings(rule) : whyOf(rule, edition);
  const [source] = sources;
  if (source === undefined) return { why: reason };
  const { document, section, url } = source;
  // What the format's own page says has an address in a checkout only.
  return { why: reason, source: { document, section, url: url?.startsWith('http') ? url : undefined } };
}
