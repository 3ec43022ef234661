// The language server as a web worker, as in vscode.dev. The same file is the thread in which an assistant is answered.
import { BrowserMessageReader, BrowserMessageWriter } from 'vscode-jsonrpc/browser';
import { CALL_SECONDS, givenWorld, outcomeOf, type ToolOutcome } from '../assistants/call.ts';
import { callTool } from '../assistants/index.ts';
import { type Locale, locale, messages, setLocale, t } from '../l10n.ts';
import { inOrder } from './order.ts';
import { connect } from './protocol.ts';
import { cancelQueued, serve } from './server.ts';
import { toldDisk } from './told-disk.ts';
import type { AskedTool } from './tools.ts';

/** By its name a worker knows that it is such a thread. */
const THREAD = 'cmtopo-tool';

interface ThreadCall extends AskedTool {
  readonly locale: Locale;
  readonly messages: Readonly<Record<string, string>>;
}

if (self.name === THREAD) {
  self.addEventListener(
    'message',
    ({ data }: MessageEvent<ThreadCall>) => {
      setLocale(data.locale, data.messages);
      self.postMessage(outcomeOf(() => callTool(data.name, data.input, givenWorld(data.given))));
    },
    { once: true },
  );
} else {
  const connection = connect(new BrowserMessageReader(self), new BrowserMessageWriter(self), {
    connectionStrategy: { cancelUndispatched: cancelQueued },
    messageStrategy: inOrder(),
  });
  connection.onRequest('shutdown', () => null);
  serve(connection, {
    disk: toldDisk(),
    turn: () => new Promise((resolve) => setTimeout(resolve)),
    thread: answerInThread,
  });
}

/** Answers a call in a worker of its own, which ends with it. */
function answerInThread(call: AskedTool, signal: AbortSignal): Promise<ToolOutcome> {
  if (signal.aborted) return Promise.resolve({ problem: t('cancelled') });
  return new Promise((resolve) => {
    const worker = new Worker(self.location.href, { name: THREAD });
    const end = (outcome: ToolOutcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      resolve(outcome);
      worker.terminate();
    };
    const cancel = () => end({ problem: t('cancelled') });
    const timer = setTimeout(
      () =>
        end({
          problem: t(
            'the answer takes longer than {0} s; ask for less, or about a smaller topology',
            CALL_SECONDS,
          ),
        }),
      CALL_SECONDS * 1000,
    );
    signal.addEventListener('abort', cancel, { once: true });
    worker.addEventListener('message', ({ data }: MessageEvent<ToolOutcome>) => end(data));
    worker.addEventListener('error', ({ message }) =>
      end({ problem: t('a bug in the program, please report it: {0}', message) }),
    );
    worker.postMessage({ ...call, locale: locale(), messages: messages() } satisfies ThreadCall);
  });
}
