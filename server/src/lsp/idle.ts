// What the process of the server does once nobody asks it for anything.
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Milliseconds without a message. */
const IDLE = 3_000;

/** Bytes that have to be made in between, so that no collection follows a hover or two. */
const WORTH = 8 * 1024 * 1024;

/** One collection finds what is free, and the next one empties the pages of which little is in use. */
const ROUNDS = 2;

/**
 * Collects garbage once no message has come for a while. V8 itself lets a heap grow to a multiple of what is in use
 * before it looks, and looks no more after the last edit.
 * @param collect what collects
 * @param idle milliseconds without a message
 * @param worth bytes that have to be made in between
 * @returns to be called at each message
 */
export function collectWhenIdle(collect = collectGarbage, idle = IDLE, worth = WORTH): () => void {
  const used = (): number => getHeapStatistics().used_heap_size;
  let least = used();
  let timer: NodeJS.Timeout | undefined;
  const collectFor = (rounds: number): void => {
    collect();
    least = used();
    // A message that has come meanwhile is answered first, and ends it.
    if (rounds > 1) timer = setTimeout(() => collectFor(rounds - 1), idle / 10).unref();
  };
  const look = (): void => {
    const now = used();
    // V8 has collected something itself.
    if (now < least) least = now;
    if (now - least >= worth) collectFor(ROUNDS);
  };
  return () => {
    clearTimeout(timer);
    timer = setTimeout(look, idle).unref();
  };
}

let engine: unknown;

/** Has the engine collect all garbage; does nothing where it does not let others say when. */
export function collectGarbage(): void {
  if (engine === undefined) {
    // It gives its function to a global object that is made while the flag is set.
    setFlagsFromString('--expose-gc');
    engine = runInNewContext('globalThis.gc');
    setFlagsFromString('--no-expose-gc');
  }
  if (typeof engine !== 'function') return;
  // Only then does it move what is on pages that are mostly free; the program is run as before.
  setFlagsFromString('--optimize-for-size');
  engine();
  setFlagsFromString('--no-optimize-for-size');
}
