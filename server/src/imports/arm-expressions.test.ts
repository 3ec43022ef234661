import assert from 'node:assert/strict';
import fc from 'fast-check';
import { armValue } from './arm-expressions.ts';

const values: Readonly<Record<string, unknown>> = {
  nsg: 'hq-nsg',
  count: 3,
  open: true,
  chain: "[variables('x')]",
};
const read = (text: string) => armValue(text, (_, name) => values[name]);

describe('an expression of an ARM template', () => {
  it('stands for what the template says', () => {
    assert.equal(read("[parameters('nsg')]"), 'hq-nsg');
    assert.equal(read("[Parameters( 'open' )]"), true);
    assert.equal(read("[concat(parameters('nsg'), '/DenyRDP')]"), 'hq-nsg/DenyRDP');
    assert.equal(read("[format('{0}/{1}', parameters('nsg'), 'AllowSQL')]"), 'hq-nsg/AllowSQL');
    assert.equal(read("[format('{1}-{0}', concat('a', variables('count')), 'b')]"), 'b-a3');
    assert.equal(read("['it''s']"), "it's");
    const list = "createArray('80', '443')";
    for (const [text, value] of Object.entries({
      [`first(${list})`]: '80',
      [`${list}[1]`]: '443',
      [`length(concat(${list}, createArray('x')))`]: 3,
      [`join(${list}, ',')`]: '80,443',
      [`if(contains(${list}, '80'), 'web', parameters('nobody'))`]: 'web',
      [`if(not(empty(${list})), toUpper('web'), resourceGroup().name)`]: 'WEB',
      "createObject('port', createArray(8530)).PORT[0]": 8530,
      'string(add(sub(div(17, 2), -1), mod(9, 4)))': '10',
      "split('a-b.c', createArray('-', '.'))[2]": 'c',
      "replace(substring('allow-web', 6), 'w', 'W')": 'Web',
      "take(skip('abcdef', 2), 2)": 'cd',
      'last(range(5, 3))': 7,
      "coalesce(null(), 'x')": 'x',
      "indexOf('Web-Rule', 'r')": 4,
      "indexOf(createArray('a', 'B', 'b'), 'b')": 2,
      "lastIndexOf(createArray('a', 'b', 'a'), 'a')": 2,
      "indexOf(createArray('a'), 'c')": -1,
      'min(createArray(3, 1), 2)': undefined,
      'min(3, 1)': 1,
      'max(createArray(3, 7))': 7,
      "intersection(createArray('a', 'b', 'a'), createArray('a'), createArray('c', 'a'))": ['a'],
      "flatten(createArray(createArray('a'), createArray('b', 'c')))[2]": 'c',
      "array('a')[0]": 'a',
      "and(greaterOrEquals(2, 2), equals('a', 'a'), bool('true'))": true,
      "resourceId('Microsoft.Network/ipGroups', parameters('nsg'))":
        '/providers/Microsoft.Network/ipGroups/hq-nsg',
    })) {
      assert.deepEqual(read(`[${text}]`), value, text);
    }
  });

  it('is none where it depends on more than the template, or cannot be read', () => {
    for (const text of [
      'plain',
      "[uniqueString('a')]",
      "[concat('a', resourceGroup().name)]",
      "[parameters('nobody')]",
      "[concat(parameters('chain'), 'b')]",
      "[concat(parameters('open'), 'b')]",
      "[format('{0:N2}', 'a')]",
      "[if(parameters('nobody'), 'a', 'b')]",
      "[createArray('a')[2]]",
      "[createArray('a')[0]",
      "[createObject('a', 1).b]",
      '[mod(1, 0)]',
      '[range(0, 100000)]',
      "[reference('x').y[0].z]",
      '[copyIndex()]',
      "[concat('a'",
      "[concat('a')]]",
      "[concat('a') 'b']",
      "['open]",
      '[]',
      `[${"concat('a',".repeat(1000)}`,
    ])
      assert.equal(read(text), undefined, text);
  });

  it('never throws, and gives a literal back as it was', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        read(`[${text}]`);
        assert.equal(read(`['${text.replaceAll("'", "''")}']`), text);
      }),
    );
  });
});
