// Inlay hints: values that count at a line and are elsewhere, in the file or in no file at all. One hint a
// line, at its end, so that the text itself is never pushed apart.
import type { InlayHint, InlayHintLabelPart, Range } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { catalogOf } from '../catalog/index.ts';
import type { Edition, PortSetting } from '../catalog/types.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { rpcRangeText } from '../rules/words.ts';
import { lineAt } from '../text/lines.ts';
import type { Span } from '../text/tree.ts';
import {
  clientPortsOf,
  DEFAULT_SQL_PORT,
  databasesOf,
  instancePort,
  listenerName,
  lookup,
  parentOf,
  roleOption,
  rolePort,
  siteOf,
} from '../topology/effective.ts';
import { keyOf, roleInfo } from '../topology/format.ts';
import type {
  BoundaryGroup,
  ClientGroup,
  Role,
  Server,
  Site,
  SqlInstance,
  Written,
} from '../topology/model.ts';
import { zonesInGroup } from './members.ts';
import { editorRange, offsetOf } from './place.ts';
import { detailOf } from './symbols.ts';

/** A piece of a hint. */
interface Part {
  readonly text: string;
  /** Where the value comes from, in one sentence. */
  readonly why: string;
  /** The place that writes it; undefined where it is a documented number. */
  readonly from?: Span;
}

/** What to show at the end of the line on which `at` ends. */
interface Hint {
  readonly at: number;
  readonly parts: readonly Part[];
}

/** The hints of the lines of a range. */
export function inlayHints(analysis: Analysis, uri: string, range: Range): InlayHint[] {
  const { tree } = analysis;
  const asked: Span = { start: offsetOf(analysis, range.start), end: offsetOf(analysis, range.end) };
  const commentStarts = tree.comments.map(({ span }) => span.start);
  const byLine = new Map<number, { at: number; text: string; hint: InlayHint } | undefined>();
  for (const { at, parts } of hintsIn(analysis, asked)) {
    if (parts.length === 0 || at < asked.start || at > asked.end) continue;
    const { line } = tree.lines.positionAt(at);
    const text = parts.map((part) => part.text).join(SEPARATOR);
    const known = byLine.get(line);
    if (byLine.has(line)) {
      // Text that several places share through an anchor, and that means another thing at each: nothing is true of all.
      if (known?.at === at && known.text !== text) byLine.set(line, undefined);
      continue;
    }
    const end = lineEnd(analysis, line, commentStarts);
    const label = parts.map((part, index) => labelPart(analysis, uri, part, index === 0));
    const hint: InlayHint = { position: tree.lines.positionAt(end), label, paddingLeft: true };
    byLine.set(line, { at, text, hint });
  }
  return [...byLine.values()].flatMap((one) => (one === undefined ? [] : [one.hint]));
}

const SEPARATOR = ' · ';

function labelPart(analysis: Analysis, uri: string, part: Part, first: boolean): InlayHintLabelPart {
  return {
    value: visible(first ? part.text : `${SEPARATOR}${part.text}`),
    tooltip: visible(part.why),
    ...(part.from === undefined ? {} : { location: { uri, range: editorRange(analysis, part.from) } }),
  };
}

/** Where a line's text ends: before its comment and the blanks there. */
function lineEnd({ tree, text }: Analysis, line: number, commentStarts: readonly number[]): number {
  const span = tree.lines.span(line);
  const last = commentStarts[lineAt(commentStarts, span.end)] ?? -1;
  const end = last >= span.start && last < span.end ? last : span.end;
  return span.start + text.slice(span.start, end).trimEnd().length;
}

function* hintsIn(analysis: Analysis, asked: Span): Iterable<Hint> {
  const { topology } = analysis;
  const near = ({ start, end }: Span): boolean => start <= asked.end && end >= asked.start;
  for (const site of topology.sites.values()) {
    if (site.database && near(site.database.span)) yield databaseHint(analysis, site);
  }
  for (const server of topology.servers.values()) {
    if (!near(server.span) && !server.roles.some(({ span }) => near(span))) continue;
    yield { at: server.key.span.end, parts: serverParts(analysis, server) };
    for (const role of server.roles) yield { at: role.key.span.end, parts: roleParts(analysis, role) };
    for (const instance of server.instances) {
      if (!instance.implicit)
        yield { at: instance.key.span.end, parts: instance.port ? [] : instanceParts(instance) };
    }
  }
  for (const group of topology.clients.values()) {
    const site = near(group.span) ? siteOf(group, topology) : undefined;
    if (site && group.site)
      yield {
        at: group.site.span.end,
        parts: [...clientParts(analysis, site, ALL_SETTINGS), ...boundaryGroupParts(analysis, group)],
      };
  }
  for (const group of topology.boundaryGroups.values())
    if (near(group.span)) yield { at: group.key.span.end, parts: memberParts(analysis, group) };
  for (const { key, listener } of topology.listeners.values()) {
    if (near(listener.span) && listener.port === undefined)
      yield {
        at: key.span.end,
        parts: [{ text: t('port {0}', DEFAULT_SQL_PORT), why: t('The default port of a listener.') }],
      };
  }
  for (const firewall of topology.firewalls.values()) {
    if (!near(firewall.span)) continue;
    for (const rule of firewall.rules) {
      const last = near(rule.span) ? rule.ports.at(-1) : undefined;
      if (last) yield { at: last.span.end, parts: portGroupParts(analysis, rule.ports) };
    }
  }
}

// --- Groups ----------------------------------------------------------------------------------

/** So many client groups a boundary group tells. */
const MOST_MEMBERS = 4;

/** The boundary groups that hold a client group. */
function boundaryGroupParts({ topology }: Analysis, group: ClientGroup): Part[] {
  return [...topology.boundaryGroups.values()].flatMap((boundaries): Part[] => {
    if (!zonesInGroup(boundaries, topology).has(group)) return [];
    return [
      {
        text: t('boundary group {0}', boundaries.name),
        why: t('Boundary group {0} contains these clients.', boundaries.name),
        from: boundaries.key.span,
      },
    ];
  });
}

/** The client groups that a boundary group holds by a zone. */
function memberParts({ topology }: Analysis, group: BoundaryGroup): Part[] {
  const named = new Set(group.members.map(({ value }) => value.toLowerCase()));
  const byZone = [...zonesInGroup(group, topology)].filter(([{ id }]) => !named.has(id));
  const parts = byZone.slice(0, MOST_MEMBERS).map(([{ name, key }, zones]): Part => {
    const zone = [...zones].map((id) => topology.zones.get(id)?.name ?? id).join(', ');
    return { text: name, why: t('These clients are in zone {0}.', zone), from: key.span };
  });
  const more = byZone.length - parts.length;
  return more > 0
    ? [...parts, { text: t('and {0} more', more), why: t('Client groups in the zones that are members.') }]
    : parts;
}

/** The ports that a rule takes from port groups. */
function portGroupParts({ topology }: Analysis, names: readonly Written<string>[]): Part[] {
  return names.flatMap(({ value }): Part[] => {
    const group = lookup(topology.portGroups, value);
    const text = group ? detailOf(group) : '';
    if (group === undefined || text === '') return [];
    return [{ text, why: t('The ports of port group {0}.', group.name), from: group.key.span }];
  });
}

// --- Servers and clients ---------------------------------------------------------------------

function serverParts({ topology }: Analysis, server: Server): Part[] {
  const { zone, rpcDynamicPorts } = topology.defaults;
  const parts: Part[] = [];
  if (server.zone === undefined && zone !== undefined)
    parts.push({
      text: t('zone {0}', zone.value),
      why: t('The zone of every server that names none, from defaults.'),
      from: zone.span,
    });
  if (server.rpcDynamicPorts === undefined && rpcDynamicPorts !== undefined)
    parts.push({
      text: `rpc ${rpcRangeText(rpcDynamicPorts.value)}`,
      why: t('Dynamic RPC ports of every server that sets none, from defaults.'),
      from: rpcDynamicPorts.span,
    });
  return parts;
}

type ClientSetting = 'clientPorts.http' | 'clientPorts.https' | 'clientPorts.notification';
const ALL_SETTINGS: ReadonlySet<PortSetting> = new Set([
  'clientPorts.http',
  'clientPorts.https',
  'clientPorts.notification',
]);

/** The client ports of a site, as far as they are among the settings asked for. */
function clientParts({ topology }: Analysis, site: Site, wanted: ReadonlySet<PortSetting>): Part[] {
  const parent = site.type?.value === 'secondary' ? parentOf(site, topology) : undefined;
  const owner = parent ?? site;
  const ports = clientPortsOf(site, topology);
  const why = (written: boolean): string => {
    if (!written) return t('The default: site {0} sets no such client port.', owner.name);
    if (parent === undefined) return t('Client port of site {0}.', owner.name);
    return t('Client port of site {0}, the parent of secondary site {1}.', owner.name, site.name);
  };
  const part = (
    setting: ClientSetting,
    word: string,
    values: readonly number[],
    written: readonly Written<number>[],
  ): Part[] => {
    if (!wanted.has(setting)) return [];
    const [first] = written;
    const text = `${word} ${values.join(', ')}`;
    return [{ text, why: why(first !== undefined), ...(first ? { from: first.span } : {}) }];
  };
  const { http = [], https = [], notification } = owner.clientPorts ?? {};
  return [
    ...part('clientPorts.http', 'http', ports.http, http),
    ...part('clientPorts.https', 'https', ports.https, https),
    ...part(
      'clientPorts.notification',
      t('notify'),
      [ports.notification],
      notification ? [notification] : [],
    ),
  ];
}

// --- Roles -----------------------------------------------------------------------------------

const settings = new Map<Edition, ReadonlyMap<string, ReadonlySet<PortSetting>>>();

/** Which keys of the topology file hold ports on which a role is reached, as the catalog's rows say. */
function settingsOf(edition: Edition, role: string): ReadonlySet<PortSetting> {
  let known = settings.get(edition);
  if (known === undefined) {
    const found = new Map<string, Set<PortSetting>>();
    for (const { to, ports } of catalogOf(edition).connections) {
      for (const { setting } of ports) {
        if (setting === undefined) continue;
        const ofRole = found.get(to) ?? new Set();
        found.set(to, ofRole.add(setting));
      }
    }
    known = found;
    settings.set(edition, known);
  }
  return known.get(role) ?? new Set();
}

function roleParts(analysis: Analysis, role: Role): Part[] {
  const { topology } = analysis;
  const { server } = role;
  if (role.role === 'sql-server') {
    const [instance] = server.instances;
    return instance?.implicit ? instanceParts(instance) : [];
  }
  const protocol = roleOption(role, 'protocol');
  const takes = (scheme: 'http' | 'https') =>
    protocol === undefined || protocol === 'both' || protocol === scheme;
  const shape = roleInfo(role.role)?.shape;
  const own = (key: 'httpPort' | 'httpsPort', scheme: 'http' | 'https'): Part[] => {
    const port = rolePort(role, key);
    const isLeftOut = shape !== undefined && keyOf(shape, key) !== undefined && !role.values.has(key);
    if (!isLeftOut || port === undefined || !takes(scheme)) return [];
    return [
      { text: `${scheme} ${port}`, why: t("The default of {0}: the role sets no '{1}'.", role.role, key) },
    ];
  };
  const site = siteOf(server, topology);
  const asked = topology.edition ? settingsOf(topology.edition, role.role) : new Set<PortSetting>();
  const ofSite = new Set(
    [...asked].filter(
      (setting) =>
        !(setting === 'clientPorts.http' && !takes('http')) &&
        !(setting === 'clientPorts.https' && !takes('https')),
    ),
  );
  return [
    ...own('httpPort', 'http'),
    ...own('httpsPort', 'https'),
    ...(site ? clientParts(analysis, site, ofSite) : []),
  ];
}

// --- SQL Server ------------------------------------------------------------------------------

function instanceParts(instance: SqlInstance): Part[] {
  const port = instancePort(instance);
  if (port === undefined) return [];
  return [{ text: t('port {0}', port), why: t('The port of the default instance {0}.', instance.name) }];
}

/** The port on which a site's database is reached, at the place that names its server and instance. */
function databaseHint({ topology }: Analysis, site: Site): Hint {
  const { database } = site;
  const place = database?.instance ?? database?.server ?? database?.availabilityGroup;
  const parts: Part[] = [];
  const name = database?.availabilityGroup?.value;
  const group = name === undefined ? undefined : lookup(topology.availabilityGroups, name);
  if (group?.listener) {
    const { listener } = group;
    parts.push({
      text: t('listener port {0}', listener.port?.value ?? DEFAULT_SQL_PORT),
      why: t('The port of listener {0}, by which the database is reached.', listenerName(group)),
      from: listener.port?.span ?? listener.name?.span ?? listener.span,
    });
  }
  for (const { server, instance } of databasesOf(site, topology)) {
    const port = instance && instancePort(instance);
    if (instance === undefined || port === undefined) continue;
    const text = t('port {0}', port);
    if (parts.some((part) => part.text === text)) continue;
    const why = instance.port
      ? t('The port of instance {0} on {1}.', instance.name, server.name)
      : t('The default port of instance {0} on {1}.', instance.name, server.name);
    parts.push({ text, why, from: instance.port?.span ?? instance.key.span });
  }
  return { at: place?.span.end ?? 0, parts };
}
