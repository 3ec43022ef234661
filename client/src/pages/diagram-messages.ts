// What the Diagram panel and its page say to each other.
import type { Collapse, DiagramGraph, FileRange } from '../../../server/src/diagram/graph.ts';
import type { ArrowDirection } from '../../../server/src/diagram/layout.ts';
import type { ZoneMatrix } from '../../../server/src/diagram/zone-matrix.ts';

/** The texts of the page in the reader's language; `{0}` is where a name or number goes. */
export interface DiagramPageWords {
  readonly show: string;
  readonly levels: Readonly<Record<Collapse | 'auto', string>>;
  readonly zoomIn: string;
  readonly zoomOut: string;
  readonly fit: string;
  readonly exportSvg: string;
  /** Over the table of zones. */
  readonly matrix?: string;
  /** `Open {0}` */
  readonly open: string;
  /** `Close {0}` */
  readonly close: string;
  readonly help: string;
  readonly loading: string;
  /** `{0} connections are too many to draw.` */
  readonly tooMany: string;
  readonly empty: string;
  readonly gone: string;
}

/** What is to be drawn. */
export interface DrawChoice {
  readonly collapse: Collapse | 'auto';
  readonly toggled: readonly string[];
}

/** What part of the picture is in sight: its middle, and how many pixels of the screen one of the picture takes. */
export interface PictureView {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** What the page keeps while it is hidden and over a restart of VS Code. */
export interface Kept extends DrawChoice {
  readonly level: Collapse | 'auto';
  readonly view: PictureView | undefined;
  /** The whole picture is in sight, and stays so when the panel gets another size. */
  readonly isFitted: boolean;
  /** Decided at a first look at a picture; undefined until then. */
  readonly direction: ArrowDirection | undefined;
  /** The address of the topology file. */
  readonly document: string | undefined;
}

export type ToDiagram =
  | { readonly type: 'words'; readonly words: DiagramPageWords; readonly document: string }
  /** `graph` is undefined where the document is not open any more. */
  | {
      readonly type: 'graph';
      readonly graph: DiagramGraph | undefined;
      readonly matrix?: ZoneMatrix | undefined;
    }
  | { readonly type: 'export' };

export type FromDiagram =
  | ({ readonly type: 'ready' } & DrawChoice)
  | ({ readonly type: 'choose' } & DrawChoice)
  | { readonly type: 'open'; readonly place: FileRange }
  /** The file that was asked for. */
  | { readonly type: 'svg'; readonly svg: string };
