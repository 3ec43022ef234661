import assert from 'node:assert/strict';
import { cmtopo, folderWith, removeFolder } from './cli.ts';

const TOPOLOGY = `configmgr: 2025-12
zones:
  hq: { networks: [10.1.0.0/16] }
  dmz: { networks: [10.3.0.0/24] }
  net: { internet: true }
servers:
  dc1: { zone: hq, addresses: 10.1.0.5 }
  web1: { zone: dmz, addresses: 10.3.0.5 }
`;

/** Interfaces whose networks are those of the zones, unless others are given. */
const asa = (
  lines: string,
  networks = ['10.1.0.1 255.255.0.0', '10.3.0.1 255.255.255.0'],
) => `ASA Version 9.16(4)
hostname edge
interface G0
 nameif inside
 security-level 100
 ip address ${networks[0]}
interface G1
 nameif web
 security-level 50
 ip address ${networks[1]}
interface G2
 nameif outside
 security-level 0
 ip address 203.0.113.1 255.255.255.248
${lines}
access-group in in interface inside
access-group out in interface outside
route outside 0.0.0.0 0.0.0.0 203.0.113.6
`;

describe('cmtopo import of a device', () => {
  let folder = '';
  before(() => {
    folder = folderWith({ 'site.topology.yaml': TOPOLOGY });
  });
  after(() => removeFolder(folder));
  const run = (input: string, ...args: readonly string[]) =>
    cmtopo(['import', '-', ...args], { cwd: folder, input });
  const onSite = (input: string, ...args: readonly string[]) =>
    run(input, '--topology', 'site.topology.yaml', ...args);

  it('finds the zones behind its interfaces by their networks and the default route', () => {
    const { status, out, err } = onSite(
      asa(
        'access-list in extended permit tcp any any eq 443\naccess-list out extended permit tcp any host 10.3.0.5 eq 80',
      ),
    );
    assert.equal(status, 0);
    assert.equal(err, '');
    assert.match(out, /\n {2}edge:\n {4}zones: \[hq, dmz, net\]\n/);
    assert.match(out, /- \{ action: allow, from: hq, to: any, tcp: 443 \}/);
    assert.match(out, /- \{ action: allow, from: net, to: web1, tcp: 80 \}/);
  });

  it('asks for the zone behind an interface that only an access list names, as in a part of a configuration', () => {
    const part = `access-list in extended permit tcp any host 10.3.0.5 eq 445
access-list out extended permit tcp any any eq 80
access-group in in interface inside
access-group out out interface web
`;
    const open = onSite(part, '--between', 'hq,dmz');
    assert.equal(open.status, 0);
    assert.match(open.err, /--map inside=ZONE \(inside\)\n/);
    assert.match(open.err, /what comes into the interface 'web': the configuration does not have it/);
    assert.match(open.out, /\n {2}asa:\n {4}zones: \[hq, dmz\]\n {4}rules: \[\]\n/);
    const mapped = onSite(part, '--map', 'inside=hq', '--map', 'web=dmz');
    assert.match(mapped.out, /- \{ action: allow, from: hq, to: web1, tcp: 445 \}/);
    assert.match(mapped.out, /- \{ action: allow, from: any, to: dmz, tcp: 80 \}/);
    // A level that is not told opens nothing.
    const beside = onSite(
      asa('access-list in extended permit tcp any any eq 443\naccess-group x in interface y'),
      '--map',
      'y=dmz',
    );
    assert.doesNotMatch(beside.out, /traffic into web by its level|from: dmz, to: dmz/);
  });

  it('lists each interface that nothing maps with the option to give, and writes what it can, with status 0', () => {
    const source = asa(
      'access-list in extended permit tcp any any eq 443\naccess-list out extended deny ip any any',
      ['192.168.1.1 255.255.255.0', '10.3.0.1 255.255.255.0'],
    );
    const { status, out, err } = onSite(source);
    assert.equal(status, 0);
    assert.match(
      out,
      /# Not written: allow entry of in \(line 15\): it is for 'inside'; say which zone is there with --map inside=ZONE; without it less passes here\.\n/,
    );
    assert.match(err, /\n {2}--map inside=ZONE \(inside\)\n/);
    assert.doesNotMatch(err, /--map (?:web|outside)=/);
    const mapped = onSite(source, '--map', 'inside=hq');
    assert.equal(mapped.err, '');
    assert.match(mapped.out, /- \{ action: allow, from: hq, to: any, tcp: 443 \}/);
  });

  it('keeps groups as groups, with the names of the topology, and a suffix where a name is taken or not allowed', () => {
    const { out } = onSite(
      asa(`object network hq
 host 10.1.0.77
object network the-dc
 host 10.1.0.5
object-group network INNER
 network-object host 10.3.0.9
object-group network OUTER
 group-object INNER
 network-object host 10.3.0.10
 network-object host 10.3.0.5
object-group service WEB tcp
 port-object eq www
 port-object eq https
access-list in extended permit tcp object hq object-group OUTER object-group WEB
access-list in extended permit tcp object the-dc any eq 22
access-list out extended deny ip any any`),
    );
    assert.match(
      out,
      /^addressGroups:\n {2}# 'hq' of the device\n {2}hq-[0-9a-f]{6}: \[10\.1\.0\.77\]\n {2}OUTER: \[INNER, 10\.3\.0\.10, web1\]\n {2}INNER: \[10\.3\.0\.9\]\nportGroups:\n {2}WEB: \{ tcp: \[80, 443\] \}\nfirewalls:/m,
    );
    assert.match(out, /from: hq-[0-9a-f]{6}, to: OUTER, ports: \[WEB\] \}/);
    assert.match(out, /from: dc1, to: any, tcp: 22 \}/);
  });

  it('writes of a group what is behind the interface, and says where nothing of it is', () => {
    const { out, err } = onSite(
      asa(`object-group network MIXED
 network-object host 10.1.0.9
 network-object host 10.3.0.9
access-list in extended permit tcp object-group MIXED any eq 22
access-list in extended permit tcp host 10.3.0.9 any eq 23
access-list out extended deny ip any any`),
    );
    assert.equal(err, '');
    assert.match(out, /from: 10\.1\.0\.9, to: any, tcp: 22 \}/);
    assert.match(
      out,
      /# Note: allow entry of in \(line 19\): it is about none of the addresses behind its interfaces\./,
    );
  });

  it("takes the device's own names for zones without a topology, and says what it cannot know there", () => {
    const { status, out } = run(
      asa(
        'access-list in extended permit tcp host 10.1.0.9 any eq 22\naccess-list out extended deny ip any any',
      ),
    );
    assert.equal(status, 0);
    assert.match(out, /zones: \[inside, web, outside\]/);
    assert.match(
      out,
      /# Not exact: .*its zones and its addresses must both match.*\n {6}- \{ action: allow, from: 10\.1\.0\.9/,
    );
  });

  it('says which public address to add to which server', () => {
    const source = asa(`object network WEB
 host 10.3.0.5
 nat (web,outside) static 203.0.113.3
access-list in extended permit ip any any
access-list out extended permit tcp any object WEB eq 443`);
    assert.match(onSite(source).out, /# Note: .* Add to the server web1: publicAddresses: 203\.0\.113\.3\n/);
  });

  it('writes metadata of remarks, and counts what is inactive', () => {
    const { out } = onSite(
      asa(`access-list in remark Web; ticket: CHG1; owner: Web team; reviewed: 2026-03-31
access-list in extended permit tcp any any eq 443
access-list in extended permit tcp any any eq 444 inactive
access-list out extended permit tcp any any eq 22 time-range nights`),
    );
    assert.match(
      out,
      /description: "Web"\n {8}ticket: "CHG1"\n {8}owner: "Web team"\n {8}reviewed: 2026-03-31\n|description: "Web", ticket: "CHG1", owner: "Web team", reviewed: 2026-03-31/,
    );
    assert.match(out, /# Note: 1 entry of in inactive: left out\./);
    assert.match(
      out,
      /# Not exact: allow entry of out .*the time range 'nights'; written without that limit\.\n/,
    );
  });

  it('writes the rules of PAN-OS for what is behind a translated address', () => {
    const pan = `set network interface ethernet e1 layer3 ip 10.1.0.1/16
set network interface ethernet e2 layer3 ip 10.3.0.1/24
set zone trust network layer3 e1
set zone dmz network layer3 e2
set address PUB ip-netmask 203.0.113.3
set rulebase nat rules in destination PUB
set rulebase nat rules in destination-translation translated-address 10.3.0.5
set rulebase security rules web from trust
set rulebase security rules web to dmz
set rulebase security rules web source any
set rulebase security rules web destination PUB
set rulebase security rules web application web-browsing
set rulebase security rules web service application-default
set rulebase security rules web action allow
set rulebase security rules rpc from trust
set rulebase security rules rpc to dmz
set rulebase security rules rpc destination 10.3.0.5
set rulebase security rules rpc application msrpc
set rulebase security rules rpc service application-default
set rulebase security rules rpc action allow
`;
    const { out } = onSite(pan);
    assert.match(out, /# Note: .*Add to the server web1: publicAddresses: 203\.0\.113\.3\n/);
    assert.match(out, /- \{ action: allow, from: hq, to: web1, tcp: 80, name: "web" \}/);
    assert.match(out, /# Not exact: allow rule 'rpc': .*endpoint mapper.*\n.*tcp: \[135, 49152-65535\]/);
    const known = TOPOLOGY.replace(
      'addresses: 10.3.0.5',
      'addresses: 10.3.0.5, publicAddresses: 203.0.113.3',
    );
    const other = folderWith({ 'known.topology.yaml': known });
    try {
      // Also where the translation is not in the file.
      const bare = pan.replace(/set rulebase nat.*\n/g, '');
      const found = cmtopo(['import', '-', '--topology', 'known.topology.yaml'], { cwd: other, input: bare });
      assert.match(found.out, /from: hq, to: web1, tcp: 80, name: "web"/);
      assert.doesNotMatch(found.out, /Add to the server/);
    } finally {
      removeFolder(other);
    }
  });

  it('gives an entry with hosts for the servers of --host', () => {
    const group = JSON.stringify({
      name: 'nsg-web',
      securityRules: [
        {
          name: 'in',
          properties: {
            direction: 'Inbound',
            access: 'Allow',
            protocol: 'Tcp',
            priority: 100,
            sourceAddressPrefix: '*',
            sourcePortRange: '*',
            destinationAddressPrefix: '*',
            destinationPortRange: '443',
          },
        },
      ],
    });
    const { status, out } = onSite(group, '--host', 'web1,DC1');
    assert.equal(status, 0);
    assert.match(out, /\n {4}hosts: \[web1, dc1\]\n/);
    assert.match(out, /from: any, to: \[web1, dc1\], tcp: 443/);
    assert.match(onSite(group, '--host', 'hq').err, /^cmtopo: --host hq: a zone; a firewall runs on servers/);
    assert.match(onSite(group, '--host', 'web2').err, /did you mean web1\?/);
  });
});
