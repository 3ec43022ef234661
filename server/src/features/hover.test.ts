import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { CURSOR, fixture, HIERARCHY, hierarchyAt, textOf } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { hover } from './hover.ts';
import { paragraph, toMarkdown } from './prose.ts';

function markdownAt(before: string): string {
  const { analysis, position } = hierarchyAt(before);
  const found = hover(analysis, position);
  assert.ok(found && typeof found.contents === 'object' && 'value' in found.contents, `nothing at ${before}`);
  return found.contents.value;
}

function markdownOf(text: string): string {
  const { analysis, position } = fixture(text);
  const found = hover(analysis, position);
  assert.ok(found && typeof found.contents === 'object' && 'value' in found.contents, 'nothing there');
  return found.contents.value;
}

describe('hover', () => {
  it('shows a role with the ports of this very server, in and out', () => {
    const text = markdownAt('management-point');
    assert.match(text, /\*\*Management point\*\* on cm01 \(site PS1, zone hq\)/i);
    assert.match(text, /\| ← \| desktops \(clients\).*TCP 443/);
    assert.match(text, /\| → \| sql01.*TCP 1444/, 'the port of the instance, not 1433');
    assert.match(text, /protocol https/);
  });

  it('names all zones of a client group, and the group in each of them', () => {
    const text = (group: string, internet: string) => `configmgr: 2025-12
zones: { hq: { networks: [10.1.0.0/16] }, inter${internet}net: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: , sms-provider: , management-point: } }
clients:
  lap${group}tops: { site: PS1, zone: [internet, hq] }
`;
    assert.match(markdownOf(text(CURSOR, '')), /internet, hq[\s\S]*10\.1\.0\.0\/16/);
    assert.match(markdownOf(text('', CURSOR)), /laptops/);
  });

  it('tells which site systems a client group uses, role by role, and why', () => {
    const text = markdownOf(`configmgr: 2025-12
zones: { hq: , branch: , perimeter: , internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: , sms-provider: , management-point: , distribution-point: } }
  dp01: { site: PS1, zone: branch, roles: { distribution-point: } }
  dp02: { site: PS1, zone: branch, roles: { distribution-point: } }
  dp03: { site: PS1, zone: hq, roles: { distribution-point: } }
  mp02: { site: PS1, zone: perimeter, roles: { management-point: { protocol: https, clients: internet } } }
boundaryGroups:
  near: { members: [branch], servers: [dp01, dp02], fallback: [far] }
  far: { members: [hq], servers: [dp03] }
clients:
  lap${CURSOR}tops: { site: PS1, zone: [branch, internet] }
`);
    const row = (label: string) =>
      text.split('\n').find((line) => line.startsWith(`| ${label}`)) ?? assert.fail(`no ${label} in ${text}`);
    assert.match(row('Management point, in zone branch'), /cm01 \(site PS1\)/);
    assert.match(
      row('Distribution point, in zone branch'),
      /one of 2 is enough: dp01, dp02 \(boundary group near\); optional: dp03 \(neighbor boundary group far\), cm01 \(default boundary group of PS1\)/,
    );
    assert.match(row('Management point, in zone internet'), /mp02 \(for clients on the internet\)/);
  });

  it('does not show HTTP to a management point that takes HTTPS only', () => {
    assert.ok(!/← \| desktops[^\n]*TCP 80\b/.test(markdownAt('management-point')));
  });

  it('links a role to its section of the document', () => {
    assert.match(markdownAt('management-point'), /\]\(https:\/\/[^)]*#BKMK_Ports/);
  });

  it('shows the errata that bear on a role', () => {
    assert.match(markdownAt('software-update-point'), /\*\*Erratum\*\*/);
  });

  it('keeps a long table short and says where the rest is', () => {
    const more = Array.from(
      { length: 12 },
      (_, index) =>
        `  s${index}:\n    site: PS1\n    roles: { software-update-point: { httpPort: ${9000 + 2 * index}, httpsPort: ${9001 + 2 * index} } }\n`,
    );
    const text = markdownOf(
      HIERARCHY.replace('servers:\n', `servers:\n${more.join('')}`).replace(
        '      site-server',
        '      site-server‸',
      ),
    );
    assert.ok(text.split('\n').filter((line) => line.startsWith('|')).length <= 14);
    assert.match(text, /and \d+ more; see `cmtopo flows FILE --from cm01`/);
  });

  for (const [before, wanted] of [
    ['\n  PS1', /\*\*PS1\*\*.*primary site/],
    ['site: PS1', /Client ports \| HTTP 80, 8080; HTTPS 443/],
    ['\n  cm01', /\*\*cm01\*\*.*server/],
    ['from: cm01', /\*\*cm01\*\*.*server/],
    ['\n  hq', /Servers \| cm01, sql01/],
    ['zone: dmz', /\*\*dmz\*\*/],
    ['\n  desktops', /Clients \| 4000/],
    ['\n  edge', /Rules \| 3 \(3 allow, 0 deny\)/],
    ['instance: CM', /TCP port \| 1444/],
    ['          CM', /Database of \| PS1/],
    ['port: 1444', /TCP 1444/],
    ['tcp: [445', /\*\*TCP 445\*\*/],
    ['httpPort: 8530', /8530/],
    ['rpcDynamicPorts', /endpoint mapper/],
    ['os: windows-server-2016', /Dynamic RPC/],
    ['protocol: https', /HTTPS/],
    ['configmgr: 2017-09', /September 2017/],
    ['action: allow', /Lets the traffic through/],
    ['count', /How many clients/],
    ['upstream: microsoft-update', /Microsoft Update/],
    ['10.10.0.10', /addresses/],
  ] as const) {
    it(`explains ${before.trim()}`, () => assert.match(markdownAt(before), wanted));
  }

  it('links to the other documents that ask for a connection', () => {
    const text = markdownOf(`configmgr: 2403
zones: { hq: , internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { sql-server: , site-server: , sms-provider: , management-point: , service-conn‸ection-point: } }
`);
    assert.match(
      text,
      /\[Internet access requirements \(2025-12\): Service connection point to Internet\]\(<?[^)]*\/internet-endpoints#bkmk_scp>?\)/,
    );
  });

  it('names what a role needs on the internet, and says nothing of it for a role that stays inside', () => {
    const at = (role: string) =>
      markdownOf(`configmgr: 2403
zones: { hq: , internet: { internet: true } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles: { sql-server: , site-server: , ${role} }
`);
    const text = at('software-update‸-point: ');
    assert.match(text, /10 names on the internet; see `cmtopo export --format endpoints`/);
    assert.doesNotMatch(at('management‸-point: '), /ames on the internet/);
  });

  it('says which list a version of the site uses', () => {
    assert.match(markdownOf('configmgr: 19‸02\n'), /Version 1902 of current branch\. Port list 2018-09\./);
  });

  it('covers the word under the pointer', () => {
    const { analysis, position } = hierarchyAt('      management');
    const found = hover(analysis, position);
    assert.equal(found?.range && textOf(analysis, found.range), 'management-point');
  });

  it('lets no name of the file become markup', () => {
    const text = markdownOf(`zones:\n  "[x](http://evil.example) <b>*y*</b> | z‸": {}\n`);
    assert.ok(!/(?<!\\)\]\(http:\/\/evil/.test(text) && !text.includes('<b>') && text.includes('\\[x\\]'));
    assert.equal(toMarkdown([paragraph('a`b\nc')]), 'a\\`b c');
  });

  describe('with more connections than its table has rows', () => {
    const text = readFileSync('examples/hierarchy.topology.yaml', 'utf8');
    const analysis = analyse(text);
    /** How many rows come in and go out, and how many are only counted. */
    const rowsOf = (name: string, role?: string) => {
      const server = analysis.topology.servers.get(name);
      const found = role === undefined ? server : server?.roles.find((one) => one.role === role);
      assert.ok(found, `${role} on ${name}`);
      const contents = hover(analysis, analysis.tree.lines.positionAt(found.key.span.start))?.contents;
      assert.ok(contents && typeof contents === 'object' && 'value' in contents);
      const count = (pattern: RegExp) => contents.value.match(pattern)?.length ?? 0;
      const [, more = '0'] = /and (\d+) more; see/.exec(contents.value) ?? [];
      return { incoming: count(/^\| ← /gm), outgoing: count(/^\| → /gm), more: Number(more) };
    };

    it('shows as many of both directions where both have too many', () => {
      const { more, ...shown } = rowsOf('mp01');
      assert.deepEqual(shown, { incoming: 6, outgoing: 6 });
      assert.ok(more > 0);
    });

    it('gives one direction the rows that the other does not need', () => {
      const { incoming, outgoing, more } = rowsOf('cm02', 'site-server');
      assert.ok(incoming > 0 && incoming < 6, `${incoming}`);
      assert.equal(incoming + outgoing, 12);
      assert.ok(more > 0);
    });
  });

  it('gives plain text to an editor that shows no Markdown', () => {
    const { analysis, position } = hierarchyAt('management-point');
    const contents = hover(analysis, position, false)?.contents;
    assert.ok(
      contents && typeof contents === 'object' && 'kind' in contents && contents.kind === 'plaintext',
    );
    assert.ok(!contents.value.includes('**') && !contents.value.includes('|'));
  });

  it('has its table, one link and the rest folded where there is little room', () => {
    const rich = {
      connections: (machine: string) => `command:show?${machine}`,
      endpoints: 'command:export',
      page: (page: string | undefined) => page && `command:page?${page}`,
    };
    const shown = (before: string) => {
      const { analysis, position } = hierarchyAt(before);
      const contents = hover(analysis, position, true, (code) => `file:///${code}.md`, rich)?.contents;
      assert.ok(contents && typeof contents === 'object' && 'value' in contents, before);
      return contents.value;
    };
    for (const before of [
      'management-point',
      '\n  cm01',
      '\n  desktops',
      '          CM',
      'software-update',
    ]) {
      const [open = '', ...folded] = shown(before).split('<details>');
      assert.equal(folded.length, 1, before);
      // A line has 23 pixels, a paragraph 27.
      const rows = open.split('\n').filter((line) => line.startsWith('| '));
      assert.ok(rows.length >= 2 && rows.length <= 6, `${rows.length} rows at ${before}`);
      assert.equal(open.match(/\]\(/g)?.length, 1, open);
      assert.match(open, /\]\(command:show\?/);
      assert.ok(open.indexOf('| ') < open.indexOf(']('), 'the table comes first');
      assert.doesNotMatch(open, /Note \d|Erratum|cmtopo flows|https:/);
      for (const row of rows) for (const cell of row.split(' | ')) assert.ok(cell.length < 80, cell);
      assert.equal(folded[0]?.match(/<\/details>/g)?.length, 1);
    }
    assert.match(shown('software-update'), /\[\d+ names on the internet\]\(command:export\)/);
    assert.match(shown('management-point'), /<details>.*Note 2/s);
  });

  describe('where an installation uses the port of a service too', () => {
    const text = (installation: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.1.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01:
    site: PS1
    zone: hq
    roles:
      site-server:
      sms-provider:
      sql-server:
      management${CURSOR}-point: { protocol: https }
clients:
  desks: { site: PS1, zone: hq, installation: [manual] }
  kiosks: { site: PS1, zone: hq, installation: [${installation}] }
`;
    const rows = (shown: string) => shown.split('\n').filter((line) => /^\| ← .*TCP 443/.test(line));

    it('has one row, with what it is for', () => {
      const shown = rows(markdownOf(text('manual')));
      assert.equal(shown.length, 1, shown.join('\n'));
      assert.match(
        shown[0] ?? '',
        /desks \(clients\), kiosks \(clients\).*\| HTTPS \(also installation\) \|/,
      );
    });

    it('says so of a port of the catalog once', () => {
      const shown = markdownOf('configmgr: 2025-12\nsites: { PS1: { clientPorts: { https: [443‸] } } }\n');
      const [, catalog = ''] = /In the port catalog \(2025-12\): (.*)/.exec(shown) ?? [];
      assert.match(catalog, /HTTPS \(\d+ connections\)/);
      assert.doesNotMatch(catalog, /Secure Hypertext/);
    });
  });

  it('names whole machines and services in a narrow table', () => {
    const analysis = analyse(readFileSync('examples/hierarchy.topology.yaml', 'utf8'));
    const rich = { connections: () => 'command:show', endpoints: 'command:export', page: () => undefined };
    for (const server of analysis.topology.servers.values())
      for (const { key } of [server, ...server.roles]) {
        const position = analysis.tree.lines.positionAt(key.span.start);
        const contents = hover(analysis, position, true, undefined, rich)?.contents;
        assert.ok(contents && typeof contents === 'object' && 'value' in contents);
        const rows = contents.value.split('\n').filter((line) => /^\| [←→]/.test(line));
        assert.ok(rows.length > 0 && rows.every((row) => !row.includes('…')), rows.join('\n'));
      }
  });

  it('has room between the columns of every table where they are drawn side by side', () => {
    const rich = { connections: () => 'command:show', endpoints: 'command:export', page: () => undefined };
    for (const before of ['\n  hq', '          CM', 'tcp: [80']) {
      const { analysis, position } = hierarchyAt(before);
      const contents = hover(analysis, position, true, undefined, rich)?.contents;
      assert.ok(contents && typeof contents === 'object' && 'value' in contents, before);
      const rows = contents.value.split('\n').filter((line) => /^\| (?!:?-)/.test(line));
      assert.ok(rows.length > 1, contents.value);
      for (const row of rows)
        for (const cell of row.slice(2, -2).split(' | ').slice(0, -1))
          assert.match(cell, /^$|^ *[←→↔]?$|&nbsp;&nbsp;$/, row);
    }
  });

  it('calls a range a range', () => {
    assert.match(
      markdownOf('defaults:\n  rpcDynamicPorts: 49152‸-65535\n'),
      /\*\*Port range 49152-65535\*\*/,
    );
    assert.match(markdownAt('49152-65535], udp'.slice(0, 5)), /range 49152-65535/);
    assert.match(markdownAt('tcp: [80'), /\*\*TCP 80\*\*/);
  });

  it('says why a finding is one, with its source, its page and what the documents disagree about', () => {
    const { analysis, position } = fixture(HIERARCHY.replace('httpsPort: 8531', 'httpsPort: 8532‸'));
    const contents = hover(analysis, position, true, (code) => `file:///docs/rules/${code}.md`)?.contents;
    assert.ok(contents && typeof contents === 'object' && 'value' in contents);
    const [why = '', thing = ''] = contents.value.split('\n\n---\n\n');
    assert.match(why, /^\*\*wsus\\?-port\\?-pair\*\*: WSUS is configured with one port/);
    assert.match(why, /\*\*The documents disagree\*\*: .*exactly one higher.*Followed/s);
    assert.match(why, /\]\(https:\/\/learn\.microsoft\.com\S*#notes\)/);
    assert.match(why, /\]\(file:\/\/\/docs\/rules\/wsus-port-pair\.md\)/);
    assert.match(thing, /TCP 8532|httpsPort/, 'the hover of the port itself follows');
  });

  it('links a rule of the format to its section, and says why where nothing else can be said', () => {
    const { analysis, position } = fixture('configmgr: 2017-09\nservrs‸: {}\n');
    const found = hover(analysis, position, true, (code) => `file:///docs/rules/${code}.md`);
    assert.ok(found && typeof found.contents === 'object' && 'value' in found.contents);
    assert.match(found.contents.value, /\(file:\/\/\/docs\/topology-format\.md#top-level\)/);
    assert.equal(found.range && textOf(analysis, found.range), 'servrs');
  });

  it('explains a rule in a comment that silences it', () => {
    assert.match(markdownOf('# cmtopo-disable-next-line wsus-port-pair‸\nzones:\n'), /wsus/i);
  });

  it('explains the values of the format that no key of its own has', () => {
    assert.match(markdownOf('clients:\n  a:\n    features: [remote-con‸trol]\n'), /Remote control/);
    assert.match(markdownOf('clients:\n  a:\n    windowsFirewall: { inbound: [tcp/27‸01] }\n'), /TCP 2701/);
  });

  it('answers at every place of a whole file without a fault', function () {
    this.timeout(60_000);
    for (let offset = 0; offset < HIERARCHY.length; offset += 3) {
      const { analysis, position } = fixture(HIERARCHY.slice(0, offset) + CURSOR + HIERARCHY.slice(offset));
      hover(analysis, position);
    }
  });
});
