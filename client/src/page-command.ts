// Pages of Markdown, such as those of rules, as they are read and not as their source.
import * as vscode from 'vscode';
import { RENDERED } from '../../server/src/lsp/requests.ts';

/** Registers the command that the links of hovers name. */
export function registerPages(): vscode.Disposable {
  return vscode.commands.registerCommand(RENDERED, (page: string) =>
    vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.parse(page)),
  );
}
