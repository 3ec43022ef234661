// What the tests of a language client start from, each anew.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Position } from 'vscode-languageserver-protocol/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { type Client, type StartOptions, start } from './client.ts';

export interface Session {
  /** An empty folder, which goes with the test. */
  readonly folder: string;
  /** The address of a topology file in it. */
  readonly uri: string;
  /** Starts a server, which ends with the test. */
  connect(options?: StartOptions): Promise<Client>;
}

/** Gives each test of a suite its session. */
export function eachWithSession(take: (session: Session) => void): void {
  let folder: string;
  let clients: Client[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cmtopo-lsp-'));
    take({
      folder,
      uri: pathToFileURL(join(folder, 'a.topology.yaml')).href,
      async connect(options) {
        const client = await start(options);
        clients.push(client);
        return client;
      },
    });
  });

  afterEach(async () => {
    for (const client of clients) if (client.process.exitCode === null) await client.stop();
    clients = [];
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The position behind the first occurrence of a text. */
export function place(text: string, before: string): Position {
  const at = text.indexOf(before);
  assert.notEqual(at, -1, before);
  return TextDocument.create('a', 'yaml', 1, text).positionAt(at + before.length);
}

/** Waits until something is so. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  what: string,
  within = 5000,
): Promise<void> {
  const end = Date.now() + within;
  while (!(await condition())) {
    if (Date.now() > end) assert.fail(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
