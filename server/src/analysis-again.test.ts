import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateTopology } from '../../test/bench/generate.ts';
import { generateHierarchy } from '../../test/bench/hierarchy.ts';
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
});
