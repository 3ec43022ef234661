// Code actions, with what the client can do to files.
import type { CodeAction, CodeActionContext, Command, WorkspaceEdit } from 'vscode-languageserver-protocol';
import {
  codeActions as actionsAt,
  CODE_ACTION_KINDS,
  type CodeActionData,
  resolveCodeAction,
  type SettingsFile,
  settingsActions,
} from '../features/code-actions.ts';
import { type Feature, feature, type RequestContext } from './feature.ts';
import { demand, takes } from './params.ts';
import {
  ApplyWorkspaceEditRequest,
  AUTOMATIC,
  ask,
  CodeActionRequest,
  CodeActionResolveRequest,
  ErrorCodes,
  ExecuteCommandRequest,
  LSPErrorCodes,
  onRequest,
  ResponseError,
} from './protocol.ts';
import { SILENCE } from './requests.ts';
import { member, type Session } from './session.ts';

export const codeActions = feature(CodeActionRequest, {
  capability: (session) => ({
    codeActionProvider: { codeActionKinds: [...CODE_ACTION_KINDS], resolveProvider: resolves(session) },
  }),
  takes: takes.codeActions,
  empty: null,
  answer(analysis, { range, context }, asked) {
    const { session, document } = asked;
    const able = session.client.workspace?.workspaceEdit;
    const actions = actionsAt(analysis, range, {
      ...askedFor(context, asked),
      automatic: context.triggerKind === AUTOMATIC,
      settings: session.workspace.settings(document.uri),
      snippets: able?.snippetEditSupport ?? false,
      resolves: resolves(session),
      createFiles: able?.resourceOperations?.includes('create') ?? false,
      silence: takesLiterals(session) && session.commands.has(SILENCE) ? SILENCE : undefined,
      settingsFile: settingsFileFor(document.uri, session),
    });
    return takesLiterals(session) ? actions : actions.flatMap(asCommand);
  },
  inSettings(text, { range, context }, asked) {
    const actions = settingsActions(text, range, askedFor(context, asked));
    return takesLiterals(asked.session) ? actions : actions.flatMap(asCommand);
  },
});

/** Our command that makes an edit, for clients that know no more of code actions than commands. */
const APPLY = 'cmtopo.applyEdit';

/** Whether the client takes code actions; an old one takes commands alone. */
function takesLiterals({ client }: Session): boolean {
  return client.textDocument?.codeAction?.codeActionLiteralSupport !== undefined;
}

function asCommand({ title, edit, command }: CodeAction): Command[] {
  if (command !== undefined) return [command];
  return edit === undefined ? [] : [{ title, command: APPLY, arguments: [{ label: title, edit }] }];
}

/** Makes the edit of a chosen command; other clients make it themselves, and know nothing of the command. */
export const appliedEdits: Feature = {
  capability: (session) => (takesLiterals(session) ? {} : { executeCommandProvider: { commands: [APPLY] } }),
  listen: (session) =>
    session.answer(ExecuteCommandRequest, takes.command, null, async ({ command, arguments: given }) => {
      const label = member(given?.[0], 'label');
      const edit = member(given?.[0], 'edit');
      if (command !== APPLY || typeof edit !== 'object' || edit === null)
        throw new ResponseError(ErrorCodes.InvalidParams, `The server has no command ${command}.`);
      try {
        await ask(session.connection, ApplyWorkspaceEditRequest, {
          ...(typeof label === 'string' ? { label } : {}),
          edit: edit as WorkspaceEdit,
        });
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        throw new ResponseError(LSPErrorCodes.RequestFailed, why);
      }
      return null;
    }),
};

/** The edit of an action that was given without it. */
export const codeActionEdits: Feature = {
  capability: () => ({}),
  listen: (session) =>
    onRequest(session.connection, CodeActionResolveRequest, (action) => {
      demand(takes.codeAction, action);
      const data = dataOf(action);
      const document = data && session.workspace.document(data.uri);
      const analysis = document && session.topologyAt(data.uri);
      if (!data || !document || !analysis) return action;
      const { documentChanges = false, snippetEditSupport = false } =
        session.client.workspace?.workspaceEdit ?? {};
      return resolveCodeAction(analysis, action, data, {
        uri: data.uri,
        version: document.version,
        documentChanges,
        snippets: snippetEditSupport,
        settings: session.workspace.settings(data.uri),
      });
    }),
};

/** Whether the client asks again for the edit of an action. */
function resolves({ client }: Session): boolean {
  const { dataSupport, resolveSupport } = client.textDocument?.codeAction ?? {};
  return dataSupport === true && resolveSupport?.properties.includes('edit') === true;
}

function dataOf({ data }: CodeAction): CodeActionData | undefined {
  const { uri, firewall } = (data ?? {}) as Partial<Record<keyof CodeActionData, unknown>>;
  return typeof uri === 'string' && typeof firewall === 'string' ? { uri, firewall } : undefined;
}

function askedFor(
  { only, diagnostics }: CodeActionContext,
  { session, document: { uri, version } }: RequestContext,
) {
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
