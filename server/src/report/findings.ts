// What the check finds, and what the file and its settings leave unsaid, with the reasons given for it.
import { groupBy } from '../collections.ts';
import { t } from '../l10n.ts';
import { checkAll } from '../rules/check.ts';
import { ruleOf } from '../rules/index.ts';
import { type Finding, SEVERITIES, type Severity } from '../rules/rule.ts';
import { whyOf } from '../rules/why.ts';
import { type PageBlock, type PageCell, type PageSection, table, textBlock } from './page.ts';
import type { ReportSubject } from './subject.ts';

export interface Findings {
  readonly shown: readonly Finding[];
  readonly silenced: readonly Finding[];
}

export function findingsOf({ analysis, settings }: ReportSubject): Findings {
  return checkAll(analysis, settings);
}

function severityText(severity: Severity): string {
  switch (severity) {
    case 'error':
      return t('Error');
    case 'warning':
      return t('Warning');
    case 'information':
      return t('Information');
    case 'hint':
      return t('Hint');
  }
}

/** The section, the loudest findings first. */
export function findingsSection(subject: ReportSubject, { shown }: Findings): PageSection {
  const { edition } = subject;
  const sorted = SEVERITIES.flatMap((severity) => shown.filter((finding) => finding.severity === severity));
  return {
    id: 'findings',
    title: t('Findings'),
    blocks:
      sorted.length === 0
        ? [textBlock(t('The check finds nothing.'))]
        : table(
            [t('Severity'), t('Finding'), t('Line'), t('Why it matters'), t('Rule')],
            sorted.map(({ severity, message, span, code }): readonly PageCell[] => {
              const rule = ruleOf(code);
              const word = severityText(severity);
              return [
                severity === 'error' ? { strong: word } : word,
                message,
                lineText(subject, span.start),
                rule ? whyOf(rule, edition).reason : '',
                { name: code },
              ];
            }),
          ),
  };
}

function lineText({ analysis }: ReportSubject, offset: number): string {
  return String(analysis.tree.lines.positionAt(offset).line + 1);
}

/** What comments silence, and the rules that the settings turn off or change. */
export function suppressionsSection(subject: ReportSubject, { silenced }: Findings): PageSection {
  const { analysis, context, settings } = subject;
  const lineOf = (offset: number) => analysis.tree.lines.positionAt(offset).line;
  const comments = context.suppressions.directives.flatMap((directive): readonly (readonly PageCell[])[] => {
    if (directive.kind === undefined || directive.kind === 'enable') return [];
    return directive.mentions.map((mention) => {
      const own = silenced.filter(
        ({ code, span }) => code === mention.code && context.suppressions.covers(mention, lineOf(span.start)),
      );
      return [
        { name: mention.code },
        String(directive.line + 1),
        directive.reason === '' ? { strong: t('no reason given') } : directive.reason,
        own.length === 0 ? t('nothing') : messages(own),
      ];
    });
  });
  const changed = Object.entries(settings.rules).flatMap(
    ([code, severity]): readonly (readonly PageCell[])[] => {
      const rule = ruleOf(code);
      if (rule === undefined || severity === rule.severity) return [];
      return [
        [
          { name: code },
          rule.summary,
          severityText(rule.severity),
          severity === 'off' ? { strong: t('off') } : severityText(severity),
        ],
      ];
    },
  );
  const blocks: readonly PageBlock[] = [
    ...table([t('Rule'), t('Line'), t('Reason given'), t('What it silences')], comments),
    ...(changed.length === 0
      ? []
      : [
          textBlock(t('The settings change these rules for every file that they apply to:')),
          ...table([t('Rule'), t('What it is about'), t('By default'), t('Here')], changed),
        ]),
  ];
  return {
    id: 'suppressions',
    title: t('Suppressions'),
    blocks:
      blocks.length === 0
        ? [textBlock(t('Nothing is silenced: no comment and no setting turns a rule off.'))]
        : blocks,
  };
}

/** The same words once, with how often. */
function messages(findings: readonly Finding[]): string {
  return [...groupBy(findings, ({ message }) => message)]
    .map(([message, own]) => (own.length === 1 ? message : t('{0} ({1} times)', message, own.length)))
    .join(' ');
}
