// Administrators know the version of their site. Whatever names the port list for them names that version too.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { exporters } from '../../server/src/exports/firewall/index.ts';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const HIERARCHY = 'examples/hierarchy.topology.yaml';
const BOTH = /2403, port list 2025-12/;
const BEFORE = /1902, port list 2018-09/;

describe('a version of current branch', () => {
  const text = readFileSync(HIERARCHY, 'utf8');
  const of = (configmgr: string) => text.replace(/^configmgr: .*/m, `configmgr: ${configmgr}`);
  let folder = '';
  before(() => {
    folder = folderWith({
      'new.topology.yaml': of('2403'),
      'old.topology.yaml': of('1902'),
      'edition.topology.yaml': of('2025-12'),
    });
  });
  after(() => removeFolder(folder));
  const out = (...args: readonly string[]) => cmtopo([...args], { cwd: folder }).out;

  for (const format of ['markdown', 'html'])
    it(`is in flows as ${format}, with its port list`, () => {
      assert.match(out('flows', 'new.topology.yaml', '--format', format), BOTH);
    });

  for (const format of Object.keys(exporters))
    it(`is in the head of firewall rules as ${format}, where the format has one`, () => {
      const [head, edition] = ['new', 'edition'].map((name) =>
        out('export', `${name}.topology.yaml`, '--format', format),
      );
      if (/port catalog 2025-12/.test(edition ?? '')) assert.match(head ?? '', BOTH);
      else assert.ok(['csv', 'endpoints'].includes(format), format);
    });

  for (const format of ['table', 'markdown'])
    it(`is in a change request as ${format}, of either file`, () => {
      const changes = (a: string, b: string) =>
        out('diff', `${a}.topology.yaml`, `${b}.topology.yaml`, '--format', format);
      assert.match(changes('old', 'new'), /1902, port list 2018-09, to 2403, port list 2025-12/);
      assert.match(changes('new', 'new'), BOTH);
      assert.match(changes('edition', 'edition'), /port catalog 2025-12\b/);
      assert.match(changes('old', 'edition'), BEFORE);
    });

  for (const format of ['pretty', 'markdown'])
    it(`is in an explanation as ${format}`, () => {
      const told = (name: string) =>
        out('explain', `${name}.topology.yaml`, 'cm01', 'sql01', '--format', format);
      assert.match(told('new'), BOTH);
      assert.match(told('edition'), /port catalog 2025-12/);
    });
});
