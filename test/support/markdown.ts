// What a page shows of Markdown, for the tests of what is exported.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SaxesParser } from 'saxes';

/** A renderer of Markdown as code hosts have it: tables, HTML, and links made of addresses. */
const markdown: { render(text: string): string } = createRequire(join(process.cwd(), 'package.json'))(
  'markdown-it',
)({ html: true, linkify: true });

export interface Shown {
  /** All text. */
  readonly text: string;
  /** The text outside code spans: what code hosts look through for mentions and references. */
  readonly bare: string;
  /** The names of the elements in their order, without code spans. */
  readonly elements: readonly string[];
  /** Where links lead. */
  readonly links: readonly string[];
}

/** What a page of Markdown shows. */
export function rendered(text: string): Shown {
  return shownOf(markdown.render(text));
}

/** What HTML without entities of its own shows. */
export function shownOf(html: string): Shown {
  const parser = new SaxesParser({ fragment: true });
  const elements: string[] = [];
  const links: string[] = [];
  let [text, bare, depth] = ['', '', 0];
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'code') depth++;
    else elements.push(name);
    if (name === 'a') links.push(String(attributes.href ?? ''));
  });
  parser.on('closetag', ({ name }) => {
    if (name === 'code') depth--;
  });
  parser.on('text', (part) => {
    text += part;
    if (depth === 0) bare += part;
  });
  parser.write(html).close();
  return { text, bare, elements, links };
}
