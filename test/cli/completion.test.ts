// The scripts of `cmtopo completion` in their shells, and the page of `cmtopo man`. Bash is on every machine that runs
// this; a shell that is missing skips its tests. No PowerShell is asked: the grammar of the language reads its script.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS, type CommandLine, commandLines, globalOptions } from '../../server/src/cli/help.ts';
import { bashCompletion } from '../../server/src/cli/shells/bash.ts';
import { fishCompletion } from '../../server/src/cli/shells/fish.ts';
import { manPage } from '../../server/src/cli/shells/man.ts';
import { powershellCompletion } from '../../server/src/cli/shells/powershell.ts';
import { zshCompletion } from '../../server/src/cli/shells/zsh.ts';
import { grammar } from '../exports/grammars.ts';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const FILES = { 'sites/my plant.topology.yaml': '', 'sites/other.yaml': '' };

/** Words before the cursor, the last one begun, and what may stand there. */
type Case = readonly [words: readonly string[], offered: readonly string[]];

/** Every option with a list of words, and what else a person types. */
function cases(): readonly Case[] {
  const options = commandLines().flatMap(({ name, options: all }) =>
    all.flatMap(({ name: option, values }): Case[] =>
      Array.isArray(values) ? [[[name, option, ''], values]] : [],
    ),
  );
  assert.ok(options.length > 20);
  return [
    ...options,
    [['ch'], ['check']],
    [['help', 'expo'], ['export']],
    [
      ['check', '--s'],
      ['--severity', '--summary', '--stdin-filename'],
    ],
    [['--locale', 'ko', 'check', '--sev'], ['--severity']],
    [['rules', 'wsus-port-p'], ['wsus-port-pair']],
    [['completion', 'f'], ['fish']],
    [
      ['check', 'sites/'],
      ['sites/my plant.topology.yaml', 'sites/other.yaml'],
    ],
    [['flows', 'sites/o', '-o', 'sites/o'], ['sites/other.yaml']],
    [['flows', '--from', ''], []],
  ];
}

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const found = (shell: string) => spawnSync(shell, ['--version']).status === 0;

/** Runs a script in a shell, in a folder with files. */
function inShell(shell: string, args: readonly string[], script: string): string {
  const folder = folderWith(FILES);
  try {
    const { stdout, stderr, status } = spawnSync(shell, [...args, script], {
      cwd: folder,
      encoding: 'utf8',
      timeout: 60_000,
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.ok(!existsSync(join(folder, 'run')), 'a text of the help was run');
    return stdout;
  } finally {
    removeFolder(folder);
  }
}

const word = (text: string) => `'${text}'`;

/** What Bash offers for each of some lines. */
function inBash(script: string, typed: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const asks = typed.map(
    (words) =>
      `COMP_WORDS=(cmtopo ${words.map(word).join(' ')}); COMP_CWORD=${words.length}; COMPREPLY=(); _cmtopo; for one in "\${COMPREPLY[@]}"; do echo "$one"; done; echo =`,
  );
  return inShell('bash', ['--norc', '-c'], `${script}\n${asks.join('\n')}`)
    .split('=\n')
    .slice(0, -1)
    .map(lines);
}

/** Texts that would be code where they are not quoted. */
const HOSTILE: readonly CommandLine[] = [
  {
    name: 'check',
    usage: 'cmtopo check',
    summary: ".it's \"[odd]: $(touch run) `touch run` \\ 'x",
    options: [
      { name: '--a', value: undefined, text: "'; touch run; '[x]:(y) \\", values: undefined },
      { name: '--b', value: 'N:M', text: '$(touch run)', values: ['one', 'two'] },
    ],
    arguments: [],
    notes: "'br\n.tm run",
  },
];

describe('cmtopo completion', function () {
  this.timeout(60_000);

  it('prints a script for each shell, and says of another which there are', () => {
    for (const shell of ['bash', 'zsh', 'fish', 'powershell'])
      assert.match(cmtopo(['completion', shell]).out, /^(#compdef cmtopo\n)?# Completion of cmtopo in /);
    const { status, err } = cmtopo(['completion', 'fis']);
    assert.equal(status, 2);
    assert.match(err, /bash, zsh, fish, powershell; did you mean fish\?/);
  });

  it('Bash offers commands, options, the words of an option, and files', () => {
    const list = cases();
    const offered = inBash(
      cmtopo(['completion', 'bash']).out,
      list.map(([words]) => words),
    );
    list.forEach(([words, wanted], index) => {
      assert.deepEqual([...(offered[index] ?? [])].sort(), [...wanted].sort(), words.join(' '));
    });
  });

  it('Bash, which takes --format=json apart, offers its words all the same', () => {
    const script = cmtopo(['completion', 'bash']).out;
    const typed = [
      ['check', '--format', '='],
      ['check', '--format', '=', 'js'],
      ['--locale', '=', 'ko', 'diagram', '--dir'],
    ];
    const [all = [], begun, after] = inBash(script, typed);
    assert.ok(all.includes('sarif'));
    assert.deepEqual([begun, after], [['json'], ['--direction']]);
  });

  it('fish offers the same', function () {
    if (!found('fish')) this.skip();
    const list = cases();
    const asks = list.map(([words]) => `complete -C ${word(`cmtopo ${words.join(' ')}`)}; echo =`);
    const offered = inShell('fish', ['-N', '-c'], `${cmtopo(['completion', 'fish']).out}\n${asks.join('\n')}`)
      .split('=\n')
      .map((part) => lines(part).map((line) => line.split('\t')[0] ?? ''));
    list.forEach(([words, wanted], index) => {
      assert.deepEqual([...(offered[index] ?? [])].sort(), [...wanted].sort(), words.join(' '));
    });
  });

  it('Zsh offers the same to a person at a terminal', function () {
    if (!found('zsh')) this.skip();
    const list = [
      ['cmtopo ch', /check +-- find topology files/],
      ['cmtopo --locale ko check --sev', /--severity/],
      ['cmtopo check --format=s', /sarif/],
      ['cmtopo check sites/', /my\\ plant\.topology\.yaml +other\.yaml/],
    ] as const;
    const folder = folderWith({ ...FILES, _cmtopo: cmtopo(['completion', 'zsh']).out });
    try {
      const script = `
        zmodload zsh/zpty
        zpty z 'zsh -f -i'
        zpty -w z "PS1='>'; stty columns 200 rows 500; autoload -Uz compinit; compinit -D -u; source ./_cmtopo; bindkey '^I' list-choices; print REA''DY"
        zpty -r -m z out '*READY*'
        for line in ${list.map(([typed]) => word(typed)).join(' ')}; do
          zpty -w -n z $'\\x15'"$line"$'\\t'
          sleep 0.3
          zpty -w -n z $'\\x15print EN\\'\\'D\\n'
          zpty -r -m z out '*END*'
          print -r -- "$out"; print -r -- '=='
        done
        zpty -d z`;
      const { stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], {
        cwd: folder,
        encoding: 'utf8',
        timeout: 20_000,
      });
      assert.equal(stderr, '');
      const shown = stdout.split('==\n');
      list.forEach(([typed, wanted], index) => {
        assert.match(shown[index] ?? '', wanted, typed);
      });
    } finally {
      removeFolder(folder);
    }
  });

  it('the script of PowerShell is PowerShell, in ASCII, with every word in it', async () => {
    const parse = await grammar('powershell');
    const script = cmtopo(['completion', 'powershell', '--locale', 'ko']).out;
    assert.ok(!parse(script).hasError);
    assert.match(script, /^[\n -~]*$/);
    for (const [words, offered] of cases().slice(0, -9))
      assert.ok(
        script.includes(`'${words.slice(0, 2).join(' ')}' = @(${offered.map(word).join(', ')})`),
        words.join(' '),
      );
  });

  it('no text of the help is code', async () => {
    const [[offered = []] = []] = [inBash(bashCompletion(HOSTILE, globalOptions()), [['check', '--']])];
    assert.deepEqual(offered, ['--a', '--b']);
    if (found('fish'))
      assert.match(
        inShell(
          'fish',
          ['-N', '-c'],
          `${fishCompletion(HOSTILE, globalOptions())}\ncomplete -C 'cmtopo check --'`,
        ),
        /^--a\t'; touch run; '\[x\]:\(y\) \\\n--b\t\$\(touch run\)$/m,
      );
    if (found('zsh')) inShell('zsh', ['-f', '-n', '-c'], zshCompletion(HOSTILE, globalOptions()));
    const parse = await grammar('powershell');
    const root = parse(powershellCompletion(HOSTILE, globalOptions()));
    assert.ok(!root.hasError);
    assert.equal(root.descendantsOfType('sub_expression').length, 1, 'only the script has code in a text');
  });
});

describe('cmtopo man', () => {
  const page = manPage(commandLines(), globalOptions(), '1.2.3');

  it('has every command with its options, and nothing but macros, texts and ASCII', () => {
    assert.equal(cmtopo(['man']).out.replaceAll(/cmtopo \d\S+?"/g, 'cmtopo 1.2.3"'), page);
    for (const { name, options } of commandLines()) {
      const part = page
        .split(/^\.S[SH] /m)
        .find((one) => one.startsWith(`"${name.replaceAll('-', '\\-')}"\n`));
      assert.ok(part, name);
      for (const option of options) assert.ok(part.includes(option.name.replaceAll('-', '\\-')), option.name);
    }
    assert.equal(page.match(/^\.SS /gm)?.length, COMMANDS.length);
    assert.match(page, /^[\n -~]*$/);
    const macros = manPage(HOSTILE, globalOptions(), '1').match(/^[.'].*/gm) ?? [];
    for (const macro of macros) assert.match(macro, /^\.(\\"|TH|SH|SS|PP|TP|B|BI|BR|I|RI|br)( |$)/);
  });

  it('is read by man without a warning', function () {
    if (!found('groff')) this.skip();
    const { stdout, stderr, status } = spawnSync('groff', ['-man', '-ww', '-Tutf8', '-P-cbou'], {
      input: page,
      encoding: 'utf8',
    });
    assert.deepEqual({ status, stderr }, { status: 0, stderr: '' });
    assert.match(stdout, /--stdin-filename F\n/);
  });
});
