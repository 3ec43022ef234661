// The example full of mistakes, and every finding in it, byte for byte. After a wanted change:
//   npm run build -- --tests && CMTOPO_UPDATE_GOLDEN=1 npx mocha out/test/cli/golden.test.js
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, jsonReport } from './cli.ts';

const EXAMPLE = 'examples/mistakes.topology.yaml';

/** The firewalls between two zones of an example, as its file has them. */
const CHAINS: Readonly<Record<string, (zones: readonly [string, string]) => readonly string[]>> = {
  hierarchy: (zones) => {
    if (!zones.includes('branch')) return ['edge'];
    return zones.includes('hq') ? ['branch-line'] : ['branch-line', 'edge'];
  },
  // No firewall is between the plant and the internet in this file.
  'configmgr-2007': (zones) => (zones.includes('internet') ? [] : ['datacenter-wall']),
};

describe('the examples', () => {
  for (const format of ['json', 'pretty']) {
    it(`full of mistakes gives the findings that are written down (${format})`, () => {
      const golden = join('test', 'golden', `mistakes.${format === 'json' ? 'json' : 'txt'}`);
      const { status, out, err } = cmtopo(['check', EXAMPLE, '--format', format]);
      assert.deepEqual({ status, err }, { status: 1, err: '' });
      if (process.env.CMTOPO_UPDATE_GOLDEN) writeFileSync(golden, out);
      assert.equal(out, readFileSync(golden, 'utf8'));
    });
  }

  it('full of mistakes shows most rules at work', () => {
    const { files } = jsonReport(cmtopo(['check', EXAMPLE, '--format', 'json']));
    const codes = new Set(files.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)));
    assert.ok(codes.size >= 25, `${codes.size} rules: ${[...codes].join(', ')}`);
  });

  it('every finding points into the file, and its edits do too', () => {
    const lines = readFileSync(EXAMPLE, 'utf8').split('\n');
    const { files } = jsonReport(cmtopo(['check', EXAMPLE, '--format', 'json']));
    for (const { code, range, related, fixes } of files.flatMap(({ diagnostics }) => diagnostics)) {
      const edits = fixes.flatMap((fix) => fix.edits);
      for (const { start, end } of [
        range,
        ...related.map((place) => place.range),
        ...edits.map((edit) => edit.range),
      ]) {
        assert.ok(
          start.line < end.line || (start.line === end.line && start.character <= end.character),
          code,
        );
        for (const { line, character } of [start, end]) {
          assert.ok(character <= (lines[line] ?? assert.fail(`${code}: line ${line}`)).length, code);
        }
      }
    }
  });

  for (const name of ['small', 'branches', 'hierarchy', 'configmgr-2007']) {
    it(`${name} has no finding at all, hints included`, () => {
      const { status, out } = cmtopo(['check', `examples/${name}.topology.yaml`]);
      assert.deepEqual({ status, out }, { status: 0, out: 'No findings in 1 file.\n' });
    });

    it(`${name} gives flows for every server and client group`, () => {
      const { status, out } = cmtopo(['flows', `examples/${name}.topology.yaml`, '--format', 'json']);
      assert.equal(status, 0);
      const { flows } = JSON.parse(out) as { flows: { from: string; to: string }[] };
      const seen = new Set(flows.flatMap(({ from, to }) => [from, to]));
      const text = readFileSync(`examples/${name}.topology.yaml`, 'utf8');
      const sections = text.slice(text.indexOf('\nservers:'), text.indexOf('\nfirewalls:') >>> 0);
      for (const [, machine] of sections.matchAll(/^ {2}([\w-]+):$/gm)) {
        assert.ok(seen.has(machine ?? ''), `${machine} talks to nobody`);
      }
    });
  }

  for (const [name, chain] of Object.entries(CHAINS)) {
    it(`the firewall rules of ${name} let exactly the needed traffic through`, () => {
      const { out } = cmtopo(['flows', `examples/${name}.topology.yaml`, '--format', 'json']);
      const { flows } = JSON.parse(out) as { flows: Flow[] };
      const text = readFileSync(`examples/${name}.topology.yaml`, 'utf8');
      const zones = zonesOf(text);
      const wanted = new Map<string, Set<string>>();
      for (const { from, to, protocol, ports } of flows) {
        const between = [zones.get(from) ?? 'internet', zones.get(to) ?? 'internet'] as const;
        if (between[0] === between[1]) continue;
        for (const firewall of chain(between)) {
          assert.notEqual(protocol, 'icmp', `${from} ${to}`);
          const lines = wanted.get(firewall) ?? new Set();
          wanted.set(firewall, lines);
          for (const port of ports)
            lines.add(`${from} ${zones.has(to) ? to : 'internet'} ${protocol}/${port}`);
        }
      }
      assert.ok(wanted.size > 0);
      for (const [firewall, lines] of wanted) {
        assert.deepEqual([...openedBy(text, firewall)].sort(), [...lines].sort(), firewall);
      }
    });
  }
});

interface Flow {
  readonly from: string;
  readonly to: string;
  readonly protocol: string;
  readonly ports: readonly string[];
}

/** The zone of each server and client group of the example, which are written in one way. */
function zonesOf(text: string): Map<string, string> {
  const zones = new Map<string, string>();
  let name = '';
  for (const line of text.split('\n')) {
    name = /^ {2}([\w-]+):$/.exec(line)?.[1] ?? name;
    const zone = /^ {4}zone: (\w+)$/.exec(line)?.[1];
    if (zone) zones.set(name, zone);
  }
  return zones;
}

/** What a firewall of the example opens, one line for each pair of machines and port. */
function openedBy(text: string, firewall: string): Set<string> {
  const opened = new Set<string>();
  const [, body = ''] = text.split(`\n  ${firewall}:\n`);
  for (const line of body.split('\n')) {
    if (/^ {2}\w/.test(line)) break;
    const rule = /action: allow, +from: ([^:]+), +to: ([^:]+), +tcp: ([^:}]+?)(?:, udp: (\d+))? }/.exec(line);
    if (!rule) continue;
    const [from, to, tcp, udp] = rule.slice(1).map((part) => part?.replace(/[[\] ]/g, '').split(','));
    for (const source of from ?? []) {
      for (const target of to ?? []) {
        for (const port of tcp ?? []) opened.add(`${source} ${target} tcp/${port}`);
        for (const port of udp ?? []) opened.add(`${source} ${target} udp/${port}`);
      }
    }
  }
  return opened;
}
