import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  CodeLensRefreshRequest,
  CodeLensRequest,
  CodeLensResolveRequest,
  DidChangeConfigurationNotification,
} from 'vscode-languageserver-protocol/node';
import {
  CHANGES_SINCE_COMMIT,
  type ChangesResult,
  CONNECTIONS,
  CONNECTIONS_CSV,
  type ConnectionsCsvResult,
  type ConnectionsResult,
  SHOW_CONNECTIONS,
} from '../../server/src/lsp/requests.ts';
import { cmtopo } from '../cli/cli.ts';
import { HIERARCHY } from '../support/features.ts';
import { type Client, VSCODE_LIKE } from './client.ts';
import { eachWithSession, type Session, until } from './session.ts';

describe('connections over a real connection', function () {
  this.timeout(60_000);
  let folder: string;
  let client: Client | undefined;
  let connect: Session['connect'];
  let uri: string;
  let file: string;

  eachWithSession((session) => {
    ({ folder, uri } = session);
    file = join(folder, 'a.topology.yaml');
    client = undefined;
    connect = async (options) => {
      client = await session.connect(options);
      return client;
    };
  });

  const ask = <R>(method: string, params: object = {}): Promise<R> => {
    assert.ok(client);
    return client.connection.sendRequest<R>(method, { textDocument: { uri }, ...params });
  };

  describe('the list', () => {
    it('follows what is in the editor and says of which version it is', async () => {
      const { open, change } = await connect();
      assert.equal(await ask<ConnectionsResult>(CONNECTIONS), null);
      open(uri, HIERARCHY);
      const first = await ask<ConnectionsResult>(CONNECTIONS);
      assert.equal(first?.version, 1);
      assert.ok(first.list.rows.length > 0);
      const version = change(uri, HIERARCHY.replace('      distribution-point:\n', ''));
      const second = await ask<ConnectionsResult>(CONNECTIONS);
      assert.equal(second?.version, version);
      assert.ok(second.list.rows.length < first.list.rows.length);
    });

    it('is empty, and no failure, for a file that is broken or says no edition', async () => {
      const { open, change } = await connect();
      open(uri, 'servers: [');
      assert.equal((await ask<ConnectionsResult>(CONNECTIONS))?.list.edition, undefined);
      change(uri, '');
      assert.deepEqual((await ask<ConnectionsResult>(CONNECTIONS))?.list.rows, []);
      assert.equal(await ask<ConnectionsCsvResult>(CONNECTIONS_CSV, { filter: {} }), null);
    });
  });

  describe('the CSV', () => {
    it('is byte for byte what cmtopo export writes', async () => {
      const { open } = await connect();
      writeFileSync(file, HIERARCHY);
      open(uri, HIERARCHY);
      const all = await ask<ConnectionsCsvResult>(CONNECTIONS_CSV, { filter: {} });
      const cli = cmtopo(['export', file, '--format', 'csv']);
      assert.equal(all?.csv, cli.out);
      const one = await ask<ConnectionsCsvResult>(CONNECTIONS_CSV, { filter: { machine: 'dp-dmz' } });
      assert.equal(one?.csv, cmtopo(['export', file, '--format', 'csv', '--server', 'dp-dmz']).out);
    });

    it('fails softly for a filter that is none', async () => {
      const { open, logs } = await connect();
      open(uri, HIERARCHY);
      assert.equal(await ask<ConnectionsCsvResult>(CONNECTIONS_CSV, { filter: { machine: 7 } }), null);
      assert.equal(logs.length, 1);
    });
  });

  describe('code lenses', () => {
    const ours = { initializationOptions: { commands: [SHOW_CONNECTIONS] } };
    const lenses = async () => {
      assert.ok(client);
      return (await client.connection.sendRequest(CodeLensRequest.type, { textDocument: { uri } })) ?? [];
    };

    it('are offered only to a client that has the command behind them', async () => {
      for (const initializationOptions of [
        undefined,
        null,
        'x',
        { commands: 'x' },
        { commands: ['other', 1] },
      ]) {
        const { initialized, stop } = await connect({ initializationOptions });
        assert.equal(initialized.capabilities.codeLensProvider, undefined);
        await stop();
      }
      const { initialized } = await connect(ours);
      assert.deepEqual(initialized.capabilities.codeLensProvider, { resolveProvider: true });
    });

    it('count only when they are seen', async () => {
      const { open, connection } = await connect(ours);
      open(uri, HIERARCHY);
      const found = await lenses();
      assert.equal(found.length, 4);
      const [lens] = found;
      assert.ok(lens);
      assert.equal(lens.command, undefined);
      const { command } = await connection.sendRequest(CodeLensResolveRequest.type, lens);
      assert.match(command?.title ?? '', /^\d+ in · \d+ out · 1 of them optional$/);
      assert.deepEqual([command?.command, command?.arguments], [SHOW_CONNECTIONS, [uri, 'cm01']]);
    });

    it('go and come back with the setting', async () => {
      const capabilities = {
        ...VSCODE_LIKE,
        workspace: { ...VSCODE_LIKE.workspace, codeLens: { refreshSupport: true } },
      };
      const configuration = { codeLens: { enabled: false } };
      const started = await connect({ ...ours, capabilities, configuration });
      let refreshes = 0;
      started.connection.onRequest(CodeLensRefreshRequest.type, () => void refreshes++);
      started.open(uri, HIERARCHY);
      assert.deepEqual(await lenses(), []);
      const before = refreshes;
      started.configuration = { codeLens: { enabled: true } };
      await started.connection.sendNotification(DidChangeConfigurationNotification.type, { settings: null });
      await until(async () => (await lenses()).length > 0, 'the lenses');
      assert.equal((await lenses()).length, 4);
      assert.equal(refreshes, before + 1);
    });
  });

  describe('what changed since the last commit', () => {
    const git = (...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: folder });
    const commit = (text: string) => {
      writeFileSync(file, text);
      git('init', '-q');
      git('add', '.');
      git('commit', '-qm', 'first');
    };
    const changed = () => ask<ChangesResult>(CHANGES_SINCE_COMMIT);

    it('is the change request of the text in the editor, saved or not', async () => {
      commit(HIERARCHY);
      const { open } = await connect();
      open(uri, HIERARCHY.replace('port: 1444', 'port: 1555'));
      const found = await changed();
      assert.ok('markdown' in found);
      assert.match(found.markdown, /^# Changes from `HEAD:a\.topology\.yaml` to `a\.topology\.yaml`/);
      assert.match(found.markdown, /1444 \\?-\\?> 1555/);
      assert.match(found.markdown, /\d+ changed/);
    });

    it('works in a folder of the repository, and says when nothing differs', async () => {
      git('init', '-q');
      mkdirSync(join(folder, 'sites'));
      file = join(folder, 'sites', 'ours & yours.topology.yaml');
      uri = pathToFileURL(file).href;
      commit(HIERARCHY);
      const { open } = await connect();
      open(uri, `${HIERARCHY}# nothing\n`);
      const found = await changed();
      assert.ok('markdown' in found);
      assert.match(found.markdown, /No flow differs/);
    });

    it('says in the language of the reader that there is no repository', async () => {
      const { open } = await connect({ locale: 'ko' });
      open(uri, HIERARCHY);
      assert.deepEqual(await changed(), { problem: 'a.topology.yaml은(는) git 리포지토리에 있지 않습니다.' });
    });

    it('is refused in plain words: no repository, no commit, a new file, no edition, no file', async () => {
      const { open, change } = await connect();
      writeFileSync(file, HIERARCHY);
      open(uri, HIERARCHY);
      assert.deepEqual(await changed(), { problem: 'a.topology.yaml is in no git repository.' });
      git('init', '-q');
      assert.deepEqual(await changed(), {
        problem: 'The git repository of a.topology.yaml has no commit yet.',
      });
      git('commit', '-qm', 'empty', '--allow-empty');
      assert.deepEqual(await changed(), {
        problem: 'The last commit does not have a.topology.yaml: all its connections are new.',
        isNew: true,
      });
      git('add', '.');
      git('commit', '-qm', 'first');
      assert.ok('markdown' in (await changed()));
      change(uri, 'servers:\n');
      assert.deepEqual(await changed(), {
        problem:
          'a.topology.yaml names no known edition of the port catalog, so its connections are not known.',
      });
      uri = pathToFileURL(join(folder, '.cmtopo.yaml')).href;
      open(uri, 'edition: 2017-09\n');
      assert.deepEqual(await changed(), { problem: '.cmtopo.yaml is not an open topology file.' });
      uri = 'untitled:Untitled-1';
      open(uri, HIERARCHY);
      assert.deepEqual(await changed(), {
        problem: 'The file is not saved on this machine, so git does not know it.',
      });
    });

    it('says when there is no git', async () => {
      const path = process.env.PATH;
      process.env.PATH = folder;
      try {
        const { open } = await connect();
        open(uri, HIERARCHY);
        assert.deepEqual(await changed(), {
          problem: 'git is not installed, or not where programs are looked for (PATH).',
        });
      } finally {
        process.env.PATH = path;
      }
    });
  });
});
