// `cmtopo completion powershell`: for Windows PowerShell 5.1 and PowerShell 7.
import { powershellString } from '../../print/escape.ts';
import type { CommandLine, HelpWord } from '../help.ts';

/**
 * The script: tables of words, and a completer that looks at the words before the cursor. Where it finds nothing
 * PowerShell offers files by itself.
 */
export function powershellCompletion(commands: readonly CommandLine[], global: readonly HelpWord[]): string {
  const tables = [
    { name: '', options: global, words: commands.map(({ name, summary }) => ({ name, text: summary })) },
    {
      name: 'help',
      options: [],
      words: commands.map(({ name, summary }) => ({ name, text: summary })),
    },
    ...commands.map(({ name, options, arguments: positional }) => ({
      name,
      options,
      words: listOf(positional.find(({ values }) => values !== undefined)?.values).map((word) => ({
        name: word,
        text: word,
      })),
    })),
  ];
  return `# Completion of cmtopo in PowerShell, made by: cmtopo completion powershell
# In $PROFILE: cmtopo completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName cmtopo -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # By command ('' where none is written yet): its options and its arguments, with what they do.
    $options = @{
${tables.map(({ name, options }) => table(name, options)).join('')}    }
    $arguments = @{
${tables.map(({ name, words }) => table(name, words)).join('')}    }
    # The words that an option takes, by command and option; no words where the value is a file or a free text.
    $values = @{
${tables.flatMap(({ name, options }) => options.map((option) => valueRow(name, option))).join('')}    }

    $before = @($commandAst.CommandElements |
        Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 |
        ForEach-Object { $_.Extent.Text })
    $command = ''
    for ($index = 0; $index -lt $before.Count; $index++) {
        if ($before[$index] -eq '--locale') { $index++; continue }
        if ($before[$index] -notlike '-*') { $command = $before[$index]; break }
    }
    $previous = if ($before.Count -gt 0) { $before[-1] } else { '' }
    $prefix = ''
    $word = "$wordToComplete"
    if ($word -match '^(--[a-z-]+)=(.*)$') {
        $previous = $Matches[1]
        $prefix = "$previous="
        $word = $Matches[2]
    }
    $key = "$command $previous"
    if ($values.ContainsKey($key)) {
        $found = @($values[$key] | ForEach-Object { , @($_, $_) })
    } elseif ($prefix) {
        $found = @()
    } elseif ($word -like '-*') {
        $found = @($options[$command])
    } else {
        $found = @($arguments[$command])
    }
    $found | Where-Object { $_ -and $_[0].StartsWith($word, [StringComparison]::Ordinal) } | ForEach-Object {
        [System.Management.Automation.CompletionResult]::new("$prefix$($_[0])", $_[0], 'ParameterValue', $_[1])
    }
}
`;
}

function table(command: string, words: readonly Pick<HelpWord, 'name' | 'text'>[]): string {
  if (words.length === 0) return `        ${powershellString(command)} = @()\n`;
  const rows = words.map(
    ({ name, text }) => `            , @(${powershellString(name)}, ${powershellString(text)})\n`,
  );
  return `        ${powershellString(command)} = @(\n${rows.join('')}        )\n`;
}

function valueRow(command: string, { name, value, values }: HelpWord): string {
  if (value === undefined) return '';
  const words = listOf(values).map((word) => powershellString(word));
  return `        ${powershellString(`${command} ${name}`)} = @(${words.join(', ')})\n`;
}

function listOf(values: HelpWord['values']): readonly string[] {
  return values === undefined || values === 'files' ? [] : values;
}
