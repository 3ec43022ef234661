// Comma-separated values by RFC 4180, and what spreadsheets and PowerShell make of them.

/** The rows of a text by the names of its columns, which are in lower case and without blanks. */
export function readCsv(text: string): readonly ReadonlyMap<string, string>[] {
  const body = withoutTypeLine(text);
  const [header, ...rows] = cells(body, separatorOf(body));
  const names = header?.map((name) => name.toLowerCase().replace(/[\s_]/g, '')) ?? [];
  return rows
    .filter((row) => row.length > 1 || row[0]?.trim())
    .map((row) => new Map(names.map((name, index) => [name, row[index] ?? ''])));
}

/** Windows PowerShell 5.1 begins with `#TYPE System.Management...`, some programs with `sep=;`. */
export function withoutTypeLine(text: string): string {
  return text.replace(/^(?:#TYPE[^\r\n]*|sep=.)(?:\r\n|\n|\r)/i, '');
}

/** The one of the usual separators that the first line has most of. */
function separatorOf(text: string): string {
  const line = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const count = (mark: string) => line.split(mark).length;
  return [',', ';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best));
}

/** A quotation mark counts at the start of a cell; one that is never closed takes the rest of the text. */
function cells(text: string, separator: string): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let at = 0;
  while (at < text.length) {
    let cell = '';
    if (text[at] === '"') {
      at++;
      for (;;) {
        const quote = text.indexOf('"', at);
        const end = quote < 0 ? text.length : quote;
        cell += text.slice(at, end);
        at = end + 1;
        if (text[at] !== '"') break;
        cell += '"';
        at++;
      }
    }
    // What follows a closing quotation mark belongs to the cell.
    const start = at;
    while (at < text.length && text[at] !== separator && text[at] !== '\r' && text[at] !== '\n') at++;
    row.push(cell + text.slice(start, at));
    if (text[at] === separator) {
      at++;
      if (at < text.length) continue;
      row.push('');
    }
    rows.push(row);
    row = [];
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
  }
  return rows;
}
