// `cmtopo completion zsh`: a completion function, to be sourced or put into a folder of `fpath` as `_cmtopo`.

import { posixWord } from '../../print/escape.ts';
import type { CommandLine, HelpWord } from '../help.ts';

/** The script: `_arguments` of zsh does the work, with one list of options for each command. */
export function zshCompletion(commands: readonly CommandLine[], global: readonly HelpWord[]): string {
  const named = commands.map(({ name, summary }) => posixWord(`${name}:${summary.replaceAll(':', '\\:')}`));
  return `#compdef cmtopo
# Completion of cmtopo in Zsh, made by: cmtopo completion zsh
# In ~/.zshrc, below compinit: source <(cmtopo completion zsh)

_cmtopo() {
  local curcontext=$curcontext state line
  local -a commands
  commands=(
${named.map((word) => `    ${word}\n`).join('')}  )
  _arguments -C \\
${global.map((option) => `    ${optionSpec(option)} \\\n`).join('')}    '1: :->command' \\
    '*:: :->rest'
  case $state in
    command)
      _describe -t commands command commands
      ;;
    rest)
      case $line[1] in
        help)
          _describe -t commands command commands
          ;;
${commands.map(branch).join('')}      esac
      ;;
  esac
}

if [[ $funcstack[1] == _cmtopo ]]; then
  _cmtopo "$@"
else
  compdef _cmtopo cmtopo
fi
`;
}

function branch({ name, options, arguments: positional }: CommandLine): string {
  const specs = [...options.map(optionSpec), ...positional.slice(0, 1).map(argumentSpec)];
  return `        ${name})
          _arguments \\
${specs.map((spec) => `            ${spec}`).join(' \\\n')}
          ;;
`;
}

function optionSpec({ name, value, text, values }: HelpWord): string {
  const about = `[${text.replaceAll(/[\\[\]]/g, '\\$&')}]`;
  if (value === undefined) return posixWord(`*${name}${about}`);
  // Of the short one the value is a word of its own.
  const joined = name.startsWith('--') ? '=' : '';
  return posixWord(`*${name}${joined}${about}:${value.replaceAll(':', '\\:')}:${action(values)}`);
}

function argumentSpec({ name, values }: HelpWord): string {
  return posixWord(`*:${name.replaceAll(':', '\\:')}:${action(values)}`);
}

function action(values: HelpWord['values']): string {
  if (values === undefined) return ' ';
  return values === 'files' ? '_files' : `(${values.join(' ')})`;
}
