// A report as Markdown, for a wiki: the picture as a Mermaid flowchart, names in code spans, sentences escaped.
import { t } from '../l10n.ts';
import { codeText, markdownText } from '../print/escape.ts';
import type { Inline, Page, PageBlock, PageCell, PageSection } from './page.ts';

/** The whole page. */
export function reportMarkdown({ title, lead, sections }: Page): string {
  const blocks = [
    `# ${markdownText(title)}`,
    ...lead.map(block),
    `## ${markdownText(t('Contents'))}`,
    contents(sections),
    ...sections.flatMap((one) => section(one, 2)),
  ];
  return `${blocks.join('\n\n')}\n`;
}

/** Links to headings differ from wiki to wiki, so that there are none. */
function contents(sections: readonly PageSection[]): string {
  return sections
    .map((one, index) =>
      [
        `${index + 1}. ${markdownText(one.title)}`,
        ...(one.parts ?? []).map((part) => `   - ${markdownText(part.title)}`),
      ].join('\n'),
    )
    .join('\n');
}

function section({ title, blocks, parts = [] }: PageSection, level: number): readonly string[] {
  return [
    `${'#'.repeat(level)} ${markdownText(title)}`,
    ...blocks.map(block),
    ...parts.flatMap((part) => section(part, level + 1)),
  ];
}

function block(one: PageBlock): string {
  switch (one.kind) {
    case 'text':
      return cell(one.text);
    case 'note':
      return `> ${cell(one.text)}`;
    case 'list':
      return one.items.map((item) => `- ${cell(item)}`).join('\n');
    case 'table':
      return [
        one.header.map(markdownText),
        one.header.map(() => '---'),
        ...one.rows.map((row) => row.map(cell)),
      ]
        .map((cells) => `| ${cells.join(' | ')} |`)
        .join('\n');
    case 'picture':
      return `\`\`\`mermaid\n${one.mermaid.trimEnd()}\n\`\`\``;
  }
}

function cell(content: PageCell): string {
  return isList(content) ? content.map(inline).join('') : inline(content);
}

function isList(content: PageCell): content is readonly Inline[] {
  return Array.isArray(content);
}

function inline(piece: Inline): string {
  if (typeof piece === 'string') return markdownText(piece);
  if ('name' in piece) return codeText(piece.name);
  if ('word' in piece) return markdownText(piece.word);
  if ('strong' in piece) return `**${markdownText(piece.strong)}**`;
  if ('to' in piece) return markdownText(piece.text);
  return `[${markdownText(piece.text)}](<${piece.url}>)`;
}
