// Files with very many of one thing, to see how the time grows with their number.

const HEAD = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
`;
const SITE = `sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: z0
    roles:
      site-server:
      sms-provider:
      sql-server: { instances: { MSSQLSERVER: { port: 1433 } } }
      management-point:
      distribution-point:
`;
const ONE_ZONE = 'zones:\n  z0: { networks: [10.0.0.0/16] }\n';

const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join('');

const network = (index: number): string =>
  `10.${(index >> 14) & 255}.${(index >> 6) & 255}.${(index & 63) * 4}/30`;

/** The kinds of things, each with how many of them the smaller and the larger file has. */
export const GROWTH = {
  zones: {
    counts: [2_500, 10_000],
    /** Machines in every fifth zone, all of which a firewall joins to the head office. */
    text: (count: number) =>
      `${HEAD}zones:\n${many(count, (index) => `  z${index}: { networks: [${network(index)}] }\n`)}${SITE}${many(
        count / 5,
        (index) =>
          `  s${index}:\n    site: PS1\n    zone: z${index * 5}\n    roles:\n      state-migration-point:\n`,
      )}firewalls:\n  wan:\n    between:\n${many(count - 1, (index) => `      - [z0, z${index + 1}]\n`)}    rules:
      - { action: allow, from: any, to: z0, tcp: any, udp: any }
      - { action: allow, from: z0, to: any, tcp: any, udp: any }
`,
  },
  comments: {
    counts: [5_000, 20_000],
    text: (count: number) =>
      `${HEAD}${ONE_ZONE}${SITE}${many(count, () => '# cmtopo-disable-next-line firewall-unused-rule\n')}`,
  },
  findings: {
    counts: [2_000, 8_000],
    text: (count: number) =>
      `${HEAD}${ONE_ZONE}${SITE}${many(
        count,
        (index) =>
          `  s${index}:\n    site: X${index}\n    zone: nowhere\n    rack: 1\n    roles:\n      console:\n`,
      )}`,
  },
  aliases: {
    counts: [1_000, 4_000],
    text: (count: number) =>
      `${HEAD}${ONE_ZONE}x-roles: &roles\n  distribution-point: { pxe: true }\n${SITE}${many(
        count,
        (index) => `  s${index}: { site: PS1, zone: z0, roles: *roles }\n`,
      )}`,
  },
  pairs: {
    counts: [200, 400],
    /** Each client group uses each distribution point of its site. */
    text: (count: number) =>
      `${HEAD}${ONE_ZONE}${SITE}${many(
        count,
        (index) => `  s${index}: { site: PS1, zone: z0, roles: { distribution-point: } }\n`,
      )}clients:\n${many(count, (index) => `  g${index}: { site: PS1, zone: z0 }\n`)}`,
  },
} as const;
