// Who decides what is reported: comments, settings files and the editor's settings, as an editor meets them.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  type ClientCapabilities,
  type CodeAction,
  CodeActionRequest,
  CodeActionResolveRequest,
  CompletionRequest,
  type Diagnostic,
  DidChangeConfigurationNotification,
  HoverRequest,
  type Range,
} from 'vscode-languageserver-protocol/node';
import { readSettings } from '../../server/src/settings.ts';
import { applyLspEdits, HIERARCHY } from '../support/features.ts';
import { type Client, PLAIN, VSCODE_LIKE } from './client.ts';
import { eachWithSession, type Session } from './session.ts';

const WRONG_PAIR = HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532');
const CREATES: ClientCapabilities = {
  ...VSCODE_LIKE,
  workspace: {
    ...VSCODE_LIKE.workspace,
    workspaceEdit: { documentChanges: true, resourceOperations: ['create', 'rename', 'delete'] },
  },
};

const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code }) => code);

describe('who decides what is reported, over a real connection', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let settings: string;
  let settingsUri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ folder, connect } = session);
    mkdirSync(join(folder, 'sub'));
    uri = pathToFileURL(join(folder, 'sub', 'a.topology.yaml')).href;
    settings = join(folder, '.cmtopo.yaml');
    settingsUri = pathToFileURL(settings).href;
  });

  /** The actions at the first finding with a code. */
  async function actionsFor(connected: Client, code: string, at = uri): Promise<CodeAction[]> {
    const diagnostics = await connected.pull(at);
    const diagnostic = diagnostics.find((one) => one.code === code);
    assert.ok(diagnostic, `${code} is not among ${codes(diagnostics)}`);
    const found = await connected.connection.sendRequest(CodeActionRequest.type, {
      textDocument: { uri: at },
      range: diagnostic.range,
      context: { diagnostics: [diagnostic] },
    });
    return (found ?? []).filter((one): one is CodeAction => 'kind' in one);
  }

  /** The text edits of an action, by document; what it creates is in `created`. */
  function editsOf(action: CodeAction | undefined): {
    readonly created: string[];
    readonly edits: Map<string, { range: Range; newText: string }[]>;
  } {
    assert.ok(action?.edit, 'no such action');
    const edits = new Map(Object.entries(action.edit.changes ?? {}));
    const created: string[] = [];
    for (const change of action.edit.documentChanges ?? []) {
      if ('kind' in change) {
        assert.equal(change.kind, 'create');
        created.push(change.uri);
      } else
        edits.set(
          change.textDocument.uri,
          change.edits.filter((edit) => 'newText' in edit),
        );
    }
    return { created, edits };
  }

  const titled = (actions: readonly CodeAction[], title: string) =>
    actions.find((action) => action.title === title);

  it('a comment for the line or the file silences the finding at once', async () => {
    const connected = await connect();
    for (const where of ['line', 'file']) {
      connected.open(uri, WRONG_PAIR);
      const action = titled(
        await actionsFor(connected, 'wsus-port-pair'),
        `Disable wsus-port-pair for this ${where}`,
      );
      assert.equal(action?.diagnostics?.length, 1);
      connected.change(uri, applyLspEdits(WRONG_PAIR, editsOf(action).edits.get(uri) ?? []));
      assert.deepEqual(await connected.pull(uri), [], where);
      connected.close(uri);
    }
  });

  it('all rules that a firewall lacks are worked out when somebody chose to write them, where the editor asks again', async () => {
    const text = `configmgr: 2403
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, branch: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: 10.1.0.1, roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: branch, addresses: 10.2.0.1, roles: { management-point: } }
firewalls:
  edge:
    zones: [hq, branch]
    rules: []
`;
    const title = 'Write all rules that firewall edge lacks';
    const asks: ClientCapabilities = {
      ...VSCODE_LIKE,
      textDocument: {
        ...VSCODE_LIKE.textDocument,
        codeAction: {
          ...VSCODE_LIKE.textDocument?.codeAction,
          dataSupport: true,
          resolveSupport: { properties: ['edit'] },
        },
      },
    };
    for (const capabilities of [asks, VSCODE_LIKE]) {
      const connected = await connect({ capabilities });
      connected.open(uri, text);
      const action = titled(await actionsFor(connected, 'firewall-blocked'), title) ?? assert.fail(title);
      assert.equal(action.edit === undefined, capabilities === asks);
      const { line, character } = { line: 8, character: 3 };
      const atName = await connected.connection.sendRequest(CodeActionRequest.type, {
        textDocument: { uri },
        range: { start: { line, character }, end: { line, character } },
        context: { diagnostics: [] },
      });
      const there = atName?.find((one) => one.title === title) ?? assert.fail('nothing at its name');
      assert.equal('edit' in there, capabilities !== asks, 'at its name');
      const whole =
        action.edit === undefined
          ? await connected.connection.sendRequest(CodeActionResolveRequest.type, action)
          : action;
      assert.deepEqual(whole.diagnostics, action.diagnostics);
      connected.change(uri, applyLspEdits(text, editsOf(whole).edits.get(uri) ?? []));
      assert.deepEqual(codes(await connected.pull(uri)), []);
      // A firewall that is gone, and data of nobody, are no fault.
      connected.change(uri, text.replace('  edge:', '  other:'));
      assert.equal(
        (
          await connected.connection.sendRequest(CodeActionResolveRequest.type, {
            ...action,
            edit: undefined,
          })
        ).edit,
        undefined,
      );
      assert.deepEqual(
        await connected.connection.sendRequest(CodeActionResolveRequest.type, { title, data: 5 }),
        {
          title,
          data: 5,
        },
      );
      connected.close(uri);
    }
  });

  it('the nearest settings file is changed, its comments kept, and counts before it is saved', async () => {
    const text = '# ours\r\nrules:\r\n  sql-browser: off # not used\r\n';
    writeFileSync(settings, text);
    const connected = await connect();
    connected.open(uri, WRONG_PAIR);
    const actions = await actionsFor(connected, 'wsus-port-pair');
    assert.deepEqual(
      actions.map(({ title }) => title).filter((title) => title.startsWith('Change the severity')),
      [
        'Change the severity of wsus-port-pair to warning in .cmtopo.yaml',
        'Change the severity of wsus-port-pair to off in .cmtopo.yaml',
      ],
    );
    const { created, edits } = editsOf(
      titled(actions, 'Change the severity of wsus-port-pair to warning in .cmtopo.yaml'),
    );
    assert.deepEqual(created, []);
    assert.deepEqual([...edits.keys()], [settingsUri]);
    const changed = applyLspEdits(text, edits.get(settingsUri) ?? []);
    assert.equal(changed, `${text.trimEnd()}\r\n  wsus-port-pair: warning\r\n`);
    connected.open(settingsUri, text);
    connected.change(settingsUri, changed);
    assert.equal((await connected.pull(uri))[0]?.severity, 2);
    assert.ok(connected.refreshes() > 0, 'the editor is told that findings changed');
    // The next change is made to what the editor holds, not to what the disk has.
    const again = editsOf(
      titled(
        await actionsFor(connected, 'wsus-port-pair'),
        'Change the severity of wsus-port-pair to off in .cmtopo.yaml',
      ),
    );
    const off = applyLspEdits(changed, again.edits.get(settingsUri) ?? []);
    assert.equal(off, changed.replace('pair: warning', 'pair: off'));
    connected.close(settingsUri);
    assert.equal((await connected.pull(uri))[0]?.severity, 1, 'what was never saved is forgotten');
  });

  it('a settings file is made beside the topology where there is none and the editor can', async () => {
    const connected = await connect({ capabilities: CREATES });
    connected.open(uri, WRONG_PAIR);
    const action = titled(
      await actionsFor(connected, 'wsus-port-pair'),
      'Change the severity of wsus-port-pair to off in a new .cmtopo.yaml',
    );
    const { created, edits } = editsOf(action);
    const beside = pathToFileURL(join(folder, 'sub', '.cmtopo.yaml')).href;
    assert.deepEqual(created, [beside]);
    const text = applyLspEdits('', edits.get(beside) ?? []);
    const { settings: made, findings } = readSettings(text);
    assert.deepEqual(made, { rules: { 'wsus-port-pair': 'off' } });
    assert.deepEqual(findings, []);
    assert.deepEqual(Object.keys(action?.edit ?? {}), ['documentChanges']);
  });

  it('no new file is offered to an editor that cannot make one, nor for a file that is nowhere', async () => {
    const plain = await connect();
    plain.open(uri, WRONG_PAIR);
    const offered = async (connected: Client, at: string) =>
      (await actionsFor(connected, 'wsus-port-pair', at)).filter(({ title }) => title.includes('severity'));
    assert.deepEqual(await offered(plain, uri), []);
    await plain.stop();
    const able = await connect({ capabilities: CREATES });
    able.open('untitled:Untitled-1', WRONG_PAIR);
    assert.deepEqual(await offered(able, 'untitled:Untitled-1'), []);
  });

  it('an editor that knows no versioned edits gets plain ones', async () => {
    writeFileSync(settings, 'rules: {}\n');
    const connected = await connect({
      capabilities: {
        textDocument: {
          diagnostic: {},
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: [] } } },
        },
      },
    });
    connected.open(uri, WRONG_PAIR);
    const action = titled(
      await actionsFor(connected, 'wsus-port-pair'),
      'Change the severity of wsus-port-pair to off in .cmtopo.yaml',
    );
    assert.deepEqual(Object.keys(action?.edit ?? {}), ['changes']);
    assert.equal(
      applyLspEdits('rules: {}\n', editsOf(action).edits.get(settingsUri) ?? []),
      'rules: { wsus-port-pair: off }\n',
    );
  });

  it('a hint can only be turned off', async () => {
    writeFileSync(settings, 'rules: {}\n');
    const connected = await connect();
    connected.open(uri, HIERARCHY.replace('zones:\n', 'zones:\n  lab: {}\n'));
    assert.deepEqual(
      (await actionsFor(connected, 'unused-definition'))
        .map(({ title }) => title)
        .filter((title) => title.includes('severity')),
      ['Change the severity of unused-definition to off in .cmtopo.yaml'],
    );
  });

  it('a settings file is checked while it is typed, with fixes, completion and hover', async () => {
    const connected = await connect();
    const text = 'rules:\n  wsus-port-pai: off\n';
    connected.open(settingsUri, 'rules:\n');
    assert.deepEqual(await connected.pull(settingsUri), []);
    connected.change(settingsUri, text);
    assert.deepEqual(codes(await connected.pull(settingsUri)), ['unknown-key']);
    const action = titled(
      await actionsFor(connected, 'unknown-key', settingsUri),
      'Change to wsus-port-pair',
    );
    const mended = applyLspEdits(text, editsOf(action).edits.get(settingsUri) ?? []);
    assert.equal(mended, 'rules:\n  wsus-port-pair: off\n');
    connected.change(settingsUri, mended);
    assert.deepEqual(await connected.pull(settingsUri), []);
    const textDocument = { uri: settingsUri };
    const hover = await connected.connection.sendRequest(HoverRequest.type, {
      textDocument,
      position: { line: 1, character: 5 },
    });
    assert.match(JSON.stringify(hover?.contents), /WSUS is configured with one port.*wsus-port-pair\.md/);
    const completion = await connected.connection.sendRequest(CompletionRequest.type, {
      textDocument,
      position: { line: 1, character: 18 },
    });
    const labels = (Array.isArray(completion) ? completion : (completion?.items ?? [])).map(
      ({ label }) => label,
    );
    assert.deepEqual(labels, ['off', 'hint', 'information', 'warning', 'error']);
    assert.deepEqual(connected.logs, []);
  });

  it('rule codes are completed inside a comment, those that it names left out', async () => {
    const connected = await connect();
    const labels = async (comment: string) => {
      connected.open(uri, `${comment}\n${HIERARCHY}`);
      const found = await connected.connection.sendRequest(CompletionRequest.type, {
        textDocument: { uri },
        position: { line: 0, character: comment.indexOf('|') === -1 ? comment.length : comment.indexOf('|') },
      });
      connected.close(uri);
      return (Array.isArray(found) ? found : (found?.items ?? [])).map(({ label }) => label);
    };
    assert.deepEqual(await labels('# cmtopo-'), [
      'cmtopo-disable-next-line',
      'cmtopo-disable-line',
      'cmtopo-disable',
      'cmtopo-enable',
    ]);
    const after = await labels('# cmtopo-disable-next-line sql-browser, ');
    assert.ok(after.includes('wsus-port-pair') && !after.includes('sql-browser'));
    assert.ok(!after.some((label) => label.startsWith('cmtopo-')));
    assert.deepEqual(await labels('# cmtopo-disable-next-line sql-browser -- '), []);
  });

  it('the editor’s own settings follow without a question where the editor answers none', async () => {
    const connected = await connect({ capabilities: PLAIN });
    connected.open(uri, WRONG_PAIR);
    assert.deepEqual(codes((await connected.pushed(uri, 1)).diagnostics), ['wsus-port-pair']);
    const set = (rules: unknown) =>
      connected.connection.sendNotification(DidChangeConfigurationNotification.type, {
        settings: { configmgrTopology: { rules } },
      });
    await set({ 'wsus-port-pair': 'off' });
    const version = connected.change(uri, `${WRONG_PAIR}# more\n`);
    assert.deepEqual((await connected.pushed(uri, version)).diagnostics, []);
    await set({});
    const next = connected.change(uri, WRONG_PAIR);
    assert.deepEqual(codes((await connected.pushed(uri, next)).diagnostics), ['wsus-port-pair']);
  });

  it('a finding’s hover says why, and links to its page', async () => {
    const connected = await connect();
    connected.open(uri, WRONG_PAIR);
    const [diagnostic] = await connected.pull(uri);
    assert.ok(diagnostic);
    const hover = await connected.connection.sendRequest(HoverRequest.type, {
      textDocument: { uri },
      position: diagnostic.range.start,
    });
    assert.match(JSON.stringify(hover?.contents), /WSUS is configured with one port.*The documents disagree/);
    const page = pathToFileURL(join(process.cwd(), 'docs', 'rules', 'wsus-port-pair.md')).href;
    assert.ok(JSON.stringify(hover?.contents).includes(page));
    assert.ok(readFileSync(new URL(page), 'utf8').includes('WSUS is configured with one port'));
  });
});
