// Options and arguments of a command line, with errors that say what was meant.
import { parseArgs } from 'node:util';
import { dayOf, isDate } from '../date.ts';
import { t } from '../l10n.ts';
import { nearestWord as nearest } from '../text/near.ts';
import { usageOf } from './help.ts';
import { usageError } from './io.ts';

export interface OptionSpec {
  readonly type: 'string' | 'boolean';
  /** The allowed words, where there are only so many. */
  readonly words?: readonly string[];
  /** It may be given several times, and its value is a list; of words also `A,B`. */
  readonly many?: boolean;
}

export type OptionSpecs = Readonly<Record<string, OptionSpec>>;

export type OptionValues<O extends OptionSpecs> = {
  readonly [K in keyof O]?: O[K]['type'] extends 'string'
    ? O[K]['many'] extends true
      ? readonly string[]
      : string
    : boolean;
};

/**
 * Takes a command's arguments apart. Throws a usage error for an unknown option, a missing or
 * unwanted value, a word that the option does not know, and too few or too many arguments.
 * @param command its name, for the messages
 * @param count how many arguments beside the options it takes: the fewest and the most
 */
export function parseArguments<const O extends OptionSpecs>(
  command: string,
  args: readonly string[],
  options: O,
  count: { readonly fewest: number; readonly most: number },
): { readonly values: OptionValues<O>; readonly positionals: readonly string[] } {
  const types: Record<string, { type: 'string' | 'boolean' }> = {};
  for (const [name, { type }] of Object.entries(options)) types[name] = { type };
  const { tokens, positionals } = parseArgs({
    args: [...args],
    options: types,
    strict: false,
    tokens: true,
    allowPositionals: true,
  });
  const values: Record<string, string | boolean | readonly string[]> = {};
  const lists: Record<string, string[]> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const spec = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (spec === undefined) {
      const known = Object.keys(options).map((name) => `--${name}`);
      throw usageError(unknownOption(token.rawName, known, `cmtopo ${command} --help`));
    }
    if (spec.type === 'boolean') {
      if (token.value !== undefined) throw usageError(t('{0} takes no value', token.rawName));
      values[token.name] = true;
      continue;
    }
    const { value } = token;
    // What begins with a dash is another option; a number below zero is a value, which the command may not want.
    if (value === undefined || value === '' || (!token.inlineValue && /^-\D/.test(value))) {
      throw usageError(
        spec.words
          ? t('{0} needs a value: {1}', token.rawName, spec.words.join(', '))
          : t('{0} needs a value', token.rawName),
      );
    }
    const words = spec.many && spec.words ? value.split(',').map((word) => word.trim()) : [value];
    for (const word of words) {
      if (!spec.words || spec.words.includes(word)) continue;
      throw usageError(notOneOf(token.rawName, word, spec.words));
    }
    if (spec.many) {
      const list = lists[token.name] ?? [];
      list.push(...words);
      lists[token.name] = list;
      values[token.name] = list;
    } else {
      values[token.name] = value;
    }
  }
  if (positionals.includes('')) {
    throw usageError(t('an argument is empty; {0} is written: {1}', `cmtopo ${command}`, usageOf(command)));
  }
  if (positionals.length < count.fewest) {
    throw usageError(
      t('an argument is missing: {0} (see {1})', usageOf(command), `cmtopo ${command} --help`),
    );
  }
  if (positionals.length > count.most) {
    throw usageError(
      t("{0}: '{1}' is one argument too many", `cmtopo ${command}`, positionals[count.most] ?? ''),
    );
  }
  return { values: values as OptionValues<O>, positionals };
}

/** The word that may have been meant: one that is near, or the only one that begins so. */
export function suggestion(word: string, words: readonly string[]): string | undefined {
  const longer = words.filter((known) => known.toLowerCase().startsWith(word.toLowerCase()));
  return nearest(word, words) ?? (longer.length === 1 ? longer[0] : undefined);
}

/** That there is no such option, for a usage error. `help` is the command that lists them. */
export function unknownOption(name: string, known: readonly string[], help: string): string {
  const near = suggestion(name, known);
  return near === undefined
    ? t('unknown option {0}; see {1}', name, help)
    : t('unknown option {0}; did you mean {1}?; see {2}', name, near, help);
}

/** That an option or argument takes one of those words only, for a usage error. */
export function notOneOf(what: string, word: string, words: readonly string[]): string {
  const near = suggestion(word, words);
  return near === undefined
    ? t('{0} {1}: not one of {2}', what, word, words.join(', '))
    : t('{0} {1}: not one of {2}; did you mean {3}?', what, word, words.join(', '), near);
}

/** That there is no rule of that code, for a usage error. */
export function noRule(code: string, known: readonly string[]): string {
  const near = suggestion(code, known);
  return near === undefined
    ? t('there is no rule {0}; {1} lists them', code, 'cmtopo rules')
    : t('there is no rule {0}; did you mean {1}?; {2} lists them', code, near, 'cmtopo rules');
}

/** That the file has no firewall of the name that `--firewall` gives, for a usage error. */
export function noFirewall(name: string, known: readonly string[]): string {
  const near = suggestion(name, known);
  return near === undefined
    ? t('{0} {1}: the file has no firewall of that name', '--firewall', name)
    : t('{0} {1}: the file has no firewall of that name; did you mean {2}?', '--firewall', name, near);
}

/** That the file has no server or client group of the name that the option gives, for a usage error. */
export function noMachine(option: string, name: string, known: readonly string[]): string {
  const near = suggestion(name, known);
  return near === undefined
    ? t('{0} {1}: the file has no server or client group of that name', option, name)
    : t(
        '{0} {1}: the file has no server or client group of that name; did you mean {2}?',
        option,
        name,
        near,
      );
}

/** The day that counts as the current one, of `--today`. Throws a usage error where it is no date. */
export function readToday(text: string | undefined): string {
  if (text === undefined) return dayOf(new Date());
  if (!isDate(text)) throw usageError(t('--today {0}: write a date as YYYY-MM-DD', text));
  return text;
}

/** Whether an option is among the arguments: how many arguments a command takes may depend on it. */
export function hasOption(args: readonly string[], name: string): boolean {
  return args.some((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
}
