import assert from 'node:assert/strict';
import { flowsOf } from '../../../test/support/flows.ts';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { partiesOf } from './parties.ts';
import { type ServingRole, servingOf } from './serving.ts';

const HEAD = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
`;

/** `pcs > dp1 (distribution points of pcs)` for each machine of one connection; `?` where all of it is optional. */
function served(connection: string, body: string): readonly string[] {
  const found = new Map<string, Set<string>>();
  for (const flow of flowsOf(`${HEAD}${body}`)) {
    if (flow.connection !== connection) continue;
    const pair = `${flow.from.name} > ${flow.to.name}`;
    const need = flow.anyOf === undefined ? (flow.optional ? '?' : '') : `(${flow.anyOf})`;
    found.set(
      pair,
      (found.get(pair) ?? new Set()).add(`${need}${flow.zones ? ` in ${flow.zones.join()}` : ''}`),
    );
  }
  return [...found].map(([pair, needs]) => `${pair} ${[...needs].sort().join(' ')}`.trimEnd());
}

/** `dp1: boundary group branch-1` for each site system that a group uses for a role in its first zone. */
function reasons(body: string, group: string, role: ServingRole): readonly string[] {
  const parties = partiesOf(readTopology(parseText(`${HEAD}${body}`)));
  const place = parties.places('windows').find(({ clients }) => clients.name === group);
  assert.ok(place);
  return servingOf(parties)
    .services(place, role)
    .map(({ to, why, optional }) => {
      const of = 'group' in why ? why.group.name : 'zone' in why ? why.zone.name : why.site.name;
      return `${to.endpoint.name}: ${why.kind} ${of}${optional ? '?' : ''}`;
    });
}

/** A site with a distribution point in the middle and in each of two branches. */
const BRANCHES = `
zones: { hq: , br1: , br2: }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: , management-point: { protocol: https }, distribution-point: { protocol: https }, state-migration-point: { protocol: https } } }
  dp1: { site: PS1, zone: br1, roles: { distribution-point: { protocol: https } } }
  dp2: { site: PS1, zone: br2, roles: { distribution-point: { protocol: https } } }
clients: { pcs: { site: PS1, zone: br1 } }
`;
const CONTENT = 'client.distribution-point';
const POLICY = 'client.management-point';

describe('who serves clients on the intranet', () => {
  it('without boundary groups: what is in their zone, else what no boundary group names', () => {
    assert.deepEqual(served(CONTENT, BRANCHES), ['pcs > dp1 (distribution points of pcs)']);
    const elsewhere = BRANCHES.replace('dp1: { site: PS1, zone: br1', 'dp1: { site: PS1, zone: hq');
    assert.deepEqual(reasons(elsewhere, 'pcs', 'distribution-point'), [
      'cm1: default-boundary-group PS1',
      'dp1: default-boundary-group PS1',
      'dp2: default-boundary-group PS1',
    ]);
  });

  it('with boundary groups: what these name, and beside it what none names, optional', () => {
    const body = `${BRANCHES}boundaryGroups: { one: { members: [br1], servers: [dp2] } }\n`;
    assert.deepEqual(reasons(body, 'pcs', 'distribution-point'), [
      'dp2: boundary-group one',
      'cm1: default-boundary-group PS1?',
      'dp1: default-boundary-group PS1?',
    ]);
    assert.deepEqual(served(CONTENT, body), [
      'pcs > cm1 ?',
      'pcs > dp1 ?',
      'pcs > dp2 (distribution points of pcs)',
    ]);
    assert.deepEqual(reasons(body, 'pcs', 'management-point'), ['cm1: assigned-site PS1']);
  });

  it('a member is a client group as well as a zone', () => {
    const body = `${BRANCHES}boundaryGroups: { one: { members: [pcs], servers: [dp2] } }\n`;
    assert.equal(reasons(body, 'pcs', 'distribution-point')[0], 'dp2: boundary-group one');
  });

  it('a neighbor is optional beside their own, needed where only a neighbor has the role', () => {
    const groups = (servers: string) =>
      `${BRANCHES}boundaryGroups: { one: { members: [br1], servers: [${servers}], fallback: [two] }, two: { servers: [dp2, cm1] } }\n`;
    assert.deepEqual(reasons(groups('dp1'), 'pcs', 'distribution-point'), [
      'dp1: boundary-group one',
      'dp2: neighbor two?',
      'cm1: neighbor two?',
    ]);
    assert.deepEqual(served(CONTENT, groups('')), [
      'pcs > cm1 (distribution points of pcs)',
      'pcs > dp1 ?',
      'pcs > dp2 (distribution points of pcs)',
    ]);
  });

  it('what several boundary groups name counts once: as their own before a neighbor, of the first neighbor', () => {
    const groups = `${BRANCHES}boundaryGroups: { one: { members: [br1], servers: [dp1], fallback: [two, three] }, two: { servers: [dp1, dp2] }, three: { servers: [dp2, cm1] } }\n`;
    assert.deepEqual(reasons(groups, 'pcs', 'distribution-point'), [
      'dp1: boundary-group one',
      'dp2: neighbor two?',
      'cm1: neighbor three?',
    ]);
  });

  it('what is at a secondary site below serves them, and what is at a primary site there, a mistake, does not', () => {
    const file = (type: string) => `
sites: { PS1: { type: primary }, LOW: { type: ${type}, parent: PS1 } }
servers: { low: { site: LOW, roles: { distribution-point: } } }
clients: { pcs: { site: PS1 } }
`;
    assert.ok(served(CONTENT, file('secondary')).some((line) => line.startsWith('pcs > low')));
    assert.deepEqual(served(CONTENT, file('primary')), []);
  });

  it('DHCPv6 of a PXE responder goes by the addresses of the server, those of its zone where it has none', () => {
    const file = (addresses: string) => `
zones: { hq: { networks: [10.1.0.0/16, "2001:db8:1::/64"] } }
sites: { PS1: { type: primary } }
servers: { dp: { site: PS1, zone: hq, ${addresses}roles: { distribution-point: { pxe: responder } } } }
clients: { pcs: { site: PS1, zone: hq } }
`;
    const asks = (addresses: string) =>
      flowsOf(`configmgr: 2025-12\n${file(addresses)}`).some(({ ports }) => ports.includes('547'));
    assert.equal(asks(''), true);
    assert.equal(asks('addresses: 10.1.0.5, '), false);
    assert.equal(asks('addresses: [10.1.0.5, "2001:db8:1::5"], '), true);
  });

  it('has no state migration point beside those that a boundary group names', () => {
    const both = `${BRANCHES.replace('dp1: { site: PS1, zone: br1, roles: { ', 'dp1: { site: PS1, zone: br1, roles: { state-migration-point: , ')}boundaryGroups: { one: { members: [pcs], servers: [dp1] } }\n`;
    assert.deepEqual(
      reasons(both, 'pcs', 'state-migration-point').map((reason) => reason.split(':')[0]),
      ['dp1'],
    );
    assert.deepEqual(
      reasons(both, 'pcs', 'distribution-point').map((reason) => reason.replace(/:.*?(\??)$/, '$1')),
      ['dp1', 'cm1?', 'dp2?'],
    );
  });

  it('a neighbor counts only for the roles that fall back to it, and never for state migration points', () => {
    const groups = `boundaryGroups: { one: { members: [br1], servers: [dp1], fallback: { two: [management-point] } }, two: { servers: [cm1] } }\n`;
    const body = `${BRANCHES}${groups}`;
    assert.deepEqual(reasons(body, 'pcs', 'management-point'), ['cm1: neighbor two']);
    assert.ok(reasons(body, 'pcs', 'distribution-point').every((text) => !text.includes('neighbor')));
    const all = body.replace('{ two: [management-point] }', '[two]');
    assert.deepEqual(reasons(all, 'pcs', 'state-migration-point'), []);
  });

  it('a group at a secondary site uses its roles, and the management points of the primary where it registers', () => {
    const body = `
zones: { hq: , br: }
sites:
  PS1: { type: primary, database: { server: cm1 } }
  S01: { type: secondary, parent: PS1, database: { server: sec1 } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: , management-point: { protocol: https }, software-update-point: } }
  sec1: { site: S01, zone: hq, roles: { site-server: , sql-server: , management-point: { protocol: https }, software-update-point: } }
clients: { branch: { site: S01, zone: br } }
`;
    assert.deepEqual(reasons(body, 'branch', 'software-update-point')[0], 'sec1: secondary-site S01');
    const points = served(POLICY, body);
    assert.ok(points.includes('branch > sec1 (management points of branch) ?'), points.join('\n'));
    assert.ok(points.includes('branch > cm1 (management points of PS1 for branch) ?'), points.join('\n'));
    const named = `${body.replace('site: S01, zone: br', 'site: PS1, zone: br')}boundaryGroups: { b: { members: [br], servers: [sec1] } }\n`;
    assert.deepEqual(served(POLICY, named), points);
  });

  it('management points of the primary that a boundary group names are one choice, with nothing beside them', () => {
    const body = `
zones: { hq: , br: }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: , management-point: { protocol: https } } }
  mp2: { site: PS1, zone: hq, roles: { management-point: { protocol: https } } }
clients: { branch: { site: PS1, zone: br } }
boundaryGroups: { b: { members: [br], servers: [mp2] }, other: { members: [], servers: [cm1] } }
`;
    assert.deepEqual(
      new Set(served(POLICY, body)),
      new Set(['branch > mp2 (management points of branch) ?']),
    );
  });

  it('a distribution point of another site serves them where a boundary group names it, other roles do not', () => {
    const body = `
zones: { hq: , br: }
sites: { PS1: { type: primary, database: { server: cm1 } }, PS2: { type: primary, database: { server: cm2 } } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: , management-point: } }
  cm2: { site: PS2, zone: hq, roles: { site-server: , sql-server: , management-point: , distribution-point: } }
clients: { pcs: { site: PS1, zone: br } }
boundaryGroups: { b: { members: [br], servers: [cm2] } }
`;
    assert.deepEqual(reasons(body, 'pcs', 'distribution-point'), ['cm2: boundary-group b']);
    assert.deepEqual(reasons(body, 'pcs', 'management-point'), ['cm1: assigned-site PS1']);
  });

  it('a site system for the internet alone serves nobody on the intranet, though a boundary group names it', () => {
    const body = (clients: string) => `
zones: { hq: }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: } }
  ib1:
    site: PS1
    zone: hq
    roles:
      distribution-point: { protocol: https, clients: ${clients} }
      management-point: { protocol: https, clients: ${clients} }
      software-update-point: { ssl: true, clients: ${clients} }
clients: { pcs: { site: PS1, zone: hq } }
boundaryGroups: { b: { members: [hq], servers: [ib1] } }
`;
    for (const role of ['distribution-point', 'management-point', 'software-update-point'] as const) {
      assert.deepEqual(reasons(body('internet'), 'pcs', role), []);
      assert.deepEqual(reasons(body('both'), 'pcs', role), ['ib1: boundary-group b']);
    }
  });
});

describe('who serves clients on the internet', () => {
  const body = (clients: string, group = 'zone: internet') => `
zones: { hq: , internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, roles: { site-server: , sql-server: } }
  ib1:
    site: PS1
    zone: hq
    roles:
      management-point: { protocol: both, clients: ${clients} }
      distribution-point: { protocol: both, clients: ${clients}, pxe: true, multicast: true }
      software-update-point: { ssl: true, clients: ${clients} }
      fallback-status-point: { clients: ${clients} }
      state-migration-point:
  dc1: { zone: hq, roles: { domain-controller: { globalCatalog: true } } }
clients: { laptops: { site: PS1, ${group}, features: [remote-control] } }
`;
  const fromLaptops = (text: string) =>
    flowsOf(`${HEAD}${text}`).filter(({ from, to }) => from.name === 'laptops' || to.name === 'laptops');

  it('nobody, unless a role says so', () => {
    assert.deepEqual(fromLaptops(body('intranet')), []);
  });

  for (const clients of ['internet', 'both']) {
    it(`roles with clients: ${clients}, over HTTPS; HTTP for the fallback status point alone`, () => {
      const flows = fromLaptops(body(clients));
      const found = flows
        .filter(({ optional }) => !optional)
        .map(({ connection, ports }) => `${connection} ${ports.join()}`);
      assert.deepEqual(found.sort(), [
        'client.distribution-point 443',
        'client.fallback-status-point 80',
        'client.management-point 443',
        'client.software-update-point 8531',
      ]);
    });
  }

  it('zone by zone: in a group in several zones each flow says where it holds', () => {
    const flows = fromLaptops(body('internet', 'zone: [hq, internet]'));
    assert.deepEqual(
      new Set(
        flows
          .filter(({ to }) => to.name === 'ib1' && to.kind === 'server')
          .flatMap(({ connection, zones }) => (connection === POLICY ? (zones ?? []) : [])),
      ),
      new Set(['internet']),
    );
    const toController = flows.filter(({ to }) => to.name === 'dc1');
    assert.ok(toController.length > 0);
    for (const { zones } of toController) assert.deepEqual(zones, ['hq']);
  });

  it('are in no boundary group there, though one names them or their zone', () => {
    const parties = partiesOf(
      readTopology(
        parseText(`${HEAD}
zones: { hq: , internet: { internet: true } }
sites: { PS1: { type: primary } }
clients:
  home: { site: PS1, zone: internet }
  abroad: { site: PS1, zone: hq, internetOnly: true }
  laptops: { site: PS1, zone: [hq, internet] }
boundaryGroups: { all: { members: [home, abroad, laptops, internet, hq] } }
`),
      ),
    );
    const { boundaryGroups } = servingOf(parties);
    assert.deepEqual(
      parties
        .places('windows')
        .map((place) => `${place.clients.name} ${place.zone?.name}: ${boundaryGroups(place).length}`),
      ['home internet: 0', 'abroad hq: 0', 'laptops hq: 1', 'laptops internet: 0'],
    );
  });

  it('internetOnly makes them clients on the internet in any zone', () => {
    assert.ok(fromLaptops(body('both', 'zone: hq, internetOnly: true')).every(({ to }) => to.name === 'ib1'));
  });

  it('the gateway of the hierarchy, of its own and in no choice', () => {
    const gateway = body('intranet').replace(
      'servers:\n',
      'servers:\n  cp1: { site: PS1, zone: hq, roles: { cloud-management-gateway-connection-point: } }\n',
    );
    const flows = fromLaptops(gateway);
    assert.deepEqual(
      new Set(flows.map(({ to, ports }) => `${to.name} ${ports.join()}`)),
      new Set(['azure 443']),
    );
    assert.ok(flows.every(({ anyOf, optional }) => anyOf === undefined && optional === undefined));
    const onIntranet = gateway.replace('zone: internet,', 'zone: hq,');
    assert.ok(fromLaptops(onIntranet).every(({ to }) => to.name !== 'azure'));
    const withGroup = `${onIntranet}boundaryGroups: { b: { members: [hq], servers: [], cloudManagementGateway: true } }\n`;
    assert.ok(fromLaptops(withGroup).some(({ to }) => to.name === 'azure'));
  });
});

describe('domain controllers', () => {
  const body = (extra = '') => `
zones: { hq: { ${extra} }, dmz: }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, forest: corp, roles: { site-server: , sql-server: } }
  mp: { site: PS1, zone: hq, forest: CORP, roles: { management-point: } }
  lab: { site: PS1, zone: hq, forest: lab, roles: { management-point: } }
  dc1: { zone: hq, forest: corp, roles: { domain-controller: } }
  dc2: { zone: dmz, forest: corp, roles: { domain-controller: } }
  dclab: { zone: hq, forest: lab, trusted: true, roles: { domain-controller: } }
  dcext: { zone: hq, forest: ext, trusted: true, roles: { domain-controller: } }
`;
  const asked = (text: string) =>
    served('management-point.domain-controller', text).map((line) => line.replace(/ \(.*/, ''));

  it('are those of the own forest first, then by zone; trusted ones only for machines of the site’s forest', () => {
    assert.deepEqual(asked(body()), ['lab > dclab', 'mp > dc1', 'mp > dcext', 'mp > dclab']);
  });

  it('are those that the zone names, of whatever zone, unless the forest rules them out', () => {
    assert.deepEqual(asked(body('domainControllers: [dc2]')), ['lab > dclab', 'mp > dc2']);
  });
});

describe('a proxy', () => {
  const body = (proxy: string) => `
zones: { hq: { networks: [10.0.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm1 } } }
servers:
  cm1: { site: PS1, zone: hq, proxy: { server: ${proxy}, port: 3128 }, roles: { site-server: , sql-server: , software-update-point: , service-connection-point: } }
  px: { zone: hq }
`;

  it('takes all that its machine opens to the internet and to cloud services over HTTP and HTTPS', () => {
    const flows = flowsOf(`${HEAD}${body('px')}`).filter(({ from }) => from.name === 'cm1');
    assert.deepEqual(
      new Set(flows.map(({ to, ports }) => `${to.name} ${ports.join()}`)),
      new Set(['px 3128']),
    );
  });

  it('that is a server of the file is this server, found by its name in any case', () => {
    const flows = flowsOf(`${HEAD}${body('PX')}`).filter(({ ports }) => ports.includes('3128'));
    assert.deepEqual(
      new Set(flows.map(({ to }) => `${to.kind} ${to.server?.name} in ${to.zone}`)),
      new Set(['server px in hq']),
    );
  });

  it('takes nothing that goes to a machine of the hierarchy, and leaves its own way out to itself', () => {
    const flows = flowsOf(`${HEAD}
zones: { hq: { networks: [10.0.0.0/16] }, internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm1 } }, S01: { type: secondary, parent: PS1, database: { server: sec1 } } }
servers:
  cm1: { site: PS1, zone: hq, proxy: { server: cm1, port: 3128 }, roles: { site-server: , sql-server: , software-update-point: , service-connection-point: } }
  sec1: { site: S01, zone: hq, proxy: { server: cm1, port: 3128 }, roles: { site-server: , sql-server: , software-update-point: } }
`);
    const lines = (from: string, port: string) =>
      flows.filter((flow) => flow.from.name === from && flow.ports.includes(port)).map(({ to }) => to.name);
    assert.deepEqual(lines('sec1', '8530'), ['cm1']);
    assert.deepEqual(
      flows.filter(({ from, to }) => from.name === to.name),
      [],
    );
    assert.ok(!flows.some(({ to }) => to.kind === 'cloud'));
  });

  it('that the file does not tell takes the connections, and nobody knows where', () => {
    const flows = flowsOf(`${HEAD}${body('"?"')}`.replace('server: "?", ', ''));
    assert.deepEqual(
      flows.filter(({ from, to }) => from.name === 'cm1' && to.kind !== 'server'),
      [],
    );
  });

  it('outside the file is a machine of its own, in the zone that has its address', () => {
    const to = (name: string) => flowsOf(`${HEAD}${body(name)}`).find(({ to }) => to.kind === 'proxy')?.to;
    const [near, far] = [to('10.0.9.9'), to('proxy.contoso.com')];
    assert.deepEqual([near?.zone, near?.zones, near?.addresses], ['hq', ['hq'], ['10.0.9.9']]);
    assert.deepEqual([far?.name, far?.zone, far?.zones], ['proxy.contoso.com', undefined, []]);
  });
});

describe('an availability group with a listener', () => {
  it('is asked by its replicas and by its listener, at the listener’s own port', () => {
    const flows = flowsOf(`${HEAD}
zones: { a: { networks: [10.0.0.0/24] }, b: { networks: [10.1.0.0/24] } }
sites: { PS1: { type: primary, database: { availabilityGroup: AG1 } } }
servers:
  cm1: { site: PS1, zone: a, roles: { site-server: , reporting-services-point: } }
  sql1: { site: PS1, zone: a, roles: { sql-server: } }
  sql2: { site: PS1, zone: b, roles: { sql-server: } }
availabilityGroups:
  AG1: { replicas: [ { server: sql1 }, { server: sql2 } ], listener: { name: lsn, port: 1500, addresses: [10.0.0.50, 10.1.0.50] }, endpointPort: 5022 }
`);
    const lines = new Set(
      flows
        .filter(({ to }) => to.kind === 'listener')
        .map(
          ({ from, to, ports, fromRole }) =>
            `${fromRole?.role}: ${from.name} > ${to.name} in ${to.zone} ${ports.join()}`,
        ),
    );
    assert.deepEqual(
      lines,
      new Set(['site-server: cm1 > lsn in a 1500', 'site-server: cm1 > lsn in b 1500']),
    );
    assert.ok(
      flows.some(
        ({ from, to, ports }) => from.name === 'sql1' && to.name === 'sql2' && ports.includes('5022'),
      ),
    );
    for (const replica of ['sql1', 'sql2'])
      assert.ok(flows.some(({ to, ports }) => to.name === replica && ports.includes('1433')));
  });
});
