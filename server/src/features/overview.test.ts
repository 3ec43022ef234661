import assert from 'node:assert/strict';
import { HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { codeLenses, type LensData, resolveCodeLens } from './code-lens.ts';
import { type OverviewNode, overview } from './overview.ts';

const TEXT = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  CAS: { type: central-administration, database: { server: sql00 } }
  PS1: { type: primary, parent: CAS, database: { server: sql01 } }
servers:
  cm00: { site: CAS, zone: hq, roles: { site-server: } }
  sql00: { zone: hq, roles: { sql-server: } }
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      management-point: { protocol: http }
      software-update-point: { httpPort: 8530, httpsPort: 8532 }
  sql01: { zone: hq, roles: { sql-server: } }
  dp01: { site: PS1, zone: branch, roles: { distribution-point: } }
  dc01: { zone: hq, roles: { domain-controller: } }
clients:
  desks: { site: PS1, zone: branch, features: [] }
boundaryGroups:
  branch-1: { members: [desks], servers: [dp01] }
firewalls:
  edge:
    zones: [hq, branch]
    rules:
      - { action: deny, from: any, to: any }
`;

/** Every node with those above it. */
function* flat(
  nodes: readonly OverviewNode[],
  above: readonly string[] = [],
): Iterable<readonly [string, OverviewNode]> {
  for (const node of nodes) {
    yield [[...above, node.label].join(' / '), node];
    yield* flat(node.children, [...above, node.label]);
  }
}

function nodesOf(text: string) {
  const tree = overview(analyse(text));
  const byPath = new Map(flat(tree.nodes));
  const node = (path: string): OverviewNode => {
    const found = byPath.get(path);
    assert.ok(found, `${path} is not among ${[...byPath.keys()].join(', ')}`);
    return found;
  };
  return { tree, byPath, node };
}

describe('the overview of a file', () => {
  const { tree, byPath, node } = nodesOf(TEXT);

  it('has sites under their parents, and in them servers with their roles, as people call them', () => {
    assert.deepEqual(
      [...byPath.keys()],
      [
        'Sites',
        'Sites / CAS',
        'Sites / CAS / cm00',
        'Sites / CAS / cm00 / Site server',
        'Sites / CAS / sql00',
        'Sites / CAS / sql00 / SQL Server',
        'Sites / CAS / PS1',
        'Sites / CAS / PS1 / cm01',
        'Sites / CAS / PS1 / cm01 / Site server',
        'Sites / CAS / PS1 / cm01 / Management point',
        'Sites / CAS / PS1 / cm01 / Software update point',
        'Sites / CAS / PS1 / sql01',
        'Sites / CAS / PS1 / sql01 / SQL Server',
        'Sites / CAS / PS1 / dp01',
        'Sites / CAS / PS1 / dp01 / Distribution point',
        'Servers Without a Site',
        'Servers Without a Site / dc01',
        'Servers Without a Site / dc01 / Domain controller',
        'Client Groups',
        'Client Groups / desks',
        'Boundary Groups',
        'Boundary Groups / branch-1',
        'Firewalls',
        'Firewalls / edge',
      ],
    );
    assert.match(node('Sites / CAS').description, /^\d+ blocked · central administration · 2 servers$/);
    assert.match(node('Firewalls / edge').description, /^\d+ blocked · hq \| branch · 1 rule$/);
    assert.equal(node('Servers Without a Site / dc01').description.split(' · ').at(-1), 'hq');
  });

  it('counts a finding where it is, and at everything above', () => {
    const wrong = node('Sites / CAS / PS1 / cm01 / Software update point');
    assert.equal(wrong.errors + wrong.warnings, 1, 'the pair of ports');
    const db = node('Sites / CAS / PS1 / sql01 / SQL Server');
    assert.deepEqual([db.errors, db.warnings], [0, 0]);
    for (const [path, { errors, warnings, children }] of byPath) {
      for (const key of ['errors', 'warnings'] as const) {
        const below = children.reduce((sum, child) => sum + child[key], 0);
        assert.ok({ errors, warnings }[key] >= below, path);
      }
    }
    assert.ok(tree.errors >= node('Sites').errors && tree.errors > 0);
  });

  it('counts as blocked what the lens above a machine or boundary group does', () => {
    const analysis = analyse(TEXT);
    let compared = 0;
    for (const lens of codeLenses(analysis, 'x')) {
      const { machine, kind } = lens.data as LensData;
      const title = resolveCodeLens(analysis, lens, lens.data, 'show').command?.title ?? '';
      const [, blocked = '0'] = /(\d+) blocked/.exec(title) ?? [];
      const own = [...byPath.values()].find(
        (one) => one.name === machine && (one.kind === 'boundary-group') === (kind === 'boundary-group'),
      );
      assert.equal(own?.blocked, Number(blocked), machine);
      if (Number(blocked) > 0) compared++;
    }
    assert.ok(compared >= 4);
    const edge = node('Firewalls / edge');
    assert.equal(edge.blocked, tree.blocked, 'the only firewall blocks all that is blocked');
    assert.equal(node('Firewalls').blocked, edge.blocked);
    assert.equal(node('Sites / CAS').blocked, node('Sites').blocked);
  });

  it('counts of a choice what the alternative lacks that lacks the least', () => {
    const { node: at } = nodesOf(`configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones: { hq: , branch: }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: } }
  sup01: { site: PS1, zone: hq, roles: { software-update-point: { ssl: true } } }
  sup02: { site: PS1, zone: hq, roles: { software-update-point: } }
clients: { desks: { site: PS1, zone: branch, features: [] } }
boundaryGroups: { all: { members: [desks], servers: [sup01, sup02] } }
firewalls: { edge: { zones: [hq, branch], rules: [] } }
`);
    const blocked = (path: string) => at(path).blocked;
    assert.deepEqual(
      [blocked('Sites / PS1 / sup01'), blocked('Sites / PS1 / sup02'), blocked('Client Groups / desks')],
      [2, 1, 1],
    );
    assert.equal(blocked('Sites / PS1'), 1);
    assert.equal(blocked('Firewalls / edge'), 1);
  });

  it('says in lines what the counts are', () => {
    const { details, blocked } = node('Sites / CAS / PS1 / dp01');
    assert.ok(blocked > 1);
    assert.ok(details.includes(`${blocked} needed connections are blocked by firewalls`), details.join('\n'));
  });

  it('leads to the name in the file', () => {
    assert.deepEqual(node('Sites / CAS / PS1 / dp01').range?.start, {
      line: TEXT.split('\n').findIndex((line) => line.startsWith('  dp01')),
      character: 2,
    });
    assert.equal(node('Sites').range, undefined);
  });

  it('has an id of its own for everything', () => {
    const ids = [...byPath.values()].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('is quiet where nothing is wrong', () => {
    const { tree: good, byPath: all } = nodesOf(HIERARCHY);
    assert.deepEqual([good.errors, good.warnings, good.blocked], [0, 0, 0]);
    for (const [path, { description }] of all) assert.doesNotMatch(description, /blocked/, path);
  });

  it('leaves out no site whose parents are a circle, and holds on to what a broken file still says', () => {
    const circle = nodesOf(
      'sites: { AAA: { type: primary, parent: BBB }, BBB: { type: primary, parent: AAA }, CCC: { parent: AAA } }\n',
    );
    assert.deepEqual([...circle.byPath.keys()], ['Sites', 'Sites / AAA', 'Sites / AAA / CCC', 'Sites / BBB']);
    const broken = nodesOf(
      'servers:\n  cm01: { roles: { site-server\n  dp01:\n    roles:\n      distribution',
    );
    assert.ok(broken.tree.errors > 0);
    assert.deepEqual(nodesOf('').tree.nodes, []);
  });
});
