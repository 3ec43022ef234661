// Texts of a topology file on their way into other languages: what is no plain character is made visible first.

/**
 * A text on one line in which nothing is hidden: control and format characters (right-to-left marks among
 * them), line and paragraph separators, lone surrogates and unassigned characters are written as `\u202e`.
 */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped);
}

/** The same with everything that is not ASCII written so: for targets that guess the encoding of a file. */
export function ascii(text: string): string {
  return visible(text).replace(/[^ -~]/gu, escaped);
}

/** Only letters, digits, blanks and `.,:;()/_-`; anything else becomes `_`: for targets without safe quoting. */
export function tame(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:;()/_-]/gu, '_');
}

/** A part of a name: letters, digits, `.`, `_` and `-` only, from a letter or digit to one, at most so long. */
export function word(text: string, most: number): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/gu, '-')
    .slice(0, most)
    .replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
  return plain === '' ? 'x' : plain;
}

/** Cut to so many UTF-16 units, with `...` where something is missing; no character is cut in two. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Of several texts, each once, in the order in which they first come. */
export function distinct(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}
