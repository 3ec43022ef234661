// The formats of `cmtopo diff FILE --from EXPORT…`: the words are those of `cmtopo diff`.
import { driftCsv } from './csv.ts';
import { driftJson } from './json.ts';
import { driftMarkdown } from './markdown.ts';
import { driftTable } from './table.ts';
import type { DriftReport } from './words.ts';

/** By the word of `--format`. */
export const driftFormats: Readonly<Record<string, (report: DriftReport) => string>> = {
  table: driftTable,
  json: driftJson,
  csv: driftCsv,
  markdown: driftMarkdown,
};
