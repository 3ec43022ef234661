import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { collectGarbage, collectWhenIdle } from './idle.ts';

describe('The process of the server', () => {
  /** Waits for something, and then for as long as something more would take. */
  const until = async (is: () => boolean) => {
    while (!is()) await wait(1);
    await wait(20);
  };

  it('can have the engine collect garbage', async () => {
    let thing: object | undefined = { of: new Array(1000) };
    const reference = new WeakRef(thing);
    thing = undefined;
    await wait(1);
    collectGarbage();
    assert.equal(reference.deref(), undefined);
    assert.equal('gc' in globalThis, false);
  });

  it('collects twice after the last message', async () => {
    let collections = 0;
    const stir = collectWhenIdle(() => collections++, [1, 1], 0);
    stir();
    stir();
    assert.equal(collections, 0);
    await until(() => collections >= 2);
    assert.equal(collections, 2);
    stir();
    await until(() => collections >= 4);
    assert.equal(collections, 4);
  });

  it('begins again where a message comes meanwhile', async () => {
    let collections = 0;
    const stir = collectWhenIdle(
      () => {
        collections++;
        if (collections === 1) queueMicrotask(stir);
      },
      [1, 1],
      0,
    );
    stir();
    await until(() => collections >= 3);
    assert.equal(collections, 3);
  });

  it('does not collect where little has been made', async () => {
    let collections = 0;
    const stir = collectWhenIdle(() => collections++, [1, 1], Number.POSITIVE_INFINITY);
    stir();
    await wait(20);
    assert.equal(collections, 0);
  });
});
