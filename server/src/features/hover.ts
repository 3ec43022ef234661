// What an editor shows at the pointer: what the thing there is, and its connections with their ports.

import type { Hover, Position } from 'vscode-languageserver-protocol';
import type { Analysis } from '../analysis.ts';
import {
  catalogOf,
  editionOf,
  errataAbout,
  isVersion,
  roleName,
  serviceName,
  sourceUrl,
} from '../catalog/index.ts';
import { serviceKey } from '../catalog/names.ts';
import { HIGHEST_PORT, LOWEST_PORT, rangeText } from '../catalog/numbers.ts';
import type { Connection, Edition } from '../catalog/types.ts';
import { getOrAdd } from '../collections.ts';
import { endpointsIn, goesOutside } from '../flows/endpoints.ts';
import type { Flow } from '../flows/flow.ts';
import { language, t, translated } from '../l10n.ts';
import { choiceNeedText, needsAmong } from '../reach/choices.ts';
import { trafficText } from '../reach/way.ts';
import { SITE_TYPE } from '../rules/hierarchy/hierarchy.ts';
import { ruleOf } from '../rules/index.ts';
import type { Rule } from '../rules/rule.ts';
import { readSuppressions } from '../rules/suppressions.ts';
import { erratumText, whyOf } from '../rules/why.ts';
import { capital } from '../rules/words.ts';
import type { Node, Pair, ScalarNode, Span } from '../text/tree.ts';
import { nodePathAt, scalarValue } from '../text/values.ts';
import { looksLikeAddress } from '../topology/address.ts';
import {
  childrenOf,
  clientPortsOf,
  databasesOf,
  effectiveOs,
  effectiveZones,
  instancePort,
  parentOf,
  roleOption,
  rpcRange,
  serversOf,
  serviceBrokerPort,
  siteOf,
  writtenZones,
} from '../topology/effective.ts';
import { keyOf, type PathStep, type Shape, shapeAt, type Word } from '../topology/format.ts';
import type {
  ClientGroup,
  Firewall,
  PortRange,
  Role,
  Server,
  Site,
  SqlInstance,
  Topology,
  Zone,
} from '../topology/model.ts';
import { anchorAt, anchorBlocks, mergedAt } from './anchors.ts';
import { keyDoc, optionText, wordDoc } from './describe.ts';
import {
  endBlocks,
  endpointName,
  networkBlocks,
  type RulePlace,
  ruleAt,
  ruleBlocks,
  someText,
  stoppedBlocks,
  stoppedBy,
  zoneVerdictBlocks,
} from './hover-firewall.ts';
import {
  addressGroupBlocks,
  availabilityGroupBlocks,
  boundaryGroupBlocks,
  listenerBlocks,
  portGroupBlocks,
} from './hover-groups.ts';
import type { PageOf } from './links.ts';
import { type Collective, membership, zonesInGroup } from './members.ts';
import { editorRange, offsetOf, touches } from './place.ts';
import {
  CELL,
  details,
  factBlock,
  manyText,
  moreRows,
  type ProseBlock,
  paragraph,
  type Rich,
  toMarkdown,
  toPlainText,
  withBold,
} from './prose.ts';
import { usesOf } from './rule-uses.ts';
import { servingFacts } from './serving.ts';
import { roleAt, subjectAt, type Thing } from './subject.ts';
import { firewallPlace } from './symbols.ts';

/** Rows of a table of connections; what is more is counted. */
const MOST_ROWS = 12;
/** The same where the whole hover has 250 pixels. */
const FEW_ROWS = 5;

/** An editor that shows little at once: it folds, and opens views and rendered pages from links. */
export interface RichHover extends Rich {
  /** The address of a rule's page as it is read. */
  page(page: string | undefined): string | undefined;
}

interface Answer {
  readonly blocks: readonly ProseBlock[];
  readonly span: Span;
}

/**
 * What to say at a position: why the findings there are findings, then what is there. Undefined where there
 * is nothing to say.
 */
export function hover(
  analysis: Analysis,
  position: Position,
  markdown = true,
  pageOf: PageOf = () => undefined,
  rich?: RichHover,
): Hover | undefined {
  const offset = offsetOf(analysis, position);
  const pages: Pages = { address: pageOf, link: (code) => (rich ? rich.page(pageOf(code)) : pageOf(code)) };
  const there = answerAt(analysis, offset, pages);
  const anchor = anchorAt(analysis, offset) ?? mergedAt(analysis, offset);
  const thing =
    anchor === undefined
      ? there
      : {
          blocks: [...anchorBlocks(analysis, anchor), ...(there ? [RULER, ...there.blocks] : [])],
          span: anchor.span,
        };
  const why = findingAnswer(analysis, offset, pages);
  const answer =
    thing && why ? { blocks: [...why.blocks, RULER, ...thing.blocks], span: thing.span } : (why ?? thing);
  if (answer === undefined) return undefined;
  return {
    contents: markdown
      ? { kind: 'markdown', value: toMarkdown(answer.blocks, rich) }
      : { kind: 'plaintext', value: toPlainText(answer.blocks) },
    range: editorRange(analysis, placeOf(analysis, answer.span, offset)),
  };
}

/** The place asked about: what an alias repeats is elsewhere, and an editor shows nothing of another place. */
function placeOf({ tree }: Analysis, span: Span, offset: number): Span {
  if (touches(span, offset)) return span;
  const innermost = nodePathAt(tree, offset).at(-1)?.span;
  return innermost && touches(innermost, offset) ? innermost : { start: offset, end: offset };
}

/** Where the pages of rules are, and what leads to them. */
interface Pages {
  readonly address: PageOf;
  readonly link: PageOf;
}

function answerAt(analysis: Analysis, offset: number, pages: Pages): Answer | undefined {
  const mention = ruleMention(analysis, offset, pages);
  if (mention !== undefined) return mention;
  const role = roleAt(analysis, offset);
  if (role !== undefined) return { blocks: roleBlocks(analysis, role), span: role.key.span };
  const place = ruleAt(analysis, offset);
  const inRule = place && ruleAnswer(analysis, offset, place);
  if (inRule !== undefined) return inRule;
  const subject = subjectAt(analysis, offset);
  if (subject !== undefined) {
    const { thing, span } = subject;
    const blocks =
      thing.kind === 'zone'
        ? [...zoneBlocks(analysis, thing), ...zoneVerdictBlocks(analysis, thing, machineIn(analysis, offset))]
        : thingBlocks(analysis, thing);
    return { blocks, span };
  }
  return formatAnswer(analysis, offset);
}

/** The machine whose `zone` is at an offset. */
function machineIn({ topology }: Analysis, offset: number): Server | ClientGroup | undefined {
  return [...topology.servers.values(), ...topology.clients.values()].find((machine) =>
    writtenZones(machine).some((zone) => touches(zone.span, offset)),
  );
}

/** What to say in a rule of a firewall: about what it names, or about the rule. Undefined for its ports. */
function ruleAnswer(analysis: Analysis, offset: number, place: RulePlace): Answer | undefined {
  const { end, key, onKey } = place;
  if (end !== undefined && !onKey) {
    const subject = subjectAt(analysis, offset);
    const about = subject
      ? thingBlocks(analysis, subject.thing, true)
      : (formatAnswer(analysis, offset)?.blocks ?? []);
    const blocks = looksLikeAddress(end.written.value) ? networkBlocks(analysis, place) : about;
    return { blocks: [...blocks, ...endBlocks(analysis, place)], span: subject?.span ?? end.written.span };
  }
  if (!onKey && key !== 'action' && key !== 'name') return undefined;
  const format = formatAnswer(analysis, offset);
  if (format === undefined) return undefined;
  const own = ruleBlocks(analysis, place);
  // A name is explained by its rule alone.
  return { blocks: onKey || key === 'action' ? [...own, RULER, ...format.blocks] : own, span: format.span };
}

// --- Findings --------------------------------------------------------------------------------

const RULER: ProseBlock = { kind: 'ruler' };
/** So many sources of one rule are linked. */
const MOST_SOURCES = 2;

/** Why what is reported at a place is reported, each rule once; the span is that of the narrowest finding. */
function findingAnswer(analysis: Analysis, offset: number, pages: Pages): Answer | undefined {
  const findings = analysis
    .findings()
    .filter(({ span }) => touches(span, offset))
    .toSorted((a, b) => a.span.end - a.span.start - (b.span.end - b.span.start));
  const [narrowest] = findings;
  if (narrowest === undefined) return undefined;
  const codes = [...new Set(findings.map(({ code }) => code))];
  return {
    blocks: codes.flatMap((code) => {
      const rule = ruleOf(code);
      return rule === undefined ? [] : whyBlocks(rule, analysis.topology.edition, pages);
    }),
    span: narrowest.span,
  };
}

/** A rule's reason, its errata in this edition, and links to its sources and its page. */
function whyBlocks(rule: Rule, edition: Edition | undefined, pages: Pages): ProseBlock[] {
  return [
    paragraph({ bold: rule.code }, `: ${translated(rule.reason)}`),
    ...sourceLinks(rule, edition, pages),
  ];
}

function sourceLinks(rule: Rule, edition: Edition | undefined, pages: Pages): ProseBlock[] {
  const page = pages.address(rule.code);
  const link = pages.link(rule.code);
  const { sources, errata } = whyOf(rule, edition);
  const links = sources.slice(0, MOST_SOURCES).flatMap((source): ProseBlock[] => {
    const url = addressOf(source.url, page);
    return url === undefined ? [paragraph(source.text)] : [{ kind: 'link', text: source.text, url }];
  });
  const more = [
    ...errata.map((erratum) => paragraph({ bold: t('The documents disagree') }, `: ${erratumText(erratum)}`)),
    ...links,
  ];
  return [
    ...(more.length === 0 ? [] : [details(...more)]),
    ...(link === undefined ? [] : [{ kind: 'link' as const, text: t('About {0}', rule.code), url: link }]),
  ];
}

/** A source's address; that of the format's page is written from the rule's page. */
function addressOf(url: string | undefined, page: string | undefined): string | undefined {
  if (url === undefined || /^https?:/.test(url)) return url;
  return page === undefined ? undefined : new URL(url, page).href;
}

// --- Roles -----------------------------------------------------------------------------------

function roleBlocks(analysis: Analysis, role: Role): ProseBlock[] {
  const { topology } = analysis;
  const { server } = role;
  const site = siteOf(server, topology);
  const place = [
    site === undefined ? undefined : t('site {0}', site.name),
    zoneText(server, topology),
  ].filter((part) => part !== undefined);
  const info = keyOf(rolesShape(), role.role);
  const name = capital(roleName(role.role, language()));
  const blocks: ProseBlock[] = [
    paragraph(
      ...withBold(t('{0} on {1}', name, server.name), name),
      place.length > 0 ? ` (${place.join(t(', '))})` : '',
    ),
  ];
  const flows = analysis.flows();
  const own = flows.filter((flow) => flow.fromRole === role || flow.toRole === role);
  blocks.push(
    ...stoppedBlocks(own, analysis),
    ...connectionBlocks(
      analysis,
      own,
      (flow) => (flow.fromRole === role ? 'out' : 'in'),
      `--from ${server.name}`,
    ),
  );
  const { edition } = topology;
  if (edition !== undefined && info?.editions !== undefined && !info.editions.includes(edition))
    blocks.push(paragraph(t('This role is not in edition {0}.', edition)));
  const options = settingsOf(role);
  blocks.push(
    details(
      ...(info === undefined ? [] : [paragraph({ markdown: translated(info.doc) })]),
      ...(options === '' ? [] : [paragraph(t('Settings: {0}.', options))]),
      ...endpointBlocks(topology, own),
      ...(edition === undefined
        ? []
        : [
            ...noteBlocks(edition, own),
            ...errataBlocks(edition, role.role, own),
            ...sourceBlocks(edition, role.role, own),
          ]),
    ),
  );
  return blocks;
}

function rolesShape() {
  const shape = shapeAt(['servers', 'server', 'roles'])?.shape;
  if (shape?.kind !== 'map') throw new Error('the format has no roles');
  return shape;
}

/** The options of a role that are in force: `protocol https, pxe false`. */
function settingsOf(role: Role): string {
  const shape = keyOf(rolesShape(), role.role)?.shape;
  if (shape?.kind !== 'map') return '';
  return shape.keys
    .flatMap(({ name, defaultText }) => {
      const value = roleOption(role, name);
      if (value === undefined)
        return defaultText === undefined || name === 'instances'
          ? []
          : [`${name} ${translated(defaultText).replaceAll('`', '')}`];
      return [`${name} ${optionText(value)}`];
    })
    .join(', ');
}

// --- Tables of connections -------------------------------------------------------------------

interface Row {
  readonly direction: 'in' | 'out';
  readonly ports: string;
  /** The shortest spelling of the documents. */
  service: string;
  /** Whether only an installation needs it. */
  readonly isInstallation: boolean;
  /** Whether an installation needs it too. */
  alsoInstallation: boolean;
  /** What stops it; empty where nothing does. */
  readonly stopped: string;
  /** `one of 3 is enough`, `optional`; empty for what is needed of its own. */
  readonly need: string;
  /** The roles that talk, by the machine that holds them. */
  readonly names: Map<string, Set<string>>;
}

/** One service with one machine, its ports in both protocols. */
interface Contact extends Pick<Row, 'direction' | 'service' | 'isInstallation' | 'stopped' | 'need'> {
  readonly flow: Flow;
  readonly ports: Set<string>;
}

/** Connections as rows: equal ports and services of several machines are one, whatever they are for. */
function connectionRows(
  analysis: Analysis,
  flows: readonly Flow[],
  way: (flow: Flow) => 'in' | 'out',
): readonly Row[] {
  const needOf = needsAmong(analysis.flows());
  const contacts = new Map<string, Contact>();
  for (const flow of flows) {
    const direction = way(flow);
    const [other, role] = direction === 'out' ? [flow.to, flow.toRole] : [flow.from, flow.fromRole];
    const { service } = flow;
    const isInstallation = flow.phase === 'installation';
    const stopped = stoppedBy(flow, analysis);
    const need = choiceNeedText(needOf(flow));
    const key = [direction, other.name, role?.role, serviceKey(service), isInstallation, stopped, need];
    getOrAdd(contacts, key.join('\n'), () => ({
      ...{ flow, direction, service, isInstallation, stopped, need },
      ports: new Set<string>(),
    })).ports.add(trafficText(flow));
  }
  const rows = new Map<string, Row>();
  /** What operation needs, by all that a row says but the machines. */
  const inOperation = new Map<string, Row>();
  for (const { flow, ports: own, direction, service, isInstallation, stopped, need } of contacts.values()) {
    const [other, role] = direction === 'out' ? [flow.to, flow.toRole] : [flow.from, flow.fromRole];
    const ports = [...own].join(', ');
    const common = [direction, serviceKey(service), ports, stopped, need].join('\n');
    const row = getOrAdd(rows, `${common}\n${isInstallation}`, () => ({
      ...{ direction, ports, service, isInstallation, stopped, need },
      alsoInstallation: false,
      names: new Map(),
    }));
    if (!isInstallation) inOperation.set(common, row);
    if (service.length < row.service.length) row.service = service;
    const roles = getOrAdd(row.names, endpointName(other), () => new Set<string>());
    if (other.kind === 'clients') roles.add(t('clients'));
    else if (role !== undefined) roles.add(role.role);
  }
  return [...rows].flatMap(([key, row]) => {
    const same = row.isInstallation && inOperation.get(key.slice(0, key.lastIndexOf('\n')));
    // What an installation needs says no more than the row of the same machines in operation.
    if (!same || [...row.names.keys()].some((name) => !same.names.has(name))) return [row];
    same.alsoInstallation = true;
    if (row.service.length < same.service.length) same.service = row.service;
    return [];
  });
}

/** What a service is called, and whether it is for an installation, in so many characters where that is possible. */
function serviceText({ service, isInstallation, alsoInstallation }: Row, room = Number.POSITIVE_INFINITY) {
  const withPhase = (name: string): string => {
    if (isInstallation) return t('{0} (installation)', name);
    return alsoInstallation ? t('{0} (also installation)', name) : name;
  };
  const name = serviceName(service, language());
  // `Server Message Block (SMB)` is known by its letters, and a remark in brackets can be read elsewhere.
  const shorter = [/ ?\(([A-Z]{2,})\)$/.exec(name)?.[1], name.replace(/ ?\([^()]*\)$/, '')];
  return withPhase([name, ...shorter].find((one) => one && withPhase(one).length <= room) ?? name);
}

/** The machines of a row with their roles, as many as so many characters hold. */
function withText({ names }: Row, room = Number.POSITIVE_INFINITY): string {
  // Of a machine that talks in several roles the name alone says enough.
  const all = [...names].map(([name, roles]) => (roles.size === 1 ? `${name} (${[...roles][0]})` : name));
  const whole = someText(all);
  if (whole.length <= room) return whole;
  const bare = [...names.keys()];
  const count = [3, 2, 1].find((most) => someText(bare, most).length <= room) ?? 1;
  return someText(all.length === 1 ? all : bare, count);
}

/**
 * Connections as a table: equal ports and services of several machines in one row.
 * @param way whether a flow leaves or reaches what the hover is about
 * @param filter of `cmtopo flows`, for what the table leaves out
 */
function connectionBlocks(
  analysis: Analysis,
  flows: readonly Flow[],
  way: (flow: Flow) => 'in' | 'out',
  filter: string,
): ProseBlock[] {
  if (flows.length === 0) return [paragraph(t('No connections in this file.'))];
  const rows = connectionRows(analysis, flows, way);
  // What is stopped comes first, so that no cut table loses it.
  const all = rows.toSorted((a, b) => Number(a.stopped === '') - Number(b.stopped === ''));
  const isStopped = all[0]?.stopped !== '';
  const hasNeed = all.some(({ need }) => need !== '');
  const cells = (row: Row, room?: number): readonly string[] => [
    row.direction === 'in' ? '←' : '→',
    withText(row, room),
    row.ports,
    serviceText(row, room),
    ...(hasNeed ? [row.need] : []),
    ...(isStopped ? [row.stopped] : []),
  ];
  return [
    {
      kind: 'connections',
      head: [
        '',
        t('With'),
        t('Ports'),
        t('Service'),
        ...(hasNeed ? [t('Needed')] : []),
        ...(isStopped ? [t('Blocked by')] : []),
      ],
      rows: shareOf(all, MOST_ROWS).map((row) => cells(row)),
      few: shareOf(all, FEW_ROWS).map((row) => cells(row, CELL)),
      total: all.length,
      machine: filter.slice(filter.indexOf(' ') + 1),
      command: `cmtopo flows FILE ${filter}`,
    },
  ];
}

/** The first rows; both directions get their share of a table that has to be cut. */
function shareOf(all: readonly Row[], most: number): readonly Row[] {
  const incoming = all.filter(({ direction }) => direction === 'in');
  const outgoing = all.filter(({ direction }) => direction === 'out');
  const half = Math.ceil(most / 2);
  const shownIn = incoming.slice(0, Math.max(half, most - outgoing.length));
  return [...shownIn, ...outgoing.slice(0, most - Math.min(shownIn.length, most))];
}

/** So many names on the internet are listed; more are counted. */
const FEW_NAMES = 4;

/** The names on the internet behind flows, by what they are for. */
function endpointBlocks(topology: Topology, flows: readonly Flow[]): ProseBlock[] {
  const outside = flows.filter(goesOutside);
  if (outside.length === 0) return [];
  const ports = new Map<string, Set<string>>();
  for (const { name, port } of outside.flatMap(endpointsIn(topology)))
    getOrAdd(ports, name, () => new Set<string>()).add(port);
  if (ports.size === 0) return [];
  const names = [...ports].map(([name, own]) => `${name} (${[...own].join(', ')})`);
  return names.length <= FEW_NAMES
    ? [paragraph(t('Names on the internet: {0}.', names.join(', ')))]
    : [{ kind: 'endpoints', count: names.length }];
}

/** The connections of the catalog behind flows, each once. */
function entriesOf(flows: readonly Flow[]): Connection[] {
  return [...new Set(flows.flatMap(({ entry }) => (entry === undefined ? [] : [entry])))];
}

const MOST_NOTES = 4;

function noteBlocks(edition: Edition, flows: readonly Flow[]): ProseBlock[] {
  const { notes } = catalogOf(edition);
  const numbers = new Set(
    entriesOf(flows).flatMap((entry) => [...entry.notes, ...entry.ports.flatMap((row) => row.notes)]),
  );
  return [...numbers]
    .toSorted((a, b) => a - b)
    .slice(0, MOST_NOTES)
    .flatMap((number) => {
      const note = notes.get(number);
      return note === undefined ? [] : [paragraph(t('Note {0}: {1}', number, translated(note)))];
    });
}

function errataBlocks(edition: Edition, role: string, flows: readonly Flow[]): ProseBlock[] {
  const errata = new Set([
    ...errataAbout(edition, role),
    ...entriesOf(flows).flatMap(({ id }) => errataAbout(edition, id)),
  ]);
  return [...errata]
    .slice(0, 2)
    .map(({ disagreement, followed }) =>
      paragraph(
        ...withBold(
          t('{0}: {1} Followed: {2}', t('Erratum'), translated(disagreement), translated(followed)),
          t('Erratum'),
        ),
      ),
    );
}

const MOST_LINKS = 3;

function sourceBlocks(edition: Edition, role: string, flows: readonly Flow[]): ProseBlock[] {
  const { document, documents } = catalogOf(edition);
  // The sections that are this role's own are before those of the other side.
  const entries = entriesOf(flows).toSorted((a, b) => Number(b.from === role) - Number(a.from === role));
  const anchors = [...new Set(entries.map(({ anchor }) => anchor))].slice(0, MOST_LINKS);
  if (anchors.length === 0)
    return [{ kind: 'link', text: `${document.title} (${edition})`, url: document.url }];
  if (edition === '2007') {
    return [
      { kind: 'link', text: t('{0}, section {1}', document.title, anchors.join(', ')), url: document.url },
    ];
  }
  return anchors.map((anchor) => {
    const entry = entries.find((one) => one.anchor === anchor);
    const between =
      entry === undefined
        ? anchor
        : t('{0} to {1}', roleName(entry.from, language()), roleName(entry.to, language()));
    return {
      kind: 'link',
      text: `${documents.get(entry?.document ?? document.id)?.title} (${edition}): ${between}`,
      url: sourceUrl(edition, anchor, entry?.document),
    };
  });
}

// --- Things ----------------------------------------------------------------------------------

/** @param brief without its connections */
function thingBlocks(analysis: Analysis, thing: Thing, brief = false): readonly ProseBlock[] {
  switch (thing.kind) {
    case 'zone':
      return zoneBlocks(analysis, thing);
    case 'site':
      return siteBlocks(analysis, thing);
    case 'server':
      return serverBlocks(analysis, thing, brief);
    case 'clients':
      return clientBlocks(analysis, thing, brief);
    case 'firewall':
      return firewallBlocks(thing);
    case 'instance':
      return instanceBlocks(analysis, thing);
    case 'boundary-group':
      return boundaryGroupBlocks(analysis, thing);
    case 'address-group':
      return addressGroupBlocks(analysis, thing);
    case 'port-group':
      return portGroupBlocks(analysis, thing);
    case 'availability-group':
      return availabilityGroupBlocks(analysis, thing);
    case 'listener':
      return [
        ...listenerBlocks(analysis, thing),
        ...(brief ? [] : connectionBlocks(analysis, ...flowsAt(analysis, thing), `--to ${thing.name}`)),
      ];
  }
}

/** The flows of what a name stands for, and whether each leaves or reaches it. */
function flowsAt(
  { topology, flows }: Analysis,
  thing: Collective,
): [readonly Flow[], (flow: Flow) => 'in' | 'out'] {
  const isAt = membership(thing, topology);
  const own = flows().filter((flow) => isAt(flow, 'from') || isAt(flow, 'to'));
  return [own, (flow) => (isAt(flow, 'from') ? 'out' : 'in')];
}

const isIn = (machine: Server | ClientGroup, zone: Zone, topology: Topology) =>
  effectiveZones(machine, topology).includes(zone);

function zoneBlocks({ topology }: Analysis, zone: Zone): ProseBlock[] {
  const servers = [...topology.servers.values()].filter((server) => isIn(server, zone, topology));
  const clients = [...topology.clients.values()].filter((group) => isIn(group, zone, topology));
  const firewalls = [...topology.firewalls.values()].filter(({ zones, between }) =>
    [...zones, ...between.flat()].some(({ value }) => value.toLowerCase() === zone.id),
  );
  const groups = [...topology.boundaryGroups.values()].filter(({ members }) =>
    members.some(({ value }) => value.toLowerCase() === zone.id),
  );
  return [
    paragraph(
      ...withBold(
        zone.internet
          ? t('{0}: the zone of the public internet', zone.name)
          : t('{0}: network zone', zone.name),
        zone.name,
      ),
    ),
    ...factBlock([
      [t('Networks'), zone.networks.map(({ value }) => value).join(', ')],
      [t('Servers'), manyText(servers.map(({ name }) => name))],
      [t('Client groups'), manyText(clients.map(({ name }) => name))],
      [t('Boundary groups'), manyText(groups.map(({ name }) => name))],
      [t('Firewalls'), firewalls.map(({ name }) => name).join(', ') || t('none: nothing is filtered here')],
    ]),
  ];
}

function siteBlocks({ topology }: Analysis, site: Site): ProseBlock[] {
  const parent = parentOf(site, topology);
  const servers = serversOf(site, topology);
  const with_ = (role: string) =>
    servers.filter(({ roles }) => roles.some((one) => one.role === role)).map(({ name }) => name);
  const ports = clientPortsOf(site, topology);
  const groups = [...topology.clients.values()].filter((group) => siteOf(group, topology) === site);
  const type = site.type?.value;
  return [
    paragraph(
      ...withBold(
        type === undefined ? t('{0}: site', site.name) : `${site.name}: ${translated(SITE_TYPE[type])}`,
        site.name,
      ),
    ),
    ...factBlock([
      [t('Parent'), parent?.name],
      [t('Child sites'), manyText(childrenOf(site, topology).map(({ name }) => name))],
      [t('Site server'), with_('site-server').join(', ') || t('none in this file')],
      [
        t('Database'),
        databasesOf(site, topology)
          .map(
            ({ server, instance }) =>
              `${server.name}${instance === undefined ? '' : ` ${instanceText(instance)}`}`,
          )
          .join(', '),
      ],
      [t('Management points'), manyText(with_('management-point'))],
      [t('Distribution points'), manyText(with_('distribution-point'))],
      [
        t('Client ports'),
        type === 'central-administration'
          ? undefined
          : type === 'secondary' && parent !== undefined
            ? t('{0} (those of {1})', requestPorts(ports), parent.name)
            : requestPorts(ports),
      ],
      [t('Servers'), servers.length],
      [t('Client groups'), manyText(groups.map(({ name }) => name))],
    ]),
  ];
}

function serverBlocks(analysis: Analysis, server: Server, brief: boolean): ProseBlock[] {
  const { topology } = analysis;
  const range = rpcRange(server, topology);
  const flows = analysis.flows();
  const own = flows.filter(({ from, to }) => from.server === server || to.server === server);
  return [
    paragraph(...withBold(t('{0}: server', server.name), server.name)),
    ...(brief ? [] : stoppedBlocks(own, analysis)),
    ...(brief
      ? []
      : connectionBlocks(
          analysis,
          own,
          (flow) => (flow.from.server === server ? 'out' : 'in'),
          `--from ${server.name}`,
        )),
    details(
      ...factBlock([
        [t('Name'), server.fqdn?.value],
        [t('Site'), server.site?.value],
        [t('Zone'), zoneName(server, topology)],
        [t('Addresses'), server.addresses.map(({ value }) => value).join(', ')],
        [t('System'), effectiveOs(server, topology)?.value],
        [
          t('Dynamic RPC ports'),
          range === undefined
            ? undefined
            : server.rpcDynamicPorts === undefined
              ? t('{0} (from defaults)', rangeText(range.value))
              : rangeText(range.value),
        ],
        [t('Roles'), server.roles.map(({ role }) => roleName(role, language())).join(t(', ')) || t('none')],
        [
          t('Boundary groups'),
          manyText(
            [...topology.boundaryGroups.values()]
              .filter(({ servers }) => servers.some(({ value }) => value.toLowerCase() === server.id))
              .map(({ name }) => name),
          ),
        ],
      ]),
    ),
  ];
}

function clientBlocks(analysis: Analysis, group: ClientGroup, brief: boolean): ProseBlock[] {
  const { topology } = analysis;
  const site = siteOf(group, topology);
  const ports = site === undefined ? undefined : clientPortsOf(site, topology);
  const own = analysis.flows().filter(({ from, to }) => from.clients === group || to.clients === group);
  const networks =
    group.networks.length > 0
      ? group.networks
      : effectiveZones(group, topology).flatMap((zone) => zone.networks);
  return [
    paragraph(
      ...withBold(t('{0}: client group ({1})', group.name, group.clientKind?.value ?? 'windows'), group.name),
    ),
    ...(brief ? [] : stoppedBlocks(own, analysis)),
    ...(brief
      ? []
      : connectionBlocks(
          analysis,
          own,
          (flow) => (flow.from.clients === group ? 'out' : 'in'),
          `--from ${group.name}`,
        )),
    details(
      ...factBlock([
        [t('Clients'), group.count?.value],
        [t('Site'), group.site?.value],
        [t('Zone'), zoneName(group, topology)],
        [t('Networks'), networks.map(({ value }) => value).join(', ')],
        [t('Boundary groups'), manyText(boundaryGroupsOf(topology, group))],
        [t('Request ports'), ports && requestPorts(ports)],
        [t('Installation'), group.installation.map(({ value }) => value).join(', ')],
        [t('Features'), group.features.map(({ value }) => value).join(', ')],
      ]),
      ...factBlock([...servingFacts(topology, group)]),
      ...(brief ? [] : endpointBlocks(topology, own)),
    ),
  ];
}

/** The boundary groups that hold clients of a group; of a group in several zones with the zones. */
function boundaryGroupsOf(topology: Topology, group: ClientGroup): readonly string[] {
  const zones = effectiveZones(group, topology);
  return [...topology.boundaryGroups.values()].flatMap((boundaries) => {
    const held = zonesInGroup(boundaries, topology).get(group);
    if (held === undefined) return [];
    const here = zones.filter(({ id }) => held.has(id)).map(({ name }) => name);
    return [
      here.length < zones.length ? t('{0}, in zone {1}', boundaries.name, here.join(', ')) : boundaries.name,
    ];
  });
}

function firewallBlocks(firewall: Firewall): ProseBlock[] {
  const allow = firewall.rules.filter(({ action }) => action?.value === 'allow').length;
  return [
    paragraph(...withBold(t('{0}: firewall', firewall.name), firewall.name)),
    ...factBlock([
      [firewall.hosts.length > 0 ? t('On') : t('Between'), firewallPlace(firewall)],
      [
        t('Rules'),
        t('{0} ({1} allow, {2} deny)', firewall.rules.length, allow, firewall.rules.length - allow),
      ],
    ]),
    paragraph(
      t(
        'The first rule that matches decides; what no rule matches is denied. Replies to an allowed connection are allowed.',
      ),
    ),
  ];
}

function instanceBlocks(analysis: Analysis, instance: SqlInstance): ProseBlock[] {
  const { topology } = analysis;
  const port = instancePort(instance);
  const sites = [...topology.sites.values()].filter((site) =>
    databasesOf(site, topology).some((place) => place.instance === instance),
  );
  const ports = new Set([String(port), String(serviceBrokerPort(instance))]);
  const own = analysis
    .flows()
    .filter(({ to, ports: used }) => to.server === instance.server && used.some((one) => ports.has(one)));
  return [
    paragraph(
      ...withBold(t('{0}: SQL Server instance on {1}', instance.name, instance.server.name), instance.name),
    ),
    ...connectionBlocks(analysis, own, () => 'in', `--to ${instance.server.name}`),
    details(
      ...factBlock([
        [t('TCP port'), port ?? t('chosen by SQL Server at every start')],
        [t('Service Broker port'), serviceBrokerPort(instance)],
        [t('Edition'), instance.edition?.value],
        [t('Database of'), sites.map(({ name }) => name).join(', ') || t('no site of this file')],
      ]),
    ),
  ];
}

function instanceText(instance: SqlInstance): string {
  const port = instancePort(instance);
  return port === undefined
    ? t('{0} (port chosen at start)', instance.name)
    : `${instance.name} (TCP ${port})`;
}

function zoneText(machine: Server | ClientGroup, topology: Topology): string | undefined {
  const name = zoneName(machine, topology);
  return name === undefined ? undefined : t('zone {0}', name);
}

function zoneName(machine: Server | ClientGroup, topology: Topology): string | undefined {
  const zones = effectiveZones(machine, topology).map(({ name }) => name);
  if (zones.length === 0) return undefined;
  return writtenZones(machine).length === 0 ? t('{0} (from defaults)', zones.join(', ')) : zones.join(', ');
}

function requestPorts({ http, https, notification }: ReturnType<typeof clientPortsOf>): string {
  return t('HTTP {0}; HTTPS {1}; notification {2}', http.join(', '), https.join(', '), notification);
}

// --- Keys, words and ports of the format -----------------------------------------------------

function formatAnswer(analysis: Analysis, offset: number): Answer | undefined {
  const chain = nodePathAt(analysis.tree, offset);
  const innermost = chain.at(-1);
  if (innermost === undefined || !('kind' in innermost) || innermost.kind !== 'scalar') return undefined;
  if (!touches(innermost.span, offset) || innermost.span.start === innermost.span.end) return undefined;
  const { path, onKey } = pathOf(chain, innermost);
  const place = shapeAt(path);
  if (place === undefined) return undefined;
  const { span } = innermost;
  if (onKey) {
    if (place.key === undefined) return undefined;
    return {
      blocks: [paragraph({ bold: place.key.name }), paragraph({ markdown: keyDoc(place.key) })],
      span,
    };
  }
  const port = portAt(innermost, place.shape);
  if (port !== undefined)
    return { blocks: portBlocks(analysis, port, path, ruleAt(analysis, span.start)), span };
  const word = wordOf(place.shape, innermost.text);
  if (word !== undefined) {
    return { blocks: [paragraph({ bold: word.name }), paragraph({ markdown: wordDoc(word) })], span };
  }
  const key = place.key ?? shapeAt(path.slice(0, -1))?.key;
  if (key === undefined) return undefined;
  return { blocks: [paragraph({ bold: key.name }), paragraph({ markdown: keyDoc(key) })], span };
}

function pathOf(
  chain: readonly (Node | Pair)[],
  innermost: ScalarNode,
): { path: PathStep[]; onKey: boolean } {
  const path: PathStep[] = [];
  let onKey = false;
  for (const [index, element] of chain.entries()) {
    const next = chain[index + 1];
    if (!('kind' in element)) {
      path.push(element.key.kind === 'scalar' ? element.key.text : '');
      onKey = element.key === innermost;
    } else if (element.kind === 'seq' && next !== undefined && 'kind' in next) {
      path.push(element.items.indexOf(next));
    }
  }
  return { path, onKey };
}

function wordOf(shape: Shape, written: string): Word | undefined {
  switch (shape.kind) {
    case 'edition':
      return shape.words.find(({ name }) => name === written) ?? versionWord(written);
    case 'words':
    case 'exception':
    case 'reference':
      return shape.words?.find(({ name }) => name === written);
    case 'list':
    case 'reference-map':
      return wordOf(shape.of, written);
    case 'either':
      return shape.of.map((one) => wordOf(one, written)).find((word) => word !== undefined);
    default:
      return undefined;
  }
}

/** A version of current branch is a word of `configmgr` too; its list is what there is to say. */
function versionWord(written: string): Word | undefined {
  const edition = isVersion(written) ? editionOf(written) : undefined;
  return (
    edition && { name: written, doc: t('Version {0} of current branch. Port list {1}.', written, edition) }
  );
}

interface PortNumber {
  readonly range: PortRange;
  readonly protocol: 'tcp' | 'udp' | undefined;
}

function portAt(node: ScalarNode, shape: Shape): PortNumber | undefined {
  if (!holdsPorts(shape)) return undefined;
  const value = String(scalarValue(node) ?? '');
  const match = /^(?:(tcp|udp)\/)?(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(value);
  if (match === null) return undefined;
  const low = Number(match[2]);
  const high = match[3] === undefined ? low : Number(match[3]);
  const protocol = match[1] === 'tcp' || match[1] === 'udp' ? match[1] : undefined;
  return low >= LOWEST_PORT && high <= HIGHEST_PORT && low <= high
    ? { range: { low, high }, protocol }
    : undefined;
}

function holdsPorts(shape: Shape): boolean {
  if (shape.kind === 'list') return holdsPorts(shape.of);
  if (shape.kind === 'either') return shape.of.some(holdsPorts);
  return (
    shape.kind === 'port' || shape.kind === 'range' || shape.kind === 'ports' || shape.kind === 'exception'
  );
}

/** What a port is used for: by the connections of this file, and by the catalog. */
function portBlocks(
  analysis: Analysis,
  { range, protocol }: PortNumber,
  path: readonly PathStep[],
  place: RulePlace | undefined,
): ProseBlock[] {
  const key = path.findLast((step) => typeof step === 'string');
  const wanted = protocol ?? (key === 'tcp' || key === 'udp' ? key : undefined);
  const blocks: ProseBlock[] = [paragraph({ bold: portTitle(range, wanted) })];
  const info = shapeAt(path)?.key;
  if (info !== undefined) blocks.push(paragraph({ markdown: translated(info.doc) }));
  // On a server's own setting only its connections count.
  const server = path[0] === 'servers' && typeof path[1] === 'string' ? path[1].toLowerCase() : undefined;
  // In a rule only those that it decides about count.
  const judged = place !== undefined && analysis.reach().isKnown(place.firewall) ? place.rule : undefined;
  const candidates = judged ? usesOf(judged, analysis).map(({ flow }) => flow) : analysis.flows();
  const flows = candidates.filter(
    (flow) =>
      (wanted === undefined || flow.protocol === wanted) &&
      (server === undefined || flow.to.name.toLowerCase() === server) &&
      flow.ports.some((ports) => within(ports, range)),
  );
  const services = new Map<string, { ports: string; service: string; from: Set<string>; to: Set<string> }>();
  for (const flow of flows) {
    const { service } = flow;
    const ports = trafficText(flow);
    const row = getOrAdd(services, `${ports}\n${serviceKey(service)}`, () => ({
      ...{ ports, service },
      from: new Set<string>(),
      to: new Set<string>(),
    }));
    if (service.length < row.service.length) row.service = service;
    row.from.add(flow.from.name);
    row.to.add(flow.to.name);
  }
  if (services.size === 0) {
    blocks.push(
      paragraph(
        judged
          ? t('No connection of this file uses it through this rule.')
          : t('No connection of this file uses it.'),
      ),
    );
  } else {
    const rows = [...services.values()].map(({ ports, service, from, to }) => [
      someText([...from]),
      someText([...to]),
      ports,
      serviceName(service, language()),
    ]);
    blocks.push({
      kind: 'table',
      head: [t('From'), t('To'), t('Ports'), t('Service')],
      rows: rows.slice(0, MOST_ROWS),
    });
    if (rows.length > MOST_ROWS) {
      blocks.push(moreRows(rows.length - MOST_ROWS, `cmtopo flows FILE --port ${range.low}`));
    }
  }
  const { edition } = analysis.topology;
  if (edition !== undefined && range.low === range.high) {
    const inCatalog = catalogServices(edition, String(range.low), wanted);
    if (inCatalog.length > 0)
      blocks.push(paragraph(t('In the port catalog ({0}): {1}.', edition, inCatalog.join('; '))));
  }
  return blocks;
}

function portTitle(range: PortRange, protocol: 'tcp' | 'udp' | undefined): string {
  const written = rangeText(range);
  if (range.low === range.high)
    return protocol === undefined ? t('Port {0}', written) : `${protocol.toUpperCase()} ${written}`;
  return protocol === undefined
    ? t('Port range {0}', written)
    : t('{0} port range {1}', protocol.toUpperCase(), written);
}

/** What the catalog uses a port for: the services, and how many connections have each. */
function catalogServices(edition: Edition, port: string, protocol: 'tcp' | 'udp' | undefined): string[] {
  const services = new Map<string, { service: string; ids: Set<string> }>();
  for (const { id, ports } of catalogOf(edition).connections) {
    for (const { service, ...row } of ports) {
      const used = [...(protocol === 'udp' ? [] : row.tcp), ...(protocol === 'tcp' ? [] : row.udp)];
      if (!used.includes(port)) continue;
      const known = getOrAdd(services, serviceKey(service), () => ({ service, ids: new Set<string>() }));
      if (service.length < known.service.length) known.service = service;
      known.ids.add(id);
    }
  }
  return [...services.values()]
    .toSorted((a, b) => b.ids.size - a.ids.size)
    .slice(0, 6)
    .map(({ service, ids }) => {
      const name = serviceName(service, language());
      const [only] = ids;
      return ids.size === 1 && only !== undefined
        ? `${name} (${only})`
        : t('{0} ({1} connections)', name, ids.size);
    });
}

/** Whether a flow's ports lie in a range, or reach into it. */
function within(ports: string, range: PortRange): boolean {
  const [low, high = low] = ports.split('-').map(Number);
  return low !== undefined && high !== undefined && low <= range.high && high >= range.low;
}

// --- Comments --------------------------------------------------------------------------------

function ruleMention({ tree, topology }: Analysis, offset: number, pages: Pages): Answer | undefined {
  const comment = tree.comments.find(({ span }) => touches(span, offset));
  if (comment === undefined || !comment.text.includes('cmtopo-')) return undefined;
  for (const { mentions } of readSuppressions(tree).directives) {
    const mention = mentions.find(({ span }) => touches(span, offset));
    const rule = mention && ruleOf(mention.code);
    if (mention !== undefined && rule !== undefined) {
      return {
        blocks: [
          paragraph({ bold: rule.code }, ` (${rule.severity})`),
          paragraph({ markdown: translated(rule.summary) }, ` ${translated(rule.reason)}`),
          ...sourceLinks(rule, topology.edition, pages),
        ],
        span: mention.span,
      };
    }
  }
  return undefined;
}
