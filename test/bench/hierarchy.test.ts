import assert from 'node:assert/strict';
import { analyse } from '../../server/src/analysis.ts';
import { BRANCHES, generateBranches } from './branches.ts';
import { generateHierarchy, SIZE } from './hierarchy.ts';

const counts = (text: string) => {
  const { topology } = analyse(text);
  const sites = [...topology.sites.values()];
  return {
    primaries: sites.filter(({ type }) => type?.value === 'primary').length,
    servers: topology.servers.size,
    groups: topology.clients.size,
    zones: topology.zones.size,
    rules: [...topology.firewalls.values()].reduce((sum, { rules }) => sum + rules.length, 0),
  };
};

const verdicts = (text: string) => {
  const analysis = analyse(text);
  const kinds = { allowed: 0, blocked: 0, unchecked: 0 };
  for (const flow of analysis.flows()) {
    if (analysis.reach().between(flow.from, flow.to)?.length !== 0)
      kinds[analysis.reach().verdict(flow).kind]++;
  }
  return kinds;
};

describe('the generated hierarchy of the benchmark', () => {
  it('has the size that the benchmark promises', () => {
    assert.deepEqual(counts(generateHierarchy(1)), SIZE);
  });

  it('has firewalls that let through all that is needed, and nothing to find', () => {
    const text = generateHierarchy(0.1);
    assert.deepEqual(analyse(text).findings(), []);
    const { allowed, ...others } = verdicts(text);
    assert.ok(allowed > 400, `${allowed}`);
    assert.deepEqual(others, { blocked: 0, unchecked: 0 });
  });

  it('is mostly blocked, or has a few mistakes, where that is asked for', () => {
    const blocked = verdicts(generateHierarchy(0.1, 'blocked'));
    assert.ok(blocked.blocked > 4 * blocked.allowed && blocked.unchecked === 0, JSON.stringify(blocked));
    const mistaken = generateHierarchy(0.1, 'mistakes');
    const { allowed, blocked: few, unchecked } = verdicts(mistaken);
    assert.ok(few > 0 && allowed > 10 * few && unchecked === 0, `${allowed} ${few} ${unchecked}`);
    const codes = new Set(
      analyse(mistaken)
        .findings()
        .map(({ code }) => code),
    );
    for (const code of [
      'firewall-blocked',
      'firewall-unused-rule',
      'firewall-shadowed-rule',
      'wsus-port-pair',
    ])
      assert.ok(codes.has(code), code);
  });
});

describe('the generated branches of the benchmark', () => {
  const analysis = analyse(generateBranches(BRANCHES));

  it('are as many as the benchmark promises, and have no finding', () => {
    const { boundaryGroups, clients } = analysis.topology;
    const count = [...clients.values()].reduce((sum, group) => sum + (group.count?.value ?? 0), 0);
    assert.deepEqual({ count: boundaryGroups.size, clients: count }, BRANCHES);
    assert.deepEqual(
      analysis.findings().map(({ code }) => code),
      [],
    );
  });

  it('use their own distribution point, and no other branch’s', () => {
    const used = analysis
      .flows()
      .filter(
        ({ connection, from }) => connection === 'client.distribution-point' && from.zone !== 'internet',
      );
    assert.equal(used.length, BRANCHES.count);
    for (const { from, to } of used) assert.equal(to.zone, from.zone);
  });
});
