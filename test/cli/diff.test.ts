import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, GOOD, removeFolder } from './cli.ts';

const MOVED = GOOD.replace('port: 1433', 'port: 50001');

describe('cmtopo diff', () => {
  let folder = '';
  const git = (...args: readonly string[]) => {
    const identity = [
      '-c',
      'user.name=Test',
      '-c',
      'user.email=test@example.com',
      '-c',
      'commit.gpgsign=false',
    ];
    const { status, stderr } = spawnSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' });
    assert.equal(status, 0, stderr);
  };

  before(() => {
    folder = folderWith({
      'old.topology.yaml': GOOD,
      'new.topology.yaml': MOVED,
      'sub/a.topology.yaml': GOOD,
    });
    git('init', '-q');
    git('add', '.');
    git('commit', '-q', '-m', 'Start');
    writeFileSync(join(folder, 'sub', 'a.topology.yaml'), MOVED);
  });
  after(() => removeFolder(folder));

  const run = (...args: readonly string[]) => cmtopo(['diff', ...args], { cwd: folder });

  it('prints what changed between two files, with status 0', () => {
    const { status, out, err } = run('old.topology.yaml', 'new.topology.yaml');
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    assert.match(out, /^Within hq\n {2}~ {2}cm01 +sql01 +tcp +1433 -> 50001 /);
    assert.match(out, /\n\n0 flows added, 0 removed, \d+ changed, port catalog 2017-09\n$/);
    const same = run('old.topology.yaml', 'old.topology.yaml');
    assert.deepEqual(same, { status: 0, err: '', out: 'No flow differs, port catalog 2017-09\n' });
  });

  it('ends with status 1 where it is asked to and something differs', () => {
    const example = 'examples/hierarchy.topology.yaml';
    assert.equal(cmtopo(['diff', '--exit-code', example, 'examples/mistakes.topology.yaml']).status, 1);
    assert.equal(cmtopo(['diff', '--exit-code', example, example]).status, 0);
  });

  it('--edition says what the newest list changes: the same as of two files that name the two lists', () => {
    const json = (...args: readonly string[]) => JSON.parse(run(...args, '--format', 'json').out);
    for (const [word, edition] of [
      ['2017-09', '2017-09'],
      ['1902', '2018-09'],
    ] as const) {
      const two = folderWith({
        'old.topology.yaml': GOOD.replace('2017-09', edition),
        'new.topology.yaml': GOOD.replace('2017-09', '2025-12'),
      });
      const own = json('--edition', word, 'old.topology.yaml');
      const wanted = JSON.parse(
        cmtopo(['diff', 'old.topology.yaml', 'new.topology.yaml', '--format', 'json'], { cwd: two }).out,
      );
      removeFolder(two);
      assert.deepEqual([own.old.edition, own.new.edition], [edition, '2025-12']);
      assert.ok(own.changes.length > 0, word);
      assert.deepEqual([own.summary, own.changes], [wanted.summary, wanted.changes]);
    }
  });

  it('--edition of the newest list begins at that of the file, and takes one file alone', () => {
    const { out } = run('--edition', 'current-branch', 'old.topology.yaml', '--format', 'json');
    const { old, new: fresh } = JSON.parse(out);
    assert.deepEqual([old.edition, fresh.edition], ['2017-09', '2025-12']);
    assert.equal(run('--edition=2017-09', '--exit-code', 'old.topology.yaml').status, 1);
    // It is one file, which does not change into itself.
    const page = run('--edition', 'current-branch', 'old.topology.yaml', '--format', 'markdown').out;
    assert.match(page, /^# Changes for `old\.topology\.yaml`\n\n.*; port catalog 2017-09 to 2025-12\.\n/);
    assert.equal(run('--edition', '2017-09', '-').status, 2, 'an empty file has no edition');
    const wrong = run('--edition', '2017-9', 'old.topology.yaml');
    assert.equal(wrong.status, 2);
    assert.match(wrong.err, /--edition 2017-9: not one of 2007, .*did you mean 2017-09\?/);
    assert.equal(run('--edition', '2017-09', 'old.topology.yaml', 'new.topology.yaml').status, 2);
  });

  it('compares with a revision of git, from the top of the repository and from a folder in it', () => {
    const { out, status } = run('HEAD:sub/a.topology.yaml', 'sub/a.topology.yaml', '--format', 'json');
    assert.equal(status, 0);
    const { old, summary, changes } = JSON.parse(out);
    assert.deepEqual(old, { file: 'HEAD:sub/a.topology.yaml', edition: '2017-09' });
    assert.deepEqual([summary.added, summary.removed], [0, 0]);
    assert.equal(summary.changed, changes.length);
    assert.deepEqual(
      [changes[0].old.ports, changes[0].new.ports, changes[0].close],
      [['1433'], ['50001'], ['1433']],
    );
    const near = cmtopo(['diff', 'HEAD:a.topology.yaml', 'a.topology.yaml', '--format', 'csv'], {
      cwd: join(folder, 'sub'),
    });
    assert.equal(near.status, 0, near.err);
    assert.match(
      near.out,
      /^change,source zone,source,source address,[^\r]*\r\nchanged,hq,cm01,10\.10\.0\.10,/,
    );
  });

  const colon = 'takes a file whose own name has a colon, where the system knows such names';
  (process.platform === 'win32' ? () => {} : it)(colon, () => {
    mkdirSync(join(folder, 'HEAD:sub'));
    writeFileSync(join(folder, 'HEAD:sub', 'b.yaml'), GOOD);
    assert.equal(run('HEAD:sub/b.yaml', 'old.topology.yaml').out, 'No flow differs, port catalog 2017-09\n');
  });

  it('says in one line what cannot be read, and passes nothing to git that is an option', () => {
    for (const [name, said] of [
      ['nowhere:old.topology.yaml', /^cmtopo: nowhere:old\.topology\.yaml: git has no such file: .*nowhere/],
      ['HEAD:none.yaml', /^cmtopo: HEAD:none\.yaml: git has no such file: /],
      ['none.yaml', /^cmtopo: none\.yaml: /],
    ] as const) {
      const { status, out, err } = run(name, 'old.topology.yaml');
      assert.deepEqual({ status, out, lines: err.split('\n').length }, { status: 2, out: '', lines: 2 });
      assert.match(err, said);
    }
    const { status, err } = run('--', '--batch-all-objects:x', 'old.topology.yaml');
    assert.equal(status, 2);
    assert.doesNotMatch(err, /git/);
    assert.equal(run('-', '-').status, 2);
    assert.equal(run('old.topology.yaml').status, 2);
  });
});

describe('cmtopo diff with a rule base that is not installed yet', () => {
  const asa = (port: string) => `ASA Version 9.16(4)
interface Gi0/0
 nameif hq
 security-level 100
interface Gi0/1
 nameif branch
 security-level 50
object-group network SITE
 network-object host 10.10.0.20
access-list hq_in extended permit tcp object-group SITE host 10.20.0.10 eq ${port}
access-list br_in extended permit tcp host 10.20.0.10 object-group SITE eq 445
access-group hq_in in interface hq
access-group br_in in interface branch
`;
  const EXAMPLE = readFileSync('examples/hierarchy.topology.yaml', 'utf8');
  let folder = '';
  before(() => {
    folder = folderWith({
      'site.topology.yaml': EXAMPLE,
      'flow.topology.yaml': EXAMPLE.replace(
        /^ {2}branch-line:\n[\s\S]*?(?=^ {2}edge:)/m,
        '  branch-line: { zones: [hq, branch], rules: [{ action: allow, from: cm01, to: sec01, tcp: 445 }] }\n',
      ),
      'host.topology.yaml': EXAMPLE.replace(
        'firewalls:\n',
        'firewalls:\n  on-sql01: { hosts: [sql01], rules: [{ action: allow, from: any, to: sql01 }] }\n',
      ),
      'policy.topology.yaml': `${EXAMPLE}policies: [{ name: no RDP, from: hq, to: branch, tcp: 3389 }]\n`,
      'good.txt': asa('445'),
      'bad.txt': asa('3389'),
      'sql.reg':
        'Windows Registry Editor Version 5.00\n\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Microsoft\\WindowsFirewall\\FirewallRules]\n"x"="v2.30|Action=Allow|Active=TRUE|Dir=In|Protocol=6|LPort=445|LPort=135|LPort=4022|Name=x|"\n',
    });
  });
  after(() => removeFolder(folder));
  const run = (...args: readonly string[]) => cmtopo(['diff', ...args], { cwd: folder });

  it('says what it breaks and what it opens, for a file in either style', () => {
    for (const file of ['site.topology.yaml', 'flow.topology.yaml']) {
      const { status, out } = run(file, '--firewall', 'branch-line=bad.txt', '--exit-code');
      assert.equal(status, 1);
      assert.match(out, /^ {2}breaks +cm01 +sec01 +tcp +445 +branch-line +/m);
      assert.match(out, /^ {2}opens +cm01 +sec01 +tcp +3389 +branch-line +nobody$/m);
      assert.match(out, /^Firewalls: breaks \d+ connections?, .*opens 1 that nobody uses$/m);
    }
    const { status, out } = run('flow.topology.yaml', '--firewall', 'branch-line=good.txt', '--exit-code');
    assert.equal(status, 1, out);
    assert.doesNotMatch(out, /breaks|opens/);
    assert.match(out, /^ {2}unblocks {2}sec01 +cm01 +tcp +445/m);
  });

  it('judges the rules of a machine, and gives JSON of its schema', () => {
    const { out } = run('host.topology.yaml', '--firewall', 'on-sql01=sql.reg', '--format', 'json');
    const { summary, passing } = JSON.parse(out) as {
      summary: Record<string, number>;
      passing: { effect: string; to: string; ports: string[] }[];
    };
    assert.equal(summary.opens, 0);
    assert.ok((summary.breaks ?? 0) > 0);
    assert.ok(
      passing.some(
        ({ effect, to, ports }) => effect === 'breaks' && to === 'sql01' && ports.includes('14330'),
      ),
    );
  });

  it('names the policies that the new rules break, and the zone that rules of one machine are taken for', () => {
    const bad = run('policy.topology.yaml', '--firewall', 'branch-line=bad.txt').err;
    assert.match(bad, /policy forbids:\n {2}Rule 1 of firewall branch-line lets TCP 3389 .*'no RDP'/);
    assert.doesNotMatch(run('policy.topology.yaml', '--firewall', 'branch-line=good.txt').err, /policy/);
    const guessed = run('site.topology.yaml', '--firewall', 'branch-line=sql.reg').err;
    assert.match(
      guessed,
      /^cmtopo: hq is taken to be what the rules protect; --inside NAME says otherwise$/m,
    );
    const said = run('site.topology.yaml', '--firewall', 'branch-line=sql.reg', '--inside', 'branch').err;
    assert.doesNotMatch(said, /is taken to be/);
  });

  it('says what is wrong in one line', () => {
    const cases: readonly (readonly [readonly string[], RegExp])[] = [
      [['site.topology.yaml', '--firewall', 'edgy=bad.txt'], /no firewall of that name; did you mean edge\?/],
      [['site.topology.yaml', '--firewall', 'edge'], /--firewall edge: write NAME=CONFIG/],
      [['site.topology.yaml', '--firewall', 'edge=none.txt'], /none\.txt/],
      [['site.topology.yaml', '--firewall', 'edge=site.topology.yaml'], /not a format that import knows/],
      [
        ['site.topology.yaml', 'flow.topology.yaml', '--firewall', 'edge=bad.txt'],
        /one file goes with --firewall/,
      ],
      [['site.topology.yaml'], /an argument is missing: cmtopo diff OLD NEW/],
      [['site.topology.yaml', 'flow.topology.yaml', '--map', 'a=hq'], /--map goes with --firewall/],
    ];
    for (const [args, said] of cases) {
      const { status, out, err } = run(...args);
      assert.deepEqual({ status, out, lines: err.split('\n').length }, { status: 2, out: '', lines: 2 }, err);
      assert.match(err, said);
    }
  });
});
