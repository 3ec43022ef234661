// The pages of docs/: each has its place on the site, its links lead somewhere, and the commands that it names exist.
// blocks.test.ts runs and checks their code blocks.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { leftOut as LEFT_OUT, parts as SIDEBAR } from '../../docs/site/sidebar.json';
import { commandLines, globalOptions } from '../../server/src/cli/help.ts';
import { cmtopo, folderWith, removeFolder } from '../cli/cli.ts';
import { targetsOf } from '../packed/links.ts';
import { BLOCK, commandsOf, isShown } from '../support/shown.ts';

const inDocs = readdirSync('docs', { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.md') && !file.startsWith('site/'));
const OTHERS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'NOTICE.md', 'SECURITY.md'];
const pages = new Map(
  [...inDocs.map((file) => `docs/${file}`), ...OTHERS].map((path) => [path, readFileSync(path, 'utf8')]),
);
/** Made from descriptions, which have tests of their own. */
const written = [...pages].filter(([path]) => !/^docs\/(rules|catalog)\//.test(path));

/** The fragments of a page, as code hosts make them of its headings, and those that it sets itself. */
function fragmentsOf(text: string): ReadonlySet<string> {
  const plain = text.replaceAll(/^(```|````).*\n[\s\S]*?^\1$/gm, '');
  const seen = new Map<string, number>();
  const headings = [...plain.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = '']) => {
    const fragment = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(fragment) ?? 0;
    seen.set(fragment, before + 1);
    return before === 0 ? fragment : `${fragment}-${before}`;
  });
  const own = [...plain.matchAll(/<a (?:id|name)="([^"]+)"/g)].map(([, id = '']) => id);
  return new Set([...headings, ...own]);
}

describe('the pages of docs/', () => {
  it('are on the site, each once and in one part', () => {
    const places = SIDEBAR.flatMap((part) => part.pages);
    assert.equal(new Set(places).size, places.length);
    for (const place of [...places, ...LEFT_OUT]) assert.ok(existsSync(posix.join('docs', place)), place);
    const listed = [...places, ...LEFT_OUT];
    const missing = inDocs.filter(
      (file) =>
        !listed.includes(file) && !listed.some((place) => place.endsWith('/') && file.startsWith(place)),
    );
    assert.deepEqual(missing, [], 'docs/site/sidebar.json has no place for it');
  });

  it('have links to files and headings that are there', () => {
    const fragments = new Map<string, ReadonlySet<string>>();
    const dead = [...pages].flatMap(([path, text]) =>
      targetsOf(text)
        .filter((target) => {
          if (/^(https?:|mailto:)/.test(target)) return false;
          const [file = '', fragment] = decodeURI(target).split('#');
          const to = file === '' ? path : posix.normalize(posix.join(posix.dirname(path), file));
          if (!existsSync(to)) return true;
          if (fragment === undefined || !to.endsWith('.md') || statSync(to).isDirectory()) return false;
          const known = fragments.get(to) ?? fragmentsOf(pages.get(to) ?? readFileSync(to, 'utf8'));
          fragments.set(to, known);
          return !known.has(fragment);
        })
        .map((target) => `${path}: ${target}`),
    );
    assert.deepEqual(dead, []);
  });

  it('name no command and no option that the program has not', () => {
    const commands = new Map(
      commandLines().map(({ name, options }) => [name, options.map((option) => option.name)]),
    );
    const everywhere = globalOptions().map(({ name }) => name);
    const wrong: string[] = [];
    let found = 0;
    for (const [path, text] of written) {
      if (path === 'CHANGELOG.md') continue;
      for (const [, line = ''] of text.matchAll(/(?:`|^\$ |^ *- run: |dist\/cli\.js )cmtopo ([^`\n]*)/gm)) {
        const [first = '', ...words] = line.split(' | ')[0]?.split(' ') ?? [];
        const known = commands.get(first);
        if (known === undefined) {
          if (!/^(COMMAND|--|…|help)/.test(first)) wrong.push(`${path}: cmtopo ${line}`);
          continue;
        }
        found++;
        for (const word of words) {
          const option = /^\[?(--[a-z][a-z-]+)/.exec(word)?.[1];
          if (option !== undefined && !known.includes(option) && !everywhere.includes(option))
            wrong.push(`${path}: cmtopo ${line}: ${option}`);
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert.ok(found > 100);
  });

  it('start.md shows what happens when somebody follows it', function () {
    this.timeout(60_000);
    const folder = folderWith({});
    try {
      const page = readFileSync(join('docs', 'start.md'), 'utf8');
      let commands = 0;
      for (const [, language, name, block = ''] of page.matchAll(BLOCK)) {
        if (name !== undefined) writeFileSync(join(folder, name), block);
        if (language !== 'console') continue;
        for (const { command, shown } of commandsOf(block)) {
          const { out, err } = cmtopo(command.split(' ').slice(1), { cwd: folder });
          assert.ok(isShown((out + err).replaceAll('\r\n', '\n'), shown), `${command}\n${out}${err}`);
          commands++;
        }
      }
      assert.ok(commands > 5);
      assert.ok(page.includes(readFileSync('docs/images/branch.topology.yaml', 'utf8')));
    } finally {
      removeFolder(folder);
    }
  });
});
