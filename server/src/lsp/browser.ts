// The language server as a web worker, as in vscode.dev.
import {
  BrowserMessageReader,
  BrowserMessageWriter,
  createConnection,
  ProposedFeatures,
} from 'vscode-languageserver/browser';
import { inOrder } from './order.ts';
import { cancelQueued, serve } from './server.ts';
import { toldDisk } from './told-disk.ts';

const connection = createConnection(
  ProposedFeatures.all,
  new BrowserMessageReader(self),
  new BrowserMessageWriter(self),
  { connectionStrategy: { cancelUndispatched: cancelQueued }, messageStrategy: inOrder() },
);
serve(connection, toldDisk(), () => new Promise((resolve) => setTimeout(resolve)));
