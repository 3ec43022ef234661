import assert from 'node:assert/strict';
import { isIP, isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { contains, looksLikeAddress, parseAddress, parseNetwork } from './address.ts';

const network = (text: string) => {
  const parsed = parseNetwork(text);
  assert.ok(parsed, text);
  return parsed;
};

describe('addresses and networks', () => {
  it('agree with the runtime on every address that it writes', () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
        assert.equal(parseAddress(text)?.family, isIP(text) || undefined, text);
      }),
    );
  });

  it('agree with the runtime on texts that are nearly addresses', () => {
    const part = fc.oneof(
      fc.constantFrom('', '0', '00', '01', '255', '256', 'ffff', '10000', 'g', '1.2.3.4', ' '),
    );
    const near = fc
      .tuple(fc.array(part, { maxLength: 10 }), fc.constantFrom('.', ':', '::'))
      .map(([parts, joint]) => parts.join(joint));
    fc.assert(
      fc.property(near, (text) => {
        const family = parseAddress(text)?.family;
        assert.equal(family === 4, isIPv4(text), text);
        assert.equal(family === 6, isIPv6(text), text);
      }),
      { numRuns: 2000 },
    );
  });

  it('take a prefix length within the family, written plainly', () => {
    for (const good of ['10.0.0.0/8', '0.0.0.0/0', '10.0.0.1/32', '::/0', '2001:db8::/128', '10.0.0.5/24']) {
      assert.ok(parseNetwork(good), good);
    }
    for (const bad of [
      '10.0.0.0/33',
      '::/129',
      '10.0.0.0/',
      '10.0.0.0/08',
      '10.0.0.0/-1',
      '10.0.0/8',
      '/8',
      '',
    ]) {
      assert.equal(parseNetwork(bad), undefined, bad);
    }
    assert.equal(parseNetwork('10.0.0.1')?.prefix, 32);
    assert.equal(parseNetwork('::1')?.prefix, 128);
  });

  it('tell whether one holds the other, whatever bits are behind the prefix', () => {
    assert.ok(contains(network('10.0.0.5/24'), network('10.0.0.200')));
    assert.ok(contains(network('10.0.0.0/24'), network('10.0.0.0/24')));
    assert.ok(!contains(network('10.0.0.0/24'), network('10.0.0.0/23')));
    assert.ok(!contains(network('10.0.0.0/24'), network('10.0.1.0')));
    assert.ok(!contains(network('::/0'), network('10.0.1.0')));
    assert.ok(contains(network('2001:db8::/32'), network('2001:db8:ffff::1')));
  });

  it('are told from names', () => {
    for (const text of ['10.0.0.1', '10.0.0.0/8', 'fe80::1', '1.2.3', '::'])
      assert.ok(looksLikeAddress(text), text);
    for (const text of ['cm01', '12', 'dc-01.corp', '7a.b']) assert.ok(!looksLikeAddress(text), text);
  });
});
