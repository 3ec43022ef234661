import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { rules } from './index.ts';

const ROOT = join(process.cwd(), 'server', 'src', 'rules');

/** The files below `rules/` that export a rule, as `AREA/CODE`. */
const written = readdirSync(ROOT, { recursive: true })
  .map((name) => String(name).replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .filter((name) => /^export const \w+: Rule = \{$/m.test(readFileSync(join(ROOT, name), 'utf8')))
  .map((name) => name.slice(0, -'.ts'.length))
  .sort();

describe('the list of rules', () => {
  it('names each rule like its file, and its area like the folder of that', () => {
    assert.deepEqual(rules.map(({ area, code }) => posix.join(area, code)).sort(), written);
  });

  it('holds each code once', () => {
    assert.equal(new Set(rules.map(({ code }) => code)).size, rules.length);
  });

  it('gives each rule a file of its own, whose code can be read in it', () => {
    for (const name of written) {
      const text = readFileSync(join(ROOT, `${name}.ts`), 'utf8');
      assert.equal(text.match(/^export const \w+: Rule = \{$/gm)?.length, 1, name);
      assert.ok(text.includes(`  code: '${posix.basename(name)}',\n`), name);
    }
  });
});
