// A second reading of the seven port lists, plain and slow: lines of text in, lines of text out. It knows nothing of
// the loader, the names or the other test; whatever both readings of a list agree on would have to be wrong twice.
// The second half shows that it can fail: a random edit of the data is noticed in some list.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import list2007 from '../../../catalog/2007.yaml';
import currentBranch from '../../../catalog/current-branch.yaml';
import { EDITIONS, type Edition } from './editions.ts';
import { portFile } from './shape.ts';
import type { PortRow } from './types.ts';

const FOLDER = join(process.cwd(), '..', 'shared', 'sources');
const FILES: Readonly<Record<Edition, string>> = {
  '2007': 'ports-2007.en.txt',
  '2017-03': 'ports.en.2017-03-20.md',
  '2017-09': 'ports.en.2017-09-19.md',
  '2018-09': 'ports.en.2018-09-11.md',
  '2019-11': 'ports.en.2019-11-18.md',
  '2020-06': 'ports.en.2020-06.md',
  '2025-12': 'ports.en.2025-12-08.md',
};

/** The tables beside the connections, by a word of their heading. */
const TABLES = [
  ['clientShares', 'Client to server shares'],
  ['windowsServer', 'Ports used by Windows Server'],
] as const;

/**
 * What a list prints, line by line: `ANCHOR DIRECTION` of a connection, `note N` of its section, `echo`, and each
 * row as `SERVICE / UDP / TCP`.
 */
function printed(edition: Edition): string[] {
  const lines = readFileSync(join(FOLDER, FILES[edition]), 'utf8').split(/\r?\n/);
  const result: string[] = [];
  let open = false;
  for (const raw of lines) {
    const line = raw
      .split('`')
      .join('')
      .replace(/<!--.*?-->/g, '')
      .replace(/&lt;/g, '<')
      .trim();
    const isHeading = edition === '2007' ? /^\d+\. /.test(line) : line.startsWith('#');
    if (isHeading) {
      if (line.startsWith('####')) continue;
      const arrow = /(< ?)?-- ?>/.exec(line) ?? (edition === '2007' ? / to /.exec(line) : null);
      const table = TABLES.find(([, words]) => line.endsWith(words));
      open = (edition === '2007' || line.startsWith('### ')) && (arrow !== null || table !== undefined);
      if (!open) continue;
      const anchor = edition === '2007' ? line.slice(0, line.indexOf('.')) : /name="([^"]+)"/.exec(line)?.[1];
      if (table) result.push(`${table[0]}`);
      else result.push(`${anchor} ${arrow?.[1] ? 'two-way' : 'one-way'}`);
      continue;
    }
    if (!open) continue;
    if (line.includes('|')) {
      const cells = line.replace(/^\|/, '').split('|');
      const [service = '', udp = '', tcp = ''] = cells.map((cell) => cell.trim());
      if (service === 'Description' || /^-+$/.test(service)) continue;
      result.push([service, cell(udp), cell(tcp)].join(' / '));
    } else if (/^(\(|<sup>)/.test(line)) {
      const note = /[Nn]ote (\d)/.exec(line)?.[1];
      if (note) result.push(`note ${note}`);
    } else if (/ICMP echo/.test(line) || /\(ICMP\) echo/.test(line)) result.push('echo');
  }
  // A section's tables for one version and another repeat nothing else; headings without a row are no connections.
  return result.filter((line, index) => {
    const next = result[index + 1];
    const heading = !line.includes(' / ') && !/^(note|echo)/.test(line);
    return !heading || (next !== undefined && (next.includes(' / ') || /^(note|echo)/.test(next)));
  });
}

function cell(text: string): string {
  const note = /[Nn]ote (\d)/.exec(text)?.[1];
  const ports = (text.split(/[(<]/)[0] ?? '').trim().replace('/', ' or ').toLowerCase();
  return `${ports === '' ? '--' : ports}${note ? ` n${note}` : ''}`;
}

/** What the data says, in the same words. */
function written(edition: Edition, list: unknown, old: unknown): string[] {
  const file = edition === '2007' ? portFile(old, 'data', edition) : portFile(list, 'data', edition);
  const result: string[] = [];
  const table = (name: string) => {
    const rows = file.table(name)?.ports;
    if (rows) result.push(name, ...rows.map(rowText));
  };
  for (const { anchor, direction, notes, icmp, ports } of file.connections) {
    result.push(`${anchor} ${direction}`);
    for (const note of notes) result.push(`note ${note}`);
    if (icmp) result.push('echo');
    result.push(...ports.map(rowText));
  }
  table('clientShares');
  table('windowsServer');
  return result;
}

function rowText({ service, udp, tcp, choice, notes }: PortRow): string {
  const side = (ports: readonly string[]) => {
    if (ports.length === 0) return '--';
    const note = notes.length > 0 ? ` n${notes.join()}` : '';
    return `${ports.join(choice ? ' or ' : ' and ')}${note}`;
  };
  return [service, side(udp), side(tcp)].join(' / ');
}

/** Two names of 2018-09 lack their closing bracket (erratum `gateway-fallback-names`). */
const mended = (lines: readonly string[]) =>
  lines.map((line) => line.replace(/ VMs?(?= \/)/, (vm) => `${vm})`));

describe('a second reading of the port lists', () => {
  if (!existsSync(FOLDER)) {
    it('agrees with the data line by line (the folder ../shared/sources is not here)');
    return;
  }

  for (const edition of EDITIONS) {
    it(`of ${edition} agrees with the data line by line`, () => {
      const expected = edition === '2018-09' ? mended(printed(edition)) : printed(edition);
      const lines = written(edition, currentBranch, list2007);
      assert.ok(lines.length > 100, `${lines.length} lines`);
      // One 'echo' for a section, however often it speaks of it.
      const once = expected.filter((line, index) => line !== 'echo' || expected[index - 1] !== 'echo');
      assert.deepEqual(lines, once);
    });
  }

  it('has the same lists where a row only begins before its connection', () => {
    const data = structuredClone(currentBranch) as Data;
    const connection = data.connections.find(({ since }) => since === '2025-12');
    const row = connection?.ports.find(({ since, until }) => since === undefined && until === undefined);
    assert.ok(connection && row);
    const otherTime = EDITS.find(({ name }) => name === 'otherTime');
    assert.equal(otherTime?.({ data, connection, row, choose: 3 }), false);
    assert.equal(row.since, '2017-09');
    for (const edition of EDITIONS)
      assert.deepEqual(written(edition, data, list2007), written(edition, currentBranch, list2007));
  });

  it('notices an edit of the data in some list', () => {
    const truth = new Map(
      EDITIONS.map((edition) => [edition, written(edition, currentBranch, list2007).join('\n')]),
    );
    fc.assert(
      fc.property(fc.constantFrom(...EDITS), fc.nat(), fc.nat(), (edit, first, second) => {
        const data = structuredClone(currentBranch) as Data;
        const connection = data.connections[first % data.connections.length];
        assert.ok(connection);
        const row = connection.ports[second % connection.ports.length];
        assert.ok(row);
        if (!edit({ data, connection, row, choose: first + second })) return;
        const changed = EDITIONS.filter((edition) => {
          try {
            return written(edition, data, list2007).join('\n') !== truth.get(edition);
          } catch {
            return true;
          }
        });
        assert.notDeepEqual(changed, [], `${connection.id}: ${edit.name}`);
      }),
      { numRuns: 500 },
    );
  });
});

/** From which list to which. */
interface Timed {
  since?: string;
  until?: string;
}

interface Row extends Record<string, unknown>, Timed {
  service: string;
  udp?: unknown;
  tcp?: unknown;
}

interface Data {
  connections: (Record<string, unknown> &
    Timed & {
      id: string;
      direction: string;
      anchor: string;
      icmp?: boolean;
      notes?: number[];
      ports: Row[];
    })[];
}

interface Place {
  readonly data: Data;
  readonly connection: Data['connections'][number];
  readonly row: Row;
  readonly choose: number;
}

/** Each makes one mistake, or says with `false` that there is nothing to change here. */
const EDITS: readonly ((place: Place) => boolean)[] = [
  function otherPort({ row }) {
    const key = row.tcp === undefined ? 'udp' : 'tcp';
    row[key] = row[key] === 4711 ? 4712 : 4711;
    return true;
  },
  function otherProtocol({ row }) {
    const { udp, tcp } = row;
    if (JSON.stringify(udp) === JSON.stringify(tcp)) return false;
    row.udp = tcp;
    row.tcp = udp;
    return true;
  },
  function lostProtocol({ row }) {
    if (row.udp === undefined || row.tcp === undefined) return false;
    delete row.udp;
    return true;
  },
  function lostRow({ connection, row }) {
    connection.ports.splice(connection.ports.indexOf(row), 1);
    return true;
  },
  function doubleRow({ connection, row }) {
    connection.ports.push({ ...row });
    return true;
  },
  function lostConnection({ data, connection }) {
    data.connections.splice(data.connections.indexOf(connection), 1);
    return true;
  },
  function lateConnection({ data, connection }) {
    const at = data.connections.indexOf(connection);
    if (at === data.connections.length - 1) return false;
    data.connections.splice(at, 1);
    data.connections.push(connection);
    return true;
  },
  function otherDirection({ connection }) {
    connection.direction = connection.direction === 'one-way' ? 'two-way' : 'one-way';
    return true;
  },
  function otherEcho({ connection }) {
    connection.icmp = !connection.icmp;
    return true;
  },
  function otherSection({ connection }) {
    connection.anchor += 'x';
    return true;
  },
  function otherNote({ connection, row, choose }) {
    const target = choose % 2 === 0 ? connection : row;
    target.notes = target.notes === undefined ? [1] : [];
    return true;
  },
  function otherChoice({ row }) {
    if (!Array.isArray(row.tcp) && !Array.isArray(row.udp)) return false;
    row.choice = row.choice !== true;
    return true;
  },
  function otherService({ row }) {
    row.service += 'x';
    return true;
  },
  function otherTime({ connection, row, choose }) {
    const target: Timed = choose % 2 === 0 ? connection : row;
    const before = timesOf(connection, row);
    if (target.since !== undefined || target.until !== undefined) {
      delete target.since;
      delete target.until;
    } else if (choose % 3 === 0) target.since = '2017-09';
    else target.until = '2020-06';
    // A row that lasts longer than its connection is in the same lists as before.
    return timesOf(connection, row) !== before;
  },
];

/** The lists that have a connection, and those that have a row of it. */
function timesOf(connection: Timed, row: Timed): string {
  const isIn = ({ since = '', until = '9999' }: Timed, edition: Edition) =>
    edition !== '2007' && since <= edition && edition <= until;
  const lists = EDITIONS.filter((edition) => isIn(connection, edition));
  return [lists, lists.filter((edition) => isIn(row, edition))].join(' / ');
}
