// The formats of `cmtopo explain` beside the one for a terminal.
import type { Explanation } from './explanation.ts';
import { explainJson } from './json.ts';
import { explainMarkdown } from './markdown.ts';

export const explainFormats: Readonly<Record<string, (explanation: Explanation) => string>> = {
  json: explainJson,
  markdown: explainMarkdown,
};
