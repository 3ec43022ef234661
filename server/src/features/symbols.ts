// The outline: sections, and in them zones, sites, servers with their roles, client groups, firewalls.
import type { DocumentSymbol, SymbolInformation, SymbolKind } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { visible } from '../print/escape.ts';
import { formatPorts, portSet } from '../reach/ports.ts';
import type { Span } from '../text/tree.ts';
import { entries, resolve } from '../text/values.ts';
import { DEFAULT_SQL_PORT, writtenZones } from '../topology/effective.ts';
import { SECTIONS } from '../topology/format.ts';
import type { Firewall, NamedListener, PortGroup, Ports, Role, Server } from '../topology/model.ts';
import { editorRange } from './place.ts';
import { type Thing, thingsOf } from './subject.ts';

const NAMESPACE: SymbolKind = 3;
export const KINDS: Readonly<Record<Thing['kind'], SymbolKind>> = {
  zone: 4,
  site: 2,
  server: 5,
  clients: 23,
  'availability-group': 11,
  firewall: 13,
  listener: 7,
  'boundary-group': 3,
  'address-group': 18,
  'port-group': 18,
  instance: 8,
};
export const ROLE: SymbolKind = 6;
/** What is outside the file. */
export const OUTSIDE: SymbolKind = 11;
const RULE: SymbolKind = 20;

/** The outline of a file, in file order. */
export function documentSymbols(analysis: Analysis): DocumentSymbol[] {
  const { topology, tree } = analysis;
  const root = tree.root === undefined ? undefined : resolve(tree.root);
  if (root?.kind !== 'map') return [];
  const symbols: DocumentSymbol[] = [];
  for (const { name, pair, key } of entries(root)) {
    const section = Object.values(SECTIONS).find((one) => one === name);
    if (section === undefined) continue;
    const things: ReadonlyMap<string, Thing> = topology[section];
    symbols.push(
      symbol(
        analysis,
        name,
        '',
        NAMESPACE,
        pair.span,
        key.span,
        [...things.values()].map((thing) => thingSymbol(analysis, thing)),
      ),
    );
  }
  return symbols;
}

/** An outline as a list, for clients that show no trees. */
export function flatSymbols(
  symbols: readonly DocumentSymbol[],
  uri: string,
  container?: string,
): SymbolInformation[] {
  return symbols.flatMap(({ name, kind, range, children = [] }) => [
    {
      name,
      kind,
      location: { uri, range },
      ...(container === undefined ? {} : { containerName: container }),
    },
    ...flatSymbols(children, uri, name),
  ]);
}

/** Every named thing of a file, for the workspace-wide search. */
export function namedSymbols(analysis: Analysis, uri: string): SymbolInformation[] {
  const found: SymbolInformation[] = [];
  for (const thing of thingsOf(analysis.topology)) {
    if (thing.kind === 'instance' && thing.implicit) continue;
    const container = thing.kind === 'instance' ? thing.server.name : analysis.topology.name?.value;
    found.push({
      name: visible(thing.name),
      kind: KINDS[thing.kind],
      location: { uri, range: editorRange(analysis, thing.key.span) },
      ...(container === undefined ? {} : { containerName: visible(container) }),
    });
  }
  return found;
}

/** The symbols whose name holds the letters of a query in their order. */
export function matchingSymbols(symbols: readonly SymbolInformation[], query: string): SymbolInformation[] {
  return symbols.filter(({ name }) => matches(name, query));
}

/** So many symbols a search gives at most; nobody reads more, and an editor that holds them all is slow. */
const MOST_SYMBOLS = 1000;

/** The first of many: names that begin with the query come before those that only hold its letters. */
export function bestSymbols(symbols: readonly SymbolInformation[], query: string): SymbolInformation[] {
  if (symbols.length <= MOST_SYMBOLS) return [...symbols];
  const begins = ({ name }: SymbolInformation) => name.toLowerCase().startsWith(query.toLowerCase());
  return [...symbols.filter(begins), ...symbols.filter((one) => !begins(one))].slice(0, MOST_SYMBOLS);
}

function matches(name: string, query: string): boolean {
  const letters = name.toLowerCase();
  let at = 0;
  for (const letter of query.toLowerCase()) {
    at = letters.indexOf(letter, at) + 1;
    if (at === 0) return false;
  }
  return true;
}

function thingSymbol(analysis: Analysis, thing: Thing): DocumentSymbol {
  const children =
    thing.kind === 'server'
      ? thing.roles.map((role) => roleSymbol(analysis, thing, role))
      : thing.kind === 'firewall'
        ? ruleSymbols(analysis, thing)
        : thing.kind === 'availability-group'
          ? [...analysis.topology.listeners.values()]
              .filter(({ group }) => group === thing)
              .map((listener) => thingSymbol(analysis, listener))
          : [];
  return symbol(
    analysis,
    thing.name,
    detailOf(thing),
    KINDS[thing.kind],
    thing.span,
    thing.key.span,
    children,
  );
}

function roleSymbol(analysis: Analysis, server: Server, role: Role): DocumentSymbol {
  const instances = role.role === 'sql-server' ? server.instances.filter(({ implicit }) => !implicit) : [];
  return symbol(
    analysis,
    role.role,
    '',
    ROLE,
    role.span,
    role.key.span,
    instances.map((instance) => thingSymbol(analysis, instance)),
  );
}

function ruleSymbols(analysis: Analysis, firewall: Firewall): DocumentSymbol[] {
  return firewall.rules.map((rule, index) => {
    const ends = (names: Firewall['rules'][number]['from']) => names.map(({ value }) => value).join(', ');
    return symbol(
      analysis,
      rule.name?.value || t('rule {0}', index + 1),
      `${rule.action?.value ?? ''} ${ends(rule.from)} → ${ends(rule.to)}`.trim(),
      RULE,
      rule.span,
      rule.span,
      [],
    );
  });
}

/** What a thing is, in a few words: a site's type, a server's site and zone. */
export function detailOf(thing: Thing): string {
  switch (thing.kind) {
    case 'site':
      return thing.type?.value ?? '';
    case 'server':
    case 'clients':
      return [thing.site?.value, ...writtenZones(thing).map(({ value }) => value)]
        .filter(Boolean)
        .join(' · ');
    case 'zone':
      return thing.internet ? 'internet' : thing.networks.map(({ value }) => value).join(', ');
    case 'firewall':
      return firewallPlace(thing);
    case 'boundary-group':
    case 'address-group':
      return thing.members.map(({ value }) => value).join(', ');
    case 'port-group':
      return portsText(thing);
    case 'listener':
      return listenerText(thing);
    case 'availability-group':
      return thing.replicas.map(({ server }) => server?.value ?? '?').join(', ');
    case 'instance':
      return thing.port === undefined ? '' : `tcp/${thing.port.value}`;
  }
}

/** `10.0.0.50 · tcp/1500`. */
function listenerText({ listener: { addresses, port } }: NamedListener): string {
  return [...addresses.map(({ value }) => value), `tcp/${port?.value ?? DEFAULT_SQL_PORT}`].join(' · ');
}

/** `tcp 443, 10123 · udp 53`. */
function portsText({ tcp, udp, icmp }: PortGroup): string {
  const of = (protocol: string, ports: Ports | undefined) =>
    ports === undefined
      ? []
      : [`${protocol} ${ports === 'any' ? ports : formatPorts(portSet(ports.map(({ value }) => value)))}`];
  return [...of('tcp', tcp), ...of('udp', udp), ...(icmp?.value ? ['icmp'] : [])].join(' · ');
}

/** What a firewall is between, or on. */
export function firewallPlace({ zones, between, hosts }: Firewall): string {
  if (hosts.length > 0) return hosts.map(({ value }) => value).join(', ');
  if (between.length === 0) return zones.map(({ value }) => value).join(' | ');
  return between.map((pair) => pair.map(({ value }) => value).join(' | ')).join(', ');
}

function symbol(
  analysis: Analysis,
  name: string,
  detail: string,
  kind: SymbolKind,
  span: Span,
  selection: Span,
  children: DocumentSymbol[],
): DocumentSymbol {
  // Editors refuse an outline entry without a name, or whose name is outside it: a key that came by an alias does.
  const inside = selection.start >= span.start && selection.end <= span.end;
  return {
    name: name === '' ? t('(no name)') : visible(name),
    ...(detail === '' ? {} : { detail: visible(detail) }),
    kind,
    range: editorRange(analysis, span),
    selectionRange: editorRange(analysis, inside ? selection : span),
    children,
  };
}
