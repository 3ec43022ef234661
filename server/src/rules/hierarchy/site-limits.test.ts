import assert from 'node:assert/strict';
import { expectFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';

const HEAD = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
`;
const lines = (count: number, line: (number: number) => string) =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
const code = (number: number) => `Z${number.toString(36).padStart(2, '0').toUpperCase()}`;
const point = (site: string, name: string, count: number, options = '') =>
  lines(
    count,
    (number) => `  ${name}${number}: { site: ${site}, roles: { distribution-point: ${options} } }`,
  );

/** A primary site, what is below it, and more servers and client groups. */
const primary = (parts: {
  sites?: string;
  servers?: string;
  clients?: string;
  parent?: string;
  want?: string;
}) =>
  `${HEAD}sites:
  PS1: { type: primary, ${parts.parent ? `parent: ${parts.parent}, ` : ''}database: { server: cm01 } }${parts.want ? ` # want site-limits "${parts.want}" <PS1>` : ''}
${parts.sites ?? ''}servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: , sql-server: } }
${parts.servers ?? ''}${parts.clients ? `clients:\n${parts.clients}` : ''}`;

const secondaries = (count: number, roles: string) => ({
  sites: lines(
    count,
    (number) => `  ${code(number)}: { type: secondary, parent: PS1, database: { server: z${number} } }`,
  ),
  servers: lines(count, (number) => `  z${number}: { site: ${code(number)}, roles: { ${roles} } }`),
});

const expect = (fixture: string) => expectFindings(fixture, { only: ['site-limits'] });

describe('site-limits', () => {
  it('lets a primary site have 15 management points, and no more', () => {
    const servers = (count: number) =>
      lines(count, (number) => `  mp${number}: { site: PS1, roles: { management-point: } }`);
    expect(primary({ servers: servers(15) }));
    expect(
      primary({
        servers: servers(17),
        want: 'Site PS1 has 17 management points; a primary site supports 15. Remove 2',
      }),
    );
  });

  it('reports each limit of a site, at the one place, and none of a site whose type is not known', () => {
    const points = lines(16, (number) => `  mp${number}: { site: PS1, roles: { management-point: } }`);
    const servers = points + point('PS1', 'dp', 251);
    const found = (text: string) =>
      analyse(text)
        .findings()
        .filter(({ code }) => code === 'site-limits').length;
    assert.equal(found(primary({ servers })), 2);
    assert.equal(found(primary({ servers }).replace('type: primary', 'type: primry')), 0);
    // A site that is its own parent is of no type that anybody knows.
    assert.equal(found(primary({ servers, parent: 'PS1' })), 0);
  });

  it('lets a primary site have 250 secondary sites, and no more', () => {
    expect(primary(secondaries(250, 'site-server: , sql-server: ')));
    expect(
      primary({
        ...secondaries(251, 'site-server: , sql-server: '),
        want: 'has 251 secondary sites; a primary site supports 250. Remove 1',
      }),
    );
  });

  it('lets a primary site have 250 distribution points and 2,000 pull distribution points beside them', () => {
    const pull = (count: number) => point('PS1', 'pull', count, '{ pullFrom: [dp0] }');
    const other = 'servers-of-another-role';
    const more = `  ${other}: { site: PS1, roles: { fallback-status-point: } }\n`;
    expect(primary({ servers: point('PS1', 'dp', 250) + pull(2000) + more }));
    expect(
      primary({
        servers: point('PS1', 'dp', 251) + pull(1) + more,
        want: 'has 251 distribution points; a primary site supports 250.',
      }),
    );
    expect(
      primary({
        servers: point('PS1', 'dp', 1) + pull(2001) + more,
        want: 'has 2,001 pull distribution points; a primary site supports 2,000.',
      }),
    );
  });

  it('counts both kinds of distribution points with those of the secondary sites: 5,000, and no more', () => {
    const two = secondaries(2, 'site-server: , sql-server: , distribution-point: ');
    const pull = (site: string, count: number) =>
      point(site, `pull-${site.toLowerCase()}-`, count, '{ pullFrom: [z0] }');
    // A server of another role and site counts for nothing.
    const servers = (last: number) =>
      `${two.servers}${pull('PS1', 2000)}${pull('Z00', 2000)}${pull('Z01', last)}  fsp: { site: Z00, roles: { fallback-status-point: } }\n`;
    expect(primary({ sites: two.sites, servers: servers(998) }));
    expect(
      primary({
        sites: two.sites,
        servers: servers(999),
        want: 'has 5,001 distribution points, its secondary sites included; a primary site supports 5,000.',
      }),
    );
  });

  it('counts the distribution points of a secondary site for themselves, and no clients there', () => {
    const one = secondaries(1, 'site-server: , sql-server: ');
    const file = (count: number, want = '') =>
      primary({
        sites: one.sites.replace(' }\n', ` }${want}\n`),
        servers: one.servers + point('Z00', 'dp', count),
      });
    expect(file(250));
    expect(
      file(
        251,
        ' # want site-limits "Site Z00 has 251 distribution points; a secondary site supports 250." <Z00>',
      ),
    );
  });

  /** A hierarchy below a central administration site: its first line, and the sites and groups below it. */
  const central = (
    cas: string,
    sites: string,
    servers: string,
    clients: string,
    edition = 'enterprise',
  ) => `${HEAD}sites:
  CAS: { type: central-administration, database: { server: cas01 } }${cas}
${sites}servers:
  cas01: { site: CAS, roles: { site-server: , sms-provider: , sql-server: { instances: { MSSQLSERVER: { edition: ${edition} } } } } }
${servers}${clients ? `clients:\n${clients}` : ''}`;
  const children = (count: number) => ({
    sites: lines(
      count,
      (number) => `  ${code(number)}: { type: primary, parent: CAS, database: { server: z${number} } }`,
    ),
    servers: lines(
      count,
      (number) =>
        `  z${number}: { site: ${code(number)}, roles: { site-server: , sms-provider: , sql-server: } }`,
    ),
  });

  it('lets a central administration site have 25 primary sites, and no more', () => {
    const of = (count: number, want = '') => {
      const { sites, servers } = children(count);
      return central(want, sites, servers, '');
    };
    expect(of(25));
    expect(
      of(
        26,
        ' # want site-limits "Site CAS has 26 primary sites; a central administration site supports 25." <CAS>',
      ),
    );
  });

  it('counts the sites below a site by their type', () => {
    const { sites, servers } = children(25);
    expect(
      central(
        '',
        `${sites}  S01: { type: secondary, parent: CAS, database: { server: s01 } }\n`,
        `${servers}  s01: { site: S01, roles: { site-server: , sql-server: } }\n`,
        '',
      ),
    );
  });

  it('counts the clients of a stand-alone primary site with those of its secondary sites: 175,000', () => {
    const one = secondaries(1, 'site-server: , sql-server: ');
    const of = (count: number, want?: string) =>
      primary({
        sites: one.sites,
        servers: one.servers,
        clients: `  some: { site: PS1, count: 100000 }\n  others: { site: PS1 }\n  far: { site: Z00, count: ${count} }\n`,
        ...(want ? { want } : {}),
      });
    expect(of(75_000));
    expect(of(75_001, 'Site PS1 has 175,001 clients; a primary site supports 175,000.'));
  });

  it('lets a primary site below a central administration site have 150,000 clients', () => {
    const { sites, servers } = children(1);
    const of = (count: number, want = '') =>
      central('', sites.replace(' }\n', ` }${want}\n`), servers, `  all: { site: Z00, count: ${count} }\n`);
    expect(of(150_000));
    expect(
      of(150_001, ' # want site-limits "Site Z00 has 150,001 clients; a primary site supports 150,000."'),
    );
  });

  it('lets a hierarchy with SQL Server Standard at its central administration site have 50,000 clients', () => {
    const { sites, servers } = children(2);
    const another = `${sites}  CA2: { type: central-administration, database: { server: ca2 } }
  APT: { type: primary, parent: CA2, database: { server: apt } }
`;
    const of = (count: number, edition = 'standard') =>
      central(
        '',
        another,
        `${servers}  ca2: { site: CA2, roles: { site-server: , sms-provider: , sql-server: } }
  apt: { site: APT, roles: { site-server: , sms-provider: , sql-server: } }
`,
        `  a: { site: Z00, count: 25000 }
  b: { site: Z01, count: ${count} }
  none: { site: Z01 }
  apart: { site: APT, count: 100000 }
`,
        edition,
      );
    expect(of(25_000));
    expect(of(25_001, 'enterprise'));
    const analysis = expect(
      of(25_001).replace(
        'standard } } } } }',
        'standard } } } } } # want site-limits "The hierarchy below CAS has 50,001 clients; with SQL Server Standard at the central administration site it supports 50,000" <standard>',
      ),
    );
    const [finding] = analysis.findings().filter((one) => one.code === 'site-limits');
    assert.deepEqual(
      finding?.related?.map(({ span }) => analysis.text.slice(span.start, span.end)),
      ['CAS'],
    );
  });

  it('says nothing of SQL Server Standard at a primary site', () => {
    expect(`${HEAD}sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, roles: { site-server: , sms-provider: , sql-server: { instances: { MSSQLSERVER: { edition: standard } } } } }
clients:
  all: { site: PS1, count: 60000 }
`);
  });

  it('spreads the clients of a group over the distribution points of its choice', () => {
    const clients = (count: number) => `  all: { site: PS1, count: ${count} }\n  uncounted: { site: PS1 }\n`;
    expect(primary({ servers: point('PS1', 'dp', 2), clients: clients(8000) }));
    expect(
      primary({ servers: point('PS1', 'dp', 2), clients: clients(8003) }).replace(
        /(dp[01]: .*)\n/g,
        '$1 # want site-limits "serves about 4,002 clients; one supports 4,000" <distribution-point>\n',
      ),
    );
  });

  it('knows nothing of a site whose type is misspelt', () => {
    const servers = lines(16, (number) => `  mp${number}: { site: PS1, roles: { management-point: } }`);
    expect(primary({ servers }).replace('type: primary', 'type: primry'));
  });

  it('says nothing about Configuration Manager 2007', () => {
    const servers = lines(16, (number) => `  mp${number}: { site: PS1, roles: { management-point: } }`);
    expect(primary({ servers }).replace('2025-12', '2007'));
  });
});
