// What a tool for assistants is: described once, for the manifest of the extension, for the Model Context Protocol
// and for the page in docs/. A tool reads and answers; it changes nothing.
import type { Analysis } from '../analysis.ts';
import { t } from '../l10n.ts';
import { cut, visible } from '../print/escape.ts';
import type { Settings } from '../rules/rule.ts';
import { nearestWord } from '../text/near.ts';

/** One value that a tool takes. */
export interface Parameter {
  readonly type: 'string' | 'integer';
  /** For the assistant, in English. */
  readonly description: string;
  /** The only words that it may be. */
  readonly words?: readonly string[];
  /** UTF-16 units of a text; {@link LONGEST_WORD} where it is not said. */
  readonly longest?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** It cannot be left out. */
  readonly required?: true;
}

export type Parameters = Readonly<Record<string, Parameter>>;

type ValueOf<P extends Parameter> = P extends { readonly words: readonly (infer W)[] }
  ? W
  : P['type'] extends 'integer'
    ? number
    : string;

/** What a tool is given: each value of the right type and within its bounds. */
export type ToolInput<P extends Parameters> = {
  readonly [K in keyof P as P[K] extends { readonly required: true } ? K : never]: ValueOf<P[K]>;
} & {
  readonly [K in keyof P as P[K] extends { readonly required: true } ? never : K]?: ValueOf<P[K]>;
};

/** A topology that a tool looks at. */
export interface LookedAt {
  /** The file as answers name it: relative to the folder, with `/`. */
  readonly file: string;
  readonly analysis: Analysis;
  readonly settings: Settings;
}

/** Which topology is meant: a file, a text, or with neither the one at hand. */
export interface Wanted {
  readonly file?: string;
  readonly text?: string;
}

/** What a tool may ask of the world outside. */
export interface ToolWorld {
  /** Throws {@link ToolError} where there is none. */
  topology(wanted: Wanted): LookedAt;
}

export interface Tool {
  /** `cmtopo_` and a few words: the same name everywhere. */
  readonly name: string;
  /** What a person writes behind `#` in the chat of VS Code. */
  readonly reference: string;
  /** For a person, marked for translation. */
  readonly title: string;
  /** What it does, for a person: one sentence, marked for translation. */
  readonly about: string;
  /** By which an assistant chooses it, in English. */
  readonly description: string;
  readonly parameters: Parameters;
  /** A call that shows what it is good for, for docs/assistants.md; of a file of examples/. */
  readonly example: { readonly question: string; readonly input: Readonly<Record<string, string | number>> };
  /** The lines of the answer to an input that {@link readInput} has taken. Throws {@link ToolError}. */
  answer(input: Readonly<Record<string, string | number | undefined>>, world: ToolWorld): readonly string[];
}

/** A tool cannot answer; the message is a sentence that says what to ask instead. */
export interface ToolError extends Error {
  readonly kind: 'tool';
}

/** @param message may hold what an assistant or a file says: what is hidden in it is shown */
export function toolError(message: string): ToolError {
  return Object.assign(new Error(visible(message)), { kind: 'tool' as const });
}

/** Whether something caught is a {@link ToolError}. */
export function isToolError(error: unknown): error is ToolError {
  return error instanceof Error && 'kind' in error && error.kind === 'tool';
}

/** A tool whose answer is given what its parameters say. */
export function tool<const P extends Parameters>(
  description: Omit<Tool, 'answer' | 'parameters'> & {
    readonly parameters: P;
    answer(input: ToolInput<P>, world: ToolWorld): readonly string[];
  },
): Tool {
  // Sound, because `callTool` gives it nothing but what `readInput` has checked against these parameters.
  return description as unknown as Tool;
}

/** UTF-16 units of a name or a word. */
const LONGEST_WORD = 256;
/**
 * UTF-16 units of the text of a topology. Real files have some hundred thousand at most; in any language a message of
 * the Model Context Protocol, 10 MB, has room for it.
 */
export const LONGEST_TEXT = 2 * 1024 * 1024;

/** Which topology a tool looks at. */
export const TOPOLOGY = {
  file: {
    type: 'string',
    description:
      'Path of a topology file (*.topology.yaml), relative to the folder. Leave out both file and text to use the only file or the active one; if there are several, the answer lists them.',
    longest: 1024,
  },
  text: {
    type: 'string',
    description: 'The whole text of a topology instead of a file, for a draft that is not saved yet.',
    longest: LONGEST_TEXT,
  },
} as const satisfies Parameters;

/** Which port list, by the words of `configmgr:`. */
export const EDITION = {
  type: 'string',
  description:
    'Port list: a version of Configuration Manager such as 2403, an edition such as 2017-09, or 2007. The newest by default.',
} as const satisfies Parameter;

const MOST_ROWS = 200;
const ROWS = 25;

/** How many rows an answer has at most. */
export const LIMIT = {
  type: 'integer',
  description: `The maximum number of rows in the answer; ${ROWS} by default.`,
  minimum: 1,
  maximum: MOST_ROWS,
} as const satisfies Parameter;

/**
 * The first rows, as many as are wanted, and a line that counts the others and says how to see them.
 * @param rows what writes the lines of each: what is not shown need not be written
 */
export function limited(
  rows: readonly (() => readonly string[])[],
  limit: number | undefined,
  how: string,
): readonly string[] {
  const shown = rows.slice(0, limit ?? ROWS);
  const more = rows.length - shown.length;
  return [
    ...shown.flatMap((write) => write()),
    ...(more === 0 ? [] : [`${more} of ${rows.length} are not shown. ${how}`]),
  ];
}

/**
 * The input of a call, checked against the parameters of a tool.
 * Throws {@link ToolError} for an unknown or missing parameter, a wrong type, a wrong word and what is too large.
 */
export function readInput(
  { name, parameters }: Pick<Tool, 'name' | 'parameters'>,
  input: unknown,
): Readonly<Record<string, string | number | undefined>> {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    throw toolError(t('{0}: the input has to be an object', name));
  const values: Record<string, string | number> = {};
  for (const [key, value] of Object.entries(input)) {
    const parameter = Object.hasOwn(parameters, key) ? parameters[key] : undefined;
    if (parameter === undefined) throw toolError(unknownParameter(name, key, Object.keys(parameters)));
    // Some assistants write what they leave out.
    if (value === null || value === undefined || (value === '' && key !== 'text')) continue;
    values[key] = checked(key, value, parameter);
  }
  for (const [key, parameter] of Object.entries(parameters))
    if (parameter.required && values[key] === undefined)
      throw toolError(t('{0}: the parameter {1} is missing', name, key));
  return values;
}

function unknownParameter(tool: string, key: string, known: readonly string[]): string {
  const near = nearestWord(key.slice(0, LONGEST_WORD), known);
  const shown = shortWord(key);
  return near === undefined
    ? t('{0} has no parameter {1}; it takes {2}', tool, shown, known.join(', '))
    : t('{0} has no parameter {1}; did you mean {2}?', tool, shown, near);
}

function checked(key: string, value: unknown, parameter: Parameter): string | number {
  const { type, words, longest = LONGEST_WORD, minimum, maximum } = parameter;
  if (type === 'integer') {
    // A number in quotes is a number that somebody meant.
    const number = typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) : value;
    const low = minimum ?? 0;
    const high = maximum ?? Number.MAX_SAFE_INTEGER;
    if (typeof number !== 'number' || !Number.isInteger(number) || number < low || number > high)
      throw toolError(t('{0} has to be a whole number from {1} to {2}', key, low, high));
    return number;
  }
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string') throw toolError(t('{0} has to be text', key));
  if (text.length > longest)
    throw toolError(t('{0} is too long: {1} characters; the limit is {2}', key, text.length, longest));
  if (words !== undefined && !words.includes(text))
    throw toolError(t('{0}: {1} is not one of {2}', key, shortWord(text), words.join(', ')));
  return text;
}

/** A word that somebody wrote, short enough for a message. */
export function shortWord(text: string): string {
  return cut(text, 60);
}

/** What a tool takes as a JSON schema, which MCP and the manifest of VS Code both want. */
export function inputSchema({ parameters }: Pick<Tool, 'parameters'>): InputSchema {
  const required = Object.keys(parameters).filter((key) => parameters[key]?.required);
  return {
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(parameters).map(([key, { type, description, words, longest, minimum, maximum }]) => [
        key,
        {
          type,
          description,
          ...(words === undefined ? {} : { enum: [...words] }),
          ...(type === 'string' && words === undefined ? { maxLength: longest ?? LONGEST_WORD } : {}),
          ...(minimum === undefined ? {} : { minimum }),
          ...(maximum === undefined ? {} : { maximum }),
        },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** A JSON schema of an object with simple members; types, not interfaces, so that it counts as JSON. */
export type InputSchema = {
  type: 'object';
  properties: Record<string, PropertySchema>;
  required?: string[];
  additionalProperties: false;
};

type PropertySchema = {
  type: Parameter['type'];
  description: string;
  enum?: string[];
  maxLength?: number;
  minimum?: number;
  maximum?: number;
};
