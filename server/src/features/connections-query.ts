// The connections of a file as a table: what is in its cells, which rows a filter leaves, and their order.
// Small and free of everything else, since the Connections view does this in its own page as well.

import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/port-numbers.ts';
import type { Phase } from '../catalog/types.ts';
import type { Endpoint } from '../flows/flow.ts';
import { visible } from '../print/escape.ts';
import { parsePorts } from '../reach/ports.ts';

/** A machine, group or party outside the file that connections begin or end at. */
export interface ConnectionMachine {
  readonly name: string;
  readonly kind: Endpoint['kind'];
  /** As written: of a client group any number, of others none or one. */
  readonly zones: readonly string[];
  /** Of a client group: the boundary groups that hold its clients, each with the zones in which it does. */
  readonly boundaryGroups?: readonly (readonly [name: string, zones: readonly string[]])[];
  /** The first and the last line of its entry, from 0; undefined for what is outside the file. */
  readonly lines: readonly [number, number] | undefined;
}

/** What is sent and why, of all connections that have this in common. */
export interface ConnectionTraffic {
  readonly protocol: 'tcp' | 'udp' | 'icmp';
  /** As flows have them: `"1433"`, `"49152-65535"`, `"dynamic"`. */
  readonly ports: readonly string[];
  readonly service: string;
  /** The roles that talk, from source to destination, as the file writes them; clients and the cloud have none. */
  readonly roles: readonly string[];
  readonly phase: Phase;
  /** Of a client group in several zones, those for which it holds; absent for all. */
  readonly zones?: readonly string[];
  readonly documents: readonly { readonly text: string; readonly url: string }[];
}

export const CONNECTION_STATES = ['blocked', 'unknown', 'no-firewall', 'allowed'] as const;
export type ConnectionState = (typeof CONNECTION_STATES)[number];

export const CONNECTION_PHASES = ['operation', 'installation', 'windows'] as const satisfies readonly Phase[];

export const CONNECTION_NEEDS = ['needed', 'choice', 'optional'] as const;

/** How much a connection is needed. */
export interface ConnectionNeed {
  readonly kind: (typeof CONNECTION_NEEDS)[number];
  /** The name of the choice, or what happens without the connection. */
  readonly text: string;
  /** How many alternatives a choice has; of others 0. */
  readonly alternatives: number;
  /** It is blocked and missed: nothing else of its choice gets through either. */
  readonly missed: boolean;
}

/** What the firewalls do, of all connections that have this in common. */
export interface ConnectionVerdict {
  readonly state: ConnectionState;
  /** The rules and firewalls that decide, and the ports that are stopped; empty where no firewall does. */
  readonly text: string;
  /** What is behind `text`, the deciding one first. */
  readonly rules: readonly ConnectionRule[];
}

/** A rule of a firewall, or the firewall where none of its rules decides. */
export interface ConnectionRule {
  /** `edge, rule 2 'Clients'`: says one place of the file. */
  readonly name: string;
  readonly line: number;
  readonly character: number;
}

/**
 * One connection: source and destination (indices of `machines`), traffic and verdict (indices of theirs), line and
 * character, from 0, of what causes it, and how much it is needed (index of `needs`).
 */
export type ConnectionRow = readonly [
  from: number,
  to: number,
  traffic: number,
  verdict: number,
  line: number,
  character: number,
  need: number,
];

/** Every connection of a file, in the order of its flows. What rows have in common is written once. */
export interface ConnectionList {
  /** Undefined where the file says no known edition: then it has no rows. */
  readonly edition: string | undefined;
  readonly machines: readonly ConnectionMachine[];
  /** All zones of the file, as written. */
  readonly zones: readonly string[];
  /** All boundary groups of the file, as written. */
  readonly boundaryGroups: readonly string[];
  readonly traffic: readonly ConnectionTraffic[];
  readonly verdicts: readonly ConnectionVerdict[];
  readonly needs: readonly ConnectionNeed[];
  readonly rows: readonly ConnectionRow[];
  /** Where a machine is named outside its own entry: line, first and last character, index of the machine. */
  readonly mentions: readonly (readonly [line: number, start: number, end: number, machine: number])[];
}

/** What to show; a part that is undefined leaves every row. */
export interface ConnectionFilter {
  /** A server, client group or cloud party at either end. */
  readonly machine?: string | undefined;
  /** A zone at either end; of a client group in several zones only what holds in this one. */
  readonly zone?: string | undefined;
  /** A boundary group that holds the clients at either end. */
  readonly boundaryGroup?: string | undefined;
  /** A port, a range or `dynamic`: connections that use any of these ports. */
  readonly port?: string | undefined;
  readonly phase?: Phase | undefined;
  readonly need?: ConnectionNeed['kind'] | undefined;
  readonly state?: ConnectionState | undefined;
  /** The name of a {@link ConnectionRule} that takes part in the decision. */
  readonly rule?: string | undefined;
}

export const CONNECTION_COLUMNS = [
  'source',
  'destination',
  'protocol',
  'port',
  'direction',
  'purpose',
  'phase',
  'need',
  'state',
  'document',
] as const;
export type ConnectionColumn = (typeof CONNECTION_COLUMNS)[number];

export interface ConnectionSort {
  readonly column: ConnectionColumn;
  readonly descending: boolean;
}

/** What cells say beside what comes from the file; `{0}` is where that goes. */
export interface ConnectionWords {
  readonly states: Readonly<Record<ConnectionState, string>>;
  /** A state, and what decides it. */
  readonly because: string;
  readonly phases: Readonly<Record<Phase, string>>;
  readonly needed: string;
  /** `{0}` is how many there are to choose from. */
  readonly choice: string;
  readonly optional: string;
  readonly echo: string;
  readonly noZone: string;
  readonly within: string;
  readonly out: string;
  readonly into: string;
  readonly both: string;
}

const ENGLISH: ConnectionWords = {
  states: { blocked: 'Blocked', unknown: 'Not known', 'no-firewall': 'No firewall', allowed: 'Allowed' },
  because: '{0}: {1}',
  phases: { operation: 'operation', installation: 'installation', windows: 'Windows' },
  needed: 'needed',
  choice: 'one of {0} is enough',
  optional: 'optional',
  echo: 'echo request',
  noZone: 'no zone',
  within: 'within {0}',
  out: 'out, {0}',
  into: 'in, {0}',
  both: 'in and out, {0}',
};

/** How a table is looked at. */
export interface ConnectionLook {
  /** The machine of the filter in force, from whose point of view the direction is told. */
  readonly machine?: string | undefined;
  /** English where it is absent. */
  readonly words?: ConnectionWords;
}

/** Whether a text says ports: a port, a range that is the right way round, or `dynamic`. */
export function isPortText(text: string): boolean {
  if (text === 'dynamic') return true;
  const range = parsePorts(text);
  return (
    range !== undefined && range.low >= LOWEST_PORT && range.high <= HIGHEST_PORT && range.low <= range.high
  );
}

/**
 * The rows that a filter leaves, as indices in their order. Names are compared without regard to case; ports
 * that are none (see {@link isPortText}) leave every row.
 */
export function filterConnections(list: ConnectionList, filter: ConnectionFilter): number[] {
  const tests: ((row: ConnectionRow) => boolean)[] = [];
  const ends = (isIn: (machine: ConnectionMachine) => boolean) => {
    const inside = list.machines.map(isIn);
    tests.push(([from, to]) => (inside[from] ?? false) || (inside[to] ?? false));
  };
  /** In some zones of a machine, undefined where it is not meant; of several a connection may hold in some only. */
  const places = (zonesOf: (machine: ConnectionMachine) => readonly string[] | undefined) => {
    const inside = list.machines.map((machine) => ({
      zones: zonesOf(machine),
      several: machine.zones.length > 1,
    }));
    tests.push(([from, to, traffic]) => {
      const held = list.traffic[traffic]?.zones;
      return [from, to].some((end) => {
        const place = inside[end];
        if (place?.zones === undefined) return false;
        return !held || !place.several || place.zones.some((zone) => held.includes(zone));
      });
    });
  };
  if (filter.machine !== undefined) {
    const name = filter.machine.toLowerCase();
    ends((machine) => machine.name.toLowerCase() === name);
  }
  if (filter.zone !== undefined) {
    const name = filter.zone.toLowerCase();
    places(({ zones }) => {
      const found = zones.filter((zone) => zone.toLowerCase() === name);
      return found.length > 0 ? found : undefined;
    });
  }
  if (filter.boundaryGroup !== undefined) {
    const name = filter.boundaryGroup.toLowerCase();
    places(({ boundaryGroups = [] }) => boundaryGroups.find(([group]) => group.toLowerCase() === name)?.[1]);
  }
  if (filter.need !== undefined) {
    const needs = list.needs.map(({ kind }) => kind === filter.need);
    tests.push(([, , , , , , need]) => needs[need] ?? false);
  }
  const wanted = list.traffic.map(({ phase, ports }) => {
    if (filter.phase !== undefined && filter.phase !== phase) return false;
    return filter.port === undefined || !isPortText(filter.port) || usesPorts(ports, filter.port);
  });
  if (wanted.includes(false)) tests.push(([, , traffic]) => wanted[traffic] ?? false);
  const judged = list.verdicts.map(
    ({ state, rules }) =>
      (filter.state === undefined || filter.state === state) &&
      (filter.rule === undefined || rules.some(({ name }) => name === filter.rule)),
  );
  if (judged.includes(false)) tests.push(([, , , verdict]) => judged[verdict] ?? false);
  const found: number[] = [];
  for (const [index, row] of list.rows.entries()) {
    if (tests.every((test) => test(row))) found.push(index);
  }
  return found;
}

function usesPorts(ports: readonly string[], text: string): boolean {
  const wanted = parsePorts(text);
  if (wanted === undefined) return ports.includes(text);
  return ports.some((port) => {
    const range = parsePorts(port);
    return range !== undefined && range.low <= wanted.high && range.high >= wanted.low;
  });
}

/**
 * Rows in the order of a column; equal ones keep the order that they have. Numbers in names count as numbers.
 */
export function sortConnections(
  list: ConnectionList,
  rows: readonly number[],
  { column, descending }: ConnectionSort,
  look: ConnectionLook = {},
): number[] {
  // Cells repeat: each different one is compared once, rows then by number.
  const part = partOf(list, column, look);
  const first = new Map<string | number, ConnectionRow>();
  for (const index of rows) {
    const row = list.rows[index];
    if (row !== undefined && !first.has(part(row))) first.set(part(row), row);
  }
  const texts = [...first].map(([key, row]) => ({
    key,
    order: orderOf(list, row, column),
    text: connectionCell(list, row, column, look),
  }));
  const collator = new Intl.Collator('en', { numeric: true });
  texts.sort((a, b) => a.order - b.order || collator.compare(a.text, b.text));
  const ranks = new Map<string | number, number>();
  let rank = 0;
  for (const [index, { key, order, text }] of texts.entries()) {
    const before = texts[index - 1];
    if (before !== undefined && (before.order !== order || before.text !== text)) rank++;
    ranks.set(key, rank);
  }
  const sign = descending ? -1 : 1;
  const keyed = rows.map((index) => {
    const row = list.rows[index];
    return { index, rank: row === undefined ? 0 : (ranks.get(part(row)) ?? 0) };
  });
  return keyed.sort((a, b) => sign * (a.rank - b.rank)).map(({ index }) => index);
}

/** What tells the cells of a column apart, cheaper than their text. */
function partOf(
  list: ConnectionList,
  column: ConnectionColumn,
  look: ConnectionLook,
): (row: ConnectionRow) => string | number {
  switch (column) {
    case 'source':
      return ([from]) => from;
    case 'destination':
      return ([, to]) => to;
    case 'direction':
      return (row) => connectionCell(list, row, column, look);
    case 'state':
      return ([, , , verdict]) => verdict;
    case 'need':
      return ([, , , , , , need]) => need;
    default:
      return ([, , traffic]) => traffic;
  }
}

/** Comes before the text: ports count as numbers, states and needs by how much they matter. */
function orderOf(
  list: ConnectionList,
  [, , traffic, verdict, , , need]: ConnectionRow,
  column: ConnectionColumn,
): number {
  if (column === 'need') return CONNECTION_NEEDS.indexOf(list.needs[need]?.kind ?? 'needed');
  if (column === 'state') return CONNECTION_STATES.indexOf(list.verdicts[verdict]?.state ?? 'unknown');
  if (column !== 'port') return 0;
  const low = list.traffic[traffic]?.ports.map((port) => parsePorts(port)?.low ?? 65536) ?? [];
  return low[0] ?? 65537;
}

/** The text of a cell. Characters that hide or reorder text are made visible. */
export function connectionCell(
  list: ConnectionList,
  row: ConnectionRow,
  column: ConnectionColumn,
  look: ConnectionLook = {},
): string {
  const [from, to] = [list.machines[row[0]], list.machines[row[1]]];
  const traffic = list.traffic[row[2]];
  const verdict = list.verdicts[row[3]];
  const need = list.needs[row[6]];
  if (from === undefined || to === undefined || traffic === undefined || verdict === undefined) return '';
  const { machine, words = ENGLISH } = look;
  switch (column) {
    case 'source':
      return visible(from.name);
    case 'destination':
      return visible(to.name);
    case 'protocol':
      return traffic.protocol.toUpperCase();
    case 'port':
      return traffic.protocol === 'icmp' ? words.echo : traffic.ports.join(', ');
    case 'direction':
      return visible(directionText(inZones(from, traffic), inZones(to, traffic), machine, words));
    case 'purpose':
      // The roles tell apart what several of them need of the same machine.
      return visible([traffic.service, traffic.roles.join(' → ')].filter((text) => text !== '').join(' · '));
    case 'phase':
      return words.phases[traffic.phase];
    case 'need':
      if (need === undefined || need.kind === 'needed') return words.needed;
      return need.kind === 'optional' ? words.optional : fill(words.choice, String(need.alternatives));
    case 'state':
      return visible(
        verdict.text === ''
          ? words.states[verdict.state]
          : fill(words.because, words.states[verdict.state], verdict.text),
      );
    case 'document':
      return traffic.documents.map(({ text }) => text).join('; ');
  }
}

/** A machine in those of its zones in which a connection holds. */
function inZones(machine: ConnectionMachine, { zones: held }: ConnectionTraffic): ConnectionMachine {
  if (held === undefined || machine.zones.length < 2) return machine;
  return { ...machine, zones: machine.zones.filter((zone) => held.includes(zone)) };
}

/** `hq → branch`, `within hq`; from the point of view of a machine `in, hq → branch`. */
function directionText(
  from: ConnectionMachine,
  to: ConnectionMachine,
  machine: string | undefined,
  words: ConnectionWords,
): string {
  const [here, there] = [from, to].map(({ zones }) => zones.join(', ') || words.noZone) as [string, string];
  const isWithin = from.zones.length > 0 && here === there;
  const way = isWithin ? fill(words.within, here) : `${here} → ${there}`;
  const name = machine?.toLowerCase();
  const [out, into] = [from.name.toLowerCase() === name, to.name.toLowerCase() === name];
  if (!out && !into) return way;
  return fill(out && into ? words.both : out ? words.out : words.into, way);
}

/** Puts texts where a message has `{0}`, `{1}`, … */
export function fill(message: string, ...texts: readonly string[]): string {
  return message.replace(/\{(\d)\}/g, (hole, number) => texts[Number(number)] ?? hole);
}

/** The server or client group whose entry or name is at a place; undefined where there is none. */
export function machineAt(
  { machines, mentions }: Pick<ConnectionList, 'machines' | 'mentions'>,
  line: number,
  character: number,
): string | undefined {
  const mention = mentions.find(([at, start, end]) => at === line && start <= character && character <= end);
  if (mention !== undefined) return machines[mention[3]]?.name;
  return machines.find(({ lines }) => lines !== undefined && lines[0] <= line && line <= lines[1])?.name;
}
