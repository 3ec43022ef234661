import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const EXAMPLE = 'examples/branches.topology.yaml';

function rows(...args: readonly string[]): readonly string[] {
  const { status, out } = cmtopo(['export', EXAMPLE, '--format', 'csv', ...args]);
  assert.equal(status, 0);
  return out.trimEnd().split('\r\n').slice(1);
}

describe('cmtopo export', () => {
  it('leaves out what --without names, and nothing else', () => {
    const all = rows();
    const isInstallation = (row: string) => row.includes(',installation,');
    const isWindows = (row: string) => row.includes(',windows,');
    assert.ok(all.some(isInstallation) && all.some(isWindows));
    assert.deepEqual(
      rows('--without', 'installation,windows'),
      all.filter((row) => !isInstallation(row) && !isWindows(row)),
    );
    assert.deepEqual(
      rows('--without', 'installation', '--without', 'windows'),
      rows('--without', 'windows,installation'),
    );
    const needed = rows('--without', 'optional');
    assert.ok(needed.length < all.length && needed.every((row) => all.includes(row)));
  });

  it('says in the head of the output what was left out', () => {
    const { out } = cmtopo(['export', EXAMPLE, '--format', 'nftables', '--without', 'optional']);
    assert.match(out, /^# Without optional:/m);
  });

  it('refuses a word that --without does not know, and says which there are', () => {
    const { status, out, err } = cmtopo(['export', EXAMPLE, '--format', 'csv', '--without', 'windows,dns']);
    assert.equal(status, 2);
    assert.equal(out, '');
    assert.match(err, /--without dns: not one of optional, installation, windows/);
  });

  it('writes for a firewall only what crosses it: of a client group in several zones the clients on the other side', () => {
    const topology = `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  perimeter: { networks: [192.0.2.0/24] }
  internet: { internet: true }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.1], os: windows-server-2022, roles: { site-server: , sql-server: , sms-provider: } }
  mp02: { site: PS1, zone: perimeter, addresses: [192.0.2.2], os: windows-server-2022, roles: { management-point: { protocol: https, clients: both } } }
clients:
  laptops: { site: PS1, zone: [internet, hq], os: windows-11 }
firewalls:
  edge: { zones: [perimeter, internet] }
  inner: { zones: [hq, perimeter] }
`;
    const sources = (firewall: string) => {
      const { out } = cmtopo(['export', '-', '--format', 'csv', '--firewall', firewall], { input: topology });
      const cells = out.split('\r\n').map((row) => row.split(','));
      return new Set(cells.flatMap(([from, address = '']) => (from === 'laptops' ? [address] : [])));
    };
    assert.deepEqual([...sources('edge')], ['any but 10.1.0.0/16; 192.0.2.0/24']);
    assert.deepEqual([...sources('inner')], ['10.1.0.0/16']);
  });

  it('closes network security groups where that is wanted, and says which formats need no closing rule', () => {
    const args = ['export', EXAMPLE, '--deny-rest', '--format'];
    for (const format of ['nsg-bicep', 'nsg-arm', 'terraform']) {
      const { status, out } = cmtopo([...args, format]);
      assert.equal(status, 0);
      assert.match(out, /cmtopo-deny-rest-in/);
    }
    const { status, out, err } = cmtopo([...args, 'nftables']);
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, /^cmtopo: --deny-rest is for nsg-bicep, nsg-arm, terraform alone$/m);
  });

  it('writes the files of Aerleon into the folder that -o names, and one after the other without it', () => {
    const folder = folderWith({ taken: 'x' });
    try {
      const args = ['export', EXAMPLE, '--format', 'aerleon'];
      const { status, out } = cmtopo([...args, '-o', join(folder, 'acl')]);
      assert.deepEqual({ status, out }, { status: 0, out: '' });
      const read = (path: string) => readFileSync(join(folder, 'acl', path), 'utf8');
      const paths = [
        'def/cmtopo-networks.yaml',
        'def/cmtopo-services.yaml',
        'policies/pol/cmtopo-operation.yaml',
      ];
      const plain = cmtopo(args).out;
      for (const path of paths) assert.ok(plain.includes(`# file: ${path}\n${read(path)}`), path);
      assert.match(read('policies/pol/cmtopo-installation.yaml'), /- name: cmtopo-inst-[0-9a-f]{16}/);
      const { status: failed, err } = cmtopo([...args, '-o', join(folder, 'taken')]);
      assert.equal(failed, 2);
      assert.match(err, /^cmtopo: .*taken: /m);
    } finally {
      removeFolder(folder);
    }
  });

  it('takes another virtual system of PAN-OS, and of nothing else', () => {
    const run = (...args: readonly string[]) => cmtopo(['export', EXAMPLE, ...args]);
    const { out } = run('--format', 'pan-os', '--vsys', 'vsys2');
    assert.match(out, /^set vsys vsys2 rulebase security rules /m);
    assert.doesNotMatch(out, /vsys1/);
    assert.match(run('--format', 'fortios', '--vsys', 'vsys2').err, /--vsys is for pan-os alone/);
    assert.match(
      run('--format', 'pan-os', '--vsys', 'a b').err,
      /--vsys a b: not the name of a virtual system/,
    );
  });

  describe('--endpoints', () => {
    const HIERARCHY = 'examples/hierarchy.topology.yaml';
    const exported = (...args: readonly string[]) => cmtopo(['export', HIERARCHY, ...args]).out;
    /** `server name port`, as the list for the proxy team has them: what has a name that a rule can hold. */
    const listed = () =>
      exported('--format', 'endpoints')
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split(','))
        .filter(([, , name = '']) => !/^missing|</.test(name))
        .map(([, server, name, port]) => `${server} ${name} ${port}`);
    const unique = (texts: readonly string[]) => [...new Set(texts)].sort();

    it('has FortiOS let through the names of the list, for the machines of the list', () => {
      const entries = new Map<string, ReadonlyMap<string, readonly string[]>>();
      for (const [, name = '', body = ''] of exported('--format', 'fortios', '--endpoints').matchAll(
        /^ {4}edit "?([^"\n]+)"?\n((?: {8}set .*\n)+)/gm,
      ))
        entries.set(
          name,
          new Map(
            [...body.matchAll(/set (\S+) (.*)/g)].map(([, key = '', words = '']) => [
              key,
              words.split(' ').map((word) => word.replaceAll('"', '')),
            ]),
          ),
        );
      const get = (name: string, key: string) => entries.get(name)?.get(key) ?? [];
      const opened: string[] = [];
      for (const policy of [...entries.values()].filter((entry) => entry.has('dstaddr'))) {
        const hosts = (policy.get('dstaddr') ?? [])
          .flatMap((name) => get(name, 'member'))
          .flatMap((name) => get(name, 'fqdn'));
        const [source = ''] = policy.get('srcaddr') ?? [];
        const ports = (policy.get('service') ?? []).flatMap((name) => get(name, 'tcp-portrange'));
        for (const host of hosts)
          for (const port of ports) opened.push(`${get(source, 'comment')[0]} ${host} ${port}`);
      }
      assert.ok(opened.length > 50);
      assert.deepEqual(unique(opened), unique(listed()));
    });

    it('has PAN-OS let through the names of the list, by a category in the rule', () => {
      const words = exported('--format', 'pan-os', '--endpoints')
        .split('\n')
        .filter((line) => line.startsWith('set vsys vsys1 '))
        .map((line) =>
          line
            .replaceAll('"', '')
            .split(' ')
            .slice(3)
            .filter((word) => !'[]'.includes(word)),
        );
      const of = (...path: readonly string[]) =>
        words
          .filter((line) => path.every((word, at) => line[at] === word))
          .map((line) => line.slice(path.length));
      const opened: string[] = [];
      for (const [rule = '', key, category = ''] of of('rulebase', 'security', 'rules')) {
        if (key !== 'category') continue;
        const path = ['rulebase', 'security', 'rules', rule];
        assert.deepEqual(of('profiles', 'custom-url-category', category, 'type'), [['URL', 'List']]);
        const hosts = of('profiles', 'custom-url-category', category, 'list').flat();
        const [[source = ''] = []] = of(...path, 'source');
        const [[server] = []] = of('address', source, 'description');
        const ports = of(...path, 'service')
          .flat()
          .flatMap((service) => of('service', service, 'protocol', 'tcp', 'port').flat());
        for (const host of hosts)
          for (const port of ports.flatMap((list) => list.split(',')))
            opened.push(`${server} ${host.replace(/\/$/, '')} ${port}`);
      }
      assert.deepEqual(unique(opened), unique(listed()));
    });

    it('says what has no name, leaves the rest as it is, and is refused for other formats', () => {
      for (const format of ['fortios', 'pan-os']) {
        const [plain, named] = [exported('--format', format), exported('--format', format, '--endpoints')];
        assert.match(named, /^# Not by name: cm01 to internet, HTTPS: no document has a name/m);
        // Only rules to the internet differ.
        const inside = (text: string) =>
          text.split('\n').filter((line) => line.includes('cmtopo-sql') && line.includes('-v4-'));
        assert.deepEqual(inside(named), inside(plain));
        assert.doesNotMatch(plain, /fqdn|custom-url-category/);
        // A name of one's own service is asked for.
        const { out } = cmtopo(['export', EXAMPLE, '--format', format, '--endpoints']);
        assert.match(out, /^# Not by name: cmg01 to .*\.cloudapp\.net: add the name of your own service/m);
      }
      assert.match(
        cmtopo(['export', HIERARCHY, '--format', 'nftables', '--endpoints']).err,
        /--endpoints is for pan-os, fortios alone/,
      );
    });
  });
});
