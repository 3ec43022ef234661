import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { HIERARCHY } from '../../support/features.ts';
import { finding, hoverText, mistakes, open, place, until } from './helper.ts';

describe('Connections as a call hierarchy', () => {
  it('shows who connects to a server, over which ports and by which roles', async () => {
    const document = await open(mistakes);
    await finding(document.uri, 'wsus-port-pair');
    const item = await until('the call hierarchy', async () => {
      const items = await vscode.commands.executeCommand<vscode.CallHierarchyItem[]>(
        'vscode.prepareCallHierarchy',
        document.uri,
        place(document, '\n  sql01', 3),
      );
      return items[0];
    });
    assert.equal(item.name, 'sql01');
    const callers = await vscode.commands.executeCommand<vscode.CallHierarchyIncomingCall[]>(
      'vscode.provideIncomingCalls',
      item,
    );
    const caller = callers.find(({ from }) => from.name === 'cm01');
    assert.ok(caller, callers.map(({ from }) => from.name).join());
    assert.match(caller.from.detail ?? '', /TCP .*50001/);
    assert.ok(caller.fromRanges.some((range) => document.getText(range) === 'management-point'));
    const called = await vscode.commands.executeCommand<vscode.CallHierarchyOutgoingCall[]>(
      'vscode.provideOutgoingCalls',
      caller.from,
    );
    assert.ok(called.some(({ to }) => to.name === 'sql01'));
  });
});

describe('Firewalls in hovers', () => {
  it('tell which connections go through a rule, and which are blocked', async () => {
    const document = await open(HIERARCHY.replace('tcp: [80, 443, 8080]', 'tcp: [80, 8080]'));
    await finding(document.uri, 'firewall-blocked');
    const rule = await until('the hover of a rule', () =>
      hoverText(document.uri, place(document, 'action: allow', 3)),
    );
    assert.match(rule, /Rule 1/);
    assert.match(rule, /\| cm01 &nbsp;&nbsp; \| dp-dmz &nbsp;&nbsp; \| TCP 135, 445/);
    const group = await until('the hover of a group', () =>
      hoverText(document.uri, place(document, '\n  desktops', 4)),
    );
    assert.match(group, /TCP 443\b.*edge \(no rule\)/);
  });
});
