// What README.md shows is what the program prints. CMTOPO_UPDATE_GOLDEN=1 writes it anew, as for the golden files.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

/** The commands and outputs of a block of README.md, about the file of its first picture. */
function run(block: string): string {
  const folder = folderWith({
    'branch.topology.yaml': readFileSync('docs/images/branch.topology.yaml', 'utf8'),
  });
  try {
    const commands = block.split('\n').filter((line) => line.startsWith('$ cmtopo '));
    return commands
      .map((command) => `${command}\n${cmtopo(command.split(' ').slice(2), { cwd: folder }).out}`)
      .join('');
  } finally {
    removeFolder(folder);
  }
}

describe('README.md', () => {
  it('shows what the commands in it really print', () => {
    const readme = readFileSync('README.md', 'utf8');
    let blocks = 0;
    const real = readme.replace(/^```console\n(\$ cmtopo [\s\S]*?\n)```$/gm, (_, block: string) => {
      blocks++;
      return `\`\`\`console\n${run(block)}\`\`\``;
    });
    assert.ok(blocks >= 2);
    if (process.env.CMTOPO_UPDATE_GOLDEN) writeFileSync('README.md', real);
    assert.equal(readFileSync('README.md', 'utf8'), real);
  });
});
