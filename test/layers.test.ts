// The direction of the house, as docs/developing.md draws it, against what the code imports.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, sep } from 'node:path';

interface Import {
  /** The importing file, from the root of the checkout, with `/`. */
  readonly from: string;
  /** The imported file in the same form, or the name of a package or a module of Node. */
  readonly to: string;
  /** Only types: nothing of it is there when the program runs. */
  readonly isType: boolean;
}

/** Those that know the world outside; all others are the core. */
const OUTER = ['host', 'lsp', 'cli', 'client'];
/** Not part of the program: it writes the files that are made from descriptions. */
const BUILD = 'generated';

/** The production files of a folder. */
function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(test|d)\.ts$/.test(file))
    .map((file) => join(folder, file).replaceAll(sep, '/'));
}

/** Every import of a file, with those that only pass something on. */
function importsOf(file: string): readonly Import[] {
  const text = readFileSync(file, 'utf8');
  const statements = text.matchAll(
    /^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|\bimport\('([^']+)'\)/gm,
  );
  return [...statements].map(([, type, named, late]) => {
    const name = named ?? late ?? '';
    const to = name.startsWith('.') ? normalize(join(dirname(file), name)).replaceAll(sep, '/') : name;
    return { from: file, to, isType: type !== undefined };
  });
}

/** The room of a file: its folder in server/src, its own name where it is there alone, or the extension. */
function roomOf(file: string): string | undefined {
  if (file.startsWith('client/src/')) return 'client';
  return /^server\/src\/([\w-]+)/.exec(file)?.[1];
}

/** The rooms from left to right, as the page draws them: later ones may import earlier ones. */
function drawn(): readonly string[] {
  const page = readFileSync('docs/developing.md', 'utf8');
  const [, block = ''] = /```text\n([^`]*->[^`]*)```/.exec(page) ?? [];
  return block.split(/->|,/).map((name) => name.trim());
}

const rooms = drawn();
const files = [...sources('server/src'), ...sources('client/src')].filter((file) => roomOf(file) !== BUILD);
const imports = files.flatMap(importsOf);
const isCore = (file: string) => !OUTER.includes(roomOf(file) ?? '');

describe('The direction of the house', () => {
  it('has a place on the page for every room, and a room for every place', () => {
    const found = new Set(files.map((file) => roomOf(file) ?? ''));
    assert.deepEqual([...found].toSorted(), [...rooms].toSorted());
    assert.equal(new Set(rooms).size, rooms.length);
  });

  it('is kept: nothing imports from its right', () => {
    const place = (file: string) => rooms.indexOf(roomOf(file) ?? '');
    assert.ok(imports.length > 500, 'the imports are read');
    const wrong = imports.filter(({ from, to }) => roomOf(to) !== undefined && place(to) > place(from));
    assert.deepEqual(wrong, []);
  });

  it('has no circle: of two files that need each other one comes first', () => {
    const needs = new Map(files.map((file) => [file, importsOf(file)]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, way: readonly string[]): void => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(' -> '));
      if (done.has(file) || way.includes(file)) return;
      for (const { to } of needs.get(file) ?? []) if (needs.has(to)) visit(to, [...way, file]);
      done.add(file);
    };
    for (const file of files) visit(file, []);
    assert.deepEqual(circles, []);
  });

  it('leaves the core without input and output: no module of Node, no VS Code, no connection', () => {
    const outside = /^(node:|vscode$|vscode-languageclient|vscode-languageserver|vscode-jsonrpc)/;
    const wrong = imports.filter(
      ({ from, to, isType }) =>
        isCore(from) && outside.test(to) && !(isType && to === 'vscode-languageserver-protocol'),
    );
    assert.deepEqual(wrong, []);
    const globals = /\b(process|require|__dirname|fetch|setTimeout|setInterval|console)\b\s*[.(]/;
    for (const file of files.filter(isCore)) {
      const code = readFileSync(file, 'utf8').replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*|`[^`]*`|'[^'\n]*'/g, '');
      assert.doesNotMatch(code, globals, file);
    }
  });

  it('keeps test helpers out of what is shipped', () => {
    const wrong = imports.filter(({ to }) =>
      /^(test|scripts)\/|\.test\.ts$|\/testing\.ts$|fast-check|mocha/.test(to),
    );
    assert.deepEqual(wrong, []);
  });
});
