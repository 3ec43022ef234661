// The space between two columns of a layout, through which lines run from the heights at which they come out on the
// left to those at which they go in on the right: every line gets a place for its upright part, so that few cross
// and none lie on one another.

/** One line through the space, by the heights of its two ends. */
export interface ChannelLine {
  readonly left: number;
  readonly right: number;
}

/** Two lines that run nearer than this look like one. */
const CLOSE = 5;
/** How many crossings two lines on one another are worth. */
const OVERLAP = 20;
/** More lines than these, and the first order is kept: improving it takes the square of the time. */
const MOST_IMPROVED = 400;

/**
 * Gives each passage the number of its track, 0 the leftmost; `undefined` for one that runs straight.
 * @returns the tracks in the order of the passages, and how many there are
 */
export function assignTracks(passages: readonly ChannelLine[]): {
  readonly tracks: readonly (number | undefined)[];
  readonly count: number;
} {
  const bent = passages.flatMap((passage, index) => (isStraight(passage) ? [] : [{ passage, index }]));
  // Lines that go down turn in the order from below, lines that go up in the order from above: those never cross.
  bent.sort((a, b) => {
    const down = Number(b.passage.right > b.passage.left) - Number(a.passage.right > a.passage.left);
    if (down !== 0) return down;
    const sign = a.passage.right > a.passage.left ? -1 : 1;
    return sign * (a.passage.left - b.passage.left) || a.index - b.index;
  });
  const order = bent.length > MOST_IMPROVED ? bent : improved(bent);
  const tracks: (number | undefined)[] = passages.map(() => undefined);
  const placed: { readonly top: number; readonly bottom: number; readonly track: number }[] = [];
  let count = 0;
  for (const { passage, index } of order) {
    const top = Math.min(passage.left, passage.right) - CLOSE;
    const bottom = Math.max(passage.left, passage.right) + CLOSE;
    let track = 0;
    for (const other of placed) {
      if (other.track >= track && other.top < bottom && top < other.bottom) track = other.track + 1;
    }
    placed.push({ top, bottom, track });
    tracks[index] = track;
    count = Math.max(count, track + 1);
  }
  return { tracks, count };
}

/** Whether a line may pass without an upright part. */
function isStraight({ left, right }: ChannelLine): boolean {
  return Math.abs(left - right) < 0.5;
}

/** Swaps neighbours while that leaves fewer crossings. */
function improved<T extends { readonly passage: ChannelLine }>(first: readonly T[]): readonly T[] {
  const order = [...first];
  for (let round = 0; round < order.length; round++) {
    let changed = false;
    for (let i = 0; i + 1 < order.length; i++) {
      const a = order[i];
      const b = order[i + 1];
      if (a === undefined || b === undefined) continue;
      if (cost(b.passage, a.passage) >= cost(a.passage, b.passage)) continue;
      order[i] = b;
      order[i + 1] = a;
      changed = true;
    }
    if (!changed) break;
  }
  return order;
}

/** Crossings and overlaps of two lines where `a` turns to the left of `b`. */
function cost(a: ChannelLine, b: ChannelLine): number {
  // The way of `a` to the right passes the upright of `b`, the way of `b` from the left that of `a`.
  const crossings = Number(isWithin(a.right, b)) + Number(isWithin(b.left, a));
  return crossings + (Math.abs(a.right - b.left) < CLOSE ? OVERLAP : 0);
}

function isWithin(height: number, { left, right }: ChannelLine): boolean {
  return height > Math.min(left, right) && height < Math.max(left, right);
}
