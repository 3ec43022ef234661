import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import type { Settings } from '../rules/rule.ts';
import { reportHtml } from './html.ts';
import { reportMarkdown } from './markdown.ts';
import { type Page, type PageBlock, type PageCell, table } from './page.ts';
import { reportPage } from './report.ts';

const FILE = `configmgr: 2025-12
name: Contoso
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq:        { networks: [10.1.0.0/16] }
  perimeter: { networks: [192.0.2.0/24] }
  internet:  { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    addresses: [10.1.0.1]
    roles: { site-server: , sms-provider: , sql-server: }
  pub01:
    site: PS1
    zone: perimeter
    addresses: [192.0.2.1]
    siteServerInitiates: true
    roles:
      management-point: { protocol: https, clients: internet }
clients:
  laptops: { site: PS1, zone: internet, internetOnly: true }
firewalls:
  edge:
    zones: [hq, perimeter, internet]
    rules:
      - { name: Clients, action: allow, from: internet, to: pub01, tcp: [443, 10123, 3389], ticket: CHG-1, owner: Ann, reviewed: 2026-01-02, expires: 2026-03-04, description: For laptops }
      # cmtopo-disable-next-line firewall-unused-rule -- kept for the old gateway
      - { name: Old, action: allow, from: pub01, to: cm01, tcp: 9999 }
      - { action: allow, from: 203.0.113.0/24, to: cm01, tcp: 22, configmgr: false }
      - { name: Setup, action: allow, from: cm01, to: pub01, tcp: 445 }
`;

const SETTINGS: Settings = { rules: {}, today: '2026-05-06' };

function pageOf(text: string, settings: Settings = SETTINGS): Page {
  const analysis = analyse(text, settings);
  return reportPage(analysis, {
    file: 'a.topology.yaml',
    edition: analysis.topology.edition ?? '2025-12',
    settings,
  });
}

function plain(cell: PageCell): string {
  const pieces = Array.isArray(cell) ? cell : [cell];
  return pieces
    .map((piece) =>
      typeof piece === 'string' ? piece : (piece.name ?? piece.word ?? piece.strong ?? piece.text),
    )
    .join('');
}

/** The blocks of a section, or of a part of one, by its title. */
function blocksOf(page: Page, title: string): readonly PageBlock[] {
  const all = page.sections.flatMap((section) => [section, ...(section.parts ?? [])]);
  const found = all.find((section) => section.title === title);
  assert.ok(found, `no section ${title}: ${all.map((one) => one.title).join(', ')}`);
  return found.blocks;
}

function sentences(blocks: readonly PageBlock[]): readonly string[] {
  return blocks.flatMap((block) =>
    block.kind === 'text' || block.kind === 'note' ? [plain(block.text)] : [],
  );
}

/** The rows of the tables, each as a record by the words of the header. */
function rowsOf(blocks: readonly PageBlock[]): readonly Readonly<Record<string, string>>[] {
  return blocks.flatMap((block) =>
    block.kind === 'table'
      ? block.rows.map((row) =>
          Object.fromEntries(row.map((cell, index) => [block.header[index] ?? '', plain(cell)])),
        )
      : [],
  );
}

describe('the report', () => {
  const page = pageOf(FILE);

  it('says what is open from the internet, what of it is needed, and what is not', () => {
    const rows = rowsOf(blocksOf(page, 'From the internet'));
    const [anybody] = rows.filter(({ From }) => From === 'anybody');
    assert.deepEqual(
      { ...anybody, 'Needed for': undefined },
      {
        From: 'anybody',
        Reaches: 'pub01',
        Open: 'TCP 443, 3389, 10123',
        'Needed for': undefined,
        'Open and not needed': 'TCP 3389',
        By: "edge (rule 1 'Clients')",
      },
    );
    assert.match(anybody?.['Needed for'] ?? '', /HTTPS/);
  });

  it('lists every rule that lets addresses outside the zones in, also for a part of the internet', () => {
    const rules = rowsOf(blocksOf(page, 'From the internet')).filter(({ Rule }) => Rule !== undefined);
    assert.deepEqual(
      rules.map(({ Rule }) => Rule),
      ["rule 1 'Clients'", 'rule 3'],
    );
  });

  it('counts as open to the internet what no firewall is in front of', () => {
    const open = pageOf(FILE.replace(/firewalls:[\s\S]*/, ''));
    const [row] = rowsOf(blocksOf(open, 'From the internet'));
    assert.equal(row?.Open, 'everything: there is no firewall between them');
    assert.ok(
      sentences(blocksOf(open, 'What is exposed to whom')).some((text) =>
        text.includes('perimeter and internet'),
      ),
    );
  });

  it('puts the internet first, then what goes there, then the other zones in the order of the file', () => {
    const section = page.sections.find(({ id }) => id === 'exposure');
    assert.deepEqual(
      section?.parts?.map(({ title }) => title),
      ['From the internet', 'internet to perimeter', 'hq to internet', 'hq to perimeter', 'perimeter to hq'],
    );
  });

  it('says for each connection whether it gets through, and by what', () => {
    const rows = rowsOf(blocksOf(page, 'hq to perimeter'));
    const states = rows.map(({ Ports, State }) => `${Ports}: ${State}`);
    assert.ok(
      states.some((text) => /^TCP 445: allowed: edge \(rule 4 'Setup'\)$/.test(text)),
      states.join('\n'),
    );
    assert.ok(
      states.some((text) => /^TCP 135.*: blocked: edge \(no rule\)$/.test(text)),
      states.join('\n'),
    );
  });

  it('says that the file does not tell the ports of a connection', () => {
    const unset = pageOf(FILE.replace('os: windows-server-2022, rpcDynamicPorts: 49152-65535', 'zone: hq'));
    const rows = rowsOf(blocksOf(unset, 'hq to perimeter'));
    assert.ok(rows.some(({ Ports }) => Ports?.endsWith('ports that the file does not give')));
    assert.ok(rowsOf(blocksOf(page, 'hq to perimeter')).every(({ Ports }) => !Ports?.includes('not tell')));
  });

  it('has every rule of a firewall with its ticket, owner and dates, and says which day is past', () => {
    const rows = rowsOf(blocksOf(page, 'edge')).filter(({ 'No.': number }) => number !== undefined);
    assert.deepEqual(
      rows.map((row) => row['No.']),
      ['1', '2', '3', '4'],
    );
    const [first, second, third] = rows;
    assert.equal(first?.Rule, 'Clients: For laptops');
    assert.equal(first?.Ticket, 'CHG-1');
    assert.equal(first?.Owner, 'Ann');
    assert.equal(first?.Reviewed, '2026-01-02');
    assert.equal(first?.Expires, '2026-03-04, which is past');
    assert.equal(second?.['Needed for'], 'nothing known');
    assert.equal(third?.['Needed for'], 'something other than Configuration Manager');
    const before = pageOf(FILE, { ...SETTINGS, today: '2026-03-04' });
    assert.equal(rowsOf(blocksOf(before, 'edge'))[0]?.Expires, '2026-03-04');
  });

  it('has the rules that a firewall lacks, as rules-for writes them', () => {
    const rows = rowsOf(blocksOf(page, 'edge')).filter(({ 'What for': what }) => what !== undefined);
    assert.ok(
      rows.some(({ From, To, Ports }) => From === 'cm01' && To === 'pub01' && Ports?.includes('135')),
    );
  });

  it('lists what is silenced with the reason that is given, and that none is', () => {
    const [row] = rowsOf(blocksOf(page, 'Suppressions'));
    assert.equal(row?.Rule, 'firewall-unused-rule');
    assert.equal(row?.['Reason given'], 'kept for the old gateway');
    assert.match(row?.['What it silences'] ?? '', /Old/);
    const twice = pageOf(
      FILE.replace(
        '      - { name: Setup',
        `      # cmtopo-disable-next-line firewall-unused-rule -- another
      - { name: Other, action: allow, from: pub01, to: cm01, tcp: 9998 }
      - { name: Setup`,
      ),
    );
    assert.deepEqual(
      rowsOf(blocksOf(twice, 'Suppressions')).map(
        ({ 'What it silences': what = '' }) => /'(\w+)'/.exec(what)?.[1],
      ),
      ['Old', 'Other'],
    );
    const without = pageOf(FILE.replace(' -- kept for the old gateway', ''));
    assert.equal(rowsOf(blocksOf(without, 'Suppressions'))[0]?.['Reason given'], 'no reason given');
  });

  it('lists the rules that the settings turn off or change', () => {
    const changed = pageOf(FILE, {
      ...SETTINGS,
      rules: { 'firewall-blocked': 'off', 'zone-overlap': 'hint' },
    });
    const rows = rowsOf(blocksOf(changed, 'Suppressions')).filter(({ Here }) => Here !== undefined);
    assert.deepEqual(
      rows.map(({ Rule, Here }) => `${Rule} ${Here}`),
      ['firewall-blocked off', 'zone-overlap Hint'],
    );
  });

  it('has the findings, the loudest first, and not what is silenced', () => {
    const rows = rowsOf(blocksOf(page, 'Findings'));
    const order = ['Error', 'Warning', 'Information', 'Hint'];
    const places = rows.map(({ Severity = '' }) => order.indexOf(Severity));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(rows.some(({ Rule }) => Rule === 'firewall-blocked'));
    assert.ok(!rows.some(({ Rule }) => Rule === 'firewall-unused-rule'));
  });

  it('tells apart what only an installation needs', () => {
    const rows = rowsOf(blocksOf(page, 'Installation only'));
    assert.ok(rows.some(({ From, To }) => From === 'cm01' && To === 'pub01'));
    const none = pageOf(FILE.replace(/firewalls:[\s\S]*/, ''));
    assert.deepEqual(sentences(blocksOf(none, 'Installation only')), [
      'No connection that only an installation needs crosses a firewall.',
    ]);
  });

  it('has the names behind what leaves the file, each with the machines that need it', () => {
    const text = FILE.replace(
      'roles: { site-server: ,',
      'roles: { service-connection-point: , site-server: ,',
    );
    const rows = rowsOf(blocksOf(pageOf(text), 'Endpoints outside the file'));
    const row = rows.find(({ Names = '' }) => Names.split(', ').includes('go.microsoft.com'));
    assert.equal(row?.From, 'cm01');
    assert.match(row?.Document ?? '', /Internet access/);
    assert.ok(
      rows.some(({ From, To, Ports }) => From === 'cm01' && To === 'internet' && Ports?.includes('443')),
    );
    assert.ok(!rows.some(({ From }) => From === 'pub01'));
  });

  it('names the documents with the sections that are used', () => {
    const html = reportHtml(page);
    assert.match(html, /href="https:\/\/learn\.microsoft\.com\/[^"]*\/ports#BKMK_/);
  });

  it('says at its top that it is not complete where a mistake hides something, and lacks nothing then', () => {
    const broken = pageOf(FILE.replace('zone: perimeter', 'zone: perimetre'));
    assert.ok(broken.lead.some((block) => block.kind === 'note'));
    assert.ok(!page.lead.some((block) => block.kind === 'note'));
    assert.ok(
      sentences(blocksOf(broken, 'edge')).some((text) => text.startsWith('Which rules it lacks is not')),
    );
  });

  it('is the same for the same file, and has each id once', () => {
    assert.equal(reportHtml(pageOf(FILE)), reportHtml(page));
    assert.equal(reportMarkdown(pageOf(FILE)), reportMarkdown(page));
    const ids = page.sections.flatMap(({ id, parts = [] }) => [id, ...parts.map((part) => part.id)]);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('leaves out columns in which nothing stands', () => {
    assert.deepEqual(table(['a', 'b', 'c'], [['1', '', [] as readonly string[]]]), [
      { kind: 'table', header: ['a'], rows: [['1']] },
    ]);
    assert.deepEqual(table(['a'], []), []);
  });
});
