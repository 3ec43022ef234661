import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { collectGarbage, collectWhenIdle } from './idle.ts';

describe('The process of the server', () => {
  /** Waits for something, and then for as long as something more would take. */
  const until = async (is: () => boolean) => {
    for (let turn = 0; turn < 10_000 && !is(); turn++) await wait(1);
    await wait(20);
  };

  for (const isThorough of [false, true]) {
    it(`can have the engine collect garbage${isThorough ? ' thoroughly' : ''}`, async () => {
      let thing: object | undefined = { of: new Array(1000) };
      const reference = new WeakRef(thing);
      thing = undefined;
      await wait(1);
      collectGarbage(isThorough);
      assert.equal(reference.deref(), undefined);
      assert.equal('gc' in globalThis, false);
    });
  }

  const MB = 2 ** 20;
  /** A heap that has grown by so much whenever somebody looks. */
  const growing = (by: number) => {
    let held = 0;
    return () => (held += by);
  };

  it('collects twice after the last message', async () => {
    let collections = 0;
    const stir = collectWhenIdle(() => collections++, [1, 1], growing(8 * MB));
    stir();
    stir();
    assert.equal(collections, 0);
    await until(() => collections >= 2);
    assert.equal(collections, 2);
    stir();
    await until(() => collections >= 4);
    assert.equal(collections, 4);
  });

  it('is thorough in the last collection after a message', async () => {
    const thorough: boolean[] = [];
    const stir = collectWhenIdle((isLast) => thorough.push(isLast), [1, 1], growing(8 * MB));
    stir();
    await until(() => thorough.length >= 2);
    assert.deepEqual(thorough, [false, true]);
  });

  it('begins again where a message comes meanwhile', async () => {
    let collections = 0;
    const stir = collectWhenIdle(
      () => {
        collections++;
        if (collections === 1) queueMicrotask(stir);
      },
      [1, 1],
      growing(8 * MB),
    );
    stir();
    await until(() => collections >= 3);
    assert.equal(collections, 3);
  });

  for (const [what, held] of [
    ['where little has been made', growing(1024)],
    ['a heap that takes long to collect', growing(300 * MB)],
  ] as const) {
    it(`does not collect ${what}`, async () => {
      let collections = 0;
      const stir = collectWhenIdle(() => collections++, [1, 1], held);
      stir();
      await wait(20);
      assert.equal(collections, 0);
    });
  }
});
