// What every printer of tried connections is given, and the texts that they share.
import type { Edition } from '../../catalog/types.ts';
import { t } from '../../l10n.ts';
import type { Attempt, Unproven } from '../../probe/attempts.ts';
import { type Expectation, type Judged, type Judgement, suspects } from '../../probe/judge.ts';
import { blocksOf, blockText, ruleLabel, type Way } from '../../reach/way.ts';

/** Connections from one machine or several, and what came of them. */
export interface ProbeReport {
  readonly edition: Edition;
  /** The file as the user named it. */
  readonly file: string;
  /** The machines from which connections start, as the file names them. */
  readonly from: readonly string[];
  /** Tried and judged; or, of a dry run, only what would be tried. */
  readonly attempts: readonly (Judged | Expectation)[];
  readonly unproven: readonly Unproven[];
}

export function isJudged(one: Judged | Expectation): one is Judged {
  return 'judgement' in one;
}

/** `sql01`, `sql01 (10.1.0.11)`. */
export function targetText({ to, targets }: Attempt): string {
  const own = targets.filter((target) => target !== to.name);
  return own.length === 0 ? to.name : `${to.name} (${own.join(', ')})`;
}

/** What the file expects: `allowed`, `allowed by edge (rule 1)`, `blocked by edge (rule 3 'Old')`, `unchecked: …`. */
export function expectedText(way: Way): string {
  if (way.kind === 'unchecked') return t('not checked: {0}', way.why);
  if (way.kind === 'blocked') return t('blocked by {0}', blocksOf(way).map(blockText).join(', '));
  return way.gates.length === 0
    ? t('allowed')
    : t(
        'allowed by {0}',
        way.gates
          .map(({ firewall, passes: [first] }) =>
            first ? `${firewall.name} (${ruleLabel(first.rule, firewall)})` : firewall.name,
          )
          .join(', '),
      );
}

/** A word or two for each judgement. */
export function judgementText(judgement: Judgement): string {
  switch (judgement) {
    case 'expected':
      return t('as expected');
    case 'not-open':
      return t('NOT OPEN');
    case 'not-blocked':
      return t('NOT BLOCKED');
    case 'unproven':
      return t('proves nothing');
    case 'unchecked':
      return t('nothing expected');
  }
}

/** One sentence for what is not as the file says; nothing for the rest. */
export function blameText(one: Judged): string | undefined {
  const { attempt, judgement, way, tried, isFailure, optional } = one;
  const what = `${attempt.from.name} → ${attempt.to.name}, TCP ${attempt.port}`;
  if (judgement === 'not-blocked')
    return t('{0}: open, although {1} stops it in the file.', what, blocksOf(way).map(blockText).join(', '));
  if (judgement !== 'not-open') return undefined;
  const firewalls = suspects(one).map(({ name }) => name);
  const blame =
    firewalls.length === 0
      ? t(
          '{0}: no answer, and no firewall of the file is on the way: it may be the machine, its own firewall, or one that is not in the file.',
          what,
        )
      : t(
          firewalls.length === 1
            ? '{0}: no answer, although {1} lets it through in the file.'
            : '{0}: no answer, although {1} let it through in the file.',
          what,
          firewalls.join(', '),
        );
  const detail = tried.detail === undefined ? '' : ` (${tried.detail})`;
  if (isFailure) return `${blame}${detail}`;
  return `${blame}${detail} ${optional ? t('It is optional.') : t('One of the alternatives is open.')}`;
}

export interface OutcomeCounts {
  readonly attempts: number;
  readonly open: number;
  readonly refused: number;
  readonly silent: number;
  readonly untried: number;
  /** Expected open, needed, and not reached. */
  readonly failures: number;
  readonly notBlocked: number;
  readonly unproven: number;
}

export function countsOf({ attempts, unproven }: ProbeReport): OutcomeCounts {
  const judged = attempts.filter(isJudged);
  const withOutcome = (word: string) => judged.filter(({ tried }) => tried.outcome === word).length;
  return {
    attempts: attempts.length,
    open: withOutcome('open'),
    refused: withOutcome('refused'),
    silent: withOutcome('silent'),
    untried: withOutcome('untried'),
    failures: judged.filter(({ isFailure }) => isFailure).length,
    notBlocked: judged.filter(({ judgement }) => judgement === 'not-blocked').length,
    unproven: unproven.length,
  };
}
