// The formats of `cmtopo report`: one file and one line each.
import type { Formats } from '../formats.ts';
import { reportHtml } from './html.ts';
import { reportMarkdown } from './markdown.ts';
import type { Page } from './page.ts';

export const reportFormats: Formats<(page: Page) => string> = {
  html: { write: reportHtml, about: 'a page to read, print and send, that loads nothing' },
  markdown: { write: reportMarkdown, about: 'the same for a wiki; the picture is a Mermaid flowchart' },
};
