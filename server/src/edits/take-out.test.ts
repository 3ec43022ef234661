import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import { entries, resolve } from '../text/values.ts';
import { yamlList } from './take-out.ts';

describe('a list that a fix writes', () => {
  it('is read again as the same words, also where an address begins or ends with a colon', () => {
    for (const words of [
      ['fd00::'],
      ['::'],
      ['fd00::', 'fd00::2/127', '::/0', '::1', 'hq'],
      ['10.1.0.0/16'],
    ]) {
      const tree = parseText(`{ from: ${yamlList(words)}, to: any }\n`);
      const { root } = tree;
      assert.ok(root?.kind === 'map');
      const [from, to] = entries(root).map(({ pair }) => resolve(pair.value));
      const items = from?.kind === 'seq' ? from.items : [from];
      assert.deepEqual(
        items.map((item) => (item?.kind === 'scalar' ? item.text : undefined)),
        words,
      );
      assert.ok(to?.kind === 'scalar');
    }
  });
});
