// Configurations as people keep them, each with what the device lets through: what a generator does not write.
import assert from 'node:assert/strict';
import type { Protocol } from '../../server/src/reach/rule-ports.ts';
import { type Choices, endpoint, imported, isAllowed, reach, topologyOf, withImported } from './imported.ts';

const BASE = `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  branch: { networks: [10.2.0.0/16] }
  dmz: { networks: [192.168.50.0/24] }
  internet: { internet: true }
servers:
  cm01: { zone: hq, addresses: 10.1.0.10 }
  cm02: { zone: hq, addresses: 10.1.0.11 }
  pc1: { zone: branch, addresses: 10.2.4.9 }
  pc2: { zone: branch, addresses: 10.2.0.9 }
  web01: { zone: dmz, addresses: 192.168.50.20, publicAddresses: 203.0.113.20 }
  out: { zone: internet, addresses: 198.51.100.1 }
`;
const base = topologyOf(BASE);

/** \`pc1 > cm01 tcp 443\`, and whether it passes. */
type Packets = Readonly<Record<string, boolean>>;

function decides(source: string, packets: Packets, choices: Partial<Choices> = {}): string {
  const found = imported(source, { zones: [], topology: base, ...choices });
  const topology = withImported(BASE, found);
  const judge = reach(topology);
  for (const [packet, expected] of Object.entries(packets)) {
    const [from = '', , to = '', protocol = '', port = '0'] = packet.split(' ');
    const real = isAllowed(
      judge,
      endpoint(from, topology),
      endpoint(to, topology),
      protocol as Protocol,
      Number(port),
    );
    assert.equal(real, expected, `${packet}\n${found.text}`);
  }
  return found.text;
}

const ASA = `ASA Version 9.18(3)
hostname edge
interface GigabitEthernet0/0
 nameif outside
 security-level 0
 ip address 203.0.113.2 255.255.255.0
interface GigabitEthernet0/1
 nameif inside
 security-level 100
 ip address 10.1.0.1 255.255.0.0
interface GigabitEthernet0/2
 nameif perimeter
 security-level 50
 ip address 192.168.50.1 255.255.255.0
interface GigabitEthernet0/3
 nameif branches
 security-level 90
 ip address 10.2.0.1 255.255.0.0
route outside 0.0.0.0 0.0.0.0 203.0.113.1 1
`;

const EQUAL = ASA.replace('security-level 90', 'security-level 100');

describe('a Cisco ASA as people keep it', () => {
  it('lets traffic through by levels until a list is on the interface, and not between equal levels', () => {
    const open = {
      'cm01 > web01 tcp 443': true,
      'cm01 > out tcp 443': true,
      'web01 > out tcp 443': true,
      'web01 > cm01 tcp 443': false,
      'pc1 > cm01 tcp 445': false,
      'out > web01 tcp 443': false,
    };
    decides(EQUAL, open);
    decides(`${EQUAL}same-security-traffic permit inter-interface\n`, {
      ...open,
      'pc1 > cm01 tcp 445': true,
    });
    decides(
      `${EQUAL}access-list perim extended permit tcp any host 10.1.0.10 eq sqlnet\naccess-group perim in interface perimeter\n`,
      { ...open, 'web01 > out tcp 443': false, 'web01 > cm01 tcp 1521': true },
    );
    decides(`${ASA}access-list all extended permit icmp any any echo\naccess-group all global\n`, {
      'cm01 > web01 tcp 443': false,
      'cm01 > out tcp 443': false,
      'pc1 > cm01 icmp': true,
    });
  });

  it('lets nothing through between equal levels without the command for it, whatever lists say', () => {
    const lists = `access-list b extended permit ip any any
access-list g extended permit tcp any any eq 443
access-group b in interface branches
access-group g global
`;
    const text = decides(`${EQUAL}${lists}`, {
      'pc1 > cm01 tcp 443': false,
      'cm01 > pc1 tcp 443': false,
      'pc1 > web01 tcp 445': true,
      'web01 > cm01 tcp 443': true,
    });
    assert.match(
      text,
      /# Note: From the interface branches to inside, of the same security level, nothing passes/,
    );
    decides(`${EQUAL}${lists}same-security-traffic permit inter-interface\n`, {
      'pc1 > cm01 tcp 445': true,
      'cm01 > pc1 tcp 443': true,
      'cm01 > pc1 tcp 445': false,
    });
  });

  it('takes no list of other packets than those of IP for the list of an interface', () => {
    const text = decides(
      `${ASA}access-list e ethertype permit ipx
access-list b extended permit tcp any host 10.1.0.10 eq 443
access-group e in interface branches
access-group e in interface perimeter
access-group b in interface branches
`,
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 445': false, 'web01 > out tcp 443': true },
    );
    assert.equal(
      text.match(/# Note: the access list 'e' on the interface .* is for other packets/g)?.length,
      2,
      text,
    );
  });

  it('asks the global list after that of the interface, and then lets nothing else through', () => {
    const text = `${ASA}access-list b extended permit tcp any host 10.1.0.10 eq 443
access-list b extended deny tcp any host 10.1.0.10 eq 445
access-list g extended permit tcp any host 10.1.0.10 range 440 450
access-list g extended permit tcp any any eq 1433
access-group b in interface branches
access-group g global
`;
    decides(text, {
      'pc1 > cm01 tcp 443': true,
      'pc1 > cm01 tcp 445': false,
      'pc1 > cm01 tcp 446': true,
      'pc1 > cm02 tcp 1433': true,
      'pc1 > cm02 tcp 443': false,
      'cm01 > web01 tcp 443': false,
      'cm01 > web01 tcp 1433': true,
    });
    decides(text.replace('access-group g global\n', ''), {
      'pc1 > cm01 tcp 446': false,
      'pc1 > cm02 tcp 1433': false,
      'cm01 > web01 tcp 443': true,
    });
  });

  it('lets nothing through an interface that is for management only or shut down', () => {
    for (const word of ['management-only', 'shutdown']) {
      const text = decides(
        ASA.replace(' nameif branches\n', ` ${word}\n nameif branches\n`) +
          'same-security-traffic permit inter-interface\n',
        { 'pc1 > out tcp 443': false, 'cm01 > pc1 tcp 443': false, 'cm01 > out tcp 443': true },
      );
      assert.match(text, /Nothing passes the interface branches/);
    }
  });

  it('sees the real address of what it translates: an entry for the other one is for nothing', () => {
    const nat = `object network web
 host 192.168.50.20
 nat (perimeter,outside) static 203.0.113.20
access-list outside_in extended permit tcp any host 192.168.50.20 eq https
access-list outside_in extended permit tcp any host 203.0.113.20 eq 8531
access-list outside_in extended permit tcp any 203.0.113.0 255.255.255.0 eq 8530
access-group outside_in in interface outside
`;
    const packets = {
      'out > web01 tcp 443': true,
      'out > web01 tcp 8531': false,
      'out > web01 tcp 8530': false,
    };
    assert.match(decides(ASA + nat, packets), /access lists see the one before/);
    // Another device translates it: the entry means the machine.
    decides(ASA + nat.replace(/ nat .*\n/, ''), {
      ...packets,
      'out > web01 tcp 8531': true,
      'out > web01 tcp 8530': true,
    });
  });

  it('tells names that differ in case apart, and follows groups in groups', () => {
    decides(
      `${ASA}object-group network SERVERS
 network-object host 10.1.0.10
object-group network servers
 network-object host 10.1.0.11
object-group network both
 group-object SERVERS
 group-object servers
object-group service web tcp
 port-object eq www
object-group service more tcp
 group-object web
 port-object range 8530 8531
object-group protocol either
 protocol-object tcp
 protocol-object udp
access-list b extended deny tcp any object-group servers eq www
access-list b extended permit tcp any object-group SERVERS object-group more
access-list b extended permit object-group either any object-group both eq domain
access-list b extended permit tcp any object-group both eq 9000 inactive
access-group b in interface branches
`,
      {
        'pc1 > cm01 tcp 80': true,
        'pc1 > cm02 tcp 80': false,
        'pc1 > cm01 tcp 8531': true,
        'pc1 > cm02 tcp 8531': false,
        'pc1 > cm02 udp 53': true,
        'pc1 > cm02 tcp 53': true,
        'pc1 > cm01 tcp 9000': false,
      },
    );
  });

  it('ends with a time range that only ends, and names every translation that is not followed', () => {
    const text = decides(
      `${ASA}object network CM01
 host 10.1.0.10
object network NET
 subnet 10.1.0.0 255.255.0.0
object network NET-PUB
 subnet 203.0.113.0 255.255.255.0
time-range project
 absolute end 17:00 31 December 2026
time-range midnight
 absolute end 00:00 01 January 2027
time-range both
 absolute end 17:00 31 December 2026
 periodic daily 22:00 to 23:59
time-range later
 absolute start 00:00 01 June 2026 end 17:00 31 December 2026
access-list b extended permit tcp any object CM01 eq 443 time-range project
access-list b extended permit tcp any object CM01 eq 445 time-range midnight
access-list b extended permit tcp any object CM01 eq 1433 time-range both
access-list b extended permit tcp any object CM01 eq 1434 time-range later
access-group b in interface branches
object network CM01
 nat (inside,outside) static interface service tcp 443 8443
nat (inside,outside) source static NET NET-PUB
nat (inside,outside) source static NET NET destination static NET-PUB NET-PUB no-proxy-arp
`,
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 1433': true },
    );
    assert.match(text, /tcp: 443, expires: 2026-12-31 \}/);
    assert.match(text, /tcp: 445, expires: 2026-12-31 \}/);
    assert.equal(text.match(/# Not exact: allow entry .*the time range '(?:both|later)'/g)?.length, 2, text);
    assert.match(
      text,
      /# Not exact: the translation 'nat \(inside,outside\) static interface service tcp 443 8443': /,
    );
    assert.match(text, /# Not exact: the translation 'nat \(inside,outside\) source static NET NET-PUB': /);
    assert.equal(text.match(/translation/g)?.length, 2, text);
  });

  it('takes a mask by its bits, wherever these are', () => {
    const text = decides(
      `${ASA}access-list b extended permit tcp 10.2.0.9 255.255.0.255 host 10.1.0.10 eq 443
access-list b extended permit tcp 10.2.0.9 255.0.0.255 host 10.1.0.10 eq 445
access-group b in interface branches
`,
      {
        'pc1 > cm01 tcp 443': true,
        'pc2 > cm01 tcp 443': true,
        'pc1 > cm01 tcp 445': false,
      },
    );
    assert.match(
      text,
      /# Not written: allow entry of b \(line \d+\): its source '10\.2\.0\.9\/255\.0\.0\.255' cannot be read/,
    );
    decides(
      `${ASA}access-list b extended permit tcp 10.2.0.8 255.255.0.254 host 10.1.0.10 eq 443
access-list b extended deny tcp 10.2.4.1 255.255.252.5 host 10.1.0.10
access-list b extended permit tcp 10.2.0.0 255.255.0.0 host 10.1.0.10 eq 445
access-group b in interface branches
`,
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 445': false },
    );
  });

  it('names time ranges and users of what passes, and leaves out what they deny', () => {
    const text = decides(
      `${ASA}access-list b extended deny tcp any host 10.1.0.10 eq 443 time-range night
access-list b extended permit tcp user CORP\\\\admins any host 10.1.0.10 eq 3389
access-list b extended permit tcp any host 10.1.0.10 eq 443
access-group b in interface branches
`,
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 3389': true },
    );
    assert.match(text, /# Not written: deny .*time range 'night'; without it more passes here/);
    assert.match(text, /# Not exact: allow .*user/);
  });
});

const FORTI = `#config-version=FGT60F-7.4.1-FW-build2463-230830:opmode=0:vdom=0:user=admin
config system interface
    edit "wan1"
        set ip 203.0.113.2 255.255.255.0
    next
    edit "lan"
        set ip 10.1.0.1 255.255.0.0
    next
    edit "br"
        set ip 10.2.0.1 255.255.0.0
    next
    edit "perimeter"
        set ip 192.168.50.1 255.255.255.0
    next
end
config router static
    edit 1
        set gateway 203.0.113.1
        set device "wan1"
    next
end
config firewall address
    edit "cm01"
        set subnet 10.1.0.10 255.255.255.255
    next
    edit "pcs"
        set subnet 10.2.4.0 255.255.252.0
    next
    edit "cloud"
        set type fqdn
        set fqdn "update.example.com"
    next
    edit "web-public"
        set subnet 203.0.113.20 255.255.255.255
    next
end
config firewall vip
    edit "web"
        set extip 203.0.113.20
        set extintf "wan1"
        set mappedip "192.168.50.20"
    next
end
`;
const policy = (id: number, lines: string) =>
  `    edit ${id}\n${lines
    .split(';')
    .map((line) => `        set ${line.trim()}\n`)
    .join('')}        set schedule "always"\n    next\n`;
const forti = (...policies: readonly string[]) => `${FORTI}config firewall policy\n${policies.join('')}end\n`;
const ANY = 'srcintf "any"; dstintf "any"; srcaddr "all"';

describe('a FortiGate as people keep it', () => {
  it('denies where a policy names no action, and in the order of position', () => {
    const policies = [
      policy(1, `${ANY}; dstaddr "all"; service "HTTPS"; action accept`),
      policy(2, `${ANY}; dstaddr "cm01"; service "ALL"`),
    ];
    decides(forti(...policies), { 'pc1 > cm01 tcp 443': true });
    decides(forti(...policies, '    move 2 before 1\n'), {
      'pc1 > cm01 tcp 443': false,
      'pc1 > cm02 tcp 443': true,
    });
  });

  it('begins a policy with each edit 0, whatever numbers others have', () => {
    const text = decides(
      forti(
        policy(0, `${ANY}; dstaddr "cm01"; service "HTTPS"; action deny`),
        policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS" "RDP"; action accept`),
        policy(0, `${ANY}; dstaddr "all"; service "SMB"; action accept`),
      ),
      { 'pc1 > cm01 tcp 443': false, 'pc1 > cm01 tcp 3389': true, 'pc1 > cm02 tcp 445': true },
    );
    assert.equal(text.match(/action: (?:allow|deny)/g)?.length, 3, text);
  });

  it('takes back what abort does not save, and keeps what next has saved', () => {
    const aborted = (id: number, lines: string) => policy(id, lines).replace(/next\n$/, 'abort\n');
    const allows = `${ANY}; dstaddr "cm01"; service "HTTPS"; action accept`;
    const again = 'config firewall policy\n';
    decides(forti(policy(1, allows), aborted(2, `${ANY}; dstaddr "all"; service "ALL"; action accept`)), {
      'pc1 > cm01 tcp 443': true,
      'pc1 > cm02 tcp 443': false,
    });
    decides(
      forti(
        policy(1, allows),
        'end\n',
        again,
        aborted(1, 'service "RDP"; dstaddr "all"'),
        again,
        policy(3, allows),
      ),
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 3389': false, 'pc1 > cm02 tcp 3389': false },
    );
  });

  it('takes a negated list as every other address of its family, and as nothing where a part is not known', () => {
    const negated = (list: string) =>
      forti(
        policy(
          1,
          `srcintf "br"; dstintf "lan"; srcaddr "all"; dstaddr ${list}; dstaddr-negate enable; service "HTTPS"; action accept`,
        ),
      );
    decides(negated('"cm01"'), { 'pc1 > cm01 tcp 443': false, 'pc1 > cm02 tcp 443': true });
    const text = decides(negated('"cm01" "cloud"'), {
      'pc1 > cm01 tcp 443': false,
      'pc1 > cm02 tcp 443': false,
    });
    assert.match(text, /# Not written: allow policy 1: its destination is everything but a list/);
    // A name of the topology for a part of it is left out as well.
    decides(
      negated('"cm01" "cloud"'),
      { 'pc1 > cm01 tcp 443': false, 'pc1 > cm02 tcp 443': false },
      { map: { cloud: ['cm02'] } },
    );
    const six = forti(
      policy(
        1,
        'srcintf "br"; dstintf "lan"; srcaddr "pcs"; srcaddr-negate enable; dstaddr "all"; srcaddr6 "all"; dstaddr6 "all"; service "HTTPS"; action accept',
      ),
    );
    decides(six, { 'pc1 > cm01 tcp 443': false, 'pc2 > cm01 tcp 443': true });
    assert.match(
      imported(six, {
        zones: [],
        map: { br: ['branch'], lan: ['hq'] },
        topology: topologyOf(
          BASE.replaceAll(/networks: \[10\.(\d)\.0\.0\/16\]/g, 'networks: [10.$1.0.0/16, 2001:db8:$1::/48]'),
        ),
      }).text,
      /2001:db8:2::\/48/,
    );
  });

  it('counts what it has beside its policies', () => {
    const text = decides(
      `${forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; action accept`))}config firewall policy64
    edit 1
        set srcintf "lan"
    next
end
config firewall DoS-policy
    edit 1
        set interface "wan1"
    next
    edit 2
        set interface "lan"
    next
end
`,
      { 'pc1 > cm01 tcp 443': true },
    );
    assert.match(text, /# Note: 1 entry of firewall policy64: left out/);
    assert.match(text, /# Note: 2 entries of firewall DoS-policy: left out/);
  });

  it('takes a wildcard as the addresses that agree with it where its mask has ones', () => {
    const odd = FORTI.replace(
      'edit "pcs"',
      'edit "odd"\n        set type wildcard\n        set wildcard 10.2.0.9 255.255.3.255\n    next\n    edit "pcs"',
    );
    const text = decides(
      `${odd}config firewall policy
${policy(1, 'srcintf "any"; dstintf "any"; srcaddr "odd"; dstaddr "cm01"; service "HTTPS"; action accept')}end
`,
      { 'pc1 > cm01 tcp 443': true, 'pc2 > cm01 tcp 443': true, 'pc1 > cm02 tcp 443': false },
    );
    assert.doesNotMatch(text, /# Not (?:written|exact)/);
  });

  it('reaches a virtual address from its interface, and by a policy that names it', () => {
    const web = (intf: string, to = 'web') =>
      forti(
        policy(
          1,
          `srcintf "${intf}"; dstintf "perimeter"; srcaddr "all"; dstaddr "${to}"; service "HTTPS"; action accept`,
        ),
      );
    decides(web('wan1'), { 'out > web01 tcp 443': true, 'cm01 > web01 tcp 443': false });
    decides(web('any'), { 'out > web01 tcp 443': true, 'cm01 > web01 tcp 443': false });
    assert.match(
      decides(web('lan'), { 'out > web01 tcp 443': false, 'cm01 > web01 tcp 443': false }),
      /reached from 'wan1' alone/,
    );
    // Behind a virtual address of its own the device sees the real one.
    decides(web('wan1', 'web-public'), { 'out > web01 tcp 443': false });
  });

  it('lets tunnels, schedules, users and reputations through without their limit, and says so', () => {
    for (const [line, word] of [
      ['action ipsec; vpntunnel "paris"', "the tunnel 'paris'"],
      ['action accept; groups "admins"', "the user groups 'admins'"],
      ['action accept; reputation-minimum 3', "the reputation '3'"],
      ['action accept; ztna-status enable', 'ZTNA'],
    ] as const) {
      const text = decides(forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; ${line}`)), {
        'pc1 > cm01 tcp 443': true,
      });
      assert.ok(
        text.includes(`# Not exact: allow policy 1: it is limited to ${word}`) || text.includes(word),
        text,
      );
      assert.match(text, /# Not exact: allow policy 1/);
    }
    const odd = decides(forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; action redirect`)), {
      'pc1 > cm01 tcp 443': false,
    });
    assert.match(odd, /# Not written: allow policy 1: its action is 'redirect'/);
  });

  it('keeps what names an entry with it when it is renamed, and drops before policies what an acl drops', () => {
    const text = decides(
      `${forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; action accept`))}config firewall address
    rename "cm01" to "site server"
end
config firewall acl
    edit 1
        set interface "wan1"
        set srcaddr "all"
        set dstaddr "all"
        set service "ALL"
    next
end
`,
      { 'pc1 > cm01 tcp 443': true },
    );
    assert.match(
      text,
      /# Not written: 1 entry of firewall acl, which drops traffic before the policies; without it more passes/,
    );
  });

  it('ends a policy on the last day of its schedule', () => {
    const ending = (end: string) =>
      imported(
        `${forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; action accept`)).replace('"always"', '"project"')}config firewall schedule onetime
    edit "project"
        set end ${end}
    next
end
`,
        { zones: [], topology: base },
      ).text;
    assert.match(ending('17:00 2027/06/30'), /expires: 2027-06-30/);
    assert.match(ending('00:00 2027/03/01'), /expires: 2027-02-28/);
  });

  it('leaves open what depends on its version: two networks behind one interface', () => {
    const text = imported(forti(policy(1, `${ANY}; dstaddr "cm01"; service "HTTPS"; action accept`)), {
      zones: [],
      topology: base,
      map: { lan: ['hq', 'branch'] },
    }).text;
    assert.match(
      text,
      /# Not exact: traffic among hq, branch, which are behind 'lan': with allow-traffic-redirect/,
    );
  });
});

const PAN = `set network interface ethernet ethernet1/1 layer3 ip 203.0.113.2/24
set network interface ethernet ethernet1/2 layer3 ip 10.1.0.1/16
set network interface ethernet ethernet1/3 layer3 ip 192.168.50.1/24
set network interface ethernet ethernet1/4 layer3 ip 10.2.0.1/16
set network virtual-router default routing-table ip static-route default destination 0.0.0.0/0
set network virtual-router default routing-table ip static-route default interface ethernet1/1
set zone untrust network layer3 ethernet1/1
set zone trust network layer3 ethernet1/2
set zone perimeter network layer3 ethernet1/3
set zone branches network layer3 ethernet1/4
set address cm01 ip-netmask 10.1.0.10
set address web-public ip-netmask 203.0.113.20
set address cloud fqdn update.example.com
`;
const panRule = (name: string, fields: Readonly<Record<string, string>>) =>
  Object.entries({
    from: 'any',
    to: 'any',
    source: 'any',
    destination: 'any',
    application: 'any',
    service: 'any',
    action: 'allow',
    ...fields,
  })
    .map(([key, value]) => (value === '' ? '' : `set rulebase security rules ${name} ${key} ${value}\n`))
    .join('');

describe('a PAN-OS firewall as people keep it', () => {
  it('lets App-IDs through on their documented ports, and names those beside a service', () => {
    const apps = (application: string, service = 'application-default') =>
      PAN + panRule('r', { from: 'branches', to: 'trust', destination: 'cm01', application, service });
    assert.doesNotMatch(
      decides(apps('[ ms-ds-smb ms-rdp ]'), {
        'pc1 > cm01 tcp 445': true,
        'pc1 > cm01 tcp 3389': true,
        'pc1 > cm01 tcp 443': false,
        'pc1 > cm02 tcp 445': false,
      }),
      /# Not exact/,
    );
    assert.match(
      decides(apps('msrpc'), { 'pc1 > cm01 tcp 135': true }),
      /# Not exact: allow rule 'r': it is for RPC/,
    );
    assert.match(
      decides(apps('ms-rdp', 'service-https'), { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 3389': false }),
      /# Not exact: allow rule 'r': it is limited to the applications 'ms-rdp'/,
    );
    assert.match(
      decides(apps('no-such-app'), { 'pc1 > cm01 tcp 443': false }),
      /# Not written: allow rule 'r': import does not know the ports of the App-ID 'no-such-app'.*; without it less passes/,
    );
  });

  it('is read on after single quotation marks, which hold double ones and apostrophes', () => {
    const base = `${PAN}set address 'two words' ip-netmask 10.1.0.10\n`;
    const note = `set rulebase security rules r description 'the dogs' 19" rack, it's "ours'\n`;
    const fields = { from: 'branches', to: 'trust', service: 'service-https' };
    const text = decides(base + note + panRule('r', { ...fields, destination: "[ 'two words' ]" }), {
      'pc1 > cm01 tcp 443': true,
      'pc1 > cm02 tcp 443': false,
    });
    assert.match(text, /description: "the dogs' 19\\" rack, it's \\"ours"/);
    decides(PAN + panRule("O'Brien's", { ...fields, destination: 'cm01' }), { 'pc1 > cm01 tcp 443': true });
    decides(PAN + panRule("'r", { ...fields, destination: 'cm01' }), { 'pc1 > cm01 tcp 443': true });
  });

  it('has several fields of a rule or object in one command, as people write them', () => {
    const text = decides(
      `${PAN}set shared address source ip-netmask 10.2.4.9 description "the PC" tag [ a b ]
set service web protocol tcp port 443 description "web"
set service low protocol tcp port 445 source-port 1-1023 description "old clients"
set service-group both members [ web low ] tag x
set address-group hosts tag x static [ cm01 source ]
set rulebase security rules one from branches to any source [ source 10.2.4.10 ] destination cm01 application any service both action allow description "ticket: CHG1"
set rulebase security rules two from any to trust source any destination any application any profile-setting group strict service web option disable-server-response-inspection yes action deny
set rulebase security rules three from any to trust source any destination hosts application any service any action allow disabled yes
`,
      {
        'pc1 > cm01 tcp 443': true,
        'pc2 > cm01 tcp 443': false,
        'pc1 > cm01 tcp 445': false,
        'pc1 > cm02 tcp 443': false,
        'pc1 > cm02 tcp 80': false,
      },
    );
    assert.match(text, /# Not written: allow rule 'one': the service 'low': it is limited to source ports/);
    assert.match(text, /name: "one", ticket: "CHG1"|name: "one"\n\s+ticket: "CHG1"/);
    assert.match(text, /# Note: 1 rule disabled/);
    assert.doesNotMatch(text, /has no action/);
  });

  it('goes by the kind of a rule: within zones, between them, or both', () => {
    const both = { from: '[ branches trust ]', to: '[ branches trust ]', service: 'service-https' };
    decides(PAN + panRule('r', { ...both, 'rule-type': 'interzone' }), {
      'pc1 > cm01 tcp 443': true,
      'cm01 > pc1 tcp 443': true,
      'pc1 > web01 tcp 443': false,
    });
    decides(
      PAN + panRule('r', { from: 'branches', to: '', service: 'service-https', 'rule-type': 'intrazone' }),
      {
        'pc1 > cm01 tcp 443': false,
      },
    );
  });

  it('takes a negated list as every other address, and as nothing where a part is not known', () => {
    const negated = (destination: string) =>
      PAN + panRule('r', { from: 'branches', to: 'trust', destination, 'negate-destination': 'yes' });
    decides(negated('cm01'), { 'pc1 > cm01 tcp 443': false, 'pc1 > cm02 tcp 443': true });
    decides(negated('[ cm01 cloud ]'), { 'pc1 > cm01 tcp 443': false, 'pc1 > cm02 tcp 443': false });
  });

  it('names the address before translation, and lets what is behind it be reached', () => {
    const nat = `set rulebase nat rules web from untrust
set rulebase nat rules web to untrust
set rulebase nat rules web source any
set rulebase nat rules web destination web-public
set rulebase nat rules web service any
set rulebase nat rules web destination-translation translated-address 192.168.50.20
`;
    decides(
      PAN +
        nat +
        panRule('r', {
          from: 'untrust',
          to: 'perimeter',
          destination: 'web-public',
          service: 'service-https',
        }),
      {
        'out > web01 tcp 443': true,
        'out > web01 tcp 80': false,
        'out > cm01 tcp 443': false,
      },
    );
  });

  it('writes no rule that has no action, and names the limits of others', () => {
    assert.match(
      decides(PAN + panRule('r', { action: '' }), { 'pc1 > cm01 tcp 443': false }),
      /# Not written: rule 'r': it has no action/,
    );
    for (const [key, value, word] of [
      ['source-user', '"corp\\\\admins"', 'users'],
      ['schedule', 'nights', 'schedule'],
      ['source-hip', 'managed', 'HIP'],
      ['destination-device', 'printers', 'devices'],
    ] as const) {
      assert.match(
        decides(PAN + panRule('r', { [key]: value }), { 'pc1 > cm01 tcp 443': true }),
        new RegExp(`# Not exact: allow rule 'r': it is limited to the ${word}`),
      );
      assert.match(
        decides(PAN + panRule('r', { [key]: value, action: 'deny' }) + panRule('s', {}), {
          'pc1 > cm01 tcp 443': true,
        }),
        /# Not written: deny rule 'r': .*; without it more passes here/,
      );
    }
    // Names of the web alone would be left of it, and all traffic would be written.
    assert.match(
      decides(PAN + panRule('r', { category: 'news' }), { 'pc1 > cm01 tcp 443': false }),
      /# Not written: allow rule 'r': it is limited to the URL categories 'news'/,
    );
  });

  it('names the rules of other books that drop traffic', () => {
    const text = decides(
      `${PAN}${panRule('r', {})}set rulebase dos rules flood from zone branches to zone trust source any destination any service any action deny
set rulebase dos rules watched from zone branches to zone trust source any destination any service any action protect
set rulebase pbf rules hole from zone branches source any destination cm01 action discard
set rulebase pbf rules off from zone branches source any destination cm01 action discard
set rulebase pbf rules off disabled yes
`,
      { 'pc1 > cm01 tcp 443': true },
    );
    assert.match(
      text,
      /# Not written: the rules for DoS protection that drop traffic: 'flood'; without it more passes here/,
    );
    assert.match(
      text,
      /# Not written: the rules for forwarding by policy that drop traffic: 'hole'; without it more passes here/,
    );
  });

  it('has rules of Panorama around those of its device groups, and these around the local ones', () => {
    const rule = (name: string, action: string, service: string) =>
      `<entry name="${name}"><from><member>any</member></from><to><member>any</member></to><source><member>any</member></source><destination><member>any</member></destination><application><member>any</member></application><service><member>${service}</member></service><action>${action}</action></entry>`;
    const book = (kind: string, rules: string) =>
      `<${kind}><security><rules>${rules}</rules></security></${kind}>`;
    const text = decides(
      `<config><shared><service>${['a', 'b', 'c']
        .map(
          (name, index) =>
            `<entry name="${name}"><protocol><tcp><port>${1001 + index}</port></tcp></protocol></entry>`,
        )
        .join(
          '',
        )}</service>${book('pre-rulebase', rule('first', 'deny', 'a'))}${book('post-rulebase', rule('last', 'deny', 'any'))}</shared>
<devices><entry name="localhost.localdomain"><device-group>
<entry name="ALL">${book('pre-rulebase', rule('outer', 'allow', 'b'))}${book('post-rulebase', rule('outer-post', 'deny', 'c'))}</entry>
<entry name="SITES"><parent-dg>ALL</parent-dg>${book('pre-rulebase', rule('inner', 'deny', 'b') + rule('one', 'allow', 'a'))}${book('post-rulebase', rule('inner-post', 'allow', 'c'))}</entry>
</device-group></entry></devices></config>`,
      {},
      { topology: base },
    );
    const names = [...text.slice(text.indexOf('  SITES:')).matchAll(/name: "([\w-]+)"/g)].map(
      ([, name]) => name,
    );
    assert.deepEqual(names, ['first', 'outer', 'inner', 'one', 'inner-post', 'outer-post', 'last']);
  });
});

describe('an nftables ruleset as people keep it', () => {
  const flags = { payload: { protocol: 'tcp', field: 'flags' } };
  const ruleset = (match: unknown, verdict: 'accept' | 'drop') =>
    JSON.stringify({
      nftables: [
        { metainfo: { json_schema_version: 1 } },
        { table: { family: 'inet', name: 'filter', handle: 1 } },
        {
          chain: {
            family: 'inet',
            table: 'filter',
            name: 'forward',
            handle: 1,
            type: 'filter',
            hook: 'forward',
            prio: 0,
            policy: verdict === 'accept' ? 'drop' : 'accept',
          },
        },
        {
          rule: {
            family: 'inet',
            table: 'filter',
            chain: 'forward',
            handle: 4,
            expr: [{ match }, { [verdict]: null }],
          },
        },
      ],
    });
  const zones = ['hq', 'branch'];

  it('opens connections by the flags that the first packet has, and by no others', () => {
    const masked = (mask: unknown) => ({ '&': [flags, mask] });
    const opening = [
      { op: '==', left: masked(['fin', 'syn', 'rst', 'ack']), right: 'syn' },
      { op: '==', left: masked({ '|': ['syn', 'ack'] }), right: 'syn' },
      { op: 'in', left: flags, right: 'syn' },
      { op: '==', left: flags, right: 'syn' },
      { op: '!=', left: masked(['fin', 'syn']), right: ['fin', 'syn'] },
      { op: '!=', left: masked('syn'), right: 0 },
      { op: '!', left: flags, right: 'ack' },
      { op: '==', left: flags, right: { set: ['syn', 'ack'] } },
    ];
    for (const match of opening) {
      decides(
        ruleset(match, 'accept'),
        { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 udp 53': false },
        { zones },
      );
      decides(ruleset(match, 'drop'), { 'pc1 > cm01 tcp 443': false, 'pc1 > cm01 udp 53': true }, { zones });
    }
    const others = [
      { op: '==', left: masked(['fin', 'syn']), right: ['fin', 'syn'] },
      { op: '==', left: masked(['fin', 'syn', 'rst', 'psh', 'ack', 'urg']), right: 0 },
      { op: '==', left: masked(['syn', 'rst']), right: ['syn', 'rst'] },
    ];
    for (const match of others) {
      assert.match(
        decides(ruleset(match, 'accept'), { 'pc1 > cm01 tcp 443': false }, { zones }),
        /# Note: .* it is for packets of connections that are open, or of none/,
      );
      assert.doesNotMatch(
        decides(ruleset(match, 'drop'), { 'pc1 > cm01 tcp 443': true }, { zones }),
        /# Not written/,
      );
    }
    // What every connection needs is not dropped in silence.
    for (const match of [
      { op: '==', left: masked(['syn', 'ack']), right: 'ack' },
      { op: '==', left: { ct: { key: 'state' } }, right: 'established' },
    ]) {
      assert.match(
        decides(ruleset(match, 'drop'), { 'pc1 > cm01 tcp 443': true }, { zones }),
        /# Not written: .* it drops packets of connections that are open.*; without it more passes here/,
      );
    }
  });
});

describe('a template of Azure as people keep it', () => {
  const own = (name: string, priority: number, port: string, more = '') =>
    `{ "name": "${name}", "properties": { "priority": ${priority}, "direction": "Inbound", "access": "Allow", "protocol": "Tcp", "sourcePortRange": "*", "sourceAddressPrefix": "[parameters('branch')]", "destinationAddressPrefix": "10.1.0.10", "destinationPortRange": "${port}"${more} } }`;
  const zones = ['hq', 'branch'];

  it('has comments, texts over several lines, child resources, and groups inside of subnets', () => {
    const text = decides(
      `// the groups of hq
{
  "$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#",
  "parameters": { "branch": { "type": "string", "defaultValue": "10.2.4.0/22" } /* the PCs */ },
  "variables": { "nsg": "[concat('nsg-', toLower('HQ'))]" },
  "resources": [
    { "type": "Microsoft.Network/virtualNetworks", "name": "vnet", "properties": { "subnets": [
      { "name": "hq", "properties": { "networkSecurityGroup": {
        "id": "[resourceId('Microsoft.Network/networkSecurityGroups', variables('nsg'))]",
        "properties": { "securityRules": [${own('subnet', 130, '8530')}, ${own('web', 100, '443')}] } } } } ] } },
    { "type": "Microsoft.Network/networkSecurityGroups", "name": "[variables('nsg')]",
      "properties": { "securityRules": [
        ${own('web', 100, '443', ', "description": "ticket: CHG1;\nowner: cloud team"')},
      ] },
      "resources": [ { "type": "securityRules", ${own('child', 110, '445').slice(1)} ] },
    { "type": "Microsoft.Network/networkSecurityGroups/securityRules",
      ${own("[format('{0}/apart', variables('nsg'))]", 120, '1433').slice(1)}
  ]
}
`,
      {
        'pc1 > cm01 tcp 443': true,
        'pc1 > cm01 tcp 445': true,
        'pc1 > cm01 tcp 1433': true,
        'pc1 > cm01 tcp 8530': true,
        'pc1 > cm01 tcp 80': false,
        'pc2 > cm01 tcp 443': false,
      },
      { zones, map: { VirtualNetwork: ['hq'] } },
    );
    assert.equal(text.match(/name: "web"/g)?.length, 1);
    assert.match(text, /ticket: "CHG1", owner: "cloud team"|ticket: "CHG1"\n\s+owner: "cloud team"/);
  });

  it('opens nothing by a rule that the template may not make', () => {
    const rule = (name: string, priority: number, access: string, port: string, condition: string) => ({
      type: 'Microsoft.Network/networkSecurityGroups/securityRules',
      name: `nsg-hq/${name}`,
      condition,
      properties: {
        priority,
        access,
        direction: 'Inbound',
        protocol: 'Tcp',
        sourceAddressPrefix: '*',
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: port,
      },
    });
    const collections = (name: string, condition: string, port: string) => ({
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      name: `edge/${name}`,
      condition,
      properties: {
        priority: 100,
        ruleCollections: [
          {
            name,
            priority: 100,
            action: { type: 'Allow' },
            rules: [
              {
                ruleType: 'NetworkRule',
                name,
                ipProtocols: ['TCP'],
                sourceAddresses: ['*'],
                destinationAddresses: ['*'],
                destinationPorts: [port],
              },
            ],
          },
        ],
      },
    });
    const template = (...resources: readonly object[]) =>
      JSON.stringify({
        $schema: 'x',
        parameters: { on: { defaultValue: true }, test: { defaultValue: false }, asked: { type: 'bool' } },
        resources,
      });
    const found = decides(
      template(
        rule('always', 100, 'Allow', '443', "[parameters('on')]"),
        rule('never', 110, 'Allow', '3389', "[parameters('test')]"),
        rule('perhaps', 120, 'Allow', '445', "[parameters('asked')]"),
        rule('closed', 130, 'Deny', '80', "[parameters('asked')]"),
        rule('not closed', 135, 'Deny', '8080', "[parameters('test')]"),
        rule('web', 140, 'Allow', '80', "[not(parameters('test'))]"),
        rule('more web', 150, 'Allow', '8080', "[not(parameters('test'))]"),
      ),
      {
        'pc1 > cm01 tcp 443': true,
        'pc1 > cm01 tcp 3389': false,
        'pc1 > cm01 tcp 445': false,
        'pc1 > cm01 tcp 80': false,
        'pc1 > cm01 tcp 8080': true,
      },
      { zones, map: { VirtualNetwork: ['hq'] } },
    );
    assert.equal(found.match(/# Not written: .*makes it only where/g)?.length, 3, found);
    assert.match(found, /# Not exact: deny rule 'closed' .*; written as if it did/);
    const policy = decides(
      template(
        collections('web', "[parameters('on')]", '443'),
        collections('desktop', "[parameters('test')]", '3389'),
      ),
      { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 3389': false },
      { zones },
    );
    assert.match(policy, /# Not written: the group 'edge\/desktop': the template makes it only where/);
  });

  it('lets the probes of load balancers in from the one address that they come from', () => {
    const text = JSON.stringify({
      name: 'nsg-hq',
      securityRules: [
        ['probes', 100, 'Allow', 'AzureLoadBalancer', '59999'],
        ['none', 200, 'Deny', '*', '*'],
      ].map(([name, priority, access, source, port]) => ({
        name,
        priority,
        access,
        direction: 'Inbound',
        protocol: '*',
        sourceAddressPrefix: source,
        sourcePortRange: '*',
        destinationAddressPrefix: '*',
        destinationPortRange: port,
      })),
    });
    const found = decides(text, { 'pc1 > cm01 tcp 59999': false }, { zones });
    assert.match(found, /from: 168\.63\.129\.16, to: hq, tcp: 59999/);
    assert.doesNotMatch(found, /# Not (?:written|exact)/);
  });

  it('has the rules of policies by the priority of groups, then of collections, those that are inherited first', () => {
    const rule = (name: string, port: string) => ({
      ruleType: 'NetworkRule',
      name,
      ipProtocols: ['TCP'],
      sourceAddresses: ['*'],
      destinationAddresses: ['10.1.0.10'],
      destinationPorts: [port],
    });
    const collection = (type: string, priority: number, rules: unknown) => ({
      ruleCollectionType: 'FirewallPolicyFilterRuleCollection',
      name: `${type}${priority}`,
      priority,
      action: { type },
      rules: [rules],
    });
    const group = (name: string, priority: number, ...ruleCollections: readonly unknown[]) => ({
      type: 'Microsoft.Network/firewallPolicies/ruleCollectionGroups',
      name,
      properties: { priority, ruleCollections },
    });
    const text = JSON.stringify({
      $schema: 'x',
      resources: [
        {
          type: 'Microsoft.Network/firewallPolicies',
          name: 'child',
          properties: { basePolicy: { id: "[resourceId('Microsoft.Network/firewallPolicies', 'base')]" } },
        },
        { type: 'Microsoft.Network/firewallPolicies', name: 'base', properties: {} },
        group(
          'child/g',
          100,
          collection('Allow', 100, rule('child', '3389')),
          collection('Allow', 110, rule('web', '443')),
        ),
        group('base/late', 300, collection('Allow', 100, rule('late', '443'))),
        group(
          'base/early',
          200,
          collection('Deny', 300, rule('deny', '3389')),
          collection('Allow', 200, rule('first', '22')),
        ),
      ],
    });
    const found = decides(text, { 'pc1 > cm01 tcp 3389': false, 'pc1 > cm01 tcp 443': true }, { zones });
    const [own] = found.split(/^ {2}base:/m);
    const order = [...(own ?? '').matchAll(/name: "(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(order, ['first', 'deny', 'late', 'child', 'web']);
  });

  it('has the groups of rules that are inside of a policy and depend on one another in that one policy', () => {
    const rule = (name: string, port: string) => ({
      ruleType: 'NetworkRule',
      name,
      ipProtocols: ['TCP'],
      sourceAddresses: ['*'],
      destinationAddresses: ['10.1.0.10'],
      destinationPorts: [port],
    });
    const group = (
      name: string,
      priority: number,
      type: string,
      port: string,
      before: readonly string[],
    ) => ({
      type: 'ruleCollectionGroups',
      name,
      dependsOn: before.map(
        (one) => `[resourceId('Microsoft.Network/firewallPolicies/ruleCollectionGroups', 'edge', '${one}')]`,
      ),
      properties: {
        priority,
        ruleCollections: [{ name: type, priority: 100, action: { type }, rules: [rule(name, port)] }],
      },
    });
    const text = JSON.stringify({
      $schema: 'x',
      resources: [
        {
          type: 'Microsoft.Network/firewallPolicies',
          name: 'base',
          properties: {},
        },
        {
          type: 'Microsoft.Network/firewallPolicies',
          name: 'edge',
          properties: { basePolicy: { id: "[resourceId('Microsoft.Network/firewallPolicies', 'base')]" } },
          resources: [
            {
              ...group('web', 100, 'Allow', '443', []),
              dependsOn: ["[resourceId('Microsoft.Network/firewallPolicies', 'base')]"],
            },
            group('none', 200, 'Deny', '3389', ['web']),
            group('desktop', 300, 'Allow', '3389', ['none', 'web']),
          ],
        },
      ],
    });
    const found = decides(text, { 'pc1 > cm01 tcp 443': true, 'pc1 > cm01 tcp 3389': false }, { zones });
    assert.equal(found.match(/^ {2}# Azure Firewall/gm)?.length, 1, found);
  });

  it('has rules with conditions, as the first versions of policies had them', () => {
    const condition = (name: string, port: string, more: object = {}) => ({
      name,
      ruleConditionType: 'NetworkRuleCondition',
      ipProtocols: ['TCP'],
      sourceAddresses: ['*'],
      destinationAddresses: ['10.1.0.10'],
      destinationPorts: [port],
      ...more,
    });
    const filter = (name: string, type: string, priority: number, ...ruleConditions: readonly object[]) => ({
      name,
      priority,
      ruleType: 'FirewallPolicyFilterRule',
      action: { type },
      ruleConditions,
    });
    const text = JSON.stringify({
      $schema: 'x',
      resources: [
        {
          type: 'Microsoft.Network/firewallPolicies/ruleGroups',
          name: 'edge/rules',
          properties: {
            priority: 100,
            rules: [
              filter('late', 'Allow', 300, condition('web', '443'), condition('desktop', '3389')),
              filter('early', 'Deny', 200, condition('nobody', '3389', { sourceAddresses: ['10.2.4.9'] })),
              filter('names', 'Allow', 400, {
                name: 'updates',
                ruleConditionType: 'ApplicationRuleCondition',
                sourceAddresses: ['*'],
                protocols: [{ protocolType: 'Https', port: 443 }],
                targetFqdns: ['update.example.com'],
              }),
              {
                name: 'in',
                priority: 100,
                ruleType: 'FirewallPolicyNatRule',
                action: { type: 'Dnat' },
                ruleCondition: condition('nat', '8443', { destinationAddresses: ['203.0.113.9'] }),
                translatedAddress: '10.1.0.11',
                translatedPort: '443',
              },
            ],
          },
        },
      ],
    });
    const found = decides(
      text,
      {
        'pc1 > cm01 tcp 443': true,
        'pc1 > cm01 tcp 3389': false,
        'pc2 > cm01 tcp 3389': true,
        'pc1 > cm02 tcp 443': true,
        'pc1 > cm02 tcp 8443': false,
      },
      { zones },
    );
    assert.match(found, /# Not exact: rule 'in': it translates 203\.0\.113\.9 port 8443/);
    assert.match(found, /# Not written: allow rule 'updates': it is for names of the web/);
  });
});
