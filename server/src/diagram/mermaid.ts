// A graph as a Mermaid flowchart: text that wikis and code hosts draw themselves.
import { mermaidText } from '../print/escape.ts';
import type { Arrow, DiagramGraph, DiagramNode, DrawnArea } from './graph.ts';
import type { ArrowDirection } from './layout.ts';

const CLASSES: Readonly<Record<DiagramNode['kind'], string>> = {
  server: 'fill:#fff8e6,stroke:#8a6d1d,color:#1f2328',
  clients: 'fill:#e8f6ec,stroke:#5f7f6a,color:#1f2328',
  cloud: 'fill:#f4effa,stroke:#7a6a93,color:#1f2328',
  site: 'fill:#ffffff,stroke:#8fa5bd,color:#1f2328',
  zone: 'fill:#edf2f8,stroke:#8fa5bd,color:#1f2328',
  role: 'fill:#fff8e6,stroke:#8a6d1d,color:#1f2328,stroke-dasharray:3 2',
};
const BLOCKED = 'stroke:#c5221f,color:#c5221f,stroke-width:2px';

/**
 * The flowchart: zones and sites as subgraphs, arrows dotted that are blocked or could not be checked, those red of
 * which something blocked is missed. Its only names are `n1`, `a1`, …; every text of the file is in quotes, with entity codes for
 * whatever Mermaid or HTML would take as markup.
 */
export function diagramMermaid(graph: DiagramGraph, direction: ArrowDirection = 'right'): string {
  const { areas, nodes, arrows, firewalls } = graph;
  const ids = new Map<string, string>();
  for (const [index, { id }] of areas.entries()) ids.set(id, `a${index + 1}`);
  for (const [index, { id }] of nodes.entries()) ids.set(id, `n${index + 1}`);
  const idOf = (id: string): string => ids.get(id) ?? 'n0';
  const walls = new Map(firewalls.map(({ id, title }) => [id, title]));
  const inside = new Map<string | undefined, (DrawnArea | DiagramNode)[]>();
  for (const item of [...areas, ...nodes]) {
    const list = inside.get(item.parent);
    if (list) list.push(item);
    else inside.set(item.parent, [item]);
  }
  const write = (item: DrawnArea | DiagramNode, indent: string): readonly string[] => {
    if (!isArea(item)) return [`${indent}${node(item, idOf(item.id))}`];
    return [
      `${indent}subgraph ${idOf(item.id)}["${mermaidText(item.title)}"]`,
      ...(inside.get(item.id) ?? []).flatMap((inner) => write(inner, `${indent}  `)),
      `${indent}end`,
    ];
  };
  const kinds = [...new Set(nodes.map(({ kind }) => kind))];
  const blocked = arrows.flatMap(({ state }, index) => (state === 'blocked' ? [index] : []));
  const lines = [
    direction === 'down' ? 'flowchart TB' : 'flowchart LR',
    `  accTitle: ${mermaidText(graph.title)}`,
    ...(inside.get(undefined) ?? []).flatMap((item) => write(item, '  ')),
    ...arrows.map((arrow) => `  ${arrowText(arrow, idOf, walls)}`),
    ...kinds.map((kind) => `  classDef ${kind} ${CLASSES[kind]}`),
    ...kinds.map((kind) => {
      const own = nodes.filter((node) => node.kind === kind).map(({ id }) => idOf(id));
      return `  class ${own.join(',')} ${kind}`;
    }),
    ...(blocked.length > 0 ? [`  linkStyle ${blocked.join(',')} ${BLOCKED}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

function isArea(item: DrawnArea | DiagramNode): item is DrawnArea {
  return !('lines' in item);
}

function node(item: DiagramNode, id: string): string {
  const text = [item.title, ...item.lines].map(mermaidText).join('<br/>');
  if (item.kind === 'clients' || item.kind === 'cloud') return `${id}(["${text}"])`;
  if (item.kind === 'site' || item.kind === 'zone') return `${id}[["${text}"]]`;
  return `${id}["${text}"]`;
}

function arrowText(
  { from, to, state, ports, blocked, spare, needLabel, crossings }: Arrow,
  idOf: (id: string) => string,
  walls: ReadonlyMap<string, string>,
): string {
  const names = crossings.map(({ firewall }) => walls.get(firewall) ?? '');
  const texts = [
    ...(needLabel === '' ? [] : [needLabel]),
    ...[...blocked, ...spare].map((text) => `× ${text}`),
    ...ports,
    ...(names.length > 0 ? [`through ${names.join(', ')}`] : []),
  ];
  const line = state === 'allowed' ? '-->' : '-.->';
  const label = texts.length === 0 ? '' : `|"${texts.map(mermaidText).join('<br/>')}"|`;
  return `${idOf(from)} ${line}${label} ${idOf(to)}`;
}
