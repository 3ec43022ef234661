// 'Explain Connections', and the comparisons: two files, two port lists, a file with the newest list, a file with
// exports of its site. Each is a page to read.
import * as vscode from 'vscode';
import { EDITION_TABLE, NEWEST_EDITION } from '../../server/src/catalog/editions.ts';
import type { ExplainEnd } from '../../server/src/features/explain.ts';
import {
  COMPARE,
  COMPARE_EDITIONS,
  type ComparedFile,
  type CompareEditionsParams,
  type CompareParams,
  type DocumentParams,
  DRIFT,
  type DriftParams,
  EXPLAIN,
  EXPLAIN_ENDS,
  type ExplainEndsResult,
  type ExplainParams,
  NEWEST_CHANGES,
  type NewestChangesParams,
  type PageResult,
  SUMMARY,
  type SummaryResult,
} from '../../server/src/lsp/requests.ts';
import { looksLikeAddress } from '../../server/src/topology/address.ts';
import { chooseFiles, exportFilters, nameOf, readFiles } from './chosen-files.ts';
import type { ShowPage } from './pages-shown.ts';
import type { Server } from './server.ts';
import { addressOf, chooseTopology, type TopologyDocument, wantedWord } from './topology-document.ts';

/** Registers the commands. */
export function registerComparisons(
  server: Server,
  documentOf: TopologyDocument,
  show: ShowPage,
): vscode.Disposable {
  const asUri = (uri: vscode.Uri): string => uri.toString();

  /** Asks the server for a page and shows it, or says why there is none. */
  async function page<P extends object>(
    request: string,
    params: P,
    title: string,
    about: string,
  ): Promise<boolean> {
    const answer = await server.sendRequest<PageResult>(request, params);
    if ('problem' in answer) {
      void vscode.window.showErrorMessage(answer.problem);
      return false;
    }
    await show({ title, markdown: answer.markdown, about });
    return true;
  }

  /** @param wanted a node of the tree, from which it begins (VS Code gives all chosen ones beside it); words ask nothing */
  async function explain(wanted?: unknown, first?: unknown, second?: unknown): Promise<boolean> {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const textDocument = { uri: asUri(document.uri) };
    const params: DocumentParams = { textDocument };
    const ends = await server.sendRequest<ExplainEndsResult>(EXPLAIN_ENDS, params);
    const title = vscode.l10n.t('Explain Connections');
    const from =
      wantedWord(typeof first === 'string' ? first : wanted) ??
      (await chooseEnd(ends, title, vscode.l10n.t('Connections from or to what?')));
    if (from === undefined) return false;
    const to =
      wantedWord(second) ??
      (await chooseEnd(ends, title, vscode.l10n.t('Connections between {0} and what?', labelOf(ends, from))));
    if (to === undefined) return false;
    const explained: ExplainParams = { textDocument, from, to };
    const name = vscode.l10n.t('{0} and {1}', labelOf(ends, from), labelOf(ends, to));
    return page(EXPLAIN, explained, name, document.uri.toString());
  }

  /** @param wanted one of two files and `selected` both, as the explorer gives them; a node of the tree; or nothing */
  async function compare(wanted?: unknown, selected?: unknown): Promise<boolean> {
    const both = Array.isArray(selected) ? selected.filter((one) => one instanceof vscode.Uri) : [];
    const [first, second] = both;
    if (first && second && both.length === 2) return compareFiles(first, second);
    const newer = addressOf(wanted) ?? (await documentOf())?.uri;
    if (newer === undefined) return false;
    const older = await chooseTopology(
      server,
      vscode.l10n.t('The older file, with which {0} is compared', nameOf(newer)),
      newer,
      {
        label: vscode.l10n.t('Browse…'),
        choose: async () =>
          (
            await vscode.window.showOpenDialog({
              openLabel: vscode.l10n.t('Compare'),
              defaultUri: vscode.Uri.joinPath(newer, '..'),
            })
          )?.[0],
      },
    );
    return older instanceof vscode.Uri && compareFiles(older, newer);
  }

  async function compareFiles(older: vscode.Uri, newer: vscode.Uri): Promise<boolean> {
    // Of the same name, they are told apart by their folders.
    const isSame = nameOf(older) === nameOf(newer);
    const read = async (uri: vscode.Uri): Promise<ComparedFile> => ({
      uri: asUri(uri),
      name: isSame ? vscode.workspace.asRelativePath(uri) : nameOf(uri),
      text: (await vscode.workspace.openTextDocument(uri)).getText(),
    });
    const params: CompareParams = { before: await read(older), after: await read(newer) };
    const title = vscode.l10n.t('{0} to {1}', nameOf(older), nameOf(newer));
    return page(COMPARE, params, title, `${older.toString()} ${newer.toString()}`);
  }

  /** Two editions as its arguments ask nothing. */
  async function compareEditions(first?: unknown, second?: unknown): Promise<boolean> {
    const title = vscode.l10n.t('Compare Port Lists');
    const before =
      editionWord(first) ?? (await chooseEdition(title, vscode.l10n.t('The older list'), undefined));
    if (before === undefined) return false;
    const after =
      editionWord(second) ?? (await chooseEdition(title, vscode.l10n.t('The newer list'), before));
    if (after === undefined) return false;
    const params: CompareEditionsParams = { before, after };
    return page(COMPARE_EDITIONS, params, vscode.l10n.t('Port lists {0} and {1}', before, after), '');
  }

  /** @param wanted a node of the tree; an edition as the second argument asks nothing */
  async function newestChanges(wanted?: unknown, given?: unknown): Promise<boolean> {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const textDocument = { uri: asUri(document.uri) };
    const summary = await server.sendRequest<SummaryResult>(SUMMARY, { textDocument });
    const own = summary?.edition;
    // A file of the newest list may ask what that has changed since an earlier one.
    const edition =
      editionWord(given) ??
      (own !== undefined && own !== NEWEST_EDITION
        ? own
        : await chooseEdition(
            vscode.l10n.t('What the Newest Port List Changes'),
            vscode.l10n.t('Since which list?'),
            undefined,
            NEWEST_EDITION,
          ));
    if (edition === undefined) return false;
    const params: NewestChangesParams = { textDocument, edition };
    const title = vscode.l10n.t('{0} with the port list {1}', nameOf(document.uri), NEWEST_EDITION);
    return page(NEWEST_CHANGES, params, title, document.uri.toString());
  }

  /** @param wanted a node of the tree; a list of addresses as the second argument asks nothing */
  async function drift(wanted?: unknown, given?: unknown): Promise<boolean> {
    const document = await documentOf(wanted);
    if (document === undefined) return false;
    const uris = await chooseFiles(given, {
      title: vscode.l10n.t('Exports of the site that {0} describes', nameOf(document.uri)),
      openLabel: vscode.l10n.t('Compare'),
      canSelectMany: true,
      filters: exportFilters(),
    });
    const files = uris && (await readFiles(uris));
    if (files === undefined) return false;
    const params: DriftParams = { textDocument: { uri: asUri(document.uri) }, files };
    return page(
      DRIFT,
      params,
      vscode.l10n.t('{0} and its site', nameOf(document.uri)),
      document.uri.toString(),
    );
  }

  return vscode.Disposable.from(
    vscode.commands.registerCommand('configmgrTopology.explain', explain),
    vscode.commands.registerCommand('configmgrTopology.compare', compare),
    vscode.commands.registerCommand('configmgrTopology.compareEditions', compareEditions),
    vscode.commands.registerCommand('configmgrTopology.newestChanges', newestChanges),
    vscode.commands.registerCommand('configmgrTopology.drift', drift),
  );
}

function labelOf(ends: readonly ExplainEnd[], word: string): string {
  return ends.find((end) => end.word === word)?.label ?? word;
}

const ICONS: Readonly<Record<ExplainEnd['kind'], string>> = {
  server: 'server',
  'client-group': 'vm',
  outside: 'globe',
  zone: 'map',
  site: 'home',
  role: 'plug',
};

/** Asks for one of the ends, or for an address or network that a person types. */
function chooseEnd(
  ends: readonly ExplainEnd[],
  title: string,
  placeholder: string,
): Promise<string | undefined> {
  const headings: Readonly<Record<ExplainEnd['kind'], string>> = {
    server: vscode.l10n.t('Servers'),
    'client-group': vscode.l10n.t('Client groups'),
    outside: vscode.l10n.t('Outside'),
    zone: vscode.l10n.t('Zones'),
    site: vscode.l10n.t('Sites'),
    role: vscode.l10n.t('Roles'),
  };
  interface Item extends vscode.QuickPickItem {
    readonly word?: string;
  }
  const known = ends.flatMap((end, index): Item[] => [
    ...(ends[index - 1]?.kind === end.kind
      ? []
      : [{ label: headings[end.kind], kind: vscode.QuickPickItemKind.Separator }]),
    {
      label: end.label,
      description: end.detail,
      iconPath: new vscode.ThemeIcon(ICONS[end.kind]),
      word: end.word,
    },
  ]);
  const pick = vscode.window.createQuickPick<Item>();
  Object.assign(pick, { title, placeholder, matchOnDescription: true, items: known });
  return new Promise((resolve) => {
    pick.onDidChangeValue((value) => {
      const word = value.trim();
      const typed: readonly Item[] = looksLikeAddress(word)
        ? [{ label: word, description: vscode.l10n.t('address or network'), alwaysShow: true, word }]
        : [];
      pick.items = [...typed, ...known];
    });
    pick.onDidAccept(() => {
      resolve(pick.selectedItems[0]?.word);
      pick.hide();
    });
    pick.onDidHide(() => {
      resolve(undefined);
      pick.dispose();
    });
    pick.show();
  });
}

function editionWord(wanted: unknown): string | undefined {
  return EDITION_TABLE.find(({ id }) => id === wanted)?.id;
}

/**
 * Asks for an edition of the port catalog, newest first.
 * @param after only later ones
 * @param before only earlier ones
 */
async function chooseEdition(
  title: string,
  placeHolder: string,
  after: string | undefined,
  before?: string,
): Promise<string | undefined> {
  const ids: readonly string[] = EDITION_TABLE.map(({ id }) => id);
  const from = after === undefined ? 0 : ids.indexOf(after) + 1;
  const to = before === undefined ? ids.length : ids.indexOf(before);
  const items = EDITION_TABLE.slice(from, to).map(({ id, versions, versionsSince }) => ({
    label: id,
    description:
      versionsSince === undefined ? spanOf(versions) : vscode.l10n.t('version {0} and later', versionsSince),
  }));
  return (await vscode.window.showQuickPick(items.toReversed(), { title, placeHolder }))?.label;
}

/** `version 1511 to 1702`; nothing for the product that has no versions. */
function spanOf(versions: readonly string[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  return first === undefined || last === undefined ? '' : vscode.l10n.t('version {0} to {1}', first, last);
}
