// A request of each kind that the server answers.
import type { Range } from 'vscode-languageserver-protocol/node';
import * as own from '../../server/src/lsp/requests.ts';
import { HIERARCHY } from '../support/features.ts';

/** One right request of each kind, by method, at a place of a document. */
export function requestsAt(uri: string, range: Range): Readonly<Record<string, object>> {
  const textDocument = { uri };
  const position = range.start;
  const options = { tabSize: 4, insertSpaces: true };
  const item = { uri, name: 'sql01', kind: 5, range, selectionRange: range };
  return {
    'textDocument/hover': { textDocument, position },
    'textDocument/completion': { textDocument, position },
    'textDocument/codeAction': { textDocument, range, context: { diagnostics: [] } },
    'workspace/executeCommand': { command: 'cmtopo.applyEdit', arguments: [{ edit: { changes: {} } }] },
    'codeAction/resolve': { title: 'Write all rules' },
    'textDocument/definition': { textDocument, position },
    'textDocument/references': { textDocument, position, context: { includeDeclaration: true } },
    'textDocument/prepareCallHierarchy': { textDocument, position },
    'callHierarchy/incomingCalls': { item },
    'callHierarchy/outgoingCalls': { item },
    'textDocument/documentHighlight': { textDocument, position },
    'textDocument/documentSymbol': { textDocument },
    'workspace/symbol': { query: 's' },
    'textDocument/foldingRange': { textDocument },
    'textDocument/codeLens': { textDocument },
    'codeLens/resolve': { range },
    'textDocument/selectionRange': { textDocument, positions: [position] },
    'textDocument/documentLink': { textDocument },
    'textDocument/inlayHint': { textDocument, range },
    'textDocument/semanticTokens/full': { textDocument },
    'textDocument/semanticTokens/full/delta': { textDocument, previousResultId: 'x' },
    'textDocument/semanticTokens/range': { textDocument, range },
    'textDocument/formatting': { textDocument, options },
    'textDocument/rangeFormatting': { textDocument, range, options },
    'textDocument/onTypeFormatting': { textDocument, position, ch: '\n', options },
    'textDocument/prepareRename': { textDocument, position },
    'textDocument/rename': { textDocument, position, newName: 'x' },
    'textDocument/diagnostic': { textDocument },
    'workspace/diagnostic': { previousResultIds: [] },
    [own.CONNECTIONS]: { textDocument },
    [own.CONNECTIONS_CSV]: { textDocument, filter: {} },
    [own.SUMMARY]: { textDocument },
    [own.WRITE_RULES]: { textDocument },
    [own.REPORT]: { textDocument },
    [own.EXPORT]: { textDocument, format: 'csv' },
    [own.EXPORT_FORMATS]: {},
    [own.DIAGRAM]: { textDocument, collapse: 'auto', toggled: [] },
    [own.CHANGES_SINCE_COMMIT]: { textDocument },
    [own.TOOL]: { name: 'cmtopo_port_catalog', input: {} },
    [own.IMPORT_HIERARCHY]: {
      files: [{ name: 'servers.csv', content: btoa('name,roles\ncm01,site server\n') }],
    },
    [own.TOPOLOGIES]: {},
    [own.OVERVIEW]: { textDocument },
    [own.EXPLAIN_ENDS]: { textDocument },
    [own.EXPLAIN]: { textDocument, from: 'cm01', to: 'sql01' },
    [own.COMPARE]: {
      before: { uri, name: 'a', text: HIERARCHY },
      after: { uri, name: 'b', text: '' },
    },
    [own.COMPARE_EDITIONS]: { before: '2017-09', after: '2025-12' },
    [own.NEWEST_CHANGES]: { textDocument, edition: '2017-09' },
    [own.DRIFT]: {
      textDocument,
      files: [{ name: 'servers.csv', content: btoa('name,roles\ncm01,site server\n') }],
    },
    [own.IMPORT_FIREWALL]: {
      textDocument,
      file: { name: 'asa.txt', content: btoa('access-list A extended permit ip any any\n') },
      map: [{ word: 'inside', zone: 'hq' }],
    },
  };
}
