/**
 * Whether a line of a text matches a pattern, which is asked about each line alone: with a flag `m` instead, a pattern
 * is far harder to prove linear.
 */
export function hasLine(text: string, pattern: RegExp): boolean {
  return text.split(/\r\n|\n|\r/).some((line) => pattern.test(line));
}
