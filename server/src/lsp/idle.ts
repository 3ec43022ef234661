// What the process of the server does once nobody asks it for anything.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * Milliseconds without a message before each collection. The first finds what is free. The second empties pages of which
 * little is in use, and gives back the young generation: V8 does where little was made in the last five seconds.
 */
const IDLE: readonly number[] = [2_500, 5_500];

/** Bytes by which the heap has to have grown, so that no collection follows a hover or two. */
const WORTH = 2 ** 22;

/** Bytes of a heap that takes so long to collect that people notice, should they type in that very moment. */
const MOST = 2 ** 28;

/**
 * Collects garbage once no message has come for a while. V8 itself lets a heap grow to a multiple of what is in use
 * before it looks, and looks no more after the last edit.
 * @param collect what collects; it is told whether no collection follows until the next message
 * @param idle milliseconds without a message before each collection
 * @param held how many bytes the heap has
 * @returns to be called at each message
 */
export function collectWhenIdle(
  collect: (isLast: boolean) => void = collectGarbage,
  idle: readonly number[] = IDLE,
  held: () => number = () => getHeapStatistics().total_heap_size,
): () => void {
  let least = held();
  let timer: NodeJS.Timeout | undefined;
  const wait = (round: number): void => {
    timer = setTimeout(() => look(round), idle[round]).unref();
  };
  const look = (round: number): void => {
    const now = held();
    if (now > MOST || (round === 0 && now - least < WORTH)) return;
    const isLast = round + 1 === idle.length;
    collect(isLast);
    if (!isLast) wait(round + 1);
  };
  return () => {
    // Pages are given back a while after a collection.
    least = Math.min(least, held());
    clearTimeout(timer);
    wait(0);
  };
}

/** V8 keeps empty pages for later since its version 12. Only its last resort, two collections or more, gives them back. */
const KEEPS_PAGES = Number.parseInt(process.versions.v8, 10) >= 12;

let engine: unknown;

/**
 * Has the engine collect all garbage; does nothing where it does not let others say when.
 * @param isThorough whether it is to give back all that it can, which takes longer
 */
export function collectGarbage(isThorough: boolean): void {
  if (engine === undefined) {
    // It gives its function to a global object that is made while the flag is set.
    setFlagsFromString('--expose-gc');
    engine = runInNewContext('globalThis.gc');
    setFlagsFromString('--no-expose-gc');
  }
  if (typeof engine !== 'function') return;
  // Only then does it move what is on pages that are mostly free; the program is run as before.
  setFlagsFromString('--optimize-for-size');
  if (isThorough && KEEPS_PAGES) engine({ type: 'major', execution: 'sync', flavor: 'last-resort' });
  else engine();
  setFlagsFromString('--no-optimize-for-size');
}
