// Every JSON form has the shape that its schema says, and nothing that the schema does not name.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import Ajv from 'ajv';
import { editionOf } from '../../server/src/catalog/index.ts';
import { formatWords } from '../../server/src/cli/words.ts';
import { rules } from '../../server/src/rules/index.ts';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const HIERARCHY = 'examples/hierarchy.topology.yaml';
const MISTAKES = 'examples/mistakes.topology.yaml';

/** Command lines whose output has every kind of member. */
const RUNS: Readonly<Record<string, readonly (readonly string[])[]>> = {
  check: [[MISTAKES], [HIERARCHY], ['--summary', MISTAKES]],
  flows: [[HIERARCHY], [MISTAKES], ['--endpoints', HIERARCHY]],
  explain: [
    [HIERARCHY, 'sec01', 'sql01'],
    [HIERARCHY, 'laptops', 'pub01'],
    [HIERARCHY, 'sec01', 'hq-desktops'],
  ],
  diff: [
    [HIERARCHY, MISTAKES],
    [MISTAKES, HIERARCHY],
    [HIERARCHY, HIERARCHY],
    ['test/inventory/contoso/contoso.topology.yaml', '--from', 'test/inventory/contoso/roles.json'],
    [HIERARCHY, '--from', 'test/inventory/contoso/roles.json', 'test/inventory/contoso/sites.json'],
  ],
  probe: [
    ['--from', 'sec01', '--dry-run', HIERARCHY],
    ['--read', 'test/cli/probe-result.csv', HIERARCHY],
  ],
  catalog: [[], ['--edition', '2007'], ['--compare', '2007', '2025-12'], ['--compare', '2017-03', '2017-09']],
  rules: [[], ['wsus-port-pair'], ['yaml-syntax']],
};

/** The schema with nothing allowed that it does not name. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  return 'properties' in schema ? { ...inner, additionalProperties: false } : inner;
}

const schemaOf = (command: string) =>
  JSON.parse(readFileSync(`schemas/${command}.schema.json`, 'utf8')) as Record<string, unknown>;

describe('the JSON forms', function () {
  this.timeout(60_000);

  it('have a schema each, and each schema a command', () => {
    const withJson = Object.entries(formatWords)
      .filter(([, { formats }]) => Object.hasOwn(formats(), 'json'))
      .map(([command]) => command);
    const schemas = readdirSync('schemas')
      .filter((name) => !/^(topology|settings)\./.test(name))
      .map((name) => name.replace('.schema.json', ''));
    assert.deepEqual(schemas.sort(), withJson.sort());
    assert.deepEqual(Object.keys(RUNS).sort(), withJson.sort());
  });

  for (const [command, runs] of Object.entries(RUNS)) {
    it(`of cmtopo ${command} begin with their version, and are what the schema says`, () => {
      const validate = new Ajv({ allErrors: true, strictRequired: false }).compile(
        closed(schemaOf(command)) as object,
      );
      for (const args of runs) {
        const { out } = cmtopo([command, '--format', 'json', ...args]);
        assert.match(out, /^\{\n {2}"version": 2,\n/, args.join(' '));
        assert.ok(
          validate(JSON.parse(out)),
          `${args.join(' ')}: ${JSON.stringify(validate.errors?.slice(-6), undefined, 1)}`,
        );
      }
    });
  }

  it('of findings say why, and where that is written', () => {
    const report = JSON.parse(cmtopo(['check', '--format', 'json', MISTAKES]).out);
    const found = report.files.flatMap(({ diagnostics }: { diagnostics: object[] }) => diagnostics);
    assert.ok(found.length > 10);
    for (const { code, why, source } of found) {
      assert.equal(why, rules.find((rule) => rule.code === code)?.reason);
      assert.ok(source.document && source.section, code);
      assert.match(source.url ?? 'https://', /^https:/);
    }
  });

  it('say what the file says of its edition or version', () => {
    const text = readFileSync(HIERARCHY, 'utf8').replace(/^configmgr: .*/m, 'configmgr: 2403');
    const folder = folderWith({ 'a.topology.yaml': text });
    try {
      const { edition, configmgr } = JSON.parse(
        cmtopo(['flows', '--format', 'json', 'a.topology.yaml'], { cwd: folder }).out,
      );
      assert.deepEqual({ edition, configmgr }, { edition: editionOf('2403'), configmgr: '2403' });
    } finally {
      removeFolder(folder);
    }
  });
});
