// Which language a terminal gets: `--locale` of any command, else what the environment says.
import { LOCALES, type Locale, localeOf, t } from '../l10n.ts';
import { type Io, usageError } from './io.ts';

/** By rising generality; the first that is set decides, as everywhere else in a POSIX terminal. */
const VARIABLES = ['LC_ALL', 'LC_MESSAGES', 'LANG'] as const;

/** The language of the environment; English where it says nothing or one that we do not speak. */
export function environmentLocale(env: Io['env']): Locale {
  const name = VARIABLES.map((variable) => env[variable]).find((value) => value);
  return (name === undefined ? undefined : localeOf(name)) ?? 'en';
}

/**
 * Takes `--locale L` out of a command line, wherever it is before `--`; the last one counts.
 * Throws a usage error where its language is missing or not one of ours.
 */
export function takeLocale(argv: readonly string[]): {
  readonly rest: readonly string[];
  readonly locale: Locale | undefined;
} {
  const end = argv.indexOf('--');
  const options = end === -1 ? argv : argv.slice(0, end);
  const rest: string[] = [];
  let locale: Locale | undefined;
  for (let index = 0; index < options.length; index++) {
    const word = options[index] ?? '';
    if (word !== '--locale' && !word.startsWith('--locale=')) {
      rest.push(word);
      continue;
    }
    const value = word === '--locale' ? options[++index] : word.slice('--locale='.length);
    if (!value || value.startsWith('-'))
      throw usageError(t('{0} needs a value: {1}', '--locale', LOCALES.join(', ')));
    locale = localeOf(value);
    if (locale === undefined)
      throw usageError(t('{0} {1}: not one of {2}', '--locale', value, LOCALES.join(', ')));
  }
  return { rest: [...rest, ...argv.slice(options.length)], locale };
}
