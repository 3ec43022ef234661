// The tools for assistants in the chat of VS Code: the manifest describes them, the language server answers.
import * as vscode from 'vscode';
import { TOOL, type ToolParams, type ToolResult } from '../../server/src/lsp/requests.ts';
import type { Server } from './server.ts';

/** Registers every tool of the manifest. What a call cannot be answered with is an error that the assistant reads. */
export function registerTools(
  { extension }: vscode.ExtensionContext,
  server: Server,
  isTopology: (document: vscode.TextDocument) => boolean,
): vscode.Disposable {
  // Other editors that run extensions of VS Code may be without assistants.
  if (typeof vscode.lm?.registerTool !== 'function') return new vscode.Disposable(() => {});
  const described: readonly { readonly name: string }[] =
    extension.packageJSON.contributes.languageModelTools;
  const tools = described.map(({ name }) =>
    vscode.lm.registerTool<object>(name, {
      async invoke({ input }, token) {
        const document = vscode.window.activeTextEditor?.document;
        const active = document && isTopology(document) ? document.uri : undefined;
        const params: ToolParams = {
          name,
          input,
          ...(active ? { active: active.toString() } : {}),
        };
        const result = await server.sendRequest<ToolResult>(TOOL, params, token);
        if ('problem' in result) throw new Error(result.problem);
        return new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(result.text)]);
      },
    }),
  );
  return vscode.Disposable.from(...tools);
}
