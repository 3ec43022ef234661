// The JSON schemas (draft-07) of what the commands print with `--format json`. They allow more than they name, so that
// a reader who validates is not broken by what is added; a test holds real output against them with nothing more allowed.
import { EDITIONS } from '../catalog/editions.ts';
import { JSON_VERSION } from '../print/json.ts';
import type { JsonSchema } from '../topology/json-schema.ts';

const TEXT: JsonSchema = { type: 'string' };
const TRUTH: JsonSchema = { type: 'boolean' };
const COUNT: JsonSchema = { type: 'integer', minimum: 0 };
const TEXTS: JsonSchema = { type: 'array', items: TEXT };
const EDITION: JsonSchema = { enum: [...EDITIONS] };
const PROTOCOL = words('tcp', 'udp', 'icmp');
const SEVERITY = words('error', 'warning', 'information', 'hint');

function words(...list: readonly string[]): JsonSchema {
  return { enum: [...list] };
}

function list(items: JsonSchema, description?: string): JsonSchema {
  return { type: 'array', items, ...(description !== undefined && { description }) };
}

/** An object; a member whose name ends in `?` may be missing. */
function object(members: Readonly<Record<string, JsonSchema>>): JsonSchema {
  const names = Object.keys(members);
  const plain = (name: string) => name.replace(/\?$/, '');
  return {
    type: 'object',
    required: names.filter((name) => !name.endsWith('?')),
    properties: Object.fromEntries(Object.entries(members).map(([name, schema]) => [plain(name), schema])),
  };
}

function orNull(schema: JsonSchema): JsonSchema {
  return { anyOf: [schema, { type: 'null' }] };
}

function said(schema: JsonSchema, description: string): JsonSchema {
  return { ...schema, description };
}

const VERSION: JsonSchema = said({ const: JSON_VERSION }, 'The version of this form.');
const POSITION = said(
  object({ line: COUNT, character: COUNT }),
  'From 0; characters in UTF-16 units, a byte-order mark not counted.',
);
const RANGE = said(object({ start: POSITION, end: POSITION }), 'The end is exclusive.');
const PORTS = said(TEXTS, '`1433`, `49152-65535`, or `dynamic` where the file does not say which.');
const SOURCE = object({ edition: EDITION, document: TEXT, anchor: TEXT });

/** How much a flow is needed. */
const NEED = {
  optional: said(TRUTH, 'There is another way without it; `without` says what happens then.'),
  'without?': TEXT,
  'anyOf?': said(TEXT, 'The choice that it belongs to: one of it is enough.'),
  'zones?': said(TEXTS, 'Of a client group in several zones, those for which it holds.'),
};

const check = object({
  version: VERSION,
  files: list(
    object({
      path: TEXT,
      diagnostics: list(
        object({
          code: said(TEXT, 'The code of a rule; `cmtopo rules CODE` prints its page.'),
          severity: SEVERITY,
          message: TEXT,
          'why?': said(TEXT, 'The reason of the rule, in one sentence.'),
          'source?': said(
            object({ document: TEXT, section: TEXT, 'url?': TEXT }),
            'Where that is written; without an address for the description of the file format.',
          ),
          range: RANGE,
          related: list(object({ message: TEXT, range: RANGE })),
          fixes: list(
            object({
              title: TEXT,
              safe: said(TRUTH, 'Applied by --fix.'),
              edits: list(object({ range: RANGE, newText: TEXT })),
            }),
          ),
        }),
      ),
    }),
  ),
  summary: object({ errors: COUNT, warnings: COUNT, information: COUNT, hints: COUNT }),
});

const flows = object({
  version: VERSION,
  edition: EDITION,
  configmgr: said(TEXT, 'What the file, else the settings file, says: an edition or a version.'),
  file: TEXT,
  flows: list(
    object({
      from: TEXT,
      to: TEXT,
      protocol: PROTOCOL,
      ports: PORTS,
      service: TEXT,
      connection: said(TEXT, 'The id of a connection of the catalog.'),
      phase: TEXT,
      ...NEED,
      'endpoints?': said(
        list(object({ name: TEXT, port: TEXT, purpose: TEXT, document: TEXT, section: TEXT })),
        'With --endpoints: the names behind internet and azure. `port` is their own, also behind a proxy.',
      ),
      sources: list(SOURCE),
    }),
  ),
});

const machine = object({
  name: TEXT,
  kind: TEXT,
  'zone?': TEXT,
  'site?': TEXT,
  roles: TEXTS,
  addresses: TEXTS,
});
const rule = {
  rule: said(
    { anyOf: [{ type: 'integer', minimum: 1 }, { type: 'null' }] },
    'From 1, in the order of the firewall; null for what is denied since no rule matches.',
  ),
  'name?': TEXT,
  'line?': said(COUNT, 'From 0.'),
  ports: PORTS,
};

const direction = object({
  from: TEXT,
  to: TEXT,
  firewalls: said(orNull(TEXTS), 'In the order of the way; null where it cannot be told.'),
  summary: object({
    allowed: COUNT,
    blocked: COUNT,
    unchecked: COUNT,
    missed: said(COUNT, 'Of the blocked ones those that are needed.'),
  }),
  flows: list(
    object({
      protocol: PROTOCOL,
      ports: PORTS,
      'documented?': said(TEXT, 'The ports of the document, where the file uses others.'),
      'setting?': said(TEXT, 'The key of the file that says so.'),
      service: TEXT,
      connection: TEXT,
      purpose: TEXT,
      phase: TEXT,
      ...NEED,
      'instead?': said(TEXTS, 'Of a choice, the machines that would do as well.'),
      missed: said(TRUTH, 'It is blocked and needed: nothing else of its choice gets through.'),
      fromRole: TEXT,
      toRole: TEXT,
      sources: list(object({ edition: EDITION, anchor: TEXT, document: TEXT, url: TEXT })),
      verdict: words('allowed', 'blocked', 'unchecked'),
      'why?': said(TEXT, 'Why it could not be checked.'),
      decisions: list(object({ firewall: TEXT, allowed: list(object(rule)), blocked: orNull(object(rule)) })),
    }),
  ),
});

const explain = object({
  version: VERSION,
  edition: EDITION,
  file: TEXT,
  from: machine,
  to: machine,
  directions: list(direction),
});

const side = object({
  ports: PORTS,
  'fromZone?': TEXT,
  'toZone?': TEXT,
  fromAddress: TEXTS,
  toAddress: TEXTS,
  documents: TEXTS,
});
const compared = object({ file: TEXT, edition: EDITION });

const diff = object({
  version: VERSION,
  old: compared,
  new: compared,
  summary: object({
    added: COUNT,
    removed: COUNT,
    changed: COUNT,
    breaks: said(COUNT, 'Connections that changed firewalls newly stop.'),
    unblocks: said(COUNT, 'Connections that changed firewalls stopped and now let through.'),
    opens: said(COUNT, 'Pairs of machines and protocols that are newly let through and that nothing needs.'),
    unjudged: said(COUNT, 'Connections of which it is not known in one of the versions whether they pass.'),
  }),
  passing: list(
    object({
      effect: words('breaks', 'unblocks', 'opens'),
      from: TEXT,
      to: TEXT,
      'fromZone?': TEXT,
      'toZone?': TEXT,
      firewalls: TEXTS,
      protocol: PROTOCOL,
      ports: TEXTS,
      'service?': TEXT,
      'phase?': TEXT,
    }),
    'What changed firewalls newly stop or let through.',
  ),
  'partial?': said(TRUTH, 'There are too many machines to work out what is opened for nobody.'),
  changes: list(
    object({
      change: words('added', 'removed', 'changed'),
      from: TEXT,
      to: TEXT,
      firewalls: TEXTS,
      protocol: PROTOCOL,
      service: TEXT,
      connection: TEXT,
      phase: TEXT,
      optional: NEED.optional,
      'anyOf?': NEED['anyOf?'],
      'old?': side,
      'new?': side,
      open: said(TEXTS, 'Ports that nothing between these addresses needed before.'),
      close: said(TEXTS, 'Ports that nothing between these addresses needs any more.'),
    }),
  ),
});

const probe = object({
  version: VERSION,
  edition: EDITION,
  file: TEXT,
  from: said(TEXTS, 'The machines at which the connections start.'),
  attempts: list(
    object({
      from: TEXT,
      to: TEXT,
      targets: said(TEXTS, 'Addresses, or a name; tried in this order until one opens.'),
      port: { type: 'integer', minimum: 1 },
      services: TEXTS,
      connections: TEXTS,
      optional: TRUTH,
      anyOf: said(TEXTS, 'The choices that it belongs to: one of each is enough.'),
      expected: words('allowed', 'blocked', 'unchecked'),
      'why?': said(TEXT, 'Why the file expects nothing.'),
      firewalls: said(orNull(TEXTS), 'Those on the way; null where it cannot be told.'),
      blockedBy: list(
        object({
          firewall: TEXT,
          rule: said(orNull({ type: 'integer', minimum: 1 }), 'From 1; null where no rule matches.'),
          'name?': TEXT,
        }),
      ),
      'outcome?': said(words('open', 'refused', 'silent', 'untried'), 'Without one it was a dry run.'),
      'detail?': said(TEXT, 'In the words of the system, such as an error code.'),
      'judgement?': words('expected', 'not-open', 'not-blocked', 'unproven', 'unchecked'),
      'failure?': said(TRUTH, 'Needed, allowed by the file, and not open: exit status 1.'),
      'suspects?': said(TEXTS, 'The firewalls that would be to blame.'),
    }),
  ),
  unproven: list(
    object({ from: TEXT, to: TEXT, protocol: PROTOCOL, ports: PORTS, service: TEXT, why: TEXT }),
    'What a connection cannot prove.',
  ),
  summary: object({
    attempts: COUNT,
    open: COUNT,
    refused: COUNT,
    silent: COUNT,
    untried: COUNT,
    failures: COUNT,
    notBlocked: COUNT,
    unproven: COUNT,
  }),
});

const row = object({
  service: TEXT,
  udp: TEXTS,
  tcp: TEXTS,
  choice: said(TRUTH, 'One of the ports is enough.'),
  alternate: said(TRUTH, 'Another port can be configured.'),
  'phase?': TEXT,
});
const ofConnection = {
  id: TEXT,
  from: TEXT,
  to: TEXT,
  direction: words('one-way', 'two-way'),
  anchor: TEXT,
  icmp: TRUTH,
  ports: list(row),
};
const connection = object(ofConnection);
const supplement = object({
  ...ofConnection,
  document: said(TEXT, 'The id of the document that asks for it; `anchor` is a section of that.'),
});
const table = orNull(object({ anchor: TEXT, ports: list(row) }));
const rows = list(
  object({ change: words('added', 'removed', 'changed'), before: orNull(row), after: orNull(row) }),
);

const edition = object({
  version: VERSION,
  edition: EDITION,
  connections: list(connection),
  deployment: list(object({ method: TEXT, anchor: TEXT, icmp: TRUTH, ports: list(row) })),
  clientFeatures: list(object({ feature: TEXT, inbound: TEXTS, outbound: TEXTS })),
  windowsServer: table,
  clientShares: table,
  supplements: list(supplement, 'What another document asks for and the port list leaves out.'),
  endpoints: list(
    object({
      name: TEXT,
      port: said(orNull({ type: 'integer' }), 'Null: every port of the connection.'),
      'cloud?': words('public', 'us-government'),
      purpose: TEXT,
      connections: TEXTS,
      parties: said(TEXTS, 'Who needs it over a connection that no list has.'),
      document: TEXT,
      section: TEXT,
    }),
    'The names behind connections to the internet and to cloud services.',
  ),
  errata: list(
    object({ id: TEXT, about: TEXTS, sources: TEXTS, disagreement: TEXT, followed: TEXT, why: TEXT }),
  ),
});
const beforeAndAfter = (schema: JsonSchema) => object({ before: schema, after: schema });
const comparison = object({
  version: VERSION,
  from: EDITION,
  to: EDITION,
  added: list(connection),
  removed: list(connection),
  changed: list(
    object({ id: TEXT, direction: beforeAndAfter(TEXT), icmp: beforeAndAfter(TRUTH), ports: rows }),
  ),
  tables: list(
    object({
      table: TEXT,
      change: words('added', 'removed', 'changed'),
      icmp: said(TRUTH, 'Echo requests are among what changes.'),
      ports: rows,
    }),
  ),
});

const section = object({ document: TEXT, section: TEXT, 'editions?': list(EDITION) });
const example = list({ type: 'object', required: ['title', 'text'] });
const aRule = {
  code: TEXT,
  area: TEXT,
  severity: SEVERITY,
  summary: TEXT,
  reason: TEXT,
  explanation: TEXT,
  sources: list(section),
  bad: example,
  good: example,
};

const drift = object({
  version: VERSION,
  file: TEXT,
  exports: TEXTS,
  summary: object({ onlyAtSite: COUNT, onlyInFile: COUNT, different: COUNT }),
  differences: list(
    object({
      change: words('only-at-site', 'only-in-file', 'different'),
      what: words('site', 'server', 'role', 'boundary-group'),
      name: said(TEXT, 'As the file has it, where it is in the file.'),
      'role?': TEXT,
      'key?': said(TEXT, 'Absent where the whole of it is on one side only.'),
      'inFile?': said(TEXT, 'The value, or the roles of a server that is in the file only.'),
      'atSite?': TEXT,
      'line?': said(COUNT, 'In the file, from 0.'),
      'place?': object({ file: TEXT, at: TEXT }),
    }),
  ),
});

/** By the name of the command. */
const FORMS: Readonly<Record<string, JsonSchema>> = {
  check,
  flows,
  explain,
  // Two files, or with --from a file and its site.
  diff: { oneOf: [diff, drift] },
  probe,
  catalog: { oneOf: [edition, comparison] },
  rules: {
    oneOf: [object({ version: VERSION, rules: list(object(aRule)) }), object({ version: VERSION, ...aRule })],
  },
};

/** The schemas of all JSON forms, by their paths from the repository's root. */
export function commandSchemas(): ReadonlyMap<string, JsonSchema> {
  return new Map(
    Object.entries(FORMS).map(([command, form]) => [
      `schemas/${command}.schema.json`,
      {
        $schema: 'http://json-schema.org/draft-07/schema#',
        title: `cmtopo ${command} --format json`,
        ...form,
      },
    ]),
  );
}
