// How many columns a text takes in a terminal with a fixed-width font.
import { eastAsianWidth } from 'get-east-asian-width';

/** Marks that are drawn over the character before them, and the vowels and final consonants of Hangul syllables. */
const ZERO = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff]$/u;

/** The columns of a text in which nothing is hidden. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** The text with spaces after it, so that it takes so many columns; unchanged where it takes more. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

/** The text, shortened with `…` where it takes more than so many columns (at least 1). */
export function fit(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = '';
  let width = 0;
  for (const character of text) {
    width += characterWidth(character);
    if (width > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

/**
 * What stays together at the end of a line: a word, or, as Chinese is written without blanks, one of its signs.
 * Several blanks in a row are columns, and stay.
 */
const PIECE = /(?<! ) (?! )|\p{Script=Han}[，。、；：）」]*|(?: {2,}|[^ \p{Script=Han}])+/gu;

/** A text in lines of at most so many columns, the first and the others; a longer word keeps its line. */
export function wrapped(text: string, first: number, others = first): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(PIECE) ?? []) {
    const room = lines.length === 0 ? first : others;
    if (line !== '' && piece !== ' ' && displayWidth(line + piece) > room) {
      lines.push(line.trimEnd());
      line = piece;
    } else line += piece;
  }
  return [...lines, line];
}

function characterWidth(character: string): number {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  return ZERO.test(character) ? 0 : eastAsianWidth(code);
}
