// `--format junit`: the XML of JUnit, which nearly every CI shows as tests.
import { markupText } from '../../print/escape.ts';
import type { Finding, Severity } from '../../rules/rule.ts';
import type { Lines } from '../../text/tree.ts';
import type { CheckReport } from '../checked.ts';

/**
 * A suite for each file with a test for each finding, or one test that passes. What the exit status counts is a
 * failure; everything else passes, and its text is the output of the test. A file that cannot be read is an error.
 * @param failing the severities that the exit status counts
 */
export function formatJunit({ files, problems }: CheckReport, failing: ReadonlySet<Severity>): string {
  const suites = files.map(({ path, lines, findings }) => ({
    path,
    tests:
      findings.length > 0 ? findings.map((finding) => test(path, lines, finding, failing)) : [good(path)],
    failures: findings.filter(({ severity }) => failing.has(severity)).length,
    errors: 0,
  }));
  const unread = problems.map(({ path, reason }) => ({
    path,
    tests: [element(path, 'readable', `<error message="${markupText(reason)}" type="unreadable"/>`)],
    failures: 0,
    errors: 1,
  }));
  const all = [...suites, ...unread];
  const sum = (of: (suite: (typeof all)[number]) => number) =>
    all.reduce((total, suite) => total + of(suite), 0);
  const counts = (tests: number, failures: number, errors: number) =>
    `tests="${tests}" failures="${failures}" errors="${errors}"`;
  const text = all.map(
    ({ path, tests, failures, errors }) =>
      `  <testsuite name="${markupText(path)}" ${counts(tests.length, failures, errors)}>\n${tests.join('')}  </testsuite>\n`,
  );
  const total = counts(
    sum(({ tests }) => tests.length),
    sum(({ failures }) => failures),
    sum(({ errors }) => errors),
  );
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cmtopo check" ${total}>\n${text.join('')}</testsuites>\n`;
}

function test(
  path: string,
  lines: Lines,
  { code, severity, message, span }: Finding,
  failing: ReadonlySet<Severity>,
): string {
  const { line, character } = lines.positionAt(span.start);
  const place = `${path}:${line + 1}:${character + 1}`;
  const said = markupText(message);
  return element(
    path,
    `${code} (line ${line + 1})`,
    failing.has(severity)
      ? `<failure message="${said}" type="${severity}">${markupText(place)}: ${said}</failure>`
      : `<system-out>${severity} ${markupText(place)}: ${said}</system-out>`,
  );
}

function good(path: string): string {
  return element(path, 'no findings', undefined);
}

function element(path: string, name: string, inner: string | undefined): string {
  const start = `    <testcase classname="${markupText(path)}" name="${markupText(name)}"`;
  return inner === undefined ? `${start}/>\n` : `${start}>\n      ${inner}\n    </testcase>\n`;
}
