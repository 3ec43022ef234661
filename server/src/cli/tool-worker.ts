// A call of a tool in a thread of its own: it can be ended when it takes too long or nobody waits for it any more.
import { parentPort, workerData } from 'node:worker_threads';
import { callTool } from '../assistants/index.ts';
import { isToolError } from '../assistants/tool.ts';
import { type Locale, setLocale } from '../l10n.ts';
import { folderWorld } from './tool-world.ts';

/** What the thread is started with. */
export interface ToolCall {
  readonly name: string;
  readonly input: unknown;
  /** Absolute path without links. */
  readonly folder: string;
  readonly locale: Locale;
}

export type ToolOutcome =
  | { readonly text: string }
  /** What the assistant can mend. */
  | { readonly problem: string };

const { name, input, folder, locale } = workerData as ToolCall;
setLocale(locale);
parentPort?.postMessage(outcome());

function outcome(): ToolOutcome {
  try {
    return { text: callTool(name, input, folderWorld(folder)) };
  } catch (error) {
    if (isToolError(error)) return { problem: error.message };
    throw error;
  }
}
