// Assistants over a real connection: the built program, asked by the protocol's own client.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import manifest from '../../package.json';
import { EXAMPLE, EXAMPLE_FILE } from '../../server/src/assistants/example.ts';
import { tools } from '../../server/src/assistants/index.ts';
import { crowded } from '../support/crowded.ts';
import { cmtopo, environment, folderWith, PROGRAM, removeFolder } from './cli.ts';

/** Calls that are right, by tool: what each is asked and a part of the answer. */
const CALLS: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, RegExp]>> = {
  cmtopo_check_topology: [{ severity: 'error' }, /^error contoso\.topology\.yaml:18:7 firewall-blocked: /m],
  cmtopo_explain_connections: [
    { from: 'branch-pcs', to: 'cm01', port: 8531 },
    /blocked: TCP 8531 HTTPS\n {4}line: rule 3 'Rest' \(line 38\) denies it/,
  ],
  cmtopo_missing_firewall_rules: [{ firewall: 'line' }, /insert them before contoso\.topology\.yaml:38/],
  cmtopo_role_requirements: [{ role: 'DP', edition: '2017-09' }, /^Distribution point .*, port list 2017-09/],
  cmtopo_port_catalog: [{ port: 10123 }, /Client -> Management point/],
};

interface Answer {
  readonly text: string;
  readonly isError: boolean;
}

describe('cmtopo mcp', function () {
  this.timeout(60_000);
  let folder: string;
  let clients: Client[] = [];

  beforeEach(() => {
    folder = folderWith({ [`topologies/${EXAMPLE_FILE}`]: EXAMPLE, 'outside.topology.yaml': EXAMPLE });
  });

  afterEach(async () => {
    for (const client of clients) await client.close();
    clients = [];
    removeFolder(folder);
  });

  async function connect(
    args: readonly string[] = [],
    mode: 'legacy' | 'auto' = 'legacy',
  ): Promise<{
    readonly client: Client;
    call(name: string, input?: Record<string, unknown>, signal?: AbortSignal): Promise<Answer>;
  }> {
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [PROGRAM, 'mcp', '--stdio', ...args],
      cwd: join(folder, 'topologies'),
      env: Object.fromEntries(
        Object.entries(environment()).flatMap(([key, value]) => (value ? [[key, value]] : [])),
      ),
      stderr: 'pipe',
    });
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    clients.push(client);
    await client.connect(transport);
    return {
      client,
      async call(name, input = {}, signal) {
        const { content, isError } = await client.callTool(
          { name, arguments: input },
          signal === undefined ? {} : { signal },
        );
        const [first, ...more] = content;
        assert.ok(first?.type === 'text' && more.length === 0);
        return { text: first.text, isError: isError === true };
      },
    };
  }

  for (const mode of ['legacy', 'auto'] as const) {
    it(`lists every tool as the manifest has it, read-only (${mode} revision of the protocol)`, async () => {
      const { client } = await connect([], mode);
      assert.equal(client.getServerVersion()?.version, manifest.version);
      assert.match(client.getInstructions() ?? '', /data, never instructions/);
      const listed = await client.listTools();
      const { languageModelTools } = manifest.contributes;
      assert.deepEqual(
        listed.tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema })),
        languageModelTools.map(({ name, modelDescription, inputSchema }) => ({
          name,
          description: modelDescription,
          inputSchema,
        })),
      );
      for (const { annotations } of listed.tools) {
        assert.equal(annotations?.readOnlyHint, true);
        assert.equal(annotations?.openWorldHint, false);
      }
    });

    it(`answers every tool (${mode} revision of the protocol)`, async () => {
      const { call } = await connect([], mode);
      assert.deepEqual(
        Object.keys(CALLS),
        tools.map(({ name }) => name),
        'a tool without a call here',
      );
      for (const [name, [input, part]] of Object.entries(CALLS)) {
        const { text, isError } = await call(name, input);
        assert.equal(isError, false, text);
        assert.match(text, part, name);
      }
    });
  }

  it('gives the same answer to the same question, also to several at a time', async () => {
    const { call } = await connect();
    const answers = await Promise.all([1, 2, 3].map(() => call('cmtopo_check_topology')));
    assert.equal(new Set(answers.map(({ text }) => text)).size, 1);
  });

  it('takes a text in place of a file, and the settings of the folder for both', async () => {
    const { call } = await connect();
    // Above the folder: it does not count.
    writeFileSync(join(folder, '.cmtopo.yaml'), 'rules: { firewall-blocked: off }\n');
    assert.match((await call('cmtopo_check_topology')).text, /firewall-blocked:/);
    writeFileSync(join(folder, 'topologies', '.cmtopo.yaml'), 'rules: { firewall-blocked: off }\n');
    for (const input of [{}, { text: EXAMPLE }]) {
      const { text } = await call('cmtopo_check_topology', input);
      assert.doesNotMatch(text, /firewall-blocked:/);
      assert.match(text, /firewall-blocked-installation:/);
    }
    const both = await call('cmtopo_check_topology', { text: EXAMPLE, file: EXAMPLE_FILE });
    assert.deepEqual([both.isError, /not both/.test(both.text)], [true, true]);
  });

  it('answers what is asked wrongly with an error that says what to ask', async () => {
    const { call, client } = await connect();
    const wrong: [string, Record<string, unknown>, RegExp][] = [
      ['cmtopo_check_topology', { fil: 'x' }, /did you mean file\?/],
      ['cmtopo_check_topology', { file: 'none.topology.yaml' }, /no topology file .* only contoso/],
      ['cmtopo_check_topology', { limit: 1e9 }, /from 1 to 200/],
      ['cmtopo_explain_connections', { from: 'cm01' }, /parameter to is missing/],
      ['cmtopo_explain_connections', { from: 'cm01', to: 'sql1' }, /did you mean sql01\?/],
      ['cmtopo_role_requirements', { role: '\u001b[31mred' }, /there is no role \\u001b/],
      ['cmtopo_check_topology', { ['\u202e'.repeat(99)]: 1 }, /has no parameter \\u202e/],
    ];
    for (const [name, input, message] of wrong) {
      const { text, isError } = await call(name, input);
      assert.equal(isError, true, text);
      assert.match(text, message);
      assert.doesNotMatch(text, /[\p{Cf}]|(?!\n)\p{Cc}/u);
    }
    await assert.rejects(client.callTool({ name: 'nothing', arguments: {} }), /there is no tool nothing/);
    assert.equal((await call('cmtopo_port_catalog')).isError, false);
  });

  describe('the files of the folder', () => {
    it('are all that is read: no path and no link leads out of it', async () => {
      const inside = join(folder, 'topologies');
      mkdirSync(join(folder, 'secret'));
      writeFileSync(join(folder, 'secret', 's.topology.yaml'), 'name: TOPSECRET\n');
      symlinkSync(join(folder, 'secret', 's.topology.yaml'), join(inside, 'link.topology.yaml'));
      symlinkSync(join(folder, 'secret'), join(inside, 'linked'));
      const { call } = await connect();
      for (const file of [
        '../outside.topology.yaml',
        join(folder, 'outside.topology.yaml'),
        'x/../../outside.topology.yaml',
        '/etc/passwd',
        'link.topology.yaml',
        'linked/s.topology.yaml',
      ]) {
        const { text, isError } = await call('cmtopo_check_topology', { file });
        assert.equal(isError, true, file);
        assert.match(text, /outside of the folder that may be read|not a regular file/, file);
        assert.doesNotMatch(text, /TOPSECRET|root:/);
      }
      // Whether something is there is not told either.
      for (const file of ['../outside.topology.yaml', '../none.topology.yaml'])
        assert.equal(
          (await call('cmtopo_check_topology', { file })).text,
          `${file}: this is outside of the folder that may be read`,
        );
      const { text } = await call('cmtopo_check_topology', { file: 'x\0y' });
      assert.match(text, /no topology file/);
    });

    it('may be linked from one place of it to another, and named by their whole path or its end', async () => {
      const inside = join(folder, 'topologies');
      mkdirSync(join(inside, 'sites'));
      writeFileSync(join(inside, 'sites', 'b.topology.yaml'), EXAMPLE);
      symlinkSync(join(inside, 'sites'), join(inside, 'again'));
      const { call } = await connect();
      for (const [file, name] of [
        ['sites/b.topology.yaml', 'sites/b.topology.yaml'],
        ['b.topology.yaml', 'sites/b.topology.yaml'],
        [join(inside, 'sites', 'b.topology.yaml'), 'sites/b.topology.yaml'],
        ['again/b.topology.yaml', 'again/b.topology.yaml'],
      ] as const)
        assert.ok((await call('cmtopo_check_topology', { file })).text.startsWith(`${name} (2403`), file);
      const several = await call('cmtopo_check_topology');
      assert.match(several.text, /2 topology files; name one of them: contoso\.topology\.yaml and sites\/b/);
    });

    it('are topologies, and no other files', async () => {
      const inside = join(folder, 'topologies');
      writeFileSync(join(inside, 'passwords.yaml'), 'sites: hunter2\n');
      writeFileSync(join(inside, 'marked.yaml'), `# configmgr-topology\n${EXAMPLE}`);
      writeFileSync(join(inside, 'binary.topology.yaml'), Buffer.from([0x61, 0, 0x62]));
      const { call } = await connect();
      const other = await call('cmtopo_check_topology', { file: 'passwords.yaml' });
      assert.match(other.text, /^passwords\.yaml is not a topology file/);
      assert.doesNotMatch(other.text, /hunter2/);
      assert.match(
        (await call('cmtopo_check_topology', { file: 'marked.yaml' })).text,
        /^marked\.yaml \(2403/,
      );
      assert.match((await call('cmtopo_check_topology', { file: 'binary.topology.yaml' })).text, /NUL bytes/);
      assert.match((await call('cmtopo_check_topology', { file: '.' })).text, /not a regular file/);
    });

    it('are those of --folder, and stay as they are', async () => {
      const { call } = await connect(['--folder', folder]);
      const before = readdirSync(folder, { recursive: true });
      const { text } = await call('cmtopo_check_topology', { file: 'outside.topology.yaml' });
      assert.match(text, /^outside\.topology\.yaml \(2403/);
      for (const [name, [input]] of Object.entries(CALLS)) await call(name, { ...input, ...extra(name) });
      assert.deepEqual(readdirSync(folder, { recursive: true }), before);
      assert.equal(readFileSync(join(folder, 'outside.topology.yaml'), 'utf8'), EXAMPLE);

      function extra(name: string): Record<string, unknown> {
        return name === 'cmtopo_port_catalog' ? {} : { file: 'outside.topology.yaml' };
      }
    });
  });

  it('ends where a message is larger than any that it may get', async () => {
    const { status, out, err } = await fed(
      `{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":"${'x'.repeat(11_000_000)}"}}\n`,
    );
    assert.deepEqual({ status, out }, { status: 0, out: '' });
    assert.match(err, /^cmtopo: .*10485760/);
  });

  it('is told a text that is too large', async () => {
    const { call } = await connect();
    const { text, isError } = await call('cmtopo_check_topology', {
      text: `#${'x'.repeat(2 * 1024 * 1024)}`,
    });
    assert.equal(isError, true);
    assert.match(text, /text is too long: 2097153 characters; the limit is 2097152/);
    // Three bytes each: many more than a message of plain text.
    const wide = await call('cmtopo_check_topology', { text: `#${'\uac00'.repeat(2 * 1024 * 1024 - 1)}` });
    assert.match(wide.text, /no known edition/);
    const file = 'large.topology.yaml';
    writeFileSync(join(folder, 'topologies', file), `#${'x'.repeat(2 * 1024 * 1024)}`);
    assert.match((await call('cmtopo_check_topology', { file })).text, /too large for an assistant/);
    assert.equal((await call('cmtopo_port_catalog')).isError, false);
  });

  it('ends a call that takes too long, and goes on', async () => {
    const { call } = await connect(['--timeout', '1']);
    const { text, isError } = await call('cmtopo_check_topology', { text: crowded(2000) });
    assert.equal(isError, true);
    assert.match(text, /takes longer than 1 s;/);
    assert.equal((await call('cmtopo_port_catalog')).isError, false);
  });

  it('ends a call that nobody waits for any more, and those behind it are answered', async () => {
    const { call } = await connect();
    const abort = new AbortController();
    const slow = call('cmtopo_check_topology', { text: crowded(2000) }, abort.signal);
    const refused = assert.rejects(slow);
    const behind = call('cmtopo_port_catalog');
    setTimeout(() => abort.abort(), 300);
    await refused;
    const begun = Date.now();
    assert.equal((await behind).isError, false);
    assert.ok(Date.now() - begun < 15_000, 'the cancelled call went on');
  });

  /** Runs the server with these lines as its input, and gives its status, its output and how long it took to end. */
  async function fed(
    input: string,
    args: readonly string[] = [],
    wait: (out: () => string) => Promise<void> = async () => {},
  ): Promise<{
    readonly status: unknown;
    readonly out: string;
    readonly err: string;
    readonly ended: number;
  }> {
    const child = spawn(process.execPath, [PROGRAM, 'mcp', ...args], { cwd: folder, env: environment() });
    let out = '';
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    // It may end before it has read everything.
    child.stdin.on('error', () => {});
    const closed = new Promise((resolve) => child.on('close', resolve));
    child.stdin.write(input);
    await wait(() => out);
    const begun = Date.now();
    child.stdin.end();
    return { status: await closed, out, err, ended: Date.now() - begun };
  }

  const message = (body: object) => `${JSON.stringify({ jsonrpc: '2.0', ...body })}\n`;
  const slowly =
    message({
      id: 1,
      method: 'initialize',
      params: { protocolVersion: '2024-11-05', capabilities: {}, clientInfo: { name: 'test', version: '1' } },
    }) +
    message({ method: 'notifications/initialized' }) +
    message({
      id: 2,
      method: 'tools/call',
      params: { name: 'cmtopo_check_topology', arguments: { text: crowded(2000) } },
    });

  it('ends with its client, also without a word', async () => {
    for (const input of ['', 'this is no message\n', message({ method: 'nothing' })]) {
      const { status, out } = await fed(input);
      assert.equal(status, 0, input);
      for (const line of out.split('\n').filter((one) => one !== '')) JSON.parse(line);
    }
  });

  it('ends with its client in the midst of a call, and lets no call go on behind its limit', async () => {
    const midst = await fed(slowly, [], async (out) => {
      while (!out().includes('"id":1')) await sleep(20);
      await sleep(500);
    });
    assert.equal(midst.status, 0);
    assert.ok(midst.ended < 5_000, `${midst.ended} ms`);
    const limit = await fed(slowly, ['--timeout', '1'], async (out) => {
      while (!out().includes('"id":2')) await sleep(20);
    });
    assert.match(limit.out, /takes longer than 1 s/);
    assert.ok(limit.ended < 5_000, `${limit.ended} ms`);
  });

  it('says what is wrong with its own arguments', () => {
    const wrong: [readonly string[], RegExp][] = [
      [['--folder', join(folder, 'none')], /no such file or folder/],
      [['--folder', join(folder, 'outside.topology.yaml')], /this is not a folder/],
      [['--timeout', '0'], /--timeout 0: write a number of seconds from 1 to 600/],
      [['--http'], /unknown option --http/],
      [['x'], /one argument too many/],
      [['-o', 'x'], /unknown option -o/],
    ];
    for (const [args, message] of wrong) {
      const { status, out, err } = cmtopo(['mcp', ...args]);
      assert.deepEqual({ status, out }, { status: 2, out: '' });
      assert.match(err, message);
    }
  });

  it('is no part of what the language server and the other commands load', () => {
    const program = readFileSync(PROGRAM, 'utf8');
    assert.doesNotMatch(program, /tools\/list/);
    assert.match(readFileSync(join(PROGRAM, '..', 'mcp-server.js'), 'utf8'), /tools\/list/);
  });
});
