import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { applyLspEdits, CURSOR, fixture, HIERARCHY, textOf } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { readTopology } from '../topology/read.ts';
import { prepareRename, rename } from './rename.ts';
import { type Thing, thingsOf } from './subject.ts';

/** The text after a rename at the cursor. */
function renamed(text: string, newName: string): string {
  const { analysis, position } = fixture(text);
  const edits = rename(analysis, position, newName);
  assert.ok(edits !== undefined && !('problem' in edits), JSON.stringify(edits));
  return applyLspEdits(analysis.text, edits);
}

function refused(text: string, newName: string): string {
  const { analysis, position } = fixture(text);
  const answer = rename(analysis, position, newName);
  assert.ok(answer !== undefined && 'problem' in answer, JSON.stringify(answer));
  return answer.problem;
}

const inHierarchy = (before: string, text = HIERARCHY): string => {
  const at = text.indexOf(before);
  assert.notEqual(at, -1, before);
  return text.slice(0, at + before.length) + CURSOR + text.slice(at + before.length);
};

describe('rename', () => {
  for (const [before, oldName, newName, places] of [
    ['\n  hq', 'hq', 'head-office', 5],
    ['site: PS1', 'PS1', 'P01', 4],
    ['from: cm01', 'cm01', 'site-server-1', 3],
    ['server: sql01', 'sql01', 'db.contoso', 2],
    ['instance: CM', 'CM', 'CM$PROD', 2],
    ['\n  desktops', 'desktops', 'laptops', 2],
    ['\n  edge', 'edge', 'outer', 1],
  ] as const) {
    it(`renames ${oldName} at its definition and at every place that names it`, () => {
      const text = inHierarchy(before);
      const after = renamed(text, newName);
      const word = new RegExp(`(?<![\\w.-])${oldName}(?![\\w.-])`, 'g');
      assert.equal(
        after,
        HIERARCHY.replace(word, () => newName),
      );
      assert.equal(HIERARCHY.match(word)?.length, places);
    });
  }

  it('renames an availability group, its replicas’ servers and pull sources', () => {
    const text = `availabilityGroups:
  AG1: { replicas: [{ server: sql01, instance: CM }, { server: sql02, instance: CM }] }
sites:
  PS1: { type: primary, database: { availabilityGroup: AG1${CURSOR} } }
servers:
  sql01: { roles: { sql-server: { instances: { CM: { port: 1444 } } }, distribution-point: } }
  sql02: { roles: { sql-server: { instances: { CM: { port: 1444 } } }, distribution-point: { pullFrom: [sql01] } } }
`;
    assert.equal(renamed(text, 'AG2'), text.replace(CURSOR, '').replaceAll('AG1', 'AG2'));
    const server = inHierarchy('pullFrom: [sql01', text.replace(CURSOR, ''));
    assert.equal(renamed(server, 'dp01'), text.replace(CURSOR, '').replaceAll('sql01', 'dp01'));
    const instance = inHierarchy('sql01, instance: CM', text.replace(CURSOR, ''));
    const after = renamed(instance, 'X');
    assert.equal(after.match(/\bX\b/g)?.length, 2, 'the instance of the same name on the other server stays');
  });

  it('leaves comments and other text alone', () => {
    const text = `# hq is old\nname: hq\nzones:\n  hq${CURSOR}: # hq\n    description: hq\nservers:\n  a: { zone: HQ } # in hq\n`;
    assert.equal(
      renamed(text, 'main'),
      '# hq is old\nname: hq\nzones:\n  main: # hq\n    description: hq\nservers:\n  a: { zone: main } # in hq\n',
    );
  });

  it('keeps quotes, and puts some round a name that would be read as something else', () => {
    const text = `zones:\n  'hq': {}\n  "dmz": {}\nservers:\n  a: { zone: hq${CURSOR} }\n  b: { zone: "hq" }\n`;
    assert.equal(
      renamed(text, 'null'),
      `zones:\n  'null': {}\n  "dmz": {}\nservers:\n  a: { zone: "null" }\n  b: { zone: "null" }\n`,
    );
    assert.match(renamed(inHierarchy('\n  PS1'), '007'), /\n {2}"007":\n/);
    assert.match(renamed(inHierarchy('\n  PS1'), '1E3'), /site: "1E3"\n/);
  });

  it('renames a name in a block of text', () => {
    const text = `zones:\n  hq${CURSOR}: {}\nservers:\n  a:\n    zone: >-\n      hq\n`;
    assert.equal(renamed(text, 'main'), text.replace(CURSOR, '').replaceAll('hq', 'main'));
  });

  it('changes a name that occurs once, behind an anchor, in one place', () => {
    const text = `zones:\n  hq: {}\nservers:\n  a: { zone: &z hq }\n  b: { zone: *z }\n  c: &c { zone: hq${CURSOR} }\n  d: { <<: *c }\n`;
    const { analysis, position } = fixture(text);
    const asked = prepareRename(analysis, position);
    assert.ok(asked && 'range' in asked);
    assert.equal(textOf(analysis, asked.range), 'hq');
    assert.equal(asked.placeholder, 'hq');
    assert.equal(renamed(text, 'main'), text.replace(CURSOR, '').replaceAll('hq', 'main'));
  });

  it('renames an instance that servers share through an anchor, for all of them', () => {
    const text = `sites:
  PS1: { type: primary, database: { server: a, instance: CM } }
  PS2: { type: primary, database: { server: b, instance: CM } }
servers:
  a: { roles: &r { sql-server: { instances: { CM${CURSOR}: { port: 1444 } } } } }
  b: { roles: *r }
`;
    assert.equal(renamed(text, 'X'), text.replace(CURSOR, '').replaceAll('CM', 'X'));
  });

  it('refuses where the text of a name is something else at another place', () => {
    const text = `zones:\n  hq${CURSOR}: {}\nservers:\n  a: { zone: &z hq, description: *z }\n`;
    assert.match(refused(text, 'main'), /line 4 .*anchor/);
    const servers = `zones:\n  &n hq${CURSOR}: {}\nfirewalls:\n  *n : { zones: [hq, hq] }\n`;
    assert.match(refused(servers, 'main'), /line 2 .*anchor/);
  });

  it('refuses names that the format does not have', () => {
    assert.match(refused(inHierarchy('\n  PS1'), 'PS10'), /Site code 'PS10' has 4 characters/);
    assert.match(refused(inHierarchy('\n  PS1'), 'sms'), /Site code 'sms' is reserved/);
    assert.match(refused(inHierarchy('\n  cm01'), 'a b'), /letters, digits/);
    assert.match(refused(inHierarchy('\n  cm01'), ''), /needs a name/);
    assert.match(refused(inHierarchy('\n  cm01'), 'any'), /word of the format/);
    assert.match(refused(inHierarchy('\n  cm01'), '10.0.0.1'), /address/);
    assert.match(refused(inHierarchy('instance: CM'), 'a b'), /letters, digits/);
    assert.match(refused(inHierarchy('instance: CM'), 'mssqlserver'), /default instance/);
  });

  it('refuses a name that something else has, and says where', () => {
    assert.match(refused(inHierarchy('\n  cm01'), 'SQL01'), /There is a server 'sql01' already, in line 23/);
    assert.match(refused(inHierarchy('\n  cm01'), 'hq'), /There is a zone 'hq' already/);
    assert.equal(renamed(inHierarchy('\n  edge'), 'hq').includes('\n  hq:\n    zones: [hq'), true);
  });

  it('takes no notice of blanks round what is typed', () => {
    assert.equal(renamed(inHierarchy('\n  sql01'), ' db01 '), HIERARCHY.replaceAll('sql01', 'db01'));
  });

  it('changes the case of a name', () => {
    assert.equal(renamed(inHierarchy('\n  sql01'), 'SQL01'), HIERARCHY.replaceAll('sql01', 'SQL01'));
  });

  it('refuses to take up a name that is used and stands for nothing', () => {
    const text = HIERARCHY.replace('zone: dmz', 'zone: lab');
    assert.match(refused(inHierarchy('\n  dmz', text), 'lab'), /Line 31 refers to 'lab'/);
  });

  it('says why a name cannot be renamed before anything is typed', () => {
    const ask = (text: string) => {
      const { analysis, position } = fixture(text);
      return prepareRename(analysis, position);
    };
    const unknown = ask(`servers:\n  a: { zone: lab${CURSOR} }\n`);
    assert.ok(unknown && 'problem' in unknown && /'lab' is not defined/.test(unknown.problem));
    const standard = ask(
      `servers:\n  a: { roles: { sql-server: { instances: { MSSQLSERVER${CURSOR}: } } } }\n`,
    );
    assert.ok(standard && 'problem' in standard && /default instance/.test(standard.problem));
    assert.equal(ask(inHierarchy('management-poi')), undefined);
    assert.equal(ask(inHierarchy('type: prim')), undefined);
    const quoted = ask(`zones:\n  "h${CURSOR}q": {}\n`);
    assert.ok(quoted && 'range' in quoted);
    assert.deepEqual(quoted.range, { start: { line: 1, character: 3 }, end: { line: 1, character: 5 } });
  });

  it('refuses while a place that may hold the name cannot be read', () => {
    const text = inHierarchy('\n  dmz', HIERARCHY.replace('zone: dmz', 'zone: "dmz'));
    assert.match(refused(text, 'outer'), /could not be read/);
  });
});

const FOLDERS = ['examples', 'test/hierarchies'];
const FILES = FOLDERS.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.topology.yaml'))
    .map((file) => ({ file, text: readFileSync(join(folder, file), 'utf8') })),
);

/** What a topology says with one name in place of another. */
function meaning(text: string, names: ReadonlyMap<string, string>): unknown {
  const { topology } = analyse(text);
  const plain = (name: string) => names.get(name) ?? name;
  return {
    things: [...thingsOf(topology)].map(({ kind, name }) => [kind, plain(name)]),
    references: topology.references.map(({ to, name, target }) => [
      to,
      plain(name),
      target && plain(target.name),
    ]),
  };
}

const findingCodes = (text: string) =>
  analyse(text)
    .findings()
    .map(({ code, severity }) => `${code} ${severity}`)
    .toSorted();

describe('rename in the example files', function () {
  this.timeout(120_000);

  // Two things of one name are one of the mistakes of that file: a rename mends it.
  const sound = FILES.filter(({ file }) => file !== 'mistakes.topology.yaml');
  const anyThing = fc.constantFrom(...sound).chain(({ file, text }) => {
    const topology = readTopology(analyse(text).tree);
    const things = [...thingsOf(topology)].filter(
      (thing) => thing.kind !== 'instance' || thing.name !== 'MSSQLSERVER',
    );
    return fc.record({
      file: fc.constant(file),
      text: fc.constant(text),
      thing: fc.constantFrom<Thing>(...things),
    });
  });

  it('leaves the hierarchy the same up to the name, reports nothing new, and can be undone to the byte', () => {
    fc.assert(
      fc.property(anyThing, fc.stringMatching(/^[A-Z][0-9][A-Z]$/), ({ file, text, thing }, newName) => {
        const analysis = analyse(text);
        const position = analysis.tree.lines.positionAt(thing.key.span.start);
        const edits = rename(analysis, position, newName);
        assert.ok(edits && !('problem' in edits), `${file}: ${JSON.stringify(edits)}`);
        const after = applyLspEdits(text, edits);
        assert.deepEqual(meaning(after, new Map([[newName, thing.name]])), meaning(text, new Map()), file);
        assert.deepEqual(findingCodes(after), findingCodes(text), file);
        const again = analyse(after);
        const start = edits.find(({ range }) => range.start.line === position.line);
        assert.ok(start);
        const back = rename(
          again,
          again.tree.lines.positionAt(thing.key.span.start + shiftBefore(text, edits, thing)),
          thing.name,
        );
        assert.ok(back && !('problem' in back), `${file}: ${JSON.stringify(back)}`);
        assert.equal(applyLspEdits(after, back), text, file);
      }),
      { numRuns: 150 },
    );
  });
});

/** By how many characters edits move a thing's key. */
function shiftBefore(
  text: string,
  edits: readonly {
    range: { start: { line: number; character: number }; end: { line: number; character: number } };
    newText: string;
  }[],
  thing: Thing,
): number {
  const { lines } = analyse(text).tree;
  let shift = 0;
  for (const { range, newText } of edits) {
    const start = lines.offsetAt(range.start);
    if (start < thing.key.span.start) shift += newText.length - (lines.offsetAt(range.end) - start);
  }
  return shift;
}
