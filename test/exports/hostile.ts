// Topologies whose names and texts are whatever someone may write, for the tests of what is exported.
import fc from 'fast-check';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { type Exported, exportReport } from '../../server/src/exports/firewall/rules.ts';
import { computeFlows } from '../../server/src/flows/compute.ts';
import { parseText } from '../../server/src/text/parse.ts';
import type { Topology } from '../../server/src/topology/model.ts';
import { readTopology } from '../../server/src/topology/read.ts';

/** What would be code somewhere if it got through. */
export const ATTACKS: readonly string[] = [
  `'; Remove-Item C:\\ -Recurse; '`,
  `\u2019; Remove-Item C:\\; \u2018`,
  '\u00d2; iex x; \u00d2',
  '$(iex evil)',
  '`n; iex evil',
  '"; calc & "',
  '%COMSPEC% /c calc',
  '%0a calc',
  '^& calc',
  '!PATH!',
  "=cmd|'/c calc'!A1",
  '+1+1',
  '-1',
  '@SUM(A1)',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  '\u202egnp.exe',
  '\u200fmark',
  `\${file("/etc/passwd")}`,
  '%{ for x in y }',
  `$\${a}`,
  `\${subscription().id}`,
  "'''",
  '\\',
  "\\'",
  '[concat(1)]',
  '[resourceGroup().location]',
  '# comment',
  '// comment',
  '/* comment',
  '*/',
  '<# block #>',
  '! asa',
  '; no access-list all',
  '?',
  'a\nno access-list all',
  'a\r\npermit ip any any',
  '\u2028new line',
  '\u0085next line',
  '} drop',
  '{ accept }',
  'a | b',
  '](javascript:alert(1))',
  '&lt;b&gt;',
  '\u0000nul',
  '\u001b[2J',
  'x'.repeat(300),
  '\u{1f600}'.repeat(90),
  'Stra\u00dfe \ud55c\uad6d',
  ' ',
  '..',
  '-',
];

export interface Texts {
  readonly title: string;
  readonly zones: readonly [string, string];
  readonly server: string;
  readonly database: string;
  readonly clients: string;
  readonly fqdn: string;
  readonly description: string;
  readonly address: string;
}

/** Plain texts, as a measure for what the hostile ones give. */
export const PLAIN: Texts = {
  title: 'Contoso',
  zones: ['hq', 'branch'],
  server: 'cm01',
  database: 'sql01',
  clients: 'desktops',
  fqdn: 'cm01.contoso.com',
  description: 'All in one',
  address: '10.1.0.1',
};

const text = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...ATTACKS) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(...ATTACKS), fc.constantFrom(...ATTACKS))
      .map((both) => both.join('')),
  },
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);

/** Names differ without regard to case, as in any file whose names mean something. */
export const hostileTexts: fc.Arbitrary<Texts> = fc
  .record({
    title: text,
    names: fc.uniqueArray(
      text.filter((name) => name !== ''),
      { minLength: 5, maxLength: 5, selector: (name) => name.toLowerCase() },
    ),
    fqdn: text,
    description: text,
    address: fc.oneof(text, fc.constant('10.1.0.1')),
  })
  .map(({ names, ...rest }) => {
    const [a = '', b = '', server = '', database = '', clients = ''] = names;
    return { ...rest, zones: [a, b], server, database, clients };
  });

/** The full name of the database server: each machine has one of its own. */
export function databaseFqdn({ fqdn }: Texts): string {
  return `${fqdn}2`;
}

/** A small hierarchy with these texts, as a file. */
export function hostileFile(texts: Texts): string {
  const [hq, branch] = texts.zones;
  const file = {
    configmgr: '2017-09',
    name: texts.title,
    description: texts.description,
    defaults: { os: 'windows-server-2022', rpcDynamicPorts: '49152-65535' },
    zones: {
      [hq]: { networks: ['10.1.0.0/16', '2001:db8:1::/48'] },
      [branch]: { networks: ['10.2.0.0/16'], description: texts.description },
    },
    sites: { PS1: { type: 'primary', database: { server: texts.database }, description: texts.description } },
    servers: {
      [texts.server]: {
        site: 'PS1',
        zone: hq,
        fqdn: texts.fqdn,
        description: texts.description,
        addresses: ['10.1.0.9', '2001:db8:1::9', texts.address],
        roles: {
          'site-server': null,
          'sms-provider': null,
          'management-point': null,
          'fallback-status-point': null,
        },
      },
      [texts.database]: {
        site: 'PS1',
        zone: branch,
        fqdn: databaseFqdn(texts),
        addresses: ['10.2.0.9'],
        roles: { 'sql-server': null },
      },
    },
    clients: {
      [texts.clients]: {
        site: 'PS1',
        zone: branch,
        installation: ['client-push'],
        features: ['wake-up-proxy'],
      },
    },
  };
  return JSON.stringify(file);
}

/** The same, read. */
export function hostileTopology(texts: Texts): Topology {
  return topologyOf(hostileFile(texts));
}

export interface Choice {
  readonly server?: string;
  readonly firewall?: string;
}

/** What `cmtopo export` would print for all flows of a topology. */
export function exported(format: string, topology: Topology, { server, firewall }: Choice = {}): Exported {
  const write = exporters[format]?.write;
  if (write === undefined) throw new Error(`no exporter ${format}`);
  const flows = computeFlows(topology);
  const edition = topology.edition ?? '2017-09';
  return write(exportReport(topology, flows, { edition, file: 'a.topology.yaml', server, firewall }));
}

/** The topology of a text. */
function topologyOf(text: string): Topology {
  return readTopology(parseText(text));
}
