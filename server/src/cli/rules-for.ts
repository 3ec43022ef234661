// `cmtopo rules-for FILE`: the rules that firewalls lack.
import { resolve } from 'node:path';
import { analyse } from '../analysis.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { behindLink } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { readTextFile, replaceTextFile } from '../host/files.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import type { Settings } from '../rules/rule.ts';
import { lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { type FirewallLacks, lackingIn } from '../write-rules.ts';
import { noFirewall, parseArguments } from './args.ts';
import { reportGaps } from './gaps.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology } from './load.ts';

/**
 * Prints the rules that a topology's firewalls lack, as entries of `firewalls:`, or writes them into the file.
 * Throws a usage error for a firewall that is not there and for standard input with `--write`, and where a mistake in
 * the file hides what is needed.
 * @returns the exit status: 0, also where nothing is lacking, since `cmtopo check` is what judges a file
 */
export async function rulesForCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'rules-for',
    args,
    { firewall: { type: 'string' }, write: { type: 'boolean' } },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  if (values.write && path === '-')
    throw usageError(t('{0} needs a file; standard input cannot be written to', '--write'));
  const { file, analysis, settings } = await loadTopology(path, io);
  const wanted = values.firewall === undefined ? undefined : nameOf(values.firewall, analysis.topology);
  const all = lackingIn(analysis, settings);
  if (all === undefined)
    throw unreadableInput(
      file,
      t('a mistake in it hides which rules are needed; {0} shows it', `cmtopo check ${visible(file)}`),
    );
  const lacks = all.filter(({ firewall }) => wanted === undefined || firewall.name === wanted);
  if (values.write) write(path, file, lacks, settings, io);
  else io.out(printed(lacks));
  reportGaps(
    t('these connections are needed and no rule is written for them:'),
    lacks.flatMap(({ refused }) => refused),
    io,
  );
  return 0;
}

function nameOf(name: string, { firewalls }: Topology): string {
  const found = lookup(firewalls, name);
  if (found) return found.name;
  const known = [...firewalls.values()].map((firewall) => firewall.name);
  throw usageError(noFirewall(name, known));
}

/** Entries of `firewalls:`, ready to be copied; a comment where nothing is lacking. */
function printed(lacks: readonly FirewallLacks[]): string {
  const entries = lacks.filter(({ rules }) => rules.length > 0);
  if (entries.length === 0) return `# ${t('No firewall is missing a rule.')}\n`;
  return `firewalls:\n${entries
    .map(
      ({ firewall, rules }) =>
        `  ${firewall.name}:\n    rules:\n${rules.map((rule) => `      - ${rule}\n`).join('')}`,
    )
    .join('')}`;
}

/** Writes one firewall after the other: what one of them is given moves the text of the next. */
function write(
  path: string,
  shown: string,
  lacks: readonly FirewallLacks[],
  settings: Settings,
  io: Io,
): void {
  const absolute = resolve(io.cwd, path);
  const source = readTextFile(absolute, shown);
  let { text } = source;
  const told: string[] = [];
  for (const { firewall, rules } of lacks) {
    if (rules.length === 0) continue;
    const now = lackingIn(analyse(text, settings), settings)?.find(
      (one) => one.firewall.name === firewall.name,
    );
    const edits = now?.edits() ?? [];
    if (edits.length === 0) {
      told.push(
        `cmtopo: ${t('{0}: nothing can be added where the rules of firewall {1} are; add them by hand', visible(shown), visible(firewall.name))}\n`,
      );
      continue;
    }
    text = applyEdits(text, edits);
    const count = now?.rules.length ?? 0;
    told.push(
      `cmtopo: ${t(count === 1 ? '{0}: {1} rule written into firewall {2}' : '{0}: {1} rules written into firewall {2}', visible(shown), count, visible(firewall.name))}\n`,
    );
  }
  if (text !== source.text)
    replaceTextFile(absolute, shown, { ...source, text }, behindLink(path, io.cwd).behind);
  for (const line of told) io.err(line);
}
