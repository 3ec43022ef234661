// Typing by keyboard alone: each snippet of the completion is taken and gone through stop by stop, with the lists that
// an editor asks for on the way.
import assert from 'node:assert/strict';
import { type CompletionItem, CompletionRequest, type Range } from 'vscode-languageserver-protocol/node';
import { analyse } from '../../server/src/analysis.ts';
import { CURSOR } from '../support/features.ts';
import { SNIPPETS } from '../support/snippets.ts';
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
