// What a command knows of the world outside: nothing but this. main.ts makes the real one.
import { t } from '../l10n.ts';

/** A command's input and output. Text is UTF-8 without its byte-order mark. */
export interface Io {
  /** All of standard input. Throws {@link UnreadableInput} where it is not UTF-8 text. */
  readonly stdin: () => Promise<string>;
  /** Writes to standard output as is: no line break is added. */
  readonly out: (text: string) => void;
  /** Writes to standard error as is: no line break is added. */
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard output is a terminal. */
  readonly isTerminal: boolean;
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

/** A file cannot be read: exit status 2; the message names the file and the reason. */
export interface UnreadableInput extends Error {
  readonly kind: 'unreadable';
  readonly path: string;
  /** Without the file's name. */
  readonly reason: string;
}

/** @param message one line, without a line break, that says what to write instead */
export function usageError(message: string): UsageError {
  return Object.assign(new Error(message), { kind: 'usage' as const });
}

/** @param reason one line that reads on after the path and a colon */
export function unreadableInput(path: string, reason: string): UnreadableInput {
  return Object.assign(new Error(`${path}: ${reason}`), { kind: 'unreadable' as const, path, reason });
}

/** Whether something caught is one of the two errors that a person can mend. */
export function isCliError(error: unknown): error is UsageError | UnreadableInput {
  return error instanceof Error && 'kind' in error && (error.kind === 'usage' || error.kind === 'unreadable');
}

/** Files larger than this are refused, so that any input takes bounded time and memory; real ones have some hundred kilobytes at most. */
export const LARGEST_FILE = 10 * 1024 * 1024;

/**
 * Bytes to text, the byte-order mark left out.
 * Throws {@link UnreadableInput} where they are UTF-16, hold a NUL byte or are not UTF-8.
 * @param path only for the message
 */
export function decodeText(
  bytes: Uint8Array,
  path: string,
): { readonly text: string; readonly bom: boolean } {
  if (bytes.length > LARGEST_FILE) throw unreadableInput(path, tooLarge(bytes.length));
  const [first, second] = bytes;
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) {
    throw unreadableInput(path, t('the file is UTF-16; save it as UTF-8'));
  }
  if (bytes.includes(0)) throw unreadableInput(path, t('not a text file (it holds NUL bytes)'));
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith('\uFEFF') ? { text: text.slice(1), bom: true } : { text, bom: false };
  } catch {
    throw unreadableInput(path, t('not UTF-8 text; save it as UTF-8'));
  }
}

/** Why a file of so many bytes is refused. */
export function tooLarge(bytes: number): string {
  const megabytes = (count: number) => `${Math.round(count / 1024 / 1024)} MB`;
  return t('the file is too large ({0}; the limit is {1})', megabytes(bytes), megabytes(LARGEST_FILE));
}
