// The JSON forms of the command line.
import { shortJsonText } from './escape.ts';

/** Raised by a change that breaks readers; each form has a schema, `schemas/COMMAND.schema.json`. */
export const JSON_VERSION = 2;

/** One JSON document with a line break at its end, which begins with the version of its form. */
export function jsonForm(form: object): string {
  return shortJsonText({ version: JSON_VERSION, ...form });
}
