import assert from 'node:assert/strict';
import fc from 'fast-check';
import { flowLine, flowsOf, linesOf } from '../../../test/support/flows.ts';
import { catalogOf } from '../catalog/index.ts';
import { EDITIONS, type Edition } from '../catalog/types.ts';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { computeFlows } from './compute.ts';
import type { Flow } from './flow.ts';

/** Every role of the format once or more, with an option for every variant; a topology in which each connection has a pair. */
const EVERYTHING = `
zones: { lan: {}, net: { internet: true } }
sites:
  TOP: { type: primary, database: { server: sql1 }, wakeOnLan: true, wakeUpProxy: true, contentLibrary: files }
  LOW: { type: secondary, parent: TOP, database: { server: low1 } }
servers:
  cm1: { site: TOP, roles: { site-server: } }
  low1: { site: LOW, roles: { site-server: , sql-server: , software-update-point: } }
  sql1: { roles: { sql-server: } }
  provider: { site: TOP, roles: { sms-provider: } }
  mp: { site: TOP, roles: { management-point: { cloudManagementGateway: true } } }
  out: { site: TOP, roles: { management-point: { protocol: https, clients: internet } } }
  dp: { site: TOP, roles: { distribution-point: { pxe: true, multicast: true } } }
  pull: { site: TOP, roles: { distribution-point: { pullFrom: [dp] } } }
  fsp: { site: TOP, roles: { fallback-status-point: , network-device-enrollment-service: } }
  sup: { site: TOP, roles: { software-update-point: { cloudManagementGateway: true }, sql-server: } }
  smp: { site: TOP, roles: { state-migration-point: , exchange-server-connector: } }
  rsp: { site: TOP, roles: { reporting-services-point: , reporting-point: , exchange-server-connector: { to: mail } } }
  web: { site: TOP, roles: { application-catalog-website-point: , enrollment-proxy-point: } }
  svc: { site: TOP, roles: { application-catalog-web-service-point: , enrollment-point: } }
  cloud: { site: TOP, roles: { asset-intelligence-synchronization-point: , endpoint-protection-point: , service-connection-point: } }
  crp: { site: TOP, roles: { certificate-registration-point: , data-warehouse-service-point: } }
  gate: { site: TOP, roles: { cloud-management-gateway-connection-point: } }
  gate2: { site: TOP, roles: { cloud-management-gateway-connection-point: { gateway: classic } } }
  old: { site: TOP, roles: { pxe-service-point: , system-health-validator-point: , server-locator-point: } }
  branch: { site: TOP, roles: { branch-distribution-point: } }
  pc: { site: TOP, roles: { console: } }
  dc: { roles: { domain-controller: { globalCatalog: true } } }
  ca: { roles: { certification-authority: } }
  mail: { roles: { exchange-server: } }
  files: { site: TOP, roles: { file-server: } }
clients:
  pcs: { site: TOP, features: [wake-up-proxy, remote-control, remote-assistance], source: files, installation: [client-push, software-update-point, group-policy, manual, logon-script, software-distribution] }
  roaming: { site: TOP, internetOnly: true }
  macs: { site: TOP, kind: mac }
  phones: { site: TOP, kind: mobile-device }
`;

describe('every connection of the catalog', () => {
  for (const edition of EDITIONS) {
    const flows = flowsOf(`configmgr: ${edition}\n${EVERYTHING}`);
    const made = new Set(flows.map(({ connection }) => connection));

    it(`${edition}: gives a flow in a topology that has everything`, () => {
      const { connections, deployment, clientShares, internetClients, supplements } = catalogOf(edition);
      const wanted = [
        ...connections.map(({ id }) => id),
        ...deployment
          .flatMap(({ method, methods }) => (method === 'all' ? [method] : methods))
          .map((method) => `deployment.${method}`),
        ...(clientShares ? ['client-shares'] : []),
        ...(internetClients ? ['internet-clients'] : []),
      ];
      assert.deepEqual(
        wanted.filter((id) => !made.has(id)),
        [],
      );
      const others = ['windows-server', ...supplements.map(({ id }) => id)];
      assert.deepEqual(
        [...made].filter((id) => !wanted.includes(id) && !others.includes(id)),
        [],
      );
    });

    it(`${edition}: its flows name the section that they come from`, () => {
      const { connections, supplements } = catalogOf(edition);
      const known = [...connections, ...supplements].map((one) => `${one.id} ${one.document} ${one.anchor}`);
      for (const { connection, sources, entry } of flows) {
        assert.ok(sources.length > 0);
        for (const source of sources) {
          assert.equal(source.edition, edition);
          if (entry) assert.ok(known.includes(`${connection} ${source.document} ${source.anchor}`));
        }
      }
    });
  }
});

describe('the ports of a flow', () => {
  const sql = (instance: string, role: string, edition: Edition = '2017-09') =>
    linesOf(
      `configmgr: ${edition}
sites: { PS1: { type: primary, database: { server: sql1${instance} } } }
servers:
  mp: { site: PS1, roles: { management-point: } }
  sql1: { roles: { ${role} } }
`,
      'management-point.sql-server',
    );

  it('of a default instance left unwritten are 1433', () => {
    assert.deepEqual(sql('', 'sql-server:'), ['mp > sql1 tcp 1433']);
    assert.deepEqual(sql('', 'file-server:'), ['mp > sql1 tcp 1433']);
    assert.deepEqual(sql(', instance: mssqlserver', 'sql-server: { instances: { CM: { port: 1500 } } }'), [
      'mp > sql1 tcp 1433',
    ]);
  });

  it('of a named instance without a port, or with dynamic ports, are unknown, and that is no RPC', () => {
    for (const options of ['', 'dynamicPorts: true', 'port: 1500, dynamicPorts: true']) {
      const role = `sql-server: { instances: { CM: { ${options} } } }`;
      assert.deepEqual(sql(', instance: CM', role), ['mp > sql1 tcp dynamic']);
    }
    const flows = flowsOf(`configmgr: 2017-09
sites: { PS1: { type: primary, database: { server: sql1, instance: CM } } }
servers:
  cm1: { site: PS1, roles: { site-server: } }
  sql1: { roles: { sql-server: { instances: { CM: } } } }
`).filter(({ connection }) => connection === 'site-server.sql-server');
    const rpc = flows.filter(({ dynamicRpc }) => dynamicRpc).map(({ service }) => service);
    assert.deepEqual(rpc, ['RPC']);
  });

  it('are not guessed for an instance that the server does not have', () => {
    assert.deepEqual(sql(', instance: GONE', 'sql-server: { instances: { CM: { port: 1500 } } }'), []);
  });

  it('stay 1433 in 2007, whose port list allows no other', () => {
    const role = 'sql-server: { instances: { CM: { port: 1500 } } }';
    assert.deepEqual(sql(', instance: CM', role, '2007'), ['mp > sql1 tcp 1433']);
  });

  it('of dynamic RPC are the range of the target, else that of defaults, else unknown', () => {
    const text = (defaults: string, own: string) => `configmgr: 2017-09
${defaults}
sites: { PS1: { type: primary } }
servers:
  cm1: { site: PS1, rpcDynamicPorts: 6000-6100, roles: { site-server: } }
  dp1: { site: PS1, ${own}roles: { distribution-point: } }
`;
    const range = (defaults: string, own: string) =>
      flowsOf(text(defaults, own)).find(({ dynamicRpc }) => dynamicRpc)?.ports;
    assert.deepEqual(range('defaults: { rpcDynamicPorts: 49152-65535 }', 'rpcDynamicPorts: 5000-5200, '), [
      '5000-5200',
    ]);
    assert.deepEqual(range('defaults: { rpcDynamicPorts: 49152-65535 }', ''), ['49152-65535']);
    assert.deepEqual(range('', ''), ['dynamic']);
  });

  it('of clients at a secondary site are those of its primary, with the alternate', () => {
    const found = linesOf(
      `configmgr: 2017-09
sites:
  PS1: { type: primary, clientPorts: { http: [8080, 80], https: [443, 443] } }
  S01: { type: secondary, parent: PS1 }
servers: { dp1: { site: S01, roles: { distribution-point: } } }
clients: { pcs: { site: PS1 } }
`,
      'client.distribution-point',
    );
    assert.deepEqual(found, ['pcs > dp1 tcp 80,8080', 'pcs > dp1 tcp 443']);
  });
});

describe('what cannot be resolved', () => {
  it('gives no flows and no error: unknown sites, servers, parents, groups, edition', () => {
    const text = `
sites:
  PS1: { type: primary, parent: XXX, database: { server: gone } }
  PS2: { type: primary, database: { availabilityGroup: nope } }
  S01: { type: secondary, parent: S01 }
  S02: { type: secondary, parent: S03 }
  S03: { type: secondary, parent: S02 }
servers:
  a: { site: QQQ, roles: { site-server: , management-point: , software-update-point: { upstream: gone } } }
  b: { site: PS1, roles: { management-point: , software-update-point: } }
  c: { site: PS2, roles: { sms-provider: } }
  d: { roles: { management-point: } }
clients:
  pcs: { site: QQQ }
`;
    assert.deepEqual(flowsOf(text), []);
    const lines = flowsOf(`configmgr: 2017-09\n${text}`).map(flowLine);
    assert.deepEqual(lines, ['a > internet tcp 80']);
  });
});

describe('names', () => {
  it('are found without regard to case, and appear as their owner wrote them', () => {
    const found = linesOf(
      `configmgr: 2025-12
sites: { PS1: { type: primary, database: { server: SQL01, instance: cm } } }
servers:
  Mp01: { site: ps1, roles: { management-point: } }
  sql01: { roles: { sql-server: { instances: { CM: { port: 1500 } } } } }
`,
      'management-point.sql-server',
    );
    assert.deepEqual(found, ['Mp01 > sql01 tcp 1500']);
  });
});

describe('one row in two tables', () => {
  it('gives one flow', () => {
    const found = flowsOf(`configmgr: 2025-12
zones: { net: { internet: true } }
sites: { PS1: { type: primary } }
servers:
  cm: { site: PS1, roles: { site-server: } }
  dp: { site: PS1, zone: net, roles: { distribution-point: { clients: internet, protocol: https }, management-point: } }
`).filter(({ connection, to }) => connection === 'internet-clients' && to.name === 'dp');
    assert.deepEqual(found.map(flowLine), [
      'cm > dp tcp 135 !',
      'cm > dp tcp 445 !',
      'cm > dp tcp dynamic !',
      'cm > dp udp 135 !',
    ]);
    for (const { sources } of found) assert.equal(sources.length, 1);
  });
});

describe('a large hierarchy', () => {
  /** Sites of 200 servers each, most of them distribution points, with a few client groups. */
  function hierarchy(sites: number): string {
    const codes = Array.from({ length: sites }, (_, index) => `P${String(index).padStart(2, '0')}`);
    const lines = [
      'configmgr: 2025-12',
      'sites:',
      '  CAS: { type: central-administration, database: { server: sqlcas } }',
    ];
    for (const code of codes) {
      lines.push(`  ${code}: { type: primary, parent: CAS, database: { server: sql-${code} } }`);
    }
    lines.push(
      'servers:',
      '  sqlcas: { roles: { sql-server: } }',
      '  cas: { site: CAS, roles: { site-server: } }',
    );
    for (const code of codes) {
      lines.push(`  cm-${code}: { site: ${code}, roles: { site-server: , sms-provider: , console: } }`);
      lines.push(`  sql-${code}: { roles: { sql-server: } }`);
      for (let index = 0; index < 198; index++) {
        const role = index < 15 ? 'management-point' : 'distribution-point';
        lines.push(`  s${index}-${code}: { site: ${code}, roles: { ${role}: } }`);
      }
    }
    lines.push('clients:');
    for (const code of codes) {
      for (let index = 0; index < 5; index++)
        lines.push(`  g${index}-${code}: { site: ${code}, installation: [client-push] }`);
    }
    return lines.join('\n');
  }

  it('of 2,000 servers is done before anyone notices (bound far above the measured time)', function () {
    this.timeout(20_000);
    const topology = readTopology(parseText(hierarchy(10)));
    assert.equal(topology.servers.size, 2002);
    // Of the processor, since other programs may keep it busy.
    const start = process.cpuUsage();
    const flows = computeFlows(topology);
    const elapsed = process.cpuUsage(start).user / 1_000;
    assert.ok(flows.length > 50_000);
    assert.ok(elapsed < 2_000, `${Math.round(elapsed)} ms for ${flows.length} flows`);
  });
});

/** Texts of random topologies: names that exist and names that do not, every role, odd structures. */
const randomTopology = (() => {
  const siteCodes = ['AAA', 'BBB', 'CCC', 'DDD'];
  const names = ['s1', 's2', 's3', 's4', 's5', 'azure', 'internet'];
  const roles = [
    'site-server',
    'sms-provider',
    'management-point',
    'distribution-point',
    'fallback-status-point',
    'software-update-point',
    'state-migration-point',
    'reporting-services-point',
    'sql-server',
    'domain-controller',
    'application-catalog-website-point',
    'application-catalog-web-service-point',
    'certificate-registration-point',
    'enrollment-point',
    'enrollment-proxy-point',
    'exchange-server-connector',
    'exchange-server',
    'console',
    'cloud-management-gateway-connection-point',
    'service-connection-point',
    'network-device-enrollment-service',
    'certification-authority',
    'file-server',
    'wsus-server',
    'pxe-service-point',
    'server-locator-point',
    'branch-distribution-point',
    'system-health-validator-point',
    'reporting-point',
    'data-warehouse-service-point',
  ];
  const port = fc.integer({ min: 1, max: 65535 });
  const range = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);
  const anyName = fc.constantFrom(...names, 'gone');
  const anySite = fc.constantFrom(...siteCodes, 'ZZZ');
  const some = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const options = fc.record(
    {
      protocol: fc.constantFrom('http', 'https', 'both'),
      ssl: fc.boolean(),
      httpPort: port,
      httpsPort: port,
      pxe: fc.boolean(),
      multicast: fc.boolean(),
      multicastPorts: range,
      pullFrom: fc.array(anyName, { maxLength: 2 }),
      upstream: fc.oneof(anyName, fc.constant('microsoft-update')),
      to: fc.oneof(anyName, fc.constant('exchange-online')),
      globalCatalog: fc.boolean(),
      gateway: fc.constantFrom('scale-set', 'classic'),
      virtualMachines: fc.integer({ min: 1, max: 3 }),
      instances: fc.dictionary(
        fc.constantFrom('CM', 'MSSQLSERVER'),
        fc.record({ port, serviceBrokerPort: port, dynamicPorts: fc.boolean() }, { requiredKeys: [] }),
        { maxKeys: 2 },
      ),
    },
    { requiredKeys: [] },
  );
  const database = fc.oneof(
    fc.record({ server: anyName, instance: fc.constantFrom('CM', 'X') }, { requiredKeys: ['server'] }),
    fc.constant({ availabilityGroup: 'AG' }),
  );
  const site = fc.record(
    {
      type: fc.constantFrom('central-administration', 'primary', 'secondary'),
      parent: anySite,
      database,
      wakeOnLan: fc.boolean(),
      wakeUpProxy: fc.record({ port }),
      clientPorts: fc.record(
        { http: fc.oneof(port, fc.tuple(port, port)), https: port, notification: port },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ['type'] },
  );
  const server = fc.record(
    {
      site: anySite,
      zone: fc.constantFrom('lan', 'net', 'none'),
      rpcDynamicPorts: range,
      siteServerInitiates: fc.boolean(),
      roles: fc.dictionary(fc.constantFrom(...roles), options, { maxKeys: 6 }),
    },
    { requiredKeys: ['roles'] },
  );
  const group = fc.record(
    {
      site: anySite,
      zone: fc.constantFrom('lan', 'net'),
      kind: fc.constantFrom('windows', 'mac', 'mobile-device'),
      internetOnly: fc.boolean(),
      workgroup: fc.boolean(),
      source: anyName,
      features: fc.subarray(['wake-up-proxy', 'remote-control', 'remote-assistance']),
      installation: fc.subarray([
        'client-push',
        'software-update-point',
        'group-policy',
        'manual',
        'logon-script',
        'software-distribution',
      ]),
    },
    { requiredKeys: ['site'] },
  );
  return fc
    .record({
      configmgr: fc.constantFrom(...EDITIONS),
      defaults: some(fc.record({ rpcDynamicPorts: range })),
      zones: fc.constant({ lan: {}, net: { internet: true } }),
      sites: fc.dictionary(fc.constantFrom(...siteCodes), site),
      servers: fc.dictionary(fc.constantFrom(...names), server),
      clients: fc.dictionary(fc.constantFrom('g1', 'g2', 'g3'), group),
      availabilityGroups: fc.constant({
        AG: { replicas: [{ server: 's1', instance: 'CM' }, { server: 's2' }] },
      }),
    })
    .map((value) => JSON.stringify(value));
})();

describe('flows of any topology', function () {
  this.timeout(60_000);
  const RUNS = { numRuns: 200 };

  it('join two machines; only a client group talks within itself, for wake-up proxy', () => {
    fc.assert(
      fc.property(randomTopology, (text) => {
        for (const { from, to, connection } of flowsOf(text)) {
          if (from === to) assert.equal(connection, 'client.client');
          if (from.kind === to.kind && from.name === to.name) assert.equal(connection, 'client.client');
        }
      }),
      RUNS,
    );
  });

  it('are sorted, occur once, and are the same at every run', () => {
    fc.assert(
      fc.property(randomTopology, (text) => {
        const flows = flowsOf(text);
        const keys = flows.map(sortKey);
        for (let index = 1; index < keys.length; index++) {
          assert.ok(
            before(keys[index - 1] ?? [], keys[index] ?? []),
            `${keys[index - 1]} before ${keys[index]}`,
          );
        }
        const whole = flows.map((flow) =>
          JSON.stringify([flow.from.kind, flow.to.kind, flowLine(flow), flow.connection, flow.service]),
        );
        assert.equal(new Set(whole).size, whole.length);
        assert.deepEqual(flowsOf(text).map(flowLine), flows.map(flowLine));
      }),
      RUNS,
    );
  });

  it('use ports that the catalog or the file gives', () => {
    fc.assert(
      fc.property(randomTopology, (text) => {
        const topology = readTopology(parseText(text));
        for (const flow of computeFlows(topology)) {
          assert.equal(flow.ports.length === 0, flow.protocol === 'icmp');
          for (const port of flow.ports) {
            assert.ok(
              port === 'dynamic' ||
                isDocumented(port, flow) ||
                text.includes(port) ||
                (flow.connection.includes('.cloud-management-gateway.') && /^101[2-5]\d/.test(port)),
              `${port} of ${flow.connection}`,
            );
          }
        }
      }),
      RUNS,
    );
  });

  it('do not depend on the order of the file, but for the software update point that goes out', () => {
    const reversed = (text: string): string => {
      const value: Record<string, unknown> = JSON.parse(text);
      const flip = (map: unknown) => Object.fromEntries(Object.entries(map ?? {}).reverse());
      return JSON.stringify({ ...value, servers: flip(value.servers), clients: flip(value.clients) });
    };
    fc.assert(
      fc.property(randomTopology, (text) => {
        const others = (one: string) =>
          flowsOf(one)
            .filter(({ connection }) => !connection.startsWith('software-update-point.'))
            .map(flowLine);
        assert.deepEqual(others(reversed(text)), others(text));
      }),
      RUNS,
    );
  });

  it('never throws on text that is no topology', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        flowsOf(`configmgr: 2017-09\n${text}`);
      }),
      RUNS,
    );
  });
});

function sortKey({ from, to, protocol, ports, connection }: Flow): readonly (string | number)[] {
  const first = ports[0] === 'dynamic' ? 65536 : Number.parseInt(ports[0] ?? '0', 10);
  return [from.name, from.kind, to.name, to.kind, protocol, first, connection];
}

/** Whether the first key is before the second or is equal to it. */
function before(a: readonly (string | number)[], b: readonly (string | number)[]): boolean {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    if (left !== right) return left < right;
  }
  return true;
}

function isDocumented(port: string, { entry, connection, sources }: Flow): boolean {
  const { edition } = sources[0] ?? {};
  if (edition === undefined) return false;
  const catalog = catalogOf(edition);
  const rows =
    entry?.ports ??
    (connection === 'client-shares'
      ? catalog.clientShares?.ports
      : connection === 'internet-clients'
        ? catalog.internetClients?.tables.flatMap(({ ports }) => ports)
        : connection === 'windows-server'
          ? catalog.windowsServer?.ports
          : catalog.deployment.flatMap(({ ports }) => ports)) ??
    [];
  const defaults = ['8530', '8531', '63000-64000', '4022'];
  return rows.some(({ tcp, udp }) => [...tcp, ...udp].includes(port)) || defaults.includes(port);
}

describe('the flows of a file', () => {
  it('are made without a look at firewalls, groups of addresses and ports, policies, places and mistakes', () => {
    const topology = readTopology(parseText(`configmgr: 2403\n${EVERYTHING}`));
    const untold: Record<string, unknown> = { ...topology };
    for (const name of [
      'firewalls',
      'addressGroups',
      'portGroups',
      'policies',
      'tree',
      'problems',
      'references',
    ])
      Object.defineProperty(untold, name, {
        get() {
          throw new Error(`flows ask for ${name}`);
        },
      });
    const found = computeFlows(untold as unknown as typeof topology);
    assert.equal(found.length, computeFlows(topology).length);
    assert.ok(found.length > 50);
  });
});
