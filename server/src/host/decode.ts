// Bytes to text.
import { t } from '../l10n.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { unreadableInput } from './errors.ts';

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** A file's text, and what it takes to write it as it was. */
export interface FileText {
  /** Without the byte-order mark. */
  readonly text: string;
  /** The file begins with a byte-order mark. */
  readonly bom: boolean;
  /** UTF-16 only with a byte-order mark. */
  readonly encoding: Encoding;
}

/**
 * Bytes to text, the byte-order mark left out.
 * Throws {@link UnreadableInput} where they are too many, hold a NUL character, or are neither UTF-8 nor UTF-16 with
 * a byte-order mark.
 * @param path only for the message
 */
export function decodeText(bytes: Uint8Array, path: string): FileText {
  if (bytes.length > LARGEST_FILE) throw unreadableInput(path, tooLarge(bytes.length));
  const encoding = encodingOf(bytes);
  let decoded: string;
  try {
    decoded = new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unreadableInput(
      path,
      // What holds NUL bytes is no text in any encoding that somebody might have meant.
      bytes.includes(0)
        ? t('not a text file (it contains NUL bytes)')
        : t('not UTF-8 text; save it as UTF-8'),
    );
  }
  if (decoded.includes('\0')) throw unreadableInput(path, t('not a text file (it contains NUL bytes)'));
  const bom = decoded.startsWith('\uFEFF');
  return { text: bom ? decoded.slice(1) : decoded, bom, encoding };
}

function encodingOf([first, second]: Uint8Array): Encoding {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return 'utf-8';
}

/** Why a file of so many bytes is refused. */
export function tooLarge(bytes: number): string {
  const megabytes = (count: number) => `${Math.ceil(count / 1024 / 1024)} MB`;
  return t('the file is too large ({0}; the limit is {1})', megabytes(bytes), megabytes(LARGEST_FILE));
}
