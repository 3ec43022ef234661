// What a hover says, before it becomes Markdown or plain text. Text of the file is escaped, so that
// no name can become markup.
import { t } from '../l10n.ts';
import { codeText, linkTarget, markdownText, visible } from '../print/escape.ts';

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
  /** Connections, where there is room for `rows`, and where there is little for `few` of them. */
  | {
      readonly kind: 'connections';
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
      readonly few: readonly (readonly string[])[];
      readonly total: number;
      /** The machine that they are those of. */
      readonly machine: string;
      /** Prints all of them. */
      readonly command: string;
    }
  /** So many names on the internet. */
  | { readonly kind: 'endpoints'; readonly count: number }
  /** What few ask for: folded where it can be. */
  | { readonly kind: 'details'; readonly blocks: readonly ProseBlock[] }
  | { readonly kind: 'link'; readonly text: string; readonly url: string }
  /** Parts what is reported from what is there. */
  | { readonly kind: 'ruler' }
  | { readonly kind: 'code'; readonly text: string };

/** A paragraph. */
export function paragraph(...runs: readonly Run[]): ProseBlock {
  return { kind: 'text', runs };
}

/** What few ask for. */
export function details(...blocks: readonly ProseBlock[]): ProseBlock {
  return { kind: 'details', blocks };
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
function around(message: string, part: string, run: Run): readonly Run[] {
  const at = message.indexOf(part);
  return at < 0 ? [message] : [message.slice(0, at), run, message.slice(at + part.length)];
}

/** A text with the first place of a name in it in bold. */
export function withBold(message: string, name: string): readonly Run[] {
  return around(message, name, { bold: name });
}

/** An editor that folds, and that follows links to its own commands. It has room for a few lines only. */
export interface Rich {
  /** The address of the view with the connections of a machine. */
  connections(machine: string): string;
  /** That of the names on the internet. */
  endpoints: string;
}

/** Prints the names on the internet. */
const ENDPOINTS = 'cmtopo export --format endpoints';

function endpointsText(count: number): ProseBlock {
  return paragraph(
    ...around(t('{0} names on the internet; see {1}', count, ENDPOINTS), ENDPOINTS, { code: ENDPOINTS }),
  );
}

/** Blocks as Markdown. */
export function toMarkdown(blocks: readonly ProseBlock[], rich?: Rich): string {
  return blocks.map((block) => blockMarkdown(block, rich)).join('\n\n');
}

/** So many characters of a cell fit beside the others where there is little room. */
export const CELL = 40;

function blockMarkdown(block: ProseBlock, rich: Rich | undefined): string {
  switch (block.kind) {
    case 'connections': {
      const { head, few, rows, total, machine, command } = block;
      if (rich === undefined) {
        const more = total - rows.length;
        const table = blockMarkdown({ kind: 'table', head, rows }, rich);
        return more > 0 ? `${table}\n\n${blockMarkdown(moreRows(more, command), rich)}` : table;
      }
      const more = total - few.length;
      const label = more > 0 ? t('{0} more: show in Connections', more) : t('Show in Connections');
      const short = few.map((cells) =>
        cells.map((cell) => (cell.length > CELL ? `${cell.slice(0, CELL - 1)}…` : cell)),
      );
      return `${roomyTable(head, short)}\n\n[${line(label)}](${rich.connections(machine)})`;
    }
    case 'endpoints':
      return rich === undefined
        ? blockMarkdown(endpointsText(block.count), rich)
        : `[${line(t('{0} names on the internet', block.count))}](${rich.endpoints})`;
    case 'details':
      if (block.blocks.length === 0) return '';
      return rich === undefined
        ? toMarkdown(block.blocks)
        : `<details><summary>${line(t('More'))}</summary>\n\n${toMarkdown(block.blocks, rich)}\n\n</details>`;
    case 'text':
      return block.runs
        .map((run) => {
          if (typeof run === 'string') return line(run);
          if ('code' in run) return codeText(onOneLine(run.code));
          return 'bold' in run ? `**${line(run.bold)}**` : run.markdown;
        })
        .join('');
    case 'table': {
      if (rich !== undefined) return roomyTable(block.head, block.rows);
      const row = (cells: readonly string[]) => `| ${cells.map(line).join(' | ')} |`;
      return [row(block.head), `|${block.head.map(() => '---').join('|')}|`, ...block.rows.map(row)].join(
        '\n',
      );
    }
    case 'link':
      return `[${line(block.text)}](${linkTarget(block.url)})`;
    case 'ruler':
      return '---';
    case 'code':
      return `\`\`\`\n${codeLines(block.text).replaceAll('```', "'''")}\n\`\`\``;
  }
}

/** A table to the left, with room between its columns, which VS Code sets side by side. */
function roomyTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (cells: readonly string[]) =>
    `| ${cells
      .map((cell, index) => {
        // An arrow is close to what it points at.
        const isBetween = index < cells.length - 1 && cell.length > 1;
        return line(cell) + (isBetween ? ' &nbsp;&nbsp;' : '');
      })
      .join(' | ')} |`;
  return [row(head), `|${head.map(() => ':---').join('|')}|`, ...rows.map(row)].join('\n');
}

/** How many rows a table has no room for, and the command that prints them. */
export function moreRows(more: number, command: string): ProseBlock {
  return paragraph(...around(t('and {0} more; see {1}', more, command), command, { code: command }));
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
    case 'connections': {
      const { head, rows, total, command } = block;
      const more = total - rows.length;
      const table = blockText({ kind: 'table', head, rows });
      return more > 0 ? `${table}\n\n${blockText(moreRows(more, command))}` : table;
    }
    case 'endpoints':
      return blockText(endpointsText(block.count));
    case 'details':
      return toPlainText(block.blocks);
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
