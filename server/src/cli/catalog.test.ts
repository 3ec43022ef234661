import assert from 'node:assert/strict';
import { EDITIONS, NEWEST_EDITION } from '../catalog/index.ts';
import { catalogCommand } from './catalog.ts';
import { isCliError } from './io.ts';

function run(...args: readonly string[]): string {
  let text = '';
  const status = catalogCommand(args, {
    out: (part) => {
      text += part;
    },
  });
  assert.equal(status, 0);
  return text;
}

function refused(...args: readonly string[]): string {
  try {
    run(...args);
  } catch (error) {
    if (isCliError(error) && error.kind === 'usage') {
      assert.ok(!error.message.includes('\n'));
      return error.message;
    }
    throw error;
  }
  return assert.fail(`accepted: ${args.join(' ')}`);
}

type Fields = Record<string, unknown>;
const json = (...args: readonly string[]): Fields => JSON.parse(run(...args, '--format', 'json'));
const list = (value: unknown): readonly Fields[] => value as Fields[];

describe('cmtopo catalog', () => {
  for (const edition of EDITIONS) {
    it(`${edition}: the JSON has the keys of its contract, in their order`, () => {
      const catalog = json('--edition', edition);
      assert.deepEqual(Object.keys(catalog), [
        'version',
        'edition',
        'connections',
        'deployment',
        'clientFeatures',
        'windowsServer',
        'clientShares',
        'supplements',
        'errata',
        'endpoints',
      ]);
      assert.equal(catalog.edition, edition);
      const row = ['service', 'udp', 'tcp', 'choice', 'alternate'];
      for (const connection of list(catalog.connections)) {
        assert.deepEqual(Object.keys(connection), [
          'id',
          'from',
          'to',
          'direction',
          'anchor',
          'icmp',
          'ports',
        ]);
        for (const port of list(connection.ports)) {
          const installation = port.phase === 'installation';
          assert.deepEqual(Object.keys(port), installation ? [...row, 'phase'] : row);
        }
      }
      for (const supplement of list(catalog.supplements)) {
        assert.deepEqual(Object.keys(supplement), [
          'id',
          'from',
          'to',
          'direction',
          'document',
          'anchor',
          'icmp',
          'ports',
        ]);
        for (const port of list(supplement.ports)) assert.deepEqual(Object.keys(port), row);
      }
      for (const table of list(catalog.deployment)) {
        assert.deepEqual(Object.keys(table), ['method', 'anchor', 'icmp', 'ports']);
        for (const port of list(table.ports)) assert.deepEqual(Object.keys(port), row);
      }
      for (const feature of list(catalog.clientFeatures)) {
        assert.deepEqual(Object.keys(feature), ['feature', 'inbound', 'outbound']);
      }
      for (const table of [catalog.windowsServer, catalog.clientShares]) {
        if (edition === '2007') assert.equal(table, null);
        else assert.deepEqual(Object.keys(table as Fields), ['anchor', 'ports']);
      }
    });
  }

  it('prints the entries of the contract as they are there', () => {
    const catalog = json('--edition', '2017-09');
    assert.deepEqual(
      list(catalog.connections).find(({ id }) => id === 'management-point.sql-server'),
      {
        id: 'management-point.sql-server',
        from: 'management-point',
        to: 'sql-server',
        direction: 'one-way',
        anchor: 'BKMK_PortsMP-SQL',
        icmp: false,
        ports: [{ service: 'SQL over TCP', udp: [], tcp: ['1433'], choice: false, alternate: true }],
      },
    );
    const push = list(catalog.deployment).find(({ method }) => method === 'client-push');
    assert.equal(push?.anchor, 'ports-that-are-used-with-client-push-installation');
    assert.equal(push?.icmp, true);
    assert.deepEqual(
      list(catalog.clientFeatures).find(({ feature }) => feature === 'remote-control'),
      { feature: 'remote-control', inbound: ['tcp/2701'], outbound: [] },
    );
  });

  it('takes the version of a site in place of an edition', () => {
    assert.equal(run('--edition', '2403'), run('--edition', '2025-12'));
    assert.equal(json('--edition', '1902').edition, '2018-09');
    assert.equal(run('--compare', '1710', '2103'), run('--compare', '2017-09', '2020-06'));
    assert.match(refused('--edition', '1709'), /1709/);
    assert.match(refused('--compare', '1710', '2004'), /2004/);
  });

  it('prints the supplements with their documents, and what is optional or makes no flow', () => {
    const table = run('--edition', '2020-06');
    assert.match(table, /^Supplements: what other documents ask for$/m);
    assert.match(table, /HTTPS +443 +Internet access requirements +bkmk_sum$/m);
    assert.match(table, /Express updates +8005 +yes +no flow \(express-updates\)/);
    assert.match(table, /TCP-TLS \(preferred\) +10140-10155 +optional/);
    const markdown = run('--edition', '2020-06', '--format', 'markdown');
    assert.match(markdown, /\[bkmk\\_sum\]\(<[^>]*\/internet-endpoints#bkmk_sum>\)/);
    assert.ok(!run('--edition', '2007').includes('Supplements'));
  });

  it('compares any two editions, forth and back', () => {
    for (const from of EDITIONS) {
      for (const to of EDITIONS) {
        const forth = json('--compare', from, to);
        const back = json('--compare', to, from);
        assert.deepEqual(
          list(forth.added).map(({ id }) => id),
          list(back.removed).map(({ id }) => id),
        );
        assert.equal(list(forth.changed).length, list(back.changed).length);
        assert.equal(list(forth.tables).length, list(back.tables).length);
        assert.match(
          run('--compare', from, to),
          from === to ? /Nothing changes/ : /connections? added|Nothing/,
        );
      }
    }
  });

  it('prints the newest edition without --edition and with current-branch', () => {
    assert.equal(json().edition, NEWEST_EDITION);
    assert.equal(run('--edition', 'current-branch'), run('--edition', NEWEST_EDITION));
  });

  it('has every connection with its section in both tables', () => {
    for (const edition of EDITIONS) {
      const text = run('--edition', edition);
      const markdown = run('--edition', edition, '--format', 'markdown');
      for (const { id, anchor } of list(json('--edition', edition).connections)) {
        assert.ok(text.includes(`  ${id}  `), `${edition} ${id}`);
        assert.ok(markdown.includes(`| ${id} |`), `${edition} ${id}`);
        if (edition !== '2007') assert.ok(markdown.includes(`#${anchor}>)`), `${edition} ${anchor}`);
      }
    }
    assert.match(
      run('--edition', '2017-09'),
      /^ {4}Hypertext .* 80 or 8530 +httpPort +BKMK_PortsClient-SUP$/m,
    );
    assert.match(run('--edition', '2017-09'), /^ {4}ICMP echo +BKMK_PortsClient-ClientWakeUp$/m);
  });

  it('says in every format what an upgrade changes', () => {
    const comparison = json('--compare', '2017-09', '2025-12');
    const text = run('--compare', '2017-09', '2025-12');
    const markdown = run('--compare', '2017-09', '2025-12', '--format', 'markdown');
    for (const { id } of [
      ...list(comparison.added),
      ...list(comparison.removed),
      ...list(comparison.changed),
    ]) {
      assert.ok(text.includes(`  ${id}`), `${id}`);
      assert.ok(markdown.includes(`| ${id} |`), `${id}`);
    }
    assert.match(text, /^14 connections added, 7 removed, 10 changed\.$/m);
    assert.match(run('--compare', '2017-09', '2017-09'), /Nothing changes/);
    assert.equal(run('--compare=2017-09', 'current-branch'), run('--compare', '2017-09', NEWEST_EDITION));
  });

  it('says what is wrong with a wrong call', () => {
    assert.match(refused('--edition', '2018'), /2018 is neither an edition nor a version: .*2025-12/);
    assert.match(refused('--edition'), /--edition/);
    assert.match(refused('--format', 'csv'), /--format/);
    assert.match(refused('--compare', '2007'), /two editions/);
    assert.match(refused('--compare', '2007', '2018'), /2018/);
    assert.match(refused('--compare', '2007', '2017-03', '2025-12'), /2025-12/);
    assert.match(refused('--compare', '2007', '2017-03', '--edition', '2007'), /--edition/);
    assert.match(refused('--editon', '2007'), /--editon/);
    assert.match(refused('2007'), /2007/);
  });
});
