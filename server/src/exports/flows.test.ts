import assert from 'node:assert/strict';
import { flowsOf } from '../../../test/support/flows.ts';
import type { Flow } from '../flows/flow.ts';
import { displayWidth } from '../print/width.ts';
import { flowsCsv } from './flows-csv.ts';
import { flowsHtml } from './flows-html.ts';
import { flowsJson } from './flows-json.ts';
import { flowsMarkdown } from './flows-markdown.ts';
import type { FlowReport } from './flows-report.ts';
import { flowsTable } from './flows-table.ts';

const FLOWS = flowsOf(`configmgr: 2017-09
sites: { PS1: { type: primary, database: { server: sql01 }, clientPorts: { http: [80, 8080] } } }
servers:
  cm01: { site: PS1, roles: { management-point: , site-server: } }
  sql01: { roles: { sql-server: } }
clients:
  pcs: { site: PS1, installation: [client-push] }
`).filter(({ connection }) =>
  ['management-point.sql-server', 'client.management-point', 'deployment.client-push'].includes(connection),
);
const REPORT: FlowReport = { edition: '2017-09', file: 'a.topology.yaml', flows: FLOWS };

/** A report of one flow whose texts are all the given one. */
function hostile(text: string): FlowReport {
  const endpoint = { name: text, kind: 'server' as const, zone: undefined };
  const flow: Flow = {
    from: endpoint,
    to: endpoint,
    protocol: 'tcp',
    ports: ['1433'],
    service: text,
    connection: text,
    phase: 'operation',
    sources: [{ edition: '2017-09', document: 'ports', anchor: 'BKMK_PortsMP-SQL' }],
  };
  return { edition: '2017-09', file: text, flows: [flow] };
}

describe('flows as JSON', () => {
  it('have the keys of the contract and nothing else, so that scripts can rely on them', () => {
    const document = JSON.parse(flowsJson(REPORT));
    assert.deepEqual(Object.keys(document), ['version', 'edition', 'configmgr', 'file', 'flows']);
    assert.equal(document.edition, '2017-09');
    assert.equal(document.file, 'a.topology.yaml');
    assert.deepEqual(
      document.flows.find(({ to }: { to: string }) => to === 'sql01'),
      {
        from: 'cm01',
        to: 'sql01',
        protocol: 'tcp',
        ports: ['1433'],
        service: 'SQL over TCP',
        connection: 'management-point.sql-server',
        phase: 'operation',
        optional: false,
        sources: [{ edition: '2017-09', document: 'ports', anchor: 'BKMK_PortsMP-SQL' }],
      },
    );
    const echo = document.flows.find(({ protocol }: { protocol: string }) => protocol === 'icmp');
    assert.deepEqual(echo.ports, []);
  });
});

describe('flows as CSV', () => {
  it('have one line a flow, ended by CRLF, with several ports in one cell', () => {
    const lines = flowsCsv(REPORT).split('\r\n');
    assert.equal(lines.pop(), '');
    assert.equal(lines[0], 'from,to,protocol,ports,service,connection,phase,sources,optional,anyOf,zones');
    assert.equal(lines.length, FLOWS.length + 1);
    assert.ok(
      lines.includes(
        'pcs,cm01,tcp,80; 8080,Hypertext Transfer Protocol (HTTP),client.management-point,operation,2017-09 BKMK_PortsClient-MP,false,management points of pcs,',
      ),
    );
  });
});

describe('flows as a table', () => {
  it('are in columns, with a line that counts them', () => {
    const lines = flowsTable(REPORT).trimEnd().split('\n');
    const [header = ''] = lines;
    assert.match(header, /^FROM +TO +PROTO +PORTS +SERVICE +CONNECTION +PHASE +NEED$/);
    const column = header.indexOf('PORTS');
    const sql = lines.find((line) => line.includes('sql01')) ?? '';
    assert.equal(sql.slice(column, column + 4), '1433');
    assert.equal(lines.at(-1), `${FLOWS.length} flows, port catalog 2017-09`);
  });

  it('name the version of the site with its list, in every form for people', () => {
    const report = { ...REPORT, configmgr: '1710' };
    for (const text of [flowsTable(report), flowsMarkdown(report), flowsHtml(report)])
      assert.ok(text.includes(`${FLOWS.length} flows, 1710, port list 2017-09`));
  });

  it('fit into the terminal, and lose nothing where there is none', () => {
    for (const columns of [70, 80, 100, 140]) {
      for (const line of flowsTable(REPORT, columns).split('\n'))
        assert.ok(displayWidth(line) <= columns, line);
    }
    const narrow = flowsTable(REPORT, 20).split('\n');
    const at = narrow[0]?.indexOf('PROTO') ?? 0;
    for (const line of narrow.slice(1, -3)) assert.match(line.slice(at), /^(tcp|udp|icmp) /, line);
    assert.doesNotMatch(flowsTable(REPORT, 80), /CONNECTION/);
    assert.match(flowsTable(REPORT, 80), /^cm01 +sql01 +tcp +1433 +SQL over TCP +operation$/m);
    assert.ok(flowsTable(REPORT).includes('management-point.sql-server'));
    assert.ok(!flowsTable(REPORT).includes('…'));
  });

  it('stay aligned beside wide characters', () => {
    const { flows } = hostile('서버');
    const table = flowsTable({ edition: '2017-09', file: 'x', flows: [...flows, ...FLOWS] });
    const at = (part: string) => {
      const line = table.split('\n').find((each) => each.includes(part)) ?? '';
      return displayWidth(line.slice(0, line.indexOf('tcp')));
    };
    assert.equal(at('서버'), at('sql01'));
  });

  it('cannot steer the terminal', () => {
    const table = flowsTable(hostile('a\u001b[2Jb\nc\u202Ed'));
    assert.doesNotMatch(table.replaceAll('\n', ''), /[\p{Cc}\u202E]/u);
    assert.ok(table.includes('a\\u001b[2Jb\\u000ac\\u202ed'));
  });

  it('say so where there are none', () => {
    assert.equal(flowsTable({ ...REPORT, flows: [] }), '0 flows, port catalog 2017-09\n');
  });
});

describe('flows as Markdown', () => {
  it('are a table with a link to each source section', () => {
    const text = flowsMarkdown(REPORT);
    assert.ok(text.startsWith('# Flows of `a.topology.yaml`\n'));
    assert.match(
      text,
      /^\| `cm01` \| `sql01` \| tcp \| 1433 \| SQL over TCP \| operation \| +\| \[.*\]\(<https:.*BKMK_PortsMP-SQL>\) \|$/m,
    );
  });

  it('keep a name with marks of Markdown or HTML in its cell, as a code span', () => {
    const text = flowsMarkdown(hostile('a|b\n<script>*x*`[y](z)'));
    const row = text.trimEnd().split('\n').at(-1) ?? '';
    assert.equal(row.match(/(?<!\\)\|/g)?.length, 9);
    assert.match(row, /^\| `a`\\\|``b\\u000a<script>\*x\*`\[y\]\(z\)`` \| /);
  });
});

describe('flows as HTML', () => {
  it('are one page that loads nothing and runs nothing', () => {
    const page = flowsHtml(REPORT);
    assert.doesNotMatch(page, /<(script|img|link|iframe|object)|\ssrc=|@import|url\(/i);
    assert.match(page, /Content-Security-Policy" content="default-src 'none'/);
    assert.equal(page.match(/<tr>/g)?.length, FLOWS.length + 1);
    assert.ok(page.includes('<td>cm01</td><td>sql01</td><td>tcp</td><td>1433</td>'));
  });

  it('show hostile names as text', () => {
    const page = flowsHtml(hostile('"><script>alert(1)</script>&'));
    assert.doesNotMatch(page, /<script/);
    assert.ok(page.includes('&quot;&gt;&lt;script&gt;'));
  });
});

describe('flows for people and spreadsheets', () => {
  const flows = flowsOf(`configmgr: 2025-12
zones: { hq: , branch: }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sql-server: , distribution-point: { protocol: https } } }
  dp01: { site: PS1, zone: branch, roles: { distribution-point: { protocol: https } } }
clients: { pcs: { site: PS1, zone: [branch, hq] } }
boundaryGroups: { branch-1: { members: [branch], servers: [dp01] } }
`).filter(({ connection }) =>
    ['client.distribution-point', 'site-server.distribution-point'].includes(connection),
  );
  const report: FlowReport = { edition: '2025-12', file: 'a.topology.yaml', flows };

  it('tell what is needed of its own, one of a choice and optional apart', () => {
    for (const text of [flowsTable(report), flowsMarkdown(report), flowsHtml(report)]) {
      const lines = text.split(/\n|<tr>/);
      const ofBranch = lines.find((line) => /pcs.*dp01.*443/.test(line)) ?? '';
      assert.match(ofBranch, /one of distribution points of pcs/);
      assert.ok(
        lines.some((line) => /pcs.*cm01.*443.*optional/.test(line)),
        text,
      );
      const ofSite = lines.find((line) => /cm01.*dp01.*445/.test(line)) ?? '';
      assert.doesNotMatch(ofSite, /one of|optional/);
    }
  });

  it('have no column for it where everything is needed of its own', () => {
    const plain = { ...report, flows: flows.filter(({ from }) => from.name === 'cm01') };
    assert.match(flowsTable(plain), /^FROM.* PHASE\n/);
  });

  it('keep that in a terminal of 80 columns', () => {
    const lines = flowsTable(report, 80).split('\n');
    assert.match(lines[0] ?? '', / PHASE +NEED$/);
    assert.ok(lines.some((line) => /^pcs .* one of/.test(line)));
    assert.ok(lines.some((line) => /^pcs .* optional$/.test(line)));
  });

  it('give the choice and the zones their own cells in CSV', () => {
    const rows = flowsCsv(report).split('\r\n');
    assert.ok(
      rows.some((row) => /^pcs,dp01,tcp,443,.*,false,distribution points of pcs,branch$/.test(row)),
      rows.join('\n'),
    );
    assert.ok(
      rows.some((row) => /^pcs,cm01,tcp,443,.*,true,,branch$/.test(row)),
      rows.join('\n'),
    );
  });
});
