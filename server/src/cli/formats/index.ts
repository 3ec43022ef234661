// The formats of `cmtopo check`: one file and one line each.
import type { Formats } from '../../formats.ts';
import { rules } from '../../rules/index.ts';
import type { Severity } from '../../rules/rule.ts';
import type { CheckReport } from '../checked.ts';
import type { Io } from '../io.ts';
import { INFORMATION, VERSION } from '../version.ts';
import { formatAzure } from './azure.ts';
import { formatGithub } from './github.ts';
import { formatGitlab } from './gitlab.ts';
import { formatJson } from './json.ts';
import { formatJunit } from './junit.ts';
import { formatPretty } from './pretty.ts';
import { formatSarif } from './sarif.ts';

/** What a format may want to know beside the report. */
export interface CheckView {
  readonly color: boolean;
  /** Longer lines of a file are cut round the place that is meant. */
  readonly columns: number;
  /** The exit status. */
  readonly status: number;
  /** The severities that the exit status counts. */
  readonly failing: ReadonlySet<Severity>;
  readonly cwd: string;
  /** The variables of the environment: each service says in one of its own where the checkout is. */
  readonly env: Io['env'];
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
    write: (report, { cwd, env }) => formatGithub(report, { cwd, workspace: env.GITHUB_WORKSPACE }),
    about: 'annotations in a workflow of GitHub Actions',
  },
  gitlab: {
    write: (report, { cwd, env }) => formatGitlab(report, { cwd, workspace: env.CI_PROJECT_DIR }),
    about: 'a Code Quality report, for merge requests of GitLab',
  },
  azure: {
    write: (report, { cwd, env }) => formatAzure(report, { cwd, workspace: env.BUILD_SOURCESDIRECTORY }),
    about: 'logging commands: errors and warnings of a run of Azure Pipelines',
  },
  junit: {
    write: (report, { failing }) => formatJunit(report, failing),
    about: 'JUnit XML: each finding a test, which fails where the exit status counts it',
  },
};
