import assert from 'node:assert/strict';
import {
  CallHierarchyIncomingCallsRequest,
  CallHierarchyOutgoingCallsRequest,
  CallHierarchyPrepareRequest,
} from 'vscode-languageserver-protocol/node';
import { HIERARCHY, hierarchyAt } from '../support/features.ts';
import { type Client, start } from './client.ts';

describe('connections as a call hierarchy, over a real connection', function () {
  this.timeout(60_000);
  const uri = 'file:///a.topology.yaml';
  let client: Client;

  before(async () => {
    client = await start();
    client.open(uri, HIERARCHY);
  });

  after(() => client.stop());

  it('is offered', () => {
    assert.equal(client.initialized.capabilities.callHierarchyProvider, true);
  });

  it('goes from a server to who connects to it, and on from there', async () => {
    const { connection } = client;
    const { position } = hierarchyAt('\n  sql01');
    const textDocument = { uri };
    const [item] =
      (await connection.sendRequest(CallHierarchyPrepareRequest.type, { textDocument, position })) ?? [];
    assert.equal(item?.name, 'sql01');
    const callers = await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item });
    assert.deepEqual(
      callers?.map(({ from }) => from.name),
      ['cm01'],
    );
    const [caller] = callers ?? [];
    assert.ok(caller);
    assert.match(caller.from.detail ?? '', /1444/);
    const called = await connection.sendRequest(CallHierarchyOutgoingCallsRequest.type, {
      item: caller.from,
    });
    assert.ok(called?.some(({ to }) => to.name === 'sql01'));
    assert.ok(called?.some(({ to }) => to.name === 'dp-dmz'));
  });

  it('answers nothing for a document that is not open', async () => {
    const position = { line: 0, character: 0 };
    const textDocument = { uri: 'file:///other.topology.yaml' };
    const { connection } = client;
    assert.equal(
      await connection.sendRequest(CallHierarchyPrepareRequest.type, { textDocument, position }),
      null,
    );
    const range = { start: position, end: position };
    const item = {
      uri: textDocument.uri,
      name: 'a',
      kind: 5 as const,
      range,
      selectionRange: range,
      data: {},
    };
    assert.equal(await connection.sendRequest(CallHierarchyIncomingCallsRequest.type, { item }), null);
  });
});
