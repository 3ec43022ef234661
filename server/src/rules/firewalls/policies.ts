// How findings speak about policies.
import { t } from '../../l10n.ts';
import type { Policy, Topology } from '../../topology/model.ts';
import type { Report } from '../rule.ts';

/** `policy 'No SMB from branches'`, `policy 2`. */
export function policyName(policy: Policy, { policies }: Topology): string {
  return policy.name
    ? t("policy '{0}'", policy.name.value)
    : t('policy {0}', policies.filter(({ isShared }) => isShared === policy.isShared).indexOf(policy) + 1);
}

/** The place of a policy; none of one in the settings file, which is another text. */
export function policyPlace(policy: Policy, topology: Topology): NonNullable<Report['related']> {
  if (policy.isShared) return [];
  const name = policyName(policy, topology);
  return [{ message: `${name.charAt(0).toUpperCase()}${name.slice(1)}`, span: policy.span }];
}
