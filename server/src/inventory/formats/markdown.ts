// A comparison with a site as Markdown, for a ticket or a wiki.
import { groupBy } from '../../collections.ts';
import { codeText, markdownText } from '../../print/escape.ts';
import type { Difference } from '../drift.ts';
import { type DriftReport, differencesSummary, HEADINGS, places, subject } from './words.ts';

const HEADER = ['Name', 'What', 'In the file', 'At the site', 'Where'];

/** One table for each kind of thing; every name and value in a code span. */
export function driftMarkdown({ file, exports, differences, lineOf }: DriftReport): string {
  const groups = groupBy(differences, ({ what }) => what);
  const value = (text: string | undefined) => (text === undefined ? '' : codeText(text));
  const blocks = [
    `# ${codeText(file)} and its site`,
    `${differencesSummary(differences)}. Exports: ${exports.map(codeText).join(', ')}.`,
    ...Object.entries(HEADINGS).flatMap(([what, heading]) => {
      const rows = groups.get(what as Difference['what']) ?? [];
      if (rows.length === 0) return [];
      const table = [
        HEADER,
        HEADER.map(() => '---'),
        ...rows.map((one) => [
          codeText(one.name),
          markdownText(subject(one)),
          value(one.inFile),
          value(one.atSite),
          markdownText(places(one, lineOf)),
        ]),
      ];
      return [`## ${heading}`, table.map((cells) => `| ${cells.join(' | ')} |`).join('\n')];
    }),
  ];
  return `${blocks.join('\n\n')}\n`;
}
