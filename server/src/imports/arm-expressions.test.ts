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
