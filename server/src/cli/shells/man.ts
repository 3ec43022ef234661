// `cmtopo man`: the help as a page of the manual, in the macros that every `man` knows.

import { t } from '../../l10n.ts';
import { roffText } from '../../print/escape.ts';
import type { CommandLine, HelpWord } from '../help.ts';

/** The page, in ASCII; the same for every day, so it bears no date. */
export function manPage(
  commands: readonly CommandLine[],
  global: readonly HelpWord[],
  version: string,
): string {
  const section = (title: string, body: string) => `.SH ${quoted(title)}\n${body}`;
  return [
    '.\\" Made by: cmtopo man\n',
    `.TH CMTOPO 1 "" ${quoted(`cmtopo ${version}`)} "ConfigMgr Topology"\n`,
    section(
      'NAME',
      `cmtopo \\- ${roffText(t('check Configuration Manager topologies and work out their ports'))}\n`,
    ),
    section('SYNOPSIS', '.B cmtopo\n.I COMMAND\n.RI [ OPTIONS ]\n'),
    section(
      'DESCRIPTION',
      [
        t('cmtopo checks Configuration Manager topology files against the port catalog.'),
        t('Only probe uses the network, and files are written only when you ask for it.'),
      ]
        .map((text) => `${roffText(text)}\n`)
        .join('.PP\n'),
    ),
    section('OPTIONS', global.map(item).join('')),
    section('COMMANDS', commands.map(command).join('')),
    section(
      'EXIT STATUS',
      entry('.B 0', t('No errors.')) +
        entry('.B 1', t('Errors, or what an option of the command counts as a failure.')) +
        entry('.B 2', t('Wrong usage, or something that cannot be read or written.')),
    ),
    section(
      'ENVIRONMENT',
      entry('.BR NO_COLOR ", " FORCE_COLOR', t('Whether output is coloured if --color is not given.')) +
        entry(
          '.BR LC_ALL ", " LC_MESSAGES ", " LANG',
          t('The language of messages if --locale is not given.'),
        ),
    ),
    section(
      'FILES',
      entry('.I *.topology.yaml', t('A topology.')) +
        entry('.I .cmtopo.yaml', t('Settings for the topologies in its folder and below.')),
    ),
  ].join('');
}

function command({ name, usage, summary, options, arguments: positional, notes }: CommandLine): string {
  const body = [...positional, ...options].map(item).join('');
  const lines = notes === undefined ? [] : notes.split('\n').map((line) => `${roffText(line)}\n.br\n`);
  return `.SS ${quoted(name)}\n.B ${roffText(usage)}\n.PP\n${roffText(sentence(summary))}\n${body}${
    lines.length > 0 ? `.PP\n${lines.join('')}` : ''
  }`;
}

function item({ name, value, text }: HelpWord): string {
  const flag = value === undefined ? `.B ${roffText(name)}` : `.BI ${quoted(`${name} `)} ${quoted(value)}`;
  return entry(flag, text);
}

function entry(line: string, text: string): string {
  return `.TP\n${line}\n${roffText(text)}\n`;
}

function sentence(text: string): string {
  return /[.\u3002]$/.test(text) ? text : `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}.`;
}

function quoted(text: string): string {
  return `"${roffText(text).replaceAll('"', '\\(dq')}"`;
}
