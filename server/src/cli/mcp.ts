// `cmtopo mcp --stdio`: the tools for assistants, over the Model Context Protocol.
import { realpathSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { CALL_SECONDS } from '../assistants/call.ts';
import { asUnreadable, unreadableInput } from '../host/errors.ts';
import { t } from '../l10n.ts';
import { parseArguments } from './args.ts';
import { type Io, usageError } from './io.ts';

/**
 * Serves an assistant until it closes standard input. Nothing is loaded of the protocol before this command is run.
 * Throws a usage error for an unknown option and a wrong time, and where `--folder` is no folder.
 * @returns the exit status: 0
 */
export async function mcpCommand(args: readonly string[], io: Io): Promise<number> {
  const { values } = parseArguments(
    'mcp',
    args,
    { stdio: { type: 'boolean' }, folder: { type: 'string' }, timeout: { type: 'string' } },
    { fewest: 0, most: 0 },
  );
  const folder = folderAt(values.folder ?? '.', io.cwd);
  const seconds = secondsOf(values.timeout);
  const { serveTools } = await import('./mcp-server.ts');
  await serveTools(folder, seconds);
  return 0;
}

const MOST_SECONDS = 600;

function secondsOf(text: string | undefined): number {
  if (text === undefined) return CALL_SECONDS;
  const seconds = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (seconds < 1 || seconds > MOST_SECONDS)
    throw usageError(t('--timeout {0}: write a number of seconds from 1 to {1}', text, MOST_SECONDS));
  return seconds;
}

/** Where a folder really is, so that links in its own path do not count as ways out of it. */
function folderAt(path: string, cwd: string): string {
  try {
    const folder = realpathSync(resolve(cwd, path));
    if (statSync(folder).isDirectory()) return folder;
  } catch (error) {
    throw asUnreadable(error, path);
  }
  throw unreadableInput(path, t('this is not a folder'));
}
