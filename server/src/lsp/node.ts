// The language server as a process: over standard input and output, or over the channel of a
// parent Node process.
import { join } from 'node:path';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import {
  type Connection,
  type ConnectionOptions,
  createConnection,
  ProposedFeatures,
  StreamMessageReader,
} from 'vscode-languageserver/node';
import { CALL_SECONDS } from '../assistants/call.ts';
import { answerInThread } from '../host/tool-call.ts';
import { locale } from '../l10n.ts';
import { nodeDisk } from './disk.ts';
import { collectWhenIdle } from './idle.ts';
import { inOrder } from './order.ts';
import { cancelQueued, serve } from './server.ts';
import { WholeMessageWriter } from './stdio.ts';

/**
 * Serves until the client says `exit`, goes away or dies; the process ends with it: status 0 after
 * a `shutdown`, else 1. The transport comes from the arguments (`--stdio`, `--node-ipc`, `--socket`,
 * `--pipe`); without one it is standard input and output.
 */
export function startServer(): void {
  // After eight seconds without work V8 gives memory back in a way that has the next keystrokes answered half as fast.
  // This puts most of it off for ten minutes; the VS Code extension starts the process without it altogether.
  setFlagsFromString('--gc-memory-reducer-start-delay-ms=600000');
  // Machine code of functions that are neither rare nor busy, two to three megabytes: keystrokes take no longer without.
  setFlagsFromString('--no-sparkplug');
  const named = process.argv.some((word) => /^--(node-ipc|socket|pipe)(=|$)/.test(word));
  const order = inOrder();
  const stir = collectWhenIdle();
  const handleMessage: typeof order.handleMessage = (message, next) => {
    stir();
    order.handleMessage(message, next);
  };
  const options = {
    connectionStrategy: { cancelUndispatched: cancelQueued },
    messageStrategy: { handleMessage },
  };
  const connection: Connection = named ? createConnection(ProposedFeatures.all, options) : overStdio(options);

  // A parent that dies closes its channel.
  process.on('disconnect', () => process.exit(1));
  const log = (error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Nobody is left to talk to.
    if (code === 'EPIPE' || code === 'ERR_IPC_CHANNEL_CLOSED' || code === 'ERR_STREAM_DESTROYED') {
      process.exit(1);
    }
    connection.console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);

  // The bundle is in dist/, the documents beside it.
  serve(connection, nodeDisk(join(__dirname, '..')), turn, ({ name, input, given }, signal) =>
    answerInThread({ name, input, world: { given }, locale: locale() }, signal, CALL_SECONDS),
  );
}

/** A connection over standard input and output, whose end is that of the process. */
function overStdio(options: ConnectionOptions): Connection {
  const { stdin, stdout } = process;
  const connection = createConnection(
    ProposedFeatures.all,
    new StreamMessageReader(stdin),
    new WholeMessageWriter(stdout),
    options,
  );
  let isShutDown = false;
  connection.onShutdown(() => {
    isShutDown = true;
  });
  const ended = () => process.exit(isShutDown ? 0 : 1);
  stdin.on('end', ended);
  stdin.on('close', ended);
  return connection;
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}
