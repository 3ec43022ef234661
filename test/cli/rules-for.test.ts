import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cmtopo } from './cli.ts';

const TEXT = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.10.0.0/16] }
  branch: { networks: [10.20.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management-point: { protocol: https }
clients:
  desktops: { site: PS1, zone: branch }
firewalls:
  line: { zones: [hq, branch] } # WAN
`;
const RULE =
  '- { action: allow, from: desktops, to: cm01, tcp: [443, 10123], description: "Operation: HTTPS, Client notification" }\n';

describe('cmtopo rules-for', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cmtopo-rules-for-'));
    writeFileSync(join(folder, 'a.topology.yaml'), TEXT);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('prints the rules as entries of firewalls, and leaves the file as it is', () => {
    assert.deepEqual(cmtopo(['rules-for', 'a.topology.yaml'], { cwd: folder }), {
      status: 0,
      out: `firewalls:\n  line:\n    rules:\n      ${RULE}`,
      err: '',
    });
    assert.equal(readFileSync(join(folder, 'a.topology.yaml'), 'utf8'), TEXT);
  });

  it('--write puts them into the file in block style, after which nothing is lacking', () => {
    const { status, out, err } = cmtopo(['rules-for', 'a.topology.yaml', '--write'], { cwd: folder });
    assert.deepEqual(
      { status, out, err },
      { status: 0, out: '', err: 'cmtopo: a.topology.yaml: 1 rule written into firewall line\n' },
    );
    assert.equal(
      readFileSync(join(folder, 'a.topology.yaml'), 'utf8'),
      TEXT.replace(
        'line: { zones: [hq, branch] } # WAN\n',
        `line: # WAN\n    zones: [hq, branch]\n    rules:\n      ${RULE}`,
      ),
    );
    assert.equal(cmtopo(['check', 'a.topology.yaml', '--max-warnings', '0'], { cwd: folder }).status, 0);
    assert.equal(
      cmtopo(['rules-for', 'a.topology.yaml'], { cwd: folder }).out,
      '# No firewall is missing a rule.\n',
    );
  });

  it('--write puts nothing through a link, be it the file or a folder on the way', () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real', 'b.topology.yaml'), TEXT);
    symlinkSync('real', join(folder, 'link'));
    symlinkSync('a.topology.yaml', join(folder, 'other.topology.yaml'));
    for (const [named, why] of [
      ['link/b.topology.yaml', 'link is a link'],
      ['other.topology.yaml', 'this is a link'],
    ] as const) {
      const { status, err } = cmtopo(['rules-for', named, '--write'], { cwd: folder });
      assert.equal(status, 2);
      assert.match(err, new RegExp(`^cmtopo: ${named}: ${why}, through which nothing is written.*\n$`));
    }
    assert.equal(readFileSync(join(folder, 'real', 'b.topology.yaml'), 'utf8'), TEXT);
    assert.equal(readFileSync(join(folder, 'a.topology.yaml'), 'utf8'), TEXT);
  });

  it('refuses a firewall that is not there, standard input with --write, and a file with a mistake that hides something', () => {
    const run = (...args: string[]) => cmtopo(['rules-for', ...args], { cwd: folder, input: TEXT });
    assert.match(run('a.topology.yaml', '--firewall', 'lime').err, /no firewall of that name.*line/);
    assert.equal(run('-', '--write').status, 2);
    writeFileSync(join(folder, 'b.topology.yaml'), TEXT.replace('zone: branch', 'zone: brunch'));
    const { status, out, err } = run('b.topology.yaml');
    assert.deepEqual({ status, out }, { status: 2, out: '' });
    assert.match(err, /a mistake in it hides which rules are needed/);
  });
});
