// Reading and writing files.
import { createHash, randomBytes } from 'node:crypto';
import {
  accessSync,
  chmodSync,
  closeSync,
  constants,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  type Stats,
  statSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { t } from '../l10n.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { decodeText, type FileText, tooLarge } from './decode.ts';
import { asUnreadable, unreadableInput } from './errors.ts';

/**
 * A file that somebody named, as text: a link is followed, and a pipe or device is read until its end, or until it
 * proves too large. Throws {@link UnreadableInput}.
 * @param file absolute path
 * @param shown the path in the message
 */
export function readTextFile(file: string, shown: string): FileText {
  return withOpen(file, shown, constants.O_RDONLY, (descriptor) => {
    const stat = fstatSync(descriptor);
    if (stat.isDirectory()) throw unreadableInput(shown, t('this is a folder'));
    return decodeText(readBounded(descriptor, stat, shown), shown);
  });
}

/**
 * A file that was found and that nobody named, as text: a folder may hold links to devices and pipes that never end,
 * so only a regular file is read. Throws {@link UnreadableInput}.
 * @param file absolute path
 * @param shown the path in the message
 */
export function readFoundFile(file: string, shown: string): FileText {
  return withOpen(file, shown, FOUND, (descriptor) => {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw unreadableInput(shown, t('not a regular file'));
    return decodeText(readBounded(descriptor, stat, shown), shown);
  });
}

/** Follows no link, and does not wait for the other end of a pipe. Windows has neither word, and no such pipes. */
const FOUND = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);

function withOpen<T>(file: string, shown: string, flags: number, read: (descriptor: number) => T): T {
  try {
    if (flags === FOUND && !isRegular(file)) throw unreadableInput(shown, t('not a regular file'));
    const descriptor = openSync(file, flags);
    try {
      return read(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw asUnreadable(error, shown);
  }
}

/** Whether something is there, and is a file itself: no link, folder, pipe or device. Throws where nothing is there. */
function isRegular(file: string): boolean {
  return lstatSync(file).isFile();
}

/** What is at a path itself: a regular file, something else (a link among it), or nothing. */
export function kindOf(file: string): 'file' | 'other' | undefined {
  try {
    return isRegular(file) ? 'file' : 'other';
  } catch {
    return undefined;
  }
}

function readBounded(descriptor: number, stat: Stats, shown: string): Uint8Array {
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

/** The first bytes of a file that was found, as text, enough for its first words; empty where it cannot be read. */
export function readStart(file: string): string {
  try {
    return withOpen(file, file, FOUND, (descriptor) => {
      if (!fstatSync(descriptor).isFile()) return '';
      const bytes = new Uint8Array(64);
      const count = readSync(descriptor, bytes, 0, bytes.length, 0);
      const [first, second] = bytes;
      const isWide = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
      const encoding = !isWide ? 'utf-8' : first === 0xff ? 'utf-16le' : 'utf-16be';
      return new TextDecoder(encoding, { ignoreBOM: true }).decode(bytes.subarray(0, count));
    });
  } catch {
    return '';
  }
}

/**
 * Puts a new text in a file's place in one step: a reader sees the old text or the new one, and a crash leaves one of
 * them. The file keeps its mode and encoding.
 * Throws {@link UnreadableInput} where the file or its folder cannot be written, and for a link: whoever put it there
 * says with it which other file is written.
 * @param behind the folder by which somebody named the file, where that is a link, as it is shown
 */
export function replaceTextFile(file: string, shown: string, content: FileText, behind?: string): void {
  try {
    if (behind !== undefined)
      throw unreadableInput(
        shown,
        t('{0} is a link, through which nothing is written; name the folder itself', behind),
      );
    const stat = lstatSync(file);
    if (stat.isSymbolicLink())
      throw unreadableInput(
        shown,
        t('this is a link, through which nothing is written; name the file itself'),
      );
    if (!stat.isFile()) throw unreadableInput(shown, t('not a regular file'));
    accessSync(file, constants.W_OK);
    putInPlace(file, encodeText(content), stat.mode);
  } catch (error) {
    throw asUnreadable(error, shown, t('cannot be written'));
  }
}

/** Writes bytes beside a path and renames them to it; nothing of them stays where that fails. */
function putInPlace(file: string, bytes: Uint8Array, mode: number | undefined): void {
  const temporary = join(dirname(file), temporaryName());
  // Fails where something of that name is there, which then is not ours to take away.
  const descriptor = openSync(temporary, 'wx', mode);
  try {
    try {
      writeFileSync(descriptor, bytes);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    // What the process's umask took from the mode when the file was made.
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/**
 * Writes what a command prints into the file that somebody named for it, through a link too. A file that was there
 * keeps its text where the new one cannot be written whole; a pipe, a device, and a file in a folder that takes no new
 * files are written to as they are. Throws what the file system throws.
 */
export function writeOutput(file: string, text: string): void {
  const stat = statSync(file, { throwIfNoEntry: false });
  const place = stat?.isFile() ? realpathSync(file) : stat || kindOf(file) ? undefined : file;
  if (place !== undefined && mayWrite(dirname(place))) {
    if (stat) accessSync(place, constants.W_OK);
    putInPlace(place, Buffer.from(text), stat?.mode);
  } else writeFileSync(file, text);
}

function mayWrite(folder: string): boolean {
  try {
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The bytes of a text, in its encoding and with its byte-order mark. */
function encodeText({ text, bom, encoding }: FileText): Uint8Array {
  const whole = bom ? `\uFEFF${text}` : text;
  if (encoding === 'utf-8') return Buffer.from(whole, 'utf8');
  const bytes = Buffer.from(whole, 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

/** Tells the temporary files of this machine's processes from those of others that share the folder. */
function machine(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8);
}

function temporaryName(): string {
  return `.cmtopo-${machine()}-${process.pid}-${randomBytes(6).toString('hex')}.tmp`;
}

const TEMPORARY = /^\.cmtopo-([0-9a-f]{8})-(\d{1,10})-[0-9a-f]{12}\.tmp$/;

/**
 * Removes the temporary files that processes of this machine left in a folder when they were killed while they
 * replaced a file; those of processes that still run stay.
 */
export function removeLeftovers(folder: string): void {
  let names: readonly string[];
  try {
    names = readdirSync(folder);
  } catch {
    return;
  }
  for (const name of names) {
    const [, where, pid] = TEMPORARY.exec(name) ?? [];
    if (where === undefined || where !== machine() || runs(Number(pid))) continue;
    const file = join(folder, name);
    if (kindOf(file) === 'file') rmSync(file, { force: true });
  }
}

/** Whether a process with that number runs; this one replaces nothing at the moment. */
function runs(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
