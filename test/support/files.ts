// For property tests: files made from the examples of all rules, alone or several in one file, in other layouts,
// with values changed and lines lost. A new rule takes part through its examples.

import fc from 'fast-check';
import { EDITION_WORDS, EDITIONS } from '../../server/src/catalog/editions.ts';
import { rules } from '../../server/src/rules/index.ts';
import { generateTopology } from '../bench/generate.ts';
import { merged, withComments, withCrlf } from './variants.ts';

const bad = rules.flatMap((rule) => rule.bad.map(({ text }) => text));
const good = rules.flatMap((rule) => rule.good.map(({ text }) => text));
const generated = [generateTopology(60), generateTopology(400)];

/** Values that are put in the place of others. */
const VALUES: readonly (readonly [RegExp, readonly string[]])[] = [
  [
    /\b(?:80|443|8530|8531|1433|4022|9)\b/g,
    ['80', '443', '8530', '8531', '8532', '1433', '4022', '70000', '"443"'],
  ],
  [/\b\d+-\d+\b/g, ['1024-5000', '49152-65535', '50000-50050', '65535-49152', '4000-6000']],
  [/\b(?:true|false)\b/g, ['true', 'false', '"true"']],
  [/\bwindows-server-\d+\b/g, ['windows-server-2003', 'windows-server-2016', 'windows-servr-2016']],
  [/\b(?:primary|secondary|central-administration)\b/g, ['primary', 'secondary', 'central-administration']],
  [new RegExp(`\\b(?:${EDITIONS.join('|')})\\b`, 'g'), [...EDITION_WORDS, '2403']],
  [
    /\b(?:description|serviceBrokerPort|rpcDynamicPorts|management-point|networks)\b/g,
    ['descripton', 'rpcDynamicPort'],
  ],
];

/** Changes some values, drops or repeats some lines; the numbers decide. */
function mutate(text: string, numbers: readonly number[]): string {
  let next = 0;
  const choose = (below: number) => (numbers[next++ % numbers.length] ?? 0) % below;
  let result = text;
  for (const [pattern, values] of VALUES)
    result = result.replace(pattern, (value) =>
      choose(6) === 0 ? (values[choose(values.length)] ?? value) : value,
    );
  return result
    .split('\n')
    .flatMap((line) => {
      const what = choose(40);
      return what === 0 ? [] : what === 1 && /^\s+\S/.test(line) ? [line, line] : [line];
    })
    .join('\n');
}

const numbers = fc.array(fc.nat({ max: 997 }), { minLength: 8, maxLength: 40 });
const base = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...bad) },
  {
    weight: 3,
    arbitrary: fc.tuple(fc.constantFrom(...bad), fc.constantFrom(...bad)).map(([a, b]) => merged(a, b)),
  },
  { weight: 1, arbitrary: fc.constantFrom(...good) },
  { weight: 1, arbitrary: fc.constantFrom(...generated) },
);
/** A topology file with and without mistakes of any rule, in any layout. */
export const anyFile: fc.Arbitrary<string> = fc
  .tuple(base, numbers, fc.boolean(), fc.boolean(), fc.boolean(), fc.boolean())
  .map(([text, choices, changed, commented, crlf, cut]) => {
    let next = 0;
    let result = changed ? mutate(text, choices) : text;
    if (commented) result = withComments(result, () => choices[next++ % choices.length] ?? 0);
    if (crlf) result = withCrlf(result);
    return cut ? result.trimEnd() : result;
  });
