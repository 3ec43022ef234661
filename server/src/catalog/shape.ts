// From the data of catalog/*.yaml to the catalog's types: the one place that knows how the files are written.
// A file that is not as expected throws an error that names the place; the tests load every edition.
import { LANGUAGES, type Language } from '../languages.ts';
import { EDITIONS, type Edition, isBetween, type SourceDocument } from './editions.ts';
import {
  AZURE_CLOUDS,
  type ClientFeature,
  CONDITIONS,
  type Condition,
  type Connection,
  type Deployment,
  type Direction,
  type EndpointName,
  type Erratum,
  type InternetClients,
  type Misprint,
  PHASES,
  type Phase,
  PORT_SETTINGS,
  type PortRow,
  type PortSetting,
  type PortTable,
} from './types.ts';

const DIRECTIONS: readonly Direction[] = ['one-way', 'two-way'];
const SCHEMES = ['http', 'https'] as const;
const TRANSLATIONS = LANGUAGES.filter((one) => one !== 'en');

/** Names of one role, party or service. */
export interface Names {
  readonly names: Readonly<Record<Language, string>>;
  /** Languages whose name no document prints. */
  readonly ours: readonly Language[];
  /** Other English names in the documents. */
  readonly also: readonly string[];
  /** For services: the abbreviation, where other documents print that alone. */
  readonly short?: string;
}

/** A file of port lists, read for one of its editions. */
export interface PortFile {
  readonly notes: ReadonlyMap<number, string>;
  readonly connections: readonly Connection[];
  table(key: string): PortTable | undefined;
  readonly internetClients: InternetClients | undefined;
}

/** The client document's file, read for one edition. */
export interface ClientFile {
  readonly notes: ReadonlyMap<number, string>;
  readonly deployment: readonly Deployment[];
  readonly clientFeatures: readonly ClientFeature[];
}

/** The supplements' file, read for one edition. */
export interface SupplementFile {
  readonly documents: readonly SourceDocument[];
  readonly supplements: readonly Connection[];
}

type Fields = Readonly<Record<string, unknown>>;

function fail(where: string, expected: string): never {
  throw new Error(`catalog: ${where} is not ${expected}`);
}

function fieldsOf(value: unknown, where: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(where, 'a map');
  return Object.fromEntries(Object.entries(value));
}

function listOf<T>(value: unknown, where: string, item: (value: unknown, where: string) => T): readonly T[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) return fail(where, 'a list');
  return value.map((entry, index) => item(entry, `${where}[${index}]`));
}

function textOf(value: unknown, where: string): string {
  return typeof value === 'string' ? value : fail(where, 'text');
}

function flagOf(value: unknown, where: string): boolean {
  if (value === undefined) return false;
  return typeof value === 'boolean' ? value : fail(where, 'true or false');
}

function numberOf(value: unknown, where: string): number {
  return typeof value === 'number' ? value : fail(where, 'a number');
}

function wordOf<T extends string>(value: unknown, where: string, words: readonly T[]): T {
  return words.find((word) => word === value) ?? fail(where, `one of ${words.join(', ')}`);
}

/** `443`, `63000-64000`, `dynamic`, `configured`, or a list of them. */
function portsOf(value: unknown, where: string): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((port: unknown) => {
    const text = String(port);
    return /^(dynamic|configured|\d+(-\d+)?)$/.test(text)
      ? text
      : fail(where, 'a port, a range, "dynamic" or "configured"');
  });
}

/** Rejects keys that the format of a file does not have, so that a slip of the pen cannot drop a fact. */
function onlyKeys(fields: Fields, where: string, keys: readonly string[]): void {
  for (const key of Object.keys(fields)) {
    if (!keys.includes(key)) fail(`${where}.${key}`, `one of ${keys.join(', ')}`);
  }
}

/** Whether an entry belongs to an edition: by its `since` and `until`, both inclusive; without them always. */
function isIn(fields: Fields, where: string, edition: Edition): boolean {
  const bound = (key: 'since' | 'until') =>
    fields[key] === undefined ? undefined : wordOf(fields[key], `${where}.${key}`, EDITIONS);
  return isBetween(edition, bound('since'), bound('until'));
}

/** A text, or a list of texts with `since` and `until` of which one is the edition's; undefined where none is. */
function textIn(value: unknown, where: string, edition: Edition): string | undefined {
  if (!Array.isArray(value)) return textOf(value, where);
  const found = listOf(value, where, (entry, at) => {
    const fields = fieldsOf(entry, at);
    onlyKeys(fields, at, ['since', 'until', 'text']);
    return { text: textOf(fields.text, `${at}.text`), here: isIn(fields, at, edition) };
  }).filter(({ here }) => here);
  if (found.length > 1) return fail(where, `one text in ${edition}`);
  return found[0]?.text;
}

const ROW_KEYS = [
  'service',
  'udp',
  'tcp',
  'choice',
  'notes',
  'phase',
  'setting',
  'scheme',
  'globalCatalog',
  'from',
  'to',
  'direction',
  'when',
  'since',
  'until',
  'optional',
  'without',
  'noFlow',
  'proxy',
  'perVirtualMachine',
];

interface RowContext {
  readonly edition: Edition;
  readonly alternateNotes: readonly number[];
  readonly phase: Phase;
  readonly when: Condition | undefined;
  /** What the edition prints in place of some services. */
  readonly spelled: ReadonlyMap<string, string>;
}

/** The rows of one table in one edition; rows of other editions are left out. */
function rowsOf(value: unknown, where: string, context: RowContext): readonly PortRow[] {
  return listOf(value, where, fieldsOf)
    .filter((row, index) => {
      onlyKeys(row, `${where}[${index}]`, ROW_KEYS);
      return isIn(row, `${where}[${index}]`, context.edition);
    })
    .map((row, index): PortRow => {
      const at = `${where}[${index}]`;
      const notes = listOf(row.notes, `${at}.notes`, numberOf);
      const when = row.when === undefined ? context.when : wordOf(row.when, `${at}.when`, CONDITIONS);
      const service = textOf(row.service, `${at}.service`);
      const optional = flagOf(row.optional, `${at}.optional`);
      if (optional !== (row.without !== undefined)) fail(at, 'optional with a sentence in `without`');
      return {
        service: context.spelled.get(service) ?? service,
        udp: portsOf(row.udp, `${at}.udp`),
        tcp: portsOf(row.tcp, `${at}.tcp`),
        choice: flagOf(row.choice, `${at}.choice`),
        alternate: notes.some((note) => context.alternateNotes.includes(note)),
        phase: row.phase === undefined ? context.phase : wordOf(row.phase, `${at}.phase`, PHASES),
        ...(row.setting !== undefined && { setting: wordOf(row.setting, `${at}.setting`, PORT_SETTINGS) }),
        ...(row.scheme !== undefined && { scheme: wordOf(row.scheme, `${at}.scheme`, SCHEMES) }),
        ...(row.globalCatalog !== undefined && {
          globalCatalog: flagOf(row.globalCatalog, `${at}.globalCatalog`),
        }),
        ...(row.from !== undefined && { from: textOf(row.from, `${at}.from`) }),
        ...(row.to !== undefined && { to: textOf(row.to, `${at}.to`) }),
        ...(row.direction !== undefined && {
          direction: wordOf(row.direction, `${at}.direction`, DIRECTIONS),
        }),
        notes,
        ...(when !== undefined && { when }),
        ...(optional && { optional, without: textOf(row.without, `${at}.without`) }),
        ...(row.noFlow !== undefined && { noFlow: textOf(row.noFlow, `${at}.noFlow`) }),
        ...(flagOf(row.proxy, `${at}.proxy`) && { proxy: true }),
        ...(flagOf(row.perVirtualMachine, `${at}.perVirtualMachine`) && { perVirtualMachine: true }),
      };
    });
}

function notesOf(value: unknown, where: string, edition: Edition): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(fieldsOf(value, where)).flatMap(([number, text]): [number, string][] => {
      const own = textIn(text, `${where}.${number}`, edition);
      return own === undefined ? [] : [[Number(number), own]];
    }),
  );
}

function spelledOf(value: unknown, where: string, edition: Edition): ReadonlyMap<string, string> {
  return new Map(
    listOf(value, where, (entry, at): readonly [string, string][] => {
      const fields = fieldsOf(entry, at);
      onlyKeys(fields, at, ['since', 'until', 'services']);
      const services = Object.entries(fieldsOf(fields.services, `${at}.services`));
      return isIn(fields, at, edition)
        ? services.map(([service, printed]) => [service, textOf(printed, `${at}.services.${service}`)])
        : [];
    }).flat(),
  );
}

const CONNECTION_KEYS = [
  'id',
  'variant',
  'when',
  'direction',
  'anchor',
  'notes',
  'icmp',
  'since',
  'until',
  'ports',
];

/** A connection of a list or of the supplements; undefined where it is not in the edition. */
function connectionOf(
  fields: Fields,
  where: string,
  id: string,
  document: string,
  context: RowContext,
): Connection | undefined {
  if (!isIn(fields, where, context.edition)) return undefined;
  const [from, to, third] = id.split('.');
  if (from === undefined || to === undefined) return fail(`${where}.id`, 'FROM.TO');
  const variant = fields.variant === undefined ? third : textOf(fields.variant, `${where}.variant`);
  const when = fields.when === undefined ? undefined : wordOf(fields.when, `${where}.when`, CONDITIONS);
  return {
    id,
    from,
    to,
    ...(variant !== undefined && { variant }),
    direction: wordOf(fields.direction, `${where}.direction`, DIRECTIONS),
    document,
    anchor: anchorOf(fields.anchor, `${where}.anchor`, context.edition),
    icmp: flagOf(fields.icmp, `${where}.icmp`),
    notes: listOf(fields.notes, `${where}.notes`, numberOf),
    ports: rowsOf(fields.ports, `${where}.ports`, { ...context, when }),
  };
}

function anchorOf(value: unknown, where: string, edition: Edition): string {
  return textIn(value, where, edition) ?? fail(where, `a section in ${edition}`);
}

/** The phase of a table's rows where they name none: Windows itself needs those of Windows Server. */
const TABLE_PHASES: Readonly<Record<string, Phase>> = { windowsServer: 'windows' };

/** Shapes a port list (`2007.yaml`, `current-branch.yaml`) for an edition. Throws where the data is malformed. */
export function portFile(data: unknown, name: string, edition: Edition): PortFile {
  const file = fieldsOf(data, name);
  const context: RowContext = {
    edition,
    alternateNotes: listOf(file.alternateNotes, `${name}.alternateNotes`, numberOf),
    phase: 'operation',
    when: undefined,
    spelled: spelledOf(file.spelled, `${name}.spelled`, edition),
  };
  const internetClients = (): InternetClients | undefined => {
    if (file.internetClients === undefined) return undefined;
    const where = `${name}.internetClients`;
    const { anchor, tables } = fieldsOf(file.internetClients, where);
    return {
      anchor: anchorOf(anchor, `${where}.anchor`, edition),
      tables: listOf(tables, `${where}.tables`, (entry, at) => {
        const { roles, ports } = fieldsOf(entry, at);
        return {
          roles: listOf(roles, `${at}.roles`, textOf),
          ports: rowsOf(ports, `${at}.ports`, { ...context, phase: 'installation' }),
        };
      }),
    };
  };
  return {
    notes: notesOf(file.notes, `${name}.notes`, edition),
    connections: listOf(file.connections, `${name}.connections`, (entry, where) => {
      const fields = fieldsOf(entry, where);
      onlyKeys(fields, where, CONNECTION_KEYS);
      return connectionOf(fields, where, textOf(fields.id, `${where}.id`), LIST, context);
    }).filter((connection) => connection !== undefined),
    table: (key) => {
      if (file[key] === undefined) return undefined;
      const { anchor, ports } = fieldsOf(file[key], `${name}.${key}`);
      const phase = TABLE_PHASES[key] ?? context.phase;
      return {
        anchor: anchorOf(anchor, `${name}.${key}.anchor`, edition),
        ports: rowsOf(ports, `${name}.${key}.ports`, { ...context, phase }),
      };
    },
    internetClients: internetClients(),
  };
}

/** The id of a port list among the documents of its edition. */
export const LIST = 'ports';

/**
 * Shapes `supplements.yaml` for an edition. An entry with several `ids` is a connection for each, as where every
 * role that uses the site database has the same one. Throws where the data is malformed.
 */
export function supplementFile(data: unknown, edition: Edition): SupplementFile {
  const file = fieldsOf(data, 'supplements');
  const documents = Object.entries(fieldsOf(file.documents, 'supplements.documents')).map(
    ([id, entry]): SourceDocument => {
      const at = `supplements.documents.${id}`;
      const { title, url, date } = fieldsOf(entry, at);
      return { id, title: textOf(title, at), url: textOf(url, at), date: textOf(date, at) };
    },
  );
  const known = [LIST, ...documents.map(({ id }) => id)];
  const context: RowContext = {
    edition,
    alternateNotes: [],
    phase: 'operation',
    when: undefined,
    spelled: new Map(),
  };
  return {
    documents,
    supplements: listOf(file.supplements, 'supplements', (entry, where) => {
      const fields = fieldsOf(entry, where);
      onlyKeys(fields, where, [...CONNECTION_KEYS, 'ids', 'document']);
      const document = wordOf(fields.document, `${where}.document`, known);
      const ids =
        fields.ids === undefined
          ? [textOf(fields.id, `${where}.id`)]
          : listOf(fields.ids, `${where}.ids`, textOf);
      return ids.map((id) => connectionOf(fields, where, id, document, context));
    })
      .flat()
      .filter((connection) => connection !== undefined),
  };
}

const ENDPOINT_KEYS = ['section', 'connections', 'parties', 'when', 'purpose', 'names'];
/** Shapes `endpoints.yaml` for an edition. Throws where the data is malformed. */
export function endpointFile(data: unknown, edition: Edition): readonly EndpointName[] {
  const file = fieldsOf(data, 'endpoints');
  const document = textOf(file.document, 'endpoints.document');
  const schemes = fieldsOf(file.schemes, 'endpoints.schemes');
  return listOf(file.endpoints, 'endpoints', (entry, where) => {
    const fields = fieldsOf(entry, where);
    onlyKeys(fields, where, ENDPOINT_KEYS);
    const shared = {
      document,
      section: textOf(fields.section, `${where}.section`),
      connections: listOf(fields.connections, `${where}.connections`, textOf),
      parties: listOf(fields.parties, `${where}.parties`, textOf),
      ...(fields.when !== undefined && { when: wordOf(fields.when, `${where}.when`, CONDITIONS) }),
      purpose: textOf(fields.purpose, `${where}.purpose`),
    };
    return listOf(fields.names, `${where}.names`, (written, at) =>
      endpointOf(written, at, edition, schemes),
    ).flatMap((name) => (name === undefined ? [] : { ...shared, ...name }));
  }).flat();
}

/** `*.example.com`, `https://example.com/`, or a map with such a name; undefined where it is not in the edition. */
function endpointOf(written: unknown, where: string, edition: Edition, schemes: Fields) {
  const fields = typeof written === 'string' ? { name: written } : fieldsOf(written, where);
  onlyKeys(fields, where, ['name', 'cloud', 'since', 'until']);
  if (!isIn(fields, where, edition)) return undefined;
  const printed = textOf(fields.name, `${where}.name`);
  const [, scheme, name] = /^(?:(https?):\/\/)?((?:\*\.|<name>\.)?[a-z0-9.-]+)(?:\/.*)?$/.exec(printed) ?? [];
  if (name === undefined) return fail(`${where}.name`, 'the name of a host, with a scheme or without');
  return {
    printed,
    name,
    ...(scheme !== undefined && { port: numberOf(schemes[scheme], `endpoints.schemes.${scheme}`) }),
    ...(fields.cloud !== undefined && { cloud: wordOf(fields.cloud, `${where}.cloud`, AZURE_CLOUDS) }),
  };
}

const DEPLOYMENT_KEYS = ['method', 'also', 'anchor', 'icmp', 'ports'];
const FEATURE_KEYS = ['feature', 'anchor', 'icmp', 'inbound', 'outbound', 'fallback', 'settings'];

/** Shapes `clients.yaml` for an edition. Throws where the data is malformed. */
export function clientFile(data: unknown, name: string, edition: Edition): ClientFile {
  const file = fieldsOf(data, name);
  const alternateNotes = listOf(file.alternateNotes, `${name}.alternateNotes`, numberOf);
  return {
    notes: notesOf(file.notes, `${name}.notes`, edition),
    deployment: listOf(file.deployment, `${name}.deployment`, (entry, where): Deployment => {
      const fields = fieldsOf(entry, where);
      onlyKeys(fields, where, DEPLOYMENT_KEYS);
      const method = textOf(fields.method, `${where}.method`);
      return {
        method,
        methods: [method, ...listOf(fields.also, `${where}.also`, textOf)],
        anchor: textOf(fields.anchor, `${where}.anchor`),
        icmp: fields.icmp !== undefined && isIn(fieldsOf(fields.icmp, `${where}.icmp`), where, edition),
        ports: rowsOf(fields.ports, `${where}.ports`, {
          edition,
          alternateNotes,
          phase: 'installation',
          when: undefined,
          spelled: new Map(),
        }),
      };
    }),
    clientFeatures: listOf(file.clientFeatures, `${name}.clientFeatures`, (entry, where): ClientFeature => {
      const fields = fieldsOf(entry, where);
      onlyKeys(fields, where, FEATURE_KEYS);
      const settings: Record<string, PortSetting> = {};
      for (const [port, setting] of Object.entries(fieldsOf(fields.settings ?? {}, `${where}.settings`))) {
        settings[port] = wordOf(setting, `${where}.settings.${port}`, PORT_SETTINGS);
      }
      return {
        feature: textOf(fields.feature, `${where}.feature`),
        anchor: textOf(fields.anchor, `${where}.anchor`),
        inbound: listOf(fields.inbound, `${where}.inbound`, textOf),
        outbound: listOf(fields.outbound, `${where}.outbound`, textOf),
        fallback: listOf(fields.fallback, `${where}.fallback`, textOf),
        settings,
        icmp: flagOf(fields.icmp, `${where}.icmp`),
      };
    }),
  };
}

/** Shapes `errata.yaml`. Throws where the data is malformed. */
export function errataFile(data: unknown): readonly Erratum[] {
  return listOf(fieldsOf(data, 'errata').errata, 'errata', (entry, where): Erratum => {
    const fields = fieldsOf(entry, where);
    onlyKeys(fields, where, ERRATUM_KEYS);
    return {
      id: textOf(fields.id, `${where}.id`),
      editions: EDITIONS.filter((edition) => isIn(fields, where, edition)),
      about: listOf(fields.about, `${where}.about`, textOf),
      sources: listOf(fields.sources, `${where}.sources`, textOf),
      disagreement: textOf(fields.disagreement, `${where}.disagreement`),
      followed: textOf(fields.followed, `${where}.followed`),
      why: textOf(fields.why, `${where}.why`),
      misprints: listOf(fields.misprints, `${where}.misprints`, (place, at): Misprint => {
        const { document, anchor, party, service, printed } = fieldsOf(place, at);
        return {
          document: textOf(document, at),
          anchor: textOf(anchor, at),
          ...(party !== undefined && { party: textOf(party, at) }),
          ...(service !== undefined && { service: textOf(service, at) }),
          printed: textOf(printed, at),
        };
      }),
    };
  });
}

const ERRATUM_KEYS = [
  'id',
  'since',
  'until',
  'about',
  'sources',
  'disagreement',
  'followed',
  'why',
  'misprints',
];

/** Shapes `names.yaml`. Service names are keyed by their English name, lower-cased. */
export function namesFile(data: unknown): {
  readonly roles: ReadonlyMap<string, Names>;
  readonly services: ReadonlyMap<string, Names>;
} {
  const file = fieldsOf(data, 'names');
  const namesOf = (entry: unknown, where: string, english?: string): Names => {
    const fields = fieldsOf(entry, where);
    onlyKeys(fields, where, [...LANGUAGES, 'ours', 'also', 'short']);
    return {
      names: {
        en: english ?? textOf(fields.en, `${where}.en`),
        ko: textOf(fields.ko, `${where}.ko`),
        'zh-TW': textOf(fields['zh-TW'], `${where}.zh-TW`),
      },
      ours: listOf(fields.ours, `${where}.ours`, (word, at) => wordOf(word, at, TRANSLATIONS)),
      also: listOf(fields.also, `${where}.also`, textOf),
      ...(fields.short !== undefined && { short: textOf(fields.short, `${where}.short`) }),
    };
  };
  return {
    roles: new Map(
      Object.entries(fieldsOf(file.roles, 'names.roles')).map(([role, entry]) => [
        role,
        namesOf(entry, role),
      ]),
    ),
    services: new Map(
      Object.entries(fieldsOf(file.services, 'names.services')).map(([service, entry]) => [
        service.toLowerCase(),
        namesOf(entry, service, service),
      ]),
    ),
  };
}
