// What `--help` says, and what the man page and the shells that complete a command line are told.
import { EDITION_WORDS } from '../catalog/editions.ts';
import { PHASES } from '../catalog/types.ts';
import { COLLAPSES } from '../diagram/graph.ts';
import { ARROW_DIRECTIONS } from '../diagram/layout.ts';
import { ADDRESS_KINDS, LEFT_OUT } from '../exports/firewall/rules.ts';
import { PROFILES, RULE_DIRECTIONS } from '../imports/model.ts';
import { LOCALES, marked, t, translated } from '../l10n.ts';
import { rules } from '../rules/index.ts';
import { SEVERITIES } from '../rules/rule.ts';
import { SHELLS } from './shells/names.ts';
import { COLOR_OPTION } from './style.ts';
import { type FormatCommand, formatHelp, formatWords } from './words.ts';

/** What can stand for a value: a file, or one of some words. */
type Values = 'files' | (() => readonly string[]);

/** An option or argument and what it does: a marked message, or what makes the text; then what its value may be. */
type Row = readonly [string, string | (() => string), Values?];

interface Help {
  readonly summary: string;
  readonly usage: string;
  readonly options: readonly Row[];
  readonly notes?: string;
}

const COLOR = [
  '--color WHEN',
  marked('auto (default), always, never; NO_COLOR and FORCE_COLOR are respected'),
  () => COLOR_OPTION.words,
] as const;

const OUTPUT = ['-o FILE', marked('write to this file instead of standard output'), 'files'] as const;

const FILE = ['FILE', marked('a topology file; - reads standard input'), 'files'] as const;

const HELP_OPTION = ['--help', marked('show this help')] as const;

const LOCALE = ['--locale L', () => LOCALES.join(', '), () => LOCALES] as const;

/** The row of `--format` of a command that has formats. */
function formatRow(command: FormatCommand): Row {
  return ['--format F', () => formatHelp(command), () => Object.keys(formatWords[command].formats())];
}

const helps = {
  check: {
    summary: marked('find topology files and check them'),
    usage: 'cmtopo check [PATH…]',
    options: [
      ['PATH', marked('files and folders (default: the current folder); - reads standard input'), 'files'],
      formatRow('check'),
      ['--fix', marked('apply the safe fixes in place')],
      ['--max-warnings N', marked('exit status 1 if there are more than N warnings')],
      ['--rule CODE', marked('show only what this rule finds; may be given several times'), codes],
      [
        '--severity LEVEL',
        marked('show only this level and those above: error, warning, information or hint'),
        () => SEVERITIES,
      ],
      ['--summary', marked('show only how many findings there are')],
      [
        '--today DATE',
        marked('the date with which `expires` of firewall rules is compared, as YYYY-MM-DD (default: today)'),
      ],
      [
        '--stdin-filename F',
        marked('the path of what - reads: for messages and for its .cmtopo.yaml'),
        'files',
      ],
      COLOR,
    ],
    notes: marked(
      'In folders: *.topology.yaml, *.topology.yml and YAML files whose first line starts with\n"# configmgr-topology". node_modules, .git and what .gitignore ignores are skipped.\nExit status: 0 no errors, 1 errors or too many warnings, 2 wrong usage or something that cannot be read.',
    ),
  },
  format: {
    summary: marked('format topology files in place'),
    usage: 'cmtopo format [PATH…]',
    options: [
      [
        'PATH',
        marked(
          'files and folders (default: the current folder); - reads standard input and prints the result',
        ),
        'files',
      ],
      ['--check', marked('write nothing, list the files that would change; exit status 1 if there are any')],
    ],
    notes: marked(
      'Two columns for each level, no trailing spaces, at most one blank line in a row, one between sections.\nAligned columns, comments and the content are kept; so are places that are not YAML.',
    ),
  },
  flows: {
    summary: marked('the connections of a topology: who talks to whom, over which ports'),
    usage: 'cmtopo flows FILE',
    options: [
      FILE,
      formatRow('flows'),
      ['--from NAME', marked('only from this: a machine, zone, site, role or address')],
      ['--to NAME', marked('only to this: a machine, zone, site, role or address')],
      ['--port PORT', marked('only over this port')],
      ['--phase PHASE', () => PHASES.join(', '), () => PHASES],
      ['--zone ZONE', marked('only from or to machines of this zone')],
      ['--endpoints', marked('also list the host names for internet and azure')],
    ],
  },
  explain: {
    summary: marked('why two machines talk, and which firewall rule allows or blocks each connection'),
    usage: 'cmtopo explain FILE FROM TO',
    options: [
      FILE,
      [
        'FROM TO',
        marked(
          'servers, client groups, what is outside the file (internet, azure), zones, sites, roles, addresses',
        ),
      ],
      formatRow('explain'),
      ['--exit-code', marked('exit status 1 if a needed connection is blocked')],
      COLOR,
    ],
    notes: marked('Both directions are shown, each with its reasons and the firewalls on its way.'),
  },
  'rules-for': {
    summary: marked('the missing firewall rules, as entries of a topology'),
    usage: 'cmtopo rules-for FILE',
    options: [
      FILE,
      ['--firewall NAME', marked('only the rules of this firewall')],
      ['--write', marked('add the rules to the file')],
    ],
    notes: marked(
      'No rule lets the internet reach a site system that serves no clients there, or allows what a policy\nforbids; such connections are listed on standard error.',
    ),
  },
  report: {
    summary: marked('a report about a topology, for a security review'),
    usage: 'cmtopo report FILE -o NAME.html',
    options: [
      FILE,
      formatRow('report'),
      [
        '--today DATE',
        marked('the date with which `expires` of firewall rules is compared, as YYYY-MM-DD (default: today)'),
      ],
    ],
    notes: marked(
      'The report is one page that loads nothing and needs no scripts. It has the diagram, what is exposed to whom,\nfindings and what is silenced, the rules of each firewall, endpoints, what only installation needs, and sources.',
    ),
  },
  export: {
    summary: marked('firewall rules for machines and networks'),
    usage: 'cmtopo export FILE --format F',
    options: [
      FILE,
      formatRow('export'),
      ['--server NAME', marked('only the rules of this machine (or of the machines of a client group)')],
      ['--firewall NAME', marked('only what crosses this firewall')],
      [
        '--without KIND',
        marked('leave connections out: optional, installation, windows (several with commas)'),
        () => Object.keys(LEFT_OUT),
      ],
      [
        '--endpoints',
        marked('pan-os and fortios: rules to the internet by name, if the documents have names'),
      ],
      ['--vsys NAME', marked('pan-os: the virtual system (default: vsys1)')],
      ['--deny-rest', marked('network security groups end with a rule that denies the rest')],
      [
        '--addresses KIND',
        marked(
          'which addresses servers with publicAddresses have towards the internet: real (default), public',
        ),
        () => ADDRESS_KINDS,
      ],
    ],
    notes: marked(
      'What cannot be written as a rule (a machine without addresses, an unset dynamic RPC range)\nis in a comment of the output, and in a summary on standard error.',
    ),
  },
  import: {
    summary: marked('the rules of a real firewall as an entry of a topology'),
    usage: 'cmtopo import FILE',
    options: [
      [
        'FILE',
        marked(
          'the configuration or rules of a real firewall, of one of the formats below; - reads standard input',
        ),
        'files',
      ],
      formatRow('import'),
      ['--between A,B…', marked('the zones that the firewall connects')],
      [
        '--inside NAME',
        marked('the zone, server or client group that it protects (default: the first of --between)'),
      ],
      ['--topology FILE', marked('the file that it is for: addresses become its names'), 'files'],
      [
        '--map WORD=NAME',
        marked('what a name in the configuration means: VirtualNetwork=hq,branch, eth0=hq, RPC=49152-65535'),
      ],
      ['--name NAME', marked('the name of the entry')],
      ['--profile P', marked('of Windows Firewall: domain (default), private, public'), () => PROFILES],
      [
        '--direction D',
        marked('of the rules in a list of the Windows Firewall console: inbound, outbound'),
        () => RULE_DIRECTIONS,
      ],
      [
        '--host SERVER',
        marked('the servers and client groups on which it runs: an entry with hosts instead of zones'),
      ],
    ],
    notes: marked(
      'The format is recognised from the content; docs/import.md says how to export each.\ncisco-asa: show running-config. pan-os: the configuration as XML or set commands. fortios: show full-configuration.\nwindows: reg export, LGPO, netsh, Export List, PowerShell. nftables: nft -j list ruleset.\nnsg, azure-firewall: an ARM template, or what az network prints.\nWhat a topology cannot express is in comments of the output, and in a summary on standard error.',
    ),
  },
  diff: {
    summary: marked('flows added, removed and changed between two topologies: the change request'),
    usage: 'cmtopo diff OLD NEW',
    options: [
      [
        'OLD NEW',
        marked('topology files, or GIT-REV:PATH, such as HEAD:site.topology.yaml; - reads standard input'),
        'files',
      ],
      [
        '--edition E',
        marked('compares one FILE with itself: from this edition or version to the newest port list'),
        () => EDITION_WORDS,
      ],
      formatRow('diff'),
      [
        '--from EXPORT…',
        marked('compares one FILE with exports of its site instead, as cmtopo init --from reads them'),
        'files',
      ],
      [
        '--firewall NAME=CONFIG',
        marked('with one file: check a real rule base (a file for cmtopo import) instead of that firewall'),
        'files',
      ],
      ['--map WORD=NAME', marked('with --firewall: as in cmtopo import; so are --inside and --profile')],
      ['--inside NAME', marked('with --firewall: the zone, server or client group that it protects')],
      [
        '--profile P',
        marked('with --firewall: of Windows Firewall: domain (default), private, public'),
        () => PROFILES,
      ],
      ['--exit-code', marked('exit status 1 if anything differs')],
    ],
    notes: marked(
      '+ added, - removed, ~ changed: other ports or addresses for the same service between the same machines.\nExit status: 0 whether or not anything differs (but see --exit-code), 2 wrong usage or something that cannot be read.',
    ),
  },
  probe: {
    summary: marked('try the TCP connections that start at this machine, and compare with the file'),
    usage: 'cmtopo probe FILE',
    options: [
      FILE,
      [
        '--from SERVER',
        marked('which machine of the file this computer is (default: found by its name or an address)'),
      ],
      ['--dry-run', marked('list what would be tried, and try nothing')],
      [
        '--read RESULT.csv',
        marked(
          'evaluate the results of the script that cmtopo export --format test-netconnection writes; nothing is tried',
        ),
        'files',
      ],
      formatRow('probe'),
      ['--timeout S', marked('seconds to wait for an answer: 1 to 60 (default 3)')],
      ['--at-once N', marked('connections at a time: 1 to 100 (default 10)')],
      ['--rate N', marked('connections started per second: 1 to 1000 (default 20)')],
    ],
    notes: marked(
      'Connections are opened and closed again; nothing is sent over them. UDP, ranges of ports and groups of\nmachines are listed as not proven, and so is a port on which nothing listens.\nExit status: 1 if something needed is allowed by the file and did not open, otherwise 0.',
    ),
  },
  diagram: {
    summary: marked('a diagram of a topology: zones, sites, servers, and who talks to whom'),
    usage: 'cmtopo diagram FILE > NAME.svg',
    options: [
      FILE,
      formatRow('diagram'),
      [
        '--collapse C',
        marked('auto (default), none, site (a box for each site), zone (a box for each zone)'),
        () => COLLAPSES,
      ],
      [
        '--direction D',
        marked('right (default), for a wide picture; down, for a tall one'),
        () => ARROW_DIRECTIONS,
      ],
    ],
    notes: marked('auto draws every machine of a small file, and boxes for sites or zones of a larger one.'),
  },
  catalog: {
    summary: marked('the port catalog of an edition, or what changes between two'),
    usage: 'cmtopo catalog',
    options: [
      ['--edition E', EDITION_WORDS.join(', '), () => EDITION_WORDS],
      formatRow('catalog'),
      ['--compare A B', marked('what an upgrade from edition A to edition B changes'), () => EDITION_WORDS],
    ],
  },
  rules: {
    summary: marked('the rules, or the page of one'),
    usage: 'cmtopo rules [CODE]',
    options: [['CODE', marked('the code of a rule, such as wsus-port-pair'), codes], formatRow('rules')],
  },
  init: {
    summary: marked('a commented starter file, or a topology made from exports of Configuration Manager'),
    usage: 'cmtopo init -o NAME.topology.yaml',
    options: [
      [
        '--from FILE…',
        marked(
          'exports of Configuration Manager in JSON or CSV, or a list of servers; - reads standard input',
        ),
        'files',
      ],
      [
        '--zones FILE',
        marked('CSV with the columns zone and network: servers and clients by address'),
        'files',
      ],
    ],
    notes: marked(
      'Several files together, in any order: Get-CMSiteRole -AllSite | ConvertTo-Json -Depth 5, Get-CMSiteDefinition,\nboundaries and boundary groups, and more; docs/init.md has one line for each.\nWhat no export contains is in comments of the output, and in a summary on standard error.',
    ),
  },
  completion: {
    summary: marked('a script for the shell that completes commands, options and their values'),
    usage: 'cmtopo completion SHELL',
    options: [['SHELL', () => Object.keys(SHELLS).join(', '), () => Object.keys(SHELLS)]],
    notes: marked(
      'bash: source <(cmtopo completion bash) in ~/.bashrc. zsh: source <(cmtopo completion zsh) in ~/.zshrc, after compinit.\nfish: cmtopo completion fish -o ~/.config/fish/completions/cmtopo.fish\npowershell: cmtopo completion powershell | Out-String | Invoke-Expression in $PROFILE.',
    ),
  },
  man: {
    summary: marked('this help as a man page'),
    usage: 'cmtopo man',
    options: [],
    notes: marked('cmtopo man -o cmtopo.1, then man ./cmtopo.1'),
  },
  lsp: {
    summary: marked('the language server, for any editor'),
    usage: 'cmtopo lsp --stdio',
    options: [['--stdio', marked('speak the Language Server Protocol over standard input and output')]],
  },
  mcp: {
    summary: marked('answer AI assistants, read-only'),
    usage: 'cmtopo mcp --stdio',
    options: [
      ['--stdio', marked('speak the Model Context Protocol over standard input and output')],
      ['--folder DIR', marked('the only folder whose files are read (default: the current folder)'), 'files'],
      ['--timeout S', marked('seconds that an answer may take (default: 30)')],
    ],
    notes: marked('docs/assistants.md says how to set up VS Code, Claude and other assistants.'),
  },
} satisfies Readonly<Record<string, Help>>;

/** The name of a command. */
export type CommandName = keyof typeof helps;
const HELP: Readonly<Record<string, Help>> = helps;

/** The names of the commands. */
export const COMMANDS: readonly string[] = Object.keys(HELP);

/** An option, or an argument, for whoever writes the command line down in another form. */
export interface HelpWord {
  /** `--format`; of an argument how the help calls it, such as `FILE`. */
  readonly name: string;
  /** How the help calls its value, such as `F`; undefined where it takes none. */
  readonly value: string | undefined;
  readonly text: string;
  /** What its value may be; undefined where only the writer knows. */
  readonly values: 'files' | readonly string[] | undefined;
}

/** A command with all that can be written behind it, in the language of the messages. */
export interface CommandLine {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: readonly HelpWord[];
  readonly arguments: readonly HelpWord[];
  readonly notes: string | undefined;
}

/** Every command, in the order of the help. */
export function commandLines(): readonly CommandLine[] {
  return Object.entries(HELP).map(([name, { usage, summary, notes }]) => {
    const words = [...rowsOf(name), LOCALE, HELP_OPTION].map(wordOf);
    return {
      name,
      usage,
      summary: translated(summary),
      options: words.filter((word) => word.name.startsWith('-')),
      arguments: words.filter((word) => !word.name.startsWith('-')),
      notes: notes === undefined ? undefined : translated(notes),
    };
  });
}

/** What can be written where no command is written yet. */
export function globalOptions(): readonly HelpWord[] {
  return [HELP_OPTION, ['--version', marked('print the version')] as const, LOCALE].map(wordOf);
}

function wordOf([written, text, values]: Row): HelpWord {
  const [first = written, ...rest] = written.split(' ');
  const isOption = first.startsWith('-');
  return {
    name: isOption ? first : written,
    value: isOption && rest.length > 0 ? rest.join(' ') : undefined,
    text: textOf(text),
    values: typeof values === 'function' ? values() : values,
  };
}

function codes(): readonly string[] {
  return rules.map(({ code }) => code);
}

/** What `cmtopo --help` prints. */
export function helpOverview(): string {
  return (
    `${t('cmtopo checks Configuration Manager topology files against the port catalog.')}\n\n` +
    `${t('Usage: {0}', 'cmtopo COMMAND [OPTIONS]')}\n\n` +
    rows(Object.entries(HELP).map(([name, { summary }]) => [name, summary])) +
    `\n${t('cmtopo COMMAND --help shows the options of a command; cmtopo --version prints the version.')}\n` +
    `${t('--locale L (en, ko, zh-tw) with any command sets the language of messages; the default is taken from\nLC_ALL, LC_MESSAGES or LANG.')}\n`
  );
}

/** How a command is written: `cmtopo flows FILE`. */
export function usageOf(command: string): string {
  return HELP[command]?.usage ?? `cmtopo ${command}`;
}

/** What `cmtopo COMMAND --help` prints; `command` is one of {@link COMMANDS}. */
export function commandHelp(command: string): string {
  const help = HELP[command];
  if (help === undefined) return helpOverview();
  const { summary, usage, notes } = help;
  let text = `${usage}: ${translated(summary)}\n`;
  const all = rowsOf(command);
  if (all.length > 0) text += `\n${rows(all)}`;
  if (notes) text += `\n${translated(notes)}\n`;
  return text;
}

/** The rows of a command; every one that prints something takes `-o`. */
function rowsOf(command: string): readonly Row[] {
  const options = HELP[command]?.options ?? [];
  return command === 'lsp' || command === 'mcp' ? options : [...options, OUTPUT];
}

function rows(list: readonly Row[]): string {
  const width = Math.max(...list.map(([name]) => name.length));
  return list.map(([name, text]) => `  ${name.padEnd(width)}  ${textOf(text)}\n`).join('');
}

function textOf(text: Row[1]): string {
  return typeof text === 'string' ? translated(text) : text();
}
