// Tools for assistants, as the extension of VS Code asks for them.
import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CancellationTokenSource } from 'vscode-languageserver-protocol';
import { EXAMPLE } from '../../server/src/assistants/example.ts';
import { tools } from '../../server/src/assistants/index.ts';
import { TOOL, type ToolParams, type ToolResult } from '../../server/src/lsp/requests.ts';
import { crowded } from '../support/crowded.ts';
import type { Client } from './client.ts';
import { eachWithSession, type Session } from './session.ts';

describe('tools for assistants over the language server', function () {
  this.timeout(60_000);
  let folder: string;
  let uri: string;
  let connect: Session['connect'];

  eachWithSession((session) => {
    ({ folder, uri, connect } = session);
  });

  const ask = ({ connection }: Client, params: ToolParams) =>
    connection.sendRequest<ToolResult>(TOOL, params);
  const text = async (client: Client, params: ToolParams) => {
    const result = await ask(client, params);
    assert.ok('text' in result, JSON.stringify(result));
    return result.text;
  };
  const problem = async (client: Client, params: ToolParams) => {
    const result = await ask(client, params);
    assert.ok('problem' in result, JSON.stringify(result));
    return result.problem;
  };
  const check = (input: object = {}, active?: string): ToolParams => ({
    name: 'cmtopo_check_topology',
    input,
    ...(active === undefined ? {} : { active }),
  });
  const inFolder = () => connect({ folders: [folder] });

  it('answer every tool about the document in front', async () => {
    const client = await inFolder();
    client.open(uri, EXAMPLE);
    for (const { name, example } of tools) {
      const answer = await text(client, { name, input: example.input, active: uri });
      assert.ok(answer.length > 100, name);
    }
  });

  it('go by what the editor holds, not by what is saved', async () => {
    writeFileSync(join(folder, 'a.topology.yaml'), '{{{\n');
    const client = await inFolder();
    client.open(uri, EXAMPLE);
    assert.match(await text(client, check({ file: 'a.topology.yaml' })), /: 1 error, 1 warning/);
    client.change(uri, EXAMPLE.replace('[443, 8530]', '[443, 445, 8530, 8531, 10123]'));
    assert.match(await text(client, check({}, uri)), /^a\.topology\.yaml .*: nothing is wrong\.\n/);
  });

  it('read files of the folder that no editor holds, by name, end of the path or whole path', async () => {
    mkdirSync(join(folder, 'sites'));
    writeFileSync(join(folder, 'sites', 'b c.topology.yaml'), EXAMPLE);
    const client = await inFolder();
    for (const file of [
      'sites/b c.topology.yaml',
      'b c.topology.yaml',
      join(folder, 'sites', 'b c.topology.yaml'),
      undefined,
    ])
      assert.match(
        await text(client, check(file === undefined ? {} : { file })),
        /^sites\/b c\.topology\.yaml \(2403/,
        file,
      );
  });

  it('name the folder where there are several', async () => {
    for (const name of ['one', 'two']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'b.topology.yaml'), EXAMPLE);
    }
    const client = await connect({
      folders: ['one', 'two'].map((name) => join(folder, name)),
    });
    assert.match(
      await problem(client, check()),
      /name one of them: one\/b\.topology\.yaml and two\/b\.topology\.yaml/,
    );
    assert.match(await text(client, check({ file: 'two/b.topology.yaml' })), /^two\/b\.topology\.yaml /);
  });

  it('read nothing else: no path and no link leads out of the folders', async () => {
    mkdirSync(join(folder, 'in'));
    writeFileSync(join(folder, 'out.topology.yaml'), 'name: TOPSECRET\n');
    writeFileSync(join(folder, 'in', 'b.topology.yaml'), EXAMPLE);
    writeFileSync(join(folder, 'in', 'passwords.yaml'), 'sites: TOPSECRET\n');
    symlinkSync(join(folder, 'out.topology.yaml'), join(folder, 'in', 'link.topology.yaml'));
    const client = await connect({ folders: [join(folder, 'in')] });
    for (const file of [
      '../out.topology.yaml',
      join(folder, 'out.topology.yaml'),
      pathToFileURL(join(folder, 'out.topology.yaml')).href,
      'link.topology.yaml',
      'passwords.yaml',
      '/etc/passwd',
    ])
      assert.match(
        await problem(client, check({ file })),
        /no topology file .* here, only b\.topology/,
        file,
      );
  });

  it('check a draft with the settings of the folder', async () => {
    writeFileSync(join(folder, '.cmtopo.yaml'), 'rules: { firewall-blocked: off }\n');
    const client = await inFolder();
    const answer = await text(client, check({ text: EXAMPLE }));
    assert.match(answer, /^<text> \(2403, port list 2025-12\): 1 warning, 1 information\n/);
  });

  it('keep nobody waiting who types, however long an answer takes, and end when they are cancelled', async () => {
    const client = await inFolder();
    client.open(uri, EXAMPLE);
    await client.pull(uri);
    const stop = new CancellationTokenSource();
    let isAnswered = false;
    const slow = client.connection
      .sendRequest<ToolResult>(TOOL, check({ text: crowded(2000) }, uri), stop.token)
      .finally(() => {
        isAnswered = true;
      });
    const refused = assert.rejects(slow, /Cancelled/);
    const begun = Date.now();
    for (let key = 0; key < 20; key++) {
      client.change(uri, EXAMPLE.replace('name: Contoso', `name: Contoso ${key}`));
      assert.ok((await client.pull(uri)).length > 0);
    }
    assert.equal(isAnswered, false, `20 keys in ${Date.now() - begun} ms took longer than the draft`);
    stop.cancel();
    await refused;
    const behind = Date.now();
    await text(client, { name: 'cmtopo_port_catalog', input: { port: 10123 } });
    assert.ok(Date.now() - behind < 15_000, 'the cancelled call went on');
  });

  it('answer what is asked wrongly with a sentence, and go on', async () => {
    const client = await inFolder();
    assert.match(await problem(client, check()), /no topology file .* pass the text instead/);
    assert.match(await problem(client, check({ text: 'a', file: 'b' })), /not both/);
    assert.match(await problem(client, { name: 'nothing', input: {} }), /there is no tool nothing/);
    assert.match(
      await problem(client, check({ severity: 'bad\u202e\n' })),
      /severity: bad\\u202e\\u000a is not one of error/,
    );
    assert.match(
      await text(client, { name: 'cmtopo_port_catalog', input: { port: 10123 } }),
      /Client notification/,
    );
    assert.deepEqual(
      client.logs.filter((line) => /tool/i.test(line)),
      [],
    );
  });
});
