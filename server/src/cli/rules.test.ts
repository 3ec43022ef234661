import assert from 'node:assert/strict';
import { rulePage } from '../rule-pages.ts';
import { rules } from '../rules/index.ts';
import { type Io, isCliError } from './io.ts';
import { rulesCommand } from './rules.ts';

function run(...args: string[]): { readonly status: number; readonly out: string } {
  let out = '';
  const io: Io = {
    stdin: () => Promise.reject(new Error('not read')),
    out: (text) => {
      out += text;
    },
    err: () => assert.fail('nothing is written to standard error'),
    cwd: '/',
    env: {},
    isTerminal: false,
    isErrorTerminal: false,
    columns: 80,
    readText: () => Promise.reject(new Error('not read')),
  };
  return { status: rulesCommand(args, io), out };
}

describe('cmtopo rules', () => {
  it('lists every rule under its area', () => {
    const { status, out } = run();
    assert.equal(status, 0);
    for (const { code } of rules)
      assert.match(out, new RegExp(`^  ${code} +(error|warning|information|hint) `, 'm'));
    assert.match(out, /^WSUS\n {2}wsus-port-pair/m);
    assert.ok(out.indexOf('The file') < out.indexOf('WSUS'));
  });

  it('prints the page of a rule', () => {
    const rule = rules.find(({ code }) => code === 'sql-browser');
    assert.ok(rule);
    assert.equal(run('sql-browser').out, rulePage(rule));
  });

  it('prints JSON for programs', () => {
    const all = JSON.parse(run('--format', 'json').out);
    assert.equal(all.rules.length, rules.length);
    const one = JSON.parse(run('rpc-range-os', '--format', 'json').out);
    assert.equal(one.code, 'rpc-range-os');
    assert.equal(one.severity, 'warning');
  });

  it('says which rule was meant by a code that is none, and which format', () => {
    for (const [args, message] of [
      [['wsus-port'], /no rule wsus-port; did you mean wsus-port-pair\?/],
      [['sql-brouser'], /no rule sql-brouser; did you mean sql-browser\?/],
      [['--format', 'xml'], /table, json/],
      [['a', 'b'], /one argument too many/],
    ] as const)
      assert.throws(
        () => run(...args),
        (error) => isCliError(error) && message.test(error.message),
      );
  });
});
