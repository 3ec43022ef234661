// The change request as Markdown, for a ticket or a wiki.

import { editionText } from '../../catalog/index.ts';
import { codeText, markdownText } from '../../print/escape.ts';
import { portListText } from '../flows-report.ts';
import { changesSummary, type Diff, groups, passingRows, passingText } from './changes.ts';

const HEADER = [
  'Change',
  'Source',
  'Destination',
  'Protocol',
  'Port',
  'Firewall work',
  'Purpose',
  'Phase',
  'Needed',
];

const PASSING = ['Effect', 'Source', 'Destination', 'Protocol', 'Port', 'Firewall', 'Purpose', 'Phase'];

/** One table for each pair of zones; every name of the files in a code span. */
export function diffMarkdown(diff: Diff): string {
  const tables = groups(diff, codeText);
  const passed = passingRows(diff, codeText);
  const passing = passingText(diff);
  const blocks = [
    // One file with two port lists, or with another firewall, does not change into itself.
    diff.old.file === diff.new.file
      ? `# Changes for ${codeText(diff.new.file)}`
      : `# Changes from ${codeText(diff.old.file)} to ${codeText(diff.new.file)}`,
    `${changesSummary(tables)}; ${editions(diff)}.${passing === undefined ? '' : ` ${passing}.`}`,
    ...tables.flatMap(({ title, rows }) => [
      `## ${title}`,
      [
        HEADER,
        HEADER.map(() => '---'),
        ...rows.map(({ change, from, to, protocol, ports, work, service, phase, need }) => [
          change,
          from,
          to,
          protocol,
          ports.replace('->', '\\->'),
          work,
          markdownText(service),
          phase,
          markdownText(need === '' ? 'needed' : need),
        ]),
      ]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n'),
    ]),
    ...(passed.length === 0
      ? []
      : [
          '## At the firewalls',
          [
            PASSING,
            PASSING.map(() => '---'),
            ...passed.map(({ effect, from, to, protocol, ports, firewalls, service, phase }) => [
              effect,
              from,
              to,
              protocol,
              ports,
              firewalls,
              markdownText(service),
              phase,
            ]),
          ]
            .map((cells) => `| ${cells.join(' | ')} |`)
            .join('\n'),
        ]),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** `port catalog 2017-09 to 2025-12`, or the one of both; with versions where the files name them. */
export function editions({ old, new: fresh }: Diff): string {
  const [before, after] = [portListText(old), portListText(fresh)];
  if (before === after) return after;
  const isPlain = [old, fresh].every(({ edition, configmgr }) => editionText(edition, configmgr) === edition);
  return isPlain ? `${before} to ${fresh.edition}` : `${before}, to ${after}`;
}
