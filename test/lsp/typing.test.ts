// Typing by keyboard alone: each snippet of the completion is taken and gone through stop by stop, with the lists that
// an editor asks for on the way.
import assert from 'node:assert/strict';
import { type CompletionItem, CompletionRequest, type Range } from 'vscode-languageserver-protocol/node';
import { analyse } from '../../server/src/analysis.ts';
import { CURSOR, HIERARCHY } from '../support/features.ts';
import { eachWithSession, type Session } from './session.ts';

/** A snippet in a text, and where its stops are. */
interface Snippet {
  readonly before: string;
  readonly after: string;
  readonly parts: readonly (string | Stop)[];
}

interface Stop {
  readonly number: number;
  readonly choices: readonly string[];
  readonly standard: string;
}

/** Text with `$1`, `${1:name}` and `${1|a,b|}` taken apart. */
function partsOf(text: string): (string | Stop)[] {
  const parts: (string | Stop)[] = [];
  const pattern = /\$(\d+)|\$\{(\d+):((?:\\.|[^}\\])*)\}|\$\{(\d+)\|((?:\\.|[^|\\])*)\|\}/g;
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    const [whole, bare, named, standard, choice, words] = match;
    parts.push(text.slice(at, match.index));
    const choices = words?.split(/(?<!\\),/).map((word) => word.replace(/\\(.)/g, '$1')) ?? [];
    parts.push({
      number: Number(bare ?? named ?? choice),
      choices,
      standard: standard?.replace(/\\(.)/g, '$1') ?? choices[0] ?? '',
    });
    at = match.index + whole.length;
  }
  parts.push(text.slice(at));
  return parts;
}

/** The text while stop `number` holds what is typed there, and the offset behind it. */
function textAt({ before, after, parts }: Snippet, typed: ReadonlyMap<number, string>, number: number) {
  let text = before;
  let offset = -1;
  for (const part of parts) {
    if (typeof part === 'string') text += part;
    else {
      text += typed.get(part.number) ?? part.standard;
      if (part.number === number && offset === -1) offset = text.length;
    }
  }
  return { text: text + after, offset };
}

const below = (section: string) =>
  HIERARCHY.includes(`\n${section}:\n`)
    ? HIERARCHY.replace(`\n${section}:\n`, `\n${section}:\n  ${CURSOR}\n`)
    : `${HIERARCHY}${section}:\n  ${CURSOR}\n`;

/** What is taken, where, and what is typed at its stops; `undefined` leaves what is there. */
const SNIPPETS: readonly [string, string, readonly (string | undefined)[]][] = [
  ['New topology', CURSOR, [undefined, 'Adatum', 'dc', '10.1.0.0/16', 'AD1', 'db01', 'mem01', 'laptops']],
  ['New primary site', `configmgr: current-branch\nsites:\n  ${CURSOR}\n`, ['AD1', 'db01']],
  [
    'New primary site',
    `configmgr: current-branch\nsites:\n  CAS:\n    type: central-administration\n  ${CURSOR}\n`,
    ['AD1', undefined, 'db01'],
  ],
  ['New secondary site', below('sites'), ['AD2', 'PS1', 'db01']],
  ['New central administration site', `configmgr: current-branch\nsites:\n  ${CURSOR}\n`, ['CAS', 'db01']],
  ['New zone', below('zones'), ['dc', '10.77.0.0/16']],
  ['New server', below('servers'), ['mem01', 'PS1', 'hq', '10.10.0.77', 'file-server:']],
  ['New client group', below('clients'), ['laptops', 'PS1', 'hq']],
  ['New boundary group', below('boundaryGroups'), ['branch', 'hq', 'cm01']],
  ['New availability group', below('availabilityGroups'), ['ag', 'sql01']],
  ['New firewall', below('firewalls'), ['core', 'hq', 'dmz', undefined, 'cm01', 'sql01', '1433']],
  ['New address group', below('addressGroups'), ['mps', 'cm01']],
  ['New port group', below('portGroups'), ['web', '443']],
  [
    'New instance',
    HIERARCHY.replace('          CM: {', `          ${CURSOR}\n          CM: {`),
    ['TWO', '50007'],
  ],
  [
    'New firewall rule',
    HIERARCHY.replace('    rules:\n', `    rules:\n      - ${CURSOR}\n`),
    [undefined, 'sql01', 'dp-dmz', '443'],
  ],
];

describe('typing with the keyboard alone', function () {
  this.timeout(60_000);
  let uri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ uri, connect } = session);
  });

  for (const [label, text, answers] of SNIPPETS)
    it(`goes through '${label}' stop by stop, and ends with a file without mistakes of form (${answers.length} stops)`, async () => {
      const { connection, open, change } = await connect();
      const at = text.indexOf(CURSOR);
      const start = text.replace(CURSOR, '');
      open(uri, start);
      const listAt = async (whole: string, offset: number): Promise<CompletionItem[]> => {
        const position = analyse(whole).tree.lines.positionAt(offset);
        const answer = await connection.sendRequest(CompletionRequest.type, {
          textDocument: { uri },
          position,
        });
        return Array.isArray(answer) ? answer : (answer?.items ?? []);
      };
      const item = (await listAt(start, at)).find((one) => one.label === label);
      assert.ok(item?.textEdit && 'range' in item.textEdit, `${label} is not offered`);
      assert.equal(item.insertTextFormat, 2, 'it has stops');
      const { lines } = analyse(start).tree;
      const offsetOf = (range: Range, end: 'start' | 'end') => lines.offsetAt(range[end]);
      // As an editor does it: the lines of a snippet are indented as the line that it goes to.
      const before = start.slice(0, offsetOf(item.textEdit.range, 'start'));
      const indent = /[^\n]*$/.exec(before)?.[0].match(/^ */)?.[0] ?? '';
      const inserted = item.textEdit.newText.replaceAll('\n', `\n${indent}`);
      const snippet: Snippet = {
        before,
        after: start.slice(offsetOf(item.textEdit.range, 'end')),
        parts: partsOf(inserted),
      };
      const stops = snippet.parts.filter((part): part is Stop => typeof part !== 'string');
      const numbers = [...new Set(stops.map(({ number }) => number))]
        .filter((number) => number > 0)
        .sort((a, b) => a - b);
      assert.deepEqual(
        numbers,
        [...numbers.keys()].map((index) => index + 1),
        'in the order of Tab',
      );
      assert.equal(numbers.length, answers.length, JSON.stringify(item.textEdit.newText));

      const typed = new Map<number, string>();
      for (const number of numbers) {
        const stop = stops.find((one) => one.number === number);
        assert.ok(stop);
        const answer = answers[number - 1] ?? stop.standard;
        for (let length = 1; length <= answer.length; length++) {
          typed.set(number, answer.slice(0, length));
          const now = textAt(snippet, typed, number);
          change(uri, now.text);
          if (length > 3 && length < answer.length) continue;
          const list = await listAt(now.text, now.offset);
          const words = list.map((one) => one.label);
          // What is chosen replaces what was typed at this stop, and nothing beside it.
          for (const { textEdit } of list) {
            assert.ok(textEdit && 'range' in textEdit);
            const own = now.text.slice(now.offset - length, now.offset);
            const range = analyse(now.text).tree.lines;
            const covered = now.text.slice(
              range.offsetAt(textEdit.range.start),
              range.offsetAt(textEdit.range.end),
            );
            assert.ok(own.endsWith(covered.trim()) || covered.startsWith(own), `${covered} at ${own}`);
          }
          // A stop with choices offers them again, but for those that its list has already.
          if (length === 1)
            assert.ok(
              stop.choices.length === 0 || stop.choices.some((choice) => words.includes(choice)),
              `${stop.choices}: ${words}`,
            );
        }
        typed.set(number, answer);
      }
      const end = textAt(snippet, typed, 0).text;
      const findings = analyse(end).findings();
      const form = findings.filter(({ code }) =>
        /^(yaml-syntax|unknown-key|wrong-type|invalid-.*|missing-key|duplicate-key)$/.test(code),
      );
      assert.deepEqual(
        form.map(({ code, message }) => `${code}: ${message}`),
        [],
        end,
      );
    });

  it('offers no key of another section at a name that is typed', async () => {
    const { connection, open } = await connect();
    const text = 'configmgr: current-branch\nzones:\n  dc: { networks: [] }\n';
    open(uri, text);
    const answer = await connection.sendRequest(CompletionRequest.type, {
      textDocument: { uri },
      position: { line: 2, character: 4 },
    });
    assert.deepEqual(Array.isArray(answer) ? answer : (answer?.items ?? []), []);
  });
});
