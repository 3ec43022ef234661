// 'Import Firewall' and 'Paste as Firewall': the configuration of a real firewall as an entry of the open file.
import * as vscode from 'vscode';
import {
  type FirewallPlace,
  IMPORT_FIREWALL,
  type ImportFirewallParams,
  type ImportFirewallResult,
  type SentFile,
} from '../../server/src/lsp/requests.ts';
import { markdownText } from '../../server/src/print/escape.ts';
import { base64, chooseFiles, readFiles } from './chosen-files.ts';
import type { ShowPage } from './pages-shown.ts';
import type { Server } from './server.ts';
import { type TopologyDocument, wantedWord } from './topology-document.ts';

type Choices = Extract<ImportFirewallResult, { readonly kind: 'choose' }>;

/** What the commands can be given, so that nothing is asked. */
interface Given {
  readonly files?: readonly vscode.Uri[];
  readonly place?: FirewallPlace;
  readonly map?: ImportFirewallParams['map'];
}

/** Registers the commands. Each gives back whether the file was changed. */
export function registerImportFirewall(
  server: Server,
  documentOf: TopologyDocument,
  show: ShowPage,
): vscode.Disposable {
  /** @param wanted a node of the tree: of a firewall, whose rules the imported ones replace */
  async function importFirewall(wanted?: unknown, given: Given = {}): Promise<boolean> {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const uris = await chooseFiles(given.files, {
      title: vscode.l10n.t('Import Firewall'),
      openLabel: vscode.l10n.t('Import'),
      filters: {
        [vscode.l10n.t('Configurations of firewalls')]: [
          'txt',
          'cfg',
          'conf',
          'json',
          'csv',
          'xml',
          'reg',
          'log',
        ],
        [vscode.l10n.t('All Files')]: ['*'],
      },
    });
    const [file] = (uris && (await readFiles(uris))) ?? [];
    return file !== undefined && insert(document, file, wanted, given);
  }

  async function pasteFirewall(wanted?: unknown, given: Given = {}): Promise<boolean> {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const text = await vscode.env.clipboard.readText();
    if (text.trim() === '') {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('The clipboard has no text. Copy the configuration of a firewall first.'),
      );
      return false;
    }
    const content = base64(new TextEncoder().encode(text));
    return insert(document, { name: vscode.l10n.t('Clipboard'), content }, wanted, given);
  }

  async function insert(
    document: vscode.TextDocument,
    file: SentFile,
    wanted: unknown,
    given: Given,
  ): Promise<boolean> {
    const params: ImportFirewallParams = {
      textDocument: { uri: document.uri.toString() },
      file,
      map: given.map ?? [],
    };
    const ask = (more: Partial<ImportFirewallParams>) =>
      server.sendRequest<ImportFirewallResult>(IMPORT_FIREWALL, { ...params, ...more });
    let choices = await ask({});
    let direction: string | undefined;
    if ('kind' in choices && choices.kind === 'direction') {
      direction = await chooseDirection();
      if (direction === undefined) return false;
      choices = await ask({ direction });
    }
    if ('problem' in choices) return fail(choices.problem);
    if (choices.kind !== 'choose') return false;
    const place = given.place ?? (await choosePlace(choices, replacedBy(wanted)));
    if (place === undefined) return false;
    const map = given.map ?? (await chooseMeanings(choices));
    if (map === undefined) return false;
    const result = await ask({ place, map, direction });
    const converter = await server.converter();
    if ('problem' in result) return fail(result.problem);
    if (result.kind !== 'edits') return false;
    if (document.version !== result.version)
      return fail(vscode.l10n.t('The file has changed meanwhile, and nothing was imported. Try again.'));
    const edit = new vscode.WorkspaceEdit();
    edit.set(document.uri, await converter.asTextEdits([...result.edits]));
    if (!(await vscode.workspace.applyEdit(edit))) return false;
    await reveal(document, result.names);
    tell(choices.title, result).then(undefined, () => {});
    return true;
  }

  /** Says what was written; what could not be is a page to read, and is in the file too. */
  async function tell(
    title: string,
    result: Extract<ImportFirewallResult, { readonly kind: 'edits' }>,
  ): Promise<void> {
    const { gaps, names, rules } = result;
    const written = vscode.l10n.t('{0}: {1} rules written as {2}.', title, rules, names.join(', '));
    if (gaps.length === 0) {
      await vscode.window.showInformationMessage(written);
      return;
    }
    const open = vscode.l10n.t('Show What Is Missing');
    const missing =
      gaps.length === 1
        ? vscode.l10n.t('One thing could not be written exactly.')
        : vscode.l10n.t('{0} things could not be written exactly.', gaps.length);
    if ((await vscode.window.showWarningMessage(`${written} ${missing}`, open)) !== open) return;
    const heading = vscode.l10n.t('What a topology cannot say of {0}', names.join(', '));
    await show({
      title: heading,
      markdown: `# ${markdownText(heading)}\n\n${vscode.l10n.t('Each of these is a comment at its place in the file, too.')}\n\n${gaps.map((gap) => `- ${markdownText(gap)}`).join('\n')}\n`,
      about: names.join(),
    });
  }

  return vscode.Disposable.from(
    vscode.commands.registerCommand('configmgrTopology.importFirewall', importFirewall),
    vscode.commands.registerCommand('configmgrTopology.pasteFirewall', pasteFirewall),
    // The same by the names that they have in the menu of a firewall.
    vscode.commands.registerCommand('configmgrTopology.replaceRules', importFirewall),
    vscode.commands.registerCommand('configmgrTopology.replaceRulesByPaste', pasteFirewall),
  );
}

function fail(problem: string): false {
  void vscode.window.showErrorMessage(problem);
  return false;
}

/** The firewall that a node of the tree stands for. */
function replacedBy(wanted: unknown): string | undefined {
  const isNode = typeof wanted === 'object' && wanted !== null && Reflect.get(wanted, 'kind') === 'firewall';
  return isNode ? wantedWord(wanted) : undefined;
}

/** Asks where the rules go; the rules of one firewall may take the place of those of one of the file. */
async function choosePlace(
  choices: Choices,
  replaced: string | undefined,
): Promise<FirewallPlace | undefined> {
  const { title, own, firewalls, isDevice } = choices;
  if (replaced !== undefined && firewalls.length === 1) return { replace: replaced };
  const heading = vscode.l10n.t('Import {0}', title);
  interface Item extends vscode.QuickPickItem {
    choose(): Promise<FirewallPlace | undefined>;
  }
  const items: Item[] = [
    {
      label: vscode.l10n.t('New firewall between zones'),
      iconPath: new vscode.ThemeIcon('add'),
      choose: () => chooseZones(choices, heading),
    },
    ...(isDevice
      ? []
      : [
          {
            label: vscode.l10n.t('New firewall on servers or clients'),
            iconPath: new vscode.ThemeIcon('add'),
            choose: () => chooseHosts(choices, heading),
          },
        ]),
    ...(firewalls.length === 1
      ? own.map(({ name, detail }) => ({
          label: vscode.l10n.t('Replace the rules of {0}', name),
          description: detail,
          iconPath: new vscode.ThemeIcon('replace'),
          choose: async () => ({ replace: name }),
        }))
      : []),
  ];
  const chosen =
    items.length === 1
      ? items[0]
      : await vscode.window.showQuickPick(items, {
          title: heading,
          placeHolder: vscode.l10n.t('Where does it go?'),
        });
  return chosen?.choose();
}

/** Asks what a list shows that does not say it. */
async function chooseDirection(): Promise<string | undefined> {
  const items = [
    { label: vscode.l10n.t('Inbound rules'), direction: 'inbound' },
    { label: vscode.l10n.t('Outbound rules'), direction: 'outbound' },
  ];
  const title = vscode.l10n.t('Import Firewall');
  const placeHolder = vscode.l10n.t('Which rules does the list show?');
  return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.direction;
}

async function chooseZones({ zones, isDevice }: Choices, title: string): Promise<FirewallPlace | undefined> {
  if (zones.length < 2) {
    fail(vscode.l10n.t('A firewall connects two or more zones. Add the zones to the file first.'));
    return undefined;
  }
  // A device tells by its interfaces which zones it joins.
  if (isDevice) return { zones };
  const chosen =
    zones.length === 2
      ? zones
      : await vscode.window.showQuickPick([...zones], {
          title,
          placeHolder: vscode.l10n.t('Which zones does it join? Choose two or more.'),
          canPickMany: true,
        });
  if (chosen === undefined) return undefined;
  if (chosen.length < 2) {
    fail(vscode.l10n.t('A firewall connects two or more zones.'));
    return undefined;
  }
  const inside = await vscode.window.showQuickPick([...chosen], {
    title,
    placeHolder: vscode.l10n.t('Which of them does it protect?'),
  });
  return inside === undefined ? undefined : { zones: chosen, inside };
}

async function chooseHosts({ machines }: Choices, title: string): Promise<FirewallPlace | undefined> {
  const chosen = await vscode.window.showQuickPick(
    machines.map(({ name, detail }) => ({ label: name, description: detail })),
    { title, placeHolder: vscode.l10n.t('On which servers or clients does it run?'), canPickMany: true },
  );
  return chosen && chosen.length > 0 ? { hosts: chosen.map(({ label }) => label) } : undefined;
}

/** Asks what each interface stands for; one that nobody knows stays without a zone, and the text says so. */
async function chooseMeanings({
  title,
  unmapped,
  zones,
}: Choices): Promise<ImportFirewallParams['map'] | undefined> {
  const map: { word: string; zone: string }[] = [];
  const unknown = { label: vscode.l10n.t('I do not know'), description: '', isZone: false };
  for (const word of unmapped) {
    const items = [...zones.map((label) => ({ label, description: '', isZone: true })), unknown];
    const chosen = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Import {0}', title),
      placeHolder: vscode.l10n.t('Which zone is behind {0}?', word),
    });
    if (chosen === undefined) return undefined;
    if (chosen.isZone) map.push({ word, zone: chosen.label });
  }
  return map;
}

/** Shows the entry that was written. */
async function reveal(document: vscode.TextDocument, names: readonly string[]): Promise<void> {
  const editor = await vscode.window.showTextDocument(document);
  const [name = ''] = names;
  const keys = [name, `'${name}'`, `"${name}"`].map((key) => `${key}:`.toLowerCase());
  const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line));
  const entry = lines.find(
    ({ text, firstNonWhitespaceCharacterIndex: indent }) =>
      indent > 0 && keys.some((key) => text.slice(indent).toLowerCase().startsWith(key)),
  );
  if (entry === undefined) return;
  const place = new vscode.Position(entry.lineNumber, entry.firstNonWhitespaceCharacterIndex);
  editor.selection = new vscode.Selection(place, place);
  editor.revealRange(new vscode.Range(place, place), vscode.TextEditorRevealType.AtTop);
}
