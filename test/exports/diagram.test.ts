import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SaxesParser } from 'saxes';
import { analyse } from '../../server/src/analysis.ts';
import { COLLAPSES, diagramGraph } from '../../server/src/diagram/graph.ts';
import { layoutGraph } from '../../server/src/diagram/layout.ts';
import { diagramMermaid } from '../../server/src/diagram/mermaid.ts';
import { diagramSvg } from '../../server/src/diagram/svg.ts';
import { mermaidText } from '../../server/src/print/escape.ts';
import { ATTACKS, hostileFile, hostileTexts, PLAIN } from './hostile.ts';

const svgOf = (file: string, standalone: boolean): string =>
  diagramSvg(layoutGraph(diagramGraph(analyse(file), { collapse: 'none' })), { standalone });

/** Every element with the names of its attributes, in order; throws where the text is no well-formed XML. */
function elementsOf(xml: string): { readonly shape: readonly string[]; readonly texts: readonly string[] } {
  const shape: string[] = [];
  const texts: string[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  for (const strange of ['comment', 'cdata', 'doctype', 'processinginstruction'] as const)
    parser.on(strange, () => assert.fail(`a ${strange} in the picture`));
  parser.on('opentag', ({ name, attributes }) => shape.push(`${name} ${Object.keys(attributes).join(' ')}`));
  parser.on('text', (text) => texts.push(text));
  parser.write(xml).close();
  return { shape, texts };
}

/** `<title>` or `<text x y>`, without what differs because a picture is laid out otherwise. */
const kinds = (shape: readonly string[]): readonly string[] => [...new Set(shape)].sort();

describe('the picture of a hostile file', () => {
  for (const standalone of [true, false]) {
    it(`is well-formed XML with no other elements than that of a plain one (${standalone ? 'file' : 'panel'})`, () => {
      const plain = kinds(elementsOf(svgOf(hostileFile(PLAIN), standalone)).shape);
      fc.assert(
        fc.property(hostileTexts, (texts) => {
          const svg = svgOf(hostileFile(texts), standalone);
          assert.deepEqual(kinds(elementsOf(svg).shape), plain);
        }),
        { numRuns: 150 },
      );
    });
  }

  it('shows the names as text, and what is hidden in them', () => {
    const file = hostileFile({ ...PLAIN, title: `<script>alert(1)</script> ]]> & "x" 'y' \u202e\u0000` });
    const { texts } = elementsOf(svgOf(file, true));
    assert.ok(texts.includes(`<script>alert(1)</script> ]]> & "x" 'y' \\u202e\\u0000`));
  });

  it('has neither scripts, handlers nor addresses', () => {
    for (const standalone of [true, false]) {
      const svg = svgOf(hostileFile(PLAIN), standalone);
      assert.doesNotMatch(svg, /<script|\son\w+=|href|url\(|@import|style="/i);
      assert.deepEqual(svg.match(/https?:[^"]*/g), ['http://www.w3.org/2000/svg']);
    }
  });
});

/** What a line of the flowchart may be, texts in quotes taken out. */
const MERMAID_LINES = [
  /^flowchart LR$/,
  /^accTitle: TEXT$/,
  /^subgraph a\d+\[""\]$/,
  /^end$/,
  /^n\d+(\[""\]|\(\[""\]\)|\[\[""\]\])$/,
  /^n\d+ (-->|-\.->)(\|""\|)? n\d+$/,
  /^classDef [a-z]+ [a-z0-9#,: -]+$/,
  /^class n\d+(,n\d+)* [a-z]+$/,
  /^linkStyle \d+(,\d+)* [a-z0-9#,: -]+$/,
];

describe('the Mermaid text of a hostile file', () => {
  it('is made of our own statements only, with every name in quotes', () => {
    fc.assert(
      fc.property(hostileTexts, fc.constantFrom(...COLLAPSES), (texts, collapse) => {
        const text = diagramMermaid(diagramGraph(analyse(hostileFile(texts)), { collapse }));
        for (const line of text.trimEnd().split('\n')) {
          const bare = line
            .trim()
            .replace(/^accTitle: .*/, 'accTitle: TEXT')
            .replace(/"[^"]*"/g, '""');
          assert.ok(
            MERMAID_LINES.some((known) => known.test(bare)),
            `not a statement of ours: ${line}`,
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('leaves nothing in a name that Mermaid or HTML reads', () => {
    fc.assert(
      fc.property(fc.oneof(fc.constantFrom(...ATTACKS), fc.string({ unit: 'binary' })), (name) => {
        const text = mermaidText(name).replace(/#\d+;/g, '');
        assert.doesNotMatch(text, /[^\p{L}\p{N}\p{M} ,/×…().-]/u);
      }),
    );
  });

  it('breaks what Mermaid makes formulas, icons and lists of', () => {
    assert.equal(mermaidText('$$x$$'), '#36;#8203;#36;x#36;#8203;#36;');
    assert.equal(mermaidText('fa:fa-car'), 'fa#58;#8203;fa-car');
    assert.equal(mermaidText('1. first'), '1#46; first');
    assert.equal(mermaidText('- first'), '#45; first');
  });
});
