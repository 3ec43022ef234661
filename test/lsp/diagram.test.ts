import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CancellationTokenSource } from 'vscode-languageserver-protocol/node';
import { DIAGRAM, type DiagramParams, type DiagramResult } from '../../server/src/lsp/requests.ts';
import { type Client, start } from './client.ts';

const HIERARCHY = readFileSync('examples/hierarchy.topology.yaml', 'utf8');
const uri = 'untitled:a.topology.yaml';

describe('the diagram over a real connection', function () {
  this.timeout(60_000);
  let client: Client;

  beforeEach(async () => {
    client = await start();
  });

  afterEach(async () => {
    if (client.process.exitCode === null) await client.stop();
  });

  const ask = (choice: Pick<DiagramParams, 'collapse' | 'toggled'>): Promise<DiagramResult> =>
    client.connection.sendRequest(DIAGRAM, { textDocument: { uri }, ...choice });

  it('follows what is in the editor, and says of which version it is', async () => {
    assert.equal(await ask({ collapse: 'none', toggled: [] }), null);
    client.open(uri, HIERARCHY);
    const first = await ask({ collapse: 'none', toggled: [] });
    assert.ok(first?.graph.nodes.some(({ id }) => id === 'server:mp01'));
    const version = client.change(uri, HIERARCHY.replaceAll('mp01', 'mp09'));
    const second = await ask({ collapse: 'none', toggled: [] });
    assert.equal(second?.version, version);
    assert.ok(second?.graph.nodes.some(({ id }) => id === 'server:mp09'));
    assert.ok(!second?.graph.nodes.some(({ id }) => id === 'server:mp01'));
  });

  it('draws boxes for zones and sites, and opens single ones', async () => {
    client.open(uri, HIERARCHY);
    const zones = await ask({ collapse: 'zone', toggled: ['zone:hq', 'site:hq/ps1'] });
    const kinds = new Map(zones?.graph.nodes.map(({ id, kind }) => [id, kind]));
    assert.equal(kinds.get('zone:branch'), 'zone');
    assert.equal(kinds.get('server:mp01'), 'server');
    assert.equal(kinds.get('site:hq/cas'), 'site');
  });

  it('names the version that each answer is of, also where the text changes while it is asked', async () => {
    client.open(uri, HIERARCHY);
    const asked: Promise<DiagramResult>[] = [];
    let last = 1;
    for (const name of ['mp01', 'mp02', 'mp03', 'mp04']) {
      last = client.change(uri, HIERARCHY.replaceAll('mp01', name));
      asked.push(ask({ collapse: 'none', toggled: [] }));
    }
    const answers = await Promise.all(asked);
    for (const answer of answers) {
      assert.ok(answer);
      const titles = answer.graph.nodes.map(({ title }) => title).filter((title) => /^mp\d/.test(title));
      assert.deepEqual(titles, [`mp0${answer.version - last + 4}`]);
    }
    assert.equal(answers.at(-1)?.version, last);
  });

  it('does no work for a request that is cancelled', async () => {
    client.open(uri, HIERARCHY);
    const source = new CancellationTokenSource();
    const asked = client.connection.sendRequest(
      DIAGRAM,
      { textDocument: { uri }, collapse: 'none', toggled: [] },
      source.token,
    );
    source.cancel();
    await assert.rejects(asked, { code: -32800 });
  });
});
