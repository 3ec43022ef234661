// Files that a person chose in the editor, whose content comes with the request.
import { decodeText } from '../host/decode.ts';
import { isUnreadable, unreadableInput } from '../host/errors.ts';
import type { Draft } from '../inventory/draft.ts';
import { draftOf } from '../inventory/index.ts';
import { isExportError } from '../inventory/rows.ts';
import { t } from '../l10n.ts';
import { fields, textCheck } from './params.ts';
import type { SentFile } from './requests.ts';

/** What a {@link SentFile} has to be. */
export const sentFile = fields({ name: textCheck, content: textCheck });

/** Why a file cannot be used, as one sentence. */
export interface FileProblem {
  readonly problem: string;
}

/** The text of a file, UTF-8 or UTF-16. */
export function textOfSent({ name, content }: SentFile): { readonly text: string } | FileProblem {
  try {
    return { text: decodeText(bytesOf(content, name), name).text };
  } catch (error) {
    if (isUnreadable(error)) return { problem: error.message };
    throw error;
  }
}

/** What exports of Configuration Manager say. */
export function draftOfSent(files: readonly SentFile[]): Draft | FileProblem {
  const read = files.map((file) => ({ name: file.name, ...textOfSent(file) }));
  const wrong = read.find((one): one is typeof one & FileProblem => 'problem' in one);
  if (wrong) return { problem: wrong.problem };
  try {
    return draftOf(read.flatMap((one) => ('text' in one ? [one] : [])));
  } catch (error) {
    if (isExportError(error)) return { problem: `${error.file}: ${error.message}` };
    throw error;
  }
}

/** Throws {@link UnreadableInput} for what is no Base64. */
function bytesOf(content: string, name: string): Uint8Array {
  try {
    return Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
  } catch {
    throw unreadableInput(name, t('its content is not in Base64'));
  }
}
