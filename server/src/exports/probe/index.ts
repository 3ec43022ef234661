// The formats of `cmtopo probe`: one file and one line each.
import type { Formats } from '../../formats.ts';
import { probeJson } from './json.ts';
import type { ProbeReport } from './report.ts';
import { probeTable } from './table.ts';

export const probeFormats: Formats<(report: ProbeReport) => string> = {
  table: {
    write: probeTable,
    about: 'columns for a terminal, and a sentence for what is not as the file says',
  },
  json: { write: probeJson, about: 'everything, for programs' },
};
