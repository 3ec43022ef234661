// Symbols of the whole workspace: of what editors hold, and of topology files that none does.
import type { SymbolInformation } from 'vscode-languageserver-protocol';
import { bestSymbols, matchingSymbols, namedSymbols } from '../features/symbols.ts';
import type { Feature } from './feature.ts';
import { takes } from './params.ts';
import { WorkspaceSymbolRequest } from './protocol.ts';

export const workspaceSymbols: Feature = {
  capability: () => ({ workspaceSymbolProvider: true }),
  listen(session) {
    const { disk, workspace } = session;
    /** The named things of files that no editor holds, by address. */
    const closed = new Map<string, { mark: string; symbols: SymbolInformation[] }>();

    async function symbolsOfClosed(uri: string): Promise<readonly SymbolInformation[]> {
      const mark = await disk.mark(uri);
      if (mark === undefined) return [];
      const known = closed.get(uri);
      if (known?.mark === mark) return known.symbols;
      const content = disk.read(uri);
      const symbols = 'problem' in content ? [] : namedSymbols(workspace.analyseFile(uri, content.text), uri);
      closed.set(uri, { mark, symbols });
      return symbols;
    }

    session.answer(WorkspaceSymbolRequest, takes.query, null, async ({ query }, token) => {
      const found: SymbolInformation[] = [];
      const open = new Set<string>();
      for (const { uri } of workspace.documents()) {
        open.add(disk.normal(uri));
        const analysis = session.topologyAt(uri);
        if (analysis !== undefined) found.push(...matchingSymbols(namedSymbols(analysis, uri), query));
      }
      for (const uri of session.topologyFiles()) {
        if (token.isCancellationRequested) break;
        if (!open.has(disk.normal(uri))) found.push(...matchingSymbols(await symbolsOfClosed(uri), query));
      }
      return bestSymbols(found, query);
    });
  },
};
