// JSON as Azure Resource Manager takes it: with comments.

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
