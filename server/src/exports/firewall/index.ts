// The formats of `cmtopo export`: one file and one line each.
import { ciscoAsa } from './cisco-asa.ts';
import { firewallCsv } from './csv.ts';
import { firewallHtml } from './html.ts';
import { firewallMarkdown } from './markdown.ts';
import { netsh } from './netsh.ts';
import { nftables } from './nftables.ts';
import { nsgArm } from './nsg-arm.ts';
import { nsgBicep } from './nsg-bicep.ts';
import { powershell } from './powershell.ts';
import type { Exported, ExportReport } from './rules.ts';
import { terraform } from './terraform.ts';

/** By the word of `--format`. */
export const exporters: Readonly<Record<string, (report: ExportReport) => Exported>> = {
  csv: firewallCsv,
  powershell,
  netsh,
  'nsg-bicep': nsgBicep,
  'nsg-arm': nsgArm,
  terraform,
  'cisco-asa': ciscoAsa,
  nftables,
  markdown: firewallMarkdown,
  html: firewallHtml,
};
