import assert from 'node:assert/strict';
import { HIERARCHY } from '../../../test/support/features.ts';
import { analyse } from '../analysis.ts';
import { hover } from './hover.ts';

/** The hover at the last letter of a text's first occurrence; empty where there is none. */
function hoverAt(text: string, before: string): string {
  const at = text.indexOf(before);
  assert.notEqual(at, -1, before);
  const analysis = analyse(text);
  const found = hover(analysis, analysis.tree.lines.positionAt(at + before.length - 1));
  return found && typeof found.contents === 'object' && 'value' in found.contents ? found.contents.value : '';
}

/** The hierarchy with other rules in its firewall. */
const withRules = (...rules: readonly string[]) =>
  HIERARCHY.replace(
    / {4}rules:\n[\s\S]*/,
    `    rules:\n${rules.map((rule) => `      - { ${rule} }\n`).join('')}`,
  );

const CONTENT =
  'name: Content, action: allow, from: cm01, to: dp-dmz, tcp: [445, 135, 49152-65535], udp: 135';
const CLIENTS = 'name: Clients, action: allow, from: desktops, to: dp-dmz, tcp: [80, 443, 8080]';
const STATUS = 'name: Status, action: allow, from: dp-dmz, to: cm01, tcp: 443';

const rows = (markdown: string) => markdown.split('\n').filter((line) => /^\| (?!---)/.test(line));

describe('hover of a firewall rule', () => {
  it('tells which connections go through it', () => {
    const text = withRules(CONTENT, CLIENTS, STATUS);
    for (const place of ['name: Content', 'Content, act', 'Content, action: all']) {
      const markdown = hoverAt(text, place);
      assert.match(markdown, /\*\*Rule 1 'Content'\*\* of firewall edge: allow/, place);
      assert.match(markdown, /It lets \d+ connections through\./, place);
      assert.match(markdown, /\| cm01 \| dp-dmz \| TCP 135, 445, 49152-65535 · UDP 135 \|/, place);
    }
  });

  it('keeps what the key and its value mean', () => {
    assert.match(hoverAt(withRules(CONTENT), 'action: all'), /Lets the traffic through/);
    assert.match(hoverAt(withRules(CONTENT), 'Content, act'), /`allow` or `deny`/);
  });

  it('tells what it opens beyond need', () => {
    const wide = CLIENTS.replace('[80, 443, 8080]', '[70-80, 443, 8080, 9000], icmp: true');
    assert.match(
      hoverAt(withRules(CONTENT, wide, STATUS), 'name: Cl'),
      /\*\*Beyond need\*\*: TCP 70-79, 9000 · ICMP echo/,
    );
    assert.doesNotMatch(hoverAt(withRules(CONTENT, CLIENTS, STATUS), 'name: Cl'), /Beyond need/);
  });

  it('calls nothing beyond need while a port is not known', () => {
    const wide = CLIENTS.replace('8080', '8080, 9000');
    const text = withRules(CONTENT, wide, STATUS).replace('  rpcDynamicPorts: 49152-65535\n', '');
    assert.match(hoverAt(text, 'name: Cl'), /It lets \d+ connections through/);
    assert.doesNotMatch(hoverAt(text, 'name: Cl'), /Beyond need/);
  });

  it('counts the answers of a TFTP server as need', () => {
    const rule =
      'name: Boot, action: allow, from: desktops, to: dp-dmz, tcp: [80, 443, 8080], udp: [67-69, 4011, 49152-65535]';
    const text = withRules(CONTENT, rule, STATUS).replace(
      '      distribution-point:\n',
      '      distribution-point: { pxe: true }\n',
    );
    const markdown = hoverAt(text, 'name: Bo');
    assert.match(markdown, /UDP .*69/);
    assert.doesNotMatch(markdown, /Beyond need.*49152/);
  });

  it('tells what a deny rule stops', () => {
    const deny = 'name: No SMB, action: deny, from: any, to: dmz, tcp: 445';
    const markdown = hoverAt(withRules(deny, CONTENT, CLIENTS, STATUS), 'name: No S');
    assert.match(markdown, /of firewall edge: deny/);
    assert.match(markdown, /It blocks .*needed/);
    assert.match(markdown, /\| cm01 \| dp-dmz \| TCP 445 \|/);
    const idle = 'name: No FTP, action: deny, from: any, to: dmz, tcp: 21';
    assert.match(
      hoverAt(withRules(idle, CONTENT, CLIENTS, STATUS), 'name: No F'),
      /It blocks no connection of this file/,
    );
  });

  it('says that a rule never decides, and because of which', () => {
    const text = withRules(
      CONTENT,
      CLIENTS,
      STATUS,
      'name: Again, action: allow, from: cm01, to: dp-dmz, tcp: 445',
    );
    assert.match(hoverAt(text, 'name: Aga'), /It has no effect: rule 1 'Content' above/);
  });

  it('says that nothing goes through a rule', () => {
    const text = withRules(
      CONTENT,
      CLIENTS,
      STATUS,
      'name: Idle, action: allow, from: dp-dmz, to: sql01, tcp: 1444',
    );
    assert.match(hoverAt(text, 'name: Idl'), /No connection of this file goes through it/);
  });

  it('says nothing of a firewall with a mistake in it', () => {
    const text = withRules(CONTENT, CLIENTS.replace('desktops', 'laptops'), STATUS);
    assert.match(hoverAt(text, 'name: Conte'), /has a mistake, so the effect of the firewall is not known/);
    assert.doesNotMatch(hoverAt(text, 'from: cm0'), /connections through/);
  });

  it('stays short where hundreds of machines use it', () => {
    const more = Array.from(
      { length: 40 },
      (_, index) => `  pc${index}: { site: PS1, zone: hq, count: 1 }\n`,
    ).join('');
    const text = withRules(CONTENT, CLIENTS.replace('from: desktops', 'from: hq'), STATUS).replace(
      'clients:\n',
      `clients:\n${more}`,
    );
    const markdown = hoverAt(text, 'name: Cl');
    assert.equal(rows(markdown).length, 11);
    assert.match(markdown, /and 31 more/);
  });
});

describe('hover of what a rule names', () => {
  const text = withRules(CONTENT, CLIENTS, STATUS);

  it('tells what the machine is, and its connections through this rule alone', () => {
    const markdown = hoverAt(text, 'from: cm01');
    assert.match(markdown, /\*\*cm01\*\*: server/);
    assert.match(markdown, /As source of rule 1 'Content' of firewall edge\. It lets/);
    assert.match(markdown, /\| cm01 \| dp-dmz \|/);
    assert.doesNotMatch(markdown, /sql01/);
    assert.match(hoverAt(text, 'to: dp-dmz'), /As destination of rule 1/);
  });

  it('tells which machines a network stands for', () => {
    const network = withRules(CONTENT.replace('from: cm01', 'from: 10.10.0.0/24'), CLIENTS, STATUS);
    const markdown = hoverAt(network, 'from: 10.10.0.0/24');
    assert.match(markdown, /\*\*10\\?\.10\.0\.0\/24\*\*: cm01, desktops/);
    assert.match(markdown, /\| cm01 \| dp-dmz \|/);
    const nobody = withRules(CONTENT.replace('from: cm01', 'from: [cm01, 10.99.0.0/24]'), CLIENTS, STATUS);
    assert.match(hoverAt(nobody, '10.99.0.0/24'), /no machine of this file[\s\S]*no connection of this file/);
  });

  it('tells what any stands for, and what goes by it', () => {
    const any = hoverAt(withRules(CONTENT.replace('from: cm01', 'from: any'), CLIENTS, STATUS), 'from: any');
    assert.match(any, /Every machine/);
    assert.match(any, /As source of rule 1/);
  });

  it('tells for a port which connections use it through this rule', () => {
    assert.match(hoverAt(text, 'dp-dmz, tcp: [445'), /\| cm01 \| dp-dmz \| TCP 445 \|/);
    assert.doesNotMatch(hoverAt(text, 'dp-dmz, tcp: [445'), /sql01/);
    const spare = withRules(CONTENT.replace('[445', '[1444, 445'), CLIENTS, STATUS);
    assert.match(hoverAt(spare, 'tcp: [1444'), /No connection of this file uses it through this rule/);
  });
});

describe('hover of a zone', () => {
  const text = withRules(CONTENT, CLIENTS.replace('443, ', ''), STATUS);

  it('tells which firewalls lie towards which zones, and what they do', () => {
    const markdown = hoverAt(text, '\n  hq');
    assert.match(markdown, /\| → \| dmz \| edge \| \d+ allowed, 1 blocked by edge \(no rule\) \|/);
    assert.match(markdown, /\| ← \| dmz \| edge \| \d+ allowed \|/);
  });

  it('tells it for one machine at its zone', () => {
    const markdown = hoverAt(text, '    zone: hq');
    assert.match(markdown, /Connections of cm01/);
    assert.doesNotMatch(markdown, /blocked/);
    assert.match(
      hoverAt(text.replace('zone: hq\n    count', 'zone: "hq"\n    count'), 'zone: "hq'),
      /1 blocked by edge/,
    );
  });

  it('shows a zone behind a firewall that nobody talks to', () => {
    const more = text
      .replace('  dmz: {', '  lab: {}\n  dmz: {')
      .replace('zones: [hq, dmz]', 'zones: [hq, dmz, lab]');
    assert.match(hoverAt(more, '\n  hq'), /\| ↔ \| lab \| edge \| no connections \|/);
  });

  it('is silent about firewalls where there are none', () => {
    const none = text.replace(/firewalls:\n[\s\S]*/, '');
    for (const place of ['\n  hq', 'zone: hq', '\n  cm01', '      management-point', '\n  desktops'])
      assert.doesNotMatch(hoverAt(none, place), /allowed|blocked|Blocked by|→ \| dmz/, place);
  });
});

describe('hover of a machine or role', () => {
  it('marks what is blocked, with the rule, before everything else', () => {
    const deny = 'name: No web, action: deny, from: any, to: dmz, tcp: 443';
    const text = withRules(deny, CONTENT, CLIENTS, STATUS);
    for (const place of ['\n  desktops', '      distribution-point', '\n  dp-dmz']) {
      const markdown = hoverAt(text, place);
      const table = rows(markdown).filter((row) => /^\| [←→]/.test(row));
      const direction = place === '\n  desktops' ? '→' : '←';
      const first = table.find((row) => row.includes(direction));
      assert.match(first ?? '', /TCP 443 .*\| edge \(rule 1 'No web'\) \|$/, place);
      assert.match(markdown, /Blocked by/, place);
      const [above = ''] = markdown.split(/\| [←→] \|/);
      assert.match(above, /\*\*\d+ of \d+ connections are blocked by edge/, place);
    }
  });

  it('has no column for what is blocked where nothing is', () => {
    assert.doesNotMatch(hoverAt(withRules(CONTENT, CLIENTS, STATUS), '\n  desktops'), /Blocked by/);
  });
});

describe('hover of choices, and of a client group in several zones', () => {
  /** Two management points; the clients reach one of them from the branch and none from the laboratory. */
  const text = (rules: string, zone = '[branch, lab]') => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.10.0.0/16] }, branch: { networks: [10.20.0.0/16] }, lab: { networks: [10.30.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.10.0.1], roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.10.0.2], roles: { management-point: { protocol: https } } }
  mp02: { site: PS1, zone: hq, addresses: [10.10.0.3], roles: { management-point: { protocol: https } } }
clients:
  pcs: { site: PS1, zone: ${zone} }
firewalls:
  line: { zones: [hq, branch, lab], rules: [${rules}] }
`;
  const BRANCH = '{ action: allow, from: branch, to: mp01, tcp: 443 }';

  it('says that one of several is enough, and what is optional', () => {
    const markdown = hoverAt(text(BRANCH, 'branch'), '\n  pcs');
    assert.match(markdown, /mp02 \(management-point\) \| TCP 443 \| HTTPS \| one of 2 is enough \| line/);
    assert.match(markdown, /TCP 10123 \|[^|]*\| optional \| line/);
    assert.match(markdown, /3 of 4 connections are blocked by line \(no rule\)\. None of them is needed/);
    assert.match(hoverAt(text('', 'branch'), '\n  pcs'), /\*\*4 of 4 [^*]*\*\* 2 of these are needed\./);
  });

  it('shows the group in each of its zones, with what happens there', () => {
    const markdown = (zone: string) => hoverAt(text(BRANCH), `\n  pcs: { site: PS1, zone: ${zone}`);
    assert.match(
      markdown('[branch'),
      /\| → \| hq \| line \| 1 allowed, 3 blocked by line \(no rule\), none of them needed \|/,
    );
    assert.match(
      markdown('[branch, lab'),
      /\| → \| hq \| line \| 4 blocked by line \(no rule\), 2 of them needed \|/,
    );
  });
});
