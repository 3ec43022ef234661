// Which known word somebody may have meant.

/**
 * The edits (insert, delete or replace a character, swap two neighbours) that lead from one word to the other.
 * @param limit more than this many edits are not counted; `limit + 1` is given instead
 */
export function editDistance(a: string, b: string, limit = 3): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    if (Math.min(...next) > limit) return limit + 1;
    before = row;
    row = next;
  }
  return Math.min(row[b.length] ?? 0, limit + 1);
}

/** How many characters two words begin with in common. */
function commonStart(a: string, b: string): number {
  let count = 0;
  while (count < a.length && a[count] === b[count]) count++;
  return count;
}

/**
 * The words within so many edits, nearest first, upper and lower case taken as equal. Of words that are as near, the one
 * that begins alike longest comes first: 2023 is rather 2022 than 2003.
 * @param limit two edits by default; words of three characters or fewer allow one
 */
export function nearWords(word: string, words: Iterable<string>, limit = 2): readonly string[] {
  const allowed = word.length <= 3 ? Math.min(limit, 1) : limit;
  const written = word.toLowerCase();
  return [...words]
    .map((candidate) => ({
      candidate,
      edits: editDistance(written, candidate.toLowerCase(), allowed),
      alike: commonStart(written, candidate.toLowerCase()),
    }))
    .filter(({ edits }) => edits <= allowed)
    .sort((a, b) => a.edits - b.edits || b.alike - a.alike)
    .map(({ candidate }) => candidate);
}

/** The nearest of the words within two edits (a third of the length for long ones); undefined where none is near. */
export function nearestWord(word: string, words: Iterable<string>): string | undefined {
  return nearWords(word, words, Math.max(2, Math.floor(word.length / 4)))[0];
}
