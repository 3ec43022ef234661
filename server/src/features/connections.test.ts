import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import { HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { serviceName } from '../catalog/index.ts';
import { setLocale } from '../l10n.ts';
import { codeLenses, resolveCodeLens } from './code-lens.ts';
import { connections, connectionsCsv } from './connections.ts';
import {
  CONNECTION_COLUMNS,
  connectionCell,
  filterConnections,
  isPortText,
  machineAt,
  sortConnections,
} from './connections-query.ts';

const analysis = analyse(HIERARCHY);
const list = connections(analysis);
const all = list.rows.map((_, index) => index);
const lines = HIERARCHY.split('\n');
const lineOf = (text: string) => lines.findIndex((line) => line.includes(text));

/** The cells of a column, of some rows. */
const cells = (rows: readonly number[], column: (typeof CONNECTION_COLUMNS)[number], machine?: string) =>
  rows.flatMap((index) => {
    const row = list.rows[index];
    return row === undefined ? [] : connectionCell(list, row, column, { machine });
  });

describe('the connections of a file', () => {
  it('are all its flows', () => {
    assert.equal(list.rows.length, analysis.flows().length);
    assert.ok(list.rows.length >= 10);
    for (const column of CONNECTION_COLUMNS) assert.ok(!cells(all, column).includes(''), column);
  });

  it('name the section of the documents by its title, between which roles', () => {
    const sections = cells(all, 'document');
    assert.ok(sections.includes('Management point to SQL Server (2017-09)'), sections.join(' | '));
    assert.ok(!sections.some((text) => text.includes('BKMK_Ports')));
  });

  it('each say the line that causes them, where a role or a way of installing is written', () => {
    for (const index of all) {
      const [, , , , line = -1] = list.rows[index] ?? [];
      assert.match(lines[line] ?? '', /site-server|management-point|software-update|distribution|sql-server/);
    }
    const push = analyse(HIERARCHY.replace('count: 4000', 'installation: [client-push]'));
    const deployed = connections(push);
    const installing = deployed.rows.filter(
      (_, index) => push.flows()[index]?.connection === 'deployment.client-push',
    );
    assert.ok(installing.length > 0);
    for (const row of installing) assert.match(push.text.split('\n')[row[4]] ?? '', /installation/);
  });

  it('say which rule of which firewall lets them through, and where it is', () => {
    const allowed = filterConnections(list, { state: 'allowed', machine: 'dp-dmz', port: '445' });
    assert.deepEqual(cells(allowed, 'state'), ['Allowed: edge, rule 1']);
    const verdict = list.verdicts[list.rows[allowed[0] ?? -1]?.[3] ?? -1];
    assert.equal(verdict?.rules[0]?.line, lineOf('from: cm01'));
    assert.ok(
      cells(filterConnections(list, { machine: 'sql01' }), 'state').every((text) => text === 'No firewall'),
    );
  });

  it('say which roles need them, so that no two read the same', () => {
    const purposes = cells(filterConnections(list, { machine: 'sql01', port: '1444' }), 'purpose');
    assert.ok(purposes.includes('SQL over TCP · site-server → sql-server'), purposes.join());
    const same = new Set(
      all.map((index) => CONNECTION_COLUMNS.map((column) => cells([index], column)).join()),
    );
    assert.equal(same.size, all.length);
  });

  it('say what stops them, and which ports of several', () => {
    const text = HIERARCHY.replace('tcp: [445, 135, 49152-65535]', 'tcp: [135, 49152-65000]').replace(
      'rules:\n',
      'rules:\n      - { name: No SMB, action: deny, from: any, to: any, tcp: 445 }\n',
    );
    const blocked = connections(analyse(text));
    const states = filterConnections(blocked, { state: 'blocked' }).map((index) =>
      connectionCell(blocked, blocked.rows[index] ?? [0, 0, 0, 0, 0, 0, 0], 'state'),
    );
    assert.deepEqual([...new Set(states)].toSorted(), [
      'Blocked: edge, no rule, only 65001-65535',
      "Blocked: edge, rule 1 'No SMB'",
    ]);
    const byRule = filterConnections(blocked, { rule: "edge, rule 1 'No SMB'" });
    assert.ok(byRule.length > 0 && byRule.length < filterConnections(blocked, { state: 'blocked' }).length);
  });

  it('say why a verdict is not known', () => {
    const zoneless = connections(
      analyse(HIERARCHY.replace('    zone: hq\n    roles:\n      sql', '    roles:\n      sql')),
    );
    const [first = -1] = filterConnections(zoneless, { state: 'unknown', machine: 'sql01' });
    const row = zoneless.rows[first];
    assert.ok(row);
    assert.equal(connectionCell(zoneless, row, 'state'), 'Not known: sql01 has no zone');
  });

  it('are filtered by machine, zone, port and phase, together', () => {
    const ofServer = filterConnections(list, { machine: 'SQL01' });
    assert.ok(ofServer.length > 0 && ofServer.length < all.length);
    for (const index of ofServer) {
      assert.ok([...cells([index], 'source'), ...cells([index], 'destination')].includes('sql01'));
    }
    const port = filterConnections(list, { machine: 'sql01', port: '1444' });
    assert.ok(port.length > 0 && cells(port, 'port').every((text) => text === '1444'));
    const inRange = filterConnections(list, { port: '50000-50001' });
    assert.ok(inRange.length > 0 && cells(inRange, 'port').every((text) => text === '49152-65535'));
    assert.ok(
      cells(filterConnections(list, { zone: 'DMZ' }), 'direction').every((text) => text.includes('dmz')),
    );
    const phases = (['operation', 'installation'] as const).map(
      (phase) => filterConnections(list, { phase }).length,
    );
    assert.equal((phases[0] ?? 0) + (phases[1] ?? 0), all.length);
    assert.deepEqual(filterConnections(list, { machine: 'nobody' }), []);
  });

  it('of a client group in several zones are found by the zones in which they hold', () => {
    const roaming = connections(
      analyse(`configmgr: 2025-12
zones: { hq: , perimeter: , Internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: , sms-provider: , management-point: } }
  mp02: { site: PS1, zone: perimeter, roles: { management-point: { protocol: https, clients: internet } } }
clients: { laptops: { site: PS1, zone: [Internet, hq] } }
`),
    );
    const ofGroup = filterConnections(roaming, { machine: 'laptops' });
    assert.ok(ofGroup.length > 0);
    const inZones = ['internet', 'hq'].map((zone) =>
      filterConnections(roaming, { machine: 'laptops', zone }),
    );
    assert.ok(inZones.every((some) => some.length > 0 && some.length < ofGroup.length));
    assert.deepEqual(
      inZones.flat().toSorted((a, b) => a - b),
      ofGroup,
    );
    const directions = ofGroup.flatMap((index) => {
      const row = roaming.rows[index];
      return row ? connectionCell(roaming, row, 'direction', {}) : [];
    });
    assert.deepEqual([...new Set(directions)].toSorted(), ['Internet → perimeter', 'within hq']);
  });

  it('take only ports for ports', () => {
    for (const text of ['1', '65535', '80-443', 'dynamic']) assert.ok(isPortText(text), text);
    for (const text of ['', '0', '65536', '443-80', 'http', '80,443']) assert.ok(!isPortText(text), text);
  });

  it('are sorted by any column, both ways, and keep their order where it is equal', () => {
    for (const column of CONNECTION_COLUMNS) {
      const up = sortConnections(list, all, { column, descending: false });
      const down = sortConnections(list, all, { column, descending: true });
      assert.deepEqual(
        up.toSorted((a, b) => a - b),
        all,
        column,
      );
      const groups = (rows: number[]) =>
        cells(rows, column).filter((text, at, texts) => text !== texts[at - 1]);
      assert.deepEqual(groups(down), groups(up).toReversed(), column);
      assert.equal(new Set(groups(up)).size, groups(up).length, column);
      const [text] = groups(up);
      const first = up.filter((index) => cells([index], column)[0] === text);
      assert.deepEqual(
        first,
        first.toSorted((a, b) => a - b),
      );
    }
  });

  it('are sorted by ports as numbers and by states as they matter', () => {
    const text = `configmgr: 2017-09\nservers:\n  cm10: {}\n  cm2: {}\n`;
    assert.equal(connections(analyse(text)).rows.length, 0);
    const ports = cells(sortConnections(list, all, { column: 'port', descending: false }), 'port');
    const numbers = ports.map((port) => Number.parseInt(port, 10)).filter((port) => !Number.isNaN(port));
    assert.deepEqual(
      numbers,
      numbers.toSorted((a, b) => a - b),
    );
    const blocked = connections(analyse(HIERARCHY.replace('to: cm01, tcp: 443', 'to: cm01, tcp: 444')));
    const [worst = -1] = sortConnections(
      blocked,
      blocked.rows.map((_, index) => index),
      { column: 'state', descending: false },
    );
    assert.match(connectionCell(blocked, blocked.rows[worst] ?? [0, 0, 0, 0, 0, 0, 0], 'state'), /^Blocked/);
  });

  it('are told from the point of view of the machine that is looked at', () => {
    const rows = filterConnections(list, { machine: 'dp-dmz' });
    const directions = new Set(cells(rows, 'direction', 'dp-dmz'));
    assert.deepEqual([...directions].toSorted(), ['in, hq → dmz', 'out, dmz → hq']);
    assert.deepEqual([...new Set(cells(rows, 'direction'))].toSorted(), ['dmz → hq', 'hq → dmz']);
  });

  it('name services in the language of the reader, as hovers do', () => {
    setLocale('ko');
    try {
      const korean = connections(analyse(HIERARCHY));
      const mapper = serviceName('RPC Endpoint Mapper', 'ko');
      assert.notEqual(mapper, 'RPC Endpoint Mapper');
      const purposes = korean.rows.map((row) => connectionCell(korean, row, 'purpose'));
      assert.ok(purposes.some((purpose) => purpose.startsWith(mapper)));
      assert.ok(!purposes.some((purpose) => purpose.startsWith('RPC Endpoint Mapper')));
    } finally {
      setLocale('en');
    }
  });

  it('hide no character of a name', () => {
    const evil = connections(analyse(HIERARCHY.replaceAll('dp-dmz', '"dp\\u202edmz"')));
    const names = evil.rows.map((row) => connectionCell(evil, row, 'destination'));
    assert.ok(names.includes('dp\\u202edmz'), names.join());
  });

  it('give nothing and never throw for a file without an edition or with broken text', () => {
    for (const text of ['', 'servers: [', '{', HIERARCHY.replace('configmgr: 2017-09', ''), '\u0000']) {
      assert.deepEqual(connections(analyse(text)).rows, []);
      assert.equal(connectionsCsv(analyse(text), 'a', {}, undefined), undefined);
    }
    for (let at = 0; at < HIERARCHY.length; at += 97) connections(analyse(HIERARCHY.slice(0, at)));
  });
});

describe('the machine under the cursor', () => {
  it('is the one whose entry or name is there', () => {
    assert.equal(machineAt(list, lineOf('  sql01:'), 0), 'sql01');
    assert.equal(machineAt(list, lineOf('CM: { port'), 12), 'sql01');
    assert.equal(machineAt(list, lineOf('count: 4000'), 2), 'desktops');
    const rule = lineOf('from: dp-dmz');
    assert.equal(machineAt(list, rule, lines[rule]?.indexOf('cm01') ?? -1), 'cm01');
    assert.equal(machineAt(list, rule, lines[rule]?.indexOf('dp-dmz') ?? -1), 'dp-dmz');
    assert.equal(machineAt(list, lineOf('type: primary'), 5), undefined);
  });
});

describe('the connections as CSV', () => {
  it('are what cmtopo export writes, with the filter and the order of the view', () => {
    const whole = connectionsCsv(analysis, 'a.topology.yaml', {}, undefined);
    assert.equal(whole?.count, all.length);
    const records: string[][] = parse(whole.csv);
    assert.equal(records.length, all.length + 1);
    assert.deepEqual(records[0]?.slice(0, 3), ['source', 'source address', 'destination']);
    assert.ok(whole.gaps > 0);
    const some = connectionsCsv(
      analysis,
      'a',
      { machine: 'sql01', port: '1444' },
      { column: 'source', descending: true },
    );
    const [, ...left]: string[][] = parse(some?.csv ?? '');
    assert.equal(left.length, some?.count);
    assert.ok(left.every((cells) => cells[5] === '1444' && cells[6] === 'inbound'));
  });
});

describe('the counts over a server or client group', () => {
  const uri = 'file:///a.topology.yaml';

  it('are at its name and are those of the Connections view', () => {
    const lenses = codeLenses(analysis, uri);
    assert.deepEqual(
      lenses.map(({ range }) => lines[range.start.line]?.trim()),
      ['cm01:', 'sql01:', 'dp-dmz:', 'desktops:'],
    );
    const [, lens] = lenses;
    assert.ok(lens);
    assert.equal(lens.command, undefined);
    const { command } = resolveCodeLens(analysis, lens, { uri, machine: 'sql01' }, 'show');
    assert.deepEqual(command?.arguments, [uri, 'sql01']);
    const [, incoming, outgoing] = /^(\d+) in · (\d+) out$/.exec(command?.title ?? '') ?? [];
    const flows = analysis.flows();
    assert.equal(Number(incoming), flows.filter(({ to }) => to.name === 'sql01').length);
    assert.equal(Number(outgoing), flows.filter(({ from }) => from.name === 'sql01').length);
    assert.notEqual(incoming, outgoing);
    assert.equal(Number(incoming) + Number(outgoing), filterConnections(list, { machine: 'sql01' }).length);
  });

  it('count what is blocked', () => {
    const blocked = analyse(HIERARCHY.replace('to: cm01, tcp: 443', 'to: cm01, tcp: 444'));
    const titles = codeLenses(blocked, uri).map(
      (lens) => resolveCodeLens(blocked, lens, lens.data, 'show').command?.title ?? '',
    );
    assert.equal(titles.filter((title) => / · [1-9]\d* blocked$/.test(title)).length, 2, titles.join());
  });

  it('are not there without an edition, and empty for a machine that is gone', () => {
    assert.deepEqual(codeLenses(analyse('servers:\n  a:\n'), uri), []);
    const [lens] = codeLenses(analysis, uri);
    assert.ok(lens);
    assert.equal(resolveCodeLens(analysis, lens, { uri, machine: 'gone' }, 'show').command?.title, '');
    const quiet = analyse('configmgr: 2017-09\nservers:\n  a: {}\n');
    const [only] = codeLenses(quiet, uri);
    assert.ok(only);
    assert.equal(resolveCodeLens(quiet, only, only.data, 'show').command?.title, 'no connections');
  });
});

describe('choices, what is optional, and boundary groups', () => {
  const uri = 'file:///a.topology.yaml';
  /** Two distribution points in the branch, one at head office; laptops are on the internet now and then. */
  const TEXT = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.0.0.0/16] }, east: { networks: [10.1.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.10], roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.0.0.12], roles: { management-point: { protocol: https, clients: both } } }
  dp1: { site: PS1, zone: east, addresses: [10.1.0.10], roles: { distribution-point: { protocol: https } } }
  dp2: { site: PS1, zone: hq, addresses: [10.0.0.21], roles: { distribution-point: { protocol: https } } }
  dp3: { site: PS1, zone: hq, addresses: [10.0.0.20], roles: { distribution-point: { protocol: https } } }
clients:
  pcs: { site: PS1, zone: [east, internet], networks: [10.1.64.0/18] }
boundaryGroups:
  branch: { members: [east], servers: [dp1, dp2] }
firewalls:
  wan: { zones: [hq, east, internet], rules: [{ action: allow, from: any, to: mp01, tcp: 443 }] }
`;
  const own = analyse(TEXT);
  const found = connections(own);
  const shown = (filter: Parameters<typeof filterConnections>[1]) =>
    filterConnections(found, { machine: 'pcs', ...filter }).map((index) => {
      const row = found.rows[index];
      assert.ok(row);
      return `${connectionCell(found, row, 'destination')} ${connectionCell(found, row, 'port')}: ${connectionCell(found, row, 'need')}`;
    });

  it('are told and can be filtered', () => {
    assert.deepEqual(shown({ need: 'choice' }), [
      'dp1 443: one of 2 is enough',
      'dp2 443: one of 2 is enough',
    ]);
    assert.deepEqual(shown({ need: 'optional' }), ['dp3 443: optional', 'mp01 10123: optional']);
    assert.deepEqual(shown({ need: 'needed' }), ['mp01 443: needed']);
  });

  it('come first where they are needed most', () => {
    const rows = sortConnections(found, filterConnections(found, { machine: 'pcs' }), {
      column: 'need',
      descending: false,
    });
    const kinds = rows.map((index) => found.needs[found.rows[index]?.[6] ?? -1]?.kind);
    assert.deepEqual(kinds, ['needed', 'choice', 'choice', 'optional', 'optional']);
  });

  it('are missed only where nothing else of the choice gets through', () => {
    const missed = (of: typeof found) =>
      of.rows.filter(([from, , , , , , need]) => of.machines[from]?.name === 'pcs' && of.needs[need]?.missed);
    assert.equal(missed(found).length, 0);
    const alone = TEXT.replace('zone: east, addresses', 'zone: hq, addresses').replace(
      '10.1.0.10',
      '10.0.0.19',
    );
    assert.equal(missed(connections(analyse(alone))).length, 2);
  });

  it('leave out what holds elsewhere than in the zone or the boundary group of the filter', () => {
    assert.deepEqual(shown({ zone: 'internet' }), ['mp01 443: needed', 'mp01 10123: optional']);
    assert.ok(shown({ zone: 'east' }).length > 2);
    const both = TEXT.replace('clients: both', 'clients: internet');
    const apart = connections(analyse(both));
    const left = filterConnections(apart, { boundaryGroup: 'BRANCH' });
    const names = left.map((index) => apart.machines[apart.rows[index]?.[1] ?? -1]?.name);
    assert.ok(names.includes('dp1') && !names.includes('mp01'), names.join());
    const lens = codeLenses(analyse(both), uri).find(({ data }) => data.machine === 'branch');
    assert.ok(lens);
    // One of two distribution points, and the third beside them.
    const counts = resolveCodeLens(analyse(both), lens, lens.data, 'show').command?.title;
    assert.equal(counts, '0 in · 2 out · 1 of them optional');
    const way = filterConnections(apart, { machine: 'mp01', zone: 'internet' }).map((index) =>
      connectionCell(apart, apart.rows[index] ?? [0, 0, 0, 0, 0, 0, 0], 'direction'),
    );
    assert.ok(way.includes('internet → hq'), way.join());
  });

  it('are counted once over a client group and its boundary group, and say what is optional', () => {
    const titles = new Map(
      codeLenses(own, uri).map((lens) => {
        const { command } = resolveCodeLens(own, lens, lens.data, 'show');
        return [lens.data.machine, command] as const;
      }),
    );
    // One of the two distribution points, the management point; beside them notification and a third point.
    assert.equal(titles.get('pcs')?.title, '0 in · 4 out · 2 of them optional');
    assert.deepEqual(titles.get('branch')?.arguments, [uri, { boundaryGroup: 'branch' }]);
    assert.equal(titles.get('branch')?.title, '0 in · 4 out · 2 of them optional');
    assert.equal(titles.get('dp3')?.title, '5 in · 1 out · 1 of them optional');
  });

  it('are blocked once, where none of them is reached', () => {
    const text = TEXT.replace('zone: east, addresses', 'zone: hq, addresses').replace(
      '10.1.0.10',
      '10.0.0.19',
    );
    const closed = analyse(text);
    const lens = codeLenses(closed, uri).find(({ data }) => data.machine === 'pcs');
    assert.ok(lens);
    const { command } = resolveCodeLens(closed, lens, lens.data, 'show');
    assert.equal(command?.title, '0 in · 4 out · 2 of them optional · 1 blocked');
  });
});
