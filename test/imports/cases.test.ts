// The smallest inputs that were read wrongly once.
import assert from 'node:assert/strict';
import { imported } from './imported.ts';

const zones = ['outside', 'inside'];

/** The entry without its notes. */
function rulesOf(text: string): readonly string[] {
  return imported(text, { zones, inside: 'inside' })
    .text.split('\n')
    .filter((line) => /^\s+- /.test(line))
    .map((line) => line.trim());
}

const rule = (priority: number, port: string, access = 'Allow') => ({
  protocol: 'Tcp',
  sourcePortRange: '*',
  destinationPortRange: port,
  sourceAddressPrefix: '10.20.0.0/16',
  destinationAddressPrefix: '*',
  access,
  priority,
  direction: 'Inbound',
});

describe('what is imported', () => {
  it('has rules that a template tells as resources of their own in their group, once', () => {
    const type = 'Microsoft.Network/networkSecurityGroups';
    const text = JSON.stringify({
      $schema: 'x',
      parameters: { group: { defaultValue: 'hq-nsg' } },
      resources: [
        {
          type,
          name: "[parameters('group')]",
          properties: { securityRules: [{ name: 'AllowSQL', properties: rule(100, '1433') }] },
        },
        {
          type: `${type}/securityRules`,
          name: "[concat(parameters('group'), '/AllowSQL')]",
          properties: rule(100, '1433'),
        },
        {
          type: `${type}/securityRules`,
          name: "[format('{0}/{1}', parameters('group'), 'DenyRDP')]",
          properties: rule(110, '3389', 'Deny'),
        },
      ],
    });
    const entry = imported(text, { zones, inside: 'inside' }).text;
    assert.deepEqual(
      [...entry.matchAll(/^ {2}(\S+):$/gm)].map(([, name]) => name),
      ['hq-nsg'],
    );
    assert.deepEqual(
      rulesOf(text).flatMap((line) => /name: "(\w+)"/.exec(line)?.[1] ?? []),
      ['AllowSQL', 'DenyRDP'],
    );
  });

  it('may have comments, as Azure takes them', () => {
    const plain = JSON.stringify({
      type: 'Microsoft.Network/networkSecurityGroups',
      name: 'hq-nsg',
      properties: { securityRules: [{ name: 'r1', properties: rule(100, '443') }] },
    });
    assert.deepEqual(rulesOf(`// office\n${plain.replace('{', '/* first */ {')}`), rulesOf(plain));
    assert.ok(rulesOf(plain).some((line) => line.includes('443')));
  });

  it('has a rule of Windows Firewall that overrides block rules above them', () => {
    const head =
      'DisplayName,Direction,Action,Enabled,Profile,Protocol,LocalPort,RemotePort,IcmpType,LocalAddress,RemoteAddress,Program,Service,Authentication,OverrideBlockRules';
    const row = (name: string, action: string, address: string, isOverride: string) =>
      `${name},Inbound,${action},True,Any,TCP,445,Any,Any,Any,${address},Any,Any,Required,${isOverride}`;
    const names = (isOverride: string) =>
      rulesOf(
        [
          head,
          row('Block', 'Block', '10.20.0.0/16', 'False').replace('Required', 'NotRequired'),
          row('Bypass', 'Allow', '10.20.0.10', isOverride),
        ].join('\n'),
      ).flatMap((line) => /name: "(\w+)"/.exec(line)?.[1] ?? []);
    assert.deepEqual(names('True'), ['Bypass', 'Block']);
    assert.deepEqual(names('False'), ['Block', 'Bypass']);
  });

  it('names the zones behind all interfaces but one', () => {
    const ruleset = (interfaceName: string) =>
      JSON.stringify({
        nftables: [
          { table: { family: 'inet', name: 'f' } },
          {
            chain: {
              family: 'inet',
              table: 'f',
              name: 'fw',
              type: 'filter',
              hook: 'forward',
              prio: 0,
              policy: 'drop',
            },
          },
          {
            rule: {
              family: 'inet',
              table: 'f',
              chain: 'fw',
              expr: [
                { match: { op: '==', left: { meta: { key: 'iifname' } }, right: 'eth0' } },
                { match: { op: '!=', left: { meta: { key: 'oifname' } }, right: interfaceName } },
                { accept: null },
              ],
            },
          },
        ],
      });
    const read = (text: string, map: Readonly<Record<string, readonly string[]>>) =>
      imported(text, { zones: ['hq', 'branch', 'plant'], map }).text;
    assert.match(
      read(ruleset('eth0'), { eth0: ['hq'], eth1: ['branch'] }),
      /action: allow, from: hq, to: \[branch, plant\]/,
    );
    assert.match(read(ruleset('lo'), { eth0: ['hq'] }), /action: allow, from: hq, to: any/);
    const both = read(ruleset('eth0'), { eth0: ['hq'], eth1: ['hq', 'branch'] });
    assert.match(both, /Not written: .* every interface but 'eth0'/);
    assert.doesNotMatch(both, /action: allow/);
  });

  it('leaves out a limit to source ports from which any connection is opened, and says so', () => {
    const group = (range: string) =>
      JSON.stringify({
        type: 'Microsoft.Network/networkSecurityGroups',
        name: 'hq-nsg',
        properties: {
          securityRules: [{ name: 'r1', properties: { ...rule(100, '443'), sourcePortRange: range } }],
        },
      });
    const nft = (low: number) =>
      JSON.stringify({
        nftables: [
          { table: { family: 'inet', name: 'f' } },
          {
            chain: {
              family: 'inet',
              table: 'f',
              name: 'c',
              type: 'filter',
              hook: 'forward',
              prio: 0,
              policy: 'drop',
            },
          },
          {
            rule: {
              family: 'inet',
              table: 'f',
              chain: 'c',
              expr: [
                {
                  match: {
                    op: '==',
                    left: { payload: { protocol: 'tcp', field: 'sport' } },
                    right: { range: [low, 65535] },
                  },
                },
                { match: { op: '==', left: { payload: { protocol: 'tcp', field: 'dport' } }, right: 443 } },
                { accept: null },
              ],
            },
          },
        ],
      });
    for (const [wide, narrow] of [
      [group('1024-65535'), group('50000-65535')],
      [nft(1024), nft(50_000)],
    ] as const) {
      const read = (text: string) => imported(text, { zones, inside: 'inside' }).text;
      assert.match(read(wide), /# Not exact: .*source ports; all from which a connection is opened/);
      assert.match(read(wide), /action: allow, .*tcp: 443/);
      assert.match(read(narrow), /# Not written: .*source ports, which a topology does not have/);
      assert.doesNotMatch(read(narrow), /tcp: 443/);
    }
  });
});
