// Tried connections as columns for a terminal.
import { t } from '../../l10n.ts';
import { visible } from '../../print/escape.ts';
import { displayWidth, padEnd } from '../../print/width.ts';
import type { Unproven } from '../../probe/attempts.ts';
import {
  blameText,
  countsOf,
  expectedText,
  isJudged,
  judgementText,
  type ProbeReport,
  targetText,
} from './report.ts';

/**
 * A table of the connections, a sentence for each that is not as the file says, what a connection cannot prove, and
 * a line that counts.
 */
export function probeTable(report: ProbeReport): string {
  const { attempts, from } = report;
  const isDry = !attempts.some(isJudged);
  const several = from.length > 1;
  const head = [
    ...(several ? [t('FROM')] : []),
    t('TO'),
    t('PORT'),
    t('SERVICE'),
    ...(isDry ? [] : [t('RESULT'), t('JUDGEMENT')]),
    t('THE FILE SAYS'),
  ];
  const rows = attempts.map((one) => {
    const { attempt, way } = one;
    return [
      ...(several ? [attempt.from.name] : []),
      targetText(attempt),
      String(attempt.port),
      attempt.services.join(', '),
      ...(isJudged(one) ? [one.tried.outcome, judgementText(one.judgement)] : []),
      expectedText(way),
    ].map(visible);
  });
  const blames = attempts.filter(isJudged).flatMap((one) => blameText(one) ?? []);
  const parts = [
    attempts.length === 0 ? '' : columns([head, ...rows]),
    blames.map((blame) => `${visible(blame)}\n`).join(''),
    unprovenText(report),
    `${countText(report)}\n`,
  ];
  return parts.filter((part) => part !== '').join('\n');
}

function columns(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, index) =>
    Math.max(...lines.map((line) => displayWidth(line[index] ?? ''))),
  );
  return lines
    .map(
      (line) =>
        `${line
          .map((cell, index) => padEnd(cell, widths[index] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** What a connection cannot prove, by its reason: the machines and ports of each. */
function unprovenText({ unproven, from }: ProbeReport): string {
  if (unproven.length === 0) return '';
  const byWhy = new Map<string, Set<string>>();
  for (const one of unproven) {
    const own = byWhy.get(one.why) ?? new Set();
    own.add(unprovenOne(one, from.length > 1));
    byWhy.set(one.why, own);
  }
  const lines = [...byWhy].map(([why, own]) => `  ${visible(why)}: ${visible([...own].join('; '))}\n`);
  return `${t('Not proven by this:')}\n${lines.join('')}`;
}

function unprovenOne({ from, to, protocol, ports }: Unproven, several: boolean): string {
  const traffic = protocol === 'icmp' ? t('ICMP echo') : `${protocol.toUpperCase()} ${ports.join(', ')}`;
  return `${several ? `${from.name} → ` : ''}${to.name} ${traffic}`;
}

function countText(report: ProbeReport): string {
  const { attempts, open, refused, silent, untried, failures, notBlocked } = countsOf(report);
  const from = visible(report.from.join(', '));
  if (!report.attempts.some(isJudged))
    return t('{0} connections to try from {1}. Nothing was sent.', attempts, from);
  return t(
    '{0} connections from {1}: {2} open, {3} refused, {4} silent, {5} not tried. Expected open and not: {6}. Open and expected blocked: {7}.',
    attempts,
    from,
    open,
    refused,
    silent,
    untried,
    failures,
    notBlocked,
  );
}
