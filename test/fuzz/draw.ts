// What is drawn for the tests with random input: files as people and attackers leave them, and edits of them.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import type { Outcome } from '../cli/cli.ts';
import { anyFile } from '../support/files.ts';
import { share } from '../support/share.ts';

/** How many times as long as in `npm test`: `npm run fuzz` says. */
export const TIMES = Number(process.env.FUZZ_TIMES ?? 1);

const EXAMPLES = ['hierarchy', 'branches', 'mistakes'].map((name) =>
  readFileSync(`examples/${name}.topology.yaml`, 'utf8'),
);

/** What YAML is made of, and what a topology is made of. */
const PIECES = [
  ...[
    '\n',
    '\n',
    '\r\n',
    '\t',
    ' ',
    '  ',
    '    ',
    ': ',
    ':',
    '- ',
    '? ',
    '{',
    '}',
    '[',
    ']',
    ', ',
    '#',
    ' # ',
  ],
  ...[
    '&a ',
    '*a',
    '<<: *a',
    '!!str ',
    '|\n',
    '>-\n',
    '"',
    "'",
    '---\n',
    '...\n',
    '%YAML 1.2\n',
    '\uFEFF',
    '\0',
  ],
  ...[
    'configmgr: 2403\n',
    'sites:',
    'servers:',
    'zones:',
    'firewalls:',
    'clients:',
    'roles:',
    'rules:',
    'PS1',
  ],
  ...[
    'type: primary',
    'zone: hq',
    'cm01',
    'management-point',
    'action: allow',
    'from: any',
    'to: hq',
    'tcp: 445',
  ],
  ...[
    '10.1.0.0/16',
    '49152-65535',
    '0xFF',
    '1e99',
    '-1',
    'null',
    'true',
    '~',
    '한국어',
    '\u{1F5A5}',
    '\uD800',
    '\u202E',
  ],
];

const pieces = fc.array(fc.constantFrom(...PIECES), { maxLength: 120 }).map((all) => all.join(''));

/** One edit of a text: where, how many characters are taken out, and what comes in their place. */
export interface Edit {
  readonly at: number;
  readonly remove: number;
  readonly insert: string;
}

export const edit: fc.Arbitrary<Edit> = fc.record({
  at: share,
  remove: fc.oneof(fc.constant(0), fc.nat({ max: 4 }), fc.nat({ max: 200 })),
  insert: fc.oneof(fc.constant(''), fc.constantFrom(...PIECES), pieces),
});

/** The offsets that an edit replaces. */
export function spanOf({ at, remove }: Edit, text: string): { start: number; end: number } {
  const start = Math.floor(at * (text.length + 1));
  return { start, end: Math.min(start + remove, text.length) };
}

export function edited(text: string, one: Edit): string {
  const { start, end } = spanOf(one, text);
  return text.slice(0, start) + one.insert + text.slice(end);
}

/** A topology, whole or with some mistakes. */
export const topology: fc.Arbitrary<string> = fc.oneof(anyFile, fc.constantFrom(...EXAMPLES));

/** Any text: a topology, one that edits have damaged, or nothing that anybody meant. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  topology,
  fc
    .tuple(topology, fc.array(edit, { minLength: 1, maxLength: 8 }))
    .map(([text, edits]) => edits.reduce(edited, text)),
  pieces,
  fc.string({ unit: 'binary', maxLength: 300 }),
);

/** Any file: a text in one of the encodings, or bytes that are none. */
export const anyBytes: fc.Arbitrary<Uint8Array> = fc.oneof(
  anyText.map((text) => new TextEncoder().encode(text)),
  anyText.map((text) => Buffer.from(`\uFEFF${text}`, 'utf16le')),
  fc.uint8Array({ maxLength: 400 }),
);

/** Ends by itself, with a status that is documented, and shows nobody where in the program it was. */
export function endsWell({ status, out, err }: Outcome, what: string): void {
  assert.ok(status === 0 || status === 1 || status === 2, `${what}: status ${status}\n${err}`);
  assert.doesNotMatch(`${out}\n${err}`, /^ {4}at .*:\d+:\d+\)?$/m, what);
  if (status === 2) assert.match(err, /^cmtopo: /m, what);
}
