// The language server as the rest of the extension sees it: there from the start, while the library that talks to it is
// loaded and the server starts after the activation.
import * as vscode from 'vscode';
import type { BaseLanguageClient } from 'vscode-languageclient';

export interface Server {
  /** Whether it answers at once. */
  isRunning(): boolean;
  /** Each time it has come up. */
  readonly onDidStart: vscode.Event<void>;
  /** Asks it, as soon as it is there; rejects where it cannot be started. */
  sendRequest<R>(method: string, params: object, token?: vscode.CancellationToken): Promise<R>;
  sendNotification(method: string, params: object): Promise<void>;
  /** What makes objects of VS Code of those of the protocol, as soon as it is loaded. */
  converter(): Promise<BaseLanguageClient['protocol2CodeConverter']>;
}

export interface NewServer extends Server, vscode.Disposable {
  /** To be called each time that the server has come up. */
  started(): void;
}

/** @param client is settled when the library is loaded; nothing is asked before */
export function serverOf(client: Promise<BaseLanguageClient>): NewServer {
  const started = new vscode.EventEmitter<void>();
  let loaded: BaseLanguageClient | undefined;
  client.then(
    (one) => {
      loaded = one;
    },
    // Whoever asks for it is told.
    () => {},
  );
  return {
    isRunning: () => loaded?.isRunning() ?? false,
    onDidStart: started.event,
    async sendRequest(method, params, token) {
      const one = await client;
      // A token that is undefined would count as a second parameter.
      return token ? one.sendRequest(method, params, token) : one.sendRequest(method, params);
    },
    sendNotification: async (method, params) => (await client).sendNotification(method, params),
    converter: async () => (await client).protocol2CodeConverter,
    started: () => started.fire(),
    dispose: () => started.dispose(),
  };
}
