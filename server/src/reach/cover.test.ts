import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import { readTopology } from '../topology/read.ts';
import { coversEnds } from './cover.ts';

const topology = readTopology(
  parseText(`configmgr: 2509
zones:
  hq: { networks: [10.1.0.0/16, "fd00:1::/64"] }
  far: { networks: [10.2.0.0/16] }
  dmz: {}
  net: { internet: true }
sites: { PS1: { type: primary } }
servers:
  cm01: { site: PS1, zone: hq, addresses: [10.1.0.10] }
  twin: { site: PS1, zone: hq, addresses: [10.1.0.20, "fd00:1::20"] }
  bare: { site: PS1, zone: dmz }
  lost: { site: PS1 }
  shared: { site: PS1, zone: far, addresses: [10.2.0.10] }
  double: { site: PS1, zone: dmz, addresses: [10.2.0.10] }
  half: { site: PS1, zone: dmz, addresses: [192.0.2.9, 10.2.0.10] }
  own: { site: PS1, zone: dmz, addresses: [192.0.2.7, 192.0.2.8] }
  once: { site: PS1, zone: dmz, addresses: [192.0.2.20] }
  moved: { site: PS1, zone: far, addresses: [10.2.0.30, 192.0.2.20] }
  kiosk: { site: PS1, zone: dmz, addresses: [10.9.0.5] }
clients:
  mixed: { site: PS1, zone: [dmz, far], networks: [10.9.0.0/24] }
  pcs: { site: PS1, zone: far, networks: [10.2.4.0/24, 10.2.5.0/24] }
  laptops: { site: PS1, zone: [hq, far], networks: [10.1.8.0/24, 10.2.8.0/24] }
  roaming: { site: PS1, zone: [far, net], networks: [10.2.9.0/24] }
  homeless: { site: PS1 }
`),
);
assert.deepEqual(topology.problems, []);

const span = { start: 0, end: 0 };
const written = (words: string) =>
  words.split(' ').map((value) => ({
    value,
    span,
    node: { kind: 'scalar', style: 'plain', text: value, span } as const,
  }));
const covers = (outer: string, inner: string) => coversEnds(written(outer), written(inner), topology);

describe('an end of a rule covers another', () => {
  it('where each of its addresses is in one of the networks, whichever that is', () => {
    assert.equal(covers('10.9.0.0/16 10.1.0.0/24', 'cm01'), true, 'it is in the second');
    assert.equal(covers('10.1.0.0/25 10.1.0.128/25', '10.1.0.0/24'), true, 'two halves are the whole');
    assert.equal(covers('10.1.0.0/24', 'twin'), false, 'it has an IPv6 address, too');
    assert.equal(covers('10.1.0.20 fd00:1::/64', 'twin'), true);
    assert.equal(covers('10.2.4.0/24', 'pcs'), false, 'it has a second network');
    assert.equal(covers('10.2.4.0/23', 'pcs'), true);
    assert.equal(covers('cm01', '10.1.0.10 10.1.0.11'), false);
  });

  it('where it is the zone of a server, unless a machine elsewhere has the address, too', () => {
    assert.equal(covers('hq', 'cm01'), true);
    assert.equal(covers('dmz', 'bare'), true, 'without an address');
    assert.equal(covers('hq', 'bare'), false);
    assert.equal(covers('dmz', 'double'), false);
    assert.equal(covers('dmz', 'half'), false, 'one of its addresses is enough');
    assert.equal(covers('dmz', 'own'), true);
    assert.equal(covers('dmz', 'once'), false, 'one of the addresses of another machine is enough');
    assert.equal(covers('far', 'double'), true, 'by its network');
    assert.equal(covers('dmz', 'kiosk'), false, 'some of a group are elsewhere');
    assert.equal(covers('dmz far', 'kiosk'), true);
    assert.equal(covers('dmz', 'lost'), false);
  });

  it('where it has the clients of every zone of a group', () => {
    assert.equal(covers('hq far', 'laptops'), true);
    assert.equal(covers('hq', 'laptops'), false);
    assert.equal(covers('10.1.8.0/24 far', 'laptops'), true);
    assert.equal(covers('10.1.8.0/24', 'laptops'), false);
    assert.equal(covers('far', 'roaming'), false, 'nobody knows its addresses on the internet');
    assert.equal(covers('far net', 'roaming'), true);
    assert.equal(covers('hq far dmz net', 'homeless'), false, 'nobody knows where it is');
  });

  it('where it is everyone, and not where a name is unknown', () => {
    assert.equal(covers('any', 'lost'), true);
    assert.equal(covers('hq', 'any'), false);
    assert.equal(covers('any', 'nobody'), false);
    assert.equal(covers('any nobody', 'hq'), false);
  });

  it('as the whole IPv4 internet alone where the other is that: its two halves have no machine of unknown address', () => {
    assert.equal(covers('0.0.0.0/0', '0.0.0.0/0'), true);
    assert.equal(covers('0.0.0.0/1 128.0.0.0/1', '0.0.0.0/0'), false);
    assert.equal(covers('0.0.0.0/1 128.0.0.0/1', '0.0.0.0/1'), true);
    assert.equal(covers('::/1 8000::/1', '::/0'), true, 'of IPv6 it says no more than its addresses');
  });
});
