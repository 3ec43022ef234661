import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { InlayHint } from 'vscode-languageserver-protocol';
import { HIERARCHY, textOf } from '../../../test/support/features.ts';
import { type Analysis, analyse } from '../analysis.ts';
import { setLocale } from '../l10n.ts';
import { inlayHints } from './inlay-hints.ts';

const URI = 'file:///a.topology.yaml';
const WHOLE = { start: { line: 0, character: 0 }, end: { line: 100_000, character: 0 } };

const labelOf = ({ label }: InlayHint) =>
  typeof label === 'string' ? label : label.map(({ value }) => value).join('');

/** The lines that have a hint, with it in braces where it is. */
function seen(text: string, range = WHOLE): string[] {
  const { tree } = analyse(text);
  return inlayHints(analyse(text), URI, range).map((hint) => {
    const line = text.slice(
      tree.lines.span(hint.position.line).start,
      tree.lines.span(hint.position.line).end,
    );
    const { character } = hint.position;
    return `${line.slice(0, character)}⟨${labelOf(hint)}⟩${line.slice(character)}`.trim();
  });
}

function partsOf(analysis: Analysis, hint: InlayHint | undefined) {
  assert.ok(hint && typeof hint.label !== 'string');
  return hint.label.map(({ value, tooltip, location }) => [
    value,
    tooltip,
    location === undefined ? undefined : textOf(analysis, location.range),
  ]);
}

describe('inlay hints', () => {
  it('show what counts at a line and is written elsewhere', () => {
    assert.deepEqual(seen(HIERARCHY), [
      'database: { server: sql01, instance: CM }⟨port 1444⟩',
      'cm01:⟨rpc 49152-65535⟩',
      'management-point: { protocol: https }⟨https 443 · notify 10123⟩',
      'sql01:⟨rpc 49152-65535⟩',
      'dp-dmz:⟨rpc 49152-65535⟩',
      'distribution-point:⟨http 80, 8080 · https 443⟩',
      'site: PS1⟨http 80, 8080 · https 443 · notify 10123⟩',
    ]);
  });

  it('tell boundary groups and their members, listeners and port groups where they count', () => {
    const text = `configmgr: 2025-12
zones: { east: , west: }
sites: { PS1: { type: primary, database: { availabilityGroup: AG } } }
servers:
  sql01: { roles: { sql-server: { instances: { CM: { port: 1444 } } } } }
clients:
  pcs:
    site: PS1
    zone: east
  kiosks: { site: PS1, zone: [east, west] }
boundaryGroups:
  branch: { members: [east, kiosks] }
availabilityGroups:
  AG:
    replicas: [{ server: sql01, instance: CM }]
    listener:
      name: cm-db
portGroups: { web: { tcp: [443, 80], icmp: true } }
firewalls:
  wan:
    zones: [east, west]
    rules:
      - { action: allow, from: any, to: any, ports: web }
`;
    const shown = seen(text);
    for (const line of [
      'sites: { PS1: { type: primary, database: { availabilityGroup: AG } } }⟨listener port 1433 · port 1444⟩',
      'site: PS1⟨http 80 · https 443 · notify 10123 · boundary group branch⟩',
      'branch: { members: [east, kiosks] }⟨pcs⟩',
      'name: cm-db⟨port 1433⟩',
      '- { action: allow, from: any, to: any, ports: web }⟨tcp 80, 443 · icmp⟩',
    ])
      assert.ok(shown.includes(line), `${line} is not in\n${shown.join('\n')}`);
    const analysis = analyse(text);
    const at = (label: string) => inlayHints(analysis, URI, WHOLE).find((hint) => labelOf(hint) === label);
    assert.deepEqual(partsOf(analysis, at('pcs')), [['pcs', 'These clients are in zone east.', 'pcs']]);
    assert.deepEqual(partsOf(analysis, at('tcp 80, 443 · icmp')), [
      ['tcp 80, 443 · icmp', 'The ports of port group web.', 'web'],
    ]);
  });

  it('say where the value comes from, and lead there', () => {
    const analysis = analyse(HIERARCHY);
    const hints = inlayHints(analysis, URI, WHOLE);
    const at = (label: string) => hints.find((hint) => labelOf(hint) === label);
    assert.deepEqual(partsOf(analysis, at('port 1444')), [
      ['port 1444', 'The port of instance CM on sql01.', '1444'],
    ]);
    assert.deepEqual(partsOf(analysis, at('rpc 49152-65535')), [
      ['rpc 49152-65535', 'Dynamic RPC ports of every server that sets none, from defaults.', '49152-65535'],
    ]);
    assert.deepEqual(partsOf(analysis, at('http 80, 8080 · https 443')), [
      ['http 80, 8080', 'Client port of site PS1.', '80'],
      [' · https 443', 'Client port of site PS1.', '443'],
    ]);
  });

  it('show the ports of the parent at a secondary site', () => {
    const text = `configmgr: 2017-09
sites:
  PS1: { type: primary, clientPorts: { https: 4443 } }
  S01: { type: secondary, parent: PS1, clientPorts: { https: 1 } }
servers:
  mp:
    site: S01
    roles:
      management-point: { protocol: https }
`;
    assert.deepEqual(seen(text), ['management-point: { protocol: https }⟨https 4443 · notify 10123⟩']);
    const analysis = analyse(text);
    const [[value, tooltip, place] = []] = partsOf(analysis, inlayHints(analysis, URI, WHOLE)[0]);
    assert.equal(value, 'https 4443');
    assert.match(String(tooltip), /PS1, the parent of secondary site S01/);
    assert.equal(place, '4443');
  });

  it('show only the ports that a role leaves out', () => {
    const sup = (options: string) =>
      seen(`configmgr: 2017-09\nservers:\n  a:\n    roles:\n      software-update-point:${options}\n`);
    assert.deepEqual(sup(''), ['software-update-point:⟨http 8530 · https 8531⟩']);
    assert.deepEqual(sup(' { httpPort: 80 }'), ['software-update-point: { httpPort: 80 }⟨https 8531⟩']);
    assert.deepEqual(sup('\n        httpPort: 80\n        httpsPort: 443'), []);
  });

  it('show the port of an instance that nobody wrote, and none where nobody can know it', () => {
    const sql = (role: string) =>
      seen(`configmgr: 2017-09\nservers:\n  a:\n    roles:\n      sql-server:${role}\n`);
    assert.deepEqual(sql(''), ['sql-server:⟨port 1433⟩']);
    assert.deepEqual(sql('\n        instances:\n          MSSQLSERVER:\n          CM:'), [
      'MSSQLSERVER:⟨port 1433⟩',
    ]);
    assert.deepEqual(sql('\n        instances:\n          MSSQLSERVER: { dynamicPorts: true }'), []);
  });

  it('are before a comment, once a line, and never inside the text', () => {
    const text = `configmgr: 2017-09
defaults: { rpcDynamicPorts: 5000-5100, zone: hq }
zones: { hq: }
sites: { PS1: { type: primary } }
servers:
  a: { site: PS1, roles: { management-point: , distribution-point: } }   # all in one
`;
    assert.deepEqual(seen(text), [
      'a: { site: PS1, roles: { management-point: , distribution-point: } }⟨zone hq · rpc 5000-5100⟩   # all in one',
    ]);
  });

  it('say nothing where an anchor makes one text mean two things', () => {
    const text = `configmgr: 2017-09
sites:
  PS1: { type: primary, clientPorts: { https: 4443 } }
  PS2: { type: primary }
servers:
  a:
    site: PS1
    roles: &roles
      management-point:
  b:
    site: PS2
    roles: *roles
`;
    assert.deepEqual(seen(text), []);
  });

  it('are given for the lines asked for only', () => {
    const line = HIERARCHY.split('\n').indexOf('  sql01:');
    const range = { start: { line, character: 0 }, end: { line, character: 8 } };
    assert.deepEqual(seen(HIERARCHY, range), ['sql01:⟨rpc 49152-65535⟩']);
  });

  it('leave no English word but names of protocols to a reader of another language', () => {
    for (const [locale, word] of [
      ['ko', '알림'],
      ['zh-tw', '通知'],
    ] as const) {
      setLocale(locale);
      try {
        const [hint] = seen(HIERARCHY).filter((text) => text.startsWith('management-point'));
        assert.equal(hint, `management-point: { protocol: https }⟨https 443 · ${word} 10123⟩`);
      } finally {
        setLocale('en');
      }
    }
  });

  it('do not crowd a file: at most every third line of the examples has one', () => {
    for (const file of ['hierarchy', 'small', 'configmgr-2007', 'mistakes']) {
      const text = readFileSync(`examples/${file}.topology.yaml`, 'utf8');
      const lines = text.split('\n').length;
      const hints = inlayHints(analyse(text), URI, WHOLE);
      assert.ok(hints.length > 0 && hints.length * 3 <= lines, `${file}: ${hints.length} of ${lines}`);
      // VS Code cuts off what is longer (`editor.inlayHints.maximumLength`).
      for (const hint of hints) assert.ok(labelOf(hint).length <= 43, labelOf(hint));
    }
  });
});
