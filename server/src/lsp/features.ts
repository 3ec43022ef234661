// The editor features that the server offers: one row each, with what `initialize` says of it, what may be asked,
// the answer, and the answer where there is none. What needs more than a row has a file beside this one.

import { codeLenses, type LensData, resolveCodeLens } from '../features/code-lens.ts';
import { completion, TRIGGER_CHARACTERS } from '../features/completion.ts';
import { definition } from '../features/definition.ts';
import { foldingRanges } from '../features/folding.ts';
import { FORMAT_TRIGGER, formatting, onTypeFormatting, rangeFormatting } from '../features/format.ts';
import { hover, type RichHover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { documentLinks, settingsLinks } from '../features/links.ts';
import { highlights, references } from '../features/references.ts';
import type { Refusal } from '../features/refusal.ts';
import { prepareRename, rename } from '../features/rename.ts';
import { selectionRanges } from '../features/selection.ts';
import { settingsCompletion, settingsHover } from '../features/settings-file.ts';
import { documentSymbols, flatSymbols } from '../features/symbols.ts';
import { parseText } from '../text/parse.ts';
import { callHierarchy } from './call-hierarchy.ts';
import { appliedEdits, codeActionEdits, codeActions } from './code-actions.ts';
import { type Feature, feature } from './feature.ts';
import { demand, takes } from './params.ts';
import {
  CodeLensRequest,
  CodeLensResolveRequest,
  CompletionRequest,
  DefinitionRequest,
  DocumentFormattingRequest,
  DocumentHighlightRequest,
  DocumentLinkRequest,
  DocumentOnTypeFormattingRequest,
  DocumentRangeFormattingRequest,
  DocumentSymbolRequest,
  FoldingRangeRequest,
  HoverRequest,
  InlayHintRequest,
  LSPErrorCodes,
  onRequest,
  PrepareRenameRequest,
  ReferencesRequest,
  RenameRequest,
  ResponseError,
  SelectionRangeRequest,
} from './protocol.ts';
import { EXPORT_RULES, RENDERED, SHOW_CONNECTIONS } from './requests.ts';
import { member, type Session } from './session.ts';
import { semanticTokens } from './tokens.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

export const features: readonly Feature[] = [
  feature(HoverRequest, {
    capability: { hoverProvider: true },
    takes: takes.position,
    empty: null,
    answer: (analysis, { position, textDocument: { uri } }, { session }) =>
      hover(analysis, position, readsMarkdown(session), session.disk.rulePage, richHover(session, uri)),
    inSettings: (text, { position }, { session }) =>
      settingsHover(text, position, readsMarkdown(session), session.disk.rulePage),
  }),
  feature(CompletionRequest, {
    capability: { completionProvider: { triggerCharacters: [...TRIGGER_CHARACTERS] } },
    takes: takes.position,
    empty: null,
    answer: (analysis, { position, context }, { session }) =>
      completion(analysis, position, {
        snippets: session.client.textDocument?.completion?.completionItem?.snippetSupport ?? false,
        asIs: insertsAsIs(session),
        trigger: context?.triggerCharacter,
      }),
    inSettings: (text, { position }, { session }) =>
      settingsCompletion(text, position, { asIs: insertsAsIs(session) }),
  }),
  codeActions,
  codeActionEdits,
  appliedEdits,
  feature(DefinitionRequest, {
    capability: { definitionProvider: true },
    takes: takes.position,
    empty: null,
    answer(analysis, { textDocument: { uri }, position }, { session }) {
      const links = definition(analysis, uri, position);
      if (links === undefined || session.client.textDocument?.definition?.linkSupport) return links;
      return links.map(({ targetUri, targetSelectionRange }) => ({
        uri: targetUri,
        range: targetSelectionRange,
      }));
    },
  }),
  feature(ReferencesRequest, {
    capability: { referencesProvider: true },
    takes: takes.references,
    empty: null,
    answer: (analysis, { textDocument: { uri }, position, context }) =>
      references(analysis, uri, position, context.includeDeclaration),
  }),
  callHierarchy,
  feature(DocumentHighlightRequest, {
    capability: { documentHighlightProvider: true },
    takes: takes.position,
    empty: null,
    answer: (analysis, { position }) => highlights(analysis, position),
  }),
  feature(DocumentSymbolRequest, {
    capability: { documentSymbolProvider: true },
    takes: takes.document,
    empty: null,
    answer: (analysis, { textDocument: { uri } }, { session }) =>
      session.client.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport
        ? documentSymbols(analysis)
        : flatSymbols(documentSymbols(analysis), uri),
  }),
  workspaceSymbols,
  feature(FoldingRangeRequest, {
    capability: { foldingRangeProvider: true },
    takes: takes.document,
    empty: null,
    answer: (analysis) => foldingRanges(analysis),
  }),
  feature(CodeLensRequest, {
    // What a lens opens is a command of the client's.
    capability: ({ commands }) =>
      commands.has(SHOW_CONNECTIONS) ? { codeLensProvider: { resolveProvider: true } } : {},
    takes: takes.document,
    empty: null,
    shown: 'codeLens',
    answer: (analysis, { textDocument: { uri } }) => codeLenses(analysis, uri),
  }),
  {
    capability: () => ({}),
    listen: (session) =>
      onRequest(session.connection, CodeLensResolveRequest, (lens) => {
        demand(takes.lens, lens);
        const data = lensData(lens.data);
        const analysis = data && session.topologyAt(data.uri);
        return data && analysis ? resolveCodeLens(analysis, lens, data, SHOW_CONNECTIONS) : lens;
      }),
  },
  feature(SelectionRangeRequest, {
    capability: { selectionRangeProvider: true },
    takes: takes.positions,
    empty: null,
    answer: (analysis, { positions }) => selectionRanges(analysis, positions),
  }),
  feature(DocumentLinkRequest, {
    capability: { documentLinkProvider: {} },
    takes: takes.document,
    empty: null,
    answer: (analysis, _, { session }) => documentLinks(analysis, session.disk.rulePage),
    inSettings: (text, _, { session }) => settingsLinks(text, session.disk.rulePage),
  }),
  feature(InlayHintRequest, {
    capability: { inlayHintProvider: true },
    takes: takes.range,
    empty: null,
    shown: 'inlayHints',
    answer: (analysis, { textDocument: { uri }, range }) => inlayHints(analysis, uri, range),
  }),
  semanticTokens,
  feature(DocumentFormattingRequest, {
    capability: { documentFormattingProvider: true },
    takes: takes.document,
    empty: null,
    answer: (analysis) => formatting(analysis),
    inSettings: (text) => formatting({ tree: parseText(text) }),
  }),
  feature(DocumentRangeFormattingRequest, {
    capability: { documentRangeFormattingProvider: true },
    takes: takes.range,
    empty: null,
    answer: (analysis, { range }) => rangeFormatting(analysis, range),
    inSettings: (text, { range }) => rangeFormatting({ tree: parseText(text) }, range),
  }),
  feature(DocumentOnTypeFormattingRequest, {
    capability: { documentOnTypeFormattingProvider: { firstTriggerCharacter: FORMAT_TRIGGER } },
    takes: takes.position,
    empty: null,
    answer: (analysis, { position }) => onTypeFormatting(analysis, position),
    inSettings: (text, { position }) => onTypeFormatting({ tree: parseText(text) }, position),
  }),
  feature(PrepareRenameRequest, {
    capability: ({ client }) => ({
      renameProvider: client.textDocument?.rename?.prepareSupport ? { prepareProvider: true } : true,
    }),
    takes: takes.position,
    empty: null,
    answer: (analysis, { position }) => allowed(prepareRename(analysis, position)),
  }),
  feature(RenameRequest, {
    takes: takes.rename,
    empty: null,
    answer(analysis, { position, newName }, { session, document: { uri, version } }) {
      const edits = allowed(rename(analysis, position, newName));
      if (edits === undefined) return undefined;
      return session.client.workspace?.workspaceEdit?.documentChanges
        ? { documentChanges: [{ textDocument: { uri, version }, edits: [...edits] }] }
        : { changes: { [uri]: [...edits] } };
    },
  }),
];

function readsMarkdown({ client }: Session): boolean {
  const formats = client.textDocument?.hover?.contentFormat;
  return formats === undefined || formats.includes('markdown');
}

/** Of a client that folds in hovers and follows links to the commands that it announces. */
function richHover({ commands }: Session, uri: string): RichHover | undefined {
  if (!commands.has(SHOW_CONNECTIONS) || !commands.has(RENDERED)) return undefined;
  const link = (command: string, args: readonly unknown[]) =>
    `command:${command}?${encodeURIComponent(JSON.stringify(args))}`;
  return {
    connections: (machine) => link(SHOW_CONNECTIONS, [uri, machine]),
    endpoints: link(EXPORT_RULES, ['endpoints']),
    page: (page) => (page === undefined ? undefined : link(RENDERED, [page])),
  };
}

/** Whether the client can be told to leave a completion's line breaks and blanks as they are. */
function insertsAsIs({ client }: Session): boolean {
  return (
    client.textDocument?.completion?.completionItem?.insertTextModeSupport?.valueSet.includes(1) ?? false
  );
}

function lensData(data: unknown): LensData | undefined {
  const [uri, machine, kind] = [member(data, 'uri'), member(data, 'machine'), member(data, 'kind')];
  if (typeof uri !== 'string' || typeof machine !== 'string') return undefined;
  return kind === 'boundary-group' ? { uri, machine, kind } : { uri, machine };
}

/** What was asked for; a refusal is thrown, so that the editor shows its reason. */
function allowed<T extends object>(answer: T | Refusal | undefined): T | undefined {
  if (answer !== undefined && 'problem' in answer) {
    throw new ResponseError(LSPErrorCodes.RequestFailed, answer.problem);
  }
  return answer;
}
