// What a rule reports, worked out once though other rules ask for it too.
import { getOrAdd, memo } from '../collections.ts';
import type { Report, Rule, RuleContext } from './rule.ts';

/** By its check: a listed rule is another object than the one in its file. */
const known = memo((_: RuleContext) => new Map<Rule['check'], readonly Report[]>());

/** All that a rule reports, before settings and comments. Throws what the rule throws. */
export function reportsOf(rule: Rule, context: RuleContext): readonly Report[] {
  return getOrAdd(known(context), rule.check, () => [...rule.check(context)]);
}
