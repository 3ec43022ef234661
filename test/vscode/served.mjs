// What the suites share that look at VS Code as a person sees it.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packagePath } from '../../scripts/packing/vsix.mjs';
import { root } from '../../scripts/vscode/places.mjs';
import { makeWorkspace } from '../../scripts/vscode/run.mjs';
import { serveExtension } from '../../scripts/vscode/served.mjs';

const pictures = join(root, 'test', 'screenshots');

/**
 * Serves VS Code with the packed extension while the tests of the suite run that calls this. A failed test leaves a
 * picture of the window.
 * @param {Record<string, string>} [files] what the workspace holds beside the examples
 * @returns `folder`, the workspace; `open`, which shows a file in a new window; `picture`, which keeps a picture of
 * a window, else of the one opened last of those that are open, in test/screenshots/
 */
export function served(files = {}) {
  let vscode;
  const pages = [];
  // What fades in or out has done so.
  const picture = (name, of = pages.findLast((page) => !page.isClosed())) =>
    of?.screenshot({ path: join(pictures, `${name}.png`), animations: 'disabled' });

  before(async function () {
    this.timeout('240s');
    mkdirSync(pictures, { recursive: true });
    vscode = await serveExtension({
      vsix: packagePath(),
      fill(folder) {
        makeWorkspace(folder);
        for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
      },
    });
  });

  afterEach(async function () {
    if (this.currentTest?.state === 'failed')
      await picture(`failed-${this.currentTest.title.replaceAll(/\W+/g, '-')}`);
  });

  after(() => vscode?.stop());

  return {
    get folder() {
      return vscode.folder;
    },
    async open(...options) {
      const page = await vscode.open(...options);
      pages.push(page);
      return page;
    },
    picture,
  };
}
