// Azure network security groups as an ARM template. JSON has no comments: notes are in the template's metadata.
import { jsonText, visible } from '../../print/escape.ts';
import { NSG_TFTP, type Nsg, type NsgRule, nsgNotes, securityGroups } from './nsg.ts';
import { NSG_API } from './nsg-bicep.ts';
import { type Exported, type ExportReport, heading } from './rules.ts';

/** A template that deploys into a resource group. */
export function nsgArm(report: ExportReport): Exported {
  const { groups, gaps } = securityGroups(report);
  const template = {
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    contentVersion: '1.0.0.0',
    metadata: {
      comments: literal(heading(report, NSG_TFTP).join(' ')),
      notes: nsgNotes(report, groups).join(' '),
      notWritten: gaps.map(literal),
    },
    parameters: {
      location: {
        type: 'string',
        defaultValue: '[resourceGroup().location]',
        metadata: { description: 'The region of the network security groups.' },
      },
    },
    resources: groups.map(resource),
  };
  return { text: jsonText(template), gaps };
}

function resource({ name, about, rules }: Nsg): object {
  return {
    type: 'Microsoft.Network/networkSecurityGroups',
    apiVersion: NSG_API,
    name,
    comments: literal(about),
    location: "[parameters('location')]",
    properties: { securityRules: rules.map(entry) },
  };
}

function entry(rule: NsgRule): object {
  return {
    name: rule.name,
    properties: {
      description: literal(rule.description),
      priority: rule.priority,
      direction: rule.direction,
      access: rule.access,
      protocol: rule.protocol,
      ...one('sourceAddressPrefix', 'sourceAddressPrefixes', rule.sources),
      sourcePortRange: '*',
      ...one('destinationAddressPrefix', 'destinationAddressPrefixes', rule.destinations),
      ...one('destinationPortRange', 'destinationPortRanges', rule.ports),
    },
  };
}

/** A single value has a property of its own, and service tags and `*` are only allowed there. */
function one(single: string, plural: string, values: readonly string[]): object {
  return values.length === 1 ? { [single]: values[0] } : { [plural]: values };
}

/** A string of a template is an expression where it starts with `[`; `[[` is that mark itself. */
function literal(text: string): string {
  const shown = visible(text);
  return shown.startsWith('[') ? `[${shown}` : shown;
}
