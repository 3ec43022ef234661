// The view 'ConfigMgr Topology' as a person sees it: the tree under its own icon, and what its menus lead to. Keeps its
// pictures in test/screenshots/.
import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { cursorPlace, goToLine, runCommand, webview } from '../../scripts/vscode/served.mjs';
import { served } from './served.mjs';

const text = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      management-point: { protocol: https }
      software-update-point: { httpPort: 8530, httpsPort: 8532 }
  sql01: { zone: hq, roles: { sql-server: } }
  dp01: { site: PS1, zone: branch, roles: { distribution-point: } }
clients:
  desks: { site: PS1, zone: branch, features: [] }
boundaryGroups:
  branch-1: { members: [desks], servers: [dp01] }
firewalls:
  edge:
    zones: [hq, branch]
    rules:
      - { action: allow, from: hq, to: branch }
`;

const asa = `hostname asa-1
interface Ethernet1
 nameif outside
interface Ethernet2
 nameif branch
access-list IN extended permit tcp any any eq 443
access-list IN extended permit tcp any any time-range WEEKEND
access-group IN in interface branch
`;

/** Waits for the count at the right edge of a row, which VS Code asks for after the row is there. */
async function counted(page, row) {
  const label = row.locator('.monaco-icon-label').first();
  const end = Date.now() + 20_000;
  for (;;) {
    const content = await label.evaluate((one) => getComputedStyle(one, '::after').content);
    if (/\d/.test(content)) return;
    assert.ok(Date.now() < end, `no count at ${await label.textContent()}`);
    await page.waitForTimeout(100);
  }
}

describe('The tree of topologies, as seen', function () {
  this.timeout('120s');
  const vscode = served({
    'a.topology.yaml': text,
    'servers.csv':
      'name,site,roles,addresses\ncm01,PS1,site-server,10.1.0.10\nsql01,PS1,sql-server,10.1.0.11\n',
    'zones.csv': 'zone,network\nhq,10.1.0.0/16\n',
  });
  const { picture } = vscode;
  let page;

  const row = (label) =>
    page.locator('.pane-body .monaco-list-row', { has: page.getByText(label, { exact: true }) }).first();
  const rowText = async (label) => ((await row(label).textContent()) ?? '').replaceAll('\u00a0', ' ');
  const pick = (label) => page.locator('.quick-input-list .monaco-list-row', { hasText: label }).first();
  const menuItem = (label) => page.locator('.monaco-menu .action-item', { hasText: label }).first();

  before(async () => {
    page = await vscode.open('a.topology.yaml', {
      viewport: { width: 1280, height: 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    for (const name of ['hierarchy', 'branches', 'configmgr-2007', 'small'])
      rmSync(join(vscode.folder, `${name}.topology.yaml`), { force: true });
    await page
      .locator('.view-line', { hasText: 'software-update-point' })
      .first()
      .waitFor({ timeout: 60_000 });
  });

  it('has an icon of its own, and shows what the file holds and what is wrong there', async () => {
    await page.locator('.activitybar .action-label[aria-label^="ConfigMgr Topology"]').first().click();
    await row('PS1').waitFor({ timeout: 30_000 });
    await row('cm01').waitFor();
    await page
      .locator('.pane-body .monaco-list-row', { hasText: /a\.topology\.yaml.*2017-09/ })
      .first()
      .waitFor();
    await picture('tree');
    assert.match(await rowText('a.topology.yaml'), /3 blocked · 2017-09/);
    assert.match(await rowText('PS1'), /3 blocked · primary · 3 servers/);
    assert.match(await rowText('edge'), /3 blocked · hq \| branch · 1 rule/);
    // The count of findings is at the right edge.
    await counted(page, row('PS1'));
  });

  it('says what is wrong in a file before it is unfolded, with the icon of its kind', async () => {
    const other = page.locator('.pane-body .monaco-list-row', {
      hasText: /mistakes\.topology\.yaml.*2017-09/,
    });
    await other.first().waitFor();
    assert.equal(await other.first().getAttribute('aria-expanded'), 'false');
    for (const label of ['a.topology.yaml', 'mistakes.topology.yaml']) {
      const icon = row(label).locator('.custom-view-tree-node-item-icon').first();
      assert.match(await icon.evaluate((one) => getComputedStyle(one).backgroundImage), /file-light\.svg/);
      await counted(page, row(label));
    }
    rmSync(join(vscode.folder, 'mistakes.topology.yaml'));
    await other.first().waitFor({ state: 'detached' });
  });

  it('goes to the line of what is clicked', async () => {
    await row('dp01').locator('.label-name').click();
    await page.waitForFunction(() =>
      document.querySelector('[id="status.editor.selection"]')?.textContent?.includes('Ln 17'),
    );
    assert.match((await cursorPlace(page).textContent()) ?? '', /Ln 17, Col 3/);
  });

  it('follows what is typed', async () => {
    await goToLine(page, 26);
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('- { action: allow, from: any, to: any }');
    await page.waitForFunction(
      () =>
        ![...document.querySelectorAll('.pane-body .monaco-list-row')].some((one) =>
          /blocked/.test(one.textContent ?? ''),
        ),
    );
    await page
      .locator('.pane-body .monaco-list-row', { hasText: /edge.*2 rules/ })
      .first()
      .waitFor();
    await picture('tree-edited');
    // A whole line, with the rest of what was typed.
    await page.keyboard.press('Control+Shift+K');
    await page
      .locator('.pane-body .monaco-list-row', { hasText: /edge.*1 rule$/ })
      .first()
      .waitFor();
  });

  it('explains, from a server to what is chosen', async () => {
    await row('dp01').hover();
    await row('dp01').locator('.action-label[aria-label^="Explain"]').click();
    await pick('cm01').waitFor();
    await picture('explain-choice');
    await pick('cm01').click();
    const heading = webview(page).locator('h1', { hasText: 'dp01 and cm01' });
    await heading.waitFor({ timeout: 20_000 });
    await picture('explain-page');
  });

  it('offers in its menus what a file, a server and a firewall are for', async () => {
    for (const [label, wanted, name] of [
      [
        'a.topology.yaml',
        ['Show Diagram', 'Report…', 'Compare with Export…', 'Import Firewall…'],
        'tree-menu-file',
      ],
      ['cm01', ['Explain Connections…', 'Show Connections'], 'tree-menu-server'],
      [
        'edge',
        ['Write Missing Firewall Rules', 'Replace Rules from File…', 'Replace Rules with Clipboard'],
        'tree-menu-firewall',
      ],
    ]) {
      await row(label).click({ button: 'right' });
      for (const item of wanted) await menuItem(item).waitFor();
      await picture(name);
      await page.keyboard.press('Escape');
    }
  });

  it('puts a firewall that was copied in place of another, and asks what its interfaces are', async () => {
    await page.evaluate((words) => navigator.clipboard.writeText(words), asa);
    await row('edge').click({ button: 'right' });
    // VS Code shields a new menu from clicks until the mouse moves, which a person's does.
    const { x, y } = await menuItem('Replace Rules with Clipboard').boundingBox();
    await page.mouse.move(x + 30, y + 8, { steps: 4 });
    await page.waitForTimeout(500);
    await page.mouse.click(x + 40, y + 9);
    await page.locator('.quick-input-widget input[placeholder="Which zone is behind outside?"]').waitFor();
    await picture('import-firewall-zone');
    await pick('hq').click();
    await page.locator('.view-line', { hasText: 'WEEKEND' }).first().waitFor({ timeout: 20_000 });
    const toast = page
      .locator('.notification-toast', { hasText: 'Cisco ASA: 3 rules written as edge' })
      .first();
    await toast.waitFor();
    await picture('import-firewall');
    await toast.locator('.monaco-button', { hasText: 'Show What Is Missing' }).click();
    await webview(page).locator('li', { hasText: 'WEEKEND' }).waitFor({ timeout: 20_000 });
    await picture('import-firewall-missing');
  });

  it('takes exports one after another, because the dialog of a browser takes one file', async () => {
    await runCommand(page, 'ConfigMgr Topology: Import Hierarchy');
    const input = page.locator('.quick-input-widget:visible input');
    const choose = async (name) => {
      await page.locator('.quick-input-title:visible', { hasText: 'Import Hierarchy' }).waitFor();
      await page.locator('.quick-input-action:visible', { hasText: 'Import' }).waitFor();
      await input.fill(join(vscode.folder, name));
      await page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().waitFor();
      await input.press('Enter');
      await page.locator(`.quick-input-widget input[placeholder$="${name}"]`).waitFor();
    };
    await choose('servers.csv');
    await pick('Add Another File…').click();
    await choose('zones.csv');
    await picture('import-hierarchy');
    await pick('Import').click();
    await page
      .locator('.view-line', { hasText: /^\s*zone:\s*hq$/ })
      .first()
      .waitFor({ timeout: 20_000 });
    await runCommand(page, 'File: Revert File');
    await runCommand(page, 'View: Close Editor');
  });

  it('says how to begin where there is no topology file', async () => {
    rmSync(join(vscode.folder, 'a.topology.yaml'));
    await page.keyboard.press('Escape');
    // Unsaved, the file would stay open.
    await runCommand(page, 'File: Revert File');
    await runCommand(page, 'View: Close All Editors');
    await page
      .locator('.welcome-view-content .monaco-button', { hasText: 'New Topology File' })
      .first()
      .waitFor({ timeout: 20_000 });
    await page
      .locator('.welcome-view-content .monaco-button', { hasText: 'Import Hierarchy…' })
      .first()
      .waitFor();
    await picture('tree-welcome');
  });
});
