// All rules. A new one is a file beside this one and a line here.
import type { Rule } from './rule.ts';
import { unknownSuppression } from './unknown-suppression.ts';
import { unusedSuppression } from './unused-suppression.ts';

/** Every rule, in the order of the documentation: by area, then as listed. */
export const rules: readonly Rule[] = [
  // The file
  unknownSuppression,
  unusedSuppression,
  // WSUS
  // SQL Server
  // RPC
];

/** A rule by its code; undefined for a code that no rule has. */
export function ruleOf(code: string): Rule | undefined {
  return rules.find((rule) => rule.code === code);
}
