// A laid out graph as SVG: one file that needs nothing beside itself, or a picture inside the panel, which brings
// its own colours. Every text of the file is written as text, never as markup.
import { markupText } from '../print/escape.ts';
import type { DiagramGraph, DiagramNode } from './graph.ts';
import {
  type ArrowDirection,
  type Box,
  type DiagramLayout,
  FONT,
  LABEL_HEIGHT,
  LINE_HEIGHT,
  PADDING,
  type PlacedArea,
  type PlacedArrow,
  type PlacedBarrier,
  type PlacedLabel,
  type PlacedNode,
  type Point,
} from './layout.ts';
import { textWidth } from './measure.ts';

export interface SvgOptions {
  /** A file of its own: with style sheet, background, heading and legend. */
  readonly standalone: boolean;
}

/** Above the picture of a file, and below it for the legend. */
const HEAD = 34;
const FOOT = 30;
/** Texts longer than this are cut in what a pointer shows. */
const LONGEST = 300;

/** The picture. Deterministic: the same layout, the same bytes. Well-formed XML whatever the topology says. */
export function diagramSvg(placed: DiagramLayout, { standalone }: SvgOptions): string {
  const { graph, direction, areas, nodes, arrows, barriers } = placed;
  const key = standalone ? legend(graph) : undefined;
  const width = Math.ceil(Math.max(placed.width, key?.width ?? 0));
  const height = Math.ceil(placed.height) + (standalone ? HEAD + FOOT : 0);
  const zones = areas.filter(({ area }) => area.kind === 'zone').map(areaSvg);
  const sites = areas.filter(({ area }) => area.kind !== 'zone').map(areaSvg);
  // In a file there is nothing to click.
  const toggles = standalone ? [] : [...areas.map(closeSvg), ...nodes.flatMap(openSvg)];
  // Blocked arrows last, so that they lie on top.
  const drawn = [...arrows].sort(
    (a, b) => Number(a.arrow.state === 'blocked') - Number(b.arrow.state === 'blocked'),
  );
  const picture = [
    ...zones,
    ...sites,
    ...drawn.map(arrowSvg),
    ...nodes.map((node) => nodeSvg(node, direction)),
    ...drawn.map(labelSvg),
    ...barriers.map(barrierSvg),
    ...toggles,
  ].join('\n');
  const title = markupText(graph.title);
  const open =
    `<svg xmlns="http://www.w3.org/2000/svg" class="cmtopo" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" aria-labelledby="cmtopo-title cmtopo-desc"`;
  const head = `<title id="cmtopo-title">${title}</title>\n<desc id="cmtopo-desc">${markupText(graph.description)}</desc>`;
  if (!standalone) return `${open}>\n${head}\n${picture}\n</svg>\n`;
  return [
    `${open} role="img">`,
    head,
    `<style>${STYLE}</style>`,
    `<rect class="paper" width="${width}" height="${height}"/>`,
    `<text class="heading" x="16" y="24">${title}</text>`,
    `<g transform="translate(0 ${HEAD})">`,
    picture,
    '</g>',
    `<g transform="translate(16 ${height - FOOT / 2})">${key?.svg ?? ''}</g>`,
    '</svg>\n',
  ].join('\n');
}

// --- parts ---------------------------------------------------------------------------------------

function areaSvg({ area, box, title }: PlacedArea): string {
  const kind = `${area.kind}${area.internet ? ' internet' : ''}`;
  return group('area', kind, area.id, area.detail, [
    rect(box, area.kind === 'zone' ? 8 : 5),
    `<text class="name" x="${n(box.x + PADDING)}" y="${n(box.y + 16)}">${markupText(title)}</text>`,
  ]);
}

function nodeSvg({ node, box, head, title, lines }: PlacedNode, direction: ArrowDirection): string {
  const kind = `${node.kind}${isCollapsed(node) ? ' collapsed' : ''}${node.internet ? ' internet' : ''}`;
  const round =
    node.kind === 'cloud' || node.kind === 'clients' || node.kind === 'role'
      ? Math.min(14, box.height / 2)
      : 3;
  const height = LINE_HEIGHT * (1 + lines.length);
  const x = n(box.x + PADDING);
  const top = box.y + (box.height + head - height) / 2 + LINE_HEIGHT - 3.5;
  // The second box looks out where no arrow ends.
  const [narrower, lower] = direction === 'down' ? [0, 8] : [8, 0];
  const behind = { x: box.x + 4, y: box.y + 4, width: box.width - narrower, height: box.height - lower };
  return group('node', kind, node.id, node.detail, [
    ...(isCollapsed(node) ? [rect(behind, 3)] : []),
    rect(box, round),
    `<text class="name" x="${x}" y="${n(top)}">${markupText(title)}</text>`,
    ...lines.map(
      (line, index) =>
        `<text class="line" x="${x}" y="${n(top + LINE_HEIGHT * (index + 1))}">${markupText(line)}</text>`,
    ),
  ]);
}

/** What collapses an area, behind its title. */
function closeSvg({ area, box, title }: PlacedArea): string {
  const at = { x: box.x + PADDING + textWidth(title, FONT.area, true) + 14, y: box.y + 11.5 };
  return toggle(area.id, at, 'h7');
}

/** What opens a collapsed box again, at its upper right. */
function openSvg({ node, box }: PlacedNode): readonly string[] {
  if (!isCollapsed(node) || !node.canOpen) return [];
  return [toggle(node.id, { x: box.x + box.width - 11, y: box.y + 11 }, 'h7m-3.5 -3.5v7')];
}

function toggle(id: string, { x, y }: Point, sign: string): string {
  return `<g class="toggle" data-toggle="${markupText(id)}">${rect({ x: x - 6.5, y: y - 6.5, width: 13, height: 13 }, 2)}<path d="M${n(x - 3.5)} ${n(y)}${sign}"/></g>`;
}

function isCollapsed({ kind }: DiagramNode): boolean {
  return kind === 'site' || kind === 'zone';
}

function arrowSvg({ arrow, points, label, marks }: PlacedArrow): string {
  const end = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? end;
  const isUpright = end.x === before.x;
  const way = (isUpright ? Math.sign(end.y - before.y) : Math.sign(end.x - before.x)) || 1;
  // The line stops where the head begins.
  const stop = isUpright ? { x: end.x, y: end.y - way * 5 } : { x: end.x - way * 5, y: end.y };
  const line = [...points.slice(0, -1), stop];
  const head = `M${n(end.x)} ${n(end.y)}l${isUpright ? `-4 ${-way * 8}h8z` : `${-way * 8} -4v8z`}`;
  const parts = label === undefined ? [line] : around(line, label);
  const bent = rounded(points);
  return group(
    'arrow',
    arrow.need === 'needed' ? arrow.state : `${arrow.state} ${arrow.need}`,
    arrow.id,
    [arrow.title, ...arrow.detail],
    [
      `<path class="hit" d="${bent}"/>`,
      ...parts.map((part) => `<path class="way" d="${rounded(part)}"/>`),
      `<path class="head" d="${head}"/>`,
      ...marks.map(({ at, blocks }) => wall(at, blocks)),
    ],
  );
}

function labelSvg({ arrow, label }: PlacedArrow): string {
  if (label === undefined) return '';
  const top = label.at.y - (label.lines.length * LABEL_HEIGHT) / 2 + LABEL_HEIGHT - 3;
  const texts = label.lines.map(
    ({ text, kind }, index) =>
      `<text${CLASSES[kind]} x="${n(label.at.x)}" y="${n(top + index * LABEL_HEIGHT)}">${markupText(text)}</text>`,
  );
  return `<g class="label ${arrow.state}" data-for="${markupText(arrow.id)}">${texts.join('')}</g>`;
}

const CLASSES: Readonly<Record<PlacedLabel['lines'][number]['kind'], string>> = {
  ports: '',
  blocked: ' class="stopped"',
  spare: ' class="spared"',
  need: ' class="need"',
};

function barrierSvg({ barrier, box, title }: PlacedBarrier): string {
  return group('barrier', 'firewall', barrier.id, barrier.detail, [
    rect(box, 3),
    wall({ x: box.x + 11, y: box.y + box.height / 2 }, false),
    `<text class="name" x="${n(box.x + 21)}" y="${n(box.y + box.height / 2 + 3.5)}">${markupText(title)}</text>`,
  ]);
}

function group(
  part: string,
  kind: string,
  id: string,
  detail: readonly string[],
  content: readonly string[],
): string {
  return `<g class="${part} ${kind}" data-id="${markupText(id)}"><title>${detail.map(shown).join('\n')}</title>${content.join('')}</g>`;
}

function rect({ x, y, width, height }: Box, radius: number): string {
  return `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="${n(radius)}"/>`;
}

/** A piece of brick wall; with a cross where it lets something not through. */
function wall({ x, y }: Point, blocks: boolean): string {
  const box = `<rect x="${n(x - 4.5)}" y="${n(y - 4.5)}" width="9" height="9"/>`;
  const bricks = blocks
    ? `M${n(x - 3)} ${n(y - 3)}l6 6m0 -6l-6 6`
    : `M${n(x - 4.5)} ${n(y - 1.5)}h9m-9 3h9M${n(x)} ${n(y - 4.5)}v3m-2.5 0v3m5 0v-3m-2.5 3v3`;
  return `<g class="wall${blocks ? ' stops' : ''}">${box}<path d="${bricks}"/></g>`;
}

/** A line as a path with round corners. */
function rounded(points: readonly Point[]): string {
  const [start] = points;
  if (!start) return '';
  let path = `M${n(start.x)} ${n(start.y)}`;
  for (let index = 1; index < points.length; index++) {
    const before = points[index - 1];
    const point = points[index];
    const after = points[index + 1];
    if (!before || !point) continue;
    if (!after) {
      path += `L${n(point.x)} ${n(point.y)}`;
      continue;
    }
    const radius = Math.min(5, span(before, point) / 2, span(point, after) / 2);
    const a = toward(point, before, radius);
    const b = toward(point, after, radius);
    path += `L${n(a.x)} ${n(a.y)}Q${n(point.x)} ${n(point.y)} ${n(b.x)} ${n(b.y)}`;
  }
  return path;
}

/** A line without the part behind its label, which is on one of its straight parts. */
function around(points: readonly Point[], { at, width, lines }: PlacedLabel): readonly (readonly Point[])[] {
  for (const [index, point] of points.entries()) {
    const next = points[index + 1];
    if (!next) continue;
    for (const [along, across, half] of [
      ['x', 'y', width / 2 + 4],
      ['y', 'x', (lines.length * LABEL_HEIGHT) / 2 + 2],
    ] as const) {
      if (Math.abs(point[across] - next[across]) > 0.5 || Math.abs(point[across] - at[across]) > 0.5)
        continue;
      const [low, high] = [Math.min(point[along], next[along]), Math.max(point[along], next[along])];
      if (at[along] - half < low || at[along] + half > high) continue;
      const way = point[along] < next[along] ? half : -half;
      return [
        [...points.slice(0, index + 1), { ...at, [along]: at[along] - way }],
        [{ ...at, [along]: at[along] + way }, ...points.slice(index + 1)],
      ];
    }
  }
  return [points];
}

function span(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function toward(from: Point, to: Point, distance: number): Point {
  const length = span(from, to) || 1;
  return {
    x: from.x + ((to.x - from.x) / length) * distance,
    y: from.y + ((to.y - from.y) / length) * distance,
  };
}

/** One row: each kind of arrow, and a firewall. */
function legend({ legend: words }: DiagramGraph): { readonly svg: string; readonly width: number } {
  let x = 0;
  const parts: string[] = [];
  const explain = (text: string) => {
    parts.push(`<text class="legend" x="${n(x)}" y="4">${markupText(text)}</text>`);
    x += textWidth(text, FONT.line) + 24;
  };
  for (const state of ['allowed', 'optional', 'blocked', 'spare', 'unchecked'] as const) {
    const text = words[state];
    if (text === undefined) continue;
    const way = `<path class="way" d="M${n(x)} 0h24"/><path class="head" d="M${n(x + 30)} 0l-8 -4v8z"/>`;
    parts.push(`<g class="arrow ${state}">${way}</g>`);
    x += 36;
    explain(state === 'blocked' || state === 'spare' ? `× ${text}` : text);
  }
  parts.push(wall({ x: x + 5, y: 0 }, false));
  x += 16;
  explain(words.firewall);
  return { svg: parts.join(''), width: x + 16 };
}

// --- texts and colours ---------------------------------------------------------------------------

function shown(text: string): string {
  return markupText(text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text);
}

/** A number with at most one decimal. */
function n(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** The colours of a picture; each is whatever CSS takes as a colour. */
export interface Colors {
  readonly paper: string;
  readonly ink: string;
  readonly faint: string;
  readonly zone: string;
  readonly zoneEdge: string;
  readonly internet: string;
  readonly site: string;
  readonly siteEdge: string;
  readonly box: string;
  readonly boxEdge: string;
  readonly clients: string;
  readonly way: string;
  readonly blocked: string;
}

const LIGHT: Colors = {
  paper: '#ffffff',
  ink: '#1f2328',
  faint: '#57606a',
  zone: '#edf2f8',
  zoneEdge: '#8fa5bd',
  internet: '#f4effa',
  site: '#ffffff',
  siteEdge: '#b3bfcc',
  box: '#fff8e6',
  boxEdge: '#8a6d1d',
  clients: '#e8f6ec',
  way: '#44566b',
  blocked: '#c5221f',
};

const DARK: Colors = {
  paper: '#1b1f24',
  ink: '#e6edf3',
  faint: '#a3adb8',
  zone: '#222c38',
  zoneEdge: '#54708e',
  internet: '#2e2738',
  site: '#1b222b',
  siteEdge: '#465462',
  box: '#3a3320',
  boxEdge: '#c9a94a',
  clients: '#20392a',
  way: '#a9bccf',
  blocked: '#ff7b72',
};

/** The rules that have to do with colour; the same for a file and for the panel. */
export function colorRules(colors: Colors): string {
  return `
.paper{fill:${colors.paper}}
.cmtopo text{fill:${colors.ink}}
.cmtopo .line,.cmtopo .legend,.cmtopo .label text{fill:${colors.faint}}
.area.zone rect{fill:${colors.zone};stroke:${colors.zoneEdge}}
.area.internet rect,.node.internet rect{fill:${colors.internet};stroke:${colors.zoneEdge}}
.area.site rect{fill:${colors.site};stroke:${colors.siteEdge}}
.node.server rect{fill:${colors.box};stroke:${colors.boxEdge}}
.node.clients rect{fill:${colors.clients};stroke:${colors.zoneEdge}}
.node.role rect{fill:${colors.box};stroke:${colors.boxEdge};stroke-dasharray:3 2}
.node.site rect{fill:${colors.site};stroke:${colors.zoneEdge}}
.node.zone rect{fill:${colors.zone};stroke:${colors.zoneEdge}}
.arrow .way{stroke:${colors.way}}
.arrow .head{fill:${colors.way}}
.arrow.spare .way{stroke:${colors.faint}}
.arrow.spare .head{fill:${colors.faint}}
.arrow.blocked .way{stroke:${colors.blocked}}
.arrow.blocked .head{fill:${colors.blocked}}
.label text.stopped{fill:${colors.blocked}}
.barrier rect,.wall rect{fill:${colors.paper};stroke:${colors.faint}}
.wall path,.toggle path{stroke:${colors.faint}}
.toggle rect{fill:${colors.paper};stroke:${colors.faint}}
.wall.stops rect,.wall.stops path{stroke:${colors.blocked}}`;
}

/** The rules that have not. */
export const SHAPE_RULES = `
.cmtopo{font-family:'Segoe UI',system-ui,-apple-system,'Noto Sans',sans-serif}
.cmtopo .heading{font-size:16px;font-weight:600}
.cmtopo .legend{font-size:${FONT.line}px}
.area .name{font-size:${FONT.area}px;font-weight:600}
.area.internet rect{stroke-dasharray:6 3}
.node .name{font-size:${FONT.title}px;font-weight:600}
.node .line{font-size:${FONT.line}px}
.label{font-size:${FONT.label}px;text-anchor:middle}
.label .stopped{font-weight:600}
.arrow .way{fill:none;stroke-width:1.3}
.arrow.choice .way,.arrow.optional .way{stroke-dasharray:11 3}
.arrow.blocked .way{stroke-width:1.8;stroke-dasharray:6 3}
.arrow.spare .way{stroke-width:1;stroke-dasharray:6 3}
.arrow.unchecked .way{stroke-dasharray:1.5 3}
.label .need{font-style:italic}
.arrow .hit{fill:none;stroke:none;stroke-width:9;pointer-events:stroke}
.barrier .name{font-size:${FONT.label}px}
.wall path{fill:none}
.wall.stops path{stroke-width:1.6}`;

const STYLE = `${SHAPE_RULES}${colorRules(LIGHT)}
@media screen and (prefers-color-scheme:dark){${colorRules(DARK)}
}
`;
