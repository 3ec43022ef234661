// `-o FILE`: what a command prints goes into a file, once all of it is known.
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { asUnreadable } from '../host/errors.ts';
import { writeOutput } from '../host/files.ts';
import { t } from '../l10n.ts';
import { type Io, usageError } from './io.ts';

/**
 * Takes `-o FILE` out of a command's arguments; what is behind `--` is no option.
 * Throws a usage error where it is written twice or without a file, or where the file is another argument, which it
 * would overwrite.
 */
export function takeOutput(
  args: readonly string[],
  cwd: string,
): { readonly rest: readonly string[]; readonly file: string | undefined } {
  const end = args.includes('--') ? args.indexOf('--') : args.length;
  const at = args.indexOf('-o');
  if (at < 0 || at >= end) return { rest: args, file: undefined };
  const file = args[at + 1];
  if (file === undefined || file === '' || at + 1 === end || /^-\D/.test(file))
    throw usageError(t('{0} needs a file', '-o'));
  const rest = [...args.slice(0, at), ...args.slice(at + 2)];
  const again = rest.indexOf('-o');
  if (again >= 0 && again < end - 2) throw usageError(t('{0} is written twice', '-o'));
  // A file may also come behind an option and `=`.
  const read = rest.flatMap((word) => [word, word.slice(word.lastIndexOf('=') + 1)]);
  if (read.some((word) => word !== '-' && resolve(cwd, word) === resolve(cwd, file)))
    throw usageError(t('{0} {1}: this command reads the file and would overwrite it', '-o', file));
  return { rest, file };
}

/**
 * The world for a command whose output goes to a file.
 * @returns it, and what writes the file; that throws where it cannot be written
 */
export function outputTo(file: string, io: Io): { readonly io: Io; readonly write: () => void } {
  const texts: string[] = [];
  const files: { readonly path: string; readonly text: string }[] = [];
  return {
    io: {
      ...io,
      isTerminal: false,
      out: (text) => void texts.push(text),
      outFolder: (list) => void files.push(...list),
    },
    write() {
      try {
        const target = resolve(io.cwd, file);
        for (const { path, text } of files) {
          const place = join(target, ...path.split('/'));
          mkdirSync(dirname(place), { recursive: true });
          writeOutput(place, text);
        }
        if (files.length === 0) writeOutput(target, texts.join(''));
      } catch (error) {
        throw asUnreadable(error, file, t('cannot be written'));
      }
    },
  };
}
