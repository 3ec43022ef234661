// `--format pretty`: findings for a person at a terminal.

import { t } from '../../l10n.ts';
import { visible } from '../../print/escape.ts';
import { displayWidth, wrapped } from '../../print/width.ts';
import { ruleOf } from '../../rules/index.ts';
import type { Finding, Severity } from '../../rules/rule.ts';
import { erratumText, whyInSettings, whyOf } from '../../rules/why.ts';
import type { Span } from '../../text/tree.ts';
import {
  type Amount,
  byFirewall,
  byRule,
  type CheckedFile,
  type CheckReport,
  countFindings,
  fixedText,
} from '../checked.ts';
import { type Paint, painter } from '../style.ts';

export interface PrettyOptions {
  readonly color: boolean;
  /** Longer lines of the file are cut round the place that is meant. */
  readonly columns: number;
}

const CONTEXT = 1;
const TAB = 4;
const NARROWEST = 40;
const MARGIN = 8;

/** The findings, each with its place in the file, and a summary. */
export function formatPretty(report: CheckReport, options: PrettyOptions): string {
  const paint = painter(options.color);
  const columns = Math.max(NARROWEST, options.columns);
  const blocks = report.summaryOnly
    ? []
    : report.files.flatMap((file) => file.findings.map((finding) => block(file, finding, paint, columns)));
  const fixed = report.fixed.map((file) => `${paint('green', t('fixed'))}  ${fixedText(file)}\n`);
  const parts = [
    ...blocks,
    ...(fixed.length > 0 ? [fixed.join('')] : []),
    ...tables(report, paint),
    summary(report, paint),
  ];
  return parts.join('\n');
}

function block(file: CheckedFile, finding: Finding, paint: Paint, columns: number): string {
  const { severity, code, message, span, related = [], fixes = [] } = finding;
  const places = [span, ...related.map((other) => other.span)];
  const last = Math.max(...places.map(({ start }) => file.lines.positionAt(start).line)) + CONTEXT + 1;
  const gutter = String(Math.min(last, file.lines.count)).length;
  const frame = (at: Span, style: Severity | 'dim', context: number) =>
    codeFrame(file, at, { paint, style, columns, gutter, context });
  let text = `${paint(severity, severity)}  ${paint('bold', visible(message))}\n`;
  text += `  ${paint('dim', t('at'))} ${visible(file.path)}:${placeText(file, span)} ${paint('dim', `(${code})`)}\n`;
  text += frame(span, severity, CONTEXT);
  for (const other of related) {
    text += `  ${paint('dim', t('see'))} ${t('line {0}: {1}', placeText(file, other.span), visible(other.message))}\n`;
    text += frame(other.span, 'dim', 0);
  }
  text += why(file, code, paint, columns);
  for (const { title, safe } of fixes) {
    text += `  ${paint('green', t('fix'))} ${visible(title)}${safe ? paint('dim', ` ${t('(--fix does it)')}`) : ''}\n`;
  }
  return text;
}

/** The reason in a sentence, the section it comes from, and where the documents disagree. */
function why({ edition, settings }: CheckedFile, code: string, paint: Paint, columns: number): string {
  const rule = ruleOf(code);
  if (!rule) return '';
  const { reason, sources, errata } = settings ? whyInSettings(rule) : whyOf(rule, edition);
  const margin = ' '.repeat(displayWidth(`  ${t('why')} `));
  const room = columns - margin.length;
  const below = [
    ...sources.slice(0, 1).map((source) => source.text),
    ...errata.map((erratum) => t('The documents disagree: {0}', erratumText(erratum))),
  ].flatMap((text) => wrapped(text, room).map((line) => paint('dim', line)));
  return [...wrapped(reason, room), ...below]
    .map((line, index) => `${index === 0 ? `  ${paint('dim', t('why'))} ` : margin}${line}\n`)
    .join('');
}

function placeText({ lines }: CheckedFile, { start }: Span): string {
  const { line, character } = lines.positionAt(start);
  return `${line + 1}:${character + 1}`;
}

interface Frame {
  readonly paint: Paint;
  readonly style: Severity | 'dim';
  readonly columns: number;
  /** Width of the line numbers. */
  readonly gutter: number;
  /** How many lines before and after are shown. */
  readonly context: number;
}

/** The line of a place with carets under it, and the lines around it. */
function codeFrame(file: CheckedFile, span: Span, { paint, style, columns, gutter, context }: Frame): string {
  const { lines } = file;
  const { line } = lines.positionAt(span.start);
  const room = columns - gutter - 7;
  const own = cells(file, line, span.start);
  const marked = own.findIndex((cell) => cell.end > span.start);
  const from = marked === -1 ? own.length : marked;
  const beyond = own.findIndex((cell, index) => index > from && cell.start >= span.end);
  const to = beyond === -1 ? own.length : beyond;
  const before = widthOf(own.slice(0, from));
  const wanted = Math.max(1, widthOf(own.slice(from, to)));
  // A line that is too long is cut so that the place and a little before it stay in view.
  const fits = widthOf(own) <= room || before + wanted < room;
  const left = fits ? 0 : Math.max(0, Math.min(before - MARGIN, before + wanted + MARGIN - room));

  let text = '';
  const first = Math.max(0, line - context);
  const last = Math.min(lines.count - 1, line + context);
  for (let index = first; index <= last; index++) {
    const shown = cut(index === line ? own : cells(file, index), left, room);
    if (index !== line && shown.trim() === '') continue;
    const number = String(index + 1).padStart(gutter);
    const mark = index === line && context > 0 ? paint(style, '>') : ' ';
    text += `  ${mark} ${paint('dim', `${number} |`)}${shown === '' ? '' : ` ${shown}`}\n`;
    if (index === line) {
      const carets = '^'.repeat(Math.max(1, Math.min(wanted, room - (before - left))));
      text += `    ${paint('dim', `${' '.repeat(gutter)} |`)} ${' '.repeat(before - left)}${paint(style, carets)}\n`;
    }
  }
  return text;
}

/** A character as it is shown, with where it is in the text and how many columns it takes. */
interface Cell {
  readonly shown: string;
  readonly width: number;
  readonly start: number;
  readonly end: number;
}

/** So much of a line is looked at, before a place and after it. */
const REACH = 10_000;

/** The characters of a line; of an endless one, those round an offset. */
function cells({ text, lines }: CheckedFile, line: number, around = 0): Cell[] {
  const { start, end } = lines.span(line);
  const found: Cell[] = [];
  let column = 0;
  let offset = Math.max(start, around - REACH);
  for (const character of text.slice(offset, Math.min(end, offset + 2 * REACH))) {
    const shown = character === '\t' ? ' '.repeat(TAB - (column % TAB)) : visible(character);
    const width = displayWidth(shown);
    found.push({ shown, width, start: offset, end: offset + character.length });
    column += width;
    offset += character.length;
  }
  return found;
}

function widthOf(list: readonly Cell[]): number {
  return list.reduce((sum, { width }) => sum + width, 0);
}

/** So many columns of a line from a column on; `…` stands for what is left out. */
function cut(list: readonly Cell[], left: number, room: number): string {
  const total = widthOf(list);
  if (total <= left) return '';
  const opening = left > 0 ? 1 : 0;
  const right = left + room - (total - left > room ? 1 : 0);
  let text = '…'.repeat(opening);
  let column = 0;
  for (const { shown, width } of list) {
    const at = column;
    column += width;
    if (at < left + opening) {
      // A wide character at the edge leaves one column of it.
      text += ' '.repeat(Math.max(0, column - left - opening));
    } else if (column > right) {
      return `${text}…`;
    } else {
      text += shown;
    }
  }
  return text.trimEnd();
}

/** How much each rule found, and how much is about each firewall; nothing where one finding says it all. */
function tables({ files, summaryOnly }: CheckReport, paint: Paint): readonly string[] {
  const found = byRule(files);
  const sum = found.reduce((all, { count }) => all + count, 0);
  if (sum === 0 || (sum === 1 && !summaryOnly)) return [];
  const width = Math.max(...[...found, ...byFirewall(files)].map(({ count }) => String(count).length));
  const rows = (list: readonly Amount[]) =>
    list.map(
      ({ name, severity, count }) =>
        `  ${String(count).padStart(width)}  ${paint(severity, severity.padEnd('information'.length))}  ${visible(name)}\n`,
    );
  const table = (title: string, list: readonly Amount[]) =>
    list.length === 0 ? [] : [`${paint('bold', title)}\n${rows(list).join('')}`];
  return [...table(t('By rule'), found), ...table(t('By firewall'), byFirewall(files))];
}

function summary(report: CheckReport, paint: Paint): string {
  const counts = countFindings(report.files);
  const parts = [
    counts.error > 0 && paint('error', t(counts.error === 1 ? '{0} error' : '{0} errors', counts.error)),
    counts.warning > 0 &&
      paint('warning', t(counts.warning === 1 ? '{0} warning' : '{0} warnings', counts.warning)),
    counts.information > 0 && paint('information', t('{0} information', counts.information)),
    counts.hint > 0 && paint('hint', t(counts.hint === 1 ? '{0} hint' : '{0} hints', counts.hint)),
  ].filter((part) => part !== false);
  const files = report.files.length;
  const found = parts.length === 0 ? paint('green', t('No findings')) : parts.join(t(', '));
  const all = t(files === 1 ? '{0} in {1} file.' : '{0} in {1} files.', found, files);
  const findings = report.files.flatMap((file) => file.findings);
  const safe = findings.filter(({ fixes }) => fixes?.some((fix) => fix.safe)).length;
  const offer = safe > 0 ? ` ${t('{0} fixes {1} of them.', 'cmtopo check --fix', safe)}` : '';
  const { hidden } = report;
  const others = t(
    hidden === 1
      ? '{0} other finding is not shown (--rule, --severity).'
      : '{0} other findings are not shown (--rule, --severity).',
    hidden,
  );
  return `${all}${offer}${hidden > 0 ? ` ${others}` : ''}\n`;
}
