import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { grammar } from '../exports/grammars.ts';
import { cmtopo, folderWith, GOOD, jsonReport, removeFolder } from './cli.ts';

const TOPOLOGY = GOOD.replace('zones:\n', 'zones:\n  branch: { networks: [10.20.0.0/16] }\n');

const rule = (name: string, priority: number, more: object = {}) => ({
  name,
  priority,
  direction: 'Inbound',
  access: 'Allow',
  protocol: 'Tcp',
  sourceAddressPrefix: '10.20.0.0/16',
  sourcePortRange: '*',
  destinationAddressPrefix: '10.10.0.10',
  destinationPortRange: '443',
  ...more,
});
const NSG = JSON.stringify({
  name: 'nsg-hq',
  securityRules: [
    rule('tagged', 200, { sourceAddressPrefix: 'AzureCloud' }),
    rule('web', 100, { destinationPortRange: null, destinationPortRanges: ['443', '80'] }),
    rule('none', 4096, {
      access: 'Deny',
      protocol: '*',
      sourceAddressPrefix: '*',
      destinationAddressPrefix: '*',
      destinationPortRange: '*',
    }),
  ],
});

describe('cmtopo import', () => {
  let folder = '';
  before(() => {
    folder = folderWith({
      'site.topology.yaml': TOPOLOGY,
      'three.topology.yaml': TOPOLOGY.replace('zones:\n', 'zones:\n  lab: {}\n'),
      'nsg.json': NSG,
      'open.json': JSON.stringify({
        name: 'nsg-hq',
        securityRules: [rule('tagged', 200, { sourceAddressPrefix: 'AzureCloud' })],
      }),
      'rules.csv': 'Direction,Action\r\nInbound,Allow\r\n',
      'plain.json': JSON.stringify([
        { DisplayName: 'On', Direction: 1, Action: 2, Enabled: 1, Profile: 0 },
        { DisplayName: 'Off', Direction: 1, Action: 2, Enabled: 2, Profile: 0 },
      ]),
    });
  });
  after(() => removeFolder(folder));
  const run = (...args: readonly string[]) => cmtopo(['import', ...args], { cwd: folder });

  it('prints an entry with the names of the topology, and says what it leaves out at its place and on standard error', () => {
    const { status, out, err } = run(
      'nsg.json',
      '--topology',
      'site.topology.yaml',
      '--between',
      'hq,branch',
    );
    assert.equal(status, 0);
    assert.equal(
      out,
      `# Imported from nsg.json (Azure network security group) by cmtopo import.
firewalls:
  # Azure network security group nsg-hq
  nsg-hq:
    zones: [hq, branch]
    rules:
      # Note: Inbound, by priority.
      - { action: allow, from: branch, to: cm01, tcp: [80, 443], name: "web" }
      # Not written: allow rule 'tagged' (priority 200): its source 'AzureCloud' is a service tag; say what it stands for with --map AzureCloud=NAMES; without it less passes here.
      - { action: deny, from: any, to: hq, name: "none" }
      # Note: The default rules decide nothing here, a rule above is for all traffic.
      # Note: Outbound, by priority.
      # Note: Default: AllowVnetOutBound and AllowInternetOutBound, two default rules: together they allow everything.
      - { action: allow, from: hq, to: any }
`,
    );
    assert.equal(
      err,
      `cmtopo: 3 rules written, but a topology cannot express everything:
  allow rule 'tagged' (priority 200): its source 'AzureCloud' is a service tag; say what it stands for with --map AzureCloud=NAMES
`,
    );
  });

  it('gives what can be pasted: the file with it checks, and the firewall is judged', () => {
    const { out } = run(
      'nsg.json',
      '--topology',
      'site.topology.yaml',
      '--between',
      'hq,branch',
      '--name',
      'edge',
    );
    const pasted = `${TOPOLOGY}clients:\n  pcs: { site: PS1, zone: branch }\n${out}`;
    const found =
      jsonReport(cmtopo(['check', '-', '--format', 'json'], { input: pasted })).files[0]?.diagnostics ?? [];
    const codes = new Set(found.map(({ code }) => code));
    assert.ok(codes.has('firewall-blocked'));
    for (const code of codes) assert.match(code, /^firewall-/);
  });

  it('reads standard input, and without a topology takes the zones as they are given', () => {
    const given = cmtopo(['import', '-', '--between', 'hq,branch'], { input: NSG });
    assert.equal(given.status, 0);
    assert.match(given.out, /zones: \[hq, branch\]/);
    assert.match(given.out, /from: 10\.20\.0\.0\/16, to: 10\.10\.0\.10/);
    const bare = cmtopo(['import', '-'], { input: NSG });
    assert.match(bare.out, /zones: \[inside, outside\]/);
    assert.match(bare.err, /--between ZONE,ZONE names them\n$/);
  });

  it('takes words for names as often as they are given', () => {
    const { out } = run(
      'open.json',
      '--between',
      'a,b',
      '--map',
      'AzureCloud=10.9.0.0/24',
      '--map',
      'VirtualNetwork=a,b',
    );
    assert.match(out, /from: 10\.9\.0\.0\/24, to: 10\.10\.0\.10, tcp: 443, name: "tagged"/);
    assert.match(out, /from: \[a, b\], to: a, name: "AllowVnetInBound"/);
  });

  it('lists what plain Get-NetFirewallRule does not tell, and writes no rule without it', () => {
    const { status, out, err } = run('plain.json', '--between', 'hq,branch');
    assert.equal(status, 0);
    assert.match(err, /the export has no Protocol, LocalPort, RemotePort, RemoteAddress/);
    assert.match(out, /Not written: allow rule 'On': its ports and addresses are not in the export/);
    assert.match(out, /Note: 1 rule that is not enabled: left out/);
    assert.doesNotMatch(out, /name: "On"/);
  });

  it('says which columns an export lacks and what is taken for them', () => {
    const row = {
      DisplayName: 'web',
      Direction: 1,
      Action: 2,
      Enabled: 1,
      Profile: 0,
      Protocol: 'TCP',
      // As Windows PowerShell 5.1 writes a list.
      LocalPort: { value: ['80', '90'], Count: 2 },
      RemotePort: 'Any',
      RemoteAddress: ['10.0.0.0/255.0.0.0'],
      Program: 'C:\\web.exe',
    };
    const { out } = cmtopo(['import', '-', '--between', 'hq,branch'], { input: JSON.stringify(row) });
    assert.match(out, /# Not exact: the export has no LocalAddress, Package, .*: taken as Any\./);
    assert.match(
      out,
      /# Not exact: allow rule 'web' \(inbound\): it is limited to program 'C:\\web\.exe'; written without that limit\./,
    );
    assert.match(out, /from: 10\.0\.0\.0\/8, to: hq, tcp: \[80, 90\], name: "web"/);
  });

  it('names the way out where rules are left out because another side than the protected one was taken', () => {
    const group = JSON.stringify({
      name: 'nsg-hq',
      securityRules: ['10.10.0.10', '10.20.0.10', '10.20.0.11'].map((destinationAddressPrefix, index) =>
        rule(`to ${destinationAddressPrefix}`, 100 + index, { destinationAddressPrefix }),
      ),
    });
    const from = (...args: readonly string[]) =>
      cmtopo(['import', '-', '--topology', 'site.topology.yaml', '--between', 'hq,branch', ...args], {
        cwd: folder,
        input: group,
      });
    const hint =
      'hq is taken to be what is protected, and 2 rules are about none of its addresses; where something else is protected, say so with --inside NAME';
    const guessed = from();
    assert.ok(guessed.out.includes(`      # Not exact: ${hint}.\n`), guessed.out);
    assert.ok(guessed.err.includes(`  ${hint}\n`), guessed.err);
    assert.equal(from('--inside', 'hq').err, '');
    const said = from('--inside', 'branch');
    assert.equal(said.err, '');
    assert.match(said.out, /to: 10\.20\.0\.10, tcp: 443/);
  });

  it('says in one line what is wrong, with status 2', () => {
    const both = ['--between', 'hq,branch'] as const;
    const topology = ['--topology', 'site.topology.yaml'] as const;
    const cases: readonly (readonly [readonly string[], RegExp, string?])[] = [
      [['none.json'], /^cmtopo: none\.json: no such file or folder\n$/],
      [['-'], /^cmtopo: <stdin>: it is empty\n$/, ' \n'],
      [
        ['-'],
        /^cmtopo: <stdin>: it begins like JSON but is not valid JSON: /,
        '{"a": \u0000}'.replace('\u0000', '\u202e'),
      ],
      [
        ['-'],
        /^cmtopo: <stdin>: not a format that import knows: Cisco ASA, Palo Alto Networks PAN-OS, Fortinet FortiOS, nftables, Windows Firewall, Azure network security group, Azure Firewall; /,
        '{}',
      ],
      [['-'], /^cmtopo: <stdin>: not a format that import knows/, 'some text'],
      [['-'], /as text; write it as JSON with: nft -j list ruleset\n$/, 'table inet filter {\n}\n'],
      [['-', '--format', 'nsg'], /^cmtopo: <stdin>: no network security group in it\n$/, '[]'],
      ...[
        { value: [{ effectiveSecurityRules: [rule('one', 100)] }], nextLink: null },
        [{ NetworkSecurityGroup: { Id: '/x' }, EffectiveSecurityRules: [rule('one', 100)] }],
      ].map(
        (printed) =>
          [
            ['-'],
            /^cmtopo: <stdin>: the effective rules of a network interface; .*: az network nsg show\n$/,
            JSON.stringify(printed),
          ] as const,
      ),
      [
        ['-', '--host', 'web01'],
        /^cmtopo: <stdin>: the ruleset has no input or output chain/,
        '{"nftables":[]}',
      ],
      [
        ['nsg.json', '--format', 'bicep'],
        /^cmtopo: --format bicep: not one of cisco-asa, pan-os, fortios, nftables, windows, nsg, azure-firewall/,
      ],
      [['nsg.json', '--between', 'hq'], /^cmtopo: --between hq: a firewall connects two or more zones/],
      [['nsg.json', '--between', 'hq,no good'], /^cmtopo: --between no good: not a name/],
      [['nsg.json', ...topology, '--between', 'hq,branhc'], /no zone of that name; did you mean branch\?\n$/],
      [
        ['nsg.json', ...topology, ...both, '--inside', 'cm1'],
        /^cmtopo: --inside cm1: .*did you mean cm01\?\n$/,
      ],
      [
        ['nsg.json', '--topology', 'three.topology.yaml', ...both, '--inside', 'lab'],
        /^cmtopo: --inside lab: its zone lab is not among those of --between \(hq, branch\)\n$/,
      ],
      [['nsg.json', ...both, '--map', 'eth0'], /^cmtopo: --map eth0: write WORD=NAME/],
      [['nsg.json', ...both, '--map', 'eth0=10.0.0.0/99'], /is not an address or a network\n$/],
      [['nsg.json', '--name', 'a b'], /^cmtopo: --name a b: letters, digits/],
      [['-', '--topology', '-'], /^cmtopo: only one of FILE and --topology can be standard input\n$/],
      [[], /^cmtopo: an argument is missing: cmtopo import FILE/],
    ];
    for (const [args, said, input = ''] of cases) {
      const { status, out, err } = cmtopo(['import', ...args], { cwd: folder, input });
      assert.deepEqual(
        { status, out, lines: err.split('\n').length },
        { status: 2, out: '', lines: 2 },
        `${args} ${err}`,
      );
      assert.match(err, said);
    }
  });

  it('reads a registry export in UTF-16, as Windows writes it, and a list of the console with its direction', () => {
    const reg = [
      'Windows Registry Editor Version 5.00',
      '',
      '[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\SharedAccess\\Parameters\\FirewallPolicy\\FirewallRules]',
      '"CM"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|Name=x|"',
      '',
    ].join('\r\n');
    writeFileSync(join(folder, 'rules.reg'), Buffer.from(`\ufeff${reg}`, 'utf16le'));
    const options = ['--topology', 'site.topology.yaml', '--host', 'cm01'];
    const { status, out, err } = run('rules.reg', ...options);
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    assert.match(out, /hosts: \[cm01\]/);
    assert.match(out, /- \{ action: allow, from: any, to: cm01, tcp: 445, name: "x" \}/);
    const list =
      'Name\tEnabled\tAction\tProtocol\tLocal Address\tRemote Address\tLocal Port\tRemote Port\nweb\tYes\tBlock\tTCP\tAny\tAny\tAny\t443\n';
    writeFileSync(join(folder, 'list.txt'), list);
    assert.match(run('list.txt', ...options).err, /^cmtopo: list\.txt: a list .* --direction inbound\n$/);
    assert.match(
      run('list.txt', ...options, '--direction', 'outbound').out,
      /deny, from: cm01, to: any, tcp: 443/,
    );
    assert.match(run('list.txt', ...options, '--direction', 'in').err, /--direction in: /);
  });

  it('refuses a file that is far too large, at once', () => {
    const { status, err } = cmtopo(['import', '-'], { input: `[${'1,'.repeat(25_000_000)}1]` });
    assert.equal(status, 2);
    assert.match(err, /^cmtopo: <stdin>: the file is too large/);
  });
});

describe('docs/import.md', () => {
  const page = readFileSync(join('docs', 'import.md'), 'utf8');

  it('has a command for PowerShell that its grammar reads, and that exports every column', async () => {
    const [, script = ''] = /```powershell\n([\s\S]*?)```/.exec(page) ?? [];
    const read = await grammar('powershell');
    assert.equal(read(script).hasError, false);
    const columns = [...script.matchAll(/(\w+) = /g)].map(([, name]) => name);
    const row = Object.fromEntries(columns.map((name) => [name, 'Any']));
    const text = JSON.stringify([
      { ...row, Direction: 'Inbound', Action: 'Allow', Enabled: 'True', Protocol: 'TCP' },
    ]);
    const { err, out } = cmtopo(['import', '-', '--between', 'hq,branch'], { input: text });
    assert.equal(err, '');
    assert.match(out, /action: allow, from: any, to: hq, tcp: any/);
  });

  it('shows what the command in it really prints', () => {
    const [, command = '', shown = ''] = /```console\n\$ cmtopo ([^\n]*)\n([\s\S]*?)```/.exec(page) ?? [];
    const { out } = cmtopo(command.split(' '));
    if (process.env.CMTOPO_UPDATE_GOLDEN)
      writeFileSync(
        join('docs', 'import.md'),
        page.replace(shown, () => out),
      );
    else assert.equal(out, shown);
  });
});
