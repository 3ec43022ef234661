// A VS Code with the packed extension in a browser, and what a person does there again and again.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchBrowser } from './browser.mjs';
import { installExtension, startServer } from './server.mjs';

/**
 * Serves VS Code with an extension, all of it in a temporary folder.
 * @param {{ vsix: string, name?: string, fill(folder: string): void }} options `fill` makes the workspace, in an empty
 * folder called `name`
 * @returns {Promise<{
 *   folder: string,
 *   open(file: string, options: object, prepare?: (page: import('playwright-core').Page) => Promise<void>):
 *     Promise<import('playwright-core').Page>,
 *   stop(): Promise<void>,
 * }>} `open` gives a new window that shows a file of the workspace
 */
export async function serveExtension({ vsix, name = 'workspace', fill }) {
  const temporary = mkdtempSync(join(tmpdir(), 'cmtopo-served-'));
  const folder = join(temporary, name);
  let server;
  let browser;
  const stop = async () => {
    await browser?.close();
    await server?.stop();
    rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    mkdirSync(folder);
    fill(folder);
    const dataFolder = join(temporary, 'data');
    installExtension({ dataFolder, vsix });
    server = await startServer({ dataFolder });
    browser = await launchBrowser();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    folder,
    async open(file, options, prepare) {
      const page = await browser.newPage(options);
      await prepare?.(page);
      await page.goto(server.address(folder, [['openFile', server.uri(join(folder, file))]]));
      return page;
    },
    stop,
  };
}

/** Where the status bar says that the cursor is; a click there asks for another line. */
export function cursorPlace(page) {
  return page.locator('[id="status.editor.selection"]');
}

/**
 * Puts the cursor into a line of the active editor. Not after a click on its tab, which gives the editor the focus a
 * moment later and closes a box that is open by then.
 */
export async function goToLine(page, number) {
  await cursorPlace(page).click();
  const input = page.locator('.quick-input-widget:visible input');
  await input.fill(`:${number}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: /\d/ }).first().waitFor();
  await input.press('Enter');
  await cursorPlace(page)
    .filter({ hasText: `Ln ${number},` })
    .waitFor();
}

/** Runs a command by its title in the command palette. */
export async function runCommand(page, title) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget:visible input');
  await input.fill(`>${title}`);
  await page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
  await input.press('Enter');
}

/** The page of the webview that is seen, where there is one. */
export function webview(page) {
  return page.frameLocator('iframe.webview.ready').frameLocator('#active-frame');
}
