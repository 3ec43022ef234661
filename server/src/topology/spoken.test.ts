import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { applyEdits } from '../edits/text-edit.ts';
import { fixAll } from '../fix-all.ts';
import { FORMAT, type Shape } from './format.ts';
import { meanings, SPOKEN, suggest } from './spoken.ts';

/** Every name of the format: keys, roles, sections and words. */
function names(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (shape: Shape): void => {
    if (shape.kind === 'map') {
      for (const key of shape.keys) {
        found.add(key.name);
        visit(key.shape);
      }
    } else if (shape.kind === 'either') shape.of.forEach(visit);
    else if (shape.kind === 'list' || shape.kind === 'named' || shape.kind === 'reference-map')
      visit(shape.of);
    else if ('words' in shape) for (const { name } of shape.words ?? []) found.add(name);
    if (shape.kind === 'ports') found.add('any');
  };
  visit(FORMAT);
  return found;
}

const server = (text: string) => `configmgr: 2025-12\nservers:\n  a01:\n${text}`;
const unknownKeys = (text: string) =>
  analyse(text)
    .findings()
    .filter(({ code }) => code === 'unknown-key')
    .map(({ fixes = [] }) => fixes.map(({ title, safe }) => `${title}${safe ? ' (safe)' : ''}`));

describe('the words that people use for names of the format', () => {
  it('all mean names that the format has, and are written as they are looked up', () => {
    const known = names();
    for (const [word, meant] of Object.entries(SPOKEN)) {
      assert.match(word, /^[a-z0-9]+$/);
      assert.ok(meant.length > 0, word);
      for (const name of meant) assert.ok(known.has(name), `${word}: ${name}`);
    }
  });

  it('are understood whatever their case, hyphens and blanks', () => {
    assert.deepEqual(meanings('Site Server', ['site-server', 'console']), ['site-server']);
    assert.deepEqual(meanings('rpc_dynamic_ports', ['rpcDynamicPorts']), ['rpcDynamicPorts']);
    assert.deepEqual(meanings('constructor', ['console']), []);
    assert.deepEqual(suggest('MP', ['management-point', 'state-migration-point']), {
      names: ['management-point'],
      certain: true,
    });
  });

  it('are changed without asking where one name is meant', () => {
    assert.deepEqual(unknownKeys(server('    roles: { mp: , sup: { ssl: true } }\n    ip: 10.0.0.1\n')), [
      ["Change to 'management-point' (safe)"],
      ["Change to 'software-update-point' (safe)"],
      ["Change to 'addresses' (safe)"],
    ]);
    const text = server('    roles: { mp: , sup: { ssl: true } }\n    ip: 10.0.0.1\n');
    assert.equal(
      fixAll(text),
      server(
        '    roles: { management-point: , software-update-point: { ssl: true } }\n    addresses: 10.0.0.1\n',
      ),
    );
  });

  it('are only offered where they have two meanings, name a section, or bring a value that does not fit', () => {
    assert.deepEqual(unknownKeys(server('    roles: { wsus: }\n')), [
      ["Change to 'software-update-point'", "Change to 'wsus-server'"],
    ]);
    assert.deepEqual(unknownKeys('configmgr: 2025-12\nserver: { a01: }\n'), [["Change to 'servers'"]]);
    assert.deepEqual(unknownKeys('configmgr: 2025-12\ndefaults: { zoen: hq }\nzones: { hq: }\n'), [
      ["Change to 'zone'"],
    ]);
    assert.deepEqual(unknownKeys(server('    ip: here\n')), [["Change to 'addresses'"]]);
  });

  it('are only offered where two keys of one entry mean the same, or a merge brings them', () => {
    assert.deepEqual(unknownKeys(server('    ip: 10.0.0.1\n    adresses: 10.0.0.2\n')), [
      ["Change to 'addresses'"],
      ["Change to 'addresses'"],
    ]);
    const merged = 'configmgr: 2025-12\nx-a: &a { ip: 10.0.0.1 }\nservers: { a01: { <<: *a } }\n';
    assert.deepEqual(unknownKeys(merged), [["Change to 'addresses'"]]);
  });

  it('are offered for words, and never changed without asking', () => {
    const [finding] = analyse(
      'configmgr: 2025-12\nsites: { PS1: { type: primary } }\nclients: { a: { site: PS1, installation: [gpo] } }\n',
    )
      .findings()
      .filter(({ code }) => code === 'invalid-value');
    assert.deepEqual(
      finding?.fixes?.map(({ title, safe }) => [title, safe]),
      [["Change to 'group-policy'", false]],
    );
  });
});

describe('ranges of ports as people type them', () => {
  const port = (value: string) =>
    analyse(server(`    rpcDynamicPorts: ${value}\n`))
      .findings()
      .filter(({ code }) => code !== 'unused-definition')
      .map(({ code, fixes = [] }) => [code, ...fixes.map(({ title, safe }) => `${title} ${safe}`)].join(' '));

  for (const typed of [
    '50000–50255',
    '50000 - 50255',
    '50000..50255',
    '50000:50255',
    '５００００-５０２５５',
    '５００００－５０２５５',
    '[50000, 50255]',
    '[50000-50255]',
    '"50000 – 50255"',
    '50000 to 50255',
  ]) {
    it(`are written as the file has them, without asking: ${typed}`, () => {
      assert.deepEqual(port(typed), ['invalid-port Write 50000-50255 true']);
      assert.match(fixAll(server(`    rpcDynamicPorts: ${typed}\n`)), /rpcDynamicPorts: "?50000-50255"?\n/);
    });
  }

  it('are turned round where their high end is first', () => {
    for (const typed of ['50255-50000', '50255–50000', '[50255, 50000]'])
      assert.deepEqual(port(typed), ['invalid-port Write 50000-50255 true']);
  });

  it('are no ranges outside the ports', () => {
    assert.deepEqual(port('50000..70000'), ['invalid-port']);
    assert.deepEqual(port('0:10'), ['invalid-port']);
  });

  it('are mended in the lists of a rule too, and full-width ports with them', () => {
    const rule = (ports: string) =>
      `configmgr: 2025-12\nservers: { a: }\nfirewalls: { f: { hosts: [a], rules: [{ action: allow, from: any, to: a, tcp: ${ports} }] } }\n`;
    assert.equal(fixAll(rule('[135–139, ４４３, "80"]')), rule('[135-139, 443, 80]'));
  });

  it('keep a comment between their ends', () => {
    const text = server('    rpcDynamicPorts:\n      - 50000 # first\n      - 50255\n');
    const [finding] = analyse(text)
      .findings()
      .filter(({ code }) => code === 'invalid-port');
    assert.deepEqual(
      finding?.fixes?.map(({ safe }) => safe),
      [false],
    );
    assert.ok(finding?.fixes?.[0]);
    assert.match(applyEdits(text, finding.fixes[0].edits), /rpcDynamicPorts:\n {6}50000-50255\n/);
  });
});
