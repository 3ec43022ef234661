// The links of the Markdown pages of a package, by the parser that VS Code uses for Markdown.
import { createRequire } from 'node:module';
import { join, posix } from 'node:path';

interface Token {
  readonly type: string;
  readonly children: readonly Token[] | null;
  attrGet(name: string): string | null;
}

const MarkdownIt = createRequire(join(process.cwd(), 'package.json'))('markdown-it') as new (options: {
  html: boolean;
}) => { parse(text: string, env: object): readonly Token[] };

/** Where the links and pictures of a page lead. */
export function targetsOf(text: string): readonly string[] {
  const collect = (tokens: readonly Token[]): readonly string[] =>
    tokens.flatMap((token) => [
      ...(token.type === 'link_open' ? [token.attrGet('href') ?? ''] : []),
      ...(token.type === 'image' ? [token.attrGet('src') ?? ''] : []),
      ...collect(token.children ?? []),
    ]);
  return collect(new MarkdownIt({ html: true }).parse(text, {}));
}

/**
 * The links of pages to files that are not there, and relative ones of pages that are shown without their folder.
 * @param files by path
 * @param alone pages beside which no file is
 */
export function deadLinks(files: ReadonlyMap<string, Buffer>, alone: readonly string[]): readonly string[] {
  return [...files].flatMap(([path, content]) => {
    if (!path.endsWith('.md')) return [];
    return targetsOf(content.toString('utf8')).flatMap((target) => {
      if (/^(https?:|mailto:|#)/.test(target)) return [];
      const file = posix.join(posix.dirname(path), decodeURI(target.split('#')[0] ?? ''));
      return files.has(file) && !alone.includes(path) ? [] : [`${path}: ${target}`];
    });
  });
}

/** The addresses on the web that a page leads to. */
export const addressesOf = (text: string): readonly string[] =>
  targetsOf(text).filter((target) => /^https?:/.test(target));
