// Every regular expression of the product takes time that grows with the text, and no faster: a file that somebody
// sends in a pull request must not keep the checker or the editor busy.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { grammar } from './exports/grammars.ts';

interface Diagnostics {
  readonly status: 'safe' | 'vulnerable' | 'unknown';
  readonly complexity?: { readonly summary: string };
  readonly attack?: { readonly pattern: string };
}

// The build of the checker that is JavaScript alone.
const { checkSync }: { checkSync(source: string, flags: string, params: object): Diagnostics } =
  createRequire(join(process.cwd(), 'package.json'))('recheck/lib/browser.js');

/**
 * Steps decide and not the clock, which would call any expression slow on a machine with other work: an attack is as many
 * steps as no linear expression takes on the longest text that is tried.
 */
const BY_STEPS = { timeout: 240_000, incubationTimeout: null, attackTimeout: null, attackLimit: 100_000_000 };

/** Not linear, and looked at by a person: the text that they are used on is short, whatever a file holds. */
const SHORT: Readonly<Record<string, string>> = {
  '/[&*][^\\s,[\\]{}]*$/': 'at most 200 characters before a cursor',
  '/(?:^|[\\r\\n,:?[{-])[ \\t]*\\*[^\\s,[\\]{}]*$/': 'at most 500 characters and a word before a cursor',
  '/(\\d+)px/': 'the widths of columns, which are our own',
  '/(?:^\\uFEFF?|[,:?{[-])[ \\t]*(?:[&!][^\\s,[\\]{}]*[ \\t]+)*["\']?$/':
    'at most 2,000 characters before a cursor',
  '/(?:^|\\s)#+[ \\t]*(cmtopo-[\\w-]*)((?:[ \\t]+[^#]*)?)$/': 'at most 2,000 characters before a cursor',
  '/\\$\\{\\d+:((?:\\\\.|[^$}\\\\])*)\\}/g': 'snippets of our own',
  '/^(?!- )[^\\w\\s#]+\\s*(?=[\\w.-]+:(?:\\s|$))/': 'lines of at most 2,000 characters',
  '/(?<=.{20})\\s\\S*$/s': 'the first characters of a text',
};

/** Made while the program runs, of our own numbers and words. */
const MADE: readonly string[] = [`new RegExp(\`^ {0,\${indent}}\`)`];

describe('the regular expressions of the product', function () {
  this.timeout(300_000);
  const found = new Map<string, string>();
  const made = new Set<string>();

  before(async () => {
    const parse = await grammar('typescript');
    for (const folder of ['server/src', 'client/src']) {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts') || name.endsWith('.test.ts')) continue;
        const file = join(folder, name);
        const root = parse(readFileSync(file, 'utf8'));
        for (const node of root.descendantsOfType('regex')) if (node) found.set(node.text, file);
        for (const node of root.descendantsOfType('new_expression'))
          if (node?.text.startsWith('new RegExp')) made.add(node.text);
      }
    }
  });

  it('are all found', () => {
    assert.ok(found.size > 100);
    assert.deepEqual([...made], MADE);
    for (const text of Object.keys(SHORT)) assert.ok(found.has(text), `${text} is gone: take it out`);
  });

  it('are linear', () => {
    const wrong = [];
    for (const [text, file] of found) {
      const [, source = '', flags = ''] = /^\/(.*)\/([a-z]*)$/s.exec(text) ?? [];
      // Nothing repeats without end.
      if (!/[*+]|\{\d+,\}/.test(source) || Object.hasOwn(SHORT, text)) continue;
      const { status, complexity, attack } = checkSync(source, flags, BY_STEPS);
      if (status !== 'safe')
        wrong.push(`${file}: ${text} is ${complexity?.summary ?? status}: ${attack?.pattern ?? ''}`);
    }
    assert.deepEqual(wrong, []);
  });

  it('that are not would be seen', () => {
    assert.equal(checkSync('^(?:\\s|(?<=\\s)#[^\\r\\n]*)*,', '', {}).status, 'vulnerable');
    assert.equal(checkSync('\\s*-\\s*', '', {}).status, 'vulnerable');
  });
});
