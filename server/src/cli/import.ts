// `cmtopo import FILE`: the rules of a real firewall as an entry of `firewalls:`.

import { shownPath } from '../host/discover.ts';
import { unreadableInput } from '../host/errors.ts';
import { sameName } from '../imports/ends.ts';
import { type EntryOptions, importedText } from '../imports/entry.ts';
import { readerOf, readers, sourceOf } from '../imports/index.ts';
import { type ImportOptions, isImportError, PROFILES, RULE_DIRECTIONS } from '../imports/model.ts';
import { addressesIn, optionWord, portsIn } from '../imports/values.ts';
import { wordMaker } from '../imports/words.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { listed } from '../rules/words.ts';
import { looksLikeAddress } from '../topology/address.ts';
import { effectiveZone, lookup } from '../topology/effective.ts';
import type { Topology } from '../topology/model.ts';
import { parseArguments, suggestion } from './args.ts';
import { reportGaps } from './gaps.ts';
import { type Io, usageError } from './io.ts';
import { loadTopology, reportErrors } from './load.ts';

const NAME = /^[A-Za-z0-9._-]{1,63}$/;
/** Are in the output until the zones of a topology are named. */
const PLACEHOLDERS = ['inside', 'outside'];

/**
 * Prints the rules of a firewall. What a topology cannot say is in a comment at its place, and in a summary on
 * standard error. Throws where the file is none of the known formats, and where an option names what is not there.
 * @returns the exit status: 0, also where something could not be written
 */
export async function importCommand(args: readonly string[], io: Io): Promise<number> {
  const { values, positionals } = parseArguments(
    'import',
    args,
    {
      format: { type: 'string', words: Object.keys(readers) },
      name: { type: 'string' },
      between: { type: 'string' },
      inside: { type: 'string' },
      map: { type: 'string', many: true },
      topology: { type: 'string' },
      profile: { type: 'string', words: PROFILES },
      direction: { type: 'string', words: RULE_DIRECTIONS },
      host: { type: 'string' },
    },
    { fewest: 1, most: 1 },
  );
  const [path = '-'] = positionals;
  const { name } = values;
  if (name !== undefined && !NAME.test(name)) {
    throw usageError(t('{0} {1}: letters, digits, -, _ and . only, at most 63', '--name', name));
  }
  if (path === '-' && values.topology === '-') {
    throw usageError(t('only one of FILE and --topology can be standard input'));
  }
  const loaded = values.topology === undefined ? undefined : await loadTopology(values.topology, io);
  const topology = loaded?.analysis.topology;
  const inside = values.inside === undefined ? undefined : knownName('--inside', values.inside, topology);
  const hosts = values.host === undefined ? [] : machinesOf(values.host, topology);
  const zones = zonesOf(values.between, inside, topology);
  if (topology && inside !== undefined) {
    const own = zoneOf(inside, topology);
    if (own !== undefined && zones.length > 0 && !zones.some((zone) => sameName(zone, own))) {
      throw usageError(
        t(
          '{0} {1}: its zone {2} is not among those of {3} ({4})',
          '--inside',
          inside,
          own,
          '--between',
          zones.join(', '),
        ),
      );
    }
  }
  const [first = ''] = zones;
  const protectedSide = inside ?? hosts[0] ?? first;
  const said = new Map((values.map ?? []).map((text) => mapping(text, topology)));
  const given = values.between === undefined ? [] : zones;
  const words = wordMaker(said, topology, zones, protectedSide, given);

  const file = path === '-' ? '<stdin>' : shownPath(path);
  const text = path === '-' ? await io.stdin() : await io.readText(path);
  const profile = PROFILES.find((one) => one === values.profile) ?? 'domain';
  const { title, firewalls } = readFirewalls(text, file, values.format, {
    profile,
    direction: RULE_DIRECTIONS.find((one) => one === values.direction),
    host: hosts.length > 0,
    words,
  });
  const isOnDevice = firewalls.every((firewall) => firewall.zones !== undefined);
  if (!isOnDevice && hosts.length === 0 && zones.length === 0) throw missingZones(topology);

  const isPlaceholder = values.between === undefined && topology === undefined && hosts.length === 0;
  const head = [
    `Imported from ${file} (${title}) by cmtopo import.`,
    ...(isPlaceholder
      ? [
          isOnDevice
            ? 'The interfaces and zones of the device stand for zones: name yours, or import again with --map and --topology.'
            : `${PLACEHOLDERS.join(' and ')} stand for zones: name yours, or import again with --between and --topology.`,
        ]
      : []),
  ];
  const place: EntryOptions = { zones, inside, name, hosts, head };
  const {
    text: output,
    gaps,
    rules,
    unmapped,
  } = withFileName(file, () => importedText(firewalls, place, words));
  io.out(output);
  const headline = t(
    rules === 1
      ? '{0} rule written, but a topology cannot express everything:'
      : '{0} rules written, but a topology cannot express everything:',
    rules,
  );
  reportGaps(headline, gaps, io);
  reportUnmapped(unmapped, io);
  if (isPlaceholder && !isOnDevice) {
    io.err(`cmtopo: ${t('{0} stand for zones; --between ZONE,ZONE names them', listed(PLACEHOLDERS))}\n`);
  }
  if (loaded && values.topology !== undefined) reportErrors(values.topology, loaded.analysis, io);
  return 0;
}

/**
 * The firewalls in a text. Throws where it is none of the known formats.
 * @param file its name, for messages
 */
export function readFirewalls(
  text: string,
  file: string,
  format: string | undefined,
  options: ImportOptions,
) {
  return withFileName(file, () => {
    const source = sourceOf(text);
    const reader = format === undefined ? readerOf(source) : readers[format];
    if (!reader) {
      const known = Object.values(readers).map(({ title }) => title);
      throw unreadableInput(
        file,
        t('not a format that import knows: {0}; see {1}', known.join(', '), 'docs/import.md'),
      );
    }
    return { title: reader.title, firewalls: reader.read(source, options) };
  });
}

/** Names the interfaces and zones of a device that stand for nothing, with the option to give. */
export function reportUnmapped(unmapped: readonly string[], io: Io): void {
  if (unmapped.length === 0) return;
  const options = unmapped.map((word) => `  --map ${optionWord(word, 'NAME')}=ZONE (${visible(word)})\n`);
  io.err(`cmtopo: ${t('the zones of these are not known; name them with --map:')}\n${options.join('')}`);
}

/** Says of which file it is that something is wrong. */
export function withFileName<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw isImportError(error) ? unreadableInput(file, error.message) : error;
  }
}

/** The zones of `--between`; without it, those of a topology that has just two, none where it has others, or placeholders. */
function zonesOf(
  between: string | undefined,
  inside: string | undefined,
  topology: Topology | undefined,
): readonly string[] {
  if (between !== undefined) {
    const zones = between.split(',').map((zone) => zoneName(zone.trim(), topology));
    if (new Set(zones.map((zone) => zone.toLowerCase())).size < 2) {
      throw usageError(
        t('{0} {1}: a firewall connects two or more zones: {2}', '--between', between, '--between hq,branch'),
      );
    }
    return zones;
  }
  if (!topology) return PLACEHOLDERS;
  const zones = [...topology.zones.values()].map(({ name }) => name);
  if (zones.length === 2) {
    const own = inside === undefined ? undefined : zoneOf(inside, topology);
    return [...zones].sort((a, b) => Number(b === own) - Number(a === own));
  }
  return [];
}

function missingZones(topology: Topology | undefined): Error {
  const zones = [...(topology?.zones.values() ?? [])].map(({ name }) => name);
  return usageError(
    zones.length === 0
      ? t('{0} is missing: the zones that the firewall connects; the topology has none', '--between')
      : t('{0} is missing: the zones that the firewall connects ({1})', '--between', zones.join(', ')),
  );
}

/** The servers and client groups of `--host`. */
function machinesOf(text: string, topology: Topology | undefined): readonly string[] {
  return text.split(',').map((one) => {
    const name = knownName('--host', one.trim(), topology);
    if (!topology || lookup(topology.servers, name) || lookup(topology.clients, name)) return name;
    throw usageError(t('{0} {1}: a zone; a firewall runs on servers and client groups', '--host', name));
  });
}

function zoneOf(name: string, topology: Topology): string | undefined {
  const machine = lookup(topology.servers, name) ?? lookup(topology.clients, name);
  return machine ? effectiveZone(machine, topology)?.name : lookup(topology.zones, name)?.name;
}

function zoneName(text: string, topology: Topology | undefined): string {
  if (!topology) return plainName('--between', text);
  const zone = lookup(topology.zones, text);
  if (zone) return zone.name;
  const known = [...topology.zones.values()].map(({ name }) => name);
  const near = suggestion(text, known);
  throw usageError(
    near === undefined
      ? t('{0} {1}: the topology has no zone of that name', '--between', text)
      : t('{0} {1}: the topology has no zone of that name; did you mean {2}?', '--between', text, near),
  );
}

/** A zone, server or client group. */
export function knownName(option: string, text: string, topology: Topology | undefined): string {
  if (!topology) return plainName(option, text);
  const { zones, servers, clients } = topology;
  const found = lookup(zones, text) ?? lookup(servers, text) ?? lookup(clients, text);
  if (found) return found.name;
  const known = [...zones.values(), ...servers.values(), ...clients.values()].map(({ name }) => name);
  const near = suggestion(text, known);
  throw usageError(
    near === undefined
      ? t('{0} {1}: the topology has no zone, server or client group of that name', option, text)
      : t(
          '{0} {1}: the topology has no zone, server or client group of that name; did you mean {2}?',
          option,
          text,
          near,
        ),
  );
}

function plainName(option: string, text: string): string {
  if (NAME.test(text)) return text;
  throw usageError(t('{0} {1}: not a name of a topology file', option, text));
}

/** `WORD=NAME,NAME` of `--map`: what the word stands for. */
export function mapping(text: string, topology: Topology | undefined): readonly [string, readonly string[]] {
  const at = text.indexOf('=');
  const meanings = text
    .slice(at + 1)
    .split(',')
    .map((one) => one.trim());
  if (at < 1 || meanings.includes('')) {
    throw usageError(
      t('{0} {1}: write WORD=NAME, such as VirtualNetwork=hq,branch or eth0=hq', '--map', text),
    );
  }
  const meant = meanings.map((one) => {
    if (one.toLowerCase() === 'any' || portsIn(one) || addressesIn(one)) return one;
    if (looksLikeAddress(one))
      throw usageError(t('{0} {1}: {2} is not an address or a network', '--map', text, one));
    return knownName('--map', one, topology);
  });
  return [text.slice(0, at).trim().toLowerCase(), meant];
}
