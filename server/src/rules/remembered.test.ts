// What is kept of servers and flows from one version of a file to the next: who is asked, and that the list is that of a
// text which is opened afresh.
import assert from 'node:assert/strict';
import { type Analysis, analyse, NO_SETTINGS } from '../analysis.ts';
import { isRead } from './certainty.ts';
import { contextOf } from './check.ts';
import { flowsThat, fromServers } from './remembered.ts';
import type { RuleContext } from './rule.ts';

const FILE = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] }, lab: { networks: [10.2.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: } }
  dp01: { site: PS1, zone: hq, roles: { distribution-point: } }
  dp02: { site: PS1, zone: lab, roles: { distribution-point: { pxe: true } } }
  files: { zone: lab, roles: { file-server: } }
clients:
  pcs: { site: PS1, zone: lab }
`;

function contextIn(analysis: Analysis): RuleContext {
  return contextOf(analysis, NO_SETTINGS);
}

/** Servers in the laboratory, and who was asked. */
function inLab() {
  const asked: string[] = [];
  const list = fromServers((server) => {
    asked.push(server.name);
    return server.zone?.value === 'lab' ? [server.name] : [];
  });
  return {
    of(analysis: Analysis) {
      asked.length = 0;
      return { list: list(contextIn(analysis)), asked: [...asked] };
    },
  };
}

const ALL = ['cm01', 'dp01', 'dp02', 'files'];

describe('what follows from single servers', () => {
  it('is asked of those that an edit changed, and put together in the order of the file', () => {
    const lab = inLab();
    let analysis = analyse(FILE);
    const first = lab.of(analysis);
    assert.deepEqual(first, { list: ['dp02', 'files'], asked: ['cm01', 'dp01', 'dp02', 'files'] });
    let text = FILE;
    const edit = (from: string, to: string) => {
      assert.ok(text.includes(from));
      text = text.replace(from, to);
      analysis = analyse(text, NO_SETTINGS, analysis);
      const found = lab.of(analysis);
      assert.deepEqual(found.list, inLab().of(analyse(text)).list, text);
      return found;
    };
    const moved = edit('dp01: { site: PS1, zone: hq', 'dp01: { site: PS1, zone: lab');
    assert.deepEqual(moved, { list: ['dp01', 'dp02', 'files'], asked: ['dp01'] });
    assert.deepEqual(edit('  dp02: ', '  dp03: '), { list: ['dp01', 'dp03', 'files'], asked: ['dp03'] });
    assert.deepEqual(edit('  files: { zone: lab, roles: { file-server: } }\n', ''), {
      list: ['dp01', 'dp03'],
      asked: [],
    });
    assert.deepEqual(edit('  dp01: { site: PS1, zone: lab', '  dp01: { site: PS1, zone: hq').list, ['dp03']);
  });

  it('is asked of the server in which a key is typed that has no colon yet, and not kept', () => {
    const asked: string[] = [];
    const whole = fromServers((server) => {
      asked.push(server.name);
      return server.damaged || server.roles.length > 2 ? [] : [server.name];
    });
    const file = FILE.replace('  files: {', '  sql01:\n    zone: lab\n    \n  files: {');
    const typed = (key: string) => file.replace('    \n', `    ${key}\n`);
    let analysis = analyse(file);
    const { topology } = analysis;
    const first = whole(contextIn(analysis));
    assert.deepEqual(first, ['dp01', 'dp02', 'sql01', 'files']);
    for (const key of ['o', 'os', '']) {
      analysis = analyse(typed(key), NO_SETTINGS, analysis);
      assert.equal(analysis.topology.servers, topology.servers);
      asked.length = 0;
      const list = whole(contextIn(analysis));
      if (key === '') assert.equal(list, first);
      else assert.deepEqual(list, ['dp01', 'dp02', 'files']);
      assert.deepEqual(asked, key === '' ? [] : ['sql01']);
    }
    // A site that is damaged may matter to each server.
    const sites = FILE.replace(
      'sites: { PS1: { type: primary, database: { server: cm01 } } }',
      'sites:\n  PS1:\n    type: primary\n    \n    database: { server: cm01 }',
    );
    analysis = analyse(sites);
    whole(contextIn(analysis));
    analysis = analyse(sites.replace('    \n', '    d\n'), NO_SETTINGS, analysis);
    assert.ok(analysis.topology.sites.get('ps1')?.damaged);
    asked.length = 0;
    whole(contextIn(analysis));
    assert.deepEqual(asked, ['cm01', 'dp01', 'dp02', 'files']);
  });

  it('is the same object for as long as its items are', () => {
    const lab = inLab();
    const first = analyse(FILE);
    const { list } = lab.of(first);
    const text = FILE.replace('  dp01: ', '  dp09: ');
    const second = analyse(text, NO_SETTINGS, first);
    assert.deepEqual(lab.of(second).asked, ['dp09']);
    assert.equal(lab.of(second).list, list);
    const third = analyse(
      text.replace('dp02: { site: PS1', 'dp02: { fqdn: b.x, site: PS1'),
      NO_SETTINGS,
      second,
    );
    assert.notEqual(lab.of(third).list, list);
  });

  it('is asked anew where something else than machines is different, or a part cannot be read', () => {
    const lab = inLab();
    const first = analyse(FILE);
    lab.of(first);
    const all = ['cm01', 'dp01', 'dp02', 'files'];
    const second = analyse(FILE.replace('10.2.0.0/16', '10.3.0.0/16'), NO_SETTINGS, first);
    assert.deepEqual(lab.of(second).asked, all);
    const broken = analyse(FILE.replace('pxe: true }', 'pxe: true'), NO_SETTINGS, second);
    assert.deepEqual(lab.of(broken).asked, all);
    assert.deepEqual(lab.of(broken).asked, []);
    assert.deepEqual(lab.of(analyse(FILE, NO_SETTINGS, broken)).asked, all);
  });

  it('is asked of the server that a mistake comes to or leaves, and of all where it may say something about others', () => {
    const asked: string[] = [];
    const sound = fromServers((server, context) => {
      asked.push(server.name);
      return isRead(context, server) ? [server.name] : [];
    });
    const names = (analysis: Analysis, of = sound) => of(contextIn(analysis));
    const file = `${FILE}  dp0: { site: PS1, zone: hq }\n`;
    let analysis = analyse(file);
    assert.deepEqual(names(analysis), ALL);
    for (const [from, to, first, back = first] of [
      ['pxe: true', 'pxe: tru', ['dp02']],
      ['files: { zone: lab', 'files: { zone: lab, fqdnn: a.b', ['files']],
      ['pcs: { site: PS1', 'pcs: { site: PS1, count: many', []],
      // It has the name of a server, which is as it was.
      ['  dp0: ', '  dp01: ', []],
      // As if it were a section.
      ['files: { zone: lab', 'files: { serverz: lab', ALL, ['files']],
      ['type: primary', 'type: primery', ALL],
      ['os: windows-server-2022', 'os: windows-server-2023', ALL],
    ] as const) {
      assert.ok(file.includes(from), from);
      for (const [text, asks] of [
        [file.replace(from, to), first],
        [file, back],
      ] as const) {
        analysis = analyse(text, NO_SETTINGS, analysis);
        asked.length = 0;
        const list = names(analysis);
        assert.deepEqual(asked, asks, `${from}: ${to}`);
        const fresh = fromServers((server, context) => (isRead(context, server) ? [server.name] : []));
        assert.deepEqual(list, names(analyse(text), fresh), `${from}: ${to}`);
      }
    }
  });

  it('has the places of what the defaults say, wherever these go', () => {
    const list = fromServers((_, { topology }) => [topology.defaults.os]);
    const places = (analysis: Analysis, of = list) => of(contextIn(analysis)).map((os) => os?.span);
    let analysis: Analysis | undefined;
    const [defaults = ''] = /^defaults: .*\n/m.exec(FILE) ?? [];
    const block = 'defaults:\n  os: windows-server-2022\n  rpcDynamicPorts: 49152-65535\n';
    const file = FILE.replace(defaults, '') + block;
    const quoted = file.replace('os: windows-server-2022', "os: 'windows-server-2022'");
    for (const text of [file, quoted, quoted.replace('  dp01: ', '  dp0001: ')]) {
      analysis = analyse(text, NO_SETTINGS, analysis);
      const fresh = fromServers((_, { topology }) => [topology.defaults.os]);
      assert.deepEqual(places(analysis), places(analyse(text), fresh));
    }
  });
});

describe('flows of a kind', () => {
  it('are those of a text that is opened afresh, and the same list where none of them changed', () => {
    const isTftp = ({ protocol, ports }: { readonly protocol: string; readonly ports: readonly string[] }) =>
      protocol === 'udp' && ports.includes('69');
    const list = flowsThat(isTftp);
    const names = (analysis: Analysis, of = list) =>
      of(contextIn(analysis)).map(({ from, to }) => `${from.name} > ${to.name}`);
    let analysis = analyse(FILE);
    assert.deepEqual(names(analysis), ['pcs > dp02']);
    let text = FILE;
    let before = list(contextIn(analysis));
    for (const [from, to, isSame] of [
      ['  files: ', '  files2: ', true],
      [
        '  dp01: { site: PS1, zone: hq, roles: { distribution-point: }',
        '  dp01: { site: PS1, zone: lab, roles: { distribution-point: { pxe: true } }',
        false,
      ],
      ['  files2: ', '  files: ', true],
      ['  dp02: ', '  dp03: ', false],
      ['  pcs: ', '  desks: ', false],
      ['{ pxe: true } } }\n  dp03', '{ multicast: true } } }\n  dp03', false],
    ] as const) {
      assert.ok(text.includes(from), from);
      text = text.replace(from, to);
      analysis = analyse(text, NO_SETTINGS, analysis);
      assert.deepEqual(names(analysis), names(analyse(text), flowsThat(isTftp)), text);
      assert.equal(list(contextIn(analysis)) === before, isSame, from);
      before = list(contextIn(analysis));
    }
  });
});
