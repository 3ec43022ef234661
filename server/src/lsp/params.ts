// What requests may hold. An editor with a fault, or a program that is none, gets an error that says what is wrong:
// a position without a character would else become NaN on its way and let a search go on for ever.
import { ErrorCodes, ResponseError } from './protocol.ts';

/** Says what a value has to be, after its name: `must be …`; undefined where it is so. */
export type Check = (value: unknown, name: string) => string | undefined;

/** An index or a number of lines: a whole number from 0 on. */
const count: Check = (value, name) =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 2 ** 31 - 1
    ? undefined
    : `${name} must be a whole number from 0 to 2147483647`;

export const textCheck: Check = (value, name) =>
  typeof value === 'string' ? undefined : `${name} must be a string`;

const truth: Check = (value, name) =>
  typeof value === 'boolean' ? undefined : `${name} must be true or false`;

/** An object with at least these members. */
export function fields(members: Readonly<Record<string, Check>>): Check {
  return (value, name) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return `${name} must be an object`;
    for (const [key, check] of Object.entries(members)) {
      const problem = check(Reflect.get(value, key), `${name}.${key}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

export function listCheck(of: Check): Check {
  return (value, name) => {
    if (!Array.isArray(value)) return `${name} must be a list`;
    for (const [index, item] of value.entries()) {
      const problem = of(item, `${name}[${index}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };
}

/** It may be missing. */
function maybe(check: Check): Check {
  return (value, name) => (value === undefined || value === null ? undefined : check(value, name));
}

const position = fields({ line: count, character: count });
const range = fields({ start: position, end: position });
const textDocument = fields({ uri: textCheck });

/** What the requests about a document take, by what they take beside it. */
export const takes = {
  document: fields({ textDocument }),
  position: fields({ textDocument, position }),
  positions: fields({ textDocument, positions: listCheck(position) }),
  range: fields({ textDocument, range }),
  references: fields({ textDocument, position, context: fields({ includeDeclaration: truth }) }),
  rename: fields({ textDocument, position, newName: textCheck }),
  codeActions: fields({
    textDocument,
    range,
    context: fields({
      diagnostics: listCheck(fields({ range, message: textCheck })),
      only: maybe(listCheck(textCheck)),
    }),
  }),
  /** A code action, as an earlier answer had it. */
  codeAction: fields({ title: textCheck }),
  command: fields({ command: textCheck, arguments: maybe(listCheck(() => undefined)) }),
  /** A code lens, as an earlier answer had it. */
  lens: fields({ range }),
  /** An item of a call hierarchy, as an earlier answer had it. */
  item: fields({ item: fields({ uri: textCheck, name: textCheck, range, selectionRange: range }) }),
  query: fields({ query: textCheck }),
  tokensSince: fields({ textDocument, previousResultId: textCheck }),
  previousResults: fields({ previousResultIds: listCheck(fields({ uri: textCheck, value: textCheck })) }),
  initialize: fields({ capabilities: fields({}) }),
  opened: fields({ textDocument: fields({ uri: textCheck, version: count, text: textCheck }) }),
  changed: fields({
    textDocument: fields({ uri: textCheck, version: count }),
    contentChanges: listCheck(fields({ text: textCheck, range: maybe(range) })),
  }),
  folders: fields({
    event: fields({
      added: listCheck(fields({ uri: textCheck })),
      removed: listCheck(fields({ uri: textCheck })),
    }),
  }),
  watched: fields({ changes: listCheck(fields({ uri: textCheck })) }),
} as const;

/** Throws the protocol's error for wrong parameters where a check finds something. */
export function demand(check: Check, params: unknown): void {
  const problem = check(params, 'params');
  if (problem !== undefined) throw new ResponseError(ErrorCodes.InvalidParams, `${problem}.`);
}
