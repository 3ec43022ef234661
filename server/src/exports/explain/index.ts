// The formats of `cmtopo explain`: one file and one line each.
import type { Formats } from '../../formats.ts';
import type { Explanation } from './explanation.ts';
import { explainJson } from './json.ts';
import { explainMarkdown } from './markdown.ts';
import { explainText, type PaintText } from './text.ts';

/** Where a text for a person is shown. */
export interface TextView {
  readonly paint: PaintText;
  /** Longer lines are wrapped. */
  readonly columns: number;
}

export const explainFormats: Formats<(explanation: Explanation, view: TextView) => string> = {
  pretty: {
    write: (explanation, { paint, columns }) => explainText(explanation, paint, columns),
    about: 'for reading; colour and width as in `check`',
  },
  json: { write: explainJson, about: 'the same for programs' },
  markdown: { write: explainMarkdown, about: 'for a ticket' },
};
