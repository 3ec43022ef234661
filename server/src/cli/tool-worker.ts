// The thread of a call: it answers the one that it was started with.
import { parentPort, workerData } from 'node:worker_threads';
import { givenWorld, outcomeOf } from '../assistants/call.ts';
import { callTool } from '../assistants/index.ts';
import type { ToolCall } from '../host/tool-call.ts';
import { setLocale } from '../l10n.ts';
import { folderWorld } from './tool-world.ts';

const { name, input, world, locale } = workerData as ToolCall;
setLocale(locale);
parentPort?.postMessage(
  outcomeOf(() =>
    callTool(name, input, 'folder' in world ? folderWorld(world.folder) : givenWorld(world.given)),
  ),
);
