import assert from 'node:assert/strict';
import { HIERARCHY } from '../../../../test/support/features.ts';
import { analyse } from '../../analysis.ts';
import { type Explanation, explain, flowsOf, isBlocked, machineNamed } from './explanation.ts';
import { explainJson } from './json.ts';
import { explainMarkdown } from './markdown.ts';
import { select } from './select.ts';
import { explainText } from './text.ts';
import { directionSummary, gateTexts, wayText } from './words.ts';

function explained(text: string, from: string, to: string): Explanation {
  const analysis = analyse(text);
  const { topology } = analysis;
  const { edition } = topology;
  assert.ok(edition);
  const flows = analysis.flows();
  const [a, b] = [from, to].map((name) => machineNamed(name, topology, flows));
  assert.ok(a && b && !('unknown' in a) && !('unknown' in b), `${from} or ${to} is unknown`);
  const input = { edition, file: 'a.topology.yaml', topology, flows, reach: analysis.reach() };
  return explain(input, a, b);
}

/** What decides about a port on the way there: the firewalls with what they do. */
function decisions(explanation: Explanation, port: string): readonly string[] {
  const [there] = explanation.directions;
  const flow = there && flowsOf(there).find((one) => one.flow.ports.includes(port));
  assert.ok(flow, `no flow over ${port}`);
  if (flow.way.kind === 'unchecked') return [flow.way.why];
  return gateTexts(flow, explanation.topology).map(({ firewall, text }) => `${firewall}: ${text}`);
}

function unknownName(name: string): string {
  const { topology, flows } = analyse(HIERARCHY);
  const found = machineNamed(name, topology, flows());
  return 'unknown' in found ? found.unknown : '';
}

const plain = (explanation: Explanation, columns = 100) =>
  explainText(explanation, (_, text) => text, columns);

/** Two firewalls in a row, and rules that share a flow between them. */
const CHAIN = HIERARCHY.replace('  dmz: {', '  mid: {}\n  dmz: {').replace(
  /firewalls:\n[\s\S]*/,
  `firewalls:
  inner:
    zones: [hq, mid]
    rules:
      - { name: Mapper, action: allow, from: cm01, to: dp-dmz, tcp: 135, udp: 135 }
      - { action: deny, from: any, to: dmz, tcp: 445 }
      - { name: First half, action: allow, from: hq, to: dmz, tcp: 49152-60000 }
      - { name: Second half, action: allow, from: hq, to: dmz, tcp: 60001-65535 }
  outer:
    zones: [mid, dmz]
    rules:
      - { name: All, action: allow, from: cm01, to: dmz, tcp: [1-444, 446-60000], udp: any }
`,
);

describe('explain', () => {
  it('tells the roles at both ends, the section of the document and its address', () => {
    const { directions } = explained(HIERARCHY, 'cm01', 'dp-dmz');
    const reason = directions[0]?.reasons.find(({ connection }) => connection.startsWith('site-server.'));
    assert.equal(reason?.fromRole, 'Site server');
    assert.equal(reason?.toRole, 'Distribution point');
    assert.equal(reason?.purpose, 'Site server to Distribution point');
    const [section] = reason?.sections ?? [];
    assert.equal(section?.edition, '2017-09');
    assert.match(section?.url ?? '', /^https:.*#BKMK_PortsSite-DP$/);
  });

  it('keeps what one machine opens apart from what the other opens', () => {
    const { directions } = explained(HIERARCHY, 'CM01', 'dp-dmz');
    assert.deepEqual(
      directions.map(({ from, to }) => `${from.name} ${to.name}`),
      ['cm01 dp-dmz', 'dp-dmz cm01'],
    );
    for (const direction of directions)
      for (const { flow } of flowsOf(direction)) assert.equal(flow.from.name, direction.from.name);
    assert.ok(directions.every((direction) => flowsOf(direction).length > 0));
  });

  it('says which port the document has where this file sets another', () => {
    const { directions } = explained(HIERARCHY, 'cm01', 'sql01');
    const sql = directions.flatMap(flowsOf).find(({ flow }) => flow.ports.includes('1444'));
    assert.equal(sql?.documented, '1433');
    assert.equal(sql?.setting, 'instances.port');
  });

  it('does not call one of the documented ports another port', () => {
    const wsus = (text: string, port: string) =>
      explained(text, 'desktops', 'cm01')
        .directions.flatMap(flowsOf)
        .find(({ flow }) => flow.ports.join() === port);
    const documented = wsus(HIERARCHY, '8530');
    assert.ok(documented);
    assert.equal(documented.documented, undefined);
    assert.equal(wsus(HIERARCHY.replace('8530', '9530'), '9530')?.documented, '80 or 8530');
  });

  it('names the rule that lets a flow through, with its line', () => {
    const line = HIERARCHY.split('\n').findIndex((one) => one.includes('from: cm01, to: dp-dmz')) + 1;
    assert.deepEqual(decisions(explained(HIERARCHY, 'cm01', 'dp-dmz'), '445'), [
      `edge: rule 1 (line ${line}) lets it through`,
    ]);
  });

  it('follows a chain of firewalls in order, each with its own verdict', () => {
    const explanation = explained(CHAIN, 'cm01', 'dp-dmz');
    const [there, back] = explanation.directions;
    assert.ok(there && back);
    assert.equal(wayText(there, explanation.topology), 'Zone hq, firewall inner, firewall outer, zone dmz.');
    assert.equal(wayText(back, explanation.topology), 'Zone dmz, firewall outer, firewall inner, zone hq.');
    const shown = (port: string) =>
      decisions(explanation, port).map((one) => one.replace(/\(line \d+\) ?/g, ''));
    assert.deepEqual(shown('135'), [
      "inner: rule 1 'Mapper' lets it through",
      "outer: rule 1 'All' lets it through",
    ]);
    assert.deepEqual(shown('445'), ['inner: rule 2 denies it', 'outer: no rule for it: denied by default']);
    assert.deepEqual(shown('49152-65535'), [
      "inner: rule 3 'First half' for TCP 49152-60000, rule 4 'Second half' for TCP 60001-65535 let it through",
      "outer: no rule for TCP 60001-65535: denied by default; rule 1 'All' lets TCP 49152-60000 through",
    ]);
  });

  it('says that there is no firewall between machines of one zone, and does not count verdicts', () => {
    const explanation = explained(HIERARCHY, 'cm01', 'sql01');
    const [there] = explanation.directions;
    assert.ok(there);
    assert.equal(wayText(there, explanation.topology), 'No firewall: both are in zone hq.');
    assert.match(directionSummary(there), /^\d+ connections$/);
    assert.doesNotMatch(plain(explanation), /allowed/);
  });

  it('says that the file has no firewalls, also where it has no zones', () => {
    const text = HIERARCHY.replace(/firewalls:\n[\s\S]*/, '').replaceAll(/ {4}zone: \w+\n/g, '');
    const explanation = explained(text, 'cm01', 'dp-dmz');
    assert.match(plain(explanation), /The file has no firewalls\./);
    assert.doesNotMatch(plain(explanation), /not checked/);
  });

  it('tells what is missing where traffic cannot be judged', () => {
    const homeless = HIERARCHY.replace('    zone: dmz\n', '');
    assert.deepEqual(decisions(explained(homeless, 'cm01', 'dp-dmz'), '445'), ['dp-dmz has no zone']);
    const unset = HIERARCHY.replace('  rpcDynamicPorts: 49152-65535\n', '');
    assert.deepEqual(decisions(explained(unset, 'cm01', 'dp-dmz'), 'dynamic'), [
      'the file does not give its ports',
    ]);
    const broken = HIERARCHY.replace('action: allow, from: dp-dmz', 'action: alow, from: dp-dmz');
    assert.match(decisions(explained(broken, 'cm01', 'dp-dmz'), '445').join(), /firewall edge has a mistake/);
    const outside = explained(HIERARCHY, 'cm01', 'internet');
    assert.match(decisions(outside, '80').join(), /no zone is marked internet/);
  });

  it('says that only some clients of a group get through', () => {
    const text = HIERARCHY.replace('from: desktops, to', 'from: 10.10.0.0/17, to').replace(
      '    count: 4000',
      '    networks: [10.10.0.0/16]\n    count: 4000',
    );
    assert.match(
      decisions(explained(text, 'desktops', 'dp-dmz'), '443').join(),
      /no rule for it.*only some of the clients/,
    );
  });

  it('says of a server that only some of its addresses get through', () => {
    const text = HIERARCHY.replace(
      '    zone: hq\n',
      '    zone: hq\n    addresses: [10.10.0.10, 10.10.0.11]\n',
    )
      .replace('    zone: dmz\n', '    zone: dmz\n    addresses: [192.0.2.10]\n')
      .replace(
        'firewalls:\n',
        'firewalls:\n  own: { hosts: [dp-dmz], rules: [{ action: allow, from: 10.10.0.11, to: any }] }\n  first: { hosts: [cm01], outbound: deny, rules: [{ action: allow, from: 10.10.0.10, to: any }] }\n',
      );
    assert.match(
      decisions(explained(text, 'cm01', 'dp-dmz'), '445').join('\n'),
      /no rule for it.*only some of the addresses/,
    );
  });

  it('finds what is outside the file by its name in the documents, and servers by their full name', () => {
    const text = HIERARCHY.replace(
      '    site: PS1\n    zone: hq\n',
      '    site: PS1\n    fqdn: cm01.example.com\n    zone: hq\n',
    );
    const { from, to } = explained(text, 'CM01.example.com', 'Internet');
    assert.deepEqual([from.name, to.name], ['cm01', 'internet']);
  });

  it('finds a listener in each of its zones, and a proxy outside the file, by their names', () => {
    const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, dr: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { availabilityGroup: AG1 } } }
availabilityGroups:
  AG1: { listener: { name: CMDB, addresses: [10.1.0.9, 10.2.0.9] }, replicas: [{ server: sql01 }, { server: sql02 }] }
servers:
  cm01: { site: PS1, zone: hq, proxy: { server: proxy.example, port: 8080 }, roles: { site-server: } }
  sql01: { zone: hq, roles: { sql-server: } }
  sql02: { zone: dr, roles: { sql-server: } }
`;
    const { to, directions } = explained(text, 'cm01', 'cmdb');
    assert.deepEqual([to.name, to.kind, to.zone], ['CMDB', 'listener', 'hq, dr']);
    assert.ok(directions[0] && flowsOf(directions[0]).every(({ flow }) => flow.ports.includes('1433')));
    assert.equal(explained(text, 'cm01', 'PROXY.example').to.kind, 'proxy');
  });

  it('tells what to name instead of an unknown machine, a zone or a site', () => {
    assert.match(unknownName('cm1'), /no server or client group 'cm1'.*did you mean cm01\?$/);
    assert.match(unknownName('destops'), /did you mean desktops\?$/);
    assert.match(unknownName('hq'), /^hq is a zone; .*such as cm01, sql01/);
    assert.match(unknownName('ps1'), /^ps1 is a site; .*such as cm01/);
    assert.match(unknownName('edge'), /^edge is a firewall/);
    assert.doesNotMatch(unknownName('something-else-altogether'), /did you mean/);
  });

  it('shows a group and itself once', () => {
    const { directions } = explained(HIERARCHY, 'desktops', 'desktops');
    assert.equal(directions.length, 1);
  });
});

describe('explain for a terminal', () => {
  it('keeps within the columns, ports below ports', () => {
    for (const columns of [60, 80, 100]) {
      const text = plain(explained(CHAIN, 'cm01', 'dp-dmz'), columns);
      for (const line of text.split('\n')) assert.ok(line.length <= columns, line);
    }
  });

  it('says once what is decided alike', () => {
    const text = plain(explained(HIERARCHY, 'cm01', 'dp-dmz'));
    const reasons = text.match(/^ {4}why/gm)?.length ?? 0;
    assert.equal(text.match(/lets it through/g)?.length, reasons);
  });

  it('sends no control character of a file to the terminal', () => {
    const text = CHAIN.replace('name: Mapper', 'name: "\\e[31mMapper\\u202e"');
    assert.doesNotMatch(plain(explained(text, 'cm01', 'dp-dmz')), /[\p{Cf}]|(?!\n)\p{Cc}/u);
  });
});

describe('explain for programs and tickets', () => {
  it('gives JSON with every decision', () => {
    const { directions } = JSON.parse(explainJson(explained(CHAIN, 'cm01', 'dp-dmz')));
    const [there] = directions;
    assert.deepEqual(there.firewalls, ['inner', 'outer']);
    const smb = there.flows.find(({ ports }: { ports: readonly string[] }) => ports[0] === '445');
    assert.equal(smb.verdict, 'blocked');
    assert.deepEqual(
      smb.decisions.map(({ firewall, blocked }: { firewall: string; blocked: { rule: number | null } }) => [
        firewall,
        blocked.rule,
      ]),
      [
        ['inner', 2],
        ['outer', null],
      ],
    );
    assert.equal(there.summary.allowed + there.summary.blocked + there.summary.unchecked, there.flows.length);
  });

  it('escapes what the file says in Markdown', () => {
    const text = CHAIN.replace('name: Mapper', "name: '|<b>*x*'");
    const markdown = explainMarkdown(explained(text, 'cm01', 'dp-dmz'));
    assert.ok(markdown.includes('\\|\\<b\\>\\*x\\*'));
    assert.match(markdown, /\| TCP 445 \| [^|]* \| needed \| \*\*blocked\*\* \|/);
  });
});

describe('explain of choices, and of a client group in several zones', () => {
  const TEXT = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.0.0.0/16] }, east: { networks: [10.1.0.0/16] }, roaming: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.10], roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.0.0.12], roles: { management-point: { protocol: https, clients: both } } }
  mp02: { site: PS1, zone: hq, addresses: [10.0.0.13], roles: { management-point: { protocol: https } } }
clients:
  pcs: { site: PS1, zone: [east, roaming] }
firewalls:
  wan: { zones: [hq, east], rules: [{ action: allow, from: east, to: mp01, tcp: 443 }] }
  edge: { zones: [hq, roaming], rules: [{ action: allow, from: roaming, to: mp01, tcp: 443 }] }
`;

  it('says in every format that one of several is enough, which others there are, and what is optional', () => {
    const explanation = explained(TEXT, 'pcs', 'mp02');
    const text = plain(explanation, 200);
    assert.match(
      text,
      /blocked +TCP 443 +HTTPS; one of 2 is enough, also mp01; for the clients in zone east\n/,
    );
    assert.match(text, /TCP 10123 .*; optional: Client notification falls back to HTTP and HTTPS\./);
    assert.match(text, /2 connections: all blocked \(none of them needed\)/);
    assert.match(
      explainMarkdown(explanation),
      /\| TCP 443 \| HTTPS \| one of 2 is enough, also mp01; for the clients in zone east \| blocked \|/,
    );
    const [there] = JSON.parse(explainJson(explanation)).directions;
    assert.deepEqual(there.summary, { allowed: 0, blocked: 2, unchecked: 0, missed: 0 });
    const [https, notification] = there.flows;
    assert.deepEqual(
      [https.optional, https.anyOf, https.instead, https.zones, https.missed],
      [false, 'management points of pcs', ['mp01'], ['east'], false],
    );
    assert.deepEqual([notification.optional, notification.anyOf], [true, undefined]);
  });

  it('counts as blocked only what is missed', () => {
    assert.equal(isBlocked(explained(TEXT, 'pcs', 'mp02')), false);
    const closed = TEXT.replace('from: east, to: mp01', 'from: east, to: cm01');
    assert.equal(isBlocked(explained(closed, 'pcs', 'mp02')), true);
    assert.match(plain(explained(closed, 'pcs', 'mp02')), /all blocked \(1 of them needed\)/);
  });

  it('tells the way from each zone in which it holds', () => {
    const [both] = explained(TEXT, 'pcs', 'mp01').directions;
    const [one] = explained(TEXT, 'pcs', 'mp02').directions;
    const { topology } = analyse(TEXT);
    assert.ok(both && one);
    assert.equal(
      wayText(both, topology),
      'Zone east, firewall wan, zone hq. Zone roaming, firewall edge, zone hq.',
    );
    assert.equal(wayText(one, topology), 'Zone east, firewall wan, zone hq.');
  });

  it('finds by a zone only what holds there', () => {
    const { topology, flows } = analyse(TEXT);
    const found = select('roaming', topology, flows());
    assert.ok(!('unknown' in found));
    const ends = flows().filter((flow) => flow.from.name === 'pcs' && found.has(flow, 'from'));
    assert.deepEqual([...new Set(ends.map(({ to }) => to.name))], ['mp01']);
  });
});
