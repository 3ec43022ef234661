import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyse } from '../analysis.ts';
import { type DiagramGraph, diagramGraph, type FileRange, type GraphOptions } from './graph.ts';

const HIERARCHY = readFileSync('examples/hierarchy.topology.yaml', 'utf8');

const graphOf = (text: string, options: GraphOptions = { collapse: 'none' }): DiagramGraph =>
  diagramGraph(analyse(text), options);
const lineOf = (text: string, item: { readonly place?: FileRange } | undefined): string =>
  (item?.place && text.split('\n')[item.place.start.line]) ?? '';

describe('diagram graph', () => {
  it('puts every machine into its zone and site', () => {
    const { areas, nodes } = graphOf(HIERARCHY);
    const parents = new Map([...areas, ...nodes].map(({ id, parent }) => [id, parent]));
    assert.equal(parents.get('server:sec01'), 'site:branch/s01');
    assert.equal(parents.get('site:branch/s01'), 'zone:branch');
    assert.equal(parents.get('zone:branch'), undefined);
    // No site is named by a domain controller.
    assert.equal(parents.get('server:dc-branch'), 'zone:branch');
    assert.equal(parents.get('cloud:internet'), 'zone:internet');
  });

  it('bundles the flows of one pair, and joins their ports', () => {
    const { arrows } = graphOf(HIERARCHY);
    const pairs = arrows.map(({ from, to }) => `${from} ${to}`);
    assert.equal(new Set(pairs).size, pairs.length);
    const arrow = arrows.find(({ id }) => id === 'server:sec01>server:sql01');
    assert.deepEqual(arrow?.ports, ['tcp 4022, 14330']);
    assert.equal(arrow?.state, 'allowed');
    assert.deepEqual(arrow?.crossings, [{ firewall: 'firewall:branch-line', blocks: false }]);
  });

  it('says which firewall blocks what, and leads to the rule', () => {
    const text = HIERARCHY.replace(
      'action: allow, from: sec01, to: sql01, tcp: [4022, 14330]',
      'action: deny, from: sec01, to: sql01, tcp: 4022',
    );
    const arrow = graphOf(text).arrows.find(({ id }) => id === 'server:sec01>server:sql01');
    assert.equal(arrow?.state, 'blocked');
    assert.deepEqual(arrow?.blocked, ['tcp 4022, 14330']);
    assert.deepEqual(arrow?.crossings, [{ firewall: 'firewall:branch-line', blocks: true }]);
    assert.match(arrow?.detail.join('\n') ?? '', /firewall branch-line has no rule for it/);
    assert.match(arrow?.detail.join('\n') ?? '', /rule 'Database up' of firewall branch-line denies it/);
  });

  it('leads from everything to the line that says it', () => {
    const { areas, nodes, arrows, firewalls } = graphOf(HIERARCHY);
    const line = (items: readonly { readonly id: string; readonly place?: FileRange }[], id: string) =>
      lineOf(
        HIERARCHY,
        items.find((item) => item.id === id),
      ).trim();
    assert.equal(line(nodes, 'server:mp01'), 'mp01:');
    assert.match(line(areas, 'zone:perimeter'), /^perimeter:/);
    assert.equal(line(areas, 'site:hq/ps1'), 'PS1:');
    assert.equal(line(firewalls, 'firewall:edge'), 'edge:');
    assert.match(line(arrows, 'server:sec01>server:sql01'), /role|sql-server|site-server|management-point/);
  });

  it('draws one box for each site of a zone, or for each zone, and keeps their connections', () => {
    const sites = graphOf(HIERARCHY, { collapse: 'site' });
    assert.ok(sites.nodes.some(({ id, kind }) => id === 'site:hq/ps1' && kind === 'site'));
    assert.ok(!sites.nodes.some(({ id }) => id === 'server:cm01'));
    const zones = graphOf(HIERARCHY, { collapse: 'zone' });
    assert.deepEqual(
      zones.nodes.map(({ id }) => id),
      ['zone:hq', 'zone:branch', 'zone:perimeter', 'zone:internet'],
    );
    assert.deepEqual(zones.areas, []);
    assert.ok(zones.arrows.some(({ id }) => id === 'zone:branch>zone:hq'));
    assert.deepEqual(zones.firewalls[0]?.zones, ['zone:hq', 'zone:branch']);
  });

  it('opens and closes single areas', () => {
    const opened = graphOf(HIERARCHY, { collapse: 'zone', toggled: ['zone:hq'] });
    assert.ok(opened.nodes.some(({ id }) => id === 'site:hq/ps1'));
    const further = graphOf(HIERARCHY, { collapse: 'zone', toggled: ['zone:hq', 'site:hq/ps1'] });
    assert.ok(further.nodes.some(({ id }) => id === 'server:mp01'));
    const alone = graphOf(HIERARCHY, { collapse: 'zone', toggled: ['zone:perimeter'] });
    assert.ok(alone.nodes.some(({ id }) => id === 'server:pub01'));
    assert.ok(opened.nodes.some(({ id }) => id === 'zone:branch'));
    const closed = graphOf(HIERARCHY, { collapse: 'none', toggled: ['site:hq/ps1'] });
    assert.ok(closed.nodes.some(({ id }) => id === 'site:hq/ps1'));
    assert.ok(closed.nodes.some(({ id }) => id === 'server:cas01'));
  });

  it('collapses by itself only what is large', () => {
    assert.equal(graphOf(HIERARCHY, { collapse: 'auto' }).collapse, 'none');
    const servers = Array.from(
      { length: 60 },
      (_, index) => `  s${index}: { site: P0${index % 3}, zone: a, roles: { distribution-point: } }\n`,
    ).join('');
    const large = `configmgr: 2025-12\nzones: { a: {} }\nsites:\n  P00: { type: primary }\n  P01: { type: primary }\n  P02: { type: primary }\nservers:\n${servers}`;
    const graph = graphOf(large, { collapse: 'auto' });
    assert.equal(graph.collapse, 'site');
    assert.equal(graph.nodes.length, 3);
  });

  it('draws one box for many domain controllers that anybody may ask', () => {
    const zones = ['a', 'b', 'c', 'd'];
    const text = `configmgr: 2025-12\nzones: { ${zones.map((zone) => `${zone}: {}`).join(', ')} }\nsites: { P00: { type: primary } }\nservers:\n  cm: { site: P00, zone: d, roles: { site-server: } }\n${zones
      .slice(0, 3)
      .map((zone) => `  dc-${zone}: { zone: ${zone}, roles: { domain-controller: } }\n`)
      .join('')}`;
    const { nodes, arrows } = graphOf(text);
    assert.ok(nodes.some(({ id }) => id === 'role:domain-controller'));
    assert.deepEqual(
      arrows
        .filter(({ from }) => from === 'server:cm')
        .map(({ to }) => to)
        .filter((to) => to !== 'cloud:internet'),
      ['role:domain-controller'],
    );
  });

  it('draws a client group in each of its zones, with what holds there, and says its boundary groups', () => {
    const { nodes, arrows } = graphOf(readFileSync('examples/branches.topology.yaml', 'utf8'));
    const laptops = nodes.filter(({ title }) => title === 'laptops');
    assert.deepEqual(
      laptops.map(({ id, parent, lines }) => [id, parent, lines]),
      [
        ['clients:laptops@hq', 'site:hq/fab', ['1000 clients', 'also in internet', 'boundary group hq']],
        ['clients:laptops@internet', 'site:internet/fab', ['1000 clients', 'also in hq']],
      ],
    );
    const to = (from: string) => arrows.filter((arrow) => arrow.from === from).map((arrow) => arrow.to);
    assert.deepEqual(to('clients:laptops@internet').toSorted(), ['cloud:azure', 'server:out01']);
    assert.ok(!to('clients:laptops@hq').includes('server:out01'));
    assert.deepEqual(arrows.find(({ id }) => id === 'clients:laptops@internet>server:out01')?.crossings, [
      { firewall: 'firewall:edge', blocks: false },
    ]);
  });

  it('puts a firewall between pairs of zones onto the borders of these zones', () => {
    const { firewalls } = graphOf(readFileSync('examples/branches.topology.yaml', 'utf8'));
    const wan = firewalls.find(({ title }) => title === 'wan');
    assert.deepEqual(wan?.zones, ['zone:hq', 'zone:austin', 'zone:boston', 'zone:chicago']);
    assert.ok(wan?.detail.includes('between hq | austin, hq | boston, hq | chicago'), wan?.detail.join('; '));
  });

  /** Two management points at head office, of which the branch reaches one; a listener, and a proxy outside the file. */
  const CHOICES = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.0.0.0/16] }, east: { networks: [10.1.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { availabilityGroup: AG } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.10], proxy: { server: 10.0.0.99, port: 8080 }, roles: { site-server: , sms-provider: , service-connection-point: } }
  sql01: { zone: hq, addresses: [10.0.0.11], roles: { sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.0.0.12], roles: { management-point: { protocol: https } } }
  mp02: { site: PS1, zone: hq, addresses: [10.0.0.13], roles: { management-point: { protocol: https } } }
clients:
  pcs: { site: PS1, zone: east }
availabilityGroups:
  AG: { replicas: [{ server: sql01 }], listener: { name: cm-db, addresses: [10.0.0.50] } }
firewalls:
  wan: { zones: [hq, east, internet], rules: [{ action: allow, from: pcs, to: mp01, tcp: 443 }] }
`;

  it('tells choices and what is optional from what is needed, and marks as blocked only what is missed', () => {
    const { arrows, legend } = graphOf(CHOICES);
    const shown = (text: string, id: string) => {
      const arrow = graphOf(text).arrows.find((one) => one.id === id);
      return arrow && [arrow.state, arrow.need, arrow.needLabel, arrow.blocked, arrow.spare];
    };
    assert.deepEqual(shown(CHOICES, 'clients:pcs>server:mp01'), [
      'allowed',
      'choice',
      'one of 2',
      [],
      ['tcp 10123'],
    ]);
    assert.deepEqual(shown(CHOICES, 'clients:pcs>server:mp02'), [
      'spare',
      'choice',
      'one of 2',
      [],
      ['tcp 443, 10123'],
    ]);
    const closed = CHOICES.replace('tcp: 443', 'tcp: 444');
    assert.deepEqual(shown(closed, 'clients:pcs>server:mp02'), [
      'blocked',
      'choice',
      'one of 2',
      ['tcp 443'],
      ['tcp 10123'],
    ]);
    assert.equal(legend.spare, 'blocked but not needed');
    assert.equal(legend.optional, 'optional, or one of several');
    const mp02 = arrows.find(({ id }) => id === 'clients:pcs>server:mp02');
    assert.match(mp02?.detail.join('\n') ?? '', /tcp 443: HTTPS \(one of 2 is enough\); blocked/);
    assert.ok(mp02?.crossings.every(({ blocks }) => !blocks));
  });

  it('has no legend for kinds of arrow that are not there', () => {
    const { legend } = graphOf(HIERARCHY.replace(/firewalls:\n[\s\S]*/, '').replace(/clients:\n[\s\S]*/, ''));
    assert.equal(legend.spare, undefined);
  });

  it('draws listeners with the site of their database, and proxies outside the file', () => {
    const { nodes, arrows } = graphOf(CHOICES);
    const listener = nodes.find(({ title }) => title === 'cm-db');
    assert.deepEqual([listener?.parent, listener?.lines], ['site:hq/ps1', ['listener of AG', '10.0.0.50']]);
    assert.equal(lineOf(CHOICES, listener).trim().slice(0, 4), 'AG: ');
    assert.ok(arrows.some(({ from, to }) => from === 'server:mp01' && to === listener?.id));
    const proxy = nodes.find(({ title }) => title === '10.0.0.99');
    assert.deepEqual(proxy?.lines, ['web proxy']);
    assert.ok(arrows.some(({ from, to }) => from === 'server:cm01' && to === proxy?.id));
    assert.equal(nodes.find(({ id }) => id === 'server:sql01')?.parent, 'site:hq/ps1');
  });

  it('stands for whatever is being typed', () => {
    for (let length = 0; length < HIERARCHY.length; length += 97)
      assert.doesNotThrow(() => graphOf(HIERARCHY.slice(0, length)));
  });
});
