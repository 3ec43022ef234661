// `cmtopo lsp --stdio`: the language server, for any editor.
import { HIGHEST_PORT, LOWEST_PORT } from '../catalog/numbers.ts';
import { t } from '../l10n.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

/**
 * Serves until the editor says `exit` or goes away, which ends the process.
 * Throws a usage error for an unknown option, and for a socket that is no port.
 */
export async function lspCommand(args: readonly string[], _io: Io): Promise<number> {
  // Beside --stdio, what editors' client libraries add of their own; the server reads them from the process.
  const transports = {
    stdio: { type: 'boolean' },
    'node-ipc': { type: 'boolean' },
    socket: { type: 'string' },
    pipe: { type: 'string' },
    clientProcessId: { type: 'string' },
  } as const;
  const { values } = parseArguments('lsp', args, transports, { fewest: 0, most: 0 });
  const { socket } = values;
  const port = Number(socket);
  if (socket !== undefined && !(Number.isInteger(port) && port >= LOWEST_PORT && port <= HIGHEST_PORT))
    throw usageError(t('{0} is not a port; ports go from 1 to {1}', `--socket ${socket}`, HIGHEST_PORT));
  await import('../lsp/main.ts');
  return new Promise(() => {});
}
