// The documents that rules follow, by the short names that `source` uses.
import type { RuleSource } from './rule.ts';

export interface Document {
  readonly title: string;
  /** Without an anchor. */
  readonly url: string;
  /** Whether its anchors can be linked to; a section of the 2007 list is only a number. */
  readonly anchors: boolean;
}

const LEARN = 'https://learn.microsoft.com/en-us/intune/configmgr/core';

export const documents: Readonly<Record<string, Document>> = {
  ports: {
    title: 'Ports used in Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/ports`,
    anchors: true,
  },
  'windows-firewall': {
    title: 'Windows Firewall and port settings for clients in Configuration Manager',
    url: `${LEARN}/clients/deploy/windows-firewall-and-port-settings-for-clients`,
    anchors: true,
  },
  'support-for-sql-server-versions': {
    title: 'Supported SQL Server versions for Configuration Manager',
    url: `${LEARN}/plan-design/configs/support-for-sql-server-versions`,
    anchors: true,
  },
  'plan-for-the-site-database': {
    title: 'Plan for the site database for Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/plan-for-the-site-database`,
    anchors: true,
  },
  'sql-server-alwayson': {
    title: 'SQL Server Always On availability groups for a highly available site database',
    url: `${LEARN}/servers/deploy/configure/sql-server-alwayson-for-a-highly-available-site-database`,
    anchors: true,
  },
  'design-a-hierarchy-of-sites': {
    title: 'Design a hierarchy of sites for Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/design-a-hierarchy-of-sites`,
    anchors: true,
  },
  'plan-for-site-system-servers-and-site-system-roles': {
    title: 'Plan for site system servers and site system roles in Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/plan-for-site-system-servers-and-site-system-roles`,
    anchors: true,
  },
  'plan-for-the-sms-provider': {
    title: 'Plan for the SMS Provider',
    url: `${LEARN}/plan-design/hierarchy/plan-for-the-sms-provider`,
    anchors: true,
  },
  'size-and-scale-numbers': {
    title: 'Size and scale numbers for Configuration Manager',
    url: `${LEARN}/plan-design/configs/size-and-scale-numbers`,
    anchors: true,
  },
  'site-server-high-availability': {
    title: 'Site server high availability in Configuration Manager',
    url: `${LEARN}/servers/deploy/configure/site-server-high-availability`,
    anchors: true,
  },
  'use-a-pull-distribution-point': {
    title: 'Use a pull-distribution point with Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/use-a-pull-distribution-point`,
    anchors: true,
  },
  'client-ports': {
    title: 'How to configure client communication ports in Configuration Manager',
    url: `${LEARN}/clients/deploy/configure-client-communication-ports`,
    anchors: true,
  },
  'boundary-groups': {
    title: 'Configure boundary groups for Configuration Manager',
    url: `${LEARN}/servers/deploy/configure/boundary-groups`,
    anchors: true,
  },
  'plan-internet-based-client-management': {
    title: 'Plan for internet-based client management in Configuration Manager',
    url: `${LEARN}/clients/manage/plan-internet-based-client-management`,
    anchors: true,
  },
  'plan-cloud-management-gateway': {
    title: 'Plan for the cloud management gateway in Configuration Manager',
    url: `${LEARN}/clients/manage/cmg/plan-cloud-management-gateway`,
    anchors: true,
  },
  'plan-for-software-updates': {
    title: 'Plan for software updates in Configuration Manager',
    url: 'https://learn.microsoft.com/en-us/intune/configmgr/sum/plan-design/plan-for-software-updates',
    anchors: true,
  },
  'communications-between-endpoints': {
    title: 'Communications between endpoints in Configuration Manager',
    url: `${LEARN}/plan-design/hierarchy/communications-between-endpoints`,
    anchors: true,
  },
  'plan-wake-up-clients': {
    title: 'Plan how to wake up clients in Configuration Manager',
    url: `${LEARN}/clients/deploy/plan/plan-wake-up-clients`,
    anchors: true,
  },
  'websites-for-site-system-servers': {
    title: 'Websites for site system servers in Configuration Manager',
    url: `${LEARN}/plan-design/network/websites-for-site-system-servers`,
    anchors: true,
  },
  'ports-2007': {
    title: 'Ports used by Configuration Manager 2007',
    url: 'http://technet.microsoft.com/en-us/library/bb632618.aspx',
    anchors: false,
  },
  format: {
    title: 'The topology file',
    url: '../topology-format.md',
    anchors: true,
  },
};

/** A source as Markdown: a link to the document's section, and the editions that it speaks of. */
export function sourceLink(source: RuleSource): string {
  const document = documents[source.document];
  const editions = source.editions
    ? ` (edition${source.editions.length > 1 ? 's' : ''} ${source.editions.join(', ')})`
    : '';
  if (!document) return `${source.document}, ${source.section}${editions}`;
  const { title, url, anchors } = document;
  const link = anchors
    ? `[${title}](${url}#${source.section}), section \`${source.section}\``
    : `[${title}](${url}), section ${source.section}`;
  return `${link}${editions}`;
}
