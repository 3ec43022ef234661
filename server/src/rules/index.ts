// All rules. A new one is a file CODE.ts in the folder of its area, and its import and a line in the list here.

import { boundaryGroupSiteSystem } from './clients/boundary-group-site-system.ts';
import { ccmsetupPort } from './clients/ccmsetup-port.ts';
import { clientBoundaryGroup } from './clients/client-boundary-group.ts';
import { clientFirewallException } from './clients/client-firewall-exception.ts';
import { clientPortDuplicate } from './clients/client-port-duplicate.ts';
import { clientPortsUnmanaged } from './clients/client-ports-unmanaged.ts';
import { clientPushBlocked } from './clients/client-push-blocked.ts';
import { customWebsite } from './clients/custom-website.ts';
import { fallbackStatusHttp } from './clients/fallback-status-http.ts';
import { gatewayRoles } from './clients/gateway-roles.ts';
import { internetClientsUnserved } from './clients/internet-clients-unserved.ts';
import { internetFacingHttps } from './clients/internet-facing-https.ts';
import { internetHttpsPort } from './clients/internet-https-port.ts';
import { multicastRange } from './clients/multicast-range.ts';
import { secondaryClientPorts } from './clients/secondary-client-ports.ts';
import { siteServerInitiates } from './clients/site-server-initiates.ts';
import { tftpReplyPorts } from './clients/tftp-reply-ports.ts';
import { wakeUpProxyIcmp } from './clients/wake-up-proxy-icmp.ts';
import { duplicateKey } from './file/duplicate-key.ts';
import { invalidAddress } from './file/invalid-address.ts';
import { invalidName } from './file/invalid-name.ts';
import { invalidPort } from './file/invalid-port.ts';
import { invalidValue } from './file/invalid-value.ts';
import { missingKey } from './file/missing-key.ts';
import { multipleDocuments } from './file/multiple-documents.ts';
import { unknownEdition } from './file/unknown-edition.ts';
import { unknownKey } from './file/unknown-key.ts';
import { unknownReference } from './file/unknown-reference.ts';
import { unknownSuppression } from './file/unknown-suppression.ts';
import { unusedDefinition } from './file/unused-definition.ts';
import { unusedSuppression } from './file/unused-suppression.ts';
import { wrongType } from './file/wrong-type.ts';
import { yamlSyntax } from './file/yaml-syntax.ts';
import { addressOutsideZone } from './firewalls/address-outside-zone.ts';
import { firewallBlocked } from './firewalls/firewall-blocked.ts';
import { firewallBlockedInstallation } from './firewalls/firewall-blocked-installation.ts';
import { firewallBlockedOptional } from './firewalls/firewall-blocked-optional.ts';
import { firewallBlockedWindows } from './firewalls/firewall-blocked-windows.ts';
import { firewallBroadRule } from './firewalls/firewall-broad-rule.ts';
import { firewallExpiredRule } from './firewalls/firewall-expired-rule.ts';
import { firewallInternetExposure } from './firewalls/firewall-internet-exposure.ts';
import { firewallRpcIncomplete } from './firewalls/firewall-rpc-incomplete.ts';
import { firewallShadowedRule } from './firewalls/firewall-shadowed-rule.ts';
import { firewallUnusedRule } from './firewalls/firewall-unused-rule.ts';
import { listenerConflict } from './firewalls/listener-conflict.ts';
import { policyConflict } from './firewalls/policy-conflict.ts';
import { policyViolation } from './firewalls/policy-violation.ts';
import { zoneOverlap } from './firewalls/zone-overlap.ts';
import { policyModulePlacement } from './hierarchy/policy-module-placement.ts';
import { pullSource } from './hierarchy/pull-source.ts';
import { roleNeedsSite } from './hierarchy/role-needs-site.ts';
import { roleNotInEdition } from './hierarchy/role-not-in-edition.ts';
import { roleOncePerHierarchy } from './hierarchy/role-once-per-hierarchy.ts';
import { rolePlacement } from './hierarchy/role-placement.ts';
import { secondarySiteRoles } from './hierarchy/secondary-site-roles.ts';
import { severalPrimaries } from './hierarchy/several-primaries.ts';
import { siteCode } from './hierarchy/site-code.ts';
import { siteDatabaseMissing } from './hierarchy/site-database-missing.ts';
import { siteLimits } from './hierarchy/site-limits.ts';
import { siteParent } from './hierarchy/site-parent.ts';
import { siteServerDuplicate } from './hierarchy/site-server-duplicate.ts';
import { siteServerMissing } from './hierarchy/site-server-missing.ts';
import { siteServerPassive } from './hierarchy/site-server-passive.ts';
import { softwareUpdatePointMissing } from './hierarchy/software-update-point-missing.ts';
import { rpcRangeOs } from './rpc/rpc-range-os.ts';
import { rpcRangeOverlap } from './rpc/rpc-range-overlap.ts';
import { rpcRangeSmall } from './rpc/rpc-range-small.ts';
import { rpcRangeUnset } from './rpc/rpc-range-unset.ts';
import type { ListedRule, Rule, RuleArea } from './rule.ts';
import { sqlAvailabilityGroupEdition } from './sql-server/sql-availability-group-edition.ts';
import { sqlAvailabilityGroupListener } from './sql-server/sql-availability-group-listener.ts';
import { sqlAvailabilityGroupPorts } from './sql-server/sql-availability-group-ports.ts';
import { sqlBrowser } from './sql-server/sql-browser.ts';
import { sqlEdition } from './sql-server/sql-edition.ts';
import { sqlLoadBalancer } from './sql-server/sql-load-balancer.ts';
import { sqlPortConflict } from './sql-server/sql-port-conflict.ts';
import { sqlSecondaryLocal } from './sql-server/sql-secondary-local.ts';
import { sqlSharedInstance } from './sql-server/sql-shared-instance.ts';
import { sqlStaticPort } from './sql-server/sql-static-port.ts';
import { softwareUpdatePointUpstream } from './wsus/software-update-point-upstream.ts';
import { wsusHttpBlocked } from './wsus/wsus-http-blocked.ts';
import { wsusPortPair } from './wsus/wsus-port-pair.ts';
import { wsusSslChild } from './wsus/wsus-ssl-child.ts';

/**
 * The rules of each area, in the order of the documentation. An area is the folder of the same name, which a test
 * compares with the files there.
 */
const ofArea: Readonly<Record<RuleArea, readonly Rule[]>> = {
  file: [
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
  ],
  hierarchy: [
    siteCode,
    siteParent,
    severalPrimaries,
    siteServerMissing,
    siteServerDuplicate,
    siteServerPassive,
    secondarySiteRoles,
    siteDatabaseMissing,
    roleNeedsSite,
    rolePlacement,
    roleOncePerHierarchy,
    roleNotInEdition,
    siteLimits,
    softwareUpdatePointMissing,
    pullSource,
    policyModulePlacement,
  ],
  wsus: [wsusPortPair, softwareUpdatePointUpstream, wsusHttpBlocked, wsusSslChild],
  'sql-server': [
    sqlStaticPort,
    sqlPortConflict,
    sqlSharedInstance,
    sqlBrowser,
    sqlAvailabilityGroupPorts,
    sqlLoadBalancer,
    sqlSecondaryLocal,
    sqlEdition,
    sqlAvailabilityGroupEdition,
    sqlAvailabilityGroupListener,
  ],
  rpc: [rpcRangeUnset, rpcRangeOs, rpcRangeSmall, rpcRangeOverlap],
  clients: [
    clientPortDuplicate,
    secondaryClientPorts,
    customWebsite,
    clientPortsUnmanaged,
    ccmsetupPort,
    internetHttpsPort,
    internetFacingHttps,
    internetClientsUnserved,
    gatewayRoles,
    boundaryGroupSiteSystem,
    clientBoundaryGroup,
    fallbackStatusHttp,
    clientFirewallException,
    wakeUpProxyIcmp,
    clientPushBlocked,
    multicastRange,
    tftpReplyPorts,
    siteServerInitiates,
  ],
  firewalls: [
    firewallBlocked,
    firewallBlockedInstallation,
    firewallBlockedOptional,
    firewallBlockedWindows,
    firewallRpcIncomplete,
    firewallUnusedRule,
    firewallShadowedRule,
    firewallBroadRule,
    firewallExpiredRule,
    firewallInternetExposure,
    policyViolation,
    policyConflict,
    addressOutsideZone,
    zoneOverlap,
    listenerConflict,
  ],
};

/** Every rule, in the order of the documentation: by area, then as listed. */
export const rules: readonly ListedRule[] = (Object.keys(ofArea) as RuleArea[]).flatMap((area) =>
  ofArea[area].map((rule) => ({ ...rule, area })),
);

/** A rule by its code; undefined for a code that no rule has. */
export function ruleOf(code: string): ListedRule | undefined {
  return rules.find((rule) => rule.code === code);
}
