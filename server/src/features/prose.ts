// What a hover says, before it becomes Markdown or plain text. Text of the file is escaped, so that
// no name can become markup.
import { t } from '../l10n.ts';
import { codeText, markdownText, visible } from '../print/escape.ts';

/** A stretch of text: the file's or ours as it is, or documentation of ours in Markdown. */
export type Run =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly markdown: string };

export type ProseBlock =
  | { readonly kind: 'text'; readonly runs: readonly Run[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** Parts what is reported from what is there. */
  | { readonly kind: 'ruler' }
  | { readonly kind: 'code'; readonly text: string };

/** A paragraph. */
export function paragraph(...runs: readonly Run[]): ProseBlock {
  return { kind: 'text', runs };
}

/** What is known about a thing: names of facts beside what they are; empty ones are left out. */
export function factBlock(
  facts: readonly (readonly [string, string | number | undefined])[],
): readonly ProseBlock[] {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return known.length === 0
    ? []
    : [{ kind: 'table', head: ['', ''], rows: known.map(([name, value]) => [name, String(value)]) }];
}

/** So many names, and how many there are more. */
export function manyText(names: readonly string[]): string {
  return names.length > 6
    ? t('{0} and {1} more', names.slice(0, 5).join(', '), names.length - 5)
    : names.join(', ');
}

/** A text whose first place of a part of it is another run. */
export function around(message: string, part: string, run: Run): readonly Run[] {
  const at = message.indexOf(part);
  return at < 0 ? [message] : [message.slice(0, at), run, message.slice(at + part.length)];
}

/** A text with the first place of a name in it in bold. */
export function withBold(message: string, name: string): readonly Run[] {
  return around(message, name, { bold: name });
}

/** Blocks as Markdown. */
export function toMarkdown(blocks: readonly ProseBlock[]): string {
  return blocks.map(blockMarkdown).join('\n\n');
}

function blockMarkdown(block: ProseBlock): string {
  switch (block.kind) {
    case 'text':
      return block.runs
        .map((run) => {
          if (typeof run === 'string') return line(run);
          if ('code' in run) return codeText(onOneLine(run.code));
          return 'bold' in run ? `**${line(run.bold)}**` : run.markdown;
        })
        .join('');
    case 'table': {
      const row = (cells: readonly string[]) => `| ${cells.map(line).join(' | ')} |`;
      return [row(block.head), `|${block.head.map(() => '---').join('|')}|`, ...block.rows.map(row)].join(
        '\n',
      );
    }
    case 'link':
      return `[${line(block.text)}](${block.url.replace(/[()\s<>]/g, encodeURIComponent)})`;
    case 'ruler':
      return '---';
    case 'code':
      return `\`\`\`\n${codeLines(block.text).replaceAll('```', "'''")}\n\`\`\``;
  }
}

/** A text on one line of Markdown. */
function line(text: string): string {
  return markdownText(onOneLine(text));
}

/** A text on one line of plain text. */
function plain(text: string): string {
  return visible(onOneLine(text));
}

function onOneLine(text: string): string {
  return text.replace(/\s+/g, ' ');
}

/** Lines of a block of code. */
function codeLines(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** Blocks as plain text, for editors that show no Markdown. */
export function toPlainText(blocks: readonly ProseBlock[]): string {
  return blocks.map(blockText).join('\n\n');
}

function blockText(block: ProseBlock): string {
  switch (block.kind) {
    case 'text':
      return block.runs
        .map((run) => {
          if (typeof run === 'string') return plain(run);
          if ('code' in run) return plain(run.code);
          return 'bold' in run ? plain(run.bold) : run.markdown.replace(/```\w*\n?|`/g, '');
        })
        .join('');
    case 'table':
      return block.rows
        .map((cells) =>
          cells
            .filter((cell) => cell !== '')
            .map(plain)
            .join('  '),
        )
        .join('\n');
    case 'link':
      return `${plain(block.text)}: ${block.url}`;
    case 'ruler':
      return '---';
    case 'code':
      return codeLines(block.text);
  }
}
