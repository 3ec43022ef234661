// An explanation as Markdown, for a ticket or a wiki.
import { trafficText } from '../../reach/way.ts';
import { visible } from '../firewall/text.ts';
import { markdownText } from '../flows-markdown.ts';
import type { Direction, ExplainedFlow, Explanation, Reason } from './explanation.ts';
import { deviationText, endsText, gateTexts, machineText, summaryText, wayText } from './words.ts';

const HEADER = ['Ports', 'Service', 'State', 'Decided by'];
const STATE = { allowed: 'allowed', blocked: '**blocked**', unchecked: 'not checked' } as const;

/** One heading for each direction, one table for each reason; every text from the file is escaped. */
export function explainMarkdown({ file, edition, topology, from, to, directions }: Explanation): string {
  const shown = (text: string) => markdownText(visible(text));
  const machines = from.name === to.name ? [from] : [from, to];
  const blocks = [
    `# ${machines.map(({ name }) => shown(name)).join(' and ')} in ${shown(file)}, port catalog ${edition}`,
    machines.map((machine) => `- ${shown(machine.name)}: ${shown(machineText(machine))}`).join('\n'),
    ...directions.flatMap(directionBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;

  function directionBlocks(direction: Direction): readonly string[] {
    const title = `## ${shown(direction.from.name)} to ${shown(direction.to.name)}`;
    const summary = `${summaryText(direction)}.`;
    if (direction.reasons.length === 0) return [title, summary];
    return [
      title,
      `${summary} ${shown(wayText(direction, topology))}`,
      ...direction.reasons.flatMap((reason) => reasonBlocks(reason, direction)),
    ];
  }

  function reasonBlocks(reason: Reason, direction: Direction) {
    const { purpose, connection, sections, flows } = reason;
    const links = sections.map(
      ({ document, edition, anchor, url }) => `[${shown(`${document}, ${edition}, ${anchor}`)}](<${url}>)`,
    );
    const rows = [HEADER, HEADER.map(() => '---'), ...flows.map((flow) => cells(flow, direction))];
    return [
      `### ${shown(endsText(reason, direction))}`,
      `${shown(purpose)} (${shown(connection)}): ${links.join(', ')}`,
      rows.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ];
  }

  function cells(flow: ExplainedFlow, { firewalls }: Direction): readonly string[] {
    const deviation = deviationText(flow);
    const decisions = gateTexts(flow, topology).map(({ firewall, text }) => `${firewall}: ${text}`);
    const why = flow.way.kind === 'unchecked' ? flow.way.why : decisions.join('; ');
    return [
      shown(`${trafficText(flow.flow)}${deviation === undefined ? '' : ` (${deviation})`}`),
      shown(flow.flow.service),
      firewalls?.length === 0 ? 'no firewall' : STATE[flow.way.kind],
      shown(why),
    ];
  }
}
