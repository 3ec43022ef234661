// docs/recipes.md, run as it stands: edits are made, commands are run, and what they print is what the page shows.
// CMTOPO_UPDATE_GOLDEN=1 writes the output anew where it differs, without the lines that were left out.
import assert from 'node:assert/strict';
import { copyFileSync, cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BLOCK, commandsOf, isShown } from '../support/shown.ts';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const PAGE = join('docs', 'recipes.md');

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
