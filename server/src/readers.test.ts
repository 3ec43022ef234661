// That nobody looks at a property who is not listed as its reader: whoever is missing would keep what is wrong by now.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { generateBranches } from '../../test/bench/branches.ts';
import { type Analysis, analyse } from './analysis.ts';
import { READERS } from './readers.ts';
import { contextOf } from './rules/check.ts';
import { rules } from './rules/index.ts';
import { reportsOf } from './rules/reports.ts';
import type { RuleArea, Settings } from './rules/rule.ts';
import type { Topology } from './topology/model.ts';

const SETTINGS: Settings = { rules: {}, today: '2026-11-28' };
const folder = 'test/hierarchies';
/** Examples of rules are looked at by the rules of their area, others by all. */
const TEXTS: readonly { readonly text: string; readonly area?: RuleArea }[] = [
  ...rules.flatMap(({ bad, good, area }) => [...bad, ...good].map(({ text }) => ({ text, area }))),
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.topology.yaml'))
    .map((name) => ({ text: readFileSync(`${folder}/${name}`, 'utf8') }))
    .filter(({ text }) => text.length < 12_000),
  { text: generateBranches({ count: 2, clients: 40 }) },
];

/** Has the properties that are listed tell who looks at them. */
function watch({ tree, topology }: Analysis, tell: (property: string) => void): void {
  const ask = (thing: object, key: string, property: string) => {
    const value = thing[key as keyof object];
    Object.defineProperty(thing, key, {
      enumerable: true,
      get() {
        tell(property);
        return value;
      },
    });
  };
  ask(tree, 'damage', 'damage');
  for (const part of Object.values(topology))
    for (const thing of part instanceof Map ? part.values() : [])
      for (const one of [thing, ...(thing.instances ?? []), ...(thing.rules ?? [])])
        ask(one, 'damaged', 'damage');
  for (const property of Object.keys(READERS)) {
    const [section = '', key, inner] = property.split('.');
    if (key === undefined || section === 'damage') continue;
    for (const thing of (topology[section as keyof Topology] as ReadonlyMap<string, object>).values())
      for (const part of inner === undefined ? [thing] : (thing[key as keyof object] as object[]))
        ask(part, inner ?? key, property);
  }
}

describe('the readers of a property', () => {
  it('are all who look at it: rules, flows and what firewalls let through', () => {
    const found = new Map<string, Set<string>>(Object.keys(READERS).map((property) => [property, new Set()]));
    for (const { text, area } of TEXTS) {
      const own = rules.filter((rule) => area === undefined || rule.area === area);
      for (const reader of ['flows', 'reach', ...own.map(({ code }) => code)]) {
        const analysis = analyse(text, SETTINGS);
        const { tree, topology } = analysis;
        const flows = reader === 'flows' ? [] : analysis.flows();
        let isLooking = false;
        watch(analysis, (property) => {
          if (isLooking) found.get(property)?.add(reader);
        });
        isLooking = true;
        if (reader === 'flows') analysis.flows();
        else if (reader === 'reach') for (const flow of flows) analysis.reach().verdict(flow);
        else {
          const rule = rules.find(({ code }) => code === reader);
          const input = { tree, topology, flows: () => flows, reach: () => analysis.reach() };
          const context = contextOf(input, SETTINGS);
          // Fixes are made from the text when somebody asks, and are not kept.
          if (rule && !rule.last) reportsOf(rule, context);
        }
      }
    }
    for (const [property, readers] of found)
      assert.deepEqual(
        [...readers].filter((reader) => !READERS[property]?.includes(reader)),
        [],
        property,
      );
    assert.ok(found.get('clients.count')?.has('site-limits'));
  }).timeout(120_000);

  it('are all who look for words in the line of a key that is being typed', () => {
    const words = ['site-server', 'distribution-point', 'software-update-point', 'central-administration'];
    const readers = READERS['damage.text'] ?? [];
    let places = 0;
    for (const { text, area } of TEXTS) {
      const others = rules.filter(
        ({ code, last, area: own }) =>
          !last && !readers.includes(code) && (area === undefined || area === own || own === 'file'),
      );
      const lines = text.split('\n');
      const at = lines.findIndex(
        (line, index) =>
          index > lines.length / 3 && /^ {4}[\w-]+:/.test(line) && !/^ {5}/.test(lines[index + 1] ?? ''),
      );
      if (at < 0) continue;
      // Of one length, so that all else is at the same places.
      const names = [...new Set([...words, ...(text.match(/[A-Za-z][\w-]*/g) ?? []).slice(0, 200)])];
      const found = new Map<string, string>();
      for (const name of ['x', ...names.slice(0, 24)]) {
        const typed = lines.toSpliced(at + 1, 0, `    ${name}`.padEnd(60)).join('\n');
        const { tree, topology, flows, reach } = analyse(typed, SETTINGS);
        if (tree.damage.length !== 1) break;
        places++;
        const context = contextOf({ tree, topology, flows, reach }, SETTINGS);
        for (const rule of others) {
          const said = JSON.stringify(reportsOf(rule, context).map(({ message, span }) => [message, span]));
          assert.equal(said, found.get(rule.code) ?? said, `${rule.code} with ${name}:\n${typed}`);
          found.set(rule.code, said);
        }
      }
    }
    assert.ok(places > 1_000, `${places} places`);
  }).timeout(120_000);
});
