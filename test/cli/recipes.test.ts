// docs/recipes.md, run as it stands: edits are made, commands are run, and what they print is what the page shows.
// CMTOPO_UPDATE_GOLDEN=1 writes the output anew where it differs, without the lines that were left out.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const PAGE = join('docs', 'recipes.md');
const LEFT_OUT = '…';

/** A block between fences, with its language and the words behind it. */
const BLOCK = /^```(\w+)(?: ([^\n]+))?\n([\s\S]*?)^```$/gm;

/** Makes the edit that a block of differences shows; what it has to find is in the file once. */
function edited(text: string, block: string): string {
  const lines = block.split('\n').slice(0, -1);
  const side = (mark: string) =>
    lines
      .filter((line) => line.startsWith(mark) || line.startsWith(' '))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [old, fresh] = [side('-'), side('+')];
  const parts = text.split(old);
  assert.equal(parts.length, 2, `once in the file:\n${old}`);
  return parts.join(fresh);
}

/** Whether a text is what is shown, with some lines left out. */
function isShown(real: string, shown: string): boolean {
  const lines = real.split('\n');
  let at = 0;
  let isOpen = false;
  for (const line of shown.split('\n')) {
    if (line === LEFT_OUT) {
      isOpen = true;
      continue;
    }
    const found = isOpen ? lines.indexOf(line, at) : at;
    if (found < 0 || lines[found] !== line) return false;
    at = found + 1;
    isOpen = false;
  }
  return isOpen || at === lines.length;
}

/** Each command of a block with what is shown below it. */
function commandsOf(block: string): readonly { readonly command: string; readonly shown: string }[] {
  return block
    .split(/^(?=\$ )/m)
    .filter((part) => part.startsWith('$ '))
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(2, end), shown: part.slice(end + 1) };
    });
}

function run(command: string, cwd: string): string {
  const [program, ...args] = command.split(' ');
  if (program === 'cp') {
    const [from = '', to = ''] = args;
    copyFileSync(join(cwd, from), join(cwd, to));
    return '';
  }
  assert.equal(program, 'cmtopo', command);
  const { status, out, err } = cmtopo(args, { cwd });
  assert.ok(status === 0 || status === 1, `${command}: ${err}`);
  return (out + err).replaceAll('\r\n', '\n');
}

describe('the page of recipes', function () {
  this.timeout(120_000);
  const page = readFileSync(PAGE, 'utf8');
  const [intro = '', ...recipes] = page.split(/^(?=## )/m);
  const made: string[] = [];

  for (const recipe of recipes) {
    const [title = ''] = recipe.split('\n');
    it(`shows what happens: ${title.slice(3)}`, () => {
      const folder = folderWith({});
      const site = join(folder, 'site.topology.yaml');
      try {
        cpSync('examples', join(folder, 'examples'), { recursive: true });
        for (const path of [site, join(folder, 'before.topology.yaml')])
          copyFileSync(join('examples', 'hierarchy.topology.yaml'), path);
        let commands = 0;
        const real = recipe.replace(
          BLOCK,
          (whole, language: string, name: string | undefined, block: string) => {
            if (name !== undefined) writeFileSync(join(folder, name), block);
            if (language === 'diff') writeFileSync(site, edited(readFileSync(site, 'utf8'), block));
            if (language !== 'console') return whole;
            const parts = commandsOf(block).map(({ command, shown }) => {
              commands++;
              const text = run(command, folder);
              return `$ ${command}\n${isShown(text, shown) ? shown : text}`;
            });
            return `\`\`\`console\n${parts.join('')}\`\`\``;
          },
        );
        made.push(real);
        assert.ok(commands > 0, 'a recipe runs something');
        if (!process.env.CMTOPO_UPDATE_GOLDEN) assert.equal(real, recipe);
      } finally {
        removeFolder(folder);
      }
    });
  }

  after(() => {
    if (process.env.CMTOPO_UPDATE_GOLDEN && made.length === recipes.length)
      writeFileSync(PAGE, intro + made.join(''));
  });

  it('has a recipe for each task that it promises', () => {
    assert.ok(recipes.length >= 7);
  });

  it('notices an output that is not the real one, whatever is left out', () => {
    assert.ok(isShown('a\nb\nc\n', 'a\n…\n') && isShown('a\nb\nc\n', '…\nc\n') && isShown('a\n', 'a\n'));
    for (const shown of ['a\nx\nc\n', 'a\n…\nx\n', 'a\n', 'b\n…\n', 'a\nc\n', ''])
      assert.ok(!isShown('a\nb\nc\n', shown), shown);
  });
});
