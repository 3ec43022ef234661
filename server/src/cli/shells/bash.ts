// `cmtopo completion bash`: for Bash 3.2, which macOS has, and later; needs no other package.

import { posixWord } from '../../print/escape.ts';
import type { CommandLine, HelpWord } from '../help.ts';

/** The script: `_cmtopo` looks at the words before the cursor and fills COMPREPLY. */
export function bashCompletion(commands: readonly CommandLine[], global: readonly HelpWord[]): string {
  const names = commands.map(({ name }) => name);
  return `# Completion of cmtopo in Bash, made by: cmtopo completion bash
# In ~/.bashrc: source <(cmtopo completion bash)

_cmtopo_files() {
  local found
  compopt -o filenames 2>/dev/null
  while IFS= read -r found; do
    COMPREPLY+=("$found")
  done < <(compgen -f -- "$1")
}

_cmtopo_words() {
  local found
  while IFS= read -r found; do
    COMPREPLY+=("$found")
  done < <(compgen -W "$1" -- "$2")
}

_cmtopo() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command= index
  COMPREPLY=()
  # Bash takes --format=json apart at the equals sign.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=\${COMP_WORDS[COMP_CWORD-2]}
  fi
  for ((index = 1; index < COMP_CWORD; index++)); do
    case \${COMP_WORDS[index]} in
      --locale)
        [[ \${COMP_WORDS[index+1]} == = ]] && index=$((index + 1))
        index=$((index + 1))
        ;;
      -*) ;;
      *)
        command=\${COMP_WORDS[index]}
        break
        ;;
    esac
  done
  if [[ $previous == --locale ]]; then
    _cmtopo_words ${wordList(localeOf(global))} "$current"
    return
  fi
  case $command in
    '')
      _cmtopo_words ${wordList([...names, 'help', ...global.map(({ name }) => name)])} "$current"
      ;;
    help)
      _cmtopo_words ${wordList(names)} "$current"
      ;;
${commands.map(branch).join('')}  esac
}

complete -F _cmtopo cmtopo
`;
}

function branch({ name, options, arguments: positional }: CommandLine): string {
  const withValue = options.filter(({ value }) => value !== undefined);
  const cases = withValue.map(({ name: option, values }) => `        ${option}) ${offer(values)} ;;\n`);
  const [first] = positional.flatMap(({ values }) => (values === undefined ? [] : [values]));
  return `    ${name})
      case $previous in
${cases.join('')}        *)
          if [[ $current == -* ]]; then
            _cmtopo_words ${wordList(options.map((option) => option.name))} "$current"
          else
            ${offer(first)}
          fi
          ;;
      esac
      ;;
`;
}

function offer(values: HelpWord['values']): string {
  if (values === undefined) return ':';
  return values === 'files' ? '_cmtopo_files "$current"' : `_cmtopo_words ${wordList(values)} "$current"`;
}

function wordList(words: readonly string[]): string {
  return posixWord(words.join(' '));
}

function localeOf(global: readonly HelpWord[]): readonly string[] {
  const values = global.find(({ name }) => name === '--locale')?.values;
  return Array.isArray(values) ? values : [];
}
