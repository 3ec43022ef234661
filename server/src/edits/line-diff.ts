// A line-by-line comparison of two short texts, for pages and previews of fixes.

/**
 * The lines of both texts, ` ` before what stays, `-` before what goes, `+` before what comes.
 * Quadratic in the number of lines that differ: for examples, not for files.
 * @param context how many unchanged lines to show around a change; left-out lines are not marked
 */
export function lineDiff(before: string, after: string, context = 1): string {
  const old = lines(before);
  const now = lines(after);
  // length[i][j]: the longest common subsequence of what follows from old line i and new line j.
  const length = Array.from({ length: old.length + 1 }, () => new Array<number>(now.length + 1).fill(0));
  const at = (i: number, j: number) => length[i]?.[j] ?? 0;
  for (let i = old.length - 1; i >= 0; i--) {
    const row = length[i];
    if (!row) continue;
    for (let j = now.length - 1; j >= 0; j--)
      row[j] = old[i] === now[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  }
  const result: string[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      result.push(` ${old[i++]}`);
      j++;
    } else if (i < old.length && (j === now.length || at(i + 1, j) >= at(i, j + 1))) {
      result.push(`-${old[i++]}`);
    } else {
      result.push(`+${now[j++]}`);
    }
  }
  return result
    .filter((_, index) =>
      result.slice(Math.max(0, index - context), index + context + 1).some((line) => !line.startsWith(' ')),
    )
    .join('\n');
}

function lines(text: string): string[] {
  const all = text.split(/\r\n|\n|\r/);
  if (all.at(-1) === '') all.pop();
  return all;
}
