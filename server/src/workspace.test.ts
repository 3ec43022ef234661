import assert from 'node:assert/strict';
import { createWorkspace } from './workspace.ts';

const TEXT = `configmgr: 2017-09
zones: { a: {}, b: {} }
firewalls: { f: { zones: [a, b], rules: [{ action: deny, from: a, to: b, expires: 2026-12-31 }] } }
`;

describe('the open documents', () => {
  it('are looked at anew at midnight: a firewall rule that ran out is found in a file that nobody touched', () => {
    let today = '2026-12-31';
    const workspace = createWorkspace({
      nearestSettings: () => undefined,
      normal: (uri) => uri,
      today: () => today,
    });
    workspace.set('file:///a.topology.yaml', 1, TEXT);
    const codes = () =>
      workspace
        .analysis('file:///a.topology.yaml')
        ?.findings()
        .map(({ code }) => code);
    const stamp = workspace.document('file:///a.topology.yaml')?.stamp;
    assert.deepEqual(codes(), []);
    today = '2027-01-01';
    assert.notEqual(workspace.document('file:///a.topology.yaml')?.stamp, stamp);
    assert.deepEqual(codes(), ['firewall-expired-rule']);
  });
});
