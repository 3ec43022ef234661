import assert from 'node:assert/strict';
import type { CallHierarchyItem } from 'vscode-languageserver-protocol';
import { fixture, HIERARCHY, hierarchyAt, textOf } from '../../../test/support/features.ts';
import { type Analysis, analyse } from '../analysis.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './call-hierarchy.ts';

const URI = 'file:///a.topology.yaml';

function prepared(analysis: Analysis, position: CallHierarchyItem['range']['start']): CallHierarchyItem {
  const [item] = prepareCallHierarchy(analysis, URI, position) ?? [];
  assert.ok(item, 'no item there');
  return item;
}

/** The item behind the first occurrence of a text in the hierarchy. */
function at(before: string): { analysis: Analysis; item: CallHierarchyItem } {
  const { analysis, position } = hierarchyAt(before);
  return { analysis, item: prepared(analysis, position) };
}

const namesIn = ({ analysis, item }: ReturnType<typeof at>) =>
  incomingCalls(analysis, item).map(({ from }) => from.name);
const namesOut = ({ analysis, item }: ReturnType<typeof at>) =>
  outgoingCalls(analysis, item).map(({ to }) => to.name);

describe('call hierarchy', () => {
  it('tells who connects to a server, with the ports', () => {
    const { analysis, item } = at('\n  sql01');
    assert.equal(item.name, 'sql01');
    assert.equal(item.detail, 'hq');
    const calls = incomingCalls(analysis, item);
    assert.deepEqual(
      calls.map(({ from }) => from.name),
      ['cm01'],
    );
    assert.match(calls[0]?.from.detail ?? '', /^TCP 135, 445, 1444, .*49152-65535 · UDP 135/);
  });

  it('tells whom a client group connects to', () => {
    const place = at('\n  desktops');
    assert.deepEqual(namesOut(place), ['cm01', 'dp-dmz']);
  });

  it('names what is outside the file', () => {
    const place = at('\n  cm01');
    const outside = outgoingCalls(place.analysis, place.item).find(({ to }) => to.name === 'Internet');
    assert.ok(outside, namesOut(place).join());
    assert.deepEqual(
      incomingCalls(place.analysis, outside.to).map(({ from }) => from.name),
      ['cm01'],
    );
  });

  it('points to the roles that cause the connections, each once', () => {
    const { analysis, item } = at('\n  sql01');
    const ranges = incomingCalls(analysis, item)[0]?.fromRanges ?? [];
    const roles = ranges.map((range) => textOf(analysis, range));
    assert.ok(roles.includes('site-server') && roles.includes('management-point'), roles.join());
    assert.equal(new Set(roles).size, roles.length);
    const group = outgoingCalls(analysis, at('\n  desktops').item)[0]?.fromRanges ?? [];
    assert.deepEqual(
      group.map((range) => textOf(analysis, range)),
      ['desktops'],
    );
  });

  it('answers for one role alone', () => {
    const place = at('software-update-point');
    assert.equal(place.item.name, 'software-update-point on cm01');
    assert.ok(namesIn(place).includes('desktops'));
    assert.ok(!namesOut(place).includes('dp-dmz'), 'the site server connects there, not this role');
    assert.ok(namesOut(at('site-server')).includes('dp-dmz'));
  });

  it('says what a firewall stops', () => {
    const text = HIERARCHY.replace('tcp: [80, 443, 8080]', 'tcp: [80, 8080]');
    const analysis = analyse(text);
    const item = prepared(analysis, hierarchyAt('\n  desktops').position);
    const [, dp] = outgoingCalls(analysis, item);
    assert.match(dp?.to.detail ?? '', / · 1 blocked by edge \(no rule\)$/);
    const whole = at('\n  desktops');
    for (const { to } of outgoingCalls(whole.analysis, whole.item))
      assert.doesNotMatch(to.detail ?? '', /blocked/);
  });

  it('starts from a place that names a machine, and from within its entry', () => {
    for (const [before, name] of [
      ['from: cm01', 'cm01'],
      ['addresses: [10.10', 'cm01'],
      ['httpPort: 85', 'software-update-point on cm01'],
      ['count: 4', 'desktops'],
    ] as const)
      assert.equal(at(before).item.name, name);
  });

  it('starts nowhere from what is no machine', () => {
    for (const before of ['\n  PS1', 'configmgr', '\n  edge', 'site: PS1']) {
      const { analysis, position } = hierarchyAt(before);
      assert.equal(prepareCallHierarchy(analysis, URI, position), undefined, before);
    }
  });

  it('follows a machine through an edit, and says nothing once it is gone', () => {
    const { item } = at('\n  sql01');
    assert.deepEqual(
      incomingCalls(analyse(`# a comment above\n${HIERARCHY}`), item).map(({ from }) => from.name),
      ['cm01'],
    );
    assert.deepEqual(incomingCalls(analyse(HIERARCHY.replaceAll('sql01', 'db01')), item), []);
    const role = at('software-update-point');
    assert.deepEqual(
      outgoingCalls(analyse(HIERARCHY.replace(/ +software-update-point.*\n/, '')), role.item),
      [],
    );
  });

  it('says nothing to data that is not its own', () => {
    const { analysis, item } = at('\n  sql01');
    for (const data of [
      undefined,
      null,
      1,
      {},
      { kind: 'role', name: 'cm01' },
      { kind: 'site', name: 'PS1' },
    ])
      assert.deepEqual(incomingCalls(analysis, { ...item, data }), []);
  });

  it('selects within its range, also for a server that came by an alias', () => {
    const { analysis, position } = fixture(
      'configmgr: 2017-09\nservers:\n  a: &a { roles: { management-point: {} } }\n  b‸: *a\n',
    );
    const { range, selectionRange } = prepared(analysis, position);
    const offset = (place: typeof position) => analysis.tree.lines.offsetAt(place);
    assert.ok(
      offset(selectionRange.start) >= offset(range.start) && offset(selectionRange.end) <= offset(range.end),
    );
  });
});
