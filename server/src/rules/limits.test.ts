import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { exampleSettings } from '../rule-pages.ts';
import { rules } from './index.ts';
import { MOST_CHARACTERS } from './limits.ts';

const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/** The text with each name of the file, wherever it is used, as another one. */
function renamed(text: string, rename: (name: string) => string): string {
  const { topology } = analyse(text);
  const { servers, clients, zones, firewalls } = topology;
  const names = [servers, clients, zones, firewalls].flatMap((map) =>
    [...map.values()].map(({ name }) => name),
  );
  return [...new Set(names)].reduce(
    (sofar, name) =>
      sofar.replaceAll(
        new RegExp(`(?<![\\w./-])${name.replaceAll('.', '\\.')}(?![\\w/-])`, 'g'),
        JSON.stringify(rename(name)),
      ),
    text,
  );
}

/** Every text that a person sees of the findings of the rules' examples, with names of another kind. */
function* said(rename: (name: string) => string): Generator<{ code: string; text: string }> {
  for (const rule of rules)
    for (const example of rule.bad)
      for (const { code, message, related, fixes } of analyse(
        renamed(example.text, rename),
        exampleSettings(example),
      ).findings()) {
        yield { code, text: message };
        for (const place of related ?? []) yield { code, text: place.message };
        for (const { title } of fixes ?? []) yield { code, text: title };
      }
}

describe('what a finding says', () => {
  it('is short enough with the names that people give', () => {
    for (const { code, text } of said((name) => name)) {
      assert.ok(text.length <= MOST_CHARACTERS, `${code}: ${text}`);
      assert.doesNotMatch(text, /…/, code);
    }
  });

  it('stays short whatever the names, and shortens the quotation rather than the sentence', () => {
    let shortened = 0;
    for (const { code, text } of said((name) => `${name}-${'x'.repeat(250)}`)) {
      assert.ok(text.length <= MOST_CHARACTERS, `${code}: ${text}`);
      if (/x…x{12}/.test(text) && !text.includes(' … ')) shortened++;
    }
    assert.ok(shortened > 20, `${shortened}`);
  });

  it('hides nothing', () => {
    let shown = 0;
    for (const { code, text } of said((name) => `${name}\u200e\u202e\ufe0f`)) {
      assert.doesNotMatch(text, HIDDEN, code);
      if (text.includes('\\u200e\\u202e\\ufe0f')) shown++;
    }
    assert.ok(shown > 50, `${shown}`);
  });
});
