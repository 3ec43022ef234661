// What administrators really have, in its smallest form, each as its whole kind.
import assert from 'node:assert/strict';
import type { Flow } from '../../server/src/flows/flow.ts';
import { flowLine, flowsOf, linesOf } from '../support/flows.ts';

const ZONES = `
zones:
  office: { networks: [10.20.0.0/16] }
  north: { networks: [10.21.0.0/16] }
  south: { networks: [10.22.0.0/16] }
  edge: { networks: [198.51.100.0/24] }
  world: { internet: true }
`;
const SITE = 'sites: { LON: { type: primary, database: { server: main } } }';
const MAIN = 'main: { site: LON, zone: office, roles: { site-server: , sms-provider: , sql-server: } }';

function flows(body: string): readonly Flow[] {
  return flowsOf(`configmgr: 2025-12\ndefaults: { rpcDynamicPorts: 49152-65535 }\n${body}`);
}

/** What a machine opens, and whether it must: `?` at the end for what is optional. */
function opens(body: string, from: string, to?: string): readonly string[] {
  return flows(body)
    .filter((flow) => flow.phase === 'operation' && flow.from.name === from && (!to || flow.to.name === to))
    .map((flow) => `${flowLine(flow)}${flow.optional ? '?' : ''}`);
}

/** The names of what a machine opens something to. */
function targets(body: string, from: string): readonly string[] {
  return [...new Set(flows(body).flatMap((flow) => (flow.from.name === from ? [flow.to.name] : [])))];
}

describe('who serves the clients of a branch', () => {
  const SERVERS = `
servers:
  ${MAIN}
  dpn: { site: LON, zone: north, roles: { distribution-point: { protocol: https } } }
  dps: { site: LON, zone: south, roles: { distribution-point: { protocol: https } } }
clients: { pcn: { site: LON, zone: north }, pcs: { site: LON, zone: south }, pco: { site: LON, zone: office } }
`;

  it('each branch uses the distribution point in its own zone, not that of the other', () => {
    const body = ZONES + SITE + SERVERS;
    assert.deepEqual(opens(body, 'pcn'), ['pcn > dpn tcp 443']);
    assert.deepEqual(opens(body, 'pcs'), ['pcs > dps tcp 443']);
  });

  it('a zone without one uses those that no boundary group names, as one choice', () => {
    const found = flows(ZONES + SITE + SERVERS).filter(({ from }) => from.name === 'pco');
    assert.deepEqual(
      found.map((flow) => `${flowLine(flow)} ${flow.anyOf}`),
      ['pco > dpn tcp 443 distribution points of pco', 'pco > dps tcp 443 distribution points of pco'],
    );
  });

  it('a boundary group goes before the zone; its neighbor is optional', () => {
    const groups = `
boundaryGroups:
  bn: { members: [north], servers: [dps], fallback: [bo] }
  bo: { members: [office], servers: [dpn] }
`;
    const body = ZONES + SITE + SERVERS + groups;
    assert.deepEqual(opens(body, 'pcn'), ['pcn > dpn tcp 443?', 'pcn > dps tcp 443']);
    assert.deepEqual(opens(body, 'pco'), ['pco > dpn tcp 443']);
  });
});

describe('clients on the internet', () => {
  const GATEWAY = 'gate: { site: LON, zone: office, roles: { cloud-management-gateway-connection-point: } }';
  const INNER =
    'inner: { site: LON, zone: office, roles: { management-point: , distribution-point: { pxe: true, multicast: true }, software-update-point: , state-migration-point: } }';
  const body = (outer: string, gateway: string) => `${ZONES}${SITE}
servers:
  ${MAIN}
  ${INNER}
  outer: { site: LON, zone: edge, roles: { ${outer} } }
  ${gateway}
clients:
  roaming: { site: LON, zone: world }
  abroad: { site: LON, zone: office, internetOnly: true, installation: [client-push], features: [remote-control, wake-up-proxy] }
`;
  const FACING =
    'management-point: { protocol: https, clients: internet }, distribution-point: { protocol: https, clients: both, pxe: responder, multicast: true }, software-update-point: { ssl: true, clients: internet }, fallback-status-point: { clients: both }';

  for (const group of ['roaming', 'abroad']) {
    it(`${group}: roles for the internet over HTTPS and the fallback status point over HTTP, nothing else`, () => {
      assert.deepEqual(opens(body(FACING, ''), group), [
        `${group} > outer tcp 80`,
        `${group} > outer tcp 443`,
        `${group} > outer tcp 443`,
        `${group} > outer tcp 8531`,
        `${group} > outer tcp 10123?`,
      ]);
    });

    it(`${group}: with a gateway Azure as well, needed of its own`, () => {
      const azure = flows(body(FACING, GATEWAY)).filter(
        ({ from, to }) => from.name === group && to.name === 'azure',
      );
      assert.deepEqual(
        azure.map(({ connection, anyOf, optional }) => [connection, anyOf, optional]),
        [
          ['client.cloud-distribution-point', undefined, undefined],
          ['client.cloud-management-gateway', undefined, undefined],
        ],
      );
    });

    it(`${group}: a site system in the perimeter for the intranet alone serves none of them`, () => {
      const intranet = 'management-point: { protocol: https }, distribution-point: { protocol: https }';
      assert.deepEqual(targets(body(intranet, ''), group), []);
      assert.deepEqual(targets(body(intranet, GATEWAY), group), ['azure']);
    });
  }

  it('nothing of the site opens anything to them', () => {
    const all = flows(body(FACING, GATEWAY)).filter(({ to }) => to.kind === 'clients');
    assert.deepEqual(all.map(flowLine), []);
  });

  it('a group in the office and abroad needs the one from here and the other from there', () => {
    const both = body(FACING, '').replace(
      'roaming: { site: LON, zone: world }',
      'roaming: { site: LON, zone: [office, world] }',
    );
    const found = flows(both).filter(
      ({ from, connection }) => from.name === 'roaming' && connection === 'client.management-point',
    );
    assert.deepEqual(
      found.map((flow) => `${flowLine(flow)} in ${flow.zones?.join()}`),
      [
        'roaming > inner tcp 80 in office',
        'roaming > inner tcp 443 in office',
        'roaming > inner tcp 10123 in office',
        'roaming > outer tcp 443 in world',
        'roaming > outer tcp 10123 in world',
      ],
    );
  });
});

describe('the way out', () => {
  it('the software update point and the service connection point need 80 and 443', () => {
    const body = `${ZONES}${SITE}
servers:
  ${MAIN}
  out: { site: LON, zone: office, roles: { software-update-point: , service-connection-point: } }
`;
    for (const role of ['software-update-point', 'service-connection-point']) {
      const found = flows(body).filter(({ connection }) => connection === `${role}.internet`);
      assert.deepEqual(found.map(flowLine), ['out > internet tcp 80', 'out > internet tcp 443']);
    }
  });

  it('of two software update points one goes out, the other to it', () => {
    const body = (one: string, two: string) => `${ZONES}${SITE}
servers:
  ${MAIN}
  u1: { site: LON, zone: office, roles: { software-update-point: { ${one} } } }
  u2: { site: LON, zone: office, roles: { software-update-point: { ${two} } } }
`;
    const out = ['internet'];
    assert.deepEqual(
      targets(body('', ''), 'u1').filter((to) => to !== 'main'),
      out,
    );
    assert.deepEqual(
      targets(body('', ''), 'u2').filter((to) => to !== 'main'),
      ['u1'],
    );
    const second = body('', 'upstream: microsoft-update');
    assert.deepEqual(
      targets(second, 'u1').filter((to) => to !== 'main'),
      ['u2'],
    );
    assert.deepEqual(
      targets(second, 'u2').filter((to) => to !== 'main'),
      out,
    );
    const closed = body('upstream: none', '');
    assert.deepEqual(
      targets(closed, 'u1').filter((to) => to !== 'main'),
      [],
    );
    assert.deepEqual(
      targets(closed, 'u2').filter((to) => to !== 'main'),
      ['u1'],
    );
  });
});

describe('secondary sites', () => {
  const body = (group: string, groups = '') => `${ZONES}
sites:
  LON: { type: primary, database: { server: main } }
  L01: { type: secondary, parent: LON, database: { server: sec, instance: EXP } }
servers:
  main: { site: LON, zone: office, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https }, software-update-point: { ssl: true } } }
  sec: { site: L01, zone: north, roles: { site-server: , sql-server: { instances: { EXP: { port: 1433 } } }, management-point: { protocol: https }, software-update-point: { ssl: true } } }
clients:
  pcn: { ${group} }
${groups}`;
  const management = (text: string) =>
    flows(text)
      .filter(({ connection, optional }) => connection === 'client.management-point' && !optional)
      .map(({ to, anyOf }) => `${to.name}: ${anyOf}`);
  const BOTH = ['main: management points of LON for pcn', 'sec: management points of pcn'];

  it('a group at one uses its roles, and the management points of the primary where it registers', () => {
    assert.deepEqual(management(body('site: L01, zone: south')), BOTH);
    assert.deepEqual(opens(body('site: L01, zone: south'), 'pcn', 'main'), [
      'pcn > main tcp 443',
      'pcn > main tcp 8530?',
      'pcn > main tcp 8531?',
      'pcn > main tcp 10123?',
    ]);
  });

  it('so does a group whose boundary group names the secondary’s servers', () => {
    const groups = 'boundaryGroups: { near: { members: [pcn], servers: [sec] } }';
    assert.deepEqual(management(body('site: LON, zone: south', groups)), BOTH);
  });

  it('its software update point serves the zone that it is in', () => {
    const found = opens(body('site: LON, zone: north'), 'pcn', 'sec');
    assert.deepEqual(found, ['pcn > sec tcp 8530', 'pcn > sec tcp 8531']);
  });
});

describe('databases and site servers', () => {
  it('active and passive site server talk both ways, and the passive one needs what the active one needs', () => {
    const body = `${SITE}
servers:
  main: { site: LON, roles: { site-server: , sql-server: , sms-provider: } }
  spare: { site: LON, roles: { site-server: { passive: true } } }
  other: { site: LON, roles: { sms-provider: , software-update-point: } }
`;
    const between = (from: string, to: string) =>
      flows(body)
        .filter((flow) => flow.from.name === from && flow.to.name === to)
        .filter(({ connection }) => connection === 'site-server.site-server.passive')
        .map(({ protocol, ports }) => `${protocol} ${ports}`);
    const ports = ['tcp 135', 'tcp 445', 'tcp 49152-65535', 'udp 135'];
    assert.deepEqual(between('main', 'spare'), ports);
    assert.deepEqual(between('spare', 'main'), ports);
    const needs = (from: string) => opens(body, from, 'other').map((line) => line.slice(from.length));
    assert.deepEqual(needs('spare'), needs('main'));
    assert.ok(needs('spare').length > 0);
  });

  it('roles ask the replicas at their own ports, and the listener at its addresses, in each of their zones', () => {
    const body = `${ZONES}
sites: { LON: { type: primary, database: { availabilityGroup: pair } } }
servers:
  cm: { site: LON, zone: office, roles: { site-server: , sms-provider: } }
  q1: { zone: north, roles: { sql-server: { instances: { CM: { port: 1444 } } } } }
  q2: { zone: south, roles: { sql-server: } }
availabilityGroups:
  pair: { replicas: [{ server: q1, instance: CM }, { server: q2 }], listener: { name: lsn, port: 1501, addresses: [10.21.0.9, 10.22.0.9] }, endpointPort: 5022 }
`;
    const sql = flows(body).filter(
      ({ from, to, service, phase }) =>
        from.name === 'cm' && ['q1', 'q2', 'lsn'].includes(to.name) && phase === 'operation' && service,
    );
    assert.deepEqual(
      [...new Set(sql.map((flow) => `${flowLine(flow)} in ${flow.to.zone}`))],
      [
        'cm > lsn tcp 1501 in north',
        'cm > lsn tcp 1501 in south',
        'cm > q1 tcp 1444 in north',
        'cm > q2 tcp 1433 in south',
      ],
    );
    const replicas = flows(body).filter(({ connection }) => connection === 'sql-server.sql-server.replica');
    assert.deepEqual(replicas.map(flowLine), ['q1 > q2 tcp 5022', 'q2 > q1 tcp 5022']);
  });

  it('WSUS asks its own database, and the site server only cleans it up', () => {
    const body = `
sites: { LON: { type: primary, database: { server: q1, instance: CM } } }
servers:
  cm: { site: LON, roles: { site-server: , sms-provider: } }
  q1: { roles: { sql-server: { instances: { CM: { port: 1433 }, UPD: { port: 1466 } } } } }
  up: { site: LON, roles: { software-update-point: { database: { server: q1, instance: UPD } } } }
`;
    assert.deepEqual(opens(body, 'up', 'q1'), ['up > q1 tcp 1466']);
    assert.deepEqual(
      opens(body, 'cm', 'q1').filter((line) => line.includes('1466')),
      ['cm > q1 tcp 1466?'],
    );
  });

  it('one file server can be the content library of two sites, and a file server alone is none', () => {
    const body = (library: string) => `
sites:
  CEN: { type: central-administration, database: { server: c1 }, ${library} }
  LON: { type: primary, parent: CEN, database: { server: p1 }, ${library} }
servers:
  c1: { site: CEN, roles: { site-server: , sql-server: } }
  c2: { site: CEN, roles: { site-server: { passive: true } } }
  p1: { site: LON, roles: { site-server: , sql-server: } }
  share: { site: LON, roles: { file-server: } }
`;
    const text = (library: string) => `configmgr: 2025-12\n${body(library)}`;
    assert.deepEqual(linesOf(text('contentLibrary: share'), 'site-server.file-server'), [
      'c1 > share tcp 445',
      'c2 > share tcp 445',
      'p1 > share tcp 445',
    ]);
    assert.deepEqual(linesOf(text(''), 'site-server.file-server'), []);
  });
});

describe('forests', () => {
  const body = (more: string) => `${ZONES}${SITE}
servers:
  main: { site: LON, zone: office, forest: a.example, roles: { site-server: , sql-server: } }
  dca: { zone: office, forest: a.example, roles: { domain-controller: { globalCatalog: true } } }
  dcb: { zone: edge, forest: b.example, ${more} roles: { domain-controller: { globalCatalog: true } } }
  mpa: { site: LON, zone: edge, forest: a.example, roles: { management-point: } }
  mpb: { site: LON, zone: office, forest: b.example, roles: { management-point: } }
clients: { pca: { site: LON, zone: edge, forest: a.example }, pcb: { site: LON, zone: office, forest: b.example } }
`;
  const asks = (more: string, from: string) =>
    targets(body(more), from).filter((name) => name === 'dca' || name === 'dcb');

  it('the forest comes before the zone', () => {
    assert.deepEqual(
      ['main', 'mpa', 'mpb', 'pca', 'pcb'].map((from) => [from, ...asks('', from)]),
      [
        ['main', 'dca'],
        ['mpa', 'dca'],
        ['mpb', 'dcb'],
        ['pca', 'dca'],
        ['pcb', 'dcb'],
      ],
    );
  });

  it('a trusted controller counts for machines of the site server’s forest alone', () => {
    assert.deepEqual(asks('trusted: true,', 'mpa'), ['dcb']);
    assert.deepEqual(asks('trusted: true,', 'main'), ['dca']);
    assert.deepEqual(asks('trusted: true,', 'mpb'), ['dcb']);
  });
});

describe('ports and addresses', () => {
  it('client push uses the client’s own RPC range, never that of the servers', () => {
    const push = (more: string) =>
      flows(`${ZONES}${SITE}
servers: { ${MAIN} }
clients: { pc: { site: LON, zone: north, installation: [client-push], ${more} } }
`)
        .filter(({ connection, dynamicRpc }) => connection === 'deployment.client-push' && dynamicRpc)
        .map(({ ports }) => ports.join());
    assert.deepEqual(push(''), ['dynamic']);
    assert.deepEqual(push('os: windows-11'), ['49152-65535']);
    assert.deepEqual(push('os: windows-11, rpcDynamicPorts: 50000-50100'), ['50000-50100']);
  });

  it('UDP 547 only of a PXE responder, where both ends have IPv6', () => {
    const asked = (pxe: string, server: string, clients: string, own = '') =>
      flows(`
zones: { srv: { networks: [10.0.0.0/24, "fd00::/64"] }, pc: { networks: [${clients}] } }
${SITE}
servers:
  main: { site: LON, zone: srv, addresses: [${server}], roles: { distribution-point: { pxe: ${pxe} } } }
clients: { pc1: { site: LON, zone: pc, networks: [${own}] } }
`).some(({ ports }) => ports.includes('547'));
    const [four, six] = ['10.0.0.5', '"fd00::5"'];
    const [pc4, pc6] = ['10.0.1.0/24', '"fd00:1::/64"'];
    assert.equal(asked('responder', six, pc6), true);
    for (const [pxe, server, clients] of [
      ['true', six, pc6],
      ['wds', six, pc6],
      ['responder', four, pc6],
      ['responder', six, pc4],
    ] as const)
      assert.equal(asked(pxe, server, clients), false, `${pxe} ${server} ${clients}`);
    const zone = `${pc4}, ${pc6}`;
    assert.equal(asked('responder', six, zone), true);
    assert.equal(asked('responder', six, zone, '10.0.1.0/25'), false, 'the group has IPv4 of its zone alone');
  });

  it('no client needs TCP 8005 of a distribution point', () => {
    const body = `${SITE}\nservers: { main: { site: LON, roles: { distribution-point: } }, more: { site: LON, roles: { distribution-point: { pullFrom: [main] } } } }\nclients: { pc: { site: LON } }`;
    assert.ok(flows(body).some(({ connection }) => connection === 'client.distribution-point'));
    assert.deepEqual(
      flows(body)
        .filter(({ ports }) => ports.includes('8005'))
        .map(flowLine),
      [],
    );
  });

  it('enhanced HTTP takes both kinds of row, HTTP and HTTPS one each', () => {
    const ports = (protocol: string) =>
      flows(`${SITE}
servers:
  main: { site: LON, roles: { site-server: , sql-server: } }
  mp: { site: LON, roles: { management-point: { protocol: ${protocol}, cloudManagementGateway: true } } }
  cp: { site: LON, roles: { cloud-management-gateway-connection-point: } }
`)
        .filter(({ from, to }) => from.name === 'cp' && to.name === 'mp')
        .map((flow) => flow.ports.join());
    assert.deepEqual(ports('enhanced-http'), ['80', '443']);
    assert.deepEqual(ports('http'), ['80']);
    assert.deepEqual(ports('https'), ['443']);
  });

  it('a server with the policy module needs no site', () => {
    const body = (site: string) => `configmgr: 2025-12
sites: { LON: { type: primary, database: { server: main } }, PAR: { type: primary, database: { server: main } } }
servers:
  main: { site: LON, roles: { sql-server: , certificate-registration-point: } }
  scep: { ${site} roles: { network-device-enrollment-service: } }
`;
    const id = 'network-device-enrollment-service.certificate-registration-point';
    assert.deepEqual(linesOf(body(''), id), ['scep > main tcp 443']);
    assert.deepEqual(linesOf(body('site: LON,'), id), ['scep > main tcp 443']);
    assert.deepEqual(linesOf(body('site: PAR,'), id), []);
  });
});
