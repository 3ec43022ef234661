// What `netsh advfirewall firewall show rule name=all verbose` prints. Its labels and words are those of the language of
// Windows: English ones are known, others are told by the order of the lines and by what only one of them can be.
import { ownEntry } from '../collections.ts';
import { t } from '../l10n.ts';
import { type ImportError, importError } from './model.ts';
import { addressesIn } from './values.ts';
import type { PowerShellRule, WindowsRules } from './windows-rules.ts';

/** What prints the rules in words that are the same in every language. */
export const EXPORT_REGISTRY =
  'reg export HKLM\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy rules.reg';

/** One rule: its name, and its lines in their order. */
interface Block {
  readonly name: string;
  readonly lines: readonly Line[];
  /** `8:Any`, from the table below the protocol. */
  readonly types: readonly string[];
}

interface Line {
  readonly label: string;
  readonly value: string;
}

/** The line below the name of each rule. */
const DASHES = /^-{60}-*\s*$/;
/** Labels are no longer than this. */
const MOST_LABEL = 60;
/** A row of the table of ICMP types and codes. */
const TYPE_AND_CODE = /^ {8,60}(\d{1,3})\s+(\S{1,20})\s*$/;

/** A label, a colon (in some languages with a blank before it, or a wide one), blanks, and the value. */
function labelled(line: string): Line | undefined {
  const at = line.slice(0, MOST_LABEL).search(/[:：]/);
  if (at < 1 || /\s/.test(line.charAt(0))) return undefined;
  const rest = line.slice(at + 1);
  if (rest.trim() !== '' && !rest.startsWith('  ') && !rest.startsWith('\t')) return undefined;
  return { label: line.slice(0, at).trim(), value: rest.trim() };
}

/** Whether a text is what netsh prints, in any language. */
export function isNetsh(text: string): boolean {
  const lines = text.split(/\r?\n/);
  return lines.some((line, index) => DASHES.test(line) && labelled(lines[index - 1] ?? '') !== undefined);
}

/** Throws {@link ImportError} where the language cannot be told apart from others. */
export function netshRules(text: string): WindowsRules {
  const blocks = blocksOf(text);
  const isEnglish = /^Rule Name:/m.test(text);
  return {
    rows: isEnglish ? blocks.map(englishRow) : rowsByOrder(blocks),
    remarks: [],
    isComplete: false,
  };
}

function blocksOf(text: string): readonly Block[] {
  const lines = text.split(/\r?\n/);
  const starts = lines.flatMap((line, index) => (index > 0 && DASHES.test(line) ? [index - 1] : []));
  return starts.map((start, index) => {
    const name = labelled(lines[start] ?? '')?.value ?? '';
    const found: Line[] = [];
    const types: string[] = [];
    for (const line of lines.slice(start + 2, starts[index + 1] ?? lines.length)) {
      const field = labelled(line);
      const [, type, code] = TYPE_AND_CODE.exec(line) ?? [];
      if (field) found.push(field);
      else if (type !== undefined) types.push(`${type}:${code}`);
    }
    return { name, lines: found, types };
  });
}

// --- English ----------------------------------------------------------------------------------

/** The labels in lower case, and what the cmdlets call the same; empty for what says nothing about traffic. */
const LABELS: Readonly<Record<string, string>> = {
  description: 'description',
  enabled: 'enabled',
  direction: 'direction',
  profiles: 'profile',
  grouping: '',
  localip: 'localaddress',
  remoteip: 'remoteaddress',
  protocol: 'protocol',
  localport: 'localport',
  remoteport: 'remoteport',
  'edge traversal': '',
  program: 'program',
  service: 'service',
  interfacetypes: 'interfacetype',
  security: 'authentication',
  'rule source': '',
  action: 'action',
};

function englishRow({ name, lines, types }: Block): PowerShellRule {
  const row = new Map<string, unknown>([['displayname', name]]);
  for (const { label, value } of lines) {
    const column = ownEntry(LABELS, label.toLowerCase());
    if (column === undefined) row.set('unknown', label);
    else if (column !== '') row.set(column, value);
  }
  return finished(row, types);
}

/** Lists apart at commas alone; a protocol without ports has them as `Any`. */
function finished(row: Map<string, unknown>, types: readonly string[]): PowerShellRule {
  for (const column of ['localaddress', 'remoteaddress', 'localport', 'remoteport', 'profile']) {
    row.set(column, String(row.get(column) ?? 'Any').split(','));
  }
  if (types.length > 0) row.set('icmptype', types);
  else row.set('icmptype', 'Any');
  return row;
}

// --- Other languages --------------------------------------------------------------------------

/** The lines that a rule has from its start, after a description, and those that it has before its end. */
const FIRST = ['enabled', 'direction', 'profile', '', 'localaddress', 'remoteaddress', 'protocol'] as const;
const LAST = ['interfacetype', 'authentication', '', 'action'] as const;

/**
 * Rules in an unknown language. Of a local address only `any` is a word; a rule for outbound traffic never lets in what
 * comes over an edge, so the direction whose rules differ in that line is inbound; a rule that lets it in allows; and
 * three profiles are always in one order.
 */
function rowsByOrder(blocks: readonly Block[]): readonly PowerShellRule[] {
  const isDescribed = description(blocks);
  const parts = blocks.map((block) => partsOf(block, isDescribed(block)));
  const valuesOf = (key: string) => new Set(parts.map((part) => part.get(key) ?? ''));
  const only = (values: Iterable<string>): string => {
    const [value, ...more] = new Set(values);
    if (value === undefined || more.length > 0) throw untold();
    return value;
  };

  const any = only(
    [...valuesOf('localaddress')].filter((text) => !text.split(',').every((one) => addressesIn(one))),
  );
  const directions = [...valuesOf('direction')];
  const edges = (direction: string) =>
    new Set(
      parts.filter((part) => part.get('direction') === direction).map((part) => part.get('edge') ?? ''),
    );
  const inbound = only(directions.filter((direction) => edges(direction).size > 1));
  if (directions.length > 2) throw untold();
  const outbound = directions.find((direction) => direction !== inbound);
  const no = outbound === undefined ? undefined : only(edges(outbound));
  if (no === undefined) throw untold();
  const enabled = [...valuesOf('enabled')];
  if (enabled.length > 2 || (enabled.length === 2 && !enabled.includes(no))) throw untold();
  const allow = only(parts.filter((part) => part.get('edge') !== no).map((part) => part.get('action') ?? ''));
  // With one word for how connections are secured, none can be a rule that needs it to come before those that block.
  const plain = only(valuesOf('authentication'));
  const actions = [...valuesOf('action')];
  if (actions.length > 2) throw untold();
  const profiles = only([...valuesOf('profile')].filter((text) => text.split(',').length === 3)).split(',');

  return parts.map((part, index) => {
    const own = (key: string) => part.get(key) ?? '';
    const said = (key: string) => (own(key) === any ? 'Any' : own(key));
    const list = own('profile')
      .split(',')
      .map((one) => ['domain', 'private', 'public'][profiles.indexOf(one)]);
    if (list.includes(undefined)) throw untold();
    const row = new Map<string, unknown>([
      ['displayname', blocks[index]?.name],
      ['description', part.get('description')],
      ['enabled', own('enabled') === no ? 'No' : 'Yes'],
      ['direction', own('direction') === inbound ? 'In' : 'Out'],
      ['action', own('action') === allow ? 'Allow' : 'Block'],
      ['authentication', own('authentication') === plain ? 'NotRequired' : own('authentication')],
      ...['localaddress', 'remoteaddress', 'protocol', 'interfacetype'].map((key): [string, unknown] => [
        key,
        said(key),
      ]),
      ...['localport', 'remoteport', 'program', 'service'].map((key): [string, unknown] => [
        key,
        part.has(key) ? said(key) : 'Any',
      ]),
    ]);
    const finishedRow = new Map(
      finished(row, blocks[index]?.types.map((type) => type.split(':')[0] ?? '') ?? []),
    );
    return finishedRow.set('profile', list);
  });
}

/** Whether the first line of a rule is a description, which not every rule has. */
function description(blocks: readonly Block[]): (block: Block) => boolean {
  const firsts = [...new Set(blocks.map(({ lines }) => lines[0]?.label ?? ''))];
  const seconds = new Set(blocks.map(({ lines }) => lines[1]?.label ?? ''));
  const [first = ''] = firsts;
  if (firsts.length === 2) {
    const described = firsts.filter((label) => !seconds.has(label));
    if (described.length !== 1) throw untold();
    return ({ lines }) => lines[0]?.label === described[0];
  }
  if (firsts.length !== 1 || seconds.has(first)) throw untold();
  // All have one, or none: the third line after it is that of the profiles.
  const isProfile = (index: number) =>
    blocks.some(({ lines }) => lines[index]?.value.split(',').length === 3);
  if (isProfile(2) === isProfile(3)) throw untold();
  return () => isProfile(3);
}

/** The values of a rule by what they are. */
function partsOf({ lines }: Block, isDescribed: boolean): ReadonlyMap<string, string> {
  const rest = isDescribed ? lines.slice(1) : lines;
  const found = new Map<string, string>();
  if (isDescribed) found.set('description', lines[0]?.value ?? '');
  if (rest.length < FIRST.length + 1 + LAST.length) throw untold();
  for (const [index, key] of FIRST.entries()) found.set(key, rest[index]?.value ?? '');
  for (const [index, key] of LAST.entries()) found.set(key, rest.at(index - LAST.length)?.value ?? '');
  const between = rest.slice(FIRST.length, -LAST.length);
  const hasPorts = /^(?:TCP|UDP|6|17)$/i.test(found.get('protocol') ?? '');
  const order = hasPorts
    ? ['localport', 'remoteport', 'edge', 'program', 'service']
    : ['edge', 'program', 'service'];
  if (between.length > order.length || between.length < order.length - 2) throw untold();
  for (const [index, { value }] of between.entries()) found.set(order[index] ?? '', value);
  return found;
}

function untold(): ImportError {
  return importError(
    t(
      'rules that netsh printed in a language that cannot be recognized by the order of its lines; export the registry instead: {0}',
      EXPORT_REGISTRY,
    ),
  );
}
