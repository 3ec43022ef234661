// Every number of the product has one home: the port catalog, read by `catalog/numbers.ts`. A literal of one of them
// anywhere else would stay behind when a list changes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogOf, EDITIONS } from '../server/src/catalog/index.ts';
import { DYNAMIC_RANGES, PORTS, rangeText } from '../server/src/catalog/numbers.ts';
import { os, osFamily } from '../server/src/topology/format/common.ts';
import { FORMAT } from '../server/src/topology/format/file.ts';
import { siteShape } from '../server/src/topology/format/machines.ts';
import type { Key, Shape } from '../server/src/topology/format/shapes.ts';
import { grammar } from './exports/grammars.ts';

/** Ports that the lists print, and both ends of their ranges. */
function catalogNumbers(): Set<number> {
  const rows = EDITIONS.flatMap((edition) => {
    const { connections, supplements, deployment, ...tables } = catalogOf(edition);
    const { windowsServer, clientShares, discovery, loadBalancer } = tables;
    const beside = [windowsServer, clientShares, discovery, loadBalancer].flatMap((table) => table ?? []);
    return [...connections, ...supplements, ...deployment, ...beside].flatMap(({ ports }) => ports);
  });
  const ports = rows.flatMap(({ udp, tcp }) => [...udp, ...tcp]).flatMap((port) => port.split('-'));
  return new Set(ports.map(Number).filter((port) => !Number.isNaN(port)));
}

/** The homes of the numbers, the words that firewalls have for ports of their own, and folders that know characters, sizes and pictures, but no ports. */
const WITHOUT_PORTS =
  /^server\/src\/(?:catalog\/(?:numbers|port-numbers)\.ts|imports\/(?:asa|pan|forti\w*)-words\.ts|(?:text|print|diagram|host)\/)/;

/** Numbers that look like a port and are something else, by file and text of the line. */
const SOMETHING_ELSE: readonly (readonly [string, RegExp])[] = [
  ['assistants/explain-connections.ts', /input: \{/],
  ['assistants/port-catalog.ts', /question: /],
  ['assistants/tool.ts', /LONGEST_TEXT|longest/],
  ['cli/main.ts', /columns/],
  ['exports/firewall/nsg.ts', /MOST_(?:NAME|DESCRIPTION)/],
  ['flows/ports.ts', /digit/],
  ['rules/hierarchy/site-limits.ts', /ALL_DISTRIBUTION_POINTS/],
  ['rules/clients/internet-https-port.ts', /text: site\(443\)/],
  ['topology/reference-page.ts', /words\.length/],
  ['client/src/topology-tree.ts', /count/],
];

describe('the numbers of the port lists', () => {
  it('are written in the catalog alone', async () => {
    const parse = await grammar('typescript');
    const numbers = catalogNumbers();
    const found: string[] = [];
    for (const folder of ['server/src', 'client/src']) {
      for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts') || /\.(?:test|d)\.ts$/.test(name)) continue;
        const file = join(folder, name).replaceAll('\\', '/');
        if (WITHOUT_PORTS.test(file)) continue;
        const text = readFileSync(file, 'utf8');
        for (const node of parse(text).descendantsOfType('number')) {
          if (!node || !numbers.has(Number(node.text.replaceAll('_', '')))) continue;
          const number = text.slice(0, node.startIndex).split('\n').length;
          const line = text.split('\n')[number - 1] ?? '';
          if (SOMETHING_ELSE.some(([where, what]) => file.endsWith(where) && what.test(line))) continue;
          found.push(`${file}:${number} ${node.text} in ${line.trim()}`);
        }
      }
    }
    assert.deepEqual(found, []);
  });

  it('are those that the texts of the format name', () => {
    const textOf = ({ doc, defaultText = '', example = '' }: Key) => `${doc} ${defaultText} ${example}`;
    const site = (name: string) =>
      textOf(siteShape.keys.find((key) => key.name === name) ?? assert.fail(name));
    const named = (text: string) => [...new Set(text.match(/\d+/g) ?? [])].map(Number);
    assert.deepEqual(named(site('wakeOnLan')), [PORTS.wakeOnLan]);
    assert.deepEqual(named(site('wakeUpProxy')), [PORTS.wakeUpProxy]);
  });

  it('are all that the texts of keys and words say of ports, and a system has the range of its family', () => {
    const known = catalogNumbers();
    for (const { low, high } of Object.values(DYNAMIC_RANGES)) known.add(low).add(high);
    const told: string[] = [];
    const look = (where: string, ...texts: readonly (string | undefined)[]) => {
      // Products have numbers, too.
      const text = texts.join(' ').replace(/(?:Manager|Windows(?: Server| XP| Vista)?) \d[\d.]*/g, '');
      for (const [number] of text.matchAll(/(?<![\w.])\d{2,5}(?![\w.]\w|\w)/g))
        if (!known.has(Number(number))) told.push(`${where}: ${number}`);
    };
    const seen = new Set<Shape>();
    const visit = (shape: Shape) => {
      if (seen.has(shape)) return;
      seen.add(shape);
      if ('words' in shape && shape.kind !== 'edition')
        for (const { name, doc } of shape.words ?? []) look(name, doc);
      if (shape.kind === 'list' || shape.kind === 'named' || shape.kind === 'reference-map') visit(shape.of);
      if (shape.kind === 'either') shape.of.forEach(visit);
      if (shape.kind !== 'map') return;
      for (const key of shape.keys) {
        look(key.name, key.doc, key.defaultText);
        visit(key.shape);
      }
    };
    visit(FORMAT);
    assert.ok(seen.size > 50);
    assert.deepEqual(told, ['configmgr: 2403']);
    assert.ok(os.shape.kind === 'words');
    const range = { 'before-vista': DYNAMIC_RANGES.older, 'vista-and-later': DYNAMIC_RANGES.newer };
    for (const { name, doc } of os.shape.words) {
      const family = osFamily(name);
      assert.equal(family === undefined, name === 'other');
      if (family) assert.ok(doc.endsWith(`Dynamic RPC ports ${rangeText(range[family])}.`), name);
    }
  });
});
