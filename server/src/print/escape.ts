// Texts of a topology file on their way into other languages: the one place that knows how each of them is told
// what is text. What is no plain character is made visible first, whatever the language.

/**
 * Characters that steer what a person sees and have no shape of their own: control and format characters (marks of
 * direction among them), line and paragraph separators, lone surrogates, private and unassigned characters, and
 * whatever else Unicode says is to be ignored in display, such as fillers and variation selectors.
 */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** A text on one line in which nothing is hidden: characters that would be are written as `\u202e`. */
export function visible(text: string): string {
  return text.replace(HIDDEN, escaped);
}

/** The same with everything that is not ASCII written so: for targets that guess the encoding of a file. */
export function ascii(text: string): string {
  return visible(text).replace(/[^ -~]/gu, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Only letters, digits, blanks and `.,:;()/_-`; anything else becomes `_`: for targets without safe quoting. */
export function tame(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:;()/_-]/gu, '_');
}

/** A part of a name: letters, digits, `.`, `_` and `-` only, from a letter or digit to one, at most so long. */
export function word(text: string, most: number): string {
  const plain = text
    .replace(/[^A-Za-z0-9._-]+/gu, '-')
    .slice(0, most)
    .replace(/^[^A-Za-z0-9]+|(?<![^A-Za-z0-9])[^A-Za-z0-9]+$/g, '');
  return plain === '' ? 'x' : plain;
}

/** Cut to so many UTF-16 units, with `...` where something is missing; no character is cut in two. */
export function cut(text: string, most: number): string {
  return text.length <= most ? text : `${text.slice(0, most - 3).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

/** An object or list of at most so many characters is one line of {@link shortJsonText}. */
const MOST_IN_LINE = 140;

/**
 * A value as a JSON document with a line break at its end. Its strings are those of the value: what is hidden is
 * there as JSON's own escapes, so that a person who looks at the document sees it.
 */
export function jsonText(value: unknown): string {
  return `${withHiddenEscaped(JSON.stringify(value, undefined, 2))}\n`;
}

/** The same with what is short in one line, so that a document of many places stays small. */
export function shortJsonText(value: unknown): string {
  return `${withHiddenEscaped(withShortLines(value, ''))}\n`;
}

function withHiddenEscaped(json: string): string {
  return json.replace(HIDDEN, (character) =>
    character === '\n' ? character : Array.from(character, unitsOf).join(''),
  );
}

/** JSON as `JSON.stringify` indents it, but for what is short. */
function withShortLines(value: unknown, indent: string): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((one: unknown) => ({ key: '', one }))
    : Object.entries(value).flatMap(([name, one]: [string, unknown]) =>
        one === undefined ? [] : [{ key: `${JSON.stringify(name)}: `, one }],
      );
  const [open, close, gap] = isList ? ['[', ']', ''] : ['{', '}', ' '];
  if (parts.length === 0) return `${open}${close}`;
  const inner = `${indent}  `;
  const texts = parts.map(({ key, one }) => `${key}${withShortLines(one, inner)}`);
  const line = `${open}${gap}${texts.join(', ')}${gap}${close}`;
  return line.length <= MOST_IN_LINE && !line.includes('\n')
    ? line
    : `${open}\n${inner}${texts.join(`,\n${inner}`)}\n${indent}${close}`;
}

function unitsOf(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}

/**
 * One cell of CSV by RFC 4180. A spreadsheet takes a cell that starts with `=`, `+`, `-`, `@` or one of their
 * full-width forms for a formula; an apostrophe before it makes it text. Where the list separator of the locale is
 * the semicolon, a spreadsheet begins a cell behind each one too. Some pass over blanks at its start.
 */
export function csvCell(text: string): string {
  const safe = visible(text).replace(/(^\s*|;\s*)(?=[=+\-@＝＋－＠])/g, "$1'");
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A string of PowerShell without substitution, in ASCII. Only the quotation mark itself means something in it, and is doubled. */
export function powershellString(text: string): string {
  return `'${ascii(text).replaceAll("'", "''")}'`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text that HTML and XML show as it is, in an element or a quoted attribute. */
export function markupText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/**
 * What code hosts and editors make links and mentions of, also where a backslash is before it: `@team`,
 * `https://…`, `www.…`, `#12`. In a code span it is text.
 */
const REFERENCE = /(?:[@#]|:\/\/|www\.|\bGH-(?=\d))+/gi;

/**
 * A text that Markdown shows as it is, in a line, a heading or the cell of a table, and makes no link, mention or
 * list of. For a sentence; a name alone is better shown by {@link codeText}.
 */
export function markdownText(text: string): string {
  let shown = '';
  let from = 0;
  for (const { 0: reference, index } of visible(text).matchAll(REFERENCE)) {
    shown += `${signs(visible(text).slice(from, index))}\`${reference}\``;
    from = index + reference.length;
  }
  shown += signs(visible(text).slice(from));
  return shown.replace(/^[-=]/, '\\$&').replace(/^(\d+)([.)])(?= |$)/, '$1\\$2');
}

function signs(text: string): string {
  return text.replace(/[\\`*_{}[\]<>+!|~&$]/g, '\\$&');
}

/** A name as a code span of Markdown, also in a cell of a table, whose bars it escapes. */
export function codeText(text: string): string {
  return visible(text)
    .split('|')
    .map((part) => (part === '' ? '' : codeSpan(part)))
    .join('\\|');
}

/** A text without bars in a code span, fenced by more backticks than it holds in a row. */
function codeSpan(text: string): string {
  const longest = Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  // A blank at both ends is taken away again, which else would be done to those of the text.
  return /^[ `]|[ `]$/.test(text) && text.trim() !== ''
    ? `${fence} ${text} ${fence}`
    : `${fence}${text}${fence}`;
}

/** An address as the target of a link of Markdown. */
export function linkTarget(url: string): string {
  return url.replace(/[()\s<>]/g, encodeURIComponent);
}

/**
 * A text inside quotes of a Mermaid flowchart. Letters, digits and a few marks stay; the rest are entity codes, which
 * Mermaid shows as characters and never reads: quotes, brackets, `%%{`, backticks, `<`, `&` and `#` among them.
 */
export function mermaidText(text: string): string {
  return (
    visible(text)
      .replace(/[^\p{L}\p{N}\p{M} ,/×…().-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)
      // At the beginning these would make a list of it.
      .replace(/^(\s*\d*)([.)-])/u, (_, before: string, mark: string) => `${before}#${mark.charCodeAt(0)};`)
      // Two of them would begin a formula, also as entity codes.
      .replaceAll('#36;#36;', '#36;#8203;#36;')
      // `fa:fa-car` would be an icon, also as entity codes.
      .replaceAll('#58;', '#58;#8203;')
  );
}

/**
 * A string of Bicep on one line: `'`, `\` and the `$` of an interpolation are escaped; `//` and `/*` too, which the
 * grammar that editors use takes for a comment even in a string.
 */
export function bicepString(text: string): string {
  const escaped = ascii(text)
    .replace(/['\\]|\$(?=\{)/g, (mark) => `\\${mark}`)
    .replace(/\/(?=[/*])/g, '\\u{2f}');
  return `'${escaped}'`;
}

/** A string of Terraform on one line: quotation marks, backslashes and the openings of `${` and `%{` are escaped. */
export function hclString(text: string): string {
  const escaped = visible(text)
    .replace(/["\\]/g, (mark) => `\\${mark}`)
    .replace(/([$%])(?=\{)/g, '$1$1');
  return `"${escaped}"`;
}

/** A word of bash and zsh between apostrophes, in which nothing is code. */
export function posixWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}

/** A word of fish between apostrophes, in which a backslash and an apostrophe are written with a backslash. */
export function fishWord(text: string): string {
  return `'${text.replaceAll(/[\\']/g, '\\$&')}'`;
}

/** A text of a manual page in which nothing is an instruction: no line begins with a dot or an apostrophe, dashes can be copied. */
export function roffText(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll(/[^\n -~]/gu, (character) => {
      const code = character.codePointAt(0)?.toString(16).toUpperCase().padStart(4, '0') ?? '';
      return `\\[u${code}]`;
    });
  return /^[.']/.test(escaped) ? `\\&${escaped}` : escaped;
}

/** Text that stands for itself in a snippet: `$`, `}` and `\` escaped. */
export function snippetText(text: string): string {
  return text.replace(/[$}\\]/g, '\\$&');
}

/** The same for one of the words between which a snippet has a choice. */
export function snippetChoice(text: string): string {
  return text.replace(/[$}\\,|]/g, '\\$&');
}

/** A message in a command of GitHub Actions. */
export function githubText(text: string): string {
  return visible(text).replaceAll('%', '%25');
}

/** A value of a property there. */
export function githubProperty(text: string): string {
  return githubText(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/**
 * A message in a command of Azure Pipelines. A percent sign has a code of its own there, for those that stood in texts before there were any.
 */
export function azureText(text: string): string {
  return visible(text).replaceAll('%', '%AZP25');
}

/** A value of a property there. */
export function azureProperty(text: string): string {
  return azureText(text).replaceAll(';', '%3B').replaceAll(']', '%5D');
}
