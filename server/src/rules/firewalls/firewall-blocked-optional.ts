import type { Rule } from '../rule.ts';
import { blockedReports } from './blocked-report.ts';

const site = (tcp: string) => `configmgr: 2025-12
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
clients:
  desktops: { site: PS1, zone: branch }
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { name: Clients, action: allow, from: branch, to: cm01, tcp: ${tcp} }
`;

export const firewallBlockedOptional: Rule = {
  code: 'firewall-blocked-optional',
  severity: 'information',
  summary: 'A firewall blocks traffic for which there is an alternative.',
  reason: 'Everything works without these ports, in another way or by another server.',
  explanation: `For some connections the documents name an alternative: without the port of client notification, clients ask over HTTP or HTTPS from time to time. And of several equivalent servers, such as the distribution points of a boundary group, one that can be reached is enough.

The message says what happens without these ports. Let them through if that is not what you want, or turn this code off.`,
  source: { document: 'ports', section: 'BKMK_PortsClient-MP' },
  bad: [{ title: 'Client notification', text: site('443') }],
  good: [{ title: 'Both ways', text: site('[443, 10123]') }],
  severalAtOnePlace: true,
  check: (context) => blockedReports('optional', context),
};
