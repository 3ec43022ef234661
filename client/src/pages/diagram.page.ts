// The page of the Diagram panel: lays the graph out, draws it, and moves in it. Layout is done here so that the
// language server stays free for who is typing.
import type { Collapse, DiagramGraph, FileRange } from '../../../server/src/diagram/graph.ts';
import {
  type ArrowDirection,
  type Box,
  type DiagramLayout,
  layoutGraph,
  type PlacedNode,
} from '../../../server/src/diagram/layout.ts';
import { type Colors, colorRules, diagramSvg, SHAPE_RULES } from '../../../server/src/diagram/svg.ts';
import type { ZoneMatrix } from '../../../server/src/diagram/zone-matrix.ts';
import './diagram.css';
import type {
  DiagramPageWords,
  DrawChoice,
  FromDiagram,
  Kept,
  PictureView,
  ToDiagram,
} from './diagram-messages.ts';
import { element } from './element.ts';
import './vscode.ts';

/** More arrows would keep the page busy for many seconds. */
const MOST_ARROWS = 1200;
const SMALLEST = 0.05;
const LARGEST = 4;
/** Smaller than this, names cannot be read: 'auto' takes larger boxes. */
const READABLE = 0.6;
/** Smaller than this, boxes are lines: also who asked for all of it begins where most arrows lead. */
const RECOGNISABLE = 0.1;
/** A first look at a small picture does not blow it up. */
const LARGEST_FIT = 1.25;
/** So much larger a picture has to be to go down where it could go to the right. */
const LARGER_BY = 1.2;
const STEP = 1.25;
/** Beside what was opened, in pixels of the picture. */
const BESIDE = 20;
/** How far the pointer moves before a click becomes a drag, in pixels. */
const CLICK = 4;
const LEVELS = ['auto', 'none', 'site', 'zone'] as const;
const LARGER: Readonly<Record<Collapse, Collapse | undefined>> = {
  none: 'site',
  site: 'zone',
  zone: undefined,
};

const THEME: Colors = {
  paper: 'var(--vscode-editor-background)',
  ink: 'var(--vscode-editor-foreground)',
  faint: 'var(--vscode-descriptionForeground)',
  zone: 'var(--cmtopo-zone)',
  zoneEdge: 'var(--cmtopo-zone-edge)',
  internet: 'var(--cmtopo-internet)',
  site: 'var(--vscode-editor-background)',
  siteEdge: 'var(--cmtopo-site-edge)',
  box: 'var(--cmtopo-box)',
  boxEdge: 'var(--cmtopo-box-edge)',
  clients: 'var(--cmtopo-clients)',
  way: 'var(--cmtopo-way)',
  // The red of VS Code's own trees: that of messages is too pale for small text on a light ground.
  blocked: 'var(--vscode-list-errorForeground, var(--vscode-errorForeground))',
};

const host = acquireVsCodeApi<FromDiagram, Kept>();
const kept = host.getState();
let words: DiagramPageWords | undefined;
let choice: DrawChoice = { collapse: kept?.collapse ?? 'auto', toggled: kept?.toggled ?? [] };
/** What the person chose; `choice.collapse` is what came of it. */
let level: Collapse | 'auto' = kept?.level ?? 'auto';
let view: PictureView | undefined = kept?.view;
let isFitted = kept?.isFitted ?? false;
let direction: ArrowDirection | undefined = kept?.direction;
let file = kept?.document;
let graph: DiagramGraph | undefined;
let placed: DiagramLayout | undefined;
let picture: SVGSVGElement | undefined;
/** What stays where it is when the next picture comes. */
let anchor: string | undefined;
let drawn = '';

// --- The elements ----------------------------------------------------------------------------

const bar = element('div', 'bar', { role: 'toolbar' });
const levelLabel = element('label', 'level', { for: 'level' });
const levelText = element('span');
const levelBox = element('select', '', { id: 'level' });
const zoomOutButton = element('button', 'icon', { type: 'button', id: 'zoom-out' });
const zoomInButton = element('button', 'icon', { type: 'button', id: 'zoom-in' });
const fitButton = element('button', '', { type: 'button', id: 'fit' });
const exportButton = element('button', 'primary', { type: 'button', id: 'export' });
const scene = element('div', 'scene');
const stage = element('main', 'stage', { tabindex: '0', id: 'stage' });
const matrixBox = element('aside', 'matrix', { tabindex: '0', id: 'matrix', hidden: '' });
const status = element('p', 'status', { role: 'status' });
const tip = element('div', 'tip', { role: 'tooltip', hidden: '' });
const legend = element('div', 'legend', { 'aria-hidden': 'true' });

function build(): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${SHAPE_RULES}${colorRules(THEME)}`);
  document.adoptedStyleSheets.push(sheet);
  levelBox.append(...LEVELS.map((level) => element('option', '', { value: level })));
  levelLabel.append(levelText, levelBox);
  zoomOutButton.textContent = '−';
  zoomInButton.textContent = '+';
  bar.append(levelLabel, zoomOutButton, zoomInButton, fitButton, legend, exportButton);
  scene.append(stage, matrixBox);
  document.body.append(bar, scene, status, tip);

  levelBox.addEventListener('change', () => {
    level = LEVELS.find((each) => each === levelBox.value) ?? 'auto';
    view = undefined;
    direction = undefined;
    choose({ collapse: level, toggled: [] });
  });
  zoomOutButton.addEventListener('click', () => zoom(1 / STEP));
  zoomInButton.addEventListener('click', () => zoom(STEP));
  fitButton.addEventListener('click', showAll);
  exportButton.addEventListener('click', exportSvg);
  stage.addEventListener('wheel', onWheel, { passive: false });
  stage.addEventListener('pointerdown', onPointerDown);
  stage.addEventListener('pointermove', onHover);
  stage.addEventListener('pointerleave', hideTip);
  stage.addEventListener('click', onClick);
  stage.addEventListener('keydown', onKey);
  stage.addEventListener('focusin', (event) => {
    const item = itemOf(event.target);
    if (item === undefined || !item.matches(':focus-visible')) return;
    reveal(item);
    const { left, bottom } = item.getBoundingClientRect();
    showTip(item, Math.max(8, left), bottom + 4);
  });
  stage.addEventListener('focusout', hideTip);
  window.addEventListener('resize', () => (isFitted ? fit() : show()));
}

function speak(): void {
  if (words === undefined) return;
  levelText.textContent = words.show;
  for (const option of levelBox.options) {
    const value = LEVELS.find((each) => each === option.value);
    if (value) option.textContent = words.levels[value];
  }
  for (const [button, text] of [
    [zoomOutButton, words.zoomOut],
    [zoomInButton, words.zoomIn],
  ] as const) {
    button.title = text;
    button.setAttribute('aria-label', text);
  }
  // In a narrow panel their signs have to do.
  for (const [button, text, sign] of [
    [fitButton, words.fit, '⤢'],
    [exportButton, words.exportSvg, '⤓'],
  ] as const) {
    const [long, short] = [element('span', 'long'), element('span', 'short', { 'aria-hidden': 'true' })];
    long.textContent = text;
    short.textContent = sign;
    button.replaceChildren(long, short);
    button.title = text;
    button.setAttribute('aria-label', text);
  }
  stage.setAttribute('aria-label', words.help);
  say(graph === undefined ? words.loading : undefined);
}

function say(text: string | undefined): void {
  status.textContent = text ?? '';
  status.hidden = text === undefined;
}

// --- Drawing ---------------------------------------------------------------------------------

function choose(next: DrawChoice): void {
  choice = next;
  keep();
  host.postMessage({ type: 'choose', ...choice });
}

function keep(): void {
  host.setState({ ...choice, level, view, isFitted, direction, document: file });
}

function draw(next: DiagramGraph | undefined): void {
  levelBox.value = level;
  if (next === undefined) {
    if (graph === undefined) say(words?.gone);
    return;
  }
  if (next.arrows.length > MOST_ARROWS) {
    clear();
    say(words?.tooMany.replace('{0}', String(next.arrows.length)));
    return;
  }
  if (next.nodes.length === 0) {
    clear();
    say(words?.empty);
    return;
  }
  const layout = lay(next);
  const larger = LARGER[next.collapse];
  // Decided at the first look: an edit or a wider window changes nothing of what is shown.
  if (level === 'auto' && view === undefined && larger !== undefined && scaleOf(layout) < READABLE) {
    direction = undefined;
    choose({ collapse: larger, toggled: [] });
    return;
  }
  if (choice.collapse === 'auto') choice = { ...choice, collapse: next.collapse };
  put(next, layout);
}

/** The way that a first look takes is kept: an edit or a wider window turns nothing. */
function lay(next: DiagramGraph): DiagramLayout {
  if (direction !== undefined) return layoutGraph(next, direction);
  const wide = layoutGraph(next, 'right');
  const high = scaleOf(wide) < 1 ? layoutGraph(next, 'down') : wide;
  const best = scaleOf(high) > scaleOf(wide) * LARGER_BY ? high : wide;
  direction = best.direction;
  return best;
}

function put(next: DiagramGraph, layout: DiagramLayout): void {
  const before = placed;
  const svg = diagramSvg(layout, { standalone: false });
  graph = next;
  placed = layout;
  say(undefined);
  drawLegend(next);
  if (svg !== drawn || picture === undefined) {
    const focused = itemOf(document.activeElement)?.dataset;
    replace(svg);
    drawn = svg;
    hold(before, layout);
    const again = focused?.id ?? focused?.toggle;
    if (again !== undefined)
      find(`[data-${focused?.id === undefined ? 'toggle' : 'id'}]`, again)?.focus({ preventScroll: true });
  }
  if (view === undefined) look();
  else if (isFitted) fit();
  else show();
}

function clear(): void {
  picture?.remove();
  picture = undefined;
  placed = undefined;
  drawn = '';
}

/** Puts a picture of our own making into the page. It is read as XML, so nothing in it can become HTML. */
function replace(svg: string): void {
  const root = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  const made = document.importNode(root, true);
  if (!(made instanceof SVGSVGElement)) return;
  made.removeAttribute('width');
  made.removeAttribute('height');
  made.setAttribute('role', 'group');
  for (const item of made.querySelectorAll<SVGElement>('[data-id]')) {
    const title = item.querySelector(':scope > title');
    const text = title?.textContent ?? '';
    // The browser's own tooltip would lie over ours.
    title?.remove();
    item.dataset.tip = text;
    item.setAttribute('tabindex', '0');
    item.setAttribute('role', 'button');
    item.setAttribute('aria-label', text.replaceAll('\n', '; '));
  }
  const names = new Map(
    [...(graph?.areas ?? []), ...(graph?.nodes ?? [])].map(({ id, title }) => [id, title]),
  );
  const areas = new Set(graph?.areas.map(({ id }) => id));
  for (const item of made.querySelectorAll<SVGElement>('[data-toggle]')) {
    const id = item.dataset.toggle ?? '';
    const label = (areas.has(id) ? words?.close : words?.open)?.replace('{0}', names.get(id) ?? '') ?? '';
    item.dataset.tip = label;
    item.setAttribute('tabindex', '0');
    item.setAttribute('role', 'button');
    item.setAttribute('aria-label', label);
  }
  if (picture) picture.replaceWith(made);
  else stage.append(made);
  picture = made;
}

/** The signs of the table, so that it can be read without its colours. */
const SIGNS = { allowed: '●', blocked: '✕', none: '·' } as const;

/** Puts the table of zones beside the picture, where there is one. */
function drawMatrix(matrix: ZoneMatrix | undefined): void {
  const wasHidden = matrixBox.hidden;
  matrixBox.hidden = matrix === undefined;
  if (matrix === undefined) matrixBox.replaceChildren();
  else {
    const table = element('table');
    const caption = element('caption');
    caption.textContent = words?.matrix ?? '';
    const top = element('tr');
    top.append(element('td'), ...matrix.zones.map((name) => headOf(name, 'col')));
    const rows = matrix.cells.map((cells, index) => {
      const row = element('tr');
      row.append(
        headOf(matrix.zones[index] ?? '', 'row'),
        ...cells.map((cell) => {
          const box = element('td');
          if (cell === null) return box;
          box.className = cell.traffic;
          box.textContent = SIGNS[cell.traffic];
          box.title = cell.text;
          return box;
        }),
      );
      return row;
    });
    table.append(caption, top, ...rows);
    matrixBox.replaceChildren(table);
    matrixBox.setAttribute('aria-label', words?.matrix ?? '');
  }
  if (wasHidden !== matrixBox.hidden && isFitted) fit();
}

function headOf(name: string, scope: 'row' | 'col'): HTMLElement {
  const head = element('th', '', { scope });
  const text = element('span');
  text.textContent = name;
  head.append(text);
  head.title = name;
  return head;
}

function drawLegend({ legend: texts }: DiagramGraph): void {
  const kinds = ['allowed', 'optional', 'blocked', 'spare', 'unchecked'] as const;
  legend.replaceChildren(
    ...kinds.flatMap((kind) => {
      const text = texts[kind];
      if (text === undefined) return [];
      const one = element('span', `key ${kind}`);
      one.textContent = text;
      return [one];
    }),
  );
}

function find(selector: string, id: string): SVGElement | undefined {
  const all = picture?.querySelectorAll<SVGElement>(selector) ?? [];
  return [...all].find(({ dataset }) => dataset.id === id || dataset.toggle === id);
}

// --- Moving ----------------------------------------------------------------------------------

/**
 * After a change most of what is in sight stays where it is on the screen; after a click what was clicked does.
 */
function hold(before: DiagramLayout | undefined, after: DiagramLayout): void {
  const named = anchor;
  if (before === undefined || view === undefined) return;
  const old = boxes(before);
  const now = boxes(after);
  anchor = undefined;
  const { x, y, scale } = view;
  const [halfWidth, halfHeight] = [stage.clientWidth / scale / 2, stage.clientHeight / scale / 2];
  const moves = [...old].flatMap(([id, from]) => {
    const to = now.get(id);
    if (to === undefined) return [];
    const isInSight = Math.abs(from.x - x) < halfWidth && Math.abs(from.y - y) < halfHeight;
    return [{ id, isInSight, dx: to.x - from.x, dy: to.y - from.y }];
  });
  const own = moves.filter(({ id }) => id === named);
  const seen = moves.filter(({ isInSight }) => isInSight);
  const counted = own.length > 0 ? own : seen.length > 0 ? seen : moves;
  isFitted = false;
  view = { ...view, x: x + median(counted.map(({ dx }) => dx)), y: y + median(counted.map(({ dy }) => dy)) };
  const opened = after.areas.find(({ area }) => area.id === named);
  if (opened) bringIn(opened.box);
}

/** Brings a box into sight with as little movement as that takes, smaller where it has to be and can still be read. */
function bringIn({ x, y, width, height }: Box): void {
  if (view === undefined) return;
  const whole = Math.min(
    stage.clientWidth / (width + 2 * BESIDE),
    stage.clientHeight / (height + 2 * BESIDE),
  );
  const scale = Math.min(view.scale, Math.max(READABLE, whole));
  // Its corner stays where it is on the screen.
  const shrink = view.scale / scale;
  view = {
    x: between(x + (view.x - x) * shrink, x - BESIDE, x + width + BESIDE, stage.clientWidth / scale),
    y: between(y + (view.y - y) * shrink, y - BESIDE, y + height + BESIDE, stage.clientHeight / scale),
    scale,
  };
}

/** The middle of what is in sight, so that it shows a stretch; its beginning where it is too long. */
function between(middle: number, low: number, high: number, inSight: number): number {
  if (high - low > inSight) return low + inSight / 2;
  return Math.min(Math.max(middle, high - inSight / 2), low + inSight / 2);
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[numbers.length >> 1] ?? 0;
}

/** Machines; areas only where they are named, for their corners say little. */
function boxes({ nodes, areas }: DiagramLayout): Map<string, Box> {
  const all = new Map(nodes.map(({ node, box }) => [node.id, box]));
  for (const { area, box } of areas)
    if (area.id === anchor) all.set(area.id, { ...box, width: 0, height: 0 });
  return all;
}

function fit(): void {
  if (placed === undefined) return;
  view = { x: placed.width / 2, y: placed.height / 2, scale: Math.max(SMALLEST, scaleOf(placed)) };
  isFitted = true;
  show();
}

/** The first look at a picture: all of it, or what most arrows lead to where all of it could not be told apart. */
function look(): void {
  if (graph === undefined || placed === undefined) return;
  const smallest = level === 'auto' ? READABLE : RECOGNISABLE;
  if (scaleOf(placed) >= smallest || stage.clientWidth === 0) {
    fit();
    return;
  }
  const counts = new Map<string, number>();
  for (const { from, to } of graph.arrows)
    for (const end of [from, to]) counts.set(end, (counts.get(end) ?? 0) + 1);
  const count = ({ node }: PlacedNode) => counts.get(node.id) ?? 0;
  const [hub] = [...placed.nodes].sort((a, b) => count(b) - count(a));
  const { x, y, width, height } = hub?.box ?? { x: 0, y: 0, ...placed };
  const across = (middle: number, size: number, inSight: number) =>
    size < inSight ? size / 2 : Math.min(Math.max(middle, inSight / 2), size - inSight / 2);
  view = {
    x: across(x + width / 2, placed.width, stage.clientWidth / READABLE),
    y: across(y + height / 2, placed.height, stage.clientHeight / READABLE),
    scale: READABLE,
  };
  isFitted = false;
  show();
}

/** The whole picture, turned where that shows it larger. */
function showAll(): void {
  if (graph === undefined || placed === undefined) return;
  direction = undefined;
  put(graph, lay(graph));
  fit();
}

/** The scale at which a whole picture is in sight. */
function scaleOf({ width, height }: DiagramLayout): number {
  return Math.min(LARGEST_FIT, stage.clientWidth / width, stage.clientHeight / height);
}

function show(): void {
  if (picture === undefined || view === undefined || stage.clientWidth === 0) return;
  const width = stage.clientWidth / view.scale;
  const height = stage.clientHeight / view.scale;
  picture.setAttribute('viewBox', `${view.x - width / 2} ${view.y - height / 2} ${width} ${height}`);
  keep();
}

/** Zooms, and keeps what is under a point of the screen there; without one, the middle. */
function zoom(factor: number, at?: { readonly clientX: number; readonly clientY: number }): void {
  if (view === undefined) return;
  const scale = Math.min(LARGEST, Math.max(SMALLEST, view.scale * factor));
  const { left, top, width, height } = stage.getBoundingClientRect();
  const dx = at ? at.clientX - left - width / 2 : 0;
  const dy = at ? at.clientY - top - height / 2 : 0;
  isFitted = false;
  view = {
    x: view.x + dx / view.scale - dx / scale,
    y: view.y + dy / view.scale - dy / scale,
    scale,
  };
  show();
}

function move(dx: number, dy: number): void {
  if (view === undefined) return;
  isFitted = false;
  view = { ...view, x: view.x + dx / view.scale, y: view.y + dy / view.scale };
  show();
}

/** Moves what has the keyboard into sight. */
function reveal(item: Element): void {
  const outer = stage.getBoundingClientRect();
  const { left, right, top, bottom } = item.getBoundingClientRect();
  const over = (low: number, high: number, from: number, to: number) =>
    high < from + 20 || low > to - 20 ? (low + high) / 2 - (from + to) / 2 : 0;
  const dx = over(left, right, outer.left, outer.right);
  const dy = over(top, bottom, outer.top, outer.bottom);
  if (dx !== 0 || dy !== 0) move(dx, dy);
}

function onWheel(event: WheelEvent): void {
  event.preventDefault();
  hideTip();
  const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
  if (event.ctrlKey || event.metaKey) {
    zoom(Math.exp((-Math.sign(event.deltaY) * Math.min(100, Math.abs(event.deltaY * lines))) / 400), event);
  } else if (event.shiftKey && event.deltaX === 0) move(event.deltaY * lines, 0);
  else move(event.deltaX * lines, event.deltaY * lines);
}

let wasDragged = false;

function onPointerDown(event: PointerEvent): void {
  if (event.button !== 0 && event.button !== 1) return;
  let { clientX: x, clientY: y } = event;
  const start = { x, y };
  wasDragged = false;
  const moved = (next: PointerEvent) => {
    if (!wasDragged && Math.hypot(next.clientX - start.x, next.clientY - start.y) < CLICK) return;
    if (!wasDragged) stage.setPointerCapture(event.pointerId);
    wasDragged = true;
    hideTip();
    stage.classList.add('dragging');
    move(x - next.clientX, y - next.clientY);
    x = next.clientX;
    y = next.clientY;
  };
  const ended = () => {
    stage.classList.remove('dragging');
    stage.removeEventListener('pointermove', moved);
    stage.removeEventListener('pointerup', ended);
    stage.removeEventListener('pointercancel', ended);
  };
  stage.addEventListener('pointermove', moved);
  stage.addEventListener('pointerup', ended);
  stage.addEventListener('pointercancel', ended);
}

function onKey(event: KeyboardEvent): void {
  const item = itemOf(event.target);
  const step = event.shiftKey ? 200 : 50;
  if (item !== undefined && (event.key === 'Enter' || event.key === ' ')) act(item);
  else if (event.ctrlKey || event.metaKey || event.altKey) return;
  else if (event.key === 'ArrowLeft') move(-step, 0);
  else if (event.key === 'ArrowRight') move(step, 0);
  else if (event.key === 'ArrowUp') move(0, -step);
  else if (event.key === 'ArrowDown') move(0, step);
  else if (event.key === '+' || event.key === '=') zoom(STEP);
  else if (event.key === '-') zoom(1 / STEP);
  else if (event.key === '0') showAll();
  else if (event.key === 'Escape') hideTip();
  else return;
  event.preventDefault();
}

// --- Pointing and clicking ---------------------------------------------------------------------

function itemOf(target: EventTarget | Element | null): SVGElement | undefined {
  if (!(target instanceof Element)) return undefined;
  const label = target.closest<SVGElement>('[data-for]');
  if (label?.dataset.for !== undefined) return find('[data-id]', label.dataset.for);
  return target.closest<SVGElement>('[data-toggle], [data-id]') ?? undefined;
}

function onHover(event: PointerEvent): void {
  if (event.buttons !== 0) return;
  const item = itemOf(event.target);
  if (item === undefined) hideTip();
  else showTip(item, event.clientX + 12, event.clientY + 16);
}

let lit: string | undefined;

function showTip(item: SVGElement, x: number, y: number): void {
  tip.textContent = item.dataset.tip ?? '';
  tip.hidden = false;
  const { width, height } = tip.getBoundingClientRect();
  tip.style.left = `${Math.max(4, Math.min(x, window.innerWidth - width - 8))}px`;
  tip.style.top = `${Math.max(4, y + height > window.innerHeight - 4 ? y - height - 28 : y)}px`;
  light(item.dataset.id);
}

function hideTip(): void {
  tip.hidden = true;
  light(undefined);
}

/** What the pointed-at thing has to do with stays bright, the rest grows pale. Areas hold all, so nothing does. */
function light(id: string | undefined): void {
  if (id === lit || picture === undefined || graph === undefined) return;
  lit = id;
  for (const old of picture.querySelectorAll('.lit')) old.classList.remove('lit');
  const arrows = graph.arrows.filter(
    (arrow) =>
      arrow.id === id ||
      arrow.from === id ||
      arrow.to === id ||
      arrow.crossings.some(({ firewall }) => firewall === id),
  );
  const bright = new Set(arrows.flatMap(({ id: own, from, to }) => [own, from, to]));
  picture.classList.toggle('dim', arrows.length > 0);
  if (arrows.length === 0) return;
  if (id !== undefined) bright.add(id);
  for (const one of picture.querySelectorAll<SVGElement>('[data-id], [data-for]')) {
    const own = one.dataset.id ?? one.dataset.for;
    if (own !== undefined && bright.has(own)) one.classList.add('lit');
  }
}

function onClick(event: MouseEvent): void {
  const item = itemOf(event.target);
  if (item !== undefined && !wasDragged) act(item);
}

/** Opens or collapses, or goes to the line in the file. */
function act(item: SVGElement): void {
  const { toggle, id } = item.dataset;
  hideTip();
  if (toggle !== undefined) {
    anchor = toggle;
    const toggled = choice.toggled.includes(toggle)
      ? choice.toggled.filter((each) => each !== toggle)
      : [...choice.toggled, toggle];
    choose({ collapse: choice.collapse, toggled });
    return;
  }
  const place = placeOf(id);
  if (place) host.postMessage({ type: 'open', place });
}

function placeOf(id: string | undefined): FileRange | undefined {
  if (graph === undefined) return undefined;
  const all = [...graph.nodes, ...graph.areas, ...graph.arrows, ...graph.firewalls];
  return all.find((item) => item.id === id)?.place;
}

function exportSvg(): void {
  if (placed) host.postMessage({ type: 'svg', svg: diagramSvg(placed, { standalone: true }) });
}

// --- Messages --------------------------------------------------------------------------------

build();
window.addEventListener('message', ({ data }: MessageEvent<ToDiagram>) => {
  switch (data.type) {
    case 'words':
      words = data.words;
      file = data.document;
      speak();
      keep();
      break;
    case 'graph':
      drawMatrix(data.graph === undefined ? undefined : data.matrix);
      draw(data.graph);
      break;
    case 'export':
      exportSvg();
      break;
  }
});
host.postMessage({ type: 'ready', ...choice });
