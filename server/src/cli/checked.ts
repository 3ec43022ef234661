// What `cmtopo check` found, before it takes the shape of a format.

import type { Edition } from '../catalog/types.ts';
import { groupBy } from '../collections.ts';
import type { UnreadableInput } from '../host/errors.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { type Finding, SEVERITIES, type Severity } from '../rules/rule.ts';
import type { Lines, Span } from '../text/tree.ts';

export interface CheckedFile {
  /** As shown to a person; `/` between its parts. */
  readonly path: string;
  /** Undefined for standard input. */
  readonly absolute: string | undefined;
  readonly text: string;
  readonly lines: Lines;
  /** Undefined where neither the file nor its settings name a known one. */
  readonly edition: Edition | undefined;
  /** A settings file, not a topology. */
  readonly settings?: boolean;
  readonly findings: readonly Finding[];
  /** Its firewalls, with the part of the text that describes each. */
  readonly firewalls: readonly { readonly name: string; readonly span: Span }[];
}

export interface CheckReport {
  readonly files: readonly CheckedFile[];
  /** What could not be checked at all. */
  readonly problems: readonly UnreadableInput[];
  /** Links, and what is no regular file, that would have been looked at. */
  readonly passedBy: readonly string[];
  /** How many findings are left out: of other rules than were asked for, or below a severity. */
  readonly hidden: number;
  /** Only how much was found is wanted. */
  readonly summaryOnly: boolean;
  /** The files that `--fix` changed. */
  readonly fixed: readonly FixedFile[];
}

export interface FixedFile {
  readonly path: string;
  /** How many findings there were before. */
  readonly before: number;
  /** How many are left. */
  readonly after: number;
}

/** What is to be shown of a report. */
export interface ShownReport {
  /** The codes of rules; undefined for all. */
  readonly rules: ReadonlySet<string> | undefined;
  /** This severity and those above it. */
  readonly severity: Severity;
  readonly summaryOnly: boolean;
}

/** A report with the findings that somebody asked for. */
export function shownOf(report: CheckReport, { rules, severity, summaryOnly }: ShownReport): CheckReport {
  const lowest = SEVERITIES.indexOf(severity);
  const wanted = (finding: Finding) =>
    (rules === undefined || rules.has(finding.code)) && SEVERITIES.indexOf(finding.severity) <= lowest;
  const files = report.files.map((file) => ({ ...file, findings: file.findings.filter(wanted) }));
  const count = (list: readonly CheckedFile[]) =>
    list.reduce((sum, { findings }) => sum + findings.length, 0);
  return { ...report, files, summaryOnly, hidden: count(report.files) - count(files) };
}

/** How much there is of one thing: of a rule, or about a firewall. */
export interface Amount {
  readonly name: string;
  /** The loudest of its findings. */
  readonly severity: Severity;
  readonly count: number;
}

/** How many findings each rule has, the most first. */
export function byRule(files: readonly CheckedFile[]): readonly Amount[] {
  return amounts(
    groupBy(
      files.flatMap(({ findings }) => findings),
      ({ code }) => code,
    ),
  );
}

/**
 * How many findings of each severity are about each firewall, the one with the most first: they are at it, or name it
 * as another place.
 */
export function byFirewall(files: readonly CheckedFile[]): readonly Amount[] {
  const found = new Map<string, Finding[]>();
  for (const { findings, firewalls, path } of files) {
    for (const { name, span } of firewalls) {
      const about = findings.filter((finding) =>
        [finding, ...(finding.related ?? [])].some(
          ({ span: one }) => span.start <= one.start && one.end <= span.end,
        ),
      );
      const key = files.filter((file) => file.firewalls.length > 0).length > 1 ? `${name} (${path})` : name;
      if (about.length > 0) found.set(key, about);
    }
  }
  return amounts(found).flatMap(({ name }) => {
    const bySeverity = groupBy(found.get(name) ?? [], ({ severity }) => severity);
    return SEVERITIES.flatMap((severity): readonly Amount[] => {
      const own = bySeverity.get(severity);
      return own === undefined ? [] : [{ name, severity, count: own.length }];
    });
  });
}

function amounts(groups: ReadonlyMap<string, readonly Finding[]>): readonly Amount[] {
  return [...groups]
    .map(([name, findings]) => ({
      name,
      severity: SEVERITIES.find((one) => findings.some(({ severity }) => severity === one)) ?? 'hint',
      count: findings.length,
    }))
    .sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
}

export type FindingCounts = Readonly<Record<Severity, number>>;

/** How many findings there are of each severity. */
export function countFindings(files: readonly CheckedFile[]): FindingCounts {
  const counts = { error: 0, warning: 0, information: 0, hint: 0 };
  for (const { findings } of files) for (const { severity } of findings) counts[severity]++;
  return counts;
}

/** What `--fix` did to a file, for a person. */
export function fixedText({ path, before, after }: FixedFile): string {
  const shown = visible(path);
  if (after === 0)
    return t(
      before === 1 ? '{0}: {1} finding before, none left' : '{0}: {1} findings before, none left',
      shown,
      before,
    );
  return t(
    before === 1 ? '{0}: {1} finding before, {2} left' : '{0}: {1} findings before, {2} left',
    shown,
    before,
    after,
  );
}
