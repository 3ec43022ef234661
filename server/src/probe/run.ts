// Trying connections: so many at once, so many a second.
import type { Attempt } from './attempts.ts';
import type { Outcome, Tried } from './judge.ts';

export interface Pace {
  /** The most connections that are open or being opened at a time. */
  readonly atOnce: number;
  /** The most that are begun in a second. */
  readonly rate: number;
}

/** The world that connections are tried in; a test has one of its own. */
export interface World {
  /** Opens one connection; never fails. */
  readonly connect: (host: string, port: number) => Promise<Tried>;
  /** Milliseconds that only grow. */
  readonly now: () => number;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const RANK: Readonly<Record<Outcome, number>> = { open: 0, refused: 1, silent: 2, untried: 3 };

/**
 * Tries connections in their order. Of several targets of one attempt the next is tried only where the one before
 * did not open, and the best outcome counts.
 * @param onDone called after each attempt with how many are done
 */
export async function runAttempts(
  attempts: readonly Attempt[],
  { atOnce, rate }: Pace,
  { connect, now, sleep }: World,
  onDone: (done: number) => void = () => undefined,
): Promise<ReadonlyMap<Attempt, Tried>> {
  const results = new Map<Attempt, Tried>();
  const gap = 1000 / rate;
  let next = 0;
  let free = now();
  const turn = async () => {
    const wait = free - now();
    free = Math.max(free, now()) + gap;
    if (wait > 0) await sleep(wait);
  };
  const worker = async () => {
    for (let attempt = attempts[next++]; attempt !== undefined; attempt = attempts[next++]) {
      let best: Tried | undefined;
      for (const target of attempt.targets) {
        await turn();
        const tried = await connect(target, attempt.port);
        if (best === undefined || RANK[tried.outcome] < RANK[best.outcome]) best = tried;
        if (best.outcome === 'open') break;
      }
      results.set(attempt, best ?? { outcome: 'untried' });
      onDone(results.size);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, attempts.length) }, worker));
  return results;
}

/** The longest that this can take, in seconds: nothing answers, and every target is waited for. */
export function longest(attempts: readonly Attempt[], { atOnce, rate }: Pace, limit: number): number {
  const targets = attempts.reduce((sum, { targets: own }) => sum + own.length, 0);
  const most = Math.max(0, ...attempts.map(({ targets: own }) => own.length));
  return Math.ceil(targets / rate + (targets / atOnce) * limit + most * limit);
}
