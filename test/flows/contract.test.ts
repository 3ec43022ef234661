// Sentences of the contract about who talks to whom that no other small test holds, one by one.
import assert from 'node:assert/strict';
import { analyse } from '../../server/src/analysis.ts';
import type { Flow } from '../../server/src/flows/flow.ts';
import { flowsOf } from '../support/flows.ts';

const HEAD = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535, forest: corp.example }
zones:
  hq: { networks: [10.0.0.0/16] }
  branch: { networks: [10.1.0.0/16] }
  world: { internet: true }
`;
const PRIMARY = 'sites: { PS1: { type: primary, database: { server: cm } } }\n';
const CM = '  cm: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: } }\n';

const flows = (body: string, head = HEAD) => flowsOf(head + body);
const between = (all: readonly Flow[], from: string, connection: string) =>
  all.filter((flow) => flow.from.name === from && flow.connection === connection);
const targets = (all: readonly Flow[]) => [...new Set(all.map(({ to }) => to.name))].sort();
const choices = (all: readonly Flow[]) => [...new Set(all.map(({ anyOf }) => anyOf))];

describe('what Windows itself needs', () => {
  const body = `${PRIMARY}servers:
${CM}  dc1: { zone: hq, roles: { domain-controller: , dns-server: } }
  dc2: { zone: branch, roles: { domain-controller: , dns-server: } }
  lab: { zone: branch, forest: lab.example, roles: { domain-controller: , dns-server: , dhcp-server: } }
  files: { zone: world, roles: { file-server: } }
clients:
  pcs: { site: PS1, zone: branch }
  loose: { site: PS1, zone: hq, workgroup: true, forest: lab.example }
  abroad: { site: PS1, zone: world }
  macs: { site: PS1, zone: branch, kind: mac }
`;
  const all = flows(body).filter(({ phase }) => phase === 'windows');
  const asks = (name: string, port: string) =>
    all.filter(({ from, ports }) => from.name === name && ports.includes(port));

  it('is DNS of the own forest, in the zone where the zone has one, else any of them', () => {
    assert.deepEqual(targets(asks('pcs', '53')), ['dc2']);
    assert.deepEqual(targets(asks('cm', '53')), ['dc1']);
    assert.deepEqual(targets(asks('files', '53')), ['dc1', 'dc2']);
    assert.deepEqual(choices(asks('files', '53')), ['DNS servers of files']);
    assert.deepEqual(targets(asks('lab', '53')), []);
  });

  it('is DNS of the default forest for a workgroup, and no Kerberos', () => {
    assert.deepEqual(targets(asks('loose', '53')), ['dc1']);
    assert.deepEqual(targets(asks('loose', '88')), []);
    assert.deepEqual(targets(asks('pcs', '88')), ['dc2']);
  });

  it('is DHCP of whatever forest, for client groups alone', () => {
    for (const group of ['pcs', 'loose']) assert.deepEqual(targets(asks(group, '67')), ['lab']);
    assert.deepEqual(targets(asks('cm', '67')), []);
  });

  it('is nothing of clients on the internet, nor of macs', () => {
    for (const group of ['abroad', 'macs'])
      assert.deepEqual(
        all.filter(({ from }) => from.name === group),
        [],
      );
  });
});

describe('domain controllers', () => {
  const body = (zone: string, forests = 'true') => `${HEAD.replace('branch: { ', `branch: { ${zone}`)}
sites: { PS1: { type: primary, database: { server: cm }, publishToActiveDirectory: ${forests} } }
servers:
${CM}  dc1: { zone: hq, roles: { domain-controller: { globalCatalog: true } } }
  dc2: { zone: branch, roles: { domain-controller: } }
  dc3: { zone: hq, roles: { domain-controller: } }
  out: { zone: hq, forest: lab.example, roles: { domain-controller: } }
clients: { pcs: { site: PS1, zone: branch } }
`;
  const kerberos = (zone: string) =>
    targets(flowsOf(body(zone)).filter(({ from, ports }) => from.name === 'pcs' && ports.includes('88')));

  it('are those that the zone names for clients too, in any zone', () => {
    assert.deepEqual(kerberos(''), ['dc2']);
    assert.deepEqual(kerberos('domainControllers: [dc1, dc3], '), ['dc1', 'dc3']);
    assert.deepEqual(kerberos('domainControllers: [out], '), ['dc2']);
  });

  it('are chosen for the global catalog among those that hold one', () => {
    const global = (zone: string) =>
      flowsOf(body(zone)).filter(({ from, ports }) => from.name === 'pcs' && ports.includes('3268'));
    for (const zone of ['', 'domainControllers: [dc3], '])
      assert.deepEqual(targets(global(zone)), ['dc1'], zone);
    assert.deepEqual(choices(global('')), ['global catalogs of pcs']);
  });

  it('of other forests are asked for LDAP and RPC where the site publishes there', () => {
    const asked = (forests: string) =>
      flowsOf(body('', forests)).filter(({ from, to }) => from.name === 'cm' && to.name === 'out');
    assert.deepEqual(asked('true'), []);
    assert.deepEqual(choices(asked('[lab.example]')), ['domain controllers of lab.example for cm']);
    assert.ok(asked('[lab.example]').some(({ ports }) => ports.includes('389')));
    assert.ok(asked('[lab.example]').every(({ ports }) => !ports.includes('3268')));
  });
});

describe('a classic gateway', () => {
  const body = (rule: string, proxy = '') => `${HEAD}${PRIMARY}servers:
${CM}  cp: { site: PS1, zone: hq${proxy}, roles: { cloud-management-gateway-connection-point: { gateway: classic, content: false }, management-point: { protocol: https, cloudManagementGateway: true } } }
clients: { abroad: { site: PS1, zone: world } }
firewalls:
  edge:
    zones: [hq, world]
    rules:
      - { action: allow, from: cm, to: world, tcp: [80, 443] }
${rule === '' ? '' : `      - { action: allow, from: cp, to: world, tcp: ${rule} }\n`}`;
  const said = (rule: string) =>
    analyse(body(rule))
      .findings()
      .map(({ code }) => code)
      .filter((code) => code.startsWith('firewall-'));

  it('is reached in two ways, and either is enough', () => {
    const ways = between(
      flowsOf(body('')),
      'cp',
      'cloud-management-gateway-connection-point.cloud-management-gateway.classic',
    );
    assert.deepEqual(choices(ways), ['ways to the gateway of cp']);
    assert.deepEqual(said('[443, 10140]'), []);
    assert.deepEqual(said('443'), ['firewall-blocked-optional']);
    assert.deepEqual(said(''), ['firewall-blocked']);
  });

  it('is not reached over TCP-TLS by a proxy', () => {
    const out = flowsOf(body('', ', proxy: { server: 10.0.0.99, port: 3128 }')).filter(
      ({ from, connection }) => from.name === 'cp' && connection.endsWith('.classic'),
    );
    const directly = out.filter(({ to }) => to.name === 'azure');
    assert.ok(directly.length > 0 && directly.every(({ ports }) => !ports.includes('443')));
    assert.ok(out.some(({ to, ports }) => to.kind === 'proxy' && ports.includes('3128')));
  });
});

describe('a proxy of clients', () => {
  it('takes what they open to the gateway, and nothing of the intranet', () => {
    const all = flows(`${PRIMARY}servers:
${CM}  cp: { site: PS1, zone: hq, roles: { cloud-management-gateway-connection-point: , management-point: { protocol: https, cloudManagementGateway: true } } }
clients: { pcs: { site: PS1, zone: branch, proxy: { server: 10.1.0.99, port: 8080 } } }
boundaryGroups: { b: { members: [branch], servers: [cp], cloudManagementGateway: true } }
`).filter(({ from, phase }) => from.name === 'pcs' && phase === 'operation');
    assert.deepEqual(targets(all), ['10.1.0.99', 'cp']);
    assert.deepEqual(
      new Set(all.filter(({ to }) => to.kind === 'proxy').map(({ ports, to }) => `${ports} ${to.zone}`)),
      new Set(['8080 branch']),
    );
  });

  it('is not asked by the machine that it runs on', () => {
    const all = flows(`${PRIMARY}servers:
  cm: { site: PS1, zone: hq, proxy: { server: cm, port: 3128 }, roles: { site-server: , sms-provider: , sql-server: } }
`);
    assert.deepEqual(between(all, 'cm', 'site-server.internet'), []);
  });
});

describe('a listener', () => {
  const body = (addresses: string) => `sites: { PS1: { type: primary, database: { availabilityGroup: ag } } }
servers:
  cm: { site: PS1, zone: hq, roles: { site-server: , sms-provider: } }
  mp: { site: PS1, zone: hq, roles: { management-point: { databaseReplica: { server: rep } } } }
  rep: { zone: hq, roles: { sql-server: } }
  a: { zone: branch, roles: { sql-server: } }
  b: { zone: hq, roles: { sql-server: } }
availabilityGroups:
  ag: { listener: { name: lsn, addresses: ${addresses} }, replicas: [{ server: a }, { server: b }] }
`;
  const places = (addresses: string) => [
    ...new Set(
      flows(body(addresses)).flatMap(({ from, to }) =>
        from.name === 'cm' && to.kind === 'listener' ? [to.zone] : [],
      ),
    ),
  ];

  it('is one machine in each zone that has one of its addresses, else where its first replica is', () => {
    assert.deepEqual(places('[10.0.0.50, 10.0.0.51]'), ['hq']);
    assert.deepEqual(places('[10.0.0.50, 10.1.0.50]').sort(), ['branch', 'hq']);
    assert.deepEqual(places('[192.0.2.50]'), ['branch']);
  });

  it('is not asked by a management point with a replica of its own', () => {
    const all = flows(body('[10.0.0.50]'));
    assert.deepEqual(
      targets(
        all.filter(({ from, to, phase }) => from.name === 'mp' && to.name !== 'cm' && phase === 'operation'),
      ),
      ['rep'],
    );
  });
});

describe('distribution points', () => {
  const body = (more: string) => `sites:
  PS1: { type: primary, database: { server: cm }, clientPorts: { https: 8443 } }
  S01: { type: secondary, parent: PS1, database: { server: sec } }
servers:
${CM}  mp1: { site: PS1, zone: hq, roles: { management-point: { protocol: https } } }
  mp2: { site: PS1, zone: hq, roles: { management-point: { protocol: https } } }
  out: { site: PS1, zone: hq, roles: { management-point: { protocol: https, clients: internet } } }
  sec: { site: S01, zone: branch, roles: { site-server: , sql-server: } }
${more}`;
  const reports = (more: string) =>
    targets(between(flows(body(more)), 'dp', 'distribution-point.management-point'));

  it('report to the management points in their zone, else to all of their site', () => {
    const at = (zone: string, roles = 'distribution-point: ') =>
      `  near: { site: PS1, zone: branch, roles: { management-point: } }\n  dp: { site: PS1, zone: ${zone}, roles: { ${roles} } }\n`;
    assert.deepEqual(reports(at('branch')), ['near']);
    assert.deepEqual(reports(at('hq')), ['mp1', 'mp2']);
    assert.deepEqual(reports(at('world')), ['mp1', 'mp2', 'near']);
  });

  it('of the internet alone report to management points for the internet first', () => {
    assert.deepEqual(
      reports(
        '  dp: { site: PS1, zone: branch, roles: { distribution-point: { protocol: https, clients: internet } } }\n',
      ),
      ['out'],
    );
  });

  it('of a secondary site without a management point report to those of its primary', () => {
    const dp = '  dp: { site: S01, zone: branch, roles: { distribution-point: } }\n';
    assert.deepEqual(reports(dp), ['mp1', 'mp2']);
    assert.deepEqual(
      targets(
        between(
          flows(body(dp).replace('sql-server: } }\n  dp', 'sql-server: , management-point: } }\n  dp')),
          'dp',
          'distribution-point.management-point',
        ),
      ),
      ['sec'],
    );
  });

  it('of another site are asked on the request ports of that site', () => {
    const all = flowsOf(`${HEAD}sites:
  CAS: { type: central-administration, database: { server: cas } }
  PS1: { type: primary, parent: CAS, database: { server: cm } }
  PS2: { type: primary, parent: CAS, database: { server: cm2 }, clientPorts: { https: 8443 } }
servers:
  cas: { site: CAS, zone: hq, roles: { site-server: , sms-provider: , sql-server: } }
${CM}  cm2: { site: PS2, zone: hq, roles: { site-server: , sms-provider: , sql-server: , distribution-point: { protocol: https } } }
clients: { pcs: { site: PS1, zone: branch } }
boundaryGroups: { b: { members: [branch], servers: [cm2] } }
`);
    assert.deepEqual(
      between(all, 'pcs', 'client.distribution-point').map(({ to, ports }) => `${to.name} ${ports}`),
      ['cm2 8443'],
    );
  });

  it('that answer PXE are a choice of their own among those in use', () => {
    const pxe = between(
      flows(`${PRIMARY}servers:
${CM}  one: { site: PS1, zone: branch, roles: { distribution-point: { pxe: true } } }
  two: { site: PS1, zone: branch, roles: { distribution-point: } }
  far: { site: PS1, zone: hq, roles: { distribution-point: { pxe: true } } }
clients: { pcs: { site: PS1, zone: branch } }
`),
      'pcs',
      'client.distribution-point.pxe',
    );
    assert.deepEqual(targets(pxe), ['one']);
    assert.deepEqual(choices(pxe), ['PXE distribution points of pcs']);
  });
});

describe('the chain of software update points', () => {
  const body = (top: string, child: string) => `sites:
  CAS: { type: central-administration, database: { server: cas } }
  PS1: { type: primary, parent: CAS, database: { server: cm } }
servers:
  cas: { site: CAS, zone: hq, roles: { site-server: , sms-provider: , sql-server: , software-update-point: { ${top} } } }
${CM}  one: { site: PS1, zone: hq, roles: { software-update-point: { ${child} } } }
  two: { site: PS1, zone: hq, roles: { software-update-point: } }
  wsus: { zone: hq, roles: { wsus-server: } }
`;
  const asks = (name: string, top = '', child = '') =>
    flows(body(top, child))
      .filter(
        ({ from, connection }) =>
          from.name === name && /^software-update-point\.(wsus|internet)/.test(connection),
      )
      .map(({ to }) => to.name);

  it('goes up from site to site, and at the top to the internet', () => {
    assert.deepEqual(new Set(asks('two')), new Set(['one']));
    assert.deepEqual(new Set(asks('one')), new Set(['cas']));
    assert.deepEqual(new Set(asks('cas')), new Set(['internet']));
  });

  it('goes to what `upstream` names, and nowhere with none', () => {
    assert.deepEqual(new Set(asks('cas', 'upstream: wsus')), new Set(['wsus']));
    assert.deepEqual(new Set(asks('one', '', 'upstream: wsus')), new Set(['wsus']));
    assert.deepEqual(asks('one', '', 'upstream: none'), []);
    assert.deepEqual(asks('cas', 'upstream: none'), []);
  });
});

describe('cloud services', () => {
  const body = (point: string, gateway: string) => `${PRIMARY}servers:
${CM}  scp: { site: PS1, zone: hq, roles: { service-connection-point: ${point} } }
${gateway}`;
  const opened = (point: string, gateway = '') =>
    flows(body(point, gateway))
      .filter(({ from, to }) => from.name === 'scp' && to.kind === 'cloud')
      .map(({ connection, ports }) => `${connection} ${ports}`);
  const gateway = (content: string) =>
    `  cp: { site: PS1, zone: hq, roles: { cloud-management-gateway-connection-point: { content: ${content} } } }\n`;

  it('are reached by a service connection point unless it is offline, the gateway’s only where there is one', () => {
    assert.deepEqual(opened('{ offline: true }', gateway('true')), []);
    assert.ok(opened('').includes('service-connection-point.internet 80'));
    assert.ok(!opened('').includes('service-connection-point.azure 443'));
    assert.ok(opened('', gateway('true')).includes('service-connection-point.azure 443'));
  });

  it('get content from the site server only where the gateway serves it', () => {
    const stores = (content: string) =>
      between(flows(body('', gateway(content))), 'cm', 'site-server.azure.storage').length;
    assert.deepEqual([stores('true'), stores('false')], [1, 0]);
  });
});

describe('clients of one boundary group', () => {
  it('share content in Windows PE, across groups; without one only within their group', () => {
    const body = (groups: string) => `${PRIMARY}servers:
${CM}clients:
  a: { site: PS1, zone: hq, features: [windows-pe-peer-cache] }
  b: { site: PS1, zone: branch, features: [windows-pe-peer-cache] }
  c: { site: PS1, zone: branch }
${groups}`;
    const peers = (groups: string) =>
      flows(body(groups))
        .filter(({ connection, ports }) => connection === 'client.client' && ports.includes('8003'))
        .map(({ from, to }) => `${from.name} ${to.name}`)
        .sort();
    assert.deepEqual(peers(''), ['a a', 'b b']);
    assert.deepEqual(peers('boundaryGroups: { g: { members: [hq, branch], servers: [cm] } }\n'), [
      'a a',
      'a b',
      'b a',
      'b b',
    ]);
  });
});

describe('mobile devices and macs', () => {
  it('use the enrollment proxy points of their primary from anywhere, on 443, which the list lets nobody change, and nothing else', () => {
    const all = flows(`${PRIMARY}servers:
${CM}  ep: { site: PS1, zone: hq, roles: { enrollment-proxy-point: { httpsPort: 8443 }, management-point: , distribution-point: } }
clients:
  macs: { site: PS1, zone: [branch, world], kind: mac }
  phones: { site: PS1, zone: world, kind: mobile-device }
`);
    for (const group of ['macs', 'phones'])
      assert.deepEqual(
        all.filter(({ from }) => from.name === group).map(({ to, ports }) => `${to.name} ${ports}`),
        ['ep 443'],
      );
  });
});
