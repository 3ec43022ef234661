import assert from 'node:assert/strict';
import fc from 'fast-check';
import { analyse } from '../analysis.ts';
import { applyEdits, plainText } from '../edits/text-edit.ts';
import { fixAll } from '../fix-all.ts';
import { rules } from './index.ts';
import type { Finding } from './rule.ts';

// --- Files with mistakes ---------------------------------------------------------------------

type Value = string | readonly (readonly [string, Value])[];

const port = fc.constantFrom(
  '80',
  '81',
  '443',
  '442',
  '8530',
  '8531',
  '8532',
  '1433',
  '4022',
  '50001',
  '65535',
  '"8530"',
  '70000',
);
const range = fc.constantFrom(
  '1024-5000',
  '49152-65535',
  '50000-50050',
  '4000-6000',
  '65535-49152',
  '8000-9000',
);
const os = fc.constantFrom('windows-server-2003', 'windows-server-2016', 'windows-server-2022', 'other');

/** A map of some of these keys, in their order. */
function some(keys: Record<string, fc.Arbitrary<Value>>): fc.Arbitrary<Value> {
  return fc.tuple(...Object.values(keys).map((value) => fc.option(value, { freq: 2 }))).map((values) =>
    Object.keys(keys).flatMap((key, index) => {
      const value = values[index];
      return value === null || value === undefined ? [] : [[key, value] as const];
    }),
  );
}

const wsus = some({ httpPort: port, httpsPort: port, ssl: fc.constantFrom('true', 'false', '"true"') });
const instance = some({
  port,
  serviceBrokerPort: port,
  dynamicPorts: fc.constantFrom('true', 'false'),
  edition: fc.constantFrom('express', 'standard', 'expres'),
});
const roles = some({
  'site-server': fc.constant(''),
  'management-point': fc.constant(''),
  'software-update-point': wsus,
  'wsus-server': wsus,
  'sql-server': some({
    browser: fc.constantFrom('true', 'false'),
    instances: some({ MSSQLSERVER: instance, CM: instance, WSUS: instance }),
  }),
  'distribution-pont': fc.constant(''),
});
const server = some({
  site: fc.constantFrom('PS1', 'S01', 'CAS', 'XXX'),
  descripton: fc.constant('a misspelt key'),
  os,
  rpcDynamicPorts: range,
  roles,
  zone: fc.constantFrom('hq', 'nowhere'),
});
/** Servers that share options by anchors, aliases and merge keys. */
const shared = fc
  .tuple(port, port, port, range, os)
  .map(([http, https, other, dynamic, system]): readonly (readonly [string, Value])[] => [
    [
      'base',
      `{ rpcDynamicPorts: ${dynamic}, roles: { wsus-server: &wsus { httpPort: ${http}, httpsPort: &p ${https} } } }`,
    ],
    ['same', `{ os: ${system}, roles: { wsus-server: *wsus } }`],
    ['merged', '{ roles: { wsus-server: { <<: *wsus, ssl: true } } }'],
    ['mixed', `&mixed { os: ${system}, roles: { wsus-server: { <<: *wsus, httpPort: ${other} } } }`],
    ['copy', `{ <<: *mixed, rpcDynamicPorts: ${dynamic} }`],
    ['single', `{ roles: { wsus-server: { httpPort: ${other}, httpsPort: *p } } }`],
  ]);
const topology = some({
  configmgr: fc.constantFrom('2007', '2017-09', '2025-12', 'current-branch', '2016'),
  name: fc.constant('Contoso'),
  defaults: some({ os, rpcDynamicPorts: range }),
  zones: some({ hq: fc.constant('{ networks: [10.0.0.0/8] }'), spare: fc.constant('{}') }),
  sites: fc.constant([
    ['CAS', '{ type: central-administration, database: { server: one } }'],
    ['PS1', '{ type: primary, parent: CAS, database: { server: two, instance: CM } }'],
    ['S01', '{ type: secondary, parent: PS1, database: { server: two } }'],
  ] as const),
  servers: fc
    .tuple(some({ one: server, two: server, three: server }), fc.option(shared, { freq: 1 }))
    .map(([servers, more]): Value => (typeof servers === 'string' ? servers : [...servers, ...(more ?? [])])),
  availabilityGroups: fc.constant([
    [
      'AG',
      '{ replicas: [{ server: one }, { server: two, instance: CM }], loadBalancer: azure-internal, loadBalancerPorts: 1433 }',
    ],
  ] as const),
});

const comments = [
  '',
  '',
  '',
  '',
  ' # note',
  ' # cmtopo-disable-line wsus-port-pair',
  ' # cmtopo-disable-line rpc-range-os, nonsense -- why',
];
const aboves = [
  '',
  '',
  '',
  '',
  '# above',
  '# cmtopo-disable-next-line rpc-range-small',
  '# cmtopo-enable sql-edition',
  '#',
];

/** Writes the file; the numbers decide about braces, comments and blank lines, one after the other. */
function write(value: Value, choices: readonly number[]): string {
  let next = 0;
  const choose = <T>(of: readonly T[]): T => of[(choices[next++ % choices.length] ?? 0) % of.length] as T;
  const inline = (part: Value): string =>
    typeof part === 'string'
      ? part
      : part.length === 0
        ? '{}'
        : `{ ${part.map(([key, inner]) => `${key}: ${inline(inner)}`).join(', ')} }`;
  const block = (part: readonly (readonly [string, Value])[], indent: string): string =>
    part
      .map(([key, inner]) => {
        const above = choose(aboves);
        const head = `${above === '' ? '' : `${indent}${above}\n`}${indent}${key}:`;
        const comment = choose(comments);
        if (typeof inner === 'string') return `${head}${inner === '' ? '' : ` ${inner}`}${comment}\n`;
        if (inner.length === 0) return `${head}${choose(['', ' {}'])}${comment}\n`;
        if (indent !== '' && choose([true, false, false])) return `${head} ${inline(inner)}${comment}\n`;
        return `${head}${comment}\n${block(inner, `${indent}  `)}`;
      })
      .join('');
  return typeof value === 'string' ? value : block(value, '');
}

const file = fc
  .tuple(
    topology,
    fc.array(fc.nat({ max: 1000 }), { minLength: 5, maxLength: 60 }),
    fc.constantFrom('\n', '\r\n'),
    fc.boolean(),
  )
  .map(([value, choices, lineBreak, last]) => {
    const text = write(value, choices).replaceAll('\n', lineBreak);
    return last ? text.trimEnd() : text;
  });

/** Servers with many services, whose ports are few. */
const crowded = (() => {
  const few = fc.constantFrom(80, 81, 443, 442, 8530, 8531, 8532, 1433, 1435, 4022, 5022, 10123);
  const maybe = <Keys extends object>(keys: { [Key in keyof Keys]: fc.Arbitrary<Keys[Key]> }) =>
    fc.record(keys, { requiredKeys: [] });
  const pair = maybe({ httpPort: few, httpsPort: few });
  const sql = maybe({
    MSSQLSERVER: maybe({ port: few, serviceBrokerPort: few }),
    CM: maybe({ port: few, serviceBrokerPort: few, dynamicPorts: fc.boolean() }),
    WSUS: maybe({ port: few }),
  }).map((instances) => ({ instances }));
  const roles = maybe({
    'management-point': fc.constant({ protocol: 'https', clients: 'both' }),
    'software-update-point': pair,
    'wsus-server': pair,
    'reporting-services-point': pair,
    'sql-server': sql,
  });
  const proxy = maybe({ proxy: few.map((value) => ({ server: 'two', port: value })) });
  return fc
    .record({
      ports: maybe({ http: few, https: few, notification: few }),
      database: maybe({ database: fc.constant({ server: 'one', instance: 'CM' }) }),
      one: fc.tuple(roles, proxy),
      two: fc.tuple(roles, proxy),
      group: maybe({ endpointPort: few }),
    })
    .map(({ ports, database, one, two, group }) =>
      JSON.stringify({
        configmgr: '2025-12',
        sites: {
          PS1: { type: 'primary', clientPorts: ports, ...database },
          S01: { type: 'secondary', parent: 'PS1', database: { server: 'two' } },
        },
        servers: {
          one: { site: 'PS1', ...one[1], roles: { 'site-server': null, ...one[0] } },
          two: { site: 'PS1', ...two[1], roles: { 'distribution-point': null, ...two[0] } },
        },
        clients: { away: { site: 'PS1', internetOnly: true } },
        availabilityGroups: {
          AG: { ...group, replicas: ['one', 'two'].map((name) => ({ server: name, instance: 'CM' })) },
        },
      }),
    );
})();

// --- What a safe fix promises ----------------------------------------------------------------

/** Findings by rule: a message that counts ports or names a server changes with what is mended beside it. */
function counts(findings: readonly Finding[]): Map<string, number> {
  const result = new Map<string, number>();
  for (const { code } of findings) result.set(code, (result.get(code) ?? 0) + 1);
  return result;
}

/** Rules whose fix makes a value readable that was not: other rules may then have something to say about it. */
const REVEALING: ReadonlySet<string> = new Set([
  'unknown-key',
  'wrong-type',
  'invalid-port',
  'invalid-value',
]);
/** Rules whose fixes give a service of a server another port. */
const SETTING_PORTS: ReadonlySet<string> = new Set([
  'internet-https-port',
  'listener-conflict',
  'site-database-missing',
  'sql-availability-group-ports',
  'sql-port-conflict',
  'sql-static-port',
  'wsus-port-pair',
]);
/** Rules whose fix is to remove a comment. */
const ABOUT_COMMENTS: ReadonlySet<string> = new Set(['unknown-suppression', 'unused-suppression']);

const commentsOf = (text: string) => analyse(text).tree.comments.map((comment) => comment.text.trimEnd());

describe('safe fixes, on generated files', function () {
  this.timeout(60_000);
  const seen = new Set<string>();

  it('each removes its finding, adds none, and keeps every comment and every other line', () => {
    fc.assert(
      fc.property(file, (text) => {
        const { tree, findings: find } = analyse(text);
        const findings = find();
        for (const finding of findings) {
          const fix = finding.fixes?.find(({ safe }) => safe);
          if (!fix) continue;
          seen.add(finding.code);
          const after = applyEdits(text, fix.edits);
          const before = counts(findings);
          const now = counts(analyse(after).findings());
          const { code, message } = finding;
          assert.equal(
            now.get(code) ?? 0,
            (before.get(code) ?? 0) - 1,
            `${fix.title} left:\n${message}\n${after}`,
          );
          if (!REVEALING.has(code))
            for (const [other, count] of now)
              assert.ok(count <= (before.get(other) ?? 0), `${fix.title} added:\n${other}\n${after}`);
          if (!ABOUT_COMMENTS.has(code))
            assert.deepEqual(commentsOf(after), commentsOf(text), `${fix.title} touched comments`);
          const touched = new Set(
            fix.edits.flatMap(({ span }) => {
              const { lines } = tree;
              const first = lines.positionAt(span.start).line;
              const last = lines.positionAt(span.end).line;
              return Array.from({ length: last - first + 1 }, (_, index) => first + index);
            }),
          );
          const left = after.split('\n');
          for (const [index, line] of text.split('\n').entries()) {
            if (touched.has(index)) continue;
            const at = left.indexOf(line);
            assert.ok(at >= 0, `${fix.title} lost the line ${line}`);
            left.splice(0, at + 1);
          }
        }
      }),
      { numRuns: 300 },
    );
    for (const code of [
      'wsus-port-pair',
      'rpc-range-os',
      'unused-suppression',
      'unknown-suppression',
      'unknown-key',
    ])
      assert.ok(seen.has(code), `no generated file had a safe fix of ${code}`);
  });

  it('that set a port, safe or not, put it on none that something else of the server has', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(crowded, (text) => {
        const findings = analyse(text).findings();
        const before = counts(findings);
        for (const { code, fixes = [] } of findings) {
          if (!SETTING_PORTS.has(code)) continue;
          for (const { title, edits } of fixes) {
            seen.add(code);
            const after = applyEdits(text, edits);
            const now = counts(analyse(after).findings());
            for (const other of ['listener-conflict', 'sql-port-conflict'])
              assert.ok(
                (now.get(other) ?? 0) <= (before.get(other) ?? 0),
                `${title} added:\n${other}\n${after}`,
              );
          }
        }
      }),
      { numRuns: 100 },
    );
    assert.deepEqual([...seen].sort(), [...SETTING_PORTS].sort());
  });

  it('all together leave no safe fix, and a second time change nothing', () => {
    fc.assert(
      fc.property(file, (text) => {
        const once = fixAll(text);
        assert.equal(fixAll(once), once);
        const left = analyse(once)
          .findings()
          .filter(({ fixes }) => fixes?.some(({ safe }) => safe));
        assert.deepEqual(
          left.map(({ code, message }) => `${code}: ${message}`),
          [],
        );
      }),
      { numRuns: 200 },
    );
  });

  it('of any rule never produce text that is no YAML, or a rule that fails', () => {
    fc.assert(
      fc.property(file, (text) => {
        const { findings, tree } = analyse(text);
        for (const { code, message, fixes = [] } of findings()) {
          assert.ok(!message.includes('failed and was not checked'), message);
          for (const { title, edits } of fixes) {
            const after = analyse(applyEdits(text, edits));
            assert.equal(after.tree.damage.length, tree.damage.length, `${code}, ${title}:\n${after.text}`);
            assert.equal(
              after.tree.duplicateKeys.length > tree.duplicateKeys.length,
              false,
              `${code}, ${title}:\n${after.text}`,
            );
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  it('give the same findings for the same text, time after time', () => {
    fc.assert(
      fc.property(file, (text) => {
        assert.deepEqual(analyse(text).findings(), analyse(text).findings());
      }),
      { numRuns: 50 },
    );
  });
});

describe('the fixes of the examples', () => {
  for (const rule of rules)
    for (const { title, text } of rule.bad)
      for (const finding of analyse(text).findings())
        for (const fix of finding.fixes ?? [])
          it(`${rule.code}: '${fix.title}' mends '${title}'`, () => {
            const after = analyse(applyEdits(text, fix.edits)).findings();
            assert.deepEqual(
              after.filter(({ code }) => code === rule.code).map(({ message }) => message),
              [],
            );
          });
});

describe('text edits', () => {
  const edit = (start: number, end: number, newText: string) => ({ span: { start, end }, newText });

  it('apply from any order, and two insertions at one place both', () => {
    assert.equal(
      applyEdits('abcdef', [edit(4, 5, 'E'), edit(0, 1, 'A'), edit(2, 2, '-'), edit(2, 2, '+')]),
      'Ab-+cdEf',
    );
  });

  it('show a snippet as an editor without snippets does', () => {
    const plain = (newText: string) => plainText({ ...edit(0, 0, newText), snippet: true });
    assert.equal(plain(`site: \${1:PS1}$0`), 'site: PS1');
    assert.equal(plain(`a: \${1}, b: $2, c: \\$3 \\} \\\\`), 'a: , b: , c: $3 } \\');
    assert.equal(plainText(edit(0, 0, `\${1:x}`)), `\${1:x}`);
  });
});
