import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { CURSOR, fixture, HIERARCHY } from '../../../../test/support/features.ts';
import { share } from '../../../../test/support/share.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import { parseText } from '../../text/parse.ts';
import { refactorings } from './index.ts';
import { meaningOf } from './refactoring.ts';

const EVERY = () => true;

function offered(text: string) {
  const { analysis, offset } = fixture(text);
  return refactorings(analysis, offset, EVERY);
}

/** The text after the refactoring of a title. */
function apply(text: string, title: RegExp): string {
  const found = offered(text);
  const one = found.find((each) => title.test(each.title));
  assert.ok(one, `${title} is not among: ${found.map((each) => each.title).join(' | ')}`);
  return applyEdits(text.replace(CURSOR, ''), one.edits);
}

const titles = (text: string) => offered(text).map(({ title }) => title);
const refuses = (text: string, title: RegExp) =>
  assert.ok(!titles(text).some((one) => title.test(one)), titles(text).join());

/** What a file's connections come to, firewall by firewall, without its names of groups. */
function verdicts(text: string): unknown {
  const analysis = analyse(text);
  const flows = analysis.flows();
  return flows.map((flow) => {
    const verdict = analysis.reach().verdict(flow);
    return [flow.from.name, flow.to.name, flow.protocol, [...flow.ports].join(), verdict.kind];
  });
}

describe('the style of a map or list', () => {
  it('becomes lines of their own, with the comment where it is', () => {
    assert.equal(
      apply('zones:\n  hq: { net‸works: [10.0.0.0/8], internet: false } # ours\n', /block style/),
      'zones:\n  hq: # ours\n    networks: [10.0.0.0/8]\n    internet: false\n',
    );
    assert.equal(
      apply('rules:\n  - { action: ‸allow, from: any, to: any } # a\n  - x\n', /block style/),
      'rules:\n  - action: allow # a\n    from: any\n    to: any\n  - x\n',
    );
    assert.equal(apply('a: [‸b, "c: d"]\n', /block style/), 'a:\n  - b\n  - "c: d"\n');
    assert.equal(
      apply('a: &x { ‸b: , c: *y }\nd: &y 1\n'.replace('*y', '1'), /block style/),
      'a: &x\n  b:\n  c: 1\nd: &y 1\n',
    );
    assert.equal(
      apply('a: {\n    b: ‸1,\n    c: { d: 2 }\n  }\n', /block style/),
      'a:\n  b: 1\n  c: { d: 2 }\n',
    );
    assert.equal(apply('a: { "b":‸1 }\r\nc: 2\r\n', /block style/), 'a:\r\n  "b": 1\r\nc: 2\r\n');
  });

  it('becomes one line, where it fits and nothing of it needs lines', () => {
    assert.equal(
      apply('zones:\n  h‸q:\n    networks:\n      - 10.0.0.0/8\n    internet: false\nsites:\n', /flow style/),
      'zones:\n  hq: { networks: [10.0.0.0/8], internet: false }\nsites:\n',
    );
    assert.equal(apply('a‸: &x\n  - b\n  - { c: }\nd: 1\n', /flow style/), 'a: &x [b, { c: }]\nd: 1\n');
    for (const text of [
      'a‸:\n  b: |\n    c\n',
      'a‸:\n  b: 1 # c\n  d: 1\n',
      `a‸:\n  b: ${'c'.repeat(130)}\n`,
      'a‸:\n  b: c, d\n',
    ])
      refuses(text, /flow style/);
  });

  it('means the same in every example, there and back', function () {
    this.timeout(60_000);
    const files = readdirSync('examples').filter((name) => name.endsWith('.yaml'));
    assert.ok(files.length > 3);
    fc.assert(
      fc.property(fc.constantFrom(...files), share, (file, where) => {
        const text = readFileSync(join('examples', file), 'utf8');
        const before = JSON.stringify(meaningOf(parseText(text).root));
        const analysis = analyse(text);
        const offset = Math.floor(where * text.length);
        for (const { title, edits, kind } of refactorings(
          analysis,
          offset,
          (one) => one === 'refactor.rewrite' || one === 'refactor.inline',
        )) {
          if (title.startsWith('Split')) continue;
          const after = parseText(applyEdits(text, edits));
          assert.deepEqual(after.damage.length, analysis.tree.damage.length);
          assert.equal(JSON.stringify(meaningOf(after.root)), before, `${kind} at ${offset} of ${file}`);
        }
      }),
      { numRuns: 80, endOnFailure: true },
    );
  });

  it('means the same in maps of any text, and comes back to it', () => {
    const scalar = fc.oneof(
      fc.constantFrom(
        '1',
        'true',
        '~',
        '',
        'a b',
        '"x: y"',
        "'#'",
        '*x',
        '[1, 2]',
        '{ a: 1 }',
        'http://a',
        '-1',
        'a#b',
      ),
      fc.stringMatching(/^[a-z][a-z0-9_. -]{0,8}$/),
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.stringMatching(/^[a-z]{1,4}$/), scalar, { minKeys: 1, maxKeys: 5 }),
        fc.boolean(),
        (map, isFlow) => {
          const pairs = Object.entries(map).map(([key, value]) => `${key}: ${value}`);
          const text = isFlow
            ? `x-a: &x 1\nm: { ${pairs.join(', ')} }\nn: 1\n`
            : `x-a: &x 1\nm:\n${pairs.map((pair) => `  ${pair}\n`).join('')}n: 1\n`;
          const tree = parseText(text);
          if (tree.damage.length > 0) return;
          const [one] = refactorings(
            analyse(text),
            text.indexOf('\nm:') + (isFlow ? 6 : 2),
            (kind) => kind === 'refactor.rewrite',
          );
          if (one === undefined) return;
          const turned = applyEdits(text, one.edits);
          assert.equal(
            JSON.stringify(meaningOf(parseText(turned).root)),
            JSON.stringify(meaningOf(tree.root)),
            turned,
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('an anchor', () => {
  const FILE =
    'x-s: &base\n  os: other\n  addresses: [10.0.0.1]\nservers:\n  a:\n    <<: *base\n    os: windows-10\n  b: *base\n  c: { <<: *base, zone: hq }\n';
  it('is written out in one place', () => {
    assert.equal(
      apply(FILE.replace('b: *base', 'b: *ba‸se'), /^Write out what \*base repeats here/),
      FILE.replace('  b: *base\n', '  b:\n    os: other\n    addresses: [10.0.0.1]\n'),
    );
    assert.equal(
      apply(FILE.replace('    <<: *base', '    <<: *ba‸se'), /repeats here/),
      FILE.replace('    <<: *base\n', '    addresses: [10.0.0.1]\n'),
    );
    assert.equal(
      apply(FILE.replace('{ <<: *base', '{ <<: *ba‸se'), /repeats here/),
      FILE.replace('<<: *base, zone', 'os: other, addresses: [10.0.0.1], zone'),
    );
  });
  it('is written out everywhere and goes', () => {
    const after = apply(FILE.replace('&base', '&ba‸se'), /in 3 places, and remove/);
    assert.ok(!/[&*]base/.test(after));
    assert.equal(
      JSON.stringify(meaningOf(parseText(after).root)),
      JSON.stringify(meaningOf(parseText(FILE).root)),
    );
    assert.equal(
      apply('zones:\n  hq: {}\nservers:\n  a: { zone: &z‸ hq }\n  b: { zone: *z }\n', /remove the anchor/),
      'zones:\n  hq: {}\nservers:\n  a: { zone: hq }\n  b: { zone: hq }\n',
    );
  });
  it('stays where a copy would say a comment or set an anchor twice', () => {
    refuses('x: &a‸\n  b: 1 # c\n  d: 2\ny: *a\n', /Write out/);
    refuses('x: &a‸ { b: &c 1 }\ny: *a\n', /Write out/);
  });
});

describe('ports and ends of rules', () => {
  it('become a port group, in every rule that has the same, and every verdict stays', () => {
    const text = HIERARCHY.replace(
      'to: cm01, tcp: 443 }',
      'to: cm01, tcp: 443 }\n      - { action: deny, from: desktops, to: cm01, tcp: [445, 135, 49152-65535], udp: 135, name: x }',
    );
    const after = apply(text.replace('tcp: [445,', 'tc‸p: [445,'), /all 2 rules/);
    assert.match(after, /from: cm01, to: dp-dmz, ports: ports \}/);
    assert.match(after, /to: cm01, ports: ports, name: x \}/);
    assert.match(after, /\nportGroups:\n {2}ports:\n {4}tcp: \[445, 135, 49152-65535\]\n {4}udp: 135\n/);
    assert.deepEqual(verdicts(after), verdicts(text));
  });
  it('join groups that the rule has', () => {
    const text = HIERARCHY.replace('tcp: 443 }', 't‸cp: 443, ports: web }').concat(
      'portGroups:\n  web: { tcp: 80 }\n',
    );
    const after = apply(text, /port group/);
    assert.match(after, /to: cm01, ports: \[web, ports-443\] \}/);
    assert.match(after, /\n {2}ports-443:\n {4}tcp: 443\n/);
    assert.deepEqual(verdicts(after), verdicts(text.replace(CURSOR, '')));
  });
  it('become an address group', () => {
    const text = HIERARCHY.replaceAll('from: desktops', 'from: [desktops, cm01]').replace(
      'from: dp-dmz',
      'from: [cm01, desktops]',
    );
    const after = apply(text.replace('[desktops', '[desk‸tops'), /all 2 places/);
    assert.equal(after.match(/from: sources,/g)?.length, 2);
    assert.match(after, /\naddressGroups:\n {2}sources: \[desktops, cm01\]\n/);
    assert.deepEqual(verdicts(after), verdicts(text));
  });
  it('stay where they are any, one, or shared', () => {
    refuses(HIERARCHY.replace('tcp: 443 }', 'tc‸p: any }'), /port group/);
    refuses(HIERARCHY.replace('from: desktops', 'from: [desk‸tops]'), /address group/);
    refuses(HIERARCHY.replace('tcp: 443 }', 'tc‸p: &p 443 }'), /port group/);
  });
});

describe('a client group with several zones', () => {
  const FILE = HIERARCHY.replace(
    '    site: PS1\n    zone: hq\n    count: 4000\n',
    '    site: PS1\n    zone: [hq, dmz] # both\n    count: 4001\n    networks: [10.10.4.0/24, 192.0.2.0/25]\n',
  );
  it('becomes one for each, named where it was named, and every verdict of its traffic stays', () => {
    const after = apply(
      FILE.replace('  desktops:', '  desk‸tops:'),
      /^Split desktops into one client group for each of its 2 zones/,
    );
    assert.match(
      after,
      / {2}desktops-hq:\n {4}site: PS1\n {4}zone: hq # both\n {4}count: 2001\n {4}networks: \[10\.10\.4\.0\/24\]\n/,
    );
    assert.match(
      after,
      / {2}desktops-dmz:\n {4}site: PS1\n {4}zone: dmz # both\n {4}count: 2000\n {4}networks: \[192\.0\.2\.0\/25\]\n/,
    );
    assert.match(after, /from: \[desktops-hq, desktops-dmz\], to/);
    assert.deepEqual(
      analyse(after)
        .findings()
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code),
      analyse(FILE)
        .findings()
        .filter(({ severity }) => severity === 'error')
        .map(({ code }) => code),
    );
  });
  it('keeps lists and block style, and stays whole where a network is in neither zone', () => {
    const block = FILE.replace('zone: [hq, dmz] # both', 'zone:\n      - hq\n      - dmz').concat(
      'boundaryGroups:\n  b:\n    members:\n      - desktops\n',
    );
    const after = apply(block.replace('- hq', '- h‸q'), /^Split/);
    assert.match(after, /\n {6}- desktops-hq\n {6}- desktops-dmz\n$/);
    assert.match(after, /\n {4}zone: dmz\n/);
    refuses(FILE.replace('10.10.4.0/24', '172.16.0.0/24').replace('  desktops:', '  desk‸tops:'), /^Split/);
  });
});

describe('a role', () => {
  const FILE = HIERARCHY.replace(
    '  sql01:\n',
    '  cm02:\n    site: PS1\n    zone: hq\n    roles:\n      console:\n  cm03: { site: PS1, zone: hq }\n  sql02: { zone: hq }\n  sql01:\n',
  ).concat('boundaryGroups:\n  all: { members: [hq], servers: [cm01] }\n');
  it('moves with its options, into lines and braces, and servers without roles', () => {
    const from = (to: string) =>
      apply(
        FILE.replace('management-point:', 'management-‸point:'),
        new RegExp(`^Move management-point to ${to}$`),
      );
    assert.match(from('cm02'), /\n {6}console:\n {6}management-point: \{ protocol: https \}\n/);
    assert.ok(!/site-server:\n {6}management-point/.test(from('cm02')));
    assert.match(
      from('cm03'),
      /cm03: \{ site: PS1, zone: hq, roles: \{ management-point: \{ protocol: https \} \} \}/,
    );
    assert.match(from('cm02'), /servers: \[cm01, cm02\]/, 'cm01 still has an update point');
  });
  it('takes its comments along: in lines as they are, above a line in braces', () => {
    const commented = FILE.replace(
      '      management-point: { protocol: https }\n',
      '      # Renewed in May\n      management-‸point: # of 2019\n        # as the network team asks\n        protocol: https\n        # to the end\n',
    );
    assert.notEqual(commented, FILE);
    const from = (to: string) => apply(commented, new RegExp(`^Move management-point to ${to}$`));
    assert.match(
      from('cm02'),
      /\n {6}console:\n {6}# Renewed in May\n {6}management-point: # of 2019\n {8}# as the network team asks\n {8}protocol: https\n {8}# to the end\n/,
    );
    assert.match(
      from('cm03'),
      /\n {2}# Renewed in May\n {2}# of 2019\n {2}# as the network team asks\n {2}# to the end\n {2}cm03: \{ site: PS1, zone: hq, roles: \{ management-point: \{ protocol: https \} \} \}\n/,
    );
  });
  it('takes along what names the server for it', () => {
    const after = apply(
      FILE.replace('      sql-server:\n', '      sql-‸server:\n'),
      /^Move sql-server to sql02$/,
    );
    assert.match(after, /database: \{ server: sql02, instance: CM \}/);
    assert.match(
      after,
      /sql02: \{ zone: hq, roles: \{ sql-server: \{ instances: \{ CM: \{ port: 1444 \} \} \} \} \}/,
    );
    assert.deepEqual(
      analyse(after)
        .findings()
        .filter(({ code }) => code === 'unknown-reference'),
      [],
    );
  });
  it('is offered servers of its site that lack it, and no others', () => {
    const found = titles(FILE.replace('      distribution-point:', '      distribution-‸point:'));
    assert.deepEqual(
      found.filter((title) => title.startsWith('Move')),
      [
        'Move distribution-point to cm01',
        'Move distribution-point to cm02',
        'Move distribution-point to cm03',
      ],
    );
    refuses(FILE.replace('management-point: {', 'management-‸point: &m {'), /^Move/);
  });
});

describe('refactorings', () => {
  it('answer at every place of a file, and none breaks it', function () {
    this.timeout(60_000);
    const analysis = analyse(HIERARCHY);
    const problems = analysis.topology.problems.length;
    for (let offset = 0; offset <= HIERARCHY.length; offset += 3)
      for (const { title, edits } of refactorings(analysis, offset, EVERY)) {
        const after = analyse(applyEdits(HIERARCHY, edits));
        assert.deepEqual(after.tree.damage, [], `${title} at ${offset}`);
        assert.equal(after.topology.problems.length, problems, title);
      }
  });

  it('are each a line in bold of docs/editor.md, by the beginning of their titles', () => {
    const folder = 'server/src/features/refactor';
    const titles = readdirSync(folder)
      .filter((file) => !file.endsWith('.test.ts'))
      .flatMap((file) => [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/\bt\(\s*'([^']+)'/g)])
      .map(([, title = '']) => title.split(',')[0] ?? '');
    assert.ok(titles.length > 8, `${titles.length} titles`);
    const [section = ''] =
      readFileSync('docs/editor.md', 'utf8').split('## Refactorings\n')[1]?.split('\n## ') ?? [];
    const lines = [...section.matchAll(/\*\*([^*]+)\*\*/g)].map(([, line = '']) => line);
    const missing = titles.filter((title) => {
      const pattern = new RegExp(`^${title.replace(/ \*?\{\d\}/g, '(?: \\w+)*')}`);
      return !lines.some((line) => pattern.test(line));
    });
    assert.deepEqual(missing, []);
  });
});
