// The formats of `cmtopo check`: one file and one line each.
import type { Formats } from '../../formats.ts';
import { rules } from '../../rules/index.ts';
import type { CheckReport } from '../checked.ts';
import { INFORMATION, VERSION } from '../version.ts';
import { formatGithub } from './github.ts';
import { formatJson } from './json.ts';
import { formatPretty } from './pretty.ts';
import { formatSarif } from './sarif.ts';

/** What a format may want to know beside the report. */
export interface CheckView {
  readonly color: boolean;
  /** Longer lines of a file are cut round the place that is meant. */
  readonly columns: number;
  /** The exit status. */
  readonly status: number;
  /** The folder from which GitHub takes paths; undefined elsewhere. */
  readonly workspace: string | undefined;
}

export const checkFormats: Formats<(report: CheckReport, view: CheckView) => string> = {
  pretty: {
    write: (report, view) => (report.files.length === 0 ? '' : formatPretty(report, view)),
    about: 'for reading: each finding with its place, its reason and its fixes, then a summary',
  },
  json: { write: formatJson, about: 'everything, for programs' },
  sarif: {
    write: (report, { status }) =>
      formatSarif(report, { version: VERSION, informationUri: INFORMATION, rules }, status),
    about: 'SARIF 2.1.0, for code scanning: rules, related places and fixes',
    note: '2.1.0',
  },
  github: {
    write: (report, { workspace }) => formatGithub(report, workspace),
    about: 'annotations in a workflow of GitHub Actions',
  },
};
