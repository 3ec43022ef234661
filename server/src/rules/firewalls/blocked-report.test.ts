// How many findings blocked traffic gives, and what they say.
import assert from 'node:assert/strict';
import { showFindings } from '../../../../test/support/rules.ts';
import { analyse } from '../../analysis.ts';
import { applyEdits } from '../../edits/text-edit.ts';
import type { Finding } from '../rule.ts';

/** So many servers in five zones, and one firewall between these that is as good as closed. */
function closed(servers: number): string {
  const lines = Array.from({ length: servers }, (_, index) => {
    const role = index % 7 === 0 ? 'management-point' : 'distribution-point';
    return `  s${index}: { site: PS1, zone: z${index % 5}, roles: { ${role}: { protocol: https } } }`;
  });
  const groups = Array.from(
    { length: servers },
    (_, index) => `  c${index}: { site: PS1, zone: z${(index * 3) % 5} }`,
  );
  return `configmgr: current-branch
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
${[0, 1, 2, 3, 4].map((zone) => `  z${zone}: { networks: [10.${zone}.0.0/16] }`).join('\n')}
sites:
  PS1: { type: primary, database: { server: sql01 } }
servers:
  cm01: { site: PS1, zone: z0, roles: { site-server: , sms-provider: } }
  sql01: { zone: z0, roles: { sql-server: } }
  dc01: { zone: z0, roles: { domain-controller: } }
${lines.join('\n')}
clients:
${groups.join('\n')}
firewalls:
  core:
    zones: [z0, z1, z2, z3, z4]
    rules:
      - { action: deny, from: any, to: any }
`;
}

const blockedIn = (text: string): readonly Finding[] =>
  analyse(text)
    .findings()
    .filter(({ code }) => code.startsWith('firewall-blocked'));

describe('findings about blocked traffic', () => {
  it('are at most a dozen for fifty servers behind a closed firewall, and not many more for three hundred', function () {
    this.timeout(60_000);
    const few = blockedIn(closed(50));
    assert.ok(few.length > 4 && few.length <= 12, showFindings(analyse(closed(50))));
    const many = blockedIn(closed(300));
    assert.ok(many.length <= 20, String(many.length));
    assert.ok(JSON.stringify(many).length < 200_000);
  });

  it('go one after the other with their fixes, each of which is one rule', () => {
    let text = closed(50);
    for (let findings = blockedIn(text); findings.length > 0; findings = blockedIn(text)) {
      const edits = findings[0]?.fixes?.[0]?.edits ?? [];
      assert.equal(
        edits.reduce((count, { newText }) => count + newText.split('- {').length - 1, 0),
        1,
      );
      text = applyEdits(text, edits);
      assert.ok(blockedIn(text).length < findings.length, text);
    }
  });

  const small = (rules: string, more = '') => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.10.0.0/16] }, shop: { networks: [10.21.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https }, software-update-point: { upstream: none } } }
clients:
  tills: { site: PS1, zone: shop }
firewalls:
  wan: { zones: [hq, shop]${more}, rules: [${rules}] }
`;

  it('say of machines that lack the same both ways that neither reaches the other', () => {
    const text = `configmgr: current-branch
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.10.0.0/16] }, shop: { networks: [10.21.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, roles: { site-server: , sms-provider: , sql-server: } }
  st01: { site: PS1, zone: shop, roles: { state-migration-point: } }
  st02: { site: PS1, zone: shop, roles: { state-migration-point: } }
firewalls:
  wan: { zones: [hq, shop], rules: [{ action: allow, from: shop, to: hq, tcp: 1433 }] }
`;
    const [finding, ...others] = blockedIn(text);
    assert.deepEqual(others, []);
    assert.match(
      finding?.message ?? '',
      /^cm01 cannot reach st01 and st02, nor the other way round: .* TCP 135, 445 and UDP 135 must get through/,
    );
    assert.equal(
      finding?.fixes?.[0]?.title,
      'Add a rule for TCP 135, 445 and UDP 135 to firewall wan, from cm01 to st01 and st02 and back',
    );
    const mended = applyEdits(text, finding?.fixes?.[0]?.edits ?? []);
    assert.deepEqual(blockedIn(mended), []);
    // One way closed, it is said of that way.
    const halfway = text.replace('tcp: 1433', 'tcp: [135, 445, 1433], udp: 135');
    assert.match(blockedIn(halfway)[0]?.message ?? '', /^site-server on cm01 cannot reach st01 and st02: /);
  });

  it('spell a service in one way, whichever document asks for it', () => {
    const spellings = new Set(
      blockedIn(closed(50)).flatMap(({ message }) => message.match(/rpc endpoint mapper/gi) ?? []),
    );
    assert.deepEqual([...spellings], ['RPC Endpoint Mapper']);
  });

  it('name each port under the role that needs it', () => {
    const [finding] = blockedIn(small('')).filter(({ code }) => code === 'firewall-blocked');
    assert.match(finding?.message ?? '', /management point TCP 443; software update point TCP 8530/);
  });

  it('are one that counts, as information, for a firewall that is only planned', () => {
    const text = small('', ', planned: true');
    const [finding, ...others] = analyse(text)
      .findings()
      .filter(({ severity }) => severity !== 'hint');
    assert.deepEqual(others, [], showFindings(analyse(text)));
    assert.equal(finding?.severity, 'information');
    assert.match(finding.message, /^The planned firewall wan still lacks 1 rule /);
    assert.equal(showFindings(analyse(applyEdits(text, finding.fixes?.[0]?.edits ?? []))), '');
  });

  it('say which zones a firewall joins where another line joins two of them', () => {
    const text = small('')
      .replace('shop:', 'dmz: { networks: [10.30.0.0/16] }, shop:')
      .replace('wan: { zones: [hq, shop]', 'wan: { zones: [hq, shop, dmz]')
      .concat('  line: { zones: [hq, shop], rules: [{ action: allow, from: tills, to: cm01 }] }\n');
    assert.match(blockedIn(text)[0]?.message ?? '', /wan connects hq, shop and dmz; use between/);
    const other = blockedIn(text.replace('line: { zones: [hq, shop]', 'line: { zones: [hq, dmz]'));
    assert.doesNotMatch(other[0]?.message ?? '', /connects/);
  });

  it('about PXE have a fix whose rules go above what denies the answers, though nothing denies the requests', () => {
    const text = `configmgr: 2017-09
defaults: { os: windows-server-2016, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.4.0.0/16] }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { zone: hq, site: PS1, roles: { site-server: , sms-provider: , sql-server: , management-point: { protocol: https } } }
  dp01: { zone: hq, site: PS1, roles: { distribution-point: { protocol: https, pxe: true } } }
clients:
  desktops: { site: PS1, zone: branch, installation: [group-policy] }
firewalls:
  wall:
    zones: [hq, branch]
    rules:
      - { action: deny, from: any, to: 10.4.0.0/24 }
      - { action: allow, from: desktops, to: cm01, tcp: [443, 10123] }
`;
    const pxe = blockedIn(text).find(({ message }) => message.includes('TFTP'));
    const after = analyse(applyEdits(text, pxe?.fixes?.[0]?.edits ?? []));
    assert.deepEqual(after.findings(), [], showFindings(after));
  });
});

describe('clients in several zones, one of them the internet', () => {
  const text = `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones:
  hq: { networks: [10.0.0.0/16] }
  north: { networks: [10.1.0.0/16] }
  south: { networks: [10.2.0.0/16] }
  world: { internet: true }
sites:
  PS1: { type: primary, database: { server: cm01 } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.0.0.10], roles: { site-server: , sms-provider: , sql-server: } }
  mp01: { site: PS1, zone: hq, addresses: [10.0.0.11], roles: { management-point: { protocol: https, clients: both } } }
clients:
  laptops: { site: PS1, zone: [north, south, world] }
  desktops: { site: PS1, zone: north, networks: [10.1.64.0/18] }
firewalls:
  lines:
    zones: [hq, north, south]
  edge:
    zones: [hq, world]
    rules:
      - { action: allow, from: cm01, to: world, tcp: [80, 443] }
      - { action: allow, from: laptops, to: mp01, tcp: [443, 10123] }
`;
  const [found] = analyse(text)
    .findings()
    .filter(({ code }) => code === 'firewall-blocked');

  it('are told by their name, and a rule for them by the zones of the intranet', () => {
    assert.match(
      found?.message ?? '',
      /^(laptops and desktops|desktops and laptops) cannot reach management-point on mp01: /,
    );
    const [fix] = found?.fixes ?? [];
    const mended = applyEdits(text, fix?.edits ?? []);
    assert.match(mended, /from: \[(?=[^\]]*north)(?=[^\]]*south)[^\]]*\], to: mp01/);
    assert.doesNotMatch(mended, /from: \[[^\]]*laptops/);
  });
});

describe('a choice of which nothing is reached', () => {
  const site = (servers: string, clients: string) => `configmgr: 2025-12
defaults: { os: windows-server-2022, rpcDynamicPorts: 49152-65535 }
zones: { hq: { networks: [10.0.0.0/16] }, office: { networks: [10.1.0.0/16] } }
sites: { PS1: { type: primary, database: { server: cm01 } } }
servers:
  cm01: { site: PS1, zone: hq, forest: corp.example, roles: { site-server: , sms-provider: , sql-server: } }
${servers}clients:
  pcs: { site: PS1, zone: office, forest: corp.example${clients} }
firewalls:
  core: { zones: [hq, office], rules: [] }
`;

  it('is opened in the own forest where others would do as well', () => {
    const controller = (name: string, forest: string) =>
      `  ${name}: { zone: hq, forest: ${forest}, trusted: true, roles: { domain-controller: { globalCatalog: true } } }\n`;
    const text = site(controller('a-dc', 'lab.example') + controller('b-dc', 'corp.example'), '');
    const [found] = blockedIn(text).filter(({ message }) => /3268/.test(message));
    assert.match(found?.message ?? '', /^pcs can reach none of b-dc or a-dc, one of which is enough: /);
    assert.match(found?.fixes?.[0]?.title ?? '', /from pcs to b-dc /);
  });

  it('is told from what the same machine is needed for anyway', () => {
    const points = `  mp1: { site: PS1, zone: hq, roles: { management-point: { protocol: https }, fallback-status-point: } }
  mp2: { site: PS1, zone: hq, roles: { management-point: { protocol: https } } }
`;
    const [found] = blockedIn(site(points, '')).filter(({ message }) => /fallback/.test(message));
    assert.match(
      found?.message ?? '',
      /^pcs cannot reach mp1 \(mp2 would do as management point\): fallback status point TCP 80; management point TCP 443 must get through firewall core /,
    );
    const alone = points.replace(', fallback-status-point:', '');
    assert.match(
      showFindings(analyse(site(alone, ''))),
      /pcs can reach none of mp1 or mp2, one of which is enough: /,
    );
  });
});
