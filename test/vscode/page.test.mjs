// VS Code as a person sees it: the workbench page with the packed extension, driven by the mouse and the keys.
// Keeps its pictures in test/screenshots/.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cursorPlace, goToLine, runCommand, webview } from '../../scripts/vscode/served.mjs';
import { served } from './served.mjs';

const text = `configmgr: 2017-09
name: Contoso
zones:
  hq: { networks: [10.10.0.0/16] }
sites:
  PS1:
    type: primary
    database: { server: sql01, instance: CM }
servers:
  cm01:
    site: PS1
    zone: hq
    rpcDynamicPorts: 49152-65535
    roles:
      site-server:
      management-point: { protocol: https }
      software-update-point:
        httpPort: 8530
        httpsPort: 8532 # to be asked
  sql01:
    zone: hq
    rpcDynamicPorts: 49152-65535
    roles:
      sql-server:
        instances:
          CM: { port: 50001 }
`;

describe('VS Code, as seen', function () {
  this.timeout('120s');
  const vscode = served({ 'a.topology.yaml': text, 'empty.topology.yaml': '' });
  const { picture } = vscode;
  let page;

  /** The visible text of an element, with VS Code's hard blanks as plain ones. */
  const textOf = async (locator) => ((await locator.textContent()) ?? '').replaceAll('\u00a0', ' ');
  const line = (words) => page.locator('.view-line', { hasText: words }).first();
  const token = (words) => line(words).locator('span span', { hasText: words }).first();
  const editorText = async () =>
    (await page.locator('.view-lines .view-line').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ');

  before(async () => {
    page = await vscode.open('a.topology.yaml', { viewport: { width: 1280, height: 800 } });
    await line('software-update-point').waitFor({ timeout: 60_000 });
  });

  it('knows the language of a topology file', async () => {
    const status = page.locator('[id="status.editor.mode"]', { hasText: 'ConfigMgr Topology' });
    await status.waitFor();
  });

  it('underlines what is wrong and colours the rest', async () => {
    await page.locator('.squiggly-error').first().waitFor({ timeout: 30_000 });
    // They push the lines below them down, away from a mouse that is there already.
    await page.locator('.codelens-decoration a', { hasText: / out/ }).nth(1).waitFor();
    // A role, a key and a port each have their own colour.
    const colour = (words) => token(words).evaluate((span) => getComputedStyle(span).color);
    const colours = [await colour('management-point'), await colour('httpPort'), await colour('8530')];
    assert.equal(new Set(colours).size, 3, colours.join(' | '));
    await picture('editor');
  });

  it('shows at the end of a line which ports count there', async () => {
    const hint = line('database:')
      .locator('span', { hasText: /^port\s50001$/ })
      .first();
    await hint.waitFor();
    await hint.hover();
    const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: 'instance CM on sql01' }).first();
    await popup.waitFor();
    await picture('inlay-hints');
    await page.mouse.move(5, 5);
    await page.keyboard.press('Escape');
  });

  it("shows a role's ports when the mouse rests on it", async () => {
    await token('software-update-point').hover();
    const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: /software update point/i }).first();
    await popup.waitFor();
    const seen = await textOf(popup);
    assert.match(seen, /Internet\s+TCP 443\s+HTTPS[\s\S]*More/);
    assert.match(seen, /cm01/);
    // Markdown is shown as tables and words, not as its source.
    assert.doesNotMatch(seen, /\|---|\*\*|\]\(http/);
    await picture('hover-role');
    await token('sql-server').hover();
    await page.locator('.monaco-hover:not(.hidden)', { hasText: '50001' }).first().waitFor();
    await picture('hover-sql');
    await page.keyboard.press('Escape');
  });

  it('explains a finding when the mouse rests on it', async () => {
    await token('8532').hover();
    const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: 'wsus-port-pair' }).first();
    await popup.waitFor();
    assert.match(await textOf(popup), /8531/);
    await picture('hover-finding');
    await page.keyboard.press('Escape');
  });

  it('lists the findings in the Problems panel', async () => {
    await page.keyboard.press('Control+Shift+M');
    const row = page.locator('.markers-panel .monaco-list-row', { hasText: 'wsus-port-pair' }).first();
    await row.waitFor();
    assert.match(await textOf(row), /software-update-point on cm01.*8532.*8531/s);
    await picture('problems');
  });

  it('offers the fix at the light bulb and applies it', async () => {
    await token('8532').click();
    const bulb = page.locator('.lightBulbWidget:visible, .codicon-gutter-lightbulb:visible').first();
    await bulb.waitFor();
    await bulb.click();
    const fix = page.locator('.action-widget .monaco-list-row', { hasText: '8531' }).first();
    await fix.waitFor();
    await picture('quick-fix');
    // VS Code shields a new menu from clicks until the mouse moves, which a person's does.
    const { x, y } = await fix.boundingBox();
    await page.mouse.move(x + 40, y + 8);
    await fix.click();
    await line('httpsPort: 8531').waitFor();
    assert.match(await editorText(), /httpsPort: 8531 # to be asked/);
    await page
      .locator('.markers-panel .monaco-list-row', { hasText: 'wsus-port-pair' })
      .first()
      .waitFor({ state: 'detached' });
    await picture('fixed');
  });

  it('suggests roles while one is typed', async () => {
    await line('management-point').click();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('distr');
    const row = page.locator('.suggest-widget .monaco-list-row', { hasText: 'distribution-point' }).first();
    await row.waitFor();
    await picture('completion');
    await page.keyboard.press('Tab');
    await line('distribution-point:').waitFor();
    const written = (await editorText()).split('\n').find((words) => words.includes('distribution-point'));
    assert.match(written ?? '', /^ {6}distribution-point:/);
    await picture('completed');
  });

  it('asks for a new name and gives it to every place', async () => {
    await token('sql01').click();
    await page.keyboard.press('F2');
    const box = page.locator('.rename-box input');
    await box.waitFor();
    assert.equal(await box.inputValue(), 'sql01');
    await box.fill('cm01');
    await page.keyboard.press('Enter');
    await page
      .locator('.notification-toast, .monaco-editor-overlaymessage', {
        hasText: "There is a server 'cm01' already",
      })
      .first()
      .waitFor();
    await picture('rename-refused');
    await page.keyboard.press('Escape');
    await token('sql01').click();
    await page.keyboard.press('F2');
    await box.waitFor();
    await box.fill('db01');
    await picture('rename');
    await page.keyboard.press('Enter');
    await line('server: db01').waitFor();
    await line('  db01:').waitFor();
  });

  it('writes a whole server, place by place', async () => {
    // Without the panel there is room for what is written.
    await page.keyboard.press('Control+J');
    await line('server: db01').click();
    await page.keyboard.press('Control+End');
    await page.keyboard.type('  ');
    await page.keyboard.press('Control+Space');
    const row = page.locator('.suggest-widget .monaco-list-row', { hasText: 'New server' }).first();
    await row.waitFor();
    await picture('completion-server');
    await page.keyboard.press('Tab');
    await page.keyboard.type('dp01');
    await line('addresses: []').waitFor();
    await picture('completed-server');
    const written = await page
      .locator('.view-lines .view-line')
      .evaluateAll((lines) =>
        lines
          .toSorted((a, b) => Number.parseInt(a.style.top, 10) - Number.parseInt(b.style.top, 10))
          .map(({ textContent }) => textContent.replaceAll('\u00a0', ' ').trimEnd()),
      );
    const at = written.indexOf('  dp01:');
    assert.deepEqual(written.slice(at, at + 5), [
      '  dp01:',
      '    site: PS1',
      '    zone: hq',
      '    addresses: []',
      '    roles:',
    ]);
    await page.keyboard.press('Escape');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+J');
  });

  it('opens the example hierarchy and explains its sites, servers and keys', async () => {
    await page
      .locator('.explorer-folders-view .monaco-list-row', { hasText: 'hierarchy.topology' })
      .dblclick();
    await page.keyboard.press('Control+J');
    await line('description: Head office').waitFor();
    const places = {
      PS1: /hq-desktops/,
      clientPorts: /client request ports/i,
      sqlcas: /1433/,
      branch: /10\.20\.0\.0/,
    };
    for (const [word, wanted] of Object.entries(places)) {
      await page.mouse.move(5, 5);
      await page.locator('.monaco-hover:not(.hidden)').waitFor({ state: 'hidden' });
      await page
        .locator('.view-line span span', { hasText: new RegExp(`^\\s*${word}$`) })
        .first()
        .hover();
      const popup = page.locator('.monaco-hover:not(.hidden)', { hasText: wanted }).first();
      await popup.waitFor();
      await picture(`example-${word}`);
    }
  });

  it('leaves a large file readable with all its hints', async () => {
    await page.mouse.move(5, 5);
    await line('description: Head office').click();
    for (const part of ['servers', 'clients']) {
      await page.keyboard.press('PageDown');
      await page
        .locator('.view-line', { hasText: /rpc\s49152-65535/ })
        .first()
        .waitFor();
      await picture(`example-hints-${part}`);
    }
    await page.keyboard.press('Control+Home');
  });

  describe('the Connections view', () => {
    const frame = () => webview(page);
    const rows = () => frame().locator('.body .row');
    const status = () => textOf(frame().locator('#status'));
    const goTo = (number) => goToLine(page, number);
    /** The number of the line of the example that begins with some words. */
    const lineOf = (words) =>
      readFileSync(join(vscode.folder, 'hierarchy.topology.yaml'), 'utf8')
        .split(`\n${words}`, 1)[0]
        .split('\n').length + 1;
    const shownMachine = (name) =>
      frame().locator('#machine option:checked', { hasText: name }).waitFor({ state: 'attached' });

    it('counts the connections above each server, and opens filtered to the one that is clicked', async () => {
      await goTo(lineOf('  mp01:'));
      const lens = page.locator('.codelens-decoration a:visible', { hasText: / in · / }).first();
      await lens.waitFor();
      await picture('code-lenses');
      await lens.click();
      await rows().first().waitFor({ timeout: 30_000 });
      assert.notEqual(await frame().locator('#machine').inputValue(), '');
      await picture('connections');
    });

    it('shows all connections, sorts and filters them', async () => {
      await frame().locator('#machine').selectOption('');
      assert.match(await status(), /^(\d+) of \1/);
      await frame().locator('.head .state').click();
      assert.equal(await frame().locator('.head .state').getAttribute('aria-sort'), 'ascending');
      await frame().locator('#port').fill('445');
      const ports = await frame().locator('.body .port').allTextContents();
      assert.ok(ports.length > 0 && ports.every((port) => /\b445\b/.test(port)), ports.join());
      await picture('connections-filtered');
    });

    it('goes to the line behind a row, which leaves the view as it is', async () => {
      await frame().locator('#clear').click();
      await goTo(lineOf('  mp01:'));
      await frame().locator('#follow').check();
      await shownMachine('mp01');
      const before = await status();
      const fromOthers = rows().filter({ hasNot: frame().locator('.source', { hasText: /^mp01$/ }) });
      await fromOthers.first().locator('.purpose').click();
      // To another machine, which the view would follow had a person gone there.
      await cursorPlace(page)
        .filter({ hasNotText: `Ln ${lineOf('  mp01:')},` })
        .waitFor();
      await page.waitForTimeout(500);
      assert.equal(await status(), before);
      assert.equal(await frame().locator('#machine').inputValue(), 'mp01');
    });

    it('follows the cursor to the server under it', async () => {
      await goTo(lineOf('  sqlcas:'));
      await shownMachine('sqlcas');
      const [source] = await frame().locator('.body .source').allTextContents();
      const [destination] = await frame().locator('.body .destination').allTextContents();
      assert.ok([source, destination].includes('sqlcas'));
    });

    for (const [theme, kind] of [
      ['Default Light Modern', 'light'],
      ['Default Dark Modern', 'dark'],
      ['Default High Contrast', 'high-contrast'],
      ['Default High Contrast Light', 'high-contrast-light'],
    ]) {
      it(`is readable in the theme ${theme}`, async () => {
        const file = join(vscode.folder, '.vscode', 'settings.json');
        const settings = JSON.parse(readFileSync(file, 'utf8'));
        writeFileSync(file, JSON.stringify({ ...settings, 'workbench.colorTheme': theme }, null, 2));
        await frame().locator(`body.vscode-${kind}`).waitFor();
        await frame().locator('#grid').focus();
        await page.keyboard.press('ArrowDown');
        await picture(`connections-${kind}`);
        const contrasts = await frame()
          .locator('.body .row[aria-selected="false"] .purpose')
          .first()
          .evaluate((cell) => {
            const probe = document.createElement('div');
            probe.innerHTML =
              '<div class="row" data-state="blocked"><i class="state"></i><i class="phase"></i></div>';
            probe.style.color = 'var(--vscode-panel-background)';
            document.body.append(probe);
            const colourOf = (one) => getComputedStyle(one).color;
            // The relative luminance of the Web Content Accessibility Guidelines.
            const luminance = (colour) => {
              const [r, g, b] = colour.match(/[\d.]+/g).map((part) => {
                const share = Number(part) / 255;
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
              });
              return 0.2126 * r + 0.7152 * g + 0.0722 * b;
            };
            const ground = luminance(colourOf(probe));
            const texts = [cell, ...probe.querySelectorAll('i')].map((one) => luminance(colourOf(one)));
            probe.remove();
            return texts.map((text) => (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05));
          });
        assert.ok(
          contrasts.every((contrast) => contrast >= 4.5),
          `contrasts of text, what is blocked, and what is less important: ${contrasts}`,
        );
        writeFileSync(file, JSON.stringify(settings, null, 2));
      });
    }

    it('comes back for another server after it was closed', async () => {
      await page.locator('.part.panel .codicon-panel-close').click();
      await goTo(lineOf('  mp01:'));
      // VS Code asks for lenses anew after the settings changed; a click meanwhile leads nowhere.
      for (let tries = 0; tries < 5 && !(await rows().first().isVisible()); tries++) {
        await page.locator('.codelens-decoration a', { hasText: '25 in' }).first().click();
        await rows()
          .first()
          .waitFor({ timeout: 4000 })
          .catch(() => {});
      }
      await shownMachine('mp01');
      // What was set before is still set.
      assert.equal(await frame().locator('.head .state').getAttribute('aria-sort'), 'ascending');
    });

    it('exports what it shows as CSV', async () => {
      await page.locator('.part.panel .title-actions a[aria-label^="Export Connections"]').click();
      const pick = page.locator('.quick-input-list .monaco-list-row', { hasText: 'The connections shown' });
      await pick.first().click();
      await page.locator('.quick-input-widget', { hasText: 'Export Connections as CSV' }).first().waitFor();
      await picture('connections-export');
      await page.keyboard.press('Enter');
      await page
        .locator('.notification-list-item', { hasText: /Saved \d+ connections/ })
        .first()
        .waitFor();
      const csv = readFileSync(join(vscode.folder, 'hierarchy.csv'), 'utf8');
      const [shown] = (await status()).split(' ');
      assert.equal(csv.trimEnd().split('\r\n').length, Number(shown) + 1);
      await page.keyboard.press('Escape');
    });

    it('keeps the widths of its columns when VS Code starts anew', async () => {
      const width = () =>
        frame()
          .locator('.head .source')
          .evaluate((cell) => Math.round(cell.getBoundingClientRect().width));
      await frame().locator('#grid').focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('ArrowUp');
      for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+ArrowRight');
      const set = await width();
      // In a browser VS Code writes down every five seconds what views keep, and nothing when it ends.
      await page.waitForTimeout(8000);
      const address = new URL(page.url());
      address.searchParams.delete('payload');
      await page.goto(address.href);
      await page.locator('.codelens-decoration').first().waitFor({ timeout: 60_000 });
      await runCommand(page, 'Show Connections');
      await rows().first().waitFor({ timeout: 30_000 });
      assert.equal(await width(), set);
    });

    it('says what changed for the network since the last commit, or why it cannot', async () => {
      await goTo(1);
      await runCommand(page, 'Show Connections Changed Since the Last Commit');
      const notice = page.locator('.notification-list-item', { hasText: 'in no git repository' }).first();
      await notice.waitFor();
      await picture('changes-without-git');
      const { folder } = vscode;
      const file = join(folder, 'hierarchy.topology.yaml');
      const text = readFileSync(file, 'utf8');
      const git = (...args) =>
        execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
      git('init', '-q');
      writeFileSync(
        file,
        text.replace('port: 14330', 'port: 1433').replace(/^.*distribution-point.*\n/m, ''),
      );
      git('add', '.');
      git('commit', '-qm', 'first');
      writeFileSync(file, text);
      await page.waitForTimeout(1000);
      await notice.hover();
      await notice.locator('.codicon-notifications-clear').click();
      await runCommand(page, 'Show Connections Changed Since the Last Commit');
      await page.locator('.tab.active', { hasText: 'Changes in hierarchy.topology.yaml' }).first().waitFor();
      const shown = async () => {
        for (const each of page.frames()) {
          // A frame may go while it is asked.
          const heads = await each
            .getByRole('columnheader', { name: 'Firewall work' })
            .count()
            .catch(() => 0);
          if (heads > 0) return true;
        }
        return false;
      };
      for (let tries = 0; tries < 50 && !(await shown()); tries++) await page.waitForTimeout(200);
      assert.ok(await shown());
      await picture('changes');
    });
  });

  // Last, for it leaves the file.
  describe('the walkthrough', () => {
    it('has its first step done for who has a file already', async () => {
      await runCommand(page, 'Welcome: Open Walkthrough...');
      await page
        .locator('.quick-input-list .monaco-list-row', { hasText: 'Get Started with ConfigMgr Topology' })
        .click();
      const mark = (step, done) =>
        page.locator(`[data-done-step-id$="#start#${step}"][aria-checked="${done}"]`).first();
      await mark('file', true).waitFor();
      await picture('walkthrough');
      assert.equal(await mark('export', false).count(), 1);
    });
  });

  it('says in an empty file what to press, and indents it as the language does', async () => {
    const empty = await vscode.open('empty.topology.yaml', { viewport: { width: 1280, height: 800 } });
    await empty.locator('.tab.active', { hasText: 'empty.topology.yaml' }).waitFor({ timeout: 60_000 });
    await empty
      .locator('[id="status.editor.indentation"]', { hasText: 'Spaces: 2' })
      .waitFor({ timeout: 30_000 });
    await picture('empty');
    await empty.close();
  });
});
