// What is wrong with a place, in words for a person.

const phrases: readonly (readonly [RegExp, string])[] = [
  [/within a (?:single|double) quoted scalar/, 'The quote that opens here is never closed.'],
  [/within a flow collection/, 'The bracket that opens here is never closed.'],
  [/missed comma/, 'A comma or a closing bracket is missing between these entries.'],
  [/but found ','/, 'A value is missing before this comma.'],
  [
    /deficient indentation/,
    'This value is not finished: its quote or bracket is not closed before the next line starts.',
  ],
  [/tab characters/, 'A tab indents this line; YAML allows only spaces there.'],
  [/whitespace character is expected after the key-value/, 'A space is missing after the ":".'],
  [/expected ':' after a mapping key|multiline key may not/, 'This line has no ":" after its key.'],
  [
    /bad indentation of a mapping entry/,
    'This line does not fit the lines around it: its indentation or its ":" is wrong.',
  ],
  [/bad indentation of a sequence entry/, 'This list entry does not line up with the entries around it.'],
  [
    /unknown escape sequence/,
    'A backslash in double quotes starts an escape that YAML does not know; write \\\\ or use single quotes.',
  ],
  [/hexadecimal/, 'This escape needs hexadecimal digits after its \\x, \\u or \\U.'],
  [/maxDepth/, 'This is nested more than 100 levels deep; what is deeper is not read.'],
  [
    /null byte|non-printable|valid JSON character/,
    'This line holds a control character that text may not have.',
  ],
  [/duplication of a tag/, 'This value has two tags.'],
  [/duplication of an anchor/, 'This value has two anchors.'],
  [/anchor node must contain|alias node must contain/, 'A name is missing after the "&" or "*".'],
  [/alias node should not have/, 'An alias cannot have an anchor or a tag of its own.'],
  [/tag/, 'This tag ("!…") is not one that YAML allows.'],
  [/directive|YAML version/, 'This "%" line is not a directive that YAML knows.'],
  [
    /block scalar|chomping mode|indentation width|line break is expected/,
    'After "|" or ">" only one digit, "+" or "-" and a comment may follow on the line.',
  ],
  [
    /end of the stream or a document separator/,
    'This line does not belong to what stands above it: its indentation or its shape is wrong.',
  ],
];

const otherwise = 'This line is not valid YAML.';

/** Sentences about damaged places. */
export const describe = {
  /** From the parser's words. */
  reason: (reason: string): string => phrases.find(([pattern]) => pattern.test(reason))?.[1] ?? otherwise,
  quote: 'The quote that opens here is never closed.',
  bracket: (opener: string): string => `The "${opener}" that opens here is never closed.`,
  stray: (closer: string): string => `This "${closer}" closes nothing: no bracket is open here.`,
  tab: 'A tab indents this line; YAML allows only spaces there.',
  space: 'A space is missing after the ":".',
  colons: 'A second ":" follows the key; take one of them away.',
  word: (content: string): string =>
    `"${shortened(content)}" is neither a pair nor a list entry; a key needs a ":" after it.`,
  indent: (spaces: number): string =>
    `This line is indented by ${spaces} ${spaces === 1 ? 'space' : 'spaces'}, which does not fit the lines around it.`,
  control: 'This line holds a control character that text may not have.',
  conflict:
    'A merge conflict is not resolved: keep one side and delete the lines with <<<<<<<, ======= and >>>>>>>.',
  binary: 'This is not text: the file holds binary data.',
  tooMany: 'Too much is wrong from here on to read the rest of the file; correct the first mistakes first.',
};

function shortened(content: string): string {
  const plain = content.replace(/\s+/g, ' ');
  const characters = [...plain.slice(0, 60)];
  return characters.length <= 40 && plain.length <= 60 ? plain : `${characters.slice(0, 40).join('')}…`;
}
