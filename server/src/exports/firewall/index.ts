// The formats of `cmtopo export`: one file and one line each.
import type { Format } from '../../formats.ts';
import { marked } from '../../l10n.ts';
import { aerleon } from './aerleon.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { firewallCsv } from './csv.ts';
import { endpointsCsv } from './endpoints.ts';
import { fortios } from './fortios.ts';
import { firewallHtml } from './html.ts';
import { firewallMarkdown } from './markdown.ts';
import { netsh } from './netsh.ts';
import { nftables } from './nftables.ts';
import { nsgArm } from './nsg-arm.ts';
import { nsgBicep } from './nsg-bicep.ts';
import { panOs } from './pan-os.ts';
import { powershell } from './powershell.ts';
import type { Exported, ExportReport } from './rules.ts';
import { terraform } from './terraform.ts';
import { testNetConnection } from './test-netconnection.ts';
import { windowsGpo } from './windows-gpo.ts';

export interface Exporter extends Format<(report: ExportReport) => Exported> {
  /** In a menu: the name of a product or format. */
  readonly title: string;
  /** Beside it: the name of a command or resource, or marked words. */
  readonly detail: string;
  /** The language of the text in VS Code. */
  readonly language: string;
  /** It can end with a rule that denies the rest (`--deny-rest`); other targets deny it by themselves or never. */
  readonly closes?: true;
  /** The device may have several virtual systems (`--vsys`). */
  readonly systems?: true;
  /** Its rules to the internet can be for names (`--endpoints`). */
  readonly names?: true;
  /** It is for people to read: menus list it behind the rules of firewalls. */
  readonly document?: true;
}

/** By the word of `--format`. */
export const exporters: Readonly<Record<string, Exporter>> = {
  csv: {
    write: firewallCsv,
    about: 'a change request: one line for each flow',
    title: 'CSV',
    detail: marked('One line a connection, for a ticket'),
    language: 'csv',
    document: true,
  },
  endpoints: {
    write: endpointsCsv,
    about: 'a proxy team: the names on the internet that each role needs, one line for each name and port',
    title: 'Endpoints',
    detail: marked('The names on the internet that each role needs, as CSV'),
    language: 'csv',
    document: true,
  },
  powershell: {
    write: powershell,
    about:
      "Windows Firewall: a script with `New-NetFirewallRule`; chooses the rules by the computer's name, or `-Server`",
    title: 'PowerShell',
    detail: 'New-NetFirewallRule',
    language: 'powershell',
  },
  'test-netconnection': {
    write: testNetConnection,
    about:
      'no rules: a PowerShell script that tries the TCP connections of a machine and changes nothing, for [`cmtopo probe --read`](probe.md)',
    title: 'Test-NetConnection',
    detail: marked('A script that tries the connections of a machine'),
    language: 'powershell',
    document: true,
  },
  netsh: {
    write: netsh,
    about:
      "Windows Firewall without PowerShell: a batch file for cmd.exe; chooses by the computer's name, or its first argument",
    title: 'netsh',
    detail: 'netsh advfirewall',
    language: 'bat',
  },
  'nsg-bicep': {
    write: nsgBicep,
    closes: true,
    about: 'Azure network security groups: one group for each zone, in Bicep; deploys into a resource group',
    title: 'Bicep',
    detail: marked('Azure network security group'),
    language: 'bicep',
  },
  'nsg-arm': {
    write: nsgArm,
    closes: true,
    about: 'the same as an ARM template in JSON',
    title: 'ARM JSON',
    detail: marked('Azure network security group'),
    language: 'json',
  },
  terraform: {
    write: terraform,
    closes: true,
    about:
      'the same, with the azurerm provider: one `azurerm_network_security_group` for each zone, its rules inside',
    title: 'Terraform',
    detail: 'azurerm_network_security_group',
    language: 'terraform',
  },
  'cisco-asa': {
    write: ciscoAsa,
    about: 'Cisco ASA: object groups, and one access list for each zone in which traffic starts',
    title: 'Cisco ASA',
    detail: 'access-list',
    language: 'plaintext',
  },
  'pan-os': {
    write: panOs,
    about:
      'Palo Alto Networks PAN-OS: `set` commands with address objects, services and tags, between the zones of the same names; `--vsys NAME` for another virtual system than vsys1',
    title: 'Palo Alto PAN-OS',
    detail: 'set rulebase security rules',
    language: 'plaintext',
    systems: true,
    names: true,
  },
  fortios: {
    write: fortios,
    about:
      'Fortinet FortiOS: addresses, services and policies, between the zones or interfaces of the same names',
    title: 'Fortinet FortiOS',
    detail: 'config firewall policy',
    language: 'plaintext',
    names: true,
  },
  'windows-gpo': {
    write: windowsGpo,
    about:
      'Windows Firewall by group policy: a `.reg` file of rule strings for all machines, each with its own addresses as local ones; with `--server` for one',
    title: 'Windows group policy',
    detail: 'WindowsFirewall\\FirewallRules (.reg)',
    language: 'plaintext',
  },
  aerleon: {
    write: aerleon,
    about:
      'Aerleon, and with small changes Capirca: definitions and policies, from which `aclgen` makes the rules of some twenty kinds of firewalls; `-o FOLDER` writes the folder in which it is called',
    title: 'Aerleon',
    detail: 'aclgen',
    language: 'yaml',
  },
  nftables: {
    write: nftables,
    about: 'Linux: one table `inet cmtopo` for `nft -f`',
    title: 'nftables',
    detail: 'nft -f',
    language: 'plaintext',
  },
  markdown: {
    write: firewallMarkdown,
    about: 'a wiki, a review: one table for each pair of zones',
    title: 'Markdown',
    detail: marked('Tables for a page or a ticket'),
    language: 'markdown',
    document: true,
  },
  html: {
    write: firewallHtml,
    about: 'the same as a page that loads nothing',
    title: 'HTML',
    detail: marked('A page to send'),
    language: 'html',
    document: true,
  },
};
