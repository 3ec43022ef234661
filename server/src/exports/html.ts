// HTML pages that need nothing beside themselves: what the exports to HTML share.

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; width: 100%; }
th, td { border-bottom: 1px solid color-mix(in srgb, currentColor 25%, transparent); padding: .3rem .6rem; text-align: left; vertical-align: top; }
thead th { position: sticky; top: 0; background: Canvas; }
@media print { body { margin: 0; } thead th { position: static; } }
`;

export interface HtmlPage {
  /** Of the window; HTML, as everything here. */
  readonly title: string;
  readonly heading: string;
  /** Elements that follow the heading, each with a line break at its end. */
  readonly body: string;
  /** Rules of CSS beside those that every page has, with a line break at the end. */
  readonly style?: string;
  /** Of its texts, as HTML names it; English where it is not said. */
  readonly language?: string;
}

/** A whole page. It loads nothing. */
export function htmlPage({ title, heading, body, style = '', language = 'en' }: HtmlPage): string {
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${STYLE}${style}</style>
</head>
<body>
<h1>${heading}</h1>
${body}</body>
</html>
`;
}

/** A table; header and cells are HTML. */
export function htmlTable(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = header.map((name) => `<th scope="col">${name}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`);
  return `<table>
<thead><tr>${head}</tr></thead>
<tbody>
${body.join('')}</tbody>
</table>
`;
}
