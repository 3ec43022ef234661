// Azure network security groups as Terraform configuration for the azurerm provider.
import { hclString, visible } from '../../print/escape.ts';
import { NSG_TFTP, type Nsg, type NsgRule, nsgNotes, securityGroups } from './nsg.ts';
import { type Exported, type ExportReport, heading } from './rules.ts';

/**
 * One `azurerm_network_security_group` for each group, its rules inside it: Azure then takes them at once,
 * and a priority that moves from one rule to another is never in use twice.
 */
export function terraform(report: ExportReport): Exported {
  const { groups, gaps } = securityGroups(report);
  const notes = [
    ...heading(report, NSG_TFTP),
    ...nsgNotes(report, groups),
    ...gaps.map((gap) => `Not written: ${gap}.`),
  ];
  const text = `${notes.map(comment).join('')}
terraform {
  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = ">= 3.0"
    }
  }
}

variable "resource_group_name" {
  description = "The resource group of the network security groups."
  type        = string
}

variable "location" {
  description = "The region of the network security groups."
  type        = string
}
${groups.map(resource).join('')}`;
  return { text, gaps };
}

function resource({ symbol, name, about, rules }: Nsg): string {
  return `
${comment(`${about}.`)}resource "azurerm_network_security_group" "${symbol}" {
  name                = ${hclString(name)}
  location            = var.location
  resource_group_name = var.resource_group_name
${rules.map(entry).join('')}}
`;
}

function entry(rule: NsgRule): string {
  const pairs: readonly (readonly [string, string])[] = [
    ['name', hclString(rule.name)],
    ['description', hclString(rule.description)],
    ['priority', String(rule.priority)],
    ['direction', hclString(rule.direction)],
    ['access', hclString(rule.access)],
    ['protocol', hclString(rule.protocol)],
    one('source_address_prefix', 'source_address_prefixes', rule.sources),
    ['source_port_range', '"*"'],
    one('destination_address_prefix', 'destination_address_prefixes', rule.destinations),
    one('destination_port_range', 'destination_port_ranges', rule.ports),
  ];
  const width = Math.max(...pairs.map(([name]) => name.length));
  return `\n  security_rule {\n${pairs.map(([name, value]) => `    ${name.padEnd(width)} = ${value}\n`).join('')}  }\n`;
}

/** A single value has an argument of its own, and service tags and `*` are only allowed there. */
function one(single: string, plural: string, values: readonly string[]): readonly [string, string] {
  const [first = '*'] = values;
  return values.length <= 1 ? [single, hclString(first)] : [plural, `[${values.map(hclString).join(', ')}]`];
}

function comment(text: string): string {
  return `# ${visible(text)}\n`;
}
