// The formats of `cmtopo diff`: one file and one line each.
import type { Formats } from '../../formats.ts';
import type { Diff } from './changes.ts';
import { diffCsv } from './csv.ts';
import { diffJson } from './json.ts';
import { diffMarkdown } from './markdown.ts';
import { diffTable } from './table.ts';

export const diffFormats: Formats<(diff: Diff) => string> = {
  table: { write: diffTable, about: 'for a terminal; changes that read the same are written once' },
  json: { write: diffJson, about: 'one entry for each flow, for programs' },
  csv: { write: diffCsv, about: 'one line for each flow, for a spreadsheet' },
  markdown: { write: diffMarkdown, about: 'for a ticket; changes that read the same are written once' },
};
