// JSON schemas (draft-07) made from the format's description, for editors and tools that know
// schemas and not the language server. A schema says less than the checker: it cannot see whether
// a name is there or a range is the right way round.

import { KNOWN_VERSIONS } from '../catalog/editions.ts';
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import {
  CONFIGMGR_WORDS,
  FORMAT,
  type Key,
  keyOf,
  type ListShape,
  type MapShape,
  OWN_KEY,
  type Shape,
  type Word,
} from './format.ts';
import type { OptionValue } from './model.ts';

export type JsonSchema = { [key: string]: Json };
type Json = string | number | boolean | null | readonly Json[] | JsonSchema;

const DRAFT = 'http://json-schema.org/draft-07/schema#';
const PORT = '(?:[1-9]\\d{0,3}|[1-5]\\d{4}|6[0-4]\\d{3}|65[0-4]\\d{2}|655[0-2]\\d|6553[0-5])';
const RANGE = `^0*${PORT}-0*${PORT}$`;
const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `${BYTE}(?:\\.${BYTE}){3}`;
/** Any text of the right characters: the checker looks closer. */
const IPV6 = '[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*';
/** A year and month of the newest list, such as `2403`. */
const LATER_VERSION = '^(?:2[1-9]|[3-9]\\d)(?:0[1-9]|1[0-2])$';
const NAME = '^[A-Za-z0-9._-]{1,63}$';

/** Text of YAML: `2017`, `true` and `001` are numbers and booleans to a schema. */
const TEXT: JsonSchema = { type: ['string', 'number', 'boolean'] };
const INTEGER_PORT: JsonSchema = { type: 'integer', minimum: LOWEST_PORT, maximum: HIGHEST_PORT };

function wordsSchema(words: readonly Word[]): JsonSchema {
  // A plain `2007` is a number to a schema.
  const values = words.flatMap(({ name, doc }): readonly { value: Json; doc: string }[] =>
    /^\d+$/.test(name)
      ? [
          { value: name, doc },
          { value: Number(name), doc },
        ]
      : [{ value: name, doc }],
  );
  return { enum: values.map(({ value }) => value), enumDescriptions: values.map(({ doc }) => doc) };
}

/** An edition, or a version, which YAML takes for a number unless it is in quotes. */
function editionSchema(words: readonly Word[]): JsonSchema {
  const versions = KNOWN_VERSIONS.map((name) => ({ name, doc: `Configuration Manager ${name}.` }));
  return {
    anyOf: [
      wordsSchema([...words, ...versions]),
      { type: 'integer', minimum: Number(KNOWN_VERSIONS.at(-1)), maximum: 9912 },
      { type: 'string', pattern: LATER_VERSION },
    ],
  };
}

function shapeSchema(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case 'text':
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'boolean':
      return { type: 'boolean' };
    case 'integer':
      return {
        type: 'integer',
        minimum: shape.minimum,
        ...(shape.maximum === undefined ? {} : { maximum: shape.maximum }),
      };
    case 'port':
      return INTEGER_PORT;
    case 'range':
      return { type: 'string', pattern: RANGE };
    case 'ports': {
      const one: readonly Json[] = [INTEGER_PORT, { type: 'string', pattern: RANGE }];
      const any: readonly Json[] = shape.any ? [{ const: 'any' }] : [];
      return { anyOf: [...one, { type: 'array', items: { anyOf: one } }, ...any] };
    }
    case 'address':
      return { type: 'string', pattern: `^(?:${IPV4}|${IPV6})$` };
    case 'network':
      return {
        type: 'string',
        pattern: `^(?:${IPV4}(?:/(?:[12]?\\d|3[0-2]))?|${IPV6}(?:/(?:\\d{1,2}|1[01]\\d|12[0-8]))?)$`,
      };
    case 'date':
      return { type: 'string', pattern: '^\\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\\d|3[01])$' };
    case 'words':
      return wordsSchema(shape.words);
    case 'edition':
      return editionSchema(shape.words);
    case 'exception':
      return { anyOf: [wordsSchema(shape.words), { type: 'string', pattern: `^(?:tcp|udp)/0*${PORT}$` }] };
    case 'reference':
      return { ...TEXT, minLength: 1 };
    case 'list': {
      const { minimum, maximum } = shape;
      const array: JsonSchema = {
        type: minimum === undefined ? ['array', 'null'] : 'array',
        items: shapeSchema(shape.of),
        ...(minimum === undefined ? {} : { minItems: minimum }),
        ...(maximum === undefined ? {} : { maxItems: maximum }),
      };
      return shape.single ? { anyOf: [shapeSchema(shape.of), array] } : array;
    }
    case 'either':
      return { anyOf: shape.of.map(shapeSchema) };
    case 'map':
      return mapSchema(shape);
    case 'named':
      return {
        type: ['object', 'null'],
        ...(shape.names === 'instance' ? {} : { propertyNames: { pattern: NAME } }),
        additionalProperties: { $ref: `#/definitions/${shape.names}` },
      };
    case 'reference-map':
      return { type: ['object', 'null'], additionalProperties: shapeSchema(shape.of) };
  }
}

/** What a key is for, its default and its unit, as Markdown. */
function keyDocumentation(key: Key): string {
  const notes = [
    ...(key.defaultText !== undefined ? [`Default: ${key.defaultText}.`] : []),
    ...(key.editions ? [`Editions: ${key.editions.join(', ')}.`] : []),
  ];
  return [key.doc, ...notes].join('\n\n');
}

/** A default or option value as someone would write it. */
export function valueText(value: OptionValue): string {
  if (typeof value !== 'object') return String(value);
  return 'low' in value ? `${value.low}-${value.high}` : `[${value.map((item) => item.value).join(', ')}]`;
}

function keySchema(key: Key): JsonSchema {
  const { default: initial } = key;
  const documentation = keyDocumentation(key);
  return {
    // Plain text for editors that show no Markdown.
    description: documentation.replaceAll('`', ''),
    markdownDescription: documentation,
    ...(initial === undefined ? {} : { default: typeof initial === 'object' ? valueText(initial) : initial }),
    ...shapeSchema(key.shape),
  };
}

function mapSchema(shape: MapShape): JsonSchema {
  // The settings file may give the edition, so that no schema can ask for it.
  const required = shape.keys
    .filter((key) => key.required && key.name !== 'configmgr')
    .map(({ name }) => name);
  const either = shape.keys.flatMap(({ name, requiredUnless }): readonly JsonSchema[] =>
    requiredUnless === undefined
      ? []
      : [{ anyOf: [name, ...requiredUnless].map((one) => ({ required: [one] })) }],
  );
  const excluded = shape.keys.flatMap(({ name, excludes = [] }): readonly JsonSchema[] =>
    excludes.map((other) => ({ not: { required: [name, other] } })),
  );
  const conditions = shape.keys.flatMap(({ name, requiredIf }): readonly JsonSchema[] =>
    requiredIf === undefined
      ? []
      : [
          {
            anyOf: [
              {
                not: {
                  properties: { [requiredIf.key]: { const: requiredIf.is } },
                  required: [requiredIf.key],
                },
              },
              { required: [name] },
            ],
          },
        ],
  );
  const all: readonly Json[] = [...either, ...excluded, ...conditions];
  return {
    type: required.length > 0 || either.length > 0 || shape === FORMAT ? 'object' : ['object', 'null'],
    properties: Object.fromEntries(shape.keys.map((key) => [key.name, keySchema(key)])),
    ...(shape === FORMAT ? { patternProperties: { [`^${OWN_KEY}`]: {} } } : {}),
    additionalProperties: false,
    ...(required.length > 0 ? { required } : {}),
    ...(all.length > 0 ? { allOf: all } : {}),
  };
}

/** The shapes of named maps by kind, wherever they are in the format. */
function namedShapes(
  shape: Shape,
  found = new Map<string, MapShape | ListShape>(),
): ReadonlyMap<string, MapShape | ListShape> {
  if (shape.kind === 'named') {
    found.set(shape.names, shape.of);
    namedShapes(shape.of, found);
  } else if (shape.kind === 'map') {
    for (const key of shape.keys) namedShapes(key.shape, found);
  } else if (shape.kind === 'list') {
    namedShapes(shape.of, found);
  }
  return found;
}

/** The schema of topology files. */
export function topologySchema(): JsonSchema {
  return {
    $schema: DRAFT,
    title: 'Configuration Manager topology',
    description:
      'Sites, servers, roles, clients, zones and firewalls of one Configuration Manager hierarchy.',
    ...mapSchema(FORMAT),
    definitions: Object.fromEntries(
      [...namedShapes(FORMAT)].map(([kind, shape]) => [kind, shapeSchema(shape)]),
    ),
  };
}

/** What the settings schema says about a rule. */
export interface SettingsRule {
  readonly code: string;
  readonly severity: string;
  readonly summary: string;
}

/**
 * The schema of `.cmtopo.yaml`.
 * @param rules every rule that a severity can be given to
 */
export function settingsSchema(rules: readonly SettingsRule[]): JsonSchema {
  const policies = keyOf(FORMAT, 'policies');
  if (!policies) throw new Error('format: no policies');
  return {
    $schema: DRAFT,
    title: 'Settings of the topology checker',
    type: ['object', 'null'],
    properties: {
      edition: {
        description: 'The edition of the port catalog for topology files that name none.',
        ...editionSchema(CONFIGMGR_WORDS),
      },
      rules: {
        description: 'The severity of each rule; off turns it off.',
        type: ['object', 'null'],
        properties: Object.fromEntries(
          rules.map(({ code, severity, summary }) => [
            code,
            {
              description: summary.replaceAll('`', ''),
              enum: ['off', 'hint', 'information', 'warning', 'error'],
              default: severity,
            },
          ]),
        ),
        additionalProperties: false,
      },
      policies: {
        description:
          'Traffic that must never pass in any topology file of this folder, whatever their firewalls say.',
        ...shapeSchema(policies.shape),
      },
    },
    additionalProperties: false,
  };
}
