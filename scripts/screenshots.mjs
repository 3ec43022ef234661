// `npm run screenshots`: makes the pictures of README.md and docs/editor.md anew, in docs/images/. They show the
// packed extension in VS Code's server build, after what a person would press.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildProduct } from './build.mjs';
import { packExtension } from './packing/vsix.mjs';
import { setUp } from './setup.mjs';
import { root, say } from './vscode/places.mjs';
import { goToLine, runCommand, serveExtension, webview } from './vscode/served.mjs';

const images = join(root, 'docs', 'images');
const file = 'contoso.topology.yaml';
/** The first picture of README.md: one question, and the answer. */
const question = 'branch.topology.yaml';
/** The window, in CSS pixels: its text can be read where a page shows the picture at its full width. */
const size = { width: 1200, height: 760 };
/** Nothing in the window but what the pictures are about. */
const settings = {
  'breadcrumbs.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 14,
  'editor.lineHeight': 20,
  'editor.minimap.enabled': false,
  'editor.stickyScroll.enabled': false,
  'files.autoSave': 'off',
  'git.enabled': false,
  'window.commandCenter': false,
  'workbench.activityBar.location': 'hidden',
  'workbench.colorTheme': 'Default Light Modern',
  'workbench.layoutControl.enabled': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** Replaces what has to be there once, so that a changed example is noticed here. */
function swap(text, from, to) {
  if (text.split(from).length !== 2)
    throw new Error(`examples/hierarchy.topology.yaml has not one '${from}'.`);
  return text.replace(from, to);
}

/** The example with a wrong WSUS port and a database port that the branch's firewall does not let through. */
function withMistakes() {
  const text = readFileSync(join(root, 'examples', 'hierarchy.topology.yaml'), 'utf8');
  const wrongPair = swap(
    text,
    'distribution-point: { protocol: https }\n      software-update-point: { ssl: true }\n  sql01',
    'distribution-point: { protocol: https }\n      software-update-point: { httpPort: 8530, httpsPort: 8532, ssl: true }\n  sql01',
  );
  return swap(wrongPair, 'from: sec01, to: sql01, tcp: [4022, 14330]', 'from: sec01, to: sql01, tcp: 4022');
}

async function takePicture(page, name, clip) {
  const path = join(images, `${name}.png`);
  await page.screenshot({ path, animations: 'disabled', clip });
  // A third of the size, where the program is installed.
  spawnSync('pngquant', ['--force', '--strip', '--quality', '80-100', '--output', path, path]);
  say(`docs/images/${name}.png`);
}

/** The finding about client push, as it is shown where the pointer is on it. */
async function takeAnswer(page) {
  await page.locator('.view-line', { hasText: 'configmgr' }).first().waitFor({ timeout: 60_000 });
  await runCommand(page, 'View: Close Primary Side Bar');
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  await page.waitForTimeout(1000);
  await page
    .locator('.view-line span span', { hasText: /client-push/ })
    .first()
    .hover();
  await page.locator('.monaco-hover:not(.hidden)', { hasText: 'must get through' }).first().waitFor();
  await page.waitForTimeout(1000);
  // The answer alone, so that it and how to install are on one screen.
  await takePicture(page, 'answer', { x: 0, y: 395, width: 1060, height: 310 });
}

/** What is pressed for each picture, in the order in which they are made. */
async function takePictures(page) {
  const picture = (name) => takePicture(page, name);
  const line = (words) => page.locator('.view-line', { hasText: words }).first();
  const token = (words) => page.locator('.view-line span span', { hasText: words }).first();
  const panel = page.locator('.part.panel');
  const command = (name) => runCommand(page, name);
  const goTo = (number) => goToLine(page, number);
  const lineOf = (words) => withMistakes().slice(0, withMistakes().indexOf(words)).split('\n').length;

  await line('configmgr').waitFor({ timeout: 60_000 });
  // VS Code draws the lines of the window only.
  await goTo(lineOf('  mp01:') + 5);
  await page.locator('.squiggly-error').first().waitFor({ state: 'attached', timeout: 60_000 });
  await page
    .locator('.codelens-decoration a', { hasText: / in · / })
    .first()
    .waitFor();
  await command('View: Close Primary Side Bar');
  await page.locator('.part.sidebar').waitFor({ state: 'hidden' });

  await page.keyboard.press('Control+Shift+M');
  await panel.locator('.monaco-list-row', { hasText: 'wsus-port-pair' }).first().waitFor();
  // In the middle of what the panel leaves, the mistake above the cursor.
  await goTo(lineOf('  sql01:\n    site'));
  await page.mouse.move(400, 5);
  await page.waitForTimeout(1000);
  await picture('editor');

  await page.keyboard.press('Control+J');
  await panel.waitFor({ state: 'hidden' });
  await goTo(lineOf('  mp01:') + 5);
  await page.waitForTimeout(500);
  await token(/^\s*management-point$/).hover();
  await page
    .locator('.monaco-hover:not(.hidden)', { hasText: /management point/i })
    .first()
    .waitFor();
  await page.waitForTimeout(500);
  await picture('hover');
  await page.mouse.move(400, 5);
  await page.keyboard.press('Escape');

  await token(/8532/).click();
  const bulb = page.locator('.lightBulbWidget:visible, .codicon-gutter-lightbulb:visible').first();
  await bulb.waitFor();
  await bulb.click();
  await page.locator('.action-widget .monaco-list-row', { hasText: '8531' }).first().waitFor();
  await page.waitForTimeout(500);
  await picture('quick-fix');
  await page.keyboard.press('Escape');
  await page.locator('.action-widget').waitFor({ state: 'hidden' });
  await command('File: Revert File');

  await goTo(lineOf('  sec01:\n    site'));
  await command('Show Connections');
  const view = webview(page);
  await view.locator('.body .row').first().waitFor({ timeout: 30_000 });
  await view.locator('#machine').selectOption('sec01');
  await view.locator('.head .state').click();
  await goTo(lineOf('  sec01:\n    site') + 6);
  await page.mouse.move(400, 5);
  await page.waitForTimeout(1000);
  await picture('connections');
  await page.keyboard.press('Control+J');
  await panel.waitFor({ state: 'hidden' });

  await command('View: Show ConfigMgr Topology');
  await page
    .locator('.sidebar .monaco-list-row', { hasText: /blocked/ })
    .first()
    .waitFor({ timeout: 30_000 });
  await page.mouse.move(150, 690);
  await page.waitForTimeout(1000);
  await picture('tree');
  await command('View: Close Primary Side Bar');
  await page.locator('.part.sidebar').waitFor({ state: 'hidden' });

  await command('Show Diagram');
  const diagram = webview(page);
  await diagram.locator('[data-id="zone:hq"]').waitFor({ timeout: 30_000 });
  await page.mouse.move(400, 5);
  await page.waitForTimeout(1000);
  await picture('diagram');
}

setUp();
await buildProduct();
const vsix = await packExtension();
mkdirSync(images, { recursive: true });
const vscode = await serveExtension({
  vsix,
  name: 'contoso',
  fill(folder) {
    mkdirSync(join(folder, '.vscode'));
    writeFileSync(join(folder, '.vscode', 'settings.json'), JSON.stringify(settings));
    writeFileSync(join(folder, file), withMistakes());
    cpSync(join(images, question), join(folder, question));
  },
});
const shot = async (name, take) => {
  const page = await vscode.open(name, { viewport: size, locale: 'en-GB', colorScheme: 'light' });
  try {
    await take(page);
  } catch (error) {
    await page.screenshot({ path: join(root, 'test', 'screenshots', 'failed-picture.png') });
    throw error;
  }
  await page.close();
};
try {
  await shot(question, takeAnswer);
  await shot(file, takePictures);
} finally {
  await vscode.stop();
}
