// A graph with a place for everything: boxes, areas around them, arrows with room for their ports.

import { type EdgeLabel, Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import { visible } from '../print/escape.ts';
import { assignTracks, type ChannelLine } from './channel.ts';
import type { Arrow, Barrier, DiagramGraph, DiagramNode, DrawnArea } from './graph.ts';
import { fitText, textWidth } from './measure.ts';

/** Which way most arrows go: to the right in a wide picture, down in a high one. */
export const ARROW_DIRECTIONS = ['right', 'down'] as const;
export type ArrowDirection = (typeof ARROW_DIRECTIONS)[number];

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** In pixels; `x` and `y` are the upper left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

export interface PlacedArea {
  readonly area: DrawnArea;
  readonly box: Box;
  readonly title: string;
}

export interface PlacedNode {
  readonly node: DiagramNode;
  readonly box: Box;
  /** Kept free above the text, for firewalls on the border. */
  readonly head: number;
  readonly title: string;
  readonly lines: readonly string[];
}

export interface PlacedLabel {
  /** The middle. */
  readonly at: Point;
  readonly width: number;
  readonly lines: readonly { readonly text: string; readonly kind: 'ports' | 'blocked' | 'spare' | 'need' }[];
}

export interface PlacedArrow {
  readonly arrow: Arrow;
  /** From the border of one box to that of the other; at least two. */
  readonly points: readonly Point[];
  readonly label: PlacedLabel | undefined;
  /** Where it passes a firewall. */
  readonly marks: readonly { readonly at: Point; readonly firewall: string; readonly blocks: boolean }[];
}

/** A firewall's name on the border of an area or of a collapsed zone. */
export interface PlacedBarrier {
  readonly barrier: Barrier;
  readonly zone: string;
  readonly title: string;
  readonly box: Box;
}

export interface DiagramLayout {
  readonly graph: DiagramGraph;
  readonly direction: ArrowDirection;
  readonly width: number;
  readonly height: number;
  readonly areas: readonly PlacedArea[];
  readonly nodes: readonly PlacedNode[];
  readonly arrows: readonly PlacedArrow[];
  readonly barriers: readonly PlacedBarrier[];
}

/** Sizes of the texts, in pixels. The style sheet takes them from here. */
export const FONT = { area: 13, title: 13, line: 11, label: 10 } as const;
export const LINE_HEIGHT = 15;
export const LABEL_HEIGHT = 12;
/** Above the first line of a box's text, and beside it. */
export const PADDING = 10;
/** Room for an area's title above what it holds. */
const HEADER = 22;
const BADGE_HEIGHT = 18;
/** Below what an area holds. */
const FOOTER = 6;
/** Between an area and a box that is not in it, at least. */
const GAP = 4;
/** Beside a title, for what opens and closes it in the panel. */
const TOGGLE = 20;
const MARGIN = 16;
/** Between two upright lines, between the lines and the boxes beside them, between two lines at a box. */
const TRACK = 10;
const CLEAR = 14;
const PORT = 11;
const NARROWEST = 96;
const WIDEST = 260;
/** An area is made wide enough for its title and its firewalls up to this. */
const WIDEST_HEAD = 420;
const LONGEST_LABEL = 124;

/**
 * Lays a graph out in columns from left to right, or in rows downwards. The same graph gives the same layout. Takes
 * seconds for several hundred nodes and arrows.
 *
 * The library decides about columns, the order in them and heights. The width of the columns and the lines between
 * are our own: it draws slanting lines, which run over boxes as soon as a picture is high.
 *
 * Rows are columns on a paper that lies on its side: until the end `x` then counts downwards, and a width is a height.
 */
export function layoutGraph(graph: DiagramGraph, direction: ArrowDirection = 'right'): DiagramLayout {
  const isDown = direction === 'down';
  const upright = new Map(graph.nodes.map((node) => [node.id, sizeOf(node, graph, isDown)]));
  const sizes: Sizes = isDown
    ? new Map([...upright].map(([id, size]) => [id, { ...size, ...turnedSize(size) }]))
    : upright;
  const labels = new Map(graph.arrows.map((arrow) => [arrow.id, labelOf(arrow)]));
  const rooms: Rooms = new Map(
    [...labels].map(([id, lines]) => {
      const room = { width: labelWidth(lines), height: lines.length * LABEL_HEIGHT };
      return [id, isDown ? turnedSize(room) : room];
    }),
  );
  const { height, nodeAt, areaAt, arrowAt } = arrange(graph, sizes, rooms, isDown);

  // Columns, by the places across that the library gave.
  const places = [...nodeAt.values(), ...[...arrowAt.values()].flatMap(({ bends }) => bends)];
  const columnOf = columns(places.map(({ x }) => x));
  const count = columnOf.count;
  const widths = new Array<number>(count).fill(0);
  const widen = (column: number, width: number) => {
    widths[column] = Math.max(widths[column] ?? 0, width);
  };
  for (const [id, { x }] of nodeAt) widen(columnOf.at(x), sizes.get(id)?.width ?? 0);
  for (const [id, { label }] of arrowAt) {
    if (label) widen(columnOf.at(label.x), (rooms.get(id)?.width ?? 0) + 10);
  }
  const extents = areaExtents(graph, widths, isDown, (id) => {
    const at = nodeAt.get(id);
    return at && columnOf.at(at.x);
  });

  // Lines: where each comes out of a column and goes into the next.
  const lines = graph.arrows.flatMap((arrow) => {
    const from = nodeAt.get(arrow.from);
    const to = nodeAt.get(arrow.to);
    if (!from || !to) return [];
    const rightward = from.x < to.x;
    const bends = arrowAt.get(arrow.id)?.bends ?? [];
    return [{ arrow, rightward, bends: rightward ? bends : [...bends].reverse() }];
  });
  const ports = assignPorts(lines, nodeAt, sizes);
  const passages: { line: number; passage: ChannelLine }[][] = Array.from({ length: count }, () => []);
  const heights = lines.map(({ arrow, rightward, bends }, line) => {
    const [left, right] = rightward ? [arrow.from, arrow.to] : [arrow.to, arrow.from];
    const stops = [
      { column: columnOf.at(nodeAt.get(left)?.x ?? 0), y: ports.get(`${arrow.id} right`) ?? 0 },
      ...bends.map(({ x, y }) => ({ column: columnOf.at(x), y })),
      { column: columnOf.at(nodeAt.get(right)?.x ?? 0), y: ports.get(`${arrow.id} left`) ?? 0 },
    ];
    for (const [index, stop] of stops.entries()) {
      const next = stops[index + 1];
      if (next) passages[stop.column]?.push({ line, passage: { left: stop.y, right: next.y } });
    }
    return stops;
  });
  const channels = passages.map((through) => assignTracks(through.map(({ passage }) => passage)));

  // Across: column, borders that end, lines, borders that begin, column.
  const lefts: number[] = [];
  let x = MARGIN + extents.opening(0);
  for (let column = 0; column < count; column++) {
    lefts.push(x);
    const tracks = channels[column]?.count ?? 0;
    x += (widths[column] ?? 0) + extents.closing(column) + extents.opening(column + 1);
    x += column + 1 < count ? 2 * CLEAR + Math.max(0, tracks - 1) * TRACK : 0;
  }
  const width = x + MARGIN;
  const middle = (column: number): number => (lefts[column] ?? 0) + (widths[column] ?? 0) / 2;
  const trackX = (column: number, track: number): number =>
    (lefts[column] ?? 0) + (widths[column] ?? 0) + extents.closing(column) + CLEAR + track * TRACK;

  const boxes = new Map<string, Box>();
  for (const [id, { width, height }] of sizes) {
    const at = nodeAt.get(id) ?? { x: 0, y: 0 };
    boxes.set(id, { x: middle(columnOf.at(at.x)) - width / 2, y: at.y - height / 2, width, height });
  }
  for (const { id } of graph.areas) {
    const { first, last, before, after } = extents.of(id);
    const left = (lefts[first] ?? 0) - before;
    const right = (lefts[last] ?? 0) + (widths[last] ?? 0) + after;
    const { top, bottom } = areaAt.get(id) ?? { top: 0, bottom: 0 };
    boxes.set(id, { x: left, y: top, width: right - left, height: bottom - top });
  }

  const tracksOf = new Map<string, number | undefined>();
  for (const [column, through] of passages.entries()) {
    for (const [index, { line }] of through.entries())
      tracksOf.set(`${line} ${column}`, channels[column]?.tracks[index]);
  }
  const ways = lines.map(({ arrow, rightward }, line): readonly Point[] => {
    const stops = heights[line] ?? [];
    const points: Point[] = [];
    for (const [index, { column, y }] of stops.entries()) {
      const isFirst = index === 0;
      const isLast = index === stops.length - 1;
      const end = rightward === isFirst ? boxes.get(arrow.from) : boxes.get(arrow.to);
      if (isFirst && end) points.push({ x: end.x + end.width, y });
      if (isLast && end) points.push({ x: end.x, y });
      const next = stops[index + 1];
      if (!next) continue;
      const track = tracksOf.get(`${line} ${column}`);
      if (track === undefined) continue;
      const at = trackX(column, track);
      points.push({ x: at, y }, { x: at, y: next.y });
    }
    return rightward ? points : points.reverse();
  });

  // The paper as it is looked at.
  const seen = isDown
    ? new Map([...boxes].map(([id, box]) => [id, { ...turned(box), ...turnedSize(box) }]))
    : boxes;
  const boxOf = (id: string): Box => seen.get(id) ?? { x: 0, y: 0, width: 0, height: 0 };
  const nodes = graph.nodes.map((node): PlacedNode => {
    const { head = 0, title = '', lines = [] } = upright.get(node.id) ?? {};
    return { node, box: boxOf(node.id), head, title, lines };
  });
  const areas = graph.areas.map((area): PlacedArea => {
    const box = boxOf(area.id);
    const room = box.width - 2 * PADDING - TOGGLE;
    return { area, box, title: fitText(visible(area.title), room, FONT.area, true) };
  });
  const arrows = lines.map(({ arrow }, line): PlacedArrow => {
    const way = ways[line] ?? [];
    const points = isDown ? way.map(turned) : way;
    const text = labels.get(arrow.id) ?? [];
    const label = arrowAt.get(arrow.id)?.label;
    const at = label && { x: middle(columnOf.at(label.x)), y: label.y };
    return {
      arrow,
      points,
      label:
        at && text.length > 0
          ? {
              at: isDown ? turned(at) : at,
              width: labelWidth(text),
              lines: text,
            }
          : undefined,
      marks: marksOf(arrow, points, graph, seen),
    };
  });
  const paper = isDown ? { width: height, height: width } : { width, height };
  return { graph, direction, ...paper, areas, nodes, arrows, barriers: barriersOf(graph, seen) };
}

function turnedSize({ width, height }: Pick<Box, 'width' | 'height'>) {
  return { width: height, height: width };
}

function turned({ x, y }: Point): Point {
  return { x: y, y: x };
}

// --- what the library decides --------------------------------------------------------------------

type Sizes = ReadonlyMap<string, ReturnType<typeof sizeOf>>;
/** What the ports beside each arrow take. */
type Rooms = ReadonlyMap<string, Pick<Box, 'width' | 'height'>>;

/** The middles of the nodes, the heights of the areas and the bends of the arrows, with room for the areas' titles. */
function arrange(graph: DiagramGraph, sizes: Sizes, rooms: Rooms, isDown: boolean) {
  const g = new Graph<GraphLabel, NodeLabel, EdgeLabel>({ directed: true, compound: true, multigraph: true });
  g.setGraph({ rankdir: 'LR', nodesep: 16, edgesep: 9, ranksep: 30, marginy: MARGIN });
  for (const { id } of graph.areas) g.setNode(id, { width: 0, height: 0 });
  for (const { id } of graph.nodes) {
    const size = sizes.get(id);
    g.setNode(id, { width: size?.width ?? 0, height: size?.height ?? 0 });
  }
  const parents = new Map([...graph.areas, ...graph.nodes].map(({ id, parent }) => [id, parent]));
  for (const [id, parent] of parents) if (parent !== undefined) g.setParent(id, parent);
  for (const { id, from, to } of graph.arrows) {
    const { width = 0, height = 0 } = rooms.get(id) ?? {};
    // Machines of one site are together.
    const weight = parents.get(from) === parents.get(to) ? 3 : 1;
    g.setEdge(from, to, { width, height: Math.max(1, height), labelpos: 'c', weight }, id);
  }
  layout(g, {
    customOrder: (columns, order) => {
      order(columns);
      renumber(columns);
    },
  });

  const depth = (id: string): number => {
    const parent = parents.get(id);
    return parent === undefined ? 0 : 1 + depth(parent);
  };
  const isIn = (id: string, area: string): boolean => {
    const parent = parents.get(id);
    return parent !== undefined && (parent === area || isIn(parent, area));
  };
  /** Nodes of the columns of an area that are not in it. */
  const strangersIn = (area: string): readonly { readonly y: number; readonly height: number }[] => {
    const { x = 0, width } = g.node(area);
    return graph.nodes.flatMap(({ id }) => {
      const { x: own = 0, y = 0, height } = g.node(id);
      return Math.abs(own - x) < width / 2 - 1 && !isIn(id, area) ? [{ y, height }] : [];
    });
  };
  // The library keeps nodes away from an area's edge as it is in their column; the edge is drawn as it is in the last.
  // Room for titles and borders: everything below the upper or lower edge of an area moves down.
  const heads = new Map(graph.areas.map((area) => [area.id, isDown ? headOf(area, graph) : 0]));
  const [atTop, atBottom] = isDown ? [PADDING, PADDING] : [HEADER, FOOTER];
  const edges = graph.areas
    .flatMap(({ id }) => {
      const { y = 0, height } = g.node(id);
      const [top, bottom] = [y - height / 2, y + height / 2];
      const lacking = Math.max(0, (heads.get(id) ?? 0) - height - atTop - atBottom);
      const strangers = strangersIn(id);
      const above = strangers.flatMap((own) => (own.y < top ? [own.y + own.height / 2 + GAP - top] : []));
      const below = strangers.flatMap((own) =>
        own.y > bottom ? [bottom + GAP - own.y + own.height / 2] : [],
      );
      return [
        { id, at: top, before: Math.max(0, ...above), after: atTop, rank: depth(id), isTop: true },
        {
          id,
          at: bottom,
          before: atBottom + lacking,
          after: Math.max(0, ...below),
          rank: -depth(id),
          isTop: false,
        },
      ];
    })
    .sort((a, b) => a.at - b.at || Number(a.isTop) - Number(b.isTop) || a.rank - b.rank);
  const tops = new Map<string, number>();
  const bottoms = new Map<string, number>();
  const sums: number[] = [];
  let room = 0;
  for (const { id, at, before, after, isTop } of edges) {
    room += before;
    (isTop ? tops : bottoms).set(id, at + room);
    room += after;
    sums.push(room);
  }
  const moved = (y: number): number => {
    let low = 0;
    let high = edges.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle]?.at ?? 0) <= y) low = middle + 1;
      else high = middle;
    }
    return y + (sums[low - 1] ?? 0);
  };
  const movedPoint = ({ x, y }: Point): Point => ({ x, y: moved(y) });
  const nodeAt = new Map(
    graph.nodes.map(({ id }) => {
      const { x = 0, y = 0 } = g.node(id);
      return [id, movedPoint({ x, y })] as const;
    }),
  );
  const arrowAt = new Map(
    graph.arrows.map(({ id, from, to }) => {
      const { points = [], x, y } = g.edge(from, to, id);
      const label = x === undefined || y === undefined ? undefined : movedPoint({ x, y });
      // The first and the last are where the library's slanting line meets the boxes.
      return [id, { bends: points.slice(1, -1).map(movedPoint), label }] as const;
    }),
  );

  // Bands across the whole picture with nothing in them are taken out.
  const taken = [
    ...[...nodeAt].map(([id, { y }]) => band(y, (sizes.get(id)?.height ?? 0) / 2 + 9)),
    ...[...arrowAt.values()].flatMap(({ bends }) => bends.map(({ y }) => band(y, 6))),
    ...[...arrowAt].flatMap(([id, { label }]) =>
      label ? [band(label.y, (rooms.get(id)?.height ?? 0) / 2 + 4)] : [],
    ),
    ...[...tops].map(([id, y]) =>
      isDown
        ? { top: y - 2, bottom: y + Math.max(PADDING, heads.get(id) ?? 0) }
        : { top: y - BADGE_HEIGHT / 2 - 3, bottom: y + HEADER },
    ),
    ...[...bottoms.values()].map((y) => ({ top: y - atBottom, bottom: y + 2 })),
  ];
  const { squeezed, height } = squeeze(taken);
  const squeezedPoint = ({ x, y }: Point): Point => ({ x, y: squeezed(y) });
  return {
    height: height + MARGIN,
    nodeAt: new Map([...nodeAt].map(([id, at]) => [id, squeezedPoint(at)])),
    areaAt: new Map(
      graph.areas.map(({ id }) => [
        id,
        { top: squeezed(tops.get(id) ?? 0), bottom: squeezed(bottoms.get(id) ?? 0) },
      ]),
    ),
    arrowAt: new Map(
      [...arrowAt].map(([id, { bends, label }]) => [
        id,
        { bends: bends.map(squeezedPoint), label: label && squeezedPoint(label) },
      ]),
    ),
  };
}

/** In large graphs the library gives one place of a column to two nodes, and loses one of them. */
function renumber(columns: Graph<GraphLabel, NodeLabel, EdgeLabel>): void {
  const ranks = new Map<number, NodeLabel[]>();
  for (const id of columns.nodes()) {
    const label = columns.node(id);
    if (label.rank === undefined || label.order === undefined || columns.children(id).length > 0) continue;
    const list = ranks.get(label.rank);
    if (list) list.push(label);
    else ranks.set(label.rank, [label]);
  }
  for (const list of ranks.values()) {
    list.sort((a, b) => (a.order ?? 0) - (b.order ?? 0));
    for (const [order, label] of list.entries()) label.order = order;
  }
}

interface Band {
  readonly top: number;
  readonly bottom: number;
}

function band(middle: number, half: number): Band {
  return { top: middle - half, bottom: middle + half };
}

/** Heights without the gaps between some bands; the first of these begins at the margin. */
function squeeze(bands: readonly Band[]) {
  const starts: number[] = [];
  const shifts: number[] = [];
  let end = 0;
  let shift = MARGIN;
  for (const { top, bottom } of [...bands].sort((a, b) => a.top - b.top)) {
    if (starts.length === 0 || top > end) {
      shift -= top - end;
      starts.push(top);
      shifts.push(shift);
      end = bottom;
    } else end = Math.max(end, bottom);
  }
  const squeezed = (y: number): number => y + (shifts[lastAt(starts, y)] ?? MARGIN);
  return { squeezed, height: end + shift };
}

/** The index of the last of some rising numbers that is no more than `value`; 0 where none is. */
function lastAt(rising: readonly number[], value: number): number {
  let low = 0;
  let high = rising.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((rising[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Numbers the places across from the left; those less than a pixel apart are one column. */
function columns(places: readonly number[]) {
  const starts: number[] = [];
  for (const x of [...new Set(places)].sort((a, b) => a - b)) {
    if (x - (starts.at(-1) ?? Number.NEGATIVE_INFINITY) >= 1) starts.push(x);
  }
  return { count: starts.length, at: (x: number) => lastAt(starts, x) };
}

// --- areas ---------------------------------------------------------------------------------------

/** The columns that each area covers, and the room that its border and those inside it take beside them. */
function areaExtents(
  graph: DiagramGraph,
  widths: readonly number[],
  isDown: boolean,
  columnOf: (node: string) => number | undefined,
) {
  const all = new Map(
    graph.areas.map(({ id }) => [id, { first: Number.POSITIVE_INFINITY, last: -1, before: 0, after: 0 }]),
  );
  const parents = new Map(graph.areas.map(({ id, parent }) => [id, parent]));
  for (const { id, parent } of graph.nodes) {
    const column = columnOf(id);
    if (column === undefined) continue;
    for (let area = parent; area !== undefined; area = parents.get(area)) {
      const extent = all.get(area);
      if (!extent) break;
      extent.first = Math.min(extent.first, column);
      extent.last = Math.max(extent.last, column);
    }
  }
  const opening = new Map<number, number>();
  const closing = new Map<number, number>();
  // Inner areas come after the outer ones.
  for (const area of [...graph.areas].reverse()) {
    const { id, parent } = area;
    const extent = all.get(id);
    if (!extent) continue;
    extent.before += isDown ? HEADER : PADDING;
    extent.after += isDown ? FOOTER : PADDING;
    const columns = sum(widths.slice(extent.first, extent.last + 1));
    const lacking = isDown ? 0 : headOf(area, graph) - (columns + extent.before + extent.after);
    extent.before += Math.max(0, lacking) / 2;
    extent.after += Math.max(0, lacking) / 2;
    opening.set(extent.first, Math.max(opening.get(extent.first) ?? 0, extent.before));
    closing.set(extent.last, Math.max(closing.get(extent.last) ?? 0, extent.after));
    const outer = parent === undefined ? undefined : all.get(parent);
    if (!outer) continue;
    if (outer.first === extent.first) outer.before = Math.max(outer.before, extent.before);
    if (outer.last === extent.last) outer.after = Math.max(outer.after, extent.after);
  }
  return {
    of: (id: string) => all.get(id) ?? { first: 0, last: 0, before: 0, after: 0 },
    opening: (column: number) => opening.get(column) ?? 0,
    closing: (column: number) => closing.get(column) ?? 0,
  };
}

/** The width that an area's title and its firewalls take. */
function headOf({ id, title }: DrawnArea, { firewalls }: DiagramGraph): number {
  const badges = firewalls.filter(({ zones }) => zones.includes(id)).map(badgeWidth);
  const needed = textWidth(visible(title), FONT.area, true) + 2 * PADDING + TOGGLE + sum(badges);
  return Math.min(needed, WIDEST_HEAD);
}

// --- lines ---------------------------------------------------------------------------------------

interface Line {
  readonly arrow: Arrow;
  /** Whether the arrow points to the right. */
  readonly rightward: boolean;
  /** From left to right. */
  readonly bends: readonly Point[];
}

/**
 * The heights at which the lines leave and enter the boxes: straight ahead where they can, never two at one place.
 * By the arrow's id and the side of the box: `ID right` for the box at the line's left end.
 */
function assignPorts(
  lines: readonly Line[],
  nodeAt: ReadonlyMap<string, Point>,
  sizes: Sizes,
): ReadonlyMap<string, number> {
  const sides = new Map<
    string,
    { node: string; taken: number; ends: { key: string; y: number; beyond: number }[] }
  >();
  for (const { arrow, rightward, bends } of lines) {
    const [left, right] = rightward ? [arrow.from, arrow.to] : [arrow.to, arrow.from];
    for (const [node, side, next, beyond] of [
      [left, 'right', bends[0] ?? nodeAt.get(right), bends[1] ?? nodeAt.get(right)],
      [right, 'left', bends.at(-1) ?? nodeAt.get(left), bends.at(-2) ?? nodeAt.get(left)],
    ] as const) {
      const key = `${node} ${side}`;
      const end = { key: `${arrow.id} ${side}`, y: next?.y ?? 0, beyond: beyond?.y ?? 0 };
      const known = sides.get(key);
      if (known) known.ends.push(end);
      else sides.set(key, { node, taken: side === 'left' ? (sizes.get(node)?.taken ?? 0) : 0, ends: [end] });
    }
  }
  const ports = new Map<string, number>();
  for (const { node, taken, ends } of sides.values()) {
    const { y = 0 } = nodeAt.get(node) ?? {};
    const half = (sizes.get(node)?.height ?? 0) / 2 - 8;
    const least = y - half + taken;
    ends.sort((a, b) => a.y - b.y || a.beyond - b.beyond);
    const gap = Math.min(PORT, (y + half - least) / Math.max(1, ends.length - 1));
    // From above each as near as it can to where its line goes on, then from below what ran out of the box.
    const heights: number[] = [];
    for (const end of ends)
      heights.push(Math.max(end.y, least, (heights.at(-1) ?? Number.NEGATIVE_INFINITY) + gap));
    let most = y + half;
    for (let index = heights.length - 1; index >= 0; index--) {
      most = Math.min(most, heights[index] ?? most);
      heights[index] = most;
      most -= gap;
    }
    for (const [index, end] of ends.entries()) {
      const height = heights[index] ?? y;
      const free = Math.min(
        height - (heights[index - 1] ?? Number.NEGATIVE_INFINITY),
        (heights[index + 1] ?? Number.POSITIVE_INFINITY) - height,
      );
      // A bend of a few pixels looks like a mistake.
      const isNear = Math.abs(end.y - height) < Math.min(5, free - 6);
      if (isNear && (taken === 0 || end.y > least)) heights[index] = end.y;
      ports.set(end.key, heights[index] ?? y);
    }
  }
  return ports;
}

// --- firewalls -----------------------------------------------------------------------------------

/** A mark where the arrow leaves its zone, for the last of several firewalls where it enters the other's. */
function marksOf(
  arrow: Arrow,
  points: readonly Point[],
  graph: DiagramGraph,
  boxes: ReadonlyMap<string, Box>,
): PlacedArrow['marks'] {
  const parents = new Map([...graph.areas, ...graph.nodes].map(({ id, parent }) => [id, parent]));
  const outermost = (id: string): string => {
    const parent = parents.get(id);
    return parent === undefined ? id : outermost(parent);
  };
  const { crossings } = arrow;
  if (crossings.length === 0) return [];
  const out = leaving(points, boxes.get(outermost(arrow.from)), 10);
  // Before the head of the arrow.
  const into = leaving([...points].reverse(), boxes.get(outermost(arrow.to)), 14);
  const last = crossings.length - 1;
  return crossings.map(({ firewall, blocks }, index) => {
    if (index === 0 || index < last) return { at: along(points, out, index * 16), firewall, blocks };
    return { at: into, firewall, blocks };
  });
}

/**
 * Where a line that begins inside a box first crosses its border.
 * @param beyond so far from the border of a box at which the line begins
 */
function leaving(points: readonly Point[], box: Box | undefined, beyond: number): Point {
  const [start = { x: 0, y: 0 }] = points;
  if (!box) return start;
  const inside = ({ x, y }: Point): boolean =>
    x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (!next || inside(next)) continue;
    const clamp = (value: number, low: number, size: number) => Math.min(Math.max(value, low), low + size);
    const at = { x: clamp(next.x, box.x, box.width), y: clamp(next.y, box.y, box.height) };
    return index === 0 && !inside(point) ? along(points, start, beyond) : at;
  }
  return start;
}

/** So many pixels further along a line from a point on it. */
function along(points: readonly Point[], from: Point, distance: number): Point {
  let left = distance;
  let at: Point | undefined;
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (!next) break;
    if (at === undefined) {
      if (!isBetween(from, point, next)) continue;
      at = from;
    }
    const length = Math.abs(next.x - at.x) + Math.abs(next.y - at.y);
    if (length >= left) {
      return {
        x: at.x + Math.sign(next.x - at.x) * (next.x === at.x ? 0 : left),
        y: at.y + Math.sign(next.y - at.y) * (next.y === at.y ? 0 : left),
      };
    }
    left -= length;
    at = next;
  }
  return at ?? from;
}

function isBetween({ x, y }: Point, a: Point, b: Point): boolean {
  const near = (value: number, one: number, other: number) =>
    value >= Math.min(one, other) - 0.01 && value <= Math.max(one, other) + 0.01;
  return near(x, a.x, b.x) && near(y, a.y, b.y);
}

/**
 * Each firewall's name on the upper border of every zone that it guards: from the right, or from the left on a
 * collapsed one, which is opened at its right.
 */
function barriersOf(graph: DiagramGraph, boxes: ReadonlyMap<string, Box>): readonly PlacedBarrier[] {
  const used = new Map<string, number>();
  return graph.firewalls.flatMap((barrier) =>
    barrier.zones.flatMap((zone): PlacedBarrier[] => {
      const box = boxes.get(zone);
      if (!box) return [];
      const title = fitText(visible(barrier.title), LONGEST_LABEL, FONT.label);
      const width = badgeWidth(barrier) - 4;
      const taken = used.get(zone) ?? 0;
      used.set(zone, taken + width + 4);
      const isNode = graph.nodes.some(({ id }) => id === zone);
      const x = isNode ? box.x + 8 + taken : box.x + box.width - 8 - taken - width;
      return [{ barrier, zone, title, box: { x, y: box.y - BADGE_HEIGHT / 2, width, height: BADGE_HEIGHT } }];
    }),
  );
}

/** With the space to the next. */
function badgeWidth({ title }: Barrier): number {
  return Math.ceil(textWidth(fitText(visible(title), LONGEST_LABEL, FONT.label), FONT.label)) + 30;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

// --- texts ---------------------------------------------------------------------------------------

function sizeOf(node: DiagramNode, { arrows, firewalls }: DiagramGraph, isDown: boolean) {
  const title = fitText(visible(node.title), WIDEST, FONT.title, true);
  const lines = node.lines.map((line) => fitText(visible(line), WIDEST, FONT.line));
  const badges = firewalls.filter(({ zones }) => zones.includes(node.id)).map(badgeWidth);
  const ends = arrows.filter(({ from, to }) => from === node.id || to === node.id).length;
  const text = Math.max(
    textWidth(title, FONT.title, true) + (node.canOpen ? TOGGLE : 0),
    ...lines.map((line) => textWidth(line, FONT.line)),
  );
  const head = badges.length > 0 ? 7 : 0;
  // Arrows come in beside the firewalls on the upper border, not through them.
  const taken = isDown ? sum(badges) : 0;
  const width = Math.max(NARROWEST, text + 2 * PADDING, sum(badges) + TOGGLE + 12);
  const height = 2 * PADDING + LINE_HEIGHT * (1 + lines.length) - 3 + head;
  const forArrows = 16 + (ends / 2) * PORT;
  return {
    title,
    lines,
    head,
    taken,
    width: Math.ceil(isDown ? Math.max(width, taken + forArrows) : width),
    height: isDown ? height : Math.max(height, forArrows),
  };
}

function labelOf({ ports, blocked, spare, needLabel }: Arrow): PlacedLabel['lines'] {
  const lines = (texts: readonly string[], kind: 'ports' | 'blocked' | 'spare') =>
    texts.map((text) => ({ text: shortPorts(kind === 'ports' ? text : `× ${text}`), kind }));
  return [
    ...(needLabel === '' ? [] : [{ text: needLabel, kind: 'need' as const }]),
    ...lines(blocked, 'blocked'),
    ...lines(spare, 'spare'),
    ...lines(ports, 'ports'),
  ];
}

function labelWidth(lines: PlacedLabel['lines'] = []): number {
  return Math.ceil(Math.max(0, ...lines.map(({ text }) => textWidth(text, FONT.label))));
}

/** The list of ports cut between two of them where it is too long: `tcp 80, 443, +4`. */
function shortPorts(text: string): string {
  if (textWidth(text, FONT.label) <= LONGEST_LABEL) return text;
  const parts = text.split(', ');
  for (let kept = parts.length - 1; kept > 0; kept--) {
    const short = `${parts.slice(0, kept).join(', ')}, +${parts.length - kept}`;
    if (textWidth(short, FONT.label) <= LONGEST_LABEL) return short;
  }
  return fitText(text, LONGEST_LABEL, FONT.label);
}
