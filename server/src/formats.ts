// The words that can be written after `--format`. Each command has one table of them; from it come what the command
// line takes, what `--help` lists, the menus of editors, and the tables of the pages in docs/.
import { t } from './l10n.ts';

/** What is behind one word. */
export interface Format<Write> {
  readonly write: Write;
  /** What it is and for whom, for the table of the page: English Markdown. */
  readonly about: string;
  /** Comes behind the word in `--help`, such as a version. */
  readonly note?: string;
}

/** By the word of `--format`; the first is what counts where none is written. */
export type Formats<Write> = Readonly<Record<string, Format<Write>>>;

/**
 * What is behind a word that the table knows, or behind its first where none is written.
 * Throws where the table does not know it: parsing refuses such words.
 */
export function writerOf<Write>(formats: Formats<Write>, word = Object.keys(formats)[0]): Write {
  const format = word !== undefined && Object.hasOwn(formats, word) ? formats[word] : undefined;
  if (format === undefined) throw new Error(`no format ${word}`);
  return format.write;
}

type Words = Readonly<Record<string, { readonly about: string; readonly note?: string }>>;

/**
 * The words as `--help` lists them: `table (default), json`.
 * @param first what is said of the first word; nothing where one has to be written
 */
export function wordsText(formats: Words, first: 'default' | undefined): string {
  return Object.entries(formats)
    .map(([word, { note }], index) => {
      const shown = note === undefined ? word : `${word} (${note})`;
      return index === 0 && first !== undefined ? t('{0} (default)', shown) : shown;
    })
    .join(', ');
}

/**
 * The table of a page in docs/.
 * @param first as in {@link wordsText}
 */
export function wordsTable(formats: Words, first: 'default' | undefined): string {
  const rows = Object.entries(formats).map(
    ([word, { about }], index) =>
      `| \`${word}\`${index === 0 && first !== undefined ? ' (default)' : ''} | ${about} |\n`,
  );
  return `| \`--format\` | gives |\n|---|---|\n${rows.join('')}`;
}
