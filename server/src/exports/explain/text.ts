// An explanation for a person at a terminal.

import { serviceName } from '../../catalog/index.ts';
import { language, t } from '../../l10n.ts';
import { visible } from '../../print/escape.ts';
import { displayWidth, padEnd, wrapped } from '../../print/width.ts';
import { trafficText } from '../../reach/way.ts';
import {
  type DocumentSection,
  type ExplainedDirection,
  type ExplainedFlow,
  type Explanation,
  fileText,
  type Reason,
} from './explanation.ts';
import {
  decided,
  deviationText,
  directionSummary,
  endsText,
  machineText,
  noteText,
  stateText,
  wayText,
} from './words.ts';

export type Style = 'bold' | 'dim' | 'error' | 'warning' | 'green';
/** Colours a text, or leaves it as it is. */
export type PaintText = (style: Style, text: string) => string;

const STATE_STYLE = { allowed: 'green', blocked: 'error', unchecked: 'warning' } as const;
/** Ports wider than this push only their own line. */
const WIDEST_PORTS = 34;

/**
 * Both directions, each with its reasons, its flows, and what every firewall on the way decides.
 * @param columns longer lines are wrapped
 */
export function explainText(explanation: Explanation, paint: PaintText, columns: number): string {
  const { file, edition, topology, from, to, directions } = explanation;
  const names = from.name === to.name ? [from] : [from, to];
  const width = Math.max(...names.map(({ name }) => displayWidth(visible(name))));
  const machines = names.map((machine) => {
    const name = visible(machine.name);
    return hanging(
      `${paint('bold', name)}${' '.repeat(width - displayWidth(name))}  `,
      width + 2,
      visible(machineText(machine)),
      columns,
    );
  });
  const head = machines.join('');
  const end = paint('dim', fileText(visible(file), edition, topology));
  return [head, ...directions.map((one) => directionText(one)), `${end}\n`].join('\n');

  function directionText(direction: ExplainedDirection): string {
    const title = `${visible(direction.from.name)} -> ${visible(direction.to.name)}`;
    let text = `${paint('bold', title)}  ${directionSummary(direction)}\n`;
    if (direction.reasons.length === 0) return text;
    text += indented(visible(wayText(direction, topology)), 2, columns, (line) => paint('dim', line));
    for (const reason of direction.reasons) text += `\n${reasonText(reason, direction)}`;
    return text;
  }

  function reasonText(reason: Reason, direction: ExplainedDirection): string {
    const { purpose, connection, sections, flows } = reason;
    const [why, see] = [t('why'), t('see')];
    const labels = Math.max(displayWidth(why), displayWidth(see)) + 3;
    const label = (word: string) => padEnd(word, labels);
    let text = indented(visible(endsText(reason, direction)), 2, columns, (line) => paint('bold', line));
    text += indented(`${label(why)}${purpose} (${connection})`, 4, columns, undefined, labels);
    for (const section of sections) {
      text += indented(
        `${label(see)}${sectionText(section)}`,
        4,
        columns,
        (line) => paint('dim', line),
        labels,
      );
    }
    const widths = flowWidths(flows);
    for (const group of decided(flows, topology)) {
      for (const flow of group.flows) text += flowText(flow, widths, direction);
      const [first] = group.flows;
      if (first?.way.kind === 'unchecked') text += indented(visible(first.way.why), GATE, columns);
      const names = Math.max(0, ...group.gates.map(({ firewall }) => displayWidth(visible(firewall))));
      for (const { firewall, verdict, text: decision } of group.gates) {
        const name = `${padEnd(visible(firewall), names)}  `;
        text += indented(
          `${name}${visible(decision)}`,
          GATE,
          columns,
          verdict === 'blocked' ? (line) => paint(first?.missed ? 'error' : 'warning', line) : undefined,
          displayWidth(name),
        );
      }
    }
    return text;
  }

  function flowText(flow: ExplainedFlow, { ports, state }: Widths, direction: ExplainedDirection): string {
    const { kind } = flow.way;
    // Where no firewall is, nothing was decided.
    const isOpen = direction.firewalls?.length === 0;
    // What is blocked and not missed is no mistake.
    const style = kind === 'blocked' && !flow.missed ? 'warning' : STATE_STYLE[kind];
    const mark = isOpen ? '' : `${paint(style, padEnd(stateText(kind), state))}  `;
    const deviation = deviationText(flow);
    const note = [deviation, noteText(flow)]
      .map((text) => (text === undefined ? '' : `; ${visible(text)}`))
      .join('');
    const left = (isOpen ? 0 : state + 2) + ports + 2;
    const traffic = trafficText(flow.flow);
    return hanging(
      `    ${mark}${padEnd(traffic, ports)}  `,
      4 + Math.max(left, displayWidth(traffic) + (isOpen ? 2 : state + 4)),
      `${serviceName(flow.flow.service, language())}${note}`,
      columns,
      4 + left,
    );
  }
}

/** Where the decisions of firewalls begin. */
const GATE = 8;

interface Widths {
  readonly state: number;
  readonly ports: number;
}

function flowWidths(flows: readonly ExplainedFlow[]): Widths {
  const ports = flows
    .map(({ flow }) => displayWidth(trafficText(flow)))
    .filter((width) => width <= WIDEST_PORTS);
  return {
    state: Math.max(...flows.map(({ way }) => displayWidth(stateText(way.kind)))),
    ports: Math.max(0, ...ports),
  };
}

function sectionText({ document, edition, anchor }: DocumentSection): string {
  return t('{0}, {1}, section {2}', document, edition, anchor);
}

/** A text in lines, so many columns from the left; further lines `more` columns further in. */
function indented(
  text: string,
  indent: number,
  columns: number,
  style: (line: string) => string = (line) => line,
  more = 0,
): string {
  const lines = wrapped(text, columns - indent, columns - indent - more);
  return lines
    .map((line, index) => `${' '.repeat(indent + (index === 0 ? 0 : more))}${style(line)}\n`)
    .join('');
}

/** A text behind a first part; its further lines are below its beginning. */
function hanging(first: string, width: number, text: string, columns: number, below = width): string {
  const [line = '', ...rest] = wrapped(text, columns - width, columns - below);
  return `${first}${line}\n${rest.map((one) => `${' '.repeat(below)}${one}\n`).join('')}`;
}
