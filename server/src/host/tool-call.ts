// A call of a tool in a thread of its own, which is ended when it takes too long or nobody waits for it any more.
import { Worker } from 'node:worker_threads';
import type { GivenTopology, ToolOutcome } from '../assistants/call.ts';
import { type Locale, t } from '../l10n.ts';
import { toolThread } from './tool-thread.ts';

/** What the thread is started with. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  readonly locale: Locale;
  /** What it may look at: one topology, or a folder by its absolute path without links. */
  readonly world: { readonly given: GivenTopology } | { readonly folder: string };
}

/** Megabytes that a call may use. */
const MOST_MEMORY = 1024;

/**
 * Answers a call in a thread of its own, which ends with it. Never throws: what goes wrong is a problem.
 * @param seconds that the call may take
 */
export function answerInThread(call: ToolCall, signal: AbortSignal, seconds: number): Promise<ToolOutcome> {
  if (signal.aborted) return Promise.resolve({ problem: t('cancelled') });
  return new Promise((resolve) => {
    const thread = toolThread();
    const worker = new Worker(thread.code, {
      eval: thread.eval,
      workerData: call,
      resourceLimits: { maxOldGenerationSizeMb: MOST_MEMORY },
    });
    const end = (outcome: ToolOutcome) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', cancel);
      resolve(outcome);
      void worker.terminate();
    };
    const cancel = () => end({ problem: t('cancelled') });
    const timer = setTimeout(
      () =>
        end({
          problem: t(
            'the answer takes longer than {0} s; ask for less, or about a smaller topology',
            seconds,
          ),
        }),
      seconds * 1000,
    );
    signal.addEventListener('abort', cancel, { once: true });
    worker.once('message', end);
    worker.once('error', (error) => end({ problem: faultText(error) }));
    worker.once('exit', () => end({ problem: t('the call ended without an answer') }));
  });
}

function faultText(error: Error): string {
  if ('code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY')
    return t('the answer needs more than {0} MB of memory; ask about a smaller topology', MOST_MEMORY);
  return t('a bug in the program, please report it: {0}', error.message);
}
