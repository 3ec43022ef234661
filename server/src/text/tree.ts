// What the text layer gives to everything else: a YAML document as a tree whose
// every node knows where it is. Offsets are UTF-16 code units from the start
// of the text, ends exclusive.

/** A stretch of the text: UTF-16 offsets, `end` exclusive. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type ScalarStyle = 'plain' | 'single-quoted' | 'double-quoted' | 'literal' | 'folded';

interface NodeBase {
  /** The node's own text, without its anchor and tag. An absent value has an empty span after its `:` or `-`. */
  readonly span: Span;
  readonly anchor?: { readonly name: string; readonly span: Span };
  readonly tag?: { readonly name: string; readonly span: Span };
}

export interface ScalarNode extends NodeBase {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** The decoded text: quotes and escapes resolved, block scalars folded. */
  readonly text: string;
}

export interface MapNode extends NodeBase {
  readonly kind: 'map';
  /** `{ a: 1 }` rather than indented lines. */
  readonly flow: boolean;
  /** As written: duplicates kept, merge keys (`<<`) not resolved. */
  readonly pairs: readonly Pair[];
}

export interface SeqNode extends NodeBase {
  readonly kind: 'seq';
  readonly flow: boolean;
  readonly items: readonly Node[];
}

export interface AliasNode extends NodeBase {
  readonly kind: 'alias';
  readonly name: string;
  /** What the alias stands for; undefined where no such anchor comes before it. */
  readonly target: ScalarNode | MapNode | SeqNode | undefined;
}

export type Node = ScalarNode | MapNode | SeqNode | AliasNode;

export interface Pair {
  readonly key: Node;
  readonly value: Node;
  /** From the start of the key to the end of the value. */
  readonly span: Span;
}

export interface Comment {
  /** From the `#` to the end of the line, the line break left out. */
  readonly span: Span;
  readonly text: string;
}

/** A place that is not YAML and was taken out so that the rest could be read. */
export interface Damage {
  /** What was taken out: semantic rules stay silent inside. */
  readonly span: Span;
  /** Where a finding belongs: the damaged place itself, never empty unless the file is. */
  readonly at: Span;
  /** One sentence for a person. */
  readonly reason: string;
  /**
   * Where it is certain what was meant, and the tree was made as if that were written: the edits that write it.
   * What has the same kind is one mistake that was made several times.
   */
  readonly mend?: {
    readonly kind: 'space' | 'colon' | 'alias' | 'column';
    readonly edits: readonly { readonly start: number; readonly end: number; readonly insert: string }[];
  };
}

export interface DuplicateKey {
  readonly map: MapNode;
  readonly first: Pair;
  readonly later: Pair;
}

export interface TextTree {
  readonly text: string;
  /** The first document's root; undefined where the document is empty. */
  readonly root: Node | undefined;
  readonly comments: readonly Comment[];
  readonly damage: readonly Damage[];
  readonly duplicateKeys: readonly DuplicateKey[];
  /** Aliases without an anchor before them. */
  readonly unknownAliases: readonly AliasNode[];
  /** The `---` of every document after the first. */
  readonly extraDocuments: readonly Span[];
  readonly lines: Lines;
}

/** A place as the Language Server Protocol counts it: from 0, characters in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/** Converts between offsets and lines; CRLF, LF and CR all end a line. */
export interface Lines {
  readonly count: number;
  /** @param offset clamped to the text */
  positionAt(offset: number): Position;
  /** @param position clamped to the text and to its line */
  offsetAt(position: Position): number;
  /** The line's text without its line break. */
  span(line: number): Span;
}
