// JSON as Azure Resource Manager takes it: with comments, with texts over several lines, and with a comma after the last.

/** A text with blanks in place of the comments of its own, so that places in it stay what they are. */
export function withoutComments(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let at = 0;
  while (at < text.length) {
    const mark = text.charAt(at);
    if (mark === '"') {
      for (at++; at < text.length && text.charAt(at) !== '"'; at++) if (text.charAt(at) === '\\') at++;
      at++;
      continue;
    }
    const next = text.charAt(at + 1);
    if (mark !== '/' || (next !== '/' && next !== '*')) {
      at++;
      continue;
    }
    const found = next === '/' ? text.indexOf('\n', at) : text.indexOf('*/', at + 2);
    const end = found === -1 ? text.length : next === '/' ? found : found + 2;
    kept.push(text.slice(from, at), text.slice(at, end).replace(/[^\r\n]/g, ' '));
    from = end;
    at = end;
  }
  return from === 0 ? text : kept.join('') + text.slice(from);
}

const BREAKS: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text without comments in which line breaks in strings are escaped and no comma is before the end of a list. */
export function strictJson(text: string): string {
  const kept: string[] = [];
  let from = 0;
  let comma: number | undefined;
  let isString = false;
  const keep = (until: number, instead: string) => {
    kept.push(text.slice(from, until), instead);
    from = until + 1;
  };
  for (let at = 0; at < text.length; at++) {
    const mark = text.charAt(at);
    if (isString) {
      if (mark === '\\') at++;
      else if (mark === '"') isString = false;
      else if (BREAKS[mark] !== undefined) keep(at, BREAKS[mark]);
      continue;
    }
    if ((mark === ']' || mark === '}') && comma !== undefined) {
      const between = text.slice(comma + 1, at);
      keep(comma, between);
      from = at;
    }
    if (mark === '"') isString = true;
    if (!/\s/.test(mark)) comma = mark === ',' ? at : undefined;
  }
  return kept.join('') + text.slice(from);
}
