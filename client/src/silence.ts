// 'Silence…' at the light bulb: asks whether for the line, the file or the folder.
import * as vscode from 'vscode';
import { SILENCE, type SilenceChoice } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';

/** Registers the command; the title of a choice as its second argument asks nothing more. */
export function registerSilence(server: Server): vscode.Disposable {
  return vscode.commands.registerCommand(
    SILENCE,
    async (choices: readonly SilenceChoice[] = [], wanted?: string) => {
      const chosen =
        choices.find(({ title }) => title === wanted) ??
        (await vscode.window.showQuickPick(
          choices.map((choice) => ({ ...choice, label: choice.title })),
          { title: vscode.l10n.t('Silence'), placeHolder: vscode.l10n.t('Where should it be silenced?') },
        ));
      if (chosen === undefined) return false;
      const converter = await server.converter();
      const edit = await converter.asWorkspaceEdit(chosen.edit);
      return edit === undefined ? false : vscode.workspace.applyEdit(edit);
    },
  );
}
