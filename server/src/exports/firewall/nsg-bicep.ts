// Azure network security groups as a Bicep file.
import { ascii, bicepString } from '../../print/escape.ts';
import { NSG_TFTP, type Nsg, type NsgRule, nsgNotes, securityGroups } from './nsg.ts';
import { type Exported, type ExportReport, heading } from './rules.ts';

export const NSG_API = '2023-11-01';

/** One resource for each group; the file deploys into a resource group. */
export function nsgBicep(report: ExportReport): Exported {
  const { groups, gaps } = securityGroups(report);
  const notes = [
    ...heading(report, NSG_TFTP),
    ...nsgNotes(report, groups),
    ...gaps.map((gap) => `Not written: ${gap}.`),
  ];
  const text = `${notes.map(comment).join('')}
@description('The region of the network security groups.')
param location string = resourceGroup().location
${groups.map(resource).join('')}`;
  return { text, gaps };
}

function resource({ symbol, name, about, rules }: Nsg): string {
  return `
${comment(`${about}.`)}resource ${symbol} 'Microsoft.Network/networkSecurityGroups@${NSG_API}' = {
  name: ${bicepString(name)}
  location: location
  properties: {
    securityRules: [
${rules.map(entry).join('')}    ]
  }
}
`;
}

function entry(rule: NsgRule): string {
  const lines = [
    `name: ${bicepString(rule.name)}`,
    'properties: {',
    `  description: ${bicepString(rule.description)}`,
    `  priority: ${rule.priority}`,
    `  direction: ${bicepString(rule.direction)}`,
    `  access: ${bicepString(rule.access)}`,
    `  protocol: ${bicepString(rule.protocol)}`,
    ...one('source', 'AddressPrefix', rule.sources),
    "  sourcePortRange: '*'",
    ...one('destination', 'AddressPrefix', rule.destinations),
    ...one('destination', 'PortRange', rule.ports),
    '}',
  ];
  return `      {\n${lines.map((line) => `        ${line}\n`).join('')}      }\n`;
}

/** A single value has a property of its own, and service tags and `*` are only allowed there. */
function one(side: string, what: string, values: readonly string[]): readonly string[] {
  const [first = '*'] = values;
  if (values.length <= 1) return [`  ${side}${what}: ${bicepString(first)}`];
  const plural = what === 'AddressPrefix' ? 'AddressPrefixes' : 'PortRanges';
  return [`  ${side}${plural}: [`, ...values.map((value) => `    ${bicepString(value)}`), '  ]'];
}

function comment(text: string): string {
  return `// ${ascii(text)}\n`;
}
