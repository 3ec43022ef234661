// Texts of the help as words of a shell.

/** For bash and zsh: a word between apostrophes, in which nothing is code. */
export function posixWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** For fish: a word between apostrophes, in which a backslash and an apostrophe are written with a backslash. */
export function fishWord(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}
