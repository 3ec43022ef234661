// `cmtopo lsp --stdio`: the language server, for any editor.
import { startServer } from '../lsp/node.ts';
import { parseArguments } from './args.ts';
import type { Io } from './io.ts';

/**
 * Serves until the editor says `exit` or goes away, which ends the process.
 * Throws a usage error for an unknown option.
 */
export function lspCommand(args: readonly string[], _io: Io): Promise<number> {
  // Beside --stdio, what editors' client libraries add of their own; startServer reads them from the process.
  const transports = {
    stdio: { type: 'boolean' },
    'node-ipc': { type: 'boolean' },
    socket: { type: 'string' },
    pipe: { type: 'string' },
    clientProcessId: { type: 'string' },
  } as const;
  parseArguments('lsp', args, transports, { fewest: 0, most: 0 });
  startServer();
  return new Promise(() => {});
}
