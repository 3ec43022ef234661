// The formats of `cmtopo diff`: one file and one line each.
import type { Diff } from './changes.ts';
import { diffCsv } from './csv.ts';
import { diffJson } from './json.ts';
import { diffMarkdown } from './markdown.ts';
import { diffTable } from './table.ts';

/** By the word of `--format`. */
export const diffFormats: Readonly<Record<string, (diff: Diff) => string>> = {
  table: diffTable,
  json: diffJson,
  csv: diffCsv,
  markdown: diffMarkdown,
};
