// `--format github`: annotations on the changed lines of a pull request, as workflow commands.
import { relative, sep } from 'node:path';
import { visible } from '../../print/escape.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CheckedFile, CheckReport } from '../checked.ts';

const COMMANDS: Record<Severity, string> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * One `::error file=…::message` line for each finding and each file that cannot be read.
 * @param workspace the folder that GitHub takes paths from (`GITHUB_WORKSPACE`); undefined elsewhere
 */
export function formatGithub(report: CheckReport, workspace: string | undefined): string {
  const lines: string[] = [];
  for (const file of report.files) {
    const path = pathIn(workspace, file);
    for (const { code, severity, message, span } of file.findings) {
      const start = file.lines.positionAt(span.start);
      const end = file.lines.positionAt(span.end);
      const place = [`file=${property(path)}`, `line=${start.line + 1}`, `endLine=${end.line + 1}`];
      // Columns are only understood within one line.
      if (start.line === end.line) place.push(`col=${start.character + 1}`, `endColumn=${end.character + 1}`);
      lines.push(`::${COMMANDS[severity]} ${place.join(',')},title=${property(code)}::${data(message)}\n`);
    }
  }
  for (const { path, reason } of report.problems) {
    lines.push(`::error file=${property(path)}::${data(reason)}\n`);
  }
  return lines.join('');
}

function pathIn(workspace: string | undefined, { path, absolute }: CheckedFile): string {
  if (workspace === undefined || absolute === undefined) return path;
  const inside = relative(workspace, absolute).replaceAll(sep, '/');
  return inside.startsWith('../') ? path : inside;
}

function data(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
