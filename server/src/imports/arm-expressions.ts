// The expressions of ARM templates from which names are made: `[concat(parameters('nsg'), '/Allow')]`. Only what
// gives the same text wherever the template is deployed is worked out.

/** What a parameter or a variable stands for; undefined where the template does not say. */
type Lookup = (kind: 'parameters' | 'variables', name: string) => unknown;

/** Calls in calls are looked into so deep. */
const MOST_NESTED = 20;
/** A text that would become longer is left as it is. */
const MOST_LENGTH = 10_000;

/**
 * What an expression stands for.
 * @param text with its brackets
 * @returns undefined where it is none, or depends on more than the template
 */
export function armValue(text: string, lookup: Lookup): unknown {
  if (!text.startsWith('[') || !text.endsWith(']')) return undefined;
  const end = text.length - 1;
  let at = 1;
  const found = value(0);
  blanks();
  return at === end ? found : undefined;

  function blanks(): void {
    while (at < end && /\s/.test(text.charAt(at))) at++;
  }

  /** A literal or a call; undefined for anything else, which also ends the reading. */
  function value(depth: number): unknown {
    blanks();
    return text.charAt(at) === "'" ? literal() : call(depth);
  }

  /** A quotation mark inside is doubled. */
  function literal(): string | undefined {
    let result = '';
    for (at++; at < end; at++) {
      if (text.charAt(at) !== "'") result += text.charAt(at);
      else if (text.charAt(at + 1) === "'") result += text.charAt(at++);
      else {
        at++;
        return result;
      }
    }
    return undefined;
  }

  function call(depth: number): unknown {
    const start = at;
    while (at < end && /\w/.test(text.charAt(at))) at++;
    const name = text.slice(start, at).toLowerCase();
    if (name === '' || text.charAt(at) !== '(' || depth === MOST_NESTED) return undefined;
    at++;
    const given: unknown[] = [];
    for (;;) {
      const one = value(depth + 1);
      if (one === undefined) return undefined;
      given.push(one);
      blanks();
      const mark = text.charAt(at++);
      if (mark === ')') return resultOf(name, given);
      if (mark !== ',') return undefined;
    }
  }

  function resultOf(name: string, given: readonly unknown[]): unknown {
    const [first] = given;
    if ((name === 'parameters' || name === 'variables') && typeof first === 'string' && given.length === 1)
      return lookup(name, first);
    const texts = given.flatMap((one) =>
      typeof one === 'string' || typeof one === 'number' ? String(one) : [],
    );
    // A parameter may itself be an expression, which is no text yet.
    if (texts.length < given.length || texts.some((one) => one.startsWith('['))) return undefined;
    if (name === 'concat') return short(texts.join(''));
    if (name !== 'format') return undefined;
    const [pattern = '', ...values] = texts;
    // `{0:N2}` writes a number in another way, and `{{` stands for `{`: neither is in a name.
    if (/\{\d+[^\d}]|\{\{|\}\}/.test(pattern)) return undefined;
    return short(pattern.replace(/\{(\d{1,3})\}/g, (all, index) => values[Number(index)] ?? all));
  }

  function short(result: string): string | undefined {
    return result.length > MOST_LENGTH ? undefined : result;
  }
}
