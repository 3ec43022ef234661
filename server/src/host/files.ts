// Reading and writing files.
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { t } from '../l10n.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { decodeText, tooLarge } from './decode.ts';
import { asUnreadable, unreadableInput } from './errors.ts';

export interface FileText {
  /** Without the byte-order mark. */
  readonly text: string;
  /** The file begins with a byte-order mark. */
  readonly bom: boolean;
}

/**
 * A whole file as text. Throws {@link UnreadableInput}.
 * @param file absolute path
 * @param shown the path in the message
 */
export function readTextFile(file: string, shown: string): FileText {
  try {
    const descriptor = openSync(file, 'r');
    try {
      return decodeText(readBounded(descriptor, shown), shown);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw asUnreadable(error, shown);
  }
}

/** The file's bytes; a pipe or device is read until its end, or until it proves too large. */
function readBounded(descriptor: number, shown: string): Uint8Array {
  const stat = fstatSync(descriptor);
  if (stat.isDirectory()) throw unreadableInput(shown, t('this is a folder'));
  if (stat.size > LARGEST_FILE) throw unreadableInput(shown, tooLarge(stat.size));
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const chunk = new Uint8Array(Math.max(64 * 1024, stat.size - total + 1));
    const count = readSync(descriptor, chunk, 0, chunk.length, null);
    if (count === 0) return Buffer.concat(chunks, total);
    chunks.push(chunk.subarray(0, count));
    total += count;
    if (total > LARGEST_FILE) throw unreadableInput(shown, tooLarge(total));
  }
}

/** The first bytes of a file as text, enough for its first words; empty where it cannot be read. */
export function readStart(file: string): string {
  try {
    const descriptor = openSync(file, constants.O_RDONLY);
    try {
      const bytes = new Uint8Array(64);
      const count = readSync(descriptor, bytes, 0, bytes.length, 0);
      return new TextDecoder().decode(bytes.subarray(0, count));
    } finally {
      closeSync(descriptor);
    }
  } catch {
    return '';
  }
}

/**
 * Puts a new text in a file's place in one step: a reader sees the old text or the new one, and a
 * crash leaves one of them. The file keeps its mode, and a symbolic link stays one.
 * Throws {@link UnreadableInput} where the file or its folder cannot be written.
 */
export function replaceTextFile(file: string, shown: string, { text, bom }: FileText): void {
  try {
    const target = realpathSync(file);
    accessSync(target, constants.W_OK);
    const { mode } = statSync(target);
    const temporary = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      const descriptor = openSync(temporary, 'wx', mode);
      try {
        writeFileSync(descriptor, bom ? `\uFEFF${text}` : text);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      // What the process's umask took from the mode when the file was made.
      chmodSync(temporary, mode);
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      throw error;
    }
  } catch (error) {
    throw asUnreadable(error, shown, t('cannot be written'));
  }
}
