// The crossings after edits of machines and rules: those of a text that is opened afresh, and the same objects between
// machines that nothing has changed for.
import assert from 'node:assert/strict';
import { generateHierarchy } from '../../../test/bench/hierarchy.ts';
import { type Analysis, analyse, NO_SETTINGS } from '../analysis.ts';
import type { Crossing } from './reach.ts';

const crossingsOf = (analysis: Analysis) => analysis.reach().crossings(analysis.flows());

const said = ({ from, to, flows, blocked, unchecked }: Crossing) => ({
  from: [from.name, from.kind, from.zone],
  to: [to.name, to.kind, to.zone],
  flows: flows.map(({ protocol, ports, connection }) => [protocol, ports, connection]),
  blocked: blocked.map((flow) => flows.indexOf(flow)),
  unchecked: unchecked.map((flow) => flows.indexOf(flow)),
});

const FILE = generateHierarchy(0.04, 'mistakes');

/** Texts one after another, each with an edit of the one before. */
function texts(): readonly string[] {
  const [server = ''] = /^ {2}dp-\w+-3:\n(?: {4}.*\n)+/m.exec(FILE) ?? [];
  const [rule = ''] = /^ {6}- \{ action: allow.*\n/m.exec(FILE) ?? [];
  const zone = /zone: (\S+)/.exec(server)?.[1];
  assert.ok(server && rule && zone);
  const named = (name: string, from: string) => from.replace(/^ {2}[\w-]+:/, `  ${name}:`);
  const added = FILE.replace(
    server,
    `${server}${named('new-1', server)
      .replace(/ {4}addresses.*\n/, '')
      .replace(/zone: .*/, 'zone: hq-0')}`,
  );
  return [
    FILE,
    added,
    added.replace('  new-1:', '  new-12:'),
    added.replace('  new-1:', '  a-new-12:'),
    added.replace('  new-1:', '  a-new-12:').replace(rule, rule.replace('tcp: [', 'tcp: [9, ')),
    added.replace(rule, rule.replace('tcp: [', 'tcp: [9, ')),
    added.replace(rule, rule.replace('allow', 'deny')),
    FILE.replace(rule, rule.replace('allow', 'deny')),
    FILE.replace(server, ''),
    FILE.replace(server, server.replace(`zone: ${zone}`, 'zone: internet')),
    FILE,
  ];
}

describe('crossings after an edit', () => {
  for (const isEach of [true, false])
    it(`are those of a text that is opened afresh, ${isEach ? 'asked each time' : 'asked every second time'}`, () => {
      let analysis = analyse(FILE);
      crossingsOf(analysis);
      for (const [index, text] of texts().entries()) {
        analysis = analyse(text, NO_SETTINGS, analysis);
        analysis.flows();
        if (isEach || index % 2 === 0)
          assert.deepEqual(crossingsOf(analysis).map(said), crossingsOf(analyse(text)).map(said), `${index}`);
      }
    });

  it('are the same objects between all other machines', () => {
    const [, added = '', renamed = ''] = texts();
    let analysis = analyse(added);
    const before = new Set(crossingsOf(analysis));
    analysis = analyse(renamed, NO_SETTINGS, analysis);
    const others = crossingsOf(analysis).filter((crossing) => !before.has(crossing));
    assert.ok(others.length > 0 && before.size > others.length);
    for (const { from, to } of others) assert.ok([from.name, to.name].includes('new-12'));
  });
});
