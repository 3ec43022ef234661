// What a hover says, before it becomes Markdown or plain text. Text of the file is escaped, so that
// no name can become markup.

/** A stretch of text: the file's or ours as it is, or documentation of ours in Markdown. */
export type Run =
  | string
  | { readonly bold: string }
  | { readonly code: string }
  | { readonly markdown: string };

export type Block =
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
export function text(...runs: readonly Run[]): Block {
  return { kind: 'text', runs };
}

/** Blocks as Markdown. */
export function toMarkdown(blocks: readonly Block[]): string {
  return blocks.map(blockMarkdown).join('\n\n');
}

function blockMarkdown(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.runs
        .map((run) => {
          if (typeof run === 'string') return escapeMarkdown(run);
          if ('code' in run) return codeSpan(run.code);
          return 'bold' in run ? `**${escapeMarkdown(run.bold)}**` : run.markdown;
        })
        .join('');
    case 'table': {
      const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(' | ')} |`;
      return [row(block.head), `|${block.head.map(() => '---').join('|')}|`, ...block.rows.map(row)].join(
        '\n',
      );
    }
    case 'link':
      return `[${escapeMarkdown(block.text)}](${block.url.replace(/[()\s<>]/g, encodeURIComponent)})`;
    case 'ruler':
      return '---';
    case 'code':
      return `\`\`\`\n${block.text.replaceAll('```', "'''")}\n\`\`\``;
  }
}

/** Blocks as plain text, for editors that show no Markdown. */
export function toPlainText(blocks: readonly Block[]): string {
  return blocks.map(blockText).join('\n\n');
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'text':
      return block.runs
        .map((run) => {
          if (typeof run === 'string') return run;
          if ('code' in run) return run.code;
          return 'bold' in run ? run.bold : run.markdown.replace(/```\w*\n?|`/g, '');
        })
        .join('');
    case 'table':
      return block.rows.map((cells) => cells.filter((cell) => cell !== '').join('  ')).join('\n');
    case 'link':
      return `${block.text}: ${block.url}`;
    case 'ruler':
      return '---';
    case 'code':
      return block.text;
  }
}

/** A text in a code span, fenced by more backticks than it holds in a row. */
function codeSpan(code: string): string {
  const line = code.replace(/\s+/g, ' ');
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${line}${fence}` : `${fence} ${line} ${fence}`;
}

/** A text so that Markdown shows it as it is, on one line. Only signs are escaped: a digit would show its backslash. */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]#+!|<>~$&@]/g, '\\$&')
    .replace(/^[-=]/, '\\$&')
    .replace(/^(\d+)([.)])/, '$1\\$2')
    .replace(/:(?=\/\/)/g, '\\:')
    .replace(/\bwww\./gi, (word) => `${word.slice(0, -1)}\\.`);
}
