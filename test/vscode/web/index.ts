// Runs the suites that ask VS Code alone inside the extension host of a browser, where there is no Node.
import * as vscode from 'vscode';

// Mocha's functions have to be there before the suites are read.
mocha.setup({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base, forbidOnly: true });

/** Called by VS Code. Leaves what came of each test in the workspace: the console of a worker reaches nobody. */
export async function run(): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (folder === undefined) throw new Error('The tests need a workspace folder.');
  const lines: string[] = [];
  const file = vscode.Uri.joinPath(folder.uri, 'results.jsonl');
  let written: Thenable<void> = Promise.resolve();
  // One after the other: of two at once the older could be the last.
  const leave = (line: object): Thenable<void> => {
    lines.push(`${JSON.stringify(line)}\n`);
    const text = new TextEncoder().encode(lines.join(''));
    written = written.then(() => vscode.workspace.fs.writeFile(file, text));
    return written;
  };
  try {
    await import('./suites.ts');
    let passed = 0;
    let pending = 0;
    const failed = await new Promise<number>((resolve) => {
      const runner = mocha.run(resolve);
      runner.on('pass', (test) => {
        passed++;
        void leave({ title: test.fullTitle() });
      });
      runner.on('pending', () => {
        pending++;
      });
      runner.on('fail', (test, error) =>
        leave({ title: test.fullTitle(), error: error.stack ?? String(error) }),
      );
    });
    await leave({ passed, failed, pending });
  } catch (error) {
    await leave({ title: 'The run', error: error instanceof Error ? error.stack : String(error) });
    throw error;
  }
}
