// The rules that the firewalls of a file lack, written into it: `cmtopo rules-for`, and the command of the editor.
import type { Analysis } from './analysis.ts';
import type { TextEdit } from './edits/text-edit.ts';
import { t } from './l10n.ts';
import { contextOf } from './rules/check.ts';
import { missingText } from './rules/firewalls/blocked-flows.ts';
import { openingText } from './rules/firewalls/firewall-fixes.ts';
import { lackingRules, writeLacking } from './rules/firewalls/lacking-rules.ts';
import { policyName } from './rules/firewalls/policies.ts';
import { isAllKnown } from './rules/hierarchy/hierarchy.ts';
import type { Settings } from './rules/rule.ts';
import type { Firewall } from './topology/model.ts';

/** What one firewall lacks. */
export interface FirewallLacks {
  readonly firewall: Firewall;
  /** Each rule as one line of a topology file; never empty together with `refused`. */
  readonly rules: readonly string[];
  /** What is needed and never opened, one sentence for each two machines: the way out is another than a rule. */
  readonly refused: readonly string[];
  /** Writes the rules; empty where the text has no place for them. */
  edits(): readonly TextEdit[];
}

/**
 * The firewalls of a file that lack rules, in the order of the file; undefined where a mistake in it hides what is
 * needed, because half of the rules would look like all of them.
 */
export function lackingIn(analysis: Analysis, settings: Settings): readonly FirewallLacks[] | undefined {
  const context = contextOf(analysis, settings);
  if (analysis.topology.edition === undefined || !isAllKnown(context)) return undefined;
  return [...analysis.topology.firewalls.values()].flatMap((firewall): readonly FirewallLacks[] => {
    const { openings, refused } = lackingRules(firewall, context);
    if (openings.length + refused.length === 0) return [];
    return [
      {
        firewall,
        rules: openings.map(openingText),
        refused: refused.map(({ lack: { fromWord, toWord, ports }, policies }) => {
          const [policy] = policies;
          const what = missingText({ tcp: ports.tcp, udp: ports.udp, icmp: ports.icmp.length > 0 });
          return policy
            ? t(
                '{0} to {1} on {2} at firewall {3}: {4} forbids it',
                fromWord,
                toWord,
                what,
                firewall.name,
                policyName(policy, analysis.topology),
              )
            : t(
                '{0} to {1} on {2} at firewall {3}: never opened by this command',
                fromWord,
                toWord,
                what,
                firewall.name,
              );
        }),
        edits: () => writeLacking(firewall, context),
      },
    ];
  });
}
