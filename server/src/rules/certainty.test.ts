import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import {
  blockCertainty,
  isRead,
  keyCertainty,
  knownOs,
  nameCertainty,
  optionCertainty,
  sectionCertainty,
  unreadServers,
} from './certainty.ts';
import { roleCertainty } from './hierarchy/hierarchy.ts';

/** A file with one server, `a`, and the site `PS1`. */
function file(server: string, site = '{ type: primary }') {
  const analysis = analyse(`configmgr: 2017-09
defaults: { os: windows-server-2016 }
sites:
  PS1: ${site}
servers:
  a: ${server}
`);
  const a = analysis.topology.servers.get('a');
  const ps1 = analysis.topology.sites.get('ps1');
  assert.ok(a && ps1);
  return { analysis, a, ps1 };
}

describe('what a rule may believe', () => {
  const osOf = (server: string) => {
    const { analysis, a } = file(server);
    return [keyCertainty(analysis, a, 'os', a.os), knownOs(a, analysis)?.value];
  };

  it('a key that was read is written, also where its entry has other mistakes', () => {
    assert.deepEqual(osOf('{ os: windows-server-2019, zonne: hq }'), ['written', 'windows-server-2019']);
  });

  it('a key that is nowhere is absent, and then a default counts', () => {
    assert.deepEqual(osOf('{ site: PS1 }'), ['absent', 'windows-server-2016']);
    assert.deepEqual(osOf(''), ['absent', 'windows-server-2016']);
  });

  it('a key that is misspelt, half typed or has a wrong value is unknown, and no default counts', () => {
    for (const server of [
      '{ oss: windows-server-2019 }',
      '{ o: x }',
      '{ os: windows-server-1066 }',
      '{ os: }',
    ])
      assert.deepEqual(osOf(server), ['unknown', undefined], server);
  });

  it('a key is unknown where a line of its entry is damaged, and so are the options of its roles', () => {
    const { analysis, a } = file('\n    site: PS1\n    roles: { wsus-server: }\n    "fqdn: a.contoso.com\n');
    const [role] = a.roles;
    assert.ok(a.damaged && role);
    assert.equal(keyCertainty(analysis, a, 'os', a.os), 'unknown');
    assert.equal(keyCertainty(analysis, a, 'site', a.site), 'written');
    assert.equal(optionCertainty(analysis, role, 'ssl'), 'unknown');
    assert.equal(isRead(analysis, a), false);
  });

  it('an option of a role is as unknown as the entry of its server', () => {
    const option = (roles: string) => {
      const { analysis, a } = file(`{ site: PS1, roles: { ${roles} } }`);
      const [role] = a.roles;
      assert.ok(role);
      return optionCertainty(analysis, role, 'ssl');
    };
    assert.equal(option('software-update-point: { ssl: true }'), 'written');
    assert.equal(option('software-update-point: { httpPort: 80 }'), 'absent');
    assert.equal(option('software-update-point: { ssl: maybe }'), 'unknown');
    assert.equal(option('software-update-point: { ssl true }'), 'unknown');
  });

  it('a block is written only where everything below it was read', () => {
    const ports = (text: string) => {
      const { analysis, ps1 } = file('', `{ type: primary, ${text} }`);
      return blockCertainty(analysis, ps1, 'clientPorts');
    };
    assert.equal(ports('clientPorts: { http: 80 }'), 'written');
    assert.equal(ports('website: SMSWEB'), 'absent');
    assert.equal(ports('clientPorts: { http: 99999 }'), 'unknown');
    assert.equal(ports('clientPort: { http: 80 }'), 'unknown');
  });

  it('an entry is read where neither its text nor the text of its alias has a mistake', () => {
    const read = (anchored: string) => {
      const analysis = analyse(`configmgr: 2017-09\nservers:\n  b: &b ${anchored}\n  a: *b\n`);
      const a = analysis.topology.servers.get('a');
      assert.ok(a);
      return isRead(analysis, a);
    };
    assert.equal(read('{ os: windows-server-2019 }'), true);
    assert.equal(read('{ os: windows-server-1066 }'), false);
  });

  it('a name in a damaged line, or the beginning of it there, may be defined there', () => {
    const certainty = nameCertainty(
      analyse('configmgr: 2017-09\nzones:\n  hq: {}\n  "branch: {}\nservers: {}\n'),
    );
    assert.equal(certainty('branch'), 'unknown');
    assert.equal(certainty('Branch2'), 'unknown');
    assert.equal(certainty('dmz'), 'absent');
  });

  it('a section under a misspelt name is unknown', () => {
    const zones = (text: string) => sectionCertainty('zone', analyse(`configmgr: 2017-09\n${text}`));
    assert.equal(zones('zones: { hq: }\n'), 'written');
    assert.equal(zones('servers: { a: }\n'), 'absent');
    assert.equal(zones('zone: { hq: }\n'), 'unknown');
    assert.equal(zones('zones: 5\n'), 'unknown');
  });

  it('a role of a site may be on each of its servers that was not read, and on one whose site is not known', () => {
    const role = (server: string) => {
      const { analysis, a, ps1 } = file(server);
      const context = {
        tree: analysis.tree,
        topology: analysis.topology,
        flows: () => analysis.flows(),
        reach: () => analysis.reach(),
      } as unknown as Parameters<typeof roleCertainty>[1];
      assert.equal(unreadServers(analysis).has(a), server.includes('managment'));
      return roleCertainty('management-point', context)(ps1);
    };
    assert.equal(role('{ site: PS1, roles: { management-point: } }'), 'written');
    assert.equal(role('{ site: PS1, roles: { distribution-point: } }'), 'absent');
    assert.equal(role('{ site: PS1, roles: { managment-point: } }'), 'unknown');
    assert.equal(role('{ site: PS2, roles: { management-point: } }'), 'unknown');
  });
});
