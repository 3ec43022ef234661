// `cmtopo completion fish`: for fish 3 and later.

import { fishWord } from '../../print/escape.ts';
import type { CommandLine, HelpWord } from '../help.ts';

/** The script: one `complete` line for each command, option and argument. */
export function fishCompletion(commands: readonly CommandLine[], global: readonly HelpWord[]): string {
  return `# Completion of cmtopo in fish, made by: cmtopo completion fish
# cmtopo completion fish -o ~/.config/fish/completions/cmtopo.fish

# Whether the command before the cursor is this one; without one, whether none is written yet.
function __cmtopo_command
    set -l words (commandline -opc)
    set -l skip 1
    for word in $words
        if test $skip = 1
            set skip 0
        else if test $word = --locale
            set skip 1
        else if not string match -q -- '-*' $word
            test "$word" = "$argv[1]"
            return
        end
    end
    test -z "$argv[1]"
end

complete -c cmtopo -f
${[...commands, { name: 'help', summary: '' }].map(({ name, summary }) => line('', `-a ${name}${about(summary)}`)).join('')}${global
  .map((option) => line('', optionFlags(option)))
  .join(
    '',
  )}${line('help', `-a ${fishWord(commands.map(({ name }) => name).join(' '))}`)}${commands.map(linesOf).join('')}`;
}

function linesOf({ name, options, arguments: positional }: CommandLine): string {
  const [first] = positional.flatMap(({ values }) => (values === undefined ? [] : [values]));
  const own = first === undefined ? '' : line(name, first === 'files' ? '-F' : `-a ${list(first)}`);
  return `\n${own}${options.map((option) => line(name, optionFlags(option))).join('')}`;
}

function line(command: string, rest: string): string {
  return `complete -c cmtopo -n '__cmtopo_command${command === '' ? '' : ` ${command}`}' ${rest}\n`;
}

function optionFlags({ name, value, text, values }: HelpWord): string {
  const flag = name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`;
  const takes =
    value === undefined ? '' : values === 'files' ? ' -rF' : values ? ` -xa ${list(values)}` : ' -x';
  return `${flag}${takes}${about(text)}`;
}

function about(text: string): string {
  return text === '' ? '' : ` -d ${fishWord(text)}`;
}

function list(words: readonly string[]): string {
  return fishWord(words.join(' '));
}
