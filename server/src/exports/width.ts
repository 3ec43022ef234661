// How wide a text stands in a terminal with a fixed-width font.

const ZERO = /^[\p{Mn}\p{Me}\p{Cf}]$/u;

/** Blocks whose characters take two columns: CJK, Hangul, full-width forms, pictographs. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x231a, 0x231b],
  [0x2329, 0x232a],
  [0x23e9, 0x23ec],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1faff],
  [0x20000, 0x3fffd],
];

/** Columns that a text without control characters takes. */
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
  if (ZERO.test(character)) return 0;
  return WIDE.some(([low, high]) => code >= low && code <= high) ? 2 : 1;
}
