import assert from 'node:assert/strict';
import { parse as parseCsv } from 'csv-parse/sync';
import fc from 'fast-check';
import { rendered } from '../../../../test/support/markdown.ts';
import { computeFlows } from '../../flows/compute.ts';
import { parseText } from '../../text/parse.ts';
import { readTopology } from '../../topology/read.ts';
import { type Change, changesSummary, diffFlows, groups, type Version } from './changes.ts';
import { diffFormats } from './index.ts';

const SITE = `configmgr: 2017-09
defaults: { rpcDynamicPorts: 49152-65535 }
zones: { hq: {}, dmz: {} }
sites: { PS1: { type: primary, database: { server: sql01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: } }
  mp01: { site: PS1, zone: dmz, addresses: 10.2.0.1, roles: { management-point: } }
  sql01: { site: PS1, zone: hq, addresses: 10.1.0.2, roles: { sql-server: { instances: { MSSQLSERVER: { port: 1433 } } } } }
firewalls:
  edge: { zones: [hq, dmz], rules: [] }
`;

function version(text: string, file = 'a.topology.yaml'): Version {
  const topology = readTopology(parseText(text));
  return {
    file,
    edition: topology.edition ?? assert.fail('no edition'),
    topology,
    flows: computeFlows(topology),
  };
}

const diff = (before: string, after: string) => diffFlows(version(before), version(after));
const formatOf = (name: string) => diffFormats[name]?.write ?? assert.fail(name);
const lines = (changes: readonly Change[]) =>
  [
    ...new Set(
      changes.map(
        ({ change, from, to, protocol, old, new: fresh, open, close }) =>
          `${change} ${from} ${to} ${protocol} ${old?.ports.join()}>${fresh?.ports.join()} open ${open.join()} close ${close.join()}`,
      ),
    ),
  ].sort();

describe('the change request between two topologies', () => {
  it('is empty for the same hierarchy, however it is written down', () => {
    assert.deepEqual(diff(SITE, SITE).changes, []);
    const other = SITE.replaceAll('cm01', 'CM01')
      .replace('primary,', 'primary, description: New,')
      .replaceAll('{ hq', '{ hq');
    assert.deepEqual(diff(SITE, other).changes, []);
  });

  it('says that a port moved, what to open and what to close, and through which firewall', () => {
    const { changes } = diff(SITE, SITE.replace('port: 1433', 'port: 50001'));
    assert.deepEqual(lines(changes), [
      'changed cm01 sql01 tcp 1433>50001 open  close 1433',
      'changed mp01 sql01 tcp 1433>50001 open 50001 close 1433',
    ]);
    assert.deepEqual(changes.filter(({ from }) => from === 'mp01')[0]?.firewalls, ['edge']);
  });

  it('counts what changed, one flow as one', () => {
    const { changes, ...rest } = diff('configmgr: 2017-09\n', SITE);
    const summary = (count: number) => changesSummary(groups({ ...rest, changes: changes.slice(0, count) }));
    assert.equal(summary(0), 'No flow differs');
    assert.equal(summary(1), '1 flow added, 0 removed, 0 changed');
    assert.equal(summary(2), '2 flows added, 0 removed, 0 changed');
  });

  it('counts the rows that it shows, where several sections of the documents ask for a flow', () => {
    const found = diff(SITE, SITE.replace('port: 1433', 'port: 50001'));
    const rows = found.changes.filter(({ from, to }) => from === 'cm01' && to === 'sql01');
    assert.ok(rows.length > 1);
    const table = diffFormats.table?.write(found) ?? '';
    assert.match(table, /^0 flows added, 0 removed, 2 changed, /m);
    assert.equal(table.match(/^ {2}~ /gm)?.length, 2);
    assert.match(diffFormats.markdown?.write(found) ?? '', /^0 flows added, 0 removed, 2 changed;/m);
  });

  it('does not ask to close what another flow of the same machines still needs', () => {
    const sup = SITE.replace('management-point:', 'management-point: , fallback-status-point:');
    const { changes } = diff(sup, SITE);
    assert.ok(changes.length > 0 && changes.every(({ change }) => change === 'removed'));
    const still = changes.filter(({ protocol, old }) => protocol === 'tcp' && old?.ports.includes('445'));
    assert.ok(still.length > 0);
    assert.ok(still.every(({ close }) => close.length === 0));
  });

  it('shows a machine that got another address or moved to another zone, for firewalls know it by these', () => {
    const moved = diff(SITE, SITE.replace('10.2.0.1', '10.2.0.7')).changes;
    assert.ok(
      moved.length > 0 &&
        moved.every(({ change, from, to }) => change === 'changed' && [from, to].includes('mp01')),
    );
    const [first] = moved.filter(({ from }) => from === 'mp01');
    assert.deepEqual([first?.old?.fromAddress, first?.new?.fromAddress], [['10.2.0.1'], ['10.2.0.7']]);
    assert.deepEqual(first?.open, first?.new?.ports);
    const zone = diff(SITE, SITE.replace('zone: dmz', 'zone: hq')).changes;
    assert.equal(zone.length, moved.length);
    assert.ok(zone.every(({ firewalls }) => firewalls.length === 0));
  });

  it('opens and closes exactly what the two differ in, whatever changed', () => {
    const variant = fc.record({
      port: fc.constantFrom('1433', '50001', '14330'),
      roles: fc.subarray([
        'management-point',
        'distribution-point',
        'fallback-status-point',
        'state-migration-point',
      ]),
      address: fc.constantFrom('10.2.0.1', '10.2.0.2'),
      range: fc.constantFrom('49152-65535', '50000-50999'),
    });
    const text = ({
      port,
      roles,
      address,
      range,
    }: {
      port: string;
      roles: string[];
      address: string;
      range: string;
    }) =>
      SITE.replace('port: 1433', `port: ${port}`)
        .replace('management-point:', `file-server: , ${roles.map((role) => `${role}: `).join(', ')}`)
        .replace('10.2.0.1', address)
        .replace('49152-65535', range);
    const needed = ({ flows, topology }: Version) =>
      new Set(
        flows.flatMap(({ from, to, protocol, ports }) => {
          const at = (name: string) => topology.servers.get(name)?.addresses[0]?.value;
          return (protocol === 'icmp' ? ['echo request'] : ports).map(
            (port) => `${at(from.name)} ${at(to.name)} ${protocol} ${port}`,
          );
        }),
      );
    const work = (changes: readonly Change[], key: 'open' | 'close') =>
      new Set(
        changes.flatMap((change) => {
          const side = key === 'open' ? change.new : change.old;
          return change[key].map(
            (port) => `${side?.fromAddress[0]} ${side?.toAddress[0]} ${change.protocol} ${port}`,
          );
        }),
      );
    fc.assert(
      fc.property(variant, variant, (one, other) => {
        const [before, after] = [version(text(one)), version(text(other))];
        const { changes } = diffFlows(before, after);
        const [was, is] = [needed(before), needed(after)];
        // A dynamic range that became narrower leaves pieces: ranges are compared by their ends elsewhere.
        const plain = (set: ReadonlySet<string>) => new Set([...set].filter((line) => !/\d-\d/.test(line)));
        const minus = (a: ReadonlySet<string>, b: ReadonlySet<string>) =>
          new Set([...a].filter((each) => !b.has(each)));
        const ranges = [was, is].flatMap((set) => [...set]).filter((line) => /\d-\d/.test(line));
        const inRange = (line: string) =>
          ranges.some((range) => {
            const [, way, low, high] = /^(.*) (\d+)-(\d+)$/.exec(range) ?? [];
            const port = Number(/ (\d+)$/.exec(line)?.[1]);
            return line.startsWith(`${way} `) && port >= Number(low) && port <= Number(high);
          });
        const fixed = (set: ReadonlySet<string>) =>
          new Set([...plain(set)].filter((line) => !inRange(line)).sort());
        assert.deepEqual(fixed(work(changes, 'open')), fixed(minus(is, was)));
        assert.deepEqual(fixed(work(changes, 'close')), fixed(minus(was, is)));
        const back = diffFlows(after, before).changes;
        assert.deepEqual(fixed(work(back, 'open')), fixed(work(changes, 'close')));
      }),
    );
  });

  it('compares two editions by their traffic, not by the words of their documents', () => {
    const { changes } = diff(SITE, SITE.replace('2017-09', '2025-12'));
    assert.ok(
      !changes.some(
        ({ from, to, old, new: fresh }) =>
          from === 'mp01' && to === 'sql01' && (old ?? fresh)?.ports.includes('1433'),
      ),
    );
  });

  it('never lets a name become code, in any format, and gives the same bytes again', () => {
    const names = fc.constantFrom(
      '=1+1',
      '-1',
      '<b>',
      'a|b',
      '\u202eb',
      'a\nb',
      '\u001b[2J',
      '`x`',
      '](x)',
      '"q"',
      "it's",
    );
    fc.assert(
      fc.property(names, names, (name, zone) => {
        const text = JSON.stringify({
          configmgr: '2017-09',
          zones: { [zone]: {} },
          sites: { PS1: { type: 'primary', database: { server: `${name}d` } } },
          servers: {
            [name]: { site: 'PS1', zone, addresses: ['10.1.0.1'], roles: { 'site-server': null } },
            [`${name}d`]: { site: 'PS1', zone, roles: { 'sql-server': null } },
          },
        });
        const empty = version('configmgr: 2017-09\n', name);
        const found = diffFlows(empty, version(text, name));
        assert.ok(found.changes.length > 0);
        for (const [format, { write: print }] of Object.entries(diffFormats)) {
          const shown = print(found);
          assert.equal(shown, print(diffFlows(empty, version(text, name))));
          assert.doesNotMatch(shown.replaceAll(/\r?\n/g, ''), /[\p{Cc}\p{Cf}]/u);
          if (format === 'csv') {
            const rows: string[][] = parseCsv(shown);
            assert.equal(rows.length, found.changes.length + 1);
            for (const cell of rows.flat()) assert.doesNotMatch(cell, /^[=+\-@]/);
          }
          if (format === 'markdown') {
            const { elements, links, bare } = rendered(shown);
            const count = (name: string) => elements.filter((element) => element === name).length;
            assert.equal(count('td') + count('th'), 9 * count('tr'), shown);
            assert.deepEqual(links, []);
            assert.doesNotMatch(bare, /[@#]|:\/\/|www\./i);
          }
        }
      }),
    );
  });

  it('says in every format what is a choice and what is optional', () => {
    const text = (dp: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
  dp1: { site: PS1, roles: { distribution-point: { protocol: https } } }
${dp}clients:
  pcs: { site: PS1 }
`;
    const found = diffFlows(
      version(text(''), 'old'),
      version(
        text('  dp2: { site: PS1, roles: { distribution-point: { protocol: https } } }\n').replace(
          'protocol: https } } }\n  dp1',
          'protocol: https, cloudManagementGateway: true } } }\n  mp2: { site: PS1, roles: { management-point: { protocol: https } } }\n  dp1',
        ),
        'new',
      ),
    );
    assert.match(formatOf('table')(found), /pcs +dp2 .* \(one of distribution points of pcs\)\n/);
    assert.match(formatOf('table')(found), /pcs +mp2 .* \(optional\)\n/);
    assert.match(
      formatOf('markdown')(found),
      /\| added \| `pcs` \| `dp2` .*\| one of distribution points of pcs \|/,
    );
    assert.match(formatOf('markdown')(found), /\| added \| `cm01` \| `dp2` .*\| needed \|/);
    const [header = [], ...rows]: string[][] = parseCsv(formatOf('csv')(found));
    const cell = (to: string, port: string, column: string) =>
      rows.find(
        (row) =>
          row[header.indexOf('destination')] === to &&
          row[header.indexOf('port')] === port &&
          row[header.indexOf('source')] === 'pcs',
      )?.[header.indexOf(column)];
    assert.equal(cell('dp2', '443', 'anyOf'), 'distribution points of pcs');
    assert.equal(cell('mp2', '10123', 'optional'), 'true');
    const { changes } = JSON.parse(formatOf('json')(found));
    const added = changes.find(
      (one: { from: string; to: string; new: { ports: string[] } }) =>
        one.from === 'pcs' && one.to === 'mp2' && one.new.ports[0] === '10123',
    );
    assert.equal(added.optional, true);
  });
});
