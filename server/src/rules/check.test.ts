import assert from 'node:assert/strict';
import { analyse } from '../analysis.ts';
import { check } from './check.ts';
import type { ListedRule } from './rule.ts';

const text = 'configmgr: 2017-09\nname: Contoso\ndescription: Head office\n';

function rule(code: string, run: ListedRule['check']): ListedRule {
  const example = { title: code, text };
  return {
    code,
    area: 'file',
    severity: 'error',
    summary: code,
    reason: code,
    explanation: code,
    source: { document: 'format', section: 'values' },
    bad: [example],
    good: [example],
    check: run,
  };
}

const at = (start: number, message = 'm') => ({ span: { start, end: start + 1 }, message });

describe('running the rules', () => {
  const analysis = analyse(text);

  it('shows findings in the order of the text, whatever the order of the rules', () => {
    const rules = [
      { ...rule('b', () => [at(20), at(3, 'z'), at(3, 'a')]), severalAtOnePlace: true as const },
      rule('a', () => [at(20), at(1)]),
    ];
    const found = check(analysis, { rules: {} }, rules).map(
      ({ span, code, message }) => `${span.start} ${code} ${message}`,
    );
    assert.deepEqual(found, ['1 a m', '3 b a', '3 b z', '20 a m', '20 b m']);
  });

  it('takes the severity of the settings, and leaves out what is off', () => {
    const rules = [rule('a', () => [at(1)]), rule('b', () => [at(2)]), rule('c', () => [at(3)])];
    const found = check(analysis, { rules: { a: 'hint', b: 'off' } }, rules);
    assert.deepEqual(
      found.map(({ code, severity }) => `${code} ${severity}`),
      ['a hint', 'c error'],
    );
  });

  it('keeps the other findings and tells of the fault where a rule throws half-way', () => {
    const rules = [
      rule('broken', function* () {
        yield at(5);
        throw new Error('no such thing');
      }),
      rule('sound', () => [at(7)]),
    ];
    const found = check(analysis, { rules: {} }, rules);
    assert.deepEqual(
      found.map(({ code }) => code),
      ['broken', 'sound'],
    );
    assert.match(found[0]?.message ?? '', /no such thing/);
  });

  it('does not run a rule that is off', () => {
    const rules = [
      rule('a', () => {
        throw new Error('ran');
      }),
    ];
    assert.deepEqual(check(analysis, { rules: { a: 'off' } }, rules), []);
  });

  it('lets only the rules about the file speak of a line that is not YAML', () => {
    const broken = analyse('configmgr: 2017-09\nname: "Contoso\nsites: {}\n');
    const start = broken.text.indexOf('name');
    assert.notEqual(broken.tree.damage.length, 0);
    const rules = [
      rule('file', () => [at(start)]),
      { ...rule('wsus', () => [at(start), at(0)]), area: 'wsus' as const },
    ];
    const found = check(broken, { rules: {} }, rules);
    assert.deepEqual(
      found.map(({ code, span }) => `${code} ${span.start}`),
      ['wsus 0', `file ${start}`],
    );
  });

  it('keeps the first finding of a rule at each place, as what an alias repeats is one mistake', () => {
    const rules = [rule('a', () => [at(3, 'z'), at(3, 'a'), at(4, 'z')]), rule('b', () => [at(3, 'a')])];
    assert.deepEqual(
      check(analysis, { rules: {} }, rules).map(({ code, message }) => `${code} ${message}`),
      ['a z', 'b a', 'a z'],
    );
  });

  it('keeps several messages at one place for a rule that says so, each once', () => {
    const several = {
      ...rule('a', () => [at(3, 'z'), at(3, 'a'), at(3, 'z')]),
      severalAtOnePlace: true as const,
    };
    assert.deepEqual(
      check(analysis, { rules: {} }, [several]).map(({ message }) => message),
      ['a', 'z'],
    );
  });

  it('says at most 300 characters and 50 related places, and how many more there are', () => {
    const related = Array.from({ length: 63 }, (_, index) => ({ ...at(index), message: `Server ${index}` }));
    const long = `Server '${'x'.repeat(400)}' cannot reach anything: give it an address`;
    const fixes = [{ title: long, safe: false, edits: [{ span: { start: 0, end: 0 }, newText: '' }] }];
    const [found] = check(analysis, { rules: {} }, [
      rule('a', () => [
        { ...at(3, long), related: related.map((place) => ({ ...place, message: long })), fixes },
      ]),
      rule('b', () => [{ ...at(4), related }]),
    ]);
    const short = `Server '${'x'.repeat(27)}…${'x'.repeat(12)}' cannot reach anything: give it an address`;
    assert.equal(found?.message, short);
    assert.equal(found?.related?.[0]?.message, short);
    assert.equal(found?.fixes?.[0]?.title, short);
    const [, other] = check(analysis, { rules: {} }, [
      rule('a', () => [at(3)]),
      rule('b', () => [{ ...at(4), related }]),
    ]);
    assert.equal(other?.related?.length, 50);
    assert.equal(other?.related?.[48]?.message, 'Server 48');
    assert.equal(other?.related?.[49]?.message, 'Server 49, and 13 more places');
  });

  it('works out fixes when somebody asks for them, and once', () => {
    let times = 0;
    const fixes = () => {
      times++;
      return [{ title: 'mend', safe: true, edits: [{ span: { start: 0, end: 0 }, newText: '' }] }];
    };
    const [found] = check(analysis, { rules: {} }, [rule('a', () => [{ ...at(1), fixes }])]);
    assert.equal(times, 0);
    assert.deepEqual(
      [found?.fixes, found?.fixes].map((all) => all?.map(({ title }) => title)),
      [['mend'], ['mend']],
    );
    assert.equal(times, 1);
  });

  it('offers no fix without an edit', () => {
    const rules = [rule('a', () => [{ ...at(1), fixes: [{ title: 'none', safe: true, edits: [] }] }])];
    assert.deepEqual(check(analysis, { rules: {} }, rules)[0]?.fixes, []);
  });
});

describe('an analysis', () => {
  it('computes each part once', () => {
    const analysis = analyse(text);
    assert.equal(analysis.tree, analysis.tree);
    assert.equal(analysis.topology, analysis.topology);
    assert.equal(analysis.flows(), analysis.flows());
    assert.equal(analysis.findings(), analysis.findings());
  });

  it('has no flows without an edition', () => {
    const analysis = analyse('servers: { a: { roles: { site-server: , management-point: } } }');
    assert.deepEqual(analysis.flows(), []);
  });

  for (const odd of [
    '',
    '\uFEFF',
    '#',
    '\0',
    '[',
    '- a',
    '{',
    'a: b: c',
    '&a [*a]',
    '<<: 1',
    '? ',
    '---\n---\n',
  ])
    it(`gives findings, not an exception, for ${JSON.stringify(odd)}`, () => {
      assert.ok(
        analyse(odd)
          .findings()
          .every(({ message }) => !message.includes('failed and was not checked')),
      );
    });
});
