// Runs the suite inside VS Code's extension host.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import Mocha from 'mocha';

/** Called by VS Code. Rejects when a test fails, which gives VS Code its exit status. */
export async function run(): Promise<void> {
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: 30_000,
    // Two folders up from out/test/vscode/suite, the same as from the source.
    reporter: join(__dirname, '../../../../scripts/reporter.cjs'),
    forbidOnly: true,
  });
  // By name: the suite about activation has to come first, before anything has activated us.
  for (const file of readdirSync(__dirname).toSorted()) {
    if (file.endsWith('.test.js')) mocha.addFile(join(__dirname, file));
  }
  const failures = await new Promise<number>((resolve) => mocha.run(resolve));
  if (failures > 0) throw new Error(`${failures} tests failed in VS Code.`);
}
