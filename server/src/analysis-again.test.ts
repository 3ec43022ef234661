import assert from 'node:assert/strict';
import fc from 'fast-check';
import { generateTopology } from '../../test/bench/generate.ts';
import type { Analysis } from './analysis.ts';
import { analyse } from './analysis.ts';
import { HIERARCHY } from './features/testing.ts';

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
  at: fc.double({ min: 0, max: 1, noNaN: true }),
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
            analysis = analyse(text, undefined, analysis.tree);
            assert.deepEqual(seen(analysis), seen(analyse(text)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
