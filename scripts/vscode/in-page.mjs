// Runs an extension's tests in the page of a served VS Code.
import { launchBrowser } from './browser.mjs';

/**
 * @param {{
 *   server: Awaited<ReturnType<typeof import('./server.mjs').startServer>>,
 *   folder: string,
 *   extension: string,
 *   tests: string,
 *   limit: number,
 *   log(type: string, args: unknown): void,
 * }} options `extension` is the folder of the one under development, `tests` the script that runs them, `limit` in
 * seconds; `log` is given what the page says
 * @returns {Promise<number>} the tests' exit status
 * @throws where there is none in time, or the page or the server ended before
 */
export async function runTestsInPage({ server, folder, extension, tests, limit, log }) {
  const browser = await launchBrowser();
  let clock;
  try {
    const page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
    const ended = new Promise((done, fail) => {
      clock = setTimeout(() => fail(new Error(`The tests gave no result within ${limit} s.`)), limit * 1000);
      page.exposeFunction('codeAutomationLog', log);
      page.exposeFunction('codeAutomationExit', (code) => done(Number(code)));
      page.on('crash', () => fail(new Error('The browser page crashed.')));
      server.ended.then(() => fail(new Error("VS Code's server build ended during the tests.")));
    });
    const payload = [
      ['extensionDevelopmentPath', server.uri(extension)],
      ['extensionTestsPath', server.uri(tests)],
      ['skipWelcome', 'true'],
    ];
    const [status] = await Promise.all([ended, page.goto(server.address(folder, payload))]);
    return status;
  } finally {
    clearTimeout(clock);
    await browser.close();
  }
}
