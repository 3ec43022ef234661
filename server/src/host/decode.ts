// Bytes to text.
import { t } from '../l10n.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { unreadableInput } from './errors.ts';

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
