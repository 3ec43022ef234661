// The part of a hover that is folded under 'More'. VS Code neither makes a hover larger nor lets it scroll when a
// `<details>` in it is opened, so that nobody could read it: a link shows the hover again, with that part in it.
import * as vscode from 'vscode';
import type { HoverMiddleware } from 'vscode-languageclient';

/** Behind the link, which only hovers have. */
export const SHOW_MORE = 'configmgrTopology.showMore';

/** As `prose.ts` of the server writes it; text of a file has no `<` in a hover. */
const FOLDED = /<details><summary>([^<]*)<\/summary>\n\n([\s\S]*?)\n\n<\/details>/g;

/** Where the hover that is shown next is unfolded. */
let unfolded: { readonly uri: string; readonly place: vscode.Position } | undefined;

/** Puts a link in the place of what is folded. */
export const foldedHovers: HoverMiddleware = {
  async provideHover(document, position, token, next) {
    const hover = await next(document, position, token);
    const uri = document.uri.toString();
    const isUnfolded = unfolded?.uri === uri && unfolded.place.isEqual(position);
    unfolded = undefined;
    for (const content of hover?.contents ?? []) {
      if (!(content instanceof vscode.MarkdownString)) continue;
      const { line, character } = position;
      const query = encodeURIComponent(JSON.stringify([uri, line, character]));
      content.value = content.value.replace(FOLDED, (_, label: string, text: string) =>
        isUnfolded ? text : `[${label}](command:${SHOW_MORE}?${query})`,
      );
    }
    return hover;
  },
};

/** Registers what the link does. */
export function registerFoldedHovers(): vscode.Disposable {
  return vscode.commands.registerCommand(
    SHOW_MORE,
    async (uri: unknown, line: unknown, character: unknown) => {
      const editor = vscode.window.activeTextEditor;
      if (typeof uri !== 'string' || typeof line !== 'number' || typeof character !== 'number') return;
      if (editor?.document.uri.toString() !== uri) return;
      const place = new vscode.Position(line, character);
      // A hover that a command shows is at the cursor.
      editor.selection = new vscode.Selection(place, place);
      unfolded = { uri, place };
      await vscode.commands.executeCommand('editor.action.hideHover');
      await vscode.commands.executeCommand('editor.action.showHover');
    },
  );
}
