// A draft as the text of a topology, in block style, as a person would write it.
import { PORTS } from '../catalog/numbers.ts';
import { cut, visible } from '../print/escape.ts';
import { yamlQuoted, yamlScalar } from '../print/yaml.ts';
import { DEFAULT_INSTANCE } from '../topology/effective.ts';
import { ROLES, roleDefault } from '../topology/format.ts';
import type {
  Draft,
  DraftAvailabilityGroup,
  DraftBoundaryGroup,
  DraftClients,
  DraftDatabase,
  DraftRole,
  DraftServer,
  DraftSite,
  DraftValue,
  DraftZone,
} from './draft.ts';

const MOST_TEXT = 200;
const MOST_COMMENT = 300;
/** So many notes are at the head; the rest is counted. */
const MOST_NOTES = 200;

/** Lines of YAML without their indentation. */
type Lines = readonly string[];

/** The text of a draft. What no export says is left out, with a comment. */
export function draftText(draft: Draft): string {
  const parts: Lines[] = [
    head(draft),
    draft.forest === undefined ? [] : map('defaults', [pair('forest', draft.forest)]),
    section('zones', draft.zones.map(zoneLines)),
    section('sites', draft.sites.map(siteLines)),
    section(
      'servers',
      draft.servers.map((server) => serverLines(server, draft)),
    ),
    section('clients', draft.clients.map(clientLines)),
    section('boundaryGroups', draft.boundaryGroups.map(boundaryGroupLines)),
    section('availabilityGroups', draft.availabilityGroups.map(availabilityGroupLines)),
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function head({ files, configmgr, notes, areOptionsTold }: Draft): Lines {
  const open = [
    ...(areOptionsTold
      ? []
      : [
          'How the roles are set up (ports, HTTPS, PXE, databases) is not in the export: Get-CMSiteRole in JSON has it.',
        ]),
    ...notes,
  ];
  const shown = open.slice(0, MOST_NOTES);
  return [
    '# configmgr-topology',
    comment(`Made by cmtopo init from ${files.join(', ')}.`),
    ...(shown.length === 0
      ? []
      : [comment('What could not be told, or was left out:'), ...shown.map((note) => comment(`- ${note}`))]),
    ...(open.length > shown.length ? [comment(`- and ${open.length - shown.length} more.`)] : []),
    `configmgr: ${configmgr} # the version is not in the export: write it as the console shows it, such as 2403`,
  ];
}

function zoneLines({ name, networks, internet }: DraftZone): Lines {
  return map(name, [...(internet ? ['internet: true'] : []), ...list('networks', networks)]);
}

function siteLines(site: DraftSite): Lines {
  const { http, https } = site.clientPorts;
  const ports = [...portsPair('http', http, PORTS.http), ...portsPair('https', https, PORTS.https)];
  const { database } = site;
  return [
    ...site.notes.map(comment),
    ...map(site.code, [
      `type: ${site.type}`,
      ...optional('parent', site.parent),
      ...(database === undefined
        ? []
        : 'server' in database
          ? databaseLines('database', database)
          : map('database', [pair('availabilityGroup', database.availabilityGroup)])),
      ...(ports.length > 0 ? map('clientPorts', ports) : []),
      ...(site.name === undefined ? [] : [`description: ${yamlQuoted(site.name, MOST_TEXT)}`]),
    ]),
  ];
}

/** A port, or the default one and its alternate; nothing where it is the usual one. */
function portsPair(key: string, ports: readonly number[] | undefined, usual: number): Lines {
  if (ports === undefined || (ports.length === 1 && ports[0] === usual)) return [];
  return ports.length === 1 ? [`${key}: ${ports[0]}`] : list(key, ports);
}

function serverLines(server: DraftServer, draft: Draft): Lines {
  const { proxy } = server;
  const forest = server.forest?.value;
  const isOther = forest !== undefined && forest !== draft.forest;
  const master = draft.servers.find(
    ({ site, roles }) =>
      site === server.site &&
      roles.get('site-server')?.options.get('passive')?.value !== true &&
      roles.has('site-server'),
  );
  const isTrustOpen = master !== server && master?.forest?.value !== forest;
  const order = new Map(ROLES.map(({ name }, index) => [name, index]));
  const roles = [...server.roles.values()].toSorted(
    (a, b) => (order.get(a.role) ?? 0) - (order.get(b.role) ?? 0),
  );
  return [
    ...server.notes.map(comment),
    ...map(server.name, [
      ...optional('site', server.site),
      ...optional('zone', server.zone),
      ...optional('fqdn', server.fqdn),
      ...list('addresses', server.addresses),
      ...optional('os', server.os),
      ...(isOther
        ? [
            ...(isTrustOpen
              ? [
                  comment(
                    'Write trusted: true where this forest and that of the site server trust each other.',
                  ),
                ]
              : []),
            pair('forest', forest),
          ]
        : []),
      ...(proxy?.value
        ? map('proxy', [pair('server', proxy.value.server), `port: ${proxy.value.port}`])
        : []),
      ...(server.siteServerInitiates?.value === true ? ['siteServerInitiates: true'] : []),
      ...(server.description === undefined
        ? []
        : [`description: ${yamlQuoted(server.description, MOST_TEXT)}`]),
      ...(roles.length === 0
        ? []
        : map(
            'roles',
            roles.flatMap((role) => roleLines(role, server)),
          )),
    ]),
  ];
}

function roleLines(role: DraftRole, server: DraftServer): Lines {
  const info = ROLES.find(({ name }) => name === role.role);
  const keys = info?.shape.keys.map(({ name }) => name) ?? [];
  const options =
    role.role === 'sql-server'
      ? instanceLines(server)
      : [...role.options]
          .toSorted(([a], [b]) => keys.indexOf(a) - keys.indexOf(b))
          .filter(([key, { value }]) => !isUsual(role.role, key, value))
          .flatMap(([key, { value }]) => valueLines(key, value));
  const open = role.open.filter(({ answer }) => answer === undefined || !role.options.has(answer));
  return [...open.map(({ text }) => comment(text)), ...map(role.role, options)];
}

/** What the format takes where nothing is written. */
function isUsual(role: string, key: string, value: DraftValue): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const usual = roleDefault(role, key);
  if (typeof usual === 'object' && 'low' in usual) return value === `${usual.low}-${usual.high}`;
  return value === usual || (usual === undefined && value === false);
}

function valueLines(key: string, value: DraftValue): Lines {
  if (typeof value === 'object')
    return 'server' in value ? databaseLines(key, value) : list(key, value as readonly string[]);
  if (typeof value !== 'string') return [`${key}: ${value}`];
  return /^\d+-\d+$/.test(value) ? [`${key}: ${value}`] : [pair(key, value)];
}

function databaseLines(key: string, { server, instance }: DraftDatabase): Lines {
  const isDefault = instance === undefined || instance.toUpperCase() === DEFAULT_INSTANCE;
  return map(key, [pair('server', server), ...(isDefault ? [] : [pair('instance', instance)])]);
}

/** A default instance of which nothing is known needs no word. */
function instanceLines({ instances }: DraftServer): Lines {
  const all = [...instances].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const isPlain = ([name, ports]: (typeof all)[number]) =>
    name.toUpperCase() === DEFAULT_INSTANCE &&
    (ports.port ?? PORTS.sqlServer) === PORTS.sqlServer &&
    (ports.serviceBrokerPort ?? PORTS.serviceBroker) === PORTS.serviceBroker;
  if (all.every(isPlain)) return [];
  return map(
    'instances',
    all.flatMap(([name, { port, serviceBrokerPort }]) => [
      ...(port === undefined && name.toUpperCase() !== DEFAULT_INSTANCE
        ? [comment('The port of this instance is not in the export: write port.')]
        : []),
      ...map(name, [
        ...(port === undefined ? [] : [`port: ${port}`]),
        ...(serviceBrokerPort === undefined || serviceBrokerPort === PORTS.serviceBroker
          ? []
          : [`serviceBrokerPort: ${serviceBrokerPort}`]),
      ]),
    ]),
  );
}

function clientLines({ name, site, zones, networks, notes }: DraftClients): Lines {
  const [zone, ...others] = zones;
  return [
    ...notes.map(comment),
    ...map(name, [
      pair('site', site),
      ...(others.length > 0 ? list('zone', zones) : optional('zone', zone)),
      ...list('networks', networks),
    ]),
  ];
}

function boundaryGroupLines(group: DraftBoundaryGroup): Lines {
  const fallback = [...group.fallback];
  const isPlain = fallback.every(([, roles]) => roles === undefined);
  const all = ['distribution-point', 'management-point', 'software-update-point'];
  const told = [group.title === group.name ? undefined : group.title, group.description].filter(
    (text) => text !== undefined && text !== '',
  );
  return [
    ...group.notes.map(comment),
    ...map(group.name, [
      ...list('members', group.members),
      ...list('servers', group.servers),
      ...(group.cloudManagementGateway ? ['cloudManagementGateway: true'] : []),
      ...(fallback.length === 0
        ? []
        : isPlain
          ? list(
              'fallback',
              fallback.map(([name]) => name),
            )
          : map(
              'fallback',
              fallback.flatMap(([name, roles]) => list(name, roles ?? all)),
            )),
      ...optional('site', group.site),
      ...(told.length > 0 ? [`description: ${yamlQuoted(told.join(': '), MOST_TEXT)}`] : []),
    ]),
  ];
}

function availabilityGroupLines({ name, listener, replicas }: DraftAvailabilityGroup): Lines {
  return [
    ...(listener === undefined
      ? []
      : [
          comment(
            'The addresses of the listener are not in the export; without its port, that of SQL Server is taken.',
          ),
        ]),
    ...map(name, [
      ...(listener === undefined
        ? []
        : map('listener', [
            pair('name', listener.name),
            ...(listener.port === undefined ? [] : [`port: ${listener.port}`]),
          ])),
      'replicas:',
      ...replicas.flatMap(({ server, instance }) => [
        `  - server: ${yamlScalar(server, MOST_TEXT)}`,
        ...(instance === undefined || instance.toUpperCase() === DEFAULT_INSTANCE
          ? []
          : [`    instance: ${yamlScalar(instance, MOST_TEXT)}`]),
      ]),
    ]),
  ];
}

// --- YAML -------------------------------------------------------------------------------------

function section(name: string, entries: readonly Lines[]): Lines {
  return entries.length === 0 ? [] : map(name, entries.flat());
}

function map(key: string, inner: Lines): Lines {
  return [`${yamlScalar(key, MOST_TEXT)}:`, ...inner.map((line) => `  ${line}`)];
}

function pair(key: string, value: string): string {
  return `${key}: ${yamlScalar(value, MOST_TEXT)}`;
}

function optional(key: string, value: string | undefined): Lines {
  return value === undefined ? [] : [pair(key, value)];
}

function list(key: string, values: readonly (string | number)[]): Lines {
  if (values.length === 0) return [];
  const texts = values.map((value) =>
    typeof value === 'number' ? String(value) : yamlScalar(value, MOST_TEXT),
  );
  return [`${yamlScalar(key, MOST_TEXT)}:`, ...texts.map((text) => `  - ${text}`)];
}

/** One line, which says nothing to the checker even where it begins with a name of an export. */
function comment(text: string): string {
  return `# ${/^cmtopo-/i.test(text) ? '- ' : ''}${cut(visible(text), MOST_COMMENT)}`;
}
