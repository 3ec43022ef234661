// Words that a user can write: what is in a table is taken, and in help and in the pages.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { HIERARCHY } from '../../../test/support/features.ts';
import { exporters } from '../exports/firewall/index.ts';
import { readers } from '../imports/index.ts';
import { catalogCommand } from './catalog.ts';
import { checkCommand } from './check.ts';
import { diagramCommand } from './diagram.ts';
import { diffCommand } from './diff.ts';
import { explainCommand } from './explain.ts';
import { exportCommand } from './export.ts';
import { flowsCommand } from './flows.ts';
import { COMMANDS as ALL, commandHelp, commandLines } from './help.ts';
import { importCommand } from './import.ts';
import { type Command, type Io, isCliError } from './io.ts';
import { probeCommand } from './probe.ts';
import { reportCommand } from './report.ts';
import { rulesCommand } from './rules.ts';
import { type FormatCommand, formatWords, withFormatTables } from './words.ts';

/** Each command that has formats, with arguments that it takes. */
const COMMANDS: Readonly<Record<FormatCommand, { readonly run: Command; readonly args: readonly string[] }>> =
  {
    check: { run: checkCommand, args: ['-'] },
    flows: { run: flowsCommand, args: ['-'] },
    explain: { run: explainCommand, args: ['-', 'cm01', 'sql01'] },
    export: { run: exportCommand, args: ['-'] },
    import: { run: importCommand, args: ['-'] },
    diff: { run: diffCommand, args: ['-', '-'] },
    probe: { run: probeCommand, args: ['-'] },
    diagram: { run: diagramCommand, args: ['-'] },
    report: { run: reportCommand, args: ['-'] },
    catalog: { run: catalogCommand, args: [] },
    rules: { run: rulesCommand, args: [] },
  };

const NO_WORLD: Io = {
  stdin: async () => HIERARCHY,
  out: () => {},
  err: () => {},
  cwd: '/',
  env: {},
  isTerminal: false,
  isErrorTerminal: false,
  columns: 80,
  readText: async () => HIERARCHY,
};

/** What a command says of a word that it does not know. */
async function refusal(command: FormatCommand, option: string): Promise<string> {
  const { run, args } = COMMANDS[command];
  try {
    await run([...args, option, 'no-such-word'], NO_WORLD);
  } catch (error) {
    if (isCliError(error)) return error.message;
    throw error;
  }
  return '';
}

function pages(): readonly string[] {
  return readdirSync('docs')
    .filter((name) => name.endsWith('.md'))
    .map((name) => readFileSync(`docs/${name}`, 'utf8'));
}

const commands = Object.keys(COMMANDS) as FormatCommand[];

describe('the page of the command line', () => {
  it('has a row for every command, and none for another', () => {
    const page = readFileSync('docs/cli.md', 'utf8');
    const [, table = ''] = /\| command \| does \|\n\|---\|---\|\n((?:\|.*\n)+)/.exec(page) ?? [];
    const rows = [...table.matchAll(/^\| `([a-z-]+)/gm)].map(([, name]) => name);
    assert.deepEqual([...new Set(rows)].sort(), [...ALL].sort());
  });
});

describe('the words that a user can write', () => {
  it('the help of import says of every format where its file comes from', () => {
    const [, notes = ''] = commandHelp('import').split('\n\n').slice(1);
    for (const format of Object.keys(formatWords.import.formats()))
      assert.match(notes, new RegExp(`^(.*[ ,])?${format}[,:]`, 'm'), format);
  });

  it('every format of import has a section of docs/import.md, and README.md names whose firewall it is', () => {
    const page = readFileSync('docs/import.md', 'utf8');
    const readme = readFileSync('README.md', 'utf8');
    for (const { title } of Object.values(readers)) {
      assert.ok(new RegExp(`^##+ ${title}`, 'm').test(page), `docs/import.md has no section ${title}`);
      assert.ok(readme.includes(title.split(' ')[0] ?? title), `README.md says nothing of ${title}`);
    }
  });

  it('every format of export has a row in the tables of docs/export.md: its texts, and how it is verified', () => {
    const page = readFileSync('docs/export.md', 'utf8');
    for (const heading of ['Names and texts of the file', 'How this is verified']) {
      const [section = ''] = page.split(`## ${heading}\n`)[1]?.split('\n#') ?? [];
      const rows = section.split('\n').filter((line) => line.startsWith('| `'));
      const words = rows.flatMap((row) => row.split('|')[1]?.match(/[a-z][a-z-]*/g) ?? []);
      assert.deepEqual(words.sort(), Object.keys(exporters).sort(), heading);
    }
  });

  for (const command of commands) {
    it(`a format added to the table of ${command} is taken, and is in its help and its page`, async () => {
      const formats: Record<string, unknown> = formatWords[command].formats();
      const [known] = Object.values(formats);
      formats['a-probe'] = known;
      try {
        assert.match(await refusal(command, '--format'), /, a-probe\b/);
        assert.match(commandHelp(command), /--format F .*, a-probe\b/);
        const made = pages()
          .map(withFormatTables)
          .filter((page) => /^\| `a-probe` \|/m.test(page));
        assert.equal(made.length, 1, `one page of docs/ has the mark: formats of cmtopo ${command}`);
      } finally {
        delete formats['a-probe'];
      }
      assert.ok(!commandHelp(command).includes('a-probe'));
    });

    it(`every word that an option of ${command} takes is in its help`, async () => {
      const help = commandHelp(command);
      const options = help.match(/^ {2}--[a-z-]+(?= [A-Z])/gm) ?? [];
      let found = 0;
      for (const option of options) {
        const words =
          /: not one of ([^;]+)/.exec(await refusal(command, option.trim()))?.[1]?.split(', ') ?? [];
        const row = help.split('\n').find((line) => line.startsWith(`${option} `)) ?? '';
        const completed = commandLines()
          .find(({ name }) => name === command)
          ?.options.find(({ name }) => name === option.trim())?.values;
        if (words.length > 0) assert.deepEqual(completed, words, option);
        for (const word of words)
          assert.match(row, new RegExp(`(^|[ ,;(])${word}($|[ ,;)])`), `${option}: ${word}`);
        found += words.length;
      }
      assert.ok(found > 0);
    });
  }
});
