// What a command knows of the world outside: nothing but this. main.ts makes the real one.
import { isUnreadable, type UnreadableInput } from '../host/errors.ts';

/** A command's input and output. Text is UTF-8 without its byte-order mark. */
export interface Io {
  /** All of standard input. Throws {@link UnreadableInput} where it is not UTF-8 text. */
  readonly stdin: () => Promise<string>;
  /** Writes to standard output as is: no line break is added. */
  readonly out: (text: string) => void;
  /** With `-o`: takes the files of a folder in place of one text. Absent where the output goes to a terminal or pipe. */
  readonly outFolder?: (files: readonly { readonly path: string; readonly text: string }[]) => void;
  /** Writes to standard error as is: no line break is added. */
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
  /** Standard error is a terminal, so that what passes by can be shown there. */
  readonly isErrorTerminal: boolean;
  /** Width of the terminal; 80 where there is none. */
  readonly columns: number;
  /**
   * A whole file. The path is taken from `cwd` where it is relative.
   * Throws {@link UnreadableInput} where it is absent, a folder, not permitted, too large or not UTF-8 text.
   */
  readText(path: string): Promise<string>;
}

/** A command: gives its exit status. What it throws, main.ts turns into one line and status 2. */
export type Command = (args: readonly string[], io: Io) => Promise<number> | number;

/** The command line was wrong: exit status 2, the message on one line of standard error. */
export interface UsageError extends Error {
  readonly kind: 'usage';
}

/** @param message one line, without a line break, that says what to write instead */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { kind: 'usage' as const });
}

/** Whether something caught is one of the two errors that a person can mend. */
export function isCliError(error: unknown): error is UsageError | UnreadableInput {
  return isUnreadable(error) || (error instanceof Error && 'kind' in error && error.kind === 'usage');
}
