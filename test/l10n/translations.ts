// What the files of translations lack, and those files brought up to date: `scripts/translate.mjs` is its command.
import { readFileSync } from 'node:fs';
import { LOCALES } from '../../server/src/l10n.ts';
import { messagesOfDescriptions, messagesOfSource } from './messages.ts';

/** A file of translations beside what belongs into it. */
export interface Translations {
  /** Its path from the root of the checkout. */
  readonly file: string;
  /** The file as it is. */
  readonly text: string;
  /** The file with an empty entry for each one that it lacks, and without those that nothing shows. */
  readonly wanted: string;
  /** The English texts that have no translation, each with a place that shows it. */
  readonly missing: readonly { readonly english: string; readonly where: string }[];
  /** The keys that nothing shows. */
  readonly dead: readonly string[];
}

/** Every file of translations, each compared with the source, the descriptions and the manifest of now. */
export async function translations(): Promise<readonly Translations[]> {
  const messages = new Map([...messagesOfDescriptions(), ...(await messagesOfSource())]);
  const bundleKeys = [...messages.keys()].sort();
  const manifest: Record<string, string> = JSON.parse(readFileSync('package.nls.json', 'utf8'));
  return LOCALES.filter((locale) => locale !== 'en').flatMap((locale) => [
    compared(`l10n/bundle.l10n.${locale}.json`, bundleKeys, (key) => ({
      english: key,
      where: messages.get(key) ?? '',
    })),
    compared(`package.nls.${locale}.json`, Object.keys(manifest), (key) => ({
      english: manifest[key] ?? '',
      where: `${key} in package.nls.json`,
    })),
  ]);
}

/** A file beside the keys that belong into it, in their order. */
function compared(
  file: string,
  keys: readonly string[],
  about: (key: string) => Translations['missing'][number],
): Translations {
  const text = readFileSync(file, 'utf8');
  const has = new Map<string, string>(Object.entries(JSON.parse(text)));
  const shown = new Set(keys);
  const entries = keys.map((key) => [key, has.get(key) ?? ''] as const);
  return {
    file,
    text,
    wanted: `${JSON.stringify(Object.fromEntries(entries), undefined, 2)}\n`,
    missing: entries.filter(([, translation]) => translation.trim() === '').map(([key]) => about(key)),
    dead: [...has.keys()].filter((key) => !shown.has(key)),
  };
}
