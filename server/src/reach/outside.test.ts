// What is inside, and which addresses are outside of their zone.
import assert from 'node:assert/strict';
import { parseText } from '../text/parse.ts';
import { parseNetwork } from '../topology/address.ts';
import { readTopology } from '../topology/read.ts';
import { addressesOutsideZone } from './address-outside-zone.ts';
import { insideOf } from './internet.ts';

const topology = readTopology(
  parseText(`configmgr: 2017-09
zones:
  hq: { networks: [10.1.0.0/16, 10.2.0.0/16] }
  net: { internet: true, networks: [203.0.113.0/24] }
sites: { PS1: { type: primary } }
servers:
  second: { site: PS1, zone: hq, addresses: [10.2.0.1] }
  astray: { site: PS1, zone: hq, addresses: [10.1.0.1, 10.3.0.1] }
  mail: { zone: net, addresses: 198.51.100.7 }
clients:
  office: { site: PS1, zone: hq, networks: [192.0.2.0/26] }
  anywhere: { site: PS1, networks: [192.0.2.64/26] }
  both: { site: PS1, zone: [hq, net], networks: [192.0.2.128/26] }
  home: { site: PS1, zone: net, networks: [192.0.2.192/26] }
`),
);

describe('the inside of a file', () => {
  const inside = insideOf(topology);
  const isIn = (address: string) => {
    const network = parseNetwork(`${address}/32`);
    assert.ok(network);
    return inside.some(
      ({ family, low, high }) => family === 4 && low <= network.bits && network.bits <= high,
    );
  };

  it('has the networks of its zones and no others: those of the internet are outside, with their machines', () => {
    assert.deepEqual(['10.1.0.1', '10.2.0.1', '10.3.0.1'].map(isIn), [true, true, true]);
    assert.deepEqual(['203.0.113.9', '198.51.100.7'].map(isIn), [false, false]);
  });

  it('has the networks of a client group, but for one that is on the internet alone', () => {
    assert.deepEqual(['192.0.2.1', '192.0.2.65', '192.0.2.129', '192.0.2.193'].map(isIn), [
      true,
      true,
      true,
      false,
    ]);
  });
});

describe('an address outside of its zone', () => {
  it('is in none of the networks of the zone, be it in one of several', () => {
    const outside = (name: string) => {
      const server = topology.servers.get(name);
      assert.ok(server);
      return addressesOutsideZone(server, topology).map(({ value }) => value);
    };
    assert.deepEqual([outside('second'), outside('astray')], [[], ['10.3.0.1']]);
  });
});
