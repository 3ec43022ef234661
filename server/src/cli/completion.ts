// `cmtopo completion SHELL` and `cmtopo man`: the help in the forms that shells and `man` read.
import { setLocale } from '../l10n.ts';
import { notOneOf, parseArguments } from './args.ts';
import { commandLines, globalOptions } from './help.ts';
import { type Io, usageError } from './io.ts';
import { bashCompletion } from './shells/bash.ts';
import { fishCompletion } from './shells/fish.ts';
import { manPage } from './shells/man.ts';
import { SHELLS, type Shell } from './shells/names.ts';
import { powershellCompletion } from './shells/powershell.ts';
import { zshCompletion } from './shells/zsh.ts';
import { VERSION } from './version.ts';

const SCRIPTS: Readonly<Record<Shell, typeof bashCompletion>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/**
 * Prints the script that makes a shell complete `cmtopo`.
 * Throws a usage error for a shell that it does not know.
 * @returns the exit status
 */
export function completionCommand(args: readonly string[], io: Io): number {
  const { positionals } = parseArguments('completion', args, {}, { fewest: 1, most: 1 });
  const [name = ''] = positionals;
  const words = Object.keys(SHELLS);
  if (!Object.hasOwn(SCRIPTS, name)) throw usageError(notOneOf('completion', name, words));
  // What is piped into Invoke-Expression arrives whole only in ASCII.
  if (name === 'powershell') setLocale('en');
  io.out(SCRIPTS[name as Shell](commandLines(), globalOptions()));
  return 0;
}

/** Prints the help as a page for `man`. @returns the exit status */
export function manCommand(args: readonly string[], io: Io): number {
  parseArguments('man', args, {}, { fewest: 0, most: 0 });
  io.out(manPage(commandLines(), globalOptions(), VERSION));
  return 0;
}
