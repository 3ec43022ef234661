import { marked, t, translated } from '../l10n.ts';

// What is wrong with a place, in words for a person.

const phrases: readonly (readonly [RegExp, string])[] = [
  [/within a (?:single|double) quoted scalar/, marked('The quote that opens here is never closed.')],
  [/within a flow collection/, marked('The bracket that opens here is never closed.')],
  [/missed comma/, marked('A comma or a closing bracket is missing between these entries.')],
  [/but found ','/, marked('A value is missing before this comma.')],
  [
    /deficient indentation/,
    marked('This value is not finished: its quote or bracket is not closed before the next line starts.'),
  ],
  [/tab characters/, marked('A tab indents this line; YAML allows only spaces there.')],
  [/whitespace character is expected after the key-value/, marked('A space is missing after the ":".')],
  [/expected ':' after a mapping key|multiline key may not/, marked('This line has no ":" after its key.')],
  [
    /bad indentation of a mapping entry/,
    marked('This line does not fit the lines around it: its indentation or its ":" is wrong.'),
  ],
  [
    /bad indentation of a sequence entry/,
    marked('This list entry does not line up with the entries around it.'),
  ],
  [
    /unknown escape sequence/,
    marked(
      'A backslash in double quotes starts an escape that YAML does not know; write \\\\ or use single quotes.',
    ),
  ],
  [/hexadecimal/, marked('This escape needs hexadecimal digits after its \\x, \\u or \\U.')],
  [/maxDepth/, marked('This is nested more than 100 levels deep; what is deeper is not read.')],
  [
    /null byte|non-printable|valid JSON character/,
    marked('This line contains a control character that is not allowed in text.'),
  ],
  [/duplication of a tag/, marked('This value has two tags.')],
  [/duplication of an anchor/, marked('This value has two anchors.')],
  [/anchor node must contain|alias node must contain/, marked('A name is missing after the "&" or "*".')],
  [/alias node should not have/, marked('An alias cannot have an anchor or a tag of its own.')],
  [/tag/, marked('This tag ("!…") is not one that YAML allows.')],
  [/directive|YAML version/, marked('This "%" line is not a directive that YAML knows.')],
  [
    /block scalar|chomping mode|indentation width|line break is expected/,
    marked('After "|" or ">" only one digit, "+" or "-" and a comment may follow on the line.'),
  ],
  [
    /end of the stream or a document separator/,
    marked('This line does not belong to what is above it: its indentation or its shape is wrong.'),
  ],
];

const otherwise = marked('This line is not valid YAML.');

/** Sentences about damaged places. */
export const describe = {
  /** From the parser's words. */
  reason: (reason: string): string =>
    translated(phrases.find(([pattern]) => pattern.test(reason))?.[1] ?? otherwise),
  quote: (): string => t('The quote that opens here is never closed.'),
  bracket: (opener: string): string => t('The "{0}" that opens here is never closed.', opener),
  stray: (closer: string): string => t('This "{0}" closes nothing: no bracket is open here.', closer),
  tab: (): string => t('A tab indents this line; YAML allows only spaces there.'),
  space: (): string => t('A space is missing after the ":".'),
  oddSpace: (code: number): string =>
    code === 0xa0 || code === 0x202f || code === 0x2007
      ? t(
          'A no-break space ({0}) is here where YAML needs a plain space; it looks the same and is text to YAML.',
          codePoint(code),
        )
      : t(
          'A wide or narrow space ({0}) is here where YAML needs plain spaces; it is text to YAML.',
          codePoint(code),
        ),
  wideColon: (): string =>
    t('The full-width colon "\uff1a" is text to YAML; a key needs the plain ":" with a space after it.'),
  aliasKey: (name: string): string =>
    t('The ":" counts as part of the alias; as a key, an alias needs a space before it: "*{0} :".', name),
  noAnchor: (name: string): string =>
    t('"*" stands for an anchor, and there is no "&{0}" above; take the "*" away to write a name.', name),
  left: (opener: string, line: number): string =>
    t(
      'This is inside the "{0}" of line {1} and is too far left: everything up to its closing bracket has to be indented deeper than the line that opens it.',
      opener,
      line,
    ),
  colons: (): string => t('A second ":" follows the key; take one of them away.'),
  word: (content: string): string =>
    t('"{0}" is neither a pair nor a list entry; a key needs a ":" after it.', shortened(content)),
  indent: (spaces: number): string =>
    t(
      spaces === 1
        ? 'This line is indented by {0} space, which does not fit the lines around it.'
        : 'This line is indented by {0} spaces, which does not fit the lines around it.',
      spaces,
    ),
  control: (): string => t('This line contains a control character that is not allowed in text.'),
  conflict: (): string =>
    t(
      'A merge conflict is not resolved: keep one side and delete the lines with <<<<<<<, ======= and >>>>>>>.',
    ),
  binary: (): string => t('This is not text: the file contains binary data.'),
  tooMany: (): string =>
    t('Too much is wrong from here on to read the rest of the file; correct the first mistakes first.'),
};

function codePoint(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

function shortened(content: string): string {
  const plain = content.replace(/\s+/g, ' ');
  const characters = [...plain.slice(0, 60)];
  return characters.length <= 40 && plain.length <= 60 ? plain : `${characters.slice(0, 40).join('')}…`;
}
