// From the data of catalog/*.yaml to the catalog's types: the one place that knows how the files are written.
// A file that is not as expected throws an error that names the place; the tests load every edition.
import {
  type ClientFeature,
  CONDITIONS,
  type Condition,
  type Connection,
  type Deployment,
  type Direction,
  EDITIONS,
  type Edition,
  type Erratum,
  type InternetClients,
  type Language,
  type Misprint,
  type Phase,
  PORT_SETTINGS,
  type PortRow,
  type PortSetting,
  type PortTable,
  type SourceDocument,
} from './types.ts';

const DIRECTIONS: readonly Direction[] = ['one-way', 'two-way'];
const PHASES: readonly Phase[] = ['operation', 'installation'];
const SCHEMES = ['http', 'https'] as const;
const TRANSLATIONS = ['ko', 'zh-TW'] as const;

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

/** A port list file: what its editions share, and what it says for one edition. */
export interface PortFile {
  readonly documents: Readonly<Partial<Record<Edition, SourceDocument>>>;
  readonly notes: ReadonlyMap<number, string>;
  connections(edition: Edition): readonly Connection[];
  table(key: string, edition: Edition): PortTable | undefined;
  internetClients(edition: Edition): InternetClients | undefined;
}

/** The client document's file. */
export interface ClientFile {
  readonly documents: Readonly<Partial<Record<Edition, SourceDocument>>>;
  readonly notes: ReadonlyMap<number, string>;
  deployment(edition: Edition): readonly Deployment[];
  readonly clientFeatures: readonly ClientFeature[];
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

/** `443`, `63000-64000`, `dynamic`, or a list of them. */
function portsOf(value: unknown, where: string): readonly string[] {
  if (value === undefined) return [];
  return (Array.isArray(value) ? value : [value]).map((port: unknown) => {
    const text = String(port);
    return /^(dynamic|\d+(-\d+)?)$/.test(text) ? text : fail(where, 'a port, a range or "dynamic"');
  });
}

/** Rejects keys that the format of a file does not have, so that a slip of the pen cannot drop a fact. */
function onlyKeys(fields: Fields, where: string, keys: readonly string[]): void {
  for (const key of Object.keys(fields)) {
    if (!keys.includes(key)) fail(`${where}.${key}`, `one of ${keys.join(', ')}`);
  }
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
  'only',
];

interface RowContext {
  readonly edition: Edition;
  readonly alternateNotes: readonly number[];
  readonly phase: Phase;
  readonly when: Condition | undefined;
}

/** The rows of one table in one edition; rows marked `only` for another edition are left out. */
function rowsOf(value: unknown, where: string, context: RowContext): readonly PortRow[] {
  return listOf(value, where, fieldsOf)
    .filter((row, index) => {
      onlyKeys(row, `${where}[${index}]`, ROW_KEYS);
      return (
        row.only === undefined || wordOf(row.only, `${where}[${index}].only`, EDITIONS) === context.edition
      );
    })
    .map((row, index): PortRow => {
      const at = `${where}[${index}]`;
      const notes = listOf(row.notes, `${at}.notes`, numberOf);
      const when = row.when === undefined ? context.when : wordOf(row.when, `${at}.when`, CONDITIONS);
      return {
        service: textOf(row.service, `${at}.service`),
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
      };
    });
}

function documentsOf(value: unknown, where: string): Partial<Record<Edition, SourceDocument>> {
  return Object.fromEntries(
    Object.entries(fieldsOf(value, where)).map(([edition, entry]) => {
      const at = `${where}.${edition}`;
      const { title, url, date } = fieldsOf(entry, at);
      return [
        wordOf(edition, at, EDITIONS),
        { title: textOf(title, at), url: textOf(url, at), date: textOf(date, at) },
      ];
    }),
  );
}

function notesOf(value: unknown, where: string): ReadonlyMap<number, string> {
  return new Map(
    Object.entries(fieldsOf(value, where)).map(([number, text]) => [Number(number), textOf(text, where)]),
  );
}

const CONNECTION_KEYS = ['id', 'variant', 'when', 'direction', 'anchor', 'notes', 'icmp', 'ports'];

/** Shapes a port list (`2007.yaml`, `2017.yaml`, `2025-12.yaml`). Throws where the data is malformed. */
export function portFile(data: unknown, name: string): PortFile {
  const file = fieldsOf(data, name);
  const alternateNotes = listOf(file.alternateNotes, `${name}.alternateNotes`, numberOf);
  const context = (edition: Edition, phase: Phase, when?: Condition): RowContext => ({
    edition,
    alternateNotes,
    phase,
    when,
  });
  return {
    documents: documentsOf(file.documents, `${name}.documents`),
    notes: notesOf(file.notes, `${name}.notes`),
    connections: (edition) =>
      listOf(file.connections, `${name}.connections`, (entry, where): Connection => {
        const fields = fieldsOf(entry, where);
        onlyKeys(fields, where, CONNECTION_KEYS);
        const id = textOf(fields.id, `${where}.id`);
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
          anchor: textOf(fields.anchor, `${where}.anchor`),
          icmp: flagOf(fields.icmp, `${where}.icmp`),
          notes: listOf(fields.notes, `${where}.notes`, numberOf),
          ports: rowsOf(fields.ports, `${where}.ports`, context(edition, 'operation', when)),
        };
      }),
    table: (key, edition) => {
      if (file[key] === undefined) return undefined;
      const { anchor, ports } = fieldsOf(file[key], `${name}.${key}`);
      return {
        anchor: textOf(anchor, `${name}.${key}.anchor`),
        ports: rowsOf(ports, `${name}.${key}.ports`, context(edition, 'operation')),
      };
    },
    internetClients: (edition) => {
      if (file.internetClients === undefined) return undefined;
      const where = `${name}.internetClients`;
      const { anchor, tables } = fieldsOf(file.internetClients, where);
      return {
        anchor: textOf(anchor, `${where}.anchor`),
        tables: listOf(tables, `${where}.tables`, (entry, at) => {
          const { roles, ports } = fieldsOf(entry, at);
          return {
            roles: listOf(roles, `${at}.roles`, textOf),
            ports: rowsOf(ports, `${at}.ports`, context(edition, 'installation')),
          };
        }),
      };
    },
  };
}

const DEPLOYMENT_KEYS = ['method', 'also', 'anchor', 'icmp', 'ports'];
const FEATURE_KEYS = ['feature', 'anchor', 'icmp', 'inbound', 'outbound', 'fallback', 'settings'];

/** Shapes `clients.yaml`. Throws where the data is malformed. */
export function clientFile(data: unknown, name: string): ClientFile {
  const file = fieldsOf(data, name);
  const alternateNotes = listOf(file.alternateNotes, `${name}.alternateNotes`, numberOf);
  return {
    documents: documentsOf(file.documents, `${name}.documents`),
    notes: notesOf(file.notes, `${name}.notes`),
    deployment: (edition) =>
      listOf(file.deployment, `${name}.deployment`, (entry, where): Deployment => {
        const fields = fieldsOf(entry, where);
        onlyKeys(fields, where, DEPLOYMENT_KEYS);
        const method = textOf(fields.method, `${where}.method`);
        const icmp = listOf(fields.icmp, `${where}.icmp`, (word, at) => wordOf(word, at, EDITIONS));
        return {
          method,
          methods: [method, ...listOf(fields.also, `${where}.also`, textOf)],
          anchor: textOf(fields.anchor, `${where}.anchor`),
          icmp: icmp.includes(edition),
          ports: rowsOf(fields.ports, `${where}.ports`, {
            edition,
            alternateNotes,
            phase: 'installation',
            when: undefined,
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
    return {
      id: textOf(fields.id, `${where}.id`),
      editions: listOf(fields.editions, `${where}.editions`, (word, at) => wordOf(word, at, EDITIONS)),
      about: listOf(fields.about, `${where}.about`, textOf),
      sources: listOf(fields.sources, `${where}.sources`, textOf),
      disagreement: textOf(fields.disagreement, `${where}.disagreement`),
      followed: textOf(fields.followed, `${where}.followed`),
      why: textOf(fields.why, `${where}.why`),
      misprints: listOf(fields.misprints, `${where}.misprints`, (place, at): Misprint => {
        const { document, anchor, party, printed } = fieldsOf(place, at);
        return {
          document: textOf(document, at),
          anchor: textOf(anchor, at),
          party: textOf(party, at),
          printed: textOf(printed, at),
        };
      }),
    };
  });
}

/** Shapes `names.yaml`. Service names are keyed by their English name, lower-cased. */
export function namesFile(data: unknown): {
  readonly roles: ReadonlyMap<string, Names>;
  readonly services: ReadonlyMap<string, Names>;
} {
  const file = fieldsOf(data, 'names');
  const namesOf = (entry: unknown, where: string, english?: string): Names => {
    const fields = fieldsOf(entry, where);
    onlyKeys(fields, where, ['en', 'ko', 'zh-TW', 'ours', 'also', 'short']);
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
