// How wide a text is drawn. Nothing here can ask a font, so the widths are those of common sans-serif fonts,
// rounded up: a box is sooner a little too wide than its text too long.
import { displayWidth } from '../print/width.ts';

const NARROW = /[ijl.,:;'`|!I[\]()/\\]/;
const MIDDLE = /[ frt"*-]/;
const WIDE = /[A-HJ-LN-VX-Z&+<=>~#$0-9_?]/;
const WIDEST = /[MWmw@%]/;

/**
 * The width of one line of text.
 * @param size the font's size, in the same unit as the result
 */
export function textWidth(text: string, size: number, bold = false): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width * size * (bold ? 1.12 : 1);
}

/** Sums of fractions differ by less than this: a box that was made for a text is wide enough for it. */
const ROUNDING = 1e-6;

/** The text, shortened with `…` where it is wider than `most`. */
export function fitText(text: string, most: number, size: number, bold = false): string {
  if (textWidth(text, size, bold) <= most + ROUNDING) return text;
  let kept = '';
  for (const character of text) {
    if (textWidth(`${kept}${character}…`, size, bold) > most) break;
    kept += character;
  }
  return `${kept}…`;
}

function characterWidth(character: string): number {
  if (NARROW.test(character)) return 0.34;
  if (MIDDLE.test(character)) return 0.4;
  if (WIDEST.test(character)) return 0.95;
  if (WIDE.test(character)) return 0.69;
  if (character < '\u0080') return 0.59;
  const columns = displayWidth(character);
  return columns === 2 ? 1.05 : columns * 0.75;
}
