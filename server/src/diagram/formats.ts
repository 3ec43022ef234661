// The formats of `cmtopo diagram`: one file and one line each.
import type { Formats } from '../formats.ts';
import type { DiagramGraph } from './graph.ts';
import { type ArrowDirection, layoutGraph } from './layout.ts';
import { diagramMermaid } from './mermaid.ts';
import { diagramSvg } from './svg.ts';

export const diagramFormats: Formats<(graph: DiagramGraph, direction: ArrowDirection | undefined) => string> =
  {
    svg: {
      write: (graph, direction) => diagramSvg(layoutGraph(graph, direction), { standalone: true }),
      about: 'a self-contained picture',
    },
    mermaid: { write: diagramMermaid, about: 'the text of a [Mermaid](#mermaid) flowchart' },
  };
