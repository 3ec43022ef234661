// `--format azure`: logging commands of Azure Pipelines, which a build shows as its issues.
import { azureProperty, azureText } from '../../print/escape.ts';
import type { CheckReport } from '../checked.ts';
import { type Checkout, pathIn } from './paths.ts';

/**
 * One `##vso[task.logissue …]` line for each finding and each file that cannot be read. Azure Pipelines knows errors
 * and warnings only: information and hints go to the log of a run with `system.debug`.
 * @param place its workspace is `BUILD_SOURCESDIRECTORY`
 */
export function formatAzure(report: CheckReport, place: Checkout): string {
  const lines: string[] = [];
  for (const file of report.files) {
    const path = pathIn(place, file.path);
    for (const { code, severity, message, span } of file.findings) {
      const { line, character } = file.lines.positionAt(span.start);
      const at = `sourcepath=${azureProperty(path)};linenumber=${line + 1};columnnumber=${character + 1}`;
      lines.push(
        severity === 'error' || severity === 'warning'
          ? `##vso[task.logissue type=${severity};${at};code=${azureProperty(code)};]${azureText(message)}\n`
          : `##vso[task.debug]${azureText(`${path}:${line + 1}:${character + 1} ${code}: ${message}`)}\n`,
      );
    }
  }
  for (const { path, reason } of report.problems)
    lines.push(
      `##vso[task.logissue type=error;sourcepath=${azureProperty(pathIn(place, path))};]${azureText(reason)}\n`,
    );
  return lines.join('');
}

/** A line of the log in which nothing is a logging command, wherever it is. */
export function withoutCommands(text: string): string {
  return text.replaceAll('##', '# #');
}
