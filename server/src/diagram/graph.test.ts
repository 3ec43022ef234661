import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { analyse } from '../analysis.ts';
import { type DiagramGraph, diagramGraph, type GraphOptions, type Place } from './graph.ts';

const HIERARCHY = readFileSync('examples/hierarchy.topology.yaml', 'utf8');

const graphOf = (text: string, options: GraphOptions = { collapse: 'none' }): DiagramGraph =>
  diagramGraph(analyse(text), options);
const lineOf = (text: string, item: { readonly place?: Place } | undefined): string =>
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
    const line = (items: readonly { readonly id: string; readonly place?: Place }[], id: string) =>
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

  it('stands for whatever is being typed', () => {
    for (let length = 0; length < HIERARCHY.length; length += 97)
      assert.doesNotThrow(() => graphOf(HIERARCHY.slice(0, length)));
  });
});
