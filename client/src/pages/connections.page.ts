// The page of the Connections view: a filter, and a grid of which only the rows in sight exist.
import {
  CONNECTION_COLUMNS,
  CONNECTION_NEEDS,
  CONNECTION_PHASES,
  CONNECTION_STATES,
  type ConnectionColumn,
  type ConnectionFilter,
  type ConnectionList,
  type ConnectionRow,
  type ConnectionSort,
  connectionCell,
  fill,
  filterConnections,
  isPortText,
  sortConnections,
} from '../../../server/src/features/connections-query.ts';
import './connections.css';
import type { ConnectionsPageWords, FromConnections, ToConnections } from './connections-messages.ts';
import { element } from './element.ts';
import './vscode.ts';

/** What survives while the view is hidden. */
interface Kept {
  readonly filter: ConnectionFilter;
  readonly follow: boolean;
  readonly sort: ConnectionSort | undefined;
  readonly top: number;
  /** The columns that somebody has made wider or narrower, in pixels. */
  readonly widths?: Readonly<Partial<Record<ConnectionColumn, number>>>;
}

/** What a column takes of the room that there is, until somebody sets it: what a connection is for comes first. */
const ROOM: Readonly<Record<ConnectionColumn, string>> = {
  source: 'minmax(72px, 1fr)',
  destination: 'minmax(98px, 1fr)',
  protocol: '76px',
  // A range of dynamic ports.
  port: 'minmax(106px, 0.7fr)',
  direction: 'minmax(64px, 0.8fr)',
  purpose: 'minmax(200px, 2.6fr)',
  phase: '94px',
  need: 'minmax(78px, 0.7fr)',
  state: 'minmax(92px, 1.5fr)',
  document: 'minmax(100px, 1.3fr)',
};
/** So much more than its text a cell has, in pixels. */
const PADDING = 16;
/** What names get at most until somebody asks for more, in pixels. */
const WIDEST_NAME = 136;
const NARROWEST = 40;
const WIDEST = 900;
/** What a key adds to the width of a column, or takes away. */
const WIDER = 16;

/** The height of a row in pixels, as the style sheet has it. */
const ROW = 22;
/** Rows above and below the ones in sight, so that scrolling shows no gap. */
const SPARE = 12;
/** The position of the head among the rows of the keyboard. */
const HEAD = -1;

const host = acquireVsCodeApi<FromConnections, Kept>();
const numbers = new Intl.NumberFormat();
const kept = host.getState();

let words: ConnectionsPageWords | undefined;
let list: ConnectionList | undefined;
let isLoaded = false;
let filter: ConnectionFilter = kept?.filter ?? {};
let follow = kept?.follow ?? true;
let sort: ConnectionSort | undefined = kept?.sort;
let widths: NonNullable<Kept['widths']> = kept?.widths ?? {};
/** The room that the longest name of a machine takes, in pixels. */
let longestName = 0;
let cursor: string | undefined;
/** Scrolled to once the first list is there. */
let firstTop = kept?.top ?? 0;
/** Indices of the rows that the filter leaves, in their order. */
let shown: readonly number[] = [];
/** The cell of the keyboard: a position in `shown` or the head. */
let active = { row: 0, column: 0 };

// --- The elements ----------------------------------------------------------------------------

const bar = element('form', 'bar');
const followBox = element('input', '', { type: 'checkbox', id: 'follow' });
const followLabel = element('label', '', { for: 'follow' });
const machineBox = element('select', '', { id: 'machine' });
const zoneBox = element('select', '', { id: 'zone' });
const groupBox = element('select', '', { id: 'boundaryGroup' });
const portBox = element('input', '', { id: 'port', type: 'text', spellcheck: 'false' });
const phaseBox = element('select', '', { id: 'phase' });
const needBox = element('select', '', { id: 'need' });
const stateBox = element('select', '', { id: 'state' });
const clearButton = element('button', '', { type: 'button', id: 'clear' });
const status = element('span', 'status', { role: 'status', id: 'status' });
const grid = element('div', 'grid', { role: 'grid', id: 'grid', tabindex: '0' });
const head = element('div', 'row head', { role: 'row', 'aria-rowindex': '1' });
const body = element('div', 'body', { role: 'rowgroup' });
const empty = element('p', 'empty', { id: 'empty' });

const headCells = CONNECTION_COLUMNS.map((column, index) => {
  const cell = element('div', `cell ${column}`, {
    role: 'columnheader',
    id: cellId(HEAD, index),
    'aria-colindex': String(index + 1),
  });
  const edge = element('span', 'edge', { 'aria-hidden': 'true' });
  cell.append(element('span', 'title'), element('span', 'arrow', { 'aria-hidden': 'true' }), edge);
  edge.addEventListener('pointerdown', (event) => drag(event, column, cell));
  edge.addEventListener('click', (event) => event.stopPropagation());
  edge.addEventListener('dblclick', () => setWidth(column, undefined));
  cell.addEventListener('click', () => {
    active = { row: HEAD, column: index };
    sortBy(column);
  });
  head.append(cell);
  return cell;
});

function build(): void {
  const following = element('span', 'field');
  following.append(followBox, followLabel);
  bar.append(
    following,
    machineBox,
    zoneBox,
    groupBox,
    portBox,
    phaseBox,
    needBox,
    stateBox,
    clearButton,
    status,
  );
  const headGroup = element('div', 'headgroup', { role: 'rowgroup' });
  headGroup.append(head);
  grid.append(headGroup, body);
  document.body.append(bar, grid, empty);

  bar.addEventListener('submit', (event) => event.preventDefault());
  followBox.addEventListener('change', () => {
    follow = followBox.checked;
    if (follow) filter = { ...filter, machine: cursor };
    refresh();
  });
  machineBox.addEventListener('change', () => {
    // Who chooses a machine wants it to stay.
    follow = false;
    filter = { ...filter, machine: machineBox.value || undefined };
    refresh();
  });
  zoneBox.addEventListener('change', () => change({ zone: zoneBox.value || undefined }));
  groupBox.addEventListener('change', () => change({ boundaryGroup: groupBox.value || undefined }));
  portBox.addEventListener('input', () => change({ port: portBox.value.trim() || undefined }));
  phaseBox.addEventListener('change', () =>
    change({ phase: CONNECTION_PHASES.find((phase) => phase === phaseBox.value) }),
  );
  needBox.addEventListener('change', () =>
    change({ need: CONNECTION_NEEDS.find((need) => need === needBox.value) }),
  );
  stateBox.addEventListener('change', () => {
    const state = CONNECTION_STATES.find((each) => `state:${each}` === stateBox.value);
    const rule = stateBox.value.startsWith('rule:') ? stateBox.value.slice('rule:'.length) : undefined;
    change({ state, rule });
  });
  clearButton.addEventListener('click', () => {
    filter = follow ? { machine: cursor } : {};
    refresh();
  });
  grid.addEventListener('scroll', () => {
    requestAnimationFrame(paint);
    keepSoon();
  });
  grid.addEventListener('keydown', onKey);
  body.addEventListener('click', (event) => onClick(event, false));
  body.addEventListener('dblclick', (event) => onClick(event, true));
  new ResizeObserver(paint).observe(grid);
}

/** Puts the texts of the reader's language in place. */
function speak(texts: ConnectionsPageWords): void {
  followLabel.textContent = texts.follow;
  followLabel.title = texts.followHelp;
  // The first choice says the same to the eye, in less room.
  machineBox.setAttribute('aria-label', texts.machine);
  zoneBox.setAttribute('aria-label', texts.zone);
  groupBox.setAttribute('aria-label', texts.boundaryGroup);
  needBox.setAttribute('aria-label', texts.need);
  portBox.setAttribute('aria-label', texts.port);
  phaseBox.setAttribute('aria-label', texts.phase);
  stateBox.setAttribute('aria-label', texts.state);
  portBox.placeholder = texts.portHint;
  clearButton.textContent = texts.clear;
  bar.setAttribute('aria-label', texts.filter);
  grid.setAttribute('aria-label', texts.table);
  for (const [index, column] of CONNECTION_COLUMNS.entries()) {
    const title = headCells[index]?.firstElementChild;
    if (title) title.textContent = texts.columns[column];
  }
}

// --- The width of columns ---------------------------------------------------------------------

/** @param width in pixels; undefined leaves the column to the room that there is */
function setWidth(column: ConnectionColumn, width: number | undefined): void {
  const { [column]: _, ...others } = widths;
  widths =
    width === undefined
      ? others
      : { ...others, [column]: Math.round(Math.min(WIDEST, Math.max(NARROWEST, width))) };
  layColumns();
  keepSoon();
}

/** The columns of machines hold the longest name, where that is no novel. */
function nameRoom(column: ConnectionColumn): string | undefined {
  if (column !== 'source' && column !== 'destination') return undefined;
  const least = Number(/\d+/.exec(ROOM[column])?.[0]);
  return `minmax(${Math.max(least, Math.min(WIDEST_NAME, longestName + PADDING))}px, 1fr)`;
}

function measureNames(): void {
  const longest = (list?.machines ?? []).reduce(
    (most, { name }) => (name.length > most.length ? name : most),
    '',
  );
  const context = document.createElement('canvas').getContext('2d');
  if (context === null) return;
  context.font = getComputedStyle(grid).font;
  longestName = Math.ceil(context.measureText(longest).width);
}

function layColumns(): void {
  const sizes = CONNECTION_COLUMNS.map((column) => {
    const own = widths[column];
    return own === undefined ? (nameRoom(column) ?? ROOM[column]) : `${own}px`;
  });
  grid.style.setProperty('--columns', sizes.join(' '));
  // What the columns need at least; where they have less, the table scrolls.
  const least = sizes.map((size) => Number(/(\d+)px/.exec(size)?.[1] ?? 0));
  grid.style.setProperty('--least', `${least.reduce((sum, one) => sum + one, 0)}px`);
}

function drag(event: PointerEvent, column: ConnectionColumn, cell: HTMLElement): void {
  if (event.button !== 0) return;
  event.preventDefault();
  const start = event.clientX;
  const width = cell.getBoundingClientRect().width;
  const { pointerId } = event;
  const edge = event.currentTarget as HTMLElement;
  edge.setPointerCapture(pointerId);
  const moved = (next: PointerEvent): void => setWidth(column, width + next.clientX - start);
  const ended = (): void => {
    edge.removeEventListener('pointermove', moved);
    edge.removeEventListener('pointerup', ended);
    edge.removeEventListener('pointercancel', ended);
  };
  edge.addEventListener('pointermove', moved);
  edge.addEventListener('pointerup', ended);
  edge.addEventListener('pointercancel', ended);
}

// --- Filter and order ------------------------------------------------------------------------

function change(part: Partial<ConnectionFilter>): void {
  filter = { ...filter, ...part };
  refresh();
}

function sortBy(column: ConnectionColumn): void {
  if (sort?.column !== column) sort = { column, descending: false };
  // The third time takes the order away again.
  else sort = sort.descending ? undefined : { column, descending: true };
  refresh();
}

/**
 * Shows what filter and order leave; the chosen row stays chosen, and the place where it was scrolled to.
 * @param chosen the index of the chosen row, where it is not what it was
 */
function refresh(chosen = shown[active.row]): void {
  compute();
  fillBoxes();
  if (active.row !== HEAD) {
    const found = chosen === undefined ? -1 : shown.indexOf(chosen);
    const row = found === -1 ? Math.min(active.row, shown.length - 1) : found;
    active = { ...active, row: Math.max(0, row) };
  }
  report();
  paint();
}

function compute(): void {
  if (list === undefined) {
    shown = [];
    return;
  }
  const left = filterConnections(list, filter);
  shown = sort === undefined ? left : sortConnections(list, left, sort, look());
}

function look() {
  return words === undefined ? { machine: filter.machine } : { machine: filter.machine, words };
}

/** The index, in a new list, of the connection that a row of the old one is; -1 where it is gone. */
function findAgain(row: ConnectionRow, before: ConnectionList, after: ConnectionList): number {
  const [from, to] = [before.machines[row[0]]?.name, before.machines[row[1]]?.name];
  const traffic = JSON.stringify(before.traffic[row[2]]);
  return after.rows.findIndex(
    ([source, target, what]) =>
      after.machines[source]?.name === from &&
      after.machines[target]?.name === to &&
      JSON.stringify(after.traffic[what]) === traffic,
  );
}

function rowAt(position: number): ConnectionRow | undefined {
  const index = shown[position];
  return index === undefined ? undefined : list?.rows[index];
}

/** Says how many there are, and tells the extension what an export would hold. */
function report(): void {
  host.postMessage({ type: 'shown', filter: validFilter(), sort, count: shown.length });
  keepSoon();
  if (words === undefined) return;
  const total = list?.rows.length ?? 0;
  const blocked = shown.filter((index) => {
    const verdict = list?.rows[index]?.[3];
    return verdict !== undefined && list?.verdicts[verdict]?.state === 'blocked';
  }).length;
  const missed = shown.filter((index) => list?.needs[list.rows[index]?.[6] ?? -1]?.missed).length;
  const parts = [
    ...(filter.port !== undefined && !isPortText(filter.port) ? [words.portWrong] : []),
    ...(list === undefined
      ? []
      : [
          fill(
            total === 1 ? words.countOfOne : words.count,
            numbers.format(shown.length),
            numbers.format(total),
          ),
        ]),
    ...(blocked > missed
      ? [fill(words.blockedNeeded, numbers.format(blocked), numbers.format(missed))]
      : blocked > 0
        ? [fill(words.blocked, numbers.format(blocked))]
        : []),
  ];
  const text = parts.join(' · ');
  if (status.textContent !== text) status.textContent = text;
  const nothing = !isLoaded
    ? words.loading
    : list === undefined
      ? words.noFile
      : list.edition === undefined
        ? words.noEdition
        : total === 0
          ? words.noConnections
          : shown.length === 0
            ? words.noMatch
            : '';
  empty.textContent = nothing;
  empty.hidden = nothing === '';
}

function validFilter(): ConnectionFilter {
  return filter.port !== undefined && !isPortText(filter.port) ? { ...filter, port: undefined } : filter;
}

let keeping: ReturnType<typeof setTimeout> | undefined;

function keepSoon(): void {
  clearTimeout(keeping);
  keeping = setTimeout(() => host.setState({ filter, follow, sort, top: grid.scrollTop, widths }), 200);
}

// --- The filter's boxes ----------------------------------------------------------------------

interface Choice {
  readonly value: string;
  readonly text: string;
}

/** Puts choices into a box where they differ from what it has; groups without choices are left out. */
function setChoices(
  box: HTMLSelectElement,
  value: string,
  first: string,
  groups: readonly { readonly label: string; readonly choices: readonly Choice[] }[],
  gone: (value: string) => string,
): void {
  const known = groups.some(({ choices }) => choices.some((choice) => choice.value === value));
  const extra = value === '' || known ? [] : [{ value, text: gone(value) }];
  const signature = JSON.stringify([first, groups, extra]);
  if (box.dataset.signature !== signature) {
    box.dataset.signature = signature;
    const option = ({ value, text }: Choice) => {
      const made = element('option');
      made.value = value;
      made.textContent = text;
      return made;
    };
    const parts: HTMLElement[] = [option({ value: '', text: first }), ...extra.map(option)];
    for (const { label, choices } of groups) {
      if (choices.length === 0) continue;
      const options = choices.map(option);
      if (label === '') {
        parts.push(...options);
        continue;
      }
      const group = element('optgroup');
      group.label = label;
      group.append(...options);
      parts.push(group);
    }
    box.replaceChildren(...parts);
  }
  box.value = value;
}

const collator = new Intl.Collator(undefined, { numeric: true });

function fillBoxes(): void {
  if (words === undefined) return;
  const texts = words;
  const same = (text: string): Choice => ({ value: text, text });
  const gone = (value: string) => fill(texts.gone, value);
  const sorted = (names: readonly string[]) => names.toSorted(collator.compare).map(same);
  const machines = list?.machines ?? [];
  const named = (kind: string) =>
    sorted(machines.filter((each) => each.kind === kind).map(({ name }) => name));
  const spelled = machines.find(({ name }) => name.toLowerCase() === filter.machine?.toLowerCase())?.name;
  setChoices(
    machineBox,
    spelled ?? filter.machine ?? '',
    texts.allMachines,
    [
      { label: texts.servers, choices: named('server') },
      { label: texts.clients, choices: named('clients') },
      { label: texts.listeners, choices: named('listener') },
      { label: texts.proxies, choices: named('proxy') },
      { label: texts.outside, choices: named('cloud') },
    ],
    gone,
  );
  setChoices(
    zoneBox,
    filter.zone ?? '',
    texts.allZones,
    [{ label: '', choices: sorted(list?.zones ?? []) }],
    gone,
  );
  const boundaryGroups = list?.boundaryGroups ?? [];
  setChoices(
    groupBox,
    filter.boundaryGroup ?? '',
    texts.allBoundaryGroups,
    [{ label: '', choices: sorted(boundaryGroups) }],
    gone,
  );
  // Most files have none.
  groupBox.hidden = boundaryGroups.length === 0 && filter.boundaryGroup === undefined;
  const phases = CONNECTION_PHASES.map((phase) => ({ value: phase, text: texts.phases[phase] }));
  setChoices(phaseBox, filter.phase ?? '', texts.allPhases, [{ label: '', choices: phases }], gone);
  const needs = CONNECTION_NEEDS.map((need) => ({ value: need, text: texts.needs[need] }));
  setChoices(needBox, filter.need ?? '', texts.allNeeds, [{ label: '', choices: needs }], gone);
  const rules = new Set((list?.verdicts ?? []).flatMap((verdict) => verdict.rules.map(({ name }) => name)));
  const states = CONNECTION_STATES.map((state) => ({ value: `state:${state}`, text: texts.states[state] }));
  const byRule = sorted([...rules]).map(({ value, text }) => ({ value: `rule:${value}`, text }));
  setChoices(
    stateBox,
    filter.rule !== undefined
      ? `rule:${filter.rule}`
      : filter.state !== undefined
        ? `state:${filter.state}`
        : '',
    texts.allStates,
    [
      { label: '', choices: states },
      { label: texts.byRule, choices: byRule },
    ],
    (value) => gone(value.replace(/^rule:/, '')),
  );
  followBox.checked = follow;
  if (document.activeElement !== portBox) portBox.value = filter.port ?? '';
  const wrong = filter.port !== undefined && !isPortText(filter.port);
  portBox.setAttribute('aria-invalid', String(wrong));
  portBox.title = wrong ? texts.portWrong : texts.portHelp;
  const { machine, ...rest } = filter;
  const isFiltered =
    Object.values(rest).some((part) => part !== undefined) || (machine !== undefined && !follow);
  clearButton.hidden = !isFiltered;
}

// --- The rows in sight -----------------------------------------------------------------------

interface Drawn {
  readonly row: HTMLElement;
  readonly cells: readonly HTMLElement[];
}

/** By position; what is out of sight is taken for what comes into sight. */
const drawn = new Map<number, Drawn>();

function cellId(row: number, column: number): string {
  return row === HEAD ? `head-${column}` : `cell-${row}-${column}`;
}

function newRow(): Drawn {
  const row = element('div', 'row', { role: 'row' });
  const cells = CONNECTION_COLUMNS.map((column, index) => {
    const cell = element('div', `cell ${column}`, { role: 'gridcell', 'aria-colindex': String(index + 1) });
    cell.dataset.column = String(index);
    // A text of its own, so that only it looks like a link.
    cell.append(element('span'));
    row.append(cell);
    return cell;
  });
  return { row, cells };
}

/** Draws the rows in sight. */
function paint(): void {
  body.style.height = `${shown.length * ROW}px`;
  grid.setAttribute('aria-rowcount', String(shown.length + 1));
  grid.setAttribute('aria-colcount', String(CONNECTION_COLUMNS.length));
  const first = Math.max(0, Math.floor(grid.scrollTop / ROW) - SPARE);
  const last = Math.min(shown.length, Math.ceil((grid.scrollTop + grid.clientHeight) / ROW) + SPARE);
  const free: Drawn[] = [];
  for (const [position, each] of drawn) {
    if (position >= first && position < last) continue;
    drawn.delete(position);
    free.push(each);
  }
  for (let position = first; position < last; position++) {
    let each = drawn.get(position);
    if (each === undefined) {
      each = free.pop() ?? newRow();
      drawn.set(position, each);
      if (each.row.parentElement === null) body.append(each.row);
    }
    draw(each, position);
  }
  for (const { row } of free) row.remove();
  drawHead();
  const hasCell = active.row === HEAD || drawn.has(active.row);
  if (hasCell) grid.setAttribute('aria-activedescendant', cellId(active.row, active.column));
  else grid.removeAttribute('aria-activedescendant');
}

function draw({ row, cells }: Drawn, position: number): void {
  const data = rowAt(position);
  if (data === undefined || list === undefined) return;
  const verdict = list.verdicts[data[3]];
  const isActive = position === active.row;
  row.style.transform = `translateY(${position * ROW}px)`;
  row.setAttribute('aria-rowindex', String(position + 2));
  row.setAttribute('aria-selected', String(isActive));
  row.dataset.position = String(position);
  // What is blocked and not missed is no mistake.
  const isSpare = verdict?.state === 'blocked' && !list.needs[data[6]]?.missed;
  row.dataset.state = isSpare ? 'spare' : (verdict?.state ?? '');
  for (const [index, column] of CONNECTION_COLUMNS.entries()) {
    const cell = cells[index];
    if (cell?.firstElementChild == null) continue;
    const text = connectionCell(list, data, column, look());
    cell.id = cellId(position, index);
    if (cell.firstElementChild.textContent !== text) cell.firstElementChild.textContent = text;
    const need = column === 'need' ? (list.needs[data[6]]?.text ?? '') : '';
    const title = need === '' ? text : `${text}: ${need}`;
    if (cell.title !== title) cell.title = title;
    cell.classList.toggle('active', isActive && index === active.column);
    const isLink = (column === 'state' && verdict?.rules[0] !== undefined) || column === 'document';
    cell.classList.toggle('link', isLink);
  }
}

function drawHead(): void {
  for (const [index, column] of CONNECTION_COLUMNS.entries()) {
    const cell = headCells[index];
    if (cell === undefined) continue;
    const order = sort?.column !== column ? 'none' : sort.descending ? 'descending' : 'ascending';
    cell.setAttribute('aria-sort', order);
    const arrow = cell.querySelector('.arrow');
    if (arrow) arrow.textContent = { none: '', ascending: '▲', descending: '▼' }[order];
    cell.classList.toggle('active', active.row === HEAD && index === active.column);
  }
}

// --- Mouse and keys --------------------------------------------------------------------------

function onClick(event: MouseEvent, focus: boolean): void {
  if (!(event.target instanceof Element)) return;
  const cell = event.target.closest<HTMLElement>('.cell');
  const row = event.target.closest<HTMLElement>('.row');
  if (cell === null || row === null) return;
  active = { row: Number(row.dataset.position), column: Number(cell.dataset.column) };
  paint();
  // Beside its text, a cell stands for its row.
  act(focus, event.target !== cell);
}

/** Goes where the chosen cell leads: a rule of a firewall, a document, or the line that causes the connection. */
function act(focus: boolean, isOnText = true): void {
  const row = rowAt(active.row);
  if (row === undefined || list === undefined) return;
  const column = CONNECTION_COLUMNS[active.column];
  const rule = list.verdicts[row[3]]?.rules[0];
  const [document] = list.traffic[row[2]]?.documents ?? [];
  if (isOnText && column === 'document' && document !== undefined) {
    host.postMessage({ type: 'document', url: document.url });
  } else if (isOnText && column === 'state' && rule !== undefined) {
    host.postMessage({ type: 'open', line: rule.line, character: rule.character, focus });
  } else {
    host.postMessage({ type: 'open', line: row[4], character: row[5], focus });
  }
}

function onKey(event: KeyboardEvent): void {
  if (event.altKey || event.metaKey) return;
  const ownColumn = CONNECTION_COLUMNS[active.column];
  if (event.shiftKey && ownColumn !== undefined && /^Arrow(Left|Right)$/.test(event.key)) {
    event.preventDefault();
    const now = headCells[active.column]?.getBoundingClientRect().width ?? 0;
    setWidth(ownColumn, now + (event.key === 'ArrowRight' ? WIDER : -WIDER));
    return;
  }
  const page = Math.max(1, Math.floor((grid.clientHeight - ROW) / ROW) - 1);
  const lastColumn = CONNECTION_COLUMNS.length - 1;
  const lastRow = shown.length - 1;
  let { row, column } = active;
  switch (event.key) {
    case 'ArrowDown':
      row++;
      break;
    case 'ArrowUp':
      row--;
      break;
    case 'ArrowRight':
      column++;
      break;
    case 'ArrowLeft':
      column--;
      break;
    case 'PageDown':
      row += page;
      break;
    case 'PageUp':
      row = Math.max(0, row - page);
      break;
    case 'Home':
      column = 0;
      if (event.ctrlKey) row = 0;
      break;
    case 'End':
      column = lastColumn;
      if (event.ctrlKey) row = lastRow;
      break;
    case 'Enter':
    case ' ': {
      event.preventDefault();
      const name = CONNECTION_COLUMNS[column];
      if (row === HEAD && name !== undefined) sortBy(name);
      else act(true);
      return;
    }
    default:
      return;
  }
  event.preventDefault();
  active = {
    row: Math.max(HEAD, Math.min(row, lastRow)),
    column: Math.max(0, Math.min(column, lastColumn)),
  };
  showActive();
}

/** Scrolls until the chosen cell is in sight. */
function showActive(): void {
  if (active.row >= 0) {
    const inSight = grid.clientHeight - ROW;
    const top = active.row * ROW;
    if (top < grid.scrollTop) grid.scrollTop = top;
    else if (top + ROW > grid.scrollTop + inSight) grid.scrollTop = top + ROW - inSight;
  }
  paint();
  document
    .getElementById(cellId(active.row, active.column))
    ?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
}

/** What had the keyboard last; a browser forgets it when the keyboard goes to the editor. */
let focused: HTMLElement | undefined;

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement) focused = target;
});
window.addEventListener('focus', () => {
  if (document.activeElement === document.body) focused?.focus({ preventScroll: true });
});

// --- The extension ---------------------------------------------------------------------------

window.addEventListener('message', ({ data }: MessageEvent<ToConnections>) => {
  switch (data.type) {
    case 'words':
      words = data.words;
      speak(data.words);
      refresh();
      break;
    case 'list': {
      const row = rowAt(active.row);
      const chosen = row && list && data.list ? findAgain(row, list, data.list) : undefined;
      list = data.list;
      isLoaded = true;
      measureNames();
      layColumns();
      refresh(chosen ?? -1);
      if (firstTop > 0 && shown.length > 0) {
        grid.scrollTop = firstTop;
        firstTop = 0;
      }
      break;
    }
    case 'cursor':
      cursor = data.machine;
      if (!follow || filter.machine === cursor) break;
      filter = { ...filter, machine: cursor };
      active = { row: 0, column: active.column };
      grid.scrollTop = 0;
      refresh();
      break;
    case 'show':
      filter = data.filter;
      // What is no machine stays though the cursor is in one.
      if (filter.machine === undefined) follow = false;
      active = { row: 0, column: active.column };
      grid.scrollTop = 0;
      refresh();
      grid.focus();
      break;
  }
});

build();
layColumns();
paint();
host.postMessage({ type: 'ready' });
