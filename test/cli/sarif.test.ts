import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Location, Log, Region, Run } from 'sarif';
import { cmtopo, folderWith, GOOD, ONE_ERROR, removeFolder } from './cli.ts';

function sarif(
  args: readonly string[],
  cwd?: string,
): { readonly log: Log; readonly run: Run; readonly status: number | null } {
  const { out, status } = cmtopo(['check', '--format', 'sarif', ...args], cwd === undefined ? {} : { cwd });
  const log = JSON.parse(out) as Log;
  const [run] = log.runs;
  return { log, run: run ?? assert.fail('no run'), status };
}

/** The text that a region covers, as a viewer of the log would cut it out. */
function covered(text: string, { startLine, startColumn, endLine, endColumn }: Region): string {
  const lines = text.split('\n');
  if (startLine !== endLine) assert.fail('a region of several lines');
  return lines[(startLine ?? 0) - 1]?.slice((startColumn ?? 0) - 1, (endColumn ?? 0) - 1) ?? '';
}

function regionOf(location: Location | undefined): Region {
  return location?.physicalLocation?.region ?? assert.fail('no region');
}

describe('cmtopo check --format sarif', () => {
  it('is a log of version 2.1.0 with one run of this tool', () => {
    const { log, run } = sarif(['examples']);
    assert.equal(log.version, '2.1.0');
    assert.match(log.$schema ?? '', /sarif-schema-2\.1\.0\.json$/);
    assert.equal(log.runs.length, 1);
    assert.equal(run.tool.driver.name, 'cmtopo');
    assert.match(run.tool.driver.semanticVersion ?? '', /^\d+\.\d+\.\d+$/);
    assert.equal(run.columnKind, 'utf16CodeUnits');
  });

  it('describes every rule once, with help and a level', () => {
    const rules = sarif(['examples/small.topology.yaml']).run.tool.driver.rules ?? [];
    assert.ok(rules.length > 20);
    assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
    for (const rule of rules) {
      assert.match(rule.id, /^[a-z]+(-[a-z]+)*$/);
      assert.ok(rule.shortDescription?.text && rule.fullDescription?.text && rule.help?.text, rule.id);
      assert.ok(['error', 'warning', 'note'].includes(rule.defaultConfiguration?.level ?? ''), rule.id);
      if (rule.helpUri !== undefined) assert.equal(new URL(rule.helpUri).protocol.replace('s', ''), 'http:');
    }
    const pair = rules.find(({ id }) => id === 'wsus-port-pair');
    assert.match(pair?.fullDescription?.text ?? '', /^WSUS is configured with one port/);
    assert.match(pair?.help?.text ?? '', /Sources:\n\n- Windows Firewall .*, section notes\n/);
    assert.match(pair?.help?.markdown ?? '', /\]\(https:\/\/learn\.microsoft\.com\S*#notes\)/);
    assert.ok(rules.find(({ id }) => id === 'wsus-port-pair')?.helpUri?.includes('learn.microsoft.com'));
  });

  it('points each result at its rule, its place and the related places, columns from 1', () => {
    const folder = folderWith({ 'a b/x.topology.yaml': ONE_ERROR });
    try {
      const { run, status } = sarif([], folder);
      assert.equal(status, 1);
      const [result, ...more] = run.results ?? [];
      assert.equal(more.length, 0);
      assert.equal(result?.ruleId, 'wsus-port-pair');
      assert.equal(run.tool.driver.rules?.[result?.ruleIndex ?? -1]?.id, 'wsus-port-pair');
      assert.equal(result?.level, 'error');
      assert.match(result?.message.text ?? '', /8532 must be 8531/);
      const [location] = result?.locations ?? [];
      assert.equal(location?.physicalLocation?.artifactLocation?.uri, 'a%20b/x.topology.yaml');
      assert.deepEqual(regionOf(location), { startLine: 15, startColumn: 59, endLine: 15, endColumn: 63 });
      assert.equal(covered(ONE_ERROR, regionOf(location)), '8532');
      const [related] = result?.relatedLocations ?? [];
      assert.equal(related?.message?.text, 'HTTP port 8530');
      assert.equal(covered(ONE_ERROR, regionOf(related)), '8530');
    } finally {
      removeFolder(folder);
    }
  });

  it('holds the fixes as replacements', () => {
    const folder = folderWith({ 'x.topology.yaml': ONE_ERROR });
    try {
      const [result] = sarif([], folder).run.results ?? [];
      const [fix] = result?.fixes ?? [];
      assert.equal(fix?.description?.text, 'Set httpsPort to 8531');
      const [change] = fix?.artifactChanges ?? [];
      assert.equal(change?.artifactLocation.uri, 'x.topology.yaml');
      const [replacement] = change?.replacements ?? [];
      assert.equal(covered(ONE_ERROR, replacement?.deletedRegion ?? assert.fail()), '8532');
      assert.equal(replacement?.insertedContent?.text, '8531');
    } finally {
      removeFolder(folder);
    }
  });

  it('has what the schema requires of every result in a file full of mistakes', () => {
    const { run } = sarif(['examples/mistakes.topology.yaml']);
    assert.ok((run.results ?? []).length > 30);
    for (const result of run.results ?? []) {
      assert.ok(result.message.text);
      assert.ok(['error', 'warning', 'note'].includes(result.level ?? ''));
      assert.equal(run.tool.driver.rules?.[result.ruleIndex ?? -1]?.id, result.ruleId);
      const places = [...(result.locations ?? []), ...(result.relatedLocations ?? [])].map(regionOf);
      const deleted = (result.fixes ?? []).flatMap(({ artifactChanges }) =>
        artifactChanges.flatMap(({ replacements }) => replacements.map(({ deletedRegion }) => deletedRegion)),
      );
      for (const region of [...places, ...deleted]) {
        const { startLine = 0, startColumn = 0, endLine = 0, endColumn = 0 } = region;
        assert.ok(startLine >= 1 && startColumn >= 1 && endLine >= startLine && endColumn >= 1);
        assert.ok(endLine > startLine || endColumn >= startColumn);
      }
      for (const fix of result.fixes ?? []) {
        assert.ok(
          fix.artifactChanges.length > 0 &&
            fix.artifactChanges.every((change) => change.replacements.length > 0),
        );
      }
      const ids = (result.relatedLocations ?? []).map(({ id }) => id);
      assert.equal(new Set(ids).size, ids.length);
    }
  });

  it('gives an absolute path as a file address', () => {
    const folder = folderWith({ 'x.topology.yaml': GOOD });
    try {
      const path = join(folder, 'x.topology.yaml');
      assert.equal(sarif([path]).run.artifacts?.[0]?.location?.uri, pathToFileURL(path).href);
    } finally {
      removeFolder(folder);
    }
  });

  it('says what could not be read', () => {
    const { run, status } = sarif(['missing.topology.yaml']);
    assert.equal(status, 2);
    const [invocation] = run.invocations ?? [];
    assert.equal(invocation?.executionSuccessful, false);
    assert.equal(invocation?.exitCode, 2);
    assert.deepEqual(
      invocation?.toolExecutionNotifications?.map(({ level, message }) => [level, message.text]),
      [['error', 'missing.topology.yaml: no such file or folder']],
    );
  });
});
