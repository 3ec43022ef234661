// `cmtopo rules [CODE]`: the rules, or one rule's page.
import { writerOf } from '../formats.ts';
import { ruleOf, rules } from '../rules/index.ts';
import { noRule, parseArguments } from './args.ts';
import { rulesFormats } from './formats/rules.ts';
import { type Io, usageError } from './io.ts';

/**
 * Prints the rules by area, or with a code the rule's page.
 * Throws a usage error for a code that no rule has.
 * @returns the exit status
 */
export function rulesCommand(args: readonly string[], io: Io): number {
  const { values, positionals } = parseArguments(
    'rules',
    args,
    { format: { type: 'string', words: Object.keys(rulesFormats) } },
    { fewest: 0, most: 1 },
  );
  const [code] = positionals;
  const print = writerOf(rulesFormats, values.format);
  if (code === undefined) {
    io.out(print.list());
    return 0;
  }
  const rule = ruleOf(code);
  if (!rule) {
    throw usageError(
      noRule(
        code,
        rules.map((known) => known.code),
      ),
    );
  }
  io.out(print.page(rule));
  return 0;
}
