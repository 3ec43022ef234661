// Code actions, with what the client can do to files.
import { type CodeActionContext, CodeActionRequest, CodeActionTriggerKind } from 'vscode-languageserver';
import {
  codeActions as actionsAt,
  CODE_ACTION_KINDS,
  type SettingsFile,
  settingsActions,
} from '../features/code-actions.ts';
import { type Asked, feature } from './feature.ts';
import { takes } from './params.ts';
import type { Session } from './session.ts';

export const codeActions = feature(CodeActionRequest.type, {
  capability: { codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS] } },
  takes: takes.codeActions,
  empty: null,
  answer(analysis, { range, context }, asked) {
    const { session, document } = asked;
    const able = session.client.workspace?.workspaceEdit;
    return actionsAt(analysis, range, {
      ...askedFor(context, asked),
      automatic: context.triggerKind === CodeActionTriggerKind.Automatic,
      settings: session.workspace.settings(document.uri),
      snippets: able?.snippetEditSupport ?? false,
      createFiles: able?.resourceOperations?.includes('create') ?? false,
      settingsFile: settingsFileFor(document.uri, session),
    });
  },
  inSettings: (text, { range, context }, asked) => settingsActions(text, range, askedFor(context, asked)),
});

function askedFor({ only, diagnostics }: CodeActionContext, { session, document: { uri, version } }: Asked) {
  const documentChanges = session.client.workspace?.workspaceEdit?.documentChanges ?? false;
  return { uri, version, only, diagnostics, documentChanges };
}

/** Where the severities of a document's rules are changed. */
function settingsFileFor(uri: string, { workspace, disk }: Session): SettingsFile | undefined {
  const file = workspace.settingsFile(uri);
  if (file !== undefined)
    return { uri: file.uri, text: file.text, version: workspace.document(file.uri)?.version };
  const beside = disk.newSettings(uri);
  return beside === undefined ? undefined : { uri: beside, text: undefined, version: undefined };
}
