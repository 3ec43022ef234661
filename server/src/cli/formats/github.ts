// `--format github`: annotations on the changed lines of a pull request, as workflow commands.
import { githubProperty, githubText } from '../../print/escape.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CheckReport } from '../checked.ts';
import { type Checkout, pathIn } from './paths.ts';

const COMMANDS: Record<Severity, string> = {
  error: 'error',
  warning: 'warning',
  information: 'notice',
  hint: 'notice',
};

/**
 * One `::error file=…::message` line for each finding and each file that cannot be read.
 * @param place its workspace is `GITHUB_WORKSPACE`
 */
export function formatGithub(report: CheckReport, place: Checkout): string {
  const lines: string[] = [];
  for (const file of report.files) {
    const path = pathIn(place, file.path);
    for (const { code, severity, message, span } of file.findings) {
      const start = file.lines.positionAt(span.start);
      const end = file.lines.positionAt(span.end);
      const at = [`file=${githubProperty(path)}`, `line=${start.line + 1}`, `endLine=${end.line + 1}`];
      // Columns are only understood within one line.
      if (start.line === end.line) at.push(`col=${start.character + 1}`, `endColumn=${end.character + 1}`);
      lines.push(
        `::${COMMANDS[severity]} ${at.join(',')},title=${githubProperty(code)}::${githubText(message)}\n`,
      );
    }
  }
  for (const { path, reason } of report.problems) {
    lines.push(`::error file=${githubProperty(pathIn(place, path))}::${githubText(reason)}\n`);
  }
  return lines.join('');
}
