// What stays while a key is typed that has no colon yet; analysis-edits.test.ts says that it is right.
import assert from 'node:assert/strict';
import { generateHierarchy } from '../../test/bench/hierarchy.ts';
import { type Analysis, analyse } from './analysis.ts';
import { READERS } from './readers.ts';
import type { Settings } from './rules/rule.ts';
import type { Named, Topology } from './topology/model.ts';

const SETTINGS: Settings = { rules: {}, today: '2026-11-28' };
const FILE = generateHierarchy(0.02);
const LINES = FILE.split('\n');

/** The file with a line behind another one. */
const withLine = (at: number, line: string) => LINES.toSpliced(at + 1, 0, line).join('\n');

/** The number of the first line of an entry's keys, of the second entry in a section. */
function lineIn(section: string): number {
  const start = LINES.indexOf(`${section}:`);
  const entries = [...LINES.keys()].filter((line) => line > start && /^ {2}\S+:$/.test(LINES[line] ?? ''));
  return (entries[1] ?? 0) + 1;
}

/** How many rules an analysis runs for its findings. */
function rulesRun(analysis: Analysis): number {
  let steps = 0;
  while (!analysis.advance()) steps++;
  // The first two are the model and the flows.
  return steps - 2;
}

/** What comments say may change with any edit. */
const ALWAYS = 1;
const OF_DAMAGE = (READERS.damage?.length ?? 0) + ALWAYS;
const OF_WORDS = (READERS['damage.text']?.length ?? 0) + ALWAYS;

/** The things of a section that are damaged. */
const damagedIn = (topology: Topology, section: 'servers' | 'clients' | 'firewalls'): readonly Named[] =>
  [...topology[section].values()].filter(({ damaged }) => damaged);

describe('while a key is typed that has no colon yet', () => {
  for (const section of ['servers', 'clients', 'firewalls'] as const) {
    const at = lineIn(section);
    const typed = (key: string) => withLine(at, `    ${key}`);

    it(`an entry of ${section} stays the same thing, and so do all flows`, () => {
      const before = analyse(typed(''), SETTINGS);
      before.findings();
      const [things, flows] = [before.topology[section], before.flows()];
      const after = analyse(typed('d'), SETTINGS, before);
      assert.equal(after.tree.damage.length, 1);
      assert.equal(after.topology[section], things);
      assert.equal(after.flows(), flows);
      assert.equal(damagedIn(after.topology, section).length, 1);
    });

    it(`only rules that look at damage run at the first letter in ${section}, and at others those that look for words`, () => {
      let analysis = analyse(typed(''), SETTINGS);
      assert.ok(rulesRun(analysis) > 70);
      const { lineage } = analysis.reach();
      analysis = analyse(typed('d'), SETTINGS, analysis);
      // By it what rules never decide is kept.
      assert.equal(analysis.reach().lineage, lineage);
      const first = rulesRun(analysis);
      assert.ok(first > ALWAYS && first <= OF_DAMAGE, `${first} rules`);
      for (const key of ['de', 'des', 'de', 'x']) {
        const crossings = analysis.reach().crossings(analysis.flows());
        analysis = analyse(typed(key), SETTINGS, analysis);
        const more = rulesRun(analysis);
        assert.ok(more > ALWAYS && more <= OF_WORDS, `${key}: ${more} rules`);
        assert.equal(analysis.reach().crossings(analysis.flows()), crossings);
      }
    });

    it(`no rule runs once the line in ${section} is gone, and firewalls let through what they did`, () => {
      const before = analyse(typed(''), SETTINGS);
      before.findings();
      const { lineage } = before.reach();
      const crossings = before.reach().crossings(before.flows());
      let analysis = analyse(typed('d'), SETTINGS, before);
      analysis.findings();
      analysis = analyse(typed('de'), SETTINGS, analysis);
      analysis.findings();
      analysis = analyse(typed(''), SETTINGS, analysis);
      assert.equal(rulesRun(analysis), ALWAYS);
      assert.equal(analysis.reach().lineage, lineage);
      assert.equal(analysis.reach().crossings(analysis.flows()), crossings);
      assert.deepEqual(damagedIn(analysis.topology, section), []);
    });
  }

  it('no rule runs at the colon, and at its deletion only those that look at damage', () => {
    const at = lineIn('servers');
    let analysis = analyse(withLine(at, ''), SETTINGS);
    analysis.findings();
    const { servers } = analysis.topology;
    for (const [key, isDamaged] of [
      ['descriptio', true],
      ['description', true],
      ['description:', false],
      ['description', true],
      ['description:', false],
    ] as const) {
      analysis = analyse(withLine(at, `    ${key}`), SETTINGS, analysis);
      assert.equal(analysis.tree.damage.length > 0, isDamaged, key);
      const run = rulesRun(analysis);
      assert.ok(isDamaged ? run > ALWAYS && run <= OF_DAMAGE : run === ALWAYS, `${key}: ${run}`);
      assert.equal(analysis.topology.servers, servers);
    }
  });

  it('an entry that says something else after the colon is put in the place of the one before', () => {
    const at = lineIn('servers');
    let analysis = analyse(withLine(at, ''), SETTINGS);
    analysis.findings();
    const servers = [...analysis.topology.servers.values()];
    const { sites } = analysis.topology;
    for (const key of ['trusted', 'trusted: true']) {
      analysis = analyse(withLine(at, `    ${key}`), SETTINGS, analysis);
      analysis.findings();
    }
    const kept = [...analysis.topology.servers.values()].filter((server) => servers.includes(server));
    assert.equal(kept.length, servers.length - 1);
    assert.equal(analysis.topology.sites, sites);
  });

  it('few rules run at further letters also where the file was opened with the first one', () => {
    const at = lineIn('servers');
    let analysis = analyse(withLine(at, '    d'), SETTINGS);
    analysis.findings();
    const { servers } = analysis.topology;
    analysis = analyse(withLine(at, '    de'), SETTINGS, analysis);
    assert.equal(analysis.topology.servers, servers);
    assert.ok(rulesRun(analysis) <= OF_WORDS);
  });

  it('of a new key at the end of an entry, of a section and of the file as little is worked out', () => {
    const ends = [...LINES.keys()].filter(
      (line) => /^ {4}/.test(LINES[line] ?? '') && !/^ {4}/.test(LINES[line + 1] ?? ''),
    );
    let known = 0;
    for (const at of ends) {
      let analysis = analyse(withLine(at, '    '), SETTINGS);
      const { zones } = analysis.topology;
      analysis = analyse(withLine(at, '    d'), SETTINGS, analysis);
      if (analysis.topology.zones === zones) known++;
    }
    assert.equal(known, ends.length);
  });

  it('the entry above is damaged where the line is before one, as it is where the file is opened', () => {
    const file = `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  lab: { networks: [10.3.0.0/16] }
`;
    const typed = file.replace('  branch:', '  b\n  branch:');
    const before = analyse(file, SETTINGS);
    before.findings();
    for (const analysis of [analyse(typed, SETTINGS, before), analyse(typed, SETTINGS)])
      assert.deepEqual(
        [...analysis.topology.zones.values()].map(({ name, damaged }) => [name, damaged]),
        [
          ['hq', true],
          ['branch', false],
          ['lab', false],
        ],
      );
  });

  /** A named instance without a port, with lines behind it. */
  const file = (...lines: readonly string[]) => `configmgr: 2025-12
servers:
  sql01:
    roles:
      sql-server:
        instances:
          CM: { serviceBrokerPort: 4023 }
${lines.map((line) => `    ${line}\n`).join('')}  sql02: { roles: { file-server: } }
`;
  const hasPort = (analysis: Analysis) => analysis.findings().every(({ code }) => code !== 'sql-static-port');

  it('all rules run once the line is gone with which the file was opened', () => {
    let analysis = analyse(file('d'), SETTINGS);
    assert.ok(hasPort(analysis));
    for (const key of ['de', 'des']) {
      analysis = analyse(file(key), SETTINGS, analysis);
      assert.ok(hasPort(analysis));
    }
    analysis = analyse(file(''), SETTINGS, analysis);
    assert.ok(!hasPort(analysis));
  });

  it('all rules that look at damage run where a comment before the line takes it off what is above', () => {
    let analysis = analyse(file(''), SETTINGS);
    assert.ok(!hasPort(analysis));
    for (const [lines, isSilent] of [
      [['d'], true],
      [['# of the site', 'd'], false],
      [['# of the site', 'de'], false],
      [['             ', 'de'], true],
      [['# of the site', 'de'], false],
    ] as const) {
      analysis = analyse(file(...lines), SETTINGS, analysis);
      assert.equal(hasPort(analysis), isSilent, lines.join());
      assert.equal(hasPort(analyse(file(...lines), SETTINGS)), isSilent);
    }
  });

  it('firewalls let through what they do in a fresh text, also where the edit before changed more than the key', () => {
    const wan = (line: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01:
    site: PS1
    zone: hq
    ${line}
    roles: { site-server: , sms-provider: , sql-server: , management-point: { clients: both }, distribution-point: }
clients:
  pcs: { site: PS1, zone: internet, count: 9 }
firewalls:
  edge:
    zones: [hq, internet]
    rules: [{ action: allow, from: any, to: cm01, tcp: [80, 443] }, { action: deny, from: any, to: 203.0.113.7 }]
`;
    const seen = (analysis: Analysis) => [
      analysis.flows().map((flow) => analysis.reach().verdict(flow).kind),
      analysis.findings().map(({ code, message }) => `${code}: ${message}`),
    ];
    const address = 'publicAddresses: [203.0.113.7]';
    const rows = [
      ['', 't', 'trusted', 'trusted: true', 'trusted', ''],
      [address, 'publicAddresses', 'publicAddresses:', address, 'public', ''],
    ];
    for (const row of rows) {
      let analysis = analyse(wan(row[0] ?? ''), SETTINGS);
      seen(analysis);
      for (const line of row) {
        analysis = analyse(wan(line), SETTINGS, analysis);
        assert.deepEqual(seen(analysis), seen(analyse(wan(line), SETTINGS)), `${row.join()}: ${line}`);
      }
    }
  });

  it('other settings make all of it anew, and no mark stays', () => {
    const at = lineIn('servers');
    const before = analyse(FILE, SETTINGS);
    before.findings();
    const typed = analyse(withLine(at, '    d'), SETTINGS, before);
    typed.findings();
    const after = analyse(FILE, { ...SETTINGS }, typed);
    assert.deepEqual(damagedIn(after.topology, 'servers'), []);
  });
});
