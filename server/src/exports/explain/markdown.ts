// An explanation as Markdown, for a ticket or a wiki.

import { editionText, serviceName } from '../../catalog/index.ts';
import { language, t } from '../../l10n.ts';
import { codeText, markdownText } from '../../print/escape.ts';
import { trafficText } from '../../reach/way.ts';
import { listed } from '../../rules/words.ts';
import type { ExplainedDirection, ExplainedFlow, Explanation, Reason } from './explanation.ts';
import {
  deviationText,
  directionSummary,
  endsText,
  gateTexts,
  machineText,
  noteText,
  stateText,
  wayText,
} from './words.ts';

/** One heading for each direction, one table for each reason; every name alone in a code span, every sentence escaped. */
export function explainMarkdown({ file, edition, topology, from, to, directions }: Explanation): string {
  const machines = from.name === to.name ? [from] : [from, to];
  const names = listed(machines.map(({ name }) => codeText(name)));
  const list = editionText(edition, topology.configmgrWritten);
  const blocks = [
    `# ${list === edition ? t('{0} in {1}, port catalog {2}', names, codeText(file), edition) : t('{0} in {1}', names, `${codeText(file)}, ${list}`)}`,
    machines
      .map((machine) => `- ${codeText(machine.name)}: ${markdownText(machineText(machine))}`)
      .join('\n'),
    ...directions.flatMap(directionBlocks),
  ];
  return `${blocks.join('\n\n')}\n`;

  function directionBlocks(direction: ExplainedDirection): readonly string[] {
    const title = `## ${t('{0} to {1}', codeText(direction.from.name), codeText(direction.to.name))}`;
    const summary = `${directionSummary(direction)}.`;
    if (direction.reasons.length === 0) return [title, summary];
    return [
      title,
      `${summary} ${markdownText(wayText(direction, topology))}`,
      ...direction.reasons.flatMap((reason) => reasonBlocks(reason, direction)),
    ];
  }

  function reasonBlocks(reason: Reason, direction: ExplainedDirection) {
    const { purpose, connection, sections, flows } = reason;
    const links = sections.map(
      ({ document, edition, anchor, url }) =>
        `[${markdownText(`${document}, ${edition}, ${anchor}`)}](<${url}>)`,
    );
    const header = [t('Ports'), t('Service'), t('Needed'), t('State'), t('Decided by')];
    const rows = [header, header.map(() => '---'), ...flows.map((flow) => cells(flow, direction))];
    return [
      `### ${markdownText(endsText(reason, direction))}`,
      `${markdownText(purpose)} (${markdownText(connection)}): ${links.join(', ')}`,
      rows.map((row) => `| ${row.join(' | ')} |`).join('\n'),
    ];
  }

  function cells(flow: ExplainedFlow, { firewalls }: ExplainedDirection): readonly string[] {
    const deviation = deviationText(flow);
    const decisions = gateTexts(flow, topology).map(
      ({ firewall, text }) => `${codeText(firewall)}: ${markdownText(text)}`,
    );
    const why = flow.way.kind === 'unchecked' ? markdownText(flow.way.why) : decisions.join('; ');
    const word = stateText(flow.way.kind);
    const state = flow.missed ? `**${word}**` : word;
    return [
      markdownText(`${trafficText(flow.flow)}${deviation === undefined ? '' : ` (${deviation})`}`),
      markdownText(serviceName(flow.flow.service, language())),
      markdownText(noteText(flow) ?? t('needed')),
      firewalls?.length === 0 ? t('no firewall') : state,
      why,
    ];
  }
}
