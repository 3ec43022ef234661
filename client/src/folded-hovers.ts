// The part of a hover that is folded under 'More'. VS Code neither makes a hover larger nor lets it scroll when a
// `<details>` in it is opened, so that nobody could read it: a link shows the hover again, with that part in it.
import * as vscode from 'vscode';
import type { HoverMiddleware } from 'vscode-languageclient';

/** Behind the link, which only hovers have. */
export const SHOW_MORE = 'configmgrTopology.showMore';

/** As `prose.ts` of the server writes it; text of a file has no `<` in a hover. */
const [BEGIN, MIDDLE, END] = ['<details><summary>', '</summary>\n\n', '\n\n</details>'];

/** A hover's text with something else in the place of each folded part. */
function withoutFolds(text: string, instead: (label: string, folded: string) => string): string {
  const [first = '', ...parts] = text.split(BEGIN);
  return parts.reduce((done, part) => {
    const [middle, end] = [part.indexOf(MIDDLE), part.indexOf(END)];
    if (middle === -1 || end < middle) return `${done}${BEGIN}${part}`;
    const folded = part.slice(middle + MIDDLE.length, end);
    return `${done}${instead(part.slice(0, middle), folded)}${part.slice(end + END.length)}`;
  }, first);
}

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
      content.value = withoutFolds(content.value, (label, folded) =>
        isUnfolded ? folded : `[${label}](command:${SHOW_MORE}?${query})`,
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
