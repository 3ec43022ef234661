#!/usr/bin/env node
import { resolve } from 'node:path';
// `cmtopo`: takes the command line apart and hands over to a command. The only place that touches the process.
import { decodeText } from '../host/decode.ts';
import { expanded } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { readTextFile } from '../host/files.ts';
import { setLocale, t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { LARGEST_FILE } from '../text/limits.ts';
import { suggestion, unknownOption } from './args.ts';
import { COMMANDS, type CommandName, commandHelp, helpOverview } from './help.ts';
import { type Command, type Io, isCliError, usageError } from './io.ts';
import { environmentLocale, takeLocale } from './locale.ts';
import { outputTo, takeOutput } from './output.ts';
import { VERSION } from './version.ts';

/** Each command's code is loaded when it is called: `cmtopo check` does not wait for the language server. */
const LOADERS: Readonly<Record<CommandName, () => Promise<Command>>> = {
  check: async () => (await import('./check.ts')).checkCommand,
  format: async () => (await import('./format.ts')).formatCommand,
  flows: async () => (await import('./flows.ts')).flowsCommand,
  explain: async () => (await import('./explain.ts')).explainCommand,
  'rules-for': async () => (await import('./rules-for.ts')).rulesForCommand,
  report: async () => (await import('./report.ts')).reportCommand,
  export: async () => (await import('./export.ts')).exportCommand,
  import: async () => (await import('./import.ts')).importCommand,
  diff: async () => (await import('./diff.ts')).diffCommand,
  probe: async () => (await import('./probe.ts')).probeCommand,
  diagram: async () => (await import('./diagram.ts')).diagramCommand,
  catalog: async () => (await import('./catalog.ts')).catalogCommand,
  rules: async () => (await import('./rules.ts')).rulesCommand,
  init: async () => (await import('./init.ts')).initCommand,
  completion: async () => (await import('./completion.ts')).completionCommand,
  man: async () => (await import('./completion.ts')).manCommand,
  lsp: async () => (await import('./lsp.ts')).lspCommand,
  mcp: async () => (await import('./mcp.ts')).mcpCommand,
};

/** Runs one command line and gives its exit status. */
async function run(argv: readonly string[], io: Io): Promise<number> {
  setLocale(environmentLocale(io.env));
  const { rest: all, locale } = takeLocale(argv);
  if (locale !== undefined) setLocale(locale);
  const [first, ...rest] = all;
  if (first === undefined) {
    io.out(helpOverview());
    throw usageError(t('a command is missing'));
  }
  if (first === '--version' || first === '-V') {
    io.out(`cmtopo ${VERSION}\n`);
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') {
    const [topic] = first === 'help' ? rest : [];
    if (topic !== undefined) requireCommand(topic);
    io.out(topic === undefined ? helpOverview() : commandHelp(topic));
    return 0;
  }
  const load = requireCommand(first);
  const end = rest.indexOf('--');
  const options = end === -1 ? rest : rest.slice(0, end);
  if (options.includes('--help') || options.includes('-h')) {
    io.out(commandHelp(first));
    return 0;
  }
  const command = await load();
  // Their standard output belongs to a protocol.
  if (first === 'lsp' || first === 'mcp') return command(rest, io);
  const { rest: words, file } = takeOutput(rest, io.cwd);
  // A word with a dot may be files; what an option takes else has none beside its wildcard.
  const args = words.flatMap((word) =>
    word.includes('.') && !word.startsWith('-') ? expanded(word, io.cwd) : [word],
  );
  if (file === undefined) return command(args, io);
  const output = outputTo(file, io);
  const status = await command(args, output.io);
  output.write();
  return status;
}

function isCommand(name: string): name is CommandName {
  return Object.hasOwn(LOADERS, name);
}

function requireCommand(name: string): () => Promise<Command> {
  if (isCommand(name)) return LOADERS[name];
  if (name.startsWith('-'))
    throw usageError(unknownOption(name, ['--help', '--locale', '--version'], 'cmtopo --help'));
  const near = suggestion(name, COMMANDS);
  throw usageError(
    near === undefined
      ? t('unknown command {0}; see {1}', name, 'cmtopo --help')
      : t('unknown command {0}; did you mean {1}?; see {2}', name, near, 'cmtopo --help'),
  );
}

/** The world as this process sees it. */
function processIo(): Io {
  const cwd = process.cwd();
  return {
    stdin: readStdin,
    out: writer(process.stdout),
    err: writer(process.stderr),
    cwd,
    env: process.env,
    isTerminal: process.stdout.isTTY ?? false,
    isErrorTerminal: process.stderr.isTTY ?? false,
    columns: process.stdout.columns ?? 80,
    readText: async (path) => readTextFile(resolve(cwd, path), path).text,
  };
}

/** A reader that went away (`| head`) is no error: what it does not want is dropped. */
function writer(stream: NodeJS.WriteStream): (text: string) => void {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED') return;
    process.exitCode = 2;
    if (stream !== process.stderr)
      process.stderr.write(`cmtopo: ${t('the output cannot be written: {0}', error.message)}\n`);
  });
  return (text) => {
    if (!gone && text !== '') stream.write(text);
  };
}

async function readStdin(): Promise<string> {
  const shown = '<stdin>';
  const chunks: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const chunk of process.stdin) {
      chunks.push(chunk);
      total += chunk.length;
      // One byte too many is enough for decodeText to refuse it.
      if (total > LARGEST_FILE) break;
    }
  } catch (error) {
    throw unreadableInput(
      shown,
      `${t('cannot be read')}: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  return decodeText(Buffer.concat(chunks, total), shown).text;
}

const io = processIo();
run(process.argv.slice(2), io).then(
  (status) => {
    process.exitCode ??= status;
  },
  (error: unknown) => {
    process.exitCode = 2;
    if (isCliError(error)) io.err(`cmtopo: ${visible(error.message)}\n`);
    else
      io.err(
        `cmtopo: ${t('a bug in the program, please report it: {0}', String(error instanceof Error ? error.stack : error))}\n`,
      );
  },
);
