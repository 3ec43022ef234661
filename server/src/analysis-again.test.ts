import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateTopology } from '../../test/bench/generate.ts';
import { generateHierarchy } from '../../test/bench/hierarchy.ts';
import { TIMES } from '../../test/fuzz/draw.ts';
import { HIERARCHY } from '../../test/support/features.ts';
import { share } from '../../test/support/share.ts';
import type { Analysis } from './analysis.ts';
import { analyse } from './analysis.ts';

/** What a user sees of an analysis. */
function seen({ topology, flows, findings }: Analysis): unknown {
  return {
    findings: findings(),
    problems: topology.problems.map(({ code, span, message }) => ({ code, span, message })),
    references: topology.references.map(({ name, span, target }) => ({ name, span, target: target?.span })),
    servers: [...topology.servers.values()].map(({ span, key, roles, instances, zone, site, addresses }) => [
      span,
      key.span,
      zone?.span,
      site?.value,
      addresses.map((address) => address.span),
      roles.map((role) => [role.role, role.span, [...role.values.values()].map(({ value }) => value)]),
      instances.map((instance) => [instance.name, instance.span, instance.port?.span]),
    ]),
    firewalls: [...topology.firewalls.values()].map(({ rules, span }) => [
      span,
      rules.map((rule) => [rule.span, rule.damaged]),
    ]),
    sites: [...topology.sites.values()].map(({ span, type, database }) => [span, type?.span, database?.span]),
    flows: flows().length,
  };
}

const FILES = [HIERARCHY, generateTopology(300)];
const edit = fc.record({
  at: share,
  remove: fc.nat({ max: 10 }),
  insert: fc.constantFrom(
    'x',
    '',
    '\n',
    ' ',
    ': ',
    '1',
    '    zone: hq\n',
    '# c\n',
    '"',
    '}',
    '  new: {}\n',
    '      file-server:\n',
    '9',
  ),
});

describe('analysing a text again after a change', () => {
  it('finds what analysing it afresh finds, change after change', function () {
    this.timeout(60_000);
    fc.assert(
      fc.property(
        fc.constantFrom(...FILES),
        fc.array(edit, { minLength: 1, maxLength: 8 }),
        (file, edits) => {
          let text = file;
          let analysis = analyse(text);
          analysis.findings();
          for (const { at, remove, insert } of edits) {
            const place = Math.floor(at * text.length);
            text = text.slice(0, place) + insert + text.slice(place + remove);
            analysis = analyse(text, undefined, analysis);
            assert.deepEqual(seen(analysis), seen(analyse(text)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('judges firewalls anew when the machines that they name have changed', function () {
    this.timeout(60_000);
    const file = generateHierarchy(0.04, 'mistakes').replace(
      '    rules:\n',
      `    rules:
      - { action: allow, from: internet, to: dc-perimeter-0, tcp: 9000 }
      - { action: allow, from: internet, to: 10.0.64.1, tcp: 9000 }
`,
    );
    const shadowed = (analysis: Analysis) =>
      analysis.findings().filter(({ code }) => code === 'firewall-shadowed-rule').length;
    const before = analyse(file);
    const count = shadowed(before);
    const moved = file.replace('addresses: [10.0.64.1]', 'addresses: [10.0.64.250]');
    assert.equal(shadowed(analyse(moved, undefined, before)), count - 1);

    const digits = [...file.matchAll(/(?<=\.)\d+(?=[\]/])/g)].map(({ index }) => index);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat({ max: digits.length - 1 }), fc.nat({ max: 9 })), {
          minLength: 1,
          maxLength: 4,
        }),
        (changes) => {
          let text = file;
          let analysis = analyse(text);
          analysis.findings();
          for (const [place, digit] of changes) {
            const at = digits[place] ?? 0;
            text = `${text.slice(0, at)}${digit}${text.slice(at + 1)}`;
            analysis = analyse(text, undefined, analysis);
            assert.deepEqual(analysis.findings(), analyse(text).findings());
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('finds what analysing it afresh finds, as whole machines and rules come, go and change', function () {
    this.timeout(600_000);
    let kept = 0;
    let all = 0;
    fc.assert(
      fc.property(
        fc.constantFrom('allowed' as const, 'blocked' as const, 'mistakes' as const),
        fc.array(fc.tuple(fc.nat({ max: MACHINE_EDITS.length - 1 }), share, share), {
          minLength: 1,
          maxLength: 6,
        }),
        (variant, steps) => {
          let text = generateHierarchy(0.04, variant);
          let analysis = analyse(text);
          analysis.findings();
          for (const [kind, at, what] of steps) {
            const before = new Set(analysis.reach().crossings(analysis.flows()));
            text = MACHINE_EDITS[kind]?.(text.split('\n'), at, what).join('\n') ?? text;
            analysis = analyse(text, undefined, analysis);
            const fresh = analyse(text);
            assert.deepEqual(seen(analysis), seen(fresh));
            const now = analysis.reach().crossings(analysis.flows());
            assert.equal(now.length, fresh.reach().crossings(fresh.flows()).length);
            kept += now.filter((one) => before.has(one)).length;
            all += now.length;
          }
        },
      ),
      { numRuns: 24 * TIMES },
    );
    assert.ok(kept > all / 2, `${kept} of ${all} crossings were kept`);
  });
});

const SITE_SYSTEMS = [
  'distribution-point: { protocol: https }',
  'management-point: { protocol: https }',
  'software-update-point: { ssl: true }',
  'file-server:',
  'domain-controller: { globalCatalog: true }',
];

/** The lines of the entry round the first line that matches, from a place on. */
function entryAround(lines: readonly string[], at: number, sign: RegExp): readonly [number, number] {
  const from = Math.floor(at * lines.length);
  const found = lines.findIndex((line, index) => index >= from && sign.test(line));
  const place = found < 0 ? lines.findIndex((line) => sign.test(line)) : found;
  let start = place;
  while (start > 0 && !/^ {2}\S/.test(lines[start] ?? '')) start--;
  let end = start + 1;
  while (end < lines.length && /^ {3,}/.test(lines[end] ?? '')) end++;
  return [start, end];
}

type MachineEdit = (lines: readonly string[], at: number, what: number) => readonly string[];

/** Replaces something in the first line that matches, from a place on. */
const inLine =
  (
    sign: RegExp,
    replacement: (line: string, what: number, lines: readonly string[]) => string,
  ): MachineEdit =>
  (lines, at, what) => {
    const from = Math.floor(at * lines.length);
    const found = lines.findIndex((line, index) => index >= from && sign.test(line));
    return lines.map((line, index) => (index === found ? replacement(line, what, lines) : line));
  };

const pick = <T>(list: readonly T[], what: number): T => list[Math.floor(what * list.length)] as T;

const MACHINE_EDITS: readonly MachineEdit[] = [
  // A machine goes.
  (lines, at) => {
    const [start, end] = entryAround(lines, at, /^ {4}(?:zone|site): /);
    return [...lines.slice(0, start), ...lines.slice(end)];
  },
  // Another one like it comes, with other addresses or none.
  (lines, at, what) => {
    const [start, end] = entryAround(lines, at, /^ {4}(?:zone|site): /);
    const name = `  new-${Math.floor(what * 50)}:`;
    const own = lines
      .slice(start + 1, end)
      .filter((line) => !line.includes('fqdn:') && (what < 0.5 || !line.includes('addresses:')))
      .map((line) => line.replace(/(addresses: \[10\.\d+\.\d+)\.\d+/, `$1.${100 + Math.floor(what * 99)}`));
    return lines.includes(name) ? lines : [...lines.slice(0, start), name, ...own, ...lines.slice(start)];
  },
  inLine(/^ {4}zone: /, (_, what, lines) => {
    const zones = lines.flatMap((line) => /^ {2}(\S+): \{ (?:networks|internet)/.exec(line)?.[1] ?? []);
    return `    zone: ${pick(zones, what)}`;
  }),
  inLine(/^ {6}(?:distribution|management)-point:/, (_, what) => `      ${pick(SITE_SYSTEMS, what)}`),
  inLine(
    /^ {6}(?:distribution|management)-point:/,
    (line, what) => `      ${pick(SITE_SYSTEMS, what)}\n${line}`,
  ),
  inLine(/^ {4}addresses: /, (line, what) => line.replace(/\.\d+\]/, `.${1 + Math.floor(what * 250)}]`)),
  inLine(/^ {4}networks: /, (line, what) =>
    line.replace(/\.\d+\.0\/22/, `.${4 * Math.floor(what * 63)}.0/22`),
  ),
  inLine(/^ {6}- \{ action/, (line, what) => line.replace(/tcp: \[\d+/, `tcp: [${Math.floor(what * 999)}`)),
  inLine(/^ {6}- \{ action/, (line) => line.replace('action: allow', 'action: deny')),
  inLine(/^ {4}fqdn: /, (line, what) => `${line}\n    publicAddresses: [203.0.113.${Math.floor(what * 99)}]`),
];
