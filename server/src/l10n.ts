// The language of what people read. English text is the key; the other languages are the bundles in l10n/.
import { config, t as translate } from '@vscode/l10n';
import ko from '../../l10n/bundle.l10n.ko.json';
import zhTw from '../../l10n/bundle.l10n.zh-tw.json';
import { fillChinese, fillKorean } from './l10n-fill.ts';
import type { Language } from './languages.ts';

/** The languages of messages, as the editor writes them. */
export const LOCALES = ['en', 'ko', 'zh-tw'] as const;
export type Locale = (typeof LOCALES)[number];

/** By getters, because the program reads the file of a language when it is first named. */
const BUNDLES: Readonly<Record<Locale, Record<string, string>>> = {
  en: {},
  get ko() {
    return ko;
  },
  get 'zh-tw'() {
    return zhTw;
  },
};

/** What puts arguments into a message, where the words round them have to fit them. */
const FILL: Readonly<Record<Locale, ((message: string, args: readonly string[]) => string) | undefined>> = {
  en: undefined,
  ko: fillKorean,
  'zh-tw': fillChinese,
};

/** How the catalog of names calls them. */
const LANGUAGE: Readonly<Record<Locale, Language>> = { en: 'en', ko: 'ko', 'zh-tw': 'zh-TW' };

let current: Locale = 'en';
let contents: Readonly<Record<string, string>> = {};

/**
 * From now on messages are in this language. It belongs to the process: an editor or a terminal has one.
 * @param messages those of the language, where this process has not got them
 */
export function setLocale(
  locale: Locale,
  messages: Readonly<Record<string, string>> = BUNDLES[locale],
): void {
  current = locale;
  contents = messages;
  config({ contents });
}

/** The language that messages are in. */
export function locale(): Locale {
  return current;
}

/** The messages of that language, by their English text; for a thread of its own. */
export function messages(): Readonly<Record<string, string>> {
  return contents;
}

/** The language that names of roles and services are in, for the functions of the catalog. */
export function language(): Language {
  return LANGUAGE[current];
}

/**
 * The language that a name stands for: `ko-KR`, `zh_TW.UTF-8` and `zh-Hant` count, and so do regions that write
 * traditional Chinese. Undefined for a language that we do not speak, simplified Chinese among them.
 */
export function localeOf(name: string): Locale | undefined {
  const [tongue = '', ...parts] = name
    .toLowerCase()
    .replace(/[.@].*$/s, '')
    .split(/[-_]/);
  if (tongue === 'c' || tongue === 'posix') return 'en';
  const plain = LOCALES.find((one) => one === tongue);
  if (plain !== undefined) return plain;
  const traditional = parts.some((part) => ['hant', 'tw', 'hk', 'mo'].includes(part));
  return tongue === 'zh' && traditional && !parts.includes('hans') ? 'zh-tw' : undefined;
}

/**
 * A message in the reader's language.
 * @param message English, with `{0}`, `{1}`, … where the arguments go; a literal, so that a check can find it
 */
export function t(message: string, ...args: readonly (string | number | boolean)[]): string {
  const fill = args.length === 0 ? undefined : FILL[current];
  const translation = fill && translate(message);
  if (!fill || translation === undefined || translation === message) return translate(message, ...args);
  return fill(translation, args.map(String));
}

/** A literal of a table that is read before the language is known; `translated` gives it in the reader's language. */
export function marked<const T extends string>(message: T): T {
  return message;
}

/**
 * A text of a description (a rule's summary, a key's documentation, a note of the catalog) in the reader's
 * language. It has no placeholders. Called where the text is shown: the description is read before the
 * language is known.
 */
export function translated(text: string): string {
  return translate(text);
}
