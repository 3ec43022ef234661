// `cmtopo check [PATH…]`: finds topology files and says what is wrong in them.

import { dirname, relative, resolve } from 'node:path';
import { analyse, NO_SETTINGS } from '../analysis.ts';
import { fixAll } from '../fix-all.ts';
import { writerOf } from '../formats.ts';
import { discover, nearestSettings, shownPath } from '../host/discover.ts';
import { isUnreadable, type UnreadableInput } from '../host/errors.ts';
import { readFoundFile, readTextFile, removeLeftovers, replaceTextFile } from '../host/files.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { ruleOf, rules } from '../rules/index.ts';
import { SEVERITIES, type Settings, type Severity } from '../rules/rule.ts';
import { readSettings } from '../settings.ts';
import { noRule, parseArguments, readToday } from './args.ts';
import {
  type CheckedFile,
  type CheckReport,
  countFindings,
  type FixedFile,
  fixedText,
  shownOf,
} from './checked.ts';
import { withoutCommands } from './formats/azure.ts';
import { checkFormats } from './formats/index.ts';
import { type Io, usageError } from './io.ts';
import { refuseOther, reportPassedBy } from './load.ts';
import { COLOR_OPTION, useColor } from './style.ts';

/** Width of code frames where there is no terminal: the same bytes on every machine. */
const PIPE_COLUMNS = 120;

/** The formats that can say how much was found, and not what. */
const SUMMARIES: readonly string[] = ['pretty', 'json'];

/**
 * Checks files and prints their findings.
 * @returns 0 without errors (and with no more warnings than allowed), 1 with findings, 2 where
 *   something could not be read or written; the rest is checked all the same
 */
export async function checkCommand(args: readonly string[], world: Io): Promise<number> {
  const options = {
    format: { type: 'string', words: Object.keys(checkFormats) },
    fix: { type: 'boolean' },
    'max-warnings': { type: 'string' },
    rule: { type: 'string', many: true },
    severity: { type: 'string', words: SEVERITIES },
    summary: { type: 'boolean' },
    'stdin-filename': { type: 'string' },
    today: { type: 'string' },
    color: COLOR_OPTION,
  } as const;
  const { values, positionals } = parseArguments('check', args, options, { fewest: 0, most: Infinity });
  // There a command is one wherever it is, also in a name that a message passes on.
  const io =
    values.format === 'azure' ? { ...world, err: (text: string) => world.err(withoutCommands(text)) } : world;
  const maxWarnings = readMaxWarnings(values['max-warnings']);
  const paths = positionals.length > 0 ? positionals : ['.'];
  if (values.fix && paths.includes('-')) {
    throw usageError(t('--fix writes files and cannot be used with standard input (-)'));
  }
  if (values['stdin-filename'] !== undefined && !paths.includes('-')) {
    throw usageError(t('--stdin-filename names the text on standard input and needs the argument -'));
  }
  for (const code of values.rule ?? []) demandRule(code);
  if (values.summary && !SUMMARIES.includes(values.format ?? 'pretty'))
    throw usageError(t('{0} is for the formats {1}', '--summary', SUMMARIES.join(', ')));
  const today = readToday(values.today);
  const report = await checkPaths(paths, io, values.fix ?? false, today, values['stdin-filename']);
  const counts = countFindings(report.files);
  const tooManyWarnings = counts.warning > maxWarnings;
  const status = report.problems.length > 0 ? 2 : counts.error > 0 || tooManyWarnings ? 1 : 0;

  const shown = shownOf(report, {
    rules: values.rule && new Set(values.rule),
    severity: SEVERITIES.find((one) => one === values.severity) ?? 'hint',
    summaryOnly: values.summary ?? false,
  });
  io.out(
    writerOf(checkFormats, values.format)(shown, {
      color: useColor(values.color, io),
      columns: io.isTerminal ? io.columns : PIPE_COLUMNS,
      status,
      failing: new Set<Severity>(tooManyWarnings ? ['error', 'warning'] : ['error']),
      cwd: io.cwd,
      env: io.env,
    }),
  );
  if (values.format !== undefined && values.format !== 'pretty') {
    for (const file of report.fixed) io.err(`cmtopo: ${t('fixed {0}', fixedText(file))}\n`);
  }
  reportPassedBy(report.passedBy, io);
  for (const problem of report.problems) io.err(`cmtopo: ${visible(problem.message)}\n`);
  if (tooManyWarnings) {
    const text = t(
      counts.warning === 1
        ? '{0} warning is more than the {1} that --max-warnings allows'
        : '{0} warnings are more than the {1} that --max-warnings allows',
      counts.warning,
      maxWarnings,
    );
    io.err(`cmtopo: ${text}\n`);
  }
  return status;
}

function demandRule(code: string): void {
  if (ruleOf(code)) return;
  throw usageError(
    noRule(
      code,
      rules.map((rule) => rule.code),
    ),
  );
}

function readMaxWarnings(text: string | undefined): number {
  if (text === undefined) return Infinity;
  if (!/^\d{1,9}$/.test(text))
    throw usageError(t('--max-warnings {0}: write a whole number, 0 or more', text));
  return Number(text);
}

async function checkPaths(
  paths: readonly string[],
  io: Io,
  fix: boolean,
  today: string,
  stdinName: string | undefined,
): Promise<CheckReport> {
  const files: CheckedFile[] = [];
  const fixed: FixedFile[] = [];
  const found = discover(
    paths.filter((path) => path !== '-'),
    io.cwd,
  );
  const problems: UnreadableInput[] = [...found.problems];
  const passedBy = [...found.passedBy];
  /** Goes on with what comes next where something cannot be read. */
  const attempt = (work: () => void) => {
    try {
      work();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      problems.push(error);
    }
  };
  const readBefore = new Map<string, Settings>();
  const settings = (file: string): Settings => {
    const path = nearestSettings(file, (other) => passedBy.push(shownPath(relative(io.cwd, other))));
    if (path === undefined) return { ...NO_SETTINGS, today };
    const known = readBefore.get(path);
    if (known) return known;
    let inForce: Settings = { ...NO_SETTINGS, today };
    attempt(() => {
      const shown = shownPath(relative(io.cwd, path));
      const { text } = readFoundFile(path, shown);
      const { settings, findings, tree } = readSettings(text);
      inForce = { ...settings, today };
      // Said once, and only where there is something to say: a settings file is no topology.
      if (findings.length > 0) {
        const { lines } = tree;
        files.push({
          path: shown,
          absolute: path,
          text,
          lines,
          edition: undefined,
          settings: true,
          firewalls: [],
          findings,
        });
      }
    });
    readBefore.set(path, inForce);
    return inForce;
  };

  if (paths.includes('-')) {
    const text = await io.stdin();
    const path = stdinName === undefined ? '<stdin>' : shownPath(stdinName);
    attempt(() => {
      refuseOther(path, text);
      const inForce = settings(resolve(io.cwd, stdinName ?? 'stdin'));
      files.push(checked(path, undefined, text, inForce));
    });
  }
  if (fix)
    for (const folder of new Set(found.files.map(({ absolute }) => dirname(absolute))))
      removeLeftovers(folder);
  for (const file of found.files) {
    attempt(() => {
      const source = file.named
        ? readTextFile(file.absolute, file.path)
        : readFoundFile(file.absolute, file.path);
      if (file.named) refuseOther(file.path, source.text);
      const inForce = settings(file.absolute);
      const before = checked(file.path, file.absolute, source.text, inForce);
      const text = fix ? fixAll(source.text, inForce) : source.text;
      if (text === source.text) {
        files.push(before);
        return;
      }
      try {
        replaceTextFile(file.absolute, file.path, { ...source, text }, file.behind);
      } catch (error) {
        files.push(before);
        throw error;
      }
      const after = checked(file.path, file.absolute, text, inForce);
      files.push(after);
      fixed.push({ path: file.path, before: before.findings.length, after: after.findings.length });
    });
  }
  return { files, problems, passedBy, fixed, hidden: 0, summaryOnly: false };
}

function checked(path: string, absolute: string | undefined, text: string, settings: Settings): CheckedFile {
  const analysis = analyse(text, settings);
  return {
    path,
    absolute,
    text,
    lines: analysis.tree.lines,
    edition: analysis.topology.edition,
    findings: analysis.findings(),
    firewalls: [...analysis.topology.firewalls.values()].map(({ name, span }) => ({ name, span })),
  };
}
