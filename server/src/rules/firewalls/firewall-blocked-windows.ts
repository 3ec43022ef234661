import { editionsBetween } from '../../catalog/editions.ts';
import type { Rule } from '../rule.ts';
import { blockedReports } from './blocked-report.ts';

const site = (rules: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
  dhcp01:
    zone: hq
    roles:
      dhcp-server:
clients:
  desktops: { site: PS1, zone: branch }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }
${rules}`;

export const firewallBlockedWindows: Rule = {
  code: 'firewall-blocked-windows',
  severity: 'information',
  summary: 'A firewall blocks traffic that Windows itself needs: DNS, Kerberos, DHCP.',
  reason: 'Without it neither Windows nor anything on it works as it should.',
  explanation: `DNS, Kerberos and DHCP are not part of Configuration Manager, but its documents list them, and nothing works without them. They are reported only as hints, because most networks already have rules for them that need not be repeated here.

Let them through, write the servers that these machines really ask, or turn this code off where such rules are kept elsewhere.`,
  source: {
    document: 'ports',
    section: 'ports-used-by-windows-server',
    editions: editionsBetween('2025-12', undefined),
  },
  moreSources: [
    { document: 'ports', section: 'BKMK_ServerPorts', editions: editionsBetween('2017-03', '2020-06') },
  ],
  bad: [{ title: 'DHCP through a firewall', text: site('') }],
  good: [
    {
      title: 'DHCP',
      text: site('      - { name: DHCP, action: allow, from: desktops, to: dhcp01, udp: [67, 68] }\n'),
    },
  ],
  severalAtOnePlace: true,
  check: (context) => blockedReports('windows', context),
};
