// `--format gitlab`: a Code Quality report of GitLab, which a merge request shows.
import { createHash } from 'node:crypto';
import { jsonText } from '../../print/escape.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CheckReport } from '../checked.ts';
import { type Checkout, pathIn } from './paths.ts';

const LEVELS: Record<Severity, 'major' | 'minor' | 'info'> = {
  error: 'major',
  warning: 'minor',
  information: 'info',
  hint: 'info',
};

/**
 * One issue for each finding and each file that cannot be read. Its fingerprint is made of file, rule and message and
 * not of the line, so that a finding that only moved stays the same one.
 * @param place its workspace is `CI_PROJECT_DIR`
 */
export function formatGitlab(report: CheckReport, place: Checkout): string {
  const seen = new Map<string, number>();
  const fingerprint = (...parts: readonly string[]) => {
    const key = JSON.stringify(parts);
    const before = seen.get(key) ?? 0;
    seen.set(key, before + 1);
    return createHash('sha256').update(`${key}${before}`).digest('hex');
  };
  const findings = report.files.flatMap((file) => {
    const path = pathIn(place, file.path);
    return file.findings.map(({ code, severity, message, span }) => ({
      description: message,
      check_name: code,
      fingerprint: fingerprint(path, code, message),
      severity: LEVELS[severity],
      location: {
        path,
        lines: {
          begin: file.lines.positionAt(span.start).line + 1,
          end: file.lines.positionAt(span.end).line + 1,
        },
      },
    }));
  });
  const problems = report.problems.map(({ path, reason }) => ({
    description: reason,
    check_name: 'unreadable',
    fingerprint: fingerprint(pathIn(place, path), 'unreadable', reason),
    severity: 'blocker',
    location: { path: pathIn(place, path), lines: { begin: 1 } },
  }));
  return jsonText([...findings, ...problems]);
}
