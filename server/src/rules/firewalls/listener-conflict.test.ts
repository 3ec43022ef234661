import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expectFindings, showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

/** A site whose server has all roles that a website can hold, with SQL Server beside them. */
const site = ({
  ports = '',
  sql = 'MSSQLSERVER:',
  point = '',
  roles = '',
  servers = '',
  edition = '2025-12',
  groups = '',
} = {}) => `configmgr: ${edition}
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
sites:
  PS1:
    type: primary
    database: { server: cm01 }
    clientPorts:
      notification: 10123
      ${ports}
servers:
  cm01:
    site: PS1
    roles:
      site-server:
      sms-provider:
      sql-server:
        instances:
          ${sql}
      management-point:
      distribution-point:
      state-migration-point:
      software-update-point: ${point}
      ${roles}
${servers}${groups}`;
const only = { only: ['listener-conflict'] };

describe('listener-conflict', () => {
  it('finds each port that two services want, at the port that somebody wrote', () => {
    expectFindings(
      site({
        ports: `http: 8080
      https: 8531 # want listener-conflict "software update point (HTTPS)" <8531>`,
        sql: 'MSSQLSERVER: { port: 8530 } # want listener-conflict "Software update point (HTTP) and SQL Server instance MSSQLSERVER on cm01 cannot share port 8530" <8530>',
      }),
    );
    expectFindings(
      site({ sql: 'MSSQLSERVER: { port: 10123 } # want listener-conflict "client notification" <10123>' }),
    );
  });

  it('lets the roles of one website share its ports, and WSUS those of the default one', () => {
    const more = `reporting-services-point:
      fallback-status-point:
      enrollment-point:
      enrollment-proxy-point:
`;
    const catalog = `      application-catalog-website-point:
      application-catalog-web-service-point:
`;
    expectFindings(site({ roles: more, point: '{ httpPort: 80, httpsPort: 443 }' }), only);
    expectFindings(
      site({ roles: more + catalog, edition: '2017-09', point: '{ httpPort: 80, httpsPort: 443 }' }),
      only,
    );
    expectFindings(site({ roles: 'wsus-server:' }), only);
  });

  it('lets WSUS share a website of the site that has both of its ports', () => {
    const point = '{ httpPort: 9000, httpsPort: 9001 }';
    expectFindings(site({ ports: 'http: 9000\n      https: 9001', point }), only);
    expectFindings(
      site({ ports: 'http: 9000', point: `${point} # want listener-conflict "port 9000" <9000>` }),
      only,
    );
  });

  it('knows that one port is bound to HTTP or to HTTPS', () => {
    const both = 'reporting-services-point: { httpPort: 8443, httpsPort: 8444';
    expectFindings(
      site({ ports: 'https: 8443', roles: `${both} } # want listener-conflict "port 8443" <8443>` }),
    );
    expectFindings(site({ ports: 'https: 8443', roles: `${both}, protocol: https }` }));
  });

  it('is quiet where another rule says it', () => {
    expectFindings(site({ ports: 'http: [8080]\n      https: 8080 # want client-port-duplicate' }));
    expectFindings(site({ point: '{ httpPort: 443 } # want wsus-port-pair' }));
    expectFindings(
      site({
        sql: 'MSSQLSERVER: { port: 1500 }\n          B: { port: 1500 } # want sql-port-conflict',
      }),
    );
  });

  it('looks at the endpoint of an availability group, and not at its listener', () => {
    const group = (endpoint: string) =>
      site({
        groups: `availabilityGroups:
  ag:
    listener: { name: agl, addresses: 10.0.0.9, port: 1433 }
    endpointPort: ${endpoint}
    replicas: [{ server: cm01 }]
`,
      });
    expectFindings(group('5022'), only);
    expectFindings(
      group('1433 # want listener-conflict "endpoint of availability group ag" <1433>').replace('\n\n', '\n'),
      only,
    );
  });

  it('knows what has its port whatever the file says', () => {
    expectFindings(
      site({ sql: 'MSSQLSERVER: { port: 445 } # want listener-conflict "Server Message Block"' }),
      only,
    );
    expectFindings(
      site({
        servers: `  dc01:
    roles:
      domain-controller:
      sql-server: { instances: { MSSQLSERVER: { port: 3268 } } } # want listener-conflict "Global catalog LDAP"
`,
      }),
      only,
    );
  });

  it('finds a proxy on the port of a website', () => {
    expectFindings(
      site({
        ports: 'http: 8080',
        servers: `  cm02:
    site: PS1
    proxy: { server: cm01, port: 8080 } # want listener-conflict "web proxy" <8080>
    roles: { distribution-point: }
`,
      }),
      only,
    );
  });

  it('says once what one port of the site does on many servers', () => {
    const points = Array.from(
      { length: 60 },
      (_, index) => `  mp${index}: { site: PS1, roles: { management-point: } }\n`,
    ).join('');
    const analysis = expectFindings(
      site({
        ports: 'http: 10123 # want listener-conflict "on cm01, mp0, mp1 and 58 more"',
        servers: points,
      }).replace('      notification: 10123\n', ''),
      only,
    );
    const [finding] = analysis.findings().filter(({ code }) => code === 'listener-conflict');
    assert.equal(finding?.related?.length, 50);
  });

  it('says nothing of ports that could not be read', () => {
    const sql = 'MSSQLSERVER: { port: 8530 }';
    expectFindings(site({ point: '{ httpPort: 85300 }', sql }), only);
    expectFindings(site({ point: '{ htpPort: 9000 }', sql }), only);
    expectFindings(site({ roles: 'reporting-services-point: { protcol: https, httpPort: 1433 }' }), only);
    expectFindings(
      site({ ports: 'notfication: 8080\n      http: 10123' }).replace('ion: 10123', ': 1'),
      only,
    );
  });

  it('is quiet about the shipped examples', () => {
    for (const name of ['hierarchy', 'small', 'branches', 'configmgr-2007']) {
      const text = readFileSync(join('examples', `${name}.topology.yaml`), 'utf8');
      assert.equal(showFindings(analyse(text)), '');
    }
  });
});
