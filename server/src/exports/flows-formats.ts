// The formats of `cmtopo flows`: one file and one line each.
import type { Formats } from '../formats.ts';
import { flowsCsv } from './flows-csv.ts';
import { flowsHtml } from './flows-html.ts';
import { flowsJson } from './flows-json.ts';
import { flowsMarkdown } from './flows-markdown.ts';
import type { FlowReport } from './flows-report.ts';
import { flowsTable } from './flows-table.ts';

/** Takes the width of the terminal; undefined where there is none. */
export const flowsFormats: Formats<(report: FlowReport, columns?: number) => string> = {
  table: { write: flowsTable, about: 'columns for a terminal, cut to its width' },
  json: { write: flowsJson, about: 'everything, for programs' },
  csv: { write: flowsCsv, about: 'one line for each flow, for a spreadsheet' },
  markdown: { write: flowsMarkdown, about: 'a table for a wiki or a ticket' },
  html: { write: flowsHtml, about: 'a page that loads nothing' },
};
