import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../analysis.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { lookup } from '../topology/effective.ts';
import { ciscoAsa } from './cisco-asa.ts';
import { sourceOf } from './index.ts';
import { type FileImport, type NoPlace, newEntries, replacedRules } from './into-file.ts';
import { wordMaker } from './words.ts';

const ASA = `hostname edge-fw
interface GigabitEthernet0/0
 nameif hq
interface GigabitEthernet0/1
 nameif branch
object-group service WEB tcp
 port-object eq 80
 port-object eq 443
access-list BRANCH extended permit tcp 10.20.0.0 255.255.0.0 host 10.10.0.10 object-group WEB
access-list BRANCH extended deny ip any any
access-list HQ extended permit ip any any
access-group BRANCH in interface branch
access-group HQ in interface hq
`;

const HEAD = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.10.0.10], roles: { site-server: , sql-server: , management-point: } }
`;

/** Imports into a file: a new entry, or the rules of one of its firewalls. */
function into(text: string, replace?: string): FileImport | NoPlace {
  const { topology } = analyse(text);
  const words = wordMaker(new Map(), topology, ['hq', 'branch'], 'hq', []);
  const firewalls = ciscoAsa.read(sourceOf(ASA), { profile: 'domain', host: false, words });
  const own = replace === undefined ? undefined : lookup(topology.firewalls, replace);
  const [first] = firewalls;
  assert.ok(first);
  const place = { zones: ['hq', 'branch'], inside: undefined, name: undefined, head: [] };
  return own ? replacedRules(topology, own, first, words) : newEntries(topology, firewalls, place, words);
}

function textAfter(text: string, replace?: string): string {
  const found = into(text, replace);
  assert.ok(!('problem' in found), 'problem' in found ? found.problem : '');
  return applyEdits(text, found.edits);
}

/** The rules of a firewall as the file has them now. */
function rulesOf(text: string, name: string) {
  const { topology, findings } = analyse(text);
  const broken = findings().filter(({ code }) =>
    /yaml|unknown|invalid|wrong-type|missing|duplicate/.test(code),
  );
  assert.deepEqual(
    broken.map(({ message }) => message),
    [],
    text,
  );
  const rules = lookup(topology.firewalls, name)?.rules ?? [];
  return rules.map(({ action, from, to, ports }) =>
    `${action?.value} ${from.map(({ value }) => value)} ${to.map(({ value }) => value)} ${ports.map(({ value }) => value)}`.trim(),
  );
}

const WANTED = ['allow hq any', 'deny hq any', 'allow branch cm01 WEB', 'deny branch any'];

describe('an imported firewall in a file', () => {
  it('is a new entry behind those that are there, with the groups that it names', () => {
    for (const own of [
      '',
      'firewalls:\n',
      'firewalls: {}\n',
      'firewalls:\n    old: # ours\n        zones: [hq, branch]\n        rules: []\n        # the end\nportGroups:\n    x: { tcp: [1] }\n',
    ]) {
      const text = HEAD + own;
      const after = textAfter(text);
      assert.deepEqual(rulesOf(after, 'edge-fw'), WANTED, after);
      // Whatever was there is there, in its order.
      const lines = after.split('\n');
      let at = 0;
      for (const line of text.split('\n').filter((each) => each !== '' && each !== 'firewalls: {}')) {
        at = lines.indexOf(line, at) + 1;
        assert.ok(at > 0, `${line} is gone:\n${after}`);
      }
    }
  });

  it('keeps the line breaks of the file', () => {
    const after = textAfter(HEAD.replaceAll('\n', '\r\n'));
    assert.doesNotMatch(after, /(?<!\r)\n/);
    assert.deepEqual(rulesOf(after, 'edge-fw'), WANTED);
  });

  it('begins a section of its own with an empty line where the others do', () => {
    const spaced = textAfter(HEAD.replace('\nsites:', '\n\nsites:'));
    assert.match(spaced, /\n\nportGroups:\n.*\n\nfirewalls:\n/s);
    assert.doesNotMatch(textAfter(HEAD), /\n\n/);
  });

  it('takes another name where its own is taken', () => {
    const once = textAfter(HEAD);
    const found = into(once);
    assert.ok('names' in found);
    assert.deepEqual(found.names, ['edge-fw-2']);
  });

  it('gives its rules to one that is there, of which everything else stays', () => {
    const old = `firewalls:
  # between us and them
  Edge:
    zones: [hq, branch] # both
    planned: true
    # what is let through
    rules:
      - { action: allow, from: any, to: any } # too much
      # and no more
  other: { zones: [hq, branch], rules: [] }
`;
    const after = textAfter(HEAD + old, 'edge');
    assert.deepEqual(rulesOf(after, 'edge'), WANTED, after);
    for (const line of [
      '  # between us and them',
      '  Edge:',
      '    zones: [hq, branch] # both',
      '    # what is let through',
    ])
      assert.ok(after.split('\n').includes(line), after);
    assert.doesNotMatch(after, /planned|too much|and no more/);
    assert.match(after, /\n {2}other: \{ zones: \[hq, branch\], rules: \[\] \}\n/);
  });

  it('gives its rules to an entry in braces, which then stands on lines of its own', () => {
    const after = textAfter(
      `${HEAD}firewalls:\n  edge: { zones: [hq, branch], rules: [], planned: true } # ours\n`,
      'edge',
    );
    assert.deepEqual(rulesOf(after, 'edge'), WANTED, after);
    assert.match(after, /\n {2}edge:\n {4}zones: \[hq, branch\]\n {4}rules:\n/);
  });

  it('changes nothing that is the same', () => {
    const first = textAfter(`${HEAD}firewalls:\n  edge:\n    zones: [hq, branch]\n    rules: []\n`, 'edge');
    const again = into(first, 'edge');
    assert.ok('edits' in again);
    assert.equal(applyEdits(first, again.edits), first);
    const touched = first.replace(
      '- { action: deny, from: branch, to: any }',
      '- { action: deny, from: any, to: any }',
    );
    assert.notEqual(touched, first);
    const found = into(touched, 'edge');
    assert.ok('edits' in found);
    const [edit] = found.edits;
    assert.equal(found.edits.length, 1);
    assert.equal(
      touched.slice(edit?.span.start, edit?.span.end).split('\n').length,
      1,
      'the line that differs',
    );
    assert.equal(applyEdits(touched, found.edits), first);
  });

  it('says why where there is no place for it', () => {
    for (const [text, replace] of [
      [`${HEAD}firewalls: { a: { zones: [hq, branch], rules: [] } }\n`, undefined],
      [`${HEAD}firewalls: { a: { zones: [hq, branch], rules: [] } }\n`, 'a'],
      [`${HEAD}firewalls:\n  a: &x { zones: [hq, branch], rules: [] }\n  b: *x\n`, 'a'],
      ['{ configmgr: 2017-09, zones: { hq: , branch: } }', undefined],
    ] as const) {
      const found = into(text, replace);
      assert.ok('problem' in found, text);
      assert.match(found.problem, /^[A-Z].*\.$/);
    }
  });

  it('adds what was there to nothing, whatever the layout', () => {
    const blank = fc.constantFrom('', ' ', '\n', '# note\n', '  # note\n', '    # deep\n');
    fc.assert(
      fc.property(fc.array(blank, { maxLength: 4 }), fc.boolean(), (parts, hasFirewall) => {
        const own = hasFirewall ? 'firewalls:\n  a:\n    zones: [hq, branch]\n    rules: []\n' : '';
        const text = `${HEAD}${own}${parts.join('')}`;
        const after = textAfter(text);
        assert.deepEqual(rulesOf(after, 'edge-fw'), WANTED);
        if (hasFirewall) assert.ok(lookup(analyse(after).topology.firewalls, 'a'));
      }),
      { numRuns: 50, endOnFailure: true },
    );
  });
});
