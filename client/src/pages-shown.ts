// Pages to read that were made from topology files: read-only documents of a scheme of their own.
import * as vscode from 'vscode';

/** Of the addresses of pages. */
export const PAGES = 'configmgr-topology-page';

/** Shows a page. */
export type ShowPage = (page: {
  /** Of its tab. */
  readonly title: string;
  readonly markdown: string;
  /** A page of the same title about something else is another one. */
  readonly about: string;
}) => Promise<void>;

/** What shows pages until it is disposed of. */
export function createPages(): { readonly disposable: vscode.Disposable; readonly show: ShowPage } {
  const pages = new Map<string, string>();
  const changed = new vscode.EventEmitter<vscode.Uri>();
  return {
    disposable: vscode.Disposable.from(
      changed,
      vscode.workspace.registerTextDocumentContentProvider(PAGES, {
        onDidChange: changed.event,
        provideTextDocumentContent: (page) => pages.get(page.toString()) ?? '',
      }),
    ),
    async show({ title, markdown, about }) {
      const page = vscode.Uri.from({
        scheme: PAGES,
        path: `/${title.replaceAll('/', '∕')}.md`,
        query: about,
      });
      pages.set(page.toString(), markdown);
      changed.fire(page);
      // As a page where VS Code can show one, else as text.
      if (vscode.extensions.getExtension('vscode.markdown-language-features') !== undefined)
        await vscode.commands.executeCommand('markdown.showPreview', page);
      else await vscode.window.showTextDocument(page, { preview: false });
    },
  };
}
