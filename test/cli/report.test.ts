import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cmtopo, folderWith, GOOD, ONE_ERROR, removeFolder } from './cli.ts';

const HIERARCHY = join('examples', 'hierarchy.topology.yaml');

describe('cmtopo report', () => {
  it('writes a whole page that loads nothing, the same bytes every time', () => {
    const folder = folderWith({});
    try {
      const file = join(folder, 'site.html');
      const made = cmtopo(['report', HIERARCHY, '-o', file, '--today', '2026-01-01']);
      assert.deepEqual(made, { status: 0, out: '', err: '' });
      const html = readFileSync(file, 'utf8');
      assert.match(html, /^<!doctype html>\n<html lang="en">/);
      assert.match(html, /<svg xmlns=/);
      assert.doesNotMatch(html, /<script|<link|<img|<iframe|url\(|@import|\ssrc=/i);
      assert.equal(cmtopo(['report', HIERARCHY, '--today', '2026-01-01']).out, html);
      for (const name of ['branch-line', 'Internet clients', 'pub01', 'BKMK_PortsMP-SQL'])
        assert.ok(html.includes(name), name);
    } finally {
      removeFolder(folder);
    }
  });

  it('writes Markdown with the picture as a Mermaid flowchart', () => {
    const { status, out } = cmtopo(['report', HIERARCHY, '--format', 'markdown']);
    assert.equal(status, 0);
    assert.match(out, /^# Network report: Contoso\n/);
    assert.match(out, /\n```mermaid\nflowchart (LR|TB)\n/);
    assert.match(out, /\n### edge\n/);
  });

  it('names the language of the page', () => {
    const { out } = cmtopo(['report', HIERARCHY, '--locale', 'zh-tw']);
    assert.match(out, /^<!doctype html>\n<html lang="zh-TW">/);
  });

  it('reports what it can of a file with errors, and says that there are some', () => {
    const { status, out, err } = cmtopo(['report', '-'], { input: ONE_ERROR });
    assert.equal(status, 0);
    assert.match(out, /<strong>Error<\/strong>/);
    assert.match(err, /^cmtopo: - has 1 error; /);
  });

  it('says what is wrong with the command line', () => {
    assert.deepEqual(cmtopo(['report', '-', '--today', 'tomorrow'], { input: GOOD }), {
      status: 2,
      out: '',
      err: 'cmtopo: --today tomorrow: write a date as YYYY-MM-DD\n',
    });
    assert.equal(cmtopo(['report']).status, 2);
    assert.equal(cmtopo(['report', '-', '--format', 'pdf'], { input: GOOD }).status, 2);
  });
});
