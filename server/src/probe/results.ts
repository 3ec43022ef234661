// Results of the PowerShell script that `cmtopo export --format test-netconnection` writes.
import { ascii } from '../print/escape.ts';
import type { Attempt } from './attempts.ts';
import { OUTCOMES, type Outcome, type Tried } from './judge.ts';

/** The columns of the file. */
export const RESULT_COLUMNS = ['from', 'to', 'port', 'target', 'outcome'] as const;

export interface Results {
  /** The machines at which something was tried, each once. */
  readonly from: readonly string[];
  /** What came of an attempt; nothing where the file does not have it. */
  readonly of: (attempt: Attempt) => Tried | undefined;
  /**
   * Rows that belong to none of some attempts, such as those of an older topology.
   * @param machines where only some machines are asked about: rows from others are passed by
   */
  readonly others: (attempts: readonly Attempt[], machines?: readonly string[]) => number;
  /** Rows that cannot be understood. */
  readonly unread: number;
}

/** From best to worst: of several targets of one machine the best counts. */
const RANK: Readonly<Record<Outcome, number>> = { open: 0, refused: 1, silent: 2, untried: 3 };

/**
 * The results in a file.
 * @param rows by the names of their columns, in lower case
 * @returns undefined where a column is missing, so that it is no such file
 */
export function readResults(rows: readonly ReadonlyMap<string, string>[]): Results | undefined {
  if (rows.length > 0 && !RESULT_COLUMNS.every((column) => rows[0]?.has(column))) return undefined;
  const found = new Map<string, { readonly from: string; readonly outcome: Outcome }>();
  const machines = new Map<string, string>();
  let unread = 0;
  for (const row of rows) {
    const [from = '', to = '', port = '', , word = ''] = RESULT_COLUMNS.map((column) =>
      row.get(column)?.trim(),
    );
    const outcome = OUTCOMES.find((one) => one === word.toLowerCase());
    if (from === '' || to === '' || !/^\d+$/.test(port) || outcome === undefined) {
      unread++;
      continue;
    }
    machines.set(scriptName(from), from);
    const key = keyOf(from, to, Number(port));
    const known = found.get(key);
    if (known === undefined || RANK[outcome] < RANK[known.outcome])
      found.set(key, { from: scriptName(from), outcome });
  }
  const keyOfAttempt = (attempt: Attempt) => keyOf(attempt.from.name, attempt.to.name, attempt.port);
  return {
    from: [...machines.values()],
    of: (attempt) => {
      const known = found.get(keyOfAttempt(attempt));
      return known && { outcome: known.outcome };
    },
    others: (attempts, machines) => {
      const wanted = new Set(attempts.map(keyOfAttempt));
      const asked = machines && new Set(machines.map(scriptName));
      return [...found].filter(([key, { from }]) => !wanted.has(key) && (asked?.has(from) ?? true)).length;
    },
    unread,
  };
}

/** A name as the script writes it, without regard to case. */
export function scriptName(name: string): string {
  return ascii(name).toLowerCase();
}

function keyOf(from: string, to: string, port: number): string {
  return JSON.stringify([scriptName(from), scriptName(to), port]);
}
