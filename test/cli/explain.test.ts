import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { cmtopo, GOOD, ONE_ERROR } from './cli.ts';

const EXAMPLE = 'examples/hierarchy.topology.yaml';

describe('cmtopo explain', () => {
  it('tells why two machines talk and which rule lets them', () => {
    const { status, out, err } = cmtopo(['explain', EXAMPLE, 'sec01', 'SQL01']);
    assert.deepEqual({ status, err }, { status: 0, err: '' });
    assert.match(out, /^sec01 -> sql01 {2}2 connections: all allowed$/m);
    assert.match(
      out,
      /^ {4}allowed {2}TCP 14330 {2}SQL Server service; documented 1433, set by instances\.port$/m,
    );
    assert.match(out, /branch-line {2}rule 4 'Database up' \(line \d+\) lets it through/);
    assert.match(out, /^sql01 -> sec01 /m);
  });

  it('gives the same bytes each time, in every format', () => {
    for (const format of ['pretty', 'json', 'markdown']) {
      const args = ['explain', EXAMPLE, 'cm02', 'pub01', '--format', format];
      const first = cmtopo(args);
      assert.equal(first.status, 0);
      assert.equal(cmtopo(args).out, first.out);
    }
  });

  it('takes a zone, a site, a role or an address for several machines, and shows each pair that talks', () => {
    const pairs = (...args: string[]) => {
      const { out } = cmtopo(['explain', EXAMPLE, ...args, '--format', 'json']);
      const { directions } = JSON.parse(out) as {
        directions: { from: string; to: string; flows: object[] }[];
      };
      return directions.map(({ from, to, flows }) => `${from} ${to} ${flows.length > 0}`);
    };
    assert.deepEqual(pairs('10.20.0.10', 'sql01'), ['sec01 sql01 true', 'sql01 sec01 true']);
    const updates = pairs('branch-desktops', 'software-update-point');
    assert.ok(
      updates.length > 0 && updates.every((pair) => pair.startsWith('branch-desktops ')),
      `${updates}`,
    );
    const zone = pairs('branch', 'sql-server');
    assert.ok(zone.includes('sec01 sql01 true'), `${zone}`);
    assert.ok(pairs('S01', 'hq').some((pair) => pair.startsWith('sql01 sec01')));
    assert.deepEqual(pairs('pub01', 'dc-branch'), ['pub01 dc-branch false', 'dc-branch pub01 false']);
  });

  it('ends with status 1 where it is asked to and something is blocked', () => {
    const text = readFileSync(EXAMPLE, 'utf8').replaceAll('4022, 14330]', '4022, 14331]');
    const run = (input: string, ...args: string[]) =>
      cmtopo(['explain', '-', 'sec01', 'sql01', ...args], { input }).status;
    assert.equal(run(text), 0);
    assert.equal(run(text, '--exit-code'), 1);
    assert.equal(run(readFileSync(EXAMPLE, 'utf8'), '--exit-code'), 0);
  });

  it('colours only where it is asked to', () => {
    const args = ['explain', EXAMPLE, 'cm02', 'pub01'];
    const colour = '\u001b[';
    assert.ok(!cmtopo(args).out.includes(colour));
    assert.ok(cmtopo([...args, '--color', 'always']).out.includes(colour));
  });

  it('reads standard input, and says that a file has errors', () => {
    const { status, out, err } = cmtopo(['explain', '-', 'cm01', 'sql01'], { input: ONE_ERROR });
    assert.equal(status, 0);
    assert.match(out, /TCP 1433/);
    assert.match(err, /^cmtopo: - has 1 error; cmtopo check - shows it\n$/);
  });

  it('refuses an unknown machine in one line that names the nearest', () => {
    const { status, out, err } = cmtopo(['explain', '-', 'cmo1', 'sql01'], { input: GOOD });
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, /^cmtopo: .*'cmo1'.*did you mean cm01\?\n$/);
  });

  it('asks for both machines', () => {
    const { status, err } = cmtopo(['explain', EXAMPLE, 'cm02']);
    assert.equal(status, 2);
    assert.match(err, /an argument is missing: cmtopo explain FILE FROM TO \(see cmtopo explain --help\)/);
  });
});
