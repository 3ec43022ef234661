// Small files, each of which went wrong once: what comes out now. An input is beside this file under the name of its
// test.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Analysis, analyse } from '../../server/src/analysis.ts';
import { applyEdits } from '../../server/src/edits/text-edit.ts';
import { codeActions } from '../../server/src/features/code-actions.ts';
import { fixAll } from '../../server/src/fix-all.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import { cmtopo } from '../cli/cli.ts';
import { flowLine } from '../support/flows.ts';

const FOLDER = join(process.cwd(), 'test', 'cases');
const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');

/** `error 8 wsus-port-pair`; lines count from 1. */
const shown = (analysis: Analysis, findings: readonly Finding[] = analysis.findings()) =>
  findings.map(
    ({ severity, span, code }) =>
      `${severity} ${analysis.tree.lines.positionAt(span.start).line + 1} ${code}`,
  );

/** What a case gives: every finding, and what else must hold of it. */
interface Case {
  readonly name: string;
  readonly says: string;
  readonly findings: readonly string[];
  readonly holds?: (analysis: Analysis, text: string) => void;
}

const lines = (analysis: Analysis, keep: (line: string) => boolean) =>
  analysis.flows().map(flowLine).filter(keep);
const messageOf = (analysis: Analysis, code: string) =>
  analysis.findings().find((finding) => finding.code === code)?.message ?? assert.fail(`no ${code}`);
const fixesOf = (analysis: Analysis, code: string) =>
  analysis
    .findings()
    .filter((finding) => finding.code === code)
    .flatMap(({ fixes }) => fixes ?? []);
const noneMatches = (all: readonly string[], pattern: RegExp) =>
  assert.deepEqual(
    all.filter((one) => pattern.test(one)),
    [],
  );

const CASES: readonly Case[] = [
  {
    name: 'aglistener',
    says: 'the listener of an availability group is asked at its port',
    findings: [],
    holds: (analysis) =>
      assert.deepEqual(
        lines(analysis, (line) => line.includes('> aglsn')),
        ['cm1 > aglsn tcp 1500', 'cm1 > aglsn tcp 1500'],
      ),
  },
  {
    name: 'bg',
    says: 'clients of a branch use the distribution point of their zone and no other',
    findings: [],
    holds: (analysis) =>
      noneMatches(
        lines(analysis, () => true),
        /^pcs1 > dp2|^pcs2 > dp1/,
      ),
  },
  {
    name: 'ibcm',
    says: 'clients on the internet use nothing that is not there for them, and a rule that lets them in is an exposure',
    findings: ['information 7 firewall-blocked-optional', 'error 18 firewall-internet-exposure'],
    holds: (analysis, text) => {
      noneMatches(
        lines(analysis, () => true),
        /^laptops >/,
      );
      // Not the site server first.
      const [fix] = fixesOf(analysis, 'firewall-internet-exposure');
      assert.match(fix?.title ?? '', /management point on ib1/);
      const served = analyse(applyEdits(text, fix?.edits ?? []));
      noneMatches(shown(served), /internet|firewall-blocked$/);
      // Without that rule it is said of the clients, with the same way out.
      const closed = analyse(text.replace(/\n.*from: laptops.*/, ''));
      assert.deepEqual(fixesOf(closed, 'internet-clients-unserved')[0]?.title, fix?.title);
    },
  },
  {
    name: 'cmg',
    says: 'clients on the internet use the gateway alone where no site system is there for them',
    findings: ['warning 7 site-limits', 'warning 9 gateway-roles', 'warning 18 firewall-broad-rule'],
    holds: (analysis) => {
      const own = lines(analysis, (line) => /^(?:laptops|roaming) >/.test(line));
      assert.equal(own.length, 4);
      for (const line of own) assert.match(line, / > azure tcp 443$/);
      // Only the machine that carries the traffic of the gateway is asked by its ports.
      assert.ok(lines(analysis, (line) => line === 'cp1 > azure tcp 10124-10125').length === 1);
    },
  },
  {
    name: 'deadlock',
    says: 'neither multicast, PXE nor state migration is opened to the internet, and no two rules contradict each other',
    findings: ['error 14 firewall-internet-exposure'],
    holds: (analysis, text) => {
      noneMatches(
        lines(analysis, () => true),
        /^laptops >/,
      );
      const [fix] = fixesOf(analysis, 'firewall-internet-exposure');
      const served = analyse(applyEdits(text, fix?.edits ?? assert.fail('no fix')));
      assert.deepEqual(
        [...new Set(lines(served, (line) => line.startsWith('laptops >')))],
        ['laptops > cm1 tcp 443', 'laptops > cm1 tcp 10123'],
      );
    },
  },
  {
    name: 'internet-only',
    says: 'internet clients bring no rule for an intranet role',
    findings: [
      'error 11 firewall-blocked',
      'error 11 firewall-blocked',
      'error 12 firewall-blocked',
      'error 13 firewall-blocked',
      'error 15 internet-clients-unserved',
    ],
    holds: (analysis) => {
      noneMatches(
        lines(analysis, () => true),
        /^laptops >/,
      );
      for (const { edits } of fixesOf(analysis, 'firewall-blocked'))
        for (const { newText } of edits) assert.doesNotMatch(newText, /from: (?:laptops|internet|any)/);
    },
  },
  {
    name: 'sup443',
    says: 'TCP 443 of a software update point and of the service connection point is needed',
    findings: [],
  },
  {
    name: 'twosup',
    says: 'the second software update point of a site goes to the first, not to the internet',
    findings: [],
    holds: (analysis) =>
      assert.deepEqual(
        lines(analysis, (line) => /^sup2 > (?:sup1|internet)/.test(line)),
        ['sup2 > sup1 tcp 8530'],
      ),
  },
  {
    name: 'secmp',
    says: 'clients that no boundary group names may use the secondary site, and are told to get one',
    findings: ['information 11 client-boundary-group', 'warning 16 firewall-broad-rule'],
    holds: (analysis, text) => {
      // Assigned by the secondary site, they use its roles, and register with the primary's management point.
      const near = analyse(text.replace('branch: { site: PS1', 'branch: { site: S01'));
      const used = lines(near, (line) => line.startsWith('branch >'));
      for (const line of [
        'branch > sec1 tcp 443',
        'branch > sec1 tcp 10123',
        'branch > sec1 tcp 8531',
        'branch > cm1 tcp 443',
      ])
        assert.ok(used.includes(line), line);
      noneMatches(shown(near), /boundary-group/);
      // With the site system that a firewall lets them reach.
      const [create] = fixesOf(analysis, 'client-boundary-group');
      assert.match(create?.title ?? '', /^Create boundary group br-pc with sec1$/);
      noneMatches(shown(analyse(applyEdits(text, create?.edits ?? []))), /boundary-group|blocked|unused/);
    },
  },
  {
    name: 'ha',
    says: 'active and passive site server talk both ways, and a second passive one is an error',
    findings: ['error 7 site-server-passive', 'error 8 site-server-passive'],
    holds: (analysis) => {
      for (const line of ['cm1 > cm2 tcp 445', 'cm2 > cm1 tcp 445', 'cm1 > cm2 tcp 135', 'cm2 > cm1 tcp 135'])
        assert.ok(lines(analysis, (one) => one === line).length > 0, line);
    },
  },
  {
    name: 'susdb',
    says: 'an instance for WSUS is no conflict of Service Broker ports, and a flow where it is named',
    findings: [],
    holds: (analysis, text) => {
      noneMatches(
        lines(analysis, () => true),
        /sup1 > sql1/,
      );
      const named = analyse(
        text.replace(
          'software-update-point: }',
          'software-update-point: { database: { server: sql1, instance: SUSDB } } }',
        ),
      );
      assert.ok(lines(named, (line) => line === 'sup1 > sql1 tcp 1444').length > 0);
    },
  },
  {
    name: 'pxe4',
    says: 'UDP 547 is not asked of IPv4 sites with Windows Deployment Services',
    findings: ['warning 13 firewall-broad-rule', 'warning 13 tftp-reply-ports'],
    holds: (analysis) =>
      noneMatches(
        lines(analysis, () => true),
        / 547/,
      ),
  },
  {
    name: 'fs',
    says: 'one file server is the content library of two sites once both name it',
    findings: ['error 8 site-server-passive', 'error 10 site-server-passive'],
    holds: (_, text) => {
      const named = ['CAS', 'PS1'].reduce((current, site) => {
        const at = new RegExp(`(  ${site}: \\{ type: )`);
        return current.replace(at, `  ${site}: { contentLibrary: fs1, type: `);
      }, text);
      const analysis = analyse(named);
      assert.deepEqual(shown(analysis), []);
      for (const server of ['cas1', 'cas2', 'cm1', 'cm2'])
        assert.ok(lines(analysis, (line) => line === `${server} > fs1 tcp 445`).length > 0, server);
    },
  },
  {
    name: 'multi',
    says: 'a role asks the domain controllers of its forest, in whatever zone they are',
    findings: [],
    holds: (analysis) => {
      const asked = lines(analysis, (line) => / > dc-/.test(line)).map((line) =>
        line.split(' ').slice(0, 3).join(' '),
      );
      assert.deepEqual([...new Set(asked)], ['cm1 > dc-corp', 'mp-dmz > dc-corp', 'mp-lab > dc-lab']);
    },
  },
  {
    name: 'other-forest',
    says: 'a management point of another forest asks the domain controller of its own',
    findings: ['warning 30 site-server-initiates'],
    holds: (analysis) =>
      noneMatches(
        lines(analysis, () => true),
        /^cm01 > dc02/,
      ),
  },
  {
    name: 'rpcclient',
    says: 'the RPC range of servers is none of clients',
    findings: ['error 9 rpc-range-unset'],
    holds: (analysis) =>
      noneMatches(
        lines(analysis, (line) => line.startsWith('cm1 > pcs')),
        /50000-50255/,
      ),
  },
  {
    name: 'ndes',
    says: 'a server without a site that may be without one is no error',
    findings: [],
    holds: (analysis) =>
      assert.deepEqual(
        lines(analysis, (line) => line.startsWith('ndes')),
        ['ndes > cm1 tcp 443'],
      ),
  },
  {
    name: 'edge3',
    says: 'an edge between three zones says that it joins them all, until between is written',
    findings: ['error 8 firewall-blocked'],
    holds: (analysis, text) => {
      assert.match(messageOf(analysis, 'firewall-blocked'), /edge connects eu, us and internet; use between/);
      const between = text.replace('zones: [eu, us, internet]', 'between: [[eu, internet], [us, internet]]');
      assert.deepEqual(shown(analyse(between)), []);
    },
  },
  {
    name: 'ehttp',
    says: 'a management point with enhanced HTTP can be written',
    findings: ['warning 7 gateway-roles'],
    holds: (analysis, text) => {
      const [fix] = fixesOf(analysis, 'gateway-roles');
      const taken = applyEdits(text.replace('protocol: http', 'protocol: enhanced-http'), []);
      const with443 = analyse(
        taken.replace('enhanced-http }', 'enhanced-http, cloudManagementGateway: true }'),
      );
      assert.ok(fix);
      assert.deepEqual(shown(with443), []);
      assert.deepEqual(
        lines(with443, (line) => line.startsWith('cp1 > mp1')),
        ['cp1 > mp1 tcp 80', 'cp1 > mp1 tcp 443'],
      );
    },
  },
  {
    name: 'hostfw',
    says: 'a firewall on a server is written with hosts, and decides within a zone',
    findings: ['error 10 invalid-value'],
    holds: (_, text) => {
      const own = analyse(text.replace('zones: [srv]', 'hosts: [sql1]'));
      assert.match(messageOf(own, 'firewall-blocked'), /cannot reach sql-server on sql1.*TCP 1433/);
    },
  },
  {
    name: 'delta-8005',
    says: 'TCP 8005 makes no flow',
    findings: [],
    holds: (analysis) =>
      noneMatches(
        lines(analysis, () => true),
        /8005/,
      ),
  },
  {
    name: 'pxe-answers',
    says: 'a rule that lets the answers of a TFTP server through is not too broad',
    findings: ['warning 41 firewall-broad-rule', 'warning 42 firewall-broad-rule'],
    holds: (analysis, text) => {
      // The second is about UDP 547 alone.
      assert.match(analysis.findings()[1]?.message ?? '', /in use \(UDP 67-69, 4011, 49152-65535\)/);
      assert.deepEqual(shown(analyse(text.replace(' 8005,', '').replace(' 547,', ''))), []);
    },
  },
  {
    name: 'wsus-swapped',
    says: 'ports that stand the wrong way round are swapped, and nothing is done by itself',
    findings: ['hint 8 unused-definition', 'error 33 wsus-port-pair'],
    holds: (analysis, text) => {
      const fixes = fixesOf(analysis, 'wsus-port-pair');
      assert.match(fixes[0]?.title ?? '', /Swap the two: httpPort 8530, httpsPort 8531/);
      assert.ok(fixes.every(({ safe }) => !safe));
      assert.deepEqual(shown(analyse(applyEdits(text, fixes[0]?.edits ?? []))), ['hint 8 unused-definition']);
    },
  },
  {
    name: 'x-defaults',
    says: 'the home of an anchor stays',
    findings: ['error 11 rpc-range-unset'],
    holds: (_, text) => assert.equal(fixAll(text), text),
  },
  {
    name: 'one-port-twice',
    says: 'two services on one port are a finding, once for each port',
    findings: ['error 3 listener-conflict', 'error 3 listener-conflict', 'error 8 listener-conflict'],
  },
  {
    name: 'wrong-role-named',
    says: 'a port is named under its own role',
    findings: ['information 6 firewall-blocked-optional'],
    holds: (analysis) =>
      assert.match(
        messageOf(analysis, 'firewall-blocked-optional'),
        /cannot reach management-point on cm01: TCP 10123 /,
      ),
  },
  {
    name: 'one-address-for-all-firewalls',
    says: 'no connection passes where each firewall lets another address through',
    findings: [
      'error 9 firewall-blocked',
      'warning 9 firewall-blocked-installation',
      'warning 12 firewall-broad-rule',
      'warning 13 firewall-broad-rule',
    ],
    holds: (_, text) => {
      const same = analyse(text.replace('to: 10.3.0.2', 'to: 10.3.0.1'));
      noneMatches(shown(same), /blocked/);
    },
  },
  {
    name: 'site-code',
    says: 'a code of four characters is reported where it is defined, and offered nowhere',
    findings: ['error 5 site-code'],
    holds: (analysis) => {
      for (const { title, edits } of analysis.findings().flatMap(({ fixes }) => fixes ?? [])) {
        assert.doesNotMatch(title, /S001/);
        for (const { newText } of edits) assert.doesNotMatch(newText, /S001/);
      }
    },
  },
  {
    name: 'n50-deny',
    says: 'fifty servers behind a closed firewall are a dozen findings',
    findings: [
      'error 13 firewall-blocked',
      'error 13 firewall-blocked',
      'error 13 firewall-blocked',
      'error 14 firewall-blocked',
      'error 15 firewall-blocked',
      'information 15 firewall-blocked-windows',
      'information 27 firewall-blocked-optional',
      'information 27 firewall-blocked-optional',
      'error 34 firewall-blocked',
      'warning 73 firewall-broad-rule',
    ],
  },
  {
    name: 'hidden',
    says: 'characters that nobody sees are shown wherever a name is',
    findings: ['error 4 invalid-name', 'error 5 rpc-range-unset'],
    holds: () => {
      for (const args of [
        ['check'],
        ['check', '--format', 'json'],
        ['flows'],
        ['flows', '--format', 'csv'],
        ['diagram'],
        ['report'],
        ['export', '--format', 'csv'],
      ]) {
        const { out, err } = cmtopo([...args, join('test', 'cases', 'hidden.topology.yaml')]);
        assert.doesNotMatch(out + err, /\u200e/, args.join(' '));
      }
    },
  },
  {
    name: 'emoji',
    says: 'the caret stands below the word, behind characters that are two columns wide',
    findings: ['error 3 invalid-value'],
    holds: () => {
      const { out } = cmtopo(['check', join('test', 'cases', 'emoji.topology.yaml')]);
      const [source = '', caret = ''] = out
        .split('\n')
        .filter((line) => /\|/.test(line) && /✅|\^/.test(line));
      const columns = [...source.slice(0, source.indexOf('nope'))].reduce(
        (sum, one) => sum + (one === '✅' ? 2 : 1),
        0,
      );
      assert.equal(caret.indexOf('^'), columns, out);
    },
  },
];

describe('a small file that went wrong once', function () {
  this.timeout('60s');

  for (const { name, says, findings, holds } of CASES)
    it(`${name}: ${says}`, () => {
      const text = read(`${name}.topology.yaml`);
      const analysis = analyse(text);
      assert.deepEqual(shown(analysis), findings);
      holds?.(analysis, text);
    });

  it('broken-67-findings: code actions for the whole of a broken file come as fast as for a sound one', () => {
    const text = read('broken-67-findings.topology.yaml');
    const analysis = analyse(text);
    assert.equal(analysis.findings().length, 68);
    const range = { start: { line: 0, character: 0 }, end: analysis.tree.lines.positionAt(text.length) };
    const timed = (work: () => unknown): number => {
      const begun = process.cpuUsage();
      work();
      const { user, system } = process.cpuUsage(begun);
      return user + system;
    };
    const ask = () =>
      codeActions(analysis, range, {
        uri: 'file:///a.topology.yaml',
        version: 1,
        only: undefined,
        automatic: false,
        diagnostics: [],
        settings: { rules: {} },
        documentChanges: true,
        snippets: false,
        createFiles: false,
        settingsFile: undefined,
      });
    assert.ok(ask().length > 20);
    const one = Math.max(...[1, 2, 3].map(() => timed(() => analyse(text).findings())));
    // A trial of the comment beside each broken place took twenty times as much.
    assert.ok(timed(ask) < 2 * one);
  });

  const imported = (file: string, ...more: readonly string[]) => {
    const { out, status, err } = cmtopo(['import', join('test', 'cases', file), ...more]);
    assert.equal(status, 0, err);
    return out;
  };
  const rulesIn = (text: string) => text.match(/^ *- \{ action: .*$/gm)?.map((line) => line.trim()) ?? [];
  const BETWEEN = ['--between', 'hq,branch', '--inside', 'hq'] as const;

  it('child: rules as resources of their own are in their group, once', () => {
    const text = imported('child.json', ...BETWEEN);
    assert.deepEqual(text.match(/^ {2}[\w-]+:$/gm), ['  hq-nsg:']);
    assert.equal(text.match(/tcp: 1433/g)?.length, 1);
    assert.match(text, /action: deny, from: any, to: hq, tcp: 3389, name: "DenyRDP"/);
  });

  it('portal: a rule that a group and a resource of its own tell is there once', () => {
    const text = imported('portal.json', ...BETWEEN, '--map', 'Internet=branch');
    assert.deepEqual(text.match(/^ {2}[\w-]+:$/gm), ['  hq-nsg:']);
    assert.equal(text.match(/name: "AllowSQL"/g)?.length, 1);
  });

  it('comment: a template with comments is read', () => {
    assert.equal(
      rulesIn(imported('comment.json', ...BETWEEN))[0],
      '- { action: allow, from: 10.0.0.0/8, to: hq, tcp: 443, name: "r1" }',
    );
  });

  it('neg: an interface that it is not stands for all other zones', () => {
    const text = imported(
      'neg.json',
      '--between',
      'hq,branch,dmz',
      '--map',
      'eth0=hq',
      '--map',
      'eth1=branch',
      '--map',
      'eth2=dmz',
    );
    assert.deepEqual(rulesIn(text), ['- { action: allow, from: hq, to: [branch, dmz] }']);
  });

  it('fw.reg: the strings in which Windows keeps its rules are read', () => {
    assert.equal(
      rulesIn(imported('fw.reg', ...BETWEEN))[0],
      '- { action: allow, from: any, to: hq, tcp: 445, name: "x" }',
    );
  });

  it('ov: a rule that overrides block rules comes before them', () => {
    assert.deepEqual(
      rulesIn(imported('ov.csv', ...BETWEEN))
        .slice(0, 2)
        .map((line) => /action: (\w+)/.exec(line)?.[1]),
      ['allow', 'deny'],
    );
  });

  it('every file here has its test', () => {
    const tested = [...CASES.map(({ name }) => `${name}.topology.yaml`), 'broken-67-findings.topology.yaml'];
    assert.deepEqual(
      readdirSync(FOLDER).filter((file) => file.endsWith('.topology.yaml')),
      tested.toSorted(),
    );
  });
});
