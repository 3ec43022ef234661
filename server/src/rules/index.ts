// All rules. A new one is a file beside this one and a line here.

import { addressOutsideZone } from './address-outside-zone.ts';
import { ccmsetupPort } from './ccmsetup-port.ts';
import { clientFirewallException } from './client-firewall-exception.ts';
import { clientPortDuplicate } from './client-port-duplicate.ts';
import { clientPortsUnmanaged } from './client-ports-unmanaged.ts';
import { clientPushBlocked } from './client-push-blocked.ts';
import { customWebsite } from './custom-website.ts';
import { duplicateKey } from './duplicate-key.ts';
import { fallbackStatusHttp } from './fallback-status-http.ts';
import { firewallBlocked } from './firewall-blocked.ts';
import { firewallBroadRule } from './firewall-broad-rule.ts';
import { firewallExpiredRule } from './firewall-expired-rule.ts';
import { firewallInternetExposure } from './firewall-internet-exposure.ts';
import { firewallRpcIncomplete } from './firewall-rpc-incomplete.ts';
import { firewallShadowedRule } from './firewall-shadowed-rule.ts';
import { firewallUnusedRule } from './firewall-unused-rule.ts';
import { internetHttpsPort } from './internet-https-port.ts';
import { invalidAddress } from './invalid-address.ts';
import { invalidName } from './invalid-name.ts';
import { invalidPort } from './invalid-port.ts';
import { invalidValue } from './invalid-value.ts';
import { missingKey } from './missing-key.ts';
import { multicastRange } from './multicast-range.ts';
import { multipleDocuments } from './multiple-documents.ts';
import { policyModulePlacement } from './policy-module-placement.ts';
import { pullSource } from './pull-source.ts';
import { roleNeedsSite } from './role-needs-site.ts';
import { roleNotInEdition } from './role-not-in-edition.ts';
import { roleOncePerHierarchy } from './role-once-per-hierarchy.ts';
import { rolePlacement } from './role-placement.ts';
import { rpcRangeOs } from './rpc-range-os.ts';
import { rpcRangeOverlap } from './rpc-range-overlap.ts';
import { rpcRangeSmall } from './rpc-range-small.ts';
import { rpcRangeUnset } from './rpc-range-unset.ts';
import type { Rule } from './rule.ts';
import { secondaryClientPorts } from './secondary-client-ports.ts';
import { severalPrimaries } from './several-primaries.ts';
import { siteCode } from './site-code.ts';
import { siteDatabaseMissing } from './site-database-missing.ts';
import { siteLimits } from './site-limits.ts';
import { siteParent } from './site-parent.ts';
import { siteServerDuplicate } from './site-server-duplicate.ts';
import { siteServerInitiates } from './site-server-initiates.ts';
import { siteServerMissing } from './site-server-missing.ts';
import { softwareUpdatePointMissing } from './software-update-point-missing.ts';
import { sqlAvailabilityGroupPorts } from './sql-availability-group-ports.ts';
import { sqlBrowser } from './sql-browser.ts';
import { sqlEdition } from './sql-edition.ts';
import { sqlLoadBalancer } from './sql-load-balancer.ts';
import { sqlPortConflict } from './sql-port-conflict.ts';
import { sqlSecondaryLocal } from './sql-secondary-local.ts';
import { sqlSharedInstance } from './sql-shared-instance.ts';
import { sqlStaticPort } from './sql-static-port.ts';
import { tftpReplyPorts } from './tftp-reply-ports.ts';
import { unknownEdition } from './unknown-edition.ts';
import { unknownKey } from './unknown-key.ts';
import { unknownReference } from './unknown-reference.ts';
import { unknownSuppression } from './unknown-suppression.ts';
import { unusedDefinition } from './unused-definition.ts';
import { unusedSuppression } from './unused-suppression.ts';
import { wakeUpProxyIcmp } from './wake-up-proxy-icmp.ts';
import { wrongType } from './wrong-type.ts';
import { wsusHttpBlocked } from './wsus-http-blocked.ts';
import { wsusPortPair } from './wsus-port-pair.ts';
import { wsusSslChild } from './wsus-ssl-child.ts';
import { yamlSyntax } from './yaml-syntax.ts';
import { zoneOverlap } from './zone-overlap.ts';

/** Every rule, in the order of the documentation: by area, then as listed. */
export const rules: readonly Rule[] = [
  // The file
  yamlSyntax,
  duplicateKey,
  multipleDocuments,
  unknownKey,
  missingKey,
  wrongType,
  invalidValue,
  invalidPort,
  invalidAddress,
  invalidName,
  unknownReference,
  unknownEdition,
  unusedDefinition,
  unknownSuppression,
  unusedSuppression,
  // Hierarchy
  siteCode,
  siteParent,
  severalPrimaries,
  siteServerMissing,
  siteServerDuplicate,
  siteDatabaseMissing,
  roleNeedsSite,
  rolePlacement,
  roleOncePerHierarchy,
  roleNotInEdition,
  siteLimits,
  softwareUpdatePointMissing,
  pullSource,
  policyModulePlacement,
  // WSUS
  wsusPortPair,
  wsusHttpBlocked,
  wsusSslChild,
  // SQL Server
  sqlStaticPort,
  sqlPortConflict,
  sqlSharedInstance,
  sqlBrowser,
  sqlAvailabilityGroupPorts,
  sqlLoadBalancer,
  sqlSecondaryLocal,
  sqlEdition,
  // RPC
  rpcRangeUnset,
  rpcRangeOs,
  rpcRangeSmall,
  rpcRangeOverlap,
  // Clients
  clientPortDuplicate,
  secondaryClientPorts,
  customWebsite,
  clientPortsUnmanaged,
  ccmsetupPort,
  internetHttpsPort,
  fallbackStatusHttp,
  clientFirewallException,
  wakeUpProxyIcmp,
  clientPushBlocked,
  multicastRange,
  tftpReplyPorts,
  siteServerInitiates,
  // Firewalls
  firewallBlocked,
  firewallRpcIncomplete,
  firewallUnusedRule,
  firewallShadowedRule,
  firewallBroadRule,
  firewallExpiredRule,
  firewallInternetExposure,
  addressOutsideZone,
  zoneOverlap,
];

/** A rule by its code; undefined for a code that no rule has. */
export function ruleOf(code: string): Rule | undefined {
  return rules.find((rule) => rule.code === code);
}
