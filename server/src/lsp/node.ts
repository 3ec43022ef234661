// The language server as a process: over standard input and output, or over the channel of a
// parent Node process.
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import {
  createServerPipeTransport,
  createServerSocketTransport,
  IPCMessageReader,
  IPCMessageWriter,
  type MessageReader,
  type MessageWriter,
  StreamMessageReader,
} from 'vscode-jsonrpc/node';
import { CALL_SECONDS } from '../assistants/call.ts';
import { answerInThread } from '../host/tool-call.ts';
import { locale } from '../l10n.ts';
import { nodeDisk } from './disk.ts';
import { collectWhenIdle } from './idle.ts';
import { inOrder } from './order.ts';
import { connect, tellError } from './protocol.ts';
import { cancelQueued, serve } from './server.ts';
import { WholeMessageWriter } from './stdio.ts';

/** Milliseconds between looks whether the process of the client is still there. */
const FOLLOW = 3_000;

/**
 * Serves until the client says `exit`, goes away or dies; the process ends with it: status 0 after
 * a `shutdown`, else 1. The transport comes from the arguments (`--stdio`, `--node-ipc`, `--socket`,
 * `--pipe`); without one it is standard input and output. Throws where it cannot be had.
 */
export function startServer(): void {
  // After eight seconds without work V8 gives memory back in a way that has the next keystrokes answered half as fast.
  // This puts most of it off for ten minutes; the VS Code extension starts the process without it altogether.
  setFlagsFromString('--gc-memory-reducer-start-delay-ms=600000');
  // Machine code of functions that are neither rare nor busy, two to three megabytes: keystrokes take no longer without.
  setFlagsFromString('--no-sparkplug');
  const order = inOrder();
  const stir = collectWhenIdle();
  const handleMessage: typeof order.handleMessage = (message, next) => {
    stir();
    order.handleMessage(message, next);
  };
  let isShutDown = false;
  const end = () => process.exit(isShutDown ? 0 : 1);

  const [reader, writer] = transport(end);
  const connection = connect(reader, writer, {
    connectionStrategy: { cancelUndispatched: cancelQueued },
    messageStrategy: { handleMessage },
  });
  connection.onRequest('shutdown', () => {
    isShutDown = true;
    return null;
  });
  connection.onNotification('exit', end);
  connection.onClose(end);

  // A parent that dies closes its channel.
  process.on('disconnect', () => process.exit(1));
  const log = (error: unknown): void => {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    // Nobody is left to talk to.
    if (code === 'EPIPE' || code === 'ERR_IPC_CHANNEL_CLOSED' || code === 'ERR_STREAM_DESTROYED') {
      process.exit(1);
    }
    void tellError(connection, error instanceof Error ? (error.stack ?? error.message) : String(error));
  };
  process.on('uncaughtException', log);
  process.on('unhandledRejection', log);

  let isFollowing = false;
  /** Ends with a process that dies without a word. */
  const follow = (client: number): void => {
    if (isFollowing) return;
    isFollowing = true;
    setInterval(() => {
      if (!isRunning(client)) end();
    }, FOLLOW);
  };
  const client = Number(argument('clientProcessId'));
  if (client > 0) follow(client);

  serve(connection, {
    // The bundle is in dist/, the documents beside it.
    disk: nodeDisk(join(__dirname, '..')),
    turn,
    thread: ({ name, input, given }, signal) =>
      answerInThread({ name, input, world: { given }, locale: locale() }, signal, CALL_SECONDS),
    follow,
  });
}

/** What the arguments of the process say after `--name` or `--name=`; undefined where it is not among them. */
function argument(name: string): string | undefined {
  const words = process.argv.slice(2);
  const index = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[index];
  if (word === undefined) return undefined;
  return word.includes('=') ? word.slice(word.indexOf('=') + 1) : (words[index + 1] ?? '');
}

/** How messages come and go. `end` is called once none can come any more. */
function transport(end: () => void): [MessageReader, MessageWriter] {
  const [port, pipe] = [argument('socket'), argument('pipe')];
  if (argument('node-ipc') !== undefined)
    return [new IPCMessageReader(process), new IPCMessageWriter(process)];
  if (port !== undefined) return createServerSocketTransport(Number(port));
  if (pipe !== undefined) return createServerPipeTransport(pipe);
  const { stdin, stdout } = process;
  stdin.on('end', end);
  stdin.on('close', end);
  return [new StreamMessageReader(stdin), new WholeMessageWriter(stdout)];
}

/** Whether there is a process of this number. */
function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // That it may not be asked says that it is there.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => setImmediate(resolve));
  });
}
