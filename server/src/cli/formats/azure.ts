// `--format azure`: logging commands of Azure Pipelines, which a build shows as its issues.
import { visible } from '../../print/escape.ts';
import type { CheckReport } from '../checked.ts';
import { type Place, pathIn } from './paths.ts';

/**
 * One `##vso[task.logissue …]` line for each finding and each file that cannot be read. Azure Pipelines knows errors
 * and warnings only: information and hints go to the log of a run with `system.debug`.
 * @param place its workspace is `BUILD_SOURCESDIRECTORY`
 */
export function formatAzure(report: CheckReport, place: Place): string {
  const lines: string[] = [];
  for (const file of report.files) {
    const path = pathIn(place, file.path);
    for (const { code, severity, message, span } of file.findings) {
      const { line, character } = file.lines.positionAt(span.start);
      const at = `sourcepath=${property(path)};linenumber=${line + 1};columnnumber=${character + 1}`;
      lines.push(
        severity === 'error' || severity === 'warning'
          ? `##vso[task.logissue type=${severity};${at};code=${property(code)};]${data(message)}\n`
          : `##vso[task.debug]${data(`${path}:${line + 1}:${character + 1} ${code}: ${message}`)}\n`,
      );
    }
  }
  for (const { path, reason } of report.problems)
    lines.push(
      `##vso[task.logissue type=error;sourcepath=${property(pathIn(place, path))};]${data(reason)}\n`,
    );
  return lines.join('');
}

/** A line of the log in which nothing is a logging command, wherever it stands. */
export function withoutCommands(text: string): string {
  return text.replaceAll('##', '# #');
}

/** A percent sign has a code of its own there, for those that stood in texts before there were any. */
function data(text: string): string {
  return visible(text).replaceAll('%', '%AZP25');
}

function property(text: string): string {
  return data(text).replaceAll(';', '%3B').replaceAll(']', '%5D');
}
