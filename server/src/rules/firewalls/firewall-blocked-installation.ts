import type { Rule } from '../rule.ts';
import { blockedReports } from './blocked-report.ts';

const site = (rules: string) => `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
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
  files01:
    zone: hq
    roles:
      file-server:
clients:
  desktops:
    site: PS1
    zone: branch
    installation: [manual]
    source: files01
firewalls:
  line:
    zones: [hq, branch]
    rules:
      - { name: Clients, action: allow, from: branch, to: cm01, tcp: [443, 10123] }
${rules}`;

export const firewallBlockedInstallation: Rule = {
  code: 'firewall-blocked-installation',
  severity: 'warning',
  summary: 'A firewall blocks traffic that is needed during an installation.',
  reason: 'Nothing is wrong in operation, but the installation that needs these ports fails.',
  explanation: `Some connections are needed only while a client or a role is installed: the share from which CCMSetup copies its files, SMB and RPC to a server that becomes a site system. A firewall may block them at other times, and have a rule only for the day of the installation.

Let exactly these ports through, or install in another way. Give the rule a day in \`expires\` if it is temporary.`,
  source: {
    document: 'windows-firewall',
    section: 'ports-used-during-configuration-manager-client-deployment',
  },
  bad: [{ title: 'The share with the client files', text: site('') }],
  good: [
    {
      title: 'SMB to the share',
      text: site('      - { name: Client files, action: allow, from: desktops, to: files01, tcp: 445 }\n'),
    },
  ],
  severalAtOnePlace: true,
  check: (context) => blockedReports('installation', context),
};
