// For tests of rules: texts that say in comments which findings they want.
//
//   software-update-point: { httpsPort: 8532 } # want wsus-port-pair "must be 8531"
//
// A `# want` comment at a line's end speaks of its own line, one that is alone on its line of the line below
// that is no `# want` comment itself. Several findings: `# want CODE "part" CODE "part"`. What a finding marks in
// the text, from its first character to its last, in angle brackets: `# want CODE "part" <8532>`.
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { applyEdits } from '../../server/src/edits/text-edit.ts';
import type { Finding, Settings } from '../../server/src/rules/rule.ts';

export interface Wanted {
  readonly line: number;
  readonly code: string;
  /** A part of the message; empty where any will do. */
  readonly part: string;
  /** What it marks; undefined where only its beginning counts. */
  readonly marked?: string;
}

const WANT = /#[ \t]*want[ \t]+(.*)$/;

/** Takes the `# want` comments out of a fixture; lines that held nothing else go whole. */
export function readFixture(fixture: string): { readonly text: string; readonly wanted: readonly Wanted[] } {
  const wanted: Wanted[] = [];
  const lines: string[] = [];
  let waiting: Omit<Wanted, 'line'>[] = [];
  for (const line of fixture.split('\n')) {
    const match = WANT.exec(line);
    const wants = [
      ...(match?.[1] ?? '').matchAll(/([a-z][a-z0-9-]*)(?:[ \t]+"((?:[^"\\]|\\.)*)")?(?:[ \t]+<([^>]*)>)?/g),
    ].map(([, code = '', part = '', marked]) => ({
      code,
      part: part.replace(/\\(.)/g, '$1'),
      ...(marked === undefined ? {} : { marked }),
    }));
    const rest = match ? line.slice(0, match.index).trimEnd() : line;
    if (match && rest === '') {
      waiting.push(...wants);
      continue;
    }
    for (const want of [...waiting, ...wants]) wanted.push({ line: lines.length, ...want });
    waiting = [];
    lines.push(rest);
  }
  return { text: lines.join('\n'), wanted };
}

/** One finding on a line: `3: wsus-port-pair the message`; lines count from 1. */
export function showFindings(analysis: Analysis, findings: readonly Finding[] = analysis.findings()): string {
  return findings
    .map(
      (finding) =>
        `${analysis.tree.lines.positionAt(finding.span.start).line + 1}: ${finding.code} ${finding.message}`,
    )
    .join('\n');
}

/**
 * Checks that a fixture gives the findings that its comments want, and no other.
 * Throws an error that shows both sides. Gives the analysis, for further questions.
 * @param only looks at the findings of these rules and leaves the others out
 */
export function expectFindings(
  fixture: string,
  options: { readonly settings?: Settings; readonly only?: readonly string[] } = {},
): Analysis {
  const { text, wanted } = readFixture(fixture);
  const analysis = analyse(text, options.settings);
  const found = analysis.findings().filter((finding) => !options.only || options.only.includes(finding.code));
  const left = [...found];
  const missing: Wanted[] = [];
  for (const want of wanted) {
    const index = left.findIndex(
      (finding) =>
        finding.code === want.code &&
        analysis.tree.lines.positionAt(finding.span.start).line === want.line &&
        finding.message.includes(want.part) &&
        (want.marked === undefined || text.slice(finding.span.start, finding.span.end) === want.marked),
    );
    if (index < 0) missing.push(want);
    else left.splice(index, 1);
  }
  if (missing.length > 0 || left.length > 0) {
    const wants = missing
      .map(
        ({ line, code, part, marked }) =>
          `${line + 1}: ${code} "${part}"${marked === undefined ? '' : ` <${marked}>`}`,
      )
      .join('\n');
    throw new Error(
      `${missing.length > 0 ? `Wanted and not found:\n${wants}\n` : ''}${
        left.length > 0 ? `Found and not wanted:\n${showFindings(analysis, left)}\n` : ''
      }in:\n${text}`,
    );
  }
  return analysis;
}

/**
 * The text after a fix.
 * @param code the rule whose first finding in the text is mended
 * @param title a part of the fix's title; its first fix where it is left out
 */
export function applyFix(text: string, code: string, title = '', settings?: Settings): string {
  const finding = analyse(text, settings)
    .findings()
    .find((candidate) => candidate.code === code);
  if (!finding) throw new Error(`No ${code} in:\n${text}`);
  const fix = finding.fixes?.find((candidate) => candidate.title.includes(title));
  if (!fix) {
    const titles = (finding.fixes ?? []).map((candidate) => candidate.title).join('; ');
    throw new Error(`${code} has no fix '${title}', only: ${titles || 'none'}`);
  }
  return applyEdits(text, fix.edits);
}
