// That nobody looks at a property who is not listed as its reader: whoever is missing would keep what is wrong by now.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { generateBranches } from '../../test/bench/branches.ts';
import { analyse } from './analysis.ts';
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
function watch(topology: Topology, tell: (property: string) => void): void {
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
  for (const property of Object.keys(READERS)) {
    const [section = '', key, inner] = property.split('.');
    if (key === undefined) continue;
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
        watch(topology, (property) => {
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
});
