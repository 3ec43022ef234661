// 'Silence…' at the light bulb: asks whether for the line, the file or the folder.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';
import { SILENCE, type SilenceChoice } from '../../server/src/lsp/requests.ts';

/** Registers the command; the title of a choice as its second argument asks nothing more. */
export function registerSilence(client: BaseLanguageClient): vscode.Disposable {
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
      const edit = await client.protocol2CodeConverter.asWorkspaceEdit(chosen.edit);
      return edit === undefined ? false : vscode.workspace.applyEdit(edit);
    },
  );
}
