// Runs the built program as its users do: a process with arguments, files and an exit status.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const PROGRAM = join(process.cwd(), 'dist', 'cli.js');

export interface Outcome {
  readonly status: number | null;
  readonly out: string;
  readonly err: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly input?: string | Uint8Array;
  readonly env?: Readonly<Record<string, string>>;
}

/** What the tests' own surroundings set must not show in the output. */
const QUIET = {
  NO_COLOR: undefined,
  FORCE_COLOR: undefined,
  GITHUB_WORKSPACE: undefined,
  NODE_OPTIONS: undefined,
  LC_ALL: undefined,
  LC_MESSAGES: undefined,
  LANG: undefined,
};

export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...QUIET, ...extra };
}

/** Runs `cmtopo` to its end. */
export function cmtopo(args: readonly string[], { cwd, input, env }: RunOptions = {}): Outcome {
  const result = spawnSync(process.execPath, [PROGRAM, ...args], {
    cwd: cwd ?? process.cwd(),
    input: input ?? '',
    env: environment(env),
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    timeout: 60_000,
  });
  return { status: result.status, out: result.stdout, err: result.stderr };
}

/** A folder of its own, with these files in it; a name that ends in `/` is an empty folder. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cmtopo-')));
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(name.endsWith('/') ? path : dirname(path), { recursive: true });
    if (!name.endsWith('/')) writeFileSync(path, content);
  }
  return folder;
}

export function removeFolder(folder: string): void {
  try {
    chmodSync(folder, 0o755);
  } catch {
    // Gone already.
  }
  rmSync(folder, { recursive: true, force: true });
}

/** A topology without findings. */
export const GOOD = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535, zone: hq }
zones:
  hq: { networks: [10.10.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01:
    site: PS1
    addresses: [10.10.0.10]
    roles:
      site-server:
      sms-provider:
      management-point: { protocol: https }
      software-update-point: { httpPort: 8530, httpsPort: 8531, upstream: microsoft-update } # the scan
  sql01:
    addresses: [10.10.0.11]
    roles:
      sql-server: { instances: { MSSQLSERVER: { port: 1433 } } }
`;

/** The same with one error that has a safe fix. */
export const ONE_ERROR = GOOD.replace('8531', '8532');

/** The same with one warning: a dynamic RPC range that is too small. */
export const ONE_WARNING = GOOD.replace('49152-65535', '50000-50050');

/** The same with one hint: a zone that nothing uses. */
export const ONE_HINT = GOOD.replace('zones:\n', 'zones:\n  lab: { networks: [10.99.0.0/16] }\n');

export interface JsonReport {
  readonly files: readonly {
    readonly path: string;
    readonly diagnostics: readonly {
      readonly code: string;
      readonly severity: string;
      readonly message: string;
      readonly range: JsonRange;
      readonly related: readonly { readonly message: string; readonly range: JsonRange }[];
      readonly fixes: readonly {
        readonly title: string;
        readonly safe: boolean;
        readonly edits: readonly { readonly range: JsonRange; readonly newText: string }[];
      }[];
    }[];
  }[];
  readonly summary: Readonly<Record<string, number>>;
}

export interface JsonRange {
  readonly start: { readonly line: number; readonly character: number };
  readonly end: { readonly line: number; readonly character: number };
}

/** The report of `check --format json`. */
export function jsonReport({ out }: Outcome): JsonReport {
  return JSON.parse(out) as JsonReport;
}
