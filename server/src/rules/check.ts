// The engine: runs the rules over one analysed text.

import { t } from '../l10n.ts';
import type { TextTree } from '../text/tree.ts';
import { rules as allRules } from './index.ts';
import { confined } from './limits.ts';
import { reportsOf } from './reports.ts';
import type { CheckInput, Finding, ListedRule, Report, RuleContext, Settings } from './rule.ts';
import { type Mention, readSuppressions } from './suppressions.ts';

/** What rules look at, for whoever asks one of them something else than its findings. */
export function contextOf(
  input: CheckInput,
  settings: Settings,
  rules: readonly ListedRule[] = allRules,
): RuleContext {
  return {
    tree: input.tree,
    topology: input.topology,
    flows: () => input.flows(),
    reach: () => input.reach(),
    suppressions: readSuppressions(input.tree),
    codes: new Set(rules.map((rule) => rule.code)),
    today: settings.today,
    isOn: (code) => settings.rules[code] !== 'off',
    unused: [],
    sound: false,
  };
}

/** What the rules find, and what comments of the text silence of it; each sorted by place. */
export interface Checked {
  readonly shown: readonly Finding[];
  readonly silenced: readonly Finding[];
}

/**
 * Every finding of a text, sorted by place, suppressed ones left out. Same text and settings, same findings.
 * A rule that throws is reported as a finding of its own at the start of the file; the others still run.
 * @param rules the rules to run; all of them unless a test narrows them
 */
export function check(
  input: CheckInput,
  settings: Settings,
  rules: readonly ListedRule[] = allRules,
): readonly Finding[] {
  return checkAll(input, settings, rules).shown;
}

/** The same with the suppressed ones. */
export function checkAll(
  input: CheckInput,
  settings: Settings,
  rules: readonly ListedRule[] = allRules,
): Checked {
  const steps = checkInSteps(input, settings, rules);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/**
 * The same, rule by rule, for a caller who has other things to do between them.
 * @param known what rules found, by their codes and before comments silence any of it: what is in it is believed, and
 *   the rest is worked out and added
 */
export function* checkInSteps(
  input: CheckInput,
  settings: Settings,
  rules: readonly ListedRule[] = allRules,
  known: Map<string, readonly Finding[]> = new Map(),
): Generator<undefined, Checked> {
  const context = contextOf(input, settings, rules);
  const { suppressions } = context;
  const isLost = damagedLines(input.tree);
  const found: Finding[] = [];
  for (const rule of rules) {
    if (rule.last) continue;
    const before = known.get(rule.code);
    const findings =
      before ??
      run(rule, context, settings).filter((finding) => rule.area === 'file' || !isLost(finding.span.start));
    for (const finding of findings) found.push(finding);
    if (before !== undefined) continue;
    known.set(rule.code, findings);
    yield;
  }

  const line = (finding: Finding) => input.tree.lines.positionAt(finding.span.start).line;
  const later = rules.filter((rule) => rule.last && settings.rules[rule.code] !== 'off');
  if (later.length > 0 && suppressions.directives.length > 0) {
    const unreadable = new Set(
      rules.filter(({ area, severity }) => area === 'file' && severity === 'error').map(({ code }) => code),
    );
    const ran = new Map<string, number[]>();
    for (const rule of rules) if (!rule.last && settings.rules[rule.code] !== 'off') ran.set(rule.code, []);
    for (const finding of found) ran.get(finding.code)?.push(line(finding));
    for (const lines of ran.values()) lines.sort((a, b) => a - b);
    const unread = found.filter(({ code }) => unreadable.has(code)).map(line);
    const unused: readonly Mention[] = suppressions.unused(
      (code) => ran.get(code),
      unread.sort((a, b) => a - b),
    );
    const sound = unread.length === 0;
    found.push(...later.flatMap((rule) => run(rule, { ...context, unused, sound }, settings)));
  }
  found.sort(byPlace);
  // Most files silence nothing, and then nobody asks for lines.
  if (suppressions.directives.length === 0) return { shown: found, silenced: [] };
  const isSilenced = (finding: Finding) => suppressions.silences(finding.code, line(finding));
  return {
    shown: found.filter((finding) => !isSilenced(finding)),
    silenced: found.filter(isSilenced),
  };
}

/** What one rule finds in a text without damage, before comments silence any of it. */
export function findingsOf(code: string, input: CheckInput, settings: Settings): readonly Finding[] {
  const rule = allRules.find((one) => one.code === code);
  return rule ? run(rule, contextOf(input, settings), settings) : [];
}

function run(rule: ListedRule, context: RuleContext, settings: Settings): Finding[] {
  const wanted = settings.rules[rule.code];
  if (wanted === 'off') return [];
  let reports: readonly Report[];
  try {
    reports = reportsOf(rule, context);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    reports = [
      {
        span: { start: 0, end: 0 },
        message: t(
          'The rule {0} failed and was not checked ({1}). Please report this as a bug.',
          rule.code,
          reason,
        ),
      },
    ];
  }
  const once = rule.severalAtOnePlace ? isFirst(({ message }) => message) : isFirst(() => '');
  return reports
    .filter(once)
    .map((report) => confined(report, rule.code, wanted ?? report.severity ?? rule.severity));
}

/**
 * Content that an alias brings to several places is looked at once for each: of the reports at one place
 * only the first is kept.
 * Invariant: one cause, one finding.
 */
function isFirst(distinguish: (report: Report) => string): (report: Report) => boolean {
  const seen = new Set<string>();
  return (report) => {
    const place = `${report.span.start}-${report.span.end} ${distinguish(report)}`;
    const isNew = !seen.has(place);
    seen.add(place);
    return isNew;
  };
}

/**
 * Whether an offset is on a line that is not YAML: what could be read there is half of what was meant, and
 * only the rules about the file itself may speak.
 */
function damagedLines({ damage, lines }: TextTree): (offset: number) => boolean {
  const ranges = damage.flatMap(({ at, span }) =>
    [at, span].map(({ start, end }) => ({
      first: lines.positionAt(start).line,
      last: lines.positionAt(end).line,
    })),
  );
  return (offset) => {
    if (ranges.length === 0) return false;
    const { line } = lines.positionAt(offset);
    return ranges.some(({ first, last }) => first <= line && line <= last);
  };
}

function byPlace(a: Finding, b: Finding): number {
  return (
    a.span.start - b.span.start ||
    a.span.end - b.span.end ||
    compare(a.code, b.code) ||
    compare(a.message, b.message)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
