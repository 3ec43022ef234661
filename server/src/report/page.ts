// What a report says, before it becomes HTML or Markdown: sections of sentences, lists and tables.

/** A piece of text. A plain string is a sentence or words; all of them may hold texts of the file. */
export type Inline =
  | string
  /** A name of the file. */
  | { readonly name: string }
  /** A short word that stays on one line, such as a date. */
  | { readonly word: string }
  /** Words to notice. */
  | { readonly strong: string }
  /** An address outside: only ever one of the catalog's or a rule's. */
  | { readonly text: string; readonly url: string }
  /** A place in the page. */
  | { readonly text: string; readonly to: string };

/** What is in a cell of a table or an item of a list: pieces one after the other. */
export type PageCell = Inline | readonly Inline[];

export type PageBlock =
  | { readonly kind: 'text'; readonly text: PageCell }
  /** Something to know before reading on. */
  | { readonly kind: 'note'; readonly text: PageCell }
  | { readonly kind: 'list'; readonly items: readonly PageCell[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly PageCell[])[];
    }
  | { readonly kind: 'picture'; readonly svg: string; readonly mermaid: string };

export interface PageSection {
  /** Of the page: lower-case letters, digits and `-`, each once. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly PageBlock[];
  /** Sections in it, one level deep. */
  readonly parts?: readonly PageSection[];
}

export interface Page {
  readonly title: string;
  /** Before the contents. */
  readonly lead: readonly PageBlock[];
  readonly sections: readonly PageSection[];
}

export const textBlock = (cell: PageCell): PageBlock => ({ kind: 'text', text: cell });
export const note = (cell: PageCell): PageBlock => ({ kind: 'note', text: cell });

/** A table; columns in which there is nothing are left out. Nothing where it has no rows. */
export function table(
  header: readonly string[],
  rows: readonly (readonly PageCell[])[],
): readonly PageBlock[] {
  if (rows.length === 0) return [];
  const used = header.map((_, index) => rows.some((row) => !isBlank(row[index])));
  const kept = <T>(list: readonly T[]) => list.filter((_, index) => used[index]);
  return [{ kind: 'table', header: kept(header), rows: rows.map(kept) }];
}

function isBlank(cell: PageCell | undefined): boolean {
  return cell === undefined || cell === '' || (Array.isArray(cell) && cell.length === 0);
}

/** Pieces with something between them. */
export function joinedPieces(pieces: readonly Inline[], separator: string): readonly Inline[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece]));
}

/** Names of the file, with commas. */
export function names(list: Iterable<string>): readonly Inline[] {
  return joinedPieces(
    [...list].map((name) => ({ name })),
    ', ',
  );
}
