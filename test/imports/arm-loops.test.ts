// Loops of ARM templates: what they make is read as if it were written out, and what cannot be made is named.
import assert from 'node:assert/strict';
import { imported } from './imported.ts';

type Json = Readonly<Record<string, unknown>>;

const NSG = 'Microsoft.Network/networkSecurityGroups';
const POLICY = 'Microsoft.Network/firewallPolicies';

const template = (resources: readonly unknown[], more: Json = {}) =>
  JSON.stringify({
    $schema: 'https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#',
    ...more,
    resources,
  });

const rule = (name: string, priority: unknown, port: unknown, more: Json = {}) => ({
  name,
  properties: {
    priority,
    direction: 'Inbound',
    access: 'Allow',
    protocol: 'Tcp',
    sourcePortRange: '*',
    sourceAddressPrefix: '10.2.0.0/16',
    destinationAddressPrefix: '10.1.0.5',
    destinationPortRange: port,
    ...more,
  },
});

const read = (text: string) => imported(text, { zones: ['hq', 'branch'] });

function same(looped: string, plain: string): void {
  const [a, b] = [read(looped), read(plain)];
  assert.equal(a.text, b.text);
  assert.deepEqual(a.gaps, b.gaps);
}

describe('a loop of an ARM template', () => {
  it('makes groups, each with its own number', () => {
    same(
      template(
        [
          {
            type: NSG,
            name: "[format('nsg-{0}', copyIndex(1))]",
            copy: { name: 'groups', count: "[length(parameters('ports'))]" },
            properties: {
              securityRules: [
                rule('web', 100, "[parameters('ports')[copyIndex()]]"),
                rule('two', "[add(200, copyIndex('groups'))]", '22'),
              ],
            },
          },
        ],
        { parameters: { ports: { type: 'array', defaultValue: ['80', '443', 8530] } } },
      ),
      template(
        ['80', '443', '8530'].map((port, index) => ({
          type: NSG,
          name: `nsg-${index + 1}`,
          properties: { securityRules: [rule('web', 100, port), rule('two', 200 + index, '22')] },
        })),
      ),
    );
  });

  it('makes the rules of a group, and lists in a rule', () => {
    same(
      template(
        [
          {
            type: NSG,
            name: 'nsg',
            properties: {
              copy: [
                {
                  name: 'securityRules',
                  count: "[length(variables('open'))]",
                  input: {
                    name: "[concat('open-', variables('open')[copyIndex('securityRules')].name)]",
                    properties: {
                      priority: "[add(100, mul(copyIndex('securityRules'), 10))]",
                      direction: 'Inbound',
                      access:
                        "[if(equals(variables('open')[copyIndex('securityRules')].name, 'c'), 'Deny', 'Allow')]",
                      protocol: 'Tcp',
                      sourcePortRange: '*',
                      sourceAddressPrefix: '*',
                      destinationAddressPrefix: '10.1.0.5',
                      copy: [
                        {
                          name: 'destinationPortRanges',
                          count: 2,
                          input:
                            "[string(add(variables('open')[copyIndex('securityRules')].first, copyIndex('destinationPortRanges')))]",
                        },
                      ],
                    },
                  },
                },
              ],
            },
          },
        ],
        {
          variables: {
            open: [
              { name: 'a', first: 80 },
              { name: 'b', first: 8530 },
              { name: 'c', first: 10123 },
            ],
          },
        },
      ),
      template([
        {
          type: NSG,
          name: 'nsg',
          properties: {
            securityRules: [
              ['a', 80],
              ['b', 8530],
              ['c', 10123],
            ].map(([name, first], index) =>
              rule(`open-${name}`, 100 + index * 10, undefined, {
                access: name === 'c' ? 'Deny' : 'Allow',
                sourceAddressPrefix: '*',
                destinationPortRanges: [String(first), String(Number(first) + 1)],
              }),
            ),
          },
        },
      ]),
    );
  });

  it('makes rules that are resources of their own, and variables', () => {
    same(
      template(
        [
          { type: NSG, name: "[variables('group')]", properties: {} },
          {
            type: `${NSG}/securityRules`,
            name: "[concat(variables('group'), '/rule', copyIndex())]",
            copy: { name: 'rules', count: "[length(variables('ports'))]", mode: 'serial', batchSize: 1 },
            properties: rule('', '[add(300, copyIndex())]', "[variables('ports')[copyIndex('rules')]]")
              .properties,
          },
        ],
        {
          variables: {
            group: 'nsg-hq',
            copy: [{ name: 'ports', count: 3, input: "[string(add(8530, copyIndex('ports')))]" }],
          },
        },
      ),
      template([
        {
          type: NSG,
          name: 'nsg-hq',
          properties: {
            securityRules: [0, 1, 2].map((at) => rule(`rule${at}`, 300 + at, String(8530 + at))),
          },
        },
      ]),
    );
  });

  it('makes rule collection groups of Azure Firewall, their collections and rules', () => {
    const collection = (name: string, priority: number, ports: readonly string[]) => ({
      ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
      name,
      priority,
      action: { type: 'Allow' },
      rules: ports.map((port) => ({
        ruleType: 'NetworkRule',
        name: `p${port}`,
        ipProtocols: ['TCP'],
        sourceAddresses: ['10.2.0.0/16'],
        destinationAddresses: ['10.1.0.5'],
        destinationPorts: [port],
      })),
    });
    same(
      template([
        { type: POLICY, name: 'fw', properties: {} },
        {
          type: `${POLICY}/ruleCollectionGroups`,
          name: "[concat('fw/group', copyIndex())]",
          copy: { name: 'groups', count: 2 },
          properties: {
            priority: '[sub(500, copyIndex())]',
            copy: [
              {
                name: 'ruleCollections',
                count: 2,
                input: {
                  ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
                  name: "[format('c{0}-{1}', copyIndex('groups'), copyIndex('ruleCollections'))]",
                  priority: "[sub(200, copyIndex('ruleCollections'))]",
                  action: { type: 'Allow' },
                  copy: [
                    {
                      name: 'rules',
                      count: 2,
                      input: {
                        ruleType: 'NetworkRule',
                        name: "[concat('p', string(add(80, copyIndex('rules'))))]",
                        ipProtocols: ['TCP'],
                        sourceAddresses: ['10.2.0.0/16'],
                        destinationAddresses: ['10.1.0.5'],
                        destinationPorts: ["[string(add(80, copyIndex('rules')))]"],
                      },
                    },
                  ],
                },
              },
            ],
          },
        },
      ]),
      template([
        { type: POLICY, name: 'fw', properties: {} },
        ...[0, 1].map((group) => ({
          type: `${POLICY}/ruleCollectionGroups`,
          name: `fw/group${group}`,
          properties: {
            priority: 500 - group,
            ruleCollections: [0, 1].map((at) => collection(`c${group}-${at}`, 200 - at, ['80', '81'])),
          },
        })),
      ]),
    );
  });

  it('is named where the template does not say how often, or it is more than Azure makes', () => {
    for (const count of ["[parameters('count')]", 801, -1, 'many', 1.5, null]) {
      const copy = { name: 'x', count };
      const texts = [
        template([{ type: NSG, name: 'a', copy, properties: { securityRules: [rule('web', 100, '80')] } }]),
        template([
          {
            type: NSG,
            name: 'a',
            properties: { copy: [{ name: 'securityRules', count, input: rule('web', 100, '80') }] },
          },
        ]),
        template([
          { type: NSG, name: 'a', properties: {} },
          { type: `${NSG}/securityRules`, name: 'a/web', copy, properties: rule('', 100, '80').properties },
        ]),
        template([
          {
            type: 'Microsoft.Resources/deployments',
            name: 'inner',
            copy,
            properties: {
              template: { resources: [{ type: NSG, name: 'a', properties: { securityRules: [] } }] },
            },
          },
        ]),
        template([
          {
            type: NSG,
            name: 'a',
            properties: {
              securityRules: [
                rule('web', 100, undefined, {
                  copy: [{ name: 'destinationPortRanges', count, input: '80' }],
                }),
              ],
            },
          },
        ]),
        template([
          { type: POLICY, name: 'fw', properties: {} },
          {
            type: `${POLICY}/ruleCollectionGroups`,
            name: 'fw/g',
            copy,
            properties: { priority: 1, ruleCollections: [] },
          },
        ]),
      ];
      for (const text of texts) {
        const { gaps } = read(text);
        assert.ok(
          gaps.some((gap) => gap.includes('loop (copy)')),
          `${text}\n${gaps.join('\n')}`,
        );
      }
    }
  });

  it('is bounded: loops in loops, and values that refer to one another', () => {
    const chain = Object.fromEntries(
      Array.from({ length: 60 }, (_, at) => [
        `v${at}`,
        at === 0 ? 'x' : [`[variables('v${at - 1}')]`, `[variables('v${at - 1}')]`],
      ]),
    );
    const start = performance.now();
    const loop = (depth: number): unknown => ({
      p: depth,
      copy: [{ name: 'deep', count: 800, input: depth === 0 ? 'x' : loop(depth - 1) }],
    });
    const { gaps } = read(
      template(
        [{ type: NSG, name: 'a', properties: { securityRules: "[variables('v59')]", more: loop(10) } }],
        { variables: chain },
      ),
    );
    assert.ok(performance.now() - start < 20_000);
    assert.ok(gaps.length > 0);
  });
});

describe('a resource of an ARM template', () => {
  it('that is made under a condition is written, with the condition', () => {
    const group = (condition: unknown) =>
      read(
        template(
          [{ type: NSG, name: 'a', condition, properties: { securityRules: [rule('web', 100, '80')] } }],
          {
            parameters: { on: { type: 'bool', defaultValue: false }, asked: { type: 'bool' } },
          },
        ),
      );
    assert.deepEqual(group(true).gaps, group("[not(parameters('on'))]").gaps);
    for (const condition of ["[parameters('on')]", "[parameters('asked')]", false]) {
      const { gaps, rules } = group(condition);
      assert.equal(rules, group(true).rules);
      assert.ok(
        gaps.some((gap) => gap.includes('only where')),
        String(condition),
      );
    }
  });

  it('of a deployment with a scope of its own does not see what is around it', () => {
    const deploy = (scope: string) =>
      read(
        template(
          [
            {
              type: 'Microsoft.Resources/deployments',
              name: 'inner',
              properties: {
                expressionEvaluationOptions: { scope },
                parameters: { port: { value: "[parameters('web')]" } },
                template: {
                  parameters: { port: { type: 'string' } },
                  resources: [
                    {
                      type: NSG,
                      name: 'a',
                      properties: {
                        securityRules: [
                          rule('own', 100, "[parameters('port')]"),
                          rule('around', 110, "[parameters('web')]"),
                        ],
                      },
                    },
                  ],
                },
              },
            },
          ],
          { parameters: { web: { type: 'string', defaultValue: '8530' } } },
        ),
      );
    assert.match(deploy('inner').text, /tcp: 8530, name: "own"/);
    assert.doesNotMatch(deploy('inner').text, /name: "around"/);
    assert.match(deploy('outer').text, /tcp: 8530, name: "around"/);
  });
});
