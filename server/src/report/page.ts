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

/** What stands in a cell of a table or an item of a list: pieces one after the other. */
export type Cell = Inline | readonly Inline[];

export type Block =
  | { readonly kind: 'text'; readonly text: Cell }
  /** Something to know before reading on. */
  | { readonly kind: 'note'; readonly text: Cell }
  | { readonly kind: 'list'; readonly items: readonly Cell[] }
  | {
      readonly kind: 'table';
      readonly header: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'picture'; readonly svg: string; readonly mermaid: string };

export interface Section {
  /** Of the page: lower-case letters, digits and `-`, each once. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
  /** Sections in it, one level deep. */
  readonly parts?: readonly Section[];
}

export interface Page {
  readonly title: string;
  /** Before the contents. */
  readonly lead: readonly Block[];
  readonly sections: readonly Section[];
}

export const text = (cell: Cell): Block => ({ kind: 'text', text: cell });
export const note = (cell: Cell): Block => ({ kind: 'note', text: cell });

/** A table; columns in which nothing stands are left out. Nothing where it has no rows. */
export function table(header: readonly string[], rows: readonly (readonly Cell[])[]): readonly Block[] {
  if (rows.length === 0) return [];
  const used = header.map((_, index) => rows.some((row) => !isBlank(row[index])));
  const kept = <T>(list: readonly T[]) => list.filter((_, index) => used[index]);
  return [{ kind: 'table', header: kept(header), rows: rows.map(kept) }];
}

function isBlank(cell: Cell | undefined): boolean {
  return cell === undefined || cell === '' || (Array.isArray(cell) && cell.length === 0);
}

/** Pieces with something between them. */
export function joined(pieces: readonly Inline[], separator: string): readonly Inline[] {
  return pieces.flatMap((piece, index) => (index === 0 ? [piece] : [separator, piece]));
}

/** Names of the file, with commas. */
export function names(list: Iterable<string>): readonly Inline[] {
  return joined(
    [...list].map((name) => ({ name })),
    ', ',
  );
}
